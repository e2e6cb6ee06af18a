//! Lines that a program broke at one width: which line ends are no end of anything. Hyphenation and wrapped lines are
//! read off here; what becomes of each is theirs to say.
//!
//! A line end is a program's where the next line's first word would not have fitted. Such lines come in runs that agree
//! on a width, and most of them end in the middle of a sentence, whatever stands between the runs: menus, lists, another
//! text. Where they are less than half of the file, a run without the end of a sentence is a list, and lines of Chinese,
//! Japanese and Thai may be headlines: both stay as they are.

use super::{Edit, Repair, Sheet, hyphenation, wrapped};
use crate::clean::fold::is_unspaced;
use std::collections::HashSet;
use std::ops::Range;

/// Widths that programs break lines at, in characters; narrower where a letter is twice as wide.
const WIDTHS: std::ops::RangeInclusive<usize> = 40..=132;
const WIDE_WIDTHS: std::ops::RangeInclusive<usize> = 16..=66;

/// Fewer line ends prove nothing.
const FEWEST: usize = 5;

/// A line may stay short of the width by this part of it: programs that balance lines let it.
const SLACK: usize = 8;

/// How far the second line of a list's item may stand in from its sign.
const HANG: usize = 4;

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
    let mut out: Vec<Line> = Vec::new();
    let mut at = 0;
    let mut before = None;
    let end = if sheet.text.contains('\n') { '\n' } else { '\r' };
    for raw in sheet.text.split_inclusive(end) {
        let line = raw.trim_end();
        let body = line.trim_start();
        let now = shape(body);
        let listed = now.is_some() && now == before;
        if let Some(last) = out.last_mut().filter(|_| listed) {
            let Line { opens, .. }: &mut Line = last;
            *opens = true;
        }
        before = now;
        let indent = line.len() - body.len();
        let start = at + indent;
        out.push(Line {
            at: start..start + body.len(),
            indent,
            chars: line.chars().count(),
            first: first(body),
            flows: flows(body) && !sheet.code.holds(start),
            opens: listed || opens(body),
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

/// Words that stand apart by single blanks (two after a sentence, as typists have it), and no sign of code or tables.
fn flows(body: &str) -> bool {
    const CODE: [&str; 5] = ["   ", " = ", "==", "</", "://"];
    let unspaced = body.chars().next_back().is_some_and(|c| is_unspaced(c) || is_wide_sign(c));
    let tabled = body.match_indices("  ").any(|(at, _)| !ends_sentence(&body[..at]));
    let called =
        body.match_indices('(').any(|(at, _)| body[..at].ends_with(|c: char| c.is_ascii_alphanumeric()));
    !body.is_empty()
        && (unspaced || body.contains(' ') || is_word(body))
        && !body.starts_with(['#', '>', '|', '@', '$'])
        && !body.contains(['\t', '|', '\r', '{', '}'])
        && !body.ends_with(';')
        && !tabled
        && !called
        && !CODE.iter().any(|sign| body.contains(sign))
}

/// The last word of a paragraph may stand alone.
fn is_word(body: &str) -> bool {
    body.trim_end_matches(CLOSING)
        .trim_end_matches(STOPS)
        .chars()
        .all(|c| c.is_alphabetic() || matches!(c, '\'' | '’'))
}

fn is_wide_sign(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ff65}')
}

/// Bullets, numbers of a list, dashes of a dialogue, labels such as `Signed-off-by:`, who speaks or when.
fn opens(body: &str) -> bool {
    let first = body.split(char::is_whitespace).next().unwrap_or_default();
    let label = first.strip_suffix(':').is_some_and(|label| label.starts_with(char::is_alphabetic));
    // `[12:30]`, but not the number of a link, as in `[12]Ports`.
    let stamped = first.starts_with('[') && first.contains(|c: char| c.is_ascii_digit());
    let link = first.trim_start_matches(|c: char| c == '[' || c == ']' || c.is_ascii_digit());
    let spoken = first.starts_with('<') || (stamped && !link.starts_with(char::is_alphabetic));
    let counted = first.starts_with(|c: char| c.is_ascii_digit())
        && first.matches(['-', ':', '.', '/', ',']).count() > 1
        && !first.ends_with(['-', ':', '.', '/', ',']);
    if label || spoken || counted {
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

/// What a line begins with, if it is no plain word: letters as `a`, digits as `9`, signs as they are. Lines that begin
/// with the same are rows of a list.
fn shape(body: &str) -> Option<String> {
    let first = body.split(char::is_whitespace).next()?;
    let first = first.trim_start_matches(['"', '(', '\'', '“', '„', '«', '‘', '’']);
    let first = first.trim_end_matches(['.', ',', ';', '"', ')', '”', '»', '’', '!', '?']);
    if first.len() > 60 || first.chars().any(is_unspaced) {
        return None;
    }
    let mut shape = String::new();
    for c in first.chars().filter(|c| !matches!(c, '\'' | '’' | '-')) {
        let class = if c.is_numeric() {
            '9'
        } else if c.is_alphabetic() || c == '_' {
            'a'
        } else {
            c
        };
        if class.is_ascii_punctuation() || !shape.ends_with(class) {
            shape.push(class);
        }
    }
    // Words, and what is left of a letter with marks.
    let plain = shape.chars().all(|c| c == 'a' || !c.is_ascii());
    (!plain).then_some(shape)
}

/// The lines whose end is a program's: each goes on in the next.
fn joints(text: &str, lines: &[Line]) -> Vec<usize> {
    let runs = runs(lines);
    let Some(width) = width(lines, &runs) else { return Vec::new() };
    let mut out = Vec::new();
    // Those of runs in which a sentence ends.
    let mut spoken: HashSet<usize> = HashSet::new();
    let (mut within, mut free) = (0, 0);
    for run in runs {
        let forced: Vec<usize> = (run.start..run.end - 1).filter(|at| is_forced(lines, *at, width)).collect();
        if forced.len() * 5 >= (run.len() - 1) * 4 && is_prose(text, &lines[run.clone()]) {
            free += run.len() - 1 - forced.len();
            within += lines[run.clone()].iter().map(|line| line.chars).sum::<usize>();
            let body = |line: &Line| &text[line.at.clone()];
            if lines[run].iter().any(|line| ends_sentence(body(line)) || has_stop_within(body(line))) {
                spoken.extend(&forced);
            }
            out.extend(forced);
        }
    }
    if out.len() < FEWEST {
        out.clear();
    }
    // Headlines are cut at one width, too, and without capitals and blanks they look like text.
    if within * 2 < lines.iter().map(|line| line.chars).sum::<usize>() {
        out.retain(|at| spoken.contains(at) && !text[lines[*at].at.clone()].contains(is_unspaced));
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
    !begins_small && (ends_sentence(line) || line.ends_with([':', ';']))
}

fn ends_sentence(line: &str) -> bool {
    line.trim_end_matches(CLOSING).ends_with(STOPS)
}

const CLOSING: [char; 8] = ['"', '\'', '”', '»', '’', ')', '」', '』'];
const STOPS: [char; 10] = ['.', '!', '?', '…', '。', '！', '？', '।', '۔', '؟'];
const PAUSES: [char; 12] = [',', ';', ':', '，', '、', '；', '：', '،', '؛', '—', '–', '/'];

/// Lines that follow each other without anything between.
fn runs(lines: &[Line]) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    for at in 0..lines.len() {
        let goes_on = lines.get(at + 1).is_some_and(|next| {
            let hangs = lines[at].opens && (1..=HANG).contains(&next.indent.saturating_sub(lines[at].indent));
            let level = next.indent == lines[at].indent || hangs;
            lines[at].flows && next.flows && !next.opens && level
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

/// Are these lines one text? Rows of lists and verses begin with a capital or end where a clause ends, fill no width,
/// or come in an order; where a script has no capitals, lines of prose have sentence ends within.
fn is_prose(text: &str, lines: &[Line]) -> bool {
    let Some(all) = lines.len().checked_sub(1).filter(|all| *all > 0) else { return false };
    let body = |line: &Line| &text[line.at.clone()];
    let (mut small, mut cased, mut ended, mut marked, mut stops, mut strict) = (0, 0, 0, 0, 0, 0);
    let mut lengths: Vec<usize> = lines[..all].iter().map(|line| line.chars).collect();
    lengths.sort_unstable();
    // The width, but for a few lines that are longer.
    let width = lengths[all - 1 - all / 6];
    for pair in lines.windows(2) {
        let [line, next] = pair else { continue };
        let (now, after) = (body(line), body(next));
        small += usize::from(after.chars().find(|c| c.is_alphanumeric()).is_some_and(char::is_lowercase));
        cased += usize::from(after.chars().any(|c| c.is_lowercase() || c.is_uppercase()));
        let end = now.trim_end_matches(CLOSING);
        ended += usize::from(end.ends_with(STOPS) || end.ends_with(PAUSES));
        let within = end.trim_end_matches(STOPS).trim_end_matches(PAUSES);
        marked += usize::from(within.contains(PAUSES) || within.contains(STOPS));
        stops += usize::from(has_stop_within(within));
        strict += usize::from(line.chars + 1 + next.first > width);
    }
    if cased * 2 <= all {
        return stops > 0 && stops * 6 >= all && marked * 2 >= all && ended * 3 <= all;
    }
    // Too few line ends to count: one of them, or the last line, has to speak.
    if all < 3 {
        return small * 2 >= all
            || (small + ended == 0 && lines.last().is_some_and(|line| ends_sentence(body(line))));
    }
    let fills = strict * 5 >= all * 4 || stops * 5 >= all;
    let ragged = all < 5 || lengths[all - 1] - lengths[0] > 2 || stops * 5 >= all;
    small * 5 >= all * 2 && ended * 2 <= all && fills && ragged && !is_list(lines, body)
}

/// A sentence end with more of the line behind it.
fn has_stop_within(within: &str) -> bool {
    within.char_indices().any(|(at, c)| {
        let rest = &within[at + c.len_utf8()..];
        STOPS.contains(&c) && (!c.is_ascii() || rest.trim_start_matches(CLOSING).starts_with(' '))
    })
}

/// Rows in the order of the alphabet, or each a name and what it is: `abbey – the house of an abbot`.
fn is_list<'t>(lines: &[Line], body: impl Fn(&Line) -> &'t str) -> bool {
    let first = |line: &Line| body(line).split(' ').next().unwrap_or_default().to_lowercase();
    let sorted = lines.len() > 5 && lines.is_sorted_by_key(first);
    let named = |line: &&Line| {
        let mut words = body(line).split(' ').take(4);
        words.any(|word| matches!(word, "-" | "–" | "—" | ":") || word.ends_with(':'))
    };
    sorted || lines.iter().filter(named).count() * 3 >= lines.len() * 2
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
