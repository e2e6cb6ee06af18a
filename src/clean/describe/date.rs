//! The date of publication: machine-readable if there is one, else the date line beside the title. None
//! rather than another page's date.

use super::calendar::{self, Order};
use super::facts::Facts;
use super::title::first_prose;
use super::{Page, Sourced};
use crate::clean::block::Region;
use crate::record::Kind;
use jiff::civil::Date;

/// Names of `<meta>` that give the date of publication, the surest first.
const METAS: [&str; 22] = [
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "article:published",
    "og:published_time",
    "citation_publication_date",
    "citation_online_date",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "published_time",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "article.published",
    "article_date_original",
    "date",
];

/// Where a date is another page's.
const ELSEWHERE: u32 = Region::NAV
    | Region::FOOTER
    | Region::ASIDE
    | Region::COMMENTS
    | Region::RELATED
    | Region::WIDGET
    | Region::MODAL
    | Region::CONSENT
    | Region::AD
    | Region::PROMO;

/// Finds the date. `title`: the block of the title. `language`: the page's, with its region if said.
pub fn find(
    page: &Page<'_>,
    facts: &Facts<'_>,
    kind: Kind,
    title: Option<usize>,
    language: &str,
) -> Option<Sourced> {
    let order = calendar::order(language);
    if let Some(date) = facts.text_item().and_then(|i| i.published.as_deref()).and_then(calendar::machine) {
        return sourced(date, "json-ld");
    }
    // A shop, a service or a list has no date, though its content system may know when it was set up.
    if !has_date(kind) {
        return None;
    }
    for name in METAS {
        if let Some(date) = facts.meta_of(&[name]).and_then(|(_, v)| exact(v, order)) {
            return sourced(date, &format!("meta {name}"));
        }
    }
    if let Some(date) = page.tree.and_then(|_| in_times(page, facts, title, order)) {
        return sourced(date, "time");
    }
    let whole_page =
        facts.items.iter().filter(|i| i.depth == 0 && i.types.iter().any(|t| t.ends_with("Page")));
    if let Some(date) = page.url.and_then(|u| calendar::in_path(u.path())) {
        return sourced(date, "url");
    }
    if let Some(date) = whole_page.filter_map(|i| i.published.as_deref()).find_map(calendar::machine) {
        return sourced(date, "json-ld");
    }
    in_lines(page, title, order).and_then(|d| sourced(d, "date line"))
}

fn has_date(kind: Kind) -> bool {
    matches!(kind, Kind::Article | Kind::Forum | Kind::Documentation | Kind::Other)
}

fn sourced(date: Date, from: &str) -> Option<Sourced> {
    Some(Sourced { value: date.to_string(), from: from.to_owned() })
}

/// A value of metadata, which some systems write in words.
fn exact(value: &str, order: Order) -> Option<Date> {
    calendar::machine(value).or_else(|| calendar::find(value, order).map(|f| f.date))
}

/// The `<time>` that microdata calls the publication's, else the one nearest to the title.
fn in_times(page: &Page<'_>, facts: &Facts<'_>, title: Option<usize>, order: Order) -> Option<Date> {
    let block_of = |node: usize| page.blocks.partition_point(|b| b.place.text_node < node);
    let (from, to) = around(page, title);
    let near = |node: usize| (from..=to).contains(&block_of(node));
    let here = |node: usize| page.blocks.get(block_of(node)).is_none_or(|b| !b.region.has(ELSEWHERE));
    let dated =
        || facts.times.iter().filter(|t| !t.modified).filter_map(|t| Some((t, exact(t.value, order)?)));
    dated()
        .find(|(t, _)| t.published && here(t.node))
        .or_else(|| dated().find(|(t, _)| near(t.node) && here(t.node)))
        .map(|(_, date)| date)
}

/// The blocks in which a date line may stand: from a little before the title to the first running text.
fn around(page: &Page<'_>, title: Option<usize>) -> (usize, usize) {
    let last = page.blocks.len().saturating_sub(1);
    let prose = first_prose(page).unwrap_or(0);
    let title = title.filter(|&t| t <= prose || prose == 0).unwrap_or(prose.saturating_sub(8));
    (title.saturating_sub(6), (prose.min(title + 14).max(title) + 3).min(last))
}

fn in_lines(page: &Page<'_>, title: Option<usize>, order: Order) -> Option<Date> {
    let (from, to) = around(page, title);
    let candidates = page.blocks.iter().enumerate().take(to + 1).skip(from);
    candidates
        .filter(|(_, b)| {
            !b.region.has(ELSEWHERE) && (b.words <= 16 || (b.region.has(Region::META) && b.words <= 40))
        })
        .filter_map(|(at, b)| {
            let found = calendar::find(&b.text, order)?;
            // A sentence that names a day tells a story; a date line is little else than the day.
            let is_line = b.words <= 6 || !b.ends_sentence || b.region.has(Region::META);
            let early = found.range.start < 60;
            let after = usize::from(title.is_some_and(|t| at < t));
            (is_line && early).then_some(((after, at.abs_diff(title.unwrap_or(at))), found.date))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, date)| date)
}
