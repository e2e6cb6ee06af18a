//! Bytes -> `Cleaned`. Pure and total: no I/O, no clock, no randomness, no panic on any bytes.

pub mod assemble;
pub mod block;
pub mod choose;
pub mod decode;
pub mod describe;
pub mod explain;
mod hidden;
pub mod model_file;
pub mod parse;
pub mod region;
pub mod segment;
pub mod text;
pub mod weigh;

use parse::Tree;
use weigh::Weighed;

use crate::record::{Day, Evidence, Kind, Removed, Verdict};
use url::Url;

/// What the bytes are said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    Html,
    Text,
    /// Text that is Markdown already: as Markdown it comes out as it is.
    Markdown,
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
    /// Fill `account`.
    pub account: bool,
    /// Fill `markdown`.
    pub markdown: bool,
    /// In `markdown`, give the addresses of links.
    pub links: bool,
    /// In `markdown`, show images.
    pub images: bool,
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
    /// The F1 that the text can be expected to reach against what a person would keep, 0 to 1; nothing without
    /// text.
    pub confidence: Option<f64>,
    pub kind: Kind,
    pub verdict: Verdict,
    pub error: Option<String>,
    pub removed: Option<Vec<Removed>>,
    pub evidence: Option<Evidence>,
    /// Every block with what became of it and why, where it was asked for.
    pub account: Option<explain::Account>,
}

/// Cleans one document.
pub fn clean(input: &Input<'_>, options: &Options) -> Cleaned {
    let is_html = match input.media {
        Media::Html => true,
        Media::Text | Media::Markdown => false,
        Media::Unknown => looks_like_html(input.bytes),
    };
    let decoded = decode::decode(input.bytes, input.charset, is_html);
    if is_html {
        html(&decoded.text, input.url, options)
    } else {
        plain(&decoded.text, input.media == Media::Markdown, input.url, options)
    }
}

/// Fewer kept words send for the page's data.
const BARE: usize = 80;

/// A page that shows so many words is not bare, however few of them are kept.
const SHOWN: usize = 250;

/// How many times as many words the data must give to be taken instead.
const RICHER: usize = 3;

fn html(text: &str, url: Option<&Url>, options: &Options) -> Cleaned {
    let page = Page::read(text, url, options.focus);
    if page.is_bare()
        && let Some(hidden) = hidden::page(text)
    {
        let mut other = Page::read(&hidden, url, options.focus);
        other.error = other.error.or_else(|| page.error.clone());
        if other.kept_words() > RICHER * page.kept_words() + BARE / 2 {
            return finish(other, url, options);
        }
    }
    finish(page, url, options)
}

fn plain(text: &str, is_markdown: bool, url: Option<&Url>, options: &Options) -> Cleaned {
    let (text, over) = text::within_budget(text);
    let cut = segment::Cut { blocks: text::segment(text), ornaments: Vec::new() };
    let weighed = weigh::weigh(&cut.blocks, None, &[], url);
    let kept = choose::choose(&cut.blocks, &weighed, options.focus);
    let source = if is_markdown { Source::Markdown(text) } else { Source::Text };
    finish(Page { source, cut, weighed, kept, error: over }, url, options)
}

/// What the blocks were cut from.
enum Source<'a> {
    Html(Tree),
    Text,
    Markdown(&'a str),
}

/// A document up to the choice.
struct Page<'a> {
    source: Source<'a>,
    cut: segment::Cut,
    weighed: Weighed,
    kept: Vec<bool>,
    error: Option<String>,
}

impl Page<'_> {
    fn read(text: &str, url: Option<&Url>, focus: Focus) -> Self {
        let (tree, exceeded) = parse::parse(text, &parse::Budget::default());
        let regions = region::map(&tree);
        let cut = segment::cut(&tree, &regions);
        let weighed = weigh::weigh(&cut.blocks, Some(&tree), &regions, url);
        let kept = choose::choose(&cut.blocks, &weighed, focus);
        Self { source: Source::Html(tree), cut, weighed, kept, error: exceeded.map(|e| e.to_string()) }
    }

    /// Is there next to nothing to see?
    fn is_bare(&self) -> bool {
        self.kept_words() < BARE && self.cut.blocks.iter().map(|b| b.words).sum::<usize>() < SHOWN
    }

    fn kept_words(&self) -> usize {
        self.cut.blocks.iter().zip(&self.kept).filter(|(_, kept)| **kept).map(|(b, _)| b.words).sum()
    }
}

/// From here on a block is a block: choose, assemble, describe.
fn finish(page: Page<'_>, url: Option<&Url>, options: &Options) -> Cleaned {
    let Page { source, cut, weighed, mut kept, error } = page;
    let tree = if let Source::Html(tree) = &source { Some(tree) } else { None };
    let blocks = cut.blocks.as_slice();
    let about = describe::describe(&describe::Page {
        tree,
        blocks,
        evidence: &weighed.evidence,
        kept: &kept,
        url,
        reference: options.reference,
    });
    choose::keep_title(blocks, &mut kept, about.title_at);
    let ornaments = choose::adorn(&cut.ornaments, &kept);
    let main = segment::merge(
        &cut,
        |block, at| kept[at].then_some(block),
        |block, at| ornaments[at].then_some(block),
    );
    let markdown = || match &source {
        Source::Markdown(text) => assemble::verbatim(text, &kept, blocks),
        Source::Html(_) | Source::Text => {
            assemble::markdown(&main, &assemble::Addresses::new(tree, url, options.links, options.images))
        }
    };
    let decided = explain::Decided {
        tree,
        cut: &cut,
        weighed: &weighed,
        kept: &kept,
        adorned: &ornaments,
        threshold: options.account.then(|| choose::threshold(blocks, &weighed, options.focus)).flatten(),
        title: about.title_at,
    };
    Cleaned {
        text: assemble::text(&main),
        markdown: options.markdown.then(markdown),
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
        confidence: kept
            .contains(&true)
            .then(|| rounded(choose::expected_f1(blocks, &weighed.chances, &kept))),
        kind: about.kind,
        verdict: if error.is_some() { Verdict::Error } else { about.verdict },
        error,
        removed: options.explain.then(|| explain::removed(&decided)),
        account: options.account.then(|| explain::account(&decided)),
        evidence: options.explain.then_some(about.evidence),
    }
}

/// Three places after the point say all there is to say of a probability.
fn rounded(share: f64) -> f64 {
    (share * 1e3).round() / 1e3
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
