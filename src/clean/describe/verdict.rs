//! What became of a page as a whole: the text one came for, or what stands in its place. Phrases count
//! only where there is little else: a long article is an article, whatever it speaks of.

use super::facts::Facts;
use super::{Page, Sourced};
use crate::clean::block::{Block, Region, Shape, fold, is_unspaced};
use crate::clean::weigh::rules::RULES;
use crate::record::{Kind, Verdict};
use aho_corasick::AhoCorasick;
use serde::Deserialize;
use std::sync::LazyLock;

/// A text of fewer words, be it whole, is a notice and no article.
const NOTICE: usize = 120;

/// What a paywall leaves of a text is at most this long, in words.
const STUB: usize = 320;

/// A text of fewer words is thin.
const THIN: usize = 25;

/// The most a consent wall says besides, in words.
const BESIDES: usize = 30;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Section {
    title: Vec<String>,
    line: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Table {
    not_found: Section,
    block_page: Section,
    consent_wall: Section,
    paywall: Section,
}

fn read() -> Result<Table, toml::de::Error> {
    toml::from_str(include_str!("words/verdicts.toml"))
}

struct Phrases {
    automaton: Option<AhoCorasick>,
    /// What each phrase says, and whether only a title or heading says it.
    says: Vec<(Verdict, bool)>,
}

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
    // A table that does not parse is a defect of the build; the tests name it.
    let table = read().unwrap_or_default();
    let mut phrases = Vec::new();
    let mut says = Vec::new();
    for (section, verdict) in [
        (table.not_found, Verdict::NotFound),
        (table.block_page, Verdict::BlockPage),
        (table.consent_wall, Verdict::ConsentWall),
        (table.paywall, Verdict::Paywall),
    ] {
        for (list, title) in [(section.title, true), (section.line, false)] {
            for phrase in list {
                phrases.push(fold(&phrase));
                says.push((verdict, title));
            }
        }
    }
    Phrases { automaton: AhoCorasick::new(&phrases).ok(), says }
});

/// Does a folded text say so? `title`: it is a title or a heading.
fn says(folded: &str, verdict: Verdict, title: bool) -> bool {
    let Some(automaton) = &PHRASES.automaton else { return false };
    automaton.find_overlapping_iter(folded).any(|m| {
        let (said, only_title) = PHRASES.says[m.pattern().as_usize()];
        let apart = |at: usize| {
            let before = folded[..at].chars().next_back();
            let after = folded[at..].chars().next();
            match (before, after) {
                (Some(b), Some(a)) => b == ' ' || a == ' ' || is_unspaced(a) || is_unspaced(b),
                _ => true,
            }
        };
        said == verdict && (title || !only_title) && apart(m.start()) && apart(m.end())
    })
}

/// Judges a page whose blocks were chosen.
pub fn judge(page: &Page<'_>, facts: &Facts<'_>, title: Option<&Sourced>, kind: Kind) -> Verdict {
    // Ornaments alone, such as `***`, are no text.
    if !page.kept.contains(&true) {
        return Verdict::Empty;
    }
    let kept: Vec<&Block> = page.blocks.iter().zip(page.kept).filter(|(_, k)| **k).map(|(b, _)| b).collect();
    let words: usize = kept.iter().map(|b| b.words).sum();
    if is_consent_wall(page) {
        return Verdict::ConsentWall;
    }
    if words <= NOTICE
        && let Some(verdict) = notice(page, facts, title, words)
    {
        return verdict;
    }
    if words <= STUB && is_paywalled(page, facts) {
        return Verdict::Paywall;
    }
    if is_index(&kept, words, kind) {
        return Verdict::Index;
    }
    let sentences = kept.iter().any(|b| b.sentences > 0 && b.words >= 6);
    if words < THIN || (!sentences && words < NOTICE && kind == Kind::Article) {
        Verdict::Thin
    } else {
        Verdict::Ok
    }
}

/// A short page that says why it is short.
fn notice(page: &Page<'_>, facts: &Facts<'_>, title: Option<&Sourced>, words: usize) -> Option<Verdict> {
    let titles: Vec<&str> =
        title.map(|t| t.value.as_str()).into_iter().chain(facts.title.as_deref()).collect();
    let headings = page.blocks.iter().filter(|b| b.words <= 12 && matches!(b.shape, Shape::Heading(1 | 2)));
    let folded: Vec<String> =
        titles.iter().map(|t| fold(t)).chain(headings.map(|b| b.folded.clone())).collect();
    let all: usize = page.blocks.iter().map(|b| b.words).sum();
    // Lines count where the page has little more to say; furniture aside, a title says it of any page.
    let lines: Vec<&Block> =
        page.blocks.iter().filter(|b| b.words <= 60 && !b.region.has(Region::CONSENT)).collect();
    for verdict in [Verdict::BlockPage, Verdict::NotFound] {
        let in_title = folded.iter().any(|f| f.split(' ').count() <= 12 && says(f, verdict, true));
        let first = page.blocks.iter().take(3).any(|b| b.words <= 12 && says(&b.folded, verdict, true));
        let in_line = lines.iter().any(|b| says(&b.folded, verdict, false));
        let numbered = verdict == Verdict::NotFound
            && titles.iter().any(|t| is_numbered(t, "404") && t.chars().count() < 80);
        if in_title
            || numbered
            || (first && all <= NOTICE)
            || (in_line && (all <= NOTICE || words < THIN * 2))
        {
            return Some(verdict);
        }
    }
    None
}

/// Does a number stand alone in a title?
fn is_numbered(title: &str, number: &str) -> bool {
    title.split(|c: char| !c.is_alphanumeric()).any(|w| w == number)
}

/// A consent notice is no longer than this, in words; where a whole page bears the class, it is the page.
const WALL: usize = 500;

/// Almost all the page says is about cookies and consent.
fn is_consent_wall(page: &Page<'_>) -> bool {
    let rule = RULES.iter().position(|r| r.name == "cookie-notice");
    let (mut about, mut besides, mut said) = (0, 0, false);
    for (at, block) in page.blocks.iter().enumerate() {
        let ruled =
            page.evidence.get(at).is_some_and(|e| e.iter().any(|&(r, s)| Some(r) == rule && s >= 0.5));
        let speaks = ruled || says(&block.folded, Verdict::ConsentWall, true);
        said |= speaks;
        if speaks || block.region.has(Region::CONSENT) {
            about += block.words;
        } else if block.words >= 4 {
            besides += block.words;
        }
        if about + besides > WALL {
            return false;
        }
    }
    said && about >= 20 && besides <= BESIDES && besides * 2 < about
}

/// A short text, and a line that sells the rest.
fn is_paywalled(page: &Page<'_>, facts: &Facts<'_>) -> bool {
    let sold = facts.items.iter().any(|i| i.paid && i.depth <= 1);
    let locked =
        facts.meta_of(&["article:content_tier"]).is_some_and(|(_, v)| matches!(v, "locked" | "metered"));
    sold || locked
        || page.blocks.iter().any(|b| {
            b.words <= 50
                && !b.region.has(Region::NAV | Region::FOOTER | Region::COMMENTS | Region::RELATED)
                && says(&b.folded, Verdict::Paywall, true)
        })
}

/// What is kept is links and teasers.
fn is_index(kept: &[&Block], words: usize, kind: Kind) -> bool {
    let linked: f32 = kept.iter().map(|b| b.words as f32 * b.link_density).sum();
    let share = linked / words.max(1) as f32;
    let prose: usize = kept.iter().filter(|b| b.words >= 40 && b.link_density < 0.3).map(|b| b.words).sum();
    let teasers = kept.iter().filter(|b| b.link_density > 0.7 && b.words >= 3).count();
    match kind {
        Kind::Listing | Kind::Collection => teasers >= 5 && prose * 2 < words && share > 0.2,
        Kind::Forum => share > 0.6 && teasers >= 8,
        _ => share > 0.5 && teasers >= 8 && prose * 3 < words,
    }
}

#[cfg(test)]
mod tests {
    use super::{fold, read, says};
    use crate::record::Verdict;

    #[test]
    fn the_table_parses_and_its_phrases_are_folded_once() {
        let table = read().expect("the verdicts parse");
        for section in [&table.not_found, &table.block_page, &table.consent_wall, &table.paywall] {
            for phrase in section.title.iter().chain(&section.line) {
                assert!(fold(phrase).chars().count() >= 4, "{phrase:?} is too short to be sure");
            }
        }
        assert!(says("oops page not found", Verdict::NotFound, true));
        assert!(!says("the page not founded", Verdict::NotFound, true));
        assert!(!says("page not found", Verdict::NotFound, false));
    }
}
