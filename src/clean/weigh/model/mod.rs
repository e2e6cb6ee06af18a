//! The learned scorer: gradient-boosted trees over the features, read from a model file that `train/`
//! writes. The file says what it was trained on and how it scored; a file made for other features than
//! the code measures is refused.
//!
//! Layout, little endian: `TAMISMDL`, format version (u32), header length (u32), header (JSON); then for
//! each of the class and the word table its length (u32) and one signed byte a bucket, in steps of 1/16;
//! then for each of the two passes the number of trees (u32) and for each tree the number of splits (u16)
//! and of each split feature (u16), threshold (f32), left and right (i16: a split, or `!leaf`), and the
//! splits + 1 leaves (f32).

use super::features::tokens::Tables;
use super::features::{Matrix, kin, names};
use crate::clean::model_file::{ModelError, Reader, embedded, open};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use xxhash_rust::xxh3::xxh3_64;

pub const MAGIC: &[u8; 8] = b"TAMISMDL";
pub const FORMAT: u32 = 2;
/// The tables' weights are multiples of this.
pub const STEP: f32 = 1.0 / 16.0;

/// What a model file says of itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Header {
    /// See [`fingerprint`].
    pub features: String,
    /// The data it was trained on.
    pub trained_on: Vec<String>,
    /// Out-of-fold scores, by set, kind and language.
    pub scores: BTreeMap<String, f64>,
}

/// A hash of the features' names in their order, those of the second pass after those of the first.
pub fn fingerprint() -> String {
    format!("{:016x}", xxh3_64([names(), kin::names()].concat().join("\n").as_bytes()))
}

/// A split, or a leaf that points at itself.
#[derive(Debug, Clone, Copy)]
struct Node {
    threshold: f32,
    feature: u16,
    left: u16,
    right: u16,
}

#[derive(Debug)]
struct Tree {
    /// The splits, then the leaves.
    nodes: Vec<Node>,
    /// How many of the nodes are splits.
    splits: usize,
    leaves: Vec<f32>,
}

/// A model in memory.
#[derive(Debug)]
pub struct Model {
    pub header: Header,
    pub tables: Tables,
    /// Weighs each block by what is measured on the page.
    pub first: Forest,
    /// Weighs it again, knowing what the first pass said of all.
    pub second: Forest,
}

/// Boosted trees: their sum is the log-odds.
#[derive(Debug)]
pub struct Forest {
    trees: Vec<Tree>,
}

/// The model for HTML pages.
pub static HTML: LazyLock<Model> = LazyLock::new(|| embedded(Model::read(include_bytes!("html.model"))));
/// The model for text files.
pub static TEXT: LazyLock<Model> = LazyLock::new(|| embedded(Model::read(include_bytes!("text.model"))));

impl Model {
    /// Reads a model file and checks that it fits the code.
    pub fn read(bytes: &[u8]) -> Result<Self, ModelError> {
        let (header, mut reader): (Header, Reader<'_>) = open(bytes, MAGIC, FORMAT)?;
        if header.features != fingerprint() {
            return Err(ModelError::OtherFeatures { file: header.features, code: fingerprint() });
        }
        let tables = Tables { classes: table(&mut reader)?, words: table(&mut reader)? };
        let first = forest(&mut reader, names().len())?;
        let second = forest(&mut reader, kin::names().len())?;
        reader.end()?;
        Ok(Self { header, tables, first, second })
    }
}

impl Forest {
    /// For each row, the probability that its block is main text.
    pub fn predict(&self, matrix: &Matrix) -> Vec<f32> {
        let rows: Vec<&[f32]> = matrix.rows().collect();
        let mut sums = vec![0.0f32; rows.len()];
        for tree in &self.trees {
            for (sums, rows) in sums.chunks_mut(LANES).zip(rows.chunks(LANES)) {
                tree.add(sums, rows);
            }
        }
        sums.iter().map(|z| 1.0 / (1.0 + (-z).exp())).collect()
    }
}

/// So many rows walk down a tree side by side: no walk waits for another one's memory.
const LANES: usize = 8;

impl Tree {
    /// Adds each row's leaf to its sum. At most [`LANES`] rows.
    fn add(&self, sums: &mut [f32], rows: &[&[f32]]) {
        let mut at = [0usize; LANES];
        let at = &mut at[..rows.len()];
        while at.iter().any(|&n| n < self.splits) {
            for (at, row) in at.iter_mut().zip(rows) {
                let node = self.nodes[*at];
                let goes_left = row[usize::from(node.feature)] <= node.threshold;
                *at = usize::from(if goes_left { node.left } else { node.right });
            }
        }
        for (sum, &mut at) in sums.iter_mut().zip(at) {
            *sum += self.leaves[at - self.splits];
        }
    }
}

fn table(reader: &mut Reader<'_>) -> Result<Vec<f32>, ModelError> {
    let n = reader.u32()? as usize;
    Ok(reader.take(n)?.iter().map(|&b| f32::from(b as i8) * STEP).collect())
}

fn forest(reader: &mut Reader<'_>, columns: usize) -> Result<Forest, ModelError> {
    let count = reader.u32()?;
    Ok(Forest { trees: (0..count).map(|_| tree(reader, columns)).collect::<Result<_, _>>()? })
}

fn tree(reader: &mut Reader<'_>, columns: usize) -> Result<Tree, ModelError> {
    let n = usize::from(reader.u16()?);
    let mut nodes = Vec::with_capacity(2 * n + 1);
    for at in 0..n {
        let (feature, threshold) = (reader.u16()?, reader.f32()?);
        // A child comes after its parent, so that every walk ends.
        let mut child = || -> Result<u16, ModelError> {
            let c = reader.i16()?;
            let (to, fits) = if c >= 0 {
                (c as usize, (c as usize) < n && c as usize > at)
            } else {
                (n + usize::from(!c as u16), usize::from(!c as u16) <= n)
            };
            if fits { Ok(to as u16) } else { Err(ModelError::Malformed("a split points nowhere")) }
        };
        let (left, right) = (child()?, child()?);
        if usize::from(feature) >= columns {
            return Err(ModelError::Malformed("a split asks for a feature that is not there"));
        }
        nodes.push(Node { threshold, feature, left, right });
    }
    nodes.extend((n..=2 * n).map(|at| Node {
        threshold: 0.0,
        feature: 0,
        left: at as u16,
        right: at as u16,
    }));
    let leaves = (0..=n).map(|_| reader.f32()).collect::<Result<_, _>>()?;
    Ok(Tree { nodes, splits: n, leaves })
}

#[cfg(test)]
mod tests {
    use super::{HTML, Model, TEXT};
    use crate::clean::model_file::ModelError;

    #[test]
    fn the_embedded_models_fit_the_code() {
        for model in [&*HTML, &*TEXT] {
            assert!(model.first.trees.len() >= 50 && model.second.trees.len() >= 50);
            assert!(!model.header.scores.is_empty());
        }
    }

    #[test]
    fn a_file_that_is_cut_or_changed_is_refused() {
        let bytes = include_bytes!("text.model");
        for n in (0..bytes.len()).step_by(997) {
            assert!(matches!(Model::read(&bytes[..n]), Err(ModelError::Malformed(_))), "{n}");
        }
        let at = bytes.windows(11).position(|w| w == b"\"features\":").expect("a header") + 13;
        let mut other = bytes.to_vec();
        other[at] = if other[at] == b'0' { b'1' } else { b'0' };
        assert!(matches!(Model::read(&other), Err(ModelError::OtherFeatures { .. })));
    }
}
