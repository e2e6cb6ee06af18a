//! Bytes -> [`Cleaned`]. Pure and total: no I/O, no clock, no randomness, no panic on any bytes.

pub mod block;
pub mod describe;
pub mod parse;
mod region;
pub mod segment;
pub mod text;
pub mod weigh;

use crate::record::{Evidence, Kind, Removed, Verdict};
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
pub fn clean(input: &Input<'_>, _options: &Options) -> Cleaned {
    Cleaned {
        text: String::from_utf8_lossy(input.bytes).into_owned(),
        markdown: None,
        title: None,
        author: None,
        date: None,
        site: None,
        lang: None,
        lang_confidence: None,
        kind: Kind::Other,
        verdict: Verdict::Thin,
        error: None,
        removed: None,
        evidence: None,
    }
}
