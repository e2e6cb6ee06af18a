//! One request at a time per host, rests between them, hosts side by side: as the server sees it.

use super::hostile::{Act, Hostile, Request, html, reply, status, text};
use super::{fetcher, page, settings, target};
use std::sync::Arc;
use std::time::Duration;
use tamis::fetch::{Fetcher, Settings};
use tokio::sync::Barrier;

/// From the end of each answer to the begin of the next request of the same host.
fn gaps(requests: &[Request], host: &str) -> Vec<Duration> {
    let of_host: Vec<&Request> = requests.iter().filter(|r| r.host == host).collect();
    of_host.windows(2).map(|pair| pair[1].begun.saturating_duration_since(pair[0].begun)).collect()
}

async fn fetch_all(fetcher: &Fetcher, addresses: Vec<String>) {
    let tasks: Vec<_> = addresses
        .into_iter()
        .map(|address| {
            let fetcher = fetcher.clone();
            tokio::spawn(async move { page(fetcher.fetch(&target(&address)).await) })
        })
        .collect();
    for task in tasks {
        task.await.expect("fetched");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_sees_one_request_at_a_time_and_its_rests() {
    let server = Hostile::start(|request| match request.path.as_str() {
        "/robots.txt" => status(404),
        _ => html("page"),
    })
    .await;
    let delay = Duration::from_millis(60);
    let fetcher = fetcher(Settings { delay, ..settings() });
    let addresses = (0..6).map(|n| server.url_at("a.test", &format!("/{n}"))).collect();
    fetch_all(&fetcher, addresses).await;
    assert_eq!(server.most_at_once("a.test"), 1);
    let gaps = gaps(&server.requests(), "a.test");
    assert_eq!(gaps.len(), 6, "robots.txt and six pages");
    assert!(gaps.iter().all(|gap| *gap >= delay), "{gaps:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn hosts_do_not_wait_for_each_other() {
    // No answer comes before all three hosts are being asked.
    let all = Arc::new(Barrier::new(3));
    let server = Hostile::start(move |request| match request.path.as_str() {
        "/robots.txt" => status(404),
        _ => [vec![Act::Meet(all.clone())], html("page")].concat(),
    })
    .await;
    let addresses = ["a.test", "b.test", "c.test"].map(|host| server.url_at(host, "/")).to_vec();
    fetch_all(&fetcher(settings()), addresses).await;
    assert_eq!(server.paths().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_connections_are_used_where_two_are_allowed() {
    let both = Arc::new(Barrier::new(2));
    let server = Hostile::start(move |request| match request.path.as_str() {
        "/robots.txt" => status(404),
        _ => [vec![Act::Meet(both.clone())], html("page")].concat(),
    })
    .await;
    let fetcher = fetcher(Settings { per_host: 2, ..settings() });
    let addresses = (0..4).map(|n| server.url_at("a.test", &format!("/{n}"))).collect();
    fetch_all(&fetcher, addresses).await;
    assert_eq!(server.most_at_once("a.test"), 2);
}

#[tokio::test]
async fn crawl_delay_is_kept_up_to_its_cap() {
    let server = Hostile::start(|request| match (request.host.as_str(), request.path.as_str()) {
        ("a.test", "/robots.txt") => text("User-agent: *\nCrawl-delay: 0.1"),
        ("b.test", "/robots.txt") => text("User-agent: *\nCrawl-delay: 86400"),
        _ => html("page"),
    })
    .await;
    let cap = Duration::from_millis(200);
    let fetcher = fetcher(Settings { max_crawl_delay: cap, ..settings() });
    for (host, least) in [("a.test", Duration::from_millis(100)), ("b.test", cap)] {
        for path in ["/1", "/2", "/3"] {
            page(fetcher.fetch(&target(&server.url_at(host, path))).await);
        }
        let gaps = gaps(&server.requests(), host);
        // The file itself is asked for before its wish is known.
        assert!(gaps[1..].iter().all(|gap| *gap >= least), "{host}: {gaps:?}");
    }
}

#[tokio::test]
async fn a_host_in_distress_is_given_longer_rests() {
    let server = Hostile::start(|request| match (request.path.as_str(), request.nth) {
        ("/x", 1..=3) => reply(500, &[], ""),
        ("/robots.txt", _) => status(404),
        _ => html("page"),
    })
    .await;
    let settings = Settings { delay: Duration::from_millis(40), retries: 3, ..settings() };
    page(fetcher(settings).fetch(&target(&server.url("/x"))).await);
    let gaps = gaps(&server.requests(), "127.0.0.1");
    for (gap, least) in gaps[1..].iter().zip([80, 160, 320]) {
        assert!(*gap >= Duration::from_millis(least), "{gaps:?}");
    }
}
