//! The kind of page: what metadata and addresses say, names that content systems share, what the page is
//! made of and which of its parts are built alike, weighed by a learned model. No site is known by name.

use super::facts::Facts;
use crate::clean::block::Block;
use crate::clean::own_address;
use crate::clean::parse::Tree;
use crate::clean::weigh::features::Row;
use crate::record::Kind;
use groups::Groups;
use names::Buckets;
use signs::ALL;
use url::Url;

mod address;
mod groups;
pub mod model;
pub mod names;
mod persons;
mod shape;
mod signs;

/// The kinds in the order of the model's outputs.
pub const KINDS: [Kind; 7] = [
    Kind::Article,
    Kind::Forum,
    Kind::Product,
    Kind::Collection,
    Kind::Listing,
    Kind::Documentation,
    Kind::Service,
];

/// A page as its kind is read off it.
pub struct Sight {
    /// Measures, in the order of [`measures`].
    pub row: Vec<f32>,
    pub buckets: Buckets,
}

/// The names of the measures, in the order of a row.
pub fn measures() -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    write(None, &Facts::default(), &[], None, &mut names);
    names
}

/// Measures a page, or a text file.
pub fn look(tree: Option<&Tree>, blocks: &[Block], url: Option<&Url>) -> Sight {
    let facts = tree.map(Facts::of).unwrap_or_default();
    sight(tree, &facts, blocks, url)
}

fn sight(tree: Option<&Tree>, facts: &Facts<'_>, blocks: &[Block], url: Option<&Url>) -> Sight {
    let own = own_address::of(url, tree);
    let url = own.as_deref();
    let mut row = Vec::new();
    write(tree, facts, blocks, url, &mut row);
    Sight { row, buckets: Buckets::of(tree, facts, blocks, url) }
}

fn write(tree: Option<&Tree>, facts: &Facts<'_>, blocks: &[Block], url: Option<&Url>, row: &mut impl Row) {
    for (sign, value) in ALL.iter().zip(signs::of(tree, facts, blocks, url)) {
        row.put(|| format!("{sign:?}"), value);
    }
    address::write(url, row);
    shape::write(tree, blocks, row);
    persons::write(blocks, row);
    Groups::of(tree, blocks).write(row);
}

/// The likeliest kind; a page without any text is something else.
pub(super) fn find(tree: Option<&Tree>, facts: &Facts<'_>, blocks: &[Block], url: Option<&Url>) -> Kind {
    if blocks.is_empty() {
        return Kind::Other;
    }
    let model = if tree.is_some() { &*model::HTML } else { &*model::TEXT };
    let scores = model.score(&sight(tree, facts, blocks, url));
    // Of equals, the first.
    let best = (0..KINDS.len()).rev().max_by(|&a, &b| scores[a].total_cmp(&scores[b]));
    best.map_or(Kind::Other, |b| KINDS[b])
}
