//! HTML text -> [`Tree`], within a budget of nodes, depth, attributes and work.
//!
//! html5ever's tree builder and tokenizer are quadratic on hostile input. What keeps them linear here:
//! an `attributes` pass cuts tags with absurdly many attributes before the tokenizer sees them, a
//! `gate` between tokenizer and tree builder flattens too deep nesting and too many open formatting
//! elements, and a `sink` counts nodes and the tree builder's own steps; past the budget the gate
//! closes and the rest of the input is passed over. Counts, not clocks: the same bytes give the same tree.

mod attributes;
mod gate;
mod sink;
mod tag;
mod tree;

pub use tag::Tag;
pub use tree::{Attribute, ByName, Name, NodeId, Tree};

use gate::Gate;
use html5ever::TokenizerResult;
use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use sink::BoundedSink;

/// What one parse may cost.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    /// Elements and texts in the tree; default 300,000.
    pub nodes: usize,
    /// Depth of nesting; deeper elements are flattened into their ancestor, as browsers do. Default 256.
    pub depth: usize,
    /// Attributes on one tag; further ones are dropped. Default 250.
    pub attributes: usize,
    /// Formatting elements with attributes that may be open at once; further ones lose their attributes. Default 32.
    pub formatting: usize,
    /// Steps of the tree builder over its stack of open elements; default 60 million.
    pub steps: usize,
    /// Comparisons of attributes within tags that got past the limit; default 300 million.
    pub comparisons: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            nodes: 300_000,
            depth: 256,
            attributes: 250,
            formatting: 32,
            steps: 60_000_000,
            comparisons: 300_000_000,
        }
    }
}

/// Which part of the budget ran out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exceeded {
    Nodes(usize),
    Steps(usize),
    /// Comparisons of attributes.
    Comparisons(usize),
}

impl std::fmt::Display for Exceeded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Nodes(n) => {
                write!(f, "parse budget: more than {n} nodes; the rest of the page was left out")
            }
            Self::Comparisons(n) => {
                write!(
                    f,
                    "parse budget: a tag with so many attributes that they take more than {n} comparisons; \
                     the rest of the page was left out"
                )
            }
            Self::Steps(n) => {
                write!(
                    f,
                    "parse budget: more than {n} steps of the tree builder; the rest of the page was left out"
                )
            }
        }
    }
}

/// How much text the tokenizer is handed at a time, in bytes: small enough that the rest of a page is
/// given up soon after the budget ran out.
const PIECE: usize = 2 * 1024;

/// Parses a document. Never fails: what the budget did not allow for is missing, and said.
pub fn parse(html: &str, budget: &Budget) -> (Tree, Option<Exceeded>) {
    let html = attributes::cut(html, budget.attributes);
    let options = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let builder = TreeBuilder::new(BoundedSink::new(*budget), options);
    let tokenizer = Tokenizer::new(Gate::new(builder, *budget), TokenizerOpts::default());
    let queue = BufferQueue::default();
    let mut stretch = attributes::Stretch::default();
    let mut rest: &str = &html;
    while !rest.is_empty() && !tokenizer.sink.closed() {
        let (piece, tail) = rest.split_at(rest.floor_char_boundary(PIECE).max(1));
        rest = tail;
        queue.push_back(StrTendril::from_slice(piece));
        let tokens = tokenizer.sink.tokens();
        // It stops at scripts and at charset declarations; neither concerns us.
        while !matches!(tokenizer.feed(&queue), TokenizerResult::Done) {}
        if stretch.note(piece, tokenizer.sink.tokens() != tokens) > budget.comparisons {
            tokenizer.sink.close(Exceeded::Comparisons(budget.comparisons));
        }
    }
    tokenizer.end();
    let exceeded = tokenizer.sink.exceeded();
    let html = tokenizer.sink.finish();
    (Tree::new(&html), exceeded)
}

#[cfg(test)]
mod tests;
