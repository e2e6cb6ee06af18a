//! The list of the day's prayer times that many news sites of the Muslim world carry on every page.
//!
//! Why: it is a widget; saved as text it leaves a run of short lines, with or without times.
//! Table: `names` are the prayers, `whole` are headings of the widget.
//! Risk: an article about prayer times keeps every word: a name counts only as a line of its own (a
//! time beside it at most), and only when three different names stand in one run of short lines, or
//! four on one line with nothing but times between.

use super::sight::is_numbers;
use super::words::Hit;
use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "prayer-times", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    let block = sight.block();
    let (strung, share) = sight.strung();
    if strung >= 4 && share > 0.8 && !block.ends_sentence {
        return 0.95;
    }
    match sight.hit() {
        // In two scripts, side by side.
        _ if strung == 2 && share > 0.9 && sight.names_in_run(5, 8) >= 3 => 0.9,
        Some(Hit::Name) if sight.names_in_run(5, 8) >= 3 => 0.98,
        Some(Hit::Whole) if near_set(sight) => 0.95,
        _ if is_numbers(block) && block.words <= 4 && sight.names_in_run(5, 6) >= 3 => 0.95,
        _ => 0.0,
    }
}

/// Does a set of prayers begin within four lines?
fn near_set(sight: &Sight<'_>) -> bool {
    (1..=4).filter_map(|o: usize| sight.at.checked_add(o)).filter(|at| *at < sight.blocks.len()).any(|at| {
        let there = Sight { at, ..*sight };
        there.strung().0 >= 4 || there.hit() == Some(Hit::Name) && there.names_in_run(5, 8) >= 3
    })
}
