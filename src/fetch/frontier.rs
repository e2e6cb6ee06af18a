//! What is left to fetch, and which host may be asked next. Does no I/O and reads no clock: the time
//! comes in. A frontier on disk or in a database implements the same trait.

use super::outcome::Target;
use super::pace::host_key;
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::fmt;
use std::time::Instant;

/// A target handed out, to be given back with [`Frontier::finish`].
#[derive(Debug, Clone)]
pub struct Claimed {
    /// Names this claim.
    pub id: u64,
    pub target: Target,
}

/// The answer to "what next?".
#[derive(Debug, Clone)]
pub enum Claim {
    /// Fetch this.
    Ready(Claimed),
    /// Every host left has to rest until then at least.
    Wait(Instant),
    /// Targets are left, but their hosts are all being asked already.
    Busy,
    /// Nothing left to hand out.
    Empty,
}

/// The frontier's own storage failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrontierError {
    pub detail: String,
}

impl fmt::Display for FrontierError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the list of URLs left to fetch failed: {}", self.detail)
    }
}

impl std::error::Error for FrontierError {}

/// Keeps hosts apart: never hands out more targets of one host than its limit at a time.
pub trait Frontier {
    /// Adds a target at the end of its host's queue.
    fn push(&mut self, target: Target) -> Result<(), FrontierError>;

    /// The next target whose host is free and rested at `now`.
    fn claim(&mut self, now: Instant) -> Result<Claim, FrontierError>;

    /// Takes a claim back; its host rests until `not_before`. Unknown ids are ignored.
    fn finish(&mut self, id: u64, not_before: Instant) -> Result<(), FrontierError>;

    /// Targets not handed out yet.
    fn remaining(&self) -> usize;
}

#[derive(Debug, Default)]
struct Queue {
    targets: VecDeque<Target>,
    /// Handed out and not finished.
    out: usize,
    ready: Option<Instant>,
    /// The key under which the host stands in `waiting`, if it does.
    place: Option<(Instant, u64)>,
}

/// A frontier in memory. Hosts take turns; within a host the order of `push` holds.
#[derive(Debug)]
pub struct MemoryFrontier {
    per_host: usize,
    hosts: HashMap<String, Queue>,
    /// Hosts that may be claimed from, by when and then by turn.
    waiting: BTreeSet<(Instant, u64, String)>,
    claims: HashMap<u64, String>,
    turn: u64,
    next_id: u64,
    remaining: usize,
    epoch: Instant,
}

impl MemoryFrontier {
    /// `per_host`: targets of one host handed out at a time; 0 counts as 1.
    pub fn new(per_host: usize) -> Self {
        Self {
            per_host: per_host.max(1),
            hosts: HashMap::new(),
            waiting: BTreeSet::new(),
            claims: HashMap::new(),
            turn: 0,
            next_id: 0,
            remaining: 0,
            epoch: Instant::now(),
        }
    }

    /// Puts the host where its state says: waiting for its turn, or nowhere.
    fn place(&mut self, host: &str) {
        let Some(queue) = self.hosts.get_mut(host) else {
            return;
        };
        if let Some((when, turn)) = queue.place.take() {
            self.waiting.remove(&(when, turn, host.to_owned()));
        }
        if !queue.targets.is_empty() && queue.out < self.per_host {
            let when = queue.ready.unwrap_or(self.epoch);
            self.turn += 1;
            queue.place = Some((when, self.turn));
            self.waiting.insert((when, self.turn, host.to_owned()));
        } else if queue.targets.is_empty() && queue.out == 0 {
            self.hosts.remove(host);
        }
    }
}

impl Frontier for MemoryFrontier {
    fn push(&mut self, target: Target) -> Result<(), FrontierError> {
        let host = host_key(&target.url);
        let queue = self.hosts.entry(host.clone()).or_default();
        queue.targets.push_back(target);
        self.remaining += 1;
        if queue.place.is_none() {
            self.place(&host);
        }
        Ok(())
    }

    fn claim(&mut self, now: Instant) -> Result<Claim, FrontierError> {
        let Some((when, _, host)) = self.waiting.first().cloned() else {
            return Ok(if self.remaining > 0 { Claim::Busy } else { Claim::Empty });
        };
        if when > now {
            return Ok(Claim::Wait(when));
        }
        let target = self.hosts.get_mut(&host).and_then(|queue| {
            let target = queue.targets.pop_front()?;
            queue.out += 1;
            Some(target)
        });
        self.place(&host);
        let Some(target) = target else {
            return Ok(Claim::Busy);
        };
        self.remaining -= 1;
        self.next_id += 1;
        self.claims.insert(self.next_id, host);
        Ok(Claim::Ready(Claimed { id: self.next_id, target }))
    }

    fn finish(&mut self, id: u64, not_before: Instant) -> Result<(), FrontierError> {
        if let Some(host) = self.claims.remove(&id) {
            if let Some(queue) = self.hosts.get_mut(&host) {
                queue.out = queue.out.saturating_sub(1);
                queue.ready = queue.ready.max(Some(not_before));
            }
            self.place(&host);
        }
        Ok(())
    }

    fn remaining(&self) -> usize {
        self.remaining
    }
}

#[cfg(test)]
mod tests {
    use super::{Claim, Claimed, Frontier, MemoryFrontier};
    use crate::fetch::outcome::Target;
    use proptest::prelude::{prop, proptest};
    use std::collections::HashMap;
    use std::time::{Duration, Instant};
    use url::Url;

    fn target(address: &str) -> Target {
        Target::new(Url::parse(address).expect("a URL"))
    }

    fn claim(frontier: &mut MemoryFrontier, now: Instant) -> Option<Claimed> {
        match frontier.claim(now).expect("memory") {
            Claim::Ready(claimed) => Some(claimed),
            _ => None,
        }
    }

    #[test]
    fn a_busy_host_is_not_asked_and_a_resting_one_waits() {
        let mut frontier = MemoryFrontier::new(1);
        for address in ["http://a/1", "http://a/2", "http://A:81/3"] {
            frontier.push(target(address)).expect("memory");
        }
        let now = Instant::now();
        let first = claim(&mut frontier, now).expect("a target");
        assert_eq!(first.target.url.path(), "/1");
        assert!(matches!(frontier.claim(now), Ok(Claim::Busy)));
        let later = now + Duration::from_secs(5);
        frontier.finish(first.id, later).expect("memory");
        assert!(matches!(frontier.claim(now), Ok(Claim::Wait(until)) if until == later));
        assert_eq!(
            claim(&mut frontier, later).map(|c| c.target.url.path().to_owned()),
            Some("/2".to_owned())
        );
        frontier.finish(999, later).expect("unknown ids are ignored");
        assert_eq!(frontier.remaining(), 1);
    }

    #[test]
    fn hosts_take_turns() {
        let mut frontier = MemoryFrontier::new(1);
        for address in ["http://a/1", "http://a/2", "http://b/1", "http://c/1"] {
            frontier.push(target(address)).expect("memory");
        }
        let now = Instant::now();
        let hosts: Vec<String> = std::iter::from_fn(|| claim(&mut frontier, now))
            .map(|c| c.target.url.host_str().unwrap_or("").to_owned())
            .collect();
        assert_eq!(hosts, ["a", "b", "c"]);
    }

    proptest! {
        /// Whatever the order of claims and returns: every target once, never too many of a host,
        /// order kept within a host.
        #[test]
        fn every_target_is_handed_out_once(
            hosts in prop::collection::vec(0_u8..5, 0..60),
            moves in prop::collection::vec(0_usize..10, 0..300),
            per_host in 1_usize..4,
        ) {
            let mut frontier = MemoryFrontier::new(per_host);
            for (n, host) in hosts.iter().enumerate() {
                frontier.push(target(&format!("http://h{host}/{n}"))).expect("memory");
            }
            let now = Instant::now();
            let mut out: Vec<(u64, String)> = Vec::new();
            let mut order: HashMap<String, Vec<usize>> = HashMap::new();
            let rounds = moves.into_iter().chain(std::iter::repeat_n(0, 400));
            for step in rounds {
                if step < 6 && let Some(claimed) = claim(&mut frontier, now) {
                    let host = claimed.target.url.host_str().unwrap_or("").to_owned();
                    let n = claimed.target.url.path()[1..].parse().expect("a number");
                    order.entry(host.clone()).or_default().push(n);
                    out.push((claimed.id, host.clone()));
                    assert!(out.iter().filter(|(_, h)| *h == host).count() <= per_host);
                } else if !out.is_empty() {
                    let (id, _) = out.swap_remove(step % out.len());
                    frontier.finish(id, now).expect("memory");
                }
            }
            assert!(matches!(frontier.claim(now), Ok(Claim::Empty)));
            let handed: usize = order.values().map(Vec::len).sum();
            assert_eq!(handed, hosts.len());
            assert!(order.values().all(|numbers| numbers.is_sorted()));
        }
    }
}
