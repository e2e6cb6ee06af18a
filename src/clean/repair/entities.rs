//! Character references that were left in text: `caf&eacute;`, `&nbsp;`, `&#8217;`, also escaped again (`&amp;amp;`).
//!
//! They stay in code, in text about markup, where they stand alone between quotation marks, and where a tag or
//! another reference would come of it.

use super::about::About;
use super::tags::{MARKUP, is_tag_start};
use super::{Edit, Repair, Sheet};
use std::sync::LazyLock;

/// Names, sorted; ours to read, HTML's to say.
static NAMES: LazyLock<Vec<(&'static str, char)>> = LazyLock::new(|| {
    let mut names: Vec<(&str, char)> = include_str!("entities.tsv")
        .lines()
        .filter_map(|line| {
            let (name, code) = line.split_once('\t')?;
            Some((name, char::from_u32(u32::from_str_radix(code, 16).ok()?)?))
        })
        .collect();
    names.sort_unstable();
    names
});

/// Longest reference, in bytes, escapes upon escapes aside.
const LONGEST: usize = 12;

/// How often a reference may have been escaped again.
const DEEPEST: usize = 4;

pub fn find(sheet: &Sheet<'_>) -> Vec<Edit> {
    let text = sheet.text;
    if !sheet.on.has(Repair::Entities) || !may_hold(text) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut from = 0;
    for at in memchr::memchr_iter(b'&', text.as_bytes()).filter(|at| !sheet.code.holds(*at)) {
        if at >= from
            && let Some((end, to)) = reference(text, at)
        {
            found.push((at, end, to));
            from = end;
        }
    }
    if found.is_empty() {
        return Vec::new();
    }
    let about = [About::of(text, MARKUP), About::of(text, ESCAPES)];
    // Where a tag was escaped, somebody wrote about it: then neither half of any is touched.
    let shows_tags = found.iter().any(|(_, end, to)| *to == '<' && shows_tag(&text[*end..]));
    let mut edits = Vec::new();
    for (at, end, to) in found {
        let before = text[..at].chars().next_back();
        let next = text[end..].chars().next();
        if is_shown(before, next)
            || (matches!(to, '<' | '>') && shows_tags)
            || (to == '<' && is_tag_start(&text[end..]))
            || about.iter().any(|about| about.forbids(at))
            || in_address(text, at)
        {
            continue;
        }
        let makes_another = to == '&'
            && next.is_some_and(|c| c == '#' || c.is_alphabetic())
            && reference_at(text, end).is_some();
        if !makes_another {
            edits.push(Edit::new(Repair::Entities, at..end, to.to_string()));
        }
    }
    edits
}

/// Words of people who write about references.
const ESCAPES: &[&str] = &[
    "escape",
    "escaped",
    "escapes",
    "escaping",
    "unescape",
    "entity",
    "entities",
    "ampersand",
    "ampersands",
    "php",
    "mojibake",
    "esperluette",
    "encoding",
    "urlencode",
];

/// Does a tag begin here that goes on to its end?
fn shows_tag(rest: &str) -> bool {
    let near = &rest[..rest.floor_char_boundary(200)];
    is_tag_start(near) && (near.contains("gt;") || near.contains('>'))
}

/// Is it a part of an address?
fn in_address(text: &str, at: usize) -> bool {
    let near = &text[text.ceil_char_boundary(at.saturating_sub(300))..at];
    near.rsplit(char::is_whitespace).next().is_some_and(|token| token.contains("://"))
}

/// Is there a reference at all?
pub fn may_hold(text: &str) -> bool {
    memchr::memchr_iter(b'&', text.as_bytes()).any(|at| reference(text, at).is_some())
}

/// Does it stand there to be looked at, between quotation marks of its own?
fn is_shown(before: Option<char>, next: Option<char>) -> bool {
    let pair = (before, next);
    matches!(
        pair,
        (Some('"'), Some('"'))
            | (Some('\''), Some('\''))
            | (Some('“' | '„'), Some('”' | '“'))
            | (Some('‘'), Some('’'))
            | (Some('('), Some(')'))
            | (Some('['), Some(']'))
    )
}

/// Would the text after an ampersand be a reference with it?
fn reference_at(text: &str, at: usize) -> Option<char> {
    body(text, at).map(|(_, c)| c)
}

/// The reference that begins at the ampersand `at`: where it ends, and what it stands for.
fn reference(text: &str, at: usize) -> Option<(usize, char)> {
    let mut name = at + 1;
    for _ in 0..DEEPEST {
        let inner = text.get(name..)?.strip_prefix("amp;").filter(|_| body(text, name + 4).is_some());
        if inner.is_none() {
            break;
        }
        name += 4;
    }
    body(text, name)
}

/// `name;`, `#8217;` or `#x2019;`
fn body(text: &str, at: usize) -> Option<(usize, char)> {
    let rest = text.as_bytes().get(at..)?;
    let length = rest.iter().take(LONGEST).position(|b| *b == b';')?;
    let name = text.get(at..at + length)?;
    let c = match name.strip_prefix('#') {
        Some(number) => numbered(number)?,
        None => named(name)?,
    };
    Some((at + length + 1, c))
}

fn named(name: &str) -> Option<char> {
    let at = NAMES.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
    NAMES.get(at).map(|(_, c)| *c)
}

fn numbered(number: &str) -> Option<char> {
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) if hex.bytes().all(|b| b.is_ascii_hexdigit()) => u32::from_str_radix(hex, 16).ok()?,
        None if number.bytes().all(|b| b.is_ascii_digit()) => number.parse().ok()?,
        _ => return None,
    };
    match code {
        9 | 10 | 13 => Some(' '),
        0x80..=0x9f => {
            let byte = [u8::try_from(code).ok()?];
            let (c, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&byte);
            c.chars().next().filter(|c| !c.is_control())
        }
        _ => char::from_u32(code).filter(|c| !c.is_control()),
    }
}
