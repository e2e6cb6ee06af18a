//! A block's text with its inline markup. Marks that Markdown could not be read back from are left out,
//! their text never is.

use super::address::Addresses;
use super::escape::{Setting, Spot, escape, has_dollars};
use super::nest::{Piece, Sign, flanked, nested};
use crate::clean::block::{Block, Mark, MarkKind};
use std::collections::HashSet;

/// What the marks of a document refer to.
pub struct References<'a> {
    pub addresses: &'a Addresses<'a>,
    /// Notes that are written, by node.
    pub notes: &'a HashSet<usize>,
}

/// What a block is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Whole,
    /// A term that is defined: all of it is strong.
    Term,
    /// One of several in a cell of a table or in a paragraph.
    Part,
}

/// The text with its markup.
pub fn inline(block: &Block, references: &References<'_>, role: Role) -> String {
    let text = block.text.as_str();
    let mut pieces: Vec<Piece> =
        block.place.marks.iter().filter_map(|mark| piece(text, mark, references)).collect();
    if role == Role::Term {
        pieces.push(Piece { start: 0, end: text.len(), sign: Sign::Delimiter("**") });
    }
    let mut images: Vec<(usize, String)> = Vec::new();
    for mark in &block.place.marks {
        if let MarkKind::Image(node) = mark.kind
            && let Some((url, words)) = references.addresses.image(node)
        {
            images.push((mark.range.start.min(text.len()), image(&url, &words)));
        }
    }
    images.sort_by_key(|(at, _)| *at);
    let pieces = flanked(text, nested(pieces));
    Writer::new(text, images).write(&pieces, role)
}

fn image(url: &str, words: &str) -> String {
    let mut out = "![".to_owned();
    let setting = Setting { link: true, dollars: true };
    escape(&mut out, words, 0..words.len(), &mut Spot::Inside, setting);
    out.push_str("](");
    out.push_str(url);
    out.push(')');
    out
}

fn piece(text: &str, mark: &Mark, references: &References<'_>) -> Option<Piece> {
    let range = mark.range.start..mark.range.end.min(text.len());
    let inner = text.get(range.clone())?;
    let trimmed = inner.trim();
    if trimmed.is_empty() {
        return None;
    }
    let start = range.start + (inner.len() - inner.trim_start().len());
    let sign = match mark.kind {
        MarkKind::Emphasis => Sign::Delimiter("*"),
        MarkKind::Strong => Sign::Delimiter("**"),
        MarkKind::Deleted => Sign::Delimiter("~~"),
        MarkKind::Code => Sign::Code,
        MarkKind::Math => Sign::Math,
        MarkKind::Subscript => Sign::Bracket("<sub>", "</sub>".to_owned()),
        MarkKind::Superscript => Sign::Bracket("<sup>", "</sup>".to_owned()),
        MarkKind::Link(node) => Sign::Bracket("[", format!("]({})", references.addresses.link(node)?)),
        MarkKind::Note(node) if references.notes.contains(&node) => Sign::Note,
        MarkKind::Note(_) => return None,
        MarkKind::Image(_) => return None,
    };
    // A tag alone on its line would begin a block of HTML.
    let tags = matches!(sign, Sign::Bracket("<sub>" | "<sup>", _));
    if tags && (trimmed.contains('\n') || start == 0) {
        return None;
    }
    Some(Piece { start, end: start + trimmed.len(), sign })
}

struct Writer<'t> {
    text: &'t str,
    out: String,
    at: usize,
    spot: Spot,
    setting: Setting,
    images: std::iter::Peekable<std::vec::IntoIter<(usize, String)>>,
    /// The last thing written is the end of code.
    in_code_end: bool,
}

impl<'t> Writer<'t> {
    fn new(text: &'t str, images: Vec<(usize, String)>) -> Self {
        Self {
            text,
            out: String::with_capacity(text.len() + 16),
            at: 0,
            spot: Spot::LineStart,
            setting: Setting::default(),
            images: images.into_iter().peekable(),
            in_code_end: false,
        }
    }

    fn write(mut self, pieces: &[Piece], role: Role) -> String {
        let math = pieces.iter().any(|p| matches!(p.sign, Sign::Math));
        self.setting.dollars = math || role == Role::Part || has_dollars(self.text);
        let mut open: Vec<&Piece> = Vec::new();
        for piece in pieces {
            while let Some(inner) = open.pop_if(|p| p.end <= piece.start) {
                self.close(inner);
            }
            self.text_until(piece.start);
            if self.out.ends_with('!') && matches!(piece.sign, Sign::Bracket("[", _) | Sign::Note) {
                // Otherwise the link would be an image.
                self.out.insert(self.out.len() - 1, '\\');
            }
            match &piece.sign {
                Sign::Delimiter(sign) => self.sign(sign),
                Sign::Bracket(sign, _) => {
                    self.sign(sign);
                    self.setting.link |= *sign == "[";
                }
                Sign::Note | Sign::Code | Sign::Math => {
                    self.atom(piece);
                    continue;
                }
            }
            open.push(piece);
        }
        while let Some(inner) = open.pop() {
            self.close(inner);
        }
        self.text_until(self.text.len());
        while let Some((_, image)) = self.images.next() {
            self.image(&image);
        }
        self.out
    }

    fn sign(&mut self, sign: &str) {
        self.in_code_end = false;
        self.out.push_str(sign);
        self.spot = Spot::Inside;
    }

    fn close(&mut self, piece: &Piece) {
        self.text_until(piece.end);
        match &piece.sign {
            Sign::Delimiter(sign) => self.sign(sign),
            Sign::Bracket(open, close) => {
                self.sign(close);
                self.setting.link &= *open != "[";
            }
            Sign::Note | Sign::Code | Sign::Math => {}
        }
    }

    fn text_until(&mut self, end: usize) {
        while let Some((at, image)) = self.images.next_if(|(at, _)| *at < end || (*at == 0 && end == 0)) {
            self.piece(at.max(self.at));
            self.image(&image);
        }
        self.piece(end);
    }

    fn piece(&mut self, end: usize) {
        if end > self.at {
            self.in_code_end = false;
            escape(&mut self.out, self.text, self.at..end, &mut self.spot, self.setting);
            self.at = end;
        }
    }

    /// An image stands apart from the text around it.
    fn image(&mut self, image: &str) {
        if !self.out.is_empty() && !self.out.ends_with(char::is_whitespace) {
            self.out.push(' ');
        }
        self.out.push_str(image);
        self.in_code_end = false;
        self.spot = Spot::Inside;
        if self.text[self.at..].chars().next().is_some_and(|c| !c.is_whitespace()) {
            self.out.push(' ');
        }
    }

    fn atom(&mut self, piece: &Piece) {
        let inner = &self.text[piece.start..piece.end];
        match piece.sign {
            // Two fences side by side would be one.
            Sign::Code if self.in_code_end => {
                self.piece(piece.end);
                return;
            }
            Sign::Code => {
                let fence = "`".repeat(longest_run(inner, '`') + 1);
                // Blanks keep backticks apart from the fence; code of blanks has none.
                let blank = if inner.starts_with('`') || inner.ends_with('`') { " " } else { "" };
                self.out.push_str(&fence);
                self.out.push_str(blank);
                self.out.push_str(&inner.replace('\n', " "));
                self.out.push_str(blank);
                self.out.push_str(&fence);
            }
            Sign::Note => {
                let line_start = self.spot == Spot::LineStart;
                self.out.push_str("[^");
                self.out.push_str(inner.trim_matches(['[', ']']));
                self.out.push(']');
                if line_start && self.text[piece.end..].starts_with(':') {
                    // Otherwise it would be the note itself.
                    self.out.push('\\');
                }
            }
            _ => self.out.push_str(inner),
        }
        self.at = piece.end;
        self.spot = Spot::Inside;
        self.in_code_end = matches!(piece.sign, Sign::Code);
    }
}

/// The longest run of a character.
pub fn longest_run(text: &str, of: char) -> usize {
    text.split(|c| c != of).map(str::len).max().unwrap_or(0)
}
