//! Why a block was removed, in words: the strongest evidence against it.

use super::rules::{Evidence, RULES};
use crate::clean::block::{Block, Region, Shape};

/// A rule that is at least this sure gives the reason.
const SURE: f32 = 0.5;

/// What each region is called, the most telling first.
const REGIONS: &[(u32, &str)] = &[
    (Region::CONSENT, "cookie-notice"),
    (Region::BREADCRUMB, "breadcrumb"),
    (Region::SHARE, "share-bar"),
    (Region::COMMENTS, "comments"),
    (Region::RELATED, "related"),
    (Region::PAGER, "pagination"),
    (Region::TAGS, "tags"),
    (Region::LOGIN, "login-bar"),
    (Region::AD, "advertising"),
    (Region::PROMO, "promotion"),
    (Region::NAV, "navigation"),
    (Region::FOOTER, "page footer"),
    (Region::MODAL, "dialog"),
    (Region::WIDGET, "widget"),
    (Region::BUTTON, "button"),
    (Region::FORM, "form"),
    (Region::META, "byline or date"),
    (Region::ASIDE, "sidebar"),
    (Region::HEADER, "page header"),
    (Region::HIDDEN, "hidden"),
];

/// Whether a rule or the part of the page names the reason, and not only what the block looks like.
pub fn is_named(block: &Block, evidence: &Evidence) -> bool {
    evidence.iter().any(|&(_, strength)| strength >= SURE)
        || REGIONS.iter().any(|(bit, _)| block.region.has(*bit))
}

/// The reason for removing one block: a rule's name, else the part of the page it stands in, else what it
/// looks like.
pub fn against(block: &Block, evidence: &Evidence) -> &'static str {
    let rule = evidence.iter().filter(|&&(_, s)| s >= SURE).max_by(|a, b| a.1.total_cmp(&b.1));
    if let Some(&(rule, _)) = rule {
        return RULES[rule].name;
    }
    if let Some((_, name)) = REGIONS.iter().find(|(bit, _)| block.region.has(*bit)) {
        return name;
    }
    // An image or an empty link of a Markdown file.
    if block.text.is_empty() {
        "no letter or digit"
    } else if block.link_density > 0.5 {
        "links beside the main part"
    } else if matches!(block.shape, Shape::Heading(_)) {
        "heading outside the main part"
    } else if block.words <= 6 && !block.ends_sentence {
        "short line outside the main part"
    } else {
        "outside the main part"
    }
}
