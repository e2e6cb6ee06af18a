//! Soft hyphens: they say where a word may be parted and show nothing. At a line end they parted one, and the end of
//! the line moves behind it. Between digits they are a hyphen that was lost.

use super::lines::{after_line_end, word_end};
use super::{Edit, Repair, Sheet};

const SOFT: &str = "\u{ad}";

pub fn find(sheet: &Sheet<'_>) -> Vec<Edit> {
    if !sheet.on.has(Repair::SoftHyphens) {
        return Vec::new();
    }
    let text = sheet.text;
    let mut edits: Vec<Edit> = Vec::new();
    let mut from = 0;
    for at in memchr::memmem::find_iter(text.as_bytes(), SOFT) {
        if at < from {
            continue;
        }
        let end = at + SOFT.len();
        let parted = text[..at].ends_with(char::is_alphabetic);
        match after_line_end(text, end).filter(|&next| parted && text[next..].starts_with(char::is_lowercase))
        {
            Some(next) => {
                edits.push(Edit::new(Repair::SoftHyphens, at..next, ""));
                from = next;
                let stop = word_end(text, next);
                if text[stop..].starts_with(' ') {
                    let more = text[next..stop].contains(SOFT);
                    // A word that goes on with soft hyphens keeps its blank: the line is a little longer.
                    if !more {
                        edits.push(Edit::new(Repair::SoftHyphens, stop..stop + 1, "\n"));
                        from = stop + 1;
                    }
                }
            }
            None => {
                let numeric =
                    text[..at].ends_with(char::is_numeric) && text[end..].starts_with(char::is_numeric);
                edits.push(Edit::new(Repair::SoftHyphens, at..end, if numeric { "-" } else { "" }));
            }
        }
    }
    edits
}
