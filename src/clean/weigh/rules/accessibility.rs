//! Reading aids of the site: "High contrast", "Accessibility tools", the version for those who see badly.
//!
//! Why: offices, schools and many shops carry them on every page. Font sizes are `print-email`'s.
//! Risk: articles about accessibility: only labels, bare words in company, and no heading over prose.

use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "accessibility", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    sight.label_or_chapter(3)
}
