//! A URL a line; `#` at the start of a line or after a space begins a comment; empty lines are fine.

use super::Collected;

pub(super) fn read(text: &str, into: &mut Collected) {
    let mut line = 0;
    let mut rest = text;
    while !rest.is_empty() {
        line += 1;
        let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let (this, tail) = rest.split_at(end);
        rest = tail.strip_prefix("\r\n").or_else(|| tail.get(1..)).unwrap_or("");
        let this = without_comment(this).trim();
        if !this.is_empty() {
            into.take(line, this, None);
        }
    }
}

/// A `#` inside a URL begins its fragment; one after a space, or first, a comment.
fn without_comment(line: &str) -> &str {
    let mut after_space = true;
    for (at, character) in line.char_indices() {
        if character == '#' && after_space {
            return &line[..at];
        }
        after_space = character.is_whitespace();
    }
    line
}
