//! One line per input: what became of it. Knows no stage; it is told the outcome.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::json_lines::write_line;
use crate::record::Verdict;

/// The end of one input. Every input ends in exactly one of these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum State {
    /// New text, now in the store.
    Stored,
    /// The server said 304, or the text is the one this URL had before.
    Unchanged,
    /// The text is in the store from another URL; this URL is kept as one of its copies.
    Duplicate,
    /// Left out on purpose; `reason` is kebab-case, such as `robots`, `not-found`, `duplicate-url`.
    Skipped { reason: String },
    /// Could not be had; `class` is kebab-case, such as `http-404`, `dns`, `timeout`.
    Failed { class: String },
}

/// One line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The input as it was given.
    pub url: String,
    #[serde(flatten)]
    pub state: State,
    /// What exactly happened, for a person.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub detail: Option<String>,
    /// Content id, where there is text.
    pub id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub duplicate_of: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub near_duplicate_of: Option<String>,
    /// What the page turned out to be, where it was cleaned.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub verdict: Option<Verdict>,
    pub http_status: Option<u16>,
    /// Where redirects led, where that is elsewhere.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub final_url: Option<String>,
    /// Decoded body, in bytes.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub bytes: Option<u64>,
    /// RFC 3339, UTC.
    pub fetched_at: Option<String>,
}

impl Line {
    /// A line that knows only the input and its end.
    pub fn new(url: impl Into<String>, state: State) -> Self {
        Self {
            url: url.into(),
            state,
            detail: None,
            id: None,
            duplicate_of: None,
            near_duplicate_of: None,
            verdict: None,
            http_status: None,
            final_url: None,
            bytes: None,
            fetched_at: None,
        }
    }

    /// The same line, with words for a person.
    pub fn because(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }
}

/// Writes lines as JSON lines, or nowhere.
#[derive(Debug)]
pub struct Ledger {
    out: Option<BufWriter<File>>,
}

impl Ledger {
    /// Starts an empty ledger at `path` (its folder is created), or one that keeps nothing.
    pub fn create(path: Option<&Path>) -> io::Result<Self> {
        let out = match path {
            None => None,
            Some(path) => {
                if let Some(folder) = path.parent() {
                    std::fs::create_dir_all(folder)?;
                }
                Some(BufWriter::new(File::create(path)?))
            }
        };
        Ok(Self { out })
    }

    /// Writes one line.
    pub fn write(&mut self, line: &Line) -> io::Result<()> {
        let Some(out) = &mut self.out else {
            return Ok(());
        };
        write_line(out, line)
    }

    /// Hands everything written so far to the system.
    pub fn flush(&mut self) -> io::Result<()> {
        match &mut self.out {
            Some(out) => out.flush(),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Ledger, Line, State};

    #[test]
    fn a_line_reads_as_documented_and_comes_back_the_same() {
        let line = Line::new("http://a.example/x", State::Failed { class: "http-404".into() })
            .because("404 Not Found");
        let json = serde_json::to_value(&line).unwrap();
        assert_eq!(json["state"], "failed");
        assert_eq!(json["class"], "http-404");
        assert_eq!(json["url"], "http://a.example/x");
        assert!(json["id"].is_null());
        assert_eq!(serde_json::from_value::<Line>(json).unwrap(), line);
    }

    #[test]
    fn lines_are_json_lines() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("runs/ledger.jsonl");
        let mut ledger = Ledger::create(Some(&path)).unwrap();
        ledger.write(&Line::new("a\nb", State::Stored)).unwrap();
        ledger.write(&Line::new("c", State::Unchanged)).unwrap();
        ledger.flush().unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let urls: Vec<String> =
            text.lines().map(|line| serde_json::from_str::<Line>(line).unwrap().url).collect();
        assert_eq!(urls, ["a\nb", "c"]);
    }
}
