//! Invitations to the site's own channels: "Follow us on Facebook", "Join our WhatsApp channel", "RSS feed".
//!
//! Why: it stands in the footer, in the sidebar and, on many news sites, amid the text.
//! Risk: networks' names are ordinary names: they count three in a run, or beside such an invitation;
//! two words over prose ("Social media") may be a chapter's name.

use super::words::Hit;
use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "follow-us", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    let sure = sight.label(3);
    let chapter = sight.hit() == Some(Hit::Whole) && sight.block().words <= 2 && sight.prose_at(1);
    if chapter { sure.min(0.4) } else { sure }
}
