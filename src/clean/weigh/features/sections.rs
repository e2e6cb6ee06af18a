//! What the headings and labels above a block say: which section it stands in, and how much of the page
//! lies between the title and it.

use super::{Row, Scene, evidence, is_heading, log};
use crate::clean::block::{Block, Region, Shape};

/// Headings further up say nothing of a block.
const FAR: usize = 200;

/// Regions that follow the main part.
const CLOSING: u32 = Region::COMMENTS
    | Region::RELATED
    | Region::SHARE
    | Region::TAGS
    | Region::PAGER
    | Region::PROMO
    | Region::FOOTER;

/// What is known of the sections above each block.
#[derive(Default)]
pub struct Sections {
    rows: Vec<Above>,
}

/// What stands above one block.
#[derive(Debug, Clone, Copy, Default)]
struct Above {
    /// The nearest heading: its level, words, classes and rules.
    level: f32,
    words: f32,
    classes: f32,
    rules: f32,
    /// Over the nearest heading and those of a higher level above it.
    chain: f32,
    chain_words: f32,
    chain_classes: f32,
    chain_rules: f32,
    /// The likeliest furniture among the headings since the title.
    worst: f32,
    since_worst: f32,
    /// The likeliest furniture among the short unlinked blocks since the last prose.
    label: f32,
    /// Headings of the title's level or above since the title.
    peers: f32,
    /// Blocks in furniture regions since the title, and named by a rule.
    closing: f32,
    named: f32,
}

impl Sections {
    /// `title`: the block that says the page's title. Needs the scene's tokens.
    pub fn new(scene: &Scene<'_>, title: Option<usize>) -> Self {
        let level = |b: &Block| if let Shape::Heading(l) = b.shape { l } else { 0 };
        let title_level = title.map_or(1, |t| level(&scene.blocks[t]).max(1));
        let mut stack: Vec<(u8, usize)> = Vec::new();
        let mut rows = Vec::with_capacity(scene.blocks.len());
        let mut worst = (0.0f32, 0usize);
        let mut label = 0.0f32;
        let (mut peers, mut closing, mut named) = (0.0, 0.0, 0.0);
        for (at, block) in scene.blocks.iter().enumerate() {
            let rules = evidence::strongest(scene, at);
            let words = scene.tokens.words_of(at);
            if title == Some(at) {
                (worst, label, peers, closing, named) = ((0.0, at), 0.0, 0.0, 0.0, 0.0);
                stack.clear();
            }
            let mut above = Above {
                worst: worst.0,
                since_worst: if worst.0 < 0.0 { log((at - worst.1) as f32) } else { 6.0 },
                label,
                peers,
                closing: log(closing),
                named: log(named),
                ..Above::default()
            };
            stack.retain(|&(_, heading)| at - heading <= FAR);
            if let Some(&(l, heading)) = stack.last() {
                above.level = f32::from(l);
                above.words = scene.tokens.words_of(heading);
                above.classes = scene.tokens.classes_of(heading);
                above.rules = evidence::strongest(scene, heading);
                above.chain = stack.len() as f32;
                for &(_, h) in stack.iter().filter(|&&(_, h)| title != Some(h)) {
                    above.chain_words = above.chain_words.min(scene.tokens.words_of(h));
                    above.chain_classes = above.chain_classes.min(scene.tokens.classes_of(h));
                    above.chain_rules = above.chain_rules.max(evidence::strongest(scene, h));
                }
            }
            rows.push(above);
            closing += f32::from(u8::from(block.region.has(CLOSING)));
            named += f32::from(u8::from(rules >= 0.5));
            let short = block.words <= 8 && !block.ends_sentence && block.link_density < 0.5;
            if is_heading(block) && title != Some(at) {
                let l = level(block);
                peers += f32::from(u8::from(l <= title_level));
                stack.retain(|&(upper, _)| upper < l);
                stack.push((l, at));
                if words < worst.0 {
                    worst = (words, at);
                }
            }
            if short {
                label = label.min(words);
            } else if scene.prose[at] > 0.0 {
                label = 0.0;
            }
        }
        Self { rows }
    }
}

pub fn write(scene: &Scene<'_>, at: usize, row: &mut impl Row) {
    let above = scene.sections.rows.get(at).copied().unwrap_or_default();
    row.add("heading above words", above.words);
    row.add("heading above classes", above.classes);
    row.add("heading above rules", above.rules);
    row.add("heading above level", above.level);
    row.add("headings above", above.chain);
    row.add("headings above words", above.chain_words);
    row.add("headings above classes", above.chain_classes);
    row.add("headings above rules", above.chain_rules);
    row.add("worst heading since title", above.worst);
    row.add("since worst heading", above.since_worst);
    row.add("worst label since prose", above.label);
    row.add("title level headings since title", above.peers);
    row.add("closing regions since title", above.closing);
    row.add("named blocks since title", above.named);
    let prose = &scene.sums.prose;
    let all = prose.total().max(1.0);
    let title = scene.place.title().unwrap_or(0);
    row.add(
        "prose since title",
        if at >= title { (prose.first(at) - prose.first(title)) / all } else { -1.0 },
    );
}
