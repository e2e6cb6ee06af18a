//! Changes of a text, and the way back from the changed text to the bytes as they were. Knows no repair.

use super::Repair;
use std::borrow::Cow;
use std::ops::Range;

/// One change: bytes of a text, and what takes their place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    pub repair: Repair,
    pub at: Range<usize>,
    pub new: Cow<'static, str>,
}

impl Edit {
    pub fn new(repair: Repair, at: Range<usize>, new: impl Into<Cow<'static, str>>) -> Self {
        Self { repair, at, new: new.into() }
    }
}

/// The text with its changes made. They are in order and do not overlap; one that does not fit is passed over.
pub fn apply(text: &str, edits: &[Edit]) -> (String, Offsets) {
    let mut out = String::with_capacity(text.len());
    let mut steps = Vec::with_capacity(edits.len());
    let mut at = 0;
    for edit in edits {
        let Some(before) = text.get(at..edit.at.start) else { continue };
        if text.get(edit.at.clone()).is_none() {
            continue;
        }
        out.push_str(before);
        let start = out.len();
        out.push_str(&edit.new);
        steps.push(Step { old: edit.at.clone(), new: start..out.len() });
        at = edit.at.end;
    }
    out.push_str(&text[at..]);
    (out, Offsets { steps })
}

/// Where the bytes of a changed text stood before.
#[derive(Debug, Clone, Default)]
pub struct Offsets {
    steps: Vec<Step>,
}

#[derive(Debug, Clone)]
struct Step {
    old: Range<usize>,
    new: Range<usize>,
}

impl Offsets {
    /// The range that became `range`: whatever was changed within it belongs to it, what was taken out at its
    /// edges does not.
    pub fn before(&self, range: &Range<usize>) -> Range<usize> {
        let start = match self.steps[..self.steps.partition_point(|s| s.new.start <= range.start)].last() {
            None => range.start,
            Some(step) if range.start < step.new.end => step.old.start,
            Some(step) => step.old.end + (range.start - step.new.end),
        };
        let end = match self.steps[..self.steps.partition_point(|s| s.new.start < range.end)].last() {
            None => range.end,
            Some(step) if range.end <= step.new.end => step.old.end,
            Some(step) => step.old.end + (range.end - step.new.end),
        };
        start..end.max(start)
    }

    /// Where the byte `at` went; one within a change goes to that change's start.
    pub fn after(&self, at: usize) -> usize {
        match self.steps[..self.steps.partition_point(|s| s.old.start < at)].last() {
            None => at,
            Some(step) if at < step.old.end => step.new.start,
            Some(step) => step.new.end + (at - step.old.end),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Edit, apply};
    use crate::clean::repair::Repair;

    #[test]
    fn ranges_find_their_way_back() {
        let edit = |at, new: &'static str| Edit::new(Repair::Glued, at, new);
        //         0123456789
        let text = "abXXcdYefg";
        let (out, offsets) = apply(text, &[edit(2..4, ""), edit(6..7, "123"), edit(9..9, "\n")]);
        assert_eq!(out, "abcd123ef\ng");
        assert_eq!(offsets.before(&(0..2)), 0..2, "what was taken out after it does not belong to it");
        assert_eq!(offsets.before(&(2..4)), 4..6);
        assert_eq!(offsets.before(&(0..4)), 0..6);
        assert_eq!(offsets.before(&(5..6)), 6..7, "a part of a change is the whole of it");
        assert_eq!(offsets.before(&(7..9)), 7..9);
        assert_eq!(offsets.before(&(10..11)), 9..10);
        assert_eq!([0, 2, 3, 4, 6, 7, 9].map(|at| offsets.after(at)), [0, 2, 2, 2, 4, 7, 9]);
    }

    #[test]
    fn changes_that_overlap_or_split_a_letter_are_left_out() {
        let edit = |at, new: &'static str| Edit::new(Repair::Glued, at, new);
        assert_eq!(apply("aéb", &[edit(0..1, "x"), edit(0..3, "y"), edit(2..3, "z")]).0, "xéb");
        assert_eq!(apply("ab", &[edit(1..9, "x")]).0, "ab");
    }
}
