//! `tamis fetch` from outside: a loopback site, the program, its report, its ledger, its exit code.

use crate::support::{Reply, article, code, fetch, ledger, report, serve, signal, spawn, stderr, tamis};
use serde_json::json;
use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};

/// Pages with validators, a robots.txt, and some trouble.
fn site() -> String {
    serve(|request| match request.path.as_str() {
        "/robots.txt" => Reply::text("User-agent: *\nDisallow: /private\n"),
        "/apples" | "/copy-of-apples" => match request.header("if-none-match") {
            Some("\"a1\"") => Reply::status("304 Not Modified"),
            _ => Reply::html(article("apple")).with("ETag", "\"a1\""),
        },
        // No validator: recognised by its text.
        "/pears" => Reply::html(article("pear")),
        "/picture" => Reply::text("\u{89}PNG").with("X-Lie", "yes"),
        "/pdf" => Reply {
            headers: vec![("Content-Type".into(), "application/pdf".into())],
            ..Reply::text("%PDF-1.4")
        },
        "/moved" => Reply::status("301 Moved Permanently").with("Location", "/plums"),
        "/plums" => Reply::html(article("plum")),
        _ => Reply::status("404 Not Found"),
    })
}

#[test]
fn every_line_of_a_list_ends_in_exactly_one_place_and_the_second_run_adds_nothing() {
    let base = site();
    let dir = tempfile::tempdir().unwrap();
    let list = format!(
        "# fruit\r\n{base}/apples\r\n\r\n{base}/copy-of-apples\r\n{base}/pears\r\n{base}/apples\r\n{base}/moved\r\n\
         {base}/private/x\r\n{base}/pdf\r\n{base}/gone\r\nnot a url\r\n"
    );
    fs::write(dir.path().join("list.txt"), list).unwrap();

    let output = fetch(dir.path()).args(["--list", "list.txt"]).output().unwrap();
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    let first = report(&dir.path().join("report.json"));
    assert_eq!(first["inputs"], 9);
    assert_eq!(first["stored"], 3);
    assert_eq!(first["duplicate"], 1);
    assert_eq!(first["unchanged"], 0);
    assert_eq!(first["skipped"], json!({"content-type": 1, "duplicate-url": 1, "robots": 1}));
    assert_eq!(first["failed"], json!({"bad-url": 1, "http-404": 1}));
    assert!(stderr(&output).contains(&format!("{base}/gone: http-404")), "{}", stderr(&output));
    assert!(stderr(&output).contains("list.txt, line 11"), "{}", stderr(&output));
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("9 inputs: 3 stored, 1 duplicate"));

    let lines = ledger(&dir.path().join("ledger.jsonl"));
    assert_eq!(lines.len(), 9);
    let find = |end: &str, state: &str| {
        let url = format!("{base}{end}");
        let found = lines.iter().find(|line| line["url"] == url && line["state"] == state);
        found.unwrap_or_else(|| panic!("no {state} line for {url}: {lines:#?}"))
    };
    assert_eq!(find("/apples", "skipped")["reason"], "duplicate-url");
    assert_eq!(find("/copy-of-apples", "duplicate")["duplicate_of"], format!("{base}/apples"));
    assert_eq!(find("/copy-of-apples", "duplicate")["id"], find("/apples", "stored")["id"]);
    assert_eq!(find("/moved", "stored")["final_url"], format!("{base}/plums"));
    assert_eq!(find("/gone", "failed")["http_status"], 404);
    assert_eq!(find("/private/x", "skipped")["reason"], "robots");

    let output = fetch(dir.path()).args(["--list", "list.txt"]).output().unwrap();
    assert_eq!(code(&output), 1);
    let second = report(&dir.path().join("report.json"));
    assert_eq!(second["stored"], 0);
    assert_eq!(second["duplicate"], 0);
    assert_eq!(second["unchanged"], 4);
    assert_eq!(second["skipped"], first["skipped"]);
    let lines = ledger(&dir.path().join("ledger.jsonl"));
    let statuses: Vec<_> = lines
        .iter()
        .filter(|line| line["state"] == "unchanged")
        .map(|line| line["http_status"].as_u64().unwrap())
        .collect();
    assert_eq!(statuses.iter().filter(|status| **status == 304).count(), 2);
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 2);
}

#[test]
fn a_page_that_changed_is_stored_again() {
    let asked = Arc::new(AtomicUsize::new(0));
    let base = serve({
        let asked = Arc::clone(&asked);
        move |request| match request.path.as_str() {
            "/page" => match asked.fetch_add(1, Ordering::SeqCst) {
                0 => Reply::html(article("summer")),
                _ => Reply::html(article("winter")),
            },
            _ => Reply::status("404 Not Found"),
        }
    });
    let dir = tempfile::tempdir().unwrap();
    for run in 1..=3 {
        let output = fetch(dir.path()).arg(format!("{base}/page")).output().unwrap();
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        let report = report(&dir.path().join("report.json"));
        assert_eq!(report["stored"], u64::from(run < 3), "run {run}");
        assert_eq!(report["unchanged"], u64::from(run == 3), "run {run}");
    }
}

#[test]
fn lists_may_be_sitemaps_feeds_and_standard_input() {
    let base = serve(|request| {
        let host = request.header("host").unwrap_or_default().to_owned();
        let xml = |body: String| Reply {
            headers: vec![("Content-Type".into(), "application/xml".into())],
            ..Reply::text(body)
        };
        match request.path.as_str() {
            "/index.xml" => xml(format!(
                "<sitemapindex><sitemap><loc>http://{host}/map.xml</loc></sitemap></sitemapindex>"
            )),
            "/map.xml" => xml(format!("<urlset><url><loc>http://{host}/one</loc></url></urlset>")),
            "/feed" => xml(format!(
                "<rss version=\"2.0\"><channel><item><link>http://{host}/two</link></item></channel></rss>"
            )),
            "/one" => Reply::html(article("one")),
            "/two" => Reply::html(article("two")),
            "/three" => Reply::html(article("three")),
            _ => Reply::status("404 Not Found"),
        }
    });
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("in"), format!("{base}/three\n")).unwrap();
    let output = fetch(dir.path())
        .args(["--list", &format!("{base}/index.xml"), "--list", &format!("{base}/feed")])
        .args(["--list", "-"])
        .stdin(fs::File::open(dir.path().join("in")).unwrap())
        .output()
        .unwrap();
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(report(&dir.path().join("report.json"))["stored"], 3);
}

#[test]
fn a_list_that_cannot_be_had_is_one_failed_input_and_the_others_go_on() {
    let base = site();
    let dir = tempfile::tempdir().unwrap();
    let output = fetch(dir.path())
        .args(["--list", "nowhere.txt", "--list", &format!("{base}/no-list")])
        .arg(format!("{base}/pears"))
        .output()
        .unwrap();
    assert_eq!(code(&output), 1);
    let report = report(&dir.path().join("report.json"));
    assert_eq!(report["stored"], 1);
    assert_eq!(report["failed"], json!({"http-404": 1, "list": 1}));
    assert!(stderr(&output).contains("nowhere.txt"), "{}", stderr(&output));
}

#[test]
fn loopback_is_refused_unless_it_is_allowed() {
    let base = site();
    let dir = tempfile::tempdir().unwrap();
    let output = tamis(dir.path())
        .args(["fetch", "--store", "store", "--report", "report.json"])
        .arg(format!("{base}/pears"))
        .output()
        .unwrap();
    assert_eq!(code(&output), 1);
    let report = report(&dir.path().join("report.json"));
    assert_eq!(report["failed"], json!({"blocked-address": 1}));
    assert!(stderr(&output).contains("--allow-net"), "{}", stderr(&output));
}

#[test]
fn what_was_received_can_be_cleaned_again_to_the_same_ids() {
    let base = site();
    let dir = tempfile::tempdir().unwrap();
    let output = fetch(dir.path())
        .args(["--warc", "warc", &format!("{base}/apples"), &format!("{base}/moved")])
        .output()
        .unwrap();
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let mut stored: Vec<_> = ledger(&dir.path().join("ledger.jsonl"))
        .iter()
        .map(|line| line["id"].as_str().unwrap().to_owned())
        .collect();
    let output = tamis(dir.path()).args(["clean", "--format", "jsonl", "warc"]).output().unwrap();
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let text = String::from_utf8(output.stdout).unwrap();
    let mut again: Vec<String> = text
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|record| record["id"].as_str().unwrap().to_owned())
        .collect();
    stored.sort();
    again.sort();
    assert_eq!(again, stored);
}

#[test]
fn wrong_usage_is_exit_2_and_says_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    for (args, expected) in [
        (vec!["fetch", "--store", "s"], "nothing to fetch"),
        (vec!["fetch", "http://a.example/"], "--store"),
        (vec!["fetch", "--store", "s", "--delay=-1", "x"], "--delay"),
        (vec!["fetch", "--store", "s", "--allow-net", "10.0.0.0/99", "x"], "--allow-net"),
        (vec!["fetch", "--store", "s", "--user-agent", "\n", "x"], "user agent"),
    ] {
        let output = tamis(dir.path()).args(&args).output().unwrap();
        assert_eq!(code(&output), 2, "{args:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(expected), "{args:?}: {}", stderr(&output));
    }
}

#[test]
fn a_store_that_cannot_be_written_is_exit_4() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("store"), "a file").unwrap();
    let output = fetch(dir.path()).arg("http://127.0.0.1:9/").output().unwrap();
    assert_eq!(code(&output), 4, "{}", stderr(&output));
    assert!(stderr(&output).contains("store"), "{}", stderr(&output));
}

/// A server that tells when `/page/0` is asked for and answers it only when let go.
fn gated() -> (String, mpsc::Receiver<()>, mpsc::Sender<()>) {
    let (arrived, arrival) = mpsc::channel();
    let (go, gate) = mpsc::channel();
    let gate = Mutex::new(gate);
    let base = serve(move |request| match request.path.strip_prefix("/page/") {
        None => Reply::status("404 Not Found"),
        Some(number) => {
            if number == "0" {
                arrived.send(()).unwrap();
                // Ends too when the test is over and its end of the gate is gone.
                let _ = gate.lock().unwrap().recv();
            }
            Reply::html(article(&format!("topic{number}")))
        }
    });
    (base, arrival, go)
}

#[cfg(unix)]
#[test]
fn a_terminated_run_finishes_what_is_in_flight_and_accounts_for_the_rest() {
    let (base, arrival, go) = gated();
    let dir = tempfile::tempdir().unwrap();
    let list: String = (0..300).map(|n| format!("{base}/page/{n}\n")).collect();
    fs::write(dir.path().join("list.txt"), list).unwrap();
    let child = spawn(fetch(dir.path()).args(["--list", "list.txt"]));
    arrival.recv().unwrap();
    signal(&child, "TERM");
    go.send(()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(code(&output), 143, "{}", stderr(&output));
    let report = report(&dir.path().join("report.json"));
    assert_eq!(report["inputs"], 300);
    assert_eq!(report["stopped"], true);
    assert!(report["stored"].as_u64().unwrap() >= 1, "{report}");
    assert!(report["skipped"]["stopped"].as_u64().unwrap() >= 1, "{report}");
    assert_eq!(ledger(&dir.path().join("ledger.jsonl")).len(), 300);

    drop(go);
    let output = fetch(dir.path()).args(["--list", "list.txt"]).output();
    assert_eq!(code(&output.unwrap()), 0);
    let after = crate::support::report(&dir.path().join("report.json"));
    assert_eq!(after["unchanged"], report["stored"]);
    assert_eq!(after["stored"], report["skipped"]["stopped"]);
}

#[cfg(unix)]
#[test]
fn a_second_signal_ends_at_once() {
    let (base, arrival, _go) = gated();
    let dir = tempfile::tempdir().unwrap();
    let child = spawn(fetch(dir.path()).arg(format!("{base}/page/0")));
    arrival.recv().unwrap();
    // Two of a kind may arrive as one.
    signal(&child, "TERM");
    signal(&child, "INT");
    let output = child.wait_with_output().unwrap();
    assert!(matches!(code(&output), 130 | 143), "{}", stderr(&output));
    assert!(!dir.path().join("report.json").exists());
}

#[test]
fn a_second_run_over_the_same_store_is_refused_with_the_owner_named() {
    let (base, arrival, go) = gated();
    let dir = tempfile::tempdir().unwrap();
    let first = spawn(fetch(dir.path()).arg(format!("{base}/page/0")));
    arrival.recv().unwrap();
    let second = tamis(dir.path())
        .args(["fetch", "--store", "store", "--allow-net", "127.0.0.0/8"])
        .arg(format!("{base}/page/1"))
        .output()
        .unwrap();
    assert_eq!(code(&second), 3, "{}", stderr(&second));
    assert!(stderr(&second).contains(&first.id().to_string()), "{}", stderr(&second));

    let waiting = spawn(
        tamis(dir.path())
            .args(["fetch", "--wait", "--store", "store", "--allow-net", "127.0.0.0/8"])
            .arg(format!("{base}/page/1")),
    );
    go.send(()).unwrap();
    assert_eq!(code(&first.wait_with_output().unwrap()), 0);
    assert_eq!(code(&waiting.wait_with_output().unwrap()), 0);
}
