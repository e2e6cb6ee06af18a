//! Checks at the door: "I'm not a robot", "Enter the characters you see", "Your session has expired", "Are you
//! over 18?".
//!
//! Why: they guard a form or the site, and say nothing of the page.
//! Risk: articles about captchas and ages: labels, and short lines that speak to the reader.

use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "human-check", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    sight.label(3)
}
