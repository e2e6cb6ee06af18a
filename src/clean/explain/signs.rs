//! What speaks for and against one block, as clauses for people: rules, the names of the elements around it,
//! its own shape, its neighbours, its kin. Told after the decision; the model weighs finer measures of the same.

use super::{Decided, Sign};
use crate::clean::block::{Block, Region, Shape};
use crate::clean::parse::{Attribute, Tag, Tree};
use crate::clean::prefix_sums::PrefixSums;
use crate::clean::weigh::rules::RULES;
use std::collections::HashMap;
use std::ops::Range;

/// What an element says of itself, by name, role or class, and how telling that is; positive: for keeping.
const REGIONS: &[(u32, f32, &str)] = &[
    (Region::CONSENT, -0.9, "names itself a consent notice"),
    (Region::BREADCRUMB, -0.9, "names itself a breadcrumb"),
    (Region::SHARE, -0.9, "names itself a share bar"),
    (Region::AD, -0.85, "names itself advertising"),
    (Region::RELATED, -0.85, "names itself a list of related pages"),
    (Region::PAGER, -0.85, "names itself a pager"),
    (Region::LOGIN, -0.85, "names itself a login bar"),
    (Region::NAV, -0.85, "names itself navigation"),
    (Region::FOOTER, -0.8, "names itself a footer"),
    (Region::TAGS, -0.8, "names itself a list of tags"),
    (Region::PROMO, -0.8, "names itself a promotion"),
    (Region::COMMENTS, -0.7, "names itself comments"),
    (Region::HIDDEN, -0.7, "is not shown when the page opens"),
    (Region::MODAL, -0.7, "names itself a dialog"),
    (Region::FORM, -0.6, "names itself a form"),
    (Region::BUTTON, -0.6, "names itself a button"),
    (Region::WIDGET, -0.6, "names itself a widget"),
    (Region::ASIDE, -0.6, "names itself a sidebar"),
    (Region::META, -0.5, "names itself a byline or date"),
    (Region::HEADER, -0.5, "names itself a header"),
    (Region::BODY_CLASS, 0.7, "names itself the body of an article"),
    (Region::ARTICLE, 0.5, "names itself an article"),
    (Region::MAIN, 0.5, "names itself the main part"),
];

/// Elements whose name and class make blocks alike, innermost first.
const PATH: usize = 4;

/// How far up the element around a block is sought.
const LEVELS: usize = 8;

/// Blocks that make an element a container worth speaking of.
const SOME: usize = 3;

/// An element that holds more of the page's blocks is the page.
const WHOLE_PAGE: f32 = 0.9;

/// Neighbours looked at on each side.
const REACH: usize = 4;

/// Headings further up say nothing of a block.
const FAR: usize = 60;

/// How far up from a heading its section may reach.
const CLOSE: usize = 4;

/// Words of a heading that are quoted.
const QUOTED: usize = 8;

/// A page with what is counted once for all its blocks.
pub(super) struct Surroundings<'a> {
    decided: &'a Decided<'a>,
    nodes: Vec<usize>,
    words: PrefixSums,
    linked: PrefixSums,
    kept_words: PrefixSums,
    kept: PrefixSums,
    headings: Vec<Option<usize>>,
    /// For each block its group of alike ones; for each group its size and how many of it are kept.
    kin: Vec<usize>,
    groups: Vec<(usize, usize)>,
    /// How often each folded text stands on the page.
    said: HashMap<&'a str, usize>,
    first: usize,
    last: usize,
}

impl<'a> Surroundings<'a> {
    pub(super) fn of(decided: &'a Decided<'a>) -> Self {
        let blocks = &decided.cut.blocks;
        let kept = decided.kept;
        let sum = |of: &dyn Fn(usize) -> f32| PrefixSums::new(blocks.len(), of);
        let mut heading = None;
        let headings = blocks.iter().enumerate().map(|(at, block)| {
            let above = heading.filter(|h| at - h <= FAR);
            if matches!(block.shape, Shape::Heading(_)) {
                heading = Some(at);
            }
            above
        });
        let mut said: HashMap<&str, usize> = HashMap::new();
        for block in blocks {
            *said.entry(block.folded.as_str()).or_default() += 1;
        }
        let kin = decided.tree.map(|tree| groups(blocks, tree)).unwrap_or_default();
        let mut sizes = vec![(0, 0); kin.iter().max().map_or(0, |most| most + 1)];
        for (at, &group) in kin.iter().enumerate() {
            sizes[group].0 += 1;
            sizes[group].1 += usize::from(kept[at]);
        }
        Self {
            nodes: blocks.iter().map(|b| b.place.text_node).collect(),
            words: sum(&|at| blocks[at].words as f32),
            linked: sum(&|at| blocks[at].words as f32 * blocks[at].link_density),
            kept_words: sum(&|at| if kept[at] { blocks[at].words as f32 } else { 0.0 }),
            kept: sum(&|at| f32::from(u8::from(kept[at]))),
            headings: headings.collect(),
            first: kept.iter().position(|&k| k).unwrap_or(0),
            last: kept.iter().rposition(|&k| k).unwrap_or(0),
            groups: sizes,
            decided,
            kin,
            said,
        }
    }

    /// What speaks for and against one block, the strongest first.
    pub(super) fn signs(&self, at: usize) -> Vec<Sign> {
        let mut signs = Vec::new();
        // Positive: for keeping.
        let mut say = |weight: f32, words: String| {
            signs.push(Sign { keeps: weight > 0.0, weight: weight.abs(), words })
        };
        let block = &self.decided.cut.blocks[at];
        for &(rule, strength) in &self.decided.weighed.evidence[at] {
            say(-strength, format!("the rule {} says so, at {strength:.2}", RULES[rule].name));
        }
        for (_, weight, says) in REGIONS.iter().filter(|(bit, _, _)| block.region.has(*bit)) {
            say(*weight, format!("an element around it {says}"));
        }
        if self.decided.title == Some(at) {
            say(1.0, "it is the document's title".to_owned());
        }
        shape(block, &mut say);
        self.repeated(block, &mut say);
        self.heading(at, &mut say);
        self.container(at, &mut say);
        self.kin(at, &mut say);
        self.neighbours(at, &mut say);
        signs.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        signs
    }

    fn repeated(&self, block: &Block, say: &mut impl FnMut(f32, String)) {
        let times = self.said.get(block.folded.as_str()).copied().unwrap_or(1);
        if times > 1 {
            say(-0.4, format!("the page says the same, numbers aside, {times} times"));
        }
    }

    fn heading(&self, at: usize, say: &mut impl FnMut(f32, String)) {
        let Some(heading) = self.headings.get(at).copied().flatten() else { return };
        if !self.heads(heading, at) {
            return;
        }
        let text = &self.decided.cut.blocks[heading].text;
        let mut quote: Vec<&str> = text.split_whitespace().take(QUOTED + 1).collect();
        if quote.len() > QUOTED {
            quote[QUOTED] = "…";
        }
        let quote: String = quote.join(" ").chars().take(80).collect();
        if self.decided.kept[heading] {
            say(0.3, format!("it stands under the heading “{quote}”, which was kept"));
        } else {
            say(-0.8, format!("it stands under the heading “{quote}”, which was removed"));
        }
    }

    /// Does an element close around the heading hold the block too? In a text file, it stands above: it does.
    fn heads(&self, heading: usize, at: usize) -> bool {
        let Some(tree) = self.decided.tree else { return true };
        let node = self.nodes[at];
        let close = tree.ancestors(self.decided.cut.blocks[heading].place.element).take(CLOSE);
        let holding = close.map(|id| (tree.subtree(id), self.range(tree, id).len()));
        holding.filter(|(nodes, _)| nodes.contains(&node)).any(|(_, blocks)| blocks <= self.most())
    }

    /// The blocks in an element.
    fn range(&self, tree: &Tree, id: usize) -> Range<usize> {
        let nodes = tree.subtree(id);
        self.nodes.partition_point(|&n| n < nodes.start)..self.nodes.partition_point(|&n| n < nodes.end)
    }

    /// How many blocks an element may hold that is not the page.
    fn most(&self) -> usize {
        (self.nodes.len() as f32 * WHOLE_PAGE) as usize
    }

    /// The nearest element around the block that holds some others, but not the whole page.
    fn container(&self, at: usize, say: &mut impl FnMut(f32, String)) {
        let Some(tree) = self.decided.tree else { return };
        let blocks = &self.decided.cut.blocks;
        let around = tree.ancestors(blocks[at].place.element).take(LEVELS).map(|id| self.range(tree, id));
        let Some(range) = around.filter(|r| r.len() > SOME).find(|r| r.len() <= self.most()) else { return };
        let words = self.words.over(&range).max(1.0);
        let links = self.linked.over(&range) / words;
        let others = range.len() - 1;
        let kept = self.kept.over(&range) as usize - usize::from(self.decided.kept[at]);
        let beside = if kept == 0 { "a list of links beside the main part" } else { "a list of links" };
        if links >= 0.5 {
            say(-links, format!("it stands in {beside}: {others} other blocks, {} links", percent(links)));
        }
        let own = if self.decided.kept[at] { blocks[at].words as f32 } else { 0.0 };
        let share = (self.kept_words.over(&range) - own) / (words - blocks[at].words as f32).max(1.0);
        if kept == 0 {
            say(-0.65, format!("of the {others} other blocks in the element around it none was kept"));
        } else if share >= 0.5 {
            let what = format!("of the {others} other blocks in the element around it {kept} were kept");
            say(0.65 * share, format!("{what}, {} of their words", percent(share)));
        } else {
            let what = format!("of the {others} other blocks in the element around it {kept} were kept");
            say(-0.5 * (1.0 - share), format!("{what}, {} of their words", percent(share)));
        }
    }

    fn kin(&self, at: usize, say: &mut impl FnMut(f32, String)) {
        let Some(&(size, kept)) = self.kin.get(at).and_then(|&group| self.groups.get(group)) else { return };
        let (others, kept) = (size - 1, kept - usize::from(self.decided.kept[at]));
        if others < 2 {
            return;
        }
        let share = kept as f32 / others as f32;
        let alike = format!("it is alike {others} other blocks, by name and class of the elements around,");
        if kept == 0 {
            say(-0.75, format!("{alike} of which none was kept"));
        } else if share >= 0.5 {
            say(0.6 * share, format!("{alike} of which {kept} were kept"));
        } else {
            say(-0.6 * (1.0 - share), format!("{alike} of which only {kept} were kept"));
        }
    }

    fn neighbours(&self, at: usize, say: &mut impl FnMut(f32, String)) {
        let range = at.saturating_sub(REACH)..(at + REACH + 1).min(self.decided.kept.len());
        let others = range.len() - 1;
        let own = usize::from(self.decided.kept[at]);
        let kept = self.kept.over(&range) as usize - own;
        if others == 0 {
            return;
        }
        let share = kept as f32 / others as f32;
        let which = if at < self.first {
            ", and the kept text begins after it"
        } else if at > self.last {
            ", and the kept text ends before it"
        } else {
            ""
        };
        let words = format!("of the {} next to it {} kept{which}", counted(others, "block"), were(kept));
        if share >= 0.5 { say(0.6 * share, words) } else { say(-0.6 * (1.0 - share), words) }
    }
}

/// What the block looks like by itself.
fn shape(block: &Block, say: &mut impl FnMut(f32, String)) {
    let (words, sentences) = (counted(block.words, "word"), counted(block.sentences, "sentence"));
    if block.link_density >= 0.3 {
        say(-block.link_density, format!("{} of it is links", percent(block.link_density)));
    } else if block.words >= 20 && block.sentences > 0 {
        say(0.8, format!("it is prose: {words} in {sentences}"));
    } else if block.words >= 8 && block.ends_sentence {
        say(0.45, format!("it is a sentence: {words}"));
    } else if matches!(block.shape, Shape::Code) {
        say(0.45, "it is code".to_owned());
    } else if block.words < 8 && !block.ends_sentence && !matches!(block.shape, Shape::Heading(_)) {
        say(-0.35, format!("it is a label: {words}, no sentence"));
    }
    if block.digits >= 0.3 {
        say(-0.3, format!("{} of it is digits", percent(block.digits)));
    }
}

fn counted(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

fn were(kept: usize) -> String {
    match kept {
        0 => "none was".to_owned(),
        1 => "1 was".to_owned(),
        n => format!("{n} were"),
    }
}

fn percent(share: f32) -> String {
    format!("{:.0} %", share * 100.0)
}

/// Groups the blocks by name and class of the elements around them; numbers in class names do not count.
fn groups(blocks: &[Block], tree: &Tree) -> Vec<usize> {
    let mut names: HashMap<(Option<Tag>, String), usize> = HashMap::new();
    let mut of_element: HashMap<usize, usize> = HashMap::new();
    let mut paths: HashMap<[usize; PATH], usize> = HashMap::new();
    let mut out = Vec::with_capacity(blocks.len());
    for block in blocks {
        let mut path = [usize::MAX; PATH];
        for (slot, id) in path.iter_mut().zip(tree.ancestors(block.place.element)) {
            *slot = *of_element.entry(id).or_insert_with(|| {
                let class = tree.attribute(id, Attribute::Class).unwrap_or_default();
                let class = class.chars().filter(|c| !c.is_ascii_digit()).collect();
                let next = names.len();
                *names.entry((tree.tag(id), class)).or_insert(next)
            });
        }
        let next = paths.len();
        out.push(*paths.entry(path).or_insert(next));
    }
    out
}
