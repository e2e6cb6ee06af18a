//! The books of a run: a line enters the ledger and the report only once it is true on disk.

use std::fmt;
use std::io;
use std::path::PathBuf;

use super::ledger::{Ledger, Line, State};
use super::report::Report;
use crate::store;

/// What ended a run early: the store or the books could not be written.
#[derive(Debug)]
pub enum Fault {
    /// The store is full, damaged or unwritable.
    Store(store::Error),
    /// The ledger, the report or the archive cannot be written.
    Write { path: PathBuf, source: io::Error },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Store(error) => error.fmt(f),
            Fault::Write { path, source } => write!(
                f,
                "{}: cannot be written ({source}); check the disk and the permissions, then run again",
                path.display()
            ),
        }
    }
}

impl std::error::Error for Fault {}

/// Counts and lines, with those held back whose store transaction is still open.
#[derive(Debug)]
pub(super) struct Books {
    report: Report,
    ledger: Ledger,
    ledger_path: PathBuf,
    held: Vec<Line>,
}

impl Books {
    pub(super) fn open(started: String, ledger_path: Option<PathBuf>) -> Result<Self, Fault> {
        let ledger = Ledger::create(ledger_path.as_deref());
        let ledger_path = ledger_path.unwrap_or_default();
        match ledger {
            Ok(ledger) => Ok(Self { report: Report::begun(started), ledger, ledger_path, held: Vec::new() }),
            Err(source) => Err(Fault::Write { path: ledger_path, source }),
        }
    }

    /// Enters a line that needs nothing of the store.
    pub(super) fn enter(&mut self, line: &Line) -> Result<(), Fault> {
        self.report.count(line);
        self.ledger.write(line).map_err(|source| Fault::Write { path: self.ledger_path.clone(), source })
    }

    /// Keeps a line until the store has committed what it says.
    pub(super) fn hold(&mut self, line: Line) {
        self.held.push(line);
    }

    pub(super) fn held(&self) -> usize {
        self.held.len()
    }

    /// Enters the held lines: their commit succeeded.
    pub(super) fn settle(&mut self, told: &mut dyn FnMut(&Line)) -> Result<(), Fault> {
        for line in std::mem::take(&mut self.held) {
            told(&line);
            self.enter(&line)?;
        }
        self.flush()
    }

    /// Enters the held lines as failed: their commit did not succeed.
    pub(super) fn fail(&mut self, why: &Fault, told: &mut dyn FnMut(&Line)) {
        for mut line in std::mem::take(&mut self.held) {
            line.state = State::Failed { class: "store".to_owned() };
            line.detail = Some(why.to_string());
            told(&line);
            // The run ends with `why` anyhow; a ledger on the same full disk adds nothing to that.
            let _ = self.enter(&line);
        }
    }

    fn flush(&mut self) -> Result<(), Fault> {
        self.ledger.flush().map_err(|source| Fault::Write { path: self.ledger_path.clone(), source })
    }

    /// Closes the books.
    pub(super) fn close(mut self) -> (Report, Result<(), Fault>) {
        let flushed = self.flush();
        (self.report, flushed)
    }
}
