//! Dates told from the day of reading (`2 hours ago`, `hier`, `3天前`), counted back from a given day. Never
//! from the clock.

use super::{Date, Token, What, tokens};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

/// Longest form, in tokens.
const LONGEST: usize = 7;

/// Most words that may stand around a form in a line of its own.
const AROUND: usize = 4;

/// Most days that are counted back; who counts further counts in months.
const MOST_DAYS: u32 = 400;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Section {
    days: Vec<String>,
    hours: Vec<String>,
    today: Vec<String>,
    yesterday: Vec<String>,
    before: Vec<String>,
}

#[derive(Debug, Clone, Copy)]
enum Back {
    /// So many days.
    Days(u32),
    /// As many days as the number says.
    Counted,
    /// Hours and less.
    SameDay,
}

pub(super) fn read() -> Result<BTreeMap<String, Section>, toml::de::Error> {
    toml::from_str(include_str!("../words/relative.toml"))
}

/// A form's tokens joined with blanks, `{}` for its number -> how far back it is.
static FORMS: LazyLock<HashMap<String, Back>> = LazyLock::new(|| {
    let mut forms = HashMap::new();
    // A table that does not parse is a defect of the build; the tests name it.
    for section in read().unwrap_or_default().into_values() {
        for (list, back) in [
            (section.days, Back::Counted),
            (section.hours, Back::SameDay),
            (section.today, Back::Days(0)),
            (section.yesterday, Back::Days(1)),
            (section.before, Back::Days(2)),
        ] {
            for form in list {
                forms.entry(key(&tokens(&form.replace("{}", "1")))).or_insert(back);
            }
        }
    }
    forms
});

fn key(tokens: &[Token]) -> String {
    let words = tokens.iter().map(|t| match &t.what {
        What::Number(..) => "{}",
        What::Word(word) => word,
    });
    words.collect::<Vec<_>>().join(" ")
}

/// The day that a short line tells, seen from `reference`.
pub fn find(text: &str, reference: Date) -> Option<Date> {
    let tokens = tokens(text);
    let words = tokens.iter().filter(|t| t.word().is_some()).count();
    for from in 0..tokens.len().min(12) {
        for to in (from + 1..=tokens.len().min(from + LONGEST)).rev() {
            let form = &tokens[from..to];
            let Some(back) = FORMS.get(&key(form)) else { continue };
            let number = form.iter().find_map(|t| t.number(1..=3));
            let used = form.iter().filter(|t| t.word().is_some()).count();
            if used < form.len() && number.is_none() {
                return None;
            }
            let days = match back {
                Back::Counted => number?,
                Back::SameDay => 0,
                Back::Days(days) => *days,
            };
            // A day's name begins many a sentence; in a date line a time follows it, or nothing.
            let ends = tokens.get(to).is_none_or(|t| t.word().is_none())
                || tokens.get(to + 1).is_some_and(|t| t.word().is_none());
            if words - used > AROUND || (number.is_none() && !ends) || days > MOST_DAYS {
                return None;
            }
            return reference.checked_sub(jiff::Span::new().days(i64::from(days))).ok();
        }
    }
    None
}

/// Is the table of forms whole?
#[cfg(test)]
pub(super) fn forms_of(language: &str) -> usize {
    let tables = read().unwrap_or_default();
    tables.get(language).map_or(0, |s| s.days.len() + s.hours.len() + s.today.len() + s.yesterday.len())
}
