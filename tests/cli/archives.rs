//! WARC archives.

use crate::program::{Dir, article, gz};

fn record(kind: &str, target: &str, content_type: &str, block: &[u8]) -> Vec<u8> {
    let mut record = format!(
        "WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {target}\r\n\
         WARC-Date: 2024-11-21T08:00:00Z\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
        block.len()
    )
    .into_bytes();
    record.extend_from_slice(block);
    record.extend_from_slice(b"\r\n\r\n");
    record
}

fn response(target: &str, status: u16, headers: &str, body: &[u8]) -> Vec<u8> {
    let mut block = format!("HTTP/1.1 {status} X\r\n{headers}\r\n\r\n").into_bytes();
    block.extend_from_slice(body);
    record("response", target, "application/http; msgtype=response", &block)
}

const HTML: &str = "Content-Type: text/html; charset=utf-8";

/// Records of every kind that is read, and of some that are not.
pub fn archive() -> Vec<Vec<u8>> {
    let page = article("ferries");
    let latin = page.replace("<title>", "<meta charset=utf-8><title>").replace("village", "V\u{e9}lo");
    let latin: Vec<u8> = latin.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let chunked = format!("{:x}\r\n{page}\r\n0\r\n\r\n", page.len());
    vec![
        record("warcinfo", "", "application/warc-fields", b"software: test\r\n"),
        record("request", "https://example.org/1", "application/http", b"GET /1 HTTP/1.1\r\n\r\n"),
        response("https://example.org/1", 200, HTML, page.as_bytes()),
        response("https://example.org/latin", 200, "content-type: text/html; charset=windows-1252", &latin),
        response("https://example.org/gz", 200, &format!("{HTML}\r\nContent-Encoding: gzip"), &gz(&page)),
        response(
            "https://example.org/chunked",
            200,
            &format!("{HTML}\r\nTransfer-Encoding: chunked"),
            chunked.as_bytes(),
        ),
        response("https://example.org/gone", 404, HTML, page.as_bytes()),
        response("https://example.org/cat.jpg", 200, "Content-Type: image/jpeg", b"\xff\xd8\xff\xe0"),
        record("resource", "<https://example.org/resource>", "text/html", page.as_bytes()),
        record("conversion", "https://example.org/wet", "text/plain", b"The text is about ferries only.\n"),
        record("metadata", "https://example.org/1", "application/warc-fields", b"a: b\r\n"),
    ]
}

const TARGETS: [&str; 6] = [
    "https://example.org/1",
    "https://example.org/latin",
    "https://example.org/gz",
    "https://example.org/chunked",
    "https://example.org/resource",
    "https://example.org/wet",
];

#[test]
fn pages_come_out_of_archives_plain_and_compressed() {
    let dir = Dir::new();
    let plain = archive().concat();
    let members: Vec<u8> = archive().iter().flat_map(gz).collect();
    dir.write("a.warc", &plain)
        .write("b.warc.gz", &members)
        .write("c", &members)
        .write("d.warc.gz", gz(&plain));
    let first = dir.run(&["clean", "--format", "jsonl", "a.warc"]);
    assert_eq!(first.code, 0);
    assert_eq!(first.field("source"), TARGETS);
    assert_eq!(first.field("url"), TARGETS);
    assert!(first.field("text").iter().all(|text| text.contains("ferries")), "{}", first.out);
    assert!(first.records()[1]["text"].as_str().is_some_and(|text| text.contains('V')));
    assert!(first.err.contains("passed over: 1 WARC records"), "{}", first.err);
    assert!(first.err.contains("passed over: 1 WARC responses"), "{}", first.err);
    for other in ["b.warc.gz", "c", "d.warc.gz"] {
        assert_eq!(dir.run(&["clean", "--format", "jsonl", other]).out, first.out, "{other}");
    }
    let stdin = dir.run_with(&["clean", "--format", "jsonl"], &members);
    assert_eq!(stdin.out, first.out);
}

#[test]
fn damaged_records_are_named_and_the_next_is_found() {
    let dir = Dir::new();
    let page = article("ferries");
    let good = |n: u8| response(&format!("https://example.org/{n}"), 200, HTML, page.as_bytes());
    let mut bytes = good(1);
    bytes.extend(
        b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: https://example.org/none\r\n\r\njunk\r\n",
    );
    bytes.extend(good(2));
    bytes.extend(b"some bytes that belong to nobody\n\n\n");
    bytes.extend(good(3));
    bytes.extend(record("response", "https://example.org/empty", "application/http", b"not HTTP"));
    bytes.extend(good(4));
    let last = good(5);
    bytes.extend(&last[..last.len() - 40]);
    dir.write("a.warc", bytes);
    let run = dir.run(&["clean", "--format", "jsonl", "a.warc"]);
    assert_eq!(run.code, 1);
    let expected = [
        "https://example.org/1",
        "https://example.org/none",
        "https://example.org/2",
        "a.warc:4",
        "https://example.org/3",
        "https://example.org/empty",
        "https://example.org/4",
        "https://example.org/5",
    ];
    assert_eq!(run.field("source"), expected);
    let failed: Vec<bool> = run.field("verdict").iter().map(|verdict| verdict == "error").collect();
    assert_eq!(failed, [false, true, false, true, false, true, false, true]);
    assert!(run.err.contains("it ends after"), "{}", run.err);
}

#[test]
fn charset_comes_from_the_http_header() {
    let dir = Dir::new();
    let body = "<html><body><p>Le caf\u{e9} du port a ferm\u{e9} hier soir, et personne ne sait quand il \
                rouvrira ses portes aux habitants.</p></body></html>";
    let latin: Vec<u8> = body.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let header = "Content-Type: text/html; charset=iso-8859-1";
    let archive = response("https://example.org/cafe", 200, header, &latin);
    let inputs: Vec<_> = {
        dir.write("a.warc", archive);
        tamis::input::Inputs::new(vec![dir.path().join("a.warc")]).collect()
    };
    let [Ok(document)] = &inputs[..] else { panic!("{inputs:?}") };
    assert_eq!(document.charset.as_deref(), Some("iso-8859-1"));
    assert_eq!(document.bytes, latin);
}
