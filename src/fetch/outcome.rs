//! What is asked for and what came of it: plain values, no I/O.

use std::fmt;
use std::net::SocketAddr;
use std::time::SystemTime;
use url::Url;

/// One URL to fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub url: Url,
    /// From the last time this URL was stored; empty to fetch unconditionally.
    pub validators: Validators,
}

impl Target {
    /// A target without validators.
    pub fn new(url: Url) -> Self {
        Self { url, validators: Validators::default() }
    }
}

/// What a server gave to ask "has it changed?" with. Kept and sent back byte for byte.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    /// The `ETag` header, quotes and `W/` included.
    pub etag: Option<String>,
    /// The `Last-Modified` header.
    pub last_modified: Option<String>,
}

impl Validators {
    /// No validator is known.
    pub fn is_empty(&self) -> bool {
        self.etag.is_none() && self.last_modified.is_none()
    }
}

/// The URL without userinfo and fragment, as it may be shown, logged and stored. A target's own URL
/// may carry credentials: pass it through here first.
pub fn bare(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    // Fails only for URLs that cannot have any.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}

/// The one thing that became of a target.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "one per network request, moved a few times")]
pub enum Outcome {
    /// A 2xx answer with a body to read.
    Page(Page),
    /// The server says the stored copy still stands (304 to our validators).
    NotModified {
        /// The URL that answered, after redirects; without userinfo.
        url: Url,
        /// To send the next time: the new ones, else those sent.
        validators: Validators,
        /// The URLs passed on the way, first to last, `url` not included.
        redirects: Vec<Url>,
        /// As [`Page::robots`].
        robots: String,
        fetched_at: SystemTime,
    },
    /// Not fetched, or not read, on purpose.
    Skipped(Skip),
    /// Tried, and did not work.
    Failed(Failure),
}

/// A page as it came. No URL in it carries userinfo or a fragment.
#[derive(Debug, Clone)]
pub struct Page {
    /// What was asked for.
    pub requested: Url,
    /// What answered, after redirects.
    pub url: Url,
    /// 200 to 299.
    pub status: u16,
    /// The `Content-Type` header as sent; its charset parameter is for the decoder.
    pub content_type: Option<String>,
    /// The body after content codings were removed, within `Limits::decoded`.
    pub body: Vec<u8>,
    pub validators: Validators,
    /// The URLs passed on the way, first to last, `url` not included.
    pub redirects: Vec<Url>,
    /// Why robots.txt let this be fetched, e.g. `allowed: no rule matches`.
    pub robots: String,
    /// When the response's head arrived.
    pub fetched_at: SystemTime,
    /// Bytes of the body on the wire, before content codings were removed.
    pub wire_bytes: u64,
    /// The body as on the wire (de-chunked, still content-coded), with `Settings::keep_wire` only.
    pub wire: Option<Vec<u8>>,
    /// Request line and headers as sent, with the closing empty line; credentials left out.
    pub request_head: Vec<u8>,
    /// Status line and headers as received (names in lower case), with the closing empty line.
    pub response_head: Vec<u8>,
    /// The peer.
    pub remote: Option<SocketAddr>,
}

/// Why a target was left alone, with a sentence for the reader.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Skip {
    /// robots.txt forbids the URL, or one it redirects to.
    Robots { detail: String },
    /// Neither HTML nor text, by its header or its first bytes.
    ContentType { detail: String },
    /// 204 or 205: the server has nothing to give.
    NoContent { detail: String },
}

impl Skip {
    /// Stable kebab-case name, as counted in reports.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Robots { .. } => "robots",
            Self::ContentType { .. } => "content-type",
            Self::NoContent { .. } => "no-content",
        }
    }

    /// What exactly, for a person.
    pub fn detail(&self) -> &str {
        match self {
            Self::Robots { detail } | Self::ContentType { detail } | Self::NoContent { detail } => detail,
        }
    }
}

impl fmt::Display for Skip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.reason(), self.detail())
    }
}

/// A fetch that did not work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub class: Class,
    /// What went wrong, for a person; names the hop it happened at.
    pub detail: String,
    /// The last status seen, if any.
    pub http_status: Option<u16>,
    /// Likely to pass: worth trying again in the next run.
    pub retry_later: bool,
}

impl Failure {
    /// A failure without a status; whether to try again follows from the class.
    pub(super) fn new(class: Class, detail: impl Into<String>) -> Self {
        Self { class, detail: detail.into(), http_status: None, retry_later: class.is_temporary() }
    }

    pub(super) fn stopped() -> Self {
        Self::new(Class::Stopped, "the run was stopped before an answer came")
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.class, self.detail)
    }
}

/// The kind of a failure, as counted in reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Class {
    /// Not an `http` or `https` URL with a host.
    BadUrl,
    /// The address guard refused the address.
    BlockedAddress,
    /// The name does not exist.
    Dns,
    /// The name could not be looked up just now.
    DnsTemporary,
    /// No connection, or it was closed before a response began.
    Connect,
    /// The TLS handshake or the certificate.
    Tls,
    /// Connecting, the response's head, a pause in the body, or the whole took too long.
    Timeout,
    /// The answer is not HTTP, or its head is broken or too large.
    BadResponse,
    /// The body ended before it was complete.
    Truncated,
    /// An unknown, broken or too deep content coding.
    BadEncoding,
    /// More bytes than `Limits::wire` or `Limits::decoded`.
    TooLarge,
    /// Expands beyond `Limits::ratio`.
    Bomb,
    /// A redirect without a usable `Location`, or to another scheme.
    BadRedirect,
    /// A redirect back to a URL already passed.
    RedirectLoop,
    /// More hops than `Settings::max_redirects`.
    TooManyRedirects,
    /// robots.txt answered 429 or 5xx: the whole host waits.
    RobotsUnreachable,
    /// The host asked for a longer wait than `Settings::retry_after_cap`.
    HostDeferred,
    /// The run was stopped before an answer came.
    Stopped,
    /// A fault of this program.
    Internal,
    /// A status outside 200-299 that is no redirect: `http-404`.
    Http(u16),
}

/// `http-000` to `http-999`, so that a class's name is `'static` without allocation.
static HTTP_NAMES: [[u8; 8]; 1000] = http_names();

const fn http_names() -> [[u8; 8]; 1000] {
    let mut names = [*b"http-000"; 1000];
    let mut code = 0;
    while code < 1000 {
        names[code][5] = b'0' + (code / 100) as u8;
        names[code][6] = b'0' + (code / 10 % 10) as u8;
        names[code][7] = b'0' + (code % 10) as u8;
        code += 1;
    }
    names
}

impl Class {
    /// Stable kebab-case name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BadUrl => "bad-url",
            Self::BlockedAddress => "blocked-address",
            Self::Dns => "dns",
            Self::DnsTemporary => "dns-temporary",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Timeout => "timeout",
            Self::BadResponse => "bad-response",
            Self::Truncated => "truncated",
            Self::BadEncoding => "bad-encoding",
            Self::TooLarge => "too-large",
            Self::Bomb => "bomb",
            Self::BadRedirect => "bad-redirect",
            Self::RedirectLoop => "redirect-loop",
            Self::TooManyRedirects => "too-many-redirects",
            Self::RobotsUnreachable => "robots-unreachable",
            Self::HostDeferred => "host-deferred",
            Self::Stopped => "stopped",
            Self::Internal => "internal",
            Self::Http(code) => HTTP_NAMES
                .get(usize::from(code))
                .and_then(|name| std::str::from_utf8(name).ok())
                .unwrap_or("http-other"),
        }
    }

    /// Likely to pass by itself: tried again within the run, and worth another run.
    pub fn is_temporary(self) -> bool {
        match self {
            Self::DnsTemporary
            | Self::Connect
            | Self::Timeout
            | Self::Truncated
            | Self::RobotsUnreachable
            | Self::HostDeferred
            | Self::Stopped => true,
            Self::Http(code) => matches!(code, 408 | 425 | 429 | 500 | 502 | 503 | 504),
            _ => false,
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Class;

    #[test]
    fn http_classes_are_named_by_their_code() {
        assert_eq!(Class::Http(404).as_str(), "http-404");
        assert_eq!(Class::Http(503).to_string(), "http-503");
        assert_eq!(Class::Http(65_000).as_str(), "http-other");
    }

    #[test]
    fn only_passing_faults_are_tried_again() {
        for code in [408, 425, 429, 500, 502, 503, 504] {
            assert!(Class::Http(code).is_temporary(), "{code}");
        }
        for class in [Class::Http(404), Class::Http(501), Class::Tls, Class::TooLarge, Class::BlockedAddress]
        {
            assert!(!class.is_temporary(), "{class}");
        }
    }
}
