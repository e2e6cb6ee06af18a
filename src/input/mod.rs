//! Files, folders, globs, standard input, WARC archives and JSON lines -> one `Document` after the other.
//!
//! Streaming: at most one document is held at a time, whatever the number of documents. A document that
//! cannot be read is a `Failure` in its place; nothing stops the iteration. This module does not know what
//! cleaning is, prints nothing and starts no thread.

mod http;
mod line;
mod open;
mod places;
mod problem;
mod rows;
mod warc;

use crate::clean::Media;
use std::path::PathBuf;
use std::sync::Arc;
use url::Url;

pub use problem::{Failure, Problem};

/// The largest document read, in bytes after decompression (20 MiB).
pub const DOCUMENT_LIMIT: usize = 20 * 1024 * 1024;

/// Where a document stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The path as given or found; `-` for standard input.
    pub file: Arc<str>,
    /// 1-based: the line of a JSON-lines row or the number of a WARC record; `None` for a whole file.
    pub row: Option<u64>,
}

/// One document, ready to be cleaned.
#[derive(Debug, Clone)]
pub struct Document {
    /// The row's `id`, else its URL, else the path (with `:LINE` for a row without either).
    pub source: String,
    pub url: Option<Url>,
    pub bytes: Vec<u8>,
    pub media: Media,
    /// The charset that came with the transport: the HTTP `Content-Type`, or `utf-8` for a JSON row.
    pub charset: Option<String>,
    pub place: Place,
}

/// What was met and deliberately not made a document of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PassedOver {
    /// Files in folders that are neither HTML, text, WARC nor JSON lines.
    pub files: u64,
    /// WARC records whose content type is neither HTML nor text.
    pub media: u64,
    /// WARC responses whose HTTP status is not 2xx.
    pub status: u64,
}

/// All documents of the inputs, in the order given.
///
/// An input is a path, `-` for standard input, or, where no such path exists, a pattern (`*`, `?`, `[ab]`,
/// `{a,b}`, and `**` for any number of folders). What a file holds is told by its name (`.html .htm .xhtml`;
/// `.txt .text .md .markdown`; `.warc .wet`; `.jsonl .ndjson .json`, each also with `.gz`), else by its
/// content; compression always by content.
///
/// Folders are walked in byte order of the names, a folder's content standing where its name does. Names
/// beginning with a dot are left out, links to folders are not followed, and a file whose name says nothing is
/// taken if it begins like HTML or WARC, else counted in [`PassedOver`].
pub struct Inputs {
    places: places::Places,
    open: Option<open::Container>,
    passed: PassedOver,
}

impl Inputs {
    /// Reads these inputs: paths, or `-` for standard input.
    pub fn new(inputs: Vec<PathBuf>) -> Self {
        let places = places::Places::new(inputs);
        Inputs { places, open: None, passed: PassedOver::default() }
    }

    /// What has been passed over so far.
    pub fn passed_over(&self) -> PassedOver {
        self.passed
    }
}

impl Iterator for Inputs {
    type Item = Result<Document, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(container) = &mut self.open {
                match container.next(&mut self.passed) {
                    Some(item) => return Some(item),
                    None => self.open = None,
                }
            }
            let found = match self.places.next(&mut self.passed)? {
                Ok(found) => found,
                Err(failure) => return Some(Err(failure)),
            };
            match open::open(&found) {
                Ok(open::Opened::Whole(document)) => return Some(Ok(document)),
                Ok(open::Opened::Container(container)) => self.open = Some(container),
                Ok(open::Opened::Nothing) => self.passed.files += 1,
                Err(failure) => return Some(Err(failure)),
            }
        }
    }
}
