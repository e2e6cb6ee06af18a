//! Calls to sign up or to pay: newsletters, alerts, subscription offers, "This article is for subscribers".
//!
//! Why: they cut into the text of half of the news sites, sometimes between two paragraphs.
//! Risk: articles about newsletters and subscriptions; so whole lines, short lines that address the
//! reader, and longer ones only with several such phrases.

use super::words::Hit;
use super::{Rule, Sight};
use crate::clean::block::Region;

pub const RULE: Rule = Rule { name: "newsletter", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    let b = sight.block();
    let calls = sight.inside_count() + usize::from(sight.hit() == Some(Hit::Start));
    let framed = b.region.has(Region::PROMO | Region::FORM | Region::MODAL);
    match (sight.hit(), calls) {
        (Some(Hit::Whole), _) => 0.9,
        (_, 2..) if b.words <= 60 => 0.88,
        (_, 3..) if b.words <= 110 => 0.75,
        (_, 1..) if framed && b.words <= 60 => 0.85,
        (Some(Hit::Start), _) if b.words <= 14 => 0.8,
        (_, 1..) if b.words <= 30 => 0.75,
        _ if b.words <= 10 && sight.coverage().0 >= 0.85 => 0.7,
        _ => 0.0,
    }
}
