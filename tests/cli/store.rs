//! `--store`, and looking into the store afterwards.

use crate::program::{Dir, article, row};

/// A store with three texts, one of them under two names.
fn filled() -> Dir {
    let dir = Dir::new();
    dir.write("a.html", article("apples"))
        .write("again.html", article("apples"))
        .write("b.html", article("boats"))
        .write("rows.jsonl", format!("{}\nbroken\n", row("row", "doors")));
    let run = dir.run(&[
        "clean",
        "--format",
        "jsonl",
        "--store",
        "s",
        "a.html",
        "again.html",
        "b.html",
        "rows.jsonl",
    ]);
    assert_eq!(run.code, 1);
    assert!(run.err.contains("tamis: stored 3, unchanged 0, duplicate 1"), "{}", run.err);
    assert_eq!(run.field("duplicate_of"), ["(none)", "a.html", "(none)", "(none)", "(none)"]);
    dir
}

#[test]
fn storing_again_adds_nothing() {
    let dir = filled();
    let run = dir.run(&["clean", "--store", "s", "a.html", "again.html", "b.html"]);
    assert_eq!(run.code, 0);
    assert!(run.err.contains("tamis: stored 0, unchanged 3, duplicate 0"), "{}", run.err);
    assert!(run.out.contains("boats"));
}

#[test]
fn export_gives_the_records_in_the_order_of_storing() {
    let dir = filled();
    let run = dir.run(&["store", "export", "s"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert_eq!(run.field("source"), ["a.html", "b.html", "row"]);
    assert!(run.field("text")[1].contains("boats"));
    let copies = dir.run(&["store", "export", "--copies", "s"]);
    assert_eq!(copies.records().len(), 4);
    assert_eq!(dir.run(&["store", "export", "--lang", "tlh", "s"]).out, "");
}

#[test]
fn ls_show_stats_and_verify_agree() {
    let dir = filled();
    let list = dir.run(&["store", "ls", "s"]);
    assert_eq!((list.code, list.out.lines().count()), (0, 3));
    assert_eq!(list.out.lines().find(|line| line.chars().count() > 80), None);
    let id = list.out.split_whitespace().next().unwrap().to_owned();
    let show = dir.run(&["store", "show", "s", &id]);
    assert_eq!(show.code, 0, "{}", show.err);
    assert!(show.out.contains("apples") && show.out.contains("again.html"), "{}", show.out);
    let json: serde_json::Value =
        serde_json::from_str(&dir.run(&["store", "show", "--format", "json", "s", &id]).out).unwrap();
    assert!(json["record"]["id"].as_str().unwrap().contains(&id));
    let stats: serde_json::Value =
        serde_json::from_str(&dir.run(&["store", "stats", "--format", "json", "s"]).out).unwrap();
    assert_eq!(
        (&stats["documents"], &stats["urls"], &stats["duplicates"]),
        (&3.into(), &4.into(), &1.into())
    );
    let table = dir.run(&["store", "stats", "s"]);
    assert!(table.out.starts_with("documents"), "{}", table.out);
    let verify = dir.run(&["store", "verify", "s"]);
    assert_eq!((verify.code, verify.out.as_str(), verify.err.as_str()), (0, "all well\n", ""));
}

#[test]
fn what_is_not_there_is_named() {
    let dir = filled();
    let unknown = dir.run(&["store", "show", "s", "000000000000"]);
    assert_eq!(unknown.code, 1);
    assert!(unknown.err.contains("000000000000"), "{}", unknown.err);
    for command in ["ls", "export", "stats", "verify"] {
        let run = dir.run(&["store", command, "nowhere"]);
        assert_eq!(run.code, 2, "{}", run.err);
        assert!(run.err.contains("nowhere: no tamis store here"), "{}", run.err);
    }
    assert!(!dir.path().join("nowhere").exists());
}

#[test]
fn a_store_that_cannot_be_made_is_exit_code_4() {
    let dir = Dir::new();
    dir.write("a.html", article("apples")).write("file", "");
    let run = dir.run(&["clean", "--store", "file", "a.html"]);
    assert_eq!(run.code, 4, "{}", run.err);
    assert!(run.err.contains("file"), "{}", run.err);
}
