//! `tamis clean --report DIR` and `tamis store report`: a whole run or store at a glance, gathered document by document
//! in bounded memory. Takes the records in input order and nothing else, so that it is the same for every number of
//! threads.

mod lines;
mod page;
mod picture;

use super::exit::Fault;
use super::explain::word;
use super::output::{replace, sweep, unwritable};
use crate::job::place;
use crate::record::{Record, Removed, counted_reason};
use crate::store::Stats;
use lines::Lines;
use picture::Lengths;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The page's name in its folder.
const PAGE: &str = "index.html";

/// Sites and languages with a row of their own; those met later are put together.
const MOST_GROUPS: usize = 2_000;

/// What later groups are put together as.
const OTHERS: &str = "(others)";

/// What has no site or language.
const UNKNOWN: &str = "(unknown)";

/// Documents listed as doubtful.
const DOUBTFUL: usize = 200;

/// Longest source kept of a document, in characters.
const SOURCE_CHARS: usize = 300;

/// What a run gave, so far.
pub(super) struct Report {
    dir: PathBuf,
    totals: Group,
    failed: u64,
    verdicts: BTreeMap<String, u64>,
    kinds: BTreeMap<String, Group>,
    languages: BTreeMap<String, Group>,
    sites: BTreeMap<String, Group>,
    removed: Lines,
    kept: Lines,
    doubtful: Vec<Document>,
    lengths: Lengths,
    /// What a store says of itself, where the documents are a store's.
    store: Option<Stats>,
}

/// Documents that have something in common. Lengths are in characters (Unicode scalar values).
#[derive(Debug, Default)]
struct Group {
    documents: u64,
    before: u64,
    after: u64,
    reasons: BTreeMap<String, Reason>,
}

/// What was removed for one reason.
#[derive(Debug, Default, Clone, Copy)]
struct Reason {
    blocks: u64,
    documents: u64,
    chars: u64,
}

/// A document that somebody should look at.
#[derive(Debug)]
struct Document {
    source: Arc<str>,
    language: String,
    verdict: String,
    kind: String,
    /// Expected F1, 0 to 1.
    confidence: Option<f64>,
    before: u64,
    after: u64,
    /// Ascending: the least sure first.
    rank: (u64, u64, u64, u64),
}

impl Report {
    /// Makes the folder, so that a run of hours does not end with one that cannot be written.
    pub(super) fn open(dir: &Path) -> Result<Report, Fault> {
        let page = dir.join(PAGE);
        place::folder(dir).map_err(|error| unwritable(dir, &error))?;
        place::file(&page).map_err(|error| unwritable(&page, &error))?;
        sweep(dir);
        Ok(Report {
            dir: dir.to_owned(),
            totals: Group::default(),
            failed: 0,
            verdicts: BTreeMap::new(),
            kinds: BTreeMap::new(),
            languages: BTreeMap::new(),
            sites: BTreeMap::new(),
            removed: Lines::default(),
            kept: Lines::default(),
            doubtful: Vec::new(),
            lengths: Lengths::default(),
            store: None,
        })
    }

    /// The documents are those of a store, which counts what they do not tell.
    pub(super) fn of_store(&mut self, stats: Stats) {
        self.store = Some(stats);
    }

    /// Takes one document in. Its `removed` must be filled.
    pub(super) fn note(&mut self, record: &Record) {
        let removed = record.removed.as_deref().unwrap_or_default();
        let after = chars(&record.text);
        let before = after + removed.iter().map(|r| chars(&r.text)).sum::<u64>();
        let (verdict, kind) = (word(&record.verdict), word(&record.kind));
        *self.verdicts.entry(verdict.clone()).or_default() += 1;
        self.failed += u64::from(record.error.is_some());
        let language = record.lang.as_deref().unwrap_or(UNKNOWN);
        self.totals.note(before, after, removed);
        group(&mut self.kinds, &kind).note(before, after, removed);
        group(&mut self.languages, language).note(before, after, removed);
        group(&mut self.sites, &site(record)).note(before, after, removed);
        if before == 0 && record.error.is_some() {
            // It could not be read: counted, named on standard error, and there is nothing to look at.
            return;
        }
        self.lengths.note(before, after);
        let document = self.totals.documents;
        let source: Arc<str> = clipped(&record.source, SOURCE_CHARS).into();
        for r in removed {
            self.removed.note(document, &source, &r.text, counted_reason(&r.reason));
        }
        for line in record.text.lines() {
            self.kept.note(document, &source, line, "kept");
        }
        let share = (after * 1000).checked_div(before).unwrap_or(0);
        let sure = record.confidence.map_or(1001, |c| (c.clamp(0.0, 1.0) * 1000.0).round() as u64);
        let rank = (sure, u64::from(verdict == "ok"), share, document);
        let language = language.to_owned();
        let confidence = record.confidence;
        self.doubtful.push(Document { source, language, verdict, kind, confidence, before, after, rank });
        if self.doubtful.len() >= 2 * DOUBTFUL {
            self.least_sure();
        }
    }

    /// Writes `index.html` into the folder, in the place of one that is there.
    pub(super) fn finish(mut self) -> Result<(), Fault> {
        self.least_sure();
        let path = self.dir.join(PAGE);
        replace(&path, page::render(&self).as_bytes()).map_err(|error| unwritable(&path, &error))
    }

    fn least_sure(&mut self) {
        self.doubtful.sort_by_key(|document| document.rank);
        self.doubtful.truncate(DOUBTFUL);
    }
}

impl Group {
    fn note(&mut self, before: u64, after: u64, removed: &[Removed]) {
        self.documents += 1;
        self.before += before;
        self.after += after;
        let mut seen: Vec<&str> = Vec::new();
        for r in removed {
            let name = counted_reason(&r.reason);
            let reason = entry(&mut self.reasons, name);
            reason.blocks += 1;
            reason.chars += chars(&r.text);
            if !seen.contains(&name) {
                reason.documents += 1;
                seen.push(name);
            }
        }
    }

    /// The reasons, those that took most text first.
    fn reasons(&self) -> Vec<(&str, Reason)> {
        let mut all: Vec<(&str, Reason)> = self.reasons.iter().map(|(name, r)| (name.as_str(), *r)).collect();
        all.sort_by_key(|(_, reason)| std::cmp::Reverse(reason.chars));
        all
    }
}

fn group<'g>(groups: &'g mut BTreeMap<String, Group>, name: &str) -> &'g mut Group {
    let room = groups.len() < MOST_GROUPS || groups.contains_key(name);
    entry(groups, if room { name } else { OTHERS })
}

fn entry<'m, T: Default>(map: &'m mut BTreeMap<String, T>, name: &str) -> &'m mut T {
    map.entry(name.to_owned()).or_default()
}

/// The host, else the site's name.
fn site(record: &Record) -> String {
    let url = record.url.as_deref().and_then(|url| url::Url::parse(url).ok());
    let host = url.as_ref().and_then(|url| url.host_str());
    let name = host.or(record.site.as_deref()).unwrap_or(UNKNOWN);
    clipped(name.strip_prefix("www.").unwrap_or(name), 100)
}

fn chars(text: &str) -> u64 {
    text.chars().filter(|c| !c.is_whitespace()).count() as u64
}

/// The beginning of a text, with an ellipsis where something is missing.
fn clipped(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some((at, _)) => format!("{}…", &text[..at]),
    }
}

#[cfg(test)]
mod tests {
    use super::{BTreeMap, Group, MOST_GROUPS, OTHERS, clipped, group};

    #[test]
    fn groups_beyond_the_limit_are_put_together() {
        let mut groups: BTreeMap<String, Group> = BTreeMap::new();
        for n in 0..MOST_GROUPS + 7 {
            group(&mut groups, &format!("site {n}")).documents += 1;
        }
        group(&mut groups, "site 3").documents += 1;
        assert_eq!(groups.len(), MOST_GROUPS + 1);
        assert_eq!((groups[OTHERS].documents, groups["site 3"].documents), (7, 2));
    }

    #[test]
    fn long_texts_are_clipped_between_characters() {
        assert_eq!([clipped("éé", 2), clipped("ééé", 2)], ["éé", "éé…"]);
    }
}
