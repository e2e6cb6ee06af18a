//! One run from list to report: what to fetch, when, under which lock, and what became of every input.
//!
//! Knows no HTTP, no HTML and no storage format: it calls `fetch`, `clean` and `store` in order and
//! keeps the books. Prints nothing and never ends the process.

mod archive;
mod books;
/// `tamis.toml`: sources, store, schedule, politeness.
pub mod config;
mod inputs;
mod keep;
/// One line per input URL: what became of it.
pub mod ledger;
/// A kernel lock, so that two runs over one store never overlap.
pub mod lock;
pub(crate) mod place;
mod recur;
/// The counts of a run, which add up to its inputs.
pub mod report;
mod run;
/// When the next run starts.
pub mod schedule;
/// Times as they are written: RFC 3339 in UTC.
mod time;

pub use books::Fault;
pub use inputs::Source;
pub use run::{Done, Error, Event, Plan, run};
