//! Lines that were broken at one width become paragraphs again. Which line ends these are is known by then.

use super::hyphenation::is_suspended;
use super::lines::Line;
use super::{Edit, Repair};
use crate::clean::fold::is_unspaced;

/// `made`: line ends that another repair has taken already.
pub fn edits(text: &str, lines: &[Line], joints: &[usize], made: &[Edit]) -> Vec<Edit> {
    let mut out = Vec::new();
    for &at in joints {
        let Some((line, next)) = lines.get(at).zip(lines.get(at + 1)) else { continue };
        let (end, start) = (line.at.end, next.at.start);
        let taken = made.partition_point(|edit| edit.at.start < start);
        if made[..taken].last().is_some_and(|edit| edit.at.end > end) {
            continue;
        }
        if let Some(between) = between(&text[line.at.clone()], &text[next.at.clone()]) {
            out.push(Edit::new(Repair::Wrapped, end..start, between));
        }
    }
    out
}

/// What stands between two lines that become one; nothing where the script parts words in no way a line end tells.
pub fn between(line: &str, next: &str) -> Option<&'static str> {
    let (last, first) = (line.chars().next_back()?, next.chars().next()?);
    if is_unspaced(last) && is_unspaced(first) {
        return (is_cjk(last) && is_cjk(first)).then_some("");
    }
    let stem = line.strip_suffix(['-', '\u{2010}']);
    let compound = stem.is_some_and(|s| s.ends_with(char::is_alphabetic)) && first.is_lowercase();
    Some(if (compound && !is_suspended(next)) || is_wide(last) && is_wide(first) { "" } else { " " })
}

fn is_cjk(c: char) -> bool {
    !matches!(c, '\u{e00}'..='\u{17ff}')
}

/// Letters and signs of Chinese and Japanese.
fn is_wide(c: char) -> bool {
    (is_unspaced(c) && is_cjk(c)) || matches!(c, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ff65}')
}
