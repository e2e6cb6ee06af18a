//! The elements a block stands in: how much of the page each holds, how link-laden it is; the elements
//! that hold most of the prose; a Readability-like score.
//!
//! The score after Arc90's Readability (2009): a paragraph gives points to its parent, half to the
//! grandparent, thirds further up; links take points away.

use super::{Row, Scene, Sums, log};
use crate::clean::block::Block;
use crate::clean::parse::{NodeId, Tree};
use crate::clean::quick::Map;

/// How many levels of ancestors are described.
const LEVELS: usize = 6;

/// Shares of the prose for which the deepest element that holds them is sought.
const SHARES: [f32; 4] = [0.4, 0.6, 0.8, 0.95];

#[derive(Default)]
pub struct Containers {
    cores: Vec<NodeId>,
    readability: Map<NodeId, f32>,
    best: Option<(NodeId, f32)>,
}

impl Containers {
    pub fn new(blocks: &[Block], tree: Option<&Tree>, prose: &[f32], sums: &Sums) -> Self {
        let Some(tree) = tree.filter(|t| !t.is_empty() && !blocks.is_empty()) else { return Self::default() };
        let cores = SHARES.iter().map(|&s| core(tree, sums, s)).collect();
        let mut readability: Map<NodeId, f32> = Map::default();
        for (b, &p) in blocks.iter().zip(prose) {
            if p == 0.0 {
                continue;
            }
            let points = 1.0 + (b.chars as f32 / 100.0).min(3.0) + b.sentences.min(5) as f32 * 0.5;
            for (level, id) in tree.ancestors(b.place.element).skip(1).take(5).enumerate() {
                let share = if level == 0 { 1.0 } else { 1.0 / (level as f32 + 1.0) };
                *readability.entry(id).or_default() += points * share;
            }
        }
        for (&id, score) in &mut readability {
            let range = sums.blocks(tree, id);
            let words = sums.words.over(&range).max(1.0);
            *score *= 1.0 - sums.link_words.over(&range) / words;
        }
        let best = readability
            .iter()
            .map(|(&id, &s)| (id, s))
            .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        Self { cores, readability, best }
    }

    /// How many of the cores hold the block: 0 to 4.
    pub fn cores_of(&self, tree: Option<&Tree>, block: &Block) -> f32 {
        let Some(tree) = tree else { return 0.0 };
        self.cores.iter().filter(|&&c| tree.subtree(c).contains(&block.place.text_node)).count() as f32
    }
}

/// The deepest element that holds at least `share` of the prose, found by walking down.
fn core(tree: &Tree, sums: &Sums, share: f32) -> NodeId {
    let all = sums.prose.total();
    let mut at = 0;
    if all == 0.0 {
        return at;
    }
    loop {
        let end = tree.subtree(at).end;
        let mut child = at + 1;
        let mut best = (0.0, at);
        while child < end {
            if tree.tag(child).is_some() {
                let held = sums.prose.over(&sums.blocks(tree, child));
                if held > best.0 {
                    best = (held, child);
                }
            }
            child = tree.subtree(child).end;
        }
        if best.1 == at || best.0 < share * all {
            return at;
        }
        at = best.1;
    }
}

pub fn write(scene: &Scene<'_>, at: usize, row: &mut impl Row) {
    let block = &scene.blocks[at];
    let all_words = scene.sums.words.total().max(1.0);
    let all_prose = scene.sums.prose.total().max(1.0);
    let all_likely = scene.sums.likely.total().max(1.0);
    row.add("cores", scene.containers.cores_of(scene.tree, block));
    let chain: Vec<NodeId> = match scene.tree {
        Some(tree) => tree.ancestors(block.place.element).collect(),
        None => Vec::new(),
    };
    row.add("depth", chain.len() as f32);
    for level in 0..LEVELS {
        let of = |what: &'static str| move || format!("container{level} {what}");
        match (scene.tree, chain.get(level)) {
            (Some(tree), Some(&id)) => {
                let range = scene.sums.blocks(tree, id);
                let words = scene.sums.words.over(&range);
                let count = range.len() as f32;
                row.put(of("share"), words / all_words);
                row.put(of("links"), scene.sums.link_words.over(&range) / words.max(1.0));
                row.put(of("prose"), scene.sums.prose.over(&range) / all_prose);
                row.put(of("blocks"), log(count));
                row.put(of("mean words"), words / count.max(1.0));
                row.put(of("sentences"), scene.sums.sentences.over(&range) / count.max(1.0));
                row.put(of("likely"), scene.sums.likely.over(&range) / words.max(1.0));
                row.put(of("likely share"), scene.sums.likely.over(&range) / all_likely);
            }
            _ => {
                for what in
                    ["share", "links", "prose", "blocks", "mean words", "sentences", "likely", "likely share"]
                {
                    row.put(of(what), -1.0);
                }
            }
        }
    }
    let (best, top) = scene.containers.best.unwrap_or((0, 0.0));
    let score = |id: &NodeId| scene.containers.readability.get(id).copied().unwrap_or(0.0);
    let own = chain.iter().take(4).map(score).fold(0.0, f32::max);
    row.add("readability", own / top.max(1.0));
    let up = chain.iter().position(|&id| id == best);
    row.add("levels to best", up.map_or(-1.0, |n| n as f32));
    let core = scene.containers.cores.get(1).copied().unwrap_or(0);
    let to_core = match scene.tree {
        Some(tree) => chain.iter().position(|&id| tree.subtree(id).contains(&core)).map_or(0, |n| n),
        None => 0,
    };
    row.add("levels to core", to_core as f32);
}
