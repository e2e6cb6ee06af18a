//! What goes into a store and what comes out, as plain values. Times that come out are ISO 8601 in UTC.

use crate::record::{Kind, Record, Verdict};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::SystemTime;

/// When a durable commit happens by itself, and how large a pack grows.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Changes after which a batch is committed; at least 1. Default 256.
    pub batch_changes: usize,
    /// Bytes of text after which a batch is committed. Default 8 MiB.
    pub batch_bytes: usize,
    /// Size from which a new pack is begun, in bytes. Default 1 GiB.
    pub pack_bytes: u64,
}

impl Default for Options {
    fn default() -> Options {
        Options { batch_changes: 256, batch_bytes: 8 << 20, pack_bytes: 1 << 30 }
    }
}

/// One look at one URL.
#[derive(Debug, Clone)]
pub struct Visit {
    /// The URL as it stands in the list (for files: the source); the key under which the next visit
    /// finds this one.
    pub url: String,
    pub seen_at: SystemTime,
    pub http_status: Option<u16>,
    /// Validators as the server sent them.
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    /// Where redirects led, if anywhere else.
    pub final_url: Option<String>,
}

impl Visit {
    /// A visit without anything HTTP: a file.
    pub fn of(url: impl Into<String>, seen_at: SystemTime) -> Visit {
        Visit {
            url: url.into(),
            seen_at,
            http_status: None,
            etag: None,
            last_modified: None,
            final_url: None,
        }
    }
}

/// What became of a record given to [`Store::add`](super::Store::add).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Added {
    /// A text the store did not have.
    New,
    /// The store has this text; `of` is the URL that had it first. This URL is recorded as one more
    /// that has it. (`of` may be this very URL, when a page goes back to an earlier text.)
    Duplicate { of: String },
    /// The URL had the same text at its last visit; only the visit's time and validators are updated.
    Unchanged,
    /// The record has no text: nothing is stored, and its `id` is `None`.
    Empty,
}

/// The last look at a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastVisit {
    /// Content id of what was there.
    pub id: String,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    /// Millisecond precision.
    pub seen_at: SystemTime,
}

/// Which documents [`list`](super::Store::list) and [`export`](super::Store::export) give; the default is all.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Language codes as in the record; empty for all.
    pub langs: Vec<String>,
    /// Sites as in the record; empty for all.
    pub sites: Vec<String>,
    /// Empty for all.
    pub kinds: Vec<Kind>,
    /// Empty for all.
    pub verdicts: Vec<Verdict>,
    /// Earliest date of the document, inclusive, `YYYY[-MM[-DD]]`; documents without a date fail it.
    pub date_from: Option<String>,
    /// Latest date of the document, inclusive to the precision given (`2024` takes all of 2024).
    pub date_to: Option<String>,
    /// Leave out documents that are nearly the same as an earlier one.
    pub skip_near_duplicates: bool,
    /// One row per URL that had the text instead of one per text.
    pub copies: bool,
}

/// One line of a listing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Listed {
    pub id: String,
    /// The URL (or source) under which the text came: the first, or with `copies` this one.
    pub url: String,
    pub site: Option<String>,
    pub title: Option<String>,
    pub date: Option<String>,
    pub lang: Option<String>,
    pub kind: Kind,
    pub verdict: Verdict,
    /// Length of the text in bytes of UTF-8.
    pub bytes: u64,
    pub words: u64,
    /// URLs that have or had this text.
    pub copies: u64,
    pub first_seen: String,
    pub duplicate_of: Option<String>,
    pub near_duplicate_of: Option<String>,
}

/// One URL that has or had a text, from when to when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Copy {
    pub url: String,
    pub first_seen: String,
    pub last_seen: String,
    /// Visits in a row that found this text.
    pub visits: u64,
}

/// Another document and how alike it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Link {
    pub id: String,
    pub url: String,
    /// Jaccard for near duplicates, containment for containment, 1 for a difference in typography only.
    pub similarity: f64,
}

/// One document with all that is known of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Shown {
    pub record: Record,
    pub copies: Vec<Copy>,
    /// The earlier document this one is nearly the same as.
    pub near_duplicate_of: Option<Link>,
    /// Later documents found nearly the same as this one.
    pub near_duplicates: Vec<Link>,
    /// Documents that lie in this one for the most part.
    pub contains: Vec<Link>,
    /// Documents in which this one lies for the most part.
    pub contained_in: Vec<Link>,
}

/// What [`export`](super::Store::export) did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exported {
    /// Rows written.
    pub rows: u64,
    /// Documents left out because their object is damaged.
    pub damaged: Vec<Problem>,
}

/// Counts over a whole store.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stats {
    /// Distinct texts.
    pub documents: u64,
    /// URLs (or sources) with a stored text.
    pub urls: u64,
    /// URLs beyond the first of each text: exact duplicates.
    pub duplicates: u64,
    /// Documents nearly the same as an earlier one.
    pub near_duplicates: u64,
    /// Documents that lie in another for the most part without being its near duplicate.
    pub contained: u64,
    /// Bytes of text, before compression.
    pub text_bytes: u64,
    pub words: u64,
    /// Bytes of the packs on disk.
    pub pack_bytes: u64,
    /// Bytes of the index on disk.
    pub index_bytes: u64,
    /// Documents per language; unknown as `und`.
    pub languages: BTreeMap<String, u64>,
    /// Documents per site; unknown as the empty string.
    pub sites: BTreeMap<String, u64>,
    pub kinds: BTreeMap<String, u64>,
    pub verdicts: BTreeMap<String, u64>,
    /// What was removed and why, where records came with it.
    pub removed: BTreeMap<String, RemovedCount>,
    pub first_seen: Option<String>,
    pub last_seen: Option<String>,
}

/// Blocks removed for one reason.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemovedCount {
    pub blocks: u64,
    pub bytes: u64,
}

/// What is wrong in a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// A pack file is not there.
    MissingPack,
    /// The index names an object that is not where it should be.
    MissingObject,
    /// An object's bytes are not those that were written.
    WrongHash,
    /// A pack holds bytes no index row names.
    ObjectWithoutRow,
    /// Bytes at the end of a pack that no commit acknowledged and no writer has yet recovered.
    TornTail,
    /// The index contradicts itself.
    Index,
}

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    pub fault: Fault,
    pub path: PathBuf,
    /// Byte offset in the file.
    pub offset: Option<u64>,
    /// Content id and URL of the document that suffers.
    pub id: Option<String>,
    pub url: Option<String>,
    pub detail: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        if let Some(offset) = self.offset {
            write!(f, " at byte {offset}")?;
        }
        let what = match self.fault {
            Fault::MissingPack => "pack missing",
            Fault::MissingObject => "object missing",
            Fault::WrongHash => "wrong hash",
            Fault::ObjectWithoutRow => "object without index row",
            Fault::TornTail => "torn tail",
            Fault::Index => "index inconsistent",
        };
        write!(f, ": {what}: {}", self.detail)?;
        if let Some(id) = &self.id {
            write!(f, " [{id}]")?;
        }
        if let Some(url) = &self.url {
            write!(f, " {url}")?;
        }
        Ok(())
    }
}
