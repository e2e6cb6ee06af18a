//! Entrances for members: "Log in", "Register", "My account", "Forgot your password?".
//!
//! Why: it stands on every page, in headers and over comment forms, and says nothing of the page.
//! Risk: sentences about logging in, in manuals; only labels and rows of labels are found, and
//! questions such as "Already have an account?" in short lines.

use super::words::Hit;
use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "login-bar", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    let b = sight.block();
    match sight.hit() {
        Some(Hit::Whole) => 0.9,
        Some(Hit::Name) if sight.kin(4, &[Hit::Whole, Hit::Inside]) > 0 || sight.names_in_run(5, 4) >= 2 => {
            0.75
        }
        Some(Hit::Name) => 0.0,
        _ if b.words <= 16 && sight.coverage().0 >= 0.8 => 0.85,
        _ if sight.inside_count() >= 1 && b.words <= 20 => 0.8,
        _ => 0.0,
    }
}
