//! Bodies: codings, bombs, lengths that lie, bodies without an end, contents that are no text.

use super::hostile::{Act, Hostile, Reply, html, raw, reply, status};
use super::{assert_class, fetch, get, impatient, page, settings, skip};
use std::io::Write;
use std::time::Duration;
use tamis::fetch::{Class, Settings};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gz.write_all(bytes).expect("memory");
    gz.finish().expect("memory")
}

fn brotli(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut br = brotli::CompressorWriter::new(&mut out, 4096, 5, 22);
    br.write_all(bytes).expect("memory");
    drop(br);
    out
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).expect("memory")
}

fn coded(coding: &str, body: &[u8]) -> Reply {
    reply(200, &[("Content-Type", "text/html"), ("Content-Encoding", coding)], body)
}

const TEXT: &str = "<p>words and words and words and words";

#[tokio::test]
async fn codings_are_undone() {
    let server = Hostile::start(|request| match request.path.as_str() {
        "/gzip" => coded("gzip", &gzip(TEXT.as_bytes())),
        "/br" => coded("br", &brotli(TEXT.as_bytes())),
        "/zstd" => coded("zstd", &zstd(TEXT.as_bytes())),
        "/both" => coded("gzip, br", &brotli(&gzip(TEXT.as_bytes()))),
        "/identity" => coded("identity", TEXT.as_bytes()),
        _ => status(404),
    })
    .await;
    for path in ["/gzip", "/br", "/zstd", "/both", "/identity"] {
        let kept = Settings { keep_wire: true, ..settings() };
        let page = page(fetch(kept, &server.url(path)).await);
        assert_eq!(page.body, TEXT.as_bytes(), "{path}");
        assert_eq!(page.wire.map(|wire| wire.len() as u64), Some(page.wire_bytes), "{path}");
    }
    let accepted = &server.requests()[0].headers["accept-encoding"];
    assert!(["gzip", "br", "zstd", "deflate"].iter().all(|c| accepted.contains(c)), "{accepted}");
}

#[tokio::test]
async fn bombs_and_broken_codings_are_named() {
    let server = Hostile::start(|request| match request.path.as_str() {
        "/bomb-gzip" => coded("gzip", &gzip(&vec![0; 50 << 20])),
        "/bomb-br" => coded("br", &brotli(&vec![0; 50 << 20])),
        "/bomb-zstd" => coded("zstd", &zstd(&vec![0; 50 << 20])),
        "/bomb-nested" => coded("gzip, gzip", &gzip(&gzip(&vec![0; 50 << 20]))),
        "/unknown" => coded("lzma", b"x"),
        "/deep" => coded("gzip, gzip, gzip, gzip", b"x"),
        "/plain" => coded("gzip", b"<p>not gzip at all"),
        "/cut" => {
            let packed = gzip(TEXT.as_bytes());
            coded("gzip", &packed[..packed.len() - 6])
        }
        _ => status(404),
    })
    .await;
    for (path, class) in [
        ("/bomb-gzip", Class::Bomb),
        ("/bomb-br", Class::Bomb),
        ("/bomb-zstd", Class::Bomb),
        ("/bomb-nested", Class::Bomb),
        ("/unknown", Class::BadEncoding),
        ("/deep", Class::BadEncoding),
        ("/plain", Class::BadEncoding),
        ("/cut", Class::Truncated),
    ] {
        let failure = assert_class(get(&server, path).await, class);
        assert_eq!(failure.http_status, Some(200), "{path}");
    }
}

#[tokio::test]
async fn lengths_that_lie_are_noticed() {
    let page_of = |length: &str| {
        raw(format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {length}\r\n\r\n<p>12345"))
    };
    let server = Hostile::start(move |request| match request.path.as_str() {
        "/long" => [page_of("100"), vec![Act::Close]].concat(),
        "/short" => page_of("4"),
        "/chunks" => vec![
            Act::Send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<p>12\r\n".to_vec()),
            Act::Close,
        ],
        "/bad-chunk" => raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nno\r\n"),
        _ => status(404),
    })
    .await;
    for path in ["/long", "/chunks", "/bad-chunk"] {
        let failure = assert_class(get(&server, path).await, Class::Truncated);
        assert!(failure.retry_later);
        // Worth another try, since the rest may come the next time.
        assert_eq!(server.paths().iter().filter(|seen| *seen == path).count(), 3, "{path}");
    }
    assert_eq!(page(get(&server, "/short").await).body, b"<p>1");
    assert_eq!(page(get(&server, "/short").await).body, b"<p>1");
}

#[tokio::test]
async fn bodies_without_an_end_are_cut() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n".to_vec();
    let server = Hostile::start(move |request| {
        let with = |rest: &[u8], act: Act| vec![Act::Send([&head[..], rest].concat()), act];
        match request.path.as_str() {
            "/endless" => with(b"\r\n", Act::Forever(vec![b'x'; 8192])),
            "/chunks" => {
                with(b"Transfer-Encoding: chunked\r\n\r\n", Act::Forever(b"1\r\nx\r\n".repeat(1000)))
            }
            "/announced" => with(b"Content-Length: 99999999\r\n\r\n", Act::Hang),
            _ => status(404),
        }
    })
    .await;
    for path in ["/endless", "/chunks", "/announced"] {
        let failure = assert_class(get(&server, path).await, Class::TooLarge);
        assert!(!failure.retry_later);
        assert_eq!(server.paths().iter().filter(|seen| *seen == path).count(), 1, "{path}");
    }
}

#[tokio::test]
async fn slow_bodies_time_out() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nx".to_vec();
    let server = Hostile::start(move |request| match request.path.as_str() {
        "/stall" => vec![Act::Send(head.clone()), Act::Hang],
        "/drip" => vec![Act::Send(head.clone()), Act::Drip(b"x".to_vec(), Duration::from_millis(20))],
        _ => status(404),
    })
    .await;
    for (path, word) in [("/stall", "stalled"), ("/drip", "whole")] {
        let failure = assert_class(fetch(impatient(), &server.url(path)).await, Class::Timeout);
        assert!(failure.detail.contains(word), "{failure}");
        assert_eq!(failure.http_status, Some(200));
    }
}

#[tokio::test]
async fn what_is_no_text_is_skipped_by_header_or_by_content() {
    let server = Hostile::start(|request| match request.path.as_str() {
        "/pdf" => {
            vec![Act::Send(b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n".to_vec()), Act::Hang]
        }
        "/lie" => html(&format!("%PDF-1.4\n{}", "x".repeat(2000))),
        "/short-lie" => html("%PDF-1.4"),
        "/coded-lie" => coded("gzip", &gzip(b"\x89PNG\r\n\x1a\n\0\0\0")),
        "/unsaid" => raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nsome text"),
        "/octets" => reply(200, &[("Content-Type", "application/octet-stream")], b"\x00\x01\x02"),
        "/text" => reply(200, &[("Content-Type", "application/octet-stream")], "plain words"),
        "/feed" => reply(200, &[("Content-Type", "application/xml")], "<?xml version='1.0'?><rss/>"),
        "/xhtml" => reply(200, &[("Content-Type", "text/xml")], "<?xml version='1.0'?><html/>"),
        _ => status(404),
    })
    .await;
    for path in ["/pdf", "/lie", "/short-lie", "/coded-lie", "/octets", "/feed"] {
        let (reason, detail) = skip(get(&server, path).await);
        assert_eq!(reason, "content-type", "{path}");
        assert!(!detail.is_empty(), "{path}");
    }
    for path in ["/unsaid", "/text", "/xhtml"] {
        page(get(&server, path).await);
    }
}

#[tokio::test]
async fn one_bad_page_does_not_harm_the_next() {
    let server = Hostile::start(|request| match request.path.as_str() {
        "/bad" => raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfiverHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged"),
        "/good" => html("good"),
        _ => status(404),
    })
    .await;
    let fetcher = super::fetcher(settings());
    for (path, body) in [("/good", "good"), ("/bad", "fiver"), ("/good", "good"), ("/good", "good")] {
        let page = page(fetcher.fetch(&super::target(&server.url(path))).await);
        assert_eq!(page.body, body.as_bytes(), "{path}");
    }
}
