//! The program as a black box: arguments and files in, bytes and exit codes out.

mod any_bytes;
mod archives;
mod compare;
mod explain;
mod formats;
mod inputs;
mod memory;
mod program;
mod repairs;
mod report;
mod stopping;
mod store;
mod usage;
