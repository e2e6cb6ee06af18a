//! What is on: the schedule of a radio or TV station ("On air", "TV tonight", "Listen live").
//!
//! Why: a widget of the hour.
//! Risk: articles about broadcasts: bare words count only beside each other or beside times.

use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "programme", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    sight.label(3)
}
