use super::{Entry, Format, List, parse};
use proptest::prelude::{any, prop, proptest};
use std::io::Write;
use url::Url;

fn urls(list: &List) -> Vec<&str> {
    list.urls().map(Url::as_str).collect()
}

fn base() -> Url {
    Url::parse("https://site.example/feeds/main.xml").expect("a URL")
}

#[test]
fn a_text_list_takes_what_people_write() {
    let text = "\u{feff}# my list\r\nhttps://a.example/1\r\n\r\n  https://a.example/2#part \r\n\
                https://a.example/3 # why\rhttps://a.example/2\nhttps://a.example/x#y#z\n";
    let list = parse(text.as_bytes(), None);
    assert_eq!(list.format, Format::Text);
    assert_eq!(
        urls(&list),
        ["https://a.example/1", "https://a.example/2", "https://a.example/3", "https://a.example/x"]
    );
    assert_eq!(list.duplicates, 1);
    assert_eq!(list.broken, None);
}

#[test]
fn invalid_lines_are_reported_with_their_number_and_reason() {
    let text = "https://ok.example/\nwww.example.org/page\nftp://x.example/\n\nhttps://a b/\nhttp://\n\
                mailto:me@x.example\nhttp://user:secret@[bad/\n";
    let list = parse(text.as_bytes(), Some(&base()));
    let invalid: Vec<(usize, &str, &str)> = list
        .entries
        .iter()
        .filter_map(|entry| match entry {
            Entry::Invalid { line, text, why } => Some((*line, text.as_str(), why.as_str())),
            Entry::Url { .. } | Entry::Repeated { .. } => None,
        })
        .collect();
    let lines: Vec<usize> = invalid.iter().map(|(line, _, _)| *line).collect();
    assert_eq!(lines, [2, 3, 5, 6, 7, 8]);
    assert!(invalid[0].2.contains("https://"), "{invalid:?}");
    assert!(invalid[1].2.contains("ftp"), "{invalid:?}");
    assert!(!invalid[5].1.contains("secret"), "{invalid:?}");
    assert_eq!(urls(&list), ["https://ok.example/"]);
}

#[test]
fn utf16_lists_are_read() {
    let text = "https://a.example/é\r\nhttps://b.example/\r\n";
    let mut bytes = vec![0xff, 0xfe];
    bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    let list = parse(&bytes, None);
    assert_eq!(urls(&list), ["https://a.example/%C3%A9", "https://b.example/"]);
}

#[test]
fn feeds_of_every_kind_give_their_links() {
    let rss = r#"<?xml version="1.0"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>
        <link>https://site.example/</link><atom:link href="https://site.example/feed" rel="self"/>
        <image><url>https://site.example/logo.png</url><link>https://site.example/</link></image>
        <item><title>one</title><link> https://site.example/a?x=1&amp;y=2 </link></item>
        <item><link><![CDATA[https://site.example/b?x=1&y=2]]></link><guid>https://site.example/other</guid></item>
        <item><guid>https://site.example/c</guid></item>
        <item><guid isPermaLink="false">https://site.example/no</guid></item>
        <item><link>../d</link></item>
        </channel></rss>"#;
    let list = parse(rss.as_bytes(), Some(&base()));
    assert_eq!(list.format, Format::Rss);
    assert_eq!(
        urls(&list),
        [
            "https://site.example/a?x=1&y=2",
            "https://site.example/b?x=1&y=2",
            "https://site.example/c",
            "https://site.example/d"
        ]
    );

    let rdf = r#"<rdf:RDF xmlns:rdf="r"><channel><link>https://s.example/</link></channel>
        <item rdf:about="x"><link>https://s.example/1</link></item></rdf:RDF>"#;
    assert_eq!(urls(&parse(rdf.as_bytes(), None)), ["https://s.example/1"]);

    let atom = r#"<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://s.example/base/">
        <link href="https://s.example/"/>
        <entry><link rel="enclosure" href="x.mp3"/><link rel="alternate" href="1?a=b&#38;c"/></entry>
        <entry><link href="/2"/><source><link href="/not"/></source></entry></feed>"#;
    let list = parse(atom.as_bytes(), None);
    assert_eq!(list.format, Format::Atom);
    assert_eq!(urls(&list), ["https://s.example/base/1?a=b&c", "https://s.example/2"]);

    let json = r#"{"version":"https://jsonfeed.org/version/1.1","items":[
        {"id":"1","url":"https://s.example/1"},{"id":"2","external_url":"https://t.example/"},{"id":"3"}]}"#;
    let list = parse(json.as_bytes(), None);
    assert_eq!(list.format, Format::JsonFeed);
    assert_eq!(urls(&list), ["https://s.example/1", "https://t.example/"]);
}

#[test]
fn sitemaps_and_their_indexes_are_told_apart() {
    let sitemap = r#"<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="i">
<url><loc>https://s.example/1</loc><image:image><image:loc>https://s.example/1.png</image:loc></image:image></url>
<url><loc>
  https://s.example/2 </loc></url>
<url><lastmod>2024-01-01</lastmod></url>
<url><loc>https://s.example/1</loc></url>
</urlset>"#;
    let list = parse(sitemap.as_bytes(), None);
    assert_eq!(list.format, Format::Sitemap);
    assert_eq!(urls(&list), ["https://s.example/1", "https://s.example/2"]);
    assert_eq!(list.duplicates, 1);
    assert!(
        matches!(&list.entries[2], Entry::Invalid { line: 6, why, .. } if why.contains("<loc>")),
        "{:?}",
        list.entries
    );

    let index = "<sitemapindex><sitemap><loc>https://s.example/1.xml.gz</loc></sitemap></sitemapindex>";
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(index.as_bytes()).expect("memory");
    let list = parse(&gz.finish().expect("memory"), None);
    assert_eq!(list.format, Format::SitemapIndex);
    assert_eq!(list.nested.len(), 1);
    assert!(list.entries.is_empty());
}

#[test]
fn what_is_no_list_says_so_and_what_was_read_is_kept() {
    for (bytes, word) in [
        (&b"<!DOCTYPE html><html><body>hi</body></html>"[..], "HTML page"),
        (b"<opml/>", "neither feed nor sitemap"),
        (b"{\"a\":1}", "items"),
        (b"{", "JSON"),
        (b"\x1f\x8b\x08broken", "gzip"),
        (b"<urlset><url><loc>https://s.example/", "ends early"),
        (b"<urlset><url><loc>https://s.example/1</loc></url><url <", "XML"),
    ] {
        let list = parse(bytes, None);
        let broken = list.broken.as_deref().unwrap_or("");
        assert!(broken.contains(word), "{broken:?} should speak of {word:?}");
    }
    let cut = parse(b"<urlset><url><loc>https://s.example/1</loc></url><url>", None);
    assert_eq!(urls(&cut), ["https://s.example/1"]);
}

#[test]
fn latin1_feeds_are_decoded_by_their_declaration() {
    let feed = b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><rss><item><link>https://s.example/\xe9</link></item></rss>";
    assert_eq!(urls(&parse(feed, None)), ["https://s.example/%C3%A9"]);
}

#[test]
fn a_deeply_nested_feed_is_cut_not_followed() {
    let deep = "<rss>".to_owned() + &"<a>".repeat(100_000);
    let list = parse(deep.as_bytes(), None);
    assert!(list.broken.is_some_and(|why| why.contains("deeper")));
}

proptest! {
    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = parse(&bytes, None);
    }

    #[test]
    fn any_markup_is_survived(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "<rss>", "<feed>", "<urlset>", "<sitemapindex>", "<url>", "<item>", "<entry>", "<link>",
                "</link>", "<loc>", "</url>", "</item>", "<link href='x'/>", "&amp;", "&#0;", "&#x41;",
                "<![CDATA[", "]]>", "<!--", "-->", "<?xml", "https://a/", "\n", "é", "<", ">",
            ]),
            0..40,
        )
    ) {
        let list = parse(pieces.concat().as_bytes(), Some(&base()));
        for url in list.urls() {
            assert!(matches!(url.scheme(), "http" | "https"));
        }
    }

    #[test]
    fn line_breaks_do_not_matter(count in 0_usize..20, eol in prop::sample::select(vec!["\n", "\r\n", "\r"])) {
        let text: String = (0..count).map(|n| format!("https://a.example/{n}{eol}")).collect();
        let list = parse(text.as_bytes(), None);
        assert_eq!(list.urls().count(), count);
        for (index, entry) in list.entries.iter().enumerate() {
            assert!(matches!(entry, Entry::Url { line, .. } if *line == index + 1));
        }
    }
}
