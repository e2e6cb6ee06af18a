//! The machinery of documentation and wikis: "Edit this page", "View history", "Last updated on", "Copy code".
//!
//! Why: it stands on every page of such a site, and some of it at every heading.
//! Risk: "History", "Discussion" and "Read" are ordinary words: they count three in a run of labels.

use super::words::Hit;
use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "wiki-tools", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    let sure = sight.label(3);
    // "History" right above prose is a chapter.
    let chapter = sight.hit() == Some(Hit::Name) && sight.prose_at(1) && sight.names_in_run(5, 4) < 3;
    if chapter { sure.min(0.3) } else { sure }
}
