//! Lines that a program broke at one width: which line ends are no end of anything. Hyphenation and wrapped lines are
//! read off here; what becomes of each is theirs to say.
//!
//! A line end is a program's where the next line's first word would not have fitted. A file is wrapped where most of
//! its text stands in runs of such lines, and most of these lines end in the middle of a sentence.

use super::{Edit, Repair, Sheet, hyphenation, wrapped};
use crate::clean::block::is_unspaced;
use std::ops::Range;

/// Widths that programs break lines at, in characters; narrower where a letter is twice as wide.
const WIDTHS: std::ops::RangeInclusive<usize> = 40..=132;
const WIDE_WIDTHS: std::ops::RangeInclusive<usize> = 16..=66;

/// Fewer line ends prove nothing.
const FEWEST: usize = 5;

/// A line may stay short of the width by this part of it: programs that balance lines let it.
const SLACK: usize = 8;

/// A line of a text.
#[derive(Debug)]
pub struct Line {
    /// Without indent and white space at the end.
    pub at: Range<usize>,
    pub indent: usize,
    /// With its indent.
    chars: usize,
    /// Characters up to the first blank, or to where the script allows a break.
    first: usize,
    /// Text that flows: no bullet, heading, table, quotation or code.
    flows: bool,
    /// Begins what may not be joined to what stands before.
    opens: bool,
}

pub fn find(sheet: &Sheet<'_>) -> Vec<Edit> {
    let text = sheet.text;
    let wanted = sheet.on.has(Repair::Wrapped) || sheet.on.has(Repair::Hyphenation);
    if !wanted || memchr::memchr2_iter(b'\n', b'\r', text.as_bytes()).nth(FEWEST - 1).is_none() {
        return Vec::new();
    }
    let lines = lines(sheet);
    let joints = joints(text, &lines);
    if joints.is_empty() {
        return Vec::new();
    }
    let mut edits = hyphenation::edits(sheet, &lines, &joints);
    if sheet.on.has(Repair::Wrapped) {
        edits.extend(wrapped::edits(text, &lines, &joints, &edits));
        edits.sort_by_key(|edit| edit.at.start);
    }
    edits
}

fn lines(sheet: &Sheet<'_>) -> Vec<Line> {
    let mut out = Vec::new();
    let mut at = 0;
    for raw in sheet.text.split_inclusive('\n') {
        let line = raw.trim_end();
        let body = line.trim_start();
        let indent = line.len() - body.len();
        let start = at + indent;
        out.push(Line {
            at: start..start + body.len(),
            indent,
            chars: line.chars().count(),
            first: first(body),
            flows: flows(body) && !sheet.code.holds(start),
            opens: opens(body),
        });
        at += raw.len();
    }
    out
}

fn first(body: &str) -> usize {
    match body.chars().next() {
        Some(c) if is_unspaced(c) => 2,
        _ => body.chars().take_while(|c| !c.is_whitespace() && !is_unspaced(*c)).count(),
    }
}

fn flows(body: &str) -> bool {
    const CODE: [&str; 4] = ["   ", " = ", "==", "</"];
    !body.is_empty()
        && !body.starts_with(['#', '>', '|', '@', '$'])
        && !body.contains(['\t', '|', '\r', '{', '}'])
        && !body.ends_with(';')
        && !CODE.iter().any(|sign| body.contains(sign))
}

/// Bullets, numbers of a list, dashes of a dialogue, labels such as `Signed-off-by:`.
fn opens(body: &str) -> bool {
    let label = body.split(char::is_whitespace).next().and_then(|word| word.strip_suffix(':'));
    if label.is_some_and(|label| label.starts_with(char::is_uppercase)) {
        return true;
    }
    let mut chars = body.chars();
    match chars.next() {
        Some('•' | '◦' | '▪' | '‣' | '●' | '○' | '■' | '·' | '∙' | '—' | '–' | '-' | '*' | '+') => {
            chars.next().is_none_or(char::is_whitespace)
        }
        Some(c) if c.is_ascii_alphanumeric() => {
            let mark = body.trim_start_matches(|c: char| c.is_ascii_digit());
            let letter = body.len() > 1
                && c.is_ascii_alphabetic()
                && !body[1..].starts_with(|c: char| c.is_alphanumeric());
            let mark = if letter { &body[1..] } else { mark };
            (letter || mark.len() < body.len()) && (mark.starts_with(") ") || mark.starts_with(". "))
        }
        _ => false,
    }
}

/// The lines whose end is a program's: each goes on in the next.
fn joints(text: &str, lines: &[Line]) -> Vec<usize> {
    let runs = runs(lines);
    let Some(width) = width(lines, &runs) else { return Vec::new() };
    let mut out = Vec::new();
    let (mut within, mut free) = (0, 0);
    for run in runs {
        let forced: Vec<usize> = (run.start..run.end - 1).filter(|at| is_forced(lines, *at, width)).collect();
        if forced.len() * 5 >= (run.len() - 1) * 4 {
            free += run.len() - 1 - forced.len();
            within += lines[run].iter().map(|line| line.chars).sum::<usize>();
            out.extend(forced);
        }
    }
    let flowing = lines.iter().map(|line| line.chars).sum::<usize>();
    if out.len() < FEWEST || within * 2 < flowing || !is_prose(text, lines, &out) {
        out.clear();
    }
    // Where paragraphs follow each other without a blank line, a full line may be the last of one.
    if free * 20 > out.len() {
        out.retain(|&at| !parts_sentences(&text[lines[at].at.clone()], &text[lines[at + 1].at.clone()]));
    }
    out
}

/// Does a sentence end here, and another begin?
fn parts_sentences(line: &str, next: &str) -> bool {
    let begins_small = next.chars().find(|c| c.is_alphanumeric()).is_some_and(char::is_lowercase);
    let end = line.trim_end_matches(['"', '”', '»', '’', ')', '」', '』']);
    !begins_small && end.ends_with(['.', '!', '?', '…', '。', '！', '？', ':', ';', '।', '۔', '؟'])
}

/// Lines that follow each other without anything between.
fn runs(lines: &[Line]) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    for at in 0..lines.len() {
        let goes_on = lines.get(at + 1).is_some_and(|next| {
            lines[at].flows && next.flows && !next.opens && next.indent == lines[at].indent
        });
        if !goes_on {
            if at > start {
                out.push(start..at + 1);
            }
            start = at + 1;
        }
    }
    out
}

/// The width that most line ends in runs agree on.
fn width(lines: &[Line], runs: &[Range<usize>]) -> Option<usize> {
    let mut support = vec![0usize; WIDTHS.end() + 1];
    for run in runs.iter().filter(|run| run.len() >= 3) {
        let longest = lines[run.clone()].iter().map(|line| line.chars).max().unwrap_or(0);
        let wide = lines[run.start].first == 2;
        let fits = WIDTHS.contains(&longest) || (wide && WIDE_WIDTHS.contains(&longest));
        if fits && (run.start..run.end - 1).all(|at| is_forced(lines, at, longest)) {
            support[longest] += run.len() - 1;
        }
    }
    let around = |width: usize| support[width - width / SLACK..=width].iter().sum::<usize>();
    let best = (1..support.len())
        .filter(|width| support[*width] > 0)
        .max_by_key(|width| (around(*width), *width))?;
    (around(best) >= FEWEST - 1).then_some(best)
}

/// Would the next line's first word not have fitted?
fn is_forced(lines: &[Line], at: usize, width: usize) -> bool {
    let Some(next) = lines.get(at + 1) else { return false };
    let chars = lines[at].chars;
    chars <= width + width / SLACK && chars + 1 + next.first > width - width / SLACK
}

/// Do these line ends stand in the middle of sentences? Lists of titles and verses begin each line with a capital;
/// where a script has none, lines of prose have sentence ends or commas within.
fn is_prose(text: &str, lines: &[Line], joints: &[usize]) -> bool {
    let (mut small, mut cased, mut open, mut marked) = (0, 0, 0, 0);
    for &at in joints {
        let (line, next) = (&text[lines[at].at.clone()], &text[lines[at + 1].at.clone()]);
        let begin = next.chars().find(|c| c.is_alphanumeric());
        let is_small = begin.is_some_and(char::is_lowercase);
        small += usize::from(is_small);
        cased += usize::from(is_small || begin.is_some_and(char::is_uppercase));
        open += usize::from(!parts_sentences(line, next));
        let within = &line[..line.char_indices().next_back().map_or(0, |(last, _)| last)];
        marked += usize::from(within.contains(['.', ',', '。', '，', '、', '،', '۔', '।', ';', '؛']));
    }
    let all = joints.len();
    let begins_small = if cased * 2 > all { small * 5 >= cased * 2 } else { marked * 2 >= all };
    begins_small && open * 5 >= all * 3
}

/// Where the next line begins, if nothing but blanks and one line end stand before it.
pub fn after_line_end(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?.trim_start_matches([' ', '\t']);
    let rest = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n'))?;
    Some(text.len() - rest.trim_start_matches([' ', '\t']).len())
}

/// Where the text that begins here has its first blank.
pub fn word_end(text: &str, at: usize) -> usize {
    text[at..].find(char::is_whitespace).map_or(text.len(), |length| at + length)
}
