//! Who made the machine: "Powered by WordPress", "site réalisé avec SPIP", "RSS Suivre la vie du site".
//!
//! Why: the last line of every page; it names the software, not the page.
//! Risk: other things are powered too ("powered by the sun"); the phrase needs a name of software, or
//! must be a short line at the end of the document.

use super::words::Hit;
use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "powered-by", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    let b = sight.block();
    if b.words > 40 {
        return 0.0;
    }
    let software = sight.holds_name();
    let last = sight.at + 8 >= sight.blocks.len() && sight.at > 0;
    match sight.hit() {
        Some(Hit::Whole) => 0.9,
        Some(Hit::Start) if software => 0.95,
        Some(Hit::Inside) if software && (last || b.words <= 10 || !b.ends_sentence) => 0.92,
        Some(Hit::Start | Hit::Inside) if last && b.words <= 8 && !b.ends_sentence => 0.65,
        _ => 0.0,
    }
}
