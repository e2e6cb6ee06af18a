//! The weather widget: a place, a temperature, the sky, humidity, wind.
//!
//! Why: it is the day's, not the article's.
//! Table: `names` are what such widgets measure and how they call the sky, `whole` are their links.
//! Risk: an article about the weather, and data sheets ("Humidity", "Pressure"): names count only in a
//! run of short lines, three different ones with a temperature, or four.

use super::sight::is_numbers;
use super::words::Hit;
use super::{Rule, Sight};
use crate::clean::block::{Block, Region, Shape};

pub const RULE: Rule = Rule { name: "weather", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    let block = sight.block();
    if matches!(block.shape, Shape::Code) {
        return 0.0;
    }
    let (strung, share) = sight.strung();
    if strung >= 3 && share > 0.5 && block.words <= 40 && block.sentences <= 1 && is_degree(block) {
        return 0.9;
    }
    let names = || sight.names_in_run(6, 6);
    let degree_near = || (-6..=6).filter_map(|o| sight.near(o)).any(|b| b.words <= 6 && is_degree(b));
    match sight.hit() {
        Some(Hit::Whole) if !sight.prose_at(1) => 0.85,
        Some(Hit::Whole) => 0.4,
        Some(Hit::Name) => match names() {
            4.. => 0.9,
            3 if degree_near() => 0.9,
            2 if degree_near() => 0.75,
            _ if degree_near() && block.region.has(Region::WIDGET | Region::ASIDE | Region::HEADER) => 0.75,
            _ => 0.0,
        },
        // "12 °C", "Paris 12 °C", "65 %" among them.
        _ if block.words <= 5 && !block.ends_sentence && is_degree(block) => match names() {
            2.. => 0.9,
            1 => 0.6,
            _ => 0.25,
        },
        // The place over its temperature.
        _ if sight.is_label()
            && block.words <= 4
            && sight.near(1).is_some_and(is_only_degree)
            && names() >= 3 =>
        {
            0.75
        }
        _ if is_numbers(block) && block.words <= 3 && degree_near() && names() >= 3 => 0.8,
        _ => 0.0,
    }
}

/// Does a number with a degree sign stand in the block?
fn is_degree(block: &Block) -> bool {
    block.digits > 0.0 && block.text.contains(['°', 'º', '℃', '℉'])
}

/// Is the block a temperature, or two, and nothing else?
fn is_only_degree(block: &Block) -> bool {
    is_degree(block) && is_numbers(block)
}
