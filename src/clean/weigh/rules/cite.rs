//! What surrounds a scholarly text: "How to cite", "Download citation", "Times cited: 0", "Rights and permissions".
//!
//! Why: journals and repositories carry it beside every text. The references themselves are not meant.
//! Risk: "Abstract" and "References" head chapters: bare words count three in a run, and not over prose.

use super::words::Hit;
use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "cite", words: include_str!("words/cite.toml"), weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    let sure = sight.label(3);
    // A bare word right above prose is a chapter.
    if sight.hit() == Some(Hit::Name) && sight.prose_at(1) { sure.min(0.3) } else { sure }
}
