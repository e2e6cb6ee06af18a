//! "Found a mistake? Select it and press Ctrl+Enter", "Suggest a correction", "Report abuse".
//!
//! Why: the site speaks to its readers, under every text.
//! Risk: articles about errors: only the site's own phrases, in short lines.

use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "report-error", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    sight.label(3)
}
