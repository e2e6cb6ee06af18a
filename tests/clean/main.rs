//! The cleaner from outside: whole pages, any bytes, documents made to hang it.

mod hostile;
mod intents;
mod markdown;
mod mutations;
mod pages;
mod properties;

use std::fs;
use std::path::PathBuf;

/// The folders of `fixtures/pages`, each a page with what must come out of it.
fn cases() -> Vec<PathBuf> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/pages");
    let mut cases: Vec<PathBuf> =
        fs::read_dir(folder).expect("fixtures/pages").filter_map(|e| Some(e.ok()?.path())).collect();
    cases.sort();
    assert!(cases.len() >= 20, "only {} pages", cases.len());
    cases
}
