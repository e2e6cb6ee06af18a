//! What the pages of one site have in common: which lines stand on many of its pages. Knows no disk, no HTML, and
//! not what a line means; a page is a set of hashes here.
//!
//! Memory is bounded. Of each site the `PAGES_OF_A_SITE` pages with the smallest hashes are kept, of each page
//! the `LINES_OF_A_PAGE` lines; beyond `MOST_PAGES` in all, fewer pages of each site, then fewer sites. What is
//! kept depends on the set of pages alone, never on their order, and two memories can be joined (bottom-k sketches:
//! Cohen and Kaplan, Summarizing data using bottom-k sketches, PODC 2007). So it can err in one way only: a line
//! that repeats may go unnoticed on a very long page or, in a very large collection, on a small site. The counts are
//! of the pages kept.

mod alike;

use super::fold::for_each_folded;
use super::near::is_unspaced;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use unicode_normalization::char::is_combining_mark;
use xxhash_rust::xxh3::xxh3_64;

/// Version of lines and pages as they are hashed; a memory of another one is of no use.
pub const SITE_VERSION: u32 = 1;
/// Pages kept of one site.
pub const PAGES_OF_A_SITE: usize = 256;
/// Lines kept of one page.
pub const LINES_OF_A_PAGE: usize = 384;
/// Pages kept of all sites.
pub const MOST_PAGES: usize = 65_536;
/// A site with fewer distinct pages teaches nothing.
pub const LEAST_PAGES: u32 = 6;
/// A line repeats when it stands on at least so many distinct pages ...
pub const LEAST_REPEATS: u32 = 5;
/// ... and on one in so many.
pub const ONE_IN: u32 = 10;

/// Halvings of [`PAGES_OF_A_SITE`] before sites are dropped.
const HALVINGS: u32 = 5;
/// The low bits of a line hold its length.
const LENGTH: u64 = 0xfff;

/// A line by its words: case, punctuation and space do not count, digits do. Its length is part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Line(u64);

impl Line {
    /// `None` for a line with fewer than two letters: numbers and signs are everywhere.
    pub fn of(text: &str) -> Option<Line> {
        let mut folded = String::with_capacity(text.len());
        let (mut letters, mut half_words, mut apart) = (0usize, 0u64, true);
        for_each_folded(text, |c| {
            if !c.is_alphanumeric() {
                // Marks belong to the word they stand on.
                if !is_combining_mark(c) {
                    apart = true;
                } else if !apart {
                    folded.push(c);
                }
                return;
            }
            letters += usize::from(c.is_alphabetic());
            let unspaced = is_unspaced(c);
            if apart && !folded.is_empty() {
                folded.push(' ');
            }
            half_words += if unspaced { 1 } else { 2 * u64::from(apart) };
            folded.push(c);
            apart = unspaced;
        });
        let words = (half_words / 2).clamp(1, LENGTH);
        (letters >= 2).then(|| Line(xxh3_64(folded.as_bytes()) & !LENGTH | words))
    }

    /// The number a memory is written with.
    pub fn number(self) -> u64 {
        self.0
    }

    /// Length in words, 1 to 4095; two characters of a script without spaces count as a word.
    pub fn words(self) -> u64 {
        self.0 & LENGTH
    }
}

/// A page as the set of its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Ascending.
    lines: Vec<Line>,
}

impl Page {
    /// The page with these lines; the order does not matter.
    pub fn of(lines: impl IntoIterator<Item = Line>) -> Page {
        let mut lines: Vec<Line> = lines.into_iter().collect();
        lines.sort_unstable();
        lines.dedup();
        // Pages that share a line choose alike.
        lines.truncate(LINES_OF_A_PAGE);
        lines.shrink_to_fit();
        Page { lines }
    }

    /// The page that [`lines`](Page::lines) was read from.
    pub fn from_numbers(numbers: impl IntoIterator<Item = u64>) -> Page {
        Page::of(numbers.into_iter().map(Line))
    }

    /// Its lines, ascending.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    fn id(&self) -> u64 {
        let bytes: Vec<u8> = self.lines.iter().flat_map(|line| line.0.to_le_bytes()).collect();
        xxh3_64(&bytes)
    }
}

/// Pages by site, as they come in.
#[derive(Debug, Clone)]
pub struct Sites {
    sites: BTreeMap<Arc<str>, BTreeMap<u64, Arc<Page>>>,
    pages: usize,
    level: u32,
    most: usize,
}

impl Default for Sites {
    fn default() -> Sites {
        Sites { sites: BTreeMap::new(), pages: 0, level: 0, most: MOST_PAGES }
    }
}

impl Sites {
    /// Takes in a page of these sites. One that is there already, or has no line, changes nothing.
    pub fn add(&mut self, sites: &[Arc<str>], page: Page) {
        if page.lines.is_empty() {
            return;
        }
        let (id, page) = (page.id(), Arc::new(page));
        for site in sites {
            if !self.takes(site) {
                continue;
            }
            let room = self.room();
            let pages = self.sites.entry(Arc::clone(site)).or_default();
            if pages.insert(id, Arc::clone(&page)).is_some() {
                continue;
            }
            if pages.len() > room {
                pages.pop_last();
            } else {
                self.pages += 1;
            }
            while self.pages > self.most {
                self.rise(self.level + 1);
            }
        }
    }

    /// How far the memory has been thinned out: 0 for not at all.
    pub fn level(&self) -> u32 {
        self.level
    }

    /// Thins out to a level, as a memory that was read had been; never back.
    pub fn rise(&mut self, level: u32) {
        if level <= self.level {
            return;
        }
        self.level = level;
        let room = self.room();
        let mut sites = std::mem::take(&mut self.sites);
        sites.retain(|site, _| self.takes(site));
        for pages in sites.values_mut() {
            while pages.len() > room {
                pages.pop_last();
            }
        }
        self.pages = sites.values().map(BTreeMap::len).sum();
        self.sites = sites;
    }

    /// The pages of each site.
    pub fn rows(&self) -> impl Iterator<Item = (&str, impl Iterator<Item = &Page>)> {
        self.sites.iter().map(|(site, pages)| (&**site, pages.values().map(|page| &**page)))
    }

    /// What the sites repeat, nearly the same pages counted once.
    pub fn learned(&self) -> Learned {
        let common = |pages: &BTreeMap<u64, Arc<Page>>| {
            let pages: Vec<&Page> = pages.values().map(|page| &**page).collect();
            Common::of(&pages)
        };
        let sites = self.sites.iter().filter_map(|(site, pages)| Some((Arc::clone(site), common(pages)?)));
        Learned { sites: sites.collect() }
    }

    /// Pages kept of one site, at this level.
    fn room(&self) -> usize {
        PAGES_OF_A_SITE >> self.level.min(HALVINGS)
    }

    /// Whether a site is still remembered at this level.
    fn takes(&self, site: &str) -> bool {
        let halvings = self.level.saturating_sub(HALVINGS).min(63);
        xxh3_64(site.as_bytes()) <= u64::MAX >> halvings
    }
}

/// What sites repeat.
#[derive(Debug, Clone, Default)]
pub struct Learned {
    sites: BTreeMap<Arc<str>, Common>,
}

impl Learned {
    /// What a site repeats; `None` where too little is known of it.
    pub fn site(&self, name: &str) -> Option<&Common> {
        self.sites.get(name)
    }

    /// Sites that repeat something.
    pub fn len(&self) -> usize {
        self.sites.len()
    }

    /// Whether nothing was learned.
    pub fn is_empty(&self) -> bool {
        self.sites.is_empty()
    }
}

/// The lines that one site repeats.
#[derive(Debug, Clone)]
pub struct Common {
    pages: u32,
    /// Each line that repeats, ascending, and on how many pages.
    lines: Vec<(Line, u32)>,
}

impl Common {
    fn of(pages: &[&Page]) -> Option<Common> {
        let origin = if pages.len() >= LEAST_PAGES as usize { alike::originals(pages) } else { return None };
        let distinct = origin.iter().collect::<BTreeSet<_>>().len() as u32;
        if distinct < LEAST_PAGES {
            return None;
        }
        let mut all: Vec<(Line, usize)> = Vec::new();
        for (page, &of) in pages.iter().zip(&origin) {
            all.extend(page.lines.iter().map(|&line| (line, of)));
        }
        all.sort_unstable();
        all.dedup();
        let counted = all.chunk_by(|a, b| a.0 == b.0).map(|same| (same[0].0, same.len() as u32));
        let repeats = |count: u32| count >= LEAST_REPEATS && count.saturating_mul(ONE_IN) >= distinct;
        let lines: Vec<(Line, u32)> = counted.filter(|&(_, count)| repeats(count)).collect();
        (!lines.is_empty()).then_some(Common { pages: distinct, lines })
    }

    /// Distinct pages known of the site.
    pub fn pages(&self) -> u32 {
        self.pages
    }

    /// On how many of them a line stands; `None` where it does not repeat.
    pub fn repeats(&self, line: Line) -> Option<u32> {
        let at = self.lines.binary_search_by_key(&line, |&(line, _)| line).ok()?;
        self.lines.get(at).map(|&(_, count)| count)
    }
}

#[cfg(test)]
mod tests;
