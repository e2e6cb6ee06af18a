//! The colour families of reasons: classes of the style that pages for people share. Kinship, not identity: the name
//! stands beside it. Knows nothing of why a reason was given.

use crate::record::counted_reason;

/// The family of a reason; one that is not known here is grey.
pub(super) fn family(reason: &str) -> &'static str {
    known(counted_reason(reason)).unwrap_or("grey")
}

fn known(reason: &str) -> Option<&'static str> {
    Some(match reason {
        "cookie-notice" | "dialog" | "login-bar" | "page-status" | "push-prompt" | "human-check" => "amber",
        "share-bar" | "button" | "print-email" | "report-error" | "listen" | "follow-us" | "wiki-tools" => {
            "blue"
        }
        "navigation" | "breadcrumb" | "pagination" | "page header" | "form" | "site-search"
        | "language-switch" | "country-list" | "contents" | "sort-filter" | "accessibility" => "indigo",
        "related" | "most-read" | "latest-news" | "read-more" | "links beside the main part" => "violet",
        "comments" | "comment-form" | "forum-tools" | "poll" | "rating" | "view-count" => "green",
        "advertising" | "promotion" | "newsletter" | "donate" | "app-download" | "shop-buttons"
        | "paywall" | "event-tools" => "red",
        "byline" | "dateline" | "byline or date" | "author-box" | "tags" | "cite" | "front matter" => "teal",
        "legal-footer"
        | "disclaimer"
        | "page footer"
        | "powered-by"
        | "contact"
        | "sidebar"
        | "addresses of links"
        | "repeats on pages of this site"
        | "repeats on pages of this folder" => "brown",
        "prayer-times" | "weather" | "markets" | "exchange-rates" | "calendar" | "programme"
        | "sports-table" | "horoscope" | "lottery" | "widget" => "pink",
        "hidden"
        | "repeats kept text"
        | "no letter or digit"
        | "heading outside the main part"
        | "short line outside the main part"
        | "outside the main part" => "grey",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{family, known};
    use crate::clean::block::{Block, Place, Region, Shape};
    use crate::clean::recur::Repeated;
    use crate::clean::weigh::reason::against;
    use crate::clean::weigh::rules::RULES;

    #[test]
    fn every_rule_has_a_colour() {
        for rule in RULES {
            assert_ne!(family(rule.name), "grey", "{}", rule.name);
        }
        assert_eq!(family("a reason of another day"), "grey");
    }

    #[test]
    fn every_reason_without_a_rule_has_a_family() {
        let block = |bit: u32, shape, words, link_density| Block {
            text: "x".to_owned(),
            folded: "x".to_owned(),
            shape,
            region: Region(bit),
            chars: 1,
            words,
            link_density,
            sentences: 0,
            ends_sentence: false,
            digits: 0.0,
            bullet: false,
            place: Place::default(),
        };
        let regions = (0..u32::BITS).map(|at| block(1 << at, Shape::Paragraph, 9, 0.0));
        let others = [
            block(0, Shape::Paragraph, 9, 1.0),
            block(0, Shape::Heading(2), 9, 0.0),
            block(0, Shape::Paragraph, 1, 0.0),
        ];
        let reasons: Vec<&str> = regions.chain(others).map(|block| against(&block, &Vec::new())).collect();
        assert!(reasons.contains(&"dialog") && reasons.contains(&"hidden"), "{reasons:?}");
        for reason in reasons.into_iter().chain([
            "repeats kept text",
            "no letter or digit",
            "button",
            "front matter",
            "addresses of links",
        ]) {
            assert!(known(reason).is_some(), "{reason}");
        }
        for in_folder in [true, false] {
            let repeated = Repeated { pages: 14, of: 20, in_folder, decided: true };
            assert_eq!(family(&repeated.words()), "brown");
        }
    }
}
