//! UTF-8 that somebody read as Windows-1252 and wrote again: `Ã©` for `é`, `â€™` for `’`, `ÐŸÑ€Ð¸` for `При`.
//!
//! A stretch is taken back only where its characters are exactly the bytes of one UTF-8 character, and that character
//! is likelier there than they are: a capital with a sign inside a word is, `É”` at the end of a quotation is not.
//! What proper text may hold counts only in company of what it cannot hold. Text around a stretch stays as it is.

use super::about::About;
use super::{Edit, Repair, Sheet};
use std::ops::Range;
use std::str::Chars;

/// A stretch that proper text might hold counts only beside so many that it cannot hold.
const COMPANY: usize = 2;

/// So many make a text full of them.
const FULL: usize = 3;

/// So many letters of one other script in a row are no chance.
const RUN: usize = 3;

/// How far a letter is looked for that a stretch is compared with, in bytes.
const CLOSE: usize = 40;

/// A stretch that may be taken back.
struct Find {
    start: usize,
    end: usize,
    to: String,
    proof: Proof,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Proof {
    /// Proper text does not hold this.
    Sure,
    /// It might: a capital before a quotation mark, a letter before a no-break space.
    Doubtful,
    /// A letter of another script: sure in a row.
    Foreign,
    /// `Ã` before a plain blank, which was the second half of `à`: sure where the text is full of the like.
    Halved,
}

pub fn find(sheet: &Sheet<'_>) -> Vec<Edit> {
    if !sheet.on.has(Repair::Mojibake) || !may_hold(sheet.text) {
        return Vec::new();
    }
    let text = sheet.text;
    let about = About::of(text, SPEAKING);
    let mut finds = finds(text);
    finds.retain(|find| !about.forbids(find.start) && !is_compared(text, find));
    let in_row = rows(&finds);
    let is_sure = |find: &Find, row: usize| match find.proof {
        Proof::Sure => true,
        Proof::Foreign => row >= RUN,
        Proof::Doubtful | Proof::Halved => false,
    };
    let sure = finds.iter().zip(&in_row).filter(|(find, row)| is_sure(find, **row)).count();
    let foreign = finds.iter().zip(&in_row).any(|(f, row)| f.proof == Proof::Foreign && *row >= RUN);
    let taken = |find: &Find, row: usize| {
        is_sure(find, row)
            || (find.proof == Proof::Doubtful && sure >= COMPANY)
            || (find.proof == Proof::Halved && sure >= FULL)
            || (find.proof == Proof::Foreign && foreign && find.to.len() == 2)
    };
    let taken: Vec<bool> = finds.iter().zip(&in_row).map(|(find, row)| taken(find, *row)).collect();
    let mut edits = Vec::new();
    let mut from = 0;
    for at in 0..finds.len() {
        if finds.get(at + 1).is_some_and(|next| next.start == finds[at].end) {
            continue;
        }
        // Of a word in another script all or nothing.
        let (group, all) = (&finds[from..=at], taken[from..=at].iter().all(|taken| *taken));
        let ends = (text[..finds[from].start].chars().next_back(), text[finds[at].end..].chars().next());
        let whole = all && !is_half(ends.0) && !is_half(ends.1);
        let foreign = group.iter().any(|find| find.proof == Proof::Foreign);
        for (find, _) in
            group.iter().zip(&taken[from..=at]).filter(|(_, taken)| **taken && (whole || !foreign))
        {
            edits.push(Edit::new(Repair::Mojibake, find.start..find.end, find.to.clone()));
        }
        from = at + 1;
    }
    edits
}

/// Words of people who write about encodings.
const SPEAKING: &[&str] = &[
    "mojibake",
    "charset",
    "charsets",
    "encoding",
    "encodings",
    "encodage",
    "codage",
    "kodierung",
    "zeichensatz",
    "zeichenkodierung",
    "codifica",
    "utf",
    "utf8",
    "unicode",
    "cp1252",
    "windows1252",
    "latin1",
    "ansi",
    "ascii",
    "byte",
    "bytes",
    "octets",
];

/// Does the sign stand alone, and what it would be alone too, close by? Then one is explained by the other.
fn is_compared(text: &str, find: &Find) -> bool {
    let alone = |text: &str, at: &Range<usize>| {
        let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
        !letter(text[..at.start].chars().next_back()) && !letter(text[at.end..].chars().next())
    };
    if find.proof == Proof::Foreign || !alone(text, &(find.start..find.end)) {
        return false;
    }
    let from = text.floor_char_boundary(find.start.saturating_sub(CLOSE));
    let near = &text[from..text.ceil_char_boundary(find.end + CLOSE)];
    near.match_indices(find.to.as_str()).any(|(at, to)| {
        let (at, own) = (at..at + to.len(), find.start - from..find.end - from);
        (at.end <= own.start || at.start >= own.end) && alone(near, &at)
    })
}

/// Do two characters stand side by side that such a stretch may begin with, or a control character alone? Looks at
/// bytes: `é` before a plain letter costs nothing more.
pub fn may_hold(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr2_iter(0xc2, 0xc3, bytes).any(|at| {
        match (bytes[at], bytes.get(at + 1), bytes.get(at + 2)) {
            (0xc2, Some(second), _) => (0x80..=0x9f).contains(second) && *second != 0x85,
            (_, Some(0x82..=0xb4), Some(third)) => matches!(third, 0xc2 | 0xc5 | 0xc6 | 0xcb | 0xe2),
            _ => false,
        }
    })
}

fn finds(text: &str) -> Vec<Find> {
    let mut out = Vec::new();
    let mut before = None;
    let (mut at, mut tried) = (0, 0);
    while let Some(c) = text[at..].chars().next() {
        let mut found = None;
        if at >= tried && !c.is_ascii() {
            match deep(text, at, before) {
                Ok(find) => found = Some(find),
                Err(end) => tried = end,
            }
        }
        if !c.is_ascii() {
            found = found.or_else(|| stretch(text, at, before)).or_else(|| halved(text, at, before));
        }
        match found {
            Some(find) => {
                at = find.end;
                before = find.to.chars().next_back();
                out.push(find);
            }
            None => {
                at += c.len_utf8();
                before = Some(c);
            }
        }
    }
    out
}

/// How often a text may have been read wrongly.
const DEEPEST: usize = 4;

/// Longest stretch that is looked at as a whole, in bytes.
const LONGEST: usize = 4_000;

/// What was read wrongly twice or more often, all of it at once: no proper text is the bytes of bytes. Nothing of it
/// where a part was lost.
fn deep(text: &str, at: usize, before: Option<char>) -> Result<Find, usize> {
    let rest = &text[at..text.floor_char_boundary(at + LONGEST)];
    let Some((mut to, length)) = read_again(rest) else { return Err(at) };
    let mut levels = 1;
    while levels < DEEPEST
        && let Some((lower, _)) = read_again(&to).filter(|(_, length)| *length == to.len())
    {
        to = lower;
        levels += 1;
    }
    let end = at + length;
    let next = text[end..].chars().next();
    let proper = !to.chars().any(char::is_control) && !is_half(before) && !is_half(next);
    if levels > 1 && proper && !is_shown(before, next) {
        return Ok(Find { start: at, end, to, proof: Proof::Sure });
    }
    Err(end)
}

/// The text whose bytes these characters are, as far as that goes, and how long they are.
fn read_again(text: &str) -> Option<(String, usize)> {
    let mut to = String::new();
    let mut end = 0;
    let mut chars = text.chars();
    while let Some((c, length)) = one(&mut chars) {
        to.push(c);
        end += length;
    }
    (end > 0).then_some((to, end))
}

/// The character whose bytes come first, and the length of what stands for it.
fn one(chars: &mut Chars<'_>) -> Option<(char, usize)> {
    let before = chars.as_str().len();
    let lead = byte(chars.next()?)?;
    let length = match lead {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return None,
    };
    let mut bytes = [lead, 0, 0, 0];
    for slot in bytes.iter_mut().take(length).skip(1) {
        *slot = byte(chars.next()?).filter(|byte| (0x80..=0xbf).contains(byte))?;
    }
    let to = std::str::from_utf8(bytes.get(..length)?).ok()?.chars().next()?;
    Some((to, before - chars.as_str().len()))
}

/// A letter that may be half of another: text that stands between it and a stretch is hurt beyond what is known.
fn is_half(c: Option<char>) -> bool {
    c.is_some_and(|c| c == '\u{fffd}' || (!c.is_ascii() && c.is_alphabetic() && byte(c).is_some()))
}

/// The stretch that begins at `at`, if its characters are the bytes of one character.
fn stretch(text: &str, at: usize, before: Option<char>) -> Option<Find> {
    let mut chars = text[at..].chars();
    let (first, second) = (chars.next()?, chars.next());
    if !byte(first).is_some_and(|lead| (0xc2..=0xf4).contains(&lead)) {
        return control(text, at, first, before);
    }
    chars = text[at..].chars();
    let (to, _) = one(&mut chars)?;
    let rest = chars.as_str();
    let next = rest.chars().next();
    if is_shown(before, next) {
        return None;
    }
    let proof = proof(first, second?, to, before, next)?;
    Some(Find { start: at, end: text.len() - rest.len(), to: to.to_string(), proof })
}

/// `Ã ` for `à`, where somebody made plain blanks of those that do not break.
fn halved(text: &str, at: usize, before: Option<char>) -> Option<Find> {
    let fits = text[at..].starts_with("Ã ") && !before.is_some_and(char::is_uppercase);
    // Of two blanks one was the other half.
    let blank = usize::from(text[at..].starts_with("Ã  "));
    fits.then_some(Find {
        start: at,
        end: at + 'Ã'.len_utf8() + blank,
        to: 'à'.to_string(),
        proof: Proof::Halved,
    })
}

/// Alone between quotation marks it is spoken of: `"Ã©" instead of "é"`.
fn is_shown(before: Option<char>, next: Option<char>) -> bool {
    let quote = |c: char| matches!(c, '"' | '\'' | '`' | '“' | '”' | '„' | '«' | '»' | '‘' | '’');
    before.is_some_and(|c| quote(c) || c == ';') && next.is_some_and(|c| quote(c) || c == '&')
}

/// A control character that is a Windows-1252 sign whose byte was read as Latin-1, if it is no part of a stretch that
/// came to nothing. U+0085 also ends lines.
fn control(text: &str, at: usize, c: char, before: Option<char>) -> Option<Find> {
    let part = |c: char| matches!(c, '\u{80}'..='\u{9f}' | 'Â' | 'Ã' | 'â' | 'ã' | 'ï' | 'ð');
    if before.is_some_and(part) || text[at + c.len_utf8()..].starts_with(part) {
        return None;
    }
    let code = u8::try_from(u32::from(c)).ok().filter(|b| (0x80..=0x9f).contains(b) && *b != 0x85)?;
    let to = HIGH[usize::from(code - 0x80)];
    (to != c).then(|| Find { start: at, end: at + c.len_utf8(), to: to.to_string(), proof: Proof::Sure })
}

/// How sure it is that `first` and those after it stand for `to`; `None`: it is not to be believed.
fn proof(first: char, second: char, to: char, before: Option<char>, next: Option<char>) -> Option<Proof> {
    // A control character is no proper text at all.
    let has_control = ('\u{80}'..='\u{9f}').contains(&second);
    let after_capital = before.is_some_and(char::is_uppercase);
    let ends_words = is_closing(second) || (first != 'Ã' && is_sign(second));
    match u32::from(to) {
        0xa0..=0xbf if first == 'Â' => {
            let sign = !matches!(second, '\u{a0}' | '«' | '»' | '·' | '´' | '¨');
            Some(if sign && !after_capital { Proof::Sure } else { Proof::Doubtful })
        }
        0xc0..=0x17f => {
            let within = next.is_some_and(char::is_lowercase) && !matches!(second, '’' | '‘' | '\u{a0}');
            let after_small = before.is_some_and(char::is_lowercase);
            let fits = !(after_small && to.is_uppercase() && !has_control);
            let strange = has_control || !ends_words || (after_small && fits) || (within && first == 'Ã');
            // A part of what was read wrongly twice, of which the rest was lost.
            if first == 'Ã' && matches!(second, 'ƒ' | '‚') && next.and_then(byte).is_some() {
                return None;
            }
            // `AMANHÃ“`, `MAÇÃ®`, `Weg Ã·` are written so.
            let capitals = after_capital && (is_closing(second) || is_sign(second));
            let sure = strange
                && fits
                && !capitals
                && to.is_alphabetic()
                && (first == 'Ã' || has_control || after_small || within);
            Some(if sure { Proof::Sure } else { Proof::Doubtful }).filter(|_| fits)
        }
        0x218..=0x21b => Some(Proof::Doubtful),
        // Dashes, quotation marks, bullets; the euro and other signs: `â€`, `â‚¬`, `â„¢` are in no language.
        0x2000..=0x203f | 0x20ac | 0x2122 | 0x2190..=0x21ff | 0x2200..=0x22ff | 0x2500..=0x27bf => {
            let sign = matches!(
                second,
                '€' | '‚'
                    | '„'
                    | '†'
                    | 'ˆ'
                    | '˜'
                    | '”'
                    | '•'
                    | '–'
                    | '—'
                    | '™'
                    | 'š'
                    | '›'
                    | 'œ'
                    | 'ž'
            );
            Some(if sign || has_control { Proof::Sure } else { Proof::Doubtful })
        }
        0xfeff => Some(Proof::Sure),
        0x1f000..=0x1faff if second == 'Ÿ' || has_control => Some(Proof::Sure),
        0x370..=0x7ff
        | 0x900..=0xfff
        | 0x1e00..=0x1eff
        | 0x3000..=0x9fff
        | 0xac00..=0xd7a3
        | 0xff01..=0xff65 => (to.is_alphanumeric()
            || matches!(u32::from(to), 0x3000..=0x303f | 0xff01..=0xff65))
        .then_some(Proof::Foreign),
        _ => None,
    }
}

/// What may stand behind a capital letter in proper text.
fn is_closing(c: char) -> bool {
    matches!(
        c,
        '“' | '”'
            | '‘'
            | '’'
            | '‚'
            | '„'
            | '…'
            | '–'
            | '—'
            | '•'
            | '‹'
            | '›'
            | '«'
            | '»'
            | '\u{a0}'
            | '\u{ad}'
    )
}

/// What may stand behind a letter that is a name or a unit.
fn is_sign(c: char) -> bool {
    matches!(c, '°' | 'º' | 'ª' | '™' | '®' | '©' | '²' | '³' | '¹' | '·' | '€' | '´')
}

/// For each find, how many of its kind stand in a row with it.
fn rows(finds: &[Find]) -> Vec<usize> {
    let mut out = vec![0; finds.len()];
    let mut from = 0;
    for at in 0..finds.len() {
        let last = finds
            .get(at + 1)
            .is_none_or(|next| next.start != finds[at].end || script(&next.to) != script(&finds[at].to));
        if last {
            out[from..=at].fill(at + 1 - from);
            from = at + 1;
        }
    }
    out
}

/// Characters of one script share a value; enough to see that they stand together.
fn script(letter: &str) -> u32 {
    match letter.chars().next().map_or(0, u32::from) {
        0x370..=0x3ff => 1,
        0x400..=0x52f => 2,
        0x590..=0x5ff => 3,
        0x600..=0x77f => 4,
        0x3000..=0x9fff | 0xff01..=0xff65 => 5,
        0xac00..=0xd7a3 => 6,
        code => 16 + code / 0x80,
    }
}

/// The byte of a character in Windows-1252; the five without one are the control characters, as browsers have it.
fn byte(c: char) -> Option<u8> {
    match u32::from(c) {
        code @ (0x80..=0xff) => u8::try_from(code).ok(),
        0x152..=0x2122 => HIGH.iter().position(|h| *h == c).and_then(|at| u8::try_from(at + 0x80).ok()),
        _ => None,
    }
}

/// Windows-1252 from 0x80 to 0x9F.
const HIGH: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];
