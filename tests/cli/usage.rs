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
fn an_output_folder_that_cannot_be_made_is_exit_code_4() {
    let dir = Dir::new();
    dir.write("a.html", article("apples")).write("file", "");
    let run = dir.run(&["clean", "-o", "file/out", "a.html"]);
    assert_eq!(run.code, 4);
    assert!(run.err.contains("file/out") && run.err.contains("; "), "{}", run.err);
}
