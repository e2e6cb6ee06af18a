//! Which pages of a site are nearly the same, so that a text under three addresses does not look like three pages
//! that repeat it. Knows lines only. Compares whole lines and no shingles: only a whole line can be taken for a
//! repetition, and by shingles a short news item in a long frame would be like every other.

use super::{Line, Page};
use std::collections::BTreeMap;

/// Two pages that share this much of what they say are one, each line counting the less the more pages have it.
const OWN: f64 = 0.5;

/// Two pages that share this much of their long lines are one, however many others have them too.
const LONG: f64 = 0.8;

/// Words of a long line.
const LONG_WORDS: u64 = 13;

/// A page as it is compared.
struct Seen {
    /// Lines that other pages have too: only they can be shared.
    lines: Vec<(Line, f64)>,
    rare: f64,
    long: u64,
}

/// For each page, the first of those that are nearly the same.
pub(super) fn originals(pages: &[&Page]) -> Vec<usize> {
    let mut bearers: BTreeMap<Line, u32> = BTreeMap::new();
    for line in pages.iter().flat_map(|page| page.lines()) {
        *bearers.entry(*line).or_default() += 1;
    }
    let seen: Vec<Seen> = pages.iter().map(|page| seen(page, &bearers)).collect();
    let mut origin: Vec<usize> = (0..pages.len()).collect();
    for at in 1..pages.len() {
        for before in 0..at {
            let (a, b) = (root(&origin, at), root(&origin, before));
            if a != b && alike(&seen[at], &seen[before]) {
                origin[a.max(b)] = a.min(b);
            }
        }
    }
    (0..origin.len()).map(|at| root(&origin, at)).collect()
}

fn seen(page: &Page, bearers: &BTreeMap<Line, u32>) -> Seen {
    let mut seen = Seen { lines: Vec::new(), rare: 0.0, long: 0 };
    for &line in page.lines() {
        let bearers = bearers.get(&line).copied().unwrap_or(1);
        // To the power of 1.25, by roots: every machine computes them alike. Chosen on labelled pages.
        let weight = line.words() as f64 / (f64::from(bearers) * f64::from(bearers).sqrt().sqrt());
        seen.rare += weight;
        seen.long += if line.words() >= LONG_WORDS { line.words() } else { 0 };
        if bearers > 1 {
            seen.lines.push((line, weight));
        }
    }
    seen
}

fn root(origin: &[usize], mut at: usize) -> usize {
    while origin[at] != at {
        at = origin[at];
    }
    at
}

fn alike(a: &Seen, b: &Seen) -> bool {
    let (mut at, mut other, mut rare, mut long) = (0, 0, 0.0, 0);
    while let (Some((x, weight)), Some((y, _))) = (a.lines.get(at), b.lines.get(other)) {
        if x == y {
            rare += weight;
            long += if x.words() >= LONG_WORDS { x.words() } else { 0 };
        }
        at += usize::from(x <= y);
        other += usize::from(y <= x);
    }
    let most = a.long.max(b.long);
    rare >= OWN * a.rare.min(b.rare) || most > 0 && long as f64 >= LONG * most as f64
}
