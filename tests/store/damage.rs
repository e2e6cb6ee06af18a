//! Cut, flipped and lost bytes: nothing panics, what was acknowledged and is not hit stays, the rest is named.

use super::{add, assert_sound, export, folder, packs, words};
use proptest::prelude::{ProptestConfig, any, prop, proptest};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use tamis::record::Record;
use tamis::store::{Fault, Filter, Problem, Store};

/// A store with one acknowledged batch; what it holds and where its pack ends.
fn acknowledged(dir: &Path) -> (Vec<Record>, u64) {
    let mut store = Store::open(dir).expect("a new store");
    let records = (0..3).map(|i| add(&mut store, &format!("http://a.test/{i}"), &words(i * 100, 12)).1);
    let records = records.collect();
    store.commit().expect("a commit");
    (records, fs::metadata(&packs(dir)[0]).expect("a pack").len())
}

/// The bytes of a pack with one more batch, two documents and a copy, that no commit followed.
fn with_tail(dir: &Path) -> (Vec<Record>, u64, Vec<u8>) {
    let (records, end) = acknowledged(dir);
    let mut store = Store::open(dir).expect("a store");
    add(&mut store, "http://b.test/0", &words(1_000, 12));
    add(&mut store, "http://b.test/1", &words(2_000, 12));
    add(&mut store, "http://b.test/2", &words(0, 12));
    // Dropped without a commit, as by a kill.
    drop(store);
    let bytes = fs::read(&packs(dir)[0]).expect("a pack");
    assert!(bytes.len() as u64 > end);
    (records, end, bytes)
}

fn ids(records: &[Record]) -> BTreeSet<Option<String>> {
    records.iter().map(|record| record.id.clone()).collect()
}

fn copy_store(from: &Path, to: &Path) {
    fs::create_dir_all(to.join("packs")).expect("a folder");
    for entry in fs::read_dir(from).expect("a store") {
        let path = entry.expect("a readable folder").path();
        if path.is_file() {
            fs::copy(&path, to.join(path.file_name().expect("a name"))).expect("a copy");
        }
    }
    for pack in packs(from) {
        fs::copy(&pack, to.join("packs").join(pack.file_name().expect("a name"))).expect("a copy");
    }
}

fn problems(dir: &Path) -> Vec<Problem> {
    Store::open_existing(dir).and_then(|store| store.verify()).expect("a readable store")
}

#[test]
fn a_batch_torn_at_any_byte_is_cut_and_nothing_acknowledged_is_lost() {
    let origin = folder();
    let (acknowledged, end, bytes) = with_tail(origin.path());
    let end = usize::try_from(end).expect("a small pack");
    let copy = folder();
    copy_store(origin.path(), copy.path());
    let mut most = 0;
    for cut in end..=bytes.len() {
        // Each round starts from the index of the acknowledged batch.
        for file in ["index.db", "index.db-wal", "index.db-shm"] {
            let _ = fs::remove_file(copy.path().join(file));
            if origin.path().join(file).exists() {
                fs::copy(origin.path().join(file), copy.path().join(file)).expect("a copy");
            }
        }
        fs::write(&packs(copy.path())[0], &bytes[..cut]).expect("a pack");
        // Readers and writers both recover.
        let store = if cut % 2 == 0 { Store::open_existing(copy.path()) } else { Store::open(copy.path()) };
        let store = store.expect("a store that recovers");
        let kept = export(&store, &Filter::default());
        assert_eq!(kept[..3], acknowledged[..], "cut at {cut}");
        assert!(kept.len() >= most && kept.len() <= 5, "cut at {cut}");
        most = kept.len();
        drop(store);
        assert_eq!(problems(copy.path()), [], "cut at {cut}");
    }
    assert_eq!(most, 5, "whole objects of an unacknowledged batch are taken in");
}

#[test]
fn after_recovery_writing_goes_on() {
    let dir = folder();
    let (_, _, bytes) = with_tail(dir.path());
    fs::write(&packs(dir.path())[0], &bytes[..bytes.len() - 1]).expect("a pack");
    let mut store = Store::open(dir.path()).expect("a store that recovers");
    add(&mut store, "http://c.test/", "one more text");
    store.commit().expect("a commit");
    assert_eq!(export(&store, &Filter::default()).len(), 6);
    drop(store);
    assert_sound(dir.path());
}

#[test]
fn a_lost_index_is_rebuilt_from_the_packs() {
    let dir = folder();
    let mut store = Store::open(dir.path()).expect("a new store");
    for (i, from) in [0, 10, 500, 0, 900].into_iter().enumerate() {
        add(&mut store, &format!("http://a.test/{i}"), &words(from, 204));
    }
    store.commit().expect("a commit");
    let copies = Filter { copies: true, ..Filter::default() };
    let (before, mut stats) = (export(&store, &copies), store.stats().expect("counts"));
    assert_eq!((stats.duplicates, stats.near_duplicates), (1, 1));
    drop(store);
    for file in ["index.db", "index.db-wal", "index.db-shm"] {
        let _ = fs::remove_file(dir.path().join(file));
    }
    let store = Store::open_existing(dir.path()).expect("a store that rebuilds its index");
    assert_eq!(export(&store, &copies), before);
    let after = store.stats().expect("counts");
    stats.index_bytes = after.index_bytes;
    assert_eq!(after, stats);
    assert_sound(dir.path());
}

#[test]
fn rebuilding_skips_what_is_damaged_and_cuts_nothing() {
    let dir = folder();
    let (records, _) = acknowledged(dir.path());
    for file in ["index.db", "index.db-wal", "index.db-shm"] {
        let _ = fs::remove_file(dir.path().join(file));
    }
    let pack = &packs(dir.path())[0];
    let mut bytes = fs::read(pack).expect("a pack");
    bytes[60] ^= 1;
    fs::write(pack, &bytes).expect("a pack");
    let store = Store::open(dir.path()).expect("a store that rebuilds its index");
    assert_eq!(export(&store, &Filter::default()), records[1..]);
    drop(store);
    assert_eq!(fs::read(pack).expect("a pack"), bytes);
    let faults: Vec<Fault> = problems(dir.path()).iter().map(|problem| problem.fault).collect();
    assert_eq!(faults, [Fault::ObjectWithoutRow]);
}

#[test]
fn every_flipped_byte_is_found_and_hits_one_document_only() {
    let dir = folder();
    let (records, end) = acknowledged(dir.path());
    let pack = &packs(dir.path())[0];
    let bytes = fs::read(pack).expect("a pack");
    for at in 0..usize::try_from(end).expect("a small pack") {
        let mut flipped = bytes.clone();
        flipped[at] ^= 0x40;
        fs::write(pack, &flipped).expect("a pack");
        if at == 7 {
            // The version byte: refused as newer, see the answers.
            assert!(Store::open_existing(dir.path()).is_err());
            continue;
        }
        let found = problems(dir.path());
        assert_eq!(found.len(), 1, "byte {at}: {found:?}");
        let store = Store::open_existing(dir.path()).expect("a readable store");
        let mut out = Vec::new();
        let exported = store.export(&Filter::default(), &mut out).expect("a readable index");
        let hit = usize::from(at >= 16);
        assert_eq!((exported.rows as usize, exported.damaged.len()), (3 - hit, hit), "byte {at}");
        if let Some(id) = &found[0].id {
            assert!(ids(&records).contains(&Some(id.clone())));
            let shown = store.show(id);
            assert!(matches!(shown, Err(tamis::store::Error::Corrupt { .. })), "{shown:?}");
        }
    }
}

#[test]
fn a_pack_that_lost_its_end_is_named_and_never_written_to() {
    let dir = folder();
    let (records, end) = acknowledged(dir.path());
    let pack = packs(dir.path())[0].clone();
    let file = fs::OpenOptions::new().write(true).open(&pack).expect("a pack");
    file.set_len(end - 5).expect("a shorter pack");
    let faults = || problems(dir.path()).iter().map(|p| (p.fault, p.id.clone())).collect::<Vec<_>>();
    let expected = [(Fault::MissingObject, None), (Fault::MissingObject, records[2].id.clone())];
    assert_eq!(faults(), expected);
    let mut store = Store::open(dir.path()).expect("a store");
    add(&mut store, "http://b.test/", "a new text");
    store.commit().expect("a commit");
    drop(store);
    assert_eq!(packs(dir.path()).len(), 2);
    assert_eq!(fs::metadata(&pack).expect("a pack").len(), end - 5);
    assert_eq!(faults(), expected);

    fs::remove_file(&pack).expect("a pack");
    let found = problems(dir.path());
    assert_eq!(found.len(), 4, "{found:?}");
    assert!(found.iter().all(|problem| problem.fault == Fault::MissingPack), "{found:?}");
}

#[test]
fn rows_that_went_missing_leave_a_named_gap() {
    let dir = folder();
    let (records, _) = acknowledged(dir.path());
    let index = rusqlite::Connection::open(dir.path().join("index.db")).expect("SQLite");
    index
        .execute_batch("PRAGMA foreign_keys = off; DELETE FROM document WHERE doc = 2")
        .expect("a deleted row");
    let found = problems(dir.path());
    assert!(found.iter().any(|problem| problem.fault == Fault::ObjectWithoutRow), "{found:?}");
    assert!(found.iter().any(|problem| problem.fault == Fault::Index), "{found:?}");
    let store = Store::open_existing(dir.path()).expect("a readable store");
    assert_eq!(export(&store, &Filter::default()).len(), records.len() - 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Opening, verifying, exporting and adding end, without a panic, on any files.
    #[test]
    fn any_bytes_in_any_file_are_survived(
        file in 0usize..3,
        edits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40),
        keep in any::<prop::sample::Index>(),
    ) {
        let dir = folder();
        acknowledged(dir.path());
        let path = [packs(dir.path())[0].clone(), dir.path().join("index.db"), dir.path().join("lock")];
        let mut bytes = fs::read(&path[file]).expect("a file");
        for (at, byte) in edits {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let keep = keep.index(bytes.len());
        if keep % 3 == 0 {
            bytes.truncate(keep);
        }
        fs::write(&path[file], &bytes).expect("a file");
        for open in [Store::open_existing, Store::open] {
            if let Ok(mut store) = open(dir.path()) {
                let _ = store.verify();
                let _ = store.stats();
                let _ = store.export(&Filter::default(), std::io::sink());
                let mut record = super::record("http://z.test/", &words(0, 60));
                let _ = store.add(&mut record, &super::visit("http://z.test/"));
                let _ = store.commit();
            }
        }
    }
}
