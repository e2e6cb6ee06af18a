//! The demo's site and the least HTTP/1.1 server that can serve it, on loopback. Not for anything else.

use sha2::{Digest, Sha256};
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Path, content type, body; `{{base}}` in a body stands for the site's address.
type Entry = (&'static str, &'static str, &'static str);

const HTML: &str = "text/html; charset=utf-8";
const XML: &str = "application/xml";

macro_rules! entry {
    ($path:literal, $file:literal, $kind:expr) => {
        ($path, $kind, include_str!(concat!("../../../fixtures/site", $file)))
    };
    ($path:literal, $kind:expr) => {
        entry!($path, $path, $kind)
    };
}

const SITE: &[Entry] = &[
    entry!("/robots.txt", "text/plain; charset=utf-8"),
    entry!("/sitemap.xml", XML),
    entry!("/feed.xml", "application/rss+xml"),
    entry!("/fr/actualite/pont-des-tanneurs.html", HTML),
    entry!("/fr/a-la-une/pont-des-tanneurs.html", HTML),
    entry!("/fr/actualite/pont-des-tanneurs-mise-a-jour.html", HTML),
    entry!("/fr/cuisine/soupe-de-potiron.html", HTML),
    entry!("/fr/actualite/", "/fr/actualite/index.html", HTML),
    entry!("/en/news/night-market.html", HTML),
    entry!("/en/news/seed-library.html", HTML),
    entry!("/en/news/harbour-walk.html", HTML),
    entry!("/de/nachrichten/stadtbad.html", HTML),
    entry!("/es/noticias/huertos-de-la-noria.html", HTML),
    entry!("/ar/akhbar/maktaba.html", HTML),
    entry!("/zh/xinwen/zhubian.html", HTML),
    entry!("/ru/novosti/melnitsa.html", HTML),
    entry!("/prive/brouillon.html", HTML),
];

/// The largest request head that is read.
const LONGEST_HEAD: usize = 16 * 1024;
/// A client that says nothing for this long is let go.
const PATIENCE: Duration = Duration::from_secs(10);

/// Serves the site until the runtime ends; returns its address, such as `http://127.0.0.1:40123`.
pub(super) async fn serve() -> io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let base: Arc<str> = format!("http://{}", listener.local_addr()?).into();
    let address = base.to_string();
    tokio::spawn(async move {
        loop {
            // A connection that failed before it began is its client's business.
            let Ok((stream, _)) = listener.accept().await else {
                continue;
            };
            let base = Arc::clone(&base);
            tokio::spawn(async move {
                let _ = tokio::time::timeout(PATIENCE, answer(stream, &base)).await;
            });
        }
    });
    Ok(address)
}

async fn answer(mut stream: TcpStream, base: &str) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && head.len() < LONGEST_HEAD {
        if stream.read_buf(&mut head).await? == 0 {
            return Ok(());
        }
    }
    let response = respond(&String::from_utf8_lossy(&head), base);
    stream.write_all(response.as_bytes()).await?;
    stream.shutdown().await
}

fn respond(head: &str, base: &str) -> String {
    let mut lines = head.lines();
    let path = lines.next().and_then(|line| line.split(' ').nth(1));
    let found = SITE.iter().find(|(name, ..)| Some(*name) == path);
    let Some((_, kind, body)) = found else {
        let body = "<!DOCTYPE html><title>Not Found</title><h1>Not Found</h1>";
        return message("404 Not Found", HTML, "", body);
    };
    let body = body.replace("{{base}}", base);
    let tag = tag(&body);
    let known = lines.any(|line| {
        line.split_once(':')
            .is_some_and(|(name, value)| name.eq_ignore_ascii_case("if-none-match") && value.trim() == tag)
    });
    let tag = format!("ETag: {tag}\r\n");
    match known {
        true => format!("HTTP/1.1 304 Not Modified\r\n{tag}Connection: close\r\n\r\n"),
        false => message("200 OK", kind, &tag, &body),
    }
}

fn message(status: &str, kind: &str, more: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n{more}Connection: close\r\n\r\n{body}",
        body.len()
    )
}

fn tag(body: &str) -> String {
    let hash = Sha256::digest(body.as_bytes());
    let hex: String = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{hex}\"")
}

#[cfg(test)]
mod tests {
    use super::respond;

    #[test]
    fn a_page_is_served_with_its_address_and_then_not_again() {
        let first = respond("GET /sitemap.xml HTTP/1.1\r\n\r\n", "http://here");
        assert!(first.starts_with("HTTP/1.1 200 OK\r\n"));
        assert!(first.contains("<loc>http://here/en/news/night-market.html</loc>"));
        assert!(!first.contains("{{base}}"));
        let tag = first.lines().find_map(|line| line.strip_prefix("ETag: "));
        let asked = format!("GET /sitemap.xml HTTP/1.1\r\nif-none-match: {}\r\n\r\n", tag.unwrap());
        assert!(respond(&asked, "http://here").starts_with("HTTP/1.1 304 "));
    }

    #[test]
    fn what_is_not_there_is_404_and_nonsense_too() {
        for head in ["GET /x HTTP/1.1\r\n\r\n", "", "GET", "\u{0}\r\n\r\n"] {
            assert!(respond(head, "http://here").starts_with("HTTP/1.1 404 "));
        }
    }
}
