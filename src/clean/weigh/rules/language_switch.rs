//! The row of languages in which a site can be read, and what opens it ("Select language").
//!
//! Why: it stands on every page and says nothing of it.
//! Table: `names` are languages in their own words; `whole` are the labels of the switch.
//! Risk: a text may list languages: three different ones must stand in a run of bare names, and none of
//! them in prose.

use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "language-switch", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    sight.set_of(3)
}
