//! Exact identity: the normal form of a text, its content id, and a key that ignores typography.
//!
//! # Definition, version 1
//! The normal form of a text is the text
//! 1. in Unicode NFC,
//! 2. with CR LF and lone CR turned into LF,
//! 3. without white space at the end of any line,
//! 4. without blank lines at its beginning and end,
//! 5. ending in exactly one LF; a text with nothing but white space becomes the empty text.
//!
//! The content id is `sha256:` and the 64 lowercase hex digits of the SHA-256 over the UTF-8 bytes
//! of that form. White space is what Unicode calls `White_Space`.

use super::fold::for_each_folded;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// Version of the definition above; stores remember the one they were made with.
pub const IDENTITY_VERSION: u32 = 1;

/// The normal form of a text.
pub fn normalise(text: &str) -> String {
    normal_form(text).into_owned()
}

/// The normal form of a text, borrowed where the text is in it already.
pub fn normal_form(text: &str) -> Cow<'_, str> {
    if is_normal(text) { Cow::Borrowed(text) } else { Cow::Owned(rewrite(text)) }
}

/// `sha256:<64 hex>` of the normal form; costs one scan and one hash when the text is normal already.
pub fn content_id(text: &str) -> String {
    format_id(&content_hash(text))
}

/// The 32 bytes behind [`content_id`].
pub fn content_hash(text: &str) -> [u8; 32] {
    Sha256::digest(normal_form(text).as_bytes()).into()
}

/// Writes a hash as a content id.
pub fn format_id(hash: &[u8; 32]) -> String {
    use std::fmt::Write;
    let mut id = String::with_capacity(7 + 64);
    id.push_str("sha256:");
    for byte in hash {
        // Writing to a String cannot fail.
        let _ = write!(id, "{byte:02x}");
    }
    id
}

/// A key that is equal for texts that differ only in case, white space and typography (quotation
/// marks, dashes, ellipses, ligatures, full-width forms). Digits count: pages of prices and dates
/// differ only there. `None` where nothing but white space is left.
pub fn folded_key(text: &str) -> Option<[u8; 16]> {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    for_each_folded(text, |c| {
        let c = plain_typography(c);
        if c.is_whitespace() {
            gap = !folded.is_empty();
        } else if c != '\u{ad}' {
            if gap {
                folded.push(' ');
                gap = false;
            }
            folded.push(c);
        }
    });
    let digest: [u8; 32] = Sha256::digest(folded.as_bytes()).into();
    let mut key = [0u8; 16];
    key.copy_from_slice(&digest[..16]);
    (!folded.is_empty()).then_some(key)
}

/// One character for the many a typesetter may choose from; NFKC has taken the ellipsis apart.
fn plain_typography(c: char) -> char {
    match c {
        '\u{2018}'..='\u{201b}' | '\u{2032}' | '`' | '\u{b4}' => '\'',
        '\u{201c}'..='\u{201f}' | '\u{2033}' | '\u{ab}' | '\u{bb}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{200b}' | '\u{feff}' => '\u{ad}',
        other => other,
    }
}

fn is_normal(text: &str) -> bool {
    if text.is_empty() {
        return true;
    }
    let Some(body) = text.strip_suffix('\n') else {
        return false;
    };
    if !text.is_ascii() && !is_nfc(text) {
        return false;
    }
    if body.contains('\r') || body.starts_with('\n') || body.ends_with('\n') {
        return false;
    }
    let mut lines = body.split('\n');
    let first_has_text = lines.next().is_some_and(|line| !line.is_empty() && !ends_blank(line));
    first_has_text && lines.all(|line| !ends_blank(line))
}

fn ends_blank(line: &str) -> bool {
    line.ends_with(char::is_whitespace)
}

fn rewrite(text: &str) -> String {
    let composed: Cow<'_, str> =
        if text.is_ascii() { Cow::Borrowed(text) } else { Cow::Owned(text.nfc().collect()) };
    let mut out = String::with_capacity(composed.len() + 1);
    let mut blank_lines = 0;
    // A CR LF pair yields an empty piece between the two, told from a blank line by what ended it.
    for line in split_lines(&composed) {
        let line = line.trim_end();
        if line.is_empty() {
            blank_lines += 1;
            continue;
        }
        if !out.is_empty() {
            out.extend(std::iter::repeat_n('\n', blank_lines));
        }
        blank_lines = 0;
        out.push_str(line);
        out.push('\n');
    }
    out
}

/// Lines ended by LF, CR LF or CR.
fn split_lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let current = rest?;
        let Some(end) = memchr::memchr2(b'\n', b'\r', current.as_bytes()) else {
            rest = None;
            return Some(current);
        };
        let after = if current[end..].starts_with("\r\n") { end + 2 } else { end + 1 };
        rest = Some(&current[after..]);
        Some(&current[..end])
    })
}

#[cfg(test)]
mod tests {
    use super::{content_id, folded_key, is_normal, normalise};
    use proptest::{
        arbitrary::any, prop_assert, prop_assert_eq, prop_oneof, proptest, strategy::Just, strategy::Strategy,
    };

    #[test]
    fn the_normal_form_is_as_defined() {
        let cases = [
            ("", ""),
            (" \n\t\r\n\u{a0}", ""),
            ("a", "a\n"),
            ("a\n", "a\n"),
            ("\n\n a \r\nb\t\rc\n\n\n", " a\nb\nc\n"),
            ("a\r\n\r\nb", "a\n\nb\n"),
            ("a\r\rb", "a\n\nb\n"),
            ("a\n \n\nb", "a\n\n\nb\n"),
            ("cafe\u{301}", "caf\u{e9}\n"),
            ("a\u{2003}\nb\u{3000}", "a\nb\n"),
        ];
        for (input, want) in cases {
            assert_eq!(normalise(input), want, "{input:?}");
        }
    }

    #[test]
    fn ids_are_the_hash_of_the_normal_form() {
        // printf 'abc\n' | sha256sum
        let abc = "sha256:edeaaff3f1774ad2888673770c6d64097e391bc362d7d6fb34982ddf0efd18cb";
        assert_eq!(content_id("abc\n"), abc);
        assert_eq!(content_id("\r\nabc \r\n\r\n"), abc);
        let empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(content_id(" \n"), empty);
        assert_ne!(content_id("Abc\n"), abc);
    }

    #[test]
    fn the_folded_key_ignores_typography_and_keeps_digits() {
        let key = folded_key("It\u{2019}s \u{201c}fine\u{201d} \u{2014} 12 pages\u{2026}");
        assert!(key.is_some());
        assert_eq!(key, folded_key("it's  \"FINE\" -\n12 pages..."));
        assert_ne!(key, folded_key("it's \"fine\" - 13 pages..."));
        assert_ne!(folded_key("ab"), folded_key("a b"));
        assert_eq!(folded_key(" \n"), None);
    }

    /// Text made of the characters that matter here.
    fn text() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("\n".to_owned()),
            Just("\r".to_owned()),
            Just("\r\n".to_owned()),
            Just(" ".to_owned()),
            Just("\u{a0}".to_owned()),
            Just("\u{301}".to_owned()),
            Just("e".to_owned()),
            Just("\u{2028}".to_owned()),
            Just("\u{1100}\u{1161}".to_owned()),
            any::<char>().prop_map(String::from),
        ];
        proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn normalising_twice_is_normalising_once(text in text()) {
            let once = normalise(&text);
            prop_assert_eq!(normalise(&once), once.clone());
            prop_assert_eq!(content_id(&once), content_id(&text));
            prop_assert!(once.is_empty() || (once.ends_with('\n') && !once.ends_with("\n\n")));
            prop_assert!(!once.contains('\r'));
            prop_assert!(once.lines().all(|line| line.trim_end() == line));
        }

        #[test]
        fn the_cheap_test_agrees_with_the_rewrite(text in text()) {
            prop_assert_eq!(is_normal(&text), super::rewrite(&text) == text);
        }
    }
}
