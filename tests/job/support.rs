//! A small web server on loopback whose answers the test decides, and the program under test.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;

/// What a test answers to one request.
pub struct Reply {
    pub status: &'static str,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Reply {
    pub fn html(body: impl Into<String>) -> Self {
        Self {
            status: "200 OK",
            headers: vec![("Content-Type".into(), "text/html; charset=utf-8".into())],
            body: body.into(),
        }
    }

    pub fn text(body: impl Into<String>) -> Self {
        Self {
            status: "200 OK",
            headers: vec![("Content-Type".into(), "text/plain".into())],
            body: body.into(),
        }
    }

    pub fn status(status: &'static str) -> Self {
        Self { status, headers: Vec::new(), body: String::new() }
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }
}

/// A request: its path and its header lines in lower case.
pub struct Request {
    pub path: String,
    pub headers: Vec<String>,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            (key == name).then(|| value.trim())
        })
    }
}

/// Serves `answer` on a free port of 127.0.0.1 until the test ends; returns the address.
pub fn serve(answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let answer = Arc::new(answer);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = Arc::clone(&answer);
            std::thread::spawn(move || {
                let _ = exchange(stream, &*answer);
            });
        }
    });
    base
}

fn exchange(stream: TcpStream, answer: &dyn Fn(&Request) -> Reply) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut headers = Vec::new();
    for line in lines {
        let line = line?;
        if line.is_empty() {
            break;
        }
        headers.push(line.to_ascii_lowercase());
    }
    let reply = answer(&Request { path, headers });
    let mut out = stream;
    write!(out, "HTTP/1.1 {}\r\nConnection: close\r\n", reply.status)?;
    if reply.status != "304 Not Modified" {
        write!(out, "Content-Length: {}\r\n", reply.body.len())?;
    }
    for (name, value) in &reply.headers {
        write!(out, "{name}: {value}\r\n")?;
    }
    write!(out, "\r\n{}", reply.body)?;
    out.flush()
}

/// An article about `topic`, long enough to be one, that shares few words with other topics.
pub fn article(topic: &str) -> String {
    let sentence = |n: usize| {
        format!(
            "In {topic}{n} the {topic} keeper of house {n} said that the {topic} would be mended with {topic}{n} before \
             winter, and that nobody in {topic} street number {n} had complained about the {topic} since {topic}{n} came."
        )
    };
    let paragraph = |from: usize| format!("<p>{} {}</p>", sentence(from), sentence(from + 1));
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><title>The {topic} story</title></head><body><article>\
         <h1>The {topic} story</h1>{}{}{}</article></body></html>",
        paragraph(1),
        paragraph(3),
        paragraph(5)
    )
}

/// The program, from `dir`.
pub fn tamis(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tamis"));
    command.current_dir(dir).stdin(Stdio::null()).env_remove("TAMIS_LOG");
    command
}

/// `tamis fetch` into `store` with loopback allowed and no pause.
pub fn fetch(dir: &Path) -> Command {
    let mut command = tamis(dir);
    command.args(["fetch", "--store", "store", "--allow-net", "127.0.0.0/8", "--delay", "0"]);
    command.args(["--report", "report.json", "--ledger", "ledger.jsonl"]);
    command
}

pub fn spawn(command: &mut Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

pub fn signal(child: &Child, name: &str) {
    let status = Command::new("kill").arg(format!("-{name}")).arg(child.id().to_string()).status();
    assert!(status.unwrap().success());
}

pub fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The report, after the equation was checked.
pub fn report(path: &Path) -> serde_json::Value {
    let report: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let sum = |key: &str| -> u64 {
        let counts = report[key].as_object().unwrap().values();
        counts.map(|n| n.as_u64().unwrap()).sum()
    };
    let one = |key: &str| report[key].as_u64().unwrap();
    assert_eq!(
        one("inputs"),
        one("stored") + one("unchanged") + one("duplicate") + sum("skipped") + sum("failed"),
        "{report}"
    );
    report
}

/// The ledger's lines.
pub fn ledger(path: &Path) -> Vec<serde_json::Value> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
