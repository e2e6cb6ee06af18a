//! The site's name: what the page says, else its host; for a text file, only what its own small print
//! names for certain.

use super::facts::Facts;
use super::tidy::{key, tidy};
use super::{NamedSite, Page};
use crate::clean::block::Block;
use crate::clean::weigh::rules::{self, RULES};

/// Longest site name, in characters: what is longer is a slogan.
const LONGEST: usize = 60;

/// The rules whose blocks are the site's small print.
const SMALL_PRINT: [&str; 3] = ["legal-footer", "cookie-notice", "powered-by"];

/// The site, and every name its pages may write it by.
pub fn find(page: &Page<'_>, facts: &Facts<'_>) -> NamedSite {
    let mut said: Vec<String> = Vec::new();
    let metas = ["og:site_name", "application-name", "apple-mobile-web-app-title", "twitter:app:name:iphone"];
    said.extend(metas.iter().filter_map(|m| facts.meta_of(&[m])).filter_map(|(_, v)| tidy(v)));
    said.extend(facts.text_item().and_then(|i| i.publisher.clone()));
    said.extend(facts.items.iter().filter(|i| i.is("WebSite")).filter_map(|i| i.name.clone()));
    let organisations = facts.items.iter().filter(|i| {
        i.depth == 0 && i.types.iter().any(|t| t.ends_with("Organization") || t == "Corporation")
    });
    said.extend(organisations.filter_map(|i| i.name.clone()));
    said.retain(|n| n.chars().count() <= LONGEST && !n.contains("://"));

    let canonical = facts.canonical.and_then(|c| url::Url::parse(c).ok());
    let host = page
        .url
        .and_then(url::Url::host_str)
        .or_else(|| canonical.as_ref().and_then(url::Url::host_str))
        .map(|h| h.strip_prefix("www.").unwrap_or(h).to_owned());
    let small_print =
        if page.tree.is_none() && host.is_none() { in_small_print(page.blocks, page.evidence) } else { None };

    // The name an app icon carries is good for cutting titles, not for naming the site.
    let meta = || facts.meta_of(&["og:site_name"]).and_then(|(_, v)| tidy(v)).filter(|n| said.contains(n));
    let publisher = || facts.text_item().and_then(|i| i.publisher.clone()).filter(|n| said.contains(n));
    let website = || {
        let item = facts.items.iter().find(|i| i.is("WebSite"));
        item.and_then(|i| i.name.clone()).filter(|n| said.contains(n))
    };
    let best = meta()
        .map(|n| (n, "meta og:site_name"))
        .or_else(|| publisher().map(|n| (n, "json-ld publisher")))
        .or_else(|| website().map(|n| (n, "json-ld")))
        .or_else(|| host.clone().map(|n| (n, "host")))
        .or_else(|| small_print.clone().map(|n| (n, "small print")));
    let mut keys: Vec<String> = said.iter().map(|n| key(n)).collect();
    for host in host.iter().chain(&small_print) {
        keys.push(key(host));
        if let Some(domain) = psl::domain_str(host) {
            keys.push(key(domain));
            keys.extend(domain.split('.').next().map(key));
        }
    }
    keys.retain(|k| k.chars().count() >= 2);
    keys.sort_unstable();
    keys.dedup();
    let (name, from) = best.unzip();
    NamedSite { name, from, keys }
}

/// The one host that the small print of a text file names, else the holder of its copyright when the
/// file's first line is that name too.
pub fn in_small_print(blocks: &[Block], evidence: &[rules::Evidence]) -> Option<String> {
    let is_print = |at: usize| {
        let said = evidence.get(at);
        said.is_some_and(|e| {
            e.iter().any(|&(r, s)| s >= 0.5 && RULES.get(r).is_some_and(|r| SMALL_PRINT.contains(&r.name)))
        }) || blocks[at].text.contains('©')
    };
    let lines: Vec<usize> = (0..blocks.len()).filter(|&at| is_print(at)).collect();
    let mut hosts: Vec<String> = lines.iter().flat_map(|&at| hosts(&blocks[at].text)).collect();
    hosts.sort_unstable();
    hosts.dedup();
    if let [host] = hosts.as_slice() {
        return Some(host.clone());
    }
    let first = blocks.first().filter(|b| b.words <= 4 && !b.ends_sentence)?;
    let name = key(&first.text);
    let holder = lines.iter().filter_map(|&at| blocks[at].text.split_once('©')).any(|(_, after)| {
        let after = key(after);
        after.trim_start_matches(|c: char| c.is_numeric()).starts_with(&name)
    });
    (holder && !name.is_empty()).then(|| first.text.trim().to_owned())
}

/// Host names in a text, without `www.`.
fn hosts(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| {
        c.is_whitespace()
            || matches!(c, ',' | ';' | '(' | ')' | '©' | '–' | '—' | '|' | '/' | '"' | '«' | '»')
    })
    .filter(|w| w.len() < 80 && !w.contains('@'))
    .map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
    .filter(|w| {
        let labels: Vec<&str> = w.split('.').collect();
        let known = psl::suffix(w.as_bytes()).is_some_and(|s| s.is_known());
        labels.len() >= 2
            && known
            && psl::domain_str(w).is_some()
            && labels.iter().all(|l| !l.is_empty() && l.chars().all(|c| c.is_alphanumeric() || c == '-'))
            && labels.last().is_some_and(|l| l.len() >= 2 && l.bytes().all(|b| b.is_ascii_alphabetic()))
    })
    .map(|w| w.strip_prefix("www.").unwrap_or(&w).to_owned())
}
