//! What surrounds a scholarly text: "How to cite", "Download citation", "Times cited: 0", "Rights and permissions".
//!
//! Why: journals and repositories carry it beside every text. The references themselves are not meant.
//! Risk: "Abstract" and "References" head chapters: bare words count three in a run, and not over prose.

use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "cite", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    sight.label_or_chapter(3)
}
