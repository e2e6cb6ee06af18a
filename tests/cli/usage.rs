//! Wrong usage is caught, with a suggestion and exit code 2.

use crate::program::{Dir, article};

#[test]
fn wrong_words_are_answered_with_the_right_ones() {
    let dir = Dir::new();
    for (args, hint) in [
        (&["claen", "x"][..], "clean"),
        (&["clean", "--fromat", "text"], "--format"),
        (&["clean", "--format", "jsnol"], "jsonl"),
        (&["clean", "--focus", "recal"], "recall"),
        (&["clean", "-j", "0", "x"], "-j"),
        (&["clean", "-j", "many", "x"], "many"),
        (&["clean", "-j", "-1", "x"], "from 1 on"),
        (&["fetch", "--delay", "-1", "--store", "s", "http://a.example/"], "between 0 and 86400"),
        (&["explain", "--why", " . ", "x"], "give words of the text"),
        (&["explain", "--site-memory", "auto", "x"], "tamis clean --site-memory FILE"),
        (&["fetch", "--site-memory", "auto", "--store", "s", "http://a.example/"], "name a file instead"),
        (&["store", "ls", "--lang", "xx-nonsense", "x"], "ISO 639-1"),
        (&["store", "ls", "--from", "nonsense", "x"], "YYYY-MM-DD"),
        (&["store", "ls", "--to", "2025-13", "x"], "YYYY-MM-DD"),
        (&["store", "lst", "x"], "ls"),
        (&["store", "ls", "--kind", "novel", "x"], "article"),
        (&["clean", "--site-memory", "auto", "-"], "--site-memory off"),
        (&["store", "stats", "nowhere"], "nowhere"),
        (&[], "Usage"),
    ] {
        let run = dir.run(args);
        assert_eq!(run.code, 2, "{args:?}: {}", run.err);
        assert!(run.err.contains(hint), "{args:?}: {}", run.err);
        assert_eq!(run.out, "", "{args:?}");
    }
}

#[test]
fn site_memory_off_is_accepted() {
    let dir = Dir::new();
    dir.write("a.html", article("apples"));
    assert_eq!(dir.run(&["clean", "--site-memory", "off", "a.html"]).code, 0);
}

#[test]
fn links_and_images_belong_to_markdown() {
    let dir = Dir::new();
    dir.write("a.html", article("apples <a href='https://example.org/b'>of the orchard</a>"));
    let markdown = dir.run(&["clean", "--links", "--format", "markdown", "a.html"]);
    assert!(markdown.out.contains("[of the orchard](https://example.org/b)"), "{}", markdown.out);
    let without = dir.run(&["clean", "--format", "markdown", "a.html"]);
    assert!(
        without.out.contains("of the orchard") && !without.out.contains("example.org"),
        "{}",
        without.out
    );
    let record = dir.run(&["clean", "--images", "--format", "jsonl", "a.html"]).records().remove(0);
    assert!(record["markdown"].as_str().is_some_and(|m| m.contains("of the orchard")), "{record}");
    let text = dir.run(&["clean", "--links", "a.html"]);
    assert_eq!(text.code, 2);
    assert!(text.err.contains("--links") && text.err.contains("--format markdown"), "{}", text.err);
}

#[test]
fn help_tells_commands_formats_and_exit_codes() {
    let dir = Dir::new();
    let help = dir.run(&["--help"]);
    assert_eq!(help.code, 0);
    for word in ["clean", "explain", "store", "Exit codes", "130 143"] {
        assert!(help.out.contains(word), "{word}: {}", help.out);
    }
    let clean = dir.run(&["clean", "--help"]);
    for word in ["markdown", "--store", "--site-memory", "form feed", "20 MiB", "Examples"] {
        assert!(clean.out.contains(word), "{word}: {}", clean.out);
    }
    let long = |line: &&str| line.chars().count() > 120;
    assert_eq!(clean.out.lines().find(long), None);
}

#[test]
fn help_is_written_for_80_columns() {
    let dir = Dir::new();
    let store = ["ls", "show", "export", "stats", "report", "verify"].map(|command| ["store", command]);
    let commands = ["clean", "fetch", "run", "explain", "compare", "init", "demo", "store"];
    let commands = commands.iter().map(std::slice::from_ref).chain(store.iter().map(|words| &words[..]));
    for command in std::iter::once(&[][..]).chain(commands) {
        let args = [command, &["--help"]].concat();
        let help = |columns: &str| {
            let output = dir.command(&args).env("COLUMNS", columns).output().expect("help");
            String::from_utf8(output.stdout).expect("UTF-8")
        };
        let (narrow, wide) = (help("80"), help("100"));
        assert_eq!(narrow.lines().find(|line| line.chars().count() > 80), None, "{command:?}");
        // What follows the options is broken by hand: nothing is left to break.
        let tail = |help: &str| help.split_once("--help").expect("the option").1.to_owned();
        let tail = |help: &str| tail(help).split_once("\n\n").map(|(_, rest)| rest.to_owned());
        assert_eq!(tail(&narrow), tail(&wide), "{command:?}");
    }
}

#[test]
fn places_that_cannot_be_written_are_named_as_they_were_given() {
    let dir = Dir::new();
    dir.write("a.txt", "A line.\n").write("file", "").write("folder/b", "");
    for (args, says) in [
        (&["explain", "a.txt", "--html", "nodir/x.html"][..], "nodir/x.html: there is no folder nodir; "),
        (&["explain", "a.txt", "--html", "folder"], "folder: it is a folder, and a file is needed; "),
        (&["clean", "a.txt", "-o", "file"], "file: it is a file, and a folder is needed; "),
        (&["clean", "a.txt", "-o", "file/x"], "file/x: file is a file, and a folder is needed; "),
        (&["clean", "a.txt", "--report", "file"], "file: it is a file, and a folder is needed; "),
        (&["clean", "a.txt", "--store", "file"], "file: it is a file, and a folder is needed; "),
        (
            &["clean", "a.txt", "--site-memory", "nodir/x"],
            "--site-memory nodir/x: there is no folder nodir; ",
        ),
        (
            &["fetch", "http://127.0.0.1:1/", "--store", "file"],
            "file: it is a file, and a folder is needed; ",
        ),
    ] {
        let run = dir.run(args);
        assert_eq!(run.code, 4, "{args:?}: {}", run.err);
        assert!(run.err.contains(says) && !run.err.contains(".tamis-"), "{args:?}: {}", run.err);
    }
}

#[test]
fn what_is_written_at_the_end_is_tried_before_the_beginning() {
    let dir = Dir::new();
    dir.write("a.txt", "A line.\n").write("file", "").write("page/index.html/a", "");
    let fetch = ["fetch", "http://127.0.0.1:1/", "--store", "s"];
    for (option, place, says) in [
        ("--report", "page", "page: it is a folder, and a file is needed; "),
        ("--report", "file/r.json", "file/r.json: file is a file, and a folder is needed; "),
        ("--warc", "file", "file: it is a file, and a folder is needed; "),
    ] {
        let run = dir.run(&[&fetch[..], &[option, place]].concat());
        assert_eq!(run.code, 4, "{option}: {}", run.err);
        assert!(run.err.contains(says) && !run.err.contains("blocked-address"), "{option}: {}", run.err);
        assert!(!dir.path().join("s").exists(), "{option}: nothing was begun");
    }
    let both = dir.run(&[&fetch[..], &["--report", "r", "--ledger", "r"]].concat());
    assert!(both.code == 2 && both.err.contains("r is the file of --report already"), "{}", both.err);
    let clean = dir.run(&["clean", "--report", "page", "a.txt"]);
    assert!(clean.code == 4 && clean.out.is_empty() && clean.err.contains("index.html"), "{clean:?}");
}

#[test]
fn lists_that_are_none_are_named_with_what_to_do_and_hide_no_other() {
    let dir = Dir::new();
    dir.write("urls.txt", "http://127.0.0.1:1/x\nnonsense\n")
        .write("d/a", "")
        .write("x.png", b"\x89PNG\r\n\x1a\n\0\0");
    let lists = ["none.txt", "d", "x.png", "", "urls.txt"].map(|list| format!("--list={list}"));
    let mut args = vec!["fetch", "--store", "s", "urls.txt", "example.org/x"];
    args.extend(lists.iter().map(String::as_str));
    let run = dir.run(&args);
    assert_eq!(run.code, 1, "{}", run.err);
    for says in [
        "urls.txt: bad-url: this is a file; if it lists URLs, give it as --list urls.txt",
        "example.org/x: bad-url: it does not begin with https:// or http://; write it whole",
        "none.txt: list: there is no such file; check the path",
        "d: list: this is a folder; name the file in it",
        "x.png: list: this is neither text nor a feed or sitemap; ",
        "list: the list has no name; ",
        "nonsense: bad-url: urls.txt, line 2: no scheme; ",
        "http://127.0.0.1:1/x: blocked-address",
    ] {
        assert_eq!(run.err.matches(says).count(), 1, "{says}: {}", run.err);
    }
}

#[test]
fn nothing_is_said_to_be_nothing() {
    let dir = Dir::new();
    dir.write("empty.txt", "").write("none.jsonl", "").write("a.txt", "One line.\n");
    let fetch = dir.run(&["fetch", "--list", "empty.txt", "--store", "s"]);
    assert_eq!(fetch.code, 0, "{}", fetch.err);
    assert!(fetch.err.contains("nothing to fetch"), "{}", fetch.err);
    let compare = dir.run(&["compare", "none.jsonl", "a.txt"]);
    assert!(compare.err.contains("none.jsonl: no document there"), "{}", compare.err);
    assert!(compare.out.contains("B  a.txt: 1 document\n"), "{}", compare.out);
    let list = dir.run(&["store", "ls", "--lang", "FR", "s"]);
    assert_eq!((list.code, list.out.as_str()), (0, ""));
    assert!(list.err.contains("no document fits"), "{}", list.err);
}

#[test]
fn an_output_folder_that_cannot_be_made_is_exit_code_4() {
    let dir = Dir::new();
    dir.write("a.html", article("apples")).write("file", "");
    let run = dir.run(&["clean", "-o", "file/out", "a.html"]);
    assert_eq!(run.code, 4);
    assert!(run.err.contains("file/out") && run.err.contains("; "), "{}", run.err);
}
