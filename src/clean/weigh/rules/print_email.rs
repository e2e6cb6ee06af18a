//! Ways to take the page along: print it, send it to a friend, save it as PDF, change its font size.
//!
//! Why: they stand over or under every article, as single words of some language.
//! Table: `whole` are labels that say what is done to what, `names` are bare verbs ("Print", "E-mail") that
//! count in company or at the edge of the text.
//! Risk: a contact block names "E-mail" too: a bare name must have a neighbour of its kind.

use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "print-email", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    sight.label(2)
}
