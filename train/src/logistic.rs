//! Logistic regressions over hashed tokens (class names, words): Adagrad on soft labels, in a fixed
//! order, so that the same pages give the same weights.

use crate::corpus::FOLDS;
use crate::pages::Page;
use tamis::clean::weigh::features::tokens::{CLASS_BUCKETS, Tables, WORD_BUCKETS};

/// Tables fitted without each fold, and on everything.
pub struct FoldTables {
    pub folds: Vec<Tables>,
    pub whole: Tables,
}

const PASSES: usize = 4;
const RATE: f32 = 0.25;
const RIDGE: f32 = 2e-4;
/// Weights below this are written as 0.
const STEP: f32 = 1.0 / 16.0;

/// Fits one pair of tables for each fold left out, and one on all pages.
pub fn fit_all_folds(pages: &[Page]) -> FoldTables {
    let folds = (0..FOLDS).map(|fold| fit(pages, Some(fold))).collect();
    FoldTables { folds, whole: fit(pages, None) }
}

fn fit(pages: &[Page], without: Option<usize>) -> Tables {
    let used: Vec<&Page> =
        pages.iter().filter(|p| Some(p.fold) != without && !p.labels.is_empty() && !p.is_clean()).collect();
    let has_classes = used.iter().any(|p| p.tree.is_some());
    let classes = if has_classes { regression(&used, |p| &p.classes, CLASS_BUCKETS) } else { Vec::new() };
    Tables { classes, words: regression(&used, |p| &p.words, WORD_BUCKETS) }
}

fn regression(pages: &[&Page], of: impl Fn(&Page) -> &Vec<Vec<u32>>, buckets: usize) -> Vec<f32> {
    let mut weights = vec![0.0f32; buckets];
    let mut squares = vec![1e-6f32; buckets];
    let (mut bias, mut bias_square) = (0.0f32, 1e-6f32);
    // A fixed shuffle: pages of one site do not come in a row.
    let mut order: Vec<usize> = (0..pages.len()).collect();
    order.sort_by_key(|&n| xxhash_rust::xxh3::xxh3_64(pages[n].row.id.as_bytes()));
    for _ in 0..PASSES {
        for &n in &order {
            let page = pages[n];
            for ((tokens, &label), &weight) in of(page).iter().zip(&page.labels).zip(&page.weights) {
                if tokens.is_empty() || weight == 0.0 {
                    continue;
                }
                let scale = 1.0 / (tokens.len() as f32).sqrt();
                let z = bias + scale * tokens.iter().map(|&t| weights[t as usize]).sum::<f32>();
                let error = (1.0 / (1.0 + (-z).exp()) - label) * weight.clamp(0.05, 5.0);
                bias_square += error * error;
                bias -= RATE * error / bias_square.sqrt();
                for &t in tokens {
                    let t = t as usize;
                    let slope = error * scale + RIDGE * weights[t];
                    squares[t] += slope * slope;
                    weights[t] -= RATE * slope / squares[t].sqrt();
                }
            }
        }
    }
    // As the model file will hold them.
    weights.iter().map(|w| (w / STEP).round().clamp(-127.0, 127.0) * STEP).collect()
}
