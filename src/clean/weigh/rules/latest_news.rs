//! Headings of the site's own news stream: "Latest news", "Последние новости", "All news of the day".
//!
//! Why: what stands below are other texts.
//! Risk: a page may be that list: a heading is only a hint where prose follows.

use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "latest-news", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    sight.opens_list()
}
