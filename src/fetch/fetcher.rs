//! The policy of one fetch: guard, robots.txt, pace, request, redirect, body, retry. Each hop of a
//! redirect passes the same gates. Speaks HTTP through `client` only.

use super::client::{Client, Incoming};
use super::guard;
use super::outcome::{Class, Failure, Outcome, Page, Skip, Target, Validators};
use super::pace::{HostPace, Mood, Pace, Permit, host_key};
use super::receive::{self, Body, Refusal, Want};
use super::retry;
use super::robots::{self, Robots};
use super::robots_cache::{Known, RobotsCache};
use super::settings::{Limits, Settings, SetupError};
use super::stop::Stop;
use std::collections::HashSet;
use std::future::Future;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};
use url::Url;

/// Redirects followed to a robots.txt (RFC 9309, 2.3.1.2, asks for five at least).
const ROBOTS_HOPS: usize = 5;

/// Fetches. Clones share the hosts' politeness, the robots.txt cache and the connections.
#[derive(Debug, Clone)]
pub struct Fetcher(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    settings: Settings,
    client: Client,
    pace: Pace,
    robots: RobotsCache,
    /// What robots.txt files call this crawler.
    agent: String,
}

impl Fetcher {
    /// # Errors
    /// A user agent that cannot be sent, or no HTTP client on this machine.
    pub fn new(settings: Settings) -> Result<Self, SetupError> {
        Ok(Self(Arc::new(Shared {
            client: Client::new(&settings)?,
            pace: Pace::new(&settings),
            robots: RobotsCache::default(),
            agent: robots::product_token(&settings.user_agent).to_owned(),
            settings,
        })))
    }

    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Fetches one page: waits for the host's turn, asks robots.txt, follows redirects, tries again
    /// where that helps. Anything but HTML and text is skipped.
    pub async fn fetch(&self, target: &Target) -> Outcome {
        self.fetch_until(target, &Stop::new()).await
    }

    /// As [`Fetcher::fetch`]; once stopped, waits end and no new try begins, but a request under way
    /// is finished.
    pub async fn fetch_until(&self, target: &Target, stop: &Stop) -> Outcome {
        self.errand(Want::Page, stop).run(target).await
    }

    /// As [`Fetcher::fetch_until`], for a list, feed or sitemap: any content type, up to 50 MiB.
    pub async fn fetch_list(&self, target: &Target, stop: &Stop) -> Outcome {
        self.errand(Want::List, stop).run(target).await
    }

    /// When the host (see [`host_key`]) may be asked again; now for one never asked.
    pub fn ready_at(&self, host: &str) -> Instant {
        self.0.pace.ready_at(host)
    }

    /// The hosts that still rest, to be kept across a restart.
    pub fn resting_hosts(&self) -> Vec<HostPace> {
        self.0.pace.snapshot()
    }

    /// Takes up what [`Fetcher::resting_hosts`] gave in an earlier run.
    pub fn restore(&self, resting: &[HostPace]) {
        self.0.pace.restore(resting);
    }

    fn errand<'a>(&'a self, want: Want, stop: &'a Stop) -> Errand<'a> {
        Errand { shared: &self.0, want, stop }
    }
}

/// The URL without userinfo and fragment, as it may be shown, logged and stored.
fn bare(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    // Fails only for URLs that cannot have any.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}

/// One target on its way.
#[derive(Clone, Copy)]
struct Errand<'a> {
    shared: &'a Shared,
    want: Want,
    stop: &'a Stop,
}

/// Whether a failed try is worth another one in this run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Again {
    No,
    /// After a random wait.
    Later,
    /// As soon as the host may be asked: it said when.
    WhenRested,
}

#[derive(Debug)]
struct Fault {
    failure: Failure,
    again: Again,
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
struct Exchange {
    incoming: Incoming,
    permit: Permit,
}

impl Exchange {
    /// The request is over.
    fn ended(self, mood: Mood) {
        self.permit.ended(self.incoming.answer_time, mood);
    }
}

/// What robots.txt says of one URL.
enum Leave {
    Given { why: String, crawl_delay: Option<Duration> },
    Refused { why: String },
}

/// What one request came to.
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
    async fn run(&self, target: &Target) -> Outcome {
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
    async fn before_retry(&self, fault: Fault, tried: u32) -> Result<(), Failure> {
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
    fn admit(&self, url: &Url) -> Result<(), Failure> {
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
            let what = format!("{}: only http and https URLs with a host can be fetched", bare(url));
            return Err(Failure::new(Class::BadUrl, what));
        }
        guard::check_url(url, &self.shared.settings.allow_net)
            .map_err(|blocked| Failure::new(Class::BlockedAddress, blocked.to_string()))
    }

    /// Waits for the host's turn, sends, and waits for the head of the response.
    async fn exchange(
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
    fn refused(&self, url: &Url, exchange: Exchange, status: u16) -> Fault {
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

    /// What the URL's robots.txt says of it.
    async fn leave(&self, url: &Url) -> Result<Leave, Fault> {
        if url.path() == "/robots.txt" {
            return Ok(Leave::Given { why: "allowed: robots.txt itself".to_owned(), crawl_delay: None });
        }
        let mut slot = self.shared.robots.slot(url).await;
        let known = match slot.fresh() {
            Some(known) => known,
            None => slot.keep(self.robots_file(url).await),
        };
        drop(slot);
        match known {
            Known::Absent(why) => Ok(Leave::Given { why, crawl_delay: None }),
            Known::Rules(rules) => {
                let path = match url.query() {
                    Some(query) => format!("{}?{query}", url.path()),
                    None => url.path().to_owned(),
                };
                let decision = rules.decide(&path);
                Ok(if decision.allowed {
                    Leave::Given { why: decision.why, crawl_delay: rules.crawl_delay() }
                } else {
                    Leave::Refused { why: decision.why }
                })
            }
            // It was tried again already.
            Known::Unreachable(failure) => Err(Fault { failure, again: Again::No }),
        }
    }

    /// Fetches the robots.txt that rules over the URL: 4xx means there is none; 429, 5xx and an
    /// unreachable host mean that nothing may be fetched now (RFC 9309, 2.3.1).
    async fn robots_file(&self, url: &Url) -> Known {
        let mut file = bare(url);
        file.set_path("/robots.txt");
        file.set_query(None);
        let errand = Errand { want: Want::Robots, ..*self };
        let mut tried = 0;
        loop {
            let fault = match errand.robots_hops(file.clone()).await {
                Ok(known) => return known,
                Err(fault) => fault,
            };
            if let Err(mut failure) = errand.before_retry(fault, tried).await {
                failure.detail = format!("robots.txt: {}", failure.detail);
                if let Class::Http(_) = failure.class {
                    failure.class = Class::RobotsUnreachable;
                    failure.retry_later = true;
                }
                return Known::Unreachable(failure);
            }
            tried += 1;
        }
    }

    async fn robots_hops(&self, mut file: Url) -> Result<Known, Fault> {
        for hop in 0..=ROBOTS_HOPS {
            if let Err(failure) = self.admit(&file) {
                if hop == 0 {
                    return Err(failure.into());
                }
                break;
            }
            let exchange = match self.exchange(&file, &Validators::default(), None).await {
                Ok(exchange) => exchange,
                Err(failure) if hop > 0 && failure.class == Class::BlockedAddress => break,
                Err(failure) => return Err(failure.into()),
            };
            match exchange.incoming.status() {
                200..=299 => return self.robots_rules(exchange).await,
                301 | 302 | 303 | 307 | 308 => {
                    let next = redirect_target(&file, exchange.incoming.location().as_deref());
                    exchange.ended(Mood::Fine);
                    match next {
                        Ok(next) => file = next,
                        Err(_) => break,
                    }
                }
                status @ (429 | 500..) => return Err(self.refused(&file, exchange, status)),
                status => {
                    exchange.ended(Mood::Fine);
                    return Ok(Known::Absent(format!("allowed: robots.txt answered {status}")));
                }
            }
        }
        Ok(Known::Absent("allowed: robots.txt redirects nowhere".to_owned()))
    }

    async fn robots_rules(&self, exchange: Exchange) -> Result<Known, Fault> {
        let Exchange { mut incoming, permit } = exchange;
        let caps = self.want.caps(&self.shared.settings.limits);
        let received = receive::robots(&mut incoming, &caps).await;
        let mood = received.as_ref().map_or_else(|f| mood(f.class), |_| Mood::Fine);
        permit.ended(incoming.answer_time, mood);
        let rules = Robots::parse(&received?, &self.shared.agent);
        Ok(Known::Rules(Arc::new(rules)))
    }
}

fn located(mut fault: Fault, url: &Url, trail: &Trail) -> Fault {
    if !trail.passed.is_empty() {
        fault.failure.detail = format!("redirected to {}: {}", bare(url), fault.failure.detail);
    }
    fault
}

fn redirect_target(from: &Url, location: Option<&str>) -> Result<Url, Failure> {
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

fn mood(class: Class) -> Mood {
    match class {
        Class::Timeout | Class::Connect | Class::Truncated => Mood::Distress,
        _ => Mood::Fine,
    }
}

/// Evenly spread; a fresh `RandomState` is keyed at random.
fn chance() -> u64 {
    RandomState::new().hash_one(0_u8)
}

impl Want {
    fn caps(self, limits: &Limits) -> Limits {
        /// The sitemap protocol's largest file.
        const LIST_BYTES: u64 = 50 * 1024 * 1024;
        match self {
            Self::Page | Self::Robots => *limits,
            Self::List => Limits {
                wire: limits.wire.max(LIST_BYTES),
                decoded: limits.decoded.max(LIST_BYTES),
                ..*limits
            },
        }
    }
}
