//! robots.txt: what each kind of answer to it means for the pages.

use super::hostile::{Act, Hostile, Reply, html, raw, redirect, reply, status, text};
use super::{assert_class, fetch, fetcher, get, impatient, page, settings, skip, target};
use std::io::Write;
use tamis::fetch::{Class, Settings};

/// A server with pages everywhere and this robots.txt.
async fn with_robots(answer: impl Fn() -> Reply + Send + Sync + 'static) -> Hostile {
    Hostile::start(move |request| match request.path.as_str() {
        "/robots.txt" => answer(),
        _ => html("page"),
    })
    .await
}

#[tokio::test]
async fn rules_are_followed_and_the_decision_is_kept() {
    let server = with_robots(|| text("User-agent: tamis\nDisallow: /no\nAllow: /no/but\n")).await;
    let fetcher = fetcher(settings());
    let (reason, detail) = skip(fetcher.fetch(&target(&server.url("/no/x"))).await);
    assert_eq!((reason, detail.as_str()), ("robots", "disallowed: line 2, Disallow: /no"));
    let allowed = page(fetcher.fetch(&target(&server.url("/no/but"))).await);
    assert_eq!(allowed.robots, "allowed: line 3, Allow: /no/but");
    let free = page(fetcher.fetch(&target(&server.url("/"))).await);
    assert_eq!(free.robots, "allowed: no rule matches");
    page(fetcher.fetch(&target(&server.url("/robots.txt"))).await);
    // Asked for once, whatever the number of pages; the last one was a page itself.
    let asked = server.requests().iter().filter(|r| r.path == "/robots.txt").count();
    assert_eq!(asked, 2);
    assert_eq!(server.paths(), ["/no/but", "/"]);
}

#[tokio::test]
async fn another_user_agent_finds_its_own_rules() {
    let server = with_robots(|| text("User-agent: my-bot\nAllow: /\n\nUser-agent: *\nDisallow: /\n")).await;
    assert_eq!(skip(get(&server, "/").await).0, "robots");
    let mine = Settings { user_agent: "my-bot/2 (+https://example.org/bot)".to_owned(), ..settings() };
    page(fetch(mine, &server.url("/")).await);
}

#[tokio::test]
async fn no_file_means_no_rules() {
    for code in [400, 401, 403, 404, 410, 418] {
        let server = with_robots(move || status(code)).await;
        let page = page(get(&server, "/").await);
        assert!(page.robots.contains(&code.to_string()), "{}", page.robots);
    }
}

#[tokio::test]
async fn a_host_in_trouble_is_left_alone() {
    for code in [429, 500, 503, 599] {
        let server = with_robots(move || status(code)).await;
        let fetcher = fetcher(settings());
        for path in ["/1", "/2"] {
            let failure =
                assert_class(fetcher.fetch(&target(&server.url(path))).await, Class::RobotsUnreachable);
            assert!(failure.retry_later && failure.detail.contains(&code.to_string()), "{failure}");
            assert_eq!(failure.http_status, Some(code));
        }
        assert!(server.paths().is_empty());
        assert!(server.requests().len() <= 3, "asked {} times", server.requests().len());
    }
}

#[tokio::test]
async fn trouble_that_passes_is_forgotten() {
    let server = Hostile::start(|request| match (request.path.as_str(), request.nth) {
        ("/robots.txt", 1) => status(503),
        ("/robots.txt", _) => text("User-agent: *\nDisallow: /no"),
        _ => html("page"),
    })
    .await;
    page(get(&server, "/yes").await);
    assert_eq!(skip(get(&server, "/no").await).0, "robots");
}

#[tokio::test]
async fn a_file_that_never_comes_is_a_host_that_cannot_be_asked() {
    let server = with_robots(|| vec![Act::Hang]).await;
    let failure = assert_class(fetch(impatient(), &server.url("/")).await, Class::Timeout);
    assert!(failure.detail.starts_with("robots.txt: ") && failure.retry_later, "{failure}");
    let server = with_robots(|| raw("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nUser-agent")).await;
    assert_class(fetch(impatient(), &server.url("/")).await, Class::Timeout);
    assert!(server.paths().is_empty());
}

#[tokio::test]
async fn strange_files_are_survived() {
    let huge = || {
        let mut file = b"User-agent: *\nDisallow: /no\n".to_vec();
        file.extend(b"# filler filler filler\n".repeat(500_000));
        reply(200, &[], file)
    };
    let coded = |bytes: &[u8]| {
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gz.write_all(bytes).expect("memory");
        reply(200, &[("Content-Encoding", "gzip")], gz.finish().expect("memory"))
    };
    let endless = || {
        vec![
            Act::Send(b"HTTP/1.1 200 OK\r\n\r\nUser-agent: *\nDisallow: /no\n".to_vec()),
            Act::Forever(b"# more\n".repeat(1000)),
        ]
    };
    for server in [
        with_robots(huge).await,
        with_robots(endless).await,
        with_robots(move || coded(b"User-agent: *\nDisallow: /no\n")).await,
        with_robots(move || coded(&[b"User-agent: *\nDisallow: /no\n", &vec![b' '; 50 << 20][..]].concat()))
            .await,
        with_robots(|| {
            let wide = "User-agent: *\nDisallow: /no\n".encode_utf16().flat_map(u16::to_le_bytes);
            reply(200, &[], [vec![0xff, 0xfe], wide.collect()].concat())
        })
        .await,
    ] {
        assert_eq!(skip(get(&server, "/no").await).0, "robots");
        page(get(&server, "/yes").await);
    }
    let soft_404 = with_robots(|| html("<!DOCTYPE html><html>Not found. Disallow: /</html>")).await;
    page(get(&soft_404, "/no").await);
}

#[tokio::test]
async fn a_redirected_file_counts_for_the_host_that_redirects() {
    let server = Hostile::start(|request| match request.path.as_str() {
        "/robots.txt" if request.host == "a.test" => redirect("/r/4"),
        "/robots.txt" if request.host == "b.test" => redirect("/r/9"),
        "/robots.txt" if request.host == "c.test" => redirect("http://10.0.0.1/robots.txt"),
        "/r/0" => text("User-agent: *\nDisallow: /no"),
        path => match path.strip_prefix("/r/").map(str::parse::<u32>) {
            Some(Ok(left)) => redirect(&format!("/r/{}", left - 1)),
            _ => html("page"),
        },
    })
    .await;
    assert_eq!(skip(fetch(settings(), &server.url_at("a.test", "/no")).await).0, "robots");
    for host in ["b.test", "c.test"] {
        let page = page(fetch(settings(), &server.url_at(host, "/no")).await);
        assert_eq!(page.robots, "allowed: robots.txt redirects nowhere");
    }
}
