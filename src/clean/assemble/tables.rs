//! Which tables are written as tables: those whose cells hold words, not whole parts of the page.

use crate::clean::block::{Block, Enclosure, Shape};
use std::collections::HashMap;

/// Cells beyond this column join the last one of a table.
pub const MOST_COLUMNS: usize = 64;

/// Longest block of a table's cell, in characters.
const CELL_CHARS: usize = 1_500;

/// Longest cell that may have several blocks, in characters.
const BLOCKS_CHARS: usize = 600;

/// A block of a cell of so many words is a paragraph.
const PARAGRAPH_WORDS: usize = 12;

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grid {
    Table,
    /// One column: a list of lines.
    Column,
    /// It is there for the layout: its cells follow each other like any blocks.
    Layout,
}

/// The tables of some blocks, by node.
pub struct Tables {
    kinds: HashMap<usize, Seen>,
}

struct Seen {
    rows: usize,
    columns: usize,
    layout: bool,
    /// A cell holds several paragraphs.
    paragraphs: bool,
    /// The last cell seen: row, column, characters, blocks, paragraphs, a heading among them.
    cell: (usize, usize, usize, usize, usize, bool),
}

impl Tables {
    pub fn of(blocks: &[&Block]) -> Self {
        let mut kinds: HashMap<usize, Seen> = HashMap::new();
        for block in blocks.iter().filter(|b| b.place.bytes.is_none()) {
            let Some(frame) = block.place.within.as_deref() else { continue };
            let mut whole = block.shape == Shape::Code;
            let mut inner = None;
            for frame in frame.outwards() {
                match (&frame.kind, inner) {
                    (Enclosure::Quote | Enclosure::Note(_), None) => whole = true,
                    (Enclosure::Table { layout }, None) => {
                        inner = Some(frame.id);
                        let cell = block.place.cell.filter(|c| c.table == frame.id);
                        let seen = kinds.entry(frame.id).or_insert(Seen::NONE);
                        seen.layout |= *layout || (whole && cell.is_some());
                        if let Some(cell) = cell {
                            seen.note((cell.row, cell.column), block);
                        }
                    }
                    // A table in a cell: the outer one is no table.
                    (Enclosure::Table { .. }, Some(_)) => {
                        kinds.entry(frame.id).or_insert(Seen::NONE).layout = true;
                    }
                    _ => {}
                }
            }
        }
        Self { kinds }
    }

    /// How the table is written in whose cell a block stands.
    pub fn kind_of(&self, block: &Block) -> Option<Grid> {
        let cell = block.place.cell?;
        let inner =
            block.place.within.as_deref()?.outwards().find(|f| matches!(f.kind, Enclosure::Table { .. }))?;
        let seen = self.kinds.get(&cell.table).filter(|_| inner.id == cell.table)?;
        Some(match seen {
            Seen { layout: true, .. } => Grid::Layout,
            // A single row: what stands beside a text is no cell of the same table.
            Seen { rows: 0, paragraphs: true, .. } => Grid::Layout,
            Seen { columns: 0, .. } => Grid::Column,
            _ => Grid::Table,
        })
    }

    /// The table a block is a cell of, where it is written as a table.
    pub fn grid_of(&self, block: &Block) -> Option<usize> {
        let table = block.place.cell?.table;
        (self.kind_of(block) == Some(Grid::Table)).then_some(table)
    }
}

impl Seen {
    const NONE: Self =
        Self { rows: 0, columns: 0, layout: false, paragraphs: false, cell: (0, 0, 0, 0, 0, false) };

    fn note(&mut self, (row, column): (usize, usize), block: &Block) {
        self.rows = self.rows.max(row);
        self.columns = self.columns.max(column);
        let (last_row, last_column, mut chars, mut blocks, mut paragraphs, mut heading) = self.cell;
        if (row, column) != (last_row, last_column) {
            (chars, blocks, paragraphs, heading) = (0, 0, 0, false);
        }
        paragraphs += usize::from(block.words >= PARAGRAPH_WORDS && block.ends_sentence);
        self.paragraphs |= paragraphs > 1;
        chars += block.chars;
        blocks += 1;
        heading |= matches!(block.shape, Shape::Heading(_));
        self.cell = (row, column, chars, blocks, paragraphs, heading);
        self.layout |= block.chars > CELL_CHARS || (blocks > 1 && (chars > BLOCKS_CHARS || heading));
    }
}
