//! What the documents promise, against the program and its library.

use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use tamis::clean::parse::Budget;
use tamis::clean::repair::Repair;
use tamis::clean::weigh::model;
use tamis::fetch::Settings;
use tamis::record::{Evidence, Kind, Record, Repaired, Verdict};

fn document(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn tamis(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_tamis"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the program");
    assert!(output.status.success(), "tamis {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The first table after `before`, as rows of trimmed cells, its head left out.
fn table(text: &str, before: &str) -> Vec<Vec<String>> {
    let after = text.split_once(before).unwrap_or_else(|| panic!("no {before:?}")).1;
    let lines =
        after.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
    lines.skip(2).map(cells).collect()
}

/// What stands between backticks.
fn quoted(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The options a command's help names, with their defaults.
fn options(help: &str) -> Vec<(String, Option<String>)> {
    let mut found: Vec<(String, Option<String>)> = Vec::new();
    for line in help.lines() {
        let word = line.trim_start().trim_start_matches("-o, ").trim_start_matches("-j, ");
        if line.starts_with(' ') && word.starts_with("--") {
            let name: String = word.chars().take_while(|c| *c == '-' || c.is_ascii_lowercase()).collect();
            found.push((name, None));
        }
        if let (Some(option), Some((_, rest))) = (found.last_mut(), line.split_once("[default: ")) {
            option.1 = rest.split_once(']').map(|(value, _)| value.to_owned());
        }
    }
    found.retain(|(name, _)| name != "--help");
    found
}

fn documented(readme: &str, command: &str) -> Vec<(String, Option<String>)> {
    let rows = table(readme, &format!("`tamis {command}`\n"));
    let option = |row: &Vec<String>| {
        let name = quoted(&row[0]).into_iter().find(|name| name.starts_with("--")).expect("an option");
        let default = Some(row[1].replace('`', "")).filter(|value| !value.is_empty());
        (name, default)
    };
    rows.iter().map(option).collect()
}

#[test]
fn the_options_in_the_readme_are_those_of_the_program() {
    let readme = document("README.md");
    for command in ["clean", "fetch"] {
        assert_eq!(documented(&readme, command), options(&tamis(&[command, "--help"])), "tamis {command}");
    }
    let help = "      --one <N>  Text [default: 2]\n  -j, --two\n          Long\n          [default: a b]\n      --help";
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(options(help), [("--one".to_owned(), some("2")), ("--two".to_owned(), some("a b"))]);
    let table = "`tamis x`\n\n| option | default | |\n|---|---|---|\n| `-j`, `--two` | `7` | |\n";
    assert_eq!(documented(table, "x"), [("--two".to_owned(), some("7"))]);
}

#[test]
fn the_example_in_the_readme_is_what_the_program_says() {
    let readme = document("README.md");
    let example =
        readme.split("```console\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a block");
    let (command, said) = example.split_once('\n').expect("a command and its output");
    let arguments: Vec<&str> = command.strip_prefix("$ tamis ").expect("a command").split(' ').collect();
    assert_eq!(tamis(&arguments), said);

    let record = readme.lines().find(|line| line.starts_with("{\"source\"")).expect("the record");
    let shown: Value = serde_json::from_str(record).expect("JSON");
    let mut real: Value =
        serde_json::from_str(&tamis(&["clean", "--format", "jsonl", arguments[1]])).expect("JSON");
    real.as_object_mut().expect("an object").remove("text");
    // A confidence of 1 may be written as 1 or 1.0.
    real["lang_confidence"] = Value::from(1);
    assert_eq!(shown, real);
}

/// Every command line in the README's `sh` blocks that runs this program.
fn command_lines(readme: &str) -> Vec<Vec<String>> {
    let blocks = readme.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    let lines = blocks.flat_map(str::lines).filter_map(|line| Some(line.split_once("tamis ")?.1));
    lines
        .map(|line| {
            let line = line.split(" #").next().unwrap_or("").split(" > ").next().unwrap_or("");
            line.split_whitespace().map(|word| word.replace('\'', "")).collect()
        })
        .collect()
}

#[test]
fn the_commands_in_the_readme_have_the_options_they_name() {
    let lines = command_lines(&document("README.md"));
    assert!(lines.len() > 12, "{} command lines", lines.len());
    for words in lines {
        let depth = if words[0] == "store" { 2 } else { 1 };
        let mut help: Vec<&str> = words.iter().take(depth).map(String::as_str).collect();
        help.push("--help");
        let known = tamis(&help);
        for option in words.iter().filter(|word| word.starts_with("--")) {
            assert!(
                known.contains(&format!("{option} ")) || known.contains(&format!("{option}\n")),
                "{words:?}"
            );
        }
    }
}

#[test]
fn the_two_set_up_commands_are_the_readme_s_and_the_checks_run_them() {
    let readme = document("README.md");
    let set_up = readme.split_once("## Set up").expect("a section").1;
    let block = set_up.split("```sh\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a block");
    let commands: Vec<&str> = block.lines().collect();
    assert_eq!(commands, ["cargo run --release -- demo", "cargo test --workspace --locked"]);
    let checks = document(".ci/run");
    assert!(checks.lines().any(|line| line == commands[1]));
    assert!(checks.contains("cargo run --release --locked -- demo"));
}

#[test]
fn the_limits_in_the_readme_are_the_code_s() {
    let (fetch, mib) = (Settings::default(), 1024 * 1024);
    let limits = fetch.limits;
    let code = [
        ("document read by `clean`", format!("{} MiB", tamis::input::DOCUMENT_LIMIT / mib)),
        ("body on the wire", format!("{} MiB", limits.wire / mib as u64)),
        ("body after decompression", format!("{} MiB", limits.decoded / mib as u64)),
        ("expansion, bytes out for a byte in", limits.ratio.to_string()),
        ("time for one request and its answer", format!("{} s", limits.total.as_secs())),
        ("redirects", fetch.max_redirects.to_string()),
        ("retries after a passing failure", fetch.retries.to_string()),
        ("elements and texts in a page", Budget::default().nodes.to_string()),
    ];
    let readme = document("README.md");
    for (name, value) in &code {
        assert!(readme.contains(&format!("| {name} | {value} |")), "{name}: {value}");
    }
}

#[test]
fn the_politeness_of_the_written_configuration_is_the_default() {
    let fetch = Settings::default();
    let written: toml::Value = toml::from_str(&document("src/cli/init/tamis.toml")).expect("TOML");
    let politeness = &written["politeness"];
    assert_eq!(politeness["delay"].as_float(), Some(fetch.delay.as_secs_f64()));
    assert_eq!(politeness["per_host"].as_integer(), Some(fetch.per_host as i64));
    assert_eq!(politeness["jobs"].as_integer(), Some(fetch.jobs as i64));
    let help = options(&tamis(&["fetch", "--help"]));
    for (option, value) in [
        ("--delay", fetch.delay.as_secs().to_string()),
        ("--per-host", fetch.per_host.to_string()),
        ("--jobs", fetch.jobs.to_string()),
    ] {
        assert!(help.contains(&(option.to_owned(), Some(value))), "{option} in {help:?}");
    }
}

/// The names an enum is written with: serde lists them when it meets another.
fn names<T: serde::de::DeserializeOwned>() -> Vec<String> {
    let error = serde_json::from_str::<T>("\"?\"").err().expect("no such name").to_string();
    quoted(&error)
        .into_iter()
        .filter(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '-'))
        .collect()
}

#[test]
fn the_record_in_the_readme_is_the_library_s() {
    let readme = document("README.md");
    let repaired =
        Repaired { repair: String::new(), was: String::new(), now: String::new(), start: None, end: None };
    let full = Record {
        markdown: Some(String::new()),
        duplicate_of: Some(String::new()),
        near_duplicate_of: Some(String::new()),
        removed: Some(Vec::new()),
        repairs: [(String::new(), 1)].into(),
        repaired: vec![repaired],
        modified: Some(String::new()),
        canonical: Some(String::new()),
        description: Some(String::new()),
        tags: vec![String::new()],
        license: Some(String::new()),
        image: Some(String::new()),
        evidence: Some(Evidence::default()),
        ..Record::failed(String::new(), None, String::new())
    };
    let full = serde_json::to_value(full).expect("JSON");
    let code: BTreeSet<&str> = full.as_object().expect("an object").keys().map(String::as_str).collect();
    let rows = table(&readme, "## The record");
    let said: Vec<String> = rows.iter().flat_map(|row| quoted(&row[0])).collect();
    assert_eq!(said.iter().map(String::as_str).collect::<BTreeSet<_>>(), code);

    let paragraph = |start: &str| {
        let text = readme.split("\n\n").find(|text| text.starts_with(start)).expect("a paragraph");
        quoted(text).into_iter().skip(1).collect::<BTreeSet<String>>()
    };
    assert_eq!(paragraph("`kind`:"), names::<Kind>().into_iter().collect());
    assert_eq!(paragraph("`verdict`:"), names::<Verdict>().into_iter().collect());
}

#[test]
fn the_repairs_in_the_readme_and_the_help_are_the_library_s() {
    let code: Vec<&str> = Repair::ALL.into_iter().map(Repair::name).collect();
    let rows = table(&document("README.md"), "## Repairs");
    let said: Vec<String> = rows.iter().flat_map(|row| quoted(&row[0])).collect();
    assert_eq!(said, code);
    let help = tamis(&["clean", "--help"]).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(help.contains(&code.join(", ")), "{help}");
}

#[test]
fn the_exit_codes_in_the_readme_are_those_of_the_help() {
    let squeeze = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let help = squeeze(&tamis(&["--help"]));
    let rows = table(&document("README.md"), "`NO_COLOR` is honoured.");
    assert_eq!(rows.len(), 6);
    for row in rows {
        let said = format!("{} {}", row[0].replace(',', ""), row[1]);
        assert!(help.contains(&squeeze(&said)), "{said}");
    }
}

#[test]
fn the_documents_name_files_that_are_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "train/README.md"] {
        for word in quoted(&document(name)) {
            let path = word.trim_end_matches('/');
            let looks_like_one =
                ["src/", "tests/", "fixtures/", "train/", ".ci/"].iter().any(|top| path.starts_with(top));
            if looks_like_one && !path.contains(['*', ' ', '<', 'X']) {
                assert!(root.join(path).exists(), "{name} speaks of {word}, which is not there");
            }
        }
    }
}

#[test]
fn the_figures_in_the_readme_are_those_of_the_models() {
    let readme = document("README.md");
    let (html, text) = (&model::HTML.header.scores, &model::TEXT.header.scores);
    for (begins, score) in [
        ("| wcxb,", html["wcxb"]),
        ("| aed,", html["aed"]),
        ("| daniel,", html["daniel"]),
        ("| magic,", html["magic"]),
        ("| 2,461 of these pages as text", text["text"]),
    ] {
        let line = readme.lines().find(|l| l.starts_with(begins)).expect(begins);
        let shown = format!("**{}**", format!("{score:.3}").trim_start_matches('0'));
        assert!(line.contains(&shown), "{line}: the model's header says {score}");
    }
}
