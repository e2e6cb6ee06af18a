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
//! Phrases are compared folded and plain (see `src/clean/fold.rs`), as the build script makes them: case, accents,
//! punctuation and spacing do not matter, `{n}` stands for any number, time or numeric date. All languages are tried on
//! every block: pages mix them. What is the same everywhere stands in a section `[mul]`.

use super::RULES;
use crate::clean::phrases::{Met, Phrases};
use std::sync::LazyLock;

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

/// All phrases met in a block.
#[derive(Debug, Default)]
pub struct Findings {
    /// Sorted by rule.
    all: Vec<Found>,
    /// One bit for each rule that met any: most blocks meet none of most rules.
    rules: u64,
}

/// A rule beyond these would have no bit.
const _: () = assert!(RULES.len() <= u64::BITS as usize);

impl Findings {
    fn new(mut all: Vec<Found>) -> Self {
        all.sort_by_key(|found| found.rule);
        let rules = all.iter().fold(0, |rules, found| rules | 1 << found.rule);
        Self { all, rules }
    }

    /// What one rule's table met.
    pub fn of(&self, rule: usize) -> &[Found] {
        if self.rules >> rule & 1 == 0 {
            return &[];
        }
        let rest = &self.all[self.all.partition_point(|f| f.rule < rule)..];
        &rest[..rest.partition_point(|f| f.rule == rule)]
    }
}

/// The tables as the build script folded them: `=rule`, then a line an entry: its list, a tab, the phrase.
const FOLDED: &str = include_str!(concat!(env!("OUT_DIR"), "/phrases.txt"));

/// The phrases of one list of a rule's table, of all languages, folded and plain.
pub fn list(rule: &'static str, list: &'static str) -> impl Iterator<Item = &'static str> {
    let table = FOLDED.lines().skip_while(move |line| line.strip_prefix('=') != Some(rule)).skip(1);
    let entries = table.take_while(|line| !line.starts_with('=')).filter_map(|line| line.split_once('\t'));
    entries.filter(move |(l, _)| *l == list).map(|(_, phrase)| phrase)
}

struct Tables {
    phrases: Phrases,
    /// phrase -> the rules that use it, and how.
    uses: Vec<Vec<(usize, Hit)>>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let mut phrases = Phrases::default();
    let mut uses: Vec<Vec<(usize, Hit)>> = Vec::new();
    let mut rule = None;
    for line in FOLDED.lines() {
        if let Some(name) = line.strip_prefix('=') {
            rule = RULES.iter().position(|r| r.name == name);
        }
        let (Some(rule), Some((list, phrase))) = (rule, line.split_once('\t')) else { continue };
        let hit = match list {
            "whole" => Hit::Whole,
            "start" => Hit::Start,
            "inside" => Hit::Inside,
            "names" => Hit::Name,
            _ => continue,
        };
        let id = phrases.insert(phrase);
        uses.resize(uses.len().max(id + 1), Vec::new());
        uses[id].push((rule, hit));
    }
    Tables { phrases, uses }
});

/// Every phrase of every table met in a plain text.
pub fn find(plain: &str) -> Findings {
    let mut out = Vec::new();
    if plain.is_empty() {
        return Findings::default();
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
    Findings::new(out)
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

/// The tables as people write them, examples and all.
#[cfg(test)]
pub mod source {
    use crate::clean::weigh::rules::Rule;
    use serde::Deserialize;
    use std::collections::BTreeMap;
    use std::fs;
    use std::path::Path;

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

    /// The rules that the build script found tables of.
    pub fn tables() -> impl Iterator<Item = &'static str> {
        super::FOLDED.lines().filter_map(|line| line.strip_prefix('='))
    }

    /// Reads one rule's table: language code -> section.
    pub fn read(rule: &Rule) -> BTreeMap<String, Section> {
        let file = format!("src/clean/weigh/rules/words/{}.toml", rule.name.replace('-', "_"));
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(&file));
        let text = text.unwrap_or_else(|e| panic!("{file}: {e}"));
        toml::from_str(&text).unwrap_or_else(|e| panic!("{file}: {e}"))
    }
}
