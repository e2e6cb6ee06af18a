//! The values handed between the stages, as they appear in JSON. No I/O, no clock.

use crate::clean::Cleaned;
use crate::dedup::exact::content_id;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use unicode_normalization::UnicodeNormalization;
use url::Url;

/// What became of a document as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// A confident main text.
    Ok,
    /// Text, but no confident main part: the best candidate is returned.
    Thin,
    /// A page that lists other pages.
    Index,
    /// The beginning of a text whose rest is behind a payment or login.
    Paywall,
    /// Only a consent notice.
    ConsentWall,
    /// An access-denied, captcha or "enable JavaScript" page.
    BlockPage,
    /// An error page, whatever its HTTP status was.
    NotFound,
    /// No text at all.
    Empty,
    /// The document could not be processed whole; `error` says why.
    Error,
}

/// What kind of page a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    Article,
    Forum,
    Product,
    Collection,
    Listing,
    Documentation,
    Service,
    Other,
}

/// A block that was taken out, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Removed {
    /// The strongest evidence against it: a rule's name such as `cookie-notice`, a structural reason, or
    /// `repeats on 14 pages of this site`.
    pub reason: String,
    /// The removed text.
    pub text: String,
    /// How likely it was main text, 0 to 1; none for what has no letter or digit.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub chance: Option<f64>,
    /// Byte offsets in the decoded input, where the input is a text file.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub start: Option<usize>,
    /// End of the byte range, exclusive.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub end: Option<usize>,
}

/// A place of a text that was repaired.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repaired {
    /// The repair's name, such as `mojibake`.
    pub repair: String,
    /// What stood there; nothing where something was put in.
    pub was: String,
    /// What stands there now.
    pub now: String,
    /// Byte offsets in the decoded input, where the input is a text file.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub start: Option<usize>,
    /// End of the byte range, exclusive.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub end: Option<usize>,
}

/// A reason as it is counted: without the numbers that some have.
pub fn counted_reason(reason: &str) -> &str {
    match reason.strip_prefix("repeats on ") {
        Some(rest) if rest.ends_with(" of this site") => "repeats on pages of this site",
        Some(rest) if rest.ends_with(" of this folder") => "repeats on pages of this folder",
        _ => reason,
    }
}

/// Where each piece of metadata came from, e.g. `json-ld`, `meta og:title`, `h1`, `byline`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub author: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub modified: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub site: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub canonical: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub tags: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub license: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub image: Option<String>,
}

/// A day of the calendar in use, written `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day {
    year: i16,
    month: i8,
    day: i8,
}

impl Day {
    /// `None` where there is no such day. Years: -9999 to 9999; months and days: from 1.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Day> {
        jiff::civil::Date::new(year, month, day).ok().map(|_| Day { year, month, day })
    }

    pub(crate) fn civil(self) -> Option<jiff::civil::Date> {
        jiff::civil::Date::new(self.year, self.month, self.day).ok()
    }
}

impl std::str::FromStr for Day {
    type Err = String;

    fn from_str(text: &str) -> Result<Day, String> {
        let fault = || format!("{text:?} is no day; write it as YYYY-MM-DD, such as 2024-11-21");
        if text.len() != 10 {
            return Err(fault());
        }
        let date: jiff::civil::Date = text.parse().map_err(|_| fault())?;
        Ok(Day { year: date.year(), month: date.month(), day: date.day() })
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// One document, as written by `tamis clean --format jsonl` and `tamis store export`.
///
/// The fields up to `text` are always present (`null` where nothing is known); the rest only where
/// they apply.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The input row's `id`, else the path or URL (WARC: the record's target URI).
    pub source: String,
    /// `sha256:<64 hex>` of the normalised clean text; `null` where there is no text.
    pub id: Option<String>,
    pub url: Option<String>,
    /// Site name, else the host.
    pub site: Option<String>,
    pub title: Option<String>,
    pub author: Option<String>,
    /// ISO 8601, `YYYY-MM-DD` with the time where it is known.
    pub date: Option<String>,
    /// ISO 639-1, else 639-3.
    pub lang: Option<String>,
    /// 0 to 1.
    pub lang_confidence: Option<f64>,
    /// How sure the cleaner is of the text, 0 to 1: the F1 it expects against what a person would keep.
    #[serde(default)]
    pub confidence: Option<f64>,
    pub kind: Kind,
    pub verdict: Verdict,
    /// The clean text; blocks are separated by one blank line.
    pub text: String,
    /// The clean text as Markdown, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub markdown: Option<String>,
    /// URL or source of the stored document with the same content id.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub duplicate_of: Option<String>,
    /// Content id of a stored document that is nearly the same.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub near_duplicate_of: Option<String>,
    /// What was removed, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub removed: Option<Vec<Removed>>,
    /// How often the text was repaired, by the repair's name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub repairs: BTreeMap<String, usize>,
    /// The repairs one by one, at most 1,000, where they were asked for.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub repaired: Vec<Repaired>,
    /// The day of the last change, ISO 8601, where it is later than `date`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub modified: Option<String>,
    /// The address the page declares to be its own.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub canonical: Option<String>,
    /// What the page declares to be about, at most 500 characters.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub description: Option<String>,
    /// Keywords that the page declares, at most 20.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub tags: Vec<String>,
    /// The licence of the text: an address, or a name such as `CC BY-SA 4.0`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub license: Option<String>,
    /// The address of the main image.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub image: Option<String>,
    /// Where title, author, date and the other fields came from, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub evidence: Option<Evidence>,
    /// What went wrong, with `verdict: error`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub error: Option<String>,
}

impl Record {
    /// The record of a cleaned document. Its text is in the normal form that the content id is computed over;
    /// without text the id is `null`.
    pub fn from_cleaned(source: String, url: Option<&Url>, cleaned: Cleaned) -> Record {
        Record {
            source,
            id: (!cleaned.text.is_empty()).then(|| content_id(&cleaned.text)),
            url: url.map(|url| url.as_str().to_owned()),
            site: cleaned.site,
            title: cleaned.title,
            author: cleaned.author,
            date: cleaned.date,
            lang: cleaned.lang,
            lang_confidence: cleaned.lang_confidence,
            confidence: cleaned.confidence,
            kind: cleaned.kind,
            verdict: cleaned.verdict,
            text: cleaned.text,
            // Composed as the text is, so that both have the same words.
            markdown: cleaned.markdown.map(|markdown| markdown.nfc().collect()),
            duplicate_of: None,
            near_duplicate_of: None,
            removed: cleaned.removed,
            repairs: cleaned.repairs,
            repaired: cleaned.repaired,
            modified: cleaned.modified,
            canonical: cleaned.canonical,
            description: cleaned.description,
            tags: cleaned.tags,
            license: cleaned.license,
            image: cleaned.image,
            evidence: cleaned.evidence,
            error: cleaned.error,
        }
    }

    /// The record of a document that could not be read: `verdict: error`, and why.
    pub fn failed(source: String, url: Option<String>, error: String) -> Record {
        Record {
            source,
            id: None,
            url,
            site: None,
            title: None,
            author: None,
            date: None,
            lang: None,
            lang_confidence: None,
            confidence: None,
            kind: Kind::Other,
            verdict: Verdict::Error,
            text: String::new(),
            markdown: None,
            duplicate_of: None,
            near_duplicate_of: None,
            removed: None,
            repairs: BTreeMap::new(),
            repaired: Vec::new(),
            modified: None,
            canonical: None,
            description: None,
            tags: Vec::new(),
            license: None,
            image: None,
            evidence: None,
            error: Some(error),
        }
    }
}
