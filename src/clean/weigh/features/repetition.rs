//! What repeats on the page: the same text, and blocks of the same path of names and classes.

use super::{Row, Scene, log};
use crate::clean::block::Block;
use crate::clean::parse::{ByName, NodeId, Tree};
use crate::clean::quick::{Map, Quick};
use std::hash::Hasher;

/// How long the paths are that blocks are grouped by, in elements.
const LENGTHS: [usize; 3] = [1, 3, 6];

/// What blocks of one group have in common.
#[derive(Debug, Clone, Copy, Default)]
struct Group {
    count: f32,
    words: f32,
    link_words: f32,
    ends: f32,
    first: usize,
    last: usize,
}

#[derive(Default)]
pub struct Repetition {
    same_text: Vec<f32>,
    /// For each path length, the group of each block.
    groups: Vec<Vec<Group>>,
    /// How many siblings of the same name and class each block's ancestors have, by level.
    siblings: Vec<[f32; LEVELS]>,
}

const LEVELS: usize = 4;

impl Repetition {
    pub fn new(blocks: &[Block], tree: Option<&Tree>, names: &[u64]) -> Self {
        let mut texts: Map<&str, f32> = Map::default();
        for b in blocks {
            *texts.entry(b.folded.as_str()).or_default() += 1.0;
        }
        let same_text = blocks.iter().map(|b| texts.get(b.folded.as_str()).copied().unwrap_or(1.0)).collect();
        let Some(tree) = tree else { return Self { same_text, ..Self::default() } };
        let mut groups = Vec::new();
        for length in LENGTHS {
            let keys = keys(blocks, tree, names, length);
            let mut sums: Map<u64, Group> = Map::default();
            for (at, (b, &key)) in blocks.iter().zip(&keys).enumerate() {
                let g = sums.entry(key).or_insert(Group { first: at, ..Group::default() });
                g.count += 1.0;
                g.words += b.words as f32;
                g.link_words += b.words as f32 * b.link_density;
                g.ends += f32::from(u8::from(b.ends_sentence));
                g.last = at;
            }
            groups.push(keys.iter().map(|k| sums.get(k).copied().unwrap_or_default()).collect());
        }
        Self { same_text, groups, siblings: siblings(blocks, tree, names) }
    }
}

/// For each block, a hash of the names and classes of the element it stands in and of those above, `length`
/// elements in all.
pub fn keys(blocks: &[Block], tree: &Tree, names: &[u64], length: usize) -> Vec<u64> {
    let key = |b: &Block| {
        let mut hasher = Quick::default();
        tree.ancestors(b.place.element).take(length).for_each(|id| hasher.write_u64(names[id]));
        hasher.finish()
    };
    blocks.iter().map(key).collect()
}

/// A hash of each element's name and class.
pub fn signatures(tree: &Tree) -> Vec<u64> {
    // Numbers in class names (post-1234, item-3) do not make two things different.
    let without_digits = |class: &str| class.bytes().filter(|b| !b.is_ascii_digit()).collect();
    let mut classes: ByName<Vec<u8>> = ByName::default();
    let mut signature = |id: NodeId| {
        let Some(tag) = tree.tag(id) else { return 0 };
        let class = tree.class(id).map(|class| classes.of(class, without_digits).as_slice());
        let mut hasher = Quick::default();
        hasher.write_u8(tag as u8);
        hasher.write(class.unwrap_or_default());
        hasher.finish()
    };
    (0..tree.len()).map(&mut signature).collect()
}

fn siblings(blocks: &[Block], tree: &Tree, names: &[u64]) -> Vec<[f32; LEVELS]> {
    let mut alike: Map<(NodeId, u64), f32> = Map::default();
    for (id, &name) in names.iter().enumerate().filter(|&(id, _)| tree.tag(id).is_some()) {
        *alike.entry((tree.parent(id).unwrap_or(id), name)).or_default() += 1.0;
    }
    blocks
        .iter()
        .map(|b| {
            let mut out = [1.0; LEVELS];
            for (level, id) in tree.ancestors(b.place.element).take(LEVELS).enumerate() {
                out[level] = alike.get(&(tree.parent(id).unwrap_or(id), names[id])).copied().unwrap_or(1.0);
            }
            out
        })
        .collect()
}

pub fn write(scene: &Scene<'_>, at: usize, row: &mut impl Row) {
    let repetition = &scene.repetition;
    let total = scene.blocks.len().max(1) as f32;
    row.add("same text", repetition.same_text[at]);
    for (index, length) in LENGTHS.iter().enumerate() {
        let g = repetition.groups.get(index).map(|g| g[at]).unwrap_or_default();
        let of = |what: &'static str| move || format!("path{length} {what}");
        row.put(of("count"), log(g.count));
        row.put(of("share"), g.count / total);
        row.put(of("links"), g.link_words / g.words.max(1.0));
        row.put(of("mean words"), g.words / g.count.max(1.0));
        row.put(of("ends"), g.ends / g.count.max(1.0));
        row.put(of("spread"), (g.last - g.first.min(g.last)) as f32 / total);
    }
    for level in 0..LEVELS {
        let n = repetition.siblings.get(at).map_or(0.0, |s| s[level]);
        row.put(|| format!("siblings{level}"), log(n));
    }
}
