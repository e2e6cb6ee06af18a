//! A word that was parted at a line end: `informa-` and `tion` are one word again.
//!
//! Only in a file that is wrapped, only between small letters, and only on evidence: the whole word stands elsewhere
//! in the text, or neither half does and the text is in a language whose compounds are listed. `porte-` and `parole`
//! keep their hyphen; `Vor-` and `und` also their blank.

use super::lines::{Line, word_end};
use super::words::{List, Words, list};
use super::{Edit, Repair, Sheet};
use std::ops::Range;

static JOINING: List = List::new(|| list(include_str!("words/joining.txt")));
static FIRST: List = List::new(|| list(include_str!("words/compound_first.txt")));
static LAST: List = List::new(|| list(include_str!("words/compound_last.txt")));

/// First and last halves that are shorter, in letters, may be a prefix or an ending with a hyphen.
const SHORTEST: (usize, usize) = (3, 2);

/// A word in two halves.
struct Parted {
    left: Range<usize>,
    right: Range<usize>,
}

pub fn edits(sheet: &Sheet<'_>, lines: &[Line], joints: &[usize]) -> Vec<Edit> {
    let text = sheet.text;
    if !sheet.on.has(Repair::Hyphenation) {
        return Vec::new();
    }
    let parted: Vec<Parted> =
        joints.iter().filter_map(|&at| parted(text, lines.get(at)?, lines.get(at + 1)?)).collect();
    if parted.is_empty() {
        return Vec::new();
    }
    let halves = |from: usize, to: usize| {
        let at = parted.partition_point(|p| p.right.end <= from);
        parted.get(at).is_some_and(|p| p.left.start < to)
    };
    let words = Words::of(text, halves);
    let listed = is_listed(&words);
    let mut edits = Vec::new();
    for Parted { left, right } in parted {
        if !is_one(&text[left.clone()], &text[right.clone()], &words, listed) {
            continue;
        }
        edits.push(Edit::new(Repair::Hyphenation, left.end..right.start, ""));
        let stop = word_end(text, right.start);
        // Where lines stay lines, the line now ends behind the word.
        if !sheet.on.has(Repair::Wrapped) && text[stop..].starts_with(' ') {
            edits.push(Edit::new(Repair::Hyphenation, stop..stop + 1, "\n"));
        }
    }
    edits
}

/// The halves around a hyphen at the end of a line.
fn parted(text: &str, line: &Line, next: &Line) -> Option<Parted> {
    let body = &text[line.at.clone()];
    let stem = body.strip_suffix(['-', '\u{2010}'])?;
    let left = stem.len() - stem.trim_end_matches(char::is_alphabetic).len();
    let left = line.at.start + stem.len() - left..line.at.start + stem.len();
    let start = next.at.start;
    let after = &text[next.at.clone()];
    let length = after.len() - after.trim_start_matches(char::is_alphabetic).len();
    let right = start..start + length;
    let small = |range: &Range<usize>| {
        text[range.clone()].chars().nth(1).is_some()
            && text[range.clone()].chars().skip(1).all(|c| !c.is_uppercase())
    };
    let fits = small(&left)
        && small(&right)
        && after.starts_with(char::is_lowercase)
        && !text[right.end..].starts_with(['-', '\u{2010}'])
        && !text[..left.start].ends_with(['-', '\u{2010}', '\'', '’', '/', '_', '.', '@']);
    fits.then_some(Parted { left, right })
}

fn is_one(left: &str, right: &str, words: &Words, listed: bool) -> bool {
    let (left, right) = (left.to_lowercase(), right.to_lowercase());
    if is_suspended(&right) || left == right {
        return false;
    }
    let whole = words.has(&format!("{left}{right}"));
    let compound = words.has(&format!("{left}-{right}"));
    if whole || compound {
        return whole && !compound;
    }
    let long = |half: &str, letters: usize| half.chars().nth(letters - 1).is_some();
    let compound = FIRST.contains(left.as_str()) || LAST.contains(right.as_str());
    listed
        && !compound
        && long(&left, SHORTEST.0)
        && long(&right, SHORTEST.1)
        && !words.has(&left)
        && !words.has(&right)
}

/// Is the text in a language whose compounds are listed? So many of one language's words say it.
fn is_listed(words: &Words) -> bool {
    let known = |line: &str| line.split_whitespace().filter(|word| words.has(word)).count() >= 5;
    include_str!("words/languages.txt").lines().filter(|line| !line.starts_with('#')).any(known)
}

/// Does the line begin with a word that goes on after a hyphen which stands for something?
pub fn is_suspended(next: &str) -> bool {
    let end = next.find(|c: char| !c.is_alphabetic()).unwrap_or(next.len());
    JOINING.contains(&next[..end])
}
