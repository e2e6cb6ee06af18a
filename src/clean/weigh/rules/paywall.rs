//! What stands where a text is cut for those who do not pay: "Subscribe to continue reading", "Already a
//! subscriber?", "Cancel anytime", "0 free articles left".
//!
//! Why: it sells the text and is not the text.
//! Risk: articles about subscriptions and prices of a product: labels, and short lines that speak to the
//! reader; two such phrases make a longer line one.

use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "paywall", weigh };

/// Longest line that two phrases of the table make an offer, in words.
const OFFER_WORDS: usize = 60;

fn weigh(sight: &Sight<'_>) -> f32 {
    sight.two_phrases(OFFER_WORDS).max(sight.label(3))
}
