//! A set of phrases, and where they stand in a text: found word by word, so that `art` is not met in `party`.
//! Knows nothing of what a phrase says.

use super::fold::is_unspaced;
use super::quick::Map;

/// Phrases by their words. Phrase and text are compared as they are: whoever wants case or accents not to matter
/// folds both.
#[derive(Debug, Default)]
pub struct Phrases {
    /// Every word of a phrase, numbered.
    words: Map<Box<str>, u32>,
    /// The phrases' beginnings are numbered, 0 is the empty one: a beginning and a further word make a longer one.
    longer: Map<Step, u32>,
    /// Which phrase each beginning is, if it is a whole one.
    whole: Vec<Option<usize>>,
    count: usize,
}

/// A beginning, the word after it, and whether there is a space before that word.
type Step = (u32, u32, bool);

/// A phrase met in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Met {
    /// What [`Phrases::insert`] returned for it.
    pub phrase: usize,
    /// Where it begins and ends in the text, in bytes.
    pub span: (usize, usize),
}

impl Phrases {
    /// Adds a phrase whose words have single spaces, or none, between them. Returns its number: the next one, or
    /// the one that it has already.
    ///
    /// A phrase without words is numbered too, and met nowhere.
    pub fn insert(&mut self, phrase: &str) -> usize {
        let mut beginning = 0u32;
        self.whole.resize(self.whole.len().max(1), None);
        for word in words(phrase) {
            let next = self.words.len() as u32;
            let number = *self.words.entry(phrase[word.span.0..word.span.1].into()).or_insert(next);
            let spaced = word.spaced && beginning != 0;
            beginning = *self.longer.entry((beginning, number, spaced)).or_insert_with(|| {
                self.whole.push(None);
                self.whole.len() as u32 - 1
            });
        }
        let next = self.count;
        let number = *self.whole[beginning as usize].get_or_insert(next);
        self.count = self.count.max(number + 1);
        number
    }

    /// Every phrase that stands in a text, also within another one; by where they end, longer ones first.
    pub fn find(&self, text: &str) -> Vec<Met> {
        let words: Vec<(Word, Option<u32>)> =
            words(text).map(|w| (w, self.words.get(&text[w.span.0..w.span.1]).copied())).collect();
        let mut found = Vec::new();
        for (at, (first, _)) in words.iter().enumerate() {
            let mut beginning = 0u32;
            for (word, number) in &words[at..] {
                let Some(number) = *number else { break };
                let spaced = word.spaced && beginning != 0;
                let Some(&next) = self.longer.get(&(beginning, number, spaced)) else { break };
                beginning = next;
                if let Some(phrase) = self.whole[next as usize] {
                    found.push(Met { phrase, span: (first.span.0, word.span.1) });
                }
            }
        }
        found.sort_unstable_by_key(|met| (met.span.1, met.span.0));
        found
    }
}

/// What a phrase begins and ends with: letters between spaces, or a single letter of a script that sets none.
#[derive(Debug, Clone, Copy)]
struct Word {
    /// In bytes.
    span: (usize, usize),
    /// Is there a space before it?
    spaced: bool,
}

fn words(text: &str) -> impl Iterator<Item = Word> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text[at..].trim_start_matches(' ');
        let from = text.len() - rest.len();
        let spaced = from > at;
        let first = rest.chars().next()?;
        let length = if is_unspaced(first) {
            first.len_utf8()
        } else {
            rest.find(|c| c == ' ' || is_unspaced(c)).unwrap_or(rest.len())
        };
        at = from + length;
        Some(Word { span: (from, at), spaced })
    })
}

#[cfg(test)]
mod tests {
    use super::{Met, Phrases};
    use crate::clean::fold::is_unspaced;
    use proptest::prelude::{Strategy, any, prop_assert_eq, proptest};

    fn of(phrases: &[&str]) -> Phrases {
        let mut set = Phrases::default();
        phrases.iter().for_each(|p| {
            set.insert(p);
        });
        set
    }

    fn met<'t>(set: &Phrases, text: &'t str) -> Vec<&'t str> {
        set.find(text).into_iter().map(|m| &text[m.span.0..m.span.1]).collect()
    }

    #[test]
    fn phrases_are_met_as_whole_words() {
        let set = of(&["art", "read more", "more", "read more about art"]);
        assert_eq!(met(&set, "party art"), ["art"]);
        assert_eq!(met(&set, "read more about art"), ["read more", "more", "read more about art", "art"]);
        assert_eq!(met(&set, "readmore read  mores"), Vec::<&str>::new());
    }

    #[test]
    fn scripts_without_spaces_have_words_of_one_letter() {
        let set = of(&["相关新闻", "新闻", "ข่าว", "相关 新闻"]);
        assert_eq!(met(&set, "更多相关新闻 art"), ["相关新闻", "新闻"]);
        assert_eq!(met(&set, "相关 新闻"), ["相关 新闻", "新闻"]);
        assert_eq!(met(&set, "ดูข่าวอื่น"), ["ข่าว"]);
    }

    #[test]
    fn a_phrase_has_one_number() {
        let mut set = Phrases::default();
        assert_eq!([set.insert("b"), set.insert("a b"), set.insert("b"), set.insert("")], [0, 1, 0, 2]);
        assert_eq!(set.find(""), []);
        assert_eq!(set.find("b"), [Met { phrase: 0, span: (0, 1) }]);
    }

    /// Every phrase looked for at every place.
    fn searched(phrases: &[String], text: &str) -> Vec<(usize, usize)> {
        let apart = |at: usize| {
            let (before, after) = (text[..at].chars().next_back(), text[at..].chars().next());
            let splits = |c: Option<char>| c.is_none_or(|c| c == ' ' || is_unspaced(c));
            splits(before) || splits(after)
        };
        let mut spans: Vec<(usize, usize)> = Vec::new();
        for phrase in phrases {
            for at in (0..text.len()).filter(|&at| text.is_char_boundary(at)) {
                let to = at + phrase.len();
                if text[at..].starts_with(phrase.as_str()) && apart(at) && apart(to) {
                    spans.push((to, at));
                }
            }
        }
        spans.sort_unstable();
        spans.dedup();
        spans.into_iter().map(|(to, at)| (at, to)).collect()
    }

    fn text() -> impl Strategy<Value = String> {
        proptest::collection::vec(("[ab新闻]{1,3}", any::<bool>()), 1..8).prop_map(|words| {
            let text: String =
                words.iter().map(|(w, s)| format!("{w}{}", if *s { " " } else { "" })).collect();
            text.trim().to_owned()
        })
    }

    proptest! {
        #[test]
        fn what_is_found_is_what_a_search_finds(phrases in proptest::collection::vec(text(), 1..12), text in text()) {
            let mut set = Phrases::default();
            let numbers: Vec<usize> = phrases.iter().map(|p| set.insert(p)).collect();
            let found = set.find(&text);
            prop_assert_eq!(found.iter().map(|m| m.span).collect::<Vec<_>>(), searched(&phrases, &text));
            for met in found {
                let nth = phrases.iter().position(|p| *p == text[met.span.0..met.span.1]);
                prop_assert_eq!(nth.map(|n| numbers[n]), Some(met.phrase));
            }
        }
    }
}
