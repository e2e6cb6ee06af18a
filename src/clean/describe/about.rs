//! What a page says about itself beside title, author and date: canonical address, description, tags, licence,
//! main image. Declared values only; nothing is guessed from the text.

use super::facts::Facts;
use super::tidy::{key, tidy};
use super::{NamedSite, Page, Sourced};
use crate::clean::weigh::rules::RULES;
use url::Url;

/// Longest description, in characters; what is longer is cut at a word.
const LONGEST_DESCRIPTION: usize = 500;

/// Longest tag, in characters.
const LONGEST_TAG: usize = 60;

/// Most tags.
const MOST_TAGS: usize = 20;

/// Longest address, in bytes.
const LONGEST_ADDRESS: usize = 2_000;

/// What was declared.
#[derive(Debug, Clone, Default)]
pub struct About {
    pub canonical: Option<Sourced>,
    pub description: Option<Sourced>,
    pub tags: Vec<String>,
    pub tags_from: Option<String>,
    pub license: Option<Sourced>,
    pub image: Option<Sourced>,
}

pub fn find(page: &Page<'_>, facts: &Facts<'_>, site: &NamedSite) -> About {
    let canonical = canonical(page, facts);
    let base = page.url.cloned().or_else(|| canonical.as_ref().and_then(|c| Url::parse(&c.value).ok()));
    let tags = tags(facts, site);
    About {
        description: description(facts, site),
        tags_from: tags.as_ref().map(|(from, _)| from.clone()),
        tags: tags.map(|(_, tags)| tags).unwrap_or_default(),
        license: license(page, facts, base.as_ref()),
        image: image(facts, base.as_ref()),
        canonical,
    }
}

fn sourced(value: String, from: &str) -> Sourced {
    Sourced { value, from: from.to_owned() }
}

/// A web address, made absolute.
fn address(value: &str, base: Option<&Url>) -> Option<String> {
    web_address(value, base).map(String::from)
}

/// As [`address`], in its parts.
pub(super) fn web_address(value: &str, base: Option<&Url>) -> Option<Url> {
    let value = value.trim();
    if value.is_empty() || value.len() > LONGEST_ADDRESS {
        return None;
    }
    let url = match base {
        Some(base) => base.join(value),
        None => Url::parse(value),
    };
    url.ok().filter(|u| matches!(u.scheme(), "http" | "https") && u.host_str().is_some())
}

/// `<link rel=canonical>`, else `og:url`; another host's only where the page's own is not known, for templates
/// leave their maker's address behind. The home page is no canonical address of a page below it.
fn canonical(page: &Page<'_>, facts: &Facts<'_>) -> Option<Sourced> {
    let link = facts.canonical.map(|v| (v, "link canonical"));
    let meta = facts.meta_of(&["og:url"]).map(|(_, v)| (v, "meta og:url"));
    let fits = |value: &str| {
        let (Some(own), Ok(said)) = (page.url, Url::parse(value)) else { return true };
        own.path() == "/" || said.path() != "/" || said.query().is_some()
    };
    let mut found = link.into_iter().chain(meta);
    found.find_map(|(v, from)| address(v, page.url).filter(|a| fits(a)).map(|a| sourced(a, from)))
}

fn description(facts: &Facts<'_>, site: &NamedSite) -> Option<Sourced> {
    const METAS: [&str; 7] = [
        "og:description",
        "description",
        "twitter:description",
        "dc.description",
        "dcterms.description",
        "dcterms.abstract",
        "sailthru.description",
    ];
    let metas = METAS.iter().filter_map(|name| facts.meta_of(&[name]));
    let item = facts.text_item().and_then(|i| i.description.as_deref()).map(|d| ("json-ld", d));
    let said = metas.chain(item);
    let mut read = said.filter_map(|(from, v)| Some((from, tidy(v)?)));
    let (from, text) = read.find(|(_, text)| {
        !site.is(text) && text.split_whitespace().count() > 1 || text.chars().count() > 20
    })?;
    Some(sourced(within_length(text), &from_of(from)))
}

/// A description, cut where it is too long.
pub(super) fn within_length(text: String) -> String {
    match text.char_indices().nth(LONGEST_DESCRIPTION) {
        Some((end, _)) => {
            let cut = text[..end].rfind(char::is_whitespace).unwrap_or(end);
            format!("{}…", text[..cut].trim_end())
        }
        None => text,
    }
}

fn from_of(name: &str) -> String {
    if name == "json-ld" { name.to_owned() } else { format!("meta {name}") }
}

/// Keywords; of several lists the most particular: a text's own tags before a site's keywords.
fn tags(facts: &Facts<'_>, site: &NamedSite) -> Option<(String, Vec<String>)> {
    const METAS: [&str; 9] = [
        "article:tag",
        "parsely-tags",
        "sailthru.tags",
        "citation_keywords",
        "news_keywords",
        "og:article:tag",
        "dc.subject",
        "dcterms.subject",
        "keywords",
    ];
    let of_meta = |name: &'static str| {
        let values = facts.metas.iter().filter(move |(n, _)| n == name).map(|(_, v)| *v);
        (format!("meta {name}"), values.flat_map(split).collect::<Vec<_>>())
    };
    let item = || {
        let keywords = facts.text_item().map(|i| i.keywords.clone()).unwrap_or_default();
        ("json-ld".to_owned(), keywords.iter().flat_map(|k| split(k)).map(str::to_owned).collect::<Vec<_>>())
    };
    let linked = ("tag links".to_owned(), facts.tags.clone());
    let metas = METAS
        .iter()
        .map(|m| of_meta(m))
        .map(|(from, list)| (from, list.iter().map(|t| (*t).to_owned()).collect()));
    let mut lists: Vec<(String, Vec<String>)> = metas.collect();
    lists.insert(3, item());
    // Links to tags are the page's own; `keywords` may be the whole site's.
    lists.insert(lists.len() - 1, linked);
    let own = |list: Vec<String>| own_tags(list.iter().map(String::as_str), site);
    lists.into_iter().map(|(from, list)| (from, own(list))).find(|(_, list)| !list.is_empty())
}

/// The tags of a list that may be a text's own, each once.
pub(super) fn own_tags<'t>(list: impl Iterator<Item = &'t str>, site: &NamedSite) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for tag in list.filter_map(tidy) {
        let fits = tag.chars().count() <= LONGEST_TAG && !site.is(&tag) && !tag.contains("://");
        if fits && out.len() < MOST_TAGS && !out.iter().any(|o| key(o) == key(&tag)) {
            out.push(tag);
        }
    }
    out
}

pub(super) fn split(list: &str) -> impl Iterator<Item = &str> {
    list.split([',', ';', '،', '、', '，', '|']).map(str::trim).filter(|t| !t.is_empty()).take(100)
}

/// `rel=license`, JSON-LD `license`, Dublin Core; else a Creative Commons address or name in the small print.
fn license(page: &Page<'_>, facts: &Facts<'_>, base: Option<&Url>) -> Option<Sourced> {
    if let Some(url) = facts.license.and_then(|l| address(l, base)) {
        return Some(sourced(url, "link license"));
    }
    if let Some(said) = facts.text_item().and_then(|i| i.license.as_deref()) {
        let value = address(said, None).or_else(|| tidy(said))?;
        return Some(sourced(value, "json-ld"));
    }
    let meta = facts.meta_of(&["dcterms.license", "dc.rights.license", "license", "cc:license"]);
    if let Some((name, value)) = meta.and_then(|(n, v)| Some((n, tidy(v)?))) {
        return Some(sourced(value, &format!("meta {name}")));
    }
    let rights =
        facts.meta_of(&["dc.rights", "dcterms.rights"]).and_then(|(n, v)| Some((n, creative_commons(v)?)));
    if let Some((name, value)) = rights {
        return Some(sourced(value, &format!("meta {name}")));
    }
    let legal = RULES.iter().position(|r| r.name == "legal-footer");
    let in_print = |at: usize| {
        page.evidence.get(at).is_some_and(|e| e.iter().any(|&(rule, s)| Some(rule) == legal && s >= 0.5))
            || page.blocks[at].words <= 40
    };
    let rim = page.blocks.len().saturating_sub(30);
    let said = (rim..page.blocks.len())
        .filter(|&at| in_print(at))
        .find_map(|at| creative_commons(&page.blocks[at].text))?;
    Some(sourced(said, "small print"))
}

/// The Creative Commons licence a text names, as `CC BY-SA 4.0`.
fn creative_commons(text: &str) -> Option<String> {
    let lower: String = text.chars().take(1_000).flat_map(char::to_lowercase).collect();
    if lower.contains("cc0") || lower.contains("publicdomain/zero") {
        return Some("CC0 1.0".to_owned());
    }
    const NAMED: [(&str, &str); 6] = [
        ("attribution-noncommercial-noderiv", "BY-NC-ND"),
        ("attribution-noncommercial-sharealike", "BY-NC-SA"),
        ("attribution-noncommercial", "BY-NC"),
        ("attribution-noderiv", "BY-ND"),
        ("attribution-sharealike", "BY-SA"),
        ("attribution", "BY"),
    ];
    const SHORT: [&str; 6] = ["by-nc-nd", "by-nc-sha", "by-nc-sa", "by-nc", "by-nd", "by-sa"];
    let after = |at: usize, length: usize| lower.get(at + length..).unwrap_or_default();
    let (kind, rest) = if let Some(at) = lower.find("creativecommons.org/licenses/") {
        let rest = after(at, "creativecommons.org/licenses/".len());
        let kind = rest.split('/').next()?;
        (kind.to_ascii_uppercase(), rest)
    } else if let Some((at, kind)) = lower.find("creative commons").and_then(|at| {
        let rest: String = lower[at..]
            .chars()
            .take(90)
            .collect::<String>()
            .replace(' ', "-")
            .replace("-non-commercial", "-noncommercial")
            .replace("share-alike", "sharealike")
            .replace("no-deriv", "noderiv");
        NAMED.iter().find(|(name, _)| rest.contains(name)).map(|(_, kind)| (at, *kind))
    }) {
        (kind.to_owned(), after(at, 0))
    } else {
        let at = lower.find("cc by").or_else(|| lower.find("cc-by"))?;
        let rest = after(at, 3);
        let kind = SHORT.iter().find(|s| rest.starts_with(**s)).copied().unwrap_or("by");
        (kind.to_ascii_uppercase(), rest)
    };
    let known = kind == "BY" || SHORT.iter().any(|s| kind.eq_ignore_ascii_case(s));
    let rest: String = rest.chars().take(100).collect();
    let version = ["4.0", "3.0", "2.5", "2.0", "1.0"].iter().find(|v| rest.contains(**v));
    known.then(|| match version {
        Some(version) => format!("CC {kind} {version}"),
        None => format!("CC {kind}"),
    })
}

fn image(facts: &Facts<'_>, base: Option<&Url>) -> Option<Sourced> {
    const METAS: [&str; 7] = [
        "og:image:secure_url",
        "og:image",
        "og:image:url",
        "twitter:image",
        "twitter:image:src",
        "parsely-image-url",
        "sailthru.image.full",
    ];
    let metas = METAS.iter().filter_map(|name| facts.meta_of(&[name])).map(|(n, v)| (format!("meta {n}"), v));
    let item = facts.text_item().and_then(|i| i.image.as_deref()).map(|v| ("json-ld".to_owned(), v));
    let link = facts.image.map(|v| ("link image_src".to_owned(), v));
    let mut said = metas.chain(item).chain(link);
    said.find_map(|(from, v)| Some(sourced(address(v, base)?, &from)))
}

#[cfg(test)]
mod tests {
    use super::creative_commons;

    #[test]
    fn a_creative_commons_licence_is_named_the_same_way_however_it_is_written() {
        for (text, expected) in [
            ("https://creativecommons.org/licenses/by-sa/4.0/deed.fr", Some("CC BY-SA 4.0")),
            ("Text licensed under Creative Commons Attribution-ShareAlike 4.0", Some("CC BY-SA 4.0")),
            ("Creative Commons Attribution Non-Commercial Share Alike 3.0 Unported", Some("CC BY-NC-SA 3.0")),
            ("Inhalte stehen unter CC BY 4.0, soweit nicht anders vermerkt", Some("CC BY 4.0")),
            ("CC-BY-NC-ND", Some("CC BY-NC-ND")),
            ("CC0", Some("CC0 1.0")),
            ("© 2024 Valley Post. All rights reserved.", None),
            ("creativecommons.org/licenses/", None),
            ("", None),
        ] {
            assert_eq!(creative_commons(text).as_deref(), expected, "{text}");
        }
    }
}
