//! `--store DIR`: cleaned records -> the store, and what became of them.

use super::exit::Fault;
use super::output::unwritable;
use super::tell;
use crate::record::{Record, Verdict};
use crate::store::{self, Added, Store, Visit};
use std::io;
use std::path::Path;
use std::time::SystemTime;

/// An open store and what went into it.
pub(super) struct Keep {
    store: Store,
    new: u64,
    unchanged: u64,
    duplicate: u64,
    skipped: u64,
}

impl Keep {
    pub(super) fn open(dir: &Path) -> Result<Keep, Fault> {
        if dir.is_file() {
            return Err(unwritable(dir, &io::ErrorKind::AlreadyExists.into()));
        }
        let store = Store::open(dir).map_err(|error| Fault::from_store(&error))?;
        Ok(Keep { store, new: 0, unchanged: 0, duplicate: 0, skipped: 0 })
    }

    /// Stores a document with a main text, certain or not; everything else is only counted.
    pub(super) fn add(&mut self, record: &mut Record) -> Result<(), Fault> {
        if !matches!(record.verdict, Verdict::Ok | Verdict::Thin) {
            self.skipped += u64::from(record.verdict != Verdict::Error);
            return Ok(());
        }
        let url = record.url.clone().unwrap_or_else(|| record.source.clone());
        match self.store.add(record, &Visit::of(url, SystemTime::now())) {
            Ok(Added::New) => self.new += 1,
            Ok(Added::Unchanged) => self.unchanged += 1,
            Ok(Added::Duplicate { .. }) => self.duplicate += 1,
            Ok(Added::Empty) => self.skipped += 1,
            Err(error @ store::Error::TooLarge { .. }) => {
                record.verdict = Verdict::Error;
                record.error = Some(error.to_string());
            }
            Err(error) => return Err(Fault::from_store(&error)),
        }
        Ok(())
    }

    /// Makes everything durable and says what was stored.
    pub(super) fn finish(mut self) -> Result<(), Fault> {
        self.store.commit().map_err(|error| Fault::from_store(&error))?;
        let Keep { new, unchanged, duplicate, skipped, .. } = self;
        tell(format_args!(
            "stored {new}, unchanged {unchanged}, duplicate {duplicate}, without main text {skipped}"
        ));
        Ok(())
    }
}
