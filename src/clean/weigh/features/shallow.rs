//! The block by itself: length, sentences, characters, markup, shape, region.

use super::{Row, Scene, log};
use crate::clean::block::{Block, MarkKind, Region, Shape};

const REGIONS: [(&str, u32); 23] = [
    ("nav", Region::NAV),
    ("header", Region::HEADER),
    ("footer", Region::FOOTER),
    ("aside", Region::ASIDE),
    ("form", Region::FORM),
    ("main", Region::MAIN),
    ("article", Region::ARTICLE),
    ("comments", Region::COMMENTS),
    ("related", Region::RELATED),
    ("share", Region::SHARE),
    ("consent", Region::CONSENT),
    ("ad", Region::AD),
    ("body", Region::BODY_CLASS),
    ("meta", Region::META),
    ("widget", Region::WIDGET),
    ("modal", Region::MODAL),
    ("promo", Region::PROMO),
    ("button", Region::BUTTON),
    ("pager", Region::PAGER),
    ("tags", Region::TAGS),
    ("breadcrumb", Region::BREADCRUMB),
    ("login", Region::LOGIN),
    ("hidden", Region::HIDDEN),
];

/// How many levels up count as near.
const NEAR: usize = 3;

pub fn write(scene: &Scene<'_>, at: usize, row: &mut impl Row) {
    let b = &scene.blocks[at];
    row.add("words", b.words as f32);
    row.add("chars", log(b.chars as f32));
    row.add("word length", b.chars as f32 / b.words.max(1) as f32);
    row.add("sentences", b.sentences as f32);
    row.add("words per sentence", b.words as f32 / (b.sentences.max(1)) as f32);
    row.flag("ends sentence", b.ends_sentence);
    row.add("link density", b.link_density);
    row.add("digits", b.digits);
    write_characters(b, &scene.characters[at], row);
    let marked = |kind: MarkKind| -> f32 {
        let bytes: usize = b.place.marks.iter().filter(|m| m.kind == kind).map(|m| m.range.len()).sum();
        bytes as f32 / b.text.len().max(1) as f32
    };
    row.add("bold", marked(MarkKind::Strong).min(1.0));
    row.add("italic", marked(MarkKind::Emphasis).min(1.0));
    row.add("heading level", if let Shape::Heading(level) = b.shape { f32::from(7 - level) } else { 0.0 });
    for (name, shape) in [
        ("is item", Shape::ListItem),
        ("is quote", Shape::Quote),
        ("is code", Shape::Code),
        ("is cell", Shape::Cell),
        ("is caption", Shape::Caption),
        ("is definition", Shape::Definition),
    ] {
        row.flag(name, b.shape == shape);
    }
    row.flag("bullet", b.bullet);
    row.add("list depth", b.place.list_depth as f32);
    row.flag("in table", b.place.cell.is_some());
    row.flag("blank before", b.place.blank_before);
    let mut near = 0;
    if let Some(tree) = scene.tree {
        for id in tree.ancestors(b.place.element).take(NEAR) {
            near |= scene.regions.get(id).copied().unwrap_or(0);
        }
    }
    for (name, bit) in REGIONS {
        // 2: marked near the block; 1: marked further up.
        let value =
            if near & bit != 0 && b.region.has(bit) { 2.0 } else { f32::from(u8::from(b.region.has(bit))) };
        row.put(|| format!("region {name}"), value);
    }
}

/// What the characters of a block are; both passes ask for it.
#[derive(Debug, Clone, Copy)]
pub struct Characters {
    capitals: f32,
    capitalised_words: f32,
    commas: f32,
    symbols: f32,
    separators: f32,
    lines: f32,
    has_currency: bool,
}

pub fn characters(b: &Block) -> Characters {
    let (mut upper, mut letters, mut commas, mut symbols, mut separators, mut title_case) =
        (0, 0, 0, 0, 0, 0);
    let mut word_start = true;
    for c in b.text.chars().take(2_000) {
        let is_letter = c.is_alphabetic();
        let is_space = c.is_whitespace();
        if is_letter {
            let is_upper = c.is_uppercase();
            letters += 1;
            upper += usize::from(is_upper);
            title_case += usize::from(word_start && is_upper);
        }
        word_start = is_space;
        commas += usize::from(matches!(c, ',' | '，' | '、' | '،' | ';' | '；'));
        separators +=
            usize::from(matches!(c, '|' | '/' | '»' | '›' | '>' | '·' | '•' | '→' | '«' | '←' | '\\'));
        symbols += usize::from(!is_letter && !is_space && !c.is_numeric());
    }
    let chars = b.chars.clamp(1, 2_000) as f32;
    Characters {
        capitals: upper as f32 / letters.max(1) as f32,
        capitalised_words: title_case as f32 / b.words.max(1) as f32,
        commas: commas as f32,
        symbols: symbols as f32 / chars,
        separators: separators as f32,
        lines: b.text.bytes().filter(|&c| c == b'\n').count() as f32,
        has_currency: b.text.contains(['$', '€', '£', '¥', '₽', '₹']),
    }
}

fn write_characters(b: &Block, c: &Characters, row: &mut impl Row) {
    row.add("capitals", c.capitals);
    row.add("capitalised words", c.capitalised_words);
    row.add("commas", c.commas);
    row.add("symbols", c.symbols);
    row.add("separators", c.separators);
    let last = b.text.chars().next_back().unwrap_or(' ');
    row.flag("ends with colon", matches!(last, ':' | '：'));
    row.flag("ends with question", matches!(last, '?' | '？' | '؟'));
    row.flag("ends with ellipsis", last == '…' || b.text.ends_with("..."));
    row.flag("starts lower", b.text.chars().next().is_some_and(char::is_lowercase));
    row.add("lines", c.lines);
    row.flag("has currency", c.has_currency);
}
