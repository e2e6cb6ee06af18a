//! The kept lines of a file that is Markdown already, as they stand in it.

use crate::clean::text::Definition;
use std::collections::HashSet;
use std::ops::Range;

/// A file that is Markdown, repaired.
pub struct Verbatim {
    pub text: String,
    /// Each block's bytes.
    pub ranges: Vec<Range<usize>>,
    pub definitions: Vec<Definition>,
}

impl Verbatim {
    /// The kept lines, one blank line where some were removed; below them, what links in them stand for.
    pub fn write(&self, kept: &[bool]) -> String {
        let mut out = String::new();
        let runs = self.runs(kept);
        for run in &runs {
            self.push_lines(&mut out, run.clone());
        }
        let labels: HashSet<String> = labels(&out).collect();
        let mut end = "\n\n";
        for Definition { at, label } in &self.definitions {
            let written = runs.partition_point(|run| run.end <= at.start);
            let written = runs.get(written).is_some_and(|run| run.start <= at.start);
            if !written && labels.contains(&folded(label)) {
                out.push_str(end);
                out.push_str(&self.text[at.clone()]);
                end = "\n";
            }
        }
        out
    }

    /// The bytes from each first kept block to the last one before a removed one.
    fn runs(&self, kept: &[bool]) -> Vec<Range<usize>> {
        let mut runs: Vec<Range<usize>> = Vec::new();
        for (at, bytes) in self.ranges.iter().enumerate().filter(|&(at, _)| kept[at]) {
            let follows = at.checked_sub(1).is_some_and(|before| kept[before]);
            match runs.last_mut().filter(|_| follows) {
                Some(run) => run.end = bytes.end,
                None => runs.push(bytes.clone()),
            }
        }
        runs
    }

    /// Adds a range of the file, with the indent of its first line.
    fn push_lines(&self, out: &mut String, range: Range<usize>) {
        let start = self.text[..range.start].trim_end_matches([' ', '\t']).len();
        if !out.is_empty() {
            out.push_str("\n\n");
        }
        out.push_str(&self.text[start..range.end]);
    }
}

/// What stands between brackets.
fn labels(text: &str) -> impl Iterator<Item = String> {
    text.split('[').skip(1).filter_map(|rest| Some(folded(rest.split_once(']')?.0)))
}

/// Labels are the same in any case, however their words are parted.
fn folded(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
