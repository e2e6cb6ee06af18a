//! "This site uses cookies. By continuing you accept ...": notices, the buttons under them, and the
//! rows of consent managers.
//!
//! Why: they are about the site, not of it, and stand on every page.
//! Table: `whole` are buttons and headings that name cookies or consent, `start` are openings in the
//! site's own voice ("We use cookies"), `inside` are what notices say, `names` are bare buttons and
//! categories ("Accept", "Marketing") that count only beside a notice.
//! Risk: articles about cookies, and privacy policies: two different things that notices say must
//! stand in one block, or an opening in the first person in a short one.

use super::words::Hit;
use super::{Rule, Sight};
use crate::clean::block::Region;

pub const RULE: Rule = Rule { name: "cookie-notice", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    let block = sight.block();
    let consent = block.region.has(Region::CONSENT);
    let hit = sight.hit();
    let said = notice(sight);
    match hit {
        _ if consent && hit.is_some() => 0.98,
        Some(Hit::Whole) => 0.95,
        _ if said > 0.0 => said,
        Some(Hit::Name) if beside_notice(sight) || sight.names_in_run(4, 5) >= 4 => 0.9,
        _ if consent => 0.8,
        _ => 0.0,
    }
}

/// What cookies are called, as stems; other notices ask for consent too, but prose about consent is common.
const COOKIE: &[&str] = &[
    "cookie",
    "traceur",
    "témoin",
    "galet",
    "çerez",
    "ciastecz",
    "куки",
    "бисквит",
    "колачић",
    "kolači",
    "kakor",
    "informasjonskaps",
    "eväste",
    "süti",
    "sütik",
    "تعريف الارتباط",
    "ملفات الارتباط",
    "كوكيز",
    "کوکی",
    "עוגיות",
    "クッキー",
    "쿠키",
    "कुकी",
];

/// How strongly the block itself reads like a notice.
fn notice(sight: &Sight<'_>) -> f32 {
    let words = sight.block().words;
    let (opens, said) = (sight.met_as(Hit::Start), sight.inside_apart());
    let speaks = opens || said > 0;
    if !speaks || !COOKIE.iter().any(|stem| sight.block().folded.contains(stem)) {
        return 0.0;
    }
    match said {
        // One long text that says it all in passing is rather a policy or an article.
        3.. if words <= 160 => 0.97,
        2 if words <= 40 || opens && words <= 120 => 0.92,
        // The opening is itself one of the things that notices say.
        1 if opens && words <= 60 => 0.85,
        0 if opens && words <= 30 => 0.8,
        _ => 0.0,
    }
}

/// Does a notice, or a button that names cookies, stand within three lines?
fn beside_notice(sight: &Sight<'_>) -> bool {
    (-3..=3).filter(|o| *o != 0).filter_map(|o| sight.at.checked_add_signed(o)).any(|at| {
        at < sight.blocks.len() && {
            let there = Sight { at, ..*sight };
            there.hit() == Some(Hit::Whole) || notice(&there) > 0.0
        }
    })
}
