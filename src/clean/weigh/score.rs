//! Features and evidence -> how likely each block is part of the main text. Weights set by hand, each
//! with its reason; in log-odds, so that +1 makes a block 2.7 times as likely.

use super::rules::{Evidence, RULES};
use super::surroundings::Features;
use crate::clean::block::{Block, Region, Shape};

/// A block's probability and what spoke most against it.
#[derive(Debug, Clone)]
pub struct Weight {
    /// 0 to 1.
    pub keep: f32,
    /// The strongest reason against the block, in the terms people see.
    pub against: &'static str,
}

/// One contribution: log-odds and its name.
struct Tally {
    sum: f32,
    worst: (f32, &'static str),
}

impl Tally {
    fn add(&mut self, log_odds: f32, reason: &'static str) {
        self.sum += log_odds;
        if log_odds < self.worst.0 {
            self.worst = (log_odds, reason);
        }
    }
}

/// What a region says about a block in HTML.
const REGIONS: &[(u32, f32, &str)] = &[
    (Region::NAV, -2.2, "navigation"),
    (Region::HEADER, -0.8, "page header"),
    (Region::FOOTER, -2.2, "page footer"),
    (Region::ASIDE, -1.6, "sidebar"),
    (Region::FORM, -1.0, "form"),
    (Region::RELATED, -1.6, "related list"),
    (Region::SHARE, -1.5, "share bar"),
    (Region::CONSENT, -3.0, "cookie notice"),
    (Region::AD, -1.2, "advertising"),
    (Region::META, -0.9, "byline"),
    (Region::WIDGET, -0.5, "widget"),
    (Region::MODAL, -1.6, "dialog"),
    (Region::PROMO, -1.6, "promotion"),
    (Region::BUTTON, -1.5, "button"),
    (Region::PAGER, -1.0, "pagination"),
    (Region::TAGS, -1.2, "tags"),
    (Region::BREADCRUMB, -2.2, "breadcrumb"),
    (Region::LOGIN, -1.5, "login bar"),
    (Region::HIDDEN, -1.5, "hidden"),
    (Region::MAIN, 0.4, ""),
    (Region::ARTICLE, 0.3, ""),
    (Region::BODY_CLASS, 0.6, ""),
];

/// Scores every block of a page.
pub fn score(
    blocks: &[Block],
    features: &[Features],
    evidence: &[Evidence],
    is_html: bool,
    comments_are_content: bool,
) -> Vec<Weight> {
    let raw: Vec<Tally> = (0..blocks.len())
        .map(|at| {
            let mut tally = Tally { sum: 0.0, worst: (0.0, "boilerplate") };
            shallow(&blocks[at], &mut tally);
            if is_html {
                regions(&blocks[at], comments_are_content, &mut tally);
                structure(&features[at], &blocks[at], &mut tally);
            } else {
                lines(&features[at], &blocks[at], &mut tally);
            }
            surroundings(&features[at], &blocks[at], &mut tally);
            for &(rule, strength) in &evidence[at] {
                if !(comments_are_content && RULES[rule].name == "comments") {
                    tally.add(-5.0 * strength, RULES[rule].name);
                }
            }
            tally
        })
        .collect();
    smooth(blocks, &raw)
}

/// The block by itself.
fn shallow(block: &Block, tally: &mut Tally) {
    let length = match block.words {
        0..=2 => -0.9,
        3..=5 => -0.5,
        6..=10 => -0.1,
        11..=20 => 0.3,
        21..=40 => 0.8,
        _ => 1.1,
    };
    tally.add(length, "short label");
    tally.add(-2.2 * block.link_density, "links");
    if block.ends_sentence {
        tally.add(0.5, "");
    }
    if block.sentences >= 2 {
        tally.add(0.4, "");
    }
    match block.shape {
        Shape::Code => tally.add(1.0, ""),
        Shape::Quote => tally.add(0.4, ""),
        Shape::Heading(1) => tally.add(0.8, ""),
        Shape::Heading(_) => tally.add(0.3, ""),
        Shape::Caption => tally.add(-0.2, "caption"),
        _ => {}
    }
}

fn regions(block: &Block, comments_are_content: bool, tally: &mut Tally) {
    for &(bit, log_odds, reason) in REGIONS {
        if block.region.has(bit) {
            tally.add(log_odds, reason);
        }
    }
    if block.region.has(Region::COMMENTS) && !comments_are_content {
        tally.add(-2.5, "comments");
    }
}

/// Where the block stands in the tree.
fn structure(f: &Features, block: &Block, tally: &mut Tally) {
    let inside = [-1.6, -0.4, 0.3, 0.9, 1.3][usize::from(f.cores.min(4))];
    tally.add(inside, "outside the main part");
    if f.siblings >= 4 && f.sibling_links > 0.6 && f.sibling_words < 12.0 {
        tally.add(-1.2, "link list");
    }
    if f.container_links > 0.5 && block.link_density > 0.3 {
        tally.add(-0.8, "link list");
    }
    if f.repeated {
        tally.add(-0.7, "repeats on the page");
    }
}

/// Where a line stands in a text file.
fn lines(f: &Features, block: &Block, tally: &mut Tally) {
    tally.add(if f.in_cluster { 1.2 } else { -1.2 }, "outside the main part");
    if f.label_run >= 4 {
        tally.add(-1.2, "run of short lines");
    }
    if f.repeated && block.words < 12 {
        tally.add(-0.8, "repeats on the page");
    }
}

/// What surrounds the block, in HTML and text alike.
fn surroundings(f: &Features, block: &Block, tally: &mut Tally) {
    if f.in_cluster {
        tally.add(0.5, "");
    }
    let nearest = f.prose_before.min(f.prose_after);
    match nearest {
        0 => tally.add(0.4, ""),
        1..=2 => {}
        3..=8 => tally.add(-0.3, "away from the text"),
        _ => tally.add(-0.7, "away from the text"),
    }
    if matches!(block.shape, Shape::Heading(_)) && f.prose_after > 3 {
        tally.add(-0.8, "heading without text");
    }
    if f.from_title < -1 {
        tally.add(-0.8, "before the title");
    }
}

/// A block leans the way its neighbours lean.
fn smooth(blocks: &[Block], raw: &[Tally]) -> Vec<Weight> {
    let lean = |at: usize| raw[at].sum.clamp(-3.0, 3.0);
    (0..raw.len())
        .map(|at| {
            let mut around = 0.0;
            let mut weight = 0.0;
            for (distance, share) in [(1usize, 1.0), (2, 0.6), (3, 0.3)] {
                let near = [at.checked_sub(distance), Some(at + distance).filter(|&n| n < raw.len())];
                for n in near.into_iter().flatten() {
                    let size = share * (blocks[n].words as f32).sqrt().min(5.0);
                    around += size * lean(n);
                    weight += size;
                }
            }
            let around = if weight > 0.0 { around / weight } else { 0.0 };
            let pull = if blocks[at].words < 12 { 0.6 } else { 0.35 };
            let z = raw[at].sum + pull * around;
            Weight { keep: 1.0 / (1.0 + (-z).exp()), against: raw[at].worst.1 }
        })
        .collect()
}
