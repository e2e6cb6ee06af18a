//! The buttons of shops: "Add to cart", "Wish list", "Checkout", "Compare products".
//!
//! Why: every product and every list of products carries them.
//! Risk: a product's own facts (price, stock, size) are content on its page; only what one clicks is found.

use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "shop-buttons", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    sight.label(3)
}
