//! Which marks can be written together: nested, not crossing, and with signs that CommonMark reads as such.
//! Knows no Markdown but the rules of emphasis.

use std::collections::{HashMap, HashSet};

/// A mark to be written: where, and with which signs.
pub struct Piece {
    pub start: usize,
    pub end: usize,
    pub sign: Sign,
}

pub enum Sign {
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

/// Pieces in order of their starts, the outer before the inner, none of them crossing another, none of a
/// kind in one of its kind, runs of one kind that touch joined.
pub fn nested(mut pieces: Vec<Piece>) -> Vec<Piece> {
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
pub fn flanked(text: &str, pieces: Vec<Piece>) -> Vec<Piece> {
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
