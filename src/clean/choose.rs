//! Block probabilities -> the set kept: the prefix of blocks, sorted by probability, that maximises the
//! expected F1 of the page, given that the blocks of a page err together.

use super::Focus;
use super::block::{Block, Shape};
use super::segment::Ornament;
use super::weigh::Weighed;
use super::weigh::rules::is_accused;

/// Below this probability a block is never kept, whatever the page.
const FLOOR: f32 = 0.12;

/// Which blocks are kept, given what each one weighs. Where there is text, something is.
pub fn choose(blocks: &[Block], weighed: &Weighed, focus: Focus) -> Vec<bool> {
    let chances = &weighed.chances;
    let mut kept = maximise(blocks, chances, focus);
    if !kept.contains(&true) {
        kept = maximise(blocks, &lifted(chances), focus);
    }
    if focus != Focus::Precision {
        adjoin(blocks, weighed, &mut kept);
    }
    say_once(blocks, &mut kept);
    follow(blocks, &mut kept);
    stay_with_text(blocks, &mut kept);
    kept
}

/// The least chance among the blocks that are taken for their chance alone; `None` where none is likely enough.
pub fn threshold(blocks: &[Block], weighed: &Weighed, focus: Focus) -> Option<f32> {
    let taken = maximise(blocks, &weighed.chances, focus);
    let chances = weighed.chances.iter().zip(taken).filter(|(_, taken)| *taken).map(|(chance, _)| *chance);
    chances.min_by(f32::total_cmp)
}

/// The F1 that a choice can be expected to reach, 0 to 1: how sure the cleaner is of the document.
pub fn expected_f1(blocks: &[Block], chances: &[f32], kept: &[bool]) -> f64 {
    let (mut hit, mut taken, mut all) = (0.0, 0.0, 0.0);
    for (at, block) in blocks.iter().enumerate() {
        let size = (block.words as f64).max(0.5);
        let likely = size * f64::from(chances[at]);
        all += likely;
        if kept[at] {
            hit += likely;
            taken += size;
        }
    }
    if taken + all > 0.0 { 2.0 * hit / (taken + all) } else { 0.0 }
}

/// A line of a text file that adjoins kept text, and against which no rule speaks, needs to be only this
/// likely: a lost line of an article is worse than a stray one.
const ADJOINING: f32 = 0.3;

/// How many lines in a row may adjoin.
const ADJOINING_LINES: usize = 3;

/// Fewest words of a line that may adjoin.
const ADJOINING_WORDS: usize = 5;

/// Text files: takes in the lines next to kept ones that nothing speaks against.
fn adjoin(blocks: &[Block], weighed: &Weighed, kept: &mut [bool]) {
    let fits = |at: usize| {
        blocks[at].place.bytes.is_some()
            && blocks[at].words >= ADJOINING_WORDS
            && weighed.chances[at] >= ADJOINING
            && !is_accused(&weighed.evidence[at])
    };
    let sure = kept.to_vec();
    for at in (0..sure.len()).filter(|&at| sure[at]) {
        (at + 1..sure.len()).take(ADJOINING_LINES).take_while(|&n| fits(n)).for_each(|n| kept[n] = true);
        (0..at).rev().take(ADJOINING_LINES).take_while(|&n| fits(n)).for_each(|n| kept[n] = true);
    }
}

/// Keeps the title line of a text file: it belongs to the text, and it is short only because it is a title.
pub fn keep_title(blocks: &[Block], kept: &mut [bool], title: Option<usize>) {
    let Some(at) = title.filter(|&at| blocks[at].place.bytes.is_some()) else { return };
    let said = (0..kept.len()).any(|n| kept[n] && blocks[n].says_as(&blocks[at]));
    kept[at] |= !said;
}

/// How many of the first kept blocks may show the title.
const OPENING: usize = 8;

/// A page that opens by saying its title twice says it once.
fn say_once(blocks: &[Block], kept: &mut [bool]) {
    let opening: Vec<usize> =
        (0..kept.len()).filter(|&at| kept[at] && blocks[at].words > 0).take(OPENING).collect();
    for (nth, &at) in opening.iter().enumerate() {
        let label = (3..=40).contains(&blocks[at].words) && blocks[at].sentences <= 1;
        let said = opening[..nth].iter().any(|&before| blocks[before].says_as(&blocks[at]));
        if label && said {
            kept[at] = false;
        }
    }
}

/// Rules and ornaments between blocks (`***`, `---`) stay where both their neighbours stay; a text of
/// nothing else stays whole.
fn follow(blocks: &[Block], kept: &mut [bool]) {
    if blocks.iter().all(|b| b.words == 0) {
        kept.fill(true);
        return;
    }
    let mut next_kept = vec![false; kept.len()];
    let mut next = false;
    for at in (0..kept.len()).rev() {
        next_kept[at] = next;
        if blocks[at].words > 0 {
            next = kept[at];
        }
    }
    let mut before = false;
    for at in 0..kept.len() {
        if blocks[at].words == 0 {
            kept[at] = before && next_kept[at];
        }
        before = kept[at];
    }
}

/// Fenced code of a text file stays where a line above or below it stays: nobody fences furniture.
fn stay_with_text(blocks: &[Block], kept: &mut [bool]) {
    for at in 0..kept.len() {
        if blocks[at].shape == Shape::Code && blocks[at].place.bytes.is_some() {
            let above = at.checked_sub(1).is_some_and(|n| kept[n]);
            kept[at] |= above || kept.get(at + 1).is_some_and(|below| *below);
        }
    }
}

/// Which ornaments are kept: those between two kept blocks, and all where there is nothing else, unless something
/// speaks against them.
pub fn adorn(ornaments: &[Ornament], kept: &[bool]) -> Vec<bool> {
    let at = |n: Option<usize>| n.and_then(|n| kept.get(n)).copied().unwrap_or(false);
    let between = |o: &Ornament| at(o.before.checked_sub(1)) && at(Some(o.before));
    ornaments.iter().map(|o| o.against.is_none() && (kept.is_empty() || between(o))).collect()
}

/// The same order of blocks, lifted until the likeliest is as likely as not.
fn lifted(chances: &[f32]) -> Vec<f32> {
    let odds = |p: f32| p.clamp(1e-6, 1.0 - 1e-6) / (1.0 - p.clamp(1e-6, 1.0 - 1e-6));
    let best = chances.iter().copied().map(odds).fold(f32::MIN_POSITIVE, f32::max);
    chances
        .iter()
        .map(|&p| {
            let o = odds(p) / best;
            o / (1.0 + o)
        })
        .collect()
}

/// How far the blocks of a page err together, as the standard deviation of a shift of all their log-odds:
/// where one teaser is wrongly thought likely, its neighbours are too. Chosen out-of-fold.
const SHARED_ERROR: f32 = 2.5;

/// The shift's values, in standard deviations, and their weights: Gauss-Hermite quadrature of the normal
/// distribution with seven nodes (Abramowitz and Stegun 1964, table 25.10).
const SHIFTS: [(f32, f32); 7] = [
    (-3.750_44, 0.000_548_27),
    (-2.366_76, 0.030_757_1),
    (-1.154_41, 0.240_123),
    (0.0, 0.457_143),
    (1.154_41, 0.240_123),
    (2.366_76, 0.030_757_1),
    (3.750_44, 0.000_548_27),
];

fn maximise(blocks: &[Block], chances: &[f32], focus: Focus) -> Vec<bool> {
    let mut order: Vec<usize> = (0..blocks.len()).filter(|&at| blocks[at].words > 0).collect();
    order.sort_by(|&a, &b| chances[b].total_cmp(&chances[a]).then(a.cmp(&b)));
    // F-beta: recall counts beta times as much as precision.
    let beta: f32 = match focus {
        Focus::Precision => 0.5,
        Focus::Balanced => 1.0,
        Focus::Recall => 2.0,
    };
    let square = beta * beta;
    let tokens = |at: usize| (blocks[at].words as f32).max(0.5);
    let mut scores = vec![0.0f32; order.len()];
    for (shift, weight) in SHIFTS {
        let chance = |at: usize| tokens(at) * shifted(chances[at], shift);
        let expected: f32 = order.iter().map(|&at| chance(at)).sum();
        let (mut hit, mut size) = (0.0, 0.0);
        for (score, &at) in scores.iter_mut().zip(&order) {
            hit += chance(at);
            size += tokens(at);
            *score += weight * (1.0 + square) * hit / (size + square * expected);
        }
    }
    let likely = order.iter().take_while(|&&at| chances[at] >= FLOOR).count();
    let best =
        (0..likely).fold((0.0, 0), |best, n| if scores[n] >= best.0 { (scores[n], n + 1) } else { best });
    let mut kept = vec![false; blocks.len()];
    for &at in &order[..best.1] {
        kept[at] = true;
    }
    kept
}

/// A chance after a shift of its log-odds by so many standard deviations; over all shifts its mean stays about
/// what it was.
fn shifted(chance: f32, shift: f32) -> f32 {
    let p = chance.clamp(1e-5, 1.0 - 1e-5);
    let spread = (1.0 + 0.35 * SHARED_ERROR * SHARED_ERROR).sqrt();
    let odds = (p / (1.0 - p)).ln() * spread + SHARED_ERROR * shift;
    1.0 / (1.0 + (-odds).exp())
}
