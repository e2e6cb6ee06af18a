//! The words that bylines are made of: what introduces a name, ends one, credits somebody with something else, says what
//! somebody does. Knows no name.

use super::tidy::key;
use crate::clean::fold::is_unspaced;
use serde::Deserialize;
use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Section {
    pub lead: Vec<String>,
    pub cut: Vec<String>,
    pub role: Vec<String>,
    pub nobody: Vec<String>,
    pub body: Vec<String>,
    pub credit: Vec<String>,
}

#[derive(Default)]
pub(super) struct Words {
    /// Longest first, as are `cut` and `credit`.
    pub lead: Vec<String>,
    pub cut: Vec<String>,
    pub credit: Vec<String>,
    pub role: HashSet<String>,
    pub nobody: HashSet<String>,
    pub body: HashSet<String>,
}

fn read() -> Result<BTreeMap<String, Section>, toml::de::Error> {
    toml::from_str(include_str!("words/bylines.toml"))
}

pub(super) static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let mut words = Words::default();
    // A table that does not parse is a defect of the build; the tests name it.
    for section in read().unwrap_or_default().into_values() {
        words.lead.extend(section.lead.iter().map(|w| w.to_lowercase()));
        words.cut.extend(section.cut.iter().map(|w| w.to_lowercase()));
        words.role.extend(section.role.iter().map(|w| w.to_lowercase()));
        words.credit.extend(section.credit.iter().map(|w| w.to_lowercase()));
        words.body.extend(section.body.iter().map(|w| w.to_lowercase()));
        words.nobody.extend(section.nobody.iter().map(|w| key(w)));
    }
    for list in [&mut words.lead, &mut words.cut, &mut words.credit] {
        list.sort_by_key(|w| (std::cmp::Reverse(w.len()), w.clone()));
        list.dedup();
    }
    words
});

/// Is it a word for what someone does: editor, correspondent, director?
pub(super) fn is_role(word: &str) -> bool {
    WORDS.role.contains(&word.to_lowercase())
}

pub(super) fn has_role(text: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric()).any(is_role)
}

/// Is the text a lead word and nothing else, as `Written by:`?
pub(super) fn is_lead(text: &str) -> bool {
    // `Author(s)`, `Autor(en)`, `Autor(innen)`: one word with its plural.
    let plural = |rest: &str| {
        let ending = rest.trim_end_matches(|c: char| !c.is_alphanumeric());
        ending == "innen" || (ending.chars().count() <= 2 && ending.chars().all(char::is_lowercase))
    };
    let text = text.split_once('(').filter(|(_, rest)| plural(rest)).map_or(text, |(head, _)| head);
    let label = text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    WORDS.lead.contains(&label)
}

/// The text after its lead word, if it begins with one.
pub(super) fn strip_lead(text: &str) -> Option<&str> {
    for lead in &WORDS.lead {
        let Some(rest) = strip_prefix_folded(text, lead) else { continue };
        let next = rest.chars().next()?;
        let unspaced = lead.chars().next().is_some_and(is_unspaced);
        // 文 and kin begin too many words: they need a sign after them.
        let bare = unspaced && lead.chars().count() < 2 && !matches!(next, ':' | '：' | '/' | '／' | '|');
        // Markup glues a lead to its name: `ByAda`.
        let glued = next.is_uppercase() && text[..text.len() - rest.len()].ends_with(char::is_lowercase);
        if (next.is_alphanumeric() && !unspaced && !glued) || bare || next == '\'' || next == '-' {
            continue;
        }
        return Some(rest.trim_start_matches(|c: char| !c.is_alphanumeric()));
    }
    None
}

/// What follows each lead word within a line that says something else first (`Posted on DATE by NAME`).
pub(super) fn after_inner_leads(line: &str) -> impl Iterator<Item = &str> {
    let starts = line.char_indices().filter(|&(at, c)| {
        let before = line[..at].chars().next_back();
        c.is_alphanumeric() && before.is_some_and(|b| !b.is_alphanumeric() || is_unspaced(b))
    });
    starts.take(60).filter_map(|(at, _)| strip_lead(&line[at..]).filter(|rest| !rest.is_empty()))
}

/// What follows the words that credit somebody with something else than writing (`Photos by NAME`), if a line or a part
/// of it begins so; empty, where the line ends there. Who wrote the words is credited with nothing else (`Words and
/// photos by NAME`, `Photos by NAME, words by NAME`).
pub(super) fn after_credit(line: &str) -> Option<&str> {
    let mut parts =
        line.split([';', '|', '•', '·', '–', '—']).take(8).map(|p| p.trim_start_matches(no_letter));
    let rest = parts.find_map(|part| {
        let credit = |credit: &String| {
            let rest = strip_prefix_folded(part, credit)?;
            (!rest.starts_with(char::is_alphanumeric)).then(|| rest.trim_start_matches(no_letter))
        };
        WORDS.credit.iter().find_map(credit)
    })?;
    after_inner_leads(rest).next().is_none().then_some(rest)
}

fn no_letter(c: char) -> bool {
    !c.is_alphanumeric()
}

/// `text` without a prefix given in lower case.
pub(super) fn strip_prefix_folded<'t>(text: &'t str, lower: &str) -> Option<&'t str> {
    let mut wanted = lower.chars();
    let mut at = 0;
    for c in text.chars() {
        if wanted.as_str().is_empty() {
            break;
        }
        for l in c.to_lowercase() {
            if wanted.next() != Some(l) {
                return None;
            }
        }
        at += c.len_utf8();
    }
    wanted.as_str().is_empty().then(|| &text[at..])
}

#[cfg(test)]
mod tests {
    use super::{WORDS, after_inner_leads, read, strip_lead};

    #[test]
    fn the_tables_parse_and_speak_the_languages_of_the_rules() {
        let tables = read().expect("the bylines parse");
        for language in ["fr", "en", "es", "de", "it", "pt", "nl", "tr", "ar", "id", "ru", "pl", "el", "zh"] {
            assert!(
                tables.get(language).is_some_and(|s| !s.lead.is_empty() && !s.role.is_empty()),
                "{language}"
            );
        }
        assert!(WORDS.nobody.contains("larédaction"));
    }

    #[test]
    fn lead_words_end_where_words_end() {
        assert_eq!(strip_lead("BY ADA"), Some("ADA"));
        assert_eq!(strip_lead("Byron Ada"), None);
        assert_eq!(strip_lead("Parmi nous"), None);
        assert_eq!(strip_lead("文化"), None);
        for (line, name) in [
            ("Posted on March 9, 2025 by Ada Byron", "Ada Byron"),
            ("Publicado em 17 de outubro de 2025 por Ada Byron", "Ada Byron"),
            ("2025年5月18日 09:30 来源：江边日报 作者：苏晚晴", "苏晚晴"),
        ] {
            assert!(after_inner_leads(line).any(|rest| rest == name), "{line}");
        }
    }
}
