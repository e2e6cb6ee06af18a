//! The text read aloud: "Listen to this article", "7 min listen", "This audio is generated".
//!
//! Why: it offers another form of the same text, and stands over half of the news sites' articles.
//! Risk: sentences about listening: only labels and short lines; a player's bare words count in company.

use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "listen", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    sight.label(3)
}
