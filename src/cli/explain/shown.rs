//! An explained document on the terminal: kept lines plain, removed ones dim behind their reason.

use super::super::html::counted;
use super::super::terminal::{COLUMNS, Style, cut, harmless, width, wrap};
use super::{Explained, facts, limit, reasons};
use crate::clean::block::Shape;
use crate::clean::explain::Piece;
use std::io::{self, Write};

/// Columns beside a fact's name.
const BESIDE: usize = COLUMNS - 12;

pub(super) fn show(explained: &Explained, style: Style, out: &mut impl Write) -> io::Result<()> {
    let Explained { record, account } = explained;
    writeln!(out, "{}", style.bold(&cut(&harmless(&record.source), COLUMNS)))?;
    for (mut name, value, from) in facts(record) {
        let value = harmless(&value);
        let from = from.map(|from| format!("({})", harmless(&from))).unwrap_or_default();
        let together = width(&value) + 2 + width(&from) <= BESIDE;
        // An id is there to be copied.
        let mut lines = if name == "id" { vec![value.clone()] } else { wrap(&value, BESIDE) };
        if together && !from.is_empty() {
            lines = vec![format!("{value}  {}", style.dim(&from))];
        } else if !from.is_empty() {
            lines.extend(wrap(&from, BESIDE).iter().map(|line| style.dim(line).into_owned()));
        }
        // Whole and beside its name, an id just fits.
        let beside = if name == "id" { 2 } else { 8 };
        for line in lines {
            writeln!(out, "  {}  {line}", style.dim(&format!("{:beside$}", std::mem::take(&mut name))))?;
        }
    }
    let legend = format!("- [reason, how likely it is main text]; {}", limit(account));
    writeln!(out)?;
    for line in wrap(&legend, COLUMNS) {
        writeln!(out, "{}", style.dim(&line))?;
    }
    writeln!(out)?;
    for piece in &account.pieces {
        lines(piece, style, out)?;
    }
    let removed = account.pieces.iter().filter(|piece| !piece.is_kept()).count();
    let kept = account.pieces.len() - removed;
    let words = record.text.split_whitespace().count();
    let [kept, removed] = [kept, removed].map(|n| counted(n as u64, "block"));
    let counts = format!("kept {kept} ({}), removed {removed}", counted(words as u64, "word"));
    writeln!(out, "\n{}", style.bold(&counts))?;
    for (reason, count) in reasons(account) {
        writeln!(out, "  {count:5}  {reason}")?;
    }
    Ok(())
}

fn lines(piece: &Piece, style: Style, out: &mut impl Write) -> io::Result<()> {
    let text = harmless(&piece.text);
    let mut sign = match &piece.reason {
        None => String::new(),
        Some(reason) => match piece.chance {
            Some(chance) => format!("[{reason} {chance:.2}] "),
            None => format!("[{reason}] "),
        },
    };
    let mut first = true;
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let line = format!("{}{line}", std::mem::take(&mut sign));
        for line in wrap(&line, COLUMNS - 2) {
            let begins = std::mem::take(&mut first);
            match (piece.is_kept(), piece.shape) {
                (false, _) => {
                    let sign = if begins { '-' } else { ' ' };
                    writeln!(out, "{}", style.dim(&format!("{sign} {line}")))?;
                }
                (true, Shape::Heading(_)) => writeln!(out, "  {}", style.bold(&line))?,
                (true, _) => writeln!(out, "  {line}")?,
            }
        }
    }
    Ok(())
}
