//! The word tables: one TOML file a rule, one section a language, compiled into one automaton.
//!
//! ```toml
//! [fr]
//! whole  = ["lire la suite"]          # the line is the phrase and nothing else
//! start  = ["à lire aussi"]           # the line begins with it
//! inside = ["en savoir plus sur"]     # it stands anywhere in the line
//! names  = ["dhuhr"]                  # the line is a member of a set; counts only among its kin
//! go     = ["Lire la suite →"]        # examples that the rule must find ...
//! stay   = ["Il faut lire la suite de cette affaire."]   # ... and must leave alone
//! ```
//!
//! Phrases are compared folded (see [`fold`]) and without diacritics (see [`plain`]): case, accents,
//! punctuation and spacing do not matter, `{n}` stands for any number; a name may have numbers beside
//! it ("Fajr 05:12"). All languages are tried on every block: pages mix them.

use super::{RULES, Rule};
use crate::clean::block::{fold, is_unspaced};
use aho_corasick::AhoCorasick;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;
use unicode_normalization::char::decompose_canonical;

/// How a phrase of a rule's table was met in a block, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hit {
    /// A name of a set, in a line that holds more than it.
    Part,
    /// Anywhere in the line.
    Inside,
    /// At the beginning of the line.
    Start,
    /// A name of a set that is the line, numbers and their units aside.
    Name,
    /// The line.
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
    /// Where the phrase stands in the [`plain`] folded block, in bytes.
    pub start: usize,
    /// Its end, exclusive.
    pub end: usize,
}

/// One language's section of a table.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Section {
    pub whole: Vec<String>,
    pub start: Vec<String>,
    pub inside: Vec<String>,
    pub names: Vec<String>,
    pub go: Vec<String>,
    pub stay: Vec<String>,
}

/// Reads one rule's table: language code -> section.
pub fn read(rule: &Rule) -> Result<BTreeMap<String, Section>, String> {
    toml::from_str(rule.words).map_err(|e| format!("word table of {}: {e}", rule.name))
}

struct Tables {
    automaton: AhoCorasick,
    /// phrase -> the rules that use it, and how.
    uses: Vec<Vec<(usize, Hit)>>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let mut index: HashMap<String, usize> = HashMap::new();
    let mut phrases: Vec<String> = Vec::new();
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
                    let folded = plain(&fold(&phrase.replace("{n}", "0"))).into_owned();
                    if folded.is_empty() {
                        continue;
                    }
                    let id = *index.entry(folded.clone()).or_insert_with(|| {
                        phrases.push(folded);
                        uses.push(Vec::new());
                        phrases.len() - 1
                    });
                    if !uses[id].contains(&(at, hit)) {
                        uses[id].push((at, hit));
                    }
                }
            }
        }
    }
    Tables { automaton: AhoCorasick::new(&phrases).expect("the phrases fit one automaton"), uses }
});

/// Folded text without diacritics: `"à lire aussi"` becomes `"a lire aussi"`, so that capitals without
/// accents, Turkish dotted capitals and the Greek final sigma meet the same phrase.
pub fn plain(folded: &str) -> Cow<'_, str> {
    if folded.is_ascii() {
        return Cow::Borrowed(folded);
    }
    let mut out = String::with_capacity(folded.len());
    for c in folded.chars() {
        match c {
            '\u{300}'..='\u{36f}' => {}
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'ø' => out.push('o'),
            'đ' => out.push('d'),
            'ł' => out.push('l'),
            'ı' => out.push('i'),
            'ς' => out.push('σ'),
            'ё' => out.push('е'),
            'ى' | 'ی' => out.push('ي'),
            'ک' => out.push('ك'),
            'ة' => out.push('ه'),
            '\u{c0}'..='\u{24f}'
            | '\u{370}'..='\u{3ff}'
            | '\u{1e00}'..='\u{1fff}'
            | '\u{622}'..='\u{626}' => {
                let mut base = None;
                decompose_canonical(c, |d| base = base.or(Some(d)));
                out.push(base.unwrap_or(c));
            }
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Every phrase of every table met in a folded text.
pub fn find(folded: &str) -> Vec<Found> {
    let mut out = Vec::new();
    if folded.is_empty() {
        return out;
    }
    let text = plain(folded);
    let tables = &*TABLES;
    for m in tables.automaton.find_overlapping_iter(text.as_ref()) {
        let (start, end) = (m.start(), m.end());
        if !boundary(&text, start) || !boundary(&text, end) {
            continue;
        }
        let (begins, ends) = (start == 0, end == text.len());
        let phrase = m.pattern().as_usize();
        for &(rule, hit) in &tables.uses[phrase] {
            let hit = match hit {
                Hit::Whole if begins && ends => Hit::Whole,
                Hit::Name if (begins && ends) || only_numbers(&text[..start], &text[end..]) => Hit::Name,
                Hit::Name => Hit::Part,
                Hit::Start if begins => Hit::Start,
                Hit::Inside => Hit::Inside,
                _ => continue,
            };
            out.push(Found {
                rule,
                hit,
                phrase,
                share: (end - start) as f32 / text.len() as f32,
                start,
                end,
            });
        }
    }
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

/// May a word begin or end at this byte of a folded text?
fn boundary(folded: &str, at: usize) -> bool {
    let before = folded[..at].chars().next_back();
    let after = folded[at..].chars().next();
    match (before, after) {
        (Some(b), Some(a)) => b == ' ' || a == ' ' || is_unspaced(a) || is_unspaced(b),
        _ => true,
    }
}
