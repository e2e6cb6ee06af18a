//! What a text file's front matter means: it was written to describe the file, so it is believed before the text.

use super::calendar::Manner;
use super::date::exact;
use super::tidy::{key, tidy};
use super::{Description, NamedSite, Sourced};
use crate::clean::text::FrontMatter;
use url::Url;

const TITLE: [&str; 2] = ["title", "headline"];
const AUTHOR: [&str; 3] = ["author", "authors", "byline"];
const PUBLISHED: [&str; 10] = [
    "date",
    "published",
    "publish_date",
    "published_at",
    "published_time",
    "published_date",
    "pubdate",
    "publishdate",
    "datepublished",
    "date_published",
];
const MODIFIED: [&str; 7] =
    ["updated", "modified", "lastmod", "last_modified_at", "date_modified", "datemodified", "updated_at"];
const SITE: [&str; 5] = ["sitename", "site_name", "site", "publisher", "publication"];
const ADDRESS: [&str; 7] =
    ["canonical", "canonical_url", "url", "source", "source_url", "url_source", "link"];
const DESCRIPTION: [&str; 3] = ["description", "summary", "excerpt"];
const TAGS: [&str; 2] = ["tags", "keywords"];
const LANGUAGE: [&str; 3] = ["lang", "language", "locale"];
const LICENSE: [&str; 2] = ["license", "licence"];
const IMAGE: [&str; 5] = ["image", "cover", "thumbnail", "featured_image", "banner"];

/// Says where a value came from.
const FROM: &str = "front matter";

/// The address that a file says is its own.
pub fn address(front: &FrontMatter) -> Option<Url> {
    let said = ADDRESS.iter().filter_map(|name| front.first(&[name]));
    said.filter_map(|said| Url::parse(said).ok()).find(is_of_the_web)
}

fn is_of_the_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.host_str().is_some()
}

fn said(front: &FrontMatter, names: &[&str]) -> Option<String> {
    front.first(names).and_then(tidy)
}

fn sourced(value: String) -> Sourced {
    Sourced { value, from: FROM.to_owned() }
}

pub(super) fn title(front: &FrontMatter) -> Option<Sourced> {
    said(front, &TITLE).map(sourced)
}

pub(super) fn language(front: &FrontMatter) -> Option<&str> {
    front.first(&LANGUAGE)
}

/// Names the site, where the file does.
pub(super) fn name_site(front: &FrontMatter, site: &mut NamedSite) {
    // Some write the site's address there.
    if let Some(name) = said(front, &SITE).filter(|name| !name.contains("://")) {
        site.keys.push(key(&name));
        (site.name, site.from) = (Some(name), Some(FROM));
    }
}

/// Puts what the file says in the place of what was found. `language`: the text's, for days in words.
pub(super) fn fill(front: &FrontMatter, language: &str, found: &mut Description) {
    let day = |names| exact(front.first(names)?, &Manner::of(language)).map(|day| day.to_string());
    let authors: Vec<String> = front
        .all(&AUTHOR)
        .iter()
        .filter(|name| !name.contains("://"))
        .filter_map(|name| tidy(name))
        .collect();
    let tags = front
        .all(&TAGS)
        .iter()
        .flat_map(|tags| tags.split(','))
        .filter_map(|tag| tidy(tag.trim_start_matches('#')));
    let tags: Vec<String> = tags.collect();
    let image = front.first(&IMAGE).and_then(|image| Url::parse(image).ok()).filter(is_of_the_web);
    let evidence = &mut found.evidence;
    for (given, value, from) in [
        ((!authors.is_empty()).then(|| authors.join(", ")), &mut found.author, &mut evidence.author),
        (day(&PUBLISHED), &mut found.date, &mut evidence.date),
        (day(&MODIFIED), &mut found.modified, &mut evidence.modified),
        (address(front).map(String::from), &mut found.canonical, &mut evidence.canonical),
        (said(front, &DESCRIPTION), &mut found.description, &mut evidence.description),
        (said(front, &LICENSE), &mut found.license, &mut evidence.license),
        (image.map(String::from), &mut found.image, &mut evidence.image),
    ] {
        if given.is_some() {
            (*value, *from) = (given, Some(FROM.to_owned()));
        }
    }
    if !tags.is_empty() {
        (found.tags, evidence.tags) = (tags, Some(FROM.to_owned()));
    }
    // Days as `YYYY-MM-DD` are in order.
    if found.modified <= found.date && found.date.is_some() {
        (found.modified, evidence.modified) = (None, None);
    }
}
