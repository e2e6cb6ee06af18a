//! What a text file's front matter means: it was written to describe the file, so it is believed before the text.

use super::calendar::Manner;
use super::date::exact;
use super::names::people;
use super::tidy::{key, tidy};
use super::{Description, NamedSite, Sourced};
use crate::clean::text::{Field, FrontMatter};
use url::Url;

/// Says where a value came from.
const FROM: &str = "front matter";

/// The address that a file says is its own.
pub fn address(front: &FrontMatter) -> Option<Url> {
    let said = front.named(Field::Address).flatten();
    said.filter_map(|said| Url::parse(said).ok()).find(is_of_the_web)
}

fn is_of_the_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.host_str().is_some()
}

fn said(front: &FrontMatter, field: Field) -> Option<String> {
    front.first(field).and_then(tidy)
}

pub(super) fn title(front: &FrontMatter) -> Option<Sourced> {
    said(front, Field::Title).map(|value| Sourced { value, from: FROM.to_owned() })
}

pub(super) fn language(front: &FrontMatter) -> Option<&str> {
    front.first(Field::Language)
}

/// Names the site, where the file does.
pub(super) fn name_site(front: &FrontMatter, site: &mut NamedSite) {
    // Some write the site's address there.
    if let Some(name) = said(front, Field::Site).filter(|name| !name.contains("://")) {
        site.keys.push(key(&name));
        (site.name, site.from) = (Some(name), Some(FROM));
    }
}

fn authors(front: &FrontMatter) -> Vec<String> {
    let values = front.all(Field::Author).iter().filter(|value| !value.contains("://"));
    // An organisation is what it is called.
    let named = |value: &String| Some(people(value, &NamedSite::default())).filter(|names| !names.is_empty());
    values.flat_map(|value| named(value).unwrap_or_else(|| tidy(value).into_iter().collect())).collect()
}

/// Puts what the file says in the place of what was found. `language`: the text's, for days in words.
pub(super) fn fill(front: &FrontMatter, language: &str, found: &mut Description) {
    let day = |field| exact(front.first(field)?, &Manner::of(language)).map(|day| day.to_string());
    let authors = authors(front);
    let tags = front.all(Field::Tags).iter().flat_map(|tags| tags.split([',', ';']));
    let tags: Vec<String> = tags.filter_map(|tag| tidy(tag.trim().trim_start_matches('#'))).collect();
    let images = front.named(Field::Image).flatten().filter_map(|image| Url::parse(image).ok());
    let image = images.into_iter().find(is_of_the_web);
    let evidence = &mut found.evidence;
    for (given, value, from) in [
        ((!authors.is_empty()).then(|| authors.join(", ")), &mut found.author, &mut evidence.author),
        (day(Field::Published), &mut found.date, &mut evidence.date),
        (day(Field::Modified), &mut found.modified, &mut evidence.modified),
        (address(front).map(String::from), &mut found.canonical, &mut evidence.canonical),
        (said(front, Field::Description), &mut found.description, &mut evidence.description),
        (said(front, Field::License), &mut found.license, &mut evidence.license),
        (image.map(String::from), &mut found.image, &mut evidence.image),
    ] {
        if given.is_some() {
            (*value, *from) = (given, Some(FROM.to_owned()));
        }
    }
    if !tags.is_empty() {
        (found.tags, evidence.tags) = (tags, Some(FROM.to_owned()));
    }
    // A change is later than the first day; days as `YYYY-MM-DD` are in order. What was guessed gives way.
    if found.date.is_some() && found.modified <= found.date {
        let is_given = |from: &Option<String>| from.as_deref() == Some(FROM);
        let guessed = !is_given(&evidence.date) && is_given(&evidence.modified);
        if guessed && found.modified < found.date {
            (found.date, evidence.date) = (None, None);
        } else {
            (found.modified, evidence.modified) = (None, None);
        }
    }
}
