//! What is never asked: addresses inside, URLs that are none, names that do not exist.

use super::hostile::{Hostile, html};
use super::{LOOPBACK, assert_class, fetch, page, settings};
use tamis::fetch::{Class, Fetcher, Settings, SetupError};
use tokio::net::TcpListener;

#[tokio::test]
async fn without_leave_nothing_inside_is_asked() {
    let server = Hostile::start(|_| html("inside")).await;
    let port = server.address.port();
    let guarded = || Settings {
        allow_net: Vec::new(),
        resolve: vec![
            ("localhost".to_owned(), vec![LOOPBACK]),
            ("rebind.test".to_owned(), vec![LOOPBACK, "::1".parse().expect("an address")]),
        ],
        ..settings()
    };
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.1",
        "0177.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:10.0.0.1]",
        "0.0.0.0",
        "10.0.0.1",
        "localhost",
        "LOCALHOST.",
        "rebind.test",
    ] {
        let failure =
            assert_class(fetch(guarded(), &format!("http://{host}:{port}/")).await, Class::BlockedAddress);
        assert!(failure.detail.contains("--allow-net"), "{failure}");
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn leave_reaches_as_far_as_it_says() {
    let server = Hostile::start(|_| html("inside")).await;
    let only = |net: &str| Settings { allow_net: vec![net.parse().expect("a network")], ..settings() };
    let by_number = format!("http://2130706433:{}/", server.address.port());
    page(fetch(only("127.0.0.1"), &by_number).await);
    assert_class(fetch(only("127.0.0.2/32"), &by_number).await, Class::BlockedAddress);
    assert_class(fetch(only("10.0.0.0/8"), &server.url_at("a.test", "/")).await, Class::BlockedAddress);
}

#[tokio::test]
async fn a_name_with_one_public_face_is_asked_there_only() {
    let server = Hostile::start(|_| html("allowed")).await;
    let settings = Settings {
        resolve: vec![("two.test".to_owned(), vec!["10.0.0.1".parse().expect("an address"), LOOPBACK])],
        ..settings()
    };
    let page = page(fetch(settings, &server.url_at("two.test", "/")).await);
    assert_eq!(page.remote, Some(server.address));
}

#[tokio::test]
async fn names_and_ports_without_an_answer_are_told_apart() {
    let nowhere = Settings { resolve: vec![("gone.test".to_owned(), Vec::new())], ..settings() };
    let failure = assert_class(fetch(nowhere, "http://gone.test/").await, Class::Dns);
    assert!(!failure.retry_later);

    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
    let closed = listener.local_addr().expect("bound");
    drop(listener);
    let failure = assert_class(fetch(settings(), &format!("http://{closed}/")).await, Class::Connect);
    assert!(failure.retry_later);
}

#[tokio::test]
async fn only_the_web_is_fetched() {
    for address in ["file:///etc/passwd", "data:text/html,x", "ftp://127.0.0.1/", "mailto:a@b.example"] {
        let failure = assert_class(fetch(settings(), address).await, Class::BadUrl);
        assert!(failure.detail.contains("http"), "{failure}");
    }
}

#[test]
fn a_user_agent_that_cannot_be_sent_is_refused_at_once() {
    for given in ["", "a\r\nb", "123", "(hidden)"] {
        let settings = Settings { user_agent: given.to_owned(), ..Settings::default() };
        let error = Fetcher::new(settings).map(|_| ()).expect_err(given);
        assert!(matches!(&error, SetupError::UserAgent { given: named } if named == given));
        assert!(error.to_string().contains("mybot/1.0"));
    }
}

#[tokio::test]
async fn absurd_settings_are_survived() {
    use std::time::Duration;
    use tamis::fetch::Limits;
    let server = Hostile::start(|_| html("page")).await;
    let settings = Settings {
        max_crawl_delay: Duration::MAX,
        retry_base: Duration::MAX,
        retry_after_cap: Duration::MAX,
        per_host: usize::MAX,
        jobs: 0,
        limits: Limits {
            ratio: 0,
            connect: Duration::MAX,
            header: Duration::MAX,
            stall: Duration::MAX,
            total: Duration::MAX,
            ..Limits::default()
        },
        ..settings()
    };
    page(fetch(settings, &server.url("/robots.txt")).await);
    let never = Settings { delay: Duration::MAX, ..super::settings() };
    page(fetch(never, &server.url("/robots.txt")).await);
}
