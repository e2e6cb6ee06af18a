//! A month's grid: the names of the weekdays, the numbers of the days, the months beside it; and the
//! list of months of an archive.
//!
//! Why: blogs and agendas carry it on every page; as text it is a heap of numbers.
//! Table: `whole` are headers of one line ("M T W T F S S"), `names` are weekdays, `start` are months.
//! Risk: opening hours name the weekdays too, but with times or in sentences; so five weekdays must
//! stand bare, one right after the other.

use super::sight::is_numbers;
use super::words::{Hit, find};
use super::{Rule, Sight};
use crate::clean::block::Block;

pub const RULE: Rule = Rule { name: "calendar", weigh };

/// Longest grid of one number a line: six weeks.
const GRID: isize = 42;

fn weigh(sight: &Sight<'_>) -> f32 {
    let block = sight.block();
    if block.words > 31 || block.ends_sentence && block.words > 7 {
        return 0.0;
    }
    if is_header(sight, 0) {
        return 0.97;
    }
    if is_numbers(block) {
        return if is_days(block) && under_header(sight) { 0.95 } else { 0.0 };
    }
    let run = |step: isize| (1..12).take_while(|o| is_month(sight, o * step)).count();
    if is_month(sight, 0) {
        let months = 1 + run(1) + run(-1);
        let beside_grid = (1..=3).any(|o| is_header(sight, o)) || under_header(sight);
        return if beside_grid || months >= 4 { 0.85 } else { 0.0 };
    }
    0.0
}

/// Is the block `offset` places on a header of weekdays, or one of five weekdays in a row?
fn is_header(sight: &Sight<'_>, offset: isize) -> bool {
    let Some(at) = sight.at.checked_add_signed(offset).filter(|at| *at < sight.blocks.len()) else {
        return false;
    };
    let there = Sight { at, ..*sight };
    if there.hit() == Some(Hit::Whole) {
        return true;
    }
    let (names, share) = there.strung();
    if names >= 5 && share > 0.9 && !there.block().folded.contains('0') {
        return true;
    }
    let bare = |o: isize| {
        there.hit_at(o) == Some(Hit::Name) && there.near(o).is_some_and(|b| !b.folded.contains('0'))
    };
    if bare(0) {
        let run = |step: isize| (1..7).take_while(|o| bare(o * step)).count();
        return 1 + run(1) + run(-1) >= 5;
    }
    is_letter(there.block()) && letters_are_header(&there)
}

/// One or two letters on a line of their own.
fn is_letter(block: &Block) -> bool {
    block.chars <= 2 && !block.folded.is_empty() && !is_numbers(block)
}

/// Do seven such lines around this one make a header?
fn letters_are_header(sight: &Sight<'_>) -> bool {
    (-6..=0).any(|first| {
        let week: Vec<&str> = (first..first + 7)
            .filter_map(|o| sight.near(o))
            .filter(|b| is_letter(b))
            .map(|b| b.folded.as_str())
            .collect();
        week.len() == 7 && find(&week.join(" ")).of(sight.rule).iter().any(|f| f.hit == Hit::Whole)
    })
}

/// Numbers of days: 1 to 31, rising.
fn is_days(block: &Block) -> bool {
    let mut last = 0;
    block.text.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty()).all(|n| {
        match n.parse::<u32>() {
            Ok(day) if day <= 31 && (day > last || last >= 28) => {
                last = day;
                true
            }
            _ => false,
        }
    })
}

/// Does a header of weekdays stand before the block, with nothing but days between?
fn under_header(sight: &Sight<'_>) -> bool {
    for offset in 1..=GRID {
        match sight.near(-offset) {
            Some(b) if is_numbers(b) && is_days(b) => {}
            Some(_) => {
                return is_header(sight, -offset)
                    || is_month(sight, -offset) && is_header(sight, -offset - 1);
            }
            None => return false,
        }
    }
    false
}

/// Is the block `offset` places on the name of a month, with at most numbers beside it?
fn is_month(sight: &Sight<'_>, offset: isize) -> bool {
    let Some(at) = sight.at.checked_add_signed(offset) else { return false };
    let Some(found) = sight.found.get(at) else { return false };
    let Some(block) = sight.blocks.get(at) else { return false };
    let Some(plain) = sight.plain.get(at) else { return false };
    let rest_is_numbers = |end: usize| plain[end..].chars().all(|c| matches!(c, ' ' | '0'));
    block.words <= 4 && found.of(sight.rule).iter().any(|f| f.hit == Hit::Start && rest_is_numbers(f.span.1))
}
