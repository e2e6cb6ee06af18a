//! The title of a text file: the heading-like line that the text below, the page's address or a breadcrumb answers to.

use super::tidy::key;
use super::title::{LONGEST, PROSE, cut, sourced};
use super::{NamedSite, Page, Sourced, calendar};
use crate::clean::block::{Block, is_unspaced};
use std::collections::HashSet;

/// How far below the first running text a line that the address confirms may stand, in blocks.
const FAR: usize = 40;

/// How many lines of a breadcrumb are looked at.
const TRAIL: usize = 4;

/// The title line of a text file.
pub(super) fn find(page: &Page<'_>, site: &NamedSite) -> Option<Sourced> {
    let blocks = page.blocks;
    let prose = |at: usize| {
        let b: &Block = &blocks[at];
        b.words >= 30 || (b.words >= PROSE && b.sentences > 0 && b.ends_sentence)
    };
    let is_kept = |at: usize| page.kept.get(at).copied().unwrap_or(false);
    let body = (0..blocks.len())
        .find(|&at| is_kept(at) && prose(at))
        .or_else(|| (0..blocks.len()).find(|&at| prose(at)));
    let body = body.unwrap_or(blocks.len());
    let below: HashSet<String> =
        blocks.iter().skip(body).take(12).flat_map(|b| content_words(&b.folded)).collect();
    let from = body.saturating_sub(40);
    let slug = Slug::of(page);
    let mut best: Option<(f32, usize)> = None;
    for at in from..(body + FAR).min(blocks.len()) {
        let block = &blocks[at];
        let (addressed, whole) = (slug.share(&block.folded), slug.is(&block.folded));
        // Below what may be a notice, only the address tells a title from the headings of the text.
        if at > body && !(addressed >= 0.6 || whole) {
            continue;
        }
        let name = key(&block.text);
        let trailed = (at.saturating_sub(TRAIL)..at).any(|o| is_item(&blocks[o]) && item_key(&blocks[o].text) == name);
        let single = at == 0 || whole || trailed;
        if !is_title_like(block, at == 0, single) || site.is(&block.text) {
            continue;
        }
        let against = page.evidence.get(at).map_or(0.0, |e| e.iter().map(|&(_, s)| s).fold(0.0, f32::max));
        let words: Vec<String> = content_words(&block.folded).collect();
        let answered = words.iter().filter(|w| below.contains(*w)).count() as f32 / words.len().max(3) as f32;
        let repeated = name.chars().count() >= 12
            && (from..(body + 3).min(blocks.len()))
                .any(|o| o != at && blocks[o].words <= 2 * LONGEST && key(&blocks[o].text).ends_with(&name));
        let distance = body.abs_diff(at) as f32;
        let listed = block.text.matches([',', '،', '、', '，']).count();
        let mut score = answered * 2.0 - against * if repeated { 0.5 } else { 1.5 } - distance * 0.03;
        // A row of keywords is answered too.
        score -= if listed >= 2 && block.words <= listed * 3 + 1 { 0.9 } else { 0.0 };
        score += if whole { 2.5 } else { 3.0 * addressed };
        score += if repeated || trailed { 1.8 } else { 0.0 };
        score += if at == 0 { 0.6 } else { 0.0 };
        score += if (4..=25).contains(&block.words) { 0.5 } else { 0.0 };
        score += if is_kept(at) { 0.4 } else { 0.0 };
        score += if block.place.blank_before { 0.1 } else { 0.0 };
        score -= if block.words > 20 { 0.03 * (block.words - 20) as f32 } else { 0.0 };
        score -= if is_item(block) { 0.8 } else { 0.0 };
        score -= if block.ends_sentence && !block.text.ends_with(['?', '!', '？', '！', '"', '”', '»']) {
            0.3
        } else {
            0.0
        };
        score -= if block.text.contains(['>', '|', '›']) { 0.3 } else { 0.0 };
        score -= if block.text.ends_with(':') { 0.5 } else { 0.0 };
        // Of equals, the first: what follows a title is its summary.
        if best.is_none_or(|(s, _)| score > s + 0.05) {
            best = Some((score, at));
        }
    }
    let (score, at) = best?;
    let title = cut(blocks[at].text.trim_start_matches('#').trim(), site);
    (score > 0.4 || blocks.len() <= 3).then(|| sourced(&title, "first heading line")).flatten()
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
        let mut last = segments().filter(|s| !s.is_empty()).next_back().map(words).unwrap_or_default();
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

/// `first`: the first line may be long. `single`: it may be one word.
fn is_title_like(block: &Block, first: bool, single: bool) -> bool {
    let short = if first { block.words <= LONGEST } else { block.words <= 35 };
    let stop = block.text.ends_with(['.', '。', ';', ',']) && !block.text.ends_with("...");
    let dated = calendar::find(&block.text, calendar::Order::DayFirst)
        .is_some_and(|f| f.range.len() * 3 > block.text.len());
    short
        && (block.words >= 2 || (single && block.chars >= 3))
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
