//! Addresses of links and images: found in the tree, resolved, and written so that Markdown can hold them.

use crate::clean::parse::{Attribute, NodeId, Tag, Tree};
use std::fmt::Write;
use url::Url;

/// An attribute this long may have been cut when the page was read.
const LONGEST: usize = 1_990;

/// How far below a `<picture>` its sources are looked for, in nodes.
const PICTURE_NODES: usize = 24;

/// Where links and images lead, and which of them are asked for.
#[derive(Debug, Default)]
pub struct Addresses<'t> {
    tree: Option<&'t Tree>,
    base: Option<Url>,
    links: bool,
    images: bool,
}

impl<'t> Addresses<'t> {
    /// `url`: where the page came from; its `<base>` goes before.
    pub fn new(tree: Option<&'t Tree>, url: Option<&Url>, links: bool, images: bool) -> Self {
        let asked = tree.filter(|_| links || images);
        let stated = asked.and_then(|tree| {
            let base = (0..tree.len())
                .find(|&n| tree.tag(n) == Some(Tag::Base) && tree.attribute(n, Attribute::Href).is_some())?;
            tree.attribute(base, Attribute::Href)
        });
        let base = match (stated, url) {
            (Some(stated), Some(url)) => url.join(stated.trim()).ok().or_else(|| Some(url.clone())),
            (Some(stated), None) => Url::parse(stated.trim()).ok(),
            (None, url) => url.cloned(),
        };
        Self { tree, base, links, images }
    }

    /// Where a link leads; `None` where it is not asked for or leads nowhere else.
    pub fn link(&self, node: NodeId) -> Option<String> {
        let href = self.tree.filter(|_| self.links)?.attribute(node, Attribute::Href)?.trim();
        if href.is_empty() || href.starts_with('#') {
            return None;
        }
        self.resolve(href, &["http", "https", "ftp", "mailto", "tel"])
    }

    /// An image's address and its words.
    pub fn image(&self, node: NodeId) -> Option<(String, String)> {
        let tree = self.tree.filter(|_| self.images)?;
        let attribute = |name| tree.attribute(node, name).map(str::trim);
        let formula = attribute(Attribute::Class).is_some_and(|c| c.contains("math-fallback"));
        if formula || tree.tag(node) != Some(Tag::Img) {
            return None;
        }
        let shown = |url: &str| self.resolve(url, &["http", "https"]);
        // What a page loads later stands beside a picture of nothing.
        let single = [Attribute::DataSrc, Attribute::DataLazySrc, Attribute::DataOriginal, Attribute::Src];
        let found = single.into_iter().find_map(|name| shown(attribute(name)?));
        let sets = [Attribute::DataSrcset, Attribute::Srcset];
        let widest = |n: NodeId| sets.iter().find_map(|&name| shown(widest(tree.attribute(n, name)?)?));
        let source = |n: &NodeId| tree.tag(*n) == Some(Tag::Source);
        let picture = || tree.parent(node).filter(|&p| tree.tag(p) == Some(Tag::Picture));
        let found = found
            .or_else(|| widest(node))
            .or_else(|| tree.subtree(picture()?).take(PICTURE_NODES).filter(source).find_map(widest))?;
        let words = attribute(Attribute::Alt).unwrap_or_default();
        Some((found, words.split_whitespace().collect::<Vec<_>>().join(" ")))
    }

    fn resolve(&self, href: &str, schemes: &[&str]) -> Option<String> {
        if href.is_empty() || href.len() >= LONGEST {
            return None;
        }
        let resolved = match &self.base {
            Some(base) => base.join(href).ok(),
            None => Url::parse(href).ok(),
        };
        let Some(url) = resolved else {
            // Without a page address a relative one stays what it is; anything with a scheme does not.
            let relative =
                self.base.is_none() && Url::parse(href) == Err(url::ParseError::RelativeUrlWithoutBase);
            return relative.then(|| written(href));
        };
        schemes.contains(&url.scheme()).then(|| written(url.as_str()))
    }
}

/// The widest of a set of sources: `a.jpg 320w, b.jpg 2x`.
fn widest(set: &str) -> Option<&str> {
    let whole = set.len() < LONGEST;
    let candidates = set.split(", ").flat_map(|part| part.split(",\n"));
    let mut best: Option<(f32, &str)> = None;
    for candidate in candidates.take(40) {
        let mut parts = candidate.split_whitespace();
        let (Some(url), size) = (parts.next(), parts.next()) else { continue };
        let width = size.and_then(|s| s.trim_end_matches(['w', 'x', 'h', ',']).parse().ok()).unwrap_or(1.0);
        let cut = !whole && set.ends_with(candidate);
        if !cut && best.is_none_or(|(most, _)| width > most) {
            best = Some((width, url.trim_end_matches(',')));
        }
    }
    best.map(|(_, url)| url)
}

/// An address without what would end it in Markdown.
fn written(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for c in url.chars() {
        if matches!(c, '(' | ')' | '<' | '>' | '\\' | '|' | '`' | '*') || c.is_ascii_control() || c == ' ' {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{:02X}", c as u32);
        } else {
            out.push(c);
        }
    }
    out
}
