//! Rebuilds the models that tamis weighs blocks with: reads corpora, aligns each page's blocks with its
//! gold text, measures features with the library's own code, boosts trees (LightGBM, through
//! `boost.py`), cross-validates by registered domain, prints the scores and writes the model files.
//!
//! The same corpora and the same seed give the same bytes.

mod align;
mod alike;
mod corpus;
mod disguise;
mod evaluate;
mod kinds;
mod logistic;
mod metadata;
mod pack;
mod pages;
mod render;
mod titles;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use tamis::clean::weigh::features::{kin, names};

const USAGE: &str = "usage: tamis-train --corpora DIR --out DIR [--work DIR] [--sets html|text|all|kind|metadata] [--evaluate-only] [--last-trees] [--unseen-languages] [--list N]

  --corpora DIR   folder of SET-dev.jsonl.gz files: one page a line with id, url, html or text, gold, with, without
  --out DIR       where html.model and text.model are written (src/clean/weigh/model)
  --work DIR      scratch folder for matrices (default: target/train)
  --sets WHICH    which of the two models to rebuild (default: all); kind: those of the page's kind (src/clean/describe/kind);
                  metadata: none, but print how often title, author and date are right (needs no --out)
  --list N        with --sets metadata: also print up to N errors of every sort (default: 0)
  --unseen-languages  learn no language that is scored (folds by language, English by domain); write no model
  --evaluate-only score the last run's out-of-fold predictions again; write no model
  --last-trees    as --evaluate-only, and write the last run's trees with these scores: for when only what follows
                  the weighing changed
";

/// The sets of labelled HTML pages.
const HTML_SETS: [&str; 5] = ["wcxb", "aed", "daniel", "magic", "snippets"];

struct Settings {
    corpora: PathBuf,
    out: PathBuf,
    work: PathBuf,
    which: String,
    evaluate_only: bool,
    last_trees: bool,
    unseen_languages: bool,
    list: usize,
}

fn main() -> ExitCode {
    match settings().and_then(|s| run(&s)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("tamis-train: {message}");
            ExitCode::from(2)
        }
    }
}

fn settings() -> Result<Settings, String> {
    let mut arguments = std::env::args().skip(1);
    let (mut corpora, mut out, mut evaluate_only, mut last_trees) = (None, None, false, false);
    let mut work = PathBuf::from("target/train");
    let mut which = "all".to_owned();
    let (mut list, mut unseen_languages) = (0, false);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{argument} needs a value\n{USAGE}"));
        match argument.as_str() {
            "--corpora" => corpora = Some(PathBuf::from(value()?)),
            "--out" => out = Some(PathBuf::from(value()?)),
            "--work" => work = PathBuf::from(value()?),
            "--sets" => which = value()?,
            "--list" => list = value()?.parse().map_err(|_| format!("--list needs a number\n{USAGE}"))?,
            "--evaluate-only" => evaluate_only = true,
            "--last-trees" => last_trees = true,
            "--unseen-languages" => unseen_languages = true,
            other => return Err(format!("unknown argument {other}\n{USAGE}")),
        }
    }
    if !["html", "text", "all", "kind", "metadata", "titles"].contains(&which.as_str()) {
        return Err(format!("--sets {which}: html, text, all, kind or metadata\n{USAGE}"));
    }
    let corpora = corpora.ok_or(USAGE)?;
    let out = if which == "metadata" { PathBuf::new() } else { out.ok_or(USAGE)? };
    Ok(Settings { corpora, out, work, which, evaluate_only, last_trees, unseen_languages, list })
}

fn run(settings: &Settings) -> Result<(), String> {
    if settings.which == "titles" {
        return titles::rebuild(&settings.corpora, &settings.out);
    }
    if settings.which == "metadata" {
        return metadata::measure(&settings.corpora, settings.list);
    }
    std::fs::create_dir_all(&settings.work).map_err(|e| format!("{}: {e}", settings.work.display()))?;
    if settings.which == "kind" {
        return kinds::rebuild(&settings.corpora, &settings.work, &settings.out);
    }
    let wanted = |name: &str| settings.which == "all" || settings.which == name;
    if wanted("html") {
        rebuild(settings, "html", corpus::read(&settings.corpora, &HTML_SETS, true)?)?;
    }
    if wanted("text") {
        let mut rows = corpus::read(&settings.corpora, &["text"], false)?;
        let pages = corpus::read_any(&settings.corpora, &HTML_SETS, true)?;
        let clean: Vec<_> = rows.iter().chain(&pages).filter_map(render::as_clean).collect();
        rows.extend(pages.into_iter().flat_map(render::as_texts));
        rows.extend(clean);
        rebuild(settings, "text", rows)?;
    }
    Ok(())
}

/// One model, from corpora to file.
fn rebuild(settings: &Settings, name: &str, rows: Vec<corpus::Row>) -> Result<(), String> {
    let fold = if settings.unseen_languages { corpus::Row::language_fold } else { corpus::Row::fold };
    let mut pages = pages::segment(corpus::with_copies(rows), fold);
    eprintln!(
        "{name}: {} pages, {} blocks",
        pages.len(),
        pages.iter().map(|p| p.blocks.len()).sum::<usize>()
    );
    let work = settings.work.join(name);
    let again = work.join("second");
    if settings.evaluate_only {
        let chances = pages::predictions(&pages, &again)?;
        return evaluate::evaluate(&mut pages, chances, &work).map(|_| ());
    }
    let tables = logistic::fit_all_folds(&pages);
    // What a block is, is learned from files with furniture; that a file has none, from the page as a whole.
    if !settings.last_trees {
        pages::write_matrix(&pages, false, &names(), &work, |p| pages::first(p, &tables))?;
        boost(&work, "first")?;
        let said: Vec<Vec<f32>> = pages::predictions(&pages, &work)?;
        let of = |p: &pages::Page| &said[p.number];
        pages::write_matrix(&pages, true, &kin::names(), &again, |p| pages::second(p, &tables, of(p)))?;
        boost(&again, "second")?;
    }
    let chances = pages::predictions(&pages, &again)?;
    let scores = evaluate::evaluate(&mut pages, chances, &work)?;
    if settings.unseen_languages {
        return Ok(());
    }
    let out = settings.out.join(format!("{name}.model"));
    pack::write([&work, &again], &tables.whole, trained_on(&pages), &scores, &out)
}

/// The sets that the pages come from, each once.
fn trained_on(pages: &[pages::Page]) -> Vec<String> {
    let mut sets: Vec<String> = pages.iter().map(|p| p.row.set.clone()).collect();
    sets.dedup();
    sets
}

/// Runs `boost.py` on a work folder. `pass`: its settings there.
fn boost(work: &Path, pass: &str) -> Result<(), String> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/boost.py");
    let status = Command::new("python3")
        .arg(script)
        .arg(work)
        .arg(pass)
        .status()
        .map_err(|e| format!("python3: {e}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{script} failed; does `pip install -r train/requirements.txt` help?"))
    }
}
