//! The cleaner from outside: whole pages, any bytes, documents made to hang it.

mod hostile;
mod intents;
mod markdown;
mod mutations;
mod pages;
mod properties;

use std::fs;
use std::path::{Path, PathBuf};
use tamis::clean::Media;

/// The folders of `fixtures/pages`, each a page with what must come out of it.
fn cases() -> Vec<PathBuf> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/pages");
    let mut cases: Vec<PathBuf> =
        fs::read_dir(folder).expect("fixtures/pages").filter_map(|e| Some(e.ok()?.path())).collect();
    cases.sort();
    assert!(cases.len() >= 20, "only {} pages", cases.len());
    cases
}

/// What such a folder holds, and what it is.
fn source(case: &Path) -> (Media, Vec<u8>) {
    let files = [("source.html", Media::Html), ("source.txt", Media::Text), ("source.md", Media::Markdown)]
        .into_iter();
    let mut read = files.filter_map(|(name, media)| Some((media, fs::read(case.join(name)).ok()?)));
    read.next().expect("a source")
}
