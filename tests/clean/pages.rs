//! Each page of `fixtures/pages`: what must survive, what must go, what it says of itself.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use tamis::clean::{Input, Options, clean};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    #[serde(default)]
    keep: Vec<String>,
    #[serde(default)]
    drop: Vec<String>,
    /// Must survive, and not twice.
    #[serde(default)]
    once: Vec<String>,
    /// Must survive to the letter, spaces and marks without width included.
    #[serde(default)]
    exact: Vec<String>,
    /// What is repaired, and how often; anything else must be left alone.
    #[serde(default)]
    repairs: BTreeMap<String, usize>,
    /// Already clean: every letter stays.
    #[serde(default)]
    loses_nothing: bool,
    title: Option<String>,
    author: Option<String>,
    date: Option<String>,
    lang: Option<String>,
    kind: Option<String>,
    verdict: Option<String>,
    /// What is kept or removed wrongly today: the first words tell which, and why it is so.
    #[serde(default)]
    known_misses: Vec<String>,
}

#[test]
fn every_page_comes_out_as_its_folder_says() {
    let mut wrong = Vec::new();
    for case in super::cases() {
        let name = case.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let (media, source) = super::source(&case);
        let expected = fs::read_to_string(case.join("expected.json")).expect("expected.json");
        let expected: Expected = serde_json::from_str(&expected).expect("expected.json parses");
        let input = Input { bytes: &source, media, charset: None, url: None };
        let cleaned = clean(&input, &Options { explain: true, ..Options::default() });
        let name_of =
            |value: Result<serde_json::Value, _>| value.ok().and_then(|v| Some(v.as_str()?.to_owned()));
        let kind = name_of(serde_json::to_value(cleaned.kind));
        let verdict = name_of(serde_json::to_value(cleaned.verdict));
        let mut check = |what: &str, holds: bool| {
            if holds == expected.known_misses.iter().any(|k| what.contains(k.as_str())) {
                wrong.push(format!("{name}: {}{what}", if holds { "no longer missed: " } else { "" }));
            }
        };
        let words = |s: &str| s.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = words(&cleaned.text);
        let lines: Vec<String> = cleaned.text.lines().map(words).collect();
        if expected.loses_nothing {
            let letters = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            check("lost a letter", letters(&text) == letters(&String::from_utf8_lossy(&source)));
        }
        for sentence in &expected.keep {
            check(&format!("lost {sentence:?}"), text.contains(&words(sentence)));
        }
        for sentence in &expected.exact {
            check(&format!("not to the letter: {sentence:?}"), cleaned.text.contains(sentence));
        }
        check(&format!("repaired {:?}", cleaned.repairs), cleaned.repairs == expected.repairs);
        for sentence in &expected.once {
            check(&format!("not once: {sentence:?}"), text.matches(&words(sentence)).count() == 1);
        }
        for furniture in &expected.drop {
            let furniture = words(furniture);
            let left = if furniture.split(' ').count() > 3 {
                text.contains(&furniture)
            } else {
                lines.contains(&furniture)
            };
            check(&format!("left {furniture:?}"), !left);
        }
        for (what, want, got) in [
            ("title", &expected.title, &cleaned.title),
            ("author", &expected.author, &cleaned.author),
            ("date", &expected.date, &cleaned.date),
            ("lang", &expected.lang, &cleaned.lang),
            ("kind", &expected.kind, &kind),
            ("verdict", &expected.verdict, &verdict),
        ] {
            check(&format!("{what} is {got:?}, not {want:?}"), want.is_none() || want == got);
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
