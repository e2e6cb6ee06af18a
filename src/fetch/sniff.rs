//! Whether a response is HTML or text, by its header and its first bytes. Reads no page.

/// Bytes enough for [`binary`] to decide.
pub(super) const ENOUGH: usize = 512;

/// What a `Content-Type` header promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Promise {
    /// HTML or text.
    Text,
    /// XML that may be XHTML: the first bytes decide.
    Xml,
    /// Nothing said: the first bytes decide.
    Unknown,
    /// Something else.
    Other,
}

/// Reads a `Content-Type` header.
pub(super) fn promise(content_type: Option<&str>) -> Promise {
    let essence =
        content_type.unwrap_or("").split([';', ',']).next().unwrap_or("").trim().to_ascii_lowercase();
    match essence.as_str() {
        "text/html"
        | "application/xhtml+xml"
        | "text/plain"
        | "text/markdown"
        | "text/x-markdown"
        | "application/vnd.wap.xhtml+xml" => Promise::Text,
        "text/xml" | "application/xml" => Promise::Xml,
        ""
        | "application/octet-stream"
        | "binary/octet-stream"
        | "unknown/unknown"
        | "application/unknown"
        | "text"
        | "html"
        | "*/*" => Promise::Unknown,
        // A type without a slash is a server's slip, not a promise.
        other if !other.contains('/') => Promise::Unknown,
        _ => Promise::Other,
    }
}

/// Names the format if the bytes are no text, whatever the header says.
pub(super) fn binary(bytes: &[u8], promise: Promise) -> Option<&'static str> {
    const MAGIC: &[(&[u8], &str)] = &[
        (b"%PDF-", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\xff\xd8\xff", "JPEG"),
        (b"GIF87a", "GIF"),
        (b"GIF89a", "GIF"),
        (b"PK\x03\x04", "ZIP"),
        (b"PK\x05\x06", "ZIP"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"Rar!\x1a\x07", "RAR"),
        (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
        (b"BZh", "bzip2"),
        (b"\xfd7zXZ\x00", "xz"),
        (b"\x28\xb5\x2f\xfd", "zstd"),
        (b"\x7fELF", "ELF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Office"),
        (b"OggS\x00", "Ogg"),
        (b"ID3", "MP3"),
        (b"fLaC", "FLAC"),
        (b"\x1a\x45\xdf\xa3", "Matroska"),
        (b"wOFF", "WOFF"),
        (b"wOF2", "WOFF2"),
        (b"%!PS-Adobe", "PostScript"),
        (b"\x00asm", "WebAssembly"),
        (b"SQLite format 3\x00", "SQLite"),
    ];
    for (magic, name) in MAGIC {
        // Short marks that a text could begin with count only before bytes no text holds.
        let sure = magic.len() > 3 || magic.iter().any(|b| !b.is_ascii_graphic());
        if bytes.starts_with(magic) && (sure || has_binary_bytes(bytes)) {
            return Some(name);
        }
    }
    if bytes.starts_with(b"RIFF") && matches!(bytes.get(8..12), Some(b"WEBP" | b"WAVE" | b"AVI ")) {
        return Some("RIFF media");
    }
    if bytes.get(4..8) == Some(b"ftyp") {
        return Some("MP4 or HEIF");
    }
    let wide = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    match promise {
        Promise::Unknown if !wide && has_binary_bytes(bytes) => Some("unknown binary"),
        Promise::Xml if !looks_like_html(bytes) => Some("XML that is no XHTML"),
        _ => None,
    }
}

/// WHATWG MIME Sniffing's "binary data bytes", within the first [`ENOUGH`].
fn has_binary_bytes(bytes: &[u8]) -> bool {
    bytes.iter().take(ENOUGH).any(|b| matches!(b, 0x00..=0x08 | 0x0b | 0x0e..=0x1a | 0x1c..=0x1f))
}

fn looks_like_html(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(bytes.get(..ENOUGH).unwrap_or(bytes)).to_ascii_lowercase();
    head.replace('\0', "").contains("<html") || head.contains("<!doctype html")
}

#[cfg(test)]
mod tests {
    use super::{Promise, binary, promise};

    #[test]
    fn headers_are_read_without_their_parameters() {
        for (header, expected) in [
            (Some("Text/HTML; charset=x"), Promise::Text),
            (Some("text/plain"), Promise::Text),
            (Some("application/xhtml+xml"), Promise::Text),
            (Some("text/html, text/html"), Promise::Text),
            (Some("application/xml"), Promise::Xml),
            (Some(""), Promise::Unknown),
            (None, Promise::Unknown),
            (Some("application/octet-stream"), Promise::Unknown),
            (Some("htm"), Promise::Unknown),
            (Some("application/pdf"), Promise::Other),
            (Some("image/png"), Promise::Other),
            (Some("text/css"), Promise::Other),
        ] {
            assert_eq!(promise(header), expected, "{header:?}");
        }
    }

    #[test]
    fn a_lying_header_is_caught_by_the_bytes() {
        assert_eq!(binary(b"%PDF-1.7 ...", Promise::Text), Some("PDF"));
        assert_eq!(binary(b"\x89PNG\r\n\x1a\n....", Promise::Text), Some("PNG"));
        assert_eq!(binary(b"BZh91AY&SY\x00\x01", Promise::Text), Some("bzip2"));
        assert_eq!(binary(b"\x01\x02\x03", Promise::Unknown), Some("unknown binary"));
        assert!(binary(b"<?xml version='1.0'?><rss/>", Promise::Xml).is_some());
    }

    #[test]
    fn text_passes_with_its_oddities() {
        for (bytes, promise) in [
            (&b"<html>a\x00b</html>"[..], Promise::Text),
            (b"ID3 tags explained", Promise::Text),
            (b"\xff\xfe<\x00h\x00", Promise::Unknown),
            (b"plain words", Promise::Unknown),
            (b"", Promise::Unknown),
            (b"<?xml version='1.0'?><html xmlns='x'>", Promise::Xml),
        ] {
            assert_eq!(binary(bytes, promise), None, "{bytes:?}");
        }
    }
}
