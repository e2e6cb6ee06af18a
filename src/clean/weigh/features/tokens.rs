//! Tokens through two logistic regressions: the names and classes of the elements a block stands in, and the
//! words of the block. Their log-odds, the block's own and its neighbours', are features, and so is how many of the
//! words are known at all: in a language that nobody taught there are few.

use super::{Row, Scene};
use crate::clean::block::{Block, Shape};
use crate::clean::fold::is_unspaced;
use crate::clean::parse::{ByName, NodeId, Tag, Tree};
use crate::clean::quick::Map;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// How many levels of ancestors give class tokens.
const LEVELS: usize = 6;

/// A regression's weights: each token by its hash. What is not in it says nothing.
///
/// An open hash table of one word a slot, because it is asked thousands of times a page: the token's lower bits above
/// the weight. Its upper bits are the slot it belongs to.
#[derive(Debug, Clone, Default)]
pub struct Table {
    slots: Vec<u32>,
    /// How far a token is shifted to give its slot.
    shift: u32,
}

/// Weights are multiples of this, as log-odds.
pub const STEP: f32 = 1.0 / 16.0;

/// A slot without a token: no weight is so small.
const FREE: u32 = 0x80;

/// Fewer slots would leave a token's slot and lower bits together short of the token.
const SLOTS: usize = 1 << 16;

impl Table {
    /// From tokens and their weights, in steps, -127 to 127; of a token that comes twice the first counts.
    pub fn new(weights: &[(u32, i8)]) -> Self {
        if weights.is_empty() {
            return Self::default();
        }
        let size = (weights.len() + weights.len() / 2).next_power_of_two().max(SLOTS);
        let mut table = Self { slots: vec![FREE; size], shift: u32::BITS - size.trailing_zeros() };
        for &(token, weight) in weights {
            let at = table.slot(token);
            if table.slots[at] == FREE {
                table.slots[at] = token << 8 | u32::from(weight.max(-127) as u8);
            }
        }
        table
    }

    /// Where a token is, or would be.
    fn slot(&self, token: u32) -> usize {
        let mut at = (token >> self.shift) as usize;
        while self.slots[at] != FREE && self.slots[at] >> 8 != token & 0xff_ffff {
            at = (at + 1) % self.slots.len();
        }
        at
    }

    /// The log-odds of what has these tokens, -8 to 8, and how many of them are known.
    fn weigh(&self, tokens: &[u32]) -> (f32, usize) {
        let (mut sum, mut known) = (0.0, 0usize);
        if self.slots.is_empty() {
            return (sum, known);
        }
        for &token in tokens {
            let slot = self.slots[self.slot(token)];
            if slot != FREE {
                sum += f32::from(slot as u8 as i8) * STEP;
                known += 1;
            }
        }
        ((sum / (known.max(1) as f32).sqrt()).clamp(-8.0, 8.0), known)
    }
}

/// The two regressions' weights; none by default.
#[derive(Debug, Clone, Default)]
pub struct Tables {
    pub classes: Table,
    pub words: Table,
}

/// The log-odds of each block.
#[derive(Default)]
pub struct Values {
    classes: Vec<f32>,
    words: Vec<f32>,
    /// The share of each block's words that the table knows, 0 to 1, and of all words of the page.
    known: Vec<f32>,
    all_known: f32,
}

impl Values {
    pub fn new(blocks: &[Block], tree: Option<&Tree>, tables: &Tables) -> Self {
        let mut by_element: Map<NodeId, f32> = Map::default();
        let mut seen = Seen::default();
        let mut values = Self::default();
        let (mut known, mut all) = (0, 0);
        for block in blocks {
            values.classes.push(tree.filter(|_| !tables.classes.slots.is_empty()).map_or(0.0, |tree| {
                let weigh = || tables.classes.weigh(&tokens_of_chain(tree, block, &mut seen)).0;
                *by_element.entry(block.place.element).or_insert_with(weigh)
            }));
            let tokens = word_tokens(block);
            let (odds, count) = tables.words.weigh(&tokens);
            values.words.push(odds);
            values.known.push(count as f32 / tokens.len().max(1) as f32);
            (known, all) = (known + count, all + tokens.len());
        }
        values.all_known = known as f32 / all.max(1) as f32;
        values
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

/// The hashes of the names, classes and ids of the elements a block stands in.
pub fn class_tokens(tree: &Tree, block: &Block) -> Vec<u32> {
    tokens_of_chain(tree, block, &mut Seen::default())
}

/// Own tokens, the parent's and those of elements further up are told apart, not each level.
const DISTANCES: usize = 3;

/// The tokens of each element name and of each class or id, at each distance.
#[derive(Default)]
struct Seen {
    tags: Map<Tag, [u32; DISTANCES]>,
    names: [ByName<Vec<u32>>; DISTANCES],
}

fn tokens_of_chain(tree: &Tree, block: &Block, seen: &mut Seen) -> Vec<u32> {
    let mut out = Vec::with_capacity(64);
    for (level, id) in tree.ancestors(block.place.element).take(LEVELS).enumerate() {
        let distance = level.min(DISTANCES - 1);
        if let Some(tag) = tree.tag(id) {
            let tokens = seen.tags.entry(tag).or_insert_with(|| tag_tokens(tag));
            out.push(tokens[distance]);
        }
        for name in tree.names(id) {
            out.extend_from_slice(seen.names[distance].of(name, |name| name_tokens(name, distance)));
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}

fn token(seed: usize, token: &str) -> u32 {
    xxh3_64_with_seed(token.as_bytes(), seed as u64) as u32
}

fn tag_tokens(tag: Tag) -> [u32; DISTANCES] {
    let name = format!("{tag:?}");
    std::array::from_fn(|distance| token(8 + distance, &name))
}

/// Cuts a name at everything but letters and where small letters turn to capitals.
fn name_tokens(name: &str, distance: usize) -> Vec<u32> {
    let mut out = Vec::new();
    let mut word = String::new();
    let mut before = '\0';
    for c in name.chars().take(200).chain([' ']) {
        if !c.is_alphabetic() || (c.is_uppercase() && before.is_lowercase()) {
            if word.len() > 1 {
                out.push(token(distance, &word));
            }
            word.clear();
        }
        if c.is_ascii_alphabetic() {
            word.push(c.to_ascii_lowercase());
        } else if c.is_alphabetic() {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    out
}

/// How many of a block's words are looked at: furniture shows itself early.
const WORDS: usize = 40;

/// The hashes of a block's words, of pairs of neighbours in short blocks, and of its first and last word.
pub fn word_tokens(block: &Block) -> Vec<u32> {
    let mut out = Vec::with_capacity(32);
    let hash = |seed: u64, token: &str| xxh3_64_with_seed(token.as_bytes(), seed) as u32;
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
                out.push(hash(seed, &word[pair[0].0..end]));
            }
        } else {
            out.push(hash(seed, word));
        }
        if short && let Some(before) = before {
            out.push(hash(3, &block.folded[before..at + word.len()]));
        }
        before = Some(at);
        at += word.len() + 1;
    }
    if let Some(last) = before {
        let word_at = |at: usize| block.folded[at..].split(' ').next().unwrap_or_default();
        out.push(hash(4, word_at(0)));
        out.push(hash(5, word_at(last)));
    }
    if short {
        out.push(hash(6, &block.folded));
    }
    if matches!(block.shape, Shape::Heading(_)) {
        out.push(hash(7, &block.folded));
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
    row.put(|| "known".to_owned(), scene.tokens.known.get(at).copied().unwrap_or(0.0));
    row.put(|| "known page".to_owned(), scene.tokens.all_known);
}

#[cfg(test)]
mod tests {
    use super::{STEP, Table};
    use proptest::prelude::{Just, any, prop_assert_eq, prop_oneof, proptest};
    use std::collections::BTreeMap;

    proptest! {
        /// Tokens that differ in one bit crowd and look alike; at both ends of the table, too.
        #[test]
        fn every_token_has_its_own_weight(
            some in any::<u32>(),
            near in proptest::collection::vec((prop_oneof![0..40u32, Just(u32::MAX)], -127..=127i8), 0..200),
        ) {
            let tokens = near.iter().map(|&(bit, weight)| {
                let token = match bit {
                    0..32 => some ^ 1 << bit,
                    32..40 => (some ^ bit) << 24,
                    _ => u32::MAX - u32::from(weight as u8),
                };
                (token, weight)
            });
            let tokens: Vec<(u32, i8)> = tokens.collect();
            let table = Table::new(&tokens);
            let mut first = BTreeMap::new();
            for &(token, weight) in &tokens {
                first.entry(token).or_insert(weight);
            }
            for (&token, &weight) in &first {
                prop_assert_eq!(table.weigh(&[token]), ((f32::from(weight) * STEP).clamp(-8.0, 8.0), 1));
            }
            for other in (0..32).map(|bit| some ^ 3 << bit).filter(|token| !first.contains_key(token)) {
                prop_assert_eq!(table.weigh(&[other]), (0.0, 0));
            }
        }
    }
}
