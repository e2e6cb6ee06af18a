//! What became of a page as a whole: the text one came for, or what stands in its place. Phrases count
//! only where there is little else: a long article is an article, whatever it speaks of.

use super::facts::Facts;
use super::{Page, Sourced};
use crate::clean::block::{Block, Region, Shape};
use crate::clean::fold::fold;
use crate::clean::parse::{Attribute, ByName, Tag, Tree};
use crate::clean::phrases::Phrases;
use crate::clean::weigh::rules::RULES;
use crate::record::{Kind, Verdict};
use serde::Deserialize;
use std::collections::HashSet;
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
    /// What an application says while it loads.
    shell: Section,
}

fn read() -> Result<Table, toml::de::Error> {
    toml::from_str(include_str!("words/verdicts.toml"))
}

struct Said {
    phrases: Phrases,
    /// What each phrase says, and whether only a title or heading says it.
    says: Vec<Vec<(Verdict, bool)>>,
}

static SAID: LazyLock<Said> = LazyLock::new(|| {
    // A table that does not parse is a defect of the build; the tests name it.
    let table = read().unwrap_or_default();
    let mut phrases = Phrases::default();
    let mut says: Vec<Vec<(Verdict, bool)>> = Vec::new();
    for (section, verdict) in [
        (table.not_found, Verdict::NotFound),
        (table.block_page, Verdict::BlockPage),
        (table.consent_wall, Verdict::ConsentWall),
        (table.paywall, Verdict::Paywall),
        (table.shell, Verdict::Empty),
    ] {
        for (list, title) in [(section.title, true), (section.line, false)] {
            for phrase in list {
                let id = phrases.insert(&fold(&phrase));
                says.resize(says.len().max(id + 1), Vec::new());
                says[id].push((verdict, title));
            }
        }
    }
    Said { phrases, says }
});

/// Does a folded text say so? `title`: it is a title or a heading.
fn says(folded: &str, verdict: Verdict, title: bool) -> bool {
    longest(folded, verdict, title) > 0
}

/// Is that what a title says, and not a word in a sentence of it (`Hiker not found after two days`)?
/// `whole`: and nothing else.
fn is_said_by(title: &str, verdict: Verdict, whole: bool) -> bool {
    let said = longest(title, verdict, true);
    if whole { said > 0 && said * 10 >= title.len() * 9 } else { said > 0 && said * 2 >= title.len() }
}

/// The length of the longest phrase that says so, in bytes; 0 for none.
fn longest(folded: &str, verdict: Verdict, title: bool) -> usize {
    let says = |&(said, only_title): &(Verdict, bool)| said == verdict && (title || !only_title);
    let found = SAID.phrases.find(folded).into_iter().filter(|m| SAID.says[m.phrase].iter().any(says));
    found.map(|m| m.span.1 - m.span.0).max().unwrap_or(0)
}

/// Judges a page whose blocks were chosen.
pub fn judge(page: &Page<'_>, facts: &Facts<'_>, title: Option<&Sourced>, kind: Kind) -> Verdict {
    // Ornaments alone, such as `***`, are no text.
    if !page.kept.contains(&true) {
        return Verdict::Empty;
    }
    if is_shell(page) {
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
    if words <= STUB && is_paywalled(page, facts, words) {
        return Verdict::Paywall;
    }
    let told = kept.iter().any(|b| b.words >= 20 && b.sentences > 0 && b.link_density < 0.3);
    let is_list = !told && words < NOTICE && {
        // A list of which little was kept is still what the page is.
        let inside: Vec<&Block> = page.blocks.iter().filter(|b| !b.region.has(AROUND)).collect();
        is_index(&inside, inside.iter().map(|b| b.words).sum(), kind)
    };
    if is_list || is_index(&kept, words, kind) {
        return Verdict::Index;
    }
    let sentences = kept.iter().any(|b| b.sentences > 0 && b.words >= 6);
    if words < THIN || (!sentences && words < NOTICE && kind == Kind::Article) {
        Verdict::Thin
    } else {
        Verdict::Ok
    }
}

/// A page that tells this much of something else is no notice, in words.
const TOLD: usize = 45;

/// Is it prose of something else than why there is none?
fn tells(block: &Block, verdict: Verdict) -> bool {
    block.words >= 8
        && block.sentences > 0
        && block.link_density < 0.3
        && !says(&block.folded, verdict, false)
}

/// A short page that says why it is short.
fn notice(page: &Page<'_>, facts: &Facts<'_>, title: Option<&Sourced>, words: usize) -> Option<Verdict> {
    let titles: Vec<&str> =
        title.map(|t| t.value.as_str()).into_iter().chain(facts.title.as_deref()).collect();
    let headings = page.blocks.iter().filter(|b| b.words <= 12 && matches!(b.shape, Shape::Heading(1 | 2)));
    // A title names the site, too; each part of it speaks for itself.
    let parts =
        titles.iter().flat_map(|t| t.split(['|', '–', '—', '·', '»', '«']).flat_map(|p| p.split(" - ")));
    let folded: Vec<String> = parts.map(fold).chain(headings.map(|b| b.folded.clone())).collect();
    let all: usize = page.blocks.iter().map(|b| b.words).sum();
    // Lines count where the page has little more to say; furniture aside, a title says it of any page.
    let lines: Vec<&Block> =
        page.blocks.iter().filter(|b| b.words <= 60 && !b.region.has(Region::CONSENT)).collect();
    for verdict in [Verdict::BlockPage, Verdict::NotFound] {
        // What goes on to tell something is a text with a strange title.
        let told: usize = page
            .blocks
            .iter()
            .zip(page.kept)
            .filter(|(b, k)| **k && tells(b, verdict))
            .map(|(b, _)| b.words)
            .sum();
        let whole = told >= TOLD;
        let in_title = folded.iter().any(|f| f.split(' ').count() <= 12 && is_said_by(f, verdict, whole));
        let first =
            page.blocks.iter().take(3).any(|b| b.words <= 12 && is_said_by(&b.folded, verdict, whole));
        let in_line = lines.iter().any(|b| says(&b.folded, verdict, false));
        let numbered = verdict == Verdict::NotFound
            && titles.iter().any(|t| is_numbered(t, "404") && t.chars().count() < 80);
        if in_title
            || numbered
            || (first && all <= NOTICE)
            || (in_line && !whole && (all <= NOTICE || words < THIN * 2))
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
        // The word is the same in most languages, and is much in what follows the phrase.
        let named = block.words <= 60 && block.folded.contains("cookie");
        if speaks || named || block.region.has(Region::CONSENT) {
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
fn is_paywalled(page: &Page<'_>, facts: &Facts<'_>, words: usize) -> bool {
    let items = || facts.items.iter().filter(|i| i.depth <= 1);
    let sold = items().any(|i| i.paid)
        || facts.meta_of(&["article:content_tier"]).is_some_and(|(_, v)| matches!(v, "locked" | "metered"));
    let offer = page.blocks.iter().rposition(|b| {
        b.words <= 50
            && !b.region.has(Region::NAV | Region::FOOTER | Region::COMMENTS | Region::RELATED)
            && says(&b.folded, Verdict::Paywall, true)
    });
    // What is sold does not follow: a text that goes on only speaks of it.
    let goes_on = |from: usize| -> usize {
        let after = page.blocks.iter().zip(page.kept).skip(from + 1);
        after.filter(|(b, k)| **k && tells(b, Verdict::Paywall)).map(|(b, _)| b.words).sum()
    };
    if offer.is_some_and(|at| goes_on(at) < GOES_ON) {
        return true;
    }
    let parts: Vec<&str> = items().flat_map(|i| i.locked.iter().map(String::as_str)).collect();
    let Some(tree) = page.tree else { return false };
    // Pages that are sold often come whole all the same; then the locked part is there, or much text is.
    match marked(tree, page, &parts) {
        Some(locked) if sold => locked < LOCKED,
        _ => (sold && words <= NOTICE) || has_wall(tree, page),
    }
}

/// A text that goes on for this long after an offer was not cut off there, in words.
const GOES_ON: usize = 25;

/// A locked part of fewer words is not the text, in words.
const LOCKED: usize = 60;

/// Most selectors that are looked at.
const SELECTORS: usize = 100;

/// How many words stand in the elements that class selectors name; `None` where no selector is understood.
fn marked(tree: &Tree, page: &Page<'_>, selectors: &[&str]) -> Option<usize> {
    let classes: HashSet<&str> =
        selectors.iter().take(SELECTORS).filter_map(|s| s.trim().strip_prefix('.')).collect();
    let plain = |c: &&str| c.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    if classes.is_empty() || !classes.iter().all(plain) {
        return None;
    }
    let has = |id| {
        tree.attribute(id, Attribute::Class)
            .is_some_and(|c| c.split_whitespace().any(|c| classes.contains(c)))
    };
    Some(words_in(tree, page, has))
}

/// Words of the blocks below elements that fit, each counted once.
fn words_in(tree: &Tree, page: &Page<'_>, mut fits: impl FnMut(usize) -> bool) -> usize {
    let (mut words, mut at, mut next) = (0, 0, 0);
    while at < tree.len() {
        if !fits(at) {
            at += 1;
            continue;
        }
        let span = tree.subtree(at);
        while let Some(block) = page.blocks.get(next).filter(|b| b.place.text_node < span.end) {
            words += if block.place.text_node >= span.start { block.words } else { 0 };
            next += 1;
        }
        at = span.end;
    }
    words
}

/// Names that content systems give to the box that sells the rest.
const WALLS: [&str; 10] = [
    "paywall",
    "pay-wall",
    "regwall",
    "reg-wall",
    "subscriber-wall",
    "piano-container",
    "tp-container-inner",
    "meter-wall",
    "subscription-wall",
    "premium-wall",
];

/// Is there a box that sells the rest, with words of its own in it?
fn has_wall(tree: &Tree, page: &Page<'_>) -> bool {
    let named =
        |value: &str| value.split_whitespace().any(|t| WALLS.iter().any(|w| t.eq_ignore_ascii_case(w)));
    let mut known = ByName::default();
    let is_wall = |id| {
        tree.tag(id).is_some_and(|t| !matches!(t, Tag::Html | Tag::Body | Tag::Main | Tag::Article))
            && tree.names(id).any(|name| *known.of(name, named))
    };
    (4..=WALL_WORDS).contains(&words_in(tree, page, is_wall))
}

/// A box that sells the rest says at most this much, in words.
const WALL_WORDS: usize = 150;

/// What an application's page shows before it runs is at most this long, in words.
const SHELL: usize = 25;

/// Elements that applications are put into, by id.
const MOUNTS: [&str; 12] = [
    "root",
    "app",
    "__next",
    "__nuxt",
    "___gatsby",
    "q-app",
    "svelte",
    "react-root",
    "app-root",
    "application",
    "main-app",
    "ember-app",
];

/// A page whose text is put in by a program: an element to put it into, and next to no words.
fn is_shell(page: &Page<'_>) -> bool {
    let Some(tree) = page.tree else { return false };
    let words: usize = page.blocks.iter().map(|b| b.words).sum();
    if words > SHELL {
        return false;
    }
    let (mut mount, mut script) = (false, false);
    for id in 0..tree.len() {
        match tree.tag(id) {
            Some(Tag::Script) => script = true,
            Some(Tag::Custom) if tree.parent(id).and_then(|p| tree.tag(p)) == Some(Tag::Body) => mount = true,
            Some(_) => mount |= tree.attribute(id, Attribute::Id).is_some_and(|v| MOUNTS.contains(&v.trim())),
            None => {}
        }
    }
    let waits = |b: &Block| {
        says(&b.folded, Verdict::Empty, true)
            || (says(&b.folded, Verdict::BlockPage, false) && b.folded.contains("javascript"))
    };
    mount && script && page.blocks.iter().all(|b| b.words == 0 || waits(b))
}

/// Regions that are no part of what the page is about.
const AROUND: u32 =
    Region::NAV | Region::FOOTER | Region::HEADER | Region::ASIDE | Region::CONSENT | Region::HIDDEN;

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
        for section in
            [&table.not_found, &table.block_page, &table.consent_wall, &table.paywall, &table.shell]
        {
            for phrase in section.title.iter().chain(&section.line) {
                assert!(fold(phrase).chars().count() >= 3, "{phrase:?} is too short to be sure");
            }
        }
        assert!(!super::is_said_by("hiker not found after second day of search", Verdict::NotFound, false));
        assert!(super::is_said_by("sorry page not found", Verdict::NotFound, false));
        assert!(says("oops page not found", Verdict::NotFound, true));
        assert!(!says("the page not founded", Verdict::NotFound, true));
        assert!(!says("page not found", Verdict::NotFound, false));
    }
}
