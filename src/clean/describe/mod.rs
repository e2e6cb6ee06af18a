//! What a page says about itself: title, author, date, site, language, kind, verdict, each with where it
//! came from. Chooses no block and changes none; a value that is not sure is not given.

mod about;
mod author;
mod author_signs;
mod byline_words;
mod calendar;
mod date;
mod facts;
pub mod front_matter;
mod json_ld;
pub mod kind;
mod language;
mod names;
mod shown_dates;
mod signatures;
mod site;
mod tidy;
mod title;
pub mod title_line;
mod verdict;

use super::block::Block;
use super::parse::Tree;
use super::text::FrontMatter;
use super::weigh::rules;
use crate::record::{Day, Evidence, Kind, Verdict};
use facts::Facts;
pub(super) use site::in_small_print as small_print;
use url::Url;

/// What may be looked at.
pub struct Page<'a> {
    /// `None` for a text file.
    pub tree: Option<&'a Tree>,
    /// What a text file says of itself above its text.
    pub front: Option<&'a FrontMatter>,
    pub blocks: &'a [Block],
    /// What the named rules found, per block.
    pub evidence: &'a [rules::Evidence],
    /// Which blocks are kept.
    pub kept: &'a [bool],
    pub url: Option<&'a Url>,
    /// The day that relative dates are counted from.
    pub reference: Option<Day>,
}

/// What was found.
#[derive(Debug, Clone)]
pub struct Description {
    pub title: Option<String>,
    /// The block that shows the title.
    pub title_at: Option<usize>,
    /// Names only; several are joined with `, `.
    pub author: Option<String>,
    /// The day of publication, `YYYY-MM-DD`, as the page writes it (its own time zone).
    pub date: Option<String>,
    /// The day of the last change, if it is later.
    pub modified: Option<String>,
    pub site: Option<String>,
    /// ISO 639-1, else 639-3.
    pub lang: Option<String>,
    /// 0 to 1.
    pub lang_confidence: Option<f64>,
    pub canonical: Option<String>,
    pub description: Option<String>,
    pub tags: Vec<String>,
    pub license: Option<String>,
    pub image: Option<String>,
    pub kind: Kind,
    pub verdict: Verdict,
    pub evidence: Evidence,
}

/// A value and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Sourced {
    value: String,
    from: String,
}

/// The site's name, and the keys of every name it goes by.
#[derive(Debug, Default)]
struct NamedSite {
    name: Option<String>,
    /// Where the name came from.
    from: Option<&'static str>,
    keys: Vec<String>,
}

impl NamedSite {
    /// Is this text one of the site's names?
    fn is(&self, text: &str) -> bool {
        let text = tidy::key(text);
        !text.is_empty() && self.keys.contains(&text)
    }

    /// Is this end of a title the site's name with a little around it (`Example News UK`)?
    fn is_in(&self, tail: &str) -> bool {
        let words = tail.split_whitespace().count();
        let tail = tidy::key(tail);
        words <= 5 && self.keys.iter().any(|k| k.chars().count() >= 4 && tail.contains(k.as_str()))
    }
}

/// Describes a page whose blocks were chosen.
pub fn describe(page: &Page<'_>) -> Description {
    let facts = page.tree.map(Facts::of).unwrap_or_default();
    let kind = kind::find(page.tree, &facts, page.blocks, page.url);
    let language = language::find(page, facts.lang.or(page.front.and_then(front_matter::language)));
    let mut site = site::find(page, &facts);
    if let Some(front) = page.front {
        front_matter::name_site(front, &mut site);
    }
    let given = page.front.and_then(front_matter::title);
    let title = given.or_else(|| title::find(page, &facts, &site, kind));
    let title_at = title.as_ref().and_then(|title| title::place(page, &title.value));
    let author = author::find(page, &facts, &site, kind, title_at);
    let spoken = spoken(facts.lang, language.as_ref().map(|(l, _)| l.as_str()));
    let days = date::find(page, &facts, kind, title_at, spoken);
    let about = about::find(page, &facts, &site);
    let verdict = verdict::judge(page, &facts, title.as_ref(), kind);
    let from = |s: &Option<Sourced>| s.as_ref().map(|s| s.from.clone());
    let mut found = Description {
        evidence: Evidence {
            title: from(&title),
            author: from(&author),
            date: from(&days.published),
            modified: from(&days.modified),
            site: site.from.map(str::to_owned),
            canonical: from(&about.canonical),
            description: from(&about.description),
            tags: about.tags_from,
            license: from(&about.license),
            image: from(&about.image),
        },
        title: title.map(|t| t.value),
        author: author.map(|a| a.value),
        date: days.published.map(|d| d.value),
        modified: days.modified.map(|d| d.value),
        canonical: about.canonical.map(|c| c.value),
        description: about.description.map(|d| d.value),
        tags: about.tags,
        license: about.license.map(|l| l.value),
        image: about.image.map(|i| i.value),
        site: site.name,
        lang_confidence: language.as_ref().map(|(_, c)| (c * 1000.0).round() / 1000.0),
        lang: language.map(|(l, _)| l),
        title_at,
        kind,
        verdict,
    };
    if let Some(front) = page.front {
        let language = found.lang.clone().unwrap_or_default();
        front_matter::fill(front, &language, &mut found);
    }
    found
}

/// The lines of a text file that may be its title, each with its measures, for whoever trains the choice.
pub fn title_lines(page: &Page<'_>) -> Vec<title_line::Line> {
    title_line::lines(page, &site::find(page, &Facts::default()))
}

/// The declared language with its region, if it is the one that was found, else the one that was found.
fn spoken<'s>(declared: Option<&'s str>, found: Option<&'s str>) -> &'s str {
    let found = found.unwrap_or_default();
    let agrees = |d: &&str| d.get(..found.len()).is_some_and(|d| d.eq_ignore_ascii_case(found));
    declared.filter(agrees).unwrap_or(found)
}

#[cfg(test)]
mod tests;
