//! The policy of one fetch: guard, robots.txt, pace, request, redirect, body, retry. Each hop of a
//! redirect passes the same gates. Speaks HTTP through `client` only.

use super::client::Incoming;
use super::fetcher::Shared;
use super::guard;
use super::leave::Leave;
use super::outcome::{Class, Failure, Outcome, Page, Skip, Target, Validators, bare};
use super::pace::{Mood, Permit, host_key};
use super::receive::{self, Body, Refusal, Want};
use super::retry;
use super::stop::Stop;
use std::collections::HashSet;
use std::future::Future;
use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, SystemTime};
use url::Url;

/// One target on its way.
#[derive(Clone, Copy)]
pub(super) struct Errand<'a> {
    pub shared: &'a Shared,
    pub want: Want,
    pub stop: &'a Stop,
}

/// Whether a failed try is worth another one in this run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Again {
    No,
    /// After a random wait.
    Later,
    /// As soon as the host may be asked: it said when.
    WhenRested,
}

#[derive(Debug)]
pub(super) struct Fault {
    pub failure: Failure,
    pub again: Again,
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        let again = match failure.class {
            Class::Stopped | Class::HostDeferred => Again::No,
            class if class.is_temporary() => Again::Later,
            _ => Again::No,
        };
        Self { failure, again }
    }
}

/// A response under way, and the right to have it.
pub(super) struct Exchange {
    pub incoming: Incoming,
    pub permit: Permit,
}

impl Exchange {
    /// The request is over.
    pub fn ended(self, mood: Mood) {
        self.permit.ended(self.incoming.answer_time, mood);
    }
}

/// What one request came to.
#[expect(clippy::large_enum_variant, reason = "one per network request")]
enum Step {
    Done(Outcome),
    Redirect(Url),
}

/// The way so far.
struct Trail {
    requested: Url,
    passed: Vec<Url>,
    seen: HashSet<String>,
}

impl Errand<'_> {
    /// Tries until it works, or trying does not help any more.
    pub async fn run(&self, target: &Target) -> Outcome {
        let mut tried = 0;
        loop {
            let fault = match self.follow(target).await {
                Ok(outcome) => return outcome,
                Err(fault) => fault,
            };
            if let Err(failure) = self.before_retry(fault, tried).await {
                return Outcome::Failed(failure);
            }
            tried += 1;
        }
    }

    /// Waits as long as is due before trying again; gives the failure back if trying is over.
    pub(super) async fn before_retry(&self, fault: Fault, tried: u32) -> Result<(), Failure> {
        let settings = &self.shared.settings;
        if fault.again == Again::No || tried >= settings.retries {
            return Err(fault.failure);
        }
        if fault.again == Again::Later {
            let wait = retry::backoff(settings.retry_base, tried, chance());
            let slept = self.unless_stopped(tokio::time::sleep(wait)).await;
            return slept.map_err(|_| fault.failure);
        }
        Ok(())
    }

    /// Waits, unless the run is stopped first.
    async fn unless_stopped<T>(&self, wait: impl Future<Output = T>) -> Result<T, Failure> {
        tokio::select! {
            biased;
            done = wait => Ok(done),
            () = self.stop.stopped() => Err(Failure::stopped()),
        }
    }

    /// From the target's URL along its redirects to an end.
    async fn follow(&self, target: &Target) -> Result<Outcome, Fault> {
        let mut url = target.url.clone();
        url.set_fragment(None);
        let mut trail = Trail { requested: bare(&url), passed: Vec::new(), seen: HashSet::new() };
        loop {
            let step = self.hop(&url, &target.validators, &trail).await;
            match step.map_err(|fault| located(fault, &url, &trail))? {
                Step::Done(outcome) => return Ok(outcome),
                Step::Redirect(next) => {
                    trail.seen.insert(url.as_str().to_owned());
                    trail.passed.push(bare(&url));
                    if trail.seen.contains(next.as_str()) {
                        let what = format!("redirected back to {}", bare(&next));
                        return Err(Failure::new(Class::RedirectLoop, what).into());
                    }
                    if trail.passed.len() > self.shared.settings.max_redirects {
                        let what = format!("more than {} redirects", self.shared.settings.max_redirects);
                        return Err(Failure::new(Class::TooManyRedirects, what).into());
                    }
                    url = next;
                }
            }
        }
    }

    /// One request, with everything it has to pass.
    async fn hop(&self, url: &Url, validators: &Validators, trail: &Trail) -> Result<Step, Fault> {
        self.admit(url)?;
        let (robots, crawl_delay) = match self.leave(url).await? {
            Leave::Given { why, crawl_delay } => (why, crawl_delay),
            Leave::Refused { why } => {
                let detail =
                    if trail.passed.is_empty() { why } else { format!("redirected to {}: {why}", bare(url)) };
                return Ok(Step::Done(Outcome::Skipped(Skip::Robots { detail })));
            }
        };
        // Another host's validators could match by accident.
        let same_host = host_key(url) == host_key(&trail.requested);
        let sent = if same_host { validators.clone() } else { Validators::default() };
        let exchange = self.exchange(url, &sent, crawl_delay).await?;
        match exchange.incoming.status() {
            301 | 302 | 303 | 307 | 308 => {
                let next = redirect_target(url, exchange.incoming.location().as_deref());
                exchange.ended(Mood::Fine);
                Ok(Step::Redirect(next?))
            }
            304 if !sent.is_empty() => {
                let outcome = not_modified(url, &exchange.incoming, sent, trail, robots);
                exchange.ended(Mood::Fine);
                Ok(Step::Done(outcome))
            }
            status @ (204 | 205) => {
                exchange.ended(Mood::Fine);
                let detail = format!("the server answered {status}, which has no content");
                Ok(Step::Done(Outcome::Skipped(Skip::NoContent { detail })))
            }
            200..=299 => self.page(url, exchange, trail, robots).await.map(Step::Done),
            status => Err(self.refused(url, exchange, status)),
        }
    }

    /// The URL can be fetched at all, and its address may be.
    pub(super) fn admit(&self, url: &Url) -> Result<(), Failure> {
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
            let what = format!("{}: only http and https URLs with a host can be fetched", bare(url));
            return Err(Failure::new(Class::BadUrl, what));
        }
        guard::check_url(url, &self.shared.settings.allow_net)
            .map_err(|blocked| Failure::new(Class::BlockedAddress, blocked.to_string()))
    }

    /// Waits for the host's turn, sends, and waits for the head of the response.
    pub(super) async fn exchange(
        &self,
        url: &Url,
        validators: &Validators,
        crawl_delay: Option<Duration>,
    ) -> Result<Exchange, Failure> {
        let host = host_key(url);
        let turn = self.shared.pace.acquire(&host, crawl_delay);
        let permit = self.unless_stopped(turn).await?.map_err(|deferred| {
            let left = deferred.0.as_secs();
            let what = format!("the host asked to be left alone for another {left} s");
            Failure::new(Class::HostDeferred, what)
        })?;
        match self.shared.client.get(url, self.want.accept(), validators).await {
            Ok(incoming) => Ok(Exchange { incoming, permit }),
            Err(failure) => {
                let waited = permit.elapsed();
                permit.ended(waited, mood(failure.class));
                Err(failure)
            }
        }
    }

    async fn page(
        &self,
        url: &Url,
        exchange: Exchange,
        trail: &Trail,
        robots: String,
    ) -> Result<Outcome, Fault> {
        let Exchange { mut incoming, permit } = exchange;
        let settings = &self.shared.settings;
        let caps = self.want.caps(&settings.limits);
        let received = receive::body(&mut incoming, &caps, self.want, settings.keep_wire).await;
        permit.ended(
            incoming.answer_time,
            match &received {
                Err(Refusal::Failed(failure)) => mood(failure.class),
                _ => Mood::Fine,
            },
        );
        match received {
            Ok(Body { bytes, wire_bytes, wire }) => Ok(Outcome::Page(Page {
                requested: trail.requested.clone(),
                url: bare(url),
                status: incoming.status(),
                content_type: incoming.first_header("content-type"),
                body: bytes,
                validators: given_validators(&incoming),
                redirects: trail.passed.clone(),
                robots,
                fetched_at: incoming.arrived,
                wire_bytes,
                wire,
                request_head: incoming.request_head.clone(),
                response_head: incoming.response_head(),
                remote: incoming.remote(),
            })),
            Err(Refusal::Skipped(skip)) => Ok(Outcome::Skipped(skip)),
            Err(Refusal::Failed(mut failure)) => {
                failure.http_status = Some(incoming.status());
                Err(failure.into())
            }
        }
    }

    /// A status that is neither success nor redirect; obeys `Retry-After`.
    pub(super) fn refused(&self, url: &Url, exchange: Exchange, status: u16) -> Fault {
        let wish = retry_after(&exchange.incoming, status);
        exchange.ended(status_mood(status));
        let mut fault = Fault::from(http_failure(status));
        if let Some(wait) = wish {
            match self.shared.pace.hold(&host_key(url), wait) {
                Ok(()) => fault.again = Again::WhenRested,
                Err(_) => {
                    fault.again = Again::No;
                    fault.failure.detail += &format!(
                        " and asked to wait longer than {} s: left for the next run",
                        self.shared.settings.retry_after_cap.as_secs()
                    );
                }
            }
        }
        fault
    }
}

fn located(mut fault: Fault, url: &Url, trail: &Trail) -> Fault {
    if !trail.passed.is_empty() {
        fault.failure.detail = format!("redirected to {}: {}", bare(url), fault.failure.detail);
    }
    fault
}

pub(super) fn redirect_target(from: &Url, location: Option<&str>) -> Result<Url, Failure> {
    let bad = |what: String| Failure::new(Class::BadRedirect, what);
    let location = location.ok_or_else(|| bad("a redirect without a Location".to_owned()))?;
    let mut next = from.join(location).map_err(|error| {
        let shown: String = location.chars().take(200).collect();
        bad(format!("a redirect to {shown:?}, which is no URL ({error})"))
    })?;
    if !matches!(next.scheme(), "http" | "https") {
        return Err(bad(format!("a redirect to a {}: URL", next.scheme())));
    }
    next.set_fragment(None);
    Ok(next)
}

fn not_modified(url: &Url, incoming: &Incoming, sent: Validators, trail: &Trail, robots: String) -> Outcome {
    let given = given_validators(incoming);
    Outcome::NotModified {
        url: bare(url),
        validators: Validators {
            etag: given.etag.or(sent.etag),
            last_modified: given.last_modified.or(sent.last_modified),
        },
        redirects: trail.passed.clone(),
        robots,
        fetched_at: incoming.arrived,
    }
}

fn given_validators(incoming: &Incoming) -> Validators {
    Validators { etag: incoming.first_header("etag"), last_modified: incoming.first_header("last-modified") }
}

fn http_failure(status: u16) -> Failure {
    Failure {
        http_status: Some(status),
        ..Failure::new(Class::Http(status), format!("the server answered {status}"))
    }
}

/// Only where it means "come back later".
fn retry_after(incoming: &Incoming, status: u16) -> Option<Duration> {
    if !matches!(status, 429 | 503) {
        return None;
    }
    retry::retry_after(&incoming.first_header("retry-after")?, SystemTime::now())
}

fn status_mood(status: u16) -> Mood {
    if status == 429 || status >= 500 { Mood::Distress } else { Mood::Fine }
}

pub(super) fn mood(class: Class) -> Mood {
    match class {
        Class::Timeout | Class::Connect | Class::Truncated => Mood::Distress,
        _ => Mood::Fine,
    }
}

/// Evenly spread; a fresh `RandomState` is keyed at random.
fn chance() -> u64 {
    RandomState::new().hash_one(0_u8)
}
