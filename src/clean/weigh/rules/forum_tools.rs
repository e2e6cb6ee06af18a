//! What surrounds the posts of a forum: "Joined", "Posts: 0", "Last edited by", "Report post", "Thread is
//! locked", "Users browsing this forum".
//!
//! Why: it stands at every post and says nothing of it. The posts themselves are not meant.
//! Risk: nearly all of these are ordinary words: bare ones count three in a run, phrases in short lines
//! only, and what opens a line ("Posts", "Joined") with a colon or a number after it.

use super::words::Hit;
use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "forum-tools", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    let sure = sight.label(3);
    let opens = sight.hit() == Some(Hit::Start) && !sight.met_as(Hit::Inside);
    let marked = || sight.after_start().is_some_and(|c| matches!(c, ':' | '：') || c.is_numeric());
    if opens && !marked() { sure.min(0.3) } else { sure }
}
