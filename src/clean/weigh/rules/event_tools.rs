//! What one clicks at an event or a booking: "Add to calendar", "Buy tickets", "Check availability", "Guests".
//!
//! Why: pages of events, hotels and restaurants carry it beside what they tell.
//! Risk: the event's own facts (day, place, price) are content: only what one clicks or fills in is found.

use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "event-tools", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    sight.label(3)
}
