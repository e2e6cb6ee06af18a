//! Clean text under its content id, and an index of who had it, when. Knows no HTML and no network.

mod error;
mod model;

pub use error::Error;
pub use model::{
    Added, Copy, Exported, Fault, Filter, LastVisit, Link, Listed, Options, Problem, RemovedCount, Shown,
    Stats, Visit,
};

use crate::record::Record;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::Path;

/// A store in one directory, opened for writing (one process at a time) or for reading.
#[derive(Debug)]
pub struct Store {}

#[allow(unused_variables, clippy::missing_errors_doc)]
impl Store {
    /// Opens a store for writing, making it where there is none.
    pub fn open(dir: &Path) -> Result<Store, Error> {
        unimplemented!()
    }
    /// [`open`](Store::open) with other sizes than the default.
    pub fn open_with(dir: &Path, options: &Options) -> Result<Store, Error> {
        unimplemented!()
    }
    /// Opens a store for reading, also while another process writes to it.
    pub fn open_existing(dir: &Path) -> Result<Store, Error> {
        unimplemented!()
    }
    /// Adds a record; sets its `id`, `duplicate_of` and `near_duplicate_of`. Durable after the next commit.
    pub fn add(&mut self, record: &mut Record, visit: &Visit) -> Result<Added, Error> {
        unimplemented!()
    }
    /// Notes that a URL still has what it had (HTTP 304).
    pub fn touch(&mut self, url: &str, visit: &Visit) -> Result<(), Error> {
        unimplemented!()
    }
    /// Makes all that was added durable.
    pub fn commit(&mut self) -> Result<(), Error> {
        unimplemented!()
    }
    /// Changes that are not durable yet; 0 right after a commit, also an automatic one.
    pub fn pending(&self) -> usize {
        unimplemented!()
    }
    /// The last look at a URL, or `None`.
    pub fn last_visit(&self, url: &str) -> Result<Option<LastVisit>, Error> {
        unimplemented!()
    }
    /// Gives each document (or copy) to `each`, in the order of storing, until it breaks.
    pub fn list(&self, filter: &Filter, each: impl FnMut(Listed) -> ControlFlow<()>) -> Result<(), Error> {
        unimplemented!()
    }
    /// One document by its id or a unique beginning of it, with or without `sha256:`.
    pub fn show(&self, id: &str) -> Result<Shown, Error> {
        unimplemented!()
    }
    /// Writes records as JSON lines, in the order of storing.
    pub fn export(&self, filter: &Filter, out: impl Write) -> Result<Exported, Error> {
        unimplemented!()
    }
    /// Counts over the whole store.
    pub fn stats(&self) -> Result<Stats, Error> {
        unimplemented!()
    }
    /// Reads everything again and names what is wrong; empty when all is well.
    pub fn verify(&self) -> Result<Vec<Problem>, Error> {
        unimplemented!()
    }
}
