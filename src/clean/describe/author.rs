//! Who wrote it. What metadata declares and what the page shows are looked for apart; where they differ, the
//! byline beside the title decides, for metadata often names the paper, the desk or whoever set up the page.

use super::author_signs::{credited, in_links, is_visible, readable};
use super::byline_words::{after_inner_leads, has_role, is_lead, strip_lead};
use super::facts::Facts;
use super::names::{is_capitalised, is_full_name, people, turned};
use super::signatures::{self, is_given, is_person};
use super::tidy::{key, tidy};
use super::title::first_prose;
use super::{NamedSite, Page, Sourced};
use crate::clean::block::{Block, Region, Shape};
use crate::clean::parse::{Attribute, NodeId, Tag, Tree};
use crate::clean::region;
use crate::clean::weigh::rules::RULES;
use crate::record::Kind;

/// Names of `<meta>` that give the author, the surest first.
const METAS: [&str; 14] = [
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
    "cse_author",
    "article:author",
    "og:article:author",
    "creator",
];

/// Where a name is someone else's.
pub(super) const ELSEWHERE: u32 =
    Region::NAV | Region::FOOTER | Region::COMMENTS | Region::RELATED | Region::ASIDE | Region::MODAL;

/// Most words of a line that is a byline: names, a date and a time beside each other.
pub(super) const LINE: usize = 20;

/// Names, where they stand, and how sure it is that they are the author's.
pub(super) struct Candidate {
    pub names: Vec<String>,
    pub from: String,
    /// Marked up as the author, or after a lead word.
    pub sure: bool,
}

impl Candidate {
    /// Do they come from metadata?
    fn is_declared(&self) -> bool {
        self.from == "json-ld" || self.from.starts_with("meta ")
    }
}

/// Finds the author or authors, joined with a comma. `title`: the block of the title.
pub fn find(
    page: &Page<'_>,
    facts: &Facts<'_>,
    site: &NamedSite,
    kind: Kind,
    title: Option<usize>,
) -> Option<Sourced> {
    let has_author = matches!(kind, Kind::Article | Kind::Forum | Kind::Documentation | Kind::Other);
    let readable = |found: Candidate| readable(page, kind, found);
    // Of a shop, a service or a list, metadata and teasers name others; only what is typed as a text counts.
    let declared = in_items(facts, site)
        .and_then(readable)
        .or_else(|| has_author.then(|| in_metas(facts, site, readable)).flatten());
    let shown = if has_author { shown(page, facts, site, kind, title) } else { None };
    let mut best = match (declared, shown) {
        (Some(declared), Some(shown)) => choose(page, declared, shown),
        // The site itself may sign: where its name stands in a byline, or metadata calls it a person.
        (None, None) => {
            let anyone = NamedSite::default();
            let signed = has_author.then(|| in_bylines(page, facts, &anyone, kind, title)).flatten();
            let own_site = || in_metas(facts, &anyone, Some).filter(|c| c.names.iter().all(|n| is_person(n)));
            let person = || persons(facts, &anyone).and_then(readable);
            signed.or_else(person).or_else(|| own_site().filter(|_| has_author))?
        }
        (declared, shown) => declared.or(shown)?,
    };
    // Metadata names who took the pictures or checked the facts beside the writer; a byline knows better.
    if best.names.len() > 1 && best.is_declared() {
        let others = credited(page);
        let same = |o: &String, mine: &str| o.starts_with(mine) || mine.starts_with(o.as_str());
        let wrote = |n: &&String| !others.iter().any(|o| same(o, &key(n)));
        if best.names.iter().any(|n| wrote(&n)) {
            best.names = best.names.iter().filter(wrote).cloned().collect();
        }
    }
    Some(Sourced { value: best.names.join(", "), from: best.from })
}

/// Of two that differ, the byline; but in the words of metadata where both mean the same people.
fn choose(page: &Page<'_>, declared: Candidate, mut shown: Candidate) -> Candidate {
    let mut shared = 0;
    for name in &mut shown.names {
        let mine = key(name);
        let same = declared.names.iter().find(|d| {
            let theirs = key(d);
            theirs.starts_with(&mine) || mine.starts_with(&theirs)
        });
        if let Some(same) = same {
            name.clone_from(same);
            shared += 1;
        }
    }
    shown.names.dedup();
    // An organisation is the author only where nobody else is.
    if !declared.sure && declared.from == "json-ld" {
        return shown;
    }
    let visible = || declared.names.iter().any(|n| is_visible(page, n));
    let wins = if shared > 0 {
        shown.sure && shared == shown.names.len().min(declared.names.len())
    } else {
        shown.sure && !visible()
    };
    if wins { shown } else { declared }
}

pub(super) fn candidate(names: Vec<String>, from: &str, sure: bool) -> Option<Candidate> {
    (!names.is_empty()).then(|| Candidate { names, from: from.to_owned(), sure })
}

fn of_all<'s>(values: impl Iterator<Item = &'s str>, site: &NamedSite) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for value in values.take(40) {
        for name in people(value, site) {
            if out.len() < 20 && !out.iter().any(|o| key(o) == key(&name)) {
                out.push(name);
            }
        }
    }
    out
}

/// JSON-LD and microdata: people before organisations, which name the paper.
fn in_items(facts: &Facts<'_>, site: &NamedSite) -> Option<Candidate> {
    let item = facts.text_item()?;
    let organisations = || of_all(item.organisations.iter().map(String::as_str), site);
    persons(facts, site).or_else(|| candidate(organisations(), "json-ld", false))
}

/// Those that JSON-LD does not call organisations. A person's own site bears the person's name.
fn persons(facts: &Facts<'_>, site: &NamedSite) -> Option<Candidate> {
    let item = facts.text_item()?;
    // `, The Harbour Post`: the paper after a name that is missing.
    let whole = item.authors.iter().map(String::as_str).filter(|name| !name.trim_start().starts_with(','));
    let mut names = of_all(whole, &NamedSite::default());
    // `The Associated Press` beside a name is whom the name writes with.
    if names.iter().any(|name| is_full_name(name) && !name.starts_with("The ")) {
        names.retain(|name| !name.starts_with("The "));
    }
    let own = |n: &String| !site.is(n) || (n.split_whitespace().count() == 2 && is_full_name(n));
    candidate(names.into_iter().filter(own).collect(), "json-ld", true)
}

fn in_metas(
    facts: &Facts<'_>,
    site: &NamedSite,
    readable: impl Fn(Candidate) -> Option<Candidate>,
) -> Option<Candidate> {
    METAS.iter().find_map(|name| {
        let values: Vec<&str> = facts.metas.iter().filter(|(n, _)| n == name).map(|(_, v)| *v).collect();
        let listed = matches!(*name, "citation_author" | "dc.creator" | "dcterms.creator" | "dc.contributor");
        let values: Vec<String> =
            values.iter().map(|v| if listed { turned(v) } else { (*v).to_owned() }).collect();
        candidate(of_all(values.iter().map(String::as_str), site), &format!("meta {name}"), listed)
            .and_then(&readable)
    })
}

/// What the page shows: marked-up elements, lines with a lead word, elements with a telling class.
fn shown(
    page: &Page<'_>,
    facts: &Facts<'_>,
    site: &NamedSite,
    kind: Kind,
    title: Option<usize>,
) -> Option<Candidate> {
    in_bylines(page, facts, site, kind, title)
        .or_else(|| in_card(facts, site))
        .or_else(|| signatures::find(page, site, kind, title))
        .or_else(|| page.tree.and_then(|tree| in_links(tree, page, facts, site)))
}

/// What is marked up as a byline, or begins like one.
fn in_bylines(
    page: &Page<'_>,
    facts: &Facts<'_>,
    site: &NamedSite,
    kind: Kind,
    title: Option<usize>,
) -> Option<Candidate> {
    let elements = page.tree.and_then(|tree| in_elements(tree, page, facts, site, kind));
    let opener =
        || page.tree.filter(|_| kind == Kind::Forum).and_then(|tree| opener(tree, page, facts, title));
    // Questions and answers mark up who asked; other forums mark up everyone.
    let asked = || {
        facts.types.iter().any(|t| t.contains("Question") || t.contains("QAPage"))
            || facts.items.iter().any(|i| i.is("QAPage"))
    };
    let first =
        if kind == Kind::Forum && !asked() { opener().or(elements) } else { elements.or_else(opener) };
    first
        .or_else(|| in_lines(page, site, title))
        .or_else(|| page.tree.and_then(|tree| in_classes(tree, page, facts, site, title)))
}

/// Who opened a thread: the first user named at or after its title.
fn opener(tree: &Tree, page: &Page<'_>, facts: &Facts<'_>, title: Option<usize>) -> Option<Candidate> {
    const NOT_POSTS: u32 = Region::NAV | Region::FOOTER | Region::RELATED | Region::ASIDE | Region::MODAL;
    let from = title.and_then(|t| page.blocks.get(t)).map_or(0, |b| b.place.text_node);
    let mut users: Vec<NodeId> =
        facts.users.iter().chain(&facts.authors).copied().filter(|&n| n >= from).collect();
    users.sort_unstable();
    let mut users = users.into_iter().filter(|&n| tree.subtree(n).len() <= 12).take(20);
    let first = users.find_map(|n| {
        let elsewhere = tree.ancestors(n).any(|n| region::of(tree, n).has(NOT_POSTS));
        let name = tidy(&tree.inner_text(n)).filter(|t| !elsewhere && t.chars().count() <= 30)?;
        people(&name, &NamedSite::default()).into_iter().next()
    })?;
    candidate(vec![first], "author element", true)
}

/// `itemprop=author`, `rel=author`: the first outside of comments and teasers; on a forum the first of all.
fn in_elements(
    tree: &Tree,
    page: &Page<'_>,
    facts: &Facts<'_>,
    site: &NamedSite,
    kind: Kind,
) -> Option<Candidate> {
    let prose_end =
        first_prose(page).and_then(|at| page.blocks.get(at + 1)).map_or(tree.len(), |b| b.place.text_node);
    let mut names: Vec<String> = Vec::new();
    let mut home: Option<NodeId> = None;
    let mut last = 0;
    for &node in &facts.authors {
        let elsewhere = tree.ancestors(node).any(|n| region::of(tree, n).has(ELSEWHERE));
        if elsewhere && kind != Kind::Forum {
            continue;
        }
        // More authors than one stand together.
        if !home.is_none_or(|_| kind != Kind::Forum && node < last + 40) {
            break;
        }
        let found = names_in(tree, node, site);
        if !found.is_empty() {
            home = home.or(Some(node));
            last = node;
            names.extend(found);
        }
    }
    let alone = || names.iter().all(|n| key(n) == key(&names[0]));
    let early = home.is_some_and(|h| h <= prose_end || kind == Kind::Forum || alone());
    if !early {
        return None;
    }
    let names = of_all(names.iter().map(String::as_str), site);
    candidate(names, "author element", true)
}

/// Twitter's card: a label such as `Written by`, and its value.
fn in_card(facts: &Facts<'_>, site: &NamedSite) -> Option<Candidate> {
    let cards = [("twitter:label1", "twitter:data1"), ("twitter:label2", "twitter:data2")];
    cards.iter().find_map(|(label, data)| {
        is_lead(facts.meta_of(&[label])?.1).then_some(())?;
        candidate(people(facts.meta_of(&[data])?.1, site), "meta twitter:data", false)
    })
}

/// A name beside the title in an element whose class says that it is the author's; elsewhere only if all such
/// elements name the same.
fn in_classes(
    tree: &Tree,
    page: &Page<'_>,
    facts: &Facts<'_>,
    site: &NamedSite,
    title: Option<usize>,
) -> Option<Candidate> {
    let prose = first_prose(page)?;
    let node_of = |at: usize| page.blocks.get(at).map_or(tree.len(), |b| b.place.text_node);
    let from = title
        .filter(|&t| t <= prose)
        .map_or(node_of(prose.saturating_sub(8)), |t| node_of(t.saturating_sub(3)));
    let to = node_of(prose + 1);
    let mut all: Vec<String> = Vec::new();
    for &node in facts.bylines.iter().take(60) {
        // The footer of a post is not that of the page.
        let around = tree.ancestors(node).fold(0, |bits, n| bits | region::of(tree, n).0);
        let own = around & (Region::ARTICLE | Region::MAIN | Region::BODY_CLASS) != 0;
        let elsewhere = if own { ELSEWHERE & !Region::FOOTER } else { ELSEWHERE };
        if tree.subtree(node).len() > 80 || around & elsewhere != 0 {
            continue;
        }
        let names = names_in(tree, node, site);
        let like_names = !names.is_empty()
            && names.iter().all(|n| is_full_name(n) || n.len() <= 20 && !n.contains(' '))
            && names.iter().all(|n| !has_role(n));
        if !like_names {
            continue;
        }
        if (from..to).contains(&node) {
            return candidate(names, "author element", true);
        }
        all.extend(names.into_iter().filter(|n| is_full_name(n)));
    }
    let same = all.iter().all(|n| key(n) == key(&all[0]));
    let first = all.into_iter().next().filter(|_| same)?;
    candidate(vec![first], "author element", false)
}

/// The names below an element: those of `itemprop=name`, else its links, else its text, else its `content`.
fn names_in(tree: &Tree, node: NodeId, site: &NamedSite) -> Vec<String> {
    let below = || tree.subtree(node).take(80);
    let read = |at: NodeId| {
        tree.attribute(at, Attribute::Content).and_then(tidy).or_else(|| tidy(&tree.inner_text(at)))
    };
    if let Some(named) = below().find(|&n| tree.attribute(n, Attribute::Itemprop) == Some("name")) {
        return read(named).map(|n| people(&n, site)).unwrap_or_default();
    }
    let links = below().filter(|&n| n != node && tree.tag(n) == Some(Tag::A));
    let linked: Vec<String> = links
        .filter_map(read)
        .flat_map(|n| people(&n, site))
        .filter(|n| is_full_name(n) && !has_role(n))
        .collect();
    if !linked.is_empty() {
        return of_all(linked.iter().map(String::as_str), site);
    }
    let whole = read(node).unwrap_or_default();
    let names = people(&whole, site);
    if whole.split_whitespace().count() <= 8
        && names.iter().all(|n| n.split_whitespace().count() <= 4)
        && !names.is_empty()
    {
        return names;
    }
    // Several lines in one element: the name is one of them.
    let texts = below().filter_map(|n| tree.text(n)).filter_map(tidy).filter(|t| !is_lead(t)).take(12);
    texts
        .map(|t| people(&t, site))
        .find(|p| p.iter().any(|n| is_full_name(n) && !has_role(n)))
        .unwrap_or_default()
}

/// A line beside the title that begins like a byline, or has a lead word after its date.
fn in_lines(page: &Page<'_>, site: &NamedSite, title: Option<usize>) -> Option<Candidate> {
    let byline = RULES.iter().position(|r| r.name == "byline");
    let (from, to, around) = beside(page, title);
    let mut found: Vec<(usize, Vec<String>)> = Vec::new();
    for at in (from..page.blocks.len().min(to + 1)).filter(|&at| Some(at) != title) {
        let block = &page.blocks[at];
        // Beside its title a page may keep its byline in an aside of its article.
        let own = block.region.has(Region::ARTICLE | Region::BODY_CLASS);
        let elsewhere = if own { ELSEWHERE & !Region::ASIDE } else { ELSEWHERE };
        if block.words > LINE || block.region.has(elsewhere) || block.ends_sentence && block.words > 8 {
            continue;
        }
        let ruled = byline.is_some_and(|r| {
            page.evidence.get(at).is_some_and(|e| e.iter().any(|&(rule, s)| rule == r && s >= 0.5))
        });
        let sure = ruled || block.region.has(Region::META);
        let labels = block.words <= 3 && is_lead(&block.text);
        let names = labels
            .then(|| names_below(page, at, site))
            .flatten()
            .or_else(|| after_lead(block, site, sure))
            .or_else(|| after_inner_lead(block, site));
        if let Some(names) = names {
            found.push((usize::from(at < around) * 100 + at.abs_diff(around), names));
        }
    }
    let (_, names) = found.into_iter().min_by_key(|(distance, _)| *distance)?;
    candidate(names, "byline", true)
}

/// The blocks in which a byline may stand, and the block it stands near.
fn beside(page: &Page<'_>, title: Option<usize>) -> (usize, usize, usize) {
    let prose = first_prose(page).unwrap_or(0);
    let around = title.filter(|&t| t <= prose).unwrap_or(prose.saturating_sub(6));
    (around.saturating_sub(4), prose.min(around + 14).max(around) + 2, around)
}

/// The names right below a label, one a line where they are items of a list.
fn names_below(page: &Page<'_>, label: usize, site: &NamedSite) -> Option<Vec<String>> {
    let below = page.blocks.get(label + 1)?;
    let mut names = name_alone(below, site)?;
    let listed = page
        .blocks
        .iter()
        .skip(label + 2)
        .take(10)
        .take_while(|b| below.shape == Shape::ListItem && b.shape == Shape::ListItem);
    // Where the list goes on with something else, its items look like names, too.
    let listed = listed.map_while(|b| name_alone(b, site).filter(|names| names.iter().all(|n| is_given(n))));
    for name in listed.flatten() {
        if !names.iter().any(|n| key(n) == key(&name)) {
            names.push(name);
        }
    }
    Some(names)
}

/// A line that is a name and nothing else.
fn name_alone(block: &Block, site: &NamedSite) -> Option<Vec<String>> {
    let line = block.text.lines().next()?;
    let names = people(line, site);
    let fits = block.words <= 12 && !block.ends_sentence && !names.is_empty();
    (fits && names.iter().all(|n| is_full_name(n))).then_some(names)
}

/// The names after a lead word at the start of a line. `sure`: something else says that this is a byline.
fn after_lead(block: &Block, site: &NamedSite, sure: bool) -> Option<Vec<String>> {
    let line = block.text.lines().next()?.trim_start_matches(|c: char| !c.is_alphanumeric());
    let names = people(strip_lead(line)?, site);
    let first = names.first()?;
    let words = first.split_whitespace().count();
    // A signature in lower case is a line of its own.
    let signed = block.words <= 3 && words <= 2 && !block.ends_sentence;
    let named = is_capitalised(first);
    (signed || (named && (sure || words <= 5))).then_some(names)
}

/// The names after a lead word within a dated line: `Posted on DATE by NAME`, `DATE | Автор: NAME`.
fn after_inner_lead(block: &Block, site: &NamedSite) -> Option<Vec<String>> {
    let line = block.text.lines().next()?;
    let dated = block.digits > 0.0 || block.region.has(Region::META);
    if !dated || block.ends_sentence {
        return None;
    }
    after_inner_leads(line)
        .map(|rest| people(rest, site))
        .find(|names| names.first().is_some_and(|n| is_full_name(n) && !has_role(n)))
}
