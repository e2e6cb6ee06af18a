//! One HTTP request, nothing more: connect, send, head, pieces of the body, each within its time.
//! The only module that names `reqwest`; knows no robots.txt, no pace, no retry, no redirect.

mod classify;
mod lookup;

use super::outcome::{Class, Failure, Validators};
use super::settings::{Limits, Settings, SetupError};
use classify::{Phase, classify, innermost};
use lookup::Lookup;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::time::{Instant, timeout};
use url::Url;

/// Stands in for a `Limits::total` beyond what the clock can count.
const A_DAY: Duration = Duration::from_secs(24 * 3600);

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
            deadline: started.checked_add(self.limits.total).unwrap_or(started + A_DAY),
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
        let left = self.deadline.saturating_duration_since(Instant::now());
        let (wait, cause) = if left < self.stall {
            (left, "the whole took too long")
        } else {
            (self.stall, "the body stalled")
        };
        match timeout(wait, self.response.chunk()).await {
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
