//! Offers of the site's own application: "Download our app", "Get it on Google Play", "App Store".
//!
//! Why: they close the pages of half of the news sites.
//! Risk: an article about an app; the names of the shops count only beside each other.

use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "app-download", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    sight.label(3)
}
