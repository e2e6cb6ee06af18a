//! Bytes -> `Cleaned`. Pure and total: no I/O, no clock, no randomness, no panic on any bytes.

pub mod assemble;
pub mod block;
pub mod choose;
pub mod decode;
pub mod describe;
pub mod explain;
pub mod fold;
mod hidden;
pub mod model_file;
pub mod own_address;
pub mod parse;
mod phrases;
mod prefix_sums;
mod quick;
pub mod recur;
pub mod region;
pub mod repair;
pub mod segment;
mod settle;
pub mod text;
pub mod weigh;

use block::Block;
use parse::Tree;
use weigh::Weighed;

use crate::dedup::exact::normalise;
use crate::record::{Day, Evidence, Kind, Removed, Repaired, Verdict};
use std::borrow::Cow;
use std::collections::BTreeMap;
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
    /// Fill `removed`, `repaired` and `evidence`.
    pub explain: bool,
    /// Fill `account`.
    pub account: bool,
    /// Fill `markdown`.
    pub markdown: bool,
    /// In `markdown`, give the addresses of links.
    pub links: bool,
    /// In `markdown`, show images.
    pub images: bool,
    /// Damage to undo before anything is weighed; all kinds by default.
    pub repairs: repair::Repairs,
    /// The day that `2 hours ago` and `yesterday` are counted from; without it such dates are none.
    pub reference: Option<Day>,
    /// What sites repeat, where it was learned; without it a document's text depends on nothing but the document.
    pub memory: Option<recur::Memory>,
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
    /// How often the text was repaired, by the repair's name.
    pub repairs: BTreeMap<String, usize>,
    /// The repairs one by one, the first [`repair::MOST_LISTED`], in the order they were made.
    pub repaired: Vec<Repaired>,
    pub evidence: Option<Evidence>,
    /// Every block with what became of it and why, where it was asked for.
    pub account: Option<explain::Account>,
}

/// Cleans one document.
pub fn clean(input: &Input<'_>, options: &Options) -> Cleaned {
    let (text, is_html) = decoded(input);
    if is_html {
        html(&text, input.url, options)
    } else {
        plain(&text, input.media == Media::Markdown, input.url, options)
    }
}

/// What a document teaches of its site, for `dedup::site::Sites`; its lines are learned as they are with all
/// repairs. `folder`: as in [`recur::Memory`].
pub fn learn(input: &Input<'_>, folder: Option<&str>) -> recur::Lesson {
    let (text, is_html) = decoded(input);
    if is_html {
        let (tree, _) = parse::parse(&text, &parse::Budget::default());
        let blocks = segment::segment(&tree, &region::map(&tree));
        recur::lesson(&blocks, Some(&tree), input.url, folder, Vec::new)
    } else {
        let text::Lines { front, blocks, .. } =
            text::read(&text, repair::Repairs::ALL, input.media == Media::Markdown);
        let url = text_address(input.url, front.as_ref());
        recur::lesson(&blocks, None, url.as_deref(), folder, || weigh::rules::weigh(&blocks))
    }
}

/// The address that was given for a text file, else the one that stands above its text.
fn text_address<'u>(given: Option<&'u Url>, front: Option<&text::FrontMatter>) -> Option<Cow<'u, Url>> {
    given.map(Cow::Borrowed).or_else(|| describe::front_matter::address(front?).map(Cow::Owned))
}

/// A document as text, and whether it is HTML.
fn decoded<'a>(input: &Input<'a>) -> (Cow<'a, str>, bool) {
    let is_html = match input.media {
        Media::Html => true,
        Media::Text | Media::Markdown => false,
        Media::Unknown => looks_like_html(input.bytes),
    };
    (decode::decode(input.bytes, input.charset, is_html).text, is_html)
}

/// Fewer kept words send for the page's data.
const BARE: usize = 80;

/// A page that shows so many words is not bare, however few of them are kept.
const SHOWN: usize = 250;

/// How many times as many words the data must give to be taken instead.
const RICHER: usize = 3;

fn html(text: &str, url: Option<&Url>, options: &Options) -> Cleaned {
    let page = Page::read(text, url, options);
    if page.is_bare()
        && let Some(hidden) = hidden::page(text)
    {
        let mut other = Page::read(&hidden, url, options);
        other.error = other.error.or_else(|| page.error.clone());
        if other.kept_words() > RICHER * page.kept_words() + BARE / 2 {
            return finish(other, url, options);
        }
    }
    finish(page, url, options)
}

fn plain(text: &str, is_markdown: bool, url: Option<&Url>, options: &Options) -> Cleaned {
    let text::Lines { front, text, blocks, around, ranges, definitions, repairs, over } =
        text::read(text, options.repairs, is_markdown);
    let url = text_address(url, front.as_ref());
    let cut = segment::Cut { blocks, ornaments: around };
    let markdown = is_markdown.then(|| assemble::Verbatim { text: text.into_owned(), ranges, definitions });
    let source = Source::Text { front, markdown };
    finish(Page::weighed(source, cut, repairs, over, url.as_deref(), options), url.as_deref(), options)
}

/// What the blocks were cut from.
enum Source {
    /// The tree, and of each node what names itself what around it.
    Html(Tree, Vec<u32>),
    Text {
        front: Option<text::FrontMatter>,
        /// Of Markdown the repaired text, and what stands where in it.
        markdown: Option<assemble::Verbatim>,
    },
}

/// A document up to the choice.
struct Page {
    source: Source,
    cut: segment::Cut,
    repairs: repair::Report,
    weighed: Weighed,
    kept: Vec<bool>,
    /// Which blocks the site repeats, where a memory says so.
    repeated: Vec<Option<recur::Repeated>>,
    error: Option<String>,
}

impl Page {
    fn read(text: &str, url: Option<&Url>, options: &Options) -> Self {
        let (tree, exceeded) = parse::parse(text, &parse::Budget::default());
        let regions = region::map(&tree);
        let mut cut = segment::cut(&tree, &regions);
        let repairs = repair::blocks(cut.pieces_mut(), options.repairs);
        let error = exceeded.map(|e| e.to_string());
        Self::weighed(Source::Html(tree, regions), cut, repairs, error, url, options)
    }

    /// `error`: what did not go as it should so far.
    fn weighed(
        source: Source,
        cut: segment::Cut,
        repairs: repair::Report,
        error: Option<String>,
        url: Option<&Url>,
        options: &Options,
    ) -> Self {
        let (tree, regions) = match &source {
            Source::Html(tree, regions) => (Some(tree), regions.as_slice()),
            Source::Text { .. } => (None, &[][..]),
        };
        let mut weighed = weigh::weigh(&cut.blocks, tree, regions, own_address::of(url, tree).as_deref());
        let (kept, repeated) = match &options.memory {
            None => (choose::choose(&cut.blocks, &weighed, options.focus), Vec::new()),
            Some(memory) => recur::choose(&cut.blocks, tree, url, &mut weighed, options.focus, memory),
        };
        Self { source, cut, repairs, weighed, kept, repeated, error }
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
fn finish(page: Page, url: Option<&Url>, options: &Options) -> Cleaned {
    let Page { source, cut, repairs, mut weighed, mut kept, repeated, error } = page;
    let (tree, front) = match &source {
        Source::Html(tree, _) => (Some(tree), None),
        Source::Text { front, .. } => (None, front.as_ref()),
    };
    let blocks = cut.blocks.as_slice();
    let about = describe::describe(&describe::Page {
        tree,
        front,
        blocks,
        evidence: &weighed.evidence,
        kept: &kept,
        url,
        reference: options.reference,
    });
    choose::keep_title(blocks, &mut kept, about.title_at);
    if tree.is_none() {
        settle::settle(blocks, &mut weighed, &mut kept, about.title_at, url, options);
    }
    let ornaments = choose::adorn(&cut.ornaments, &kept);
    let main = segment::merge(
        &cut,
        |block, at| kept[at].then_some(block),
        |block, at| ornaments[at].then_some(block),
    );
    let markdown = || match &source {
        Source::Text { markdown: Some(verbatim), .. } => verbatim.write(&kept),
        Source::Html(..) => {
            assemble::markdown(&main, &assemble::Addresses::new(tree, url, options.links, options.images))
        }
        Source::Text { .. } => {
            let title = about.title_at.map(|at| (at, assemble::headed(&blocks[at])));
            let headed = |at: usize| title.as_ref().filter(|(title, _)| *title == at).map(|(_, line)| line);
            let lines: Vec<&Block> = (0..blocks.len())
                .filter(|&at| kept[at])
                .map(|at| headed(at).unwrap_or(&blocks[at]))
                .collect();
            assemble::markdown(&lines, &assemble::Addresses::new(None, url, options.links, options.images))
        }
    };
    let decided = explain::Decided {
        tree,
        cut: &cut,
        weighed: &weighed,
        repeated: &repeated,
        kept: &kept,
        adorned: &ornaments,
        threshold: options.account.then(|| choose::threshold(blocks, &weighed, options.focus)).flatten(),
        title: about.title_at,
    };
    let mend = |words: Option<String>| words.map(|words| repairs.apply(words));
    Cleaned {
        text: normalise(&assemble::text(&main)),
        markdown: options.markdown.then(markdown),
        title: mend(about.title),
        author: mend(about.author),
        date: about.date,
        modified: about.modified,
        canonical: about.canonical,
        description: mend(about.description),
        tags: about.tags,
        license: about.license,
        image: about.image,
        site: mend(about.site),
        lang: about.lang,
        lang_confidence: about.lang_confidence,
        confidence: kept
            .contains(&true)
            .then(|| rounded(choose::expected_f1(blocks, &weighed.chances, &kept))),
        kind: about.kind,
        verdict: if error.is_some() { Verdict::Error } else { about.verdict },
        error,
        repairs: repairs.counts,
        repaired: if options.explain { repairs.list } else { Vec::new() },
        removed: options.explain.then(|| explain::removed(&decided)),
        account: options.account.then(|| explain::account(&decided)),
        evidence: options.explain.then_some(about.evidence),
    }
}

/// Three places after the point say all there is to say of a probability.
fn rounded(share: f64) -> f64 {
    (share * 1e3).round() / 1e3
}

/// Elements that a page without a frame may begin with.
const OPENERS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "center",
    "div",
    "dl",
    "figure",
    "font",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "head",
    "header",
    "hr",
    "html",
    "link",
    "main",
    "meta",
    "nav",
    "noscript",
    "ol",
    "p",
    "pre",
    "script",
    "section",
    "span",
    "style",
    "table",
    "template",
    "title",
    "ul",
];

/// Does a document of unknown kind hold markup?
fn looks_like_html(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(2048)];
    let wide = head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]);
    // UTF-16: what is looked for is ASCII, every other byte of it a zero.
    let head: Vec<u8> = head.iter().filter(|&&byte| !wide || byte != 0).map(u8::to_ascii_lowercase).collect();
    let head = String::from_utf8_lossy(&head);
    let mut head = head.trim_start_matches(['\u{feff}', '\u{fffd}']).trim_start();
    let has = |name: &str| head.contains(name);
    if has("<html") || has("<body") || has("<head>") {
        return true;
    }
    while let Some((_, after)) = head.strip_prefix("<!--").and_then(|comment| comment.split_once("-->")) {
        head = after.trim_start();
    }
    // A text that begins by naming an element does not close one.
    let first = head.strip_prefix('<').and_then(|tag| tag.split(|c: char| !c.is_ascii_alphanumeric()).next());
    let opens = || {
        first.is_some_and(|name| OPENERS.contains(&name))
            && (head.contains("</") || head.matches('<').count() > 2)
    };
    head.starts_with("<!doctype html") || opens()
}

#[cfg(test)]
mod tests {
    use super::looks_like_html;

    #[test]
    fn markup_is_known_by_how_it_begins() {
        let wide = |text: &str| -> Vec<u8> {
            [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
        };
        let big = |text: &str| -> Vec<u8> {
            [0xfe, 0xff].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect()
        };
        for page in [
            "<article><h1>Rain</h1><p>It rained.</p></article>",
            "\u{feff} <!DOCTYPE html><p>Rain",
            "<!-- saved -->\n<!-- twice --> <section class=x>Rain</section>",
            "<p>It rained.\n<p>It rained.\n<p>It rained.",
            "<div>Rain</div>",
            "Rain <HTML lang=el>",
        ] {
            assert!(looks_like_html(page.as_bytes()), "{page}");
            assert!(looks_like_html(&wide(page)) && looks_like_html(&big(page)), "{page} in UTF-16");
        }
        for text in [
            "<article> is an element, and so is <p>.",
            "It rained, and the <div> of the page was wet.",
            "< 5 people came",
            "<https://example.org/> says so",
            "<!-- a comment without an end",
            "",
        ] {
            assert!(!looks_like_html(text.as_bytes()), "{text}");
            assert!(!looks_like_html(&wide(text)), "{text} in UTF-16");
        }
    }
}
