//! The picker of countries, regions and cities that shops and portals carry, and what opens it.
//!
//! Why: dozens of names in a row, the same on every page.
//! Risk: tables and lists of a text hold countries too: four must stand in a run of bare names, and in
//! a table's cells they are only a hint.

use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "country-list", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    sight.set_of(4)
}
