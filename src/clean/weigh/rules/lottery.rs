//! Winning numbers: the names of draws, "Jackpot", "Bonus ball".
//!
//! Why: a widget of the day.
//! Risk: an article about a draw: names count three in a run of short lines.

use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "lottery", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    sight.set_of(3)
}
