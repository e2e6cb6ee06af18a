//! Reads everything again and names what is wrong. Changes nothing.

use super::entry;
use super::index::place;
use super::lock::Lock;
use super::model::{Fault, Problem};
use super::pack::{self, PACK_HEADER, Place};
use super::{Error, Store};
use crate::dedup::exact;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Every place the index names, in the order of the packs.
const PLACES: &str = "SELECT d.pack, d.offset, d.length, d.hash, p.url, 1 FROM document d \
    LEFT JOIN page p ON p.page = d.page \
    UNION ALL \
    SELECT v.pack, v.offset, v.length, d.hash, p.url, 2 FROM visit v \
    LEFT JOIN document d ON d.doc = v.doc LEFT JOIN page p ON p.page = v.page WHERE v.pack IS NOT NULL \
    ORDER BY 1, 2";

/// A place the index names and what should be there.
struct Named {
    place: Place,
    hash: Option<[u8; 32]>,
    url: Option<String>,
    kind: u8,
}

impl Store {
    pub(super) fn check_all(&self) -> Result<Vec<Problem>, Error> {
        let mut problems = self.index.snapshot(|| {
            let mut problems = self.check_index()?;
            let known = self.index.packs()?;
            self.check_headers(&known, &mut problems);
            self.check_objects(&known, &mut problems)?;
            Ok(problems)
        })?;
        if self.writer.is_none() && !Lock::is_held(&self.dir.join("lock")) {
            self.check_tails(&mut problems)?;
        }
        Ok(problems)
    }

    fn check_objects(&self, known: &BTreeMap<u32, u64>, problems: &mut Vec<Problem>) -> Result<(), Error> {
        let mut statement = self.index.sql(self.index.conn.prepare(PLACES))?;
        let mut rows = self.index.sql(statement.query([]))?;
        // Where the next object of each pack should begin: they lie side by side.
        let mut ends = BTreeMap::<u32, u64>::new();
        while let Some(row) = self.index.sql(rows.next())? {
            let read = || {
                let (hash, url, kind) = (row.get(3)?, row.get(4)?, row.get(5)?);
                Ok(Named { place: place(row, 0)?, hash, url, kind })
            };
            let named = self.index.sql(read())?;
            let end = ends.entry(named.place.pack).or_insert(PACK_HEADER);
            if named.place.offset > *end {
                problems.push(self.gap(named.place.pack, *end, named.place.offset));
            }
            *end = (*end).max(named.place.offset.saturating_add(named.place.length));
            problems.extend(self.check_object(named));
        }
        for (&pack, &bytes) in known {
            let end = ends.get(&pack).copied().unwrap_or(PACK_HEADER);
            if end < bytes {
                problems.push(self.gap(pack, end, bytes));
            }
        }
        Ok(())
    }

    /// Only while nobody writes: a writer's pack is always ahead of its last commit.
    fn check_tails(&self, problems: &mut Vec<Problem>) -> Result<(), Error> {
        for (pack, bytes) in self.index.packs()? {
            let path = self.packs.path(pack);
            let len = fs::metadata(&path).map_or(0, |file| file.len());
            if len > bytes {
                let detail = format!(
                    "{} bytes no commit acknowledged; the next run takes them in or cuts them",
                    len - bytes
                );
                problems.push(problem(Fault::TornTail, &path, Some(bytes), detail));
            }
        }
        Ok(())
    }

    fn check_headers(&self, known: &BTreeMap<u32, u64>, problems: &mut Vec<Problem>) {
        for (&pack, &bytes) in known {
            let path = self.packs.path(pack);
            match fs::metadata(&path).map(|file| file.len()) {
                Err(error) => problems.push(problem(Fault::MissingPack, &path, None, error.to_string())),
                Ok(len) if len < bytes => problems.push(problem(
                    Fault::MissingObject,
                    &path,
                    Some(len),
                    format!("{} bytes that were stored are gone from the end", bytes - len),
                )),
                Ok(_) if !matches!(pack::pack_version(&path), Ok(Some(pack::PACK_VERSION))) => {
                    let detail = "the pack's header is damaged; its objects are checked below".to_owned();
                    problems.push(problem(Fault::WrongHash, &path, Some(0), detail));
                }
                Ok(_) => {}
            }
        }
    }

    fn check_object(&self, named: Named) -> Option<Problem> {
        let Named { place, hash, url, kind } = named;
        let id = hash.as_ref().map(exact::format_id);
        let wrong = |detail: &str| {
            let path = self.packs.path(place.pack);
            let detail = detail.to_owned();
            Some(Problem {
                fault: Fault::WrongHash,
                path,
                offset: Some(place.offset),
                id: id.clone(),
                url: url.clone(),
                detail,
            })
        };
        let frame = match self.packs.read(place) {
            Ok(frame) => frame,
            Err(unread) => return Some(self.problem_at(place, &unread, id, url)),
        };
        let Some((entry, text)) = entry::decode(&frame) else {
            return wrong("it does not hold a record");
        };
        if entry.record.id != id {
            return wrong("it holds the record of another document");
        }
        if frame.kind == entry::DOCUMENT {
            (Some(exact::content_hash(text)) != hash).then(|| wrong("its text has another hash")).flatten()
        } else if kind == entry::DOCUMENT {
            wrong("it holds a copy's record where the text should be")
        } else {
            None
        }
    }

    fn gap(&self, pack: u32, from: u64, to: u64) -> Problem {
        let detail = format!("{} bytes no index row names", to - from);
        problem(Fault::ObjectWithoutRow, &self.packs.path(pack), Some(from), detail)
    }

    fn check_index(&self) -> Result<Vec<Problem>, Error> {
        let mut problems = Vec::new();
        let mut say = |detail: String| {
            problems.push(problem(Fault::Index, &self.index.path, None, detail));
        };
        let mut statement = self.index.sql(self.index.conn.prepare("PRAGMA integrity_check(20)"))?;
        let mut rows = self.index.sql(statement.query([]))?;
        while let Some(row) = self.index.sql(rows.next())? {
            let line: String = self.index.sql(row.get(0))?;
            if line != "ok" {
                say(line);
            }
        }
        let mut statement = self.index.sql(self.index.conn.prepare("PRAGMA foreign_key_check"))?;
        let mut rows = self.index.sql(statement.query([]))?;
        while let Some(row) = self.index.sql(rows.next())? {
            let (table, parent): (String, String) =
                self.index.sql(row.get(0).and_then(|table| Ok((table, row.get(2)?))))?;
            say(format!("a row of `{table}` names a missing row of `{parent}`"));
        }
        for (query, what) in [
            ("SELECT count(*) FROM page WHERE visit IS NULL", "URLs without a visit"),
            (
                "SELECT count(*) FROM document d WHERE NOT EXISTS (SELECT 1 FROM visit v WHERE v.doc = d.doc)",
                "documents without a visit",
            ),
        ] {
            match self.index.number(query)? {
                0 => {}
                count => say(format!("{count} {what}")),
            }
        }
        Ok(problems)
    }
}

fn problem(fault: Fault, path: &Path, offset: Option<u64>, detail: String) -> Problem {
    Problem { fault, path: path.to_owned(), offset, id: None, url: None, detail }
}
