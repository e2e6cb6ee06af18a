//! Adding: is the text known, what is it like, where does it go; and the commit that makes it last.
//!
//! A batch is one open SQLite transaction beside frames already written to the pack, so lookups see
//! what the batch holds. A commit first makes the pack durable, then the transaction.

use super::entry::{self, Entry, Relation, Seen, Standing};
use super::lock::Lock;
use super::pack::{self, Appender, MAX_RAW, PACK_HEADER, Place, Sealer};
use super::recover;
use super::rows::Traits;
use super::{Added, Error, Options, Store, Visit};
use crate::dedup::exact;
use crate::dedup::near::{self, Shingles};
use crate::record::Record;
use std::borrow::Cow;
use std::fs;
use std::path::Path;

/// Texts read and compared per new document.
const COMPARISONS: usize = 16;

/// What a store has only while it is open for writing.
#[derive(Debug)]
pub(super) struct Writer {
    options: Options,
    sealer: Sealer,
    appender: Option<Appender>,
    /// End of the pack at the last commit.
    committed: u64,
    changes: usize,
    bytes: usize,
    /// A commit failed: what the pack or the index hold is only known again after opening anew.
    failed: bool,
    _lock: Lock,
}

impl Writer {
    pub(super) fn new(options: Options, sealer: Sealer, lock: Lock) -> Writer {
        Writer {
            options,
            sealer,
            appender: None,
            committed: PACK_HEADER,
            changes: 0,
            bytes: 0,
            failed: false,
            _lock: lock,
        }
    }

    pub(super) fn pending(&self) -> usize {
        self.changes
    }
}

impl Store {
    pub(super) fn add_record(&mut self, record: &mut Record, visit: &Visit) -> Result<Added, Error> {
        record.id = None;
        record.duplicate_of = None;
        record.near_duplicate_of = None;
        if let Cow::Owned(normal) = exact::normal_form(&record.text) {
            record.text = normal;
        }
        if record.text.is_empty() {
            return Ok(Added::Empty);
        }
        self.begin()?;
        let added = self.add_text(record, visit);
        self.settle(added, record.text.len())
    }

    fn add_text(&mut self, record: &mut Record, visit: &Visit) -> Result<Added, Error> {
        let hash = exact::content_hash(&record.text);
        let id = exact::format_id(&hash);
        record.id = Some(id);
        let last = self.index.last_seen(&visit.url)?;
        let seen = Seen::of(visit);
        let known = self.index.doc_by_hash(&hash)?;
        let added = match (known, last) {
            (None, _) => {
                self.add_document(record, seen, hash)?;
                return Ok(Added::New);
            }
            (Some(doc), Some(last)) if last.doc == doc => {
                self.index.seen_again(&last, &seen, false)?;
                (doc, Added::Unchanged)
            }
            (Some(doc), _) => {
                let entry = Entry { record: without_text(record, true), visit: seen, relations: Vec::new() };
                let place = self.append(entry::COPY, &entry, "")?;
                self.index.insert_copy(place, &entry, doc)?;
                (doc, Added::Duplicate { of: self.index.first_url(doc)? })
            }
        };
        let (doc, added) = added;
        let first = self.index.first_url(doc)?;
        record.duplicate_of = Some(first).filter(|first| *first != visit.url);
        record.near_duplicate_of = self.index.near_of(doc)?.map(|hash| exact::format_id(&hash));
        Ok(added)
    }

    fn add_document(&mut self, record: &mut Record, seen: Seen, hash: [u8; 32]) -> Result<(), Error> {
        let shingles = Shingles::of(&record.text);
        let folded = exact::folded_key(&record.text);
        let relations = self.relations(&shingles, folded.as_ref())?;
        let near = relations.iter().find(|relation| relation.kind == Standing::Near);
        let near = near.map(|relation| relation.id.clone());
        let entry = Entry { record: without_text(record, false), visit: seen, relations };
        let place = self.append(entry::DOCUMENT, &entry, &record.text)?;
        let bands = recover::bands(&shingles, &entry);
        let traits = Traits { hash, folded, text: &record.text, words: shingles.words(), bands };
        self.index.insert_document(place, &entry, &traits)?;
        record.near_duplicate_of = near;
        Ok(())
    }

    /// How a new text stands to those the store has: at most one `near`, any number of containments.
    fn relations(&self, shingles: &Shingles, folded: Option<&[u8; 16]>) -> Result<Vec<Relation>, Error> {
        if let Some(folded) = folded
            && let Some(hash) = self.index.doc_by_folded(folded)?
        {
            let id = exact::format_id(&hash);
            return Ok(vec![Relation { kind: Standing::Near, id, similarity: 1.0 }]);
        }
        let Some(signature) = shingles.signature() else {
            return Ok(Vec::new());
        };
        let mut near: Option<Relation> = None;
        let mut relations = Vec::new();
        for (hash, place) in self.index.candidates(&signature.bands(), COMPARISONS)? {
            // A damaged candidate is for `verify` to name; it is no reason to refuse this text.
            let Ok(frame) = self.packs.read(place) else {
                continue;
            };
            let Some((_, text)) = entry::decode(&frame) else {
                continue;
            };
            let other = Shingles::of(text);
            let (id, jaccard) = (exact::format_id(&hash), shingles.jaccard(&other));
            let containment = shingles.containment(&other);
            if jaccard >= near::NEAR_JACCARD {
                if near.as_ref().is_none_or(|best| best.similarity < jaccard) {
                    near = Some(Relation { kind: Standing::Near, id, similarity: jaccard });
                }
            } else if containment >= near::CONTAINED {
                let larger = shingles.len() >= other.len();
                let kind = if larger { Standing::Contains } else { Standing::ContainedIn };
                relations.push(Relation { kind, id, similarity: containment });
            }
        }
        relations.extend(near);
        Ok(relations)
    }

    pub(super) fn touch_url(&mut self, url: &str, visit: &Visit) -> Result<(), Error> {
        self.begin()?;
        let touched = match self.index.last_seen(url) {
            Ok(Some(last)) => self.index.seen_again(&last, &Seen::of(visit), true),
            Ok(None) => Err(Error::NotFound { dir: self.dir.clone(), name: url.to_owned() }),
            Err(error) => Err(error),
        };
        self.settle(touched, 0)
    }

    /// Counts a change that succeeded, and commits where the batch is full.
    fn settle<T>(&mut self, result: Result<T, Error>, bytes: usize) -> Result<T, Error> {
        match result {
            Ok(value) => {
                let writer = self.writer()?;
                writer.changes += 1;
                writer.bytes += bytes;
                let full = writer.changes >= writer.options.batch_changes
                    || writer.bytes >= writer.options.batch_bytes;
                if full {
                    self.commit_batch()?;
                }
                Ok(value)
            }
            Err(error) => {
                // A frame that could not be written, or was not asked for, leaves the batch as it was;
                // rows that could not may be written in part.
                let untouched = match &error {
                    Error::NotFound { .. } | Error::TooLarge { .. } => true,
                    Error::Full { path, .. } | Error::Unwritable { path, .. } => *path != self.index.path,
                    _ => false,
                };
                if !untouched || self.index.conn.is_autocommit() {
                    self.abandon();
                }
                Err(error)
            }
        }
    }

    fn writer(&mut self) -> Result<&mut Writer, Error> {
        let unusable = |cause: &str| Error::Unwritable { path: self.dir.clone(), cause: cause.to_owned() };
        match &mut self.writer {
            None => Err(unusable("it was opened for reading")),
            Some(writer) if writer.failed => Err(unusable(
                "an earlier write failed and what followed the last commit was dropped; open the store again",
            )),
            Some(writer) => Ok(writer),
        }
    }

    /// Opens a batch where none is open.
    fn begin(&mut self) -> Result<(), Error> {
        let folder = self.packs.folder().to_owned();
        let writer = self.writer()?;
        if writer.appender.is_none() {
            let limit = writer.options.pack_bytes;
            let appender = next_pack(&self.index.packs()?, &folder, limit)?;
            // Committed by itself, so that a pack without a row never holds anything.
            self.index.set_pack(appender.pack, appender.end)?;
            let writer = self.writer()?;
            writer.committed = appender.end;
            writer.appender = Some(appender);
        }
        if self.index.conn.is_autocommit() { self.index.begin() } else { Ok(()) }
    }

    fn append(&mut self, kind: u8, entry: &Entry, text: &str) -> Result<Place, Error> {
        let unwritable = |cause: String| Error::Unwritable { path: self.dir.clone(), cause };
        let raw = entry::encode(entry, text).map_err(|error| unwritable(error.to_string()))?;
        if raw.len() > MAX_RAW {
            let (url, bytes) = (entry.visit.url.clone(), raw.len());
            return Err(Error::TooLarge { url, bytes, limit: MAX_RAW });
        }
        let writer = self.writer()?;
        let Some(appender) = &mut writer.appender else {
            return Err(Error::Unwritable { path: self.dir.clone(), cause: "no pack is open".to_owned() });
        };
        let frame = writer.sealer.seal(kind, &raw).map_err(|error| Error::io(&appender.path, &error))?;
        appender.append(&frame).map_err(|error| Error::io(&appender.path, &error))
    }

    pub(super) fn commit_batch(&mut self) -> Result<(), Error> {
        if self.index.conn.is_autocommit() {
            return self.writer().map(drop);
        }
        let durable = self.make_durable();
        if durable.is_err() {
            self.abandon();
        }
        durable
    }

    fn make_durable(&mut self) -> Result<(), Error> {
        let writer = self.writer()?;
        let mut grown = None;
        if let Some(appender) = &writer.appender
            && appender.end > writer.committed
        {
            // The pack first: an index row must never name bytes that are not on the disk.
            appender.sync().map_err(|error| Error::io(&appender.path, &error))?;
            grown = Some((appender.pack, appender.end));
        }
        if let Some((pack, end)) = grown {
            self.index.set_pack(pack, end)?;
        }
        self.index.commit()?;
        let writer = self.writer()?;
        (writer.changes, writer.bytes) = (0, 0);
        if let Some((_, end)) = grown {
            writer.committed = end;
            if end >= writer.options.pack_bytes {
                writer.appender = None;
            }
        }
        Ok(())
    }

    /// Goes back to the last commit and writes no more: after a failed fsync nobody knows what the
    /// disk holds until the store is opened again.
    fn abandon(&mut self) {
        self.index.rollback();
        if let Some(writer) = &mut self.writer {
            let committed = writer.committed;
            if let Some(appender) = &mut writer.appender {
                appender.cut(committed);
            }
            (writer.changes, writer.bytes, writer.failed) = (0, 0, true);
        }
    }
}

/// The last pack where it is whole and has room, else a new one.
fn next_pack(
    known: &std::collections::BTreeMap<u32, u64>,
    packs: &Path,
    limit: u64,
) -> Result<Appender, Error> {
    let files = pack::pack_numbers(packs).map_err(|error| Error::io(packs, &error))?;
    let last = known.keys().chain(&files).max().copied().unwrap_or(0);
    if let Some(&bytes) = known.get(&last) {
        let path = pack::pack_path(packs, last);
        let whole = fs::metadata(&path).is_ok_and(|file| file.len() == bytes && bytes >= PACK_HEADER)
            && matches!(pack::pack_version(&path), Ok(Some(pack::PACK_VERSION)));
        if whole && bytes < limit {
            return Appender::resume(packs, last, bytes).map_err(|error| Error::io(&path, &error));
        }
    }
    let next = last.saturating_add(1);
    Appender::create(packs, next).map_err(|error| Error::io(&pack::pack_path(packs, next), &error))
}

/// A record as it is kept: the text lies beside it; what the store finds out lies in the index.
fn without_text(record: &Record, copy: bool) -> Record {
    Record {
        text: String::new(),
        duplicate_of: None,
        near_duplicate_of: None,
        markdown: record.markdown.clone().filter(|_| !copy),
        removed: record.removed.clone().filter(|_| !copy),
        repairs: record.repairs.clone(),
        repaired: if copy { Vec::new() } else { record.repaired.clone() },
        source: record.source.clone(),
        id: record.id.clone(),
        url: record.url.clone(),
        site: record.site.clone(),
        title: record.title.clone(),
        author: record.author.clone(),
        date: record.date.clone(),
        modified: record.modified.clone(),
        canonical: record.canonical.clone(),
        description: record.description.clone(),
        tags: record.tags.clone(),
        license: record.license.clone(),
        image: record.image.clone(),
        lang: record.lang.clone(),
        lang_confidence: record.lang_confidence,
        confidence: record.confidence,
        kind: record.kind,
        verdict: record.verdict,
        evidence: record.evidence.clone(),
        error: record.error.clone(),
    }
}
