//! Buttons that hand the page on: share, tweet, network names in a row, copy link, print, e-mail, font size.
//!
//! Why: every article carries them, often twice; they leak as single words.
//! Risk: a network's name can head a section of an article about it; a name counts only beside others,
//! as lines of their own or as a row in one line. Whole labels ("Print this page") count alone.

use super::words::Hit;
use super::{Rule, Sight};
use crate::clean::block::Region;

pub const RULE: Rule = Rule { name: "share-bar", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    let b = sight.block();
    let (covered, different) = sight.coverage();
    match sight.hit() {
        Some(Hit::Whole) => 0.92,
        Some(Hit::Name) if b.region.has(Region::SHARE) || sight.names_in_run(4, 4) >= 3 => 0.92,
        Some(Hit::Name) if sight.names_in_run(4, 4) >= 2 || sight.kin(2, &[Hit::Whole, Hit::Start]) > 0 => {
            0.8
        }
        Some(Hit::Name) => 0.0,
        _ if b.words <= 24 && covered >= 0.8 && different >= 3 => 0.92,
        _ if b.words <= 10 && covered >= 0.85 && different >= 2 => 0.85,
        Some(Hit::Start) if sight.is_label() => 0.75,
        Some(Hit::Start) if b.words <= 20 && covered >= 0.5 => 0.75,
        _ if sight.inside_count() >= 1 && b.words <= 25 => 0.7,
        _ => 0.0,
    }
}
