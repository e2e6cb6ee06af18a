//! How to fetch: resolved values with their defaults, each stated once, here.

use super::guard::Cidr;
use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

/// How to fetch. `Settings::default()` is polite and safe; change single fields of it.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The `User-Agent` header; its first word up to `/` is what robots.txt is asked about.
    /// Default `tamis/<version>`; add a contact: `tamis/0.1.0 (+https://example.org/bot)`.
    pub user_agent: String,
    /// Least time between the end of one request to a host and the start of the next. Default 1 s,
    /// at most a day.
    /// robots.txt's `Crawl-delay` (up to [`Settings::max_crawl_delay`]) and a slow host make it longer.
    pub delay: Duration,
    /// A longer `Crawl-delay` counts as this. Default 60 s.
    pub max_crawl_delay: Duration,
    /// Requests at the same time to one host. Default 1; 0 counts as 1, more than 256 as 256.
    pub per_host: usize,
    /// Targets in flight at the same time, over all hosts. Default 16; 0 counts as 1.
    pub jobs: usize,
    /// Networks that are fetched though they are not public, e.g. `127.0.0.0/8`. Default none.
    pub allow_net: Vec<Cidr>,
    /// Size and time caps per response.
    pub limits: Limits,
    /// Further tries after a temporary failure. Default 3.
    pub retries: u32,
    /// The n-th retry waits a random time up to `retry_base * 2^n`, at most 60 s. Default 1 s.
    pub retry_base: Duration,
    /// A `Retry-After` up to this long is waited for; a longer one defers the host to the next run.
    /// Default 120 s.
    pub retry_after_cap: Duration,
    /// Redirects followed for one target. Default 20.
    pub max_redirects: usize,
    /// Hosts whose TLS certificates are not verified; logged. Default none.
    pub insecure_hosts: Vec<String>,
    /// Keep the body as on the wire too ([`super::Page::wire`]). Default false.
    pub keep_wire: bool,
    /// Names answered from here instead of DNS, as in a hosts file; an empty list of addresses means
    /// "no such name". The address guard applies all the same. Default none.
    pub resolve: Vec<(String, Vec<IpAddr>)>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            user_agent: concat!("tamis/", env!("CARGO_PKG_VERSION")).to_owned(),
            delay: Duration::from_secs(1),
            max_crawl_delay: Duration::from_secs(60),
            per_host: 1,
            jobs: 16,
            allow_net: Vec::new(),
            limits: Limits::default(),
            retries: 3,
            retry_base: Duration::from_secs(1),
            retry_after_cap: Duration::from_secs(120),
            max_redirects: 20,
            insecure_hosts: Vec::new(),
            keep_wire: false,
            resolve: Vec::new(),
        }
    }
}

/// Caps on one response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the body on the wire. Default 10 MiB.
    pub wire: u64,
    /// Bytes of the body after decompression. Default 20 MiB.
    pub decoded: u64,
    /// Decoded bytes per wire byte, checked once 1 MiB is decoded. Default 100.
    pub ratio: u64,
    /// Content codings on top of each other. Default 3.
    pub codings: usize,
    /// Response header lines. Default 1,000.
    pub headers: usize,
    /// From nothing to a connection, name lookup and TLS included. Default 10 s.
    pub connect: Duration,
    /// From the start of the request to the end of the response's head. Default 20 s.
    pub header: Duration,
    /// Between two pieces of the body. Default 15 s.
    pub stall: Duration,
    /// The whole of one request and its response. Default 60 s.
    pub total: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            wire: 10 * 1024 * 1024,
            decoded: 20 * 1024 * 1024,
            ratio: 100,
            codings: 3,
            headers: 1000,
            connect: Duration::from_secs(10),
            header: Duration::from_secs(20),
            stall: Duration::from_secs(15),
            total: Duration::from_secs(60),
        }
    }
}

/// Settings that cannot be fetched with.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SetupError {
    /// Not a header value, or without a first word of letters, `-` and `_`.
    UserAgent { given: String },
    /// The HTTP client could not be built.
    Client { detail: String },
}

impl fmt::Display for SetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UserAgent { given } => write!(
                f,
                "user agent {given:?} cannot be sent: begin with a name of letters, such as `mybot/1.0 (+https://example.org/bot)`"
            ),
            Self::Client { detail } => write!(f, "the HTTP client could not be set up: {detail}"),
        }
    }
}

impl std::error::Error for SetupError {}
