//! What surrounds readers' comments: counts ("0 commentaires"), "Leave a reply", "Reply", sort labels,
//! "Be the first to comment", "Comments are closed".
//!
//! Why: it stands under every article and names nothing in it. The comments themselves are not meant.
//! Risk: "Comments" is an ordinary word; a single one counts only as a line of its own, longer phrases
//! inside a line only where the line is short. "3 responses to …" is a count only when a quoted title follows.

use super::words::Hit;
use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "comments", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    let b = sight.block();
    match sight.hit() {
        Some(Hit::Whole) => 0.92,
        _ if sight.inside_count() >= 2 && b.words <= 40 => 0.9,
        Some(Hit::Start) if b.words <= 30 && opens_with_quote(sight) => 0.85,
        Some(Hit::Start) if sight.is_label() && b.link_density > 0.8 => 0.6,
        _ if sight.inside_count() == 1 && b.words <= 22 => 0.75,
        _ if b.words <= 12 && sight.coverage().0 >= 0.8 => 0.8,
        _ => 0.0,
    }
}

/// Does what follows the phrase begin with an opening quotation mark, as a quoted title does?
fn opens_with_quote(sight: &Sight<'_>) -> bool {
    let quotes = ['"', '“', '”', '„', '«', '»', '‘', '\'', '「', '《'];
    sight.rest().is_some_and(|(rest, _)| rest.trim_start_matches([' ', ':', '\u{a0}']).starts_with(quotes))
}
