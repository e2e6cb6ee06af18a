//! What goes in: files, folders, patterns, standard input, JSON lines.

use crate::program::{Dir, article, gz, row};

fn sources(dir: &Dir, inputs: &[&str]) -> Vec<String> {
    let mut args = vec!["clean", "--format", "jsonl"];
    args.extend(inputs);
    dir.run(&args).field("source")
}

#[test]
fn folders_are_read_in_byte_order_with_all_below() {
    let dir = Dir::new();
    for name in ["d/b.html", "d/a/z.txt", "d/a/deep/er/k.md", "d/B.htm", "d/c.jsonl.gz", "d/a.xhtml"] {
        let content = article("roads").into_bytes();
        dir.write(name, if name.ends_with("gz") { gz(row("in c", "roads")) } else { content });
    }
    dir.write("d/.hidden.html", article("secrets"))
        .write("d/.git/page.html", article("secrets"))
        .write("d/style.css", "p { margin: 0 }")
        .write("d/index.php?id=3", article("roads"));
    let expected =
        ["d/B.htm", "d/a/deep/er/k.md", "d/a/z.txt", "d/a.xhtml", "d/b.html", "in c", "d/index.php?id=3"];
    let run = dir.run(&["clean", "--format", "jsonl", "d"]);
    assert_eq!(run.field("source"), expected);
    assert_eq!(run.code, 0);
    assert!(run.err.contains("passed over: 1 files"), "{}", run.err);
}

#[cfg(unix)]
#[test]
fn links_to_folders_are_not_followed_and_links_to_files_are() {
    let dir = Dir::new();
    dir.write("d/a.html", article("loops")).write("other.html", article("links"));
    std::os::unix::fs::symlink("..", dir.path().join("d/loop")).unwrap();
    std::os::unix::fs::symlink("../other.html", dir.path().join("d/b.html")).unwrap();
    assert_eq!(sources(&dir, &["d"]), ["d/a.html", "d/b.html"]);
}

#[test]
fn patterns_are_matched_by_the_program() {
    let dir = Dir::new();
    for name in ["a.html", "b.htm", "c.txt", "s/d.html", "s/t/e.html", "odd[1].html"] {
        dir.write(name, article("globs"));
    }
    assert_eq!(sources(&dir, &["*.html"]), ["a.html", "odd[1].html"]);
    assert_eq!(sources(&dir, &["**/*.html"]), ["a.html", "odd[1].html", "s/d.html", "s/t/e.html"]);
    assert_eq!(sources(&dir, &["s/*/?.html", "[ab].*"]), ["s/t/e.html", "a.html", "b.htm"]);
    assert_eq!(sources(&dir, &["*.{htm,txt}"]), ["b.htm", "c.txt"]);
    assert_eq!(sources(&dir, &["./s/*.html"]), ["./s/d.html"]);
    // A matching folder is read with all below it.
    assert_eq!(sources(&dir, &["s*"]), ["s/d.html", "s/t/e.html"]);
    // A file of this name is meant literally.
    assert_eq!(sources(&dir, &["odd[1].html"]), ["odd[1].html"]);
    let none = dir.run(&["clean", "*.pdf"]);
    assert_eq!(none.code, 1);
    assert!(none.err.contains("*.pdf: no file matches"), "{}", none.err);
    let bad = dir.run(&["clean", "a[.html"]);
    assert_eq!(bad.code, 1);
    assert!(bad.err.contains("a[.html: not a pattern"), "{}", bad.err);
}

#[test]
fn standard_input_is_told_by_content() {
    let dir = Dir::new();
    let html = article("piers");
    let text = "The council talked about piers for a long time, and then it went home again.\n";
    let rows = format!("{}\n{}\n", row("one", "piers"), row("two", "piers"));
    let wide: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(html.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let bare = html.split_once("<body>").map(|(_, body)| body.replace("</body></html>", "")).unwrap();
    for (input, expected) in [
        (html.as_bytes(), vec!["-"]),
        (wide.as_slice(), vec!["-"]),
        (bare.as_bytes(), vec!["-"]),
        (text.as_bytes(), vec!["-"]),
        (rows.as_bytes(), vec!["one", "two"]),
        (&gz(&html), vec!["-"]),
        (&gz(&rows), vec!["one", "two"]),
    ] {
        for args in [&["clean", "--format", "jsonl", "-"][..], &["clean", "--format", "jsonl"]] {
            let run = dir.run_with(args, input);
            assert_eq!(run.field("source"), expected);
            assert!(run.field("text").iter().all(|text| text.contains("piers")), "{}", run.out);
            assert!(!run.out.contains("<p>") && !run.out.contains("\\u0000"), "{}", run.out);
        }
    }
}

#[test]
fn compression_is_told_by_content_and_members_are_joined() {
    let dir = Dir::new();
    let mut members = gz(row("one", "tides") + "\n");
    members.extend(gz(row("two", "tides") + "\n"));
    dir.write("a.jsonl", &members)
        .write("b.html.gz", article("tides"))
        .write("cut.jsonl.gz", &members[..members.len() - 20]);
    let run = dir.run(&["clean", "--format", "jsonl", "a.jsonl", "b.html.gz", "cut.jsonl.gz"]);
    assert_eq!(run.code, 1);
    let sources = run.field("source");
    assert_eq!(sources[..4], ["one", "two", "b.html.gz", "one"]);
    let last = run.records().pop().unwrap();
    assert_eq!(last["verdict"], "error");
    assert!(run.err.contains("damaged compressed data"), "{}", run.err);
}

#[test]
fn a_bad_row_is_a_record_in_its_place() {
    let dir = Dir::new();
    let rows = [
        row("good", "gates"),
        "{\"id\": \"cut".to_owned(),
        "[1, 2]".to_owned(),
        "{\"id\": \"bare\", \"url\": \"https://example.org/x\"}".to_owned(),
        "{\"id\": \"null\", \"html\": null}".to_owned(),
        "{\"html\": 5}".to_owned(),
        String::new(),
        "{\"html\": \"<p>half a pair \\ud83d of gates</p>\", \"id\": 12}".to_owned(),
        "{\"text\": \"Only text about gates.\", \"url\": \"https://example.org/gates\"}".to_owned(),
        "[".repeat(100_000),
    ];
    dir.write("rows.jsonl", rows.join("\r\n"));
    let run = dir.run(&["clean", "--format", "jsonl", "rows.jsonl"]);
    assert_eq!(run.code, 1);
    let expected = [
        "good",
        "rows.jsonl:2",
        "rows.jsonl:3",
        "bare",
        "null",
        "rows.jsonl:6",
        "12",
        "https://example.org/gates",
        "rows.jsonl:10",
    ];
    assert_eq!(run.field("source"), expected);
    let records = run.records();
    let failed = |record: &serde_json::Value| record["verdict"] == "error";
    assert_eq!(records.iter().filter(|record| failed(record)).count(), 6);
    for record in records.iter().filter(|record| failed(record)) {
        assert!(record["error"].as_str().is_some_and(|why| why.contains("; ")), "{record}");
        assert_eq!((&record["text"], &record["id"]), (&"".into(), &serde_json::Value::Null));
    }
    assert_eq!(records[3]["url"], "https://example.org/x");
    assert!(records[6]["text"].as_str().unwrap().contains("half a pair \u{fffd} of gates"));
    assert!(run.err.contains("rows.jsonl:4 (bare): the row has neither"), "{}", run.err);
}

#[test]
fn a_row_of_markdown_is_weighed_and_written_as_markdown() {
    let dir = Dir::new();
    let lines = |signs: [&str; 2]| {
        let [open, close] = signs;
        let prose =
            "Every passenger pays what the last one paid before, and bicycles travel free until the autumn. "
                .repeat(3);
        format!(
            "The {open}ferry office{close} said so on Friday. {prose}\n\n{open}Skip to content{close}\n\n{prose}\n"
        )
    };
    let row =
        serde_json::json!({"id": "a", "html": "", "markdown": lines(["[", "](https://example.org/ferry)"])});
    dir.write("rows.jsonl", row.to_string()).write("a.txt", lines(["", ""]));
    let run = dir.run(&["clean", "--format", "jsonl", "--links", "rows.jsonl", "a.txt"]);
    let records = run.records();
    assert_eq!(records[0]["text"], records[1]["text"]);
    let markdown = records[0]["markdown"].as_str().unwrap();
    assert!(markdown.starts_with("The [ferry office](https://example.org/ferry) said"), "{markdown}");
    assert!(!markdown.contains("Skip"), "{markdown}");
}

#[test]
fn missing_files_are_named_and_the_others_are_done() {
    let dir = Dir::new();
    dir.write("a.html", article("apples")).write("doc.html", "%PDF-1.7 ...");
    let run = dir.run(&["clean", "--format", "jsonl", "nowhere.html", "a.html", "doc.html", "gone/"]);
    assert_eq!(run.code, 1);
    assert_eq!(run.field("source"), ["nowhere.html", "a.html", "doc.html", "gone/"]);
    assert!(run.err.contains("tamis: nowhere.html: no such file or folder; check the path\n"), "{}", run.err);
    assert!(run.err.contains("doc.html: a PDF document"), "{}", run.err);
}

#[test]
fn data_under_a_text_s_name_is_refused() {
    let dir = Dir::new();
    let data: Vec<u8> = (0..2048u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let wide: Vec<u8> = "Hello from afar.".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked: Vec<u8> = [&b"\xff\xfe"[..], &wide].concat();
    dir.write("data.txt", data).write("wide.txt", wide).write("marked.txt", marked);
    let run = dir.run(&["clean", "--format", "jsonl", "data.txt", "wide.txt", "marked.txt"]);
    assert_eq!((run.code, run.field("text")[2].as_str()), (1, "Hello from afar.\n"));
    assert_eq!(run.err.matches("binary data, or UTF-16 without a byte order mark").count(), 2, "{}", run.err);
}

#[test]
fn json_of_many_lines_in_a_folder_is_no_list_of_pages() {
    let dir = Dir::new();
    dir.write("in/manifest.json", "{\n  \"pages\": [\n    \"a\"\n  ]\n}\n")
        .write("in/a.html", article("apples"));
    dir.write("in/rows.json", row("next", "gates"));
    let run = dir.run(&["clean", "--format", "jsonl", "in"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(run.field("source").len(), 2);
    assert!(run.err.contains("passed over: 1 files"), "{}", run.err);
}

#[test]
fn that_there_was_nothing_to_clean_is_said() {
    let dir = Dir::new();
    dir.write("in/sound.ogg", "OggS");
    let run = dir.run(&["clean", "in"]);
    assert_eq!((run.code, run.out.as_str()), (0, ""));
    assert!(run.err.contains("nothing to clean: "), "{}", run.err);
}

#[test]
fn a_document_over_the_limit_fails_and_the_next_is_read() {
    let dir = Dir::new();
    let over = tamis::input::DOCUMENT_LIMIT + 1;
    let big = "a".repeat(over);
    dir.write("big.html", &big)
        .write("bomb.html.gz", gz(&big))
        .write("rows.jsonl", format!("{{\"id\":\"big\",\"text\":\"{big}\"}}\n{}\n", row("next", "gates")));
    let run = dir.run(&["clean", "--format", "jsonl", "big.html", "bomb.html.gz", "rows.jsonl"]);
    assert_eq!(run.field("source"), ["big.html", "bomb.html.gz", "big", "next"]);
    let verdicts = run.field("verdict");
    assert_eq!(verdicts[..3], ["error", "error", "error"]);
    assert_ne!(verdicts[3], "error");
    assert_eq!(run.err.matches("20 MiB").count(), 3, "{}", run.err);
}
