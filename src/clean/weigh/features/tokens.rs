//! Hashed tokens through two logistic regressions: the names and classes of the elements a block stands
//! in, and the words of the block. Their log-odds, the block's own and its neighbours', are features.

use super::{Row, Scene};
use crate::clean::block::{Block, Shape, is_unspaced};
use crate::clean::parse::{Attribute, NodeId, Tree};
use crate::clean::quick::Map;
use std::fmt::Write;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Buckets of the class-name table.
pub const CLASS_BUCKETS: usize = 1 << 15;
/// Buckets of the word table.
pub const WORD_BUCKETS: usize = 1 << 16;

/// How many levels of ancestors give class tokens.
const LEVELS: usize = 6;

/// The two regressions' weights, as log-odds; all 0 by default.
#[derive(Debug, Clone, Default)]
pub struct Tables {
    pub classes: Vec<f32>,
    pub words: Vec<f32>,
}

/// The log-odds of each block.
#[derive(Default)]
pub struct Values {
    classes: Vec<f32>,
    words: Vec<f32>,
}

impl Values {
    pub fn new(blocks: &[Block], tree: Option<&Tree>, tables: &Tables) -> Self {
        let sum = |table: &[f32], buckets: &[u32]| -> f32 {
            let weights = buckets.iter().map(|&b| table.get(b as usize).copied().unwrap_or(0.0));
            (weights.sum::<f32>() / (buckets.len().max(1) as f32).sqrt()).clamp(-8.0, 8.0)
        };
        let mut by_element: Map<NodeId, f32> = Map::default();
        let mut known = Known::default();
        let classes = blocks
            .iter()
            .map(|b| {
                let Some(tree) = tree.filter(|_| !tables.classes.is_empty()) else { return 0.0 };
                *by_element
                    .entry(b.place.element)
                    .or_insert_with(|| sum(&tables.classes, &buckets_of_chain(tree, b, &mut known)))
            })
            .collect();
        let words = blocks
            .iter()
            .map(|b| if tables.words.is_empty() { 0.0 } else { sum(&tables.words, &word_buckets(b)) })
            .collect();
        Self { classes, words }
    }

    /// Log-odds by the words of a block.
    pub fn words_of(&self, at: usize) -> f32 {
        self.words.get(at).copied().unwrap_or(0.0)
    }

    /// Log-odds by the names and classes of the elements a block stands in.
    pub fn classes_of(&self, at: usize) -> f32 {
        self.classes.get(at).copied().unwrap_or(0.0)
    }

    /// Probability by words and classes together, 0 to 1.
    pub fn likely(&self, at: usize) -> f32 {
        1.0 / (1.0 + (-self.words_of(at) - self.classes_of(at)).exp())
    }
}

/// The buckets of the names, classes and ids of the elements a block stands in.
pub fn class_buckets(tree: &Tree, block: &Block) -> Vec<u32> {
    buckets_of_chain(tree, block, &mut Known::default())
}

/// The buckets of each element, as the block's own (0), as the parent (1) and further up (2).
type Known = Map<(NodeId, usize), Vec<u32>>;

fn buckets_of_chain(tree: &Tree, block: &Block, known: &mut Known) -> Vec<u32> {
    let mut out = Vec::with_capacity(64);
    for (level, id) in tree.ancestors(block.place.element).take(LEVELS).enumerate() {
        // Own, parent's and further tokens are told apart, not each level.
        let level = level.min(2);
        out.extend_from_slice(known.entry((id, level)).or_insert_with(|| element_buckets(tree, id, level)));
    }
    out.sort_unstable();
    out.dedup();
    out
}

fn element_buckets(tree: &Tree, id: NodeId, level: usize) -> Vec<u32> {
    let mut out = Vec::new();
    let bucket = |level: usize, token: &str| {
        (xxh3_64_with_seed(token.as_bytes(), level as u64) % CLASS_BUCKETS as u64) as u32
    };
    let mut token = String::new();
    if let Some(tag) = tree.tag(id)
        && write!(token, "{tag:?}").is_ok()
    {
        out.push(bucket(level + 8, &token));
        token.clear();
    }
    for name in [Attribute::Class, Attribute::Id] {
        let Some(value) = tree.attribute(id, name) else { continue };
        let mut before = '\0';
        for c in value.chars().take(200).chain([' ']) {
            if !c.is_alphabetic() || (c.is_uppercase() && before.is_lowercase()) {
                if token.len() > 1 {
                    out.push(bucket(level, &token));
                }
                token.clear();
            }
            if c.is_ascii_alphabetic() {
                token.push(c.to_ascii_lowercase());
            } else if c.is_alphabetic() {
                token.extend(c.to_lowercase());
            }
            before = c;
        }
    }
    out
}

/// How many of a block's words are looked at: furniture shows itself early.
const WORDS: usize = 40;

/// The buckets of a block's words, of pairs of neighbours in short blocks, and of its first and last word.
pub fn word_buckets(block: &Block) -> Vec<u32> {
    let mut out = Vec::with_capacity(32);
    let bucket =
        |seed: u64, token: &str| (xxh3_64_with_seed(token.as_bytes(), seed) % WORD_BUCKETS as u64) as u32;
    let short = block.words <= 12;
    let seed = if short { 1 } else { 2 };
    // Where the word before begins.
    let mut before: Option<usize> = None;
    let mut at = 0;
    for word in block.folded.split(' ').take(WORDS) {
        if word.chars().next().is_some_and(is_unspaced) {
            // Scripts without spaces: pairs of characters.
            let chars: Vec<(usize, char)> = word.char_indices().take(60).collect();
            for pair in chars.windows(2) {
                let end = pair[1].0 + pair[1].1.len_utf8();
                out.push(bucket(seed, &word[pair[0].0..end]));
            }
        } else {
            out.push(bucket(seed, word));
        }
        if short && let Some(before) = before {
            out.push(bucket(3, &block.folded[before..at + word.len()]));
        }
        before = Some(at);
        at += word.len() + 1;
    }
    if let Some(last) = before {
        let word_at = |at: usize| block.folded[at..].split(' ').next().unwrap_or_default();
        out.push(bucket(4, word_at(0)));
        out.push(bucket(5, word_at(last)));
    }
    if short {
        out.push(bucket(6, &block.folded));
    }
    if matches!(block.shape, Shape::Heading(_)) {
        out.push(bucket(7, &block.folded));
    }
    out.sort_unstable();
    out.dedup();
    out
}

pub fn write(scene: &Scene<'_>, at: usize, row: &mut impl Row) {
    for (name, values) in [("classes", &scene.tokens.classes), ("words", &scene.tokens.words)] {
        for offset in [0isize, -2, -1, 1, 2] {
            let near = at.checked_add_signed(offset).and_then(|n| values.get(n)).copied();
            row.put(|| format!("{name} {offset:+}"), near.unwrap_or(0.0));
        }
        for reach in [5usize, 15] {
            let range = at.saturating_sub(reach)..(at + reach + 1).min(values.len());
            let size = range.len().max(1) as f32;
            row.put(|| format!("{name} window{reach}"), values[range].iter().sum::<f32>() / size);
        }
    }
}
