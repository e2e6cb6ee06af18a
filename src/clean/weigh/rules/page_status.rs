//! What the page says about itself: "Loading…", "JavaScript is required", player buttons, "Image 1 of 5".
//!
//! Why: in a saved page these are the marks of things that did not load.
//! Risk: sentences about loading and playing; single words count only as a line of their own, the rest
//! only in short lines.

use super::words::Hit;
use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "page-status", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    let b = sight.block();
    let (covered, different) = sight.coverage();
    match sight.hit() {
        Some(Hit::Whole) => 0.9,
        Some(Hit::Name) if sight.names_in_run(5, 4) >= 3 => 0.85,
        Some(Hit::Name) if sight.kin(3, &[Hit::Whole, Hit::Inside]) > 0 => 0.8,
        Some(Hit::Name) => 0.4,
        _ if sight.inside_count() >= 2 && b.words <= 60 => 0.92,
        _ if sight.inside_count() == 1 && b.words <= 30 => 0.85,
        Some(Hit::Start) if sight.is_label() => 0.7,
        _ if b.words <= 24 && covered >= 0.85 && different >= 3 => 0.85,
        _ => 0.0,
    }
}
