//! The index's rows: pages, documents, visits, bands, relations. Finds and writes them; decides nothing.

use super::Error;
use super::entry::{Entry, Relation, Seen, Standing};
use super::index::{Index, hash_of, name_of, place, signed, unsigned};
use super::pack::Place;
use crate::dedup::near;
use crate::record::counted_reason;
use rusqlite::params;
use std::collections::BTreeMap;

/// Documents looked at, and kept, per band: a band shared by more is a template, not a resemblance.
const BUCKET: usize = 64;

/// The last visit of a page, as stored.
#[derive(Debug)]
pub(super) struct LastSeen {
    pub page: i64,
    pub visit: i64,
    pub doc: i64,
    pub hash: [u8; 32],
    pub seen_at: i64,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
}

/// What the text itself tells of a new document.
#[derive(Debug)]
pub(super) struct Traits<'a> {
    pub hash: [u8; 32],
    pub folded: Option<[u8; 16]>,
    pub text: &'a str,
    pub words: usize,
    /// Set for documents that others may be found near to.
    pub bands: Option<[u64; near::BANDS]>,
}

impl Index {
    /// Up to where each pack is indexed.
    pub(super) fn packs(&self) -> Result<BTreeMap<u32, u64>, Error> {
        let read = || {
            let mut statement = self.conn.prepare_cached("SELECT pack, bytes FROM pack")?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, unsigned(row, 1)?)))?;
            rows.collect()
        };
        self.sql(read())
    }

    pub(super) fn set_pack(&self, pack: u32, bytes: u64) -> Result<(), Error> {
        let sql = "INSERT INTO pack VALUES (?1, ?2) ON CONFLICT DO UPDATE SET bytes = excluded.bytes";
        self.execute(sql, params![pack, signed(bytes)]).map(drop)
    }

    pub(super) fn last_seen(&self, url: &str) -> Result<Option<LastSeen>, Error> {
        let sql = "SELECT p.page, p.visit, v.doc, d.hash, p.seen_at, p.etag, p.last_modified FROM page p \
                   JOIN visit v ON v.visit = p.visit JOIN document d ON d.doc = v.doc WHERE p.url = ?1";
        self.find(sql, params![url], |row| {
            Ok(LastSeen {
                page: row.get(0)?,
                visit: row.get(1)?,
                doc: row.get(2)?,
                hash: row.get(3)?,
                seen_at: row.get(4)?,
                etag: row.get(5)?,
                last_modified: row.get(6)?,
            })
        })
    }

    pub(super) fn doc_by_hash(&self, hash: &[u8; 32]) -> Result<Option<i64>, Error> {
        self.find("SELECT doc FROM document WHERE hash = ?1", params![hash], |row| row.get(0))
    }

    /// The URL that had a document first.
    pub(super) fn first_url(&self, doc: i64) -> Result<String, Error> {
        let sql = "SELECT p.url FROM document d JOIN page p ON p.page = d.page WHERE d.doc = ?1";
        self.sql(self.conn.prepare_cached(sql).and_then(|mut s| s.query_row([doc], |row| row.get(0))))
    }

    /// The id of the earlier document this one is nearly the same as.
    pub(super) fn near_of(&self, doc: i64) -> Result<Option<[u8; 32]>, Error> {
        let sql = "SELECT d.hash FROM relation r JOIN document d ON d.doc = r.other \
                   WHERE r.doc = ?1 AND r.kind = 'near'";
        self.find(sql, params![doc], |row| row.get(0))
    }

    /// The earliest document that differs in typography only.
    pub(super) fn doc_by_folded(&self, folded: &[u8; 16]) -> Result<Option<[u8; 32]>, Error> {
        let sql = "SELECT hash FROM document WHERE folded = ?1 ORDER BY doc LIMIT 1";
        self.find(sql, params![folded], |row| row.get(0))
    }

    /// Documents that share a band, those that share most first, then the earliest.
    pub(super) fn candidates(
        &self,
        bands: &[u64; near::BANDS],
        limit: usize,
    ) -> Result<Vec<([u8; 32], Place)>, Error> {
        let mut shared = BTreeMap::<i64, usize>::new();
        for &key in bands {
            for doc in self.bucket(key)? {
                *shared.entry(doc).or_default() += 1;
            }
        }
        let mut docs: Vec<(i64, usize)> = shared.into_iter().collect();
        docs.sort_by_key(|(doc, bands)| (std::cmp::Reverse(*bands), *doc));
        docs.truncate(limit);
        let sql = "SELECT hash, pack, offset, length FROM document WHERE doc = ?1";
        let mut found = Vec::with_capacity(docs.len());
        for (doc, _) in docs {
            found.extend(self.find(sql, params![doc], |row| Ok((row.get(0)?, place(row, 1)?)))?);
        }
        Ok(found)
    }

    fn bucket(&self, key: u64) -> Result<Vec<i64>, Error> {
        let read = || {
            let sql = "SELECT doc FROM band WHERE key = ?1 ORDER BY doc LIMIT ?2";
            let mut statement = self.conn.prepare_cached(sql)?;
            let rows = statement.query_map(params![key.cast_signed(), BUCKET as i64], |row| row.get(0))?;
            rows.collect()
        };
        self.sql(read())
    }

    /// Adds a document, its first visit and what follows from its text.
    pub(super) fn insert_document(
        &self,
        place: Place,
        entry: &Entry,
        traits: &Traits<'_>,
    ) -> Result<i64, Error> {
        let page = self.page(&entry.visit)?;
        let record = &entry.record;
        self.execute(
            "INSERT INTO document (hash, folded, page, pack, offset, length, text_bytes, words, source, \
             site, title, author, date, lang, lang_confidence, kind, verdict) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
            params![
                traits.hash,
                traits.folded,
                page,
                place.pack,
                signed(place.offset),
                signed(place.length),
                traits.text.len() as i64,
                traits.words as i64,
                record.source,
                record.site,
                record.title,
                record.author,
                record.date,
                record.lang,
                record.lang_confidence,
                name_of(&record.kind),
                name_of(&record.verdict),
            ],
        )?;
        let doc = self.conn.last_insert_rowid();
        self.insert_visit(page, doc, entry, None)?;
        for relation in &entry.relations {
            self.insert_relation(doc, relation)?;
        }
        for &key in traits.bands.iter().flatten() {
            if self.bucket(key)?.len() < BUCKET {
                self.execute("INSERT OR IGNORE INTO band VALUES (?1, ?2)", params![key.cast_signed(), doc])?;
            }
        }
        for removed in record.removed.iter().flatten() {
            self.execute(
                "INSERT INTO removal VALUES (?1, ?2, 1, ?3) \
                 ON CONFLICT DO UPDATE SET blocks = blocks + 1, bytes = bytes + excluded.bytes",
                params![doc, counted_reason(&removed.reason), removed.text.len() as i64],
            )?;
        }
        Ok(doc)
    }

    /// Adds the visit that found a known text under another URL, or under this one again.
    pub(super) fn insert_copy(&self, place: Place, entry: &Entry, doc: i64) -> Result<(), Error> {
        let page = self.page(&entry.visit)?;
        self.insert_visit(page, doc, entry, Some(place))
    }

    fn insert_relation(&self, doc: i64, relation: &Relation) -> Result<(), Error> {
        let Some(other) = hash_of(&relation.id) else {
            return Ok(());
        };
        // In a rebuilt index the other one may be gone: then there is nothing to relate to.
        let Some(other) = self.doc_by_hash(&other)? else {
            return Ok(());
        };
        let (doc, kind, other) = match relation.kind {
            Standing::Near => (doc, "near", other),
            Standing::Contains => (doc, "contains", other),
            Standing::ContainedIn => (other, "contains", doc),
        };
        let sql = "INSERT OR IGNORE INTO relation VALUES (?1, ?2, ?3, ?4)";
        self.execute(sql, params![doc, kind, other, relation.similarity]).map(drop)
    }

    fn page(&self, seen: &Seen) -> Result<i64, Error> {
        let sql = "INSERT INTO page (url, seen_at) VALUES (?1, ?2) \
                   ON CONFLICT (url) DO UPDATE SET seen_at = excluded.seen_at RETURNING page";
        let statement = self.conn.prepare_cached(sql);
        self.sql(statement.and_then(|mut s| s.query_row(params![seen.url, seen.at], |row| row.get(0))))
    }

    fn insert_visit(&self, page: i64, doc: i64, entry: &Entry, own: Option<Place>) -> Result<(), Error> {
        let seen = &entry.visit;
        self.execute(
            "INSERT INTO visit (page, doc, first_seen, last_seen, visits, site, pack, offset, length) \
             VALUES (?1, ?2, ?3, ?3, 1, ?4, ?5, ?6, ?7)",
            params![
                page,
                doc,
                seen.at,
                entry.record.site,
                own.map(|p| p.pack),
                own.map(|p| signed(p.offset)),
                own.map(|p| signed(p.length)),
            ],
        )?;
        let visit = self.conn.last_insert_rowid();
        self.execute(
            "UPDATE page SET visit = ?2, http_status = ?3, etag = ?4, last_modified = ?5, final_url = ?6 \
             WHERE page = ?1",
            params![page, visit, seen.http_status, seen.etag, seen.last_modified, seen.final_url],
        )
        .map(drop)
    }

    /// Notes that a page still has what it had. With `keep`, validators the answer did not repeat stay.
    pub(super) fn seen_again(&self, last: &LastSeen, seen: &Seen, keep: bool) -> Result<(), Error> {
        self.execute(
            "UPDATE visit SET last_seen = max(last_seen, ?2), visits = visits + 1 WHERE visit = ?1",
            params![last.visit, seen.at],
        )?;
        let kept =
            |new: &Option<String>, old: &Option<String>| new.clone().or_else(|| old.clone().filter(|_| keep));
        self.execute(
            "UPDATE page SET seen_at = ?2, http_status = ?3, etag = ?4, last_modified = ?5, \
             final_url = coalesce(?6, final_url) WHERE page = ?1",
            params![
                last.page,
                seen.at,
                seen.http_status,
                kept(&seen.etag, &last.etag),
                kept(&seen.last_modified, &last.last_modified),
                seen.final_url,
            ],
        )
        .map(drop)
    }
}
