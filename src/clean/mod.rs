//! Bytes -> `Cleaned`. Pure and total: no I/O, no clock, no randomness, no panic on any bytes.

pub mod assemble;
pub mod block;
pub mod choose;
pub mod decode;
pub mod describe;
pub mod explain;
pub mod parse;
pub mod region;
pub mod segment;
pub mod text;
pub mod weigh;

use block::Block;
use parse::Tree;
use weigh::Weighed;

use crate::record::{Day, Evidence, Kind, Removed, Verdict};
use url::Url;

/// What the bytes are said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    Html,
    Text,
    /// Decided by content.
    Unknown,
}

/// One document to clean.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    pub bytes: &'a [u8],
    pub media: Media,
    /// The charset label that came with the transport (the HTTP `Content-Type`), if any.
    pub charset: Option<&'a str>,
    /// Where the document came from, if known: resolves links, names the site.
    pub url: Option<&'a Url>,
}

/// Which way to lean where a block is in doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Focus {
    #[default]
    Balanced,
    /// Less boilerplate, at the price of lost text.
    Precision,
    /// Less lost text, at the price of boilerplate.
    Recall,
}

/// How to clean.
#[derive(Debug, Clone, Default)]
pub struct Options {
    pub focus: Focus,
    /// Fill `removed` and `evidence`.
    pub explain: bool,
    /// Fill `markdown`.
    pub markdown: bool,
    /// The day that `2 hours ago` and `yesterday` are counted from; without it such dates are none.
    pub reference: Option<Day>,
}

/// A cleaned document.
#[derive(Debug, Clone)]
pub struct Cleaned {
    /// Normalised as `dedup::exact` defines it; empty or ending in exactly one newline.
    pub text: String,
    pub markdown: Option<String>,
    pub title: Option<String>,
    pub author: Option<String>,
    pub date: Option<String>,
    /// The day of the last change, where it is later than `date`.
    pub modified: Option<String>,
    pub canonical: Option<String>,
    pub description: Option<String>,
    pub tags: Vec<String>,
    pub license: Option<String>,
    pub image: Option<String>,
    pub site: Option<String>,
    pub lang: Option<String>,
    pub lang_confidence: Option<f64>,
    pub kind: Kind,
    pub verdict: Verdict,
    pub error: Option<String>,
    pub removed: Option<Vec<Removed>>,
    pub evidence: Option<Evidence>,
}

/// Cleans one document.
pub fn clean(input: &Input<'_>, options: &Options) -> Cleaned {
    let is_html = match input.media {
        Media::Html => true,
        Media::Text => false,
        Media::Unknown => looks_like_html(input.bytes),
    };
    let decoded = decode::decode(input.bytes, input.charset, is_html);
    if is_html { html(&decoded.text, input.url, options) } else { plain(&decoded.text, input.url, options) }
}

fn html(text: &str, url: Option<&Url>, options: &Options) -> Cleaned {
    let (tree, exceeded) = parse::parse(text, &parse::Budget::default());
    let regions = region::map(&tree);
    let blocks = segment::segment(&tree, &regions);
    let weighed = weigh::weigh(&blocks, Some(&tree), &regions, url);
    finish(Some(&tree), &blocks, &weighed, url, exceeded.map(|e| e.to_string()), options)
}

fn plain(text: &str, url: Option<&Url>, options: &Options) -> Cleaned {
    let (text, cut) = text::within_budget(text);
    let blocks = text::segment(text);
    let weighed = weigh::weigh(&blocks, None, &[], url);
    finish(None, &blocks, &weighed, url, cut, options)
}

/// From here on a block is a block: choose, assemble, describe.
fn finish(
    tree: Option<&Tree>,
    blocks: &[Block],
    weighed: &Weighed,
    url: Option<&Url>,
    error: Option<String>,
    options: &Options,
) -> Cleaned {
    let kind = describe::kind(tree, blocks, url);
    let mut kept = choose::choose(blocks, weighed, options.focus);
    let about = describe::describe(
        &describe::Page {
            tree,
            blocks,
            evidence: &weighed.evidence,
            kept: &kept,
            url,
            reference: options.reference,
        },
        kind,
    );
    choose::keep_title(blocks, &mut kept, about.title_at);
    let main: Vec<&Block> = blocks.iter().zip(&kept).filter_map(|(b, &k)| k.then_some(b)).collect();
    Cleaned {
        text: assemble::text(&main),
        markdown: options.markdown.then(|| assemble::markdown(&main)),
        title: about.title,
        author: about.author,
        date: about.date,
        modified: about.modified,
        canonical: about.canonical,
        description: about.description,
        tags: about.tags,
        license: about.license,
        image: about.image,
        site: about.site,
        lang: about.lang,
        lang_confidence: about.lang_confidence,
        kind,
        verdict: if error.is_some() { Verdict::Error } else { about.verdict },
        error,
        removed: options.explain.then(|| explain::removed(blocks, &weighed.evidence, &kept)),
        evidence: options.explain.then_some(about.evidence),
    }
}

/// Does a document of unknown kind hold markup?
fn looks_like_html(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(2048)].to_ascii_lowercase();
    let head = String::from_utf8_lossy(head);
    let head = head.trim_start_matches(['\u{feff}', '\u{fffd}']).trim_start();
    let tag = |name: &str| head.contains(name);
    head.starts_with("<!doctype html")
        || tag("<html")
        || tag("<body")
        || tag("<head>")
        || (head.starts_with('<')
            && (tag("<div") || tag("<p>") || tag("<p ") || tag("<meta") || tag("<title") || tag("<h1")))
}
