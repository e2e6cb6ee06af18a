//! tamis (French: a drum sieve) turns web pages, saved HTML and already-saved text into clean,
//! deduplicated text.
//!
//! The modules stand in the order a page travels through them:
//! list -> fetch -> decode -> parse -> segment -> weigh -> choose -> assemble -> describe -> dedup -> store.
#![forbid(unsafe_code)]

/// Bytes -> clean text with a reason for every removed block; pure and total.
pub mod clean;
/// The command-line program; no part of the library's interface.
#[doc(hidden)]
pub mod cli;
/// Text identity: the content id (exact) and MinHash signatures (near).
pub mod dedup;
/// URLs -> bytes, politely: robots.txt, pace per host, address guard, size and time caps.
pub mod fetch;
/// Files, folders, WARC archives and JSON lines -> one document after the other.
pub mod input;
/// One run from list to report: lock, schedule, ledger.
pub mod job;
/// One JSON value a line, for every reader.
pub mod json_lines;
/// The values handed between the stages.
pub mod record;
/// Objects under their hash, and an index of who had them; knows no HTML.
pub mod store;

/// The README's Rust is run as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
