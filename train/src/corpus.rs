//! Labelled pages: one JSON object a line.

use flate2::read::MultiGzDecoder;
use serde::Deserialize;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use tamis::clean::decode::decode;

/// Folds of the cross-validation; a registered domain is in one of them.
pub const FOLDS: usize = 5;

/// One page in so many is learned from muted, too, and another one disguised.
const COPIED: u64 = 4;

/// A labelled page.
#[derive(Debug, Default, Clone, Deserialize)]
pub struct Row {
    pub id: String,
    #[serde(default)]
    pub set: String,
    pub url: Option<String>,
    pub html: Option<String>,
    pub text: Option<String>,
    /// The whole main text; `None` where only snippets are labelled.
    pub gold: Option<String>,
    #[serde(default)]
    pub with: Vec<String>,
    #[serde(default)]
    pub without: Vec<String>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub lang: Option<String>,
    pub rendering: Option<String>,
    /// Is the text Markdown?
    #[serde(skip)]
    pub is_markdown: bool,
    /// Is it to be read as if its language and its address were unknown? Learned from, never scored.
    #[serde(skip)]
    pub muted: bool,
    /// Are its elements' names to say nothing, too (`Some(true)`), or has it none (`Some(false)`)?
    #[serde(skip)]
    pub disguised: Option<bool>,
    /// Title, authors and day of publication: absent where nobody looked, `null` or empty where the page has none.
    #[serde(default, deserialize_with = "labelled")]
    pub title: Option<Option<String>>,
    #[serde(default, deserialize_with = "labelled")]
    pub author: Option<Option<String>>,
    #[serde(default, deserialize_with = "labelled")]
    pub date: Option<Option<String>>,
}

fn labelled<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(from).map(|value| Some(value.filter(|v| !v.is_empty())))
}

impl Row {
    /// The registered domain, or what there is in its place: the host, the page's id.
    pub fn domain(&self) -> String {
        let host = self
            .url
            .as_deref()
            .and_then(|u| url::Url::parse(u).ok())
            .and_then(|u| u.host_str().map(str::to_owned));
        host.as_deref().and_then(psl::domain_str).map(str::to_owned).or(host).unwrap_or(self.id.clone())
    }

    /// The fold of the page's registered domain.
    pub fn fold(&self) -> usize {
        (xxhash_rust::xxh3::xxh3_64(self.domain().as_bytes()) % FOLDS as u64) as usize
    }

    /// A fold that holds all pages of the page's language, so that no language is learned from that is scored;
    /// English, which most pages are in, by registered domain.
    pub fn language_fold(&self) -> usize {
        let text = self.gold.clone().unwrap_or_else(|| self.with.join(" "));
        match whatlang::detect_lang(&text) {
            Some(lang) if lang != whatlang::Lang::Eng => {
                (xxhash_rust::xxh3::xxh3_64(lang.code().as_bytes()) % FOLDS as u64) as usize
            }
            _ => self.fold(),
        }
    }
}

/// The pages, and some of them once more, muted: without words and address, and without the names of elements, there
/// is less to go by, and that is to be learned.
pub fn with_copies(rows: Vec<Row>) -> impl Iterator<Item = Row> {
    rows.into_iter().flat_map(|row| {
        let dice = xxhash_rust::xxh3::xxh3_64(row.id.as_bytes());
        let disguised = (dice % COPIED == 1 && row.html.is_some()).then_some(dice & 8 == 0);
        let is_copied = dice.is_multiple_of(COPIED) || disguised.is_some();
        let copy = is_copied.then(|| Row { muted: true, disguised, ..row.clone() });
        std::iter::once(row).chain(copy)
    })
}

/// Reads labelled pages from a folder: the sets of these names that it holds (`SET-dev.jsonl.gz`), in
/// order, and, if `with_pairs`, `html/NAME.html` and `text/NAME.txt`, each pair one page and its main text.
/// That there are none is an error.
pub fn read(folder: &Path, sets: &[&str], with_pairs: bool) -> Result<Vec<Row>, String> {
    let rows = read_any(folder, sets, with_pairs)?;
    if rows.is_empty() {
        let names = sets.join(", ");
        return Err(format!(
            "{}: neither SET-dev.jsonl.gz ({names}) nor folders html and text in it",
            folder.display()
        ));
    }
    Ok(rows)
}

/// As [`read`]; there may be none.
pub fn read_any(folder: &Path, sets: &[&str], with_pairs: bool) -> Result<Vec<Row>, String> {
    let has_pairs = with_pairs && folder.join("html").is_dir();
    let mut rows = if has_pairs { pairs(folder)? } else { Vec::new() };
    for set in sets {
        let path = folder.join(format!("{set}-dev.jsonl.gz"));
        if path.is_file() {
            read_set(&path, set, &mut rows)?;
        }
    }
    Ok(rows)
}

fn read_set(path: &Path, set: &str, rows: &mut Vec<Row>) -> Result<(), String> {
    let name = |e: &dyn std::fmt::Display| format!("{}: {e}", path.display());
    let file = File::open(path).map_err(|e| name(&e))?;
    for (at, line) in BufReader::new(MultiGzDecoder::new(file)).lines().enumerate() {
        let line = line.map_err(|e| name(&e))?;
        let mut row: Row = serde_json::from_str(&line).map_err(|e| name(&format!("line {}: {e}", at + 1)))?;
        row.set = set.to_owned();
        rows.push(row);
    }
    Ok(())
}

fn pairs(folder: &Path) -> Result<Vec<Row>, String> {
    let failed = |path: &Path, e: std::io::Error| format!("{}: {e}", path.display());
    let html = folder.join("html");
    let entries = std::fs::read_dir(&html).map_err(|e| failed(&html, e))?;
    let mut pages: Vec<_> = entries.flatten().map(|e| e.path()).collect();
    pages.sort();
    let read = |path: &Path| {
        let bytes = std::fs::read(path).map_err(|e| failed(path, e))?;
        Ok::<String, String>(decode(&bytes, None, true).text.into_owned())
    };
    let mut rows = Vec::new();
    for page in pages.iter().filter(|p| p.extension().is_some_and(|e| e == "html" || e == "htm")) {
        let stem = page.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = folder.join("text").join(format!("{stem}.txt"));
        rows.push(Row {
            id: stem,
            set: "pairs".to_owned(),
            html: Some(read(page)?),
            gold: Some(std::fs::read_to_string(&text).map_err(|e| failed(&text, e))?),
            ..Row::default()
        });
    }
    Ok(rows)
}
