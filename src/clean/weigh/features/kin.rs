//! What the first pass said, of the block and of its kin: neighbours, blocks of the same path of names and
//! classes, the elements around it, the heading above, the page as a whole. A list is kept or dropped as a whole,
//! and a file may hold nothing but its text, so each block's second weighing looks at what the first one said of all.

use super::{Family, Matrix, Row, Scene, is_heading, log, place, repetition, shallow};
use crate::clean::block::Block;
use crate::clean::prefix_sums::PrefixSums;
use crate::clean::quick::Map;
use crate::clean::weigh::rules::is_accused;
use std::ops::Range;

/// Path lengths by which blocks are kin, in elements.
const LENGTHS: [usize; 4] = [2, 3, 4, 6];

/// How many levels of ancestors are looked at.
const LEVELS: usize = 6;

/// Blocks further away are all the same.
const FAR: f32 = 40.0;

/// What the first pass said of a group of blocks.
#[derive(Debug, Clone, Copy, Default)]
struct Group {
    count: f32,
    words: f32,
    likely: f32,
    odds: f32,
    least: f32,
    most: f32,
}

/// A page and what the first pass said of its blocks.
pub struct Second<'a> {
    scene: &'a Scene<'a>,
    chances: &'a [f32],
    odds: Vec<f32>,
    sizes: Vec<f32>,
    words: PrefixSums,
    likely: PrefixSums,
    odds_sums: PrefixSums,
    groups: Vec<(Vec<u64>, Map<u64, Group>)>,
    headings: Vec<Option<usize>>,
    order: Order,
    doubts: Doubts,
}

/// How much of the page the first pass doubted: next to nothing of a text that is clean already.
#[derive(Debug, Default)]
struct Doubts {
    /// The mean of what it denied, by words and by blocks.
    words: f32,
    blocks: f32,
    /// Share of the blocks less likely than not, and how many; how many are hardly likely.
    unlikely: f32,
    count: f32,
    rejected: f32,
    /// Share of the blocks that a rule speaks against, and how many.
    accused: f32,
    accusations: f32,
}

/// A chance below this is hardly any.
const HARDLY: f32 = 0.1;

/// The blocks by chance, and where the expected F1 of the page is best.
#[derive(Debug, Default)]
struct Order {
    /// Share of the words at least as likely, and the expected F1 of taking all these, less the best.
    rows: Vec<(f32, f32)>,
    best: f32,
    threshold: f32,
    share: f32,
    top: f32,
    first: usize,
    last: usize,
}

/// The second pass's feature names, in the order of a row.
pub fn names() -> Vec<String> {
    super::with_one_block(|scene| {
        let mut names: Vec<String> = Vec::new();
        Second::new(scene, &[0.5]).write(0, &mut names);
        names
    })
}

/// Log-odds of a chance, within ±7.
fn odds(chance: f32) -> f32 {
    let p = chance.clamp(1e-3, 1.0 - 1e-3);
    (p / (1.0 - p)).ln()
}

impl<'a> Second<'a> {
    /// `chances`: of each block, 0 to 1.
    pub fn new(scene: &'a Scene<'a>, chances: &'a [f32]) -> Self {
        let odds: Vec<f32> = chances.iter().map(|&c| odds(c)).collect();
        let sizes: Vec<f32> = scene.blocks.iter().map(|b| (b.words as f32).max(0.5)).collect();
        let sums = |of: &dyn Fn(usize) -> f32| PrefixSums::new(chances.len(), of);
        let groups = LENGTHS
            .iter()
            .map(|&length| {
                let keys = match scene.tree {
                    Some(tree) => repetition::keys(scene.blocks, tree, &scene.names, length),
                    None => scene.blocks.iter().map(|b| line_key(b, length)).collect(),
                };
                let mut groups: Map<u64, Group> = Map::default();
                for (at, &key) in keys.iter().enumerate() {
                    let g = groups.entry(key).or_insert(Group { least: 9.0, most: -9.0, ..Group::default() });
                    g.count += 1.0;
                    g.words += sizes[at];
                    g.likely += sizes[at] * chances[at];
                    g.odds += odds[at];
                    g.least = g.least.min(odds[at]);
                    g.most = g.most.max(odds[at]);
                }
                (keys, groups)
            })
            .collect();
        let mut heading = None;
        let headings = (0..chances.len())
            .map(|at| {
                let above = heading;
                if is_heading(&scene.blocks[at]) {
                    heading = Some(at);
                }
                above
            })
            .collect();
        Self {
            words: sums(&|at| sizes[at]),
            likely: sums(&|at| sizes[at] * chances[at]),
            odds_sums: sums(&|at| odds[at]),
            order: Order::new(chances, &sizes),
            doubts: Doubts::new(scene, chances, &sizes),
            scene,
            chances,
            odds,
            sizes,
            groups,
            headings,
        }
    }

    /// Measures a run of the page's blocks.
    pub fn measure(&self, range: Range<usize>) -> Matrix {
        Matrix::of(range, |at, row| self.write(at, row))
    }

    fn write(&self, at: usize, row: &mut impl Row) {
        self.write_neighbours(at, &mut Family("neighbours", row));
        self.write_groups(at, &mut Family("kin", row));
        self.write_containers(at, &mut Family("containers", row));
        self.write_order(at, &mut Family("order", row));
        self.doubts.write(&mut Family("doubts", row));
        shallow::write(self.scene, at, &mut Family("block", row));
        place::write(self.scene, at, &mut Family("place", row));
    }

    fn write_neighbours(&self, at: usize, row: &mut impl Row) {
        row.add("odds", self.odds[at]);
        for offset in [-3isize, -2, -1, 1, 2, 3] {
            let near = at.checked_add_signed(offset).and_then(|n| self.odds.get(n));
            row.put(|| format!("odds {offset:+}"), near.copied().unwrap_or(-7.0));
        }
        for reach in [2usize, 5, 12] {
            let range = at.saturating_sub(reach)..(at + reach + 1).min(self.odds.len());
            let mean = self.odds_sums.over(&range) / range.len().max(1) as f32;
            row.put(|| format!("odds window{reach}"), mean);
            row.put(|| format!("likely window{reach}"), self.likely_share(&range));
        }
        row.add("odds of heading", self.headings[at].map_or(-7.0, |h| self.odds[h]));
    }

    fn write_groups(&self, at: usize, row: &mut impl Row) {
        let all = self.words.total().max(0.5);
        for (length, (keys, groups)) in LENGTHS.iter().zip(&self.groups) {
            let g = keys.get(at).and_then(|k| groups.get(k)).copied().unwrap_or_default();
            let of = |what: &'static str| move || format!("kin{length} {what}");
            row.put(of("likely"), g.likely / g.words.max(0.5));
            row.put(of("odds"), g.odds / g.count.max(1.0));
            row.put(of("share"), g.words / all);
            row.put(of("count"), log(g.count));
            row.put(of("least"), g.least);
            row.put(of("most"), g.most);
        }
    }

    fn write_containers(&self, at: usize, row: &mut impl Row) {
        let all = self.likely.total().max(1e-3);
        let mut chain = self.scene.tree.map(|t| t.ancestors(self.scene.blocks[at].place.element));
        for level in 0..LEVELS {
            let id = chain.as_mut().and_then(Iterator::next);
            let range = match (self.scene.tree, id) {
                (Some(tree), Some(id)) => self.scene.sums.blocks(tree, id),
                _ => 0..0,
            };
            let (mean, share) = if range.is_empty() {
                (-1.0, -1.0)
            } else {
                (self.likely_share(&range), self.likely.over(&range) / all)
            };
            row.put(|| format!("container{level} likely mean"), mean);
            row.put(|| format!("container{level} likely of page"), share);
        }
    }

    fn write_order(&self, at: usize, row: &mut impl Row) {
        let o = &self.order;
        let (rank, loss) = o.rows.get(at).copied().unwrap_or_default();
        let all = self.likely.total();
        row.add("rank", rank);
        row.add("expected loss", loss);
        row.add("expected f1", o.best);
        row.add("threshold", o.threshold);
        row.add("over threshold", self.odds[at] - odds(o.threshold));
        row.add("share taken", o.share);
        row.add("top chance", o.top);
        row.add("likely words", log(all));
        row.add("likely before", self.likely.first(at) / all.max(1e-3));
        row.add("from first taken", (at as f32 - o.first as f32).clamp(-FAR, FAR));
        row.add("from last taken", (at as f32 - o.last as f32).clamp(-FAR, FAR));
        row.add("own likely", self.sizes[at] * self.chances[at] / all.max(1e-3));
    }

    fn likely_share(&self, range: &Range<usize>) -> f32 {
        self.likely.over(range) / self.words.over(range).max(0.5)
    }
}

impl Doubts {
    fn new(scene: &Scene<'_>, chances: &[f32], sizes: &[f32]) -> Self {
        let mut doubts = Self::default();
        let (mut words, mut blocks) = (0.0, 0.0);
        for (at, block) in scene.blocks.iter().enumerate() {
            words += sizes[at];
            doubts.words += sizes[at] * (1.0 - chances[at]);
            if block.words == 0 {
                continue;
            }
            blocks += 1.0;
            doubts.blocks += 1.0 - chances[at];
            doubts.count += f32::from(u8::from(chances[at] < 0.5));
            doubts.rejected += f32::from(u8::from(chances[at] < HARDLY));
            doubts.accusations += f32::from(u8::from(is_accused(&scene.evidence[at])));
        }
        let blocks = f32::max(blocks, 1.0);
        doubts.words /= f32::max(words, 0.5);
        doubts.blocks /= blocks;
        doubts.unlikely = doubts.count / blocks;
        doubts.accused = doubts.accusations / blocks;
        doubts
    }

    fn write(&self, row: &mut impl Row) {
        row.add("doubted words", self.words);
        row.add("doubted blocks", self.blocks);
        row.add("unlikely share", self.unlikely);
        row.add("unlikely", log(self.count));
        row.add("rejected", log(self.rejected));
        row.add("accused share", self.accused);
        row.add("accused", log(self.accusations));
    }
}

impl Order {
    fn new(chances: &[f32], sizes: &[f32]) -> Self {
        let mut order: Vec<usize> = (0..chances.len()).collect();
        order.sort_by(|&a, &b| chances[b].total_cmp(&chances[a]).then(a.cmp(&b)));
        let expected: f32 = chances.iter().zip(sizes).map(|(c, s)| c * s).sum();
        let all: f32 = sizes.iter().sum::<f32>().max(0.5);
        let (mut hit, mut size) = (0.0, 0.0);
        let mut out = Self { rows: vec![(0.0, 0.0); chances.len()], ..Self::default() };
        let mut taken = 0;
        for (nth, &at) in order.iter().enumerate() {
            hit += sizes[at] * chances[at];
            size += sizes[at];
            let f1 = 2.0 * hit / (size + expected);
            out.rows[at] = (size / all, f1);
            if f1 >= out.best {
                (out.best, out.threshold, out.share) = (f1, chances[at], size / all);
                taken = nth + 1;
            }
        }
        for row in &mut out.rows {
            row.1 -= out.best;
        }
        out.top = order.first().map_or(0.0, |&at| chances[at]);
        out.first = order[..taken].iter().copied().min().unwrap_or(0);
        out.last = order[..taken].iter().copied().max().unwrap_or(0);
        out
    }
}

/// What lines of a text file are alike by, the finer the longer.
fn line_key(block: &Block, length: usize) -> u64 {
    let size = (block.words.max(1)).ilog2() as u64;
    let first = block.text.chars().next().map_or(0, |c| {
        if c.is_alphabetic() {
            u64::from(c.is_uppercase())
        } else if c.is_numeric() {
            2
        } else {
            u64::from(c)
        }
    });
    let last =
        block.text.chars().next_back().map_or(0, |c| if c.is_alphanumeric() { 0 } else { u64::from(c) });
    let mut key = size << 3 | u64::from(block.bullet) << 2 | u64::from(block.ends_sentence) << 1;
    if length >= 3 {
        key = key << 1 | u64::from(block.place.blank_before);
    }
    if length >= 4 {
        key = key << 21 | first;
    }
    if length >= 6 {
        key = key << 21 ^ last << 1 ^ u64::from(block.digits > 0.15);
    }
    key
}
