//! Menus: "Skip to content", "Back to top", "Site map", and the sections of the site.
//!
//! Why: they lead elsewhere and say nothing.
//! Table: `whole` are labels that are never anything else, `names` are sections and other labels that
//! are ordinary nouns too ("Home", "Politics", "Archive").
//! Risk: such a noun is the heading of a chapter; so names count only among their kin, in a run of
//! short lines or strung together on one line, or as links in a navigation region.

use super::words::Hit;
use super::{Rule, Sight};
use crate::clean::block::{Region, Shape};

pub const RULE: Rule = Rule { name: "navigation", weigh };

/// Regions that hold menus.
const PLACES: u32 = Region::NAV | Region::HEADER | Region::FOOTER | Region::BREADCRUMB;

fn weigh(sight: &Sight<'_>) -> f32 {
    let block = sight.block();
    let placed = block.region.has(PLACES) || block.link_density > 0.8;
    match sight.hit() {
        Some(Hit::Whole) => 0.95,
        // "US $394.99": a price, not a section.
        Some(Hit::Name) if block.digits > 0.0 && sight.share() < 1.0 => 0.0,
        Some(Hit::Name) => match sight.names_in_run(5, 6) {
            _ if sight.prose_at(1) && !placed => 0.2,
            3.. => 0.9,
            _ if placed => 0.85,
            _ if in_bullets(sight) => 0.75,
            2 => 0.6,
            _ => 0.3,
        },
        _ if matches!(block.shape, Shape::Code) || block.ends_sentence => 0.0,
        _ => {
            let (strung, share) = sight.strung();
            let barred = block.text.contains(['|', '•', '·', '\t']);
            if strung >= 5 && share > 0.7
                || strung == 4 && share > 0.95
                || strung >= 3 && share > 0.8 && barred
            {
                return 0.9;
            }
            // A section that the table does not know, among many that it does.
            let stranger = block.words <= 3
                && block.digits == 0.0
                && !matches!(block.shape, Shape::Heading(_))
                && !sight.prose_at(1);
            if stranger && sight.names_in_run(5, 6) >= 5 { 0.6 } else { 0.0 }
        }
    }
}

/// Does the block stand in a list of bulleted labels?
fn in_bullets(sight: &Sight<'_>) -> bool {
    (-1..=1).all(|o| {
        sight.near(o).is_some_and(|b| {
            b.words <= 5
                && !b.ends_sentence
                && (b.bullet || b.text.starts_with(['•', '*', '·', '-', '‣', '◦']))
        })
    })
}
