//! Where a block stands in reading order: in the page, to the title, to headings, to runs of prose.

use super::{Row, Scene, is_heading, log, title_text};
use crate::clean::block::{Block, Shape};
use crate::clean::fold::fold;
use crate::clean::parse::Tree;
use crate::clean::quick::Set;

/// Gaps, in blocks, that a cluster of prose may bridge.
const GAP: usize = 6;

/// Distances beyond this are all the same.
const FAR: f32 = 40.0;

#[derive(Default)]
pub struct Places {
    title: Option<usize>,
    /// For each block, the share of its longer words that stand in the title too.
    title_share: Vec<f32>,
    /// For each block: rank of its cluster by words (1 = longest, 0 = none) and the cluster's share of the prose.
    cluster: Vec<(f32, f32)>,
    /// Signed distance to the longest cluster: 0 inside, negative before.
    to_cluster: Vec<f32>,
    prose_before: Vec<f32>,
    prose_after: Vec<f32>,
    label_run: Vec<f32>,
    long_run: Vec<f32>,
    /// For each block, the share of its longer words that stand in prose; 1 for prose, -1 without longer words.
    overlap: Vec<f32>,
}

impl Places {
    pub fn new(blocks: &[Block], tree: Option<&Tree>, prose: &[f32]) -> Self {
        let title_text = tree.and_then(title_text).unwrap_or_default();
        let folded = fold(&title_text);
        let title = match tree {
            Some(_) => title_block(blocks, &folded),
            None => blocks.iter().position(|b| b.words >= 3 && !b.ends_sentence),
        };
        let title_source =
            if tree.is_some() { folded.as_str() } else { title.map_or("", |t| blocks[t].folded.as_str()) };
        let title_words: Vec<&str> = longer_words(title_source).collect();
        let (cluster, to_cluster) = clusters(prose);
        Self {
            title,
            title_share: blocks.iter().map(|b| share_of_title(b, &title_words)).collect(),
            cluster,
            to_cluster,
            prose_before: distance(prose.iter().copied()),
            prose_after: {
                let mut d = distance(prose.iter().rev().copied());
                d.reverse();
                d
            },
            label_run: runs(blocks, |b| b.words <= 6 && !b.ends_sentence && !is_heading(b)),
            long_run: runs(blocks, |b| b.words >= 12 && b.link_density < 0.5),
            overlap: overlap(blocks, prose),
        }
    }

    /// The block that says the page's title.
    pub fn title(&self) -> Option<usize> {
        self.title
    }
}

/// The heading that says the same as the page's title, of the highest level.
fn title_block(blocks: &[Block], title: &str) -> Option<usize> {
    let alike = |b: &Block| {
        let f = b.folded.as_str();
        b.words >= 2 && (f == title || (f.len() * 3 > title.len() && title.contains(f)))
    };
    let level = |b: &Block| if let Shape::Heading(l) = b.shape { l } else { 7 };
    let by_title =
        blocks.iter().enumerate().filter(|(_, b)| alike(b)).min_by_key(|(_, b)| level(b)).map(|(at, _)| at);
    by_title.or_else(|| blocks.iter().position(|b| b.shape == Shape::Heading(1)))
}

/// Words of more than three letters.
fn longer_words(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(' ').filter(|w| w.chars().nth(3).is_some())
}

/// What share of a block's longer words the title's words are.
fn share_of_title(block: &Block, title_words: &[&str]) -> f32 {
    let (mut all, mut met) = (0, 0);
    for word in longer_words(&block.folded).take(40) {
        all += 1;
        met += usize::from(title_words.contains(&word));
    }
    if all == 0 { 0.0 } else { met as f32 / all as f32 }
}

fn clusters(prose: &[f32]) -> (Vec<(f32, f32)>, Vec<f32>) {
    let mut found: Vec<(f32, usize, usize)> = Vec::new();
    for (at, &words) in prose.iter().enumerate().filter(|(_, w)| **w > 0.0) {
        match found.last_mut() {
            Some((sum, _, last)) if at - *last <= GAP + 1 => {
                *sum += words;
                *last = at;
            }
            _ => found.push((words, at, at)),
        }
    }
    let all: f32 = prose.iter().sum::<f32>().max(1.0);
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by(|&a, &b| found[b].0.total_cmp(&found[a].0).then(a.cmp(&b)));
    let mut cluster = vec![(0.0, 0.0); prose.len()];
    for (rank, &which) in order.iter().enumerate() {
        let (sum, first, last) = found[which];
        cluster[first..=last].fill((rank as f32 + 1.0, sum / all));
    }
    let to_cluster = match order.first().map(|&w| found[w]) {
        Some((_, first, last)) => (0..prose.len())
            .map(|at| {
                if at < first { -((first - at) as f32) } else { (at - at.min(last)) as f32 }.clamp(-FAR, FAR)
            })
            .collect(),
        None => vec![0.0; prose.len()],
    };
    (cluster, to_cluster)
}

/// Blocks since the last prose block.
fn distance(prose: impl Iterator<Item = f32>) -> Vec<f32> {
    let mut since = FAR;
    prose
        .map(|p| {
            let here = since;
            since = if p > 0.0 { 0.0 } else { (since + 1.0).min(FAR) };
            here
        })
        .collect()
}

/// For each block, the length of the run of blocks it stands in that fit.
fn runs(blocks: &[Block], fits: impl Fn(&Block) -> bool) -> Vec<f32> {
    let mut out = vec![0.0; blocks.len()];
    let mut at = 0;
    while at < blocks.len() {
        let run = blocks[at..].iter().take_while(|b| fits(b)).count();
        out[at..at + run].fill(run as f32);
        at += run.max(1);
    }
    out
}

/// For short blocks: the share of their longer words that also stand in prose.
fn overlap(blocks: &[Block], prose: &[f32]) -> Vec<f32> {
    let mut known: Set<&str> = Set::default();
    for (b, _) in blocks.iter().zip(prose).filter(|(_, p)| **p > 0.0) {
        known.extend(b.folded.split(' ').filter(|w| w.len() > 4));
    }
    blocks
        .iter()
        .zip(prose)
        .map(|(b, &p)| {
            if p > 0.0 {
                return 1.0;
            }
            let (mut all, mut met) = (0, 0);
            for w in b.folded.split(' ').filter(|w| w.len() > 4).take(30) {
                all += 1;
                met += usize::from(known.contains(w));
            }
            if all == 0 { -1.0 } else { met as f32 / all as f32 }
        })
        .collect()
}

pub fn write(scene: &Scene<'_>, at: usize, row: &mut impl Row) {
    let p = &scene.place;
    let all = scene.sums.words.total().max(1.0);
    row.add("position", at as f32 / scene.blocks.len().max(1) as f32);
    row.add("words before", scene.sums.words.first(at) / all);
    row.add("index", log(at as f32));
    row.add("from end", log((scene.blocks.len() - at) as f32));
    let from_title = p.title.map_or(-2.0 * FAR, |t| (at as f32 - t as f32).clamp(-FAR, FAR));
    row.add("from title", from_title);
    row.flag("has title", p.title.is_some());
    row.add("title words", p.title_share[at]);
    row.add("cluster rank", p.cluster[at].0);
    row.add("cluster share", p.cluster[at].1);
    row.add("to cluster", p.to_cluster[at]);
    row.add("prose before", p.prose_before[at]);
    row.add("prose after", p.prose_after[at]);
    row.add("label run", log(p.label_run[at]));
    row.add("long run", log(p.long_run[at]));
    row.add("overlap", p.overlap[at]);
    let since = (1..=20).find(|&back| at.checked_sub(back).is_some_and(|n| is_heading(&scene.blocks[n])));
    row.add("since heading", since.unwrap_or(21) as f32);
    let level = since.map_or(0, |back| match scene.blocks[at - back].shape {
        Shape::Heading(level) => level,
        _ => 0,
    });
    row.add("heading above", f32::from(level));
    let next = (1..=10).find(|&on| scene.blocks.get(at + on).is_some_and(is_heading));
    row.add("to heading", next.unwrap_or(11) as f32);
    // What the heading above stands over: prose or links, up to the next heading.
    let section = since.map_or(at, |back| at - back);
    let end = (at + 1..(at + 30).min(scene.blocks.len())).find(|&n| is_heading(&scene.blocks[n]));
    let range = section..end.unwrap_or((at + 30).min(scene.blocks.len()));
    let words = scene.sums.words.over(&range).max(1.0);
    row.add("section prose", scene.sums.prose.over(&range) / words);
    row.add("section links", scene.sums.link_words.over(&range) / words);
}
