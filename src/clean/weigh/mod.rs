//! Evidence for and against each block, and how likely it is part of the main text: named rules give
//! evidence, features measure structure and surroundings, a learned model weighs them all.

pub mod features;
pub mod model;
pub mod reason;
pub mod rules;

use super::block::Block;
use super::parse::Tree;
use features::{Scene, measure_some};
use rules::Evidence;
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
const ROWS: usize = 1_000;

/// Weighs every block. `tree` and `regions` are a page's; a text file has neither.
pub fn weigh(blocks: &[Block], tree: Option<&Tree>, regions: &[u32], url: Option<&Url>) -> Weighed {
    let evidence = rules::weigh(blocks);
    let model = if tree.is_some() { &*model::HTML } else { &*model::TEXT };
    let scene = Scene::new(blocks, tree, regions, &evidence, url, &model.tables);
    let chances = (0..blocks.len())
        .step_by(ROWS)
        .flat_map(|at| model.predict(&measure_some(&scene, at..(at + ROWS).min(blocks.len()))))
        .collect();
    Weighed { evidence, chances }
}
