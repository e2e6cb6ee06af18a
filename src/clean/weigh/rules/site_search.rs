//! The search field: "Search this site", "Enter keywords", "Advanced search", "No results".
//!
//! Why: it is the site's machinery.
//! Risk: "Search" heads chapters too; the bare word counts only in company.

use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "site-search", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    sight.label(3)
}
