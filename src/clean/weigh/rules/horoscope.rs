//! The twelve signs as a row of links.
//!
//! Why: a widget beside texts that have nothing to do with the stars.
//! Risk: a horoscope has the signs as its headings, with prose below each: four must stand in a run of
//! bare names without prose between.

use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "horoscope", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    sight.set_of(4)
}
