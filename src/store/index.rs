//! The index: SQLite tables that say where each text lies and who had it. Reads and writes rows;
//! decides nothing and opens no pack.

use super::Error;
use super::entry::{Entry, Relation, Seen, Standing};
use super::pack::Place;
use crate::dedup::{exact, near};
use rusqlite::types::ToSql;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row, params};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Version of `schema.sql`.
pub(super) const SCHEMA_VERSION: u32 = 1;
/// "tami": tells our database from another's (`PRAGMA application_id`).
const APPLICATION: u32 = 0x7461_6d69;
/// Documents looked at, and kept, per band: a band shared by more is a template, not a resemblance.
const BUCKET: usize = 64;

/// The index of one store.
#[derive(Debug)]
pub(super) struct Index {
    pub conn: Connection,
    pub path: PathBuf,
}

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
    /// Opens the index for writing, making it where there is none.
    pub(super) fn open(path: &Path) -> Result<Index, Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let index = Index::connect(path, flags)?;
        index.check(true)?;
        Ok(index)
    }

    /// Opens an index that is there, for reading; also where nothing can be written.
    pub(super) fn open_reader(path: &Path) -> Result<Index, Error> {
        let tried = Index::connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE).and_then(|index| {
            index.check(false)?;
            Ok(index)
        });
        let wal_is_empty =
            std::fs::metadata(path.with_extension("db-wal")).map_or(true, |wal| wal.len() == 0);
        let index = match tried {
            Err(Error::Unwritable { .. }) if wal_is_empty => Index::connect_immutable(path)?,
            other => other?,
        };
        index.sql(index.conn.pragma_update(None, "query_only", true))?;
        Ok(index)
    }

    fn connect(path: &Path, flags: OpenFlags) -> Result<Index, Error> {
        let wrong = |error| Error::sql(path, &error);
        let conn = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
            .map_err(wrong)?;
        conn.busy_timeout(std::time::Duration::from_secs(10))
            .map_err(wrong)?;
        conn.set_prepared_statement_cache_capacity(64);
        Ok(Index {
            conn,
            path: path.to_owned(),
        })
    }

    /// For folders nobody may write to: SQLite then needs no lock and no shared memory file.
    fn connect_immutable(path: &Path) -> Result<Index, Error> {
        let unusable = || Error::Unwritable {
            path: path.to_owned(),
            cause: "its path cannot be written as a URI".to_owned(),
        };
        let mut uri = url::Url::from_file_path(path).map_err(|()| unusable())?;
        uri.set_query(Some("immutable=1"));
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
        let index = Index::connect(Path::new(uri.as_str()), flags)?;
        let index = Index {
            path: path.to_owned(),
            ..index
        };
        index.check_versions()?;
        Ok(index)
    }

    /// Names the index in an SQL error.
    pub(super) fn sql<T>(&self, result: rusqlite::Result<T>) -> Result<T, Error> {
        result.map_err(|error| Error::sql(&self.path, &error))
    }

    fn check(&self, create: bool) -> Result<(), Error> {
        let mode = |name, value| self.sql(self.conn.pragma_update(None, name, value));
        // Refuse before anything is changed.
        if self.number("SELECT count(*) FROM sqlite_master")? > 0 {
            self.check_versions()?;
        }
        self.sql(
            self.conn
                .pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(())),
        )?;
        mode("synchronous", "full")?;
        mode("foreign_keys", "on")?;
        if create && self.number("SELECT count(*) FROM sqlite_master")? == 0 {
            self.create()?;
        }
        self.check_versions()
    }

    fn create(&self) -> Result<(), Error> {
        let script = format!(
            "BEGIN IMMEDIATE;\n{}\n\
             INSERT INTO setting VALUES ('identity', '{}'), ('near', '{}'), ('made_by', 'tamis {}');\n\
             PRAGMA application_id = {APPLICATION};\nPRAGMA user_version = {SCHEMA_VERSION};\nCOMMIT;",
            include_str!("schema.sql"),
            exact::IDENTITY_VERSION,
            near::NEAR_VERSION,
            env!("CARGO_PKG_VERSION"),
        );
        self.sql(self.conn.execute_batch(&script))
    }

    fn check_versions(&self) -> Result<(), Error> {
        let not_ours = |cause: &str| Error::Corrupt {
            path: self.path.clone(),
            cause: cause.to_owned(),
        };
        if self.number("SELECT application_id FROM pragma_application_id")?
            != i64::from(APPLICATION)
        {
            return Err(not_ours("it is not the index of a tamis store"));
        }
        let schema = self.number("SELECT user_version FROM pragma_user_version")?;
        self.check_version("index schema", schema, SCHEMA_VERSION)?;
        for (name, what, known) in [
            ("identity", "content id definition", exact::IDENTITY_VERSION),
            ("near", "near-duplicate definition", near::NEAR_VERSION),
        ] {
            let found = self.sql(
                self.conn
                    .query_row("SELECT value FROM setting WHERE name = ?1", [name], |row| {
                        row.get::<_, String>(0)
                    })
                    .optional(),
            )?;
            let found = found.and_then(|value| value.parse().ok());
            self.check_version(
                what,
                found.ok_or_else(|| not_ours("a version is missing"))?,
                known,
            )?;
        }
        Ok(())
    }

    fn check_version(&self, what: &'static str, found: i64, known: u32) -> Result<(), Error> {
        match u32::try_from(found) {
            Ok(found) if found > known => Err(Error::Newer {
                path: self.path.clone(),
                what,
                found,
                known,
            }),
            Ok(1..) => Ok(()),
            _ => Err(Error::Corrupt {
                path: self.path.clone(),
                cause: format!("{what} {found} does not exist"),
            }),
        }
    }

    /// The one number a query gives.
    pub(super) fn number(&self, query: &str) -> Result<i64, Error> {
        self.sql(self.conn.query_row(query, [], |row| row.get(0)))
    }

    pub(super) fn begin(&self) -> Result<(), Error> {
        self.sql(self.conn.execute_batch("BEGIN IMMEDIATE"))
    }

    pub(super) fn commit(&self) -> Result<(), Error> {
        self.sql(self.conn.execute_batch("COMMIT"))
    }

    /// Drops the open batch; SQLite may have done so itself.
    pub(super) fn rollback(&self) {
        if !self.conn.is_autocommit() {
            let _ = self.conn.execute_batch("ROLLBACK");
        }
    }

    /// Runs several questions on one state of the index, whatever a writer commits meanwhile.
    pub(super) fn snapshot<T>(&self, ask: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
        if !self.conn.is_autocommit() {
            return ask();
        }
        self.sql(self.conn.execute_batch("BEGIN"))?;
        let answer = ask();
        self.rollback();
        answer
    }

    fn execute(&self, sql: &str, values: &[&dyn ToSql]) -> Result<usize, Error> {
        self.sql(
            self.conn
                .prepare_cached(sql)
                .and_then(|mut statement| statement.execute(values)),
        )
    }

    fn find<T>(
        &self,
        sql: &str,
        values: &[&dyn ToSql],
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, Error> {
        let found = self
            .conn
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_row(values, read).optional());
        self.sql(found)
    }

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
        let sql =
            "INSERT INTO pack VALUES (?1, ?2) ON CONFLICT DO UPDATE SET bytes = excluded.bytes";
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
        self.find(
            "SELECT doc FROM document WHERE hash = ?1",
            params![hash],
            |row| row.get(0),
        )
    }

    /// The URL that had a document first.
    pub(super) fn first_url(&self, doc: i64) -> Result<String, Error> {
        let sql = "SELECT p.url FROM document d JOIN page p ON p.page = d.page WHERE d.doc = ?1";
        self.sql(
            self.conn
                .prepare_cached(sql)
                .and_then(|mut s| s.query_row([doc], |row| row.get(0))),
        )
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
            let rows =
                statement.query_map(params![key.cast_signed(), BUCKET as i64], |row| row.get(0))?;
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
                self.execute(
                    "INSERT OR IGNORE INTO band VALUES (?1, ?2)",
                    params![key.cast_signed(), doc],
                )?;
            }
        }
        for removed in record.removed.iter().flatten() {
            self.execute(
                "INSERT INTO removal VALUES (?1, ?2, 1, ?3) \
                 ON CONFLICT DO UPDATE SET blocks = blocks + 1, bytes = bytes + excluded.bytes",
                params![doc, removed.reason, removed.text.len() as i64],
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
        self.execute(sql, params![doc, kind, other, relation.similarity])
            .map(drop)
    }

    fn page(&self, seen: &Seen) -> Result<i64, Error> {
        let sql = "INSERT INTO page (url, seen_at) VALUES (?1, ?2) \
                   ON CONFLICT (url) DO UPDATE SET seen_at = excluded.seen_at RETURNING page";
        let statement = self.conn.prepare_cached(sql);
        self.sql(
            statement.and_then(|mut s| s.query_row(params![seen.url, seen.at], |row| row.get(0))),
        )
    }

    fn insert_visit(
        &self,
        page: i64,
        doc: i64,
        entry: &Entry,
        own: Option<Place>,
    ) -> Result<(), Error> {
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
        let kept = |new: &Option<String>, old: &Option<String>| {
            new.clone().or_else(|| old.clone().filter(|_| keep))
        };
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

/// The name a value has in JSON.
pub(super) fn name_of<T: Serialize>(value: &T) -> Option<String> {
    serde_json::to_value(value)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
}

/// The bytes of a whole content id.
pub(super) fn hash_of(id: &str) -> Option<[u8; 32]> {
    let digits = id.strip_prefix("sha256:")?.as_bytes();
    let mut hash = [0u8; 32];
    if digits.len() != 64 {
        return None;
    }
    for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |d: u8| char::from(d).to_digit(16);
        *byte = u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok()?;
    }
    Some(hash)
}

/// SQLite's integers are signed; sizes here never come near the limit.
pub(super) fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A column that cannot be negative; a damaged index may say otherwise.
pub(super) fn unsigned(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let value: i64 = row.get(column)?;
    u64::try_from(value).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, value))
}

/// A place from three columns.
pub(super) fn place(row: &Row<'_>, first: usize) -> rusqlite::Result<Place> {
    Ok(Place {
        pack: row.get(first)?,
        offset: unsigned(row, first + 1)?,
        length: unsigned(row, first + 2)?,
    })
}
