//! What never depends on what, read from the source. Each check is tried on source that breaks it, too.

mod documents;
mod signatures;
mod source;

use source::{Mention, Source};
use std::fs;
use std::path::{Path, PathBuf};

/// A part of the crate and what it must not know.
struct Layer {
    /// Where its files begin, below `src`.
    files: &'static [&'static str],
    /// Paths it must not mention, with all below them.
    never: &'static [&'static str],
    /// Words it must not contain.
    words: &'static [&'static str],
}

const HTML: &[&str] = &["html5ever", "scraper", "ego_tree"];

const LAYERS: &[Layer] = &[
    // Pure and total.
    Layer {
        files: &["clean/"],
        never: &[
            "std::fs",
            "std::env",
            "std::net",
            "std::process",
            "std::thread",
            "std::time",
            "std::io",
            "std::os",
            "tokio",
            "hyper",
            "reqwest",
            "rusqlite",
            "tempfile",
            "rand",
            "jiff::Zoned",
            "jiff::Timestamp",
            "jiff::tz",
            "httpdate",
            "tracing",
            "crate::fetch",
            "crate::input",
            "crate::job",
            "crate::store",
            "crate::cli",
        ],
        words: &[
            "async",
            "await",
            "println",
            "eprintln",
            "print",
            "eprint",
            "dbg",
            "Instant",
            "SystemTime",
            "RandomState",
        ],
    },
    // What the same text is: no disk, no network, no other part.
    Layer {
        files: &["dedup/"],
        never: &[
            "std::fs",
            "std::env",
            "std::net",
            "std::io",
            "std::time",
            "tokio",
            "reqwest",
            "rusqlite",
            "crate::clean",
            "crate::fetch",
            "crate::input",
            "crate::job",
            "crate::store",
            "crate::cli",
            "crate::record",
        ],
        words: &["async", "await", "Instant", "SystemTime", "RandomState"],
    },
    // Knows texts and records; no HTML, no network.
    Layer {
        files: &["store/"],
        never: &[
            "tokio",
            "hyper",
            "reqwest",
            "std::net",
            "std::env",
            "crate::clean",
            "crate::fetch",
            "crate::input",
            "crate::job",
            "crate::cli",
        ],
        words: &["async", "await"],
    },
    // URLs to bytes.
    Layer {
        files: &["fetch/"],
        never: &[
            "std::env",
            "std::fs",
            "rusqlite",
            "crate::clean",
            "crate::dedup",
            "crate::input",
            "crate::job",
            "crate::store",
            "crate::cli",
            "crate::record",
        ],
        words: &[],
    },
    // Files to bytes: of cleaning it knows only what a document may be said to be.
    Layer {
        files: &["input/"],
        never: &[
            "std::env",
            "std::net",
            "std::thread",
            "tokio",
            "reqwest",
            "rusqlite",
            "crate::dedup",
            "crate::fetch",
            "crate::job",
            "crate::store",
            "crate::cli",
            "crate::record",
        ],
        words: &["async", "await"],
    },
    Layer {
        files: &["record.rs", "json_lines.rs"],
        never: &[
            "std::fs",
            "std::env",
            "std::net",
            "std::time",
            "tokio",
            "crate::fetch",
            "crate::input",
            "crate::job",
            "crate::store",
            "crate::cli",
        ],
        words: &["async", "await"],
    },
    Layer { files: &["job/"], never: &["std::env", "crate::cli", "rusqlite", "reqwest"], words: &[] },
];

fn broken_layers(source: &Source, layer: &Layer) -> Vec<String> {
    let at = |line: usize, what: &str| format!("src/{}:{line}: {what}", source.path);
    if !layer.files.iter().any(|files| source.path.starts_with(files)) {
        return Vec::new();
    }
    let paths = source.mentions().into_iter().filter(|m| layer.never.iter().any(|never| m.is_in(never)));
    let words = source.tokens.iter().filter(|token| layer.words.contains(&token.text.as_str()));
    paths.map(|m| at(m.line, &m.path)).chain(words.map(|token| at(token.line, &token.text))).collect()
}

#[test]
fn no_part_knows_what_it_must_not() {
    let broken: Vec<String> =
        sources().iter().flat_map(|s| LAYERS.iter().flat_map(|l| broken_layers(s, l))).collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_part_has_its_limits_and_every_breach_is_seen() {
    for (path, text) in [
        ("clean/a.rs", "use std::{collections::HashMap, fs::{self, File}};"),
        ("clean/a.rs", "fn f() { let t = std::time::Duration::ZERO; }"),
        ("clean/weigh/a.rs", "use super::super::super::fetch::Stop;"),
        ("clean/a.rs", "async fn f() {}"),
        ("clean/a.rs", "fn f() { println!(\"x\") }"),
        ("dedup/a.rs", "use crate::{store};"),
        ("store/a.rs", "use crate::clean::Cleaned as C;"),
        ("fetch/a.rs", "use crate::{\n    dedup::exact,\n    clean};"),
        ("fetch/client/b.rs", "fn f(s: &crate::store::Store) {}"),
        ("input/a.rs", "pub use crate::fetch::Page;"),
        ("record.rs", "use crate::job::Plan;"),
        ("job/run.rs", "use super::super::cli;"),
    ] {
        let source = Source::new(path, text);
        let seen: usize = LAYERS.iter().map(|layer| broken_layers(&source, layer).len()).sum();
        assert!(seen > 0, "{path}: {text}");
    }
    for (path, text) in [
        ("clean/a.rs", "// use std::fs;\n/* println!() */ const A: &str = \"async std::fs::read\";"),
        ("clean/a.rs", "#[cfg(test)]\nmod tests { use std::fs; fn f() { println!(\"}\") } }\nfn g() {}"),
        ("clean/a.rs", "use crate::record::Verdict; use super::block::Block; let c = '\"'; let l: &'a str;"),
        ("store/a.rs", "use super::pack; use std::fs; fn clean() {}"),
        ("cli/a.rs", "use std::env; use crate::fetch;"),
    ] {
        let source = Source::new(path, text);
        let seen: Vec<String> = LAYERS.iter().flat_map(|layer| broken_layers(&source, layer)).collect();
        assert!(seen.is_empty(), "{path}: {text}: {seen:?}");
    }
    let folders: Vec<String> =
        sources().iter().filter_map(|s| Some(s.path.split_once('/')?.0.to_owned())).collect();
    for folder in folders.iter().filter(|folder| *folder != "cli") {
        let files = format!("{folder}/");
        assert!(LAYERS.iter().any(|l| l.files.contains(&files.as_str())), "src/{folder} has no limits here");
    }
}

/// What only some files may mention.
const ONLY: &[(&[&str], &[&str])] = &[
    (&["reqwest", "rustls"], &["fetch/client.rs", "fetch/client/"]),
    (&["rusqlite"], &["store/"]),
    (HTML, &["clean/"]),
    (&["clap", "crate::cli"], &["cli/", "lib.rs"]),
];

fn strays(source: &Source) -> Vec<String> {
    let stray = |mention: &Mention| {
        ONLY.iter().any(|(names, files)| {
            names.iter().any(|name| mention.is_in(name))
                && !files.iter().any(|file| source.path.starts_with(file))
        })
    };
    let mentions = source.mentions().into_iter().filter(stray);
    mentions.map(|m| format!("src/{}:{}: {}", source.path, m.line, m.path)).collect()
}

#[test]
fn each_large_dependency_has_one_home() {
    let stray: Vec<String> = sources().iter().flat_map(strays).collect();
    assert!(stray.is_empty(), "{}", stray.join("\n"));
    for (path, text) in [
        ("fetch/errand.rs", "use reqwest::Client;"),
        ("job/keep.rs", "fn f(c: &rusqlite::Connection) {}"),
        ("input/warc.rs", "use scraper::{Html};"),
        ("store/mod.rs", "use clap::Args;"),
    ] {
        assert_eq!(strays(&Source::new(path, text)).len(), 1, "{path}: {text}");
    }
    assert!(strays(&Source::new("fetch/client/lookup.rs", "use reqwest::dns::Name;")).is_empty());
}

const RULES: &str = "crate::clean::weigh::rules";
/// What a rule may use: the block, the table, its own sight. Everything else in the folder is a rule.
const SHARED: &[&str] = &["words", "sight", "mod"];

/// What a rule knows besides blocks, folded text, words and sight.
fn rule_imports(source: &Source) -> Vec<String> {
    let Some(name) = source.path.strip_prefix("clean/weigh/rules/").and_then(|f| f.strip_suffix(".rs"))
    else {
        return Vec::new();
    };
    if SHARED.contains(&name) {
        return Vec::new();
    }
    let own = source.module();
    let foreign = |m: &Mention| {
        let below = m.path.strip_prefix(RULES).and_then(|rest| rest.strip_prefix("::"));
        let first = below.and_then(|rest| rest.split("::").next()).unwrap_or("");
        let another_rule =
            first.starts_with(char::is_lowercase) && !SHARED.contains(&first) && !m.is_in(&own);
        let own_part = [RULES, "crate::clean::block", "crate::clean::fold"].iter().any(|part| m.is_in(part));
        another_rule || m.is_in("crate") && !own_part
    };
    let mentions = source.mentions().into_iter().filter(foreign);
    mentions.map(|m| format!("src/{}:{}: {}", source.path, m.line, m.path)).collect()
}

#[test]
fn a_rule_knows_no_other_rule() {
    let broken: Vec<String> = sources().iter().flat_map(rule_imports).collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    for text in ["use super::byline;", "use super::{Rule, tags::RULE};", "use crate::clean::parse::Tree;"] {
        assert_eq!(rule_imports(&Source::new("clean/weigh/rules/weather.rs", text)).len(), 1, "{text}");
    }
    let good = "use super::words::Hit; use super::{Rule, Sight}; use crate::clean::block::{Block, Region};";
    assert!(rule_imports(&Source::new("clean/weigh/rules/weather.rs", good)).is_empty());
}

const GRAB_BAGS: &[&str] = &["utils", "util", "helpers", "helper", "common", "types", "misc"];

fn untidy(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    let mut say = |line: usize, what: String| found.push(format!("src/{}:{line}: {what}", source.path));
    if let Some(name) = source.module().split("::").find(|part| GRAB_BAGS.contains(part)) {
        say(1, format!("a module named {name}: say what it is for"));
    }
    for mention in source.mentions().iter().filter(|m| m.path.ends_with("::*")) {
        say(mention.line, format!("use {}: name what you use", mention.path));
    }
    for pair in source.tokens.windows(3) {
        let words = [&pair[0].text, &pair[1].text, &pair[2].text].map(String::as_str);
        match words {
            ["static", "mut", _] => say(pair[0].line, "static mut".to_owned()),
            ["mod", name, _] if GRAB_BAGS.contains(&name) => say(pair[1].line, format!("mod {name}")),
            [".", "unwrap", "("] => say(pair[1].line, "unwrap: say what is wrong instead".to_owned()),
            // The word tables are compiled in, and a test reads every one.
            [".", "expect", "("] if source.path != "clean/weigh/rules/words.rs" => {
                say(pair[1].line, "expect: say what is wrong instead".to_owned());
            }
            _ => {}
        }
    }
    found
}

#[test]
fn the_house_is_tidy() {
    let found: Vec<String> = sources().iter().flat_map(untidy).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
    for (path, text) in [
        ("store/utils.rs", ""),
        ("store/helpers/mod.rs", ""),
        ("store/a.rs", "mod types { fn f() {} }"),
        ("store/a.rs", "use super::pack::*;"),
        ("store/a.rs", "use std::{fs::*, io};"),
        ("store/a.rs", "static mut COUNT: u8 = 0;"),
        ("store/a.rs", "fn f() { x.unwrap() }"),
        ("store/a.rs", "fn f() { x.expect(\"y\") }"),
    ] {
        assert!(!untidy(&Source::new(path, text)).is_empty(), "{path}: {text}");
    }
    let good = "/// `*`\nfn f(a: &mut u8) -> u8 { a.unwrap_or(2 * 3) }\nstatic A: u8 = 1;";
    assert!(untidy(&Source::new("store/a.rs", good)).is_empty());
}

/// Sleeps in tests, but for the hostile server, whose slowness is what is tested.
#[test]
fn no_test_waits_by_the_clock() {
    let sleeps =
        |text: &str| source::tokens(text).windows(2).any(|t| t[0].text == "sleep" && t[1].text == "(");
    for (path, text) in files_below("tests") {
        assert!(
            path == "support/hostile.rs" || !sleeps(&text),
            "tests/{path} sleeps; wait for what happens instead"
        );
    }
    assert!(sleeps("std::thread::sleep(x)") && !sleeps("// sleep(x)\nlet sleep = \"sleep(\";"));
}

/// Lines with code on them, tests not counted.
const LONGEST: usize = 400;

#[test]
fn no_file_is_two_things() {
    for source in sources() {
        let mut lines: Vec<usize> = source.tokens.iter().map(|token| token.line).collect();
        lines.dedup();
        assert!(lines.len() <= LONGEST, "src/{}: {} lines of code; split it", source.path, lines.len());
    }
}

#[test]
fn every_module_says_what_it_is_for() {
    for (path, text) in files() {
        let named = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("");
        let own_word = named.starts_with("//!") || path == "main.rs" || path.ends_with("/tests.rs");
        assert!(own_word, "src/{path} does not open with `//!`");
    }
}

fn sources() -> Vec<Source> {
    files().iter().map(|(path, text)| Source::new(path, text)).collect()
}

fn files() -> Vec<(String, String)> {
    let files = files_below("src");
    assert!(files.len() > 100, "the source was not found");
    files
}

/// Every Rust file below a folder of the repository, by path, with its text.
fn files_below(top: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(top);
    let mut folders = vec![root.clone()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the source") {
            let path: PathBuf = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let below = path.strip_prefix(&root).expect("below src").to_string_lossy().replace('\\', "/");
                files.push((below, fs::read_to_string(&path).expect("source text")));
            }
        }
    }
    files.sort();
    files
}
