//! What comes out: text, Markdown, records, files.

use crate::program::{Dir, article, row};

#[test]
fn a_record_has_every_documented_field() {
    let dir = Dir::new();
    dir.write("page.html", article("harbours"));
    let run = dir.run(&["clean", "--format", "jsonl", "page.html"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let [record] = &run.records()[..] else { panic!("{}", run.out) };
    for field in [
        "source",
        "id",
        "url",
        "site",
        "title",
        "author",
        "date",
        "lang",
        "lang_confidence",
        "kind",
        "verdict",
        "text",
    ] {
        assert!(record.get(field).is_some(), "{field} is missing in {record}");
    }
    for field in ["removed", "evidence", "markdown", "error", "duplicate_of"] {
        assert!(record.get(field).is_none(), "{field} was not asked for: {record}");
    }
    assert_eq!(record["source"], "page.html");
    let text = record["text"].as_str().unwrap();
    assert!(text.contains("harbours") && text.ends_with('\n'), "{text}");
    assert_eq!(record["id"], tamis::dedup::exact::content_id(text));
}

#[test]
fn text_is_the_text_of_the_record() {
    let dir = Dir::new();
    dir.write("page.html", article("harbours"));
    let record = dir.run(&["clean", "--format", "jsonl", "page.html"]).records().remove(0);
    let text = dir.run(&["clean", "page.html"]);
    assert_eq!(text.out, record["text"].as_str().unwrap());
    let markdown = dir.run(&["clean", "--format", "markdown", "page.html"]);
    assert!(markdown.out.contains("harbours"));
}

#[test]
fn texts_are_separated_by_form_feeds_and_failures_leave_no_gap() {
    let dir = Dir::new();
    dir.write("a.html", article("apples")).write("b.html", article("boats"));
    let run = dir.run(&["clean", "a.html", "missing.html", "b.html"]);
    assert_eq!(run.code, 1);
    let texts: Vec<&str> = run.out.split("\u{c}\n").collect();
    assert_eq!(texts.len(), 2, "{}", run.out);
    assert!(texts[0].contains("apples") && texts[1].contains("boats"));
}

#[test]
fn every_number_of_threads_gives_the_same_bytes() {
    let dir = Dir::new();
    let mut rows = String::new();
    for n in 0..120 {
        rows += &match n % 10 {
            3 => "{ broken".to_owned(),
            7 => format!("{{\"id\": {n}}}"),
            _ => row(&format!("row {n}"), &"x".repeat(1 + (n * 37) % 500)),
        };
        rows.push('\n');
    }
    dir.write("rows.jsonl", rows).write("page.html", article("boats"));
    let run = |jobs: &str| {
        let run = dir.run(&["clean", "--format", "jsonl", "-j", jobs, "rows.jsonl", "page.html"]);
        (run.code, run.out, run.err)
    };
    let one = run("1");
    assert_eq!(one.0, 1);
    assert_eq!(one.1.lines().count(), 121);
    assert_eq!(one.2.lines().count(), 24);
    assert_eq!(one, run("4"));
    assert_eq!(one, run("13"));
}

#[test]
fn explaining_fills_the_record_or_stderr_and_never_the_text() {
    let dir = Dir::new();
    dir.write("page.html", article("harbours"));
    let record = dir.run(&["clean", "--format", "jsonl", "--explain", "page.html"]).records().remove(0);
    // Until the cleaner removes something there is nothing to tell.
    assert!(record.get("removed").is_none_or(serde_json::Value::is_array));
    let plain = dir.run(&["clean", "page.html"]);
    let explained = dir.run(&["clean", "--explain", "page.html"]);
    assert_eq!(plain.out, explained.out);
}

#[test]
fn a_folder_gets_one_file_per_document_and_nothing_is_overwritten() {
    let dir = Dir::new();
    dir.write("x/page.html", article("apples"))
        .write("y/page.html", article("boats"))
        .write("y/more.htm.gz", crate::program::gz(article("coats")))
        .write("rows.jsonl", format!("{}\n{{}}\n{}\n", row("1", "doors"), row("2", "eagles")));
    let args = ["clean", "-o", "out/deep", "x", "y", "rows.jsonl"];
    assert_eq!(dir.run(&args).code, 1);
    let names = ["more.txt", "page-2.txt", "page.txt", "rows-000001.txt", "rows-000003.txt"];
    assert_eq!(dir.names("out/deep"), names);
    for (name, topic) in names.iter().zip(["coats", "boats", "apples", "doors", "eagles"]) {
        assert!(dir.read(&format!("out/deep/{name}")).contains(topic), "{name}");
    }
    // Again: all is there already.
    assert_eq!(dir.run(&args).code, 1);
    assert_eq!(dir.names("out/deep"), names);
    // Something else under the name: it stays.
    dir.write("out/deep/page.txt", "mine");
    dir.run(&["clean", "-o", "out/deep", "x"]);
    assert_eq!(dir.read("out/deep/page.txt"), "mine");
    assert!(dir.read("out/deep/page-3.txt").contains("apples"), "{:?}", dir.names("out/deep"));
}

#[test]
fn records_in_a_folder_stand_in_one_file_per_input() {
    let dir = Dir::new();
    dir.write("a.html", article("apples"))
        .write("rows.jsonl.gz", crate::program::gz(format!("{}\nno\n{}\n", row("1", "b"), row("2", "c"))));
    assert_eq!(dir.run(&["clean", "--format", "jsonl", "-o", "out", "a.html", "rows.jsonl.gz"]).code, 1);
    assert_eq!(dir.names("out"), ["a.jsonl", "rows.jsonl"]);
    let stream = dir.run(&["clean", "--format", "jsonl", "rows.jsonl.gz"]);
    assert_eq!(dir.read("out/rows.jsonl"), stream.out);
}

#[test]
fn two_identical_pages_with_one_stem_are_two_files() {
    let dir = Dir::new();
    dir.write("x/p.html", article("apples")).write("y/p.html", article("apples"));
    for _ in 0..2 {
        assert_eq!(dir.run(&["clean", "-o", "out", "x", "y"]).code, 0);
        assert_eq!(dir.names("out"), ["p-2.txt", "p.txt"]);
    }
}

#[test]
fn explain_fits_eighty_columns_without_escapes_in_a_pipe() {
    let dir = Dir::new();
    dir.write("page.html", article("harbours")).write("note.txt", "A short note.\n\nIt says little.\n");
    for name in ["page.html", "note.txt"] {
        let run = dir.run(&["explain", name]);
        assert_eq!((run.code, run.err.as_str()), (0, ""));
        assert!(run.out.starts_with(name) && !run.out.contains('\u{1b}'), "{}", run.out);
        let long = |line: &&str| line.chars().count() > 80 && !line.contains("sha256:");
        assert_eq!(run.out.lines().find(long), None);
    }
    let missing = dir.run(&["explain", "nowhere.html"]);
    assert_eq!(missing.code, 1);
    assert!(missing.err.contains("nowhere.html"));
}
