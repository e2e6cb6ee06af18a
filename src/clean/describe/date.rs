//! The days of publication and of the last change: what metadata declares and what the page shows beside its
//! title. None rather than another page's date.

use super::calendar::{self, Manner, relative};
use super::facts::Facts;
use super::shown_dates::{self, Shown};
use super::{Page, Sourced};
use crate::record::{Day, Kind};
use jiff::civil::Date;

/// Names of `<meta>` that give the date of publication, the surest first.
const METAS: [&str; 36] = [
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "article:published",
    "og:published_time",
    "citation_publication_date",
    "citation_online_date",
    "citation_date",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "published_time",
    "published",
    "published-date",
    "date_published",
    "publication_date",
    "publication-date",
    "bt:pubdate",
    "og:pubdate",
    "rnews:datepublished",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date.created",
    "dcterms.created",
    "datecreated",
    "dcterms.date",
    "dc.date",
    "article.published",
    "article_date_original",
    "ptime",
    "date",
    "ms.date",
];

/// Names of `<meta>` that give the date of the last change, the surest first.
const MODIFIED: [&str; 14] = [
    "article:modified_time",
    "og:article:modified_time",
    "datemodified",
    "article:modified",
    "og:modified_time",
    "og:updated_time",
    "dcterms.modified",
    "dc.date.modified",
    "last-modified",
    "lastmod",
    "updated_time",
    "updated",
    "date_modified",
    "revised",
];

/// A day and where it came from.
type Dated = (Date, String);

/// The day of publication and that of the last change, if it is a later one.
pub struct Days {
    pub published: Option<Sourced>,
    pub modified: Option<Sourced>,
}

/// Finds both. `title`: the block of the title. `language`: the page's, with its region if said.
pub fn find(page: &Page<'_>, facts: &Facts<'_>, kind: Kind, title: Option<usize>, language: &str) -> Days {
    let manner = Manner::of(language);
    let shown = shown_dates::beside_title(page, facts, title, &manner);
    let of =
        |wanted: fn(&Shown) -> bool| shown.iter().find(|s| wanted(s)).map(|s| (s.date, s.from.to_owned()));
    let (visible, changed) = (of(|s| !s.updated), of(|s| s.updated));
    let declared = declared(page, facts, kind, &manner);
    let change = declared_change(facts, &manner);
    let published = match (declared, visible) {
        // A page is not shown before it is published: metadata then speaks of a later edition.
        (Some((d, greenwich)), _) => {
            let close = shown.iter().find(|s| s.close && !s.updated);
            let read = close.filter(|s| {
                is_earlier(s, &d) || (greenwich && s.read && is_same_night(s, &d, change.as_ref()))
            });
            let read = read.map(|s| (s.date, s.from.to_owned()));
            Some(read.filter(|_| kind != Kind::Forum).unwrap_or(d))
        }
        (None, v) if has_date(kind) => v
            .or_else(|| in_address(page))
            .or_else(|| of_whole_page(facts))
            .or_else(|| relative_line(page, title))
            // A page that shows only the day of its last change is as old as that.
            .or_else(|| changed.clone())
            // What a manual says below its text is when it was built.
            .or_else(|| shown_dates::elsewhere(page, facts, &manner).filter(|_| kind != Kind::Documentation)),
        _ => None,
    };
    // A shop, a service or a list has no date, though its content system may know when it was set up; a manual's
    // metadata knows when it was last built.
    let dated = has_date(kind) && kind != Kind::Documentation;
    let published = published.filter(|p| dated || p.1 == "date line" || shown.iter().any(|s| s.date == p.0));
    let modified = change.or(changed);
    let modified = modified.filter(|m| published.as_ref().is_none_or(|p| m.0 > p.0) && has_date(kind));
    Days { published: published.map(sourced), modified: modified.map(sourced) }
}

fn has_date(kind: Kind) -> bool {
    matches!(kind, Kind::Article | Kind::Forum | Kind::Documentation | Kind::Other)
}

fn sourced((date, from): Dated) -> Sourced {
    Sourced { value: date.to_string(), from }
}

/// Is the day shown right at the title before the declared one by more than a time zone?
fn is_earlier(close: &Shown, declared: &Dated) -> bool {
    close.date < declared.0 && days_between(close.date, declared.0) > 1
}

/// Is the day read right at the title the one before or after the declared one? `changed`: the day of the last change,
/// which the page may show without saying so.
fn is_same_night(close: &Shown, declared: &Dated, changed: Option<&Dated>) -> bool {
    days_between(close.date, declared.0) == 1 && changed.is_none_or(|c| c.0 != close.date)
}

/// Does a value say its time in Greenwich, or of no place, rather than where the page was written?
fn in_greenwich(value: &str) -> bool {
    let Some((_, time)) = value.trim().split_once(['T', ' ']) else { return false };
    let offset = time.find(['+', '-']).map_or("", |at| &time[at..]);
    time.contains(':') && !offset.contains(|c: char| matches!(c, '1'..='9'))
}

/// A value of metadata, which some systems write in words.
pub(super) fn exact(value: &str, manner: &Manner) -> Option<Date> {
    calendar::machine(value).or_else(|| calendar::find_in(value, manner).map(|f| f.date))
}

/// What metadata declares, and whether it counts the day in Greenwich.
fn declared(page: &Page<'_>, facts: &Facts<'_>, kind: Kind, manner: &Manner) -> Option<(Dated, bool)> {
    let item = facts.text_item().and_then(|i| i.published.as_deref());
    let item = item.and_then(|v| Some(((exact(v, manner)?, "json-ld".to_owned()), in_greenwich(v))));
    let found = item.or_else(|| {
        let metas = METAS.iter().filter(|_| has_date(kind));
        metas
            .filter_map(|name| facts.meta_of(&[name]))
            .find_map(|(name, v)| Some(((exact(v, manner)?, format!("meta {name}")), in_greenwich(v))))
    })?;
    // Metadata counts the day in Greenwich, the address where the page was written.
    let address = in_address(page).filter(|(d, _)| days_between(*d, found.0.0) == 1);
    Some(address.map_or(found, |address| (address, false)))
}

fn days_between(a: Date, b: Date) -> i32 {
    // Up to a month apart the span is days alone.
    a.until(b).map_or(i32::MAX, |span| span.get_days().abs())
}

fn in_address(page: &Page<'_>) -> Option<Dated> {
    Some((page.url.and_then(|u| calendar::in_path(u.path()))?, "url".to_owned()))
}

fn of_whole_page(facts: &Facts<'_>) -> Option<Dated> {
    let mut pages =
        facts.items.iter().filter(|i| i.depth == 0 && i.types.iter().any(|t| t.ends_with("Page")));
    let date = pages.find_map(|i| calendar::machine(i.published.as_deref()?))?;
    Some((date, "json-ld".to_owned()))
}

fn declared_change(facts: &Facts<'_>, manner: &Manner) -> Option<Dated> {
    let item = facts.text_item().and_then(|i| i.modified.as_deref()).and_then(calendar::machine);
    item.map(|d| (d, "json-ld".to_owned())).or_else(|| {
        MODIFIED
            .iter()
            .filter_map(|name| facts.meta_of(&[name]))
            .find_map(|(name, v)| Some((exact(v, manner)?, format!("meta {name}"))))
    })
}

/// `2 hours ago`, `hier`, where a reference date is given.
fn relative_line(page: &Page<'_>, title: Option<usize>) -> Option<Dated> {
    let reference = page.reference.and_then(Day::civil)?;
    let (from, to) = shown_dates::around(page, title);
    let lines = page.blocks.iter().take(to + 1).skip(from);
    let near =
        lines.enumerate().filter(|(at, b)| b.words <= 12 && shown_dates::is_here(page, from + at, title));
    let date = near.filter_map(|(_, b)| relative::find(&b.text, reference)).next()?;
    Some((date, "relative date".to_owned()))
}
