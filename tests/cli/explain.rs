//! `tamis explain`: in the terminal, for some words, as a page.

use crate::program::{Dir, Run, article};
use scraper::{Html, Selector};

/// An article among furniture, with text that would like to be markup.
fn page() -> String {
    let furniture = "<nav><ul><li><a href='/a'>Home</a></li><li><a href='/b'>Sport</a></li>\
        <li><a href='/c'>Weather</a></li></ul></nav><div class='cookie-banner'><p>We use cookies to improve your \
        experience. Accept all cookies or manage your choices.</p></div>";
    let hostile = "<aside class='related'><h2>Related</h2><ul><li><a href='/d'>&lt;script&gt;alert(1)&lt;/script&gt;\
        &quot; onclick=&quot;x</a></li><li><a href='/e'>شاركنا الخبر &amp; more</a></li></ul></aside>";
    article("harbours")
        .replace("<body>", &format!("<body>{furniture}"))
        .replace("</body>", &format!("{hostile}</body>"))
}

fn explain(args: &[&str]) -> Run {
    let dir = Dir::new();
    dir.write("page.html", page());
    dir.run(&[&["explain", "page.html"], args].concat())
}

#[test]
fn the_page_stands_in_reading_order_with_reason_and_chance() {
    let run = explain(&[]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let at = |what: &str| run.out.find(what).unwrap_or_else(|| panic!("{what}: {}", run.out));
    assert!(at("Home") < at("We use cookies") && at("We use cookies") < at("The village council"));
    assert!(at("The village council") < at("شاركنا الخبر"));
    let removed = run.out.lines().find(|line| line.contains("We use cookies")).unwrap();
    let chance = removed.strip_prefix("- [cookie-notice ").and_then(|rest| rest.split(']').next());
    assert!(chance.is_some_and(|c| c.parse::<f32>().is_ok_and(|c| (0.0..=1.0).contains(&c))), "{removed}");
    let kept = run.out.lines().find(|line| line.contains("The village council")).unwrap();
    assert!(kept.starts_with("  The"), "{kept}");
    assert!(run.out.contains("this page keeps blocks from 0."), "{}", run.out);
    assert!(run.out.lines().all(|line| line.chars().count() <= 80), "{}", run.out);
}

#[test]
fn some_words_are_answered_with_what_tipped_it() {
    let gone = explain(&["--why", "ACCEPT ALL cookies, or"]);
    assert_eq!(gone.code, 0, "{}", gone.err);
    for what in ["removed", "cookie-notice", "chance", "this page keeps blocks from", "against"] {
        assert!(gone.out.contains(what), "{what}: {}", gone.out);
    }
    let kept = explain(&["--why", "long debate it was decided"]);
    for what in ["kept", "for", "it is prose"] {
        assert!(kept.out.contains(what), "{what}: {}", kept.out);
    }
    assert!(!kept.out.contains("We use cookies"));
    let related = explain(&["--why", "شاركنا"]);
    assert!(related.out.contains("“Related”"), "{}", related.out);
    for run in [&gone, &kept, &related] {
        assert!(run.out.lines().all(|line| line.chars().count() <= 80), "{}", run.out);
    }
}

#[test]
fn words_that_are_nowhere_are_no_silent_success() {
    let run = explain(&["--why", "elephants"]);
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    assert!(run.err.contains("elephants") && run.err.contains("page.html"), "{}", run.err);
}

#[test]
fn the_report_holds_every_block_and_no_markup_of_a_stranger() {
    let dir = Dir::new();
    dir.write("page.html", page());
    let run = dir.run(&["explain", "page.html", "--html", "report.html"]);
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, "", ""));
    let text = dir.read("report.html");
    let report = Html::parse_document(&text);
    let all = |css: &str| {
        let selector = Selector::parse(css).expect("a selector");
        report.select(&selector).collect::<Vec<_>>()
    };
    // One script, the program's own, and nothing that reaches out.
    assert_eq!(all("script").len(), 1);
    assert!(all("[src], [href^=http], link, iframe, img, object, [onclick], [style]").is_empty());
    let policy = all("meta[http-equiv=Content-Security-Policy]")[0].attr("content").unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("script-src 'sha256-"), "{policy}");
    let shown: Vec<String> = all(".piece .text").iter().map(|e| e.text().collect()).collect();
    assert!(shown.iter().any(|text| text == "<script>alert(1)</script>\" onclick=\"x"), "{shown:?}");
    // Landmarks, names, direction, and each block in a list with its reason.
    assert_eq!((all("main").len(), all("h1").len(), all("html[lang]").len()), (1, 1, 1));
    assert!(all("section").iter().all(|section| section.attr("aria-labelledby").is_some()));
    assert_eq!(all(".piece p.text").len(), all(".piece p.text[dir=auto]").len());
    assert!(all("ol.pieces > li.piece.kept").len() >= 3 && all("li.piece.removed").len() >= 6);
    assert_eq!(all("li.piece").len(), all("li.piece[data-reason]").len());
    for item in all("li.piece.removed") {
        let boxes = format!(".reasons input[value='{}']", item.attr("data-reason").unwrap());
        assert_eq!(all(&boxes).len(), 1, "{boxes}");
    }
    assert!(
        all("label").iter().all(|l| l.attr("for").is_some() || l.children().any(|c| c.value().is_element()))
    );
    let facts: String = all(".facts").iter().flat_map(|e| e.text()).collect();
    assert!(facts.contains("title") && facts.contains("h1"), "{facts}");
    // The same again is the same.
    dir.run(&["explain", "page.html", "--html", "again.html"]);
    assert_eq!(dir.read("again.html"), text);
}

#[test]
fn one_of_many_documents_is_chosen_by_source_or_number() {
    let dir = Dir::new();
    dir.write(
        "rows.jsonl",
        format!("{}\n{}\n", crate::program::row("x", "apples"), crate::program::row("y", "boats")),
    );
    let many = dir.run(&["explain", "rows.jsonl", "--html", "out.html"]);
    assert_eq!(many.code, 2);
    assert!(many.err.contains("--source"), "{}", many.err);
    for wanted in ["y", "2"] {
        let one = dir.run(&["explain", "rows.jsonl", "--source", wanted]);
        assert!(one.out.contains("boats") && !one.out.contains("apples"), "{}", one.out);
    }
    let run = dir.run(&["explain", "rows.jsonl", "--source", "2", "--html", "out.html"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(dir.read("out.html").contains("boats"));
    let none = dir.run(&["explain", "rows.jsonl", "--source", "z"]);
    assert_eq!(none.code, 2);
    assert!(none.err.contains("\"z\""), "{}", none.err);
}

#[test]
fn a_report_that_cannot_be_written_is_exit_code_4() {
    let dir = Dir::new();
    dir.write("page.html", page());
    let run = dir.run(&["explain", "page.html", "--html", "nowhere/report.html"]);
    assert_eq!(run.code, 4);
    assert!(run.err.contains("nowhere/report.html"), "{}", run.err);
}

#[test]
fn the_reference_date_is_that_of_clean() {
    let dir = Dir::new();
    let dated = page().replace("<body>", "<body><p class='byline'><span class='date'>3 days ago</span></p>");
    dir.write("page.html", dated);
    let day = ["--reference-date", "2024-05-10"];
    let record =
        dir.run(&[&["clean", "--format", "jsonl", "page.html"], &day[..]].concat()).records().remove(0);
    let shown = dir.run(&[&["explain", "page.html"], &day[..]].concat());
    assert_eq!((shown.code, shown.err.as_str()), (0, ""));
    let date = shown.out.lines().find_map(|line| line.trim_start().strip_prefix("date "));
    assert_eq!(date.and_then(|line| line.split_whitespace().next()), record["date"].as_str());
    assert_eq!(record["date"], "2024-05-07");
    assert_eq!(dir.run(&["explain", "page.html", "--reference-date", "yesterday"]).code, 2);
}
