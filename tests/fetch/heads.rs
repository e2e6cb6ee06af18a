//! What comes before the body: status lines, headers, times, retries, conditional requests.

use super::hostile::{Act, Hostile, html, raw, reply, status, text};
use super::{assert_class, fetch, fetcher, get, impatient, page, settings, skip, target, validators};
use std::time::{Duration, SystemTime};
use tamis::fetch::{Class, Outcome, Settings, Target};

#[tokio::test]
async fn a_page_comes_with_all_that_is_known_of_it() {
    let server = Hostile::start(|request| match request.path.as_str() {
        "/page?q=1" => reply(
            200,
            &[
                ("Content-Type", "text/html; charset=utf-8"),
                ("ETag", "W/\"1\""),
                ("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT"),
            ],
            "<p>h\u{e9}",
        ),
        _ => status(404),
    })
    .await;
    let before = SystemTime::now();
    let address = server.url("/page?q=1#part").replace("http://", "http://user:secret@");
    let page = page(fetch(settings(), &address).await);
    assert_eq!(page.requested.as_str(), server.url("/page?q=1"));
    assert_eq!(page.url, page.requested);
    assert_eq!(page.status, 200);
    assert_eq!(page.content_type.as_deref(), Some("text/html; charset=utf-8"));
    assert_eq!(page.body, "<p>h\u{e9}".as_bytes());
    assert_eq!(page.validators, validators("W/\"1\"", "Sun, 06 Nov 1994 08:49:37 GMT"));
    assert_eq!(page.robots, "allowed: robots.txt answered 404");
    assert!(page.fetched_at >= before && page.redirects.is_empty());
    assert_eq!(page.wire_bytes, 6);
    assert_eq!(page.remote, Some(server.address));
    let request = String::from_utf8(page.request_head).expect("text");
    let response = String::from_utf8(page.response_head).expect("text");
    assert!(request.starts_with("GET /page?q=1 HTTP/1.1\r\nhost: 127.0.0.1:"), "{request}");
    assert!(!request.contains("secret") && request.ends_with("\r\n\r\n"));
    assert!(response.starts_with("HTTP/1.1 200 OK\r\n"), "{response}");
    assert!(response.contains("content-type: text/html") && response.ends_with("\r\n\r\n"));
    for seen in server.requests() {
        assert!(seen.headers["user-agent"].starts_with("tamis/"), "{seen:?}");
        // Only the page itself is asked for with the credentials.
        assert_eq!(seen.headers.contains_key("authorization"), seen.path != "/robots.txt");
    }
}

#[tokio::test]
async fn broken_heads_are_named_and_not_tried_again() {
    let server = Hostile::start(|request| match request.path.as_str() {
        "/no-status" => raw("<html>hello</html>\r\n\r\n"),
        "/bad-status" => raw("HTTP/1.1 2x0 OK\r\n\r\n"),
        "/no-colon" => raw("HTTP/1.1 200 OK\r\nthis is no header\r\n\r\nbody"),
        "/nul" => raw("HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\nbody"),
        "/big-header" => raw(format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\nbody", "x".repeat(1 << 20))),
        "/too-many" => raw(format!("HTTP/1.1 200 OK\r\n{}\r\nbody", "X: y\r\n".repeat(1001))),
        "/length-nan" => raw("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nbody"),
        "/length-twice" => raw("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nbody!"),
        _ => status(404),
    })
    .await;
    for path in [
        "/no-status",
        "/bad-status",
        "/no-colon",
        "/nul",
        "/big-header",
        "/too-many",
        "/length-nan",
        "/length-twice",
    ] {
        let failure = assert_class(get(&server, path).await, Class::BadResponse);
        assert!(!failure.retry_later, "{path}");
        let asked = server.paths().iter().filter(|seen| *seen == path).count();
        assert_eq!(asked, 1, "{path}");
    }
}

#[tokio::test]
async fn a_thousand_headers_are_fine() {
    let server = Hostile::start(|request| match request.path.as_str() {
        "/many" => {
            let head = (0..990).map(|n| format!("X-{n}: y\r\n")).collect::<String>();
            raw(format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n{head}\r\nbody"))
        }
        _ => status(404),
    })
    .await;
    assert_eq!(page(get(&server, "/many").await).body, b"body");
}

#[tokio::test]
async fn silence_and_slow_heads_time_out() {
    let server = Hostile::start(|request| match request.path.as_str() {
        "/silent" => vec![Act::Hang],
        "/half" => vec![Act::Send(b"HTTP/1.1 200 OK\r\nX-A: ".to_vec()), Act::Hang],
        "/drip" => vec![
            Act::Send(b"HTTP/1.1 200 OK\r\nX-A: ".to_vec()),
            Act::Drip(b"x".to_vec(), Duration::from_millis(20)),
        ],
        _ => status(404),
    })
    .await;
    for path in ["/silent", "/half", "/drip"] {
        let failure = assert_class(fetch(impatient(), &server.url(path)).await, Class::Timeout);
        assert!(failure.retry_later && failure.detail.contains("head"), "{failure}");
    }
}

#[tokio::test]
async fn a_connection_closed_without_a_word_is_tried_again() {
    let server = Hostile::start(|request| match (request.path.as_str(), request.nth) {
        ("/flaky", 1 | 2) => vec![Act::Close],
        ("/flaky", _) => html("at last"),
        ("/never", _) => vec![Act::Close],
        _ => status(404),
    })
    .await;
    assert_eq!(page(get(&server, "/flaky").await).body, b"at last");
    let failure = assert_class(get(&server, "/never").await, Class::Connect);
    assert!(failure.retry_later);
    assert_eq!(server.paths().iter().filter(|path| *path == "/never").count(), 3);
}

#[tokio::test]
async fn passing_statuses_are_tried_again_and_final_ones_are_not() {
    let server = Hostile::start(|request| match (request.path.as_str(), request.nth) {
        ("/503", 1) => status(503),
        ("/503", _) => html("up"),
        ("/robots.txt", _) => status(404),
        (path, _) => status(path[1..].parse().unwrap_or(404)),
    })
    .await;
    assert_eq!(page(get(&server, "/503").await).body, b"up");
    for (code, tries) in [
        (500, 3),
        (429, 3),
        (408, 3),
        (404, 1),
        (410, 1),
        (403, 1),
        (401, 1),
        (501, 1),
        (400, 1),
        (300, 1),
        (304, 1),
    ] {
        let failure = assert_class(get(&server, &format!("/{code}")).await, Class::Http(code));
        assert_eq!(failure.http_status, Some(code));
        assert_eq!(failure.retry_later, tries > 1, "{code}");
        assert_eq!(failure.class.as_str(), format!("http-{code}"));
        let asked = server.paths().iter().filter(|path| **path == format!("/{code}")).count();
        assert_eq!(asked, tries, "{code}");
    }
}

#[tokio::test]
async fn retry_after_is_obeyed_by_the_whole_host() {
    let server = Hostile::start(|request| match (request.path.as_str(), request.nth) {
        ("/soon", 1) => reply(503, &[("Retry-After", "1")], ""),
        ("/past", 1) => reply(429, &[("Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT")], ""),
        ("/nonsense", 1) => reply(429, &[("Retry-After", "after lunch")], ""),
        ("/robots.txt", _) => status(404),
        _ => html("ok"),
    })
    .await;
    for path in ["/past", "/nonsense", "/soon"] {
        assert_eq!(page(get(&server, path).await).body, b"ok", "{path}");
    }
    let asked: Vec<_> = server.requests().into_iter().filter(|r| r.path == "/soon").collect();
    assert!(asked[1].begun - asked[0].begun >= Duration::from_millis(990));
}

#[tokio::test]
async fn too_long_a_retry_after_leaves_the_host_for_the_next_run() {
    for wish in ["121", "99999999999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"] {
        let server = Hostile::start(move |request| match request.path.as_str() {
            "/busy" => reply(429, &[("Retry-After", wish)], ""),
            "/robots.txt" => status(404),
            _ => html("ok"),
        })
        .await;
        let fetcher = fetcher(settings());
        let failure = assert_class(fetcher.fetch(&target(&server.url("/busy"))).await, Class::Http(429));
        assert!(failure.retry_later && failure.detail.contains("next run"), "{failure}");
        let failure = assert_class(fetcher.fetch(&target(&server.url("/other"))).await, Class::HostDeferred);
        assert!(failure.retry_later);
        assert_eq!(server.paths(), ["/busy"], "{wish}");
    }
}

#[tokio::test]
async fn a_hosts_rest_survives_a_restart() {
    let server = Hostile::start(|request| match request.path.as_str() {
        "/busy" => reply(503, &[("Retry-After", "300")], ""),
        _ => status(404),
    })
    .await;
    let first = fetcher(Settings { retries: 0, ..settings() });
    assert_class(first.fetch(&target(&server.url("/busy"))).await, Class::Http(503));
    let resting = first.resting_hosts();
    assert_eq!(resting.len(), 1);
    let left = resting[0].not_before.duration_since(SystemTime::now()).expect("in the future");
    assert!((200..=300).contains(&left.as_secs()), "{left:?}");

    let second = fetcher(settings());
    second.restore(&resting);
    assert_class(second.fetch(&target(&server.url("/x"))).await, Class::HostDeferred);
    assert_eq!(server.paths(), ["/busy"]);
}

#[tokio::test]
async fn validators_are_sent_and_a_304_is_believed() {
    let server = Hostile::start(|request| match request.path.as_str() {
        "/page" if request.headers.get("if-none-match").is_some_and(|v| v == "\"1\"") => {
            reply(304, &[("ETag", "\"1\"")], "")
        }
        "/page" => html("new"),
        _ => status(404),
    })
    .await;
    let fetcher = fetcher(settings());
    let mut asked = Target {
        validators: validators("\"1\"", "Sun, 06 Nov 1994 08:49:37 GMT"),
        ..target(&server.url("/page"))
    };
    match fetcher.fetch(&asked).await {
        Outcome::NotModified { url, validators: kept, .. } => {
            assert_eq!(url, asked.url);
            assert_eq!(kept, asked.validators);
        }
        other => panic!("{other:?}"),
    }
    let sent = server.requests().pop().expect("a request");
    assert_eq!(sent.headers["if-modified-since"], "Sun, 06 Nov 1994 08:49:37 GMT");
    assert!(
        server.requests().iter().all(|r| r.path != "/robots.txt" || !r.headers.contains_key("if-none-match"))
    );

    asked.validators.etag = Some("\"0\"".to_owned());
    assert_eq!(page(fetcher.fetch(&asked).await).body, b"new");
    // What cannot be a header is left out, not sent and not fatal.
    asked.validators.etag = Some("a\r\nX: y".to_owned());
    assert_eq!(page(fetcher.fetch(&asked).await).body, b"new");
}

#[tokio::test]
async fn another_host_does_not_see_the_validators() {
    let server = Hostile::start(|request| match (request.host.as_str(), request.path.as_str()) {
        (_, "/robots.txt") => status(404),
        ("a.test", _) => {
            let port = request.headers["host"].rsplit(':').next().unwrap_or("").to_owned();
            reply(301, &[("Location", &format!("http://b.test:{port}/"))], "")
        }
        _ => html("b"),
    })
    .await;
    let asked = Target { validators: validators("\"1\"", "x"), ..target(&server.url_at("a.test", "/")) };
    page(fetcher(settings()).fetch(&asked).await);
    for request in server.requests().iter().filter(|r| r.path == "/") {
        assert_eq!(request.headers.contains_key("if-none-match"), request.host == "a.test");
    }
}

#[tokio::test]
async fn no_content_is_skipped() {
    let server = Hostile::start(|request| match request.path.as_str() {
        "/204" => raw("HTTP/1.1 204 No Content\r\n\r\n"),
        "/empty" => text(""),
        _ => status(404),
    })
    .await;
    assert_eq!(skip(get(&server, "/204").await).0, "no-content");
    assert!(page(get(&server, "/empty").await).body.is_empty());
}
