//! Documents made to hang, blow up or overflow a parser, through the program itself: each ends soon, within
//! the memory promised, with its row in the output; where it was cut, the row says so.

use serde_json::Value;
use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Generous for a debug build on a busy machine; an optimised build needs less than two seconds.
const PATIENCE: Duration = Duration::from_secs(60);

/// What one document may take, in KiB.
const MEMORY: u64 = 256 * 1024;

struct Outcome {
    record: Value,
    took: Duration,
    /// The most memory it ever held, in KiB; `None` where the system does not tell.
    peak: Option<u64>,
}

/// Cleans one document with the program.
fn clean(name: &str, content: &str) -> Outcome {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = dir.path().join(name);
    fs::write(&path, content).expect("a file");
    let out = fs::File::create(dir.path().join("out.jsonl")).expect("a file");
    let begun = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_tamis"))
        .args(["clean", "--format", "jsonl", "-j", "1"])
        .arg(&path)
        .stdin(Stdio::null())
        .stdout(out)
        .stderr(Stdio::null())
        .spawn()
        .expect("the program");
    let mut peak = None;
    let status = loop {
        peak = high_water(child.id()).or(peak);
        if let Some(status) = child.try_wait().expect("its state") {
            break status;
        }
        if begun.elapsed() > PATIENCE {
            child.kill().expect("it can be stopped");
            child.wait().expect("its end");
            panic!("{name}: no end after {PATIENCE:?}, peak {peak:?} KiB");
        }
        // Sampling, not waiting for anything: the end is seen whenever it comes.
        std::thread::sleep(Duration::from_millis(2));
    };
    let took = begun.elapsed();
    let code = status.code().unwrap_or_else(|| panic!("{name}: killed, {status}"));
    assert!(code == 0 || code == 1, "{name}: exit code {code}");
    let rows = fs::read_to_string(dir.path().join("out.jsonl")).expect("its output");
    let mut lines = rows.lines();
    let (Some(row), None) = (lines.next(), lines.next()) else {
        panic!("{name}: {} rows for one document", rows.lines().count())
    };
    let record: Value = serde_json::from_str(row).expect("a JSON line");
    let failed = record["verdict"] == "error";
    assert_eq!(code == 1, failed, "{name}: exit code and verdict disagree");
    assert_eq!(failed, record["error"].is_string(), "{name}: verdict {} without a word", record["verdict"]);
    println!(
        "{name:<32} {:>8} bytes {:>7.2} s {:>6} MiB  {} {}",
        content.len(),
        took.as_secs_f32(),
        peak.unwrap_or(0) / 1024,
        record["verdict"],
        record["error"]
    );
    if let Some(peak) = peak {
        assert!(peak <= MEMORY, "{name}: took {} MiB", peak / 1024);
    }
    Outcome { record, took, peak }
}

/// The most resident memory a running process ever had, in KiB.
fn high_water(id: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
