//! A list given as a URL: fetched, read, and its nested sitemaps after it.

use super::fetcher::Fetcher;
use super::list::{self, Entry};
use super::outcome::{Class, Failure, Outcome, Target};
use super::stop::Stop;
use std::collections::{HashSet, VecDeque};
use url::Url;

/// Sitemaps read for one list.
const MOST_SITEMAPS: usize = 10_000;
/// Entries taken from one list and what it nests.
const MOST_ENTRIES: usize = 10_000_000;

/// What a list given as a URL came to.
#[derive(Debug, Default)]
pub struct Gathered {
    /// In the order of the list; a URL is [`Entry::Url`] at its first place only.
    pub entries: Vec<Entry>,
    /// How many entries repeat an earlier one.
    pub duplicates: usize,
    /// The lists that could not be read, each with why.
    pub failed: Vec<(Url, Failure)>,
}

impl Gathered {
    /// The URLs alone.
    pub fn urls(&self) -> impl Iterator<Item = &Url> {
        self.entries.iter().filter_map(|entry| match entry {
            Entry::Url { url, .. } => Some(url),
            Entry::Repeated { .. } | Entry::Invalid { .. } => None,
        })
    }
}

/// Fetches a text list, feed or sitemap, and breadth first what sitemap indexes name. Each list is
/// fetched like a page: robots.txt, pace, guard and retry hold.
pub async fn gather(fetcher: &Fetcher, url: &Url, stop: &Stop) -> Gathered {
    let mut gathered = Gathered::default();
    let mut seen_lists: HashSet<Url> = HashSet::from([url.clone()]);
    let mut seen: HashSet<Url> = HashSet::new();
    let mut queue = VecDeque::from([url.clone()]);
    while let Some(next) = queue.pop_front() {
        let read = match fetcher.fetch_list(&Target::new(next.clone()), stop).await {
            Outcome::Page(page) => list::parse(&page.body, Some(&page.url)),
            other => {
                gathered.failed.push((next, failure(other)));
                continue;
            }
        };
        gathered.duplicates += read.duplicates;
        if let Some(what) = read.broken {
            gathered.failed.push((next, Failure::new(Class::BadResponse, what)));
        }
        for entry in read.entries {
            if gathered.entries.len() >= MOST_ENTRIES {
                gathered.failed.push((url.clone(), too_many("entries", MOST_ENTRIES)));
                return gathered;
            }
            match entry {
                Entry::Url { url, line } if !seen.insert(url.clone()) => {
                    gathered.duplicates += 1;
                    gathered.entries.push(Entry::Repeated { url, line });
                }
                entry => gathered.entries.push(entry),
            }
        }
        for nested in read.nested {
            if seen_lists.contains(&nested) {
                continue;
            }
            if seen_lists.len() >= MOST_SITEMAPS {
                gathered.failed.push((nested, too_many("sitemaps", MOST_SITEMAPS)));
                break;
            }
            seen_lists.insert(nested.clone());
            queue.push_back(nested);
        }
    }
    gathered
}

fn too_many(what: &str, most: usize) -> Failure {
    Failure::new(Class::TooLarge, format!("more than {most} {what} in one list"))
}

fn failure(outcome: Outcome) -> Failure {
    match outcome {
        Outcome::Failed(failure) => failure,
        Outcome::Skipped(skip) => Failure::new(Class::BadResponse, skip.to_string()),
        Outcome::Page(_) | Outcome::NotModified { .. } => {
            Failure::new(Class::BadResponse, "the list was not given")
        }
    }
}
