//! The title of a text file: the heading-like line that the text below, the page's address or a breadcrumb answers to.

use super::tidy::key;
use super::title::{LONGEST, PROSE, cut, sourced};
use super::{NamedSite, Page, Sourced, calendar};
use crate::clean::block::{Block, Shape};
use crate::clean::fold::is_unspaced;
use crate::clean::weigh::rules::RULES;
use std::collections::HashSet;
use std::sync::LazyLock;

/// How far below the first running text a line that the address confirms may stand, in blocks.
const FAR: usize = 40;

/// How far above the first running text the title may stand, in blocks.
const REACH: usize = 60;

/// A title is given unless that there is none is so much likelier (e to the power of this).
const DOUBT: f32 = 2.0;

/// How many lines of a breadcrumb are looked at.
const TRAIL: usize = 4;

/// What is measured of a line, in the order of a row.
pub const MEASURES: [&str; 34] = [
    "answered",
    "against",
    "repeated",
    "after trail",
    "distance",
    "beyond",
    "address",
    "whole address",
    "first",
    "one word",
    "two or three words",
    "four to twenty",
    "excess words",
    "kept",
    "blank before",
    "item",
    "ends sentence",
    "question",
    "separator",
    "colon",
    "keywords",
    "dated below",
    "byline below",
    "prose below",
    "item before",
    "item below",
    "short before",
    "short below",
    "digits",
    "capitals",
    "heading mark",
    "rare",
    "first kept",
    "top",
];

/// A line that may be the title: its block and its measures.
pub type Line = (usize, [f32; MEASURES.len()]);

/// Every line that may be the title.
pub(super) fn lines(page: &Page<'_>, site: &NamedSite) -> Vec<Line> {
    let blocks = page.blocks;
    let prose = |at: usize| {
        let b: &Block = &blocks[at];
        b.words >= 30 || (b.words >= PROSE && b.sentences > 0 && b.ends_sentence)
    };
    let is_kept = |at: usize| page.kept.get(at).copied().unwrap_or(false);
    let first_kept = (0..blocks.len()).find(|&at| is_kept(at));
    let body = (0..blocks.len())
        .find(|&at| is_kept(at) && prose(at))
        .or_else(|| (0..blocks.len()).find(|&at| prose(at)))
        .unwrap_or(blocks.len());
    let below: HashSet<String> =
        blocks.iter().skip(body).take(12).flat_map(|b| content_words(&b.folded)).collect();
    let from = body.saturating_sub(REACH);
    let to = (body + FAR).min(blocks.len());
    let keys: Vec<String> = blocks[from..to]
        .iter()
        .map(|b| if b.words <= 2 * LONGEST { key(&b.text) } else { String::new() })
        .collect();
    let slug = Slug::of(page);
    let byline = RULES.iter().position(|r| r.name == "byline");
    let mut out = Vec::new();
    for at in from..to {
        let block = &blocks[at];
        if !is_title_like(block, at == 0) || site.is(&block.text) || is_weather(block) {
            continue;
        }
        let (addressed, whole) = (slug.share(&block.folded), slug.is(&block.folded));
        let name = &keys[at - from];
        let long = name.chars().count() >= 12;
        let near = from..(body + 3).min(to);
        let repeated = long && near.into_iter().any(|o| o != at && keys[o - from].ends_with(name.as_str()));
        let trailed =
            (at.saturating_sub(TRAIL)..at).any(|o| is_item(&blocks[o]) && item_key(&blocks[o].text) == *name);
        let against = page.evidence.get(at).map_or(0.0, |e| e.iter().map(|&(_, s)| s).fold(0.0, f32::max));
        let words: Vec<String> = content_words(&block.folded).collect();
        let answered = words.iter().filter(|w| below.contains(*w)).count() as f32 / words.len().max(3) as f32;
        let listed = block.text.matches([',', '،', '、', '，']).count();
        let around = |n: usize| blocks.get(n);
        let after = |reach: usize| blocks.iter().skip(at + 1).take(reach);
        let dated =
            after(4).any(|b| b.words <= 12 && calendar::find(&b.text, calendar::Order::DayFirst).is_some());
        let signed = (at + 1..(at + 5).min(blocks.len())).any(|n| {
            page.evidence.get(n).is_some_and(|e| e.iter().any(|&(r, s)| Some(r) == byline && s >= 0.5))
        });
        let short = |b: &Block| b.words <= 4 && !b.ends_sentence;
        let before = at.checked_sub(1).and_then(around);
        let capitals = {
            let words: Vec<&str> = block.text.split_whitespace().collect();
            words.iter().filter(|w| w.starts_with(char::is_uppercase)).count() as f32
                / words.len().max(1) as f32
        };
        let rare = keys.iter().filter(|k| *k == name).count();
        let yes = |b: bool| f32::from(u8::from(b));
        let row = [
            answered,
            against,
            yes(repeated),
            yes(trailed),
            body.abs_diff(at) as f32 / 10.0,
            yes(at > body),
            addressed,
            yes(whole),
            yes(at == 0),
            yes(block.words == 1),
            yes((2..=3).contains(&block.words)),
            yes((4..=20).contains(&block.words)),
            block.words.saturating_sub(20) as f32 / 10.0,
            yes(is_kept(at)),
            yes(block.place.blank_before),
            yes(is_item(block)),
            yes(block.ends_sentence && !block.text.ends_with(['?', '!', '？', '！', '"', '”', '»'])),
            yes(block.text.ends_with(['?', '？'])),
            yes(block.text.contains(['>', '|', '›', '»'])),
            yes(block.text.ends_with(':')),
            yes(listed >= 2 && block.words <= listed * 3 + 1),
            yes(dated),
            yes(signed),
            yes(after(3).any(|b| b.words >= PROSE)),
            yes(before.is_some_and(is_item)),
            yes(around(at + 1).is_some_and(is_item)),
            yes(before.is_some_and(short)),
            yes(around(at + 1).is_some_and(short)),
            block.digits,
            capitals,
            yes(matches!(block.shape, Shape::Heading(_))),
            1.0 / rare.max(1) as f32,
            yes(first_kept == Some(at)),
            1.0 / (1.0 + at as f32),
        ];
        out.push((at, row));
    }
    out
}

/// Each measure's weight and, last, what a file without a title weighs; learned by `tamis-train --sets titles`.
static WEIGHTS: LazyLock<Vec<f32>> =
    LazyLock::new(|| read(include_str!("words/title_line.tsv")).unwrap_or_default());

/// Reads a table of weights: a measure and its weight a line, in the order of [`MEASURES`], and `none`.
pub fn read(table: &str) -> Result<Vec<f32>, String> {
    let rows: Vec<&str> = table.lines().filter(|l| !l.starts_with('#') && !l.is_empty()).collect();
    let names: Vec<&str> = MEASURES.into_iter().chain(["none"]).collect();
    if rows.len() != names.len() {
        return Err(format!("{} weights for {} measures; train them again", rows.len(), names.len()));
    }
    let weight = |(row, name): (&&str, &str)| {
        let weight = row.split_once('\t').filter(|(n, _)| *n == name).and_then(|(_, w)| w.parse().ok());
        weight.ok_or(format!("{row:?} is not the weight of {name:?}; train them again"))
    };
    rows.iter().zip(names).map(weight).collect()
}

/// The title line of a text file.
pub(super) fn find(page: &Page<'_>, site: &NamedSite) -> Option<Sourced> {
    let none = *WEIGHTS.last()?;
    let score = |row: &[f32]| row.iter().zip(WEIGHTS.iter()).map(|(m, w)| m * w).sum::<f32>();
    let scored = lines(page, site).into_iter().map(|(at, row)| (score(&row), at));
    // Of equals, the first: what follows a title is its summary.
    let (best, at) = scored.reduce(|a, b| if b.0 > a.0 { b } else { a })?;
    let title = cut(page.blocks[at].text.trim_start_matches('#').trim(), site);
    (best >= none - DOUBT).then(|| sourced(&title, "first heading line")).flatten()
}

/// Does a line give degrees twice, as a strip with today's weather does?
fn is_weather(block: &Block) -> bool {
    block.digits > 0.0 && block.text.matches(['°', 'º', '℃', '℉']).count() >= 2
}

/// Is it an item of a list, bulleted or numbered?
fn is_item(block: &Block) -> bool {
    let digits = block.text.bytes().take_while(u8::is_ascii_digit).count();
    let numbered = (1..=2).contains(&digits) && block.text[digits..].starts_with(". ");
    numbered || block.bullet || block.text.starts_with(['•', '*', '-', '·', '▪', '/', '>', '›'])
}

/// What an item says, after its bullet or number.
fn item_key(text: &str) -> String {
    key(text.trim_start_matches(|c: char| c.is_ascii_digit() || !c.is_alphanumeric()))
}

/// The words of the page's address, where it is made of its title; and those of its last part.
struct Slug(HashSet<String>, HashSet<String>);

impl Slug {
    fn of(page: &Page<'_>) -> Self {
        let words = |part: &str| {
            part.split(['-', '_', '.', '+'])
                .filter(|w| w.len() >= 2)
                .map(str::to_lowercase)
                .collect::<HashSet<_>>()
        };
        let segments = || page.url.and_then(url::Url::path_segments).into_iter().flatten();
        let longest = segments().map(words).max_by_key(HashSet::len).unwrap_or_default();
        let mut last = segments().rfind(|s| !s.is_empty()).map(words).unwrap_or_default();
        last.retain(|w| !matches!(w.as_str(), "html" | "htm" | "php" | "aspx" | "asp"));
        Self(if longest.len() >= 3 { longest } else { HashSet::new() }, last)
    }

    /// Is a line the last part of the address, word for word?
    fn is(&self, folded: &str) -> bool {
        let own: HashSet<&str> = folded.split(' ').filter(|w| w.len() >= 2).collect();
        !own.is_empty() && own.len() == self.1.len() && own.iter().all(|w| self.1.contains(*w))
    }

    /// How much of the address and of a line is in both, 0 to 1.
    fn share(&self, folded: &str) -> f32 {
        if self.0.is_empty() {
            return 0.0;
        }
        let own: HashSet<&str> = folded.split(' ').filter(|w| w.len() >= 2).collect();
        let both = own.iter().filter(|w| self.0.contains(**w)).count() as f32;
        both / own.len().max(self.0.len()) as f32
    }
}

/// `first`: the first line may be long.
fn is_title_like(block: &Block, first: bool) -> bool {
    let short = if first { block.words <= LONGEST } else { block.words <= 35 };
    let stop = block.text.ends_with(['.', '。', ';', ',']) && !block.text.ends_with("...");
    let dated = calendar::find(&block.text, calendar::Order::DayFirst)
        .is_some_and(|f| f.range.len() * 3 > block.text.len());
    short
        && block.words >= 1
        && block.chars >= 3
        && block.sentences <= 2
        && !stop
        && !dated
        && !block.text.contains("://")
        && block.digits < 0.4
}

/// Words that carry meaning: of four letters or more; pairs of characters where words are not spaced.
fn content_words(folded: &str) -> impl Iterator<Item = String> {
    folded.split(' ').flat_map(|word| {
        let chars: Vec<char> = word.chars().collect();
        if chars.first().copied().is_some_and(is_unspaced) {
            chars.windows(2).map(|w| w.iter().collect()).collect::<Vec<String>>()
        } else if chars.len() >= 4 {
            vec![word.to_owned()]
        } else {
            Vec::new()
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{MEASURES, WEIGHTS, read};

    #[test]
    fn every_measure_has_its_weight() {
        assert_eq!(read(include_str!("words/title_line.tsv")).map(|w| w.len()), Ok(MEASURES.len() + 1));
        assert!(WEIGHTS.iter().all(|w| w.is_finite()));
        assert!(read("answered\t1.0").is_err_and(|e| e.contains("train")));
    }
}
