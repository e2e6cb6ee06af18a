//! Rows -> pages cut into blocks and labelled, and their features as files that `boost.py` reads.

use crate::align;
use crate::corpus::Row;
use crate::disguise::disguise;
use crate::logistic::FoldTables;
use crate::render;
use std::borrow::Cow;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use tamis::clean::block::Block;
use tamis::clean::parse::{self, Tree};
use tamis::clean::repair::Repairs;
use tamis::clean::weigh::features::kin::Second;
use tamis::clean::weigh::features::{Matrix, Scene, measure, tokens};
use tamis::clean::weigh::rules::{self, Evidence};
use tamis::clean::{own_address, region, segment, text};
use url::Url;

/// A page ready for training.
pub struct Page {
    /// Counted from 0 in the order of the corpora.
    pub number: usize,
    pub row: Row,
    pub fold: usize,
    pub url: Option<Url>,
    pub tree: Option<Tree>,
    pub regions: Vec<u32>,
    pub blocks: Vec<Block>,
    pub evidence: Vec<Evidence>,
    /// Share of each block that is main text, 0 to 1; empty where the page has no gold text.
    pub labels: Vec<f32>,
    /// Each block's weight in training.
    pub weights: Vec<f32>,
    pub classes: Vec<Vec<u32>>,
    pub words: Vec<Vec<u32>>,
}

impl Page {
    /// Is it a main text alone, given as a file?
    pub fn is_clean(&self) -> bool {
        self.row.set == render::CLEAN
    }
}

/// How much a page of a set counts.
fn set_weight(set: &str) -> f32 {
    match set {
        "daniel" => 0.5,
        "magic" => 1.5,
        // Each page comes twice, whole and extracted.
        render::SET => 0.6,
        render::CLEAN => 0.3,
        _ => 1.0,
    }
}

/// Cuts and labels every page. `fold`: which one it is in.
pub fn segment(rows: impl Iterator<Item = Row>, fold: fn(&Row) -> usize) -> Vec<Page> {
    rows.enumerate().map(|(number, row)| page(number, row, fold)).collect()
}

fn page(number: usize, mut row: Row, fold: fn(&Row) -> usize) -> Page {
    let (tree, regions, blocks) = match (row.html.take(), row.text.take()) {
        (Some(html), _) => {
            let html = match row.disguised {
                Some(named) => disguise(&html, named),
                None => html,
            };
            let (tree, _) = parse::parse(&html, &parse::Budget::default());
            let regions = region::map(&tree);
            let blocks = segment::segment(&tree, &regions);
            (Some(tree), regions, blocks)
        }
        (None, text) => {
            let lines = text::read(text.as_deref().unwrap_or_default(), Repairs::ALL, row.is_markdown);
            (None, Vec::new(), lines.blocks)
        }
    };
    let url = address(&row, tree.as_ref());
    let evidence = rules::weigh(&blocks);
    let block_tokens: Vec<Vec<String>> = blocks.iter().map(|b| align::tokens(&b.text)).collect();
    let sizes: Vec<f32> = block_tokens.iter().map(|t| t.len() as f32).collect();
    let (labels, weights) = match row.gold.as_deref() {
        Some(gold) if !gold.trim().is_empty() => {
            let gold = align::tokens(gold);
            let scale = 100.0 * set_weight(&row.set)
                / (gold.len() as f32 + 0.25 * sizes.iter().sum::<f32>()).max(20.0);
            (align::labels(&block_tokens, &gold), sizes.iter().map(|s| s.max(0.5) * scale).collect())
        }
        _ => weak_labels(&row, &blocks),
    };
    let classes =
        blocks.iter().map(|b| tree.as_ref().map_or(Vec::new(), |t| tokens::class_tokens(t, b))).collect();
    let words = blocks.iter().map(tokens::word_tokens).collect();
    Page {
        number,
        fold: fold(&row),
        row,
        url,
        tree,
        regions,
        blocks,
        evidence,
        labels,
        weights,
        classes,
        words,
    }
}

/// The address that the program would know: files of text have none.
fn address(row: &Row, tree: Option<&Tree>) -> Option<Url> {
    if row.muted || [render::SET, render::CLEAN].contains(&row.set.as_str()) {
        return None;
    }
    let given = row.url.as_deref().and_then(|u| Url::parse(u).ok());
    own_address::of(given.as_ref(), tree).map(Cow::into_owned)
}

/// Labels from snippets alone: blocks that hold a must-keep snippet, and short blocks that hold a must-go
/// one; nothing is known of the others, and their weight is 0.
fn weak_labels(row: &Row, blocks: &[Block]) -> (Vec<f32>, Vec<f32>) {
    if row.with.is_empty() && row.without.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let holds = |b: &Block, list: &[String], times: usize| {
        list.iter().any(|s| b.text.contains(s.as_str()) && b.text.len() <= s.len().saturating_mul(times))
    };
    blocks
        .iter()
        .map(|b| match (holds(b, &row.with, usize::MAX), holds(b, &row.without, 3)) {
            (true, false) => (1.0, 3.0),
            (false, true) => (0.0, 3.0),
            _ => (0.0, 0.0),
        })
        .unzip()
}

/// Writes a matrix (`x.f32`, rows of `names.txt`' length) of all blocks, their labels, weights and folds,
/// which of them are to be learned from, each one's page and words. The others are predicted all the same: blocks
/// without a label and, unless it `learns_clean`, those of clean files.
pub fn write_matrix(
    pages: &[Page],
    learns_clean: bool,
    names: &[String],
    work: &Path,
    matrix_of: impl Fn(&Page) -> Matrix,
) -> Result<(), String> {
    std::fs::create_dir_all(work).map_err(|e| format!("{}: {e}", work.display()))?;
    let file = |name: &str| {
        let path = work.join(name);
        File::create(&path).map(BufWriter::new).map_err(|e| format!("{}: {e}", path.display()))
    };
    let failed = |e: std::io::Error| format!("{}: {e}", work.display());
    let (mut x, mut y, mut w, mut fold) = (file("x.f32")?, file("y.f32")?, file("w.f32")?, file("fold.u8")?);
    let (mut labelled, mut page, mut size) = (file("labelled.u8")?, file("page.u32")?, file("size.f32")?);
    for p in pages {
        for v in &matrix_of(p).values {
            x.write_all(&v.to_le_bytes()).map_err(failed)?;
        }
        for at in 0..p.blocks.len() {
            y.write_all(&p.labels.get(at).unwrap_or(&0.0).to_le_bytes()).map_err(failed)?;
            w.write_all(&p.weights.get(at).unwrap_or(&0.0).to_le_bytes()).map_err(failed)?;
            fold.write_all(&[p.fold as u8]).map_err(failed)?;
            page.write_all(&(p.number as u32).to_le_bytes()).map_err(failed)?;
            size.write_all(&(p.blocks[at].words as f32).to_le_bytes()).map_err(failed)?;
            let learned = p.weights.get(at).is_some_and(|w| *w > 0.0) && (learns_clean || !p.is_clean());
            labelled.write_all(&[u8::from(learned)]).map_err(failed)?;
        }
    }
    for mut f in [x, y, w, fold, labelled, page, size] {
        f.flush().map_err(failed)?;
    }
    let path = work.join("names.txt");
    std::fs::write(&path, names.join("\n")).map_err(|e| format!("{}: {e}", path.display()))
}

/// The matrix of the first pass.
pub fn first(page: &Page, tables: &FoldTables) -> Matrix {
    measure(&scene(page, tables), 0..page.blocks.len())
}

/// The matrix of the second pass; `chances`: what the first pass said out-of-fold.
pub fn second(page: &Page, tables: &FoldTables, chances: &[f32]) -> Matrix {
    Second::new(&scene(page, tables), chances).measure(0..page.blocks.len())
}

fn scene<'a>(p: &'a Page, tables: &'a FoldTables) -> Scene<'a> {
    let tables = if p.row.muted { &tables.muted } else { &tables.folds };
    Scene::new(&p.blocks, p.tree.as_ref(), &p.regions, &p.evidence, p.url.as_ref(), &tables[p.fold])
}

/// Reads the out-of-fold predictions of a work folder, page by page.
pub fn predictions(pages: &[Page], work: &Path) -> Result<Vec<Vec<f32>>, String> {
    let path = work.join("oof.f32");
    let bytes = std::fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let mut values = bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]));
    Ok(pages.iter().map(|p| values.by_ref().take(p.blocks.len()).collect()).collect())
}
