//! Who wrote it: metadata, marked-up elements, then the byline beside the title. Names only: no lead word,
//! no address, no date, no job.

use super::calendar::is_calendar_word;
use super::facts::Facts;
use super::tidy::{key, tidy};
use super::title::first_prose;
use super::{Page, Sourced};
use crate::clean::block::{Block, Region, is_unspaced};
use crate::clean::parse::{Attribute, NodeId, Tree};
use crate::clean::region;
use crate::clean::weigh::rules::RULES;
use crate::record::Kind;
use serde::Deserialize;
use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

/// Longest name, in characters.
const LONGEST: usize = 70;

/// Most authors named.
const MOST: usize = 12;

/// Names of `<meta>` that give the author, the surest first.
const METAS: [&str; 11] = [
    "author",
    "article:author_name",
    "parsely-author",
    "sailthru.author",
    "citation_author",
    "dc.creator",
    "dcterms.creator",
    "dc.contributor",
    "byl",
    "cxenseparse:author",
    "article:author",
];

/// Where a name is someone else's.
const ELSEWHERE: u32 =
    Region::NAV | Region::FOOTER | Region::COMMENTS | Region::RELATED | Region::ASIDE | Region::MODAL;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Section {
    lead: Vec<String>,
    cut: Vec<String>,
    nobody: Vec<String>,
}

#[derive(Default)]
struct Words {
    /// Longest first.
    lead: Vec<String>,
    cut: Vec<String>,
    nobody: HashSet<String>,
}

fn read() -> Result<BTreeMap<String, Section>, toml::de::Error> {
    toml::from_str(include_str!("words/bylines.toml"))
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let mut words = Words::default();
    // A table that does not parse is a defect of the build; the tests name it.
    for section in read().unwrap_or_default().into_values() {
        words.lead.extend(section.lead.iter().map(|w| w.to_lowercase()));
        words.cut.extend(section.cut.iter().map(|w| w.to_lowercase()));
        words.nobody.extend(section.nobody.iter().map(|w| key(w)));
    }
    for list in [&mut words.lead, &mut words.cut] {
        list.sort_by_key(|w| (std::cmp::Reverse(w.len()), w.clone()));
        list.dedup();
    }
    words
});

/// Finds the author or authors, joined with a comma. `title`: the block of the title.
pub fn find(page: &Page<'_>, facts: &Facts<'_>, kind: Kind, title: Option<usize>) -> Option<Sourced> {
    if let Some(item) = facts.text_item()
        && let Some(found) = sourced(item.authors.iter().map(String::as_str), "json-ld")
    {
        return Some(found);
    }
    // Of a shop, a service or a list, metadata names whoever set up the page.
    if !matches!(kind, Kind::Article | Kind::Forum | Kind::Documentation | Kind::Other) {
        return None;
    }
    for name in METAS {
        let values = facts.metas.iter().filter(|(n, _)| n == name).map(|(_, v)| *v);
        if let Some(found) = sourced(values, &format!("meta {name}")) {
            return Some(found);
        }
    }
    page.tree
        .and_then(|tree| in_elements(tree, page, facts, kind))
        .or_else(|| in_card(facts))
        .or_else(|| in_lines(page, title))
        .or_else(|| page.tree.and_then(|tree| in_classes(tree, page, facts, title)))
}

fn sourced<'s>(names: impl Iterator<Item = &'s str>, from: &str) -> Option<Sourced> {
    let mut out: Vec<String> = Vec::new();
    for name in names.filter_map(tidy).filter_map(|n| clean(&n)).take(MOST) {
        if !out.iter().any(|o| key(o) == key(&name)) {
            out.push(name);
        }
    }
    (!out.is_empty()).then(|| Sourced { value: out.join(", "), from: from.to_owned() })
}

/// `itemprop=author`, `rel=author`: the first outside of comments and teasers; on a forum the first of all.
fn in_elements(tree: &Tree, page: &Page<'_>, facts: &Facts<'_>, kind: Kind) -> Option<Sourced> {
    let prose_end =
        first_prose(page).and_then(|at| page.blocks.get(at + 1)).map_or(tree.len(), |b| b.place.text_node);
    let mut names: Vec<String> = Vec::new();
    let mut home: Option<NodeId> = None;
    for &node in &facts.authors {
        let elsewhere = tree.ancestors(node).any(|n| region::of(tree, n).has(ELSEWHERE));
        if (elsewhere && kind != Kind::Forum) || names.len() >= MOST {
            continue;
        }
        // More authors than one stand together.
        let near = home.is_none_or(|h| kind != Kind::Forum && node < h + 40);
        if !near {
            break;
        }
        if let Some(name) = name_in(tree, node).and_then(|n| clean(&n)) {
            home = home.or(Some(node));
            names.push(name);
        }
    }
    let early =
        home.is_some_and(|h| h <= prose_end || kind == Kind::Forum || names.len() == facts.authors.len());
    if early { sourced(names.iter().map(String::as_str), "author element") } else { None }
}

/// Twitter's card: a label such as `Written by`, and its value.
fn in_card(facts: &Facts<'_>) -> Option<Sourced> {
    let cards = [("twitter:label1", "twitter:data1"), ("twitter:label2", "twitter:data2")];
    cards.iter().find_map(|(label, data)| {
        let label = facts.meta_of(&[label])?.1.trim().to_lowercase();
        WORDS.lead.contains(&label).then_some(())?;
        sourced(facts.meta_of(&[data]).map(|(_, v)| v).into_iter(), "meta twitter:data")
    })
}

/// A name beside the title in an element whose class says that it is the author's.
fn in_classes(tree: &Tree, page: &Page<'_>, facts: &Facts<'_>, title: Option<usize>) -> Option<Sourced> {
    let prose = first_prose(page)?;
    let node_of = |at: usize| page.blocks.get(at).map_or(tree.len(), |b| b.place.text_node);
    let from = title
        .filter(|&t| t <= prose)
        .map_or(node_of(prose.saturating_sub(8)), |t| node_of(t.saturating_sub(3)));
    let to = node_of(prose + 1);
    facts.bylines.iter().filter(|n| (from..to).contains(*n)).find_map(|&node| {
        if tree.subtree(node).len() > 40 || tree.ancestors(node).any(|n| region::of(tree, n).has(ELSEWHERE)) {
            return None;
        }
        let name = clean(&name_in(tree, node)?)?;
        let like_a_name = (2..=4).contains(&name.split_whitespace().count()) && is_capitalised(&name);
        like_a_name.then(|| sourced(std::iter::once(name.as_str()), "author element"))?
    })
}

/// The `itemprop=name` below an author element, else its text, else its `content`.
fn name_in(tree: &Tree, node: NodeId) -> Option<String> {
    let named = tree.subtree(node).take(60).find(|&n| tree.attribute(n, Attribute::Itemprop) == Some("name"));
    let at = named.unwrap_or(node);
    tree.attribute(at, Attribute::Content).and_then(tidy).or_else(|| tidy(&tree.inner_text(at)))
}

/// A line beside the title that begins like a byline.
fn in_lines(page: &Page<'_>, title: Option<usize>) -> Option<Sourced> {
    let byline = RULES.iter().position(|r| r.name == "byline");
    let prose = first_prose(page).unwrap_or(0);
    let around = title.filter(|&t| t <= prose).unwrap_or(prose.saturating_sub(6));
    let (from, to) = (around.saturating_sub(4), prose.min(around + 12).max(around) + 2);
    let candidates = (from..page.blocks.len().min(to + 1)).filter(|&at| Some(at) != title);
    let mut found: Vec<(usize, String)> = Vec::new();
    for at in candidates {
        let block = &page.blocks[at];
        if block.words > 20 || block.region.has(ELSEWHERE) || block.ends_sentence && block.words > 8 {
            continue;
        }
        let ruled = byline.is_some_and(|r| {
            page.evidence.get(at).is_some_and(|e| e.iter().any(|&(rule, s)| rule == r && s >= 0.5))
        });
        let sure = ruled || block.region.has(Region::META);
        let below = page.blocks.get(at + 1).filter(|_| is_label(block));
        if let Some(name) = below.and_then(name_alone).or_else(|| after_lead(block, sure)) {
            found.push((usize::from(at < around) * 100 + at.abs_diff(around), name));
        }
    }
    let (_, name) = found.into_iter().min_by_key(|(distance, _)| *distance)?;
    sourced(std::iter::once(name.as_str()), "byline")
}

/// A lead word alone on its line, as `Written by:`.
fn is_label(block: &Block) -> bool {
    let label = block.text.trim_end_matches([':', '：', ' ']).to_lowercase();
    block.words <= 3 && WORDS.lead.contains(&label)
}

/// A line that is a name and nothing else.
fn name_alone(block: &Block) -> Option<String> {
    let fits = (2..=4).contains(&block.words) && !block.ends_sentence;
    clean(block.text.lines().next()?).filter(|n| fits && is_capitalised(n))
}

/// Does each longer word begin like a name, as far as the script has capitals?
fn is_capitalised(name: &str) -> bool {
    let capital = |w: &str| w.chars().find(|c| c.is_alphabetic()).is_none_or(|c| !c.is_lowercase());
    name.split_whitespace().filter(|w| w.len() > 3).all(capital)
}

/// The name after a lead word. `sure`: something else says that this is a byline.
fn after_lead(block: &Block, sure: bool) -> Option<String> {
    let line = block.text.lines().next()?.trim_start_matches(|c: char| !c.is_alphanumeric());
    let rest = strip_lead(line)?;
    let name = clean(rest)?;
    let capital = |w: &str| w.chars().find(|c| c.is_alphabetic()).is_some_and(|c| !c.is_lowercase());
    let words: Vec<&str> = name.split_whitespace().collect();
    // A signature in lower case is a line of its own.
    let signed = block.words <= 3 && words.len() <= 2 && !block.ends_sentence;
    let named = words.first().is_some_and(|w| capital(w)) && words.last().is_some_and(|w| capital(w));
    (signed || (named && (sure || words.len() <= 5))).then_some(name)
}

/// The text after its lead word, if it begins with one.
fn strip_lead(text: &str) -> Option<&str> {
    for lead in &WORDS.lead {
        let Some(rest) = strip_prefix_folded(text, lead) else { continue };
        let next = rest.chars().next()?;
        let unspaced = lead.chars().next().is_some_and(is_unspaced);
        // 文 and kin begin too many words: they need a sign after them.
        let bare = unspaced && lead.chars().count() < 2 && !matches!(next, ':' | '：' | '/' | '／' | '|');
        if (next.is_alphanumeric() && !unspaced) || bare || next == '\'' || next == '-' {
            continue;
        }
        return Some(rest.trim_start_matches(|c: char| !c.is_alphanumeric()));
    }
    None
}

/// `text` without a prefix given in lower case.
fn strip_prefix_folded<'t>(text: &'t str, lower: &str) -> Option<&'t str> {
    let mut wanted = lower.chars();
    let mut at = 0;
    for c in text.chars() {
        if wanted.as_str().is_empty() {
            break;
        }
        for l in c.to_lowercase() {
            if wanted.next() != Some(l) {
                return None;
            }
        }
        at += c.len_utf8();
    }
    wanted.as_str().is_empty().then(|| &text[at..])
}

/// A name without what else stands in a byline; `None` if nothing like a name is left.
fn clean(raw: &str) -> Option<String> {
    let mut name = raw.trim();
    if name.starts_with('@') || name.contains("://") || name.starts_with("www.") {
        return None;
    }
    if let Some(rest) = strip_lead(name) {
        name = rest;
    }
    let mut end = name.len();
    for sign in
        [" | ", " - ", " – ", " — ", "•", "·", " / ", "(", "[", ";", "\n", "<", " @", ", for ", " for the "]
    {
        if let Some(at) = name.find(sign).filter(|&at| at > 0) {
            end = end.min(at);
        }
    }
    let mut at = 0;
    for word in name.split_inclusive(char::is_whitespace) {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let dated = at > 0 && (is_calendar_word(bare) || bare.chars().any(|c| c.is_ascii_digit()));
        if at < end && (dated || (word.contains('@') && word.contains('.'))) {
            end = at;
        }
        let cut = at > 0
            && WORDS.cut.iter().any(|c| {
                strip_prefix_folded(&name[at..], c)
                    .is_some_and(|r| !r.chars().next().is_some_and(char::is_alphanumeric))
            });
        if cut {
            end = end.min(at);
        }
        at += word.len();
    }
    let name =
        name[..end].trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '"' | '“' | '”' | '®'));
    let name = name.trim_start_matches('.').trim();
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let words = name.split_whitespace().count();
    let fits =
        letters >= 2 && name.chars().count() <= LONGEST && words <= 12 && !WORDS.nobody.contains(&key(name));
    fits.then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{WORDS, clean, read, strip_lead};

    #[test]
    fn the_tables_parse_and_speak_the_languages_of_the_rules() {
        let tables = read().expect("the bylines parse");
        for language in ["fr", "en", "es", "de", "it", "pt", "nl", "tr", "ar", "id", "ru", "pl", "el", "zh"] {
            assert!(tables.get(language).is_some_and(|s| !s.lead.is_empty()), "{language}");
        }
        assert!(WORDS.nobody.contains("larédaction"));
    }

    #[test]
    fn a_name_is_left_of_a_byline() {
        for (raw, name) in [
            ("By Ada Byron", "Ada Byron"),
            ("By: Ada Byron | Nov 21, 2024", "Ada Byron"),
            ("Par Émile Durand, publié le 21 novembre", "Émile Durand"),
            ("Von Karl Muster (dpa)", "Karl Muster"),
            ("Ada Byron ada@example.org", "Ada Byron"),
            ("Ada Byron Thursday 21 November", "Ada Byron"),
            ("作者：王小明", "王小明"),
            ("بقلم: أحمد علي", "أحمد علي"),
            ("Dr. Ada Byron, MS", "Dr. Ada Byron, MS"),
            ("user42", "user42"),
        ] {
            assert_eq!(clean(raw).as_deref(), Some(name), "{raw}");
        }
        for raw in ["https://example.org/ada", "admin", "La rédaction", "@ada", "12", "", "By", "—"] {
            assert_eq!(clean(raw), None, "{raw}");
        }
    }

    #[test]
    fn lead_words_end_where_words_end() {
        assert_eq!(strip_lead("BY ADA"), Some("ADA"));
        assert_eq!(strip_lead("Byron Ada"), None);
        assert_eq!(strip_lead("Parmi nous"), None);
        assert_eq!(strip_lead("文化"), None);
    }
}
