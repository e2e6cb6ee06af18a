//! The store from outside: what it keeps, what it answers, and what it survives.
#![allow(clippy::disallowed_methods, reason = "a test runs itself again as a child and tells it so")]

mod answers;
mod damage;
mod duplicates;
mod kill;
mod limits;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tamis::record::{Kind, Record, Verdict};
use tamis::store::{Added, Error, Filter, Listed, Store, Visit};
use tempfile::TempDir;

/// A folder for a store; gone when dropped.
fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn record(url: &str, text: &str) -> Record {
    Record {
        source: url.to_owned(),
        id: None,
        url: Some(url.to_owned()),
        site: url::Url::parse(url).ok().and_then(|u| u.host_str().map(str::to_owned)),
        title: Some(format!("Title of {url}")),
        author: None,
        date: Some("2024-11-21".to_owned()),
        lang: Some("en".to_owned()),
        confidence: None,
        lang_confidence: Some(0.5),
        kind: Kind::Article,
        verdict: Verdict::Ok,
        text: text.to_owned(),
        markdown: None,
        duplicate_of: None,
        near_duplicate_of: None,
        modified: None,
        canonical: None,
        description: None,
        tags: Vec::new(),
        license: None,
        image: None,
        removed: None,
        repairs: Default::default(),
        repaired: Vec::new(),
        evidence: None,
        error: None,
    }
}

fn second(n: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_700_000_000 + n)
}

fn visit(url: &str) -> Visit {
    Visit::of(url, second(0))
}

/// Adds a text under a URL and gives what became of it and the record.
fn add(store: &mut Store, url: &str, text: &str) -> (Added, Record) {
    let mut record = record(url, text);
    let added = store.add(&mut record, &visit(url)).expect("room for a small text");
    (added, record)
}

/// `count` different words beginning with number `from`, one text's worth.
fn words(from: usize, count: usize) -> String {
    (from..from + count).map(|i| format!("word{i} ")).collect()
}

fn list(store: &Store, filter: &Filter) -> Vec<Listed> {
    let mut rows = Vec::new();
    let keep = |row| {
        rows.push(row);
        ControlFlow::Continue(())
    };
    store.list(filter, keep).expect("a readable index");
    rows
}

fn export(store: &Store, filter: &Filter) -> Vec<Record> {
    let mut out = Vec::new();
    let exported = store.export(filter, &mut out).expect("a readable index");
    let lines = String::from_utf8(out).expect("JSON is UTF-8");
    let records: Vec<Record> =
        lines.lines().map(|line| serde_json::from_str(line).expect("a record a line")).collect();
    assert_eq!(exported.rows, records.len() as u64);
    records
}

/// The store's packs, in order.
fn packs(dir: &Path) -> Vec<PathBuf> {
    let folder = std::fs::read_dir(dir.join("packs")).expect("a store has packs");
    let mut paths: Vec<PathBuf> = folder.map(|entry| entry.expect("a readable folder").path()).collect();
    paths.sort();
    paths
}

fn assert_sound(dir: &Path) {
    let problems = Store::open_existing(dir).and_then(|store| store.verify()).expect("a readable store");
    assert!(problems.is_empty(), "{problems:?}");
}

#[test]
fn what_was_committed_is_there_for_readers_and_the_next_writer() {
    let dir = folder();
    let mut store = Store::open(dir.path()).expect("a new store");
    let (added, first) = add(&mut store, "http://a.test/1", "One text. \r\n");
    assert_eq!(added, Added::New);
    assert_eq!(first.text, "One text.\n");
    assert_eq!(first.id.as_deref(), Some(tamis::dedup::exact::content_id("One text.\n").as_str()));
    assert_eq!(store.pending(), 1);

    let reader = Store::open_existing(dir.path()).expect("readers need no lock");
    assert!(list(&reader, &Filter::default()).is_empty(), "not committed yet");
    store.commit().expect("a commit");
    assert_eq!(store.pending(), 0);
    assert_eq!(export(&reader, &Filter::default()), std::slice::from_ref(&first));
    drop(store);

    let store = Store::open(dir.path()).expect("a store again");
    assert_eq!(export(&store, &Filter::default()), [first]);
    assert_sound(dir.path());
}

#[test]
fn a_batch_is_committed_by_itself_when_full() {
    let dir = folder();
    let options = tamis::store::Options { batch_changes: 3, ..Default::default() };
    let mut store = Store::open_with(dir.path(), &options).expect("a new store");
    let pending: Vec<usize> = (0..7)
        .map(|i| {
            add(&mut store, &format!("http://a.test/{i}"), &format!("text {i}"));
            store.pending()
        })
        .collect();
    assert_eq!(pending, [1, 2, 0, 1, 2, 0, 1]);
    let reader = Store::open_existing(dir.path()).expect("a reader");
    assert_eq!(list(&reader, &Filter::default()).len(), 6);
}

#[test]
fn packs_roll_over_and_all_stay_readable() {
    let dir = folder();
    let options =
        tamis::store::Options { batch_changes: 2, pack_bytes: 600, ..tamis::store::Options::default() };
    let mut written = Vec::new();
    for run in 0..3 {
        let mut store = Store::open_with(dir.path(), &options).expect("a store");
        for i in 0..6 {
            written.push(add(&mut store, &format!("http://a.test/{run}/{i}"), &words(run * 100 + i, 20)).1);
        }
        store.commit().expect("a commit");
    }
    assert!(packs(dir.path()).len() > 3, "{:?}", packs(dir.path()));
    let store = Store::open_existing(dir.path()).expect("a reader");
    assert_eq!(export(&store, &Filter::default()), written);
    assert_sound(dir.path());
}

#[test]
fn one_writer_at_a_time_and_the_lock_goes_with_it() {
    let dir = folder();
    let store = Store::open(dir.path()).expect("a new store");
    let refused = Store::open(dir.path());
    assert!(
        matches!(&refused, Err(Error::Locked { holder, .. }) if *holder == Some(std::process::id())),
        "{refused:?}"
    );
    drop(store);
    assert!(Store::open(dir.path()).is_ok());
}

#[test]
fn readers_write_nothing_and_say_so() {
    let dir = folder();
    drop(Store::open(dir.path()).expect("a new store"));
    let mut reader = Store::open_existing(dir.path()).expect("a reader");
    let refused = reader.add(&mut record("http://a.test/", "text"), &visit("http://a.test/"));
    assert!(matches!(refused, Err(Error::Unwritable { .. })), "{refused:?}");
}

#[test]
fn a_folder_without_a_store_is_named() {
    let dir = folder();
    for path in [dir.path().to_owned(), dir.path().join("nowhere")] {
        let error = Store::open_existing(&path).expect_err("no store");
        assert!(matches!(error, Error::Missing { .. }));
        assert!(error.to_string().contains(&path.display().to_string()), "{error}");
    }
    assert_eq!(std::fs::read_dir(dir.path()).map(Iterator::count).ok(), Some(0), "nothing was made");
}

#[test]
fn a_store_can_be_checked_while_it_is_written_to() {
    let dir = folder();
    let mut store = Store::open(dir.path()).expect("a new store");
    for i in 0..5 {
        add(&mut store, &format!("http://a.test/{i}"), &words(i * 100, 60));
        assert_sound(dir.path());
        assert_eq!(store.verify().expect("a readable store"), []);
        if i % 2 == 0 {
            store.commit().expect("a commit");
        }
    }
    let reader = Store::open_existing(dir.path()).expect("a reader");
    assert_eq!(reader.stats().expect("counts").documents, 5);
}
