//! Stars and votes for the text: "Rate this article", "Average rating: 0", "0 votes", "Was this helpful?".
//!
//! Why: they ask the reader for something and tell nothing.
//! Risk: a review's own mark is content: bare words ("Rating") need company.

use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "rating", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    sight.label(3)
}
