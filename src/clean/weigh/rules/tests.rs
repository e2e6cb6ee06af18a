//! The tables' own examples: what must go is found by its rule, what must stay is not.

use super::words::source::{read, tables};
use super::{RULES, weigh};
use crate::clean::text::segment;

/// The languages that every table must speak.
const LANGUAGES: [&str; 13] = ["fr", "en", "es", "de", "it", "pt", "nl", "tr", "ar", "id", "ru", "pl", "el"];

#[test]
fn every_example_is_judged_as_its_table_says() {
    let mut wrong = Vec::new();
    for (at, rule) in RULES.iter().enumerate() {
        let table = read(rule);
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
fn every_table_has_its_rule() {
    let mut tables: Vec<&str> = tables().collect();
    let mut rules: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
    tables.sort_unstable();
    rules.sort_unstable();
    assert_eq!(tables, rules);
}

#[test]
fn every_table_speaks_every_language() {
    let mut missing = Vec::new();
    for rule in RULES {
        let table = read(rule);
        for language in LANGUAGES.iter().chain(&["zh"]) {
            if table.get(*language).is_none_or(|s| s.go.is_empty()) {
                missing.push(format!("{} [{language}]", rule.name));
            }
        }
        if table.values().all(|s| s.stay.is_empty()) {
            missing.push(format!("{}: what must stay", rule.name));
        }
    }
    assert!(missing.is_empty(), "no section with examples for: {}", missing.join(", "));
}

/// The evidence of one rule for each block of a text.
fn strengths(rule: &str, text: &str) -> Vec<f32> {
    let at = RULES.iter().position(|r| r.name == rule).expect("the rule is registered");
    let of = |e: &super::Evidence| e.iter().find(|(r, _)| *r == at).map_or(0.0, |(_, s)| *s);
    weigh(&segment(text)).iter().map(of).collect()
}

/// Four paragraphs long enough to be the body of an article.
fn body() -> String {
    let sentence = "The water rose through the night and by the morning it had reached the mill, the two \
                    lower fields and the road that leads to the bridge, as it does every seven years or so.";
    [sentence; 4].join("\n")
}

#[test]
fn a_name_counts_only_among_its_kin() {
    for (rule, alone, among) in [
        ("share-bar", "Pinterest", "Facebook\nPinterest\nWhatsApp"),
        ("comment-form", "Website", "Name\nEmail\nWebsite"),
        ("login-bar", "Password", "Username\nPassword\nRemember me"),
        ("page-status", "Volume", "Play\nVolume\nMute"),
    ] {
        let text = format!("{0}\n{alone}\n{0}", body());
        assert!(
            strengths(rule, &text).iter().all(|&s| s < 0.5),
            "{rule}: {alone:?} alone between paragraphs"
        );
        let text = format!("{0}\n{among}\n{0}", body());
        assert_eq!(strengths(rule, &text).iter().filter(|&&s| s >= 0.5).count(), 3, "{rule}: {among:?}");
    }
}

#[test]
fn a_byline_stands_at_the_edge_of_the_text() {
    let top = strengths("byline", &format!("The mill\nby charles\n{}", body()));
    assert!(top[1] >= 0.5 && top.iter().filter(|&&s| s >= 0.5).count() == 1, "{top:?}");
    let end = strengths("byline", &format!("{}\nPar Jeanne Meunier", body()));
    assert!(end[4] >= 0.5, "{end:?}");
    let amid = strengths("byline", &format!("{0}\nBy Train\n{0}", body()));
    assert!(amid.iter().all(|&s| s < 0.5), "{amid:?}");
}

#[test]
fn a_day_between_paragraphs_is_a_hint_and_at_the_edge_a_dateline() {
    let at_top = strengths("dateline", &format!("The mill\njeudi 21 novembre 2024\n{}", body()));
    assert!(at_top[1] >= 0.9, "{at_top:?}");
    let amid = strengths("dateline", &format!("{0}\n14 juin\n{0}", body()));
    assert!(amid.iter().all(|&s| s < 0.5), "{amid:?}");
}

#[test]
fn numbers_are_no_dates() {
    for text in [
        "12 345",
        "3.5",
        "1.2.3",
        "42",
        "ISBN 978 3 16 148410 0",
        "10/20",
        "555-0199",
        "{n}",
        ":",
        "0",
        "2024",
    ] {
        assert!(strengths("dateline", text).iter().all(|&s| s < 0.5), "{text:?}");
    }
    for text in
        ["21/11/2024", "2024-11-21T10:30:00+01:00", "21.11.24, 10:15", "٢١ نوفمبر ٢٠٢٤", "2567年11月21日"]
    {
        assert!(strengths("dateline", text).iter().all(|&s| s >= 0.5), "{text:?}");
    }
}

#[test]
fn no_rule_takes_a_word_of_plain_prose() {
    let text = body();
    for rule in RULES {
        assert!(strengths(rule.name, &text).iter().all(|&s| s == 0.0), "{}", rule.name);
    }
}

#[test]
fn capitals_without_accents_are_met() {
    for (rule, text) in [
        ("share-bar", "ΕΚΤΥΠΩΣΗ"),
        ("share-bar", "YAZDIR"),
        ("comments", "REPONDRE"),
        ("comments", "YORUM YAPIN"),
        ("login-bar", "GİRİŞ YAP"),
        ("page-status", "SCHLIESSEN"),
        ("advertising", "PUBLICITE"),
    ] {
        let found = strengths(rule, &format!("{text}\nFacebook"));
        assert!(found[0] >= 0.5, "{rule}: {text}");
    }
}

/// A known miss: the author's name alone is a name like any other.
#[test]
fn a_name_without_a_label_is_not_seen_as_a_byline() {
    assert_eq!(strengths("byline", &format!("The mill\nJeanne Meunier\n{}", body()))[1], 0.0);
}

#[test]
fn rules_hold_for_any_text() {
    proptest::proptest!(|(text in "([#＃©:：/.]?\\PC{0,12} ?(Tags|Par|©|2024|文|fot|Publié le|作者)?){0,12}")| {
        for evidence in weigh(&segment(&text)) {
            for (_, strength) in evidence {
                assert!((0.0..=1.0).contains(&strength));
            }
        }
    });
}
