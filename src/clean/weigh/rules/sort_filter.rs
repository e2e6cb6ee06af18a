//! What orders and narrows a list: "Sort by", "Filter by", "Price: low to high", "Showing 0 of 0 results".
//!
//! Why: shops, listings and search pages carry it over every list.
//! Risk: "Price", "Brand" and "Size" head a product's own facts too: bare words count three in a run, and are no more
//! than a hint.

use super::words::Hit;
use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "sort-filter", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    let sure = sight.label(3);
    if sight.hit() == Some(Hit::Name) { sure.min(0.5) } else { sure }
}
