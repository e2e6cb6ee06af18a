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
//! Phrases are compared folded (see [`fold`]): case, punctuation and spacing do not matter, `{n}`
//! stands for any number. All languages are tried on every block: pages mix them.

use super::{RULES, Rule};
use crate::clean::block::{fold, is_unspaced};
use aho_corasick::AhoCorasick;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

/// How a phrase of a rule's table was met in a block, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hit {
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
                    let folded = fold(&phrase.replace("{n}", "0"));
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

/// Every phrase of every table met in a folded text.
pub fn find(folded: &str) -> Vec<Found> {
    let mut out = Vec::new();
    if folded.is_empty() {
        return out;
    }
    let tables = &*TABLES;
    for m in tables.automaton.find_overlapping_iter(folded) {
        let begins = m.start() == 0;
        let ends = m.end() == folded.len();
        if !(begins || boundary(folded, m.start())) || !(ends || boundary(folded, m.end())) {
            continue;
        }
        let phrase = m.pattern().as_usize();
        for &(rule, hit) in &tables.uses[phrase] {
            let fits = match hit {
                Hit::Whole | Hit::Name => begins && ends,
                Hit::Start => begins,
                Hit::Inside => true,
            };
            if fits {
                out.push(Found {
                    rule,
                    hit,
                    phrase,
                    share: (m.end() - m.start()) as f32 / folded.len() as f32,
                });
            }
        }
    }
    out
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
