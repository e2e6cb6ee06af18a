//! Plain text -> blocks: one a line.

use super::block::{Block, Region, Shape};

/// Cuts a text into blocks.
pub fn segment(text: &str) -> Vec<Block> {
    text.lines()
        .map(str::trim)
        .filter(|l| !l.is_empty())
        .map(|l| Block::new(l.to_owned(), Shape::Paragraph, Region::default(), 0))
        .collect()
}
