//! Two texts -> the blocks that went and came. A block is a line; one that was only broken elsewhere has the same
//! words in the same order and is no change. Linear in the texts: words are looked up by threes, never aligned.

use crate::clean::fold::is_unspaced;
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use xxhash_rust::xxh3::xxh3_64;

/// Words that are looked up together.
const RUN: usize = 3;

/// A block that has lost this share of its words has gone as a whole.
const WHOLE: f64 = 0.5;

/// What differs between two texts.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Change {
    pub(super) words_went: u64,
    pub(super) words_came: u64,
    pub(super) went: Vec<Block>,
    pub(super) came: Vec<Block>,
    #[serde(skip)]
    pub(super) words_a: u64,
    #[serde(skip)]
    pub(super) words_b: u64,
}

/// A block, or the parts of one, that only one of the texts has.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Block {
    pub(super) text: String,
    /// How many words of it the other text does not have.
    pub(super) words: u64,
}

impl Change {
    pub(super) fn is_none(&self) -> bool {
        self.words_went == 0 && self.words_came == 0
    }
}

/// What of `a` is not in `b`, and the other way round.
pub(super) fn compare(a: &str, b: &str) -> Change {
    let (a, b) = (lines(a), lines(b));
    let words = |lines: &[Line<'_>]| lines.iter().map(|line| line.words.len() as u64).sum();
    let (words_a, words_b) = (words(&a), words(&b));
    let (a, b) = apart(a, b);
    let (went, came) = (missing(&a, &b), missing(&b, &a));
    let sum = |blocks: &[Block]| blocks.iter().map(|block| block.words).sum();
    Change { words_went: sum(&went), words_came: sum(&came), went, came, words_a, words_b }
}

/// A line with its words: a hash of each, and where it stands.
struct Line<'t> {
    text: &'t str,
    words: Vec<(u64, Range<usize>)>,
}

impl Line<'_> {
    fn hashes(&self) -> Vec<u64> {
        self.words.iter().map(|(hash, _)| *hash).collect()
    }
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let lines = text.lines().map(|text| Line { text: text.trim(), words: words(text.trim()) });
    lines.filter(|line| !line.words.is_empty()).collect()
}

/// Runs of letters and digits in lower case; where a script writes without spaces, its characters.
fn words(text: &str) -> Vec<(u64, Range<usize>)> {
    let mut out = Vec::new();
    let mut word = String::new();
    let mut start = 0;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        let mark = unicode_normalization::char::is_combining_mark(c);
        if c.is_alphanumeric() && !is_unspaced(c) || mark && !word.is_empty() {
            if word.is_empty() {
                start = at;
            }
            word.extend(c.to_lowercase());
            continue;
        }
        if !word.is_empty() {
            out.push((xxh3_64(word.as_bytes()), start..at));
            word.clear();
        }
        if is_unspaced(c) && c.is_alphanumeric() {
            out.push((u64::from(u32::from(c)), at..at + c.len_utf8()));
        }
    }
    out
}

/// Leaves out the lines that both have, each as often as both have it.
fn apart<'t>(a: Vec<Line<'t>>, b: Vec<Line<'t>>) -> (Vec<Line<'t>>, Vec<Line<'t>>) {
    let mut counts: HashMap<Vec<u64>, i64> = HashMap::new();
    for line in &b {
        *counts.entry(line.hashes()).or_default() += 1;
    }
    let mut shared: HashMap<Vec<u64>, i64> = HashMap::new();
    let left = a.into_iter().filter(|line| {
        let hashes = line.hashes();
        let in_both = counts.get_mut(&hashes).is_some_and(|count| {
            *count -= 1;
            *count >= 0
        });
        if in_both {
            *shared.entry(hashes).or_default() += 1;
        }
        !in_both
    });
    let left = left.collect();
    let right = b.into_iter().filter(|line| {
        shared.get_mut(&line.hashes()).is_none_or(|count| {
            *count -= 1;
            *count < 0
        })
    });
    (left, right.collect())
}

/// The blocks, or parts of blocks, whose words do not stand together in the other text.
fn missing(of: &[Line<'_>], other: &[Line<'_>]) -> Vec<Block> {
    let all: Vec<u64> = other.iter().flat_map(Line::hashes).collect();
    // Shorter lines are looked up as they are.
    let runs: Vec<HashSet<&[u64]>> = (1..=RUN).map(|n| all.windows(n).collect()).collect();
    of.iter().filter_map(|line| block(line, &runs)).collect()
}

fn block(line: &Line<'_>, runs: &[HashSet<&[u64]>]) -> Option<Block> {
    let hashes = line.hashes();
    let length = hashes.len().min(RUN);
    let mut found = vec![false; hashes.len()];
    for (at, run) in hashes.windows(length).enumerate() {
        if runs[length - 1].contains(run) {
            found[at..at + length].fill(true);
        }
    }
    let words = found.iter().filter(|found| !**found).count();
    if words == 0 {
        return None;
    }
    if words as f64 >= WHOLE * hashes.len() as f64 {
        return Some(Block { text: line.text.to_owned(), words: words as u64 });
    }
    let mut parts: Vec<&str> = Vec::new();
    let mut at = 0;
    while at < found.len() {
        let end = (at..found.len()).find(|&n| found[n] != found[at]).unwrap_or(found.len());
        if !found[at] {
            parts.push(&line.text[line.words[at].1.start..line.words[end - 1].1.end]);
        }
        at = end;
    }
    Some(Block { text: format!("… {} …", parts.join(" … ")), words: words as u64 })
}

#[cfg(test)]
mod tests {
    use super::compare;
    use proptest::{prop_assert, prop_assert_eq, proptest};

    fn texts(blocks: &[super::Block]) -> Vec<&str> {
        blocks.iter().map(|block| block.text.as_str()).collect()
    }

    #[test]
    fn blocks_that_went_and_came_are_named() {
        let a = "Title\n\nShare this page\nThe lamp was lit at nine in the evening.\nTags: a, b";
        let b = "TITLE\nThe lamp was lit\nat nine in the evening.\nTags: a, b\nA new line here.";
        let change = compare(a, b);
        assert_eq!(
            (texts(&change.went), texts(&change.came)),
            (vec!["Share this page"], vec!["A new line here."])
        );
        assert_eq!((change.words_went, change.words_came), (3, 4));
    }

    #[test]
    fn a_part_of_a_block_is_shown_alone() {
        let a = "By Ann Miller, 3 May: the ferry sails again from tomorrow morning at eight o'clock";
        let b = "the ferry sails again from tomorrow morning at eight o'clock";
        let change = compare(a, b);
        assert_eq!(texts(&change.went), ["… By Ann Miller, 3 May …"]);
        assert_eq!(change.words_came, 0);
    }

    #[test]
    fn characters_are_words_where_there_are_no_spaces() {
        let change = compare("分享到微博\n青石河步道全长六公里。", "青石河步道\n全长六公里");
        assert_eq!((texts(&change.went), change.words_went), (vec!["分享到微博"], 5));
    }

    #[test]
    fn how_often_a_line_stands_matters() {
        let change = compare("Menu\nText\nMenu", "Text\nMenu");
        assert_eq!((texts(&change.went), texts(&change.came)), (vec!["Menu"], vec![]));
    }

    proptest! {
        #[test]
        fn a_text_is_like_itself_however_broken(words in proptest::collection::vec("[a-zé中]{1,4}", 3..40), at in 0usize..40) {
            let whole = words.join(" ");
            let mut broken = words.clone();
            broken.insert(at % words.len(), "\n".to_owned());
            prop_assert!(compare(&whole, &whole).is_none());
            let change = compare(&whole, &broken.join(" "));
            prop_assert_eq!(change.words_went, 0);
        }

        #[test]
        fn the_other_way_round_is_the_other_way_round(a in "[ab \n]{0,60}", b in "[ab \n]{0,60}") {
            let (there, back) = (compare(&a, &b), compare(&b, &a));
            prop_assert_eq!((there.went, there.came), (back.came, back.went));
            prop_assert!(there.words_went <= there.words_a);
        }
    }
}
