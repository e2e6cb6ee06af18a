//! Kept blocks -> plain text or Markdown, in reading order.

use super::block::{Block, MarkKind, Shape};

/// Plain text: blocks separated by a blank line; items of one list and rows of one table by a line end,
/// cells by a tab.
pub fn text(blocks: &[&Block]) -> String {
    let mut out = String::new();
    for (at, block) in blocks.iter().enumerate() {
        if let Some(before) = at.checked_sub(1).map(|n| blocks[n]) {
            out.push_str(match joint(before, block) {
                Joint::Cell => "\t",
                Joint::Line => "\n",
                Joint::Blank => "\n\n",
            });
        }
        out.push_str(&block.text);
    }
    out
}

enum Joint {
    Cell,
    Line,
    Blank,
}

fn joint(before: &Block, after: &Block) -> Joint {
    if after.place.bytes.is_some() {
        return if after.place.blank_before { Joint::Blank } else { Joint::Line };
    }
    if let (Shape::Cell, Shape::Cell, Some(a), Some(b)) =
        (before.shape, after.shape, before.place.cell, after.place.cell)
        && a.table == b.table
    {
        return if a.row == b.row { Joint::Cell } else { Joint::Line };
    }
    let items = before.shape == Shape::ListItem && after.shape == Shape::ListItem;
    if items && after.place.opens_item { Joint::Line } else { Joint::Blank }
}

/// Markdown (CommonMark with tables).
pub fn markdown(blocks: &[&Block]) -> String {
    let mut out = String::new();
    let mut at = 0;
    while at < blocks.len() {
        let (cells, is_table) = table_at(blocks, at);
        if is_table {
            separate(&mut out, true);
            table(&mut out, &blocks[at..at + cells]);
            at += cells;
            continue;
        }
        for cell in 0..cells {
            separate(&mut out, cell == 0);
            write_block(&mut out, blocks[at + cell]);
        }
        at += cells;
        if cells > 0 {
            continue;
        }
        let block = blocks[at];
        let tight = at > 0 && matches!(joint(blocks[at - 1], block), Joint::Line);
        separate(&mut out, !tight);
        write_block(&mut out, block);
        at += 1;
    }
    out
}

fn separate(out: &mut String, blank: bool) {
    if !out.is_empty() {
        out.push_str(if blank { "\n\n" } else { "\n" });
    }
}

/// How many cells of one table follow each other from `at` on, and whether they are a table to be written
/// as one: a single column is none.
fn table_at(blocks: &[&Block], at: usize) -> (usize, bool) {
    let Some(first) = blocks[at].place.cell.filter(|_| blocks[at].shape == Shape::Cell) else {
        return (0, false);
    };
    let same = |b: &&&Block| b.shape == Shape::Cell && b.place.cell.is_some_and(|c| c.table == first.table);
    let cells = blocks[at..].iter().take_while(same).count();
    let columns = blocks[at..at + cells].iter().filter_map(|b| b.place.cell).any(|c| c.column > 0);
    (cells, columns)
}

/// Cells beyond this column join the last one of a Markdown table.
const MAX_COLUMNS: usize = 64;

fn table(out: &mut String, cells: &[&Block]) {
    let places = || cells.iter().filter_map(|b| b.place.cell);
    let columns = places().map(|c| c.column + 1).max().unwrap_or(1).min(MAX_COLUMNS);
    let mut rows: Vec<(usize, Vec<String>)> = Vec::new();
    for block in cells {
        let Some(place) = block.place.cell else { continue };
        if rows.last().is_none_or(|(row, _)| *row != place.row) {
            rows.push((place.row, vec![String::new(); columns]));
        }
        if let Some((_, row)) = rows.last_mut() {
            let cell = &mut row[place.column.min(columns - 1)];
            if !cell.is_empty() {
                cell.push(' ');
            }
            cell.push_str(&inline(block).replace('|', "\\|").replace('\n', " "));
        }
    }
    for (at, (_, row)) in rows.iter().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        out.push_str(&format!("| {} |", row.join(" | ")));
        if at == 0 {
            out.push_str(&format!("\n|{}", " --- |".repeat(columns)));
        }
    }
}

/// Quotes and lists nested deeper are shown as deep as this: every line bears its marks.
const MAX_DEPTH: usize = 8;

fn write_block(out: &mut String, block: &Block) {
    let quote = "> ".repeat(block.place.quote_depth.min(MAX_DEPTH));
    let indent = "  ".repeat(block.place.list_depth.saturating_sub(1).min(MAX_DEPTH));
    let (first, rest) = match block.shape {
        Shape::Heading(level) => (format!("{} ", "#".repeat(usize::from(level))), String::new()),
        Shape::ListItem if block.place.opens_item => match block.place.ordinal {
            Some(n) => {
                let mark = format!("{n}. ");
                let pad = " ".repeat(mark.len());
                (format!("{indent}{mark}"), format!("{indent}{pad}"))
            }
            None => (format!("{indent}- "), format!("{indent}  ")),
        },
        Shape::ListItem => (format!("{indent}  "), format!("{indent}  ")),
        _ => (String::new(), String::new()),
    };
    if block.shape == Shape::Code {
        let fence = "`".repeat(longest_run(&block.text, '`').max(2) + 1);
        for (at, line) in
            [fence.as_str()].into_iter().chain(block.text.lines()).chain([fence.as_str()]).enumerate()
        {
            if at > 0 {
                out.push('\n');
            }
            out.push_str(&quote);
            out.push_str(line);
        }
        return;
    }
    let body = inline(block);
    let heading = matches!(block.shape, Shape::Heading(_));
    for (at, line) in body.lines().enumerate() {
        match at {
            0 => {
                out.push_str(&quote);
                out.push_str(&first);
            }
            _ if heading => out.push(' '),
            _ => {
                // Two blanks and a line end are a hard line break.
                out.push_str("  \n");
                out.push_str(&quote);
                out.push_str(&rest);
            }
        }
        out.push_str(line);
    }
}

fn longest_run(text: &str, of: char) -> usize {
    text.split(|c| c != of).map(str::len).max().unwrap_or(0)
}

/// A block's text with its inline markup.
fn inline(block: &Block) -> String {
    let text = &block.text;
    // Opening and closing strings by byte position; ends before starts, inner before outer.
    let mut edges: Vec<(usize, bool, &'static str)> = Vec::new();
    // Marks come in order of their ends: one that begins before the last taken one's end overlaps it.
    let mut free = 0;
    for mark in &block.place.marks {
        let range = mark.range.start..mark.range.end.min(text.len());
        let Some(inner) = text.get(range.clone()) else { continue };
        let trimmed = inner.trim();
        if trimmed.is_empty() || range.start < free || inner.contains('\n') || inner.contains('`') {
            continue;
        }
        let start = range.start + (inner.len() - inner.trim_start().len());
        let end = start + trimmed.len();
        let sign = match mark.kind {
            MarkKind::Emphasis => "*",
            MarkKind::Strong => "**",
            MarkKind::Code => "`",
        };
        edges.push((start, true, sign));
        edges.push((end, false, sign));
        free = range.end;
    }
    edges.sort_by_key(|&(at, opens, _)| (at, opens));
    let mut out = String::with_capacity(text.len() + 16);
    let mut at = 0;
    let mut in_code = false;
    for (edge, opens, sign) in edges {
        escape(&mut out, &text[at..edge], in_code, at == 0);
        out.push_str(sign);
        if sign == "`" {
            in_code = opens;
        }
        at = edge;
    }
    escape(&mut out, &text[at..], in_code, at == 0);
    out
}

/// Writes text so that Markdown reads it as the same text.
fn escape(out: &mut String, text: &str, in_code: bool, at_start: bool) {
    if in_code {
        out.push_str(text);
        return;
    }
    let mut line_start = at_start;
    let mut number = at_start;
    for c in text.chars() {
        let special = matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '~')
            || (line_start && matches!(c, '#' | '+' | '-' | '=' | '|'))
            || (number && !line_start && matches!(c, '.' | ')'));
        if special {
            out.push('\\');
        }
        out.push(c);
        number = c == '\n' || (number && c.is_ascii_digit());
        line_start = c == '\n';
    }
}
