//! What a page says about itself: title, author, date, site, language, kind, verdict, each with where it
//! came from.

use super::block::Block;
use super::parse::Tree;
use super::weigh::rules;
use crate::record::{Evidence, Kind, Verdict};
use url::Url;

/// What may be looked at.
pub struct Page<'a> {
    /// `None` for a text file.
    pub tree: Option<&'a Tree>,
    pub blocks: &'a [Block],
    /// What the named rules found, per block.
    pub evidence: &'a [rules::Evidence],
    /// Which blocks are kept.
    pub kept: &'a [bool],
    pub url: Option<&'a Url>,
}

/// What was found.
#[derive(Debug, Clone)]
pub struct Description {
    pub title: Option<String>,
    pub author: Option<String>,
    pub date: Option<String>,
    pub site: Option<String>,
    pub lang: Option<String>,
    pub lang_confidence: Option<f64>,
    pub verdict: Verdict,
    pub evidence: Evidence,
}

/// The kind of page, before anything is weighed: whether comments are content depends on it.
pub fn kind(_tree: Option<&Tree>, _blocks: &[Block], _url: Option<&Url>) -> Kind {
    Kind::Article
}

/// Describes a page whose blocks were chosen.
pub fn describe(_page: &Page<'_>, _kind: Kind) -> Description {
    Description {
        title: None,
        author: None,
        date: None,
        site: None,
        lang: None,
        lang_confidence: None,
        verdict: Verdict::Ok,
        evidence: Evidence::default(),
    }
}
