//! Documents made to hang a parser end, in little memory, with a named verdict. The program is run with its
//! address space limited by the shell, so that a document that takes too much fails its case.

use std::process::{Command, Stdio};
use std::time::Instant;
use tamis::clean::repair::{self, Repairs};

/// Address space of the child in KiB: the binary, its threads' stacks and a document's budget.
const MEMORY: usize = 1_500_000;

fn verdict(name: &str, document: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(format!("{name}.html"));
    std::fs::write(&path, document).expect("written");
    let limited = format!("ulimit -v {MEMORY}; exec \"$0\" clean -j 1 --format jsonl \"$1\"");
    let output = Command::new("sh")
        .args(["-c", &limited, env!("CARGO_BIN_EXE_tamis")])
        .arg(&path)
        .stdin(Stdio::null())
        .output()
        .expect("the program starts");
    let line = String::from_utf8(output.stdout).expect("UTF-8");
    let record: serde_json::Value = serde_json::from_str(&line)
        .unwrap_or_else(|e| panic!("{name}: {e}: {line:.200} {}", String::from_utf8_lossy(&output.stderr)));
    let verdict = record["verdict"].as_str().expect("a verdict").to_owned();
    // Cut documents say what ran out; whole ones do not.
    assert_eq!(
        verdict == "error",
        record["error"].as_str().is_some_and(|e| e.contains("budget")),
        "{name}: {record:.300}"
    );
    verdict
}

#[test]
fn documents_made_to_hang_a_parser_end_with_a_verdict() {
    let many = |n: usize, of: &dyn Fn(usize) -> String| (0..n).map(of).collect::<String>();
    let cases: Vec<(&str, String, &str)> = vec![
        ("nested", "<div>".repeat(50_000) + "text", "thin"),
        ("nested more", "<div>".repeat(1_000_000) + "text", "error"),
        ("bold", many(20_000, &|n| format!("<b a{n}>")) + "text", "thin"),
        ("bold paragraphs", many(50_000, &|n| format!("<b id={n}><p>")) + "text", "error"),
        ("attributes", format!("<p{}>text", many(1_000_000, &|n| format!(" a{n}"))), "thin"),
        ("tables", "<table><tr><td>".repeat(100_000) + "text", "error"),
        ("fonts", many(100_000, &|n| format!("<font size={n}>")) + "text", "thin"),
        ("bodies", many(100_000, &|n| format!("<body a{n}>")) + "text", "thin"),
        ("svg", "<svg>".repeat(100_000), "empty"),
        ("templates", "<template>".repeat(100_000), "empty"),
        (
            "selectors",
            format!(
                "<script type=application/ld+json>{{\"@type\":\"NewsArticle\",\"isAccessibleForFree\":false,\"hasPart\":[{}]}}</script>{}text",
                many(20_000, &|n| format!("{{\"cssSelector\":\".s{n}\"}},")) + "{}",
                "<i class='a b c d e f g h'>x</i> ".repeat(60_000)
            ),
            "ok",
        ),
        ("comment", format!("<!--{}--><p>text", "a b ".repeat(1_000_000)), "thin"),
        ("open quote", format!("<p class=\"{}", "a b ".repeat(1_000_000)), "empty"),
    ];
    for (name, document, expected) in cases {
        assert_eq!(verdict(name, &document), expected, "{name}");
    }
}

/// Bytes of a small text, and how many of them are compared with one that is as long as all together.
const SMALL: usize = 16_000;
const TIMES: usize = 16;

/// Measured so often at most: what else the machine does may slow one side down, hardly each time.
const TRIES: usize = 6;

/// Does one long text take about as long as many short ones of the same length together? A repair that is quadratic
/// takes up to [`TIMES`] as long. Both sides run equally long otherwise, so that load slows them alike.
fn is_linear(piece: &str) -> Result<(), String> {
    let text = |bytes: usize| piece.repeat(bytes / piece.len());
    let (short, long) = (text(SMALL), text(SMALL * TIMES));
    let time = |text: &str, times: usize| {
        let begun = Instant::now();
        for _ in 0..times {
            let done = repair::text(text, Repairs::ALL, false);
            assert!(done.text.len() <= text.len() * 2, "{piece:?}");
        }
        begun.elapsed()
    };
    let mut tries = Vec::new();
    for _ in 0..TRIES {
        // Only what was measured in one go is compared: the machine may be slower the next moment.
        let (many, one) = (time(&short, TIMES), time(&long, 1));
        if one <= many * 4 {
            return Ok(());
        }
        tries.push((many, one));
    }
    Err(format!("{piece:?}: {TIMES} short texts, and one as long as all, take {tries:?}"))
}

/// Each piece is what some repair looks for, over and over.
#[test]
fn texts_made_to_hang_a_repair_do_not() {
    for piece in [
        "Ã",
        "Ã© ",
        "ÃƒÂ",
        "ÃƒÂ©Ã",
        "Ã©Ã",
        "Ã ",
        "utf Ã© ",
        "&lt;",
        "https://a&amp;",
        "<script a=b>x</script>",
        "<a> b",
        "a, b c d\n",
        "ÐŸ",
        "&amp;",
        "&",
        "&amp",
        "<",
        "<p ",
        "<p>",
        "<!--",
        "<script a=b>",
        "<a b=\"",
        "<b></b>",
        "a.Bcd ef gh ij kl mn ",
        "mondiale.Des",
        "a.B,c",
        "\u{ad}",
        "a\u{ad}\n",
        "\u{200d}",
        "e\u{301}",
        "\u{301}",
        "infor-\n",
        "a\n",
        "\n",
        "\r",
        "`",
        "```\n",
        "~~~",
        ".",
        "\"",
        " ",
        "\u{200f}ש",
    ] {
        assert_eq!(is_linear(piece), Ok(()));
    }
}
