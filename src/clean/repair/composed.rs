//! Letters that came apart from their marks, composed: Unicode NFC, never NFKC, which would change what is meant. NFC
//! also takes apart or replaces a few characters of its own list, such as U+FB2A and U+F900; output is NFC in any case.

use super::{Edit, Repair, Sheet};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

pub fn find(sheet: &Sheet<'_>) -> Vec<Edit> {
    if !sheet.on.has(Repair::Composed) || is_nfc(sheet.text) {
        return Vec::new();
    }
    let mut edits = Vec::new();
    let mut at = 0;
    // White space never composes with what follows it, so each word stands for itself.
    for word in sheet.text.split_inclusive(|c: char| c.is_ascii_whitespace()) {
        if !is_nfc(word) {
            let composed: String = word.nfc().collect();
            if composed != word {
                edits.push(Edit::new(Repair::Composed, at..at + word.len(), composed));
            }
        }
        at += word.len();
    }
    edits
}

fn is_nfc(text: &str) -> bool {
    text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes
}
