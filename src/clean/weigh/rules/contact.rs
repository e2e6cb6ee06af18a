//! Doors to the people who run the site: "Contact us", "About us", "Advertise with us", "Editorial staff".
//!
//! Why: they stand in the footer of every page.
//! Risk: a firm's page has a chapter "About us": a heading, or a line before prose, is only a hint.

use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "contact", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    sight.door()
}
