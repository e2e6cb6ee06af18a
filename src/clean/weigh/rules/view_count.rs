//! How often a page was seen, and by how many at once: "Views: 0", "Read 0 times", "0 users online".
//!
//! Why: a counter of the day, in no way part of the text.
//! Risk: sentences with such numbers: only lines that are the counter and nothing else.

use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "view-count", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    sight.label(3)
}
