//! Stands between tokenizer and tree builder and keeps the tree builder's stacks short: too deep
//! elements and too many formatting elements never reach it, and nothing does once the budget is spent.

use super::sink::{BoundedSink, Handle};
use super::tree::Attribute;
use super::{Budget, Exceeded};
use html5ever::LocalName;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult};
use html5ever::tree_builder::TreeBuilder;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;

pub struct Gate {
    builder: TreeBuilder<Handle, BoundedSink>,
    budget: Budget,
    exceeded: Cell<Option<Exceeded>>,
    /// Start tags held back for depth, by name, whose end tags must be held back too.
    flattened: RefCell<HashMap<LocalName, usize>>,
    /// Formatting elements that came with attributes and may still be open.
    formatting: Cell<usize>,
    roots: Cell<usize>,
    tokens: Cell<usize>,
}

impl Gate {
    pub fn new(builder: TreeBuilder<Handle, BoundedSink>, budget: Budget) -> Self {
        Self {
            builder,
            budget,
            exceeded: Cell::new(None),
            flattened: RefCell::default(),
            formatting: Cell::new(0),
            roots: Cell::new(0),
            tokens: Cell::new(0),
        }
    }

    /// Has the budget run out?
    pub fn closed(&self) -> bool {
        self.exceeded.get().is_some()
    }

    /// Nothing gets through any more.
    pub fn close(&self, exceeded: Exceeded) {
        self.exceeded.set(self.exceeded.get().or(Some(exceeded)));
    }

    /// How many tokens came so far, errors aside.
    pub fn tokens(&self) -> usize {
        self.tokens.get()
    }

    pub fn exceeded(&self) -> Option<Exceeded> {
        self.exceeded.get()
    }

    pub fn finish(self) -> scraper::Html {
        use html5ever::tree_builder::TreeSink;
        self.builder.sink.finish()
    }

    /// Lets a tag through, changed where needed, or holds it back.
    fn admit(&self, mut tag: Tag) -> Option<Tag> {
        match tag.kind {
            TagKind::StartTag => {
                if is_root(&tag.name) {
                    // Each further <html> or <body> merges its attributes into the first one's.
                    self.roots.set(self.roots.get() + 1);
                    if self.roots.get() > 8 {
                        return None;
                    }
                }
                if self.builder.sink.depth() >= self.budget.depth && !is_raw_text(&tag.name) {
                    let line_break = !is_formatting(&tag.name) && &*tag.name != "a" && &*tag.name != "span";
                    if !tag.self_closing && !is_void(&tag.name) {
                        *self.flattened.borrow_mut().entry(tag.name).or_default() += 1;
                    }
                    // The element goes, the break between its text and what stood before stays.
                    return line_break.then(|| Tag {
                        kind: TagKind::StartTag,
                        name: html5ever::local_name!("br"),
                        self_closing: false,
                        attrs: Vec::new(),
                        had_duplicate_attributes: false,
                    });
                }
                // Millions of names that nobody asks for would be kept with the nodes otherwise.
                tag.attrs.retain(|a| is_needed(&a.name.local));
                if is_formatting(&tag.name) && !tag.attrs.is_empty() {
                    if self.formatting.get() >= self.budget.formatting {
                        tag.attrs.clear();
                    } else {
                        self.formatting.set(self.formatting.get() + 1);
                    }
                }
                Some(tag)
            }
            TagKind::EndTag => {
                let mut flattened = self.flattened.borrow_mut();
                if !flattened.is_empty()
                    && let Some(n) = flattened.get_mut(&tag.name)
                {
                    *n -= 1;
                    if *n == 0 {
                        flattened.remove(&tag.name);
                    }
                    return None;
                }
                if is_formatting(&tag.name) {
                    self.formatting.set(self.formatting.get().saturating_sub(1));
                }
                self.builder.sink.note_end_tag();
                Some(tag)
            }
        }
    }
}

impl TokenSink for Gate {
    type Handle = Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Handle> {
        if !matches!(token, Token::ParseError(_)) {
            self.tokens.set(self.tokens.get() + 1);
        }
        if self.closed() && token != Token::EOFToken {
            return TokenSinkResult::Continue;
        }
        let token = match token {
            Token::TagToken(tag) => match self.admit(tag) {
                Some(tag) => Token::TagToken(tag),
                None => return TokenSinkResult::Continue,
            },
            Token::CommentToken(_) | Token::ParseError(_) => return TokenSinkResult::Continue,
            other => other,
        };
        let result = self.builder.process_token(token, line);
        if self.exceeded.get().is_none() {
            self.exceeded.set(self.builder.sink.exceeded());
        }
        result
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// Attributes that later stages look at, and those that decide where the tree builder puts an element.
fn is_needed(name: &str) -> bool {
    Attribute::of(name).is_some() || matches!(name, "color" | "face" | "size")
}

fn is_root(name: &str) -> bool {
    matches!(name, "html" | "body")
}

/// Elements that switch the tokenizer to text: their start tag must always arrive.
fn is_raw_text(name: &str) -> bool {
    matches!(
        name,
        "script" | "style" | "title" | "textarea" | "xmp" | "iframe" | "noembed" | "noframes" | "plaintext"
    )
}

fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "source"
            | "track"
            | "wbr"
    )
}

/// The formatting elements of the HTML standard, but for `a`, of which only one is ever open.
fn is_formatting(name: &str) -> bool {
    matches!(
        name,
        "b" | "big"
            | "code"
            | "em"
            | "font"
            | "i"
            | "nobr"
            | "s"
            | "small"
            | "strike"
            | "strong"
            | "tt"
            | "u"
    )
}
