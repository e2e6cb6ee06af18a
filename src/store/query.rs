//! Questions over many documents: listing, export, counts. Reads the index, and the packs for export.

use super::entry;
use super::index::{name_of, place, unsigned};
use super::model::{Exported, Fault, Filter, Listed, Problem, RemovedCount, Stats};
use super::pack::{Place, Unread};
use super::{Error, Store, pack};
use crate::dedup::exact;
use crate::json_lines::write_line;
use crate::record::Record;
use rusqlite::types::{Type, Value};
use rusqlite::{Row, params_from_iter};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufWriter, Write};
use std::ops::ControlFlow;

/// A row of a listing and where its bytes lie.
struct Found {
    listed: Listed,
    document: Place,
    /// The record of a copy, where it has its own.
    copy: Option<Place>,
}

const COLUMNS: &str = "d.hash, p.url, c.site, d.title, d.date, d.lang, d.kind, d.verdict, d.text_bytes, \
    d.words, (SELECT count(DISTINCT v.page) FROM visit v WHERE v.doc = d.doc), c.first_seen, fp.url, \
    (SELECT o.hash FROM relation r JOIN document o ON o.doc = r.other \
     WHERE r.doc = d.doc AND r.kind = 'near'), \
    d.pack, d.offset, d.length, c.pack, c.offset, c.length";

/// The question a filter asks, and its values.
fn question(filter: &Filter) -> (String, Vec<Value>) {
    let mut sql = format!("SELECT {COLUMNS} FROM ");
    // The order of a left to right join is the order of storing.
    sql.push_str(if filter.copies {
        "visit c CROSS JOIN document d ON d.doc = c.doc"
    } else {
        "document d CROSS JOIN visit c ON c.visit = (SELECT min(v.visit) FROM visit v WHERE v.doc = d.doc)"
    });
    sql.push_str(" JOIN page p ON p.page = c.page JOIN page fp ON fp.page = d.page WHERE 1");
    let mut values = Vec::new();
    let mut any_of = |sql: &mut String, column: &str, wanted: Vec<String>| {
        if !wanted.is_empty() {
            let marks = vec!["?"; wanted.len()].join(",");
            sql.push_str(&format!(" AND {column} IN ({marks})"));
            values.extend(wanted.into_iter().map(Value::Text));
        }
    };
    any_of(&mut sql, "d.lang", filter.langs.clone());
    any_of(&mut sql, "c.site", filter.sites.clone());
    any_of(&mut sql, "d.kind", filter.kinds.iter().filter_map(name_of).collect());
    any_of(&mut sql, "d.verdict", filter.verdicts.iter().filter_map(name_of).collect());
    if let Some(from) = &filter.date_from {
        sql.push_str(" AND d.date >= ?");
        values.push(Value::Text(from.clone()));
    }
    if let Some(to) = &filter.date_to {
        // `~` sorts after all that can follow a date cut short.
        sql.push_str(" AND d.date < ?");
        values.push(Value::Text(format!("{to}~")));
    }
    if filter.skip_near_duplicates {
        sql.push_str(" AND NOT EXISTS (SELECT 1 FROM relation r WHERE r.doc = d.doc AND r.kind = 'near')");
    }
    if filter.copies {
        // A page that went back to an earlier text has it once.
        sql.push_str(
            " AND c.visit = (SELECT min(v.visit) FROM visit v WHERE v.doc = c.doc AND v.page = c.page)",
        );
    }
    sql.push_str(if filter.copies { " ORDER BY c.visit" } else { " ORDER BY d.doc" });
    (sql, values)
}

fn read_row(row: &Row<'_>, copies: bool) -> rusqlite::Result<Found> {
    let url: String = row.get(1)?;
    let first: String = row.get(12)?;
    let near: Option<[u8; 32]> = row.get(13)?;
    let own: Option<i64> = row.get(17)?;
    Ok(Found {
        listed: Listed {
            id: exact::format_id(&row.get(0)?),
            duplicate_of: Some(first).filter(|first| copies && *first != url),
            url,
            site: row.get(2)?,
            title: row.get(3)?,
            date: row.get(4)?,
            lang: row.get(5)?,
            kind: named(row, 6)?,
            verdict: named(row, 7)?,
            bytes: unsigned(row, 8)?,
            words: unsigned(row, 9)?,
            copies: unsigned(row, 10)?,
            first_seen: entry::iso(row.get(11)?),
            near_duplicate_of: near.map(|hash| exact::format_id(&hash)),
        },
        document: place(row, 14)?,
        copy: own.map(|_| place(row, 17)).transpose()?,
    })
}

/// A value written by its name in JSON.
fn named<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let name: String = row.get(column)?;
    let value = serde_json::from_value(serde_json::Value::String(name.clone()));
    value.map_err(|_| rusqlite::Error::InvalidColumnType(column, name, Type::Text))
}

impl Store {
    fn for_each(
        &self,
        filter: &Filter,
        mut each: impl FnMut(Found) -> Result<ControlFlow<()>, Error>,
    ) -> Result<(), Error> {
        let (sql, values) = question(filter);
        let mut statement = self.index.sql(self.index.conn.prepare(&sql))?;
        let mut rows = self.index.sql(statement.query(params_from_iter(values)))?;
        while let Some(row) = self.index.sql(rows.next())? {
            let found = self.index.sql(read_row(row, filter.copies))?;
            if each(found)?.is_break() {
                break;
            }
        }
        Ok(())
    }

    pub(super) fn list_rows(
        &self,
        filter: &Filter,
        mut each: impl FnMut(Listed) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        self.for_each(filter, |found| Ok(each(found.listed)))
    }

    pub(super) fn export_records(&self, filter: &Filter, out: impl Write) -> Result<Exported, Error> {
        let mut out = BufWriter::new(out);
        let exported =
            self.each_record(filter, |record| write_line(&mut out, &record).map_err(Error::Output))?;
        out.flush().map_err(Error::Output)?;
        Ok(exported)
    }

    pub(super) fn each_record(
        &self,
        filter: &Filter,
        mut each: impl FnMut(Record) -> Result<(), Error>,
    ) -> Result<Exported, Error> {
        let mut exported = Exported::default();
        self.for_each(filter, |found| {
            match self.whole_record(&found) {
                Ok(record) => {
                    each(record)?;
                    exported.rows += 1;
                }
                Err((place, unread)) => exported.damaged.push(self.problem_at(
                    place,
                    &unread,
                    Some(found.listed.id),
                    Some(found.listed.url),
                )),
            }
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(exported)
    }

    fn whole_record(&self, found: &Found) -> Result<Record, (Place, Unread)> {
        let at = |place| move |unread| (place, unread);
        let mut record = self.read_record(found.document).map_err(at(found.document))?;
        if let Some(place) = found.copy {
            let text = record.text;
            record = Record { text, ..self.read_record(place).map_err(at(place))? };
        }
        record.duplicate_of.clone_from(&found.listed.duplicate_of);
        record.near_duplicate_of.clone_from(&found.listed.near_duplicate_of);
        record.id = Some(found.listed.id.clone());
        Ok(record)
    }

    /// The record in a frame, with its text where it has one.
    pub(super) fn read_record(&self, place: Place) -> Result<Record, Unread> {
        let frame = self.packs.read(place)?;
        let (entry, text) = entry::decode(&frame).ok_or(Unread::Damaged("it does not hold a record"))?;
        Ok(Record { text: text.to_owned(), ..entry.record })
    }

    pub(super) fn problem_at(
        &self,
        place: Place,
        unread: &Unread,
        id: Option<String>,
        url: Option<String>,
    ) -> Problem {
        let fault = match unread {
            Unread::NoPack => Fault::MissingPack,
            Unread::Short => Fault::MissingObject,
            Unread::Damaged(_) | Unread::Io(_) => Fault::WrongHash,
        };
        let path = self.packs.path(place.pack);
        Problem { fault, path, offset: Some(place.offset), id, url, detail: unread.to_string() }
    }

    pub(super) fn count(&self) -> Result<Stats, Error> {
        self.index.snapshot(|| self.count_now())
    }

    fn count_now(&self) -> Result<Stats, Error> {
        let number = |sql: &str| self.index.number(sql).map(i64::unsigned_abs);
        let groups = |sql: &str| -> Result<BTreeMap<String, u64>, Error> {
            let read = || {
                let mut statement = self.index.conn.prepare(sql)?;
                let rows = statement.query_map([], |row| Ok((row.get(0)?, unsigned(row, 1)?)))?;
                rows.collect()
            };
            self.index.sql(read())
        };
        let by = |column: &str| groups(&format!("SELECT {column}, count(*) FROM document GROUP BY 1"));
        let time = |sql: &str| -> Result<Option<String>, Error> {
            let millis = self.index.conn.query_row(sql, [], |row| row.get::<_, Option<i64>>(0));
            Ok(self.index.sql(millis)?.map(entry::iso))
        };
        let pairs = number("SELECT count(*) FROM (SELECT DISTINCT doc, page FROM visit)")?;
        let documents = number("SELECT count(*) FROM document")?;
        Ok(Stats {
            documents,
            urls: number("SELECT count(*) FROM page")?,
            duplicates: pairs.saturating_sub(documents),
            near_duplicates: number("SELECT count(*) FROM relation WHERE kind = 'near'")?,
            contained: number("SELECT count(DISTINCT other) FROM relation WHERE kind = 'contains'")?,
            text_bytes: number("SELECT coalesce(sum(text_bytes), 0) FROM document")?,
            words: number("SELECT coalesce(sum(words), 0) FROM document")?,
            pack_bytes: self.pack_bytes()?,
            index_bytes: ["db", "db-wal"]
                .iter()
                .filter_map(|end| fs::metadata(self.index.path.with_extension(end)).ok())
                .map(|file| file.len())
                .sum(),
            languages: by("coalesce(lang, 'und')")?,
            sites: by("coalesce(site, '')")?,
            kinds: by("kind")?,
            verdicts: by("verdict")?,
            removed: self.removed()?,
            first_seen: time("SELECT min(first_seen) FROM visit")?,
            last_seen: time("SELECT max(last_seen) FROM visit")?,
        })
    }

    fn removed(&self) -> Result<BTreeMap<String, RemovedCount>, Error> {
        let read = || {
            let sql = "SELECT reason, sum(blocks), sum(bytes) FROM removal GROUP BY reason";
            let mut statement = self.index.conn.prepare(sql)?;
            let rows = statement.query_map([], |row| {
                let count = RemovedCount { blocks: unsigned(row, 1)?, bytes: unsigned(row, 2)? };
                Ok((row.get(0)?, count))
            })?;
            rows.collect()
        };
        self.index.sql(read())
    }

    fn pack_bytes(&self) -> Result<u64, Error> {
        let folder = self.packs.folder();
        let numbers = pack::pack_numbers(folder).map_err(|error| Error::io(folder, &error))?;
        let sizes = numbers.into_iter().filter_map(|pack| fs::metadata(self.packs.path(pack)).ok());
        Ok(sizes.map(|file| file.len()).sum())
    }
}
