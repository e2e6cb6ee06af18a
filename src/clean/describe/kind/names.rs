//! Hashed names and words of a page: what content systems call its parts and its kind, the words of its
//! address and title, and its short lines. Means none of them: a table learned over them does.

use super::super::facts::Facts;
use crate::clean::block::{Block, Region, Shape};
use crate::clean::fold::is_unspaced;
use crate::clean::parse::{ByName, Tag, Tree};
use url::Url;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Buckets of each of the two tables.
pub const BUCKETS: usize = 1 << 16;

/// The buckets of a page, ascending, each once: names of elements, metadata and address; words.
#[derive(Debug, Default)]
pub struct Buckets {
    pub names: Vec<u32>,
    pub words: Vec<u32>,
}

/// Where a token stands: the same word says another thing in a class than in a title.
#[derive(Clone, Copy)]
enum Spot {
    Host = 1,
    Path,
    LastPart,
    Query,
    BodyClass,
    MainClass,
    Class,
    ClassWord,
    Meta,
    OgType,
    Generator,
    Type,
    Title,
    Heading,
    Line,
    Prose,
    Top,
}

/// Most elements whose names are read.
const ELEMENTS: usize = 30_000;

/// Most class tokens of one element.
const CLASSES: usize = 12;

impl Buckets {
    pub fn of(tree: Option<&Tree>, facts: &Facts<'_>, blocks: &[Block], url: Option<&Url>) -> Self {
        let mut out = Self::default();
        if let Some(url) = url {
            out.address(url);
        }
        if let Some(tree) = tree {
            out.elements(tree);
            out.metadata(facts);
        }
        out.text(facts, blocks);
        for list in [&mut out.names, &mut out.words] {
            list.sort_unstable();
            list.dedup();
        }
        out
    }

    fn name(&mut self, from: Spot, token: &str) {
        self.names.push(bucket(from, token));
    }

    fn word(&mut self, from: Spot, token: &str) {
        self.words.push(bucket(from, token));
    }

    fn address(&mut self, url: &Url) {
        let host = url.host_str().unwrap_or_default();
        // The registered name says which site it is, and is left out.
        for label in host.split('.').rev().skip(2).filter(|l| *l != "www") {
            each_word(label, |w| self.name(Spot::Host, w));
        }
        let parts: Vec<&str> = url.path().split('/').filter(|p| !p.is_empty()).take(12).collect();
        for (at, part) in parts.iter().enumerate() {
            let last = at + 1 == parts.len();
            let from = if last { Spot::LastPart } else { Spot::Path };
            let part = part.get(..80).unwrap_or(part);
            each_word(part, |w| self.name(from, w));
            if let Some((_, ending)) = part.rsplit_once('.').filter(|_| last) {
                self.name(Spot::Query, ending);
            }
        }
        for (key, _) in url.query_pairs().take(8) {
            each_word(key.get(..40).unwrap_or(&key), |w| self.name(Spot::Query, w));
        }
    }

    fn elements(&mut self, tree: &Tree) {
        // Each bucket counts once, so what stands on many elements is read once.
        let mut read: [ByName<()>; 3] = Default::default();
        for id in 0..tree.len().min(ELEMENTS) {
            let Some(tag) = tree.tag(id) else { continue };
            let spot = match tag {
                Tag::Html | Tag::Body => Some(Spot::BodyClass),
                Tag::Main | Tag::Article => Some(Spot::MainClass),
                _ => None,
            };
            let read = &mut read[match spot {
                None => 0,
                Some(Spot::BodyClass) => 1,
                Some(_) => 2,
            }];
            for name in tree.names(id) {
                read.of(name, |value| self.classes(spot, value));
            }
        }
    }

    fn classes(&mut self, spot: Option<Spot>, value: &str) {
        for token in value.split_whitespace().take(CLASSES).filter(|t| t.len() <= 40) {
            if let Some(spot) = spot {
                self.name(spot, token);
                each_word(token, |w| self.name(spot, w));
            }
            self.name(Spot::Class, token);
            each_word(token, |w| self.name(Spot::ClassWord, w));
        }
    }

    fn metadata(&mut self, facts: &Facts<'_>) {
        for (name, value) in &facts.metas {
            self.name(Spot::Meta, name);
            let from = match name.as_str() {
                "og:type" => Spot::OgType,
                "generator" | "application-name" => Spot::Generator,
                _ => continue,
            };
            each_word(value.get(..100).unwrap_or(value), |w| self.name(from, w));
        }
        let said = facts.items.iter().take(60).flat_map(|i| i.types.iter().map(String::as_str));
        for kind in said.chain(facts.types.iter().copied()) {
            self.name(Spot::Type, kind);
        }
    }

    fn text(&mut self, facts: &Facts<'_>, blocks: &[Block]) {
        if let Some(title) = &facts.title {
            each_word(title.get(..200).unwrap_or(title), |w| self.word(Spot::Title, w));
        }
        for (at, block) in blocks.iter().enumerate() {
            if block.words <= 4 && !block.folded.is_empty() {
                self.word(Spot::Line, &block.folded);
            }
            let from = match block.shape {
                Shape::Heading(_) => Spot::Heading,
                _ if at < 12 => Spot::Top,
                _ if block.words >= 12 && !block.region.has(Region::FOOTER | Region::NAV) => Spot::Prose,
                _ => continue,
            };
            for word in block.folded.split(' ').take(60) {
                if !word.chars().next().is_some_and(is_unspaced) {
                    self.word(from, word);
                }
            }
        }
    }
}

fn bucket(from: Spot, token: &str) -> u32 {
    (xxh3_64_with_seed(token.as_bytes(), from as u64) % BUCKETS as u64) as u32
}

/// Cuts at everything but letters and where small letters turn to capitals; lower case, two letters or more.
fn each_word(token: &str, mut take: impl FnMut(&str)) {
    let mut word = String::new();
    let mut before = '\0';
    for c in token.chars().chain([' ']) {
        if !c.is_alphabetic() || (c.is_uppercase() && before.is_lowercase()) {
            if word.chars().nth(1).is_some() {
                take(&word);
            }
            word.clear();
        }
        if c.is_ascii_alphabetic() {
            word.push(c.to_ascii_lowercase());
        } else if c.is_alphabetic() {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
}
