//! What is measured of a block beyond itself: the containers it stands in, the runs of long text around
//! it, what repeats on the page. Numbers only; [`super::score`] says what they mean.

use crate::clean::block::{Block, Region, Shape};
use crate::clean::parse::{NodeId, Tree};
use std::collections::HashMap;

/// Regions in which long text is not a sign of the main part.
const ELSEWHERE: u32 = Region::NAV
    | Region::FOOTER
    | Region::RELATED
    | Region::CONSENT
    | Region::AD
    | Region::SHARE
    | Region::PROMO
    | Region::ASIDE
    | Region::MODAL
    | Region::COMMENTS
    | Region::HIDDEN;

/// One block seen in its surroundings.
#[derive(Debug, Clone, Default)]
pub struct Features {
    /// Words of prose the block counts for: 0 where it is a label, a link list or in furniture.
    pub prose: f32,
    /// How many of the deepest elements that hold 40, 60, 80 and 95 % of the page's prose it is in: 0 to 4.
    /// A text file's blocks: 4 in the main cluster, 0 outside.
    pub cores: u8,
    /// In the longest cluster of prose blocks (gaps of at most six short ones).
    pub in_cluster: bool,
    /// Blocks to the nearest prose block before and after, at most 20.
    pub prose_before: u8,
    pub prose_after: u8,
    /// The same text stands elsewhere on the page.
    pub repeated: bool,
    /// How many blocks stand in the same list, grid or run of alike siblings: 1 for none.
    pub siblings: usize,
    /// Their share of link text and their mean length in words.
    pub sibling_links: f32,
    pub sibling_words: f32,
    /// Share of link text in the block's nearest container of two blocks or more, and its words.
    pub container_links: f32,
    pub container_words: f32,
    pub container_prose: f32,
    /// Place in reading order, 0 to 1, by words.
    pub position: f32,
    /// Blocks since the heading that opens the main part (negative: before it); clamped to -50..50.
    pub from_title: i32,
    /// Length of the run of label-like blocks it stands in.
    pub label_run: usize,
    /// A heading right before, and how many blocks back, at most 5.
    pub after_heading: u8,
}

/// Measures every block.
pub fn measure(
    blocks: &[Block],
    tree: Option<&Tree>,
    title: Option<&str>,
    comments_are_content: bool,
) -> Vec<Features> {
    let elsewhere = if comments_are_content { ELSEWHERE & !Region::COMMENTS } else { ELSEWHERE };
    let prose: Vec<f32> = blocks.iter().map(|b| prose_words(b, elsewhere)).collect();
    let mut features: Vec<Features> =
        prose.iter().map(|&p| Features { prose: p, ..Features::default() }).collect();
    cluster(blocks, &prose, &mut features);
    distances(&prose, &mut features);
    repetition(blocks, &mut features);
    positions(blocks, title, &mut features);
    label_runs(blocks, &mut features);
    match tree {
        Some(tree) => containers(blocks, tree, &prose, &mut features),
        None => {
            for f in &mut features {
                f.cores = if f.in_cluster { 4 } else { 0 };
                f.siblings = 1;
            }
        }
    }
    features
}

fn prose_words(block: &Block, elsewhere: u32) -> f32 {
    let long =
        block.words >= 15 || (block.words >= 7 && block.ends_sentence) || matches!(block.shape, Shape::Code);
    if !long || block.link_density > 0.4 || block.region.has(elsewhere) {
        return 0.0;
    }
    let sure = if block.ends_sentence || block.sentences > 0 { 1.0 } else { 0.5 };
    block.words as f32 * sure * (1.0 - block.link_density)
}

/// Gaps between prose blocks that a cluster may bridge.
const GAP: usize = 6;

/// Marks the cluster of prose blocks with the most words.
fn cluster(blocks: &[Block], prose: &[f32], features: &mut [Features]) {
    let mut best = (0.0, 0, 0);
    let mut open: Option<(f32, usize, usize)> = None;
    for (at, &words) in prose.iter().enumerate() {
        if words == 0.0 {
            continue;
        }
        let next = match open {
            Some((sum, first, last)) if at - last <= GAP + 1 => (sum + words, first, at),
            _ => (words, at, at),
        };
        if next.0 > best.0 {
            best = next;
        }
        open = Some(next);
    }
    if best.0 > 0.0 {
        for f in &mut features[best.1..=best.2.min(blocks.len() - 1)] {
            f.in_cluster = true;
        }
    }
}

fn distances(prose: &[f32], features: &mut [Features]) {
    let mut since = 20u8;
    for (f, &p) in features.iter_mut().zip(prose) {
        f.prose_before = since;
        since = if p > 0.0 { 0 } else { since.saturating_add(1).min(20) };
    }
    since = 20;
    for (f, &p) in features.iter_mut().zip(prose).rev() {
        f.prose_after = since;
        since = if p > 0.0 { 0 } else { since.saturating_add(1).min(20) };
    }
}

fn repetition(blocks: &[Block], features: &mut [Features]) {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for b in blocks {
        *seen.entry(b.folded.as_str()).or_default() += 1;
    }
    for (f, b) in features.iter_mut().zip(blocks) {
        f.repeated = seen.get(b.folded.as_str()).is_some_and(|&n| n > 1);
    }
}

/// Reading position, distance to the title, headings before.
fn positions(blocks: &[Block], title: Option<&str>, features: &mut [Features]) {
    let total: usize = blocks.iter().map(|b| b.words).sum::<usize>().max(1);
    let title_at = title.and_then(|t| title_block(blocks, t));
    let mut before = 0;
    let mut since_heading = 5u8;
    for (at, (f, b)) in features.iter_mut().zip(blocks).enumerate() {
        f.position = before as f32 / total as f32;
        before += b.words;
        f.from_title = title_at.map_or(0, |t| (at as i32 - t as i32).clamp(-50, 50));
        f.after_heading = since_heading;
        since_heading = if matches!(b.shape, Shape::Heading(_)) { 0 } else { (since_heading + 1).min(5) };
    }
}

/// The block that shows the page's title: a heading that says the same, the last of the highest level.
pub fn title_block(blocks: &[Block], title: &str) -> Option<usize> {
    let title = crate::clean::block::fold(title);
    let alike = |b: &Block| {
        let f = b.folded.as_str();
        b.words >= 2 && (f == title || (f.len() * 3 > title.len() && title.contains(f)))
    };
    let level = |b: &Block| if let Shape::Heading(l) = b.shape { l } else { 7 };
    blocks.iter().enumerate().filter(|(_, b)| alike(b)).min_by_key(|(_, b)| level(b)).map(|(at, _)| at)
}

fn is_label(b: &Block) -> bool {
    b.words <= 6 && !b.ends_sentence && !matches!(b.shape, Shape::Heading(_) | Shape::Code | Shape::Cell)
}

fn label_runs(blocks: &[Block], features: &mut [Features]) {
    let mut at = 0;
    while at < blocks.len() {
        let run = blocks[at..].iter().take_while(|b| is_label(b)).count();
        for f in &mut features[at..at + run] {
            f.label_run = run;
        }
        at += run.max(1);
    }
}

/// Sums over the blocks below any element, by two lookups.
struct Sums<'a> {
    /// The blocks' first text nodes, ascending.
    nodes: Vec<NodeId>,
    prose: Vec<f32>,
    words: Vec<f32>,
    link_words: Vec<f32>,
    tree: &'a Tree,
}

impl<'a> Sums<'a> {
    fn new(blocks: &[Block], tree: &'a Tree, prose: &[f32]) -> Self {
        let running = |of: &dyn Fn(usize) -> f32| {
            let mut sum = 0.0;
            std::iter::once(0.0)
                .chain((0..blocks.len()).map(|at| {
                    sum += of(at);
                    sum
                }))
                .collect()
        };
        Self {
            nodes: blocks.iter().map(|b| b.place.text_node).collect(),
            prose: running(&|at| prose[at]),
            words: running(&|at| blocks[at].words as f32),
            link_words: running(&|at| blocks[at].words as f32 * blocks[at].link_density),
            tree,
        }
    }

    /// The blocks below an element.
    fn blocks(&self, id: NodeId) -> std::ops::Range<usize> {
        let range = self.tree.subtree(id);
        self.nodes.partition_point(|&n| n < range.start)..self.nodes.partition_point(|&n| n < range.end)
    }

    fn sum(of: &[f32], range: &std::ops::Range<usize>) -> f32 {
        of[range.end] - of[range.start]
    }

    /// The deepest element that holds at least `share` of the prose, found by walking down.
    fn core(&self, share: f32) -> NodeId {
        let all = self.prose.last().copied().unwrap_or(0.0);
        let mut at = 0;
        'down: loop {
            let range = self.tree.subtree(at);
            let mut child = at + 1;
            let mut best = (0.0, None);
            while child < range.end {
                if self.tree.tag(child).is_some() {
                    let held = Self::sum(&self.prose, &self.blocks(child));
                    if held > best.0 {
                        best = (held, Some(child));
                    }
                }
                child = self.tree.subtree(child).end;
            }
            match best {
                (held, Some(child)) if held >= share * all => at = child,
                _ => break 'down at,
            }
        }
    }
}

fn containers(blocks: &[Block], tree: &Tree, prose: &[f32], features: &mut [Features]) {
    if blocks.is_empty() {
        return;
    }
    let sums = Sums::new(blocks, tree, prose);
    if sums.prose.last().is_some_and(|&p| p > 0.0) {
        for share in [0.4, 0.6, 0.8, 0.95] {
            for f in &mut features[sums.blocks(sums.core(share))] {
                f.cores += 1;
            }
        }
    } else {
        features.iter_mut().for_each(|f| f.cores = 2);
    }
    let mut alike: HashMap<(NodeId, u64), Vec<usize>> = HashMap::new();
    for (at, block) in blocks.iter().enumerate() {
        let around = tree
            .ancestors(block.place.element)
            .map(|id| (id, sums.blocks(id)))
            .find(|(_, range)| range.len() >= 2)
            .map_or(at..at + 1, |(_, range)| range);
        let f = &mut features[at];
        f.container_words = Sums::sum(&sums.words, &around);
        f.container_links = Sums::sum(&sums.link_words, &around) / f.container_words.max(1.0);
        f.container_prose = Sums::sum(&sums.prose, &around);
        let (anchor, path) = path_key(tree, block.place.element);
        alike.entry((anchor, path)).or_default().push(at);
    }
    for group in alike.into_values() {
        let words: f32 = group.iter().map(|&at| blocks[at].words as f32).sum();
        let links: f32 = group.iter().map(|&at| blocks[at].words as f32 * blocks[at].link_density).sum();
        for &at in &group {
            let f = &mut features[at];
            f.siblings = group.len();
            f.sibling_words = words / group.len() as f32;
            f.sibling_links = links / words.max(1.0);
        }
    }
}

/// How many levels up blocks are compared to find those that repeat a pattern.
const PATTERN_DEPTH: usize = 3;

/// The element three levels up, and the names and classes on the way to it.
fn path_key(tree: &Tree, element: NodeId) -> (NodeId, u64) {
    use crate::clean::parse::Attribute;
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    let mut anchor = element;
    for id in tree.ancestors(element).take(PATTERN_DEPTH) {
        tree.tag(id).hash(&mut hasher);
        tree.attribute(id, Attribute::Class).hash(&mut hasher);
        anchor = tree.parent(id).unwrap_or(id);
    }
    (anchor, hasher.finish())
}
