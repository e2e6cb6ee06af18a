//! Pages for people: one self-contained HTML file each, whose text comes from strangers. Knows how to escape,
//! to lay out and to forbid every other script; knows nothing of documents and reasons.

use sha2::{Digest, Sha256};
use std::fmt::{self, Write};

/// The style all pages share.
const BASE: &str = include_str!("base.css");

/// A page: what stands in it is HTML, made with [`escape`].
pub(super) struct Page<'a> {
    pub(super) title: &'a str,
    pub(super) style: &'a str,
    pub(super) script: &'a str,
    pub(super) body: &'a str,
}

impl Page<'_> {
    /// The whole file. Its policy lets it load nothing, and run and apply only what it came with.
    pub(super) fn render(&self) -> String {
        let style = format!("{BASE}{}", self.style);
        let (style_hash, script_hash) = (fingerprint(&style), fingerprint(self.script));
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
             style-src 'sha256-{style_hash}'; script-src 'sha256-{script_hash}'; base-uri 'none'; \
             form-action 'none'\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n<title>{}</title>\n\
             <style>{style}</style>\n</head>\n<body>\n{}\n<script>{}</script>\n</body>\n</html>\n",
            escape(self.title),
            self.body,
            self.script,
        )
    }
}

/// Text as HTML shows it, in content and in quoted attributes.
pub(super) fn escape(text: &str) -> Escaped<'_> {
    Escaped(text)
}

pub(super) struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => out.write_str("&amp;")?,
                '<' => out.write_str("&lt;")?,
                '>' => out.write_str("&gt;")?,
                '"' => out.write_str("&quot;")?,
                '\'' => out.write_str("&#39;")?,
                '\n' | '\t' => out.write_char(c)?,
                c if c.is_control() => out.write_char('\u{fffd}')?,
                c => out.write_char(c)?,
            }
        }
        Ok(())
    }
}

/// A number with its thousands apart.
pub(super) fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 block`, `1,204 blocks`.
pub(super) fn counted(n: u64, what: &str) -> String {
    format!("{} {what}{}", grouped(n), if n == 1 { "" } else { "s" })
}

/// SHA-256 in Base64, as a content security policy names a script or style.
fn fingerprint(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in Sha256::digest(text.as_bytes()).chunks(3) {
        let bits = (0..3).fold(0u32, |bits, at| bits << 8 | three.get(at).copied().map_or(0, u32::from));
        for at in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * at) & 63) as usize];
            out.push(if at > three.len() { '=' } else { char::from(digit) });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{counted, escape, fingerprint, grouped};

    #[test]
    fn nothing_of_a_text_is_markup() {
        let hostile = "</script><img src=x onerror='a()'>&\"\0\u{1b}é";
        let shown = escape(hostile).to_string();
        assert!(!shown.contains(['<', '>', '"', '\'', '\0', '\u{1b}']));
        assert!(shown.ends_with("&amp;&quot;\u{fffd}\u{fffd}é"), "{shown}");
    }

    #[test]
    fn a_fingerprint_is_that_of_the_standard_tools() {
        assert_eq!(fingerprint(""), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
        assert_eq!(fingerprint("abc"), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
    }

    #[test]
    fn thousands_stand_apart() {
        assert_eq!([0, 999, 1000, 1234567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!([0, 1, 1000].map(|n| counted(n, "block")), ["0 blocks", "1 block", "1,000 blocks"]);
    }
}
