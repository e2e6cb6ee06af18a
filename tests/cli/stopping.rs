//! Ends that are not the end of the input: closed pipes, signals. And that nothing waits for the end.

use crate::program::{Dir, row};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};

fn lines(dir: &Dir, count: usize) -> String {
    let rows: String = (0..count).map(|n| row(&format!("row {n}"), "bridges") + "\n").collect();
    dir.write("rows.jsonl", &rows);
    rows
}

fn stderr(child: &mut Child) -> String {
    let mut text = String::new();
    child.stderr.take().expect("standard error").read_to_string(&mut text).expect("UTF-8");
    text
}

#[test]
fn a_closed_pipe_is_no_error() {
    let dir = Dir::new();
    lines(&dir, 2000);
    for jobs in ["1", "3"] {
        let args = ["clean", "--format", "jsonl", "-j", jobs, "rows.jsonl"];
        let mut child = dir.command(&args).spawn().expect("the program");
        let mut first = String::new();
        BufReader::new(child.stdout.take().expect("standard output")).read_line(&mut first).expect("a line");
        assert!(first.contains("row 0"));
        assert_eq!(stderr(&mut child), "");
        assert_eq!(child.wait().expect("an end").code(), Some(0));
    }
}

#[test]
fn each_row_is_answered_before_the_next_is_asked_for() {
    let dir = Dir::new();
    for jobs in ["1", "3"] {
        let mut child = dir
            .command(&["clean", "--format", "jsonl", "-j", jobs])
            .stdin(Stdio::piped())
            .spawn()
            .expect("the program");
        let mut stdin = child.stdin.take().expect("standard input");
        let mut stdout = BufReader::new(child.stdout.take().expect("standard output"));
        for n in 0..5 {
            writeln!(stdin, "{}", row(&format!("row {n}"), "bridges")).expect("a row");
            stdin.flush().expect("a row");
            let mut line = String::new();
            stdout.read_line(&mut line).expect("a record");
            assert!(line.contains(&format!("row {n}")), "{line}");
        }
        drop(stdin);
        assert_eq!(child.wait().expect("an end").code(), Some(0));
    }
}

#[test]
fn what_a_killed_run_left_is_swept_by_the_next() {
    let dir = Dir::new();
    let args = ["clean", "--format", "jsonl", "-o", "out", "-j", "1"];
    let hidden = || dir.names("out").iter().filter(|name| name.starts_with('.')).count();
    let mut child = dir.command(&args).stdin(Stdio::piped()).spawn().expect("the program");
    let mut stdin = child.stdin.take().expect("standard input");
    // The second row is named on standard error, after the first was written.
    write!(stdin, "{}\n{{}}\n", row("first", "bridges")).expect("rows");
    stdin.flush().expect("rows");
    let mut stderr = BufReader::new(child.stderr.take().expect("standard error"));
    stderr.read_line(&mut String::new()).expect("a line");
    assert_eq!(dir.run_with(&["clean", "-o", "out"], b"A line.\n").code, 0);
    assert_eq!(hidden(), 1, "a run that goes on is left alone");
    child.kill().expect("killed");
    child.wait().expect("an end");
    assert_eq!(hidden(), 1);
    assert_eq!(dir.run_with(&args, row("first", "bridges").as_bytes()).code, 0);
    assert_eq!(hidden(), 0);
}

#[cfg(unix)]
#[test]
fn signals_end_with_their_codes_after_what_is_in_flight() {
    let dir = Dir::new();
    for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
        let mut child = dir
            .command(&["clean", "--format", "jsonl", "-j", "2"])
            .stdin(Stdio::piped())
            .spawn()
            .expect("the program");
        let mut stdin = child.stdin.take().expect("standard input");
        let mut stdout = BufReader::new(child.stdout.take().expect("standard output"));
        writeln!(stdin, "{}", row("only", "bridges")).expect("a row");
        stdin.flush().expect("a row");
        let mut line = String::new();
        stdout.read_line(&mut line).expect("a record");
        // It waits for the next row now; standard input stays open.
        let sent = Command::new("kill").args([signal, &child.id().to_string()]).status();
        assert!(sent.expect("kill").success());
        assert_eq!(child.wait().expect("an end").code(), Some(code));
        let mut rest = String::new();
        stdout.read_to_string(&mut rest).expect("the rest");
        assert_eq!(rest, "");
        assert!(stderr(&mut child).contains("stopped by a signal after 1 document, 0 of them failed"));
        drop(stdin);
    }
}
