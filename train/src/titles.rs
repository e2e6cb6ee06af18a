//! The choice of a text file's title line: every line that may be it, with the library's own measures, and which is
//! right -> a weight a measure (a softmax over the lines of a file, and over there being no title). Each file counts
//! twice: with its address, and without, as files come.

use crate::alike::same_title;
use crate::corpus::{self, FOLDS, Row};
use std::fmt::Write;
use std::path::Path;
use tamis::clean::describe::title_line::{MEASURES, read};
use tamis::clean::{Focus, choose, describe, text, weigh};
use url::Url;

/// Passes over all files.
const ROUNDS: usize = 400;

/// First step of a weight.
const STEP: f64 = 0.3;

/// How strongly weights are drawn to 0.
const DECAY: f64 = 2.0;

/// Measures, and one for "none".
const WIDTH: usize = MEASURES.len() + 1;

type Measured = [f64; WIDTH];

/// A text file: its lines and, last, none of them; which of these is right.
struct File {
    fold: usize,
    addressed: bool,
    lines: Vec<(Measured, bool)>,
}

/// Writes `title_line.tsv` into `out`; its head says what share is right out-of-fold.
pub fn rebuild(corpora: &Path, out: &Path) -> Result<(), String> {
    let rows = corpus::read(corpora, &["text"], false)?;
    let titled = rows.iter().filter(|row| row.title.as_ref().is_some_and(Option::is_some));
    let files: Vec<File> =
        titled.flat_map(|row| [true, false].map(|addressed| file(row, addressed))).collect();
    let (mut right, mut all) = ([0usize; 2], [0usize; 2]);
    for fold in 0..FOLDS {
        let weights = fit(files.iter().filter(|f| f.fold != fold));
        for file in files.iter().filter(|f| f.fold == fold) {
            let lines = &file.lines[..file.lines.len() - 1];
            let best =
                lines.iter().rev().max_by(|a, b| score(&a.0, &weights).total_cmp(&score(&b.0, &weights)));
            right[usize::from(file.addressed)] += usize::from(best.is_some_and(|b| b.1));
            all[usize::from(file.addressed)] += 1;
        }
    }
    let share = |n: usize| right[n] as f64 / all[n].max(1) as f64;
    let shares = format!(
        "right out-of-fold, of {} files: {:.3} with their address, {:.3} without",
        all[1],
        share(1),
        share(0)
    );
    println!("{shares}");
    let mut table = format!(
        "# The weights of a title line's measures; written by tamis-train. The text's lines\n# {shares}.\n"
    );
    for (name, weight) in MEASURES.iter().chain(["none"].iter()).zip(fit(files.iter())) {
        writeln!(table, "{name}\t{weight:.3}").map_err(|e| e.to_string())?;
    }
    read(&table)?;
    let path = out.join("title_line.tsv");
    std::fs::write(&path, table).map_err(|e| format!("{}: {e}", path.display()))
}

fn file(row: &Row, addressed: bool) -> File {
    let url = row.url.as_deref().filter(|_| addressed).and_then(|u| Url::parse(u).ok());
    let row_address = row.url.as_deref();
    let gold = row.title.iter().flatten().next().map_or("", String::as_str);
    let blocks = text::segment(row.text.as_deref().unwrap_or_default());
    let weighed = weigh::weigh(&blocks, None, &[], url.as_ref());
    let kept = choose::choose(&blocks, &weighed, Focus::Balanced);
    let seen = describe::Page {
        front: None,
        tree: None,
        blocks: &blocks,
        evidence: &weighed.evidence,
        kept: &kept,
        url: url.as_ref(),
        reference: None,
    };
    let mut lines: Vec<(Measured, bool)> = describe::title_lines(&seen)
        .into_iter()
        .map(|(at, measures)| {
            let mut row = [0.0; WIDTH];
            for (to, from) in row.iter_mut().zip(measures) {
                *to = f64::from(from);
            }
            (row, same_title(gold, &blocks[at].text, None, row_address))
        })
        .collect();
    let mut none = [0.0; WIDTH];
    none[WIDTH - 1] = 1.0;
    let shown = lines.iter().any(|(_, right)| *right);
    lines.push((none, !shown));
    File { fold: row.fold(), addressed, lines }
}

fn score(row: &Measured, weights: &Measured) -> f64 {
    row.iter().zip(weights).map(|(m, w)| m * w).sum()
}

/// Gradient ascent on the log of the chance given to what is right, each weight with its own step (AdaGrad).
fn fit<'f>(files: impl Iterator<Item = &'f File>) -> Measured {
    let files: Vec<&File> = files.filter(|f| f.lines.len() > 1).collect();
    let (mut weights, mut seen) = ([0.0; WIDTH], [1e-9; WIDTH]);
    for _ in 0..ROUNDS {
        let mut slope = weights.map(|w: f64| -DECAY * w);
        for file in &files {
            let scores: Vec<f64> = file.lines.iter().map(|(row, _)| score(row, &weights)).collect();
            let most = scores.iter().copied().fold(f64::MIN, f64::max);
            let powers: Vec<f64> = scores.iter().map(|s| (s - most).exp()).collect();
            let all: f64 = powers.iter().sum();
            let of_right = powers.iter().zip(&file.lines).filter(|(_, l)| l.1).map(|(p, _)| p).sum::<f64>();
            for (power, (row, right)) in powers.iter().zip(&file.lines) {
                let pull = if *right { power / of_right.max(1e-300) } else { 0.0 } - power / all;
                for (slope, measure) in slope.iter_mut().zip(row) {
                    *slope += pull * measure;
                }
            }
        }
        for ((weight, seen), slope) in weights.iter_mut().zip(&mut seen).zip(slope) {
            *seen += slope * slope;
            *weight += STEP * slope / seen.sqrt();
        }
    }
    weights
}
