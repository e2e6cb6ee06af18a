//! Labelled pages: one JSON object a line.

use flate2::read::MultiGzDecoder;
use serde::Deserialize;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// Folds of the cross-validation; a registered domain is in one of them.
pub const FOLDS: usize = 5;

/// A labelled page.
#[derive(Debug, Deserialize)]
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
}

impl Row {
    /// The fold of the page's registered domain.
    pub fn fold(&self) -> usize {
        let host = self
            .url
            .as_deref()
            .and_then(|u| url::Url::parse(u).ok())
            .and_then(|u| u.host_str().map(str::to_owned));
        let domain =
            host.as_deref().and_then(psl::domain_str).map(str::to_owned).or(host).unwrap_or(self.id.clone());
        (xxhash_rust::xxh3::xxh3_64(domain.as_bytes()) % FOLDS as u64) as usize
    }
}

/// Reads the sets, in order.
pub fn read(folder: &Path, sets: &[&str]) -> Result<Vec<Row>, String> {
    let mut rows = Vec::new();
    for set in sets {
        let path = folder.join(format!("{set}-dev.jsonl.gz"));
        let name = |e: &dyn std::fmt::Display| format!("{}: {e}", path.display());
        let file = File::open(&path).map_err(|e| name(&e))?;
        for (at, line) in BufReader::new(MultiGzDecoder::new(file)).lines().enumerate() {
            let line = line.map_err(|e| name(&e))?;
            let mut row: Row =
                serde_json::from_str(&line).map_err(|e| name(&format!("line {}: {e}", at + 1)))?;
            row.set = (*set).to_owned();
            rows.push(row);
        }
    }
    Ok(rows)
}
