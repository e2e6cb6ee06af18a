//! One path -> what is in it: a whole document, or a container of documents. By name, then by content.

use super::places::Found;
use super::rows::Rows;
use super::warc::Warc;
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
    /// Found in a folder, and of another kind.
    Nothing,
}

/// A file of many documents.
pub(super) enum Container {
    Rows(Rows),
    Warc(Warc),
}

impl Container {
    pub(super) fn next(&mut self, passed: &mut PassedOver) -> Option<Result<Document, Failure>> {
        match self {
            Container::Rows(rows) => rows.next(),
            Container::Warc(warc) => warc.next(passed),
        }
    }
}

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Whole(Media),
    Rows,
    Warc,
}

/// What begins like this is neither HTML nor text, whatever its name says.
const OTHER_KINDS: [(&[u8], &str); 11] = [
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\x1f\x8b", "gzip inside gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd-compressed data"),
    (b"\xfd7zXZ", "xz-compressed data"),
    (b"BZh", "bzip2-compressed data"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x7fELF", "a program"),
];

/// Fewest control characters that make data of what is looked at, and one in how many of its bytes.
const CONTROLS: usize = 8;
const CONTROL_ONE_IN: usize = 16;

/// Bytes that no text has in number: data, or wide characters whose width nothing tells.
fn is_data(head: &[u8]) -> bool {
    let wide = [&b"\xff\xfe"[..], b"\xfe\xff"].into_iter().any(|mark| head.starts_with(mark));
    let control = |byte: &&u8| matches!(byte, 0..=8 | 0x0e..=0x1a | 0x1c..=0x1f);
    let controls = head.iter().filter(control).count();
    !wide && controls >= CONTROLS && controls * CONTROL_ONE_IN >= head.len()
}

/// Is it a JSON document of many lines, such as a manifest beside saved pages? Rows are whole objects.
fn is_one_json(head: &[u8]) -> bool {
    let first = head.split(|&byte| byte == b'\n').next().unwrap_or_default();
    matches!(first.trim_ascii(), b"{" | b"[")
}

/// What the name says: the last extension before a `.gz`.
fn by_name(name: &str) -> Option<Format> {
    let name = name.to_ascii_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    match name.rsplit_once('.')?.1 {
        "html" | "htm" | "xhtml" => Some(Format::Whole(Media::Html)),
        "txt" | "text" => Some(Format::Whole(Media::Text)),
        "md" | "markdown" => Some(Format::Whole(Media::Markdown)),
        "jsonl" | "ndjson" | "json" => Some(Format::Rows),
        "warc" | "wet" => Some(Format::Warc),
        _ => None,
    }
}

/// What the content says, where the name says nothing.
fn by_content(head: &[u8]) -> Format {
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        // UTF-16: what is looked for is ASCII, every other byte of it a zero.
        let narrow: Vec<u8> = head.iter().skip(2).copied().filter(|&byte| byte != 0).collect();
        let page = narrow.trim_ascii_start().strip_prefix(b"<").is_some_and(begins_html);
        return Format::Whole(if page { Media::Html } else { Media::Unknown });
    }
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    match head.split_first() {
        Some((b'{', rest)) if matches!(rest.trim_ascii_start().first(), Some(b'"' | b'}')) => Format::Rows,
        Some((b'W', rest)) if rest.starts_with(b"ARC/") => Format::Warc,
        Some((b'<', rest)) if begins_html(rest) => Format::Whole(Media::Html),
        _ => Format::Whole(Media::Unknown),
    }
}

/// Whether what stands after the first `<` begins a page.
fn begins_html(rest: &[u8]) -> bool {
    let begins =
        |what: &str| rest.get(..what.len()).is_some_and(|start| start.eq_ignore_ascii_case(what.as_bytes()));
    ["!doctype html", "html", "head", "body"].into_iter().any(begins)
}

/// Opens what was found: a path, or standard input for `-`.
pub(super) fn open(found: &Found) -> Result<Opened, Failure> {
    let source = found.path.display().to_string();
    let file: Arc<str> = source.as_str().into();
    read(found, &source, &file).map_err(|problem| {
        let place = Place { file: Arc::clone(&file), row: None };
        Failure { source, url: None, place, problem }
    })
}

fn read(found: &Found, name: &str, file: &Arc<str>) -> Result<Opened, Problem> {
    let io = |error: io::Error| Problem::from_io(&error);
    let raw: Box<dyn Read + Send> = if found.path.as_os_str() == "-" {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(&found.path).map_err(io)?)
    };
    let raw = BufReader::with_capacity(1 << 16, raw);
    let (mut head, mut reader) = peek(Box::new(raw)).map_err(io)?;
    if head.starts_with(b"\x1f\x8b") {
        let plain = BufReader::with_capacity(1 << 18, MultiGzDecoder::new(reader));
        (head, reader) = peek(Box::new(plain)).map_err(io)?;
    }
    let named = by_name(name);
    let other = OTHER_KINDS.iter().find(|(magic, _)| head.starts_with(magic));
    let format = named.unwrap_or_else(|| by_content(&head));
    let file = Arc::clone(file);
    match (format, other) {
        (Format::Whole(Media::Unknown) | Format::Rows, _) if found.in_folder && named.is_none() => {
            Ok(Opened::Nothing)
        }
        (Format::Rows, _) if found.in_folder && is_one_json(&head) => Ok(Opened::Nothing),
        (_, Some((_, kind))) => Err(Problem::OtherKind(kind)),
        (Format::Whole(_), None) if is_data(&head) => {
            Err(Problem::OtherKind("binary data, or UTF-16 without a byte order mark"))
        }
        (Format::Rows, _) => Ok(Opened::Container(Container::Rows(Rows::new(reader, file)))),
        (Format::Warc, _) => Ok(Opened::Container(Container::Warc(Warc::new(reader, file)))),
        (Format::Whole(media), _) => {
            let mut bytes = Vec::new();
            let limit = DOCUMENT_LIMIT as u64 + 1;
            reader.take(limit).read_to_end(&mut bytes).map_err(io)?;
            if bytes.len() > DOCUMENT_LIMIT {
                return Err(Problem::TooLarge);
            }
            let place = Place { file, row: None };
            let source = name.to_owned();
            Ok(Opened::Whole(Document { source, url: None, bytes, media, charset: None, place }))
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
