//! The learned scorer of kinds: three logistic regressions, over the measures, the hashed names and the
//! hashed words, whose log-probabilities are added up. Read from a file that `train/` writes; a file made
//! for other measures than the code takes is refused.
//!
//! Layout, little endian: `TAMISKND`, format version (u32), header length (u32), header (JSON); then for each
//! measure its mean, the inverse of its spread and a weight a kind (f32), and a bias a kind (f32); then for
//! names and for words a bias a kind (f32), the step (f32), the number of rows (u32) and for each row its bucket
//! (u16) and a signed byte a kind, in steps.

use super::names::BUCKETS;
use super::{KINDS, Sight, measures};
use crate::clean::model_file::{ModelError, Reader, embedded, open};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use xxhash_rust::xxh3::xxh3_64;

pub const MAGIC: &[u8; 8] = b"TAMISKND";
pub const FORMAT: u32 = 1;

/// A value is never further from its mean than this, in spreads.
pub const CLIP: f32 = 4.0;

/// How much the log-probabilities of names and of words count beside those of the measures.
pub const SHARE: f32 = 0.3;

/// A number for each kind, in the order of [`KINDS`].
pub type Scores = [f32; KINDS.len()];

/// What a model file says of itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Header {
    /// See [`fingerprint`].
    pub measures: String,
    /// The data it was trained on.
    pub trained_on: Vec<String>,
    /// Out-of-fold shares of right kinds, by set and kind.
    pub scores: BTreeMap<String, f64>,
}

/// A hash of the measures' names in their order, and of the kinds'.
pub fn fingerprint() -> String {
    let names = format!("{}\n{KINDS:?}\n{BUCKETS}", measures().join("\n"));
    format!("{:016x}", xxh3_64(names.as_bytes()))
}

#[derive(Debug)]
struct Measure {
    mean: f32,
    inverse: f32,
    weights: Scores,
}

/// Weights of hashed tokens.
#[derive(Debug)]
struct Table {
    bias: Scores,
    /// For each bucket the row, plus one; 0 for none.
    rows: Vec<u16>,
    weights: Vec<Scores>,
}

/// A model in memory.
#[derive(Debug)]
pub struct Model {
    pub header: Header,
    measures: Vec<Measure>,
    bias: Scores,
    names: Table,
    words: Table,
}

/// The model for HTML pages.
pub static HTML: LazyLock<Model> = LazyLock::new(|| embedded(Model::read(include_bytes!("html.model"))));
/// The model for text files.
pub static TEXT: LazyLock<Model> = LazyLock::new(|| embedded(Model::read(include_bytes!("text.model"))));

impl Model {
    /// Reads a model file and checks that it fits the code.
    pub fn read(bytes: &[u8]) -> Result<Self, ModelError> {
        let (header, mut reader): (Header, Reader<'_>) = open(bytes, MAGIC, FORMAT)?;
        if header.measures != fingerprint() {
            return Err(ModelError::OtherFeatures { file: header.measures, code: fingerprint() });
        }
        let measures = (0..measures().len())
            .map(|_| {
                Ok(Measure { mean: reader.f32()?, inverse: reader.f32()?, weights: scores(&mut reader)? })
            })
            .collect::<Result<_, ModelError>>()?;
        let bias = scores(&mut reader)?;
        let model = Self { header, measures, bias, names: table(&mut reader)?, words: table(&mut reader)? };
        reader.end()?;
        Ok(model)
    }

    /// A log-probability a kind, up to a constant.
    pub fn score(&self, sight: &Sight) -> Scores {
        let mut of_measures = self.bias;
        for (measure, value) in self.measures.iter().zip(&sight.row) {
            let value = ((value - measure.mean) * measure.inverse).clamp(-CLIP, CLIP);
            for (score, weight) in of_measures.iter_mut().zip(&measure.weights) {
                *score += value * weight;
            }
        }
        let mut scores = logarithms(of_measures);
        for (table, buckets) in [(&self.names, &sight.buckets.names), (&self.words, &sight.buckets.words)] {
            for (score, more) in scores.iter_mut().zip(logarithms(table.score(buckets))) {
                *score += SHARE * more;
            }
        }
        scores
    }
}

impl Table {
    fn score(&self, buckets: &[u32]) -> Scores {
        let mut sum = Scores::default();
        let mut known = 0usize;
        for &bucket in buckets {
            let row = self.rows.get(bucket as usize).copied().unwrap_or(0);
            let Some(weights) = usize::from(row).checked_sub(1).and_then(|r| self.weights.get(r)) else {
                continue;
            };
            known += 1;
            for (score, weight) in sum.iter_mut().zip(weights) {
                *score += weight;
            }
        }
        let scale = 1.0 / (known.max(1) as f32).sqrt();
        std::array::from_fn(|n| self.bias[n] + sum[n] * scale)
    }
}

/// Scores -> logarithms of probabilities that add up to 1.
fn logarithms(scores: Scores) -> Scores {
    let highest = scores.into_iter().fold(f32::MIN, f32::max);
    let sum: f32 = scores.iter().map(|s| (s - highest).exp()).sum();
    scores.map(|s| s - highest - sum.ln())
}

fn scores(reader: &mut Reader<'_>) -> Result<Scores, ModelError> {
    let mut scores = Scores::default();
    for score in &mut scores {
        *score = reader.f32()?;
    }
    Ok(scores)
}

fn table(reader: &mut Reader<'_>) -> Result<Table, ModelError> {
    let bias = scores(reader)?;
    let step = reader.f32()?;
    let count = reader.u32()?;
    let mut table = Table { bias, rows: vec![0; BUCKETS], weights: Vec::new() };
    for row in 1..=count {
        let bucket = usize::from(reader.u16()?);
        let weights: [u8; KINDS.len()] = reader.array()?;
        let (Some(to), Ok(row)) = (table.rows.get_mut(bucket), u16::try_from(row)) else {
            return Err(ModelError::Malformed("a row has no bucket"));
        };
        *to = row;
        table.weights.push(weights.map(|w| f32::from(w as i8) * step));
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::{HTML, Model, TEXT};
    use crate::clean::model_file::ModelError;

    #[test]
    fn the_embedded_models_fit_the_code() {
        for model in [&*HTML, &*TEXT] {
            assert!(model.names.weights.len() + model.words.weights.len() > 1_000);
            assert!(!model.header.scores.is_empty() && !model.header.trained_on.is_empty());
        }
    }

    #[test]
    fn a_file_that_is_cut_or_changed_is_refused() {
        let bytes = include_bytes!("html.model");
        for n in (0..bytes.len()).step_by(997) {
            assert!(matches!(Model::read(&bytes[..n]), Err(ModelError::Malformed(_))), "{n}");
        }
        let at = bytes.windows(11).position(|w| w == b"\"measures\":").expect("a header") + 13;
        let mut other = bytes.to_vec();
        other[at] = if other[at] == b'0' { b'1' } else { b'0' };
        assert!(matches!(Model::read(&other), Err(ModelError::OtherFeatures { .. })));
        let longer: Vec<u8> = bytes.iter().copied().chain([0]).collect();
        assert!(matches!(Model::read(&longer), Err(ModelError::Malformed(_))));
    }
}
