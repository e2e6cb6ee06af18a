//! Bytes of a list -> the URLs in it: text with a URL a line, RSS, Atom, JSON Feed, sitemap or
//! sitemap index, each gzipped or not, told apart by content. Pure; fetches nothing.

mod json;
mod text;
mod xml;

use crate::fetch::decompress::{Caps, Decoder};
use std::collections::HashSet;
use url::Url;

/// A gzipped list may expand to this: the sitemap protocol's largest file, twice.
const MOST_BYTES: u64 = 100 * 1024 * 1024;
/// A longer URL is reported as invalid.
const LONGEST_URL: usize = 8192;
/// Characters of an invalid entry that are shown.
const SHOWN: usize = 200;

/// What a list turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One URL a line.
    Text,
    /// RSS 0.9x, 1.0 or 2.0.
    Rss,
    Atom,
    JsonFeed,
    Sitemap,
    /// Names further sitemaps: they are in [`List::nested`].
    SitemapIndex,
}

/// One entry, in the order of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// An `http` or `https` URL, without its fragment.
    Url {
        url: Url,
        /// 1 for the first line.
        line: usize,
    },
    /// A URL that stands earlier in the list already.
    Repeated { url: Url, line: usize },
    /// What stands where a URL should, and why it is none.
    Invalid {
        line: usize,
        /// At most 200 characters of it; credentials are not shown.
        text: String,
        why: String,
    },
}

/// A list as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    pub format: Format,
    /// A URL that stands several times is [`Entry::Url`] at its first place only.
    pub entries: Vec<Entry>,
    /// How many entries repeat an earlier one.
    pub duplicates: usize,
    /// Sitemaps named by a sitemap index.
    pub nested: Vec<Url>,
    /// The list could not be read to its end; what was read before is given. Why.
    pub broken: Option<String>,
}

impl List {
    /// The URLs alone.
    pub fn urls(&self) -> impl Iterator<Item = &Url> {
        self.entries.iter().filter_map(|entry| match entry {
            Entry::Url { url, .. } => Some(url),
            Entry::Repeated { .. } | Entry::Invalid { .. } => None,
        })
    }
}

/// Reads a list. `base`: where it came from; links in feeds may be relative to it.
pub fn parse(bytes: &[u8], base: Option<&Url>) -> List {
    let mut collected = Collected::default();
    let mut opened = Vec::new();
    let bytes = if bytes.starts_with(b"\x1f\x8b") {
        if let Err(why) = gunzip(bytes, &mut opened) {
            collected.broken = Some(why);
        }
        opened.as_slice()
    } else {
        bytes
    };
    let format = read(bytes, base, &mut collected);
    List {
        format,
        entries: collected.entries,
        duplicates: collected.duplicates,
        nested: collected.nested,
        broken: collected.broken,
    }
}

fn read(bytes: &[u8], base: Option<&Url>, into: &mut Collected) -> Format {
    let text = xml::decode(bytes);
    let start = text.trim_start();
    if start.starts_with('<') {
        return xml::read(&text, base, into);
    }
    if start.starts_with('{') {
        return json::read(&text, base, into);
    }
    // Further on it is one bad line of a list.
    if text.chars().take(SHOWN).any(|c| c == '\0') {
        let why = "this is neither text nor a feed or sitemap; give a file with one URL a line";
        into.broken.get_or_insert_with(|| why.to_owned());
        return Format::Text;
    }
    text::read(&text, into);
    Format::Text
}

fn gunzip(bytes: &[u8], out: &mut Vec<u8>) -> Result<(), String> {
    let caps = Caps {
        decoded: MOST_BYTES,
        // Sitemaps repeat themselves; the size is what counts here.
        ratio: u64::MAX,
        codings: 1,
    };
    let mut decoder = Decoder::new("gzip", caps).map_err(|error| error.to_string())?;
    decoder.push(bytes, out).map_err(|error| error.to_string())?;
    decoder.end().map_err(|error| error.to_string())
}

/// What a reader found so far.
#[derive(Debug, Default)]
struct Collected {
    entries: Vec<Entry>,
    seen: HashSet<Url>,
    duplicates: usize,
    nested: Vec<Url>,
    broken: Option<String>,
}

impl Collected {
    /// Takes what stands in the place of a URL.
    fn take(&mut self, line: usize, text: &str, base: Option<&Url>) {
        match usable(text, base) {
            Ok(url) => {
                if self.seen.insert(url.clone()) {
                    self.entries.push(Entry::Url { url, line });
                } else {
                    self.duplicates += 1;
                    self.entries.push(Entry::Repeated { url, line });
                }
            }
            Err(why) => self.refuse(line, text, why),
        }
    }

    /// Takes what stands in the place of a nested sitemap's URL.
    fn nest(&mut self, line: usize, text: &str, base: Option<&Url>) {
        match usable(text, base) {
            Ok(url) => {
                if self.seen.insert(url.clone()) {
                    self.nested.push(url);
                } else {
                    self.duplicates += 1;
                }
            }
            Err(why) => self.refuse(line, text, why),
        }
    }

    fn refuse(&mut self, line: usize, text: &str, why: String) {
        self.entries.push(Entry::Invalid { line, text: shown(text), why });
    }
}

/// A URL to fetch, or why this is none.
fn usable(text: &str, base: Option<&Url>) -> Result<Url, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("empty; write a URL".to_owned());
    }
    if text.len() > LONGEST_URL {
        return Err(format!("longer than {LONGEST_URL} bytes"));
    }
    if text.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err("contains a space or control character; write it as %20".to_owned());
    }
    let parsed = match base {
        Some(base) => base.join(text),
        None => Url::parse(text),
    };
    let mut url = parsed.map_err(|error| match error {
        url::ParseError::RelativeUrlWithoutBase => "no scheme; write it in full, with https://".to_owned(),
        error => format!("not a URL ({error})"),
    })?;
    if !matches!(url.scheme(), "http" | "https") {
        // `example.org:8080/x` parses as scheme `example.org`.
        return Err(format!("scheme {:?} is not fetched; only http:// and https:// are", url.scheme()));
    }
    url.set_fragment(None);
    Ok(url)
}

/// The text shortened, and without what may be a password.
fn shown(text: &str) -> String {
    let text = text.trim();
    let text = match (text.find("://"), text.find('@')) {
        (Some(scheme), Some(at)) if scheme < at => {
            format!("{}…{}", &text[..scheme + 3], &text[at..])
        }
        _ => text.to_owned(),
    };
    text.chars().take(SHOWN).collect()
}

#[cfg(test)]
mod tests;
