//! JSON lines: one object a line with `html`, `text` or `markdown`, optionally `id` and `url`. Of several the
//! first that is not empty counts. Other fields are ignored.

use super::line::{self, Line};
use super::{DOCUMENT_LIMIT, Document, Failure, Place, Problem};
use crate::clean::Media;
use serde::de::{self, Deserialize, Deserializer, Visitor};
use std::fmt;
use std::io::BufRead;
use std::sync::Arc;
use url::Url;

/// The longest line read: a document of [`DOCUMENT_LIMIT`] bytes, half of it escaped.
const LINE_LIMIT: usize = 3 * DOCUMENT_LIMIT;

/// The rows of one JSON-lines file.
pub(super) struct Rows {
    reader: Box<dyn BufRead + Send>,
    file: Arc<str>,
    number: u64,
    buffer: Vec<u8>,
    ended: bool,
}

impl Rows {
    pub(super) fn new(reader: Box<dyn BufRead + Send>, file: Arc<str>) -> Self {
        Rows { reader, file, number: 0, buffer: Vec::new(), ended: false }
    }

    fn place(&self) -> Place {
        Place { file: Arc::clone(&self.file), row: Some(self.number) }
    }

    fn failure(&self, problem: Problem) -> Failure {
        let place = self.place();
        Failure { source: format!("{}:{}", self.file, self.number), url: None, place, problem }
    }
}

impl Iterator for Rows {
    type Item = Result<Document, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            self.number += 1;
            match line::read(&mut *self.reader, &mut self.buffer, LINE_LIMIT) {
                Err(error) => {
                    self.ended = true;
                    return Some(Err(self.failure(Problem::from_io(&error))));
                }
                Ok(Line::End) => self.ended = true,
                Ok(Line::TooLong) => return Some(Err(self.failure(Problem::TooLarge))),
                Ok(Line::Read) => {
                    let row = self.buffer.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.buffer);
                    if !row.trim_ascii().is_empty() {
                        return Some(document(row, self.place()));
                    }
                }
            }
        }
        None
    }
}

/// One row -> one document.
fn document(row: &[u8], place: Place) -> Result<Document, Failure> {
    let nameless = format!("{}:{}", place.file, place.row.unwrap_or_default());
    let row: Row = match serde_json::from_slice(row) {
        Ok(row) => row,
        Err(error) => {
            // The row is the whole line; the parser calls it line 1.
            let why = error.to_string().replace(" at line 1 column", " at column");
            let problem = Problem::BadRow(why);
            return Err(Failure { source: nameless, url: None, place, problem });
        }
    };
    let url = row.url.map(|Text(bytes)| String::from_utf8_lossy(&bytes).into_owned());
    let source = row.id.map(|Id(id)| id).or_else(|| url.clone()).unwrap_or(nameless);
    let fields = [(row.html, Media::Html), (row.text, Media::Text), (row.markdown, Media::Markdown)];
    let given: Vec<_> = fields.into_iter().filter_map(|(field, media)| Some((field?.0, media))).collect();
    let first = given.iter().position(|(bytes, _)| !bytes.is_empty()).unwrap_or(0);
    let Some((bytes, media)) = given.into_iter().nth(first) else {
        return Err(Failure { source, url, place, problem: Problem::NoContent });
    };
    if bytes.len() > DOCUMENT_LIMIT {
        return Err(Failure { source, url, place, problem: Problem::TooLarge });
    }
    let url = url.and_then(|url| Url::parse(&url).ok());
    Ok(Document { source, url, bytes, media, charset: Some("utf-8".to_owned()), place })
}

#[derive(serde::Deserialize)]
struct Row {
    html: Option<Text>,
    text: Option<Text>,
    markdown: Option<Text>,
    id: Option<Id>,
    url: Option<Text>,
}

/// A JSON string as bytes: half a surrogate pair, which crawls do contain, is no reason to lose a page.
struct Text(Vec<u8>);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Text;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Text, E> {
                let mut bytes = bytes.to_vec();
                replace_half_pairs(&mut bytes);
                Ok(Text(bytes))
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Text, E> {
                Ok(Text(text.as_bytes().to_vec()))
            }
        }
        deserializer.deserialize_bytes(Bytes)
    }
}

/// Half a surrogate pair comes as three bytes that are not UTF-8; U+FFFD has three as well.
fn replace_half_pairs(bytes: &mut [u8]) {
    let mut from = 0;
    while let Some(found) = bytes.get(from..).and_then(|rest| memchr::memchr(0xed, rest)) {
        let at = from + found;
        match bytes.get_mut(at..at + 3) {
            Some([first, second @ 0xa0..=0xbf, third]) => {
                (*first, *second, *third) = (0xef, 0xbf, 0xbd);
                from = at + 3;
            }
            _ => from = at + 1,
        }
    }
}

/// An `id`: a string, or a number written as JSON writes it.
struct Id(String);

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;
        impl Visitor<'_> for Name {
            type Value = Id;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or a number as `id`")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Id, E> {
                Ok(Id(text.to_owned()))
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Id, E> {
                Ok(Id(number.to_string()))
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Id, E> {
                Ok(Id(number.to_string()))
            }
            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Id, E> {
                Ok(Id(number.to_string()))
            }
        }
        deserializer.deserialize_any(Name)
    }
}
