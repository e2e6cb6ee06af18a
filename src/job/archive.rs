//! What was received, as WARC 1.1 in gzip, one member a record, so that text can be cleaned again
//! later without fetching. Bodies are kept after content and transfer codings were removed, and the
//! headers that spoke of those codings are renamed, so that every reader understands the record.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use super::books::Fault;
use super::time::{compact, rfc3339};
use crate::fetch::Page;

/// One WARC file per run, begun with the first page.
#[derive(Debug)]
pub(super) struct Archive {
    folder: PathBuf,
    stem: String,
    path: PathBuf,
    agent: String,
    out: Option<BufWriter<File>>,
    written: u64,
}

impl Archive {
    /// An archive in `folder` (made if need be) for the run begun at `started`.
    pub(super) fn in_folder(folder: &Path, started: SystemTime, agent: &str) -> Self {
        let stem = format!("tamis-{}-{}", compact(started), std::process::id());
        Self {
            path: folder.join(format!("{stem}.warc.gz")),
            folder: folder.to_owned(),
            stem,
            agent: agent.to_owned(),
            out: None,
            written: 0,
        }
    }

    /// Appends a page.
    pub(super) fn keep(&mut self, page: &Page) -> Result<(), Fault> {
        self.append(page).map_err(|source| Fault::Write { path: self.path.clone(), source })
    }

    fn append(&mut self, page: &Page) -> io::Result<()> {
        if self.out.is_none() {
            self.out = Some(BufWriter::new(self.begin()?));
            let info = format!(
                "software: tamis/{}\r\nformat: WARC File Format 1.1\r\nuser-agent: {}\r\n",
                env!("CARGO_PKG_VERSION"),
                self.agent
            );
            let date = rfc3339(page.fetched_at);
            self.record("warcinfo", None, &date, "application/warc-fields", info.as_bytes())?;
        }
        let mut block = plain_head(&page.response_head, page.body.len());
        block.extend_from_slice(&page.body);
        let date = rfc3339(page.fetched_at);
        let kind = "application/http;msgtype=response";
        self.record("response", Some(page.url.as_str()), &date, kind, &block)?;
        self.out.as_mut().map_or(Ok(()), Write::flush)
    }

    /// A new file: two runs of one process in one second do not share one.
    fn begin(&mut self) -> io::Result<File> {
        std::fs::create_dir_all(&self.folder)?;
        let mut number = 1;
        loop {
            match File::create_new(&self.path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < 1_000 => {
                    number += 1;
                    let name = format!("{}-{number}.warc.gz", self.stem);
                    self.path = self.folder.join(name);
                }
                result => return result,
            }
        }
    }

    fn record(
        &mut self,
        kind: &str,
        target: Option<&str>,
        date: &str,
        content_type: &str,
        block: &[u8],
    ) -> io::Result<()> {
        let target = target.map_or_else(String::new, |url| format!("WARC-Target-URI: {url}\r\n"));
        self.written += 1;
        let head = format!(
            "WARC/1.1\r\nWARC-Type: {kind}\r\n{target}WARC-Date: {date}\r\nWARC-Record-ID: <urn:uuid:{}>\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
            self.uuid(),
            block.len()
        );
        let Some(out) = &mut self.out else {
            return Ok(());
        };
        let mut member = GzEncoder::new(out, Compression::default());
        member.write_all(head.as_bytes())?;
        member.write_all(block)?;
        member.write_all(b"\r\n\r\n")?;
        member.finish()?;
        Ok(())
    }

    /// A name-based UUID (version 8) from the file's name and the record's number: unique without a
    /// source of randomness.
    fn uuid(&self) -> String {
        let name = format!("{}#{}", self.path.display(), self.written);
        let hash = Sha256::digest(name.as_bytes());
        let mut bytes = [0u8; 16];
        bytes.copy_from_slice(&hash[..16]);
        bytes[6] = (bytes[6] & 0x0f) | 0x80;
        bytes[8] = (bytes[8] & 0x3f) | 0x80;
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
    }
}

/// The response's head for a body of `length` plain bytes.
fn plain_head(head: &[u8], length: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(head.len() + 128);
    for (number, line) in head.split(|byte| *byte == b'\n').enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            continue;
        }
        if number > 0 && speaks_of_coding(line) {
            out.extend_from_slice(b"X-Archive-Orig-");
        }
        out.extend_from_slice(line);
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(format!("Content-Length: {length}\r\n\r\n").as_bytes());
    out
}

fn speaks_of_coding(line: &[u8]) -> bool {
    let name = line.split(|byte| *byte == b':').next().unwrap_or(line);
    [&b"content-length"[..], b"content-encoding", b"transfer-encoding"]
        .iter()
        .any(|coding| name.eq_ignore_ascii_case(coding))
}

#[cfg(test)]
mod tests {
    use super::plain_head;

    #[test]
    fn a_head_speaks_of_the_body_as_it_is_kept() {
        let head = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\nContent-Length: 9\r\ncontent-type: text/html\r\n\r\n";
        let plain = String::from_utf8(plain_head(head, 42)).unwrap();
        assert_eq!(
            plain,
            "HTTP/1.1 200 OK\r\nX-Archive-Orig-content-encoding: gzip\r\nX-Archive-Orig-Content-Length: 9\r\ncontent-type: text/html\r\nContent-Length: 42\r\n\r\n"
        );
    }
}
