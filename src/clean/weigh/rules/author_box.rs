//! The box about an author under the text: "About the author", "View all posts by ...".
//!
//! Why: it is the same under all of that author's texts.
//! Risk: a book's page has a chapter about its author: a heading over prose is only a hint.

use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "author-box", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    sight.door()
}
