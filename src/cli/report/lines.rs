//! The lines that most documents have, found in bounded memory: rare ones are forgotten when there are too many,
//! and how often a forgotten one may have been seen is remembered (after Manku and Motwani, Approximate frequency
//! counts over data streams, VLDB 2002).

use super::clipped;
use crate::clean::fold::fold;
use std::collections::HashMap;
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_64;

/// Lines remembered when rare ones have been forgotten; up to twice as many before.
const MOST: usize = 10_000;

/// Documents named as examples of a line.
const EXAMPLES: usize = 5;

/// Characters shown of a line.
const SHOWN: usize = 240;

/// Lines with letters, by their folded text: case, punctuation and numbers do not make two of one.
pub(super) struct Lines {
    most: usize,
    seen: HashMap<u64, Line>,
    /// A line that is not remembered stands in at most so many documents.
    forgotten: u64,
}

/// A line and where it stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// As it was first met.
    pub(super) text: String,
    /// Why it was first removed.
    pub(super) reason: String,
    /// Documents that have it; it may be so many more: see `short_by`.
    pub(super) documents: u64,
    pub(super) short_by: u64,
    /// The first documents that had it.
    pub(super) examples: Vec<Arc<str>>,
    last: u64,
}

impl Default for Lines {
    fn default() -> Self {
        Lines { most: MOST, seen: HashMap::new(), forgotten: 0 }
    }
}

impl Lines {
    /// Takes in a line of a document; `document` counts them, ascending.
    pub(super) fn note(&mut self, document: u64, source: &Arc<str>, text: &str, reason: &str) {
        let folded = fold(text);
        // Numbers and single letters alone are not the same line.
        if folded.chars().filter(|c| c.is_alphabetic()).nth(1).is_none() {
            return;
        }
        let line = self.seen.entry(xxh3_64(folded.as_bytes())).or_insert_with(|| Line {
            text: clipped(text, SHOWN),
            reason: reason.to_owned(),
            documents: 0,
            short_by: self.forgotten,
            examples: Vec::new(),
            last: 0,
        });
        if line.last == document {
            return;
        }
        (line.last, line.documents) = (document, line.documents + 1);
        if line.examples.len() < EXAMPLES {
            line.examples.push(Arc::clone(source));
        }
        if self.seen.len() >= 2 * self.most {
            self.forget();
        }
    }

    fn forget(&mut self) {
        let mut counts: Vec<u64> = self.seen.values().map(|line| line.documents).collect();
        let at = counts.len().saturating_sub(self.most);
        let (_, least, _) = counts.select_nth_unstable(at);
        let least = *least;
        for line in self.seen.values().filter(|line| line.documents <= least) {
            self.forgotten = self.forgotten.max(line.documents + line.short_by);
        }
        self.seen.retain(|_, line| line.documents > least);
    }

    /// The lines of at least two documents, those of most documents first.
    pub(super) fn frequent(&self, most: usize) -> Vec<&Line> {
        let mut lines: Vec<(&u64, &Line)> =
            self.seen.iter().filter(|(_, line)| line.documents >= 2).collect();
        // Long lines may be shown alike: the key decides last, so that every run says the same.
        lines.sort_by_key(|(key, line)| (std::cmp::Reverse(line.documents), line.text.as_str(), **key));
        lines.into_iter().take(most).map(|(_, line)| line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn a_line_counts_once_for_a_document_and_numbers_do_not_matter() {
        let mut lines = Lines::default();
        for document in 1..=8 {
            lines.note(document, &format!("d{document}").into(), &format!("{document} comments"), "comments");
            lines.note(document, &"again".into(), "9 Comments!", "comments");
            lines.note(document, &"".into(), "—", "x");
            lines.note(document, &"".into(), &format!("only once {}", "x".repeat(document as usize)), "x");
        }
        let [line] = lines.frequent(10)[..] else { panic!("one line") };
        assert_eq!((line.text.as_str(), line.documents, line.short_by), ("1 comments", 8, 0));
        assert_eq!(line.examples.concat(), "d1d2d3d4d5");
    }

    #[test]
    fn lines_that_are_shown_alike_have_one_order() {
        let order = || {
            let mut lines = Lines::default();
            for document in 1..=2 {
                for end in 'a'..='p' {
                    let long = format!("{}{end}", "x".repeat(300));
                    lines.note(document, &"d".into(), &long, &end.to_string());
                }
            }
            lines.frequent(20).into_iter().map(|line| line.reason.clone()).collect::<String>()
        };
        let first = order();
        assert_eq!(first.len(), 16);
        assert!((0..8).all(|_| order() == first), "{first}");
    }

    #[test]
    fn memory_is_bounded_and_what_is_missing_is_known() {
        let mut lines = Lines { most: 50, ..Lines::default() };
        for document in 1..=3_000u64 {
            lines.note(document, &"d".into(), "Share on this", "share-bar");
            let rare: String = document.to_string().bytes().map(|b| char::from(b - b'0' + b'a')).collect();
            lines.note(document, &"d".into(), &rare, "x");
            if document > 2_000 {
                lines.note(document, &"d".into(), "Late but frequent", "x");
            }
            assert!(lines.seen.len() <= 100);
        }
        let found = lines.frequent(2);
        assert_eq!((found[0].text.as_str(), found[0].documents), ("Share on this", 3_000));
        assert_eq!((found[1].text.as_str(), found[1].documents), ("Late but frequent", 1_000));
        assert!(found[1].short_by >= 1 && found[1].short_by < 100, "{}", found[1].short_by);
    }
}
