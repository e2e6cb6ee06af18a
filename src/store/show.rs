//! One document with all that is known of it, by its id or the beginning of it.

use super::entry;
use super::index::{place, unsigned};
use super::model::{Copy, Link, Shown};
use super::pack::Place;
use super::{Error, Store};
use crate::dedup::exact;
use rusqlite::params;

/// Fewer digits say nothing even in a small store, and are more likely a slip.
const MIN_DIGITS: usize = 4;

impl Store {
    pub(super) fn show_document(&self, id: &str) -> Result<Shown, Error> {
        let (doc, hash, place) = self.find_by_prefix(id)?;
        let mut record = self.read_record(place).map_err(|unread| Error::Corrupt {
            path: self.packs.path(place.pack),
            cause: format!("{} at byte {}: {unread}", exact::format_id(&hash), place.offset),
        })?;
        let links = |from: &str, to: &str, kind: &str| self.links(doc, from, to, kind);
        let near_duplicate_of = links("doc", "other", "near")?.pop();
        record.near_duplicate_of = near_duplicate_of.as_ref().map(|link| link.id.clone());
        Ok(Shown {
            record,
            copies: self.copies(doc)?,
            near_duplicate_of,
            near_duplicates: links("other", "doc", "near")?,
            contains: links("doc", "other", "contains")?,
            contained_in: links("other", "doc", "contains")?,
        })
    }

    fn find_by_prefix(&self, id: &str) -> Result<(i64, [u8; 32], Place), Error> {
        let digits = id.trim();
        let digits = digits.strip_prefix("sha256:").unwrap_or(digits).to_ascii_lowercase();
        let is_hex = digits.bytes().all(|b| b.is_ascii_hexdigit());
        if !is_hex || !(MIN_DIGITS..=64).contains(&digits.len()) {
            return Err(Error::BadId { name: id.to_owned() });
        }
        let read = || {
            // Bounds for the odd last digit as for the whole rest; the index on `hash` serves both.
            let sql = "SELECT doc, hash, pack, offset, length FROM document \
                       WHERE hash BETWEEN unhex(?1) AND unhex(?2) ORDER BY hash LIMIT 5";
            let (low, high) = (format!("{digits:0<64}"), format!("{digits:f<64}"));
            let mut statement = self.index.conn.prepare_cached(sql)?;
            let rows = statement.query_map(params![low, high], |row| {
                Ok((row.get(0)?, row.get::<_, [u8; 32]>(1)?, place(row, 2)?))
            })?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        };
        let mut found = self.index.sql(read())?;
        match (found.len(), found.pop()) {
            (1, Some(found)) => Ok(found),
            (_, None) => Err(Error::NotFound { dir: self.dir.clone(), name: id.to_owned() }),
            (_, Some(last)) => {
                found.push(last);
                let examples = found.iter().map(|(_, hash, _)| exact::format_id(hash));
                Err(Error::Ambiguous {
                    dir: self.dir.clone(),
                    prefix: id.to_owned(),
                    examples: examples.collect(),
                })
            }
        }
    }

    fn copies(&self, doc: i64) -> Result<Vec<Copy>, Error> {
        let read = || {
            let sql = "SELECT p.url, min(v.first_seen), max(v.last_seen), sum(v.visits) \
                       FROM visit v JOIN page p ON p.page = v.page WHERE v.doc = ?1 \
                       GROUP BY v.page ORDER BY min(v.visit)";
            let mut statement = self.index.conn.prepare_cached(sql)?;
            let rows = statement.query_map([doc], |row| {
                Ok(Copy {
                    url: row.get(0)?,
                    first_seen: entry::iso(row.get(1)?),
                    last_seen: entry::iso(row.get(2)?),
                    visits: unsigned(row, 3)?,
                })
            })?;
            rows.collect()
        };
        self.index.sql(read())
    }

    /// Documents related to one; `from` and `to` are columns of `relation`.
    fn links(&self, doc: i64, from: &str, to: &str, kind: &str) -> Result<Vec<Link>, Error> {
        let read = || {
            let sql = format!(
                "SELECT d.hash, p.url, r.similarity FROM relation r JOIN document d ON d.doc = r.{to} \
                 JOIN page p ON p.page = d.page WHERE r.{from} = ?1 AND r.kind = ?2 ORDER BY d.doc"
            );
            let mut statement = self.index.conn.prepare_cached(&sql)?;
            let rows = statement.query_map(params![doc, kind], |row| {
                let id = exact::format_id(&row.get(0)?);
                Ok(Link { id, url: row.get(1)?, similarity: row.get(2)? })
            })?;
            rows.collect()
        };
        self.index.sql(read())
    }
}
