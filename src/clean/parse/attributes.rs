//! Cuts tags with absurdly many attributes: the tokenizer compares each new attribute of a tag with
//! all before it. Reads tags as the HTML standard does, but knows nothing of where they stand in the tree;
//! what slips through for that reason, [`Stretch`] stops.

use memchr::{memchr, memmem};
use std::borrow::Cow;
use std::ops::Range;

/// Elements whose content is text to the tokenizer, tags in it included.
const RAW: [&str; 6] = ["script", "style", "textarea", "xmp", "noframes", "title"];

/// What is left of an attribute's value, in bytes: later stages need names, addresses and descriptions.
const VALUE: usize = 2 * 1024;

/// A comment of this many bytes or more is left out: it says nothing, and the tokenizer would gather it up.
const COMMENT: usize = 1024;

/// The same text, with every attribute after the `limit`th of a tag taken out, long values cut short and
/// long comments left out.
pub fn cut(html: &str, limit: usize) -> Cow<'_, str> {
    let bytes = html.as_bytes();
    let mut out: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while let Some(offset) = memchr(b'<', &bytes[at..]) {
        let open = at + offset;
        if bytes[open..].starts_with(b"<!--") {
            at = end_of_comment(bytes, open + 4);
            if at - open >= COMMENT {
                out.push(open..at);
            }
            continue;
        }
        let closes = bytes.get(open + 1) == Some(&b'/');
        let name = open + 1 + usize::from(closes);
        if !bytes.get(name).is_some_and(u8::is_ascii_alphabetic) {
            at = open + 1;
            continue;
        }
        let tag = scan(html, name, limit, &mut out);
        at = tag.end;
        let name = &bytes[name..tag.name_end];
        if !closes && let Some(raw) = RAW.iter().find(|r| r.as_bytes().eq_ignore_ascii_case(name)) {
            at = close_of(bytes, at, raw).unwrap_or(bytes.len());
        }
    }
    if out.is_empty() {
        return Cow::Borrowed(html);
    }
    let mut kept = String::with_capacity(html.len() - out.iter().map(Range::len).sum::<usize>());
    let mut copied = 0;
    for range in out {
        kept.push_str(&html[copied..range.start]);
        copied = range.end;
    }
    kept.push_str(&html[copied..]);
    Cow::Owned(kept)
}

struct Scanned {
    name_end: usize,
    /// The closing `>`, or the end of the text.
    end: usize,
}

/// Where in a tag the next byte stands.
#[derive(Clone, Copy)]
enum State {
    BeforeName,
    Name,
    AfterName,
    BeforeValue,
}

/// Walks one tag from its name to its `>`, quotes respected, and notes in `out` what goes.
fn scan(html: &str, name: usize, limit: usize, out: &mut Vec<Range<usize>>) -> Scanned {
    let bytes = html.as_bytes();
    let stop = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'>' | b'/');
    let name_end = bytes[name..].iter().position(stop).map_or(bytes.len(), |n| name + n);
    let (mut at, mut attributes, mut surplus) = (name_end, 0usize, None);
    let mut state = State::BeforeName;
    let mut shorten = |from: usize, to: usize, surplus: Option<usize>| {
        if surplus.is_none() && to - from > VALUE {
            out.push(html.floor_char_boundary(from + VALUE)..to);
        }
    };
    while let Some(&b) = bytes.get(at) {
        state = match (state, b) {
            (State::BeforeValue, b'"' | b'\'') => {
                let close = memchr(b, &bytes[at + 1..]).map_or(bytes.len(), |n| at + 1 + n);
                shorten(at + 1, close, surplus);
                at = close;
                State::BeforeName
            }
            (_, b'>') => break,
            (State::Name | State::AfterName, b'=') => State::BeforeValue,
            (State::Name | State::AfterName, b) if b.is_ascii_whitespace() => State::AfterName,
            (State::BeforeValue, b) if b.is_ascii_whitespace() => State::BeforeValue,
            (State::BeforeValue, _) => {
                let end = |b: &u8| b.is_ascii_whitespace() || *b == b'>';
                let close = bytes[at..].iter().position(end).map_or(bytes.len(), |n| at + n);
                shorten(at, close, surplus);
                at = close;
                state = State::BeforeName;
                continue;
            }
            (_, b) if b.is_ascii_whitespace() || b == b'/' => State::BeforeName,
            (State::Name, _) => State::Name,
            (State::BeforeName | State::AfterName, _) => {
                attributes += 1;
                if attributes > limit && surplus.is_none() {
                    surplus = Some(at);
                }
                State::Name
            }
        };
        at += 1;
    }
    let end = at.min(bytes.len());
    if let Some(from) = surplus {
        out.push(from..end);
    }
    Scanned { name_end, end }
}

/// One past the comment's end; `from`: right after its `<!--`.
fn end_of_comment(bytes: &[u8], from: usize) -> usize {
    let inner = &bytes[from.min(bytes.len())..];
    if inner.starts_with(b">") || inner.starts_with(b"->") {
        return from;
    }
    let mut at = from;
    while let Some(offset) = memmem::find(&bytes[at..], b"--") {
        let after = at + offset + 2;
        match &bytes[after..] {
            [b'>', ..] => return after + 1,
            [b'!', b'>', ..] => return after + 2,
            _ => at = after - 1,
        }
    }
    bytes.len()
}

/// Where `</name` stands next, in any case.
fn close_of(bytes: &[u8], from: usize, name: &str) -> Option<usize> {
    let mut at = from;
    while let Some(offset) = memmem::find(bytes.get(at..)?, b"</") {
        let open = at + offset;
        let rest = &bytes[open + 2..];
        if rest.len() >= name.len() && rest[..name.len()].eq_ignore_ascii_case(name.as_bytes()) {
            return Some(open);
        }
        at = open + 2;
    }
    None
}

/// A stretch of input that the tokenizer takes in without giving a token: inside a tag, or a comment.
/// Counts what an attribute could begin after, and what comparing them all would cost.
#[derive(Debug, Default)]
pub struct Stretch {
    separators: usize,
    cost: usize,
}

impl Stretch {
    /// Notes a piece of input and whether a token came out of it; gives the cost so far, in comparisons.
    pub fn note(&mut self, piece: &str, gave_token: bool) -> usize {
        let count =
            piece.bytes().filter(|b| b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b'/')).count();
        if gave_token {
            self.separators = count;
        } else {
            self.cost += count * self.separators;
            self.separators += count;
        }
        self.cost
    }
}
