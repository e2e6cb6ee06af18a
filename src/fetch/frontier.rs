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
            return Ok(if self.remaining > 0 {
                Claim::Busy
            } else {
                Claim::Empty
            });
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
        Ok(Claim::Ready(Claimed {
            id: self.next_id,
            target,
        }))
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
