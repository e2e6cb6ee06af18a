//! The form under which readers write: name, e-mail and website fields, "Your email address will not be
//! published", "Notify me of follow-up comments by email", "Post comment".
//!
//! Why: every weblog carries it under every article; saved as text it leaves field names and promises.
//! Risk: "Name" and "E-mail" also head tables and address lists; a field name counts only when three of
//! them stand together, or two beside a phrase that only such a form prints.

use super::words::Hit;
use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "comment-form", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    let b = sight.block();
    let (covered, different) = sight.coverage();
    match sight.hit() {
        Some(Hit::Whole) => 0.9,
        _ if sight.inside_apart() >= 2 && b.words <= 90 => 0.95,
        Some(Hit::Name) if sight.names_in_run(6, 5) >= 3 => 0.85,
        Some(Hit::Name) if sight.kin(4, &[Hit::Whole, Hit::Inside]) > 0 => 0.8,
        _ if sight.inside_count() >= 1 && b.words <= 45 => 0.9,
        Some(Hit::Name) => 0.0,
        _ if b.words <= 16 && covered >= 0.85 && different >= 3 => 0.85,
        _ => 0.0,
    }
}
