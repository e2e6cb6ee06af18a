//! Cuts tags with absurdly many attributes: the tokenizer compares each new attribute of a tag with
//! all before it.

use memchr::memchr;
use std::borrow::Cow;

/// Elements whose content is text to the tokenizer, tags in it included.
const RAW: [&str; 6] = ["script", "style", "textarea", "xmp", "noframes", "title"];

/// The same text, with every attribute after the `limit`th of a tag taken out.
pub fn cut(html: &str, limit: usize) -> Cow<'_, str> {
    let bytes = html.as_bytes();
    let mut kept: Option<String> = None;
    let mut copied = 0;
    let mut at = 0;
    while let Some(offset) = memchr(b'<', &bytes[at..]) {
        let open = at + offset;
        if bytes[open..].starts_with(b"<!--") {
            at = find(html, open + 4, "-->").unwrap_or(bytes.len());
            continue;
        }
        if !bytes.get(open + 1).is_some_and(u8::is_ascii_alphabetic) {
            at = open + 1;
            continue;
        }
        let tag = scan(bytes, open, limit);
        if let Some(from) = tag.surplus {
            let text = kept.get_or_insert_with(String::new);
            text.push_str(&html[copied..from]);
            copied = tag.end;
        }
        at = tag.end;
        let name = &html[open + 1..tag.name_end];
        if let Some(raw) = RAW.iter().find(|r| r.eq_ignore_ascii_case(name)) {
            at = close_of(bytes, at, raw).unwrap_or(bytes.len());
        }
    }
    match kept {
        Some(mut text) => {
            text.push_str(&html[copied..]);
            Cow::Owned(text)
        }
        None => Cow::Borrowed(html),
    }
}

struct Scanned {
    name_end: usize,
    /// The closing `>`, or the end of the text.
    end: usize,
    /// Where the first surplus attribute begins.
    surplus: Option<usize>,
}

/// Walks one tag from its `<` to its `>`, quotes respected.
fn scan(bytes: &[u8], open: usize, limit: usize) -> Scanned {
    let stop = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'>' | b'/');
    let name_end = bytes[open..].iter().position(stop).map_or(bytes.len(), |n| open + n);
    let (mut at, mut attributes, mut surplus) = (name_end, 0usize, None);
    let (mut in_name, mut after_equals) = (false, false);
    while let Some(&b) = bytes.get(at) {
        match b {
            b'>' => break,
            b'"' | b'\'' if after_equals => {
                at = memchr(b, &bytes[at + 1..]).map_or(bytes.len(), |n| at + 1 + n + 1);
                (in_name, after_equals) = (false, false);
                continue;
            }
            b'=' if in_name => after_equals = true,
            b if b.is_ascii_whitespace() || b == b'/' => in_name = in_name && after_equals && b != b'/',
            _ if !in_name => {
                attributes += 1;
                if attributes > limit && surplus.is_none() {
                    surplus = Some(at);
                }
                (in_name, after_equals) = (true, false);
            }
            _ => {}
        }
        at += 1;
    }
    Scanned { name_end, end: at.min(bytes.len()), surplus }
}

fn find(html: &str, from: usize, needle: &str) -> Option<usize> {
    memchr::memmem::find(html.as_bytes().get(from..)?, needle.as_bytes()).map(|n| from + n)
}

/// Where `</name` stands next, in any case.
fn close_of(bytes: &[u8], from: usize, name: &str) -> Option<usize> {
    let mut at = from;
    while let Some(offset) = memchr::memmem::find(bytes.get(at..)?, b"</") {
        let open = at + offset;
        let rest = &bytes[open + 2..];
        if rest.len() >= name.len() && rest[..name.len()].eq_ignore_ascii_case(name.as_bytes()) {
            return Some(open);
        }
        at = open + 2;
    }
    None
}
