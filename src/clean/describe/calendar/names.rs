//! The tables of the calendar: names of months and weekdays, joining words, the order of numeric dates.
//! Reads no date.

use crate::clean::quick::{Map, Set};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Section {
    pub months: Vec<Vec<String>>,
    #[serde(default)]
    pub weekdays: Vec<String>,
    #[serde(default)]
    pub joins: Vec<String>,
    pub order: Option<String>,
    #[serde(default)]
    pub local: bool,
}

#[derive(Default)]
struct Calendar {
    /// A month's name -> the month, and the languages that say so; most names have one entry.
    months: Map<String, Vec<(i8, Vec<String>)>>,
    /// Languages whose contested names count only on their own pages.
    local: Set<String>,
    weekdays: Set<String>,
    joins: Set<String>,
    day_first: Set<String>,
}

pub(super) fn read() -> Result<BTreeMap<String, Section>, toml::de::Error> {
    toml::from_str(include_str!("../words/calendar.toml"))
}

static CALENDAR: LazyLock<Calendar> = LazyLock::new(|| {
    let mut calendar = Calendar::default();
    // A table that does not parse is a defect of the build; this module's test names it.
    for (language, section) in read().unwrap_or_default() {
        for (at, names) in section.months.iter().enumerate() {
            for name in names {
                let meanings = calendar.months.entry(key(name)).or_default();
                match meanings.iter_mut().find(|(month, _)| *month == at as i8 + 1) {
                    Some((_, languages)) => languages.push(language.clone()),
                    None => meanings.push((at as i8 + 1, vec![language.clone()])),
                }
            }
        }
        calendar.weekdays.extend(section.weekdays.iter().map(|n| key(n)));
        calendar.joins.extend(section.joins.iter().map(|n| key(n)));
        if section.local {
            calendar.local.insert(language.clone());
        }
        if section.order.as_deref() == Some("day") {
            calendar.day_first.insert(language);
        }
    }
    calendar
});

/// The month that words of a text, folded and joined with a blank, name in a language; where that language has no such
/// month, what they name elsewhere.
pub(super) fn month(words: &str, language: &str) -> Option<i8> {
    let of = |several: &[(i8, Vec<String>)], counts: fn(&str, &str) -> bool| {
        several.iter().find(|(_, l)| l.iter().any(|l| counts(l, language))).map(|(month, _)| *month)
    };
    match CALENDAR.months.get(words)?.as_slice() {
        [(month, _)] => Some(*month),
        several => of(several, |l, language| l == language)
            .or_else(|| of(several, |l, _| !CALENDAR.local.contains(l))),
    }
}

pub(super) fn is_weekday(word: &str) -> bool {
    CALENDAR.weekdays.contains(word)
}

pub(super) fn is_join(word: &str) -> bool {
    CALENDAR.joins.contains(word)
}

/// Does this language write the day before the month in numbers?
pub(super) fn is_day_first(language: &str) -> bool {
    CALENDAR.day_first.contains(language)
}

/// A name of the tables as the tokens of a text see it: folded words, one blank between them.
pub(super) fn key(name: &str) -> String {
    let folded = fold(name);
    let words = folded.split(|c: char| !c.is_alphabetic() && !is_mark(c));
    words.filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Lower case without accents.
pub(super) fn fold(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    word.nfd().filter(|c| !is_accent(*c)).flat_map(char::to_lowercase).filter(|c| !is_accent(*c)).collect()
}

/// A mark that a reader may leave out: accents, Arabic and Hebrew vowel points. The vowel signs of India and
/// South-East Asia are letters.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{93c}')
}

/// A mark that belongs to the letter before it.
pub(super) fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}
