//! The parsed page as one flat list in reading order: a node's subtree is the run of nodes after it up
//! to its `end`. All text and attribute values live in one string.

use super::Tag;
use crate::clean::quick::Map;
use ego_tree::NodeRef;
use std::ops::Range;

/// Index of a node in a tree's list of nodes.
pub type NodeId = usize;

/// A range of bytes in the tree's string.
type Span = (u32, u32);

#[derive(Debug)]
pub struct Node {
    /// The parent's index; the root's is its own.
    pub parent: u32,
    /// One past the last node of the subtree.
    pub end: u32,
    data: Data,
}

#[derive(Debug)]
enum Data {
    Text(Span),
    /// The element and its attributes in [`Tree::attributes`].
    Element(Tag, (u32, u32)),
}

/// How much of an attribute's value is kept, in bytes: an open formatting element is made again, with its
/// attributes, in every paragraph that follows.
const VALUE_BYTES: usize = 2_000;

/// The same for `content`, where metadata stands.
const CONTENT_BYTES: usize = 64_000;

/// A tree that holds this much text takes in no more attributes, in bytes.
const STRING_BYTES: usize = 40_000_000;

/// A page in memory.
#[derive(Debug, Default)]
pub struct Tree {
    nodes: Vec<Node>,
    attributes: Vec<(Attribute, Value)>,
    /// What classes and ids are, each once: see [`Name`].
    names: Vec<Span>,
    string: String,
}

#[derive(Debug, Clone, Copy)]
enum Value {
    Text(Span),
    /// Index into the tree's names.
    Name(u32),
}

/// The value of a `class` or `id`. Most stand on many elements, so each is kept once and has a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Name<'t> {
    /// From 0, the next one for each name that was not met before.
    pub number: usize,
    pub text: &'t str,
}

/// What was found out about the names of a tree, each looked at once.
#[derive(Debug)]
pub struct ByName<T>(Vec<Option<T>>);

impl<T> Default for ByName<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> ByName<T> {
    /// What `find` says of the name, or said before.
    pub fn of<'t>(&mut self, name: Name<'t>, find: impl FnOnce(&'t str) -> T) -> &T {
        if self.0.len() <= name.number {
            self.0.resize_with(name.number + 1, || None);
        }
        self.0[name.number].get_or_insert_with(|| find(name.text))
    }
}

macro_rules! attributes {
    ($($variant:ident = $name:literal),* $(,)?) => {
        /// The attributes that later stages look at; all others are dropped.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Attribute { $($variant,)* }

        impl Attribute {
            pub(super) fn of(name: &str) -> Option<Self> {
                Some(match name {
                    $($name => Self::$variant,)*
                    _ => return None,
                })
            }
        }
    };
}

attributes! {
    Alt = "alt", Alttext = "alttext", AriaHidden = "aria-hidden", AriaLabel = "aria-label", Class = "class",
    Colspan = "colspan", Content = "content", DataLang = "data-lang", DataLanguage = "data-language",
    DataLazySrc = "data-lazy-src", DataOriginal = "data-original", DataSrc = "data-src", DataSrcset = "data-srcset",
    Datetime = "datetime", Display = "display", Encoding = "encoding", Hidden = "hidden", Href = "href",
    HttpEquiv = "http-equiv", Id = "id", Itemprop = "itemprop", Itemtype = "itemtype", Lang = "lang", Name = "name",
    Property = "property", Rel = "rel", Role = "role", Rowspan = "rowspan", Src = "src", Srcset = "srcset",
    Start = "start", Style = "style", Title = "title", Type = "type", Value = "value",
}

impl Tree {
    /// Copies what later stages need out of a parsed document.
    pub(super) fn new(html: &scraper::Html) -> Self {
        let mut tree = Self::default();
        let mut open: Vec<NodeId> = Vec::new();
        let mut names: Map<&str, u32> = Map::default();
        let mut next = Some(html.tree.root());
        while let Some(node) = next {
            let made = tree.copy(node, open.last().copied(), &mut names);
            let child = if made.is_some() || is_container(node) { node.first_child() } else { None };
            if let Some(child) = child {
                open.push(made.unwrap_or_else(|| open.last().copied().unwrap_or(0)));
                next = Some(child);
                continue;
            }
            tree.close(made);
            // Up, until there is a sibling to go on with.
            let mut at = node;
            next = loop {
                if let Some(sibling) = at.next_sibling() {
                    break Some(sibling);
                }
                match at.parent() {
                    Some(parent) => {
                        tree.close(open.pop());
                        at = parent;
                    }
                    None => break None,
                }
            };
        }
        tree
    }

    /// Adds one node, if it is an element or a text. `names`: the numbers of those met.
    fn copy<'h>(
        &mut self,
        node: NodeRef<'h, scraper::Node>,
        parent: Option<NodeId>,
        names: &mut Map<&'h str, u32>,
    ) -> Option<NodeId> {
        let data = match node.value() {
            scraper::Node::Text(_) if parent.is_some_and(|p| self.is_code(p)) => return None,
            scraper::Node::Text(text) => Data::Text(self.intern(text)),
            scraper::Node::Element(element) => {
                let first = self.attributes.len() as u32;
                for (name, value) in element.attrs() {
                    if let Some(attribute) = Attribute::of(name)
                        && self.string.len() < STRING_BYTES
                    {
                        let longest =
                            if attribute == Attribute::Content { CONTENT_BYTES } else { VALUE_BYTES };
                        let text = &value[..value.floor_char_boundary(longest)];
                        let value = match attribute {
                            Attribute::Class | Attribute::Id => {
                                Value::Name(*names.entry(text).or_insert_with(|| self.name(text)))
                            }
                            _ => Value::Text(self.intern(text)),
                        };
                        self.attributes.push((attribute, value));
                    }
                }
                Data::Element(Tag::of(element.name()), (first, self.attributes.len() as u32))
            }
            _ => return None,
        };
        let id = self.nodes.len();
        self.nodes.push(Node { parent: parent.unwrap_or(id) as u32, end: id as u32 + 1, data });
        Some(id)
    }

    /// Is its text for machines, and of no use here? JSON-LD and TeX are of use.
    fn is_code(&self, id: NodeId) -> bool {
        match self.tag(id) {
            Some(Tag::Script) => {
                !self.attribute(id, Attribute::Type).is_some_and(|t| is_json_ld(t) || is_tex(t))
            }
            Some(Tag::Style) => true,
            _ => false,
        }
    }

    fn close(&mut self, node: Option<NodeId>) {
        let end = self.nodes.len() as u32;
        if let Some(node) = node.and_then(|n| self.nodes.get_mut(n)) {
            node.end = node.end.max(end);
        }
    }

    fn intern(&mut self, text: &str) -> Span {
        let start = self.string.len() as u32;
        self.string.push_str(text);
        (start, self.string.len() as u32)
    }

    /// The number of a name that was not met before.
    fn name(&mut self, text: &str) -> u32 {
        let span = self.intern(text);
        self.names.push(span);
        self.names.len() as u32 - 1
    }

    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    #[cfg(test)]
    pub(super) fn string_bytes(&self) -> usize {
        self.string.len()
    }

    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The parent, unless it is the root.
    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        let parent = self.nodes[id].parent as usize;
        (parent != id).then_some(parent)
    }

    /// The node and everything below it.
    pub fn subtree(&self, id: NodeId) -> Range<NodeId> {
        id..self.nodes[id].end as usize
    }

    /// The element's name; `None` for a text.
    pub fn tag(&self, id: NodeId) -> Option<Tag> {
        match self.nodes[id].data {
            Data::Element(tag, _) => Some(tag),
            Data::Text(_) => None,
        }
    }

    /// The text of a text node.
    pub fn text(&self, id: NodeId) -> Option<&str> {
        match self.nodes[id].data {
            Data::Text((from, to)) => Some(&self.string[from as usize..to as usize]),
            Data::Element(..) => None,
        }
    }

    pub fn attribute(&self, id: NodeId, name: Attribute) -> Option<&str> {
        let (from, to) = match self.value(id, name)? {
            Value::Text(span) => span,
            Value::Name(number) => self.names[number as usize],
        };
        Some(&self.string[from as usize..to as usize])
    }

    /// The element's `class` as a name of the tree.
    pub fn class(&self, id: NodeId) -> Option<Name<'_>> {
        self.named(id, Attribute::Class)
    }

    /// The element's `class` and its `id`, those that it has.
    pub fn names(&self, id: NodeId) -> impl Iterator<Item = Name<'_>> {
        [Attribute::Class, Attribute::Id].into_iter().filter_map(move |name| self.named(id, name))
    }

    fn named(&self, id: NodeId, name: Attribute) -> Option<Name<'_>> {
        let Value::Name(number) = self.value(id, name)? else { return None };
        let number = number as usize;
        let (from, to) = self.names[number];
        Some(Name { number, text: &self.string[from as usize..to as usize] })
    }

    fn value(&self, id: NodeId, name: Attribute) -> Option<Value> {
        let Data::Element(_, (from, to)) = self.nodes[id].data else { return None };
        let mut attributes = self.attributes[from as usize..to as usize].iter();
        attributes.find(|(n, _)| *n == name).map(|(_, value)| *value)
    }

    /// The element and its ancestors, innermost first.
    pub fn ancestors(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        std::iter::successors(Some(id), |&n| self.parent(n))
    }

    /// All text below an element, white space folded.
    pub fn inner_text(&self, id: NodeId) -> String {
        let mut out = String::new();
        let mut at = id;
        let end = self.nodes[id].end as usize;
        while at < end {
            if at != id && self.tag(at).is_some_and(|t| matches!(t, Tag::Script | Tag::Style)) {
                at = self.nodes[at].end as usize;
                continue;
            }
            if let Some(text) = self.text(at) {
                out.push_str(text);
            } else if self.tag(at).is_some_and(|t| t.is_block() || t == Tag::Br) {
                out.push(' ');
            }
            at += 1;
        }
        out.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// `application/ld+json`, in any case, with or without parameters.
fn is_json_ld(media_type: &str) -> bool {
    const JSON_LD: &str = "application/ld+json";
    media_type.trim().get(..JSON_LD.len()).is_some_and(|t| t.eq_ignore_ascii_case(JSON_LD))
}

/// `math/tex`, as MathJax reads it, with or without `; mode=display`.
fn is_tex(media_type: &str) -> bool {
    media_type.trim().starts_with("math/tex")
}

fn is_container(node: NodeRef<'_, scraper::Node>) -> bool {
    matches!(node.value(), scraper::Node::Document | scraper::Node::Fragment)
}
