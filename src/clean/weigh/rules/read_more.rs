//! "Read more", "Lire la suite", "Weiterlesen": a link that promises the rest of a text.
//!
//! Why: it stands under a teaser, or is what is left of a cut page; it says nothing itself.
//! Risk: the same words open ordinary sentences; so only a line that is the phrase, or a short link
//! that begins with it, is found.

use super::words::Hit;
use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "read-more", words: include_str!("words/read_more.toml"), weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    match sight.hit() {
        Some(Hit::Whole) => 0.95,
        Some(Hit::Start) if sight.is_label() && sight.block().link_density > 0.8 => 0.8,
        _ => 0.0,
    }
}
