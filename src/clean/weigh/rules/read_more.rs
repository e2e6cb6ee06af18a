//! "Read more", "Lire la suite", "Weiterlesen": a link that promises the rest of a text.
//!
//! Why: it stands under a teaser, or is what is left of a cut page; it says nothing itself.
//! Risk: the same words open ordinary sentences; so only a line that is the phrase, or a short link
//! that begins with it, is found. Single words that are ordinary too ("Details", "More") are `names`:
//! they need an arrow, dots or a link.

use super::words::Hit;
use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "read-more", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    let block = sight.block();
    let linked = block.link_density > 0.8;
    let dotted = block.text.starts_with(['→', '»', '›', '>', '[', '+', '▸', '►'])
        || block.text.ends_with(['»', '›', '>', '→', '…', ']', '+', '▸', '►'])
        || block.text.ends_with("...");
    match sight.hit() {
        Some(Hit::Whole) => 0.95,
        Some(Hit::Name) if linked || dotted => 0.85,
        Some(Hit::Name) if !sight.prose_at(1) && sight.prose_at(-1) => 0.4,
        Some(Hit::Start) if linked && block.words <= 20 => 0.8,
        Some(Hit::Start) if dotted && block.words <= 16 => 0.7,
        _ => 0.0,
    }
}
