//! `scraper`'s tree sink with counters: nodes made, the depth of the last one, steps taken.

use super::{Budget, Exceeded};
use ego_tree::NodeId;
use html5ever::tendril::StrTendril;
use html5ever::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::{Attribute, QualName};
use scraper::{Html, HtmlTreeSink};
use std::borrow::Cow;
use std::cell::{Cell, Ref, RefCell};

/// A node of the tree under construction, with a number of our own to keep its depth under.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Handle {
    id: NodeId,
    number: usize,
}

pub struct BoundedSink {
    inner: HtmlTreeSink,
    budget: Budget,
    nodes: Cell<usize>,
    steps: Cell<usize>,
    /// Depth of every element, by its number.
    depths: RefCell<Vec<u16>>,
    /// Depth at which the last node was put, less the end tags since.
    depth: Cell<usize>,
}

impl BoundedSink {
    pub fn new(budget: Budget) -> Self {
        Self {
            inner: HtmlTreeSink::new(Html::new_document()),
            budget,
            nodes: Cell::new(0),
            steps: Cell::new(0),
            depths: RefCell::new(vec![0]),
            depth: Cell::new(0),
        }
    }

    /// About how deep the tree builder stands.
    pub fn depth(&self) -> usize {
        self.depth.get()
    }

    /// An end tag passed: the tree builder has come up by about one.
    pub fn note_end_tag(&self) {
        self.depth.set(self.depth.get().saturating_sub(1));
    }

    pub fn exceeded(&self) -> Option<Exceeded> {
        if self.nodes.get() > self.budget.nodes {
            Some(Exceeded::Nodes(self.budget.nodes))
        } else if self.steps.get() > self.budget.steps {
            Some(Exceeded::Steps(self.budget.steps))
        } else {
            None
        }
    }

    fn step(&self) {
        self.steps.set(self.steps.get() + 1);
    }

    fn number(&self, id: NodeId) -> Handle {
        self.nodes.set(self.nodes.get() + 1);
        let mut depths = self.depths.borrow_mut();
        depths.push(0);
        Handle { id, number: depths.len() - 1 }
    }

    fn depth_of(&self, node: &Handle) -> u16 {
        self.depths.borrow()[node.number]
    }

    /// Notes that a child goes below an element of depth `above`.
    fn place(&self, above: u16, child: NodeOrText<Handle>) -> NodeOrText<NodeId> {
        match child {
            NodeOrText::AppendNode(node) => {
                self.depths.borrow_mut()[node.number] = above.saturating_add(1);
                self.depth.set(usize::from(above) + 1);
                NodeOrText::AppendNode(node.id)
            }
            NodeOrText::AppendText(text) => {
                self.nodes.set(self.nodes.get() + 1);
                self.depth.set(usize::from(above));
                NodeOrText::AppendText(text)
            }
        }
    }
}

impl TreeSink for BoundedSink {
    type Output = Html;
    type Handle = Handle;
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) -> Html {
        self.inner.finish()
    }

    fn parse_error(&self, _message: Cow<'static, str>) {}

    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.inner.set_quirks_mode(mode);
    }

    fn get_document(&self) -> Handle {
        Handle { id: self.inner.get_document(), number: 0 }
    }

    fn same_node(&self, x: &Handle, y: &Handle) -> bool {
        self.step();
        x.id == y.id
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> Ref<'a, QualName> {
        self.step();
        self.inner.elem_name(&target.id)
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, flags: ElementFlags) -> Handle {
        self.number(self.inner.create_element(name, attrs, flags))
    }

    fn create_comment(&self, text: StrTendril) -> Handle {
        self.number(self.inner.create_comment(text))
    }

    fn create_pi(&self, target: StrTendril, data: StrTendril) -> Handle {
        self.number(self.inner.create_pi(target, data))
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        self.inner.append(&parent.id, self.place(self.depth_of(parent), child));
    }

    fn append_before_sibling(&self, sibling: &Handle, child: NodeOrText<Handle>) {
        let above = self.depth_of(sibling).saturating_sub(1);
        self.inner.append_before_sibling(&sibling.id, self.place(above, child));
    }

    fn append_based_on_parent_node(&self, element: &Handle, previous: &Handle, child: NodeOrText<Handle>) {
        let has_parent = self.inner.0.borrow().tree.get(element.id).is_some_and(|n| n.parent().is_some());
        if has_parent {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(&self, name: StrTendril, public_id: StrTendril, system_id: StrTendril) {
        self.inner.append_doctype_to_document(name, public_id, system_id);
    }

    fn get_template_contents(&self, target: &Handle) -> Handle {
        Handle { id: self.inner.get_template_contents(&target.id), number: target.number }
    }

    fn add_attrs_if_missing(&self, target: &Handle, attrs: Vec<Attribute>) {
        self.inner.add_attrs_if_missing(&target.id, attrs);
    }

    fn remove_from_parent(&self, target: &Handle) {
        self.inner.remove_from_parent(&target.id);
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        self.inner.reparent_children(&node.id, &new_parent.id);
    }
}
