//! Files, folders, globs, standard input, WARC archives and JSON lines -> one [`Document`] after the other.
//!
//! Streaming: at most one document is held at a time, whatever the number of documents. A document that
//! cannot be read is a [`Failure`] in its place; nothing stops the iteration. This module does not know what
//! cleaning is, prints nothing and starts no thread.

mod line;
mod open;
mod problem;
mod rows;

use crate::clean::Media;
use std::collections::VecDeque;
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

/// All documents of the inputs, in the order given. See [`Inputs::new`].
pub struct Inputs {
    waiting: VecDeque<String>,
    open: Option<open::Container>,
    passed: PassedOver,
}

impl Inputs {
    /// Reads these inputs: paths, or `-` for standard input.
    pub fn new(inputs: Vec<String>) -> Self {
        Inputs {
            waiting: inputs.into(),
            open: None,
            passed: PassedOver::default(),
        }
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
            let name = self.waiting.pop_front()?;
            match open::open(&name) {
                Ok(open::Opened::Whole(document)) => return Some(Ok(document)),
                Ok(open::Opened::Container(container)) => self.open = Some(container),
                Err(failure) => return Some(Err(failure)),
            }
        }
    }
}
