//! Finds footnotes: links within the page to a place that links back. Knows nothing of how either is shown.

use crate::clean::parse::{Attribute, NodeId, Tag, Tree};
use std::collections::{HashMap, HashSet};

/// A reference's text is at most this long, in bytes.
const LABEL_BYTES: usize = 12;

/// A note is looked for at most so many elements above the place that is linked to.
const LEVELS: usize = 3;

/// Links within one note that are looked at.
const BACK_LINKS: usize = 40;

/// The notes of a page.
#[derive(Default)]
pub struct Notes {
    /// Label and note of each reference, by its link.
    pub references: HashMap<NodeId, (String, NodeId)>,
    /// The label of each note, by the element that holds it.
    pub labels: HashMap<NodeId, String>,
    /// The links from notes back to the text.
    pub back: HashSet<NodeId>,
}

impl Notes {
    pub fn of(tree: &Tree) -> Self {
        let places = places(tree);
        let mut links: Vec<(NodeId, NodeId)> = Vec::new();
        for id in 0..tree.len() {
            if let Some(&target) = local(tree, id).and_then(|name| places.get(name)) {
                links.push((id, target));
            }
        }
        let mut notes = Self::default();
        let mut given: HashSet<String> = HashSet::new();
        let mut times: HashMap<String, usize> = HashMap::new();
        for &(link, target) in &links {
            // The first of two that lead to each other is the reference.
            if notes.back.contains(&link) {
                continue;
            }
            let Some(label) = label(tree, link) else { continue };
            let Some(note) = note_at(tree, target).filter(|&n| !tree.subtree(n).contains(&link)) else {
                continue;
            };
            let body = tree.subtree(note);
            let first = links.partition_point(|&(at, _)| at < body.start);
            let inside = links[first..].iter().take_while(|&&(at, _)| at < body.end).take(BACK_LINKS);
            let back: Vec<NodeId> =
                inside.filter(|&&(_, to)| is_near(tree, link, to)).map(|&(at, _)| at).collect();
            if back.is_empty() {
                continue;
            }
            notes.back.extend(back);
            let label = notes.labels.entry(note).or_insert_with(|| {
                let mut unique = label.clone();
                let nth = times.entry(label.to_lowercase()).or_insert(1);
                while !given.insert(unique.to_lowercase()) {
                    *nth += 1;
                    unique = format!("{label}-{nth}");
                }
                unique
            });
            notes.references.insert(link, (label.clone(), note));
        }
        notes
    }
}

/// The places of a page that have a name.
fn places(tree: &Tree) -> HashMap<&str, NodeId> {
    let mut places = HashMap::new();
    for id in 0..tree.len() {
        let Some(tag) = tree.tag(id) else { continue };
        let anchor = if tag == Tag::A { tree.attribute(id, Attribute::Name) } else { None };
        for name in [tree.attribute(id, Attribute::Id), anchor].into_iter().flatten() {
            places.entry(name).or_insert(id);
        }
    }
    places
}

/// The name of the place in this page that an element links to.
fn local(tree: &Tree, id: NodeId) -> Option<&str> {
    tree.tag(id).filter(|tag| *tag == Tag::A)?;
    tree.attribute(id, Attribute::Href)?.trim().strip_prefix('#').filter(|name| !name.is_empty())
}

/// What a reference shows, without brackets: a number, a letter or two, a star.
pub fn label(tree: &Tree, link: NodeId) -> Option<String> {
    let nodes = tree.subtree(link);
    if nodes.len() > 12 {
        return None;
    }
    let shown = tree.inner_text(link);
    let bare = shown.trim_matches(['[', ']', '(', ')', '{', '}', ' ']);
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '*' | '†' | '‡' | '§' | '-');
    let short = !bare.is_empty() && bare.len() <= LABEL_BYTES && bare.chars().all(plain);
    let number = bare.chars().any(char::is_numeric) || bare.chars().count() <= 2;
    if !short || !number {
        return None;
    }
    Some(bare.to_owned())
}

/// Is the link raised, or called a reference to a note?
pub fn is_called_reference(tree: &Tree, link: NodeId) -> bool {
    local(tree, link).is_some()
        && (tree.attribute(link, Attribute::Role) == Some("doc-noteref")
            || tree.ancestors(link).take(2).any(|n| tree.tag(n) == Some(Tag::Sup))
            || tree.subtree(link).take(3).any(|n| tree.tag(n) == Some(Tag::Sup)))
}

/// The element that holds the note at a place.
fn note_at(tree: &Tree, place: NodeId) -> Option<NodeId> {
    let holds = |n: NodeId| matches!(tree.tag(n), Some(Tag::Li | Tag::P | Tag::Dd | Tag::Div | Tag::Aside));
    let whole = |n: NodeId| tree.tag(n).is_some_and(Tag::is_block);
    let note = tree.ancestors(place).take(LEVELS).find(|&n| whole(n)).filter(|&n| holds(n))?;
    // A paragraph that is all of a list's item stands for it.
    let item = tree.parent(note).filter(|&n| tree.tag(n) == Some(Tag::Li));
    Some(item.unwrap_or(note))
}

/// Does a place that is linked back to belong to the reference?
fn is_near(tree: &Tree, link: NodeId, place: NodeId) -> bool {
    tree.ancestors(link).take(LEVELS).any(|n| n == place)
        || (place.abs_diff(link) <= 6 && tree.parent(place).is_some_and(|p| tree.subtree(p).contains(&link)))
}
