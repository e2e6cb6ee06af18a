//! Labels over and under advertisements: "Advertisement", "Publicité", "Article continues below".
//!
//! Why: the advertisement is gone, its label stays, between any two paragraphs.
//! Risk: the word alone can head a chapter of a text about advertising; a heading is only a hint.

use super::words::Hit;
use super::{Rule, Sight};
use crate::clean::block::Shape;

pub const RULE: Rule = Rule { name: "advertising", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    let b = sight.block();
    match sight.hit() {
        Some(Hit::Whole) if matches!(b.shape, Shape::Heading(_)) => 0.6,
        Some(Hit::Whole) => 0.93,
        Some(Hit::Start) if sight.is_label() => 0.8,
        _ if sight.inside_count() >= 1 && b.words <= 16 => 0.8,
        _ if b.words <= 12 && sight.coverage().0 >= 0.9 => 0.85,
        _ => 0.0,
    }
}
