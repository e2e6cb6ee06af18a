//! Siblings that are built alike: the cards of a collection, the teasers of a listing, the posts of a
//! thread. Says how many there are and what one of them holds.

use super::shape::log;
use super::signs::is_price;
use crate::clean::block::{Block, Region, Shape};
use crate::clean::parse::{Attribute, NodeId, Tag, Tree};
use crate::clean::quick::Map;
use crate::clean::weigh::features::Row;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Fewer alike are no group.
const FEWEST: usize = 4;

/// Groups elsewhere are menus.
const AROUND: u32 = Region::NAV | Region::FOOTER | Region::HEADER | Region::CONSENT | Region::BREADCRUMB;

/// Running sums over the blocks.
#[derive(Clone, Copy, Default)]
struct Sum {
    words: f32,
    linked: f32,
    sentences: f32,
    prose: f32,
    headings: f32,
    linked_headings: f32,
    prices: f32,
    numbers: f32,
    around: f32,
}

impl Sum {
    fn and(self, b: &Block) -> Self {
        let words = b.words as f32;
        let heading = matches!(b.shape, Shape::Heading(_));
        let one = |yes: bool| f32::from(u8::from(yes));
        Self {
            words: self.words + words,
            linked: self.linked + words * b.link_density,
            sentences: self.sentences + b.sentences as f32,
            prose: self.prose + if super::shape::is_prose(b) { words } else { 0.0 },
            headings: self.headings + one(heading),
            linked_headings: self.linked_headings + one(heading && b.link_density > 0.7),
            prices: self.prices + one(b.words <= 8 && is_price(&b.text)),
            numbers: self.numbers + one(b.words <= 8 && b.digits > 0.2),
            around: self.around + if b.region.has(AROUND) { words } else { 0.0 },
        }
    }

    fn less(self, b: Self) -> Self {
        Self {
            words: self.words - b.words,
            linked: self.linked - b.linked,
            sentences: self.sentences - b.sentences,
            prose: self.prose - b.prose,
            headings: self.headings - b.headings,
            linked_headings: self.linked_headings - b.linked_headings,
            prices: self.prices - b.prices,
            numbers: self.numbers - b.numbers,
            around: self.around - b.around,
        }
    }

    fn plus(self, b: Self) -> Self {
        self.less(Self::default().less(b))
    }
}

/// What alike siblings hold together.
#[derive(Clone, Copy, Default)]
struct Group {
    members: usize,
    sum: Sum,
    images: usize,
    times: usize,
    /// Members with at least one sentence, one price, one image.
    told: usize,
    priced: usize,
    pictured: usize,
    /// Words of the longest member.
    longest: f32,
}

/// The largest groups of a page.
pub struct Groups {
    /// By words, by members, and by members with text of their own.
    best: [Group; 3],
    groups: usize,
    words: f32,
}

impl Groups {
    pub fn of(tree: Option<&Tree>, blocks: &[Block]) -> Self {
        let mut running = Vec::with_capacity(blocks.len() + 1);
        running.push(Sum::default());
        for block in blocks {
            running.push(running.last().copied().unwrap_or_default().and(block));
        }
        let all = running.last().copied().unwrap_or_default();
        let found = tree.map_or_else(Vec::new, |tree| find(tree, blocks, &running));
        let best = |score: &dyn Fn(&Group) -> f32| {
            // Of equals, the first.
            found.iter().rev().max_by(|a, b| score(a).total_cmp(&score(b))).copied().unwrap_or_default()
        };
        Self {
            best: [best(&|g| g.sum.words), best(&|g| g.members as f32), best(&|g| (g.told * g.told) as f32)],
            groups: found.len(),
            words: all.words,
        }
    }

    pub fn write(&self, row: &mut impl Row) {
        row.add("groups", log(self.groups as f32));
        for (group, name) in self.best.iter().zip(["heaviest", "largest", "telling"]) {
            let of_one = |x: f32| x / group.members.max(1) as f32;
            let words = group.sum.words.max(1.0);
            for (what, value) in [
                ("members", log(group.members as f32)),
                ("share", group.sum.words / self.words.max(1.0)),
                ("words", log(of_one(group.sum.words))),
                ("longest", group.longest / words),
                ("linked", group.sum.linked / words),
                ("prose", group.sum.prose / words),
                ("sentences", of_one(group.sum.sentences).min(20.0)),
                ("headings", of_one(group.sum.headings).min(5.0)),
                ("linked headings", of_one(group.sum.linked_headings).min(5.0)),
                ("numbers", of_one(group.sum.numbers).min(5.0)),
                ("images", of_one(group.images as f32).min(5.0)),
                ("times", of_one(group.times as f32).min(3.0)),
                ("told", of_one(group.told as f32)),
                ("priced", of_one(group.priced as f32)),
                ("pictured", of_one(group.pictured as f32)),
            ] {
                row.put(|| format!("{name} group {what}"), value);
            }
        }
    }
}

/// Groups of at least [`FEWEST`] members with text, in the order of their first members.
fn find(tree: &Tree, blocks: &[Block], running: &[Sum]) -> Vec<Group> {
    let nodes: Vec<NodeId> = blocks.iter().map(|b| b.place.text_node).collect();
    let before = |id: NodeId| nodes.partition_point(|&n| n < id);
    // Images and times before each node.
    let mut seen = Vec::with_capacity(tree.len() + 1);
    let (mut images, mut times) = (0u32, 0u32);
    let mut siblings: Map<u64, usize> = Map::default();
    let mut lists: Vec<Vec<NodeId>> = Vec::new();
    for id in 0..tree.len() {
        seen.push((images, times));
        let Some(tag) = tree.tag(id) else { continue };
        images += u32::from(tag == Tag::Img);
        times += u32::from(tag == Tag::Time);
        let Some(parent) = tree.parent(id).filter(|_| tag.is_block() || tag == Tag::A) else { continue };
        if matches!(tag, Tag::P | Tag::Hr | Tag::Td | Tag::Th) {
            continue;
        }
        // Of class names the first says what it is; further ones say which.
        let class = tree.attribute(id, Attribute::Class).and_then(|c| c.split_whitespace().next());
        let key = xxh3_64_with_seed(class.unwrap_or("").as_bytes(), ((parent as u64) << 8) | tag as u64);
        let list = *siblings.entry(key).or_insert_with(|| {
            lists.push(Vec::new());
            lists.len() - 1
        });
        lists[list].push(id);
    }
    seen.push((images, times));
    let mut out = Vec::new();
    for list in lists.iter().filter(|l| l.len() >= FEWEST) {
        let mut group = Group::default();
        for &id in list {
            let span = tree.subtree(id);
            let sum = running[before(span.end)].less(running[before(span.start)]);
            if sum.words < 2.0 || sum.around > sum.words * 0.5 {
                continue;
            }
            let images = (seen[span.end].0 - seen[span.start].0) as usize;
            group.members += 1;
            group.images += images;
            group.times += (seen[span.end].1 - seen[span.start].1) as usize;
            group.told += usize::from(sum.sentences >= 1.0 && sum.words >= 12.0);
            group.priced += usize::from(sum.prices >= 1.0);
            group.pictured += usize::from(images > 0);
            group.longest = group.longest.max(sum.words);
            group.sum = group.sum.plus(sum);
        }
        if group.members >= FEWEST {
            out.push(group);
        }
    }
    out
}
