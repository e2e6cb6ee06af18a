//! The list of the day's prayer times that many news sites of the Muslim world carry on every page.
//!
//! Why: it is a widget; saved as text it leaves a run of short lines, with or without times.
//! Risk: an article about prayer times keeps every word: a name counts only as a line of its own (a
//! time beside it at most), and only when three different names stand in one run of short lines.

use super::words::Hit;
use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "prayer-times", words: include_str!("words/prayer_times.toml"), weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    if sight.hit() == Some(Hit::Name) && sight.names_in_run(5, 8) >= 3 { 0.98 } else { 0.0 }
}
