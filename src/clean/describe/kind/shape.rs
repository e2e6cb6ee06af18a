//! What a page is made of, in numbers: lengths, shares and counts over its blocks and elements. Reads no
//! word and no name.

use super::signs::is_price;
use crate::clean::block::{Block, Region, Shape};
use crate::clean::fold::is_unspaced;
use crate::clean::parse::{Tag, Tree};
use crate::clean::weigh::features::Row;

/// Elements that are counted.
const TAGS: [(&str, Tag); 26] = [
    ("article", Tag::Article),
    ("section", Tag::Section),
    ("button", Tag::Button),
    ("form", Tag::Form),
    ("input", Tag::Input),
    ("select", Tag::Select),
    ("option", Tag::Option),
    ("textarea", Tag::Textarea),
    ("table", Tag::Table),
    ("row", Tag::Tr),
    ("image", Tag::Img),
    ("figure", Tag::Figure),
    ("svg", Tag::Svg),
    ("iframe", Tag::Iframe),
    ("video", Tag::Video),
    ("time", Tag::Time),
    ("paragraph", Tag::P),
    ("pre", Tag::Pre),
    ("code", Tag::Code),
    ("item", Tag::Li),
    ("term", Tag::Dt),
    ("quote", Tag::Blockquote),
    ("heading 1", Tag::H1),
    ("heading 2", Tag::H2),
    ("heading 3", Tag::H3),
    ("link", Tag::A),
];

/// Regions that are no part of what the page is about.
const AROUND: u32 = Region::NAV
    | Region::FOOTER
    | Region::HEADER
    | Region::CONSENT
    | Region::MODAL
    | Region::BREADCRUMB
    | Region::HIDDEN;

/// Logarithm that maps 0 to 0.
pub fn log(x: f32) -> f32 {
    (1.0 + x.max(0.0)).ln()
}

/// Is it a run of sentences?
pub fn is_prose(block: &Block) -> bool {
    block.words >= 20 && block.link_density < 0.3 && block.sentences > 0
}

/// Words of blocks of one sort.
#[derive(Default)]
struct Mass {
    blocks: f32,
    words: f32,
    linked: f32,
}

impl Mass {
    fn add(&mut self, block: &Block) {
        self.blocks += 1.0;
        self.words += block.words as f32;
        self.linked += block.words as f32 * block.link_density;
    }
}

/// Is a block of a sort?
type Fits<'a> = &'a dyn Fn(&Block) -> bool;

pub fn write(tree: Option<&Tree>, blocks: &[Block], row: &mut impl Row) {
    elements(tree, row);
    let count = blocks.len().max(1) as f32;
    let mut all = Mass::default();
    blocks.iter().for_each(|b| all.add(b));
    let words = all.words.max(1.0);
    row.add("blocks", log(all.blocks));
    row.add("words", log(all.words));
    row.add("mean words", all.words / count);
    row.add("linked", all.linked / words);
    let sorts: [(&'static str, Fits<'_>); 22] = [
        ("inside", &|b| !b.region.has(AROUND)),
        ("main", &|b| b.region.has(Region::MAIN)),
        ("in article", &|b| b.region.has(Region::ARTICLE)),
        ("body class", &|b| b.region.has(Region::BODY_CLASS)),
        ("navigation", &|b| b.region.has(Region::NAV)),
        ("aside", &|b| b.region.has(Region::ASIDE)),
        ("footer", &|b| b.region.has(Region::FOOTER)),
        ("comments", &|b| b.region.has(Region::COMMENTS)),
        ("related", &|b| b.region.has(Region::RELATED)),
        ("in form", &|b| b.region.has(Region::FORM)),
        ("hidden", &|b| b.region.has(Region::HIDDEN)),
        ("meta", &|b| b.region.has(Region::META)),
        ("pager", &|b| b.region.has(Region::PAGER)),
        ("prose", &is_prose),
        ("short prose", &|b| (8..20).contains(&b.words) && b.link_density < 0.3 && b.sentences > 0),
        ("labels", &|b| b.words <= 3 && b.link_density < 0.3),
        ("teasers", &|b| b.link_density > 0.7 && (4..=30).contains(&b.words)),
        ("names", &|b| b.link_density > 0.7 && b.words < 4),
        ("linked headings", &|b| is_heading(b) && b.link_density > 0.7),
        ("headings", &|b| is_heading(b) && b.link_density <= 0.7),
        ("prices", &|b| b.words <= 8 && is_price(&b.text)),
        ("numbers", &|b| b.words <= 8 && b.digits > 0.2),
    ];
    for (name, fits) in sorts {
        let mut mass = Mass::default();
        blocks.iter().filter(|b| fits(b)).for_each(|b| mass.add(b));
        row.put(|| format!("{name} count"), log(mass.blocks));
        row.put(|| format!("{name} share"), mass.words / words);
        row.put(|| format!("{name} linked"), mass.linked / mass.words.max(1.0));
    }
    flow(blocks, row);
}

fn elements(tree: Option<&Tree>, row: &mut impl Row) {
    let mut counts = [0usize; TAGS.len()];
    let mut all = 0;
    for tag in tree.iter().flat_map(|t| (0..t.len()).filter_map(|id| t.tag(id))) {
        all += 1;
        if let Some(n) = TAGS.iter().position(|(_, t)| *t == tag) {
            counts[n] += 1;
        }
    }
    row.add("elements", log(all as f32));
    for ((name, _), n) in TAGS.iter().zip(counts) {
        row.put(|| format!("<{name}>"), log(n as f32));
    }
}

/// How the text runs: its longest stretch of prose, what stands between two headings, how it is written.
fn flow(blocks: &[Block], row: &mut impl Row) {
    let inside: Vec<&Block> = blocks.iter().filter(|b| b.words > 0 && !b.region.has(AROUND)).collect();
    let words: f32 = inside.iter().map(|b| b.words as f32).sum::<f32>().max(1.0);
    // Up to two other blocks, such as a caption or a heading, do not end a run.
    let (mut run, mut gap, mut longest, mut runs) = (0.0f32, 3, 0.0f32, 0.0f32);
    let (mut section, mut sections, mut short_sections) = (0usize, 0.0f32, 0.0f32);
    for block in &inside {
        if is_prose(block) {
            if gap > 2 {
                run = 0.0;
                runs += 1.0;
            }
            run += block.words as f32;
            gap = 0;
            longest = longest.max(run);
        } else {
            gap += 1;
        }
        if is_heading(block) {
            sections += 1.0;
            short_sections += f32::from(u8::from((1..=60).contains(&section)));
            section = 0;
        } else {
            section += block.words;
        }
    }
    row.add("longest run", log(longest));
    row.add("longest run share", longest / words);
    row.add("runs", log(runs));
    row.add("sections", log(sections));
    row.add("short sections", short_sections / sections.max(1.0));
    row.add("words a section", log(words / (1.0 + sections)));
    let mut lengths: Vec<usize> = inside.iter().map(|b| b.words).collect();
    lengths.sort_unstable();
    for (name, of) in [("median block", 50), ("long block", 90), ("longest block", 100)] {
        let at = (lengths.len() * of / 100).min(lengths.len().saturating_sub(1));
        row.add(name, log(lengths.get(at).copied().unwrap_or(0) as f32));
    }
    let prose = || inside.iter().filter(|b| is_prose(b));
    let written: f32 = prose().map(|b| b.chars as f32).sum::<f32>().max(1.0);
    let mut signs = [0usize; 6];
    for c in prose().flat_map(|b| b.text.chars().take(1_000)) {
        let sort = match c {
            'a'..='z' | ' ' => continue,
            '?' | '？' | '؟' => 0,
            '!' | '！' => 1,
            '"' | '“' | '”' | '«' | '»' | '„' | '「' | '」' => 2,
            '{' | '}' | '<' | '>' | '=' | '_' | '`' | '/' | '$' | ';' => 4,
            c if is_unspaced(c) => {
                // Chinese numerals are both.
                signs[3] += usize::from(c.is_numeric());
                5
            }
            c if c.is_numeric() => 3,
            _ => continue,
        };
        signs[sort] += 1;
    }
    let [questions, exclamations, quotation, digits, code, unspaced] =
        signs.map(|count| count as f32 / written * 100.0);
    row.add("questions", questions);
    row.add("exclamations", exclamations);
    row.add("quotation", quotation);
    row.add("digits", digits);
    row.add("code marks", code);
    row.add("unspaced", f32::from(u8::from(unspaced > 20.0)));
    row.add("words a sentence", {
        let sentences: usize = prose().map(|b| b.sentences).sum();
        prose().map(|b| b.words).sum::<usize>() as f32 / sentences.max(1) as f32
    });
    let first = inside.iter().position(|b| is_prose(b)).unwrap_or(inside.len());
    row.add("first prose", log(first as f32));
    row.add("first prose share", first as f32 / inside.len().max(1) as f32);
}

fn is_heading(block: &Block) -> bool {
    matches!(block.shape, Shape::Heading(_))
}
