//! A line that is only a date or a time, absolute or relative, with or without "Published on".
//!
//! Why: it says when, not what; the date is told in the record.
//! Risk: dated entries of a chronicle ("14 juin" between two paragraphs) and headings such as
//! "Novembre 2024"; so a date is near certain only at the edges of the text or after a label, and a day
//! without a year or a month alone is a hint.

use super::words::Hit;
use super::{Rule, Sight, words};
use crate::clean::block::Shape;
use crate::clean::fold::{fold, is_unspaced, plain};
use std::collections::HashSet;
use std::sync::LazyLock;

pub const RULE: Rule = Rule { name: "dateline", weigh };

/// Longest line that can be a date, in words.
const MAX_WORDS: usize = 18;

fn weigh(sight: &Sight<'_>) -> f32 {
    let b = sight.block();
    if b.words > MAX_WORDS || matches!(b.shape, Shape::Code | Shape::Cell | Shape::Heading(_)) {
        return 0.0;
    }
    if sight.hit() == Some(Hit::Whole) {
        return 0.9;
    }
    let labelled = sight.hit() == Some(Hit::Start);
    // Days and times have figures, but for "yesterday", which is a whole line or follows a label.
    if !labelled && !sight.plain().contains('0') {
        return 0.0;
    }
    let date = if labelled {
        let rest = sight.rest().map_or("", |(rest, _)| rest);
        let folded = fold(rest);
        Date::read(rest, &folded, &plain(&folded))
    } else {
        Date::read(&b.text, &b.folded, sight.plain())
    };
    match (labelled, date.precision(), date.rest) {
        (true, p, 0) if p > 0 => 0.95,
        (true, 3.., rest) if rest <= 8 && !b.ends_sentence => 0.8,
        (false, 3.., 0) if sight.at_edge() => 0.92,
        (false, 3.., 0) => 0.65,
        (false, 3.., rest) if rest <= 6 && !b.ends_sentence && b.text.contains(['|', '·', '•']) => 0.6,
        (false, 2, 0) if sight.at_edge() => 0.75,
        (false, 1 | 2, 0) => 0.4,
        _ => 0.0,
    }
}

/// What a text says about a day, read from its beginning.
#[derive(Default)]
struct Date {
    number: bool,
    year: bool,
    time: bool,
    day_or_month: bool,
    relative: bool,
    /// All of it is digits and separators, and they have the shape of a date or a time.
    numeric: bool,
    /// Words after the part that is a date.
    rest: usize,
}

impl Date {
    /// `folded`, `plain`: the text, folded and plain.
    fn read(text: &str, folded: &str, plain: &str) -> Self {
        let mut date = Date { relative: WORDS.relative.contains(plain), ..Self::default() };
        if date.relative {
            return date;
        }
        let tokens = tokens(folded);
        let known = tokens.iter().take_while(|t| date.take(t)).count();
        date.rest = tokens.len() - known;
        let (numeric, year, time) = numbers(text);
        date.numeric = numeric;
        date.year = year;
        date.time = time;
        date
    }

    /// Does this token belong to a date? Notes what it tells.
    fn take(&mut self, token: &str) -> bool {
        if token == "0" {
            self.number = true;
        } else if WORDS.days_and_months.contains(token) {
            self.day_or_month = true;
        } else if !WORDS.glue.contains(token) {
            return false;
        }
        true
    }

    /// 0: no date; 1: a month and a year, or a time; 2: a day without a year; 3: a day of a year, or
    /// a day with a time.
    fn precision(&self) -> u8 {
        if self.relative || (self.numeric && self.year) || (self.numeric && self.time && self.day_or_month) {
            return 3;
        }
        match (self.day_or_month && self.number, self.year, self.time) {
            (true, true, _) if self.numeric => 3,
            (true, _, true) => 3,
            (true, true, false) => 1,
            (true, false, false) => 2,
            _ if self.time => 1,
            _ => 0,
        }
    }
}

/// Reads the groups of digits of a text: do they look like a day of a year (two numbers or more, one of
/// them a year, or separated as numeric dates are); is one of them a year; is there a time?
fn numbers(text: &str) -> (bool, bool, bool) {
    let mut groups: Vec<(String, char)> = Vec::new();
    let mut last = ' ';
    for c in text.chars() {
        if c.is_numeric() {
            match groups.last_mut() {
                Some((g, _)) if last.is_numeric() => g.push(c),
                _ => groups.push((c.to_string(), last)),
            }
        }
        last = c;
    }
    let len = |i: usize| groups.get(i).map_or(0, |g| g.0.chars().count());
    let small = |i: usize| (1..=2).contains(&len(i));
    let is_year = |g: &str| g.chars().count() == 4 && (!g.is_ascii() || ("1000".."2600").contains(&g));
    let year = groups.iter().any(|g| is_year(&g.0));
    let mut dated = year && (0..groups.len()).any(small);
    let mut time = false;
    for i in 0..groups.len().saturating_sub(1) {
        let (first, second) = (groups[i].1, groups[i + 1].1);
        if small(i) && len(i + 1) == 2 && matches!(second, ':' | 'h' | 'H' | '時' | '时' | '点') {
            time = true;
        }
        // 21/11/24, 21.11.24: three short groups, one separator.
        if i + 2 < groups.len()
            && small(i)
            && small(i + 1)
            && len(i + 2) == 2
            && second == groups[i + 2].1
            && matches!(second, '/' | '.' | '-')
            && !matches!(first, '.' | '/')
        {
            dated = true;
        }
    }
    (dated, year || dated, time)
}

/// The words of a folded text, plain, cut where digits meet letters; unspaced scripts are cut into the
/// longest known words.
fn tokens(folded: &str) -> Vec<String> {
    let mut out = Vec::new();
    for word in folded.split(' ') {
        let mut piece = String::new();
        for c in word.chars() {
            if c == '0' || piece == "0" {
                push_piece(&mut out, std::mem::take(&mut piece));
            }
            piece.push(c);
        }
        push_piece(&mut out, piece);
    }
    out
}

fn push_piece(out: &mut Vec<String>, piece: String) {
    let piece = plain(&piece);
    if piece.is_empty() {
        return;
    }
    if !piece.chars().any(is_unspaced) || WORDS.knows(&piece) {
        out.push(piece);
        return;
    }
    let letters: Vec<char> = piece.chars().collect();
    let mut at = 0;
    while at < letters.len() {
        let longest = (1..=4.min(letters.len() - at))
            .rev()
            .map(|n| letters[at..at + n].iter().collect::<String>())
            .find(|w| WORDS.knows(w))
            .unwrap_or_else(|| letters[at].to_string());
        at += longest.chars().count();
        out.push(longest);
    }
}

/// The table's single words.
struct Words {
    days_and_months: HashSet<&'static str>,
    glue: HashSet<&'static str>,
    relative: HashSet<&'static str>,
}

impl Words {
    fn knows(&self, word: &str) -> bool {
        self.days_and_months.contains(word) || self.glue.contains(word)
    }
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let of = |list| words::list(RULE.name, list).collect();
    Words { days_and_months: of("names"), glue: of("glue"), relative: of("whole") }
});
