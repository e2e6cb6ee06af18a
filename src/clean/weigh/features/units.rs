//! Alike siblings: teasers of a list, posts of a thread, articles under each other. Which of how many the
//! block stands in, how much each holds, and where it stands to the title.

use super::{Row, Scene, log};
use crate::clean::block::Block;
use crate::clean::parse::{NodeId, Tag, Tree};
use crate::clean::quick::Map;

/// How far up a repeated element is sought.
const LEVELS: usize = 9;

/// From so many siblings of one name and class on they are a series.
const SERIES: usize = 3;

/// A series of siblings of one name and class.
#[derive(Debug, Clone, Copy, Default)]
struct Series {
    members: usize,
    words: f32,
    prose: f32,
    links: f32,
    longest: f32,
    sentences: f32,
}

/// The series a block stands in.
#[derive(Debug, Clone, Copy, Default)]
struct Unit {
    series: Series,
    level: f32,
    ordinal: f32,
    own: f32,
    own_prose: f32,
    own_links: f32,
    own_blocks: f32,
    holds_title: bool,
}

/// How far the block is from the title in the tree.
#[derive(Debug, Clone, Copy, Default)]
struct Kinship {
    up: f32,
    down: f32,
    share: f32,
}

#[derive(Default)]
pub struct Units {
    inner: Vec<Unit>,
    outer: Vec<Unit>,
    kinship: Vec<Kinship>,
    /// For each block: how many `<article>`s it stands in, which one of the page the inner one is, the share of
    /// the prose that it holds, and whether it holds the title.
    articles: Vec<[f32; 4]>,
}

impl Units {
    pub fn new(scene: &Scene<'_>, title: Option<usize>) -> Self {
        let names = &scene.names;
        let Some(tree) = scene.tree.filter(|t| !t.is_empty()) else { return Self::default() };
        let title_node = title.map(|t| scene.blocks[t].place.text_node);
        let series = Seen::new(tree, names);
        let mut found: Map<NodeId, (Unit, Unit)> = Map::default();
        let mut totals: Map<(NodeId, u64), Series> = Map::default();
        let mut inner = Vec::with_capacity(scene.blocks.len());
        let mut outer = Vec::with_capacity(scene.blocks.len());
        for block in scene.blocks {
            let element = block.place.element;
            let (a, b) = *found.entry(element).or_insert_with(|| {
                let mut both = [Unit::default(); 2];
                let mut at = 0;
                for (level, id) in tree.ancestors(element).take(LEVELS).enumerate() {
                    let Some(key) = series.key(tree, names, id) else { continue };
                    let total = *totals.entry(key).or_insert_with(|| series.total(scene, tree, key));
                    both[at] = unit(scene, tree, id, level, total, series.ordinal(id), title_node);
                    at += 1;
                    if at == 2 {
                        break;
                    }
                }
                (both[0], both[1])
            });
            inner.push(a);
            outer.push(b);
        }
        Self {
            inner,
            outer,
            kinship: kinship(scene, tree, title),
            articles: articles(scene, tree, title_node),
        }
    }
}

/// Which elements have alike siblings.
struct Seen {
    /// For each parent and signature, the members in order.
    members: Map<(NodeId, u64), Vec<NodeId>>,
    ordinals: Map<NodeId, usize>,
}

impl Seen {
    fn new(tree: &Tree, names: &[u64]) -> Self {
        let mut members: Map<(NodeId, u64), Vec<NodeId>> = Map::default();
        for (id, &name) in names.iter().enumerate() {
            if let (Some(tag), Some(parent)) = (tree.tag(id), tree.parent(id))
                && tag.is_block()
                && tag != Tag::P
            {
                members.entry((parent, name)).or_default().push(id);
            }
        }
        members.retain(|_, m| m.len() >= SERIES);
        let mut ordinals = Map::default();
        for m in members.values() {
            ordinals.extend(m.iter().enumerate().map(|(n, &id)| (id, n)));
        }
        Self { members, ordinals }
    }

    fn key(&self, tree: &Tree, names: &[u64], id: NodeId) -> Option<(NodeId, u64)> {
        let key = (tree.parent(id)?, names[id]);
        self.members.contains_key(&key).then_some(key)
    }

    fn ordinal(&self, id: NodeId) -> usize {
        self.ordinals.get(&id).copied().unwrap_or(0)
    }

    fn total(&self, scene: &Scene<'_>, tree: &Tree, key: (NodeId, u64)) -> Series {
        let mut series = Series::default();
        for &id in self.members.get(&key).map_or(&[][..], Vec::as_slice) {
            let range = scene.sums.blocks(tree, id);
            let words = scene.sums.words.over(&range);
            if words == 0.0 {
                continue;
            }
            series.members += 1;
            series.words += words;
            series.prose += scene.sums.prose.over(&range);
            series.links += scene.sums.link_words.over(&range);
            series.sentences += scene.sums.sentences.over(&range);
            series.longest = series.longest.max(words);
        }
        series
    }
}

fn unit(
    scene: &Scene<'_>,
    tree: &Tree,
    id: NodeId,
    level: usize,
    series: Series,
    ordinal: usize,
    title: Option<NodeId>,
) -> Unit {
    let range = scene.sums.blocks(tree, id);
    let own = scene.sums.words.over(&range);
    Unit {
        series,
        level: level as f32 + 1.0,
        ordinal: ordinal as f32,
        own,
        own_prose: scene.sums.prose.over(&range),
        own_links: scene.sums.link_words.over(&range),
        own_blocks: range.len() as f32,
        holds_title: title.is_some_and(|t| tree.subtree(id).contains(&t)),
    }
}

fn kinship(scene: &Scene<'_>, tree: &Tree, title: Option<usize>) -> Vec<Kinship> {
    let Some(title) = title else { return Vec::new() };
    let line: Map<NodeId, usize> =
        tree.ancestors(scene.blocks[title].place.element).enumerate().map(|(n, id)| (id, n)).collect();
    let all = scene.sums.words.total().max(1.0);
    let mut known: Map<NodeId, Kinship> = Map::default();
    let of = |block: &Block| {
        for (up, id) in tree.ancestors(block.place.element).enumerate() {
            if let Some(&down) = line.get(&id) {
                let share = scene.sums.words.over(&scene.sums.blocks(tree, id)) / all;
                return Kinship { up: up as f32, down: down as f32, share };
            }
        }
        Kinship { up: -1.0, down: -1.0, share: 1.0 }
    };
    scene.blocks.iter().map(|b| *known.entry(b.place.element).or_insert_with(|| of(b))).collect()
}

fn articles(scene: &Scene<'_>, tree: &Tree, title: Option<NodeId>) -> Vec<[f32; 4]> {
    let ordinals: Map<NodeId, usize> = (0..tree.len())
        .filter(|&id| tree.tag(id) == Some(Tag::Article))
        .enumerate()
        .map(|(n, id)| (id, n + 1))
        .collect();
    if ordinals.is_empty() {
        return Vec::new();
    }
    let all = scene.sums.prose.total().max(1.0);
    let of = |block: &Block| {
        let mut inside = tree.ancestors(block.place.element).filter(|id| ordinals.contains_key(id));
        let Some(inner) = inside.next() else { return [0.0; 4] };
        let held = scene.sums.prose.over(&scene.sums.blocks(tree, inner)) / all;
        let titled = title.is_some_and(|t| tree.subtree(inner).contains(&t));
        [1.0 + inside.count() as f32, log(ordinals[&inner] as f32), held, f32::from(u8::from(titled))]
    };
    let mut known: Map<NodeId, [f32; 4]> = Map::default();
    scene.blocks.iter().map(|b| *known.entry(b.place.element).or_insert_with(|| of(b))).collect()
}

pub fn write(scene: &Scene<'_>, at: usize, row: &mut impl Row) {
    let units = &scene.units;
    let all = scene.sums.words.total().max(1.0);
    for (which, list) in [("unit", &units.inner), ("outer unit", &units.outer)] {
        let u = list.get(at).copied().unwrap_or_default();
        let of = |what: &'static str| move || format!("{which} {what}");
        let members = (u.series.members as f32).max(1.0);
        row.put(of("members"), log(u.series.members as f32));
        row.put(of("level"), u.level);
        row.put(of("ordinal"), log(u.ordinal));
        row.put(of("words"), log(u.own));
        row.put(of("blocks"), log(u.own_blocks));
        row.put(of("share of series"), u.own / u.series.words.max(1.0));
        row.put(of("to longest"), u.own / u.series.longest.max(1.0));
        row.put(of("prose"), u.own_prose / u.own.max(1.0));
        row.put(of("links"), u.own_links / u.own.max(1.0));
        row.put(of("holds title"), f32::from(u8::from(u.holds_title)));
        row.put(of("series words"), log(u.series.words / members));
        row.put(of("series share"), u.series.words / all);
        row.put(of("series prose"), u.series.prose / u.series.words.max(1.0));
        row.put(of("series links"), u.series.links / u.series.words.max(1.0));
        row.put(of("series sentences"), u.series.sentences / members);
    }
    let k = units.kinship.get(at).copied().unwrap_or_default();
    row.add("up to title", k.up);
    row.add("down to title", k.down);
    row.add("share with title", k.share);
    let a = units.articles.get(at).copied().unwrap_or_default();
    row.add("articles around", a[0]);
    row.add("article ordinal", a[1]);
    row.add("article prose", a[2]);
    row.add("article holds title", a[3]);
}
