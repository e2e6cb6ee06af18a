//! What can be wrong with one input, in words that say what to do.

use super::{DOCUMENT_LIMIT, Place};
use std::fmt;
use std::io;

/// One input, or one document of an input, that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// As in [`super::Document::source`].
    pub source: String,
    /// The document's URL, where it is known.
    pub url: Option<String>,
    pub place: Place,
    pub problem: Problem,
}

/// What is wrong. `Display` gives `what is wrong; what to do`, without the input's name.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// No such file or folder.
    Missing,
    /// A pattern that matches no file.
    NoMatch,
    /// A pattern that cannot be understood; the text says where.
    BadPattern(String),
    /// The operating system refused; its words.
    Unreadable(String),
    /// Compressed data that is cut off or damaged.
    Damaged(String),
    /// A JSON-lines row that is not a JSON object of the known shape; the parser's words.
    BadRow(String),
    /// A JSON-lines row with neither `html`, `text` nor `markdown`.
    NoContent,
    /// A WARC record that is not understood; what was wrong with it.
    BadRecord(String),
    /// A file of another kind, such as a PDF.
    OtherKind(&'static str),
    /// More than [`DOCUMENT_LIMIT`] bytes.
    TooLarge,
}

impl Problem {
    /// The problem an I/O error stands for.
    pub(super) fn from_io(error: &io::Error) -> Problem {
        match error.kind() {
            io::ErrorKind::NotFound => Problem::Missing,
            io::ErrorKind::UnexpectedEof => Problem::Damaged("it ends too early".to_owned()),
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => Problem::Damaged(error.to_string()),
            _ => Problem::Unreadable(error.to_string()),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Missing => f.write_str("no such file or folder; check the path"),
            Problem::NoMatch => f.write_str("no file matches the pattern; check the path"),
            Problem::BadPattern(why) => write!(
                f,
                "not a pattern ({why}); correct it, or put [ ] around the character meant literally"
            ),
            Problem::Unreadable(why) => {
                write!(f, "cannot be read ({why}); check the file and its permissions")
            }
            Problem::Damaged(why) => {
                write!(f, "damaged compressed data ({why}); fetch or compress the file again")
            }
            Problem::BadRow(why) => {
                write!(
                    f,
                    "not a JSON object with `html`, `text` or `markdown` ({why}); give one object a line"
                )
            }
            Problem::NoContent => {
                f.write_str("the row has neither `html`, `text` nor `markdown`; give one of them as a string")
            }
            Problem::BadRecord(why) => {
                write!(f, "not a WARC record ({why}); fetch or write the archive again")
            }
            Problem::OtherKind(kind) => {
                write!(f, "{kind}, neither HTML nor text; convert it first")
            }
            Problem::TooLarge => write!(
                f,
                "larger than the limit of {} MiB a document; split it, or take out what is not text",
                DOCUMENT_LIMIT / (1024 * 1024)
            ),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.source, self.problem)
    }
}

impl std::error::Error for Failure {}
