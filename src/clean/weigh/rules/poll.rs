//! A poll beside the text: "Vote", "View results", "Poll of the week".
//!
//! Why: it is a widget of the site, not of the page.
//! Risk: articles on elections and polls: bare words ("Poll", "Results") count only in company.

use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "poll", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    sight.label(3)
}
