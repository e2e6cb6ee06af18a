//! The index: an SQLite database beside the packs. Opens it, makes it, refuses one that is newer or
//! not ours; what its rows mean stands in `rows`. Opens no pack.

use super::Error;
use super::pack::Place;
use crate::dedup::{exact, near};
use rusqlite::types::ToSql;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Version of `schema.sql`.
pub(super) const SCHEMA_VERSION: u32 = 1;
/// "tami": tells our database from another's (`PRAGMA application_id`).
const APPLICATION: u32 = 0x7461_6d69;

/// The index of one store.
#[derive(Debug)]
pub(super) struct Index {
    pub conn: Connection,
    pub path: PathBuf,
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
            Err(Error::Unwritable { .. } | Error::Full { .. }) if wal_is_empty => {
                Index::connect_immutable(path)?
            }
            other => other?,
        };
        index.sql(index.conn.pragma_update(None, "query_only", true))?;
        Ok(index)
    }

    fn connect(path: &Path, flags: OpenFlags) -> Result<Index, Error> {
        let wrong = |error| Error::sql(path, &error);
        let conn =
            Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(wrong)?;
        conn.busy_timeout(std::time::Duration::from_secs(10)).map_err(wrong)?;
        conn.set_prepared_statement_cache_capacity(64);
        Ok(Index { conn, path: path.to_owned() })
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
        let index = Index { path: path.to_owned(), ..index };
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
        self.sql(self.conn.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(())))?;
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
        let not_ours = |cause: &str| Error::Corrupt { path: self.path.clone(), cause: cause.to_owned() };
        if self.number("SELECT application_id FROM pragma_application_id")? != i64::from(APPLICATION) {
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
            self.check_version(what, found.ok_or_else(|| not_ours("a version is missing"))?, known)?;
        }
        Ok(())
    }

    fn check_version(&self, what: &'static str, found: i64, known: u32) -> Result<(), Error> {
        match u32::try_from(found) {
            Ok(found) if found > known => Err(Error::Newer { path: self.path.clone(), what, found, known }),
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

    pub(super) fn execute(&self, sql: &str, values: &[&dyn ToSql]) -> Result<usize, Error> {
        self.sql(self.conn.prepare_cached(sql).and_then(|mut statement| statement.execute(values)))
    }

    pub(super) fn find<T>(
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
}

/// The name a value has in JSON.
pub(super) fn name_of<T: Serialize>(value: &T) -> Option<String> {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned))
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
    Ok(Place { pack: row.get(first)?, offset: unsigned(row, first + 1)?, length: unsigned(row, first + 2)? })
}
