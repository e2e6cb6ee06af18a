//! What asks whether the site may send notifications: "Allow notifications", "Maybe later", "Add to home screen".
//!
//! Why: a dialog of the site, saved with the page.
//! Risk: articles about notifications: labels, and short lines that ask the reader; buttons in company.

use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "push-prompt", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    sight.label(3)
}
