//! The words of a text, as evidence: what occurs elsewhere in it. Knows no language.

use std::collections::HashSet;
use std::sync::LazyLock;

/// A list of words; lines that begin with `#` are for people.
pub type List = LazyLock<HashSet<&'static str>>;

/// Reads a list.
pub fn list(lines: &'static str) -> HashSet<&'static str> {
    lines.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect()
}

/// The words that stand whole in a text, in lower case; with their hyphens where they have them.
#[derive(Debug, Default)]
pub struct Words {
    whole: HashSet<String>,
}

impl Words {
    /// Words that `skip` says are at a place that proves nothing, by their bytes, are left out.
    pub fn of(text: &str, skip: impl Fn(usize, usize) -> bool) -> Self {
        let mut whole = HashSet::new();
        let mut start = None;
        for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
            match (is_part(c), start) {
                (true, None) => start = Some(at),
                (false, Some(from)) => {
                    if !skip(from, at) {
                        whole.insert(folded(&text[from..at]));
                    }
                    start = None;
                }
                _ => {}
            }
        }
        Self { whole }
    }

    pub fn has(&self, word: &str) -> bool {
        self.whole.contains(&folded(word))
    }
}

fn is_part(c: char) -> bool {
    c.is_alphabetic() || is_combining(c) || matches!(c, '-' | '\u{2010}')
}

/// Marks that belong to the letter before them.
pub fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{64b}'..='\u{65f}')
        || (('\u{900}'..='\u{dff}').contains(&c)
            && !c.is_alphabetic()
            && !c.is_numeric()
            && !matches!(c, '।' | '॥'))
}

fn folded(word: &str) -> String {
    word.trim_matches(['-', '\u{2010}']).to_lowercase().replace('\u{2010}', "-")
}
