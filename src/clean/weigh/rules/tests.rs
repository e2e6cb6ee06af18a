//! The tables' own examples: what must go is found by its rule, what must stay is not.

use super::{RULES, weigh, words};
use crate::clean::text::segment;

/// The languages that every table must speak.
const LANGUAGES: [&str; 13] = ["fr", "en", "es", "de", "it", "pt", "nl", "tr", "ar", "id", "ru", "pl", "el"];

#[test]
fn every_example_is_judged_as_its_table_says() {
    let mut wrong = Vec::new();
    for (at, rule) in RULES.iter().enumerate() {
        let table = words::read(rule).expect("the table parses");
        for (language, section) in &table {
            for (examples, must_go) in [(&section.go, true), (&section.stay, false)] {
                for example in examples {
                    let blocks = segment(example);
                    let evidence = weigh(&blocks);
                    let hit = |b: usize| evidence[b].iter().any(|&(r, s)| r == at && s >= 0.5);
                    for (b, block) in blocks.iter().enumerate() {
                        if hit(b) != must_go {
                            wrong.push(format!(
                                "{} [{language}] go={must_go}: {:?} in {example:?}",
                                rule.name, block.text
                            ));
                        }
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_table_speaks_every_language() {
    let mut missing = Vec::new();
    for rule in RULES {
        let table = words::read(rule).expect("the table parses");
        for language in LANGUAGES.iter().chain(&["zh"]) {
            match table.get(*language) {
                Some(s) if !s.go.is_empty() && !s.stay.is_empty() => {}
                _ => missing.push(format!("{} [{language}]", rule.name)),
            }
        }
    }
    assert!(missing.is_empty(), "no section with examples for: {}", missing.join(", "));
}
