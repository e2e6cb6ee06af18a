//! Evidence for and against each block, and how likely it is part of the main text: named rules give
//! evidence, features measure structure and surroundings, a learned model weighs them all.

pub mod features;
pub mod headings;
pub mod model;
pub mod reason;
pub mod rules;

use super::block::Block;
use super::parse::Tree;
use features::kin::Second;
use features::{Scene, measure};
use rules::Evidence;
use std::ops::Range;
use url::Url;

/// A page's blocks, weighed.
#[derive(Debug)]
pub struct Weighed {
    /// For each block, what the named rules found.
    pub evidence: Vec<Evidence>,
    /// For each block, the probability that it is main text, 0 to 1.
    pub chances: Vec<f32>,
}

/// How many blocks are measured and weighed at a time.
const ROWS: usize = 128;

/// Weighs every block. `tree` and `regions` are a page's; a text file has neither.
pub fn weigh(blocks: &[Block], tree: Option<&Tree>, regions: &[u32], url: Option<&Url>) -> Weighed {
    let evidence = rules::weigh(blocks);
    let model = if tree.is_some() { &*model::HTML } else { &*model::TEXT };
    let scene = Scene::new(blocks, tree, regions, &evidence, url, &model.tables);
    let first = in_chunks(blocks.len(), |range| model.first.predict(&measure(&scene, range)));
    let kin = Second::new(&scene, &first);
    let mut chances = in_chunks(blocks.len(), |range| model.second.predict(&kin.measure(range)));
    headings::lift(blocks, &evidence, &mut chances);
    Weighed { evidence, chances }
}

/// A few rows at a time: they stay in the cache while all trees pass over them.
fn in_chunks(rows: usize, of: impl Fn(Range<usize>) -> Vec<f32>) -> Vec<f32> {
    (0..rows).step_by(ROWS).flat_map(|at| of(at..(at + ROWS).min(rows))).collect()
}
