//! Text as the word tables see it. The build script folds the tables with the same code, so it uses nothing of the
//! crate.

use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// Longest stretch of a block that is folded, in characters: phrases that identify furniture stand early.
const FOLD_CHARS: usize = 600;

/// Folds text for comparison with the word tables: lower case, everything but letters and digits to
/// one space, each run of digits to a single `0`, no space at either end.
///
/// `"» Lire la suite (3)…"` becomes `"lire la suite 0"`.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(FOLD_CHARS * 2));
    let mut space = false;
    let mut digit = false;
    for c in text.chars().take(FOLD_CHARS) {
        if c.is_numeric() {
            if !digit {
                if space && !out.is_empty() {
                    out.push(' ');
                }
                out.push('0');
            }
            (space, digit) = (false, true);
        } else if c.is_alphanumeric() {
            if space && !out.is_empty() {
                out.push(' ');
            }
            (space, digit) = (false, false);
            if c.is_ascii() {
                out.push(c.to_ascii_lowercase());
            } else {
                out.extend(c.to_lowercase());
            }
        } else if !is_mark(c) {
            (space, digit) = (true, false);
        }
    }
    out
}

/// Marks that belong to the letter before them and must not split a word.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{64b}'..='\u{65f}' | '\u{94d}' | '\u{feff}')
}

/// Is it a letter of a script that writes without spaces between words?
pub fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Takes a folded text down to what people keep when they type in haste or in capitals: no accents,
/// one form for letters that have several, one `0` for a row of numbers (`0 0 0` for a date or time).
pub fn plain(folded: &str) -> String {
    let mut out = String::with_capacity(folded.len());
    for c in folded.chars() {
        match c {
            '0' if out.ends_with("0 ") => {
                out.pop();
            }
            ' '..='~' => out.push(c),
            'ß' => out.push_str("ss"),
            'ı' => out.push('i'),
            'ł' => out.push('l'),
            'đ' => out.push('d'),
            'ø' => out.push('o'),
            'ς' => out.push('σ'),
            'ی' | 'ى' => out.push('ي'),
            'ک' => out.push('ك'),
            'ـ' => {}
            'À'..='\u{6ff}' | '\u{1e00}'..='\u{1fff}' => {
                decompose_canonical(c, |d| out.extend((!is_combining_mark(d)).then_some(d)));
            }
            _ => out.push(c),
        }
    }
    out
}
