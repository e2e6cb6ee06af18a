//! Brings the index up to the packs when a store is opened: whole objects beyond the last commit are
//! taken in, a torn tail is cut, packs the index does not know at all (it was lost) are read from the start.

use super::Error;
use super::entry::{self, Entry};
use super::index::{Index, hash_of};
use super::pack::{self, PACK_HEADER, Place, Unread};
use super::rows::Traits;
use crate::dedup::{exact, near};
use std::fs::{self, File, OpenOptions};
use std::path::Path;

/// Whether a pack holds more than the index knows.
pub(super) fn is_needed(index: &Index, packs: &Path) -> Result<bool, Error> {
    let known = index.packs()?;
    for pack in pack::pack_numbers(packs).map_err(|e| Error::io(packs, &e))? {
        let path = pack::pack_path(packs, pack);
        let len = fs::metadata(&path).map_err(|e| Error::io(&path, &e))?.len();
        if known.get(&pack).is_none_or(|known| *known < len) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Refuses packs of a newer format.
pub(super) fn check_versions(packs: &Path) -> Result<(), Error> {
    for pack in pack::pack_numbers(packs).map_err(|e| Error::io(packs, &e))? {
        let path = pack::pack_path(packs, pack);
        let version = pack::pack_version(&path).map_err(|e| Error::io(&path, &e))?;
        // A damaged header is for `verify` to name; the frames behind it carry their own checks.
        if let Some(found) = version.filter(|version| *version > pack::PACK_VERSION) {
            let (found, known) = (u32::from(found), u32::from(pack::PACK_VERSION));
            return Err(Error::Newer { path, what: "pack format", found, known });
        }
    }
    Ok(())
}

/// Takes in or cuts what lies beyond the index. The caller holds the writer's lock.
pub(super) fn recover(index: &Index, packs: &Path) -> Result<(), Error> {
    let known = index.packs()?;
    for pack in pack::pack_numbers(packs).map_err(|e| Error::io(packs, &e))? {
        let path = pack::pack_path(packs, pack);
        let wrong = |error| Error::io(&path, &error);
        let len = fs::metadata(&path).map_err(wrong)?.len();
        match known.get(&pack) {
            Some(known) if *known >= len => {}
            Some(known) => {
                let file = OpenOptions::new().read(true).write(true).open(&path).map_err(wrong)?;
                Replay { index, pack, path: &path, file, len }.tail(*known)?;
            }
            // Killed while the pack was being made.
            None if len <= PACK_HEADER => {
                fs::remove_file(&path).and_then(|()| pack::sync_folder(packs)).map_err(wrong)?;
            }
            None => {
                let file = File::open(&path).map_err(wrong)?;
                Replay { index, pack, path: &path, file, len }.whole()?;
            }
        }
    }
    Ok(())
}

struct Replay<'a> {
    index: &'a Index,
    pack: u32,
    path: &'a Path,
    file: File,
    len: u64,
}

impl Replay<'_> {
    /// Bytes after `from` were never acknowledged: the first that is not whole ends them.
    fn tail(mut self, from: u64) -> Result<(), Error> {
        self.index.begin()?;
        let mut end = from;
        while let Some(length) = self.take_in(end)? {
            end += length;
        }
        let wrong = |error| Error::io(self.path, &error);
        if end < self.len {
            self.file.set_len(end).map_err(wrong)?;
        }
        self.file.sync_data().map_err(wrong)?;
        self.index.set_pack(self.pack, end)?;
        self.index.commit()
    }

    /// The index was lost, so every byte may have been acknowledged: skip damage, cut nothing.
    fn whole(mut self) -> Result<(), Error> {
        // One transaction: a pack that is half indexed would be taken for one with a torn tail.
        self.index.begin()?;
        self.index.set_pack(self.pack, self.len)?;
        let mut at = PACK_HEADER;
        loop {
            if let Some(length) = self.take_in(at)? {
                at += length;
                continue;
            }
            match pack::find_magic(&mut self.file, self.len, at + 1) {
                Ok(Some(next)) => at = next,
                Ok(None) => break,
                Err(error) => return Err(Error::io(self.path, &error)),
            }
        }
        self.index.commit()
    }

    /// Indexes the frame at `at` and gives its length; `None` where none is whole.
    fn take_in(&mut self, at: u64) -> Result<Option<u64>, Error> {
        let frame = match pack::read_frame(&mut self.file, self.len, at) {
            Ok(frame) => frame,
            Err(Unread::Io(error)) => return Err(Error::io(self.path, &error)),
            Err(_) => return Ok(None),
        };
        let Some((entry, text)) = entry::decode(&frame) else {
            return Ok(None);
        };
        let place = Place { pack: self.pack, offset: at, length: frame.length };
        let Some(hash) = entry.record.id.as_deref().and_then(hash_of) else {
            return Ok(None);
        };
        match (frame.kind, self.index.doc_by_hash(&hash)?) {
            (entry::DOCUMENT, None) => {
                if exact::content_hash(text) != hash {
                    return Ok(None);
                }
                let traits = traits(text, hash, &entry);
                self.index.insert_document(place, &entry, &traits)?;
            }
            (entry::DOCUMENT | entry::COPY, Some(doc)) => self.index.insert_copy(place, &entry, doc)?,
            // A copy whose document is damaged has nothing to be a copy of.
            (entry::COPY, None) => {}
            _ => return Ok(None),
        }
        Ok(Some(frame.length))
    }
}

fn traits<'a>(text: &'a str, hash: [u8; 32], entry: &Entry) -> Traits<'a> {
    let shingles = near::Shingles::of(text);
    Traits {
        hash,
        folded: exact::folded_key(text),
        text,
        words: shingles.words(),
        bands: bands(&shingles, entry),
    }
}

/// Bands only for documents that are nobody's near duplicate: those are the ones compared with.
pub(super) fn bands(shingles: &near::Shingles, entry: &Entry) -> Option<[u64; near::BANDS]> {
    let is_near = entry.relations.iter().any(|relation| relation.kind == entry::Standing::Near);
    shingles.signature().filter(|_| !is_near).map(|signature| signature.bands())
}
