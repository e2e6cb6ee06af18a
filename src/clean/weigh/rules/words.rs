//! The word tables: one TOML file a rule, one section a language, all of them looked up at once.
//!
//! ```toml
//! [fr]
//! whole  = ["lire la suite"]          # the line is the phrase and nothing else
//! start  = ["à lire aussi"]           # the line begins with it
//! inside = ["en savoir plus sur"]     # it stands anywhere in the line
//! names  = ["dhuhr"]                  # the line is a member of a set; counts only among its kin
//! glue   = ["et", "de"]               # small words that may stand between the others; mean nothing alone
//! go     = ["Lire la suite →"]        # examples that the rule must find ...
//! stay   = ["Il faut lire la suite de cette affaire."]   # ... and must leave alone
//! ```
//!
//! Phrases are compared folded and plain (see [`fold`], [`plain`]): case, accents, punctuation and
//! spacing do not matter, `{n}` stands for any number, time or numeric date. All languages are tried
//! on every block: pages mix them. What is the same everywhere stands in a section `[mul]`.

use super::{RULES, Rule};
use crate::clean::block::fold;
use crate::clean::phrases::{Met, Phrases};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// Longest plain text whose parts are looked at one by one, in bytes: longer ones are no row of labels.
const PART_BYTES: usize = 400;

/// How a phrase of a rule's table was met in a block, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hit {
    /// A `whole` or `names` phrase that is only part of the line; serves [`super::Sight::coverage`].
    Part,
    Inside,
    Start,
    Name,
    Whole,
}

/// One phrase met in a block.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    /// Index into [`RULES`].
    pub rule: usize,
    pub hit: Hit,
    /// Which phrase, for counting distinct names.
    pub phrase: usize,
    /// Length of the phrase as a share of the folded block, 0 to 1.
    pub share: f32,
    /// Where it begins and ends in the plain text of the block, in bytes.
    pub span: (usize, usize),
    /// Is it one of the rule's `names`?
    pub member: bool,
}

/// One language's section of a table.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Section {
    pub whole: Vec<String>,
    pub start: Vec<String>,
    pub inside: Vec<String>,
    pub names: Vec<String>,
    pub glue: Vec<String>,
    pub go: Vec<String>,
    pub stay: Vec<String>,
}

/// Reads one rule's table: language code -> section.
pub fn read(rule: &Rule) -> Result<BTreeMap<String, Section>, String> {
    toml::from_str(rule.words).map_err(|e| format!("word table of {}: {e}", rule.name))
}

struct Tables {
    phrases: Phrases,
    /// phrase -> the rules that use it, and how.
    uses: Vec<Vec<(usize, Hit)>>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let mut phrases = Phrases::default();
    let mut uses: Vec<Vec<(usize, Hit)>> = Vec::new();
    for (at, rule) in RULES.iter().enumerate() {
        // A table that does not parse is a defect of the build; the test of this module names it.
        for section in read(rule).unwrap_or_default().into_values() {
            for (list, hit) in [
                (&section.whole, Hit::Whole),
                (&section.start, Hit::Start),
                (&section.inside, Hit::Inside),
                (&section.names, Hit::Name),
            ] {
                for phrase in list {
                    let folded = plain(&fold(&phrase.replace("{n}", "0")));
                    if folded.is_empty() {
                        continue;
                    }
                    let id = phrases.insert(&folded);
                    uses.resize(uses.len().max(id + 1), Vec::new());
                    if !uses[id].contains(&(at, hit)) {
                        uses[id].push((at, hit));
                    }
                }
            }
        }
    }
    Tables { phrases, uses }
});

/// Takes a folded text down to what people keep when they type in haste or in capitals: no accents,
/// one form for letters that have several, one `0` for a row of numbers (`0 0 0` for a date or time).
pub fn plain(folded: &str) -> String {
    let mut out = String::with_capacity(folded.len());
    for c in folded.chars() {
        match c {
            '0' if out.ends_with("0 ") => {
                out.pop();
            }
            ' '..='~' => out.push(c),
            'ß' => out.push_str("ss"),
            'ı' => out.push('i'),
            'ł' => out.push('l'),
            'đ' => out.push('d'),
            'ø' => out.push('o'),
            'ς' => out.push('σ'),
            'ی' | 'ى' => out.push('ي'),
            'ک' => out.push('ك'),
            'ـ' => {}
            'À'..='\u{6ff}' | '\u{1e00}'..='\u{1fff}' => {
                decompose_canonical(c, |d| out.extend((!is_combining_mark(d)).then_some(d)));
            }
            _ => out.push(c),
        }
    }
    out
}

/// Every phrase of every table met in a plain text, sorted by rule.
pub fn find(plain: &str) -> Vec<Found> {
    let mut out = Vec::new();
    if plain.is_empty() {
        return out;
    }
    let tables = &*TABLES;
    for Met { phrase, span: (from, to) } in tables.phrases.find(plain) {
        let begins = from == 0;
        let ends = to == plain.len();
        for &(rule, hit) in &tables.uses[phrase] {
            let member = hit == Hit::Name;
            let hit = match hit {
                Hit::Whole | Hit::Name if begins && ends => hit,
                Hit::Name if only_numbers(&plain[..from], &plain[to..]) => hit,
                Hit::Whole | Hit::Name if plain.len() <= PART_BYTES => Hit::Part,
                Hit::Start if begins => hit,
                Hit::Inside => hit,
                _ => continue,
            };
            let share = (to - from) as f32 / plain.len() as f32;
            out.push(Found { rule, hit, phrase, share, span: (from, to), member });
        }
    }
    out.sort_by_key(|found| found.rule);
    out
}

/// Words that may stand beside a number without saying anything of their own.
const UNITS: &[&str] = &[
    "am", "pm", "a", "p", "m", "s", "h", "u", "r", "min", "c", "f", "km", "mph", "kmh", "ms", "mm", "hpa",
    "mb", "mbar", "pts", "usd", "eur", "gbp", "tl", "try", "kr", "zl", "lei", "kc", "utc", "gmt", "м", "с",
    "мм", "руб", "р", "грн", "ص", "م", "级", "級", "元", "円",
];

/// Is what stands before and after a name numbers, and their units, and nothing else?
pub fn only_numbers(before: &str, after: &str) -> bool {
    if !before.contains('0') && !after.contains('0') {
        return false;
    }
    let mut numbers = 0;
    for word in before.split(' ').chain(after.split(' ')).filter(|w| !w.is_empty()) {
        let unit = word.trim_matches('0');
        if !unit.is_empty() && !UNITS.contains(&unit) {
            return false;
        }
        numbers += usize::from(unit.len() < word.len());
    }
    numbers > 0
}
