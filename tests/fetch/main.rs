//! Fetching, from outside, against a server that misbehaves on purpose. Only 127.0.0.1 is asked.

#[path = "../support/hostile.rs"]
mod hostile;

mod bodies;
mod driver;
mod gates;
mod heads;
mod lists;
mod politeness;
mod redirects;
mod robots;
mod tls;

use hostile::Hostile;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;
use tamis::fetch::{Class, Failure, Fetcher, Limits, Outcome, Page, Settings, Target, Validators};
use url::Url;

const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// Settings for a server on loopback: no rests, short times, small sizes.
fn settings() -> Settings {
    Settings {
        delay: Duration::ZERO,
        retries: 2,
        retry_base: Duration::from_millis(1),
        allow_net: vec!["127.0.0.0/8".parse().expect("a network")],
        resolve: ["a.test", "b.test", "c.test"].map(|name| (name.to_owned(), vec![LOOPBACK])).to_vec(),
        limits: Limits {
            wire: 256 * 1024,
            decoded: 2 * 1024 * 1024,
            connect: Duration::from_secs(5),
            header: Duration::from_secs(10),
            stall: Duration::from_secs(10),
            total: Duration::from_secs(20),
            ..Limits::default()
        },
        ..Settings::default()
    }
}

/// As [`settings`], where something is meant to take too long.
fn impatient() -> Settings {
    let calm = settings();
    Settings {
        retries: 0,
        limits: Limits {
            header: Duration::from_millis(300),
            stall: Duration::from_millis(300),
            total: Duration::from_millis(900),
            ..calm.limits
        },
        ..calm
    }
}

fn fetcher(settings: Settings) -> Fetcher {
    Fetcher::new(settings).expect("settings that can be fetched with")
}

fn target(address: &str) -> Target {
    Target::new(Url::parse(address).expect("a URL"))
}

async fn fetch(settings: Settings, address: &str) -> Outcome {
    fetcher(settings).fetch(&target(address)).await
}

/// Fetches one path of the server.
async fn get(server: &Hostile, path: &str) -> Outcome {
    fetch(settings(), &server.url(path)).await
}

#[track_caller]
fn page(outcome: Outcome) -> Page {
    match outcome {
        Outcome::Page(page) => page,
        other => panic!("not a page: {other:?}"),
    }
}

#[track_caller]
fn failure(outcome: Outcome) -> Failure {
    match outcome {
        Outcome::Failed(failure) => failure,
        other => panic!("not a failure: {other:?}"),
    }
}

/// The skip's reason and detail.
#[track_caller]
fn skip(outcome: Outcome) -> (&'static str, String) {
    match outcome {
        Outcome::Skipped(skip) => (skip.reason(), skip.detail().to_owned()),
        other => panic!("not skipped: {other:?}"),
    }
}

#[track_caller]
fn assert_class(outcome: Outcome, class: Class) -> Failure {
    let failure = failure(outcome);
    assert_eq!(failure.class, class, "{failure}");
    assert!(!failure.detail.is_empty());
    failure
}

fn validators(etag: &str, last_modified: &str) -> Validators {
    Validators { etag: Some(etag.to_owned()), last_modified: Some(last_modified.to_owned()) }
}
