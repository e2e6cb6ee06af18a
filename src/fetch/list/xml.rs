//! RSS, Atom, sitemap and sitemap index, told apart by the root element. Nothing recurses: the
//! elements that are open are a stack.

use super::{Collected, Format};
use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};
use std::borrow::Cow;
use url::Url;

/// Open elements; no real feed comes near.
const DEEPEST: usize = 200;
/// Bytes of text that may stand in a link.
const LONGEST_TEXT: usize = 16 * 1024;

/// The text of a list: by its byte order mark, else by the XML declaration's encoding, else UTF-8.
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    if encoding_rs::Encoding::for_bom(bytes).is_none()
        && let Some(encoding) = declared(bytes)
    {
        return encoding.decode(bytes).0;
    }
    encoding_rs::UTF_8.decode(bytes).0
}

fn declared(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let head = bytes.get(..200).unwrap_or(bytes);
    let head = head.strip_prefix(b"<?xml")?;
    let head = head.get(..memchr::memmem::find(head, b"?>")?)?;
    let label = head.get(memchr::memmem::find(head, b"encoding")? + 8..)?;
    let quote = label.iter().position(|b| matches!(b, b'"' | b'\''))?;
    let label = label.get(quote + 1..)?;
    let end = label.iter().position(|b| matches!(b, b'"' | b'\''))?;
    let encoding = encoding_rs::Encoding::for_label(label.get(..end)?)?;
    // A declaration that can be read byte by byte is not UTF-16, whatever it says.
    Some(encoding.output_encoding()).filter(|found| *found == encoding)
}

/// What one `item`, `entry`, `url` or `sitemap` offers.
#[derive(Default)]
struct Offer {
    line: usize,
    link: Option<String>,
    /// A guid that is a permalink, for items without a link.
    guid: Option<String>,
}

struct State<'a> {
    format: Option<Format>,
    open: Vec<String>,
    offer: Option<Offer>,
    /// The text of the element being read, where it is a link.
    text: Option<String>,
    permalink: bool,
    base: Option<Cow<'a, Url>>,
}

pub(super) fn read(text: &str, base: Option<&Url>, into: &mut Collected) -> Format {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    let mut state = State {
        format: None,
        open: Vec::new(),
        offer: None,
        text: None,
        permalink: false,
        base: base.map(Cow::Borrowed),
    };
    let mut lines = Lines { text, at: 0, line: 1 };
    loop {
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) => {
                let line = lines.at(reader.error_position());
                into.broken = Some(format!("line {line}: the XML is broken: {error}"));
                break;
            }
        };
        let step = match event {
            Event::Eof => break,
            Event::Start(tag) => state.start(&tag, lines.at(reader.buffer_position())),
            Event::Empty(tag) => {
                state.start(&tag, lines.at(reader.buffer_position())).map(|()| state.end(into))
            }
            Event::End(_) => {
                state.end(into);
                Ok(())
            }
            Event::Text(piece) => {
                state.add(&piece.xml10_content());
                Ok(())
            }
            Event::CData(piece) => {
                state.add(&piece.xml10_content());
                Ok(())
            }
            Event::GeneralRef(name) => {
                if let Some(character) = reference(&name) {
                    state.add(character.encode_utf8(&mut [0; 4]));
                }
                Ok(())
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => Ok(()),
        };
        if let Err(why) = step {
            into.broken = Some(why);
            break;
        }
    }
    if into.broken.is_none() {
        if state.format.is_none() {
            into.broken = Some("this is XML without an element".to_owned());
        } else if !state.open.is_empty() {
            into.broken = Some("the XML ends early".to_owned());
        }
    }
    state.format.unwrap_or(Format::Rss)
}

impl State<'_> {
    fn start(&mut self, tag: &BytesStart<'_>, line: usize) -> Result<(), String> {
        let name = tag.local_name().as_ref().to_owned();
        if self.format.is_none() {
            self.format = Some(root(&name)?);
        }
        if self.open.len() >= DEEPEST {
            return Err(format!("line {line}: elements are nested deeper than {DEEPEST}"));
        }
        let inside = self.open.last().map_or("", String::as_str);
        if self.is_offer(&name) {
            self.offer = Some(Offer { line, ..Offer::default() });
        } else if let Some(offer) = &mut self.offer
            && matches!(inside, "item" | "entry" | "url" | "sitemap")
        {
            match name.as_str() {
                "link" if self.format == Some(Format::Atom) => {
                    let rel = attribute(tag, "rel").unwrap_or_else(|| "alternate".to_owned());
                    if rel == "alternate" && offer.link.is_none() {
                        offer.link = attribute(tag, "href");
                    }
                }
                "link" | "loc" => self.text = Some(String::new()),
                "guid" => {
                    self.permalink = attribute(tag, "isPermaLink").is_none_or(|v| v == "true");
                    self.text = Some(String::new());
                }
                _ => {}
            }
        }
        if self.open.len() < 2
            && let Some(given) = attribute(tag, "xml:base")
        {
            let joined = match &self.base {
                Some(base) => base.join(&given),
                None => Url::parse(&given),
            };
            if let Ok(url) = joined {
                self.base = Some(Cow::Owned(url));
            }
        }
        self.open.push(name);
        Ok(())
    }

    /// Whether this element offers a URL: `sitemap` in an index, `item` in RSS, and so on.
    fn is_offer(&self, name: &str) -> bool {
        match self.format {
            Some(Format::Rss) => name == "item",
            Some(Format::Atom) => name == "entry",
            Some(Format::Sitemap) => name == "url" && self.open.len() == 1,
            Some(Format::SitemapIndex) => name == "sitemap" && self.open.len() == 1,
            _ => false,
        }
    }

    fn end(&mut self, into: &mut Collected) {
        let Some(name) = self.open.pop() else { return };
        if let (Some(text), Some(offer)) = (self.text.take(), &mut self.offer) {
            let text = text.trim();
            match name.as_str() {
                "link" | "loc" if !text.is_empty() && offer.link.is_none() => {
                    offer.link = Some(text.to_owned());
                }
                "guid" if self.permalink && text.starts_with("http") => {
                    offer.guid = Some(text.to_owned());
                }
                _ => {}
            }
        }
        if !self.is_offer(&name) {
            return;
        }
        let Some(offer) = self.offer.take() else {
            return;
        };
        let base = self.base.as_deref();
        match (self.format, offer.link.or(offer.guid)) {
            (Some(Format::SitemapIndex), Some(link)) => into.nest(offer.line, &link, base),
            (_, Some(link)) => into.take(offer.line, &link, base),
            (Some(Format::Sitemap | Format::SitemapIndex), None) => {
                into.refuse(offer.line, "", format!("a <{name}> without a <loc>"));
            }
            // A feed item without a link is a note, not an error.
            (_, None) => {}
        }
    }

    fn add(&mut self, piece: &str) {
        if let Some(text) = &mut self.text
            && text.len() + piece.len() <= LONGEST_TEXT
        {
            text.push_str(piece);
        }
    }
}

fn root(name: &str) -> Result<Format, String> {
    match name.to_ascii_lowercase().as_str() {
        "rss" | "rdf" => Ok(Format::Rss),
        "feed" => Ok(Format::Atom),
        "urlset" => Ok(Format::Sitemap),
        "sitemapindex" => Ok(Format::SitemapIndex),
        "html" => Err("this is an HTML page, not a list; to fetch it, give its URL itself".to_owned()),
        other => {
            let shown: String = other.chars().take(40).collect();
            Err(format!("this XML is neither feed nor sitemap: its root is <{shown}>"))
        }
    }
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute =
        tag.attributes().with_checks(false).flatten().find(|attribute| attribute.key.as_ref() == name)?;
    let raw = attribute.value;
    let value = quick_xml::escape::unescape(&raw).map(Cow::into_owned);
    Some(value.unwrap_or_else(|_| raw.into_owned()))
}

/// `&amp;` and its like, and `&#38;`.
fn reference(name: &BytesRef<'_>) -> Option<char> {
    if let Ok(Some(character)) = name.resolve_char_ref() {
        return Some(character);
    }
    match name.as_ref() {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

/// Counts lines up to ever later positions.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: usize,
}

impl Lines<'_> {
    fn at(&mut self, position: u64) -> usize {
        let position = usize::try_from(position).unwrap_or(usize::MAX).min(self.text.len());
        if let Some(passed) = self.text.as_bytes().get(self.at..position) {
            self.line += memchr::memchr_iter(b'\n', passed).count();
            self.at = position;
        }
        self.line
    }
}
