//! One path -> what is in it: a whole document, or a container of documents. By name, then by content.

use super::rows::Rows;
use super::{DOCUMENT_LIMIT, Document, Failure, PassedOver, Place, Problem};
use crate::clean::Media;
use flate2::bufread::MultiGzDecoder;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::sync::Arc;

/// How much of a file is looked at to tell what it is.
const HEAD: usize = 1024;

/// A file that has been opened.
pub(super) enum Opened {
    Whole(Document),
    Container(Container),
}

/// A file of many documents.
pub(super) enum Container {
    Rows(Rows),
}

impl Container {
    pub(super) fn next(&mut self, _passed: &mut PassedOver) -> Option<Result<Document, Failure>> {
        match self {
            Container::Rows(rows) => rows.next(),
        }
    }
}

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Whole(Media),
    Rows,
}

/// What the name says: the last extension before a `.gz`.
pub(super) fn by_name(name: &str) -> Option<Format> {
    let name = name.to_ascii_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    match name.rsplit_once('.')?.1 {
        "html" | "htm" | "xhtml" => Some(Format::Whole(Media::Html)),
        "txt" | "text" | "md" | "markdown" => Some(Format::Whole(Media::Text)),
        "jsonl" | "ndjson" | "json" => Some(Format::Rows),
        _ => None,
    }
}

/// What the content says, where the name says nothing.
pub(super) fn by_content(head: &[u8]) -> Format {
    let head = head
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(head)
        .trim_ascii_start();
    match head.split_first() {
        Some((b'{', rest)) if matches!(rest.trim_ascii_start().first(), Some(b'"' | b'}')) => {
            Format::Rows
        }
        _ => Format::Whole(Media::Unknown),
    }
}

/// Opens a path, or standard input for `-`.
pub(super) fn open(name: &str) -> Result<Opened, Failure> {
    let file: Arc<str> = name.into();
    read(name, &file).map_err(|problem| Failure {
        source: name.to_owned(),
        url: None,
        place: Place {
            file: Arc::clone(&file),
            row: None,
        },
        problem,
    })
}

fn read(name: &str, file: &Arc<str>) -> Result<Opened, Problem> {
    let io = |error: io::Error| Problem::from_io(&error);
    let raw: Box<dyn Read + Send> = if name == "-" {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(name).map_err(io)?)
    };
    let (head, mut reader) = peek(Box::new(BufReader::with_capacity(1 << 16, raw))).map_err(io)?;
    let mut head = head;
    if head.starts_with(b"\x1f\x8b") {
        let plain = BufReader::with_capacity(1 << 18, MultiGzDecoder::new(reader));
        (head, reader) = peek(Box::new(plain)).map_err(io)?;
    }
    let file = Arc::clone(file);
    match by_name(name).unwrap_or_else(|| by_content(&head)) {
        Format::Rows => Ok(Opened::Container(Container::Rows(Rows::new(reader, file)))),
        Format::Whole(media) => {
            let mut bytes = Vec::new();
            let limit = DOCUMENT_LIMIT as u64 + 1;
            reader.take(limit).read_to_end(&mut bytes).map_err(io)?;
            if bytes.len() > DOCUMENT_LIMIT {
                return Err(Problem::TooLarge);
            }
            let place = Place { file, row: None };
            let source = name.to_owned();
            Ok(Opened::Whole(Document {
                source,
                url: None,
                bytes,
                media,
                charset: None,
                place,
            }))
        }
    }
}

type Stream = Box<dyn BufRead + Send>;

/// The first bytes, and a reader that still gives them. A row that is already there is not waited behind.
fn peek(mut reader: Stream) -> io::Result<(Vec<u8>, Stream)> {
    let mut head = Vec::with_capacity(HEAD);
    while head.len() < HEAD && !(head.starts_with(b"{") && head.contains(&b'\n')) {
        let room = HEAD - head.len();
        let chunk = match reader.fill_buf() {
            Ok(chunk) => chunk,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if chunk.is_empty() {
            break;
        }
        let taken = chunk.len().min(room);
        head.extend_from_slice(&chunk[..taken]);
        reader.consume(taken);
    }
    let again = Cursor::new(head.clone()).chain(reader);
    Ok((head, Box::new(again)))
}
