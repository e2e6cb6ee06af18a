//! HTML in a Markdown file: which tags and comments of it say nothing. What is not sure stays: in prose, a tag without
//! attributes whose partner is missing is spoken of (`the <p> element`), or is a parameter of a type (`List<a>`).

use crate::clean::parse::Tag;
use memchr::{memchr, memmem};
use std::ops::Range;

/// Longest tag, in bytes.
const LONGEST: usize = 2_000;

/// Most tags that wait for their partners at a time.
const OPEN: usize = 100;

/// What begins code that a site's generator shows: a tag in it is what a reader sees.
const SHOWN: [&str; 4] = ["{% highlight", "{% raw", "{{< highlight", "{{% highlight"];

/// What is known so far, in bytes of the file.
#[derive(Debug)]
pub struct Markup<'t> {
    text: &'t str,
    shows_code: bool,
    /// Tags of this paragraph that wait for their partners.
    open: Vec<Open>,
    /// Tags and comments outside of links and emphasis.
    pub silent: Vec<Range<usize>>,
    /// What looks like a tag in a link or in emphasis, and is none.
    pub spoken: Vec<Range<usize>>,
    /// Where a tag begins another line or block.
    pub partings: Vec<usize>,
}

#[derive(Debug)]
struct Open {
    at: Range<usize>,
    tag: Tag,
    in_mark: bool,
    /// Has it attributes?
    is_sure: bool,
}

impl<'t> Markup<'t> {
    pub fn of(text: &'t str) -> Self {
        let shows_code = SHOWN.iter().any(|sign| memmem::find(text.as_bytes(), sign.as_bytes()).is_some());
        let (open, silent, spoken, partings) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { text, shows_code, open, silent, spoken, partings }
    }

    /// Notes a block of HTML: tags and comments, scripts, styles, drawings and templates with all they hold.
    pub fn block(&mut self, range: Range<usize>) {
        if self.shows_code {
            return;
        }
        let html = &self.text[..range.end];
        let mut at = range.start;
        while let Some(open) = memchr(b'<', &html.as_bytes()[at..]).map(|offset| at + offset) {
            let rest = &html[open + 1..];
            at = open + 1;
            if let Some(comment) = rest.strip_prefix("!--") {
                // What is never closed is not sure, nor is what follows.
                let Some(end) = memmem::find(comment.as_bytes(), b"-->") else { break };
                at += "!--".len() + end + "-->".len();
                self.silent.push(open..at);
            } else if let Some((tag, end)) = known(rest).zip(tag_end(rest)) {
                let Some(held) = held(tag, rest, end) else { break };
                at += end + held;
                self.hush(open..at, tag, false);
            }
        }
    }

    /// Notes a tag or a comment among words. `in_mark`: in a link or in emphasis.
    pub fn inline(&mut self, range: Range<usize>, in_mark: bool) {
        let Some(rest) = self.text[range.clone()].strip_prefix('<').filter(|_| !self.shows_code) else {
            return self.stays(range, in_mark);
        };
        let Some(tag) = known(rest) else {
            match rest.starts_with("!--") {
                true if in_mark => {}
                true => self.silent.push(range),
                false => self.stays(range, in_mark),
            }
            return;
        };
        let alone = matches!(tag, Tag::Br | Tag::Hr | Tag::Img | Tag::Wbr);
        if alone {
            self.hush(range, tag, in_mark);
        } else if rest.starts_with('/') {
            match self.open.iter().rposition(|open| open.tag == tag) {
                Some(partner) => {
                    let open = self.open.remove(partner);
                    self.hush(open.at, tag, open.in_mark);
                    self.hush(range, tag, in_mark);
                }
                None => self.stays(range, in_mark),
            }
        } else {
            if self.open.len() == OPEN {
                let first = self.open.remove(0);
                self.settle(first);
            }
            let is_sure = rest.contains(char::is_whitespace);
            self.open.push(Open { at: range, tag, in_mark, is_sure });
        }
    }

    /// Tags whose partners would be in the same paragraph have none.
    pub fn end_paragraph(&mut self) {
        for open in std::mem::take(&mut self.open) {
            self.settle(open);
        }
    }

    fn settle(&mut self, open: Open) {
        if open.is_sure {
            self.hush(open.at, open.tag, open.in_mark)
        } else {
            self.stays(open.at, open.in_mark)
        }
    }

    fn hush(&mut self, range: Range<usize>, tag: Tag, in_mark: bool) {
        if tag == Tag::Br || tag == Tag::Option || tag.is_block() {
            self.partings.push(range.start);
        }
        // What stands in a link or in emphasis is silent unless it is spoken.
        if !in_mark {
            self.silent.push(range);
        }
    }

    fn stays(&mut self, range: Range<usize>, in_mark: bool) {
        if in_mark {
            self.spoken.push(range);
        }
    }
}

/// The element of HTML that a tag, without its `<`, opens or closes; in small letters or in capitals.
fn known(tag: &str) -> Option<Tag> {
    let name = tag.strip_prefix('/').unwrap_or(tag);
    let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
    let (name, rest) = name.split_at(end);
    let ends = rest.starts_with([' ', '\t', '\n', '\r', '>', '/']);
    let one_case =
        !name.contains(|c: char| c.is_ascii_lowercase()) || !name.contains(|c: char| c.is_ascii_uppercase());
    let tag = Tag::of(&name.to_ascii_lowercase());
    (ends && one_case && !matches!(tag, Tag::Other | Tag::Custom)).then_some(tag)
}

/// One past the `>` that ends a tag, quotes respected.
fn tag_end(tag: &str) -> Option<usize> {
    let mut quote = None;
    let end = tag.bytes().take(LONGEST).position(|b| {
        match quote {
            Some(q) => quote = (b != q).then_some(q),
            None if matches!(b, b'"' | b'\'') => quote = Some(b),
            None => {}
        }
        quote.is_none() && b == b'>'
    });
    end.map(|end| end + 1)
}

/// How many bytes after a tag, which ends at `end`, no reader sees; `None` where they have no end.
fn held(tag: Tag, rest: &str, end: usize) -> Option<usize> {
    let close = match tag {
        _ if rest.starts_with('/') => return Some(0),
        Tag::Script => "</script",
        Tag::Style => "</style",
        Tag::Svg => "</svg",
        Tag::Template => "</template",
        _ => return Some(0),
    };
    memmem::find(&rest.as_bytes()[end..], close.as_bytes())
}

/// The level of a heading that a line opens as HTML: 1 for `<h1 align="center">`.
pub fn heading(line: &str) -> Option<u8> {
    Some(match known(line.strip_prefix('<')?)? {
        Tag::H1 => 1,
        Tag::H2 => 2,
        Tag::H3 => 3,
        Tag::H4 => 4,
        Tag::H5 => 5,
        Tag::H6 => 6,
        _ => return None,
    })
}
