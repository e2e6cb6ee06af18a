//! What a text file's front matter means: it was written to describe the file, so it is believed before the text.

use super::about::{own_tags, split, web_address, within_length};
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
    front.named(Field::Address).flatten().find_map(|said| web_address(said, None))
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
    let tags = front.all(Field::Tags).iter().flat_map(|tags| split(tags));
    let tags = own_tags(tags.map(|tag| tag.trim_start_matches('#')), &NamedSite::default());
    let image = front.named(Field::Image).flatten().find_map(|image| web_address(image, None));
    let evidence = &mut found.evidence;
    for (given, value, from) in [
        ((!authors.is_empty()).then(|| authors.join(", ")), &mut found.author, &mut evidence.author),
        (day(Field::Published), &mut found.date, &mut evidence.date),
        (day(Field::Modified), &mut found.modified, &mut evidence.modified),
        (address(front).map(String::from), &mut found.canonical, &mut evidence.canonical),
        (
            said(front, Field::Description).map(within_length),
            &mut found.description,
            &mut evidence.description,
        ),
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
