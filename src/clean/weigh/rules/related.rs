//! "You may also like" over a list of other texts, and "Read also: TITLE" between paragraphs.
//!
//! Why: titles of other texts read like sentences of this one.
//! Table: `whole` are headings, `start` opens an inline pointer.
//! Risk: "See also chapter 3" is prose: an inline pointer needs a colon or bar after the phrase, or
//! must be a link; a line under a heading counts only as a title in a list.

use super::words::Hit;
use super::{Rule, Sight};
use crate::clean::block::Region;

pub const RULE: Rule = Rule { name: "related", weigh };

/// Longest pointer, in words: a phrase and a title.
const POINTER_WORDS: usize = 32;

fn weigh(sight: &Sight<'_>) -> f32 {
    let block = sight.block();
    match sight.hit() {
        Some(Hit::Whole) => 0.93,
        Some(Hit::Start) if block.words <= POINTER_WORDS && block.sentences <= 2 => {
            let marked = matches!(
                sight.after_start(),
                Some(':' | '：' | '|' | '>' | '›' | '→' | '–' | '—' | '►' | '▶' | '【' | '《')
            );
            match () {
                () if block.link_density > 0.5 => 0.9,
                // Without a link it may be a line of the author's own.
                () if marked => 0.75,
                () => 0.0,
            }
        }
        // Weaker headings ("Related", "Mehr") where the structure says the same.
        Some(Hit::Name) if block.region.has(Region::RELATED) || block.link_density > 0.8 => 0.8,
        Some(Hit::Name) if !sight.prose_at(1) => 0.4,
        _ => sight.listed(),
    }
}
