//! Calls to give money: "Donate", "Support our journalism", "Buy me a coffee".
//!
//! Why: the site asks, the text does not.
//! Risk: articles about charities: only labels and short lines that address the reader count.

use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "donate", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    sight.label(3)
}
