//! Politeness: when a host may be asked again. One slot per host, a rest after every request,
//! a longer rest for a host that answers slowly or in distress. Knows no HTTP.

use super::settings::Settings;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use url::Url;

/// A host rests this many times as long as it took to answer.
const ANSWER_FACTOR: u32 = 2;
/// No rest taken from a host's slowness or distress is longer.
const LONGEST_REST: Duration = Duration::from_secs(30);
/// The settings' delays count up to this, so that sums stay within the clock.
const LONGEST_DELAY: Duration = Duration::from_secs(24 * 3600);
/// Each sign of distress doubles the rest, up to this many times.
const MOST_DOUBLINGS: u32 = 5;
/// More requests at a time to one host than this are not made, whatever the settings say.
const MOST_PER_HOST: usize = 256;
/// Hosts remembered before rested ones are forgotten.
const REMEMBERED: usize = 10_000;

/// The name politeness goes by: the host in lower case, whatever the port and scheme.
pub fn host_key(url: &Url) -> String {
    url.host_str().unwrap_or("").trim_end_matches('.').to_ascii_lowercase()
}

/// What must survive a restart so that a host is not hurried by one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostPace {
    pub host: String,
    /// Not to be asked before.
    pub not_before: SystemTime,
}

/// How a request went, as far as politeness is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mood {
    Fine,
    /// 429, 5xx, a timeout or a dropped connection.
    Distress,
}

/// The rest of one host: pure, the time comes in.
#[derive(Debug, Clone, Copy)]
struct Rest {
    next: Option<Instant>,
    crawl_delay: Duration,
    answer_time: Duration,
    doublings: u32,
    /// The host asked to be left alone for longer than a run waits.
    deferred_until: Option<Instant>,
}

impl Rest {
    const NEW: Self = Self {
        next: None,
        crawl_delay: Duration::ZERO,
        answer_time: Duration::ZERO,
        doublings: 0,
        deferred_until: None,
    };

    /// From the end of one request to the start of the next.
    fn length(&self, base: Duration) -> Duration {
        let asked = base.max(self.crawl_delay);
        let slow = asked.max((self.answer_time * ANSWER_FACTOR).min(LONGEST_REST));
        if self.doublings == 0 {
            return slow;
        }
        // A host in distress gets a rest even where none was asked for.
        let floor = slow.max(Duration::from_millis(1));
        (floor * (1 << self.doublings)).min(LONGEST_REST.max(slow))
    }

    fn push_back(&mut self, until: Instant) {
        self.next = self.next.max(Some(until));
    }

    fn ended(&mut self, now: Instant, answer_time: Duration, mood: Mood, base: Duration) {
        self.answer_time = answer_time;
        self.doublings = match mood {
            Mood::Fine => self.doublings.saturating_sub(1),
            Mood::Distress => (self.doublings + 1).min(MOST_DOUBLINGS),
        };
        self.push_back(now + self.length(base));
    }
}

#[derive(Debug)]
struct Host {
    slots: Arc<Semaphore>,
    rest: Mutex<Rest>,
}

impl Host {
    fn rest(&self) -> MutexGuard<'_, Rest> {
        // `Rest` holds no invariant that a panic could break.
        self.rest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// All hosts' politeness.
#[derive(Debug)]
pub(super) struct Pace {
    delay: Duration,
    max_crawl_delay: Duration,
    retry_after_cap: Duration,
    per_host: usize,
    hosts: Mutex<HashMap<String, Arc<Host>>>,
}

/// The host asked for a longer wait than the run is willing to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Deferred(pub Duration);

/// The right to send one request to a host; give it back with [`Permit::ended`].
#[derive(Debug)]
pub(super) struct Permit {
    _slot: OwnedSemaphorePermit,
    host: Arc<Host>,
    started: Instant,
    delay: Duration,
}

impl Permit {
    /// The request is over: the host's rest begins. `answer_time` is what its response's head took.
    pub fn ended(self, answer_time: Duration, mood: Mood) {
        self.host.rest().ended(Instant::now(), answer_time, mood, self.delay);
    }

    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }
}

impl Pace {
    pub fn new(settings: &Settings) -> Self {
        Self {
            delay: settings.delay.min(LONGEST_DELAY),
            max_crawl_delay: settings.max_crawl_delay.min(LONGEST_DELAY),
            retry_after_cap: settings.retry_after_cap,
            per_host: settings.per_host.clamp(1, MOST_PER_HOST),
            hosts: Mutex::new(HashMap::new()),
        }
    }

    fn hosts(&self) -> MutexGuard<'_, HashMap<String, Arc<Host>>> {
        self.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn host(&self, key: &str) -> Arc<Host> {
        let mut hosts = self.hosts();
        if let Some(host) = hosts.get(key) {
            return host.clone();
        }
        if hosts.len() >= REMEMBERED {
            let now = Instant::now();
            hosts.retain(|_, host| {
                let rest = host.rest();
                Arc::strong_count(host) > 1 || rest.next.max(rest.deferred_until) > Some(now)
            });
        }
        let host =
            Arc::new(Host { slots: Arc::new(Semaphore::new(self.per_host)), rest: Mutex::new(Rest::NEW) });
        hosts.insert(key.to_owned(), host.clone());
        host
    }

    /// Waits for the host's turn: a free slot, then the end of its rest.
    pub async fn acquire(&self, key: &str, crawl_delay: Option<Duration>) -> Result<Permit, Deferred> {
        let host = self.host(key);
        if let Some(asked) = crawl_delay {
            host.rest().crawl_delay = asked.min(self.max_crawl_delay);
        }
        let slot = match host.slots.clone().acquire_owned().await {
            Ok(slot) => slot,
            // Slots are never closed; waiting longer would be for ever.
            Err(_) => return Err(Deferred(Duration::ZERO)),
        };
        loop {
            let now = Instant::now();
            let wait = {
                let mut rest = host.rest();
                if let Some(until) = rest.deferred_until.filter(|until| *until > now) {
                    return Err(Deferred(until - now));
                }
                let wait = rest.next.map_or(Duration::ZERO, |at| at.saturating_duration_since(now));
                if wait.is_zero() {
                    // With several slots, starts are spaced as well.
                    let length = rest.length(self.delay);
                    rest.push_back(now + length);
                }
                wait
            };
            if wait.is_zero() {
                return Ok(Permit { _slot: slot, host, started: now, delay: self.delay });
            }
            tokio::time::sleep(wait).await;
        }
    }

    /// The host asked to be left alone (`Retry-After`): all of it waits. Beyond the cap, it is
    /// deferred instead: requests are refused until then.
    pub fn hold(&self, key: &str, wait: Duration) -> Result<(), Deferred> {
        let host = self.host(key);
        let mut rest = host.rest();
        let Some(until) = Instant::now().checked_add(wait) else {
            rest.deferred_until = Some(Instant::now() + Duration::from_secs(24 * 3600));
            return Err(Deferred(wait));
        };
        if wait > self.retry_after_cap {
            rest.deferred_until = rest.deferred_until.max(Some(until));
            return Err(Deferred(wait));
        }
        rest.push_back(until);
        Ok(())
    }

    /// When the host may be asked again; now for one never asked.
    pub fn ready_at(&self, key: &str) -> Instant {
        let now = Instant::now();
        let next = self.hosts().get(key).and_then(|host| host.rest().next);
        next.unwrap_or(now).max(now)
    }

    /// The hosts that still rest, to be kept across a restart.
    pub fn snapshot(&self) -> Vec<HostPace> {
        let (now, wall) = (Instant::now(), SystemTime::now());
        let mut resting: Vec<HostPace> = self
            .hosts()
            .iter()
            .filter_map(|(name, host)| {
                let rest = host.rest();
                let until = rest.next.max(rest.deferred_until)?;
                let left = until.checked_duration_since(now)?;
                Some(HostPace { host: name.clone(), not_before: wall.checked_add(left)? })
            })
            .collect();
        resting.sort_by(|a, b| a.host.cmp(&b.host));
        resting
    }

    /// Takes up what [`Pace::snapshot`] gave in an earlier run. Times past are ignored.
    pub fn restore(&self, resting: &[HostPace]) {
        let wall = SystemTime::now();
        for pace in resting {
            if let Ok(left) = pace.not_before.duration_since(wall) {
                // Too long a rest defers the host: that is what `hold` does.
                let _ = self.hold(&pace.host, left);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Mood, Rest};
    use std::time::{Duration, Instant};

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn the_longest_wish_wins() {
        let mut rest = Rest::NEW;
        assert_eq!(rest.length(SECOND), SECOND);
        rest.crawl_delay = 5 * SECOND;
        assert_eq!(rest.length(SECOND), 5 * SECOND);
        rest.answer_time = 4 * SECOND;
        assert_eq!(rest.length(SECOND), 8 * SECOND);
        rest.answer_time = 400 * SECOND;
        assert_eq!(rest.length(SECOND), super::LONGEST_REST);
    }

    #[test]
    fn distress_slows_and_recovery_speeds_up_again() {
        let now = Instant::now();
        let mut rest = Rest::NEW;
        let mut lengths = Vec::new();
        for _ in 0..8 {
            rest.ended(now, Duration::ZERO, Mood::Distress, SECOND);
            lengths.push(rest.length(SECOND));
        }
        assert!(lengths.is_sorted(), "{lengths:?}");
        assert_eq!(lengths.last(), Some(&super::LONGEST_REST));
        for _ in 0..8 {
            rest.ended(now, Duration::ZERO, Mood::Fine, SECOND);
        }
        assert_eq!(rest.length(SECOND), SECOND);
    }

    #[test]
    fn a_rest_is_never_shortened_by_a_later_request() {
        let now = Instant::now();
        let mut rest = Rest::NEW;
        rest.push_back(now + 90 * SECOND);
        rest.ended(now, Duration::ZERO, Mood::Fine, SECOND);
        assert_eq!(rest.next, Some(now + 90 * SECOND));
    }
}
