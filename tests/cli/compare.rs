//! `tamis compare`: two cleanings of the same documents.

use crate::program::{Dir, gz};
use serde_json::{Value, json};

fn record(source: &str, text: &str, title: &str) -> String {
    json!({ "source": source, "text": text, "title": title, "verdict": "ok" }).to_string()
}

const STORY: &str = "The lamp was lit at nine in the evening, as every day.\nNobody saw the ferry leave.";

fn sides() -> Dir {
    let dir = Dir::new();
    let a = [
        record("pages/a.html", STORY, "A"),
        record("pages/b.html", &format!("{STORY}\nShare this page with friends"), "B"),
        record("pages/c.html", &format!("Menu\n{STORY}"), "C"),
        record("gone", "x y z", "D"),
    ];
    let b = [
        record("pages/a.html", &STORY.replace(", ", ",\n").to_uppercase(), "A"),
        record("pages/b.html", STORY, "B 2"),
        record("pages/c.html", &format!("{STORY}\nSubscribe to our letter today, and\u{1b} win"), "C"),
        record("new", "x y z", "D"),
    ];
    dir.write("a.jsonl", a.join("\n"))
        .write("b.jsonl", b.join("\n") + "\n")
        .write("b.jsonl.gz", gz(b.join("\n")));
    dir
}

#[test]
fn changes_are_told_by_size_and_typography_is_none() {
    let dir = sides();
    let run = dir.run(&["compare", "a.jsonl", "b.jsonl"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert!(run.out.contains("in both 3: 1 the same, 2 changed"), "{}", run.out);
    assert!(run.out.contains("only in A 1, only in B 1"), "{}", run.out);
    let at = |what: &str| run.out.find(what).unwrap_or_else(|| panic!("{what}: {}", run.out));
    assert!(at("-1 +7  pages/c.html") < at("-5 +0  pages/b.html"));
    assert!(at("  - Menu") < at("  + Subscribe to our letter today"));
    assert!(at("pages/b.html") < at("~ title: B -> B 2"));
    assert!(at("~ title: B -> B 2") < at("- Share this page with friends"));
    assert!(!run.out.contains("The lamp") && !run.out.contains('\u{1b}'), "{}", run.out);
    let one = dir.run(&["compare", "a.jsonl", "b.jsonl", "--most", "1"]);
    assert!(!one.out.contains("pages/b.html") && one.out.contains("and 1 more document; see"), "{}", one.out);
}

#[test]
fn json_has_everything_and_compressed_records_are_the_same() {
    let dir = sides();
    let run = dir.run(&["compare", "a.jsonl", "b.jsonl.gz", "--format", "json"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let told: Value = serde_json::from_str(&run.out).expect("one JSON object");
    assert_eq!((&told["matched"], &told["same"], &told["changed"]), (&json!(3), &json!(1), &json!(2)));
    assert_eq!((&told["words_went"], &told["words_came"]), (&json!(6), &json!(7)));
    assert_eq!((&told["only_in_a"], &told["only_in_b"]), (&json!(["gone"]), &json!(["new"])));
    let documents = told["documents"].as_array().expect("a list");
    assert_eq!(documents[0]["source"], "pages/c.html");
    assert_eq!(documents[0]["went"], json!([{ "text": "Menu", "words": 1 }]));
    assert_eq!(documents[1]["fields"], json!([{ "name": "title", "a": "B", "b": "B 2" }]));
}

#[test]
fn a_folder_of_texts_is_matched_by_stem() {
    let dir = sides();
    dir.write("other/a.txt", STORY)
        .write("other/deep/b.md", "Nobody saw the ferry leave.")
        .write("other/x.bin", "");
    let run = dir.run(&["compare", "a.jsonl", "other"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("in both 2: 1 the same, 1 changed"), "{}", run.out);
    assert!(run.out.contains("- The lamp was lit") && !run.out.contains("title"), "{}", run.out);
    let same = dir.run(&["compare", "other", "other"]);
    assert!(same.out.contains("in both 2: 2 the same, 0 changed"), "{}", same.out);
    let texts = dir.run(&["compare", "other/a.txt", "other/deep/b.md"]);
    assert!(texts.out.contains("in both 1: 0 the same, 1 changed"), "{}", texts.out);
}

#[test]
fn what_cannot_be_read_is_named() {
    let dir = sides();
    let missing = dir.run(&["compare", "a.jsonl", "nowhere"]);
    assert_eq!((missing.code, missing.out.as_str()), (2, ""));
    assert!(missing.err.contains("nowhere"), "{}", missing.err);
    assert_eq!(dir.run(&["compare", "a.jsonl"]).code, 2);
    dir.write(
        "bad.jsonl",
        format!("{}\n{{ broken\n{{\"text\":\"nameless\"}}\n", record("pages/a.html", STORY, "A")),
    );
    let bad = dir.run(&["compare", "bad.jsonl", "a.jsonl"]);
    assert_eq!(bad.code, 1);
    assert!(bad.err.contains("bad.jsonl:2") && bad.err.contains("bad.jsonl:3"), "{}", bad.err);
    assert!(bad.out.contains("in both 1: 1 the same"), "{}", bad.out);
    let strangers = dir.run(&["compare", "bad.jsonl", "bad.jsonl"]);
    assert_eq!(strangers.code, 1);
    dir.write("far/q.txt", "q");
    let apart = dir.run(&["compare", "a.jsonl", "far"]);
    assert_eq!(apart.code, 1, "nothing was compared");
    assert!(apart.err.contains("no document"), "{}", apart.err);
}

#[test]
fn a_damaged_file_of_a_folder_is_named_and_the_rest_is_compared() {
    let dir = sides();
    let whole = gz(record("b", STORY, "B"));
    dir.write("many/a.jsonl", record("a", STORY, "A"))
        .write("many/b.jsonl.gz", &whole)
        .write("many/c.jsonl.gz", &whole[..whole.len() - 9])
        .write("many/d.jsonl.gz", gz(record("d", STORY, "D")));
    let run = dir.run(&["compare", "many", "many"]);
    assert_eq!(run.code, 1);
    assert_eq!(run.err.matches("c.jsonl.gz: ").count(), 2, "{}", run.err);
    assert!(run.err.lines().all(|line| line.ends_with("; it is left out")), "{}", run.err);
    assert!(run.out.contains("in both 3: 3 the same, 0 changed"), "{}", run.out);
}

#[cfg(unix)]
#[test]
fn a_folder_may_have_more_files_than_may_be_open() {
    let dir = Dir::new();
    for number in 0..100 {
        let name = format!("r{number}");
        dir.write(&format!("a/{name}.jsonl"), record(&name, STORY, "A"))
            .write(&format!("b/{name}.jsonl.gz"), gz(record(&name, &format!("{STORY}\nMenu"), "A")));
    }
    let output = std::process::Command::new("sh")
        .args(["-c", "ulimit -n 32; exec \"$0\" compare a b", env!("CARGO_BIN_EXE_tamis")])
        .current_dir(dir.path())
        .output()
        .expect("a shell");
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!((output.status.code(), err.as_ref()), (Some(0), ""));
    assert!(out.contains("in both 100: 0 the same, 100 changed"), "{out}");
}
