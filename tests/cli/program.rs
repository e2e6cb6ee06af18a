//! A folder of inputs and the program run in it.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// A fresh folder; the program runs in it.
pub struct Dir(TempDir);

/// What a run gave.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Dir {
    pub fn new() -> Dir {
        Dir(tempfile::tempdir().expect("a temporary folder"))
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> &Dir {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, content).expect("a file");
        self
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The names in a folder, sorted.
    pub fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path().join(folder)).expect("a folder");
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tamis"));
        command.args(args).current_dir(self.path()).env_remove("NO_COLOR");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub fn run(&self, args: &[&str]) -> Run {
        self.run_with(args, b"")
    }

    /// Runs the program with this on standard input.
    pub fn run_with(&self, args: &[&str], input: &[u8]) -> Run {
        let mut child = self.command(args).stdin(Stdio::piped()).spawn().expect("the program");
        let mut stdin = child.stdin.take().expect("standard input");
        let input = input.to_vec();
        // The program may end before it has read everything.
        let feed = std::thread::spawn(move || drop(stdin.write_all(&input)));
        let output = child.wait_with_output().expect("its output");
        feed.join().expect("the input");
        Run {
            code: output.status.code().expect("an exit code"),
            out: String::from_utf8(output.stdout).expect("UTF-8 on standard output"),
            err: String::from_utf8(output.stderr).expect("UTF-8 on standard error"),
        }
    }
}

impl Run {
    /// The records on standard output.
    pub fn records(&self) -> Vec<serde_json::Value> {
        self.out.lines().map(|line| serde_json::from_str(line).expect("a JSON line")).collect()
    }

    /// One field of every record.
    pub fn field(&self, name: &str) -> Vec<String> {
        let text = |record: serde_json::Value| record[name].as_str().unwrap_or("(none)").to_owned();
        self.records().into_iter().map(text).collect()
    }
}

/// A small article about `topic`, a word that must come out.
pub fn article(topic: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><title>About {topic}</title></head><body><article>\
         <h1>About {topic}</h1>\
         <p>The village council met on Tuesday evening to talk about {topic}, and after a long debate it was \
         decided that nothing would change before the end of the year.</p>\
         <p>Several speakers had asked for more time, because the first report on {topic} had reached them \
         only on the morning of the meeting.</p></article></body></html>"
    )
}

/// A JSON row with an article.
pub fn row(id: &str, topic: &str) -> String {
    serde_json::json!({ "id": id, "html": article(topic), "unused": [1, { "a": null }] }).to_string()
}

pub fn gz(content: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(content.as_ref()).expect("in memory");
    encoder.finish().expect("in memory")
}
