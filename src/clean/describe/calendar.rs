//! Dates in words and in numbers -> a day. Knows the calendar of many languages; knows no page, and never
//! guesses: no year, no day; relative dates ("yesterday") are none without a day to count from.

mod eras;
mod names;
pub mod relative;

use jiff::civil::Date;
use names::{fold, is_join, is_mark};
use std::ops::{Range, RangeInclusive};

/// Years in which the web had pages; a later one is counted from another beginning (2081 in Nepal).
const PLAUSIBLE: RangeInclusive<i16> = 1990..=2045;

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

/// How a page writes its dates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manner {
    pub order: Order,
    /// ISO 639; empty where it is not known.
    language: String,
}

impl Manner {
    /// Of a language with its region, if known: `fr`, `en-US`.
    pub fn of(language: &str) -> Self {
        let main = language.trim().split(['-', '_']).next().unwrap_or_default();
        Self { order: order(language), language: main.to_ascii_lowercase() }
    }

    fn writes(&self, language: &str) -> bool {
        self.language == language
    }
}

/// A date met in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub date: Date,
    /// Its bytes in the text.
    pub range: Range<usize>,
}

/// How a page in this language (`fr`, `en-US`) writes numeric dates. Plain `en` says nothing.
pub fn order(language: &str) -> Order {
    let language = language.trim().to_ascii_lowercase().replace('_', "-");
    let (main, region) = language.split_once('-').unwrap_or((&language, ""));
    match (main, region) {
        ("en", "us" | "ph") => Order::MonthFirst,
        ("en", "gb" | "au" | "nz" | "ie" | "in" | "za" | "sg" | "ng" | "pk") => Order::DayFirst,
        _ if names::is_day_first(main) => Order::DayFirst,
        _ => Order::Unknown,
    }
}

/// Is it the name of a month or a weekday?
pub fn is_calendar_word(word: &str) -> bool {
    let word = fold(word);
    names::month(&word, "").is_some() || names::is_weekday(&word)
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
            let month = month.parse().ok().or_else(|| names::month(&fold(month), ""));
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

/// The first whole date in a text whose language is not known.
pub fn find(text: &str, order: Order) -> Option<Found> {
    find_in(text, &Manner { order, language: String::new() })
}

/// The first whole date in a text.
pub fn find_in(text: &str, manner: &Manner) -> Option<Found> {
    // No date has fewer than two digits, and most lines do.
    text.chars().take(REACH).filter_map(digit).nth(1)?;
    let tokens = tokens(text);
    (0..tokens.len()).find_map(|at| {
        let (date, last) = date_at(&tokens[at..], manner)?;
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
        } else if c.is_alphabetic() || (is_mark(c) && touches) {
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
fn date_at(tokens: &[Token], manner: &Manner) -> Option<(Date, usize)> {
    let first = tokens.first()?;
    if let Some(year) = first.number(4..=4) {
        return year_first(tokens, year, manner);
    }
    if first.number(1..=2).is_some() {
        return numeric(tokens, manner).or_else(|| day_first(tokens, manner));
    }
    month_first(tokens, manner).or_else(|| era_first(tokens))
}

/// `2024-11-21`, `2024/11/21`, `2024.11.21`, `2024年11月21日`, `2024. november 21.`, `1403/08/30` in Persian.
fn year_first(tokens: &[Token], number: u32, manner: &Manner) -> Option<(Date, usize)> {
    let year = eras::common(number)?;
    let mut at = 1;
    let marked = tokens.get(at)?.word().is_some_and(|w| matches!(w, "年" | "m" | "ж") || w == fold("년"));
    at += usize::from(marked);
    let month = tokens.get(at)?;
    if let Some(month_number) = month.number(1..=2) {
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
        let (month, last) = (i8::try_from(month_number).ok()?, i8::try_from(last.number(1..=2)?).ok()?);
        let solar = manner.writes("fa").then(|| eras::solar(number, month, last)).flatten();
        let date = solar.or_else(|| day(year, month, last))?;
        // `2024 11 21` with spaces only is a row of numbers, unless dots stand before them.
        return (marked || sign != Some(' ')).then_some((date, at));
    }
    at = after_ordinal(tokens, at);
    at = after_joins(tokens, at);
    let (month, used) = month_name(tokens.get(at..)?, manner)?;
    at += used;
    let number = tokens.get(at)?.number(1..=2)?;
    Some((day(year, month, i8::try_from(number).ok()?)?, at))
}

/// `21.11.2024`, `21/11/2024`, `11/21/2024`, `21/11/2567` in Thailand.
fn numeric(tokens: &[Token], manner: &Manner) -> Option<(Date, usize)> {
    let [a, b, c, ..] = tokens else { return None };
    let sign = b.before.filter(|s| matches!(s, '/' | '.' | '-'))?;
    if c.before != Some(sign) || (sign == '.' && c.start > b.end + 2) {
        return None;
    }
    let year = eras::common(c.number(4..=4)?)?;
    let (a, b) = (i8::try_from(a.number(1..=2)?).ok()?, i8::try_from(b.number(1..=2)?).ok()?);
    let date = match manner.order {
        _ if sign == '.' || a > 12 || a == b => day(year, b, a),
        _ if b > 12 => day(year, a, b),
        Order::DayFirst => day(year, b, a),
        Order::MonthFirst => day(year, a, b),
        Order::Unknown => None,
    }?;
    Some((date, 2))
}

/// `21 novembre 2024`, `21st of November, 2024`, `21 de noviembre de 2024`, `21 tháng 11 năm 2024`.
fn day_first(tokens: &[Token], manner: &Manner) -> Option<(Date, usize)> {
    let number = i8::try_from(tokens[0].number(1..=2)?).ok()?;
    let mut at = after_ordinal(tokens, 1);
    let joined = at;
    at = after_joins(tokens, at);
    if let Some(month) = tokens.get(at).and_then(Token::word).and_then(eras::solar_month) {
        let year = tokens.get(at + 1)?.number(4..=4)?;
        return Some((eras::solar(year, month, number)?, at + 1));
    }
    let (month, used) = match month_name(&tokens[at.min(tokens.len())..], manner) {
        Some(found) => found,
        // Only a joining word makes a number a month here.
        None if at > joined => (i8::try_from(tokens.get(at)?.number(1..=2)?).ok()?, 1),
        None => return None,
    };
    at = after_joins(tokens, at + used);
    // Arabic papers give the month twice: `تشرين الثاني / نوفمبر`.
    if let Some((again, used)) = month_name(&tokens[at.min(tokens.len())..], manner)
        && again == month
    {
        at += used;
    }
    let year = eras::common(tokens.get(at)?.number(4..=4)?)?;
    Some((day(year, month, number)?, at))
}

/// `November 21, 2024`, `Nov 21st 2024`.
fn month_first(tokens: &[Token], manner: &Manner) -> Option<(Date, usize)> {
    let (month, used) = month_name(tokens, manner)?;
    let at = after_joins(tokens, used);
    let number = i8::try_from(tokens.get(at)?.number(1..=2)?).ok()?;
    let at = after_joins(tokens, after_ordinal(tokens, at + 1));
    let year = tokens.get(at)?;
    // `May 3, 20:24` has its digits, not its year.
    let year = eras::common(year.number(4..=4)?)?;
    Some((day(year, month, number)?, at))
}

/// `令和6年11月21日`, `民國113年11月21日`.
fn era_first(tokens: &[Token]) -> Option<(Date, usize)> {
    let number = tokens.get(1)?.number(1..=3);
    let year = eras::of_era(tokens.first()?.word()?, number)?;
    let at = if number.is_some() { 2 } else { 1 };
    let [mark, month, moon, last, ..] = tokens.get(at..)? else { return None };
    let marked = mark.word() == Some("年") && moon.word() == Some("月");
    let (month, last) = (month.number(1..=2)?, last.number(1..=2)?);
    let date = day(year, i8::try_from(month).ok()?, i8::try_from(last).ok()?)?;
    marked.then_some((date, at + 3))
}

/// A month's name in up to three words, and how many tokens it takes; the longest that is one.
fn month_name(tokens: &[Token], manner: &Manner) -> Option<(i8, usize)> {
    let mut name = tokens.first()?.word()?.to_owned();
    let mut found = names::month(&name, &manner.language).map(|m| (m, 1));
    for used in 2..=3 {
        let Some(word) = tokens.get(used - 1).and_then(Token::word) else { break };
        name.push(' ');
        name.push_str(word);
        found = names::month(&name, &manner.language).map(|m| (m, used)).or(found);
    }
    found
}

/// Passes over what touches a number: `st`, `er`, `º`.
fn after_ordinal(tokens: &[Token], at: usize) -> usize {
    let ordinal = tokens
        .get(at)
        .is_some_and(|t| t.before.is_none() && t.word().is_some_and(|w| w.chars().count() <= 2));
    at + usize::from(ordinal)
}

fn after_joins(tokens: &[Token], mut at: usize) -> usize {
    while tokens.get(at).and_then(Token::word).is_some_and(is_join) {
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
            '০'..='৯' => '০',
            '๐'..='๙' => '๐',
            '၀'..='၉' => '၀',
            '０'..='９' => '０',
            _ => return None,
        };
        Some(c as u32 - zero as u32)
    })
}

#[cfg(test)]
mod tests;
