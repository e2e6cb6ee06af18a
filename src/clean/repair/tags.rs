//! HTML tags that were left in text: `<p>`, `<br/>`, `<a href="…">`, also comments, scripts and styles with all they
//! hold.
//!
//! Only tags of elements that HTML has, written as HTML writes them, and all or none: each has an attribute, is one of a
//! pair, or of an element that nothing closes. `a < b`, `<3` and `List<String>` are no tags; a text about markup, one
//! with code, or one with a tag that is not sure or stands as a word (`use <b> for it`) keeps all.

use super::about::About;
use super::{Edit, Repair, Sheet};
use std::collections::HashMap;

/// Longest tag that is looked for, in bytes.
const LONGEST: usize = 2_000;

/// Elements that begin a line.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "br",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "iframe",
    "li",
    "main",
    "nav",
    "noscript",
    "object",
    "ol",
    "option",
    "p",
    "pre",
    "script",
    "section",
    "select",
    "style",
    "table",
    "tbody",
    "tfoot",
    "thead",
    "title",
    "tr",
    "ul",
    "video",
];

/// Elements that stand within one.
const INLINES: &[&str] = &[
    "a", "abbr", "acronym", "audio", "b", "big", "button", "caption", "cite", "code", "col", "colgroup",
    "em", "embed", "font", "i", "img", "input", "ins", "label", "link", "meta", "param", "q", "s", "small",
    "source", "span", "strike", "strong", "sub", "sup", "svg", "td", "th", "time", "tt", "u", "wbr",
];

/// Elements that nothing closes.
const EMPTY: &[&str] = &["br", "hr", "img", "wbr"];

#[derive(Debug)]
struct Tag<'a> {
    start: usize,
    end: usize,
    name: &'a str,
    closes: bool,
    has_attributes: bool,
}

pub fn find(sheet: &Sheet<'_>) -> Vec<Edit> {
    let text = sheet.text;
    if !sheet.on.has(Repair::Tags) || memchr::memchr(b'<', text.as_bytes()).is_none() {
        return Vec::new();
    }
    let mut tags = Vec::new();
    let mut from = 0;
    let comment_ends: Vec<usize> = memchr::memmem::find_iter(text.as_bytes(), "-->").collect();
    for at in memchr::memchr_iter(b'<', text.as_bytes()) {
        if at < from {
            continue;
        }
        let Some(tag) = comment(text, at, &comment_ends).or_else(|| tag(text, at)) else { continue };
        from = tag.end;
        let known = tag.name == "!" || is_known(tag.name);
        let shown = is_shown(text, &tag);
        if !known || shown || stands_as_word(text, &tag) || sheet.code.holds(at) {
            // A placeholder, or a tag that is spoken of: then the others may be too.
            return Vec::new();
        }
        tags.push(tag);
    }
    if tags.len() < 2 || About::of(text, MARKUP).is_any() || has_code(text) {
        return Vec::new();
    }
    let mut open: HashMap<String, (usize, usize)> = HashMap::new();
    for tag in &tags {
        let counts = open.entry(tag.name.to_ascii_lowercase()).or_default();
        if tag.closes { counts.1 += 1 } else { counts.0 += 1 }
    }
    let is_sure = |tag: &Tag<'_>| {
        let name = tag.name.to_ascii_lowercase();
        let (opened, closed) = open.get(&name).copied().unwrap_or_default();
        tag.name == "!" || tag.has_attributes || (opened > 0 && closed > 0) || EMPTY.contains(&name.as_str())
    };
    if !tags.iter().all(is_sure) {
        return Vec::new();
    }
    let mut edits: Vec<Edit> = Vec::new();
    let mut done = 0;
    for (at, tag) in tags.iter().enumerate() {
        if tag.start < done {
            continue;
        }
        let name = tag.name.to_ascii_lowercase();
        done = match swallows(&tags[at..]) {
            None => tag.end,
            Some(Ok(end)) => end,
            // What it holds does not show.
            Some(Err(())) => return Vec::new(),
        };
        edits.push(Edit::new(Repair::Tags, tag.start..done, instead(text, tag, &name)));
    }
    edits
}

/// Where a script or style ends, if the first of these tags begins one: at its own closing tag, not far off.
fn swallows(tags: &[Tag<'_>]) -> Option<Result<usize, ()>> {
    let tag = tags.first().filter(|tag| !tag.closes)?;
    let name = ["script", "style"].into_iter().find(|name| tag.name.eq_ignore_ascii_case(name))?;
    let mut rest = tags[1..].iter().take_while(|next| next.start < tag.end + LONGEST * 4);
    let next = rest.find(|next| next.name.eq_ignore_ascii_case(name));
    Some(next.filter(|next| next.closes).map(|next| next.end).ok_or(()))
}

/// What takes a tag's place: a line end, a tab between cells, nothing.
fn instead(text: &str, tag: &Tag<'_>, name: &str) -> &'static str {
    match name {
        _ if BLOCKS.contains(&name) => "\n",
        "td" | "th" if !tag.closes => "\t",
        "img" | "input" | "button" | "label" if text[..tag.start].ends_with(char::is_alphanumeric) => " ",
        // Nothing must grow together to a tag or a reference that was none.
        _ if text[..tag.start].ends_with(['<', '&', '/']) => " ",
        _ => "",
    }
}

fn is_known(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    BLOCKS.contains(&name.as_str()) || INLINES.contains(&name.as_str())
}

/// Between quotation marks, or after a letter: it is spoken of, or no tag.
fn is_shown(text: &str, tag: &Tag<'_>) -> bool {
    let before = text[..tag.start].chars().next_back();
    let next = text[tag.end..].chars().next();
    let quoted = matches!(
        (before, next),
        (Some('"'), Some('"'))
            | (Some('\''), Some('\''))
            | (Some('“' | '„' | '«'), _)
            | (Some('‘'), Some('’'))
            | (Some('('), Some(')'))
    );
    quoted || before.is_some_and(|c| c == '$' || c == '\\')
}

/// A tag alone between words, without attributes: `use <b> for it`, `the value <p> is less`.
fn stands_as_word(text: &str, tag: &Tag<'_>) -> bool {
    let before = text[..tag.start].trim_end_matches(' ');
    let next = text[tag.end..].chars().next();
    let plain =
        !tag.has_attributes && tag.name != "!" && !EMPTY.iter().any(|e| tag.name.eq_ignore_ascii_case(e));
    plain
        && before.len() < tag.start
        && before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, ',' | ':' | '('))
        && next.is_none_or(|c| c.is_whitespace() || matches!(c, ',' | '.' | ')' | ':' | ';' | '?'))
}

/// `<!-- … -->`
fn comment<'t>(text: &'t str, at: usize, ends: &[usize]) -> Option<Tag<'t>> {
    text[at..].strip_prefix("<!--")?;
    let end = *ends.get(ends.partition_point(|end| *end < at + 4))?;
    (end - at < LONGEST * 4).then_some(Tag {
        start: at,
        end: end + 3,
        name: "!",
        closes: true,
        has_attributes: false,
    })
}

/// A tag as HTML writes it: a name, attributes with their values, no other `<` in it.
fn tag(text: &str, at: usize) -> Option<Tag<'_>> {
    let bytes = text.as_bytes();
    let bytes = bytes.get(..bytes.len().min(at + LONGEST))?;
    let mut here = at + 1;
    let closes = bytes.get(here) == Some(&b'/');
    here += usize::from(closes);
    let name_start = here;
    while bytes.get(here).is_some_and(u8::is_ascii_alphanumeric) {
        here += 1;
    }
    let name = text.get(name_start..here).filter(|n| n.starts_with(|c: char| c.is_ascii_alphabetic()))?;
    let mut has_attributes = false;
    loop {
        let space = here;
        while bytes.get(here).is_some_and(u8::is_ascii_whitespace) {
            here += 1;
        }
        match *bytes.get(here)? {
            b'>' => return Some(Tag { start: at, end: here + 1, name, closes, has_attributes }),
            b'/' if bytes.get(here + 1) == Some(&b'>') => {
                return Some(Tag { start: at, end: here + 2, name, closes, has_attributes });
            }
            _ if here == space || closes => return None,
            _ => {
                let (end, has_value) = attribute(bytes, here)?;
                has_attributes |= has_value;
                here = end;
            }
        }
    }
}

/// `name`, `name=value`, `name="value"`: where it ends, and whether it has a value.
fn attribute(bytes: &[u8], at: usize) -> Option<(usize, bool)> {
    let letter = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':');
    let mut here = at;
    while bytes.get(here).is_some_and(letter) {
        here += 1;
    }
    if here == at {
        return None;
    }
    if bytes.get(here) != Some(&b'=') {
        return Some((here, false));
    }
    here += 1;
    let quote = *bytes.get(here)?;
    if matches!(quote, b'"' | b'\'') {
        let value = bytes.get(here + 1..)?;
        let end = memchr::memchr3(quote, b'<', b'>', value).filter(|e| value.get(*e) == Some(&quote))?;
        return Some((here + 1 + end + 1, true));
    }
    let plain = |b: &u8| !b.is_ascii_whitespace() && !matches!(b, b'"' | b'\'' | b'<' | b'>' | b'=' | b'`');
    let start = here;
    while bytes.get(here).is_some_and(plain) {
        here += 1;
    }
    (here > start).then_some((here, true))
}

/// Would a `<` before this begin a tag?
pub fn is_tag_start(rest: &str) -> bool {
    rest.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'))
}

/// Words of people who write about markup, or in it.
pub const MARKUP: &[&str] = &[
    "html",
    "xhtml",
    "html5",
    "xml",
    "svg",
    "css",
    "javascript",
    "jsx",
    "markup",
    "balise",
    "balises",
    "tags",
    "etiqueta",
];

/// So many lines that end as those of programs do make a text with code.
const CODE_LINES: usize = 3;

fn has_code(text: &str) -> bool {
    text.lines().filter(|line| line.trim_end().ends_with([';', '{', '}'])).take(CODE_LINES).count()
        == CODE_LINES
}
