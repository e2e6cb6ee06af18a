//! Tickers: exchange rates, stock indices, metals, oil, crypto-currencies.
//!
//! Why: a widget that news sites carry on every page; saved as text it is names and numbers.
//! Table: `names` are what is quoted, `whole` are headings and links of the widget.
//! Risk: an article about the markets, or a list in it: names count only in lines without other words,
//! three different ones in a run, and for certain only with their figures.

use super::sight::is_numbers;
use super::words::Hit;
use super::{Rule, Sight};
use crate::clean::block::{Region, Shape};

pub const RULE: Rule = Rule { name: "markets", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    let block = sight.block();
    if sight.hit() == Some(Hit::Whole) {
        return if sight.prose_at(1) { 0.3 } else { 0.85 };
    }
    let (strung, share) = sight.strung();
    if strung >= 3 && share > 0.6 && block.digits > 0.15 && block.words <= 60 {
        return 0.92;
    }
    let is_figure = is_numbers(block) && block.words <= 4;
    if !(sight.hit() == Some(Hit::Name) || is_figure) || sight.names_in_run(8, 8) < 3 {
        return 0.0;
    }
    let figures = (-8..=8).filter_map(|o| sight.near(o)).any(|b| b.words <= 8 && b.digits > 0.2);
    match block.shape {
        // A table within an article is the article's.
        Shape::Cell if block.region.has(Region::ARTICLE | Region::MAIN) => 0.4,
        _ if figures => 0.95,
        _ => 0.7,
    }
}
