//! Clean text under its content id, and an index of who had it, when. Knows no HTML and no network.
//!
//! # Layout
//! ```text
//! DIR/packs/000001.pack   append-only: every text and record, compressed, each with its length and hash
//! DIR/index.db            SQLite: where each text lies, who had it, what is like it; views for people
//! DIR/lock                held by the one writer
//! ```
//! The packs are the truth. A commit makes the pack durable first and the index after it, so a kill or
//! a power cut at any moment loses nothing that was committed; what a pack holds beyond the index is
//! taken in or cut the next time the store is opened. An index that is deleted is rebuilt from the packs.
//!
//! # Duplicates
//! A text is stored once; every URL that has or had it is kept. A text nearly the same as an earlier
//! one is stored and linked to the one document it was compared with (never to that one's likes).

mod entry;
mod error;
mod index;
mod lock;
mod model;
mod pack;
mod query;
mod recover;
mod rows;
mod show;
mod verify;
mod write;

pub use error::Error;
pub use model::{
    Added, Copy, Exported, Fault, Filter, LastVisit, Link, Listed, Options, Problem, RemovedCount, Shown,
    Stats, Visit,
};

use crate::dedup::exact;
use crate::record::Record;
use index::Index;
use lock::Lock;
use pack::{Packs, Sealer};
use std::fs;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use write::Writer;

/// A store in one directory, opened for writing (one process at a time) or for reading.
///
/// Dropping a store drops what was added since the last commit.
#[derive(Debug)]
pub struct Store {
    dir: PathBuf,
    index: Index,
    packs: Packs,
    writer: Option<Writer>,
}

impl Store {
    /// Opens a store for writing, making it where there is none, and recovers from an earlier kill.
    ///
    /// # Errors
    /// [`Error::Locked`] while another process writes; [`Error::Newer`], [`Error::Corrupt`],
    /// [`Error::Full`], [`Error::Unwritable`].
    pub fn open(dir: &Path) -> Result<Store, Error> {
        Store::open_with(dir, &Options::default())
    }

    /// [`open`](Store::open) with other sizes than the default.
    ///
    /// # Errors
    /// As [`open`](Store::open).
    pub fn open_with(dir: &Path, options: &Options) -> Result<Store, Error> {
        fs::create_dir_all(dir.join("packs")).map_err(|error| Error::io(dir, &error))?;
        let dir = fs::canonicalize(dir).map_err(|error| Error::io(dir, &error))?;
        let lock = Lock::take(&dir.join("lock"))?;
        let packs = Packs::new(dir.join("packs"));
        recover::check_versions(packs.folder())?;
        let index = Index::open(&dir.join("index.db"))?;
        pack::sync_folder(&dir).map_err(|error| Error::io(&dir, &error))?;
        recover::recover(&index, packs.folder())?;
        let sealer = Sealer::new().map_err(|error| Error::io(&dir, &error))?;
        Ok(Store { dir, index, packs, writer: Some(Writer::new(*options, sealer, lock)) })
    }

    /// Opens a store for reading, also while another process writes to it. Where a writer was killed
    /// and none has run since, this first recovers as [`open`](Store::open) does.
    ///
    /// # Errors
    /// [`Error::Missing`] where there is no store; otherwise as [`open`](Store::open), but never
    /// [`Error::Locked`] unless the index must be rebuilt first.
    pub fn open_existing(dir: &Path) -> Result<Store, Error> {
        let missing = || Error::Missing { dir: dir.to_owned() };
        let found = fs::canonicalize(dir).map_err(|_| missing())?;
        let packs = Packs::new(found.join("packs"));
        let path = found.join("index.db");
        if !path.exists() {
            match pack::pack_numbers(packs.folder()) {
                Ok(numbers) if !numbers.is_empty() => drop(Store::open(&found)?),
                _ => return Err(missing()),
            }
        }
        recover::check_versions(packs.folder())?;
        let index = Index::open_reader(&path)?;
        // Whoever holds the lock is writing what looks like a tail; where nothing can be written,
        // `verify` names it.
        if recover::is_needed(&index, packs.folder())? {
            match Store::open(&found) {
                Ok(_) | Err(Error::Locked { .. } | Error::Unwritable { .. } | Error::Full { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Store { dir: found, index, packs, writer: None })
    }

    /// The store's directory, absolute.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Adds a record. Brings its text to the normal form and sets its `id`, `duplicate_of` and
    /// `near_duplicate_of`. Durable after the next commit, which comes by itself after
    /// [`Options::batch_changes`] changes or [`Options::batch_bytes`] bytes; see [`pending`](Store::pending).
    ///
    /// # Errors
    /// [`Error::TooLarge`] leaves the batch as it was. [`Error::Full`] does so where the pack had no
    /// room: while [`pending`](Store::pending) is not 0, what was added before can still be committed.
    /// After other errors the batch is dropped and the store takes nothing more until it is opened again.
    pub fn add(&mut self, record: &mut Record, visit: &Visit) -> Result<Added, Error> {
        self.add_record(record, visit)
    }

    /// Notes that a URL still has what it had (HTTP 304). Validators the answer did not repeat are kept.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a URL that was never stored; else as [`add`](Store::add).
    pub fn touch(&mut self, url: &str, visit: &Visit) -> Result<(), Error> {
        self.touch_url(url, visit)
    }

    /// Makes all that was added before durable: pack first, index second, one sync each.
    ///
    /// # Errors
    /// After an error nothing since the last commit is kept, and the store must be opened again.
    pub fn commit(&mut self) -> Result<(), Error> {
        self.commit_batch()
    }

    /// Changes that are not durable yet; 0 right after a commit, also one that came by itself.
    pub fn pending(&self) -> usize {
        self.writer.as_ref().map_or(0, Writer::pending)
    }

    /// The last look at a URL, or `None` where it was never stored. Sees what is not committed yet.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn last_visit(&self, url: &str) -> Result<Option<LastVisit>, Error> {
        Ok(self.index.last_seen(url)?.map(|last| LastVisit {
            id: exact::format_id(&last.hash),
            etag: last.etag,
            last_modified: last.last_modified,
            seen_at: entry::from_millis(last.seen_at),
        }))
    }

    /// Gives each document (or copy) to `each`, in the order of storing, until it breaks.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn list(&self, filter: &Filter, each: impl FnMut(Listed) -> ControlFlow<()>) -> Result<(), Error> {
        self.list_rows(filter, each)
    }

    /// One document by its id or a unique beginning of it (4 digits at least), with or without `sha256:`.
    ///
    /// # Errors
    /// [`Error::BadId`], [`Error::NotFound`], [`Error::Ambiguous`]; [`Error::Corrupt`] where the object
    /// is damaged.
    pub fn show(&self, id: &str) -> Result<Shown, Error> {
        self.show_document(id)
    }

    /// Writes records as JSON lines, in the order of storing. A damaged object is left out and named
    /// in the result.
    ///
    /// # Errors
    /// [`Error::Output`] where `out` fails; otherwise when the index cannot be read.
    pub fn export(&self, filter: &Filter, out: impl Write) -> Result<Exported, Error> {
        self.export_records(filter, out)
    }

    /// Gives each record to `each`, whole, in the order of storing. A damaged object is left out and named in the
    /// result.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn records(&self, filter: &Filter, mut each: impl FnMut(Record)) -> Result<Exported, Error> {
        self.each_record(filter, |record| {
            each(record);
            Ok(())
        })
    }

    /// Counts over the whole store.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn stats(&self) -> Result<Stats, Error> {
        self.count()
    }

    /// Reads and hashes everything again and names what is wrong; empty when all is well.
    ///
    /// # Errors
    /// When the index cannot be read at all; what else is wrong is in the result.
    pub fn verify(&self) -> Result<Vec<Problem>, Error> {
        self.check_all()
    }
}
