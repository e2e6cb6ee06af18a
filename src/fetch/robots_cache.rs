//! Each origin's robots.txt, kept for 24 hours. Fetching it is handed in; this module knows only
//! what to keep, for how long, and that one origin is asked once at a time.

use super::outcome::{Class, Failure};
use super::robots::Robots;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use url::Url;

/// RFC 9309, 2.4: a cached copy should not be used longer.
const FRESH: Duration = Duration::from_secs(24 * 3600);
/// A host whose file could not be had is asked again after this.
const UNREACHABLE: Duration = Duration::from_secs(5 * 60);
/// Bytes of rules held over all origins, before the oldest go.
const MOST_BYTES: usize = 64 * 1024 * 1024;
/// Origins held, before the oldest go.
const MOST_ORIGINS: usize = 50_000;

/// What is known of an origin's file.
#[derive(Debug, Clone)]
pub(super) enum Known {
    Rules(Arc<Robots>),
    /// There is no file to follow; why.
    Absent(String),
    /// It could not be had, so nothing may be fetched.
    Unreachable(Failure),
}

type Shelf = Arc<tokio::sync::Mutex<Option<(Instant, Known)>>>;

#[derive(Debug)]
struct Entry {
    shelf: Shelf,
    used: Instant,
    cost: usize,
}

/// All origins' files.
#[derive(Debug, Default)]
pub(super) struct RobotsCache {
    entries: Mutex<HashMap<String, Entry>>,
}

impl RobotsCache {
    fn entries(&self) -> MutexGuard<'_, HashMap<String, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The place of the URL's origin; others who want it wait until it is dropped.
    pub async fn slot(&self, url: &Url) -> Slot<'_> {
        let origin = url.origin().ascii_serialization();
        Slot { kept: self.shelf(&origin).lock_owned().await, origin, cache: self }
    }

    fn shelf(&self, origin: &str) -> Shelf {
        let mut entries = self.entries();
        if let Some(entry) = entries.get_mut(origin) {
            entry.used = Instant::now();
            return entry.shelf.clone();
        }
        if entries.len() >= MOST_ORIGINS {
            drop_oldest(&mut entries);
        }
        let shelf = Shelf::default();
        entries.insert(origin.to_owned(), Entry { shelf: shelf.clone(), used: Instant::now(), cost: 0 });
        shelf
    }

    fn weigh(&self, origin: &str, cost: usize) {
        let mut entries = self.entries();
        if let Some(entry) = entries.get_mut(origin) {
            entry.cost = cost;
        }
        if entries.values().map(|entry| entry.cost).sum::<usize>() > MOST_BYTES {
            drop_oldest(&mut entries);
        }
    }
}

/// One origin's place in the cache, held alone.
pub(super) struct Slot<'a> {
    kept: tokio::sync::OwnedMutexGuard<Option<(Instant, Known)>>,
    origin: String,
    cache: &'a RobotsCache,
}

impl Slot<'_> {
    /// What is known, if it is not too old.
    pub fn fresh(&self) -> Option<Known> {
        let (until, known) = self.kept.as_ref()?;
        (*until > Instant::now()).then(|| known.clone())
    }

    /// Keeps what was found, for as long as it is good.
    pub fn keep(&mut self, known: Known) -> Known {
        let life = match &known {
            Known::Rules(rules) => {
                self.cache.weigh(&self.origin, rules.cost());
                Some(FRESH)
            }
            Known::Absent(_) => Some(FRESH),
            // A stop says nothing about the host.
            Known::Unreachable(failure) if failure.class == Class::Stopped => None,
            Known::Unreachable(_) => Some(UNREACHABLE),
        };
        *self.kept = life.map(|life| (Instant::now() + life, known.clone()));
        known
    }
}

/// Drops the half not used for longest; what is being fetched stays with whoever waits for it.
fn drop_oldest(entries: &mut HashMap<String, Entry>) {
    let mut times: Vec<Instant> = entries.values().map(|entry| entry.used).collect();
    times.sort_unstable();
    if let Some(middle) = times.get(times.len() / 2).copied() {
        entries.retain(|_, entry| entry.used > middle);
    }
}

#[cfg(test)]
mod tests {
    use super::{Known, RobotsCache};
    use crate::fetch::outcome::{Class, Failure};
    use url::Url;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("a URL")
    }

    #[tokio::test]
    async fn an_origin_is_kept_and_another_port_is_another_origin() {
        let cache = RobotsCache::default();
        let mut fetched = 0;
        for address in ["http://a/x", "http://a:80/y", "http://a:81/", "https://a/", "http://a/z"] {
            let mut slot = cache.slot(&url(address)).await;
            if slot.fresh().is_none() {
                slot.keep(Known::Absent(String::new()));
                fetched += 1;
            }
        }
        assert_eq!(fetched, 3);
    }

    #[tokio::test]
    async fn a_stop_is_not_remembered_and_an_unreachable_host_is() {
        let cache = RobotsCache::default();
        for (class, remembered) in [(Class::Stopped, false), (Class::Connect, true)] {
            let mut slot = cache.slot(&url("http://a/")).await;
            slot.keep(Known::Unreachable(Failure::new(class, "")));
            assert_eq!(slot.fresh().is_some(), remembered);
        }
    }
}
