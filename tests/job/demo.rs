//! `tamis demo` from outside: it tells the truth, and what it says to do next works.

use crate::support::{code, ledger, report, stderr, tamis};
use std::fs;

#[test]
fn the_demo_tells_the_truth_and_its_second_run_adds_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let output = tamis(dir.path()).args(["demo", "here"]).output().unwrap();
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let text = String::from_utf8(output.stdout).unwrap();
    let here = dir.path().join("here");

    let first = report(&here.join("runs/1.report.json"));
    assert_eq!(first["inputs"], 16);
    assert_eq!(first["duplicate"], 1);
    assert_eq!(first["near_duplicate"], 1);
    assert_eq!(first["skipped"]["robots"], 1);
    assert_eq!(first["skipped"]["duplicate-url"], 1);
    assert_eq!(first["skipped"]["not-found"], 1, "an error page that says 200 OK");
    assert_eq!(first["failed"], serde_json::json!({"http-404": 1}));
    let second = report(&here.join("runs/2.report.json"));
    assert_eq!(second["inputs"], 16);
    assert_eq!((second["stored"].as_u64(), second["duplicate"].as_u64()), (Some(0), Some(0)));
    let kept = first["stored"].as_u64().unwrap() + first["duplicate"].as_u64().unwrap();
    assert_eq!(second["unchanged"], kept);
    assert_eq!(ledger(&here.join("runs/1.ledger.jsonl")).len(), 16);

    assert!(text.contains(&format!("16 inputs: {} stored", first["stored"])), "{text}");
    assert!(text.contains(&format!("16 inputs: {kept} unchanged")), "{text}");
    assert!(text.lines().count() <= 68, "{} lines\n{text}", text.lines().count());
    assert!(!text.contains('\u{1b}'), "no colours without a terminal");
    let long = text.lines().filter(|line| line.chars().count() > 80);
    // The program's own path may be.
    assert!(long.clone().all(|line| line.ends_with('\\')), "{:?}", long.collect::<Vec<_>>());
}

#[test]
fn the_commands_it_shows_work() {
    let dir = tempfile::tempdir().unwrap();
    let output = tamis(dir.path()).args(["demo", "here"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let whole = text.replace("\\\n", " ");
    let exe = std::fs::canonicalize(env!("CARGO_BIN_EXE_tamis")).unwrap();
    let is_tamis = |word: &str| dir.path().join(word).canonicalize().is_ok_and(|path| path == exe);
    let commands: Vec<&str> = whole
        .lines()
        .filter_map(|line| line.strip_prefix("  ")?.split_once(' '))
        .filter(|(program, command)| is_tamis(program) && !command.contains("https://"))
        .map(|(_, command)| command)
        .collect();
    assert!(commands.len() == 5, "{text}");
    for command in commands {
        let output = tamis(dir.path()).args(command.split_whitespace()).output().unwrap();
        assert_eq!(code(&output), 0, "{command}: {}", stderr(&output));
        assert!(!output.stdout.is_empty(), "{command}");
    }
}

#[test]
fn a_folder_with_something_in_it_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("mine"), "").unwrap();
    let output = tamis(dir.path()).args(["demo", "."]).output().unwrap();
    assert_eq!(code(&output), 2);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
}
