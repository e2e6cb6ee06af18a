//! What a block element makes of the blocks in it: their shape, and the list, quote, table or note they
//! stand in.

use super::{Context, Cutter, OpenList, OpenTable, source};
use crate::clean::block::{CellPlace, Enclosure, Frame, Shape};
use crate::clean::parse::{Attribute, NodeId, Tag, Tree};
use std::sync::Arc;

/// A cell spans at most so many columns, and rows are told apart in so many.
const MOST_COLUMNS: usize = 100;

impl Cutter<'_> {
    /// The context of an element's blocks, given that around it.
    pub(super) fn enclose(&mut self, id: NodeId, tag: Tag, mut context: Context) -> Context {
        if let Some(level) = tag.heading() {
            context.shape = Some(Shape::Heading(level));
        }
        let tree = self.tree;
        match tag {
            Tag::Ul | Tag::Ol | Tag::Menu => {
                let start = tree.attribute(id, Attribute::Start).and_then(|s| s.trim().parse().ok());
                let next = (tag == Tag::Ol).then(|| start.unwrap_or(1));
                self.lists.push(OpenList { end: tree.subtree(id).end, next });
                context.list_depth += 1;
                within(&mut context, Enclosure::List, id);
            }
            Tag::Li => self.item(id, &mut context),
            Tag::Blockquote => {
                context.quote_depth += 1;
                context.shape = Some(Shape::Quote);
                within(&mut context, Enclosure::Quote, id);
            }
            Tag::Pre => {
                context.preformatted = true;
                context.lines = holds_lines(tree, id);
                context.shape = Some(Shape::Code);
                context.language = source::language(tree, id).map(Arc::from);
            }
            Tag::Table => {
                let role = tree.attribute(id, Attribute::Role);
                let layout = matches!(role, Some("presentation" | "none"));
                let end = tree.subtree(id).end;
                self.tables.push(OpenTable { end, id, rows: 0, columns: 0, filled: Vec::new() });
                context.shape = None;
                within(&mut context, Enclosure::Table { layout }, id);
            }
            Tag::Tr => {
                if let Some(table) = self.tables.last_mut() {
                    table.rows += 1;
                    table.columns = 0;
                }
            }
            Tag::Td | Tag::Th => {
                context.shape = Some(Shape::Cell);
                let span = |name| tree.attribute(id, name).and_then(|s| s.trim().parse().ok()).unwrap_or(1);
                let (width, height) = (span(Attribute::Colspan), span(Attribute::Rowspan));
                if let Some(table) = self.tables.last_mut() {
                    context.cell = Some(table.cell(width, height, tag == Tag::Th));
                }
            }
            Tag::Figcaption | Tag::Caption => context.shape = Some(Shape::Caption),
            Tag::Dt => {
                context.shape = Some(Shape::Definition);
                self.last_term = id;
                within(&mut context, Enclosure::Term, id);
            }
            Tag::Dd => {
                context.shape = Some(Shape::Definition);
                within(&mut context, Enclosure::List, self.last_term);
                within(&mut context, Enclosure::Item(None), id);
            }
            _ => {}
        }
        if let Some(label) = self.notes.labels.get(&id) {
            let list =
                context.frame.as_deref().is_some_and(|f| matches!(f.kind, Enclosure::Item(_)) && f.id == id);
            if list {
                context.frame =
                    context.frame.and_then(|item| item.above.clone()).and_then(|list| list.above.clone());
            }
            within(&mut context, Enclosure::Note(label.clone()), id);
        }
        context
    }

    fn item(&mut self, id: NodeId, context: &mut Context) {
        context.shape = Some(Shape::ListItem);
        context.list_depth = context.list_depth.max(1);
        context.item = Some(id);
        context.ordinal = None;
        if let Some(list) = self.lists.last_mut()
            && let Some(next) = list.next.as_mut()
        {
            if let Some(n) = self.tree.attribute(id, Attribute::Value).and_then(|v| v.trim().parse().ok()) {
                *next = n;
            }
            context.ordinal = Some(*next);
            *next = next.saturating_add(1);
        }
        if !context.frame.as_deref().is_some_and(|f| f.kind == Enclosure::List) {
            within(context, Enclosure::List, self.tree.parent(id).unwrap_or(id));
        }
        within(context, Enclosure::Item(context.ordinal), id);
    }
}

/// Puts a frame around, unless there are too many.
fn within(context: &mut Context, kind: Enclosure, id: NodeId) {
    let depth = context.frame.as_deref().map_or(0, |f| f.depth + 1);
    if depth < Frame::MOST {
        context.frame = Some(Arc::new(Frame { kind, id, depth, above: context.frame.take() }));
    }
}

impl OpenTable {
    /// The place of the next cell, beside what reaches down from the rows above.
    fn cell(&mut self, width: usize, height: usize, header: bool) -> CellPlace {
        let row = self.rows.saturating_sub(1);
        while self.filled.get(self.columns).is_some_and(|&until| until > row) {
            self.columns += 1;
        }
        let column = self.columns;
        self.columns = column.saturating_add(width.clamp(1, MOST_COLUMNS));
        if height > 1 && column < MOST_COLUMNS {
            let end = self.columns.min(MOST_COLUMNS);
            if self.filled.len() < end {
                self.filled.resize(end, 0);
            }
            self.filled[column..end].fill(row.saturating_add(height));
        }
        CellPlace { table: self.id, row, column, header }
    }
}

/// Are the block elements in a `<pre>` its lines, as code highlighters write them? An unclosed one that holds
/// half the page is not code.
fn holds_lines(tree: &Tree, pre: NodeId) -> bool {
    let block = |n: NodeId| tree.tag(n).filter(|t| t.is_block());
    tree.subtree(pre).skip(1).filter_map(block).all(|tag| {
        matches!(
            tag,
            Tag::Div
                | Tag::P
                | Tag::Ol
                | Tag::Ul
                | Tag::Li
                | Tag::Table
                | Tag::Tbody
                | Tag::Tr
                | Tag::Td
                | Tag::Th
                | Tag::Custom
                | Tag::Button
        )
    })
}
