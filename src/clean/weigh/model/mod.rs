//! The learned scorer: gradient-boosted trees over the features, read from a model file that `train/`
//! writes. The file says what it was trained on and how it scored; a file made for other features than
//! the code measures is refused.
//!
//! Layout, little endian: `TAMISMDL`, format version (u32), header length (u32), header (JSON); then for
//! each of the class and the word table its length (u32), its tokens' hashes (ascending; of each the distance to the
//! one before, seven bits a byte, low ones first, the eighth set where more follow) and their weights (one signed
//! byte each, in steps of [`STEP`](super::features::tokens::STEP));
//! then for each of the two passes the number of trees (u32) and for each tree the number of splits (u16)
//! and of each split feature (u16), threshold (f32), left and right (i16: a split, or `!leaf`), and the
//! splits + 1 leaves (f32).

mod forest;

use super::features::tokens::{Table, Tables};
use super::features::{kin, names};
use crate::clean::model_file::{ModelError, Reader, embedded, open};
use forest::Forest;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use xxhash_rust::xxh3::xxh3_64;

pub const MAGIC: &[u8; 8] = b"TAMISMDL";
pub const FORMAT: u32 = 3;

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
        let first = Forest::read(&mut reader, names().len())?;
        let second = Forest::read(&mut reader, kin::names().len())?;
        reader.end()?;
        Ok(Self { header, tables, first, second })
    }
}

fn table(reader: &mut Reader<'_>) -> Result<Table, ModelError> {
    let n = reader.u32()? as usize;
    let mut tokens: Vec<u32> = Vec::new();
    for _ in 0..n {
        let token = tokens.last().copied().unwrap_or(0).checked_add(reader.varint()?);
        tokens.push(token.ok_or(ModelError::Malformed("a token is beyond the last one"))?);
    }
    let weights = reader.take(n)?.iter().map(|&b| b as i8);
    Ok(Table::new(&tokens.into_iter().zip(weights).collect::<Vec<_>>()))
}

#[cfg(test)]
mod tests {
    use super::{HTML, Model, TEXT};
    use crate::clean::model_file::ModelError;

    #[test]
    fn the_embedded_models_fit_the_code() {
        for model in [&*HTML, &*TEXT] {
            assert!(model.first.len() >= 50 && model.second.len() >= 50);
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
