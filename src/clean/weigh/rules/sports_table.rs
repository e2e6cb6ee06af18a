//! League tables and live scores: the heads of their columns, "Full table", "Fixtures", "Live scores".
//!
//! Why: a widget of the season, beside every text of the sports pages.
//! Risk: a page about a season has such a table as its content: in a table's cells it is only a hint.

use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "sports-table", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    sight.set_of(3)
}
