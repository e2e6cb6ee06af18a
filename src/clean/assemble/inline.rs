//! A block's text with its inline markup. Marks that Markdown could not be read back from are left out,
//! their text never is.

use super::address::Addresses;
use super::escape::{Setting, Spot, escape, has_dollars};
use crate::clean::block::{Block, Mark, MarkKind};
use std::collections::{HashMap, HashSet};

/// What the marks of a document refer to.
pub struct References<'a> {
    pub addresses: &'a Addresses<'a>,
    /// Notes that are written, by node.
    pub notes: &'a HashSet<usize>,
}

/// A mark to be written: where, and with which signs.
struct Piece {
    start: usize,
    end: usize,
    sign: Sign,
}

enum Sign {
    /// `*`, `**` or `~~`.
    Delimiter(&'static str),
    /// Opens and closes with these; what is inside is written as any text.
    Bracket(&'static str, String),
    /// `[^label]`.
    Note,
    /// Code: nothing in it is escaped.
    Code,
    /// A formula: written as it is.
    Math,
}

impl Sign {
    fn is_atom(&self) -> bool {
        matches!(self, Sign::Code | Sign::Math | Sign::Note)
    }

    fn is_delimiter(&self) -> bool {
        matches!(self, Sign::Delimiter(_))
    }

    /// Marks over the same text: the outer comes first.
    fn order(&self) -> u8 {
        match self {
            Sign::Delimiter("~~") => 0,
            Sign::Delimiter("**") => 1,
            Sign::Delimiter(_) => 2,
            Sign::Bracket("[", _) => 3,
            Sign::Bracket(..) => 4,
            Sign::Note | Sign::Code | Sign::Math => 5,
        }
    }
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
        MarkKind::Note(node) => Sign::Note.into_some(references.notes.contains(&node))?,
        MarkKind::Image(_) => return None,
    };
    // A tag alone on its line would begin a block of HTML.
    let tags = matches!(sign, Sign::Bracket("<sub>" | "<sup>", _));
    if tags && (trimmed.contains('\n') || start == 0) {
        return None;
    }
    Some(Piece { start, end: start + trimmed.len(), sign })
}

impl Sign {
    fn into_some(self, holds: bool) -> Option<Sign> {
        holds.then_some(self)
    }
}

/// Pieces in order of their starts, the outer before the inner, none of them crossing another, none of a
/// kind in one of its kind, runs of one kind that touch joined.
fn nested(mut pieces: Vec<Piece>) -> Vec<Piece> {
    pieces.sort_by(|a, b| {
        (a.start, std::cmp::Reverse(a.end), a.sign.order()).cmp(&(
            b.start,
            std::cmp::Reverse(b.end),
            b.sign.order(),
        ))
    });
    let mut out: Vec<Piece> = Vec::with_capacity(pieces.len());
    let mut open: Vec<usize> = Vec::new();
    // Where the last delimiter of each kind ended, and which it was.
    let mut ended: [Option<usize>; 3] = [None; 3];
    // Does the last piece stand in no other?
    let mut bare = false;
    for mut piece in pieces {
        while open.pop_if(|&mut at| out[at].end <= piece.start).is_some() {}
        if let Some(around) = open.last().map(|&at| &out[at]) {
            if around.sign.is_atom() {
                continue;
            }
            piece.end = piece.end.min(around.end);
        }
        let order = piece.sign.order();
        if open.iter().any(|&at| out[at].sign.order() == order) {
            continue;
        }
        if let (Sign::Code, Some(Piece { end, sign: Sign::Code, .. })) = (&piece.sign, out.last_mut())
            && *end == piece.start
            && open.is_empty()
            && bare
        {
            *end = piece.end;
            open.push(out.len() - 1);
            continue;
        }
        if piece.sign.is_delimiter() {
            let level = open.len();
            let last = ended[usize::from(order)].filter(|&at| out[at].end == piece.start);
            // `<b>a</b><b>b</b>` is one run, where nothing else is open.
            if let Some(at) = last.filter(|_| level == 0) {
                out[at].end = piece.end;
                open.push(at);
                continue;
            }
            ended[usize::from(order)] = Some(out.len());
        }
        bare = open.is_empty();
        open.push(out.len());
        out.push(piece);
    }
    out
}

/// What a character is to the rules of emphasis.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Space,
    Punctuation,
    Word,
    /// Neither for sure.
    Doubtful,
}

fn class(c: Option<char>) -> Class {
    match c {
        None => Class::Space,
        Some(c) if c.is_whitespace() => Class::Space,
        Some(c) if c.is_alphanumeric() => Class::Word,
        Some(c) if c.is_ascii_punctuation() => Class::Punctuation,
        Some('«' | '»' | '\u{2010}'..='\u{2027}' | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}') => {
            Class::Punctuation
        }
        Some(_) => Class::Doubtful,
    }
}

/// May a delimiter stand between these: `inner` on the side of the text it marks?
fn holds(outer: Class, inner: Class) -> bool {
    match inner {
        Class::Space => false,
        Class::Word => true,
        Class::Punctuation | Class::Doubtful => matches!(outer, Class::Space | Class::Punctuation),
    }
}

/// Leaves out the delimiters that Markdown would not take for such.
fn flanked(text: &str, pieces: Vec<Piece>) -> Vec<Piece> {
    let solid = |p: &&Piece| !p.sign.is_delimiter();
    let mut starts: HashMap<usize, Vec<usize>> = HashMap::new();
    let mut ends: HashMap<usize, Vec<usize>> = HashMap::new();
    for piece in pieces.iter().filter(solid) {
        starts.entry(piece.start).or_default().push(piece.end);
        ends.entry(piece.end).or_default().push(piece.start);
    }
    let mut opened: HashSet<usize> = HashSet::new();
    let mut closed: HashSet<usize> = HashSet::new();
    let mut around: Vec<(usize, usize)> = Vec::new();
    let (mut tildes, mut stars): (HashSet<usize>, HashSet<usize>) = Default::default();
    let mut out = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let Sign::Delimiter(sign) = piece.sign else {
            out.push(piece);
            continue;
        };
        let (start, end) = (piece.start, piece.end);
        let any = |of: &HashMap<usize, Vec<usize>>, at: usize, holds: &dyn Fn(usize) -> bool| {
            of.get(&at).is_some_and(|others| others.iter().any(|&other| holds(other)))
        };
        // Signs of other marks at the edges are punctuation, within and around.
        let sign_after_start = any(&starts, start, &|other| other <= end);
        let sign_before_end = any(&ends, end, &|other| other >= start);
        let sign_before_start = any(&starts, start, &|other| other > end) || any(&ends, start, &|_| true);
        let sign_after_end = any(&ends, end, &|other| other < start) || any(&starts, end, &|_| true);
        let class_of = |sign: bool, c: Option<char>| if sign { Class::Punctuation } else { class(c) };
        let before = class_of(sign_before_start, text[..start].chars().next_back());
        let after = class_of(sign_after_end, text[end..].chars().next());
        let first = class_of(sign_after_start, text[start..end].chars().next());
        let last = class_of(sign_before_end, text[start..end].chars().next_back());
        // Signs side by side are read as one run, or as ones that cannot stand there.
        let (own, other) = if sign == "~~" { (&mut tildes, &stars) } else { (&mut stars, &tildes) };
        let clear = !closed.contains(&start)
            && !opened.contains(&end)
            && !other.contains(&start)
            && !other.contains(&end);
        // Within another, each sign must be readable as one thing only, an opening or a closing one.
        while around.pop_if(|&mut (_, ends)| ends <= start).is_some() {}
        let one_way =
            |outer, inner| outer == Class::Space || (outer == Class::Punctuation && inner == Class::Word);
        let single = around.last().is_none_or(|&(outer_start, outer_end)| {
            (start == outer_start || one_way(before, first)) && (end == outer_end || one_way(after, last))
        });
        if clear && single && holds(before, first) && holds(after, last) {
            opened.insert(start);
            closed.insert(end);
            own.extend([start, end]);
            around.push((start, end));
            out.push(piece);
        }
    }
    out
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
