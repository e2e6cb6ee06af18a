//! Damage that is undone: chosen on the command line, told in the record.

use crate::program::Dir;

const TEXT: &str = "La barque du passeur revient au quai\n\
    Après dix ans d’absence, la barque du passeur est revenue hier matin au quai de la ville haute.Des enfants \
    l’attendaient déjà, avec des fleurs et un tambour qui ne servait plus depuis la dernière fête.\n\
    Le passeur, lui, n’a rien dit de son voyage. Il a seulement demandé du cafÃ© et trois oranges, puis il a dormi \
    jusqu’au soir sous la bâche, pendant que la foule regardait.\n";

fn record(dir: &Dir, more: &[&str]) -> serde_json::Value {
    let run = dir.run(&[&["clean", "--format", "jsonl", "page.txt"], more].concat());
    assert_eq!(run.code, 0, "{}", run.err);
    run.records().remove(0)
}

#[test]
fn repairs_are_made_and_counted_and_can_be_left_out() {
    let dir = Dir::new();
    dir.write("page.txt", TEXT);
    let text = |record: &serde_json::Value| record["text"].as_str().expect("a text").to_owned();
    let all = record(&dir, &[]);
    assert!(text(&all).contains("haute.\nDes enfants") && text(&all).contains("café et"), "{all}");
    assert_eq!(all["repairs"], serde_json::json!({"glued": 1, "mojibake": 1}));
    assert!(all.get("repaired").is_none(), "{all}");

    for more in [&["--repair", "none"][..], &["--no-repair", "glued,mojibake"]] {
        let none = record(&dir, more);
        assert!(text(&none).contains("haute.Des enfants") && text(&none).contains("cafÃ© et"), "{none}");
        assert!(none.get("repairs").is_none(), "{none}");
    }
    for more in [&["--repair", "mojibake,entities"][..], &["--no-repair", "glued"]] {
        let one = record(&dir, more);
        assert_eq!(one["repairs"], serde_json::json!({"mojibake": 1}));
    }
}

#[test]
fn each_repair_says_where_the_damage_was() {
    let dir = Dir::new();
    dir.write("page.txt", TEXT);
    let explained = record(&dir, &["--explain"]);
    let repaired = explained["repaired"].as_array().expect("a list");
    let named: Vec<&str> = repaired.iter().filter_map(|r| r["repair"].as_str()).collect();
    assert_eq!(named, ["mojibake", "glued"]);
    for entry in repaired {
        let at = |name: &str| entry[name].as_u64().and_then(|n| usize::try_from(n).ok()).expect("an offset");
        assert_eq!(TEXT.get(at("start")..at("end")), entry["was"].as_str(), "{entry}");
    }
    let told = dir.run(&["clean", "--explain", "page.txt"]);
    assert!(told.err.contains("page.txt: repaired [glued] 1"), "{}", told.err);
    let shown = dir.run(&["explain", "page.txt"]);
    assert!(shown.out.contains("glued 1, mojibake 1"), "{}", shown.out);
}

#[test]
fn a_repair_that_is_none_is_answered_with_those_there_are() {
    let dir = Dir::new();
    dir.write("page.txt", TEXT);
    for option in ["--repair", "--no-repair"] {
        let run = dir.run(&["clean", option, "glue", "page.txt"]);
        assert_eq!(run.code, 2);
        assert!(run.err.contains("glue") && run.err.contains("soft-hyphens"), "{}", run.err);
    }
    let run = dir.run(&["clean", "--repair", "all,glued", "page.txt"]);
    assert!(run.err.contains("\"all\" goes with no other name"), "{}", run.err);
}
