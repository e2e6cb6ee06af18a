//! Plain text -> blocks: one a line, with its bytes in the input and the blank lines before it.

use super::block::{Block, Place, Region, Shape};
use std::fmt;

/// How many lines of one text are looked at, blank ones aside: a page has a hundred, a book ten thousand.
pub const LINES: usize = 100_000;

/// A text of too many lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooManyLines {
    pub limit: usize,
}

impl fmt::Display for TooManyLines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "text budget: more than {} lines; the rest was left out; cut the file in pieces", self.limit)
    }
}

/// Cuts a text into blocks.
pub fn segment(text: &str) -> Vec<Block> {
    segment_within(text, usize::MAX).0
}

/// Cuts a text into blocks, at most `limit` of them; says so where that was not all.
pub fn segment_within(text: &str, limit: usize) -> (Vec<Block>, Option<TooManyLines>) {
    let mut blocks = Vec::new();
    let mut blank = false;
    let mut at = 0;
    for line in text.split(is_line_end) {
        let start = at;
        at += line.len() + text[at + line.len()..].chars().next().map_or(0, char::len_utf8);
        let trimmed = line.trim_matches(is_padding);
        if trimmed.is_empty() {
            blank = true;
            continue;
        }
        if blocks.len() == limit {
            return (blocks, Some(TooManyLines { limit }));
        }
        let indent = line.len() - line.trim_start_matches(is_padding).len();
        let (shape, bullet) = shape_of(trimmed);
        let mut block = Block::new(fold_blanks(trimmed), shape, Region::default(), 0);
        block.bullet = bullet;
        block.place = Place {
            text_node: blocks.len(),
            bytes: Some(start + indent..start + indent + trimmed.len()),
            blank_before: blank && !blocks.is_empty(),
            ..Place::default()
        };
        blocks.push(block);
        blank = false;
    }
    (blocks, None)
}

fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// White space and marks that show nothing.
fn is_padding(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}' | '\u{2060}') || c.is_control()
}

/// What the line's own marks say it is: Markdown headings and list markers.
fn shape_of(line: &str) -> (Shape, bool) {
    let hashes = line.bytes().take_while(|b| *b == b'#').count();
    if (1..=6).contains(&hashes) && line[hashes..].starts_with(' ') {
        return (Shape::Heading(hashes as u8), false);
    }
    let bullet = line.starts_with(['•', '◦', '▪', '‣', '●', '○', '■', '·', '∙'])
        || ["- ", "* ", "+ ", "– "].iter().any(|b| line.starts_with(b));
    (Shape::Paragraph, bullet)
}

/// Tabs and control characters to blanks; runs of blanks stay, they may be a table's.
fn fold_blanks(line: &str) -> String {
    line.chars()
        .filter(|c| !matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}'))
        .map(|c| if c.is_control() && c != '\t' { ' ' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::segment;

    #[test]
    fn every_block_knows_its_bytes() {
        let text = "\u{feff}  Titre \r\n\r\nUn\u{2028}deux\n---\n• trois\u{a0}\n";
        let blocks = segment(text);
        let cut: Vec<&str> = blocks.iter().map(|b| &text[b.place.bytes.clone().expect("bytes")]).collect();
        assert_eq!(cut, ["Titre", "Un", "deux", "---", "• trois"]);
        let blank: Vec<bool> = blocks.iter().map(|b| b.place.blank_before).collect();
        assert_eq!(blank, [false, true, false, false, false]);
        assert!(blocks[4].bullet);
    }
}
