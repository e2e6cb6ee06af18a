//! Kept blocks -> plain text or Markdown, in reading order. Decides nothing about what is kept.

mod address;
mod escape;
mod inline;
mod lines;
mod markdown;
mod nest;
mod tables;
mod verbatim;

pub use address::Addresses;
pub use lines::headed;
pub use markdown::markdown;
pub use verbatim::Verbatim;

use super::block::{Block, Enclosure, MarkKind, Shape};
use std::collections::HashSet;
use std::fmt::Write;
use tables::{Grid, Tables};

/// Plain text: blocks separated by a blank line; items of one list and rows of one table by a line end,
/// cells by as many tabs as they are columns apart. A note begins with its label, as in `[1] `.
pub fn text(blocks: &[&Block]) -> String {
    let (tables, notes) = (Tables::of(blocks), notes(blocks));
    let mut out = String::new();
    let mut before: Option<&Block> = None;
    for block in blocks.iter().filter(|b| !b.text.is_empty()) {
        match before.map(|before| joint(&tables, before, block)) {
            None => {}
            Some(Joint::Cell(tabs)) => out.extend(std::iter::repeat_n('\t', tabs)),
            Some(Joint::SameCell) => out.push(' '),
            Some(Joint::Line) => out.push('\n'),
            Some(Joint::Blank) => out.push_str("\n\n"),
        }
        if let Some((id, label)) = note(block).filter(|(id, _)| notes.contains(id))
            && before.and_then(note).is_none_or(|(before, _)| before != id)
        {
            // Writing to a String cannot fail.
            let _ = write!(out, "[{label}] ");
        }
        if tables.grid_of(block).is_some() {
            // In a row a line end would begin another.
            out.push_str(&block.text.replace('\n', " "));
        } else {
            out.push_str(&block.text);
        }
        before = Some(block);
    }
    out
}

/// What stands between two blocks.
enum Joint {
    /// Cells of one row, so many columns apart.
    Cell(usize),
    SameCell,
    Line,
    Blank,
}

fn joint(tables: &Tables, before: &Block, after: &Block) -> Joint {
    if after.place.bytes.is_some() {
        return if after.place.blank_before { Joint::Blank } else { Joint::Line };
    }
    if let (Some(a), Some(b)) = (before.place.cell, after.place.cell)
        && a.table == b.table
    {
        let (of_before, of_after) = (tables.kind_of(before), tables.kind_of(after));
        if of_before == Some(Grid::Table) && of_after == Some(Grid::Table) {
            return match b.column.saturating_sub(a.column) {
                _ if a.row != b.row => Joint::Line,
                0 => Joint::SameCell,
                columns => Joint::Cell(columns.min(tables::MOST_COLUMNS)),
            };
        }
        if of_before == Some(Grid::Column) && of_after == Some(Grid::Column) {
            return if a.row == b.row { Joint::Blank } else { Joint::Line };
        }
    }
    let items = before.shape == Shape::ListItem && after.shape == Shape::ListItem;
    if items && after.place.opens_item { Joint::Line } else { Joint::Blank }
}

/// The notes that are kept and referred to, by node.
fn notes(blocks: &[&Block]) -> HashSet<usize> {
    let kept: HashSet<usize> = blocks.iter().filter_map(|b| Some(note(b)?.0)).collect();
    let marks = blocks.iter().flat_map(|b| &b.place.marks);
    let referred = marks.filter_map(|m| if let MarkKind::Note(node) = m.kind { Some(node) } else { None });
    referred.filter(|node| kept.contains(node)).collect()
}

/// The note a block stands in: its node and label.
fn note(block: &Block) -> Option<(usize, &str)> {
    block.place.within.as_deref()?.outwards().find_map(|frame| match &frame.kind {
        Enclosure::Note(label) => Some((frame.id, label.as_str())),
        _ => None,
    })
}
