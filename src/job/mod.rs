//! One run from list to report: what to fetch, when, under which lock, and what became of every input.
//!
//! Knows no HTTP, no HTML and no storage format: it calls `fetch`, `clean` and `store` in order and
//! keeps the books. Prints nothing and never ends the process.

/// `tamis.toml`: sources, store, schedule, politeness.
pub mod config;
/// One line per input URL: what became of it.
pub mod ledger;
/// A kernel lock, so that two runs over one store never overlap.
pub mod lock;
/// The counts of a run, which add up to its inputs.
pub mod report;
/// When the next run starts.
pub mod schedule;
/// Asking a run to stop, and being asked.
pub mod stop;
