//! One HTTP request, nothing more: connect, send, head, pieces of the body, each within its time.
//! The only module that names `reqwest`; knows no robots.txt, no pace, no retry, no redirect.

use super::guard::{self, Blocked, Cidr};
use super::outcome::{Class, Failure, Validators};
use super::settings::{Limits, Settings, SetupError};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use std::collections::HashMap;
use std::error::Error;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::time::{Instant, timeout, timeout_at};
use url::Url;

/// Sends requests.
#[derive(Debug)]
pub(super) struct Client {
    verified: reqwest::Client,
    /// For hosts whose certificates are not to be verified.
    unverified: Option<reqwest::Client>,
    insecure_hosts: Vec<String>,
    user_agent: HeaderValue,
    limits: Limits,
}

/// A response whose head has come and whose body has not.
pub(super) struct Incoming {
    response: reqwest::Response,
    deadline: Instant,
    stall: Duration,
    /// From the start of the request to the end of the head.
    pub answer_time: Duration,
    pub arrived: SystemTime,
    pub request_head: Vec<u8>,
}

impl Client {
    pub fn new(settings: &Settings) -> Result<Self, SetupError> {
        let user_agent = HeaderValue::from_str(&settings.user_agent)
            .ok()
            .filter(|_| !super::robots::product_token(&settings.user_agent).is_empty())
            .ok_or_else(|| SetupError::UserAgent { given: settings.user_agent.clone() })?;
        // Fails only where a provider is installed already, which then is the one used.
        let _ = rustls::crypto::ring::default_provider().install_default();
        for net in &settings.allow_net {
            tracing::warn!(%net, "addresses in this network are fetched though they are not public");
        }
        for host in &settings.insecure_hosts {
            tracing::warn!(host, "TLS certificates of this host are not verified");
        }
        let unverified = if settings.insecure_hosts.is_empty() {
            None
        } else {
            let client = builder(settings).tls_danger_accept_invalid_certs(true).build();
            Some(client.map_err(|error| setup(&error))?)
        };
        Ok(Self {
            verified: verified(settings)?,
            unverified,
            insecure_hosts: settings.insecure_hosts.iter().map(|host| host.to_ascii_lowercase()).collect(),
            user_agent,
            limits: settings.limits,
        })
    }

    /// Sends one GET and waits for the head of its response. No redirect is followed.
    pub async fn get(
        &self,
        url: &Url,
        accept: &'static str,
        validators: &Validators,
    ) -> Result<Incoming, Failure> {
        let mut headers = HeaderMap::new();
        let mut set = |name: HeaderName, value: Option<HeaderValue>| {
            if let Some(value) = value {
                headers.insert(name, value);
            }
        };
        set(reqwest::header::USER_AGENT, Some(self.user_agent.clone()));
        set(reqwest::header::ACCEPT, Some(HeaderValue::from_static(accept)));
        set(reqwest::header::ACCEPT_ENCODING, Some(HeaderValue::from_static("gzip, deflate, br, zstd")));
        set(reqwest::header::IF_NONE_MATCH, header_value(&validators.etag));
        set(reqwest::header::IF_MODIFIED_SINCE, header_value(&validators.last_modified));

        let started = Instant::now();
        let request_head = request_head(url, &headers);
        let request = self.client_for(url).get(url.clone()).headers(headers);
        let response = match timeout(self.limits.header, request.send()).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Err(classify(error, Phase::Head)),
            Err(_) => {
                return Err(Failure::new(
                    Class::Timeout,
                    format!("no response head within {} s", self.limits.header.as_secs_f32()),
                ));
            }
        };
        Ok(Incoming {
            response,
            deadline: started + self.limits.total,
            stall: self.limits.stall,
            answer_time: started.elapsed(),
            arrived: SystemTime::now(),
            request_head,
        })
    }

    fn client_for(&self, url: &Url) -> &reqwest::Client {
        let listed = |host: &str| self.insecure_hosts.iter().any(|listed| listed == host);
        match (&self.unverified, url.host_str()) {
            (Some(client), Some(host)) if listed(host) => client,
            _ => &self.verified,
        }
    }
}

impl Incoming {
    pub fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    pub fn remote(&self) -> Option<SocketAddr> {
        self.response.remote_addr()
    }

    /// The header's value, several lines joined with commas; bytes beyond ASCII read as Latin-1.
    pub fn header(&self, name: &str) -> Option<String> {
        let mut all: Option<String> = None;
        for value in self.response.headers().get_all(name) {
            let text: String = value.as_bytes().iter().map(|b| char::from(*b)).collect();
            all = Some(match all {
                Some(before) => before + ", " + &text,
                None => text,
            });
        }
        all
    }

    /// The first line of the header.
    pub fn first_header(&self, name: &str) -> Option<String> {
        let value = self.response.headers().get(name)?;
        Some(value.as_bytes().iter().map(|b| char::from(*b)).collect())
    }

    /// A `Location` may hold raw UTF-8.
    pub fn location(&self) -> Option<String> {
        let value = self.response.headers().get(reqwest::header::LOCATION)?;
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    }

    pub fn content_length(&self) -> Option<u64> {
        self.first_header("content-length")?.trim().parse().ok()
    }

    /// Status line and headers, as a WARC response record begins.
    pub fn response_head(&self) -> Vec<u8> {
        let status = self.response.status();
        let mut head = format!(
            "{:?} {} {}\r\n",
            self.response.version(),
            status.as_u16(),
            status.canonical_reason().unwrap_or("")
        )
        .into_bytes();
        push_headers(&mut head, self.response.headers());
        head
    }

    /// The next piece of the body as on the wire, `None` at its end.
    pub async fn piece(&mut self) -> Result<Option<impl AsRef<[u8]> + use<>>, Failure> {
        let now = Instant::now();
        let (until, cause) = if self.deadline < now + self.stall {
            (self.deadline, "the whole took too long")
        } else {
            (now + self.stall, "the body stalled")
        };
        match timeout_at(until, self.response.chunk()).await {
            Ok(Ok(piece)) => Ok(piece),
            Ok(Err(error)) => Err(classify(error, Phase::Body)),
            Err(_) => Err(Failure::new(Class::Timeout, cause)),
        }
    }
}

fn header_value(text: &Option<String>) -> Option<HeaderValue> {
    text.as_deref().and_then(|text| HeaderValue::from_str(text).ok())
}

fn request_head(url: &Url, headers: &HeaderMap) -> Vec<u8> {
    let mut head = format!("GET {}", url.path());
    if let Some(query) = url.query() {
        head += "?";
        head += query;
    }
    head += " HTTP/1.1\r\nhost: ";
    head += url.host_str().unwrap_or("");
    if let Some(port) = url.port() {
        head += &format!(":{port}");
    }
    head += "\r\n";
    let mut head = head.into_bytes();
    push_headers(&mut head, headers);
    head
}

fn push_headers(head: &mut Vec<u8>, headers: &HeaderMap) {
    for (name, value) in headers {
        head.extend(name.as_str().as_bytes());
        head.extend(b": ");
        head.extend(value.as_bytes());
        head.extend(b"\r\n");
    }
    head.extend(b"\r\n");
}

fn builder(settings: &Settings) -> reqwest::ClientBuilder {
    let limits = &settings.limits;
    reqwest::Client::builder()
        // A proxy from the environment would connect where the guard cannot see.
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .connect_timeout(limits.connect)
        .http1_max_headers(limits.headers)
        .http2_max_header_list_size(256 * 1024)
        .pool_max_idle_per_host(settings.per_host.max(1))
        .pool_idle_timeout(Duration::from_secs(30))
        .tcp_keepalive(None)
        .dns_resolver(Arc::new(Lookup::new(settings)))
}

fn verified(settings: &Settings) -> Result<reqwest::Client, SetupError> {
    builder(settings).build().or_else(|error| {
        // A machine without CA certificates can still fetch http; https then fails as `tls`.
        tracing::warn!(
            error = innermost(&error),
            "no TLS certificate can be verified; install your system's ca-certificates to fetch https"
        );
        let client = builder(settings).tls_certs_only(std::iter::empty()).build();
        client.map_err(|error| setup(&error))
    })
}

fn setup(error: &reqwest::Error) -> SetupError {
    SetupError::Client { detail: innermost(error) }
}

/// Name lookup that gives out only addresses that may be asked.
struct Lookup {
    allowed: Arc<[Cidr]>,
    fixed: Arc<HashMap<String, Vec<IpAddr>>>,
}

impl Lookup {
    fn new(settings: &Settings) -> Self {
        let fixed = settings
            .resolve
            .iter()
            .map(|(name, addresses)| (name.to_ascii_lowercase(), addresses.clone()))
            .collect();
        Self { allowed: settings.allow_net.clone().into(), fixed: Arc::new(fixed) }
    }
}

/// A name without an address.
#[derive(Debug)]
struct LookupError {
    temporary: bool,
    text: String,
}

impl fmt::Display for LookupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Error for LookupError {}

impl Resolve for Lookup {
    fn resolve(&self, name: Name) -> Resolving {
        let (allowed, fixed) = (self.allowed.clone(), self.fixed.clone());
        Box::pin(async move {
            let name = name.as_str().trim_end_matches('.').to_ascii_lowercase();
            let found: Vec<IpAddr> = match fixed.get(&name) {
                Some(addresses) => addresses.clone(),
                None => look_up(&name).await?,
            };
            let mut blocked: Option<Blocked> = None;
            let mut open = Vec::new();
            for address in found {
                match guard::check(address, &allowed) {
                    Ok(()) => open.push(SocketAddr::new(address, 0)),
                    Err(error) => blocked = Some(error),
                }
            }
            if !open.is_empty() {
                let addresses: Addrs = Box::new(open.into_iter());
                return Ok(addresses);
            }
            Err(match blocked {
                Some(error) => error.into(),
                None => LookupError { temporary: false, text: "the name has no address".to_owned() }.into(),
            })
        })
    }
}

async fn look_up(name: &str) -> Result<Vec<IpAddr>, LookupError> {
    match tokio::net::lookup_host((name, 0)).await {
        Ok(found) => Ok(found.map(|socket| socket.ip()).collect()),
        Err(error) => {
            let text = error.to_string();
            // The resolver's code is lost in `io::Error`; glibc's and musl's words for EAI_AGAIN remain.
            let temporary = text.contains("Temporary failure") || text.contains("Try again");
            Err(LookupError { temporary, text })
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Head,
    Body,
}

fn classify(error: reqwest::Error, phase: Phase) -> Failure {
    let text = innermost(&error);
    let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
    while let Some(link) = cause {
        if let Some(class) = class_of(link, phase) {
            return Failure::new(class, text);
        }
        // An `io::Error` hides the error it wraps from `source`.
        let hidden = link
            .downcast_ref::<std::io::Error>()
            .and_then(|io| io.get_ref())
            .map(|inner| inner as &(dyn Error + 'static));
        if let Some(class) = hidden.and_then(|inner| class_of(inner, phase)) {
            return Failure::new(class, text);
        }
        cause = link.source();
    }
    let class = if error.is_timeout() {
        Class::Timeout
    } else if phase == Phase::Body {
        Class::Truncated
    } else if error.is_connect() {
        Class::Connect
    } else if error.is_builder() {
        Class::BadUrl
    } else {
        Class::BadResponse
    };
    Failure::new(class, text)
}

fn class_of(error: &(dyn Error + 'static), phase: Phase) -> Option<Class> {
    if error.is::<Blocked>() {
        return Some(Class::BlockedAddress);
    }
    if let Some(lookup) = error.downcast_ref::<LookupError>() {
        return Some(if lookup.temporary { Class::DnsTemporary } else { Class::Dns });
    }
    if error.is::<rustls::Error>() {
        return Some(Class::Tls);
    }
    if let Some(http) = error.downcast_ref::<hyper::Error>() {
        if phase == Phase::Body {
            return None;
        }
        if http.is_parse() {
            return Some(Class::BadResponse);
        }
        if http.is_incomplete_message() || http.is_closed() || http.is_canceled() {
            return Some(Class::Connect);
        }
    }
    if let Some(io) = error.downcast_ref::<std::io::Error>()
        && phase == Phase::Head
    {
        use std::io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
        if matches!(io.kind(), ConnectionReset | ConnectionAborted | BrokenPipe | UnexpectedEof) {
            return Some(Class::Connect);
        }
    }
    None
}

/// The last word of a chain of errors: the one that says what happened. Never names the URL.
fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut last = error;
    while let Some(next) = last.source() {
        last = next;
    }
    last.to_string()
}
