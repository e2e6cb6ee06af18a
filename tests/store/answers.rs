//! Show, list, filters, counts, SQL, versions.

use super::{add, export, folder, list, packs, record, visit};
use rusqlite::Connection;
use tamis::record::{Evidence, Kind, Removed, Verdict};
use tamis::store::{Error, Filter, Store};

#[test]
fn a_record_comes_back_as_it_was_given() {
    let dir = folder();
    let mut store = Store::open(dir.path()).expect("a new store");
    let mut full = record("http://a.test/", "Text.\n");
    full.markdown = Some("# Text.\n".to_owned());
    full.author = Some("Ann \u{1f600}".to_owned());
    full.removed = Some(vec![Removed {
        reason: "cookie-notice".to_owned(),
        text: "We use cookies".to_owned(),
        chance: Some(0.02),
        start: Some(0),
        end: Some(14),
    }]);
    full.evidence = Some(Evidence { title: Some("h1".to_owned()), ..Evidence::default() });
    store.add(&mut full, &visit("http://a.test/")).expect("room");
    store.commit().expect("a commit");
    assert_eq!(export(&store, &Filter::default()), [full.clone()]);
    assert_eq!(store.show(full.id.as_deref().unwrap_or("")).expect("a document").record, full);
    let removed = store.stats().expect("counts").removed;
    assert_eq!(removed["cookie-notice"].bytes, 14);
}

#[test]
fn a_unique_beginning_is_enough_and_the_rest_is_named() {
    let dir = folder();
    let mut store = Store::open(dir.path()).expect("a new store");
    let mut ids: Vec<String> = (0..600)
        .filter_map(|i| add(&mut store, &format!("http://a.test/{i}"), &format!("text {i}")).1.id)
        .collect();
    ids.sort();
    let shared = |pair: &[String]| pair[0].bytes().zip(pair[1].bytes()).take_while(|(a, b)| a == b).count();
    let twins = ids.windows(2).max_by_key(|pair| shared(pair)).expect("two ids");
    let same = shared(twins);
    assert!(same >= 7 + 4, "600 ids share four digits somewhere");
    match store.show(&twins[0][..same]) {
        Err(Error::Ambiguous { examples, .. }) => assert!(examples.contains(&twins[1])),
        other => panic!("{other:?}"),
    }
    let found = store.show(&twins[1][..=same]).expect("a unique beginning");
    assert_eq!(found.record.id.as_ref(), Some(&twins[1]));
    assert!(store.show(&twins[1]["sha256:".len()..].to_uppercase()).is_ok());
    assert!(matches!(store.show(&"0".repeat(64)), Err(Error::NotFound { .. })));
    for bad in ["", "sha256:", "abc", "zzzz", "md5:abcdef", &"a".repeat(65)] {
        assert!(matches!(store.show(bad), Err(Error::BadId { .. })), "{bad}");
    }
}

#[test]
fn filters_choose_and_counts_add_up() {
    let dir = folder();
    let mut store = Store::open(dir.path()).expect("a new store");
    for i in 0..24 {
        let mut one = record(&format!("http://site{}.test/{i}", i % 3), &format!("text {i}"));
        one.lang = [Some("en"), Some("fr"), None, Some("de")][i % 4].map(str::to_owned);
        one.kind = if i % 2 == 0 { Kind::Article } else { Kind::Forum };
        one.verdict = if i < 20 { Verdict::Ok } else { Verdict::Thin };
        one.date = [None, Some("2023-12-31"), Some("2024-06-01T10:00:00Z"), Some("2024-06-02")][i / 6]
            .map(str::to_owned);
        store.add(&mut one, &visit(&format!("http://site{}.test/{i}", i % 3))).expect("room");
    }
    store.commit().expect("a commit");
    let count = |filter: Filter| list(&store, &filter).len();
    let all = Filter::default;
    assert_eq!(count(all()), 24);
    assert_eq!(count(Filter { langs: vec!["en".into(), "fr".into()], ..all() }), 12);
    assert_eq!(count(Filter { sites: vec!["site1.test".into()], ..all() }), 8);
    assert_eq!(count(Filter { kinds: vec![Kind::Forum], ..all() }), 12);
    assert_eq!(count(Filter { verdicts: vec![Verdict::Thin, Verdict::Index], ..all() }), 4);
    assert_eq!(count(Filter { date_from: Some("2024".into()), ..all() }), 12);
    assert_eq!(count(Filter { date_to: Some("2024-06-01".into()), ..all() }), 12);
    let june = Filter { date_from: Some("2024-06".into()), date_to: Some("2024-06".into()), ..all() };
    assert_eq!(count(june.clone()), 12);
    assert_eq!(count(Filter { langs: vec!["en".into()], ..june }), 3);
    assert_eq!(count(Filter { langs: vec!["' OR 1 --".into()], ..all() }), 0);

    let stats = store.stats().expect("counts");
    assert_eq!((stats.documents, stats.urls), (24, 24));
    for parts in [&stats.languages, &stats.sites, &stats.kinds, &stats.verdicts] {
        assert_eq!(parts.values().sum::<u64>(), 24, "{parts:?}");
    }
    assert_eq!((stats.languages["und"], stats.kinds["forum"], stats.verdicts["thin"]), (6, 12, 4));
    let text: u64 = export(&store, &all()).iter().map(|r| r.text.len() as u64).sum();
    assert_eq!(stats.text_bytes, text);
}

#[test]
fn listing_stops_when_told_and_a_failing_output_is_an_error() {
    let dir = folder();
    let mut store = Store::open(dir.path()).expect("a new store");
    add(&mut store, "http://a.test/1", "one");
    add(&mut store, "http://a.test/2", "two");
    let mut seen = 0;
    let stop = |_| {
        seen += 1;
        std::ops::ControlFlow::Break(())
    };
    store.list(&Filter::default(), stop).expect("an index");
    assert_eq!(seen, 1);

    struct Closed;
    impl std::io::Write for Closed {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    match store.export(&Filter::default(), Closed) {
        Err(Error::Output(cause)) => assert_eq!(cause.kind(), std::io::ErrorKind::BrokenPipe),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_views_answer_in_plain_sql() {
    let dir = folder();
    let mut store = Store::open(dir.path()).expect("a new store");
    add(&mut store, "http://a.test/", "text");
    let id = add(&mut store, "http://b.test/", "text").1.id.expect("an id");
    store.commit().expect("a commit");
    let index = Connection::open(dir.path().join("index.db")).expect("SQLite");
    let row: (String, i64) = index
        .query_row("SELECT id, copies FROM documents", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("a document");
    assert_eq!(row, (id, 2));
    let seen: String = index
        .query_row("SELECT first_seen FROM copies WHERE url = 'http://b.test/'", [], |row| row.get(0))
        .expect("a copy");
    assert_eq!(seen, "2023-11-14T22:13:20.000Z");
    for view in ["urls", "near_duplicates", "contained"] {
        let count = index.query_row(&format!("SELECT count(*) FROM {view}"), [], |row| row.get::<_, i64>(0));
        assert_eq!(count.ok(), Some(if view == "urls" { 2 } else { 0 }), "{view}");
    }
}

#[test]
fn a_newer_store_is_refused_with_what_to_do() {
    let dir = folder();
    let mut store = Store::open(dir.path()).expect("a new store");
    add(&mut store, "http://a.test/", "text");
    store.commit().expect("a commit");
    drop(store);
    let index = dir.path().join("index.db");
    let set = |sql: &str| Connection::open(&index).and_then(|c| c.execute_batch(sql)).expect("SQLite");
    let refused = || {
        for opened in [Store::open(dir.path()), Store::open_existing(dir.path())] {
            let error = opened.expect_err("a newer store");
            assert!(matches!(error, Error::Newer { .. }), "{error:?}");
            assert!(error.to_string().contains("newer tamis"), "{error}");
        }
    };
    set("PRAGMA user_version = 99");
    refused();
    set("PRAGMA user_version = 1; UPDATE setting SET value = '7' WHERE name = 'identity'");
    refused();
    set("UPDATE setting SET value = '1' WHERE name = 'identity'");
    let pack = &packs(dir.path())[0];
    let mut bytes = std::fs::read(pack).expect("a pack");
    bytes[7] = 2;
    std::fs::write(pack, &bytes).expect("a pack");
    refused();
    bytes[7] = 1;
    std::fs::write(pack, &bytes).expect("a pack");
    assert_eq!(Store::open(dir.path()).and_then(|s| s.verify()).expect("a store"), []);
}

#[test]
fn another_programs_database_is_left_alone() {
    let dir = folder();
    let path = dir.path().join("index.db");
    Connection::open(&path).and_then(|c| c.execute_batch("CREATE TABLE t (x)")).expect("SQLite");
    let before = std::fs::read(&path).expect("a file");
    assert!(matches!(Store::open(dir.path()), Err(Error::Corrupt { .. })));
    assert_eq!(std::fs::read(&path).expect("a file"), before);
    std::fs::write(&path, "not a database, but long enough to be looked at as one".repeat(20))
        .expect("a file");
    let error = Store::open(dir.path()).expect_err("no database");
    assert!(matches!(error, Error::Corrupt { .. }), "{error:?}");
    assert!(error.to_string().contains("rebuilt"), "{error}");
}
