//! Marks that have no width and say nothing where they stand: zero-width spaces, joiners out of place, byte order
//! marks, direction marks on lines without right-to-left letters. They stay where a script, an emoji or the direction needs them.

use super::{Edit, Repair, Sheet};

pub fn find(sheet: &Sheet<'_>) -> Vec<Edit> {
    // U+061C and those from U+200B on begin with these bytes.
    let bytes = sheet.text.as_bytes();
    if !sheet.on.has(Repair::ZeroWidth) || memchr::memchr3(0xe2, 0xef, 0xd8, bytes).is_none() {
        return Vec::new();
    }
    let mut edits = Vec::new();
    let mut at = 0;
    for line in sheet.text.split_inclusive(['\n', '\r']) {
        if line.chars().any(is_mark) {
            let right_to_left = line.chars().any(is_right_to_left);
            let mut before = None;
            let mut chars = line.char_indices().peekable();
            while let Some((offset, c)) = chars.next() {
                let next = chars.peek().map(|(_, c)| *c);
                if is_mark(c) && !is_needed(c, before, next, right_to_left) {
                    let start = at + offset;
                    edits.push(Edit::new(Repair::ZeroWidth, start..start + c.len_utf8(), ""));
                } else {
                    before = Some(c);
                }
            }
        }
        at += line.len();
    }
    edits
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{61c}' | '\u{feff}')
}

fn is_needed(mark: char, before: Option<char>, next: Option<char>, right_to_left: bool) -> bool {
    let around = |of: fn(char) -> bool| before.is_some_and(of) && next.is_some_and(of);
    match mark {
        // Parts words where nothing else does.
        '\u{200b}' => around(is_unspaced),
        '\u{200c}' => {
            around(is_joining) || before.is_some_and(is_joining) && next.is_some_and(|c| !c.is_whitespace())
        }
        '\u{200d}' => {
            before.is_some_and(is_joining)
                || next.is_some_and(is_joining)
                || (before.is_some_and(is_pictured) && next.is_some_and(is_pictured))
        }
        '\u{2060}' | '\u{feff}' => false,
        _ => right_to_left,
    }
}

/// Thai, Lao, Tibetan, Burmese, Khmer and their kin: words without spaces.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{fff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{1950}'..='\u{19df}' | '\u{1a20}'..='\u{1aaf}' | '\u{a9e0}'..='\u{a9ff}' | '\u{aa60}'..='\u{aadf}')
}

/// Scripts whose letters join, or form clusters: Arabic and kin, those of India and South-East Asia, Mongolian.
fn is_joining(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{6ff}' | '\u{700}'..='\u{8ff}' | '\u{900}'..='\u{dff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{18af}' | '\u{1b00}'..='\u{1c4f}' | '\u{a840}'..='\u{a9df}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10a00}'..='\u{11fff}')
}

/// What emoji are made of: pictures, their tones and variants, the signs that may follow a joiner.
fn is_pictured(c: char) -> bool {
    matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{fe0f}' | '\u{20e3}')
}

fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' if c != '\u{61c}')
        || matches!(c, '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}
