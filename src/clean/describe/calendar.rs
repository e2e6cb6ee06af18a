//! Dates in words and in numbers -> a day. Knows the calendar of many languages; knows no page, and never
//! guesses: no year, no day; relative dates ("yesterday") are no dates.

use jiff::civil::Date;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::{Range, RangeInclusive};
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Years in which the web had pages.
const PLAUSIBLE: RangeInclusive<i16> = 1990..=2100;

/// How far into a text dates are looked for, in characters.
const REACH: usize = 400;

/// How `03/04/2024` is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    DayFirst,
    MonthFirst,
    /// Then only a number above 12 decides.
    Unknown,
}

/// A date met in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub date: Date,
    /// Its bytes in the text.
    pub range: Range<usize>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Section {
    months: Vec<Vec<String>>,
    #[serde(default)]
    weekdays: Vec<String>,
    #[serde(default)]
    joins: Vec<String>,
    order: Option<String>,
}

#[derive(Default)]
struct Calendar {
    months: HashMap<String, i8>,
    weekdays: HashSet<String>,
    joins: HashSet<String>,
    day_first: HashSet<String>,
}

fn read() -> Result<BTreeMap<String, Section>, toml::de::Error> {
    toml::from_str(include_str!("words/calendar.toml"))
}

static CALENDAR: LazyLock<Calendar> = LazyLock::new(|| {
    let mut calendar = Calendar::default();
    // A table that does not parse is a defect of the build; this module's test names it.
    for (language, section) in read().unwrap_or_default() {
        for (at, names) in section.months.iter().enumerate() {
            calendar.months.extend(names.iter().map(|n| (fold(n), at as i8 + 1)));
        }
        calendar.weekdays.extend(section.weekdays.iter().map(|n| fold(n)));
        calendar.joins.extend(section.joins.iter().map(|n| fold(n)));
        if section.order.as_deref() == Some("day") {
            calendar.day_first.insert(language);
        }
    }
    calendar
});

/// How a page in this language (`fr`, `en-US`) writes numeric dates. Plain `en` says nothing.
pub fn order(language: &str) -> Order {
    let language = language.trim().to_ascii_lowercase().replace('_', "-");
    let (main, region) = language.split_once('-').unwrap_or((&language, ""));
    match (main, region) {
        ("en", "us" | "ph") => Order::MonthFirst,
        ("en", "gb" | "au" | "nz" | "ie" | "in" | "za" | "sg" | "ng" | "pk") => Order::DayFirst,
        _ if CALENDAR.day_first.contains(main) => Order::DayFirst,
        _ => Order::Unknown,
    }
}

/// Is it the name of a month or a weekday?
pub fn is_calendar_word(word: &str) -> bool {
    let word = fold(word);
    CALENDAR.months.contains_key(&word) || CALENDAR.weekdays.contains(&word)
}

/// The day in a value made for machines: `2024-11-21T08:00:00Z`, `20241121`, an e-mail date.
pub fn machine(value: &str) -> Option<Date> {
    let value = value.trim();
    let compact = value.get(..8).filter(|v| v.bytes().all(|b| b.is_ascii_digit()));
    if let Some(digits) = compact
        && !value.as_bytes().get(8).is_some_and(u8::is_ascii_digit)
    {
        return day(digits[..4].parse().ok()?, digits[4..6].parse().ok()?, digits[6..].parse().ok()?);
    }
    find(value, Order::Unknown).map(|f| f.date)
}

/// The day in a URL's path: `/2024/11/21/`, `/2024/nov/21/`, `/2024-11-21-title`, `/20241121/`.
pub fn in_path(path: &str) -> Option<Date> {
    let parts: Vec<&str> = path.split('/').filter(|p| !p.is_empty()).take(40).collect();
    for at in 0..parts.len() {
        if let [year, month, rest, ..] = parts[at..]
            && year.len() == 4
            && let Ok(year) = year.parse()
        {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let month = month.parse().ok().or_else(|| CALENDAR.months.get(&fold(month)).copied());
            if (1..=2).contains(&digits)
                && let (Some(month), Ok(number)) = (month, rest[..digits].parse())
                && let Some(date) = day(year, month, number)
            {
                return Some(date);
            }
        }
        let lead = parts[at].get(..10).filter(|p| p.as_bytes().get(4) == Some(&b'-'));
        let compact = parts[at].len() == 8 && parts[at].bytes().all(|b| b.is_ascii_digit());
        if let Some(date) = lead.filter(|_| !compact).or(compact.then_some(parts[at])).and_then(machine) {
            return Some(date);
        }
    }
    None
}

/// The first whole date in a text.
pub fn find(text: &str, order: Order) -> Option<Found> {
    let tokens = tokens(text);
    (0..tokens.len()).find_map(|at| {
        let (date, last) = date_at(&tokens[at..], order)?;
        Some(Found { date, range: tokens[at].start..tokens[at + last].end })
    })
}

struct Token {
    start: usize,
    end: usize,
    what: What,
    /// The character right before it, if it is neither letter nor digit.
    before: Option<char>,
}

enum What {
    /// Its value and how many digits it has.
    Number(u32, usize),
    Word(String),
}

impl Token {
    fn number(&self, digits: RangeInclusive<usize>) -> Option<u32> {
        match self.what {
            What::Number(value, n) if digits.contains(&n) => Some(value),
            _ => None,
        }
    }

    fn word(&self) -> Option<&str> {
        match &self.what {
            What::Word(word) => Some(word),
            What::Number(..) => None,
        }
    }
}

/// Cuts a text into numbers and words, which may touch (`21st`, `2024年11月`).
fn tokens(text: &str) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    let mut before = Some(' ');
    let mut word = String::new();
    for (at, c) in text.char_indices().take(REACH) {
        let end = at + c.len_utf8();
        let touches = before.is_none();
        if let Some(value) = digit(c) {
            match out.last_mut() {
                Some(Token { end: last, what: What::Number(sum, n), .. }) if touches => {
                    *sum = sum.saturating_mul(10).saturating_add(value);
                    *n += 1;
                    *last = end;
                }
                _ => out.push(Token { start: at, end, what: What::Number(value, 1), before }),
            }
            before = None;
        } else if c.is_alphabetic() || (is_combining_mark(c) && touches) {
            let alone = matches!(c, '年' | '月' | '日' | '년' | '월' | '일');
            match out.last_mut() {
                Some(Token { end: last, what: What::Word(word), .. }) if touches && !alone => {
                    word.push(c);
                    *last = end;
                }
                _ => {
                    word.clear();
                    word.push(c);
                    out.push(Token { start: at, end, what: What::Word(word.clone()), before });
                }
            }
            before = None;
        } else if c != '\u{200f}' && c != '\u{200e}' {
            before = Some(c);
        }
    }
    for token in &mut out {
        if let What::Word(word) = &mut token.what {
            *word = fold(word);
        }
    }
    out
}

/// The date that begins at the first of these tokens, and the index of its last token.
fn date_at(tokens: &[Token], order: Order) -> Option<(Date, usize)> {
    let first = tokens.first()?;
    if let Some(year) = first.number(4..=4) {
        return year_first(tokens, year);
    }
    if first.number(1..=2).is_some() {
        return numeric(tokens, order).or_else(|| day_first(tokens));
    }
    month_first(tokens)
}

/// `2024-11-21`, `2024/11/21`, `2024.11.21`, `2024年11月21日`, `2024. november 21.`
fn year_first(tokens: &[Token], year: u32) -> Option<(Date, usize)> {
    let year = i16::try_from(year).ok()?;
    let mut at = 1;
    let marked = tokens.get(at)?.word().is_some_and(|w| matches!(w, "年" | "m") || w == fold("년"));
    at += usize::from(marked);
    let month = tokens.get(at)?;
    if let Some(number) = month.number(1..=2) {
        let sign = month.before;
        at += 1;
        if marked {
            at += usize::from(tokens.get(at).is_some_and(|t| t.word().is_some()));
        } else if !matches!(sign, Some('-' | '/' | '.' | '\u{2011}')) && !matches!(sign, Some(' ')) {
            return None;
        }
        let last = tokens.get(at)?;
        if !marked && last.before != sign {
            return None;
        }
        let date = day(year, i8::try_from(number).ok()?, i8::try_from(last.number(1..=2)?).ok()?)?;
        // `2024 11 21` with spaces only is a row of numbers, unless dots stand before them.
        return (marked || sign != Some(' ')).then_some((date, at));
    }
    let (month, used) = month_name(&tokens[at..])?;
    at += used;
    let number = tokens.get(at)?.number(1..=2)?;
    Some((day(year, month, i8::try_from(number).ok()?)?, at))
}

/// `21.11.2024`, `21/11/2024`, `11/21/2024`.
fn numeric(tokens: &[Token], order: Order) -> Option<(Date, usize)> {
    let [a, b, c, ..] = tokens else { return None };
    let sign = b.before.filter(|s| matches!(s, '/' | '.' | '-'))?;
    if c.before != Some(sign) || (sign == '.' && c.start > b.end + 2) {
        return None;
    }
    let year = i16::try_from(c.number(4..=4)?).ok()?;
    let (a, b) = (i8::try_from(a.number(1..=2)?).ok()?, i8::try_from(b.number(1..=2)?).ok()?);
    let date = match order {
        _ if sign == '.' || a > 12 || a == b => day(year, b, a),
        _ if b > 12 => day(year, a, b),
        Order::DayFirst => day(year, b, a),
        Order::MonthFirst => day(year, a, b),
        Order::Unknown => None,
    }?;
    Some((date, 2))
}

/// `21 novembre 2024`, `21st of November, 2024`, `21 de noviembre de 2024`, `21 tháng 11 năm 2024`.
fn day_first(tokens: &[Token]) -> Option<(Date, usize)> {
    let number = i8::try_from(tokens[0].number(1..=2)?).ok()?;
    let mut at = after_ordinal(tokens, 1);
    let joined = at;
    at = after_joins(tokens, at);
    let (month, used) = match month_name(&tokens[at.min(tokens.len())..]) {
        Some(found) => found,
        // Only a joining word makes a number a month here.
        None if at > joined => (i8::try_from(tokens.get(at)?.number(1..=2)?).ok()?, 1),
        None => return None,
    };
    at = after_joins(tokens, at + used);
    // Arabic papers give the month twice: `تشرين الثاني / نوفمبر`.
    if let Some((again, used)) = month_name(&tokens[at.min(tokens.len())..])
        && again == month
    {
        at += used;
    }
    let year = i16::try_from(tokens.get(at)?.number(4..=4)?).ok()?;
    Some((day(year, month, number)?, at))
}

/// `November 21, 2024`, `Nov 21st 2024`.
fn month_first(tokens: &[Token]) -> Option<(Date, usize)> {
    let (month, used) = month_name(tokens)?;
    let at = after_joins(tokens, used);
    let number = i8::try_from(tokens.get(at)?.number(1..=2)?).ok()?;
    let at = after_joins(tokens, after_ordinal(tokens, at + 1));
    let year = tokens.get(at)?;
    // `May 3, 20:24` has its digits, not its year.
    let year = i16::try_from(year.number(4..=4)?).ok()?;
    Some((day(year, month, number)?, at))
}

/// A month's name in one or two words, and how many tokens it takes.
fn month_name(tokens: &[Token]) -> Option<(i8, usize)> {
    let first = tokens.first()?.word()?;
    if let Some(second) = tokens.get(1).and_then(Token::word)
        && let Some(month) = CALENDAR.months.get(&format!("{first} {second}"))
    {
        return Some((*month, 2));
    }
    CALENDAR.months.get(first).map(|m| (*m, 1))
}

/// Passes over what touches a number: `st`, `er`, `º`.
fn after_ordinal(tokens: &[Token], at: usize) -> usize {
    let ordinal = tokens
        .get(at)
        .is_some_and(|t| t.before.is_none() && t.word().is_some_and(|w| w.chars().count() <= 2));
    at + usize::from(ordinal)
}

fn after_joins(tokens: &[Token], mut at: usize) -> usize {
    while tokens.get(at).and_then(Token::word).is_some_and(|w| CALENDAR.joins.contains(w)) {
        at += 1;
    }
    at
}

fn day(year: i16, month: i8, day: i8) -> Option<Date> {
    Date::new(year, month, day).ok().filter(|d| PLAUSIBLE.contains(&d.year()))
}

/// The value of a decimal digit in the scripts that pages date in.
fn digit(c: char) -> Option<u32> {
    c.to_digit(10).or_else(|| {
        let zero = match c {
            '٠'..='٩' => '٠',
            '۰'..='۹' => '۰',
            '०'..='९' => '०',
            '０'..='９' => '０',
            _ => return None,
        };
        Some(c as u32 - zero as u32)
    })
}

/// Lower case without accents.
fn fold(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    word.nfd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .filter(|c| !is_combining_mark(*c))
        .collect()
}

#[cfg(test)]
mod tests;
