//! Lists given as a URL.

use super::hostile::{Hostile, html, reply, status, text};
use super::{fetcher, settings};
use std::io::Write;
use tamis::fetch::{Class, Stop, gather};
use url::Url;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gz.write_all(bytes).expect("memory");
    gz.finish().expect("memory")
}

#[tokio::test]
async fn a_sitemap_index_is_followed_to_its_pages() {
    let server = Hostile::start(|request| match request.path.as_str() {
        "/index.xml" => reply(
            200,
            &[("Content-Type", "application/xml")],
            "<sitemapindex><sitemap><loc>/one.xml</loc></sitemap><sitemap><loc>/two.xml.gz</loc></sitemap>
             <sitemap><loc>/missing.xml</loc></sitemap><sitemap><loc>/index.xml</loc></sitemap></sitemapindex>",
        ),
        "/one.xml" => text("<urlset><url><loc>https://s.example/1</loc></url><url><loc>https://s.example/2</loc></url></urlset>"),
        "/two.xml.gz" => reply(
            200,
            &[("Content-Type", "application/x-gzip")],
            gzip(b"<urlset><url><loc>https://s.example/2</loc></url><url><loc>https://s.example/3</loc></url></urlset>"),
        ),
        _ => status(404),
    })
    .await;
    let url = Url::parse(&server.url("/index.xml")).expect("a URL");
    let gathered = gather(&fetcher(settings()), &url, &Stop::new()).await;
    let urls: Vec<String> = gathered.urls().map(Url::to_string).collect();
    assert_eq!(urls, ["https://s.example/1", "https://s.example/2", "https://s.example/3"]);
    assert_eq!(gathered.duplicates, 1);
    let failed: Vec<(&str, Class)> = gathered.failed.iter().map(|(url, f)| (url.path(), f.class)).collect();
    assert_eq!(failed, [("/missing.xml", Class::Http(404))]);
}

#[tokio::test]
async fn what_is_no_list_is_reported() {
    let server = Hostile::start(|request| match request.path.as_str() {
        "/page" => html("<!DOCTYPE html><html>hi</html>"),
        _ => status(404),
    })
    .await;
    let url = Url::parse(&server.url("/page")).expect("a URL");
    let gathered = gather(&fetcher(settings()), &url, &Stop::new()).await;
    assert!(gathered.entries.is_empty());
    assert!(gathered.failed[0].1.detail.contains("HTML page"), "{:?}", gathered.failed);
}
