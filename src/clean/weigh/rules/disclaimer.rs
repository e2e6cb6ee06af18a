//! Notices about the text: whose views these are, that it is no advice, that its links earn money, that a
//! machine translated it.
//!
//! Why: the same words stand under every text of a site.
//! Risk: articles about disclaimers; one phrase makes a notice of a short line only, two of a longer one.

use super::words::Hit;
use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "disclaimer", weigh };

/// Longest notice with one phrase of the table, and with two, in words.
const ONE: usize = 18;
const TWO: usize = 110;

fn weigh(sight: &Sight<'_>) -> f32 {
    let words = sight.block().words;
    let one = if sight.met_as(Hit::Inside) && words <= ONE { 0.6 } else { 0.0 };
    sight.two_phrases(TWO).max(one).max(sight.label(3))
}
