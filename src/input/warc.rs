//! WARC archives: the pages of `response` and `resource` records, the texts of `conversion` records.
//!
//! Other record types are passed over silently. Responses with another status than 2xx and records of
//! other content types are passed over and counted. After a damaged record the next `WARC/` line is sought.

use super::http;
use super::line::{self, Line};
use super::{DOCUMENT_LIMIT, Document, Failure, PassedOver, Place, Problem};
use crate::clean::Media;
use std::io::{self, BufRead, Read};
use std::sync::Arc;
use url::Url;

/// The longest record header read, in bytes.
const HEADER_LIMIT: usize = 64 * 1024;

/// The largest record block read: a document at its limit and an HTTP head.
const BLOCK_LIMIT: u64 = (DOCUMENT_LIMIT + http::HEAD_LIMIT) as u64;

/// The records of one archive.
pub(super) struct Warc {
    reader: Box<dyn BufRead + Send>,
    file: Arc<str>,
    number: u64,
    line: Vec<u8>,
    /// The version line of the next record has been read already.
    begun: bool,
    ended: bool,
}

/// The fields of a record's header that matter here.
#[derive(Debug, Default)]
struct Header {
    kind: String,
    length: Option<u64>,
    target: Option<String>,
    content_type: Option<String>,
}

/// What stands instead of a document.
enum Stop {
    /// The archive's end.
    End,
    /// Nothing more can be read.
    Broken(Problem),
    /// This record is not understood; the next one may be.
    Skip(Problem),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Stop {
        Stop::Broken(Problem::from_io(&error))
    }
}

impl Warc {
    pub(super) fn new(reader: Box<dyn BufRead + Send>, file: Arc<str>) -> Self {
        Warc { reader, file, number: 0, line: Vec::new(), begun: false, ended: false }
    }

    pub(super) fn next(&mut self, passed: &mut PassedOver) -> Option<Result<Document, Failure>> {
        while !self.ended {
            self.number += 1;
            let problem = match self.header() {
                Ok(header) => match self.record(&header, passed) {
                    Ok(None) => continue,
                    Ok(Some(document)) => return Some(Ok(document)),
                    Err(Stop::End) => return None,
                    Err(Stop::Broken(problem)) => {
                        self.ended = true;
                        return Some(Err(self.failure(header.target, problem)));
                    }
                    Err(Stop::Skip(problem)) => {
                        return Some(Err(self.failure(header.target, problem)));
                    }
                },
                Err(Stop::End) => {
                    self.ended = true;
                    return None;
                }
                Err(Stop::Broken(problem)) => {
                    self.ended = true;
                    problem
                }
                Err(Stop::Skip(problem)) => {
                    // A read error on the way is met again, and told, at the next record.
                    let _ = self.seek();
                    problem
                }
            };
            return Some(Err(self.failure(None, problem)));
        }
        None
    }

    fn failure(&self, target: Option<String>, problem: Problem) -> Failure {
        let source = target.clone().unwrap_or_else(|| self.nameless());
        Failure { source, url: target, place: self.place(), problem }
    }

    fn nameless(&self) -> String {
        format!("{}:{}", self.file, self.number)
    }

    fn place(&self) -> Place {
        Place { file: Arc::clone(&self.file), row: Some(self.number) }
    }

    /// Reads the version line and the header fields.
    fn header(&mut self) -> Result<Header, Stop> {
        while !std::mem::take(&mut self.begun) {
            match line::read(&mut *self.reader, &mut self.line, HEADER_LIMIT)? {
                Line::End => return Err(Stop::End),
                Line::Read if self.line.trim_ascii().is_empty() => {}
                Line::Read if self.line.starts_with(b"WARC/") => self.begun = true,
                _ => return Err(skip("the line `WARC/1.1` is missing")),
            }
        }
        let mut header = Header::default();
        let mut read = 0;
        loop {
            match line::read(&mut *self.reader, &mut self.line, HEADER_LIMIT)? {
                Line::End => return Err(skip("its header is cut off")),
                Line::TooLong => return Err(skip("its header is longer than 64 KiB")),
                Line::Read => {}
            }
            read += self.line.len();
            if read > HEADER_LIMIT {
                return Err(skip("its header is longer than 64 KiB"));
            }
            if self.line.trim_ascii().is_empty() {
                return Ok(header);
            }
            header.field(&self.line);
        }
    }

    /// Reads the record's block and makes a document of it, where it is one.
    fn record(&mut self, header: &Header, passed: &mut PassedOver) -> Result<Option<Document>, Stop> {
        let Some(length) = header.length else {
            self.seek()?;
            return Err(skip("Content-Length is missing or not a number"));
        };
        let wanted = match header.kind.as_str() {
            "response" => header.content_type.as_deref().is_none_or(is_http),
            "resource" | "conversion" => {
                let known = http::media(header.content_type.as_deref()).is_some();
                passed.media += u64::from(!known);
                known
            }
            _ => false,
        };
        if !wanted || length > BLOCK_LIMIT {
            let skipped = io::copy(&mut self.reader.by_ref().take(length), &mut io::sink())?;
            self.whole(skipped, length)?;
            return if wanted { Err(Stop::Skip(Problem::TooLarge)) } else { Ok(None) };
        }
        let mut block = Vec::new();
        self.reader.by_ref().take(length).read_to_end(&mut block)?;
        self.whole(block.len() as u64, length)?;
        let page = if header.kind == "response" {
            response(block, passed)?
        } else {
            let content_type = header.content_type.as_deref();
            let charset = http::charset(content_type);
            // What was converted to text is UTF-8, as the format's guidelines ask.
            let charset = charset.or((header.kind == "conversion").then(|| "utf-8".to_owned()));
            http::media(content_type).map(|media| (block, media, charset))
        };
        let Some((bytes, media, charset)) = page else {
            return Ok(None);
        };
        if bytes.len() > DOCUMENT_LIMIT {
            return Err(Stop::Skip(Problem::TooLarge));
        }
        let url = header.target.as_deref().and_then(|target| Url::parse(target).ok());
        let source = header.target.clone().unwrap_or_else(|| self.nameless());
        Ok(Some(Document { source, url, bytes, media, charset, place: self.place() }))
    }

    fn whole(&mut self, read: u64, length: u64) -> Result<(), Stop> {
        if read == length {
            return Ok(());
        }
        let short = format!("it ends after {read} of {length} bytes");
        Err(Stop::Broken(Problem::BadRecord(short)))
    }

    /// Passes over everything up to the next version line.
    fn seek(&mut self) -> io::Result<()> {
        loop {
            match line::read(&mut *self.reader, &mut self.line, HEADER_LIMIT)? {
                Line::End => return Ok(()),
                Line::Read if self.line.starts_with(b"WARC/") => {
                    self.begun = true;
                    return Ok(());
                }
                _ => {}
            }
        }
    }
}

impl Header {
    fn field(&mut self, line: &[u8]) {
        let Some(colon) = memchr::memchr(b':', line) else {
            return;
        };
        let value = String::from_utf8_lossy(line[colon + 1..].trim_ascii()).into_owned();
        match line[..colon].trim_ascii().to_ascii_lowercase().as_slice() {
            b"warc-type" => self.kind = value.to_ascii_lowercase(),
            b"content-length" => self.length = value.parse().ok(),
            b"content-type" => self.content_type = Some(value),
            // WARC 1.0 put the URI between angle brackets.
            b"warc-target-uri" => {
                self.target = Some(value.trim_matches(['<', '>']).to_owned());
            }
            _ => {}
        }
    }
}

fn is_http(content_type: &str) -> bool {
    content_type.to_ascii_lowercase().starts_with("application/http")
}

type Page = (Vec<u8>, Media, Option<String>);

fn response(block: Vec<u8>, passed: &mut PassedOver) -> Result<Option<Page>, Stop> {
    let head = http::head(&block).ok_or_else(|| skip("it holds no HTTP response"))?;
    let content_type = head.content_type.as_deref();
    let Some(media) = http::media(content_type) else {
        passed.media += 1;
        return Ok(None);
    };
    if !(200..300).contains(&head.status) {
        passed.status += 1;
        return Ok(None);
    }
    let charset = http::charset(content_type);
    let bytes = http::body(&head, block).map_err(|why| Stop::Skip(Problem::BadRecord(why)))?;
    Ok(Some((bytes, media, charset)))
}

fn skip(why: &str) -> Stop {
    Stop::Skip(Problem::BadRecord(why.to_owned()))
}
