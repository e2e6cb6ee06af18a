//! The HTTP response inside a WARC record: its head, and its body as the page's bytes.
//!
//! Archives often keep a header whose coding they have already undone; a body that does not look
//! coded is therefore taken as it is.

use super::DOCUMENT_LIMIT;
use crate::clean::Media;
use std::io::Read;

/// The longest HTTP head read, in bytes.
pub(super) const HEAD_LIMIT: usize = 64 * 1024;

/// The largest window a zstd body may ask for, as RFC 9659 has it: 8 MiB.
const ZSTD_WINDOW_LOG: u32 = 23;

/// More codings than this on one body are not undone.
const CODINGS: usize = 3;

/// A response's head.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) status: u16,
    pub(super) content_type: Option<String>,
    chunked: bool,
    codings: Vec<String>,
    /// Where the body begins.
    pub(super) body: usize,
}

/// Reads the head of a response; `None` where there is none within [`HEAD_LIMIT`].
pub(super) fn head(block: &[u8]) -> Option<Head> {
    let mut head = Head::default();
    let mut first = true;
    let mut at = 0;
    loop {
        let rest = block.get(at..block.len().min(HEAD_LIMIT))?;
        let feed = memchr::memchr(b'\n', rest)?;
        let line = rest[..feed].trim_ascii();
        at += feed + 1;
        if first {
            head.status = status(line)?;
            first = false;
        } else if line.is_empty() {
            head.body = at;
            return Some(head);
        } else if let Some(colon) = memchr::memchr(b':', line) {
            let value = String::from_utf8_lossy(line[colon + 1..].trim_ascii()).into_owned();
            match line[..colon].trim_ascii().to_ascii_lowercase().as_slice() {
                b"content-type" => head.content_type = Some(value),
                b"transfer-encoding" => head.chunked |= value.to_ascii_lowercase().contains("chunked"),
                b"content-encoding" => {
                    head.codings.extend(value.split(',').map(|coding| coding.trim().to_ascii_lowercase()));
                }
                _ => {}
            }
        }
    }
}

fn status(line: &[u8]) -> Option<u16> {
    let line = std::str::from_utf8(line.get(..line.len().min(64))?).ok()?;
    let mut parts = line.split_ascii_whitespace();
    parts.next().filter(|version| version.starts_with("HTTP/"))?;
    parts.next()?.parse().ok()
}

/// The body with its codings undone, at most one byte more than [`DOCUMENT_LIMIT`]; else the coding
/// that is damaged or not known.
pub(super) fn body(head: &Head, mut block: Vec<u8>) -> Result<Vec<u8>, String> {
    block.drain(..head.body.min(block.len()));
    if head.chunked {
        block = dechunk(&block).unwrap_or(block);
    }
    if head.codings.len() > CODINGS {
        return Err("too many content codings".to_owned());
    }
    for coding in head.codings.iter().rev() {
        block = match decode(coding, &block) {
            Ok(plain) => plain,
            Err(_) if block.trim_ascii_start().starts_with(b"<") => block,
            Err(error) => return Err(error),
        };
    }
    Ok(block)
}

fn decode(coding: &str, body: &[u8]) -> Result<Vec<u8>, String> {
    match coding {
        "" | "identity" => Ok(body.to_vec()),
        "gzip" | "x-gzip" => drain(coding, flate2::read::MultiGzDecoder::new(body)),
        // RFC 9110 means zlib; some servers send raw deflate.
        "deflate" => drain(coding, flate2::read::ZlibDecoder::new(body))
            .or_else(|_| drain(coding, flate2::read::DeflateDecoder::new(body))),
        "br" => drain(coding, brotli::Decompressor::new(body, 4096)),
        "zstd" => {
            let mut decoder = zstd::stream::read::Decoder::new(body).map_err(|error| error.to_string())?;
            decoder.window_log_max(ZSTD_WINDOW_LOG).map_err(|error| error.to_string())?;
            drain(coding, decoder)
        }
        other => Err(format!("unknown content coding `{other}`")),
    }
}

/// What comes out before any damage is kept: a page cut short still has text.
fn drain(coding: &str, decoder: impl Read) -> Result<Vec<u8>, String> {
    let mut plain = Vec::new();
    match decoder.take(DOCUMENT_LIMIT as u64 + 1).read_to_end(&mut plain) {
        Err(error) if plain.is_empty() => Err(format!("damaged {coding} body: {error}")),
        _ => Ok(plain),
    }
}

/// Undoes chunked transfer coding; `None` where the body is not chunked after all.
fn dechunk(mut body: &[u8]) -> Option<Vec<u8>> {
    let mut plain = Vec::with_capacity(body.len());
    loop {
        let feed = memchr::memchr(b'\n', body.get(..body.len().min(1024))?);
        let size = feed.and_then(|feed| chunk_size(&body[..feed]));
        let (Some(feed), Some(size)) = (feed, size) else {
            // Cut short in the middle: what came is kept.
            return (!plain.is_empty()).then_some(plain);
        };
        body = &body[feed + 1..];
        if size == 0 {
            return Some(plain);
        }
        plain.extend_from_slice(&body[..size.min(body.len())]);
        body = body.get(size..).unwrap_or_default();
        body = body.strip_prefix(b"\r\n").or_else(|| body.strip_prefix(b"\n")).unwrap_or(body);
    }
}

fn chunk_size(line: &[u8]) -> Option<usize> {
    let digits = line.split(|byte| *byte == b';').next()?.trim_ascii();
    usize::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

/// What a `Content-Type` stands for; `None` for what is neither HTML nor text.
pub(super) fn media(content_type: Option<&str>) -> Option<Media> {
    let content_type = content_type.unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        "" => Some(Media::Unknown),
        "text/html" | "application/xhtml+xml" => Some(Media::Html),
        "text/plain" => Some(Media::Text),
        "text/markdown" | "text/x-markdown" => Some(Media::Markdown),
        _ => None,
    }
}

/// The `charset` parameter of a `Content-Type`.
pub(super) fn charset(content_type: Option<&str>) -> Option<String> {
    let parameters = content_type?.split(';').skip(1);
    let mut charsets = parameters.filter_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then(|| value.to_owned())
    });
    charsets.next()
}

#[cfg(test)]
mod tests {
    use super::{body, charset, head};
    use std::io::Write;

    fn page(headers: &str, content: &[u8]) -> Result<Vec<u8>, String> {
        let mut block = format!("HTTP/1.1 200 OK\r\n{headers}\r\n\r\n").into_bytes();
        block.extend_from_slice(content);
        let head = head(&block).expect("a head");
        body(&head, block)
    }

    fn gz(content: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(content).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn codings_are_undone_and_those_already_undone_are_left() {
        let chunks = b"5;x=y\r\n<p>hi\r\n4\r\n</p>\r\n0\r\n\r\n";
        assert_eq!(page("Transfer-Encoding: chunked", chunks).unwrap(), b"<p>hi</p>");
        assert_eq!(page("Transfer-Encoding: chunked", b"<p>hi</p>\n").unwrap(), b"<p>hi</p>\n");
        assert_eq!(page("Content-Encoding: gzip", &gz(b"<p>hi</p>")).unwrap(), b"<p>hi</p>");
        assert_eq!(page("content-encoding: GZIP, gzip", &gz(&gz(b"hi"))).unwrap(), b"hi");
        for coding in ["gzip", "br", "deflate", "zstd", "rot13"] {
            let header = format!("Content-Encoding: {coding}");
            assert_eq!(page(&header, b"<p>hi</p>").unwrap(), b"<p>hi</p>", "{coding}");
        }
        let mut brotli = Vec::new();
        brotli::BrotliCompress(&mut &b"hello"[..], &mut brotli, &Default::default()).unwrap();
        assert_eq!(page("Content-Encoding: br", &brotli).unwrap(), b"hello");
        let zstd = zstd::encode_all(&b"hello"[..], 1).unwrap();
        assert_eq!(page("Content-Encoding: zstd", &zstd).unwrap(), b"hello");
        assert!(page("Content-Encoding: rot13", b"uryyb").unwrap_err().contains("rot13"));
    }

    #[test]
    fn a_page_cut_short_keeps_what_came() {
        let text = "kept ".repeat(5000);
        let whole = gz(text.as_bytes());
        let cut = page("Content-Encoding: gzip", &whole[..whole.len() - 9]).unwrap();
        assert!(text.as_bytes().starts_with(&cut) && !cut.is_empty());
        let cut = page("Transfer-Encoding: chunked", b"5\r\nhello\r\nff\r\nwor").unwrap();
        assert_eq!(cut, b"hellowor");
    }

    #[test]
    fn charsets_and_heads() {
        assert_eq!(charset(Some("text/html; Charset=\"koi8-r\"")).as_deref(), Some("koi8-r"));
        assert_eq!(charset(Some("text/html; charset=")), None);
        assert_eq!(head(b"HTTP/1.0 404\n\n").map(|head| head.status), Some(404));
        assert_eq!(head(b"ICY 200 OK\r\n\r\n"), None);
        assert_eq!(head(b"HTTP/1.1 200 OK\r\nno end"), None);
    }
}
