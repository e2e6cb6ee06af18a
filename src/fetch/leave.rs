//! Asking for leave: a URL's robots.txt, fetched under the same gates as a page, and what it says.

use super::errand::{Again, Errand, Exchange, Fault, mood, redirect_target};
use super::outcome::{Class, Validators, bare};
use super::pace::Mood;
use super::receive::{self, Want};
use super::robots::Robots;
use super::robots_cache::Known;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// Redirects followed to a robots.txt (RFC 9309, 2.3.1.2, asks for five at least).
const ROBOTS_HOPS: usize = 5;

/// What robots.txt says of one URL.
pub(super) enum Leave {
    Given { why: String, crawl_delay: Option<Duration> },
    Refused { why: String },
}

impl Errand<'_> {
    /// What the URL's robots.txt says of it.
    pub(super) async fn leave(&self, url: &Url) -> Result<Leave, Fault> {
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
                // A name without an address has nothing to do with what was asked for.
                if !matches!(failure.class, Class::Dns | Class::DnsTemporary) {
                    failure.detail = format!("robots.txt: {}", failure.detail);
                }
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
