//! The page's list of its own chapters: "Table of contents", "On this page", and the entries below.
//!
//! Why: it repeats the headings that stand in the text anyway.
//! Table: `whole` are its titles and switches, `names` are ordinary words ("Contents", "Hide") that need a
//! neighbour of their kind or a link.
//! Risk: a chapter may be called so: with prose right below it is only a hint.

use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "contents", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    sight.opens_list()
}
