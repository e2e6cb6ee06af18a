//! Redirects: each hop passes the same gates as the first request.

use super::hostile::{Hostile, html, redirect, reply, status};
use super::{assert_class, fetch, get, page, settings, skip};
use tamis::fetch::{Class, Settings};

/// `/hop/N` leads over N redirects to a page.
async fn hops() -> Hostile {
    Hostile::start(|request| match request.path.strip_prefix("/hop/").map(str::parse) {
        Some(Ok(0_u32)) => html("there"),
        Some(Ok(left)) => redirect(&format!("{}#x", left - 1)),
        _ => status(404),
    })
    .await
}

#[tokio::test]
async fn twenty_hops_are_followed_and_the_way_is_kept() {
    let server = hops().await;
    let there = page(get(&server, "/hop/20").await);
    assert_eq!(there.body, b"there");
    assert_eq!(there.requested.as_str(), server.url("/hop/20"));
    assert_eq!(there.url.as_str(), server.url("/hop/0"));
    assert_eq!(there.redirects.len(), 20);
    assert_eq!(there.redirects[0], there.requested);
    assert_eq!(there.redirects[19].as_str(), server.url("/hop/1"));
}

#[tokio::test]
async fn the_twenty_first_hop_is_one_too_many() {
    let server = hops().await;
    assert_class(get(&server, "/hop/21").await, Class::TooManyRedirects);
    assert_eq!(server.paths().len(), 21);
    let one = Settings { max_redirects: 1, ..settings() };
    assert_class(fetch(one, &server.url("/hop/2")).await, Class::TooManyRedirects);
}

#[tokio::test]
async fn circles_are_noticed() {
    let server = Hostile::start(|request| match request.path.as_str() {
        "/self" => redirect("/self#again"),
        "/a" => redirect("/b"),
        "/b" => redirect("/a"),
        _ => status(404),
    })
    .await;
    assert_class(get(&server, "/self").await, Class::RedirectLoop);
    assert_class(get(&server, "/a").await, Class::RedirectLoop);
    assert_eq!(server.paths(), ["/self", "/a", "/b"]);
}

#[tokio::test]
async fn no_redirect_leaves_the_web_or_reaches_inside() {
    let server = Hostile::start(|request| match request.path.as_str() {
        "/file" => redirect("file:///etc/passwd"),
        "/data" => redirect("data:text/html,hello"),
        "/ftp" => redirect("ftp://127.0.0.1/x"),
        "/none" => status(302),
        "/broken" => redirect("http://[/"),
        "/private" => redirect("http://10.0.0.1/"),
        "/metadata" => redirect("http://169.254.169.254/latest/meta-data"),
        "/mapped" => redirect("//[::ffff:10.0.0.1]/"),
        "/name" => redirect("http://inside.test/"),
        _ => status(404),
    })
    .await;
    for path in ["/file", "/data", "/ftp", "/none", "/broken"] {
        assert_class(get(&server, path).await, Class::BadRedirect);
    }
    for path in ["/private", "/metadata", "/mapped", "/name"] {
        let mut settings = settings();
        let inside = "192.168.0.1".parse().expect("an address");
        settings.resolve.push(("inside.test".to_owned(), vec![inside]));
        let failure = assert_class(fetch(settings, &server.url(path)).await, Class::BlockedAddress);
        assert!(!failure.retry_later);
        assert!(
            failure.detail.contains("redirected to") && failure.detail.contains("--allow-net"),
            "{failure}"
        );
    }
}

#[tokio::test]
async fn every_redirect_status_is_followed() {
    let server = Hostile::start(|request| match request.path[1..].parse() {
        Ok(code @ (301 | 302 | 303 | 307 | 308)) => reply(code, &[("Location", "/end?q=\u{e9}")], ""),
        _ if request.path.starts_with("/end") => html("end"),
        _ => status(404),
    })
    .await;
    for code in [301, 302, 303, 307, 308] {
        let end = page(get(&server, &format!("/{code}")).await);
        assert_eq!(end.url.as_str(), server.url("/end?q=%C3%A9"));
    }
}

#[tokio::test]
async fn robots_txt_is_asked_at_every_hop() {
    let server = Hostile::start(|request| match (request.host.as_str(), request.path.as_str()) {
        ("b.test", "/robots.txt") => reply(200, &[], "User-agent: tamis\nDisallow: /secret"),
        ("a.test", "/out") => {
            let port = request.headers["host"].rsplit(':').next().unwrap_or("").to_owned();
            redirect(&format!("http://b.test:{port}/secret"))
        }
        _ => status(404),
    })
    .await;
    let (reason, detail) = skip(fetch(settings(), &server.url_at("a.test", "/out")).await);
    assert_eq!(reason, "robots");
    assert!(detail.contains("b.test") && detail.contains("Disallow: /secret"), "{detail}");
    assert_eq!(server.paths(), ["/out"]);
}
