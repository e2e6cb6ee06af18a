//! "Most read", "Les plus lus", "Trending now": the site's ranking of its own texts.
//!
//! Why: headings and titles of other texts, the same on every page of the day.
//! Risk: an article may be about the most read books; so a heading counts only as a whole line, and a
//! line under it only as a title in a list.

use super::words::Hit;
use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "most-read", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    match sight.hit() {
        Some(Hit::Whole) if sight.prose_at(1) && !sight.has_structure() => 0.6,
        Some(Hit::Whole) => 0.93,
        // Weaker headings ("Popular", "Trending") need a list below or links.
        Some(Hit::Name) if sight.block().link_density > 0.8 || sight.has_company(Hit::Name, 2) => 0.75,
        _ => {
            let (tabs, share) = sight.strung();
            if tabs >= 2 && share > 0.8 { 0.8 } else { sight.listed() }
        }
    }
}
