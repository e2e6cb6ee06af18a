//! Who wrote it, where no byline says so: links to an author's own page; whom lines credit with something else; and
//! whether a declared name is one that readers see. Chooses between no two.

use super::author::{Candidate, ELSEWHERE, LINE, candidate};
use super::byline_words::after_credit;
use super::facts::Facts;
use super::names::people;
use super::signatures::is_person;
use super::tidy::{key, tidy};
use super::{NamedSite, Page};
use crate::clean::block::{Block, Region, Shape};
use crate::clean::fold::is_unspaced;
use crate::clean::parse::{Attribute, Tree};
use crate::clean::region;
use crate::record::Kind;
use url::Url;

/// Is a name to be read on the page, in a line that is little else?
pub(super) fn is_visible(page: &Page<'_>, name: &str) -> bool {
    let name = key(name);
    page.blocks.iter().any(|b| b.words <= LINE && !b.region.has(ELSEWHERE) && holds(&b.text, &name))
}

/// Most logins of a page that are looked for in its text.
const LOGINS: usize = 3;

/// Without logins that no reader ever sees; nothing where nobody is left. On a forum all names are logins.
pub(super) fn readable(page: &Page<'_>, kind: Kind, mut found: Candidate) -> Option<Candidate> {
    let mut looked = 0;
    found.names.retain(|name| {
        let login = kind != Kind::Forum && is_login(name);
        looked += usize::from(login);
        !login || (looked <= LOGINS && is_anywhere(page, name))
    });
    (!found.names.is_empty()).then_some(found)
}

/// Is a name to be read anywhere on the page?
fn is_anywhere(page: &Page<'_>, name: &str) -> bool {
    let name = key(name);
    page.blocks.iter().any(|b| holds(&b.text, &name))
}

/// Does a line hold this key from the start of a word to the end of one?
fn holds(line: &str, wanted: &str) -> bool {
    let words: Vec<String> =
        line.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(key).collect();
    let unspaced = wanted.starts_with(is_unspaced);
    (0..words.len()).any(|from| {
        let mut rest = wanted;
        for word in &words[from..] {
            if unspaced && rest.len() == wanted.len() && word.contains(rest) {
                return true;
            }
            match rest.strip_prefix(word.as_str()) {
                Some("") => return true,
                Some(left) => rest = left,
                None => return false,
            }
        }
        false
    })
}

/// A member's name of the system that made the page, which no reader ever sees: `jdoe42`, `ada-byron`.
fn is_login(name: &str) -> bool {
    let ordinary = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.');
    !name.contains(' ') && name.chars().all(ordinary)
}

/// A line that is a link to the page of somebody who writes for this site, where all such links name the same.
pub(super) fn in_links(
    tree: &Tree,
    page: &Page<'_>,
    facts: &Facts<'_>,
    site: &NamedSite,
) -> Option<Candidate> {
    let canonical = || facts.canonical.and_then(|c| Url::parse(c.trim()).ok());
    let host = page.url.cloned().or_else(canonical).and_then(|u| u.host_str().map(str::to_owned));
    let here = |address: &str| match Url::parse(address) {
        Ok(url) => url.host_str().zip(host.as_deref()).is_some_and(|(a, b)| bare(a) == bare(b)),
        Err(_) => !address.starts_with("//"),
    };
    let mut names: Vec<(String, bool)> = Vec::new();
    for &node in facts.author_links.iter().take(60) {
        let around = tree.ancestors(node).fold(0, |bits, n| bits | region::of(tree, n).0);
        let own = around & (Region::ARTICLE | Region::MAIN | Region::BODY_CLASS) != 0;
        let elsewhere = if own { ELSEWHERE & !Region::FOOTER } else { ELSEWHERE };
        let text = tidy(&tree.inner_text(node)).unwrap_or_default();
        // A sentence may speak of somebody who writes here, too.
        let line = page.blocks.get(page.blocks.partition_point(|b| b.place.text_node < node));
        let alone = line.is_some_and(|b| b.words <= LINK_LINE && !b.ends_sentence && b.text.contains(&text));
        let address = tree.attribute(node, Attribute::Href).unwrap_or_default();
        if around & elsewhere == 0 && alone && here(address) {
            names.extend(
                people(&text, site).into_iter().map(|n| (n.clone(), is_person(&n) && says(address, &n))),
            );
        }
    }
    let (first, _) = names.iter().find(|(_, whole)| *whole)?;
    let same = names.iter().all(|(n, _)| key(first).starts_with(&key(n)));
    candidate(vec![first.clone()], "author link", false).filter(|_| same)
}

/// A host without the `www.` that it may have or not.
fn bare(host: &str) -> &str {
    host.strip_prefix("www.").unwrap_or(host)
}

/// Does an address hold a word of a name? `/authors/apply` is nobody's page.
fn says(address: &str, name: &str) -> bool {
    let path = key(address.split(['?', '#']).next().unwrap_or(address));
    name.split_whitespace().map(key).any(|word| word.chars().count() >= 3 && path.contains(&word))
}

/// Most words of a line that is a link to somebody's page and little else.
const LINK_LINE: usize = 8;

/// Most lines with a credit that are read.
const CREDITS: usize = 60;

/// The keys of those whom lines of the page credit with pictures, checks or help.
pub(super) fn credited(page: &Page<'_>) -> Vec<String> {
    let anyone = NamedSite::default();
    let lines = |at: usize| page.blocks.get(at).into_iter().flat_map(|b| b.text.lines());
    // A caption credits with its picture alone, and a teaser with another page's.
    let own = |b: &Block| b.words <= 2 * LINE && b.shape != Shape::Caption && !b.region.has(ELSEWHERE);
    let after = page.blocks.iter().enumerate().filter(|(_, b)| own(b)).flat_map(|(at, _)| {
        let below = lines(at).chain(lines(at + 1)).skip(1);
        lines(at).take(4).zip(below.map(Some).chain([None])).filter_map(|(line, below)| {
            let rest = after_credit(line)?;
            if rest.is_empty() { below } else { Some(rest) }
        })
    });
    after.take(CREDITS).flat_map(|rest| people(rest, &anyone)).map(|n| key(&n)).collect()
}
