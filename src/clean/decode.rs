//! Bytes -> text, with how the encoding was decided: byte order mark, transport, `<meta>`, guess; the
//! order of the WHATWG standard. Never fails: bytes that fit nowhere become U+FFFD.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::borrow::Cow;

/// How far into the page a `<meta>` with a charset is looked for, in bytes. The standard says 1,024;
/// browsers look further, and pages rely on it.
const PRESCAN: usize = 4096;

/// How many bytes the guess looks at.
const GUESS: usize = 256 * 1024;

/// So many letters beyond ASCII for each fault make bytes UTF-8 that was damaged; another encoding has more faults than
/// such letters.
const LETTERS_A_FAULT: usize = 4;

/// A decoded document.
#[derive(Debug)]
pub struct Decoded<'a> {
    pub text: Cow<'a, str>,
    /// The encoding's name in the WHATWG standard.
    pub encoding: &'static str,
    pub source: CharsetSource,
}

/// What decided the encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CharsetSource {
    ByteOrderMark,
    Transport,
    Meta,
    /// No one said, and the bytes are valid UTF-8.
    ValidUtf8,
    /// No one said, and the bytes are UTF-8 but for a few, or for a last letter that was cut in two.
    DamagedUtf8,
    Guess,
}

/// Decodes a document. `transport`: the charset label that came with it.
pub fn decode<'a>(bytes: &'a [u8], transport: Option<&str>, is_html: bool) -> Decoded<'a> {
    let (encoding, source) = choose(bytes, transport, is_html);
    let (text, _) = encoding.decode_with_bom_removal(bytes);
    Decoded { text, encoding: encoding.name(), source }
}

fn choose(bytes: &[u8], transport: Option<&str>, is_html: bool) -> (&'static Encoding, CharsetSource) {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return (encoding, CharsetSource::ByteOrderMark);
    }
    if let Some(encoding) = transport.and_then(|label| Encoding::for_label(label.trim().as_bytes())) {
        return (encoding, CharsetSource::Transport);
    }
    if is_html && let Some(encoding) = prescan(&bytes[..bytes.len().min(PRESCAN)]) {
        return (encoding, CharsetSource::Meta);
    }
    if std::str::from_utf8(bytes).is_ok() {
        return (UTF_8, CharsetSource::ValidUtf8);
    }
    // The guess takes UTF-8 for something else as soon as one byte is wrong.
    if is_damaged_utf8(&bytes[..bytes.len().min(GUESS)]) {
        return (UTF_8, CharsetSource::DamagedUtf8);
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(&bytes[..bytes.len().min(GUESS)], true);
    (detector.guess(None, chardetng::Utf8Detection::Allow), CharsetSource::Guess)
}

fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let (mut letters, mut faults, mut last) = (0_usize, 0_usize, &bytes[..0]);
    for chunk in bytes.utf8_chunks() {
        letters += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        last = chunk.invalid();
        faults += usize::from(!last.is_empty());
    }
    let cut = std::str::from_utf8(last).is_err_and(|e| e.error_len().is_none());
    letters > 0 && letters >= LETTERS_A_FAULT * (faults - usize::from(cut))
}

/// Finds `<meta charset=…>` or `<meta http-equiv=content-type content="…charset=…">`, comments passed over.
fn prescan(head: &[u8]) -> Option<&'static Encoding> {
    let lower: Vec<u8> = head.to_ascii_lowercase();
    let mut at = 0;
    while let Some(offset) = memchr::memchr(b'<', &lower[at..]) {
        let open = at + offset;
        let rest = &lower[open..];
        if rest.starts_with(b"<!--") {
            at = open + 4 + memchr::memmem::find(&rest[4..], b"-->")?;
            continue;
        }
        if rest.starts_with(b"<meta") && rest.get(5).is_some_and(|b| b.is_ascii_whitespace() || *b == b'/') {
            let end = memchr::memchr(b'>', rest).unwrap_or(rest.len());
            if let Some(encoding) = charset_of(&rest[5..end]) {
                return Some(encoding);
            }
        }
        at = open + 1;
    }
    None
}

/// The encoding that a `<meta>` tag's attributes name.
fn charset_of(attributes: &[u8]) -> Option<&'static Encoding> {
    let mut at = 0;
    while let Some(offset) = memchr::memmem::find(&attributes[at..], b"charset") {
        at += offset + b"charset".len();
        let rest = attributes[at..].trim_ascii_start();
        let Some(value) = rest.strip_prefix(b"=") else { continue };
        let value = value.trim_ascii_start();
        let value = value.strip_prefix(b"\"").or(value.strip_prefix(b"'")).unwrap_or(value);
        let stop = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b';' | b'/' | b'>');
        let end = value.iter().position(stop).unwrap_or(value.len());
        let encoding = Encoding::for_label(&value[..end])?;
        // The bytes were ASCII enough to hold a tag: they are not UTF-16.
        return Some(if encoding == UTF_16LE || encoding == UTF_16BE {
            UTF_8
        } else if encoding.name() == "x-user-defined" {
            WINDOWS_1252
        } else {
            encoding
        });
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{CharsetSource, decode};

    fn decided(bytes: &[u8], transport: Option<&str>) -> (String, &'static str, CharsetSource) {
        let d = decode(bytes, transport, true);
        (d.text.into_owned(), d.encoding, d.source)
    }

    #[test]
    fn the_order_is_mark_transport_meta_guess() {
        let meta = b"<meta charset=windows-1251>\xcf\xf0\xe8";
        assert_eq!(decided(meta, None).0, "<meta charset=windows-1251>При");
        assert_eq!(decided(meta, Some("iso-8859-1")).1, "windows-1252");
        let marked = b"\xef\xbb\xbf<meta charset=windows-1251>\xc3\xa9";
        assert_eq!(
            decided(marked, Some("koi8-r")),
            ("<meta charset=windows-1251>é".into(), "UTF-8", CharsetSource::ByteOrderMark)
        );
        let old = b"<!-- <meta charset=koi8-r> --><META http-equiv=Content-Type content='text/html; charset=iso-8859-2'>\xb1";
        assert!(decided(old, None).0.ends_with('ą'));
        assert_eq!(decided(b"<meta charset=utf-16>x", None).1, "UTF-8");
    }

    #[test]
    fn what_nobody_named_is_guessed() {
        assert_eq!(decided("déjà".as_bytes(), None).2, CharsetSource::ValidUtf8);
        let (text, _, source) =
            decided(b"Le caf\xe9 est ferm\xe9 jusqu'\xe0 lundi, d\xe9clare le g\xe9rant.", None);
        assert_eq!(
            (text.as_str(), source),
            ("Le café est fermé jusqu'à lundi, déclare le gérant.", CharsetSource::Guess)
        );
    }

    #[test]
    fn utf8_stays_utf8_where_some_of_it_was_damaged() {
        let story = "पहाड़ी गाँव का पुस्तकालय";
        for end in 1..story.len() {
            let (text, encoding, _) = decided(&story.as_bytes()[..end], None);
            let whole = text.trim_end_matches('\u{fffd}');
            assert!(end < 4 || encoding == "UTF-8" && story.starts_with(whole), "{end}: {text}");
        }
        let mut bytes = "Le café est fermé jusqu’à lundi, déclare le gérant.".as_bytes().to_vec();
        bytes[1] = 0xff;
        let (text, _, source) = decided(&bytes, None);
        assert_eq!(
            (text.as_str(), source),
            ("L\u{fffd} café est fermé jusqu’à lundi, déclare le gérant.", CharsetSource::DamagedUtf8)
        );
        let (text, _, _) = decided(b"Caf\xe9 ferm\xe9, \xc3\xa9", None);
        assert!(text.starts_with("Café fermé"), "{text}");
    }
}
