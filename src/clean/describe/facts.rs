//! One pass over the tree: everything that describes the page, as it stands there. Weighs nothing.

use super::json_ld::{self, Item};
use crate::clean::parse::{Attribute, ByName, NodeId, Tag, Tree};

/// Most elements of one sort that are kept.
const MOST: usize = 200;

/// What a page's markup says about the page.
#[derive(Debug, Default)]
pub struct Facts<'t> {
    /// The document's `<title>`.
    pub title: Option<String>,
    /// `<meta>`: its name, property or itemprop in lower case, and its content.
    pub metas: Vec<(String, &'t str)>,
    /// `<html lang>`, else `http-equiv=content-language`.
    pub lang: Option<&'t str>,
    /// `<link rel=canonical>`.
    pub canonical: Option<&'t str>,
    /// `<time datetime>` or a microdata date: the element and its machine-readable value.
    pub times: Vec<Time<'t>>,
    /// Elements that name an author: `itemprop=author`, `rel=author`, in order of trust.
    pub authors: Vec<NodeId>,
    /// Elements whose class says `author` or `byline`.
    pub bylines: Vec<NodeId>,
    /// Links to somebody's own page among the authors (`/authors/ada-byron`).
    pub author_links: Vec<NodeId>,
    /// Elements whose class names a user of a forum.
    pub users: Vec<NodeId>,
    /// Microdata types, without their namespace.
    pub types: Vec<&'t str>,
    pub items: Vec<Item>,
    /// `rel=license`: where it points.
    pub license: Option<&'t str>,
    /// `<link rel=image_src>`.
    pub image: Option<&'t str>,
    /// The texts of `rel=tag` links.
    pub tags: Vec<String>,
}

/// An element with a machine-readable date.
#[derive(Debug, Clone, Copy)]
pub struct Time<'t> {
    pub node: NodeId,
    pub value: &'t str,
    /// Said to be the date of publication, by microdata or by class name.
    pub published: bool,
    /// Said to be the date of a change.
    pub modified: bool,
}

impl<'t> Facts<'t> {
    pub fn of(tree: &'t Tree) -> Self {
        let mut facts = Self::default();
        let mut called = ByName::default();
        for id in 0..tree.len() {
            match tree.tag(id) {
                Some(Tag::Html) if facts.lang.is_none() => facts.lang = tree.attribute(id, Attribute::Lang),
                Some(Tag::Title) => facts.title(tree, id),
                Some(Tag::Meta) => facts.meta(tree, id),
                Some(Tag::Link) => facts.link(tree, id),
                Some(Tag::Script) => {
                    for inner in tree.subtree(id) {
                        if let Some(script) = tree.text(inner) {
                            json_ld::read(script, &mut facts.items);
                        }
                    }
                }
                Some(_) => {
                    let called = tree.class(id).map(|class| *called.of(class, Called::of));
                    facts.element(tree, id, called.unwrap_or_default());
                }
                None => {}
            }
        }
        facts
    }

    /// The content of the first `<meta>` with one of these names; an earlier name wins.
    pub fn meta_of(&self, names: &[&'static str]) -> Option<(&'static str, &'t str)> {
        names.iter().find_map(|name| {
            self.metas.iter().find(|(n, v)| n == name && !v.trim().is_empty()).map(|(_, v)| (*name, *v))
        })
    }

    /// The typed text this page is about, if it says so.
    pub fn text_item(&self) -> Option<&Item> {
        let texts = || self.items.iter().filter(|i| i.is_text() && !i.is("Comment") && !i.is("VideoObject"));
        texts()
            .find(|i| i.depth == 0 && (i.headline.is_some() || i.published.is_some()) && !i.is("Review"))
            .or_else(|| texts().find(|i| i.depth <= 1 && i.headline.is_some() && !i.is("Review")))
    }

    fn title(&mut self, tree: &Tree, id: NodeId) {
        let in_drawing = tree.ancestors(id).any(|n| tree.tag(n) == Some(Tag::Svg));
        if self.title.is_none() && !in_drawing {
            self.title = Some(tree.inner_text(id)).filter(|t| !t.is_empty());
        }
    }

    fn meta(&mut self, tree: &'t Tree, id: NodeId) {
        let Some(content) = tree.attribute(id, Attribute::Content) else { return };
        if tree
            .attribute(id, Attribute::HttpEquiv)
            .is_some_and(|h| h.eq_ignore_ascii_case("content-language"))
        {
            self.lang = self.lang.or(Some(content));
        }
        for attribute in [Attribute::Property, Attribute::Name, Attribute::Itemprop] {
            if let Some(name) = tree.attribute(id, attribute)
                && self.metas.len() < MOST
                && name.len() < 100
            {
                self.metas.push((name.trim().to_ascii_lowercase(), content));
            }
        }
    }

    fn link(&mut self, tree: &'t Tree, id: NodeId) {
        let rel = tree.attribute(id, Attribute::Rel).unwrap_or_default();
        if self.canonical.is_none() && rel.eq_ignore_ascii_case("canonical") {
            self.canonical = tree.attribute(id, Attribute::Href);
        }
        if self.image.is_none() && rel.eq_ignore_ascii_case("image_src") {
            self.image = tree.attribute(id, Attribute::Href);
        }
        self.license(tree, id, rel);
    }

    fn license(&mut self, tree: &'t Tree, id: NodeId, rel: &str) {
        if self.license.is_none() && rel.split_whitespace().any(|w| w.eq_ignore_ascii_case("license")) {
            self.license = tree.attribute(id, Attribute::Href);
        }
    }

    fn element(&mut self, tree: &'t Tree, id: NodeId, called: Called) {
        let prop = tree.attribute(id, Attribute::Itemprop);
        if let Some(kind) = tree.attribute(id, Attribute::Itemtype)
            && self.types.len() < MOST
        {
            self.types.push(kind.trim().rsplit('/').next().unwrap_or(kind));
        }
        let rel = tree.attribute(id, Attribute::Rel).unwrap_or_default();
        let by_rel = rel.split_whitespace().any(|w| w == "author");
        self.license(tree, id, rel);
        let by_tag = rel.split_whitespace().any(|w| w == "tag");
        if by_tag && self.tags.len() < MOST && tree.tag(id) == Some(Tag::A) && tree.subtree(id).len() <= 12 {
            self.tags.push(tree.inner_text(id));
        }
        if self.author_links.len() < MOST
            && tree.tag(id) == Some(Tag::A)
            && tree.attribute(id, Attribute::Href).is_some_and(leads_to_author)
            && tree.subtree(id).len() <= 12
        {
            self.author_links.push(id);
        }
        if (prop == Some("author") || by_rel) && self.authors.len() < MOST {
            self.authors.push(id);
        }
        if self.users.len() < MOST && called.user {
            self.users.push(id);
        }
        if self.bylines.len() < MOST && (called.author || called.full_name && is_in_card(tree, id)) {
            self.bylines.push(id);
        }
        if self.times.len() < MOST
            && let Some(value) = tree
                .attribute(id, Attribute::Datetime)
                .or_else(|| {
                    tree.attribute(id, Attribute::Content)
                        .filter(|_| prop.is_some_and(|p| p.contains("date")))
                })
                .or_else(|| tree.attribute(id, Attribute::Title).filter(|_| is_abbr_date(tree, id)))
                .or_else(|| time_text(tree, id))
        {
            let class = tree.attribute(id, Attribute::Class).unwrap_or_default();
            self.times.push(Time {
                node: id,
                value,
                published: prop.is_some_and(|p| {
                    p.split_whitespace().any(|p| matches!(p, "datePublished" | "dateCreated"))
                }) || class
                    .split_whitespace()
                    .any(|c| c.contains("publish") || c == "dt-published"),
                modified: prop == Some("dateModified")
                    || class.contains("updated")
                    || class.contains("modified"),
            });
        }
    }
}

/// Whom an element's class says it names.
#[derive(Debug, Default, Clone, Copy)]
struct Called {
    user: bool,
    author: bool,
    /// The full name on a card of hCard.
    full_name: bool,
}

impl Called {
    fn of(class: &str) -> Self {
        let any = |is: fn(&str) -> bool| class.split_whitespace().any(is);
        Self { user: any(names_user), author: any(names_author), full_name: any(|c| c == "fn") }
    }
}

/// `/author/ada`, `/blog/authors/ada`, `/autor/ada`: an address below a folder of authors.
fn leads_to_author(address: &str) -> bool {
    const FOLDERS: [&str; 17] = [
        "author",
        "authors",
        "autor",
        "autores",
        "autori",
        "autorin",
        "auteur",
        "auteurs",
        "autore",
        "autorzy",
        "avtor",
        "forfatter",
        "writer",
        "writers",
        "contributor",
        "contributors",
        "yazar",
    ];
    let path = address.split(['?', '#']).next().unwrap_or(address);
    let mut parts = path.split('/').filter(|p| !p.is_empty()).take(20).peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_some() && FOLDERS.iter().any(|f| part.eq_ignore_ascii_case(f)) {
            return true;
        }
    }
    false
}

/// `author`, `post-author`, `byline__name`; not `authority`.
fn names_author(class: &str) -> bool {
    let parts = || class.split(['-', '_']).filter(|p| !p.is_empty());
    parts().any(|p| p.eq_ignore_ascii_case("author") || p.eq_ignore_ascii_case("byline"))
        || class.eq_ignore_ascii_case("authorname")
}

/// Is an element in a card of hCard, whose `fn` is a full name? Manuals call functions so.
fn is_in_card(tree: &Tree, id: NodeId) -> bool {
    let mut around = tree.ancestors(id).take(6).filter_map(|n| tree.attribute(n, Attribute::Class));
    around.any(|c| c.split_whitespace().any(|c| matches!(c, "vcard" | "hcard" | "h-card") || names_author(c)))
}

/// `username`, `bigusername`, `message-name`; on a forum also `author`.
fn names_user(class: &str) -> bool {
    class.get(..8).is_some_and(|c| c.eq_ignore_ascii_case("username"))
        || ["bigusername", "message-name", "poster", "postername", "user-name", "author"]
            .iter()
            .any(|c| class.eq_ignore_ascii_case(c))
}

/// What a `<time>` without `datetime` shows.
fn time_text(tree: &Tree, id: NodeId) -> Option<&str> {
    let is_time = tree.tag(id) == Some(Tag::Time);
    let mut texts = tree.subtree(id).take(if is_time { 8 } else { 0 }).filter_map(|n| tree.text(n));
    texts.find(|t| t.bytes().any(|b| b.is_ascii_digit()))
}

/// hAtom's way: `<abbr class="published" title="2011-11-01T10:00">`.
fn is_abbr_date(tree: &Tree, id: NodeId) -> bool {
    tree.tag(id) == Some(Tag::Abbr)
        && tree.attribute(id, Attribute::Class).is_some_and(|c| c.contains("published") || c.contains("date"))
}
