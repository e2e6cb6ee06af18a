//! Blocks -> Markdown (CommonMark with the tables, footnotes and strikethrough of GFM). Each block is written
//! inside the quotes, lists and notes it stands in.

use super::address::Addresses;
use super::inline::{References, Role, inline, longest_run};
use super::tables::{MOST_COLUMNS, Tables};
use super::{lines, notes};
use crate::clean::block::{Block, Enclosure, Frame, Shape};
use std::mem::discriminant;

/// Markdown.
pub fn markdown(blocks: &[&Block], addresses: &Addresses<'_>) -> String {
    let tables = Tables::of(blocks);
    let notes = notes(blocks);
    let references = References { addresses, notes: &notes };
    let mut page = Page { out: String::new(), open: Vec::new(), references };
    let mut at = 0;
    while at < blocks.len() {
        let rest = &blocks[at..];
        let text_lines = rest.iter().take_while(|b| b.place.bytes.is_some()).count();
        if text_lines > 0 {
            page.separate();
            lines::write(&mut page.out, &rest[..text_lines], &page.references);
            at += text_lines;
        } else if let Some(table) = tables.grid_of(rest[0]) {
            let cells = rest.iter().take_while(|b| tables.grid_of(b) == Some(table)).count();
            page.table(table, &rest[..cells]);
            at += cells;
        } else {
            page.block(rest[0]);
            at += 1;
        }
    }
    page.out
}

/// Numbers above this are written as this.
const MOST_NUMBER: usize = 999_999;

/// Signs of frames before the lines of one block, in bytes, above which they are left out.
const MOST_SIGNS: usize = 1 << 20;

/// A quote, item or note that is open.
struct Open {
    id: usize,
    kind: std::mem::Discriminant<Enclosure>,
    /// Its sign at the first line of its first block, taken once written.
    first: Option<String>,
    /// What stands in its place on all other lines.
    rest: String,
    /// Lists: the other of the two signs there are.
    other: bool,
}

struct Page<'a> {
    out: String,
    open: Vec<Open>,
    references: References<'a>,
}

impl Page<'_> {
    fn block(&mut self, block: &Block) {
        let frames = self.frames(block, None);
        let term = frames.iter().any(|f| f.kind == Enclosure::Term);
        let body = if block.shape == Shape::Code {
            code(block)
        } else {
            self.body(block, if term { Role::Term } else { Role::Whole })
        };
        if !body.is_empty() {
            self.put(&frames, &body);
        }
    }

    fn body(&self, block: &Block, role: Role) -> String {
        let text = inline(block, &self.references, role);
        match block.shape {
            Shape::Heading(level) => {
                let signs = "#".repeat(usize::from(level.clamp(1, 6)));
                if text.is_empty() { text } else { format!("{signs} {}", text.replace('\n', " ")) }
            }
            // A backslash at the end of a line is a line break.
            _ => text.replace('\n', "\\\n"),
        }
    }

    /// The frames of a block, outermost first, up to the table `within` which it is a cell.
    fn frames<'b>(&self, block: &'b Block, table: Option<usize>) -> Vec<&'b Frame> {
        let mut frames: Vec<&Frame> =
            block.place.within.as_deref().map_or(Vec::new(), |f| f.outwards().collect());
        if let Some(table) = table
            && let Some(at) = frames.iter().position(|f| f.id == table && is_table(f))
        {
            frames.drain(..=at);
        }
        // A note stands by itself, wherever the page has it.
        let notes = self.references.notes;
        if let Some(at) =
            frames.iter().position(|f| matches!(f.kind, Enclosure::Note(_)) && notes.contains(&f.id))
        {
            frames.truncate(at + 1);
        }
        frames.reverse();
        frames.retain(|f| !is_table(f));
        frames
    }

    fn table(&mut self, table: usize, cells: &[&Block]) {
        let Some(first) = cells.first() else { return };
        let frames = self.frames(first, Some(table));
        let places = || cells.iter().filter_map(|b| b.place.cell);
        let columns = places().map(|c| c.column + 1).max().unwrap_or(1).min(MOST_COLUMNS);
        let mut out = String::new();
        let (mut row, mut rows) = (None, 0);
        let mut filled = 0;
        for (at, block) in cells.iter().enumerate() {
            let Some(place) = block.place.cell else { continue };
            let column = place.column.min(columns - 1);
            let further = row == Some(place.row) && filled > column;
            let shared = further || cells.get(at + 1).is_some_and(|next| next.place.cell == block.place.cell);
            let role = if shared { Role::Part } else { Role::Whole };
            let text = inline(block, &self.references, role).replace('|', "\\|").replace('\n', "<br>");
            if text.is_empty() {
                continue;
            }
            if row != Some(place.row) {
                end_row(&mut out, rows, filled, columns);
                out.push('|');
                (row, filled) = (Some(place.row), 0);
                rows += 1;
            }
            if further {
                out.truncate(out.len().saturating_sub(2));
                out.push_str("<br>");
            } else {
                out.push_str(&"  |".repeat(column - filled));
                out.push(' ');
                filled = column + 1;
            }
            out.push_str(&text);
            out.push_str(" |");
        }
        end_row(&mut out, rows, filled, columns);
        out.truncate(out.trim_end().len());
        self.put(&frames, &out);
    }

    /// Ends what was written before.
    fn separate(&mut self) {
        self.open.clear();
        if !self.out.is_empty() {
            self.out.push_str("\n\n");
        }
    }

    /// Writes lines inside the frames they stand in.
    fn put(&mut self, frames: &[&Frame], body: &str) {
        // A great many short lines deep inside would be nothing but signs.
        let signs = body.matches('\n').count() * frames.len() * 4;
        let frames = if signs > MOST_SIGNS + 4 * body.len() { &[] } else { frames };
        let same =
            self.open.iter().zip(frames).take_while(|(o, f)| o.id == f.id && o.kind == discriminant(&f.kind));
        let common = same.count();
        if !self.out.is_empty() {
            self.out.push('\n');
            if !self.is_tight(frames, common) {
                self.blank(common);
            }
        }
        self.enter(frames, common);
        for (at, line) in body.split('\n').enumerate() {
            if at > 0 {
                self.out.push('\n');
            }
            self.line(line);
        }
    }

    /// Do the lines follow those before without a blank one: items of one list, a list below its item's text?
    fn is_tight(&self, frames: &[&Frame], common: usize) -> bool {
        let Some(around) = common.checked_sub(1).map(|at| frames[at]) else { return false };
        if self.out.trim_end_matches('\n').ends_with('|') {
            return false;
        }
        match (&around.kind, frames.get(common).map(|f| &f.kind), frames.get(common + 1).map(|f| &f.kind)) {
            (Enclosure::List, Some(Enclosure::Item(_)), _) => {
                self.open.get(common).is_some_and(|o| o.kind == discriminant(&Enclosure::Item(None)))
            }
            (Enclosure::Item(_), Some(Enclosure::List), Some(Enclosure::Item(number))) => {
                self.open.len() == common && number.is_none_or(|n| n == 1)
            }
            _ => false,
        }
    }

    /// A blank line inside the frames that go on.
    fn blank(&mut self, common: usize) {
        let from = self.out.len();
        for open in &self.open[..common] {
            self.out.push_str(&open.rest);
        }
        let written = self.out[from..].trim_end().len();
        self.out.truncate(from + written);
        self.out.push('\n');
    }

    /// Leaves the frames that end and enters those that begin.
    fn enter(&mut self, frames: &[&Frame], common: usize) {
        let list = discriminant(&Enclosure::List);
        // Two lists in a row are told apart by their signs.
        let beside = self.open.get(common).filter(|o| o.kind == list).map(|o| o.other);
        self.open.truncate(common);
        for (at, frame) in frames.iter().enumerate().skip(common) {
            let in_other = self.open.last().is_some_and(|o| o.other);
            let (first, rest) = match &frame.kind {
                Enclosure::Quote => ("> ".to_owned(), "> ".to_owned()),
                Enclosure::Item(number) => {
                    let sign = match (number, in_other) {
                        (None, false) => "- ".to_owned(),
                        (None, true) => "* ".to_owned(),
                        (Some(n), other) => {
                            format!("{}{} ", n.min(&MOST_NUMBER), if other { ')' } else { '.' })
                        }
                    };
                    let rest = " ".repeat(sign.len());
                    (sign, rest)
                }
                Enclosure::Note(label) if self.references.notes.contains(&frame.id) => {
                    (format!("[^{label}]: "), "    ".to_owned())
                }
                _ => (String::new(), String::new()),
            };
            let other = frame.kind == Enclosure::List && at == common && beside == Some(false);
            self.open.push(Open {
                id: frame.id,
                kind: discriminant(&frame.kind),
                first: Some(first),
                rest,
                other,
            });
        }
    }

    fn line(&mut self, line: &str) {
        let from = self.out.len();
        for open in &mut self.open {
            match open.first.take() {
                Some(first) => self.out.push_str(&first),
                None => self.out.push_str(&open.rest),
            }
        }
        if line.is_empty() {
            let written = self.out[from..].trim_end().len();
            self.out.truncate(from + written);
        }
        self.out.push_str(line);
    }
}

fn is_table(frame: &Frame) -> bool {
    matches!(frame.kind, Enclosure::Table { .. })
}

/// Rows are filled up to so many columns; in wider tables they end with their last cell.
const FILLED_COLUMNS: usize = 16;

/// Ends a table's row; below the first one goes the rule, which says how many columns there are.
fn end_row(out: &mut String, rows: usize, filled: usize, columns: usize) {
    if rows == 0 {
        return;
    }
    let first = rows == 1;
    if first || columns <= FILLED_COLUMNS {
        out.push_str(&"  |".repeat(columns.saturating_sub(filled)));
    }
    if first {
        out.push_str("\n|");
        out.push_str(&" --- |".repeat(columns));
    }
    out.push('\n');
}

/// A fenced block of code.
fn code(block: &Block) -> String {
    if block.text.is_empty() {
        return String::new();
    }
    let fence = "`".repeat(longest_run(&block.text, '`').max(2) + 1);
    let language = block.place.language.as_deref().unwrap_or_default();
    format!("{fence}{language}\n{}\n{fence}", block.text)
}
