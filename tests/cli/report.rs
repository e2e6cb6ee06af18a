//! `tamis clean --report`: a run at a glance.

use crate::program::{Dir, article, row};
use scraper::{Html, Selector};

fn with_notice(topic: &str, notice: &str) -> String {
    article(topic).replace("<body>", &format!("<body><div class='cookie-notice'><p>{notice}</p></div>"))
}

const NOTICE: &str =
    "We use cookies to improve your experience on this site. <b>Accept all &lt;i&gt;cookies</b>.";

fn corpus() -> Dir {
    let dir = Dir::new();
    for topic in ["apples", "boats", "coats"] {
        dir.write(&format!("in/{topic}.html"), with_notice(topic, NOTICE));
    }
    let rows: Vec<String> = (0..30).map(|n| row(&format!("<row {n}>"), &"x".repeat(1 + n))).collect();
    dir.write("in/rows.jsonl", rows.join("\n") + "\n{ broken\n");
    dir
}

#[test]
fn the_report_counts_names_and_draws() {
    let dir = corpus();
    let run = dir.run(&["clean", "in", "--report", "report", "-o", "out"]);
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    assert_eq!(dir.names("report"), ["index.html"]);
    let text = dir.read("report/index.html");
    let report = Html::parse_document(&text);
    let all = |css: &str| {
        let selector = Selector::parse(css).expect("a selector");
        report.select(&selector).map(|e| e.text().collect::<String>()).collect::<Vec<_>>()
    };
    assert!(all("h1")[0].starts_with("34 documents"), "{:?}", all("h1"));
    assert!(all("header")[0].contains("1 failed"), "{:?}", all("header"));
    let frequent = all("#removed .lines > li");
    assert!(frequent[0].contains("We use cookies") && frequent[0].starts_with('3'), "{frequent:?}");
    assert!(frequent[0].contains("<i>cookies") && frequent[0].contains("boats.html"), "{frequent:?}");
    assert!(all("#reasons tbody tr").iter().any(|row| row.starts_with("cookie-notice")));
    assert!(all("#languages tbody tr")[0].starts_with("en"));
    let doubtful = all("#doubtful tbody tr th");
    assert!(doubtful.len() == 33 && doubtful.iter().any(|source| source == "<row 3>"), "{doubtful:?}");
    // Pictures with names, and nothing that reaches out or came from a page.
    assert_eq!(all("svg[role=img] > title").len(), 2);
    assert!(all("[src], [href^=http], link, img, [style]").is_empty());
    assert_eq!((all("main").len(), all("script").len()), (1, 1));
    assert!(all("section:not([aria-labelledby])").is_empty());
}

#[test]
fn the_report_is_the_same_for_every_number_of_threads() {
    let dir = corpus();
    let of = |jobs: &str| {
        let folder = format!("report-{jobs}");
        let run = dir.run(&["clean", "in", "--report", &folder, "--format", "jsonl", "-j", jobs]);
        (run.out, dir.read(&format!("{folder}/index.html")))
    };
    let one = of("1");
    assert_eq!(one, of("5"));
    // Asking for a report changes nothing of what comes out.
    assert_eq!(one.0, dir.run(&["clean", "in", "--format", "jsonl"]).out);
}

#[test]
fn a_report_of_nothing_is_written_and_one_that_cannot_be_is_told_at_once() {
    let dir = Dir::new();
    dir.write("in/note.bin", "x").write("file", "x");
    assert_eq!(dir.run(&["clean", "in", "--report", "report"]).code, 0);
    assert!(dir.read("report/index.html").contains("0 documents"));
    let run = dir.run(&["clean", "in", "--report", "file/report"]);
    assert_eq!(run.code, 4);
    assert!(run.err.contains("file/report"), "{}", run.err);
}

#[test]
fn a_store_has_its_report() {
    let dir = corpus();
    dir.write("in/again.html", with_notice("boats", NOTICE));
    assert_eq!(dir.run(&["clean", "in", "--store", "texts"]).code, 1);
    let run = dir.run(&["store", "report", "texts", "report"]);
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, "", ""));
    let text = dir.read("report/index.html");
    let report = Html::parse_document(&text);
    let all = |css: &str| {
        let selector = Selector::parse(css).expect("a selector");
        report.select(&selector).map(|e| e.text().collect::<String>()).collect::<Vec<_>>()
    };
    assert!(all("h1")[0].starts_with("33 documents"), "{:?}", all("h1"));
    let copies = all("#copies tbody tr");
    assert!(copies.contains(&"addresses that have or had them34".to_owned()), "{copies:?}");
    assert!(copies.contains(&"the very text of another address1".to_owned()), "{copies:?}");
    assert!(all("#copies .soft")[0].contains("not in a store"));
    // What was removed came with the records.
    let frequent = all("#removed .lines > li");
    assert!(frequent[0].contains("We use cookies") && frequent[0].starts_with('3'), "{frequent:?}");
    let some = dir.run(&["store", "report", "texts", "some", "--lang", "tlh"]);
    assert_eq!(some.code, 0, "{}", some.err);
    assert!(dir.read("some/index.html").contains("0 documents"));
    assert_eq!(dir.run(&["store", "report", "nowhere", "report"]).code, 2);
}
