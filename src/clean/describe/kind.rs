//! The kind of page, from cheap signs: what metadata and addresses say, names that content systems share,
//! and what the page is made of. Signs are weighed by one table; no site is known by name.

use crate::clean::block::Block;
use crate::clean::parse::Tree;
use crate::record::Kind;
use signs::Signs;
use url::Url;

mod address;
mod signs;
mod weights;

use weights::WEIGHTS;

/// The kinds in the order of the table's columns.
const KINDS: [Kind; 7] = [
    Kind::Article,
    Kind::Forum,
    Kind::Product,
    Kind::Collection,
    Kind::Listing,
    Kind::Documentation,
    Kind::Service,
];

/// The forum's column.
const FORUM: usize = 1;

/// A forum taken for an article loses its threads, an article taken for a forum only keeps its comments: so
/// a forum's score is raised by this (natural logarithm).
const FORUM_LEAN: f32 = 0.7;

/// The likeliest kind; a text file is an article, a page without any text something else.
pub fn find(tree: Option<&Tree>, blocks: &[Block], url: Option<&Url>) -> Kind {
    let Some(tree) = tree else { return Kind::Article };
    if blocks.is_empty() {
        return Kind::Other;
    }
    let scores = score(&signs::of(tree, blocks, url));
    // Of equals, the first.
    let best = (0..KINDS.len()).rev().max_by(|&a, &b| scores[a].total_cmp(&scores[b]));
    best.map_or(Kind::Other, |b| KINDS[b])
}

fn score(signs: &Signs) -> [f32; KINDS.len()] {
    let mut scores = [0.0; KINDS.len()];
    for (value, row) in signs.iter().zip(&WEIGHTS) {
        for (score, weight) in scores.iter_mut().zip(row) {
            *score += value * weight;
        }
    }
    scores[FORUM] += FORUM_LEAN;
    scores
}
