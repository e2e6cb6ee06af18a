//! UTF-8 that somebody read as Windows-1252 and wrote again: `Ã©` for `é`, `â€™` for `’`, `ÐŸÑ€Ð¸` for `При`.
//!
//! A stretch is taken back only where its characters are exactly the bytes of one UTF-8 character, and that character
//! is likelier there than they are: a capital with a sign inside a word is, `É”` at the end of a quotation is not.
//! What proper text may hold counts only in company of what it cannot hold. Text around a stretch stays as it is.

use super::{Edit, Repair, Sheet};

/// A stretch that proper text might hold counts only beside so many that it cannot hold.
const COMPANY: usize = 2;

/// So many make a text full of them.
const FULL: usize = 3;

/// So many letters of one other script in a row are no chance.
const RUN: usize = 3;

/// A stretch that may be taken back.
struct Find {
    start: usize,
    end: usize,
    to: char,
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
    let finds = finds(sheet.text);
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
            || (find.proof == Proof::Foreign && foreign && is_two_bytes(find.to))
    };
    let mut edits = Vec::new();
    for (find, row) in finds.iter().zip(in_row) {
        if taken(find, row) {
            edits.push(Edit::new(Repair::Mojibake, find.start..find.end, find.to.to_string()));
        }
    }
    edits
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
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let found =
            if c.is_ascii() { None } else { stretch(text, at, before).or_else(|| halved(text, at, before)) };
        match found {
            Some(find) => {
                at = find.end;
                before = Some(find.to);
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

/// The stretch that begins at `at`, if its characters are the bytes of one character.
fn stretch(text: &str, at: usize, before: Option<char>) -> Option<Find> {
    let mut chars = text[at..].char_indices();
    let (_, first) = chars.next()?;
    let lead = byte(first)?;
    let length = match lead {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return control(text, at, first, before),
    };
    let mut bytes = [lead, 0, 0, 0];
    let mut second = None;
    for slot in bytes.iter_mut().take(length).skip(1) {
        let (_, c) = chars.next()?;
        second = second.or(Some(c));
        *slot = byte(c).filter(|byte| (0x80..=0xbf).contains(byte))?;
    }
    let to = std::str::from_utf8(bytes.get(..length)?).ok()?.chars().next()?;
    let rest = chars.as_str();
    let next = rest.chars().next();
    if is_shown(before, next) {
        return None;
    }
    let proof = proof(first, second?, to, before, next)?;
    Some(Find { start: at, end: text.len() - rest.len(), to, proof })
}

/// `Ã ` for `à`, where somebody made plain blanks of those that do not break.
fn halved(text: &str, at: usize, before: Option<char>) -> Option<Find> {
    let fits = text[at..].starts_with("Ã ") && !before.is_some_and(char::is_uppercase);
    fits.then_some(Find { start: at, end: at + 'Ã'.len_utf8(), to: 'à', proof: Proof::Halved })
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
    (to != c).then(|| Find { start: at, end: at + c.len_utf8(), to, proof: Proof::Sure })
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
            // Read wrongly twice: `ÃƒÂ©` is `Ã©` is `é`.
            if first == 'Ã' && matches!(second, 'ƒ' | '‚') && matches!(next, Some('Â' | 'Ã' | 'â')) {
                return Some(Proof::Sure);
            }
            let fits = !(after_small && to.is_uppercase() && !has_control);
            let strange = has_control || !ends_words || (after_small && fits) || (within && first == 'Ã');
            let sure = strange && fits && (first == 'Ã' || has_control || after_small || within);
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

fn is_two_bytes(c: char) -> bool {
    c.len_utf8() == 2
}

/// For each find, how many of its kind stand in a row with it.
fn rows(finds: &[Find]) -> Vec<usize> {
    let mut out = vec![0; finds.len()];
    let mut from = 0;
    for at in 0..finds.len() {
        let last = finds
            .get(at + 1)
            .is_none_or(|next| next.start != finds[at].end || script(next.to) != script(finds[at].to));
        if last {
            out[from..=at].fill(at + 1 - from);
            from = at + 1;
        }
    }
    out
}

/// Characters of one script share a value; enough to see that they stand together.
fn script(c: char) -> u32 {
    match u32::from(c) {
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
