//! `tamis run` and `tamis init` from outside.

use crate::support::{Reply, article, code, report, serve, signal, spawn, stderr, tamis};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, mpsc};

fn config(dir: &Path, text: &str) -> PathBuf {
    let path = dir.join("tamis.toml");
    fs::write(&path, text).unwrap();
    path
}

fn polite(base: &str, more: &str) -> String {
    format!(
        "store = \"store\"\nreport = \"report.json\"\nledger = \"runs/{{started}}.jsonl\"\n\
         [sources]\nurls = [\"{base}/page\"]\n[politeness]\ndelay = 0.0\nallow_net = [\"127.0.0.0/8\"]\n{more}"
    )
}

fn one_page() -> String {
    serve(|request| match request.path.as_str() {
        "/page" => Reply::html(article("harbour")),
        _ => Reply::status("404 Not Found"),
    })
}

#[test]
fn a_mistake_in_the_configuration_is_exit_2_with_file_line_and_key() {
    let dir = tempfile::tempdir().unwrap();
    config(dir.path(), "store = \"store\"\n\n[schedule]\nevry = \"1h\"\n");
    let output = tamis(dir.path()).args(["run", "--once"]).output().unwrap();
    assert_eq!(code(&output), 2);
    let complaint = stderr(&output);
    assert!(complaint.contains("tamis.toml:4: unknown key `evry`; did you mean `every`?"), "{complaint}");

    let output = tamis(dir.path()).args(["run", "--config", "nowhere.toml"]).output().unwrap();
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("tamis init"), "{}", stderr(&output));
}

#[test]
fn one_run_reports_beside_its_configuration_from_wherever_it_is_started() {
    let base = one_page();
    let dir = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let path = config(dir.path(), &polite(&base, ""));
    for (stored, unchanged) in [(1, 0), (0, 1)] {
        // Without a schedule `run` ends by itself.
        let output = tamis(elsewhere.path()).arg("run").arg("--config").arg(&path).output().unwrap();
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        let report = report(&dir.path().join("report.json"));
        assert_eq!(report["stored"], stored);
        assert_eq!(report["unchanged"], unchanged);
    }
    assert!(fs::read_dir(dir.path().join("runs")).unwrap().count() >= 1);
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
}

#[test]
fn what_a_site_repeats_is_remembered_from_run_to_run() {
    const MOTTO: &str = "Every morning the baker of Tamoko opens the blue door and asks the first guest for a story about rain.";
    let base = serve(|request| match request.path.strip_prefix("/page") {
        Some(n) => Reply::text(format!(
            "The kettle number {n} was repaired on day {n} by two people who had never done it before.\n\
             Nobody in house {n} had asked for it, and yet number {n} was talked about for a week.\n\
             When it was done they wrote the bill, {n} coins, and nobody paid it in the year {n}.\n\n{MOTTO}\n"
        )),
        None => Reply::status("404 Not Found"),
    });
    let dir = tempfile::tempdir().unwrap();
    let urls: Vec<String> = (1..=8).map(|n| format!("\"{base}/page{n}\"")).collect();
    for (store, with_motto) in [("first", 8), ("second", 0)] {
        config(
            dir.path(),
            &format!(
                "store = \"{store}\"\n[sources]\nurls = [{}]\n[cleaning]\nsite_memory = \"sites.memory\"\n\
                 [politeness]\ndelay = 0.0\nallow_net = [\"127.0.0.0/8\"]\n",
                urls.join(", ")
            ),
        );
        let output = tamis(dir.path()).args(["run", "--once"]).output().unwrap();
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        let exported = tamis(dir.path()).args(["store", "export", store]).output().unwrap();
        let text = String::from_utf8(exported.stdout).unwrap();
        let records = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        let holds = |record: &serde_json::Value| record["text"].as_str().unwrap().contains("Tamoko");
        assert_eq!(records.filter(holds).count(), with_motto, "{text}");
    }
}

#[test]
fn logs_are_json_lines_where_there_is_no_terminal() {
    let base = serve(|_| Reply::status("404 Not Found"));
    let dir = tempfile::tempdir().unwrap();
    config(dir.path(), &polite(&base, ""));
    let output = tamis(dir.path()).args(["run", "--once"]).output().unwrap();
    assert_eq!(code(&output), 1);
    let log = stderr(&output);
    let lines: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let failure = lines.iter().find(|line| !line["class"].is_null()).unwrap();
    assert_eq!(failure["url"], format!("{base}/page"));
    assert_eq!(failure["class"], "http-404");
    assert_eq!(failure["level"], "WARN");
}

#[cfg(unix)]
#[test]
fn a_service_stays_up_and_stops_cleanly() {
    let (arrived, arrival) = mpsc::channel();
    let (go, gate) = mpsc::channel::<()>();
    let gate = Mutex::new(gate);
    let base = serve(move |request| match request.path.as_str() {
        "/page" => {
            arrived.send(()).unwrap();
            let _ = gate.lock().unwrap().recv();
            Reply::html(article("harbour"))
        }
        _ => Reply::status("404 Not Found"),
    });
    let dir = tempfile::tempdir().unwrap();
    config(dir.path(), &polite(&base, "[schedule]\nevery = \"1h\"\n"));
    let service = spawn(tamis(dir.path()).arg("run"));
    arrival.recv().unwrap();

    let second = tamis(dir.path()).arg("run").output().unwrap();
    assert_eq!(code(&second), 3, "{}", stderr(&second));
    assert!(stderr(&second).contains(&service.id().to_string()), "{}", stderr(&second));

    signal(&service, "TERM");
    go.send(()).unwrap();
    let output = service.wait_with_output().unwrap();
    assert_eq!(code(&output), 143, "{}", stderr(&output));
    assert_eq!(report(&dir.path().join("report.json"))["stored"], 1);
}

#[cfg(unix)]
#[test]
fn a_service_started_again_waits_for_its_tick() {
    let base = one_page();
    let dir = tempfile::tempdir().unwrap();
    let path = config(dir.path(), &polite(&base, "[schedule]\nevery = \"1h\"\n"));
    let output = tamis(dir.path()).args(["run", "--once"]).output().unwrap();
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let before = fs::read(dir.path().join("report.json")).unwrap();

    // The service says when it sleeps; only then is it stopped.
    let mut service = spawn(tamis(dir.path()).arg("run").arg("--config").arg(path));
    let mut log = std::io::BufReader::new(service.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("next run") {
        line.clear();
        assert!(std::io::BufRead::read_line(&mut log, &mut line).unwrap() > 0);
    }
    signal(&service, "TERM");
    assert_eq!(code(&service.wait_with_output().unwrap()), 143);
    assert_eq!(fs::read(dir.path().join("report.json")).unwrap(), before);
}

#[test]
fn what_init_writes_runs_and_is_not_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    let output = tamis(dir.path()).args(["init", "a job"]).output().unwrap();
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let job = dir.path().join("a job");
    for name in ["tamis.toml", "urls.txt", "tamis.service", "tamis.timer", "tamis.crontab"] {
        assert!(job.join(name).is_file(), "{name}");
    }

    // An empty list is a run with nothing in it.
    let output = tamis(dir.path()).args(["run", "--once", "--config", "a job/tamis.toml"]).output().unwrap();
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let runs: Vec<PathBuf> =
        fs::read_dir(job.join("runs")).unwrap().map(|entry| entry.unwrap().path()).collect();
    let written = runs.iter().find(|path| path.to_string_lossy().ends_with(".report.json")).unwrap();
    assert_eq!(report(written)["inputs"], 0);

    fs::write(job.join("tamis.toml"), "mine").unwrap();
    fs::write(job.join("urls.txt"), "mine").unwrap();
    let output = tamis(dir.path()).args(["init", "a job"]).output().unwrap();
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("tamis.toml"), "{}", stderr(&output));
    assert_eq!(fs::read_to_string(job.join("tamis.toml")).unwrap(), "mine");

    let output = tamis(dir.path()).args(["init", "--force", "a job"]).output().unwrap();
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_ne!(fs::read_to_string(job.join("tamis.toml")).unwrap(), "mine");
    assert_eq!(fs::read_to_string(job.join("urls.txt")).unwrap(), "mine");
}
