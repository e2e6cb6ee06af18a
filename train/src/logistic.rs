//! Logistic regressions over tokens (class names, words): Adagrad on soft labels, in a fixed order, so that the same
//! pages give the same weights.

use crate::corpus::FOLDS;
use crate::pages::Page;
use std::collections::HashMap;
use tamis::clean::weigh::features::tokens::{STEP, Table, Tables};

/// Tokens and their weights in steps, by token.
pub type Weights = Vec<(u32, i8)>;

/// Tables fitted without each fold, and on everything.
pub struct FoldTables {
    pub folds: Vec<Tables>,
    /// Those of the folds without their words.
    pub muted: Vec<Tables>,
    /// The weights of the classes and the words.
    pub whole: [Weights; 2],
}

const PASSES: usize = 4;
const RATE: f32 = 0.25;
const RIDGE: f32 = 2e-4;
/// What fewer registered domains have is learned by heart, not understood.
const DOMAINS: usize = 3;

/// Fits one pair of tables for each fold left out, and one on all pages.
pub fn fit_all_folds(pages: &[Page]) -> FoldTables {
    let fit_fold = |fold| {
        let [classes, words] = fit(pages, Some(fold)).map(|weights| Table::new(&weights));
        Tables { classes, words }
    };
    let folds: Vec<Tables> = (0..FOLDS).map(fit_fold).collect();
    let muted = folds.iter().map(|t| Tables { classes: t.classes.clone(), words: Table::default() });
    FoldTables { muted: muted.collect(), folds, whole: fit(pages, None) }
}

fn fit(pages: &[Page], without: Option<usize>) -> [Weights; 2] {
    let mut used: Vec<&Page> = pages
        .iter()
        .filter(|p| Some(p.fold) != without && !p.labels.is_empty() && !p.is_clean() && !p.row.muted)
        .collect();
    // A fixed shuffle: pages of one site do not come in a row.
    used.sort_by_key(|page| xxhash_rust::xxh3::xxh3_64(page.row.id.as_bytes()));
    [regression(&used, |p| &p.classes), regression(&used, |p| &p.words)]
}

fn regression(pages: &[&Page], of: impl Fn(&Page) -> &Vec<Vec<u32>>) -> Weights {
    let known = common(pages, &of);
    // Each block's tokens as places in the lists of weights.
    let places = |tokens: &Vec<u32>| tokens.iter().filter_map(|t| known.get(t).copied()).collect();
    let read: Vec<Vec<Vec<usize>>> = pages.iter().map(|p| of(p).iter().map(places).collect()).collect();
    let mut weights = vec![0.0f32; known.len()];
    let mut squares = vec![1e-6f32; known.len()];
    let (mut bias, mut bias_square) = (0.0f32, 1e-6f32);
    for _ in 0..PASSES {
        for (page, blocks) in pages.iter().zip(&read) {
            for ((tokens, &label), &weight) in blocks.iter().zip(&page.labels).zip(&page.weights) {
                if tokens.is_empty() || weight == 0.0 {
                    continue;
                }
                let scale = 1.0 / (tokens.len() as f32).sqrt();
                let z = bias + scale * tokens.iter().map(|&t| weights[t]).sum::<f32>();
                let error = (1.0 / (1.0 + (-z).exp()) - label) * weight.clamp(0.05, 5.0);
                bias_square += error * error;
                bias -= RATE * error / bias_square.sqrt();
                for &t in tokens {
                    let slope = error * scale + RIDGE * weights[t];
                    squares[t] += slope * slope;
                    weights[t] -= RATE * slope / squares[t].sqrt();
                }
            }
        }
    }
    let steps = |w: f32| (w / STEP).round().clamp(-127.0, 127.0) as i8;
    let mut weights: Weights = known.into_iter().map(|(token, at)| (token, steps(weights[at]))).collect();
    weights.sort_unstable();
    weights
}

/// The tokens that enough domains have, numbered.
fn common(pages: &[&Page], of: impl Fn(&Page) -> &Vec<Vec<u32>>) -> HashMap<u32, usize> {
    let mut by_domain: Vec<(String, &Page)> = pages.iter().map(|p| (p.row.domain(), *p)).collect();
    by_domain.sort_by(|a, b| a.0.cmp(&b.0));
    // On how many domains each token was met, and the last of them.
    let mut met: HashMap<u32, (usize, usize)> = HashMap::new();
    for (nth, pages) in by_domain.chunk_by(|a, b| a.0 == b.0).enumerate() {
        for &token in pages.iter().flat_map(|(_, page)| of(page).iter().flatten()) {
            let (count, last) = met.entry(token).or_insert((0, usize::MAX));
            if *last != nth {
                (*count, *last) = (*count + 1, nth);
            }
        }
    }
    let mut tokens: Vec<u32> = met.into_iter().filter(|(_, (n, _))| *n >= DOMAINS).map(|(t, _)| t).collect();
    tokens.sort_unstable();
    tokens.into_iter().enumerate().map(|(place, token)| (token, place)).collect()
}
