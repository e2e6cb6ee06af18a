//! Copyright lines, "All rights reserved", and the labels of terms, privacy and imprint pages.
//!
//! Why: it closes every page of a site with the same words.
//! Risk: articles about copyright; the © sign or the phrase counts in short lines, the labels only as
//! lines or rows of their own.

use super::words::Hit;
use super::{Rule, Sight};
use crate::clean::block::Shape;

pub const RULE: Rule = Rule { name: "legal-footer", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    let b = sight.block();
    if b.words > 70 || matches!(b.shape, Shape::Code) {
        return 0.0;
    }
    let sign = signed(&b.text);
    let inside = sight.inside_apart();
    match sight.hit() {
        Some(Hit::Whole) if matches!(b.shape, Shape::Heading(_)) => 0.6,
        Some(Hit::Whole) if sight.kin(3, &[Hit::Whole, Hit::Inside, Hit::Start, Hit::Name]) > 0 => 0.92,
        Some(Hit::Whole) => 0.65,
        _ if inside >= 2 && b.words <= 50 || (inside >= 1 && sign) => 0.95,
        _ if inside == 1 && b.words <= 35 => 0.85,
        Some(Hit::Start) if b.digits > 0.0 && b.words <= 20 && !b.ends_sentence => 0.9,
        _ if b.words <= 30 && sight.coverage().0 >= 0.75 && sight.coverage().1 >= 2 => 0.88,
        _ if sign && b.words <= 25 => 0.85,
        _ => 0.0,
    }
}

/// Is there a copyright sign at the beginning, or one beside a year?
fn signed(text: &str) -> bool {
    let text = text.trim_start_matches(['-', '–', '—', '|', '•', ' ', '\u{a0}']);
    let sign = |t: &str| t.starts_with('©') || t.starts_with("(c) ") || t.starts_with("(C) ");
    let year = |t: &str| {
        let digits = t.trim_matches(|c: char| !c.is_ascii_digit());
        digits.len() >= 4 && (digits.starts_with("19") || digits.starts_with("20"))
    };
    let near_year = text.match_indices('©').any(|(at, _)| {
        text[at..].split_whitespace().take(3).any(year)
            || text[..at].split_whitespace().next_back().is_some_and(year)
    });
    near_year || (sign(text) && (text.starts_with('©') || text.split_whitespace().any(year)))
}
