//! The named rules: each gives evidence that a block is one kind of boilerplate. A rule sees one
//! block, its neighbours and its own word table; it knows no other rule and takes no decision.

pub mod words;

mod breadcrumb;
mod calendar;
mod cookie_notice;
mod markets;
mod most_read;
mod navigation;
mod pagination;
mod prayer_times;
mod read_more;
mod related;
mod sight;
mod weather;

use crate::clean::block::{Block, Shape};
use words::{Found, Hit};

/// One kind of boilerplate.
pub struct Rule {
    /// Its stable name, as it appears in `removed[].reason`.
    pub name: &'static str,
    /// Its word table: a TOML file, see [`words`].
    pub words: &'static str,
    /// How sure it is that the block is boilerplate of this kind: 0 (nothing to say) to 1 (certain).
    pub weigh: fn(&Sight<'_>) -> f32,
}

/// Every rule, in the order in which ties between reasons are broken.
pub static RULES: &[Rule] = &[
    breadcrumb::RULE,
    calendar::RULE,
    cookie_notice::RULE,
    markets::RULE,
    most_read::RULE,
    navigation::RULE,
    pagination::RULE,
    prayer_times::RULE,
    read_more::RULE,
    related::RULE,
    weather::RULE,
];

/// What a rule may see: a block, its neighbours, and where its own phrases were met.
pub struct Sight<'a> {
    pub blocks: &'a [Block],
    pub found: &'a [Vec<Found>],
    pub at: usize,
    pub rule: usize,
}

impl Sight<'_> {
    /// The block itself.
    pub fn block(&self) -> &Block {
        &self.blocks[self.at]
    }

    /// The block `offset` places on (negative: before).
    pub fn near(&self, offset: isize) -> Option<&Block> {
        self.blocks.get(self.at.checked_add_signed(offset)?)
    }

    /// The strongest way in which the block `offset` places on meets this rule's table.
    pub fn hit_at(&self, offset: isize) -> Option<Hit> {
        let at = self.at.checked_add_signed(offset)?;
        self.found.get(at)?.iter().filter(|f| f.rule == self.rule).map(|f| f.hit).max()
    }

    /// The strongest way in which this block meets this rule's table.
    pub fn hit(&self) -> Option<Hit> {
        self.hit_at(0)
    }

    /// How many different `inside` phrases of this rule's table the block holds.
    pub fn inside_count(&self) -> usize {
        let mut phrases: Vec<usize> = self.found[self.at]
            .iter()
            .filter(|f| f.rule == self.rule && f.hit == Hit::Inside)
            .map(|f| f.phrase)
            .collect();
        phrases.sort_unstable();
        phrases.dedup();
        phrases.len()
    }

    /// Longest share of the block that one phrase of this rule's table covers, 0 to 1.
    pub fn share(&self) -> f32 {
        self.found[self.at].iter().filter(|f| f.rule == self.rule).map(|f| f.share).fold(0.0, f32::max)
    }

    /// How many *different* names of this rule's table stand in the run of blocks around this one:
    /// neighbours of at most `max_words` words, without a gap, at most `reach` places away.
    pub fn names_in_run(&self, max_words: usize, reach: usize) -> usize {
        let mut names: Vec<usize> = Vec::new();
        let short = |i: usize| self.blocks[i].words <= max_words && !self.blocks[i].ends_sentence;
        let mut note = |i: usize| {
            names.extend(
                self.found[i].iter().filter(|f| f.rule == self.rule && f.hit == Hit::Name).map(|f| f.phrase),
            );
        };
        let back = (self.at.saturating_sub(reach)..self.at).rev().take_while(|&i| short(i));
        let on = (self.at..self.blocks.len().min(self.at + reach + 1)).take_while(|&i| short(i));
        back.chain(on).for_each(&mut note);
        names.sort_unstable();
        names.dedup();
        names.len()
    }

    /// Is the block too short, or too much of a label, to be prose?
    pub fn is_label(&self) -> bool {
        let b = self.block();
        b.words <= 8 && !b.ends_sentence && !matches!(b.shape, Shape::Code)
    }
}

/// Evidence against one block: for each rule that has something to say, its index and strength.
pub type Evidence = Vec<(usize, f32)>;

/// Asks every rule about every block.
pub fn weigh(blocks: &[Block]) -> Vec<Evidence> {
    let found: Vec<Vec<Found>> = blocks.iter().map(|b| words::find(&b.folded)).collect();
    (0..blocks.len())
        .map(|at| {
            RULES
                .iter()
                .enumerate()
                .filter_map(|(rule, r)| {
                    let strength = (r.weigh)(&Sight { blocks, found: &found, at, rule });
                    (strength > 0.0).then_some((rule, strength))
                })
                .collect()
        })
        .collect()
}

#[cfg(test)]
mod neighbours;
#[cfg(test)]
mod tests;
