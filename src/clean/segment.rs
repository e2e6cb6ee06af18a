//! Tree -> blocks in reading order: each run of inline content of a block element is one block; two line
//! breaks in a row end it too. Judges nothing.

use super::block::{Block, CellPlace, Mark, MarkKind, Place, Region, Shape};
use super::parse::{Attribute, NodeId, Tag, Tree};
use super::region;

/// A `<noscript>` of at least this many bytes of text is content (some forums keep their threads there).
const NOSCRIPT_TEXT: usize = 200;

/// An element that holds more than this share of the page's text is the page, whatever its class says.
const WHOLE_PAGE: f32 = 0.5;

/// Cuts a page into blocks. `regions`: what each node opens, see [`region::map`].
pub fn segment(tree: &Tree, regions: &[u32]) -> Vec<Block> {
    let mut cutter = Cutter::new(tree, regions);
    let mut at = 0;
    while at < tree.len() {
        cutter.close_until(at);
        at = cutter.visit(at);
    }
    cutter.close_until(tree.len());
    cutter.flush();
    cutter.blocks
}

/// What is inherited from block elements.
#[derive(Clone, Default)]
struct Context {
    element: NodeId,
    region: u32,
    shape: Option<Shape>,
    list_depth: usize,
    ordinal: Option<usize>,
    quote_depth: usize,
    cell: Option<CellPlace>,
    preformatted: bool,
    /// The list item's element, until its first block is out.
    item: Option<NodeId>,
}

struct OpenList {
    end: NodeId,
    next: Option<usize>,
}

struct OpenTable {
    end: NodeId,
    id: NodeId,
    rows: usize,
    columns: usize,
}

struct OpenInline {
    end: NodeId,
    mark: Option<MarkKind>,
    link: bool,
    /// Where it began in the current block's text.
    start: usize,
    region: u32,
}

struct Cutter<'t> {
    tree: &'t Tree,
    regions: &'t [u32],
    /// Bytes of visible text before each node; the last entry is the whole.
    text_before: Vec<u32>,
    blocks: Vec<Block>,
    contexts: Vec<(NodeId, Context)>,
    inlines: Vec<OpenInline>,
    lists: Vec<OpenList>,
    tables: Vec<OpenTable>,
    buffer: String,
    space: bool,
    breaks: usize,
    links: usize,
    link_chars: usize,
    marks: Vec<Mark>,
    text_node: Option<NodeId>,
    covered: (usize, u32),
    last_item: Option<NodeId>,
}

impl<'t> Cutter<'t> {
    fn new(tree: &'t Tree, regions: &'t [u32]) -> Self {
        Self {
            tree,
            regions,
            text_before: text_before(tree),
            blocks: Vec::new(),
            contexts: vec![(tree.len(), Context::default())],
            inlines: Vec::new(),
            lists: Vec::new(),
            tables: Vec::new(),
            buffer: String::new(),
            space: false,
            breaks: 0,
            links: 0,
            link_chars: 0,
            marks: Vec::new(),
            text_node: None,
            covered: (0, 0),
            last_item: None,
        }
    }

    /// Takes one node in and says which comes next.
    fn visit(&mut self, id: NodeId) -> NodeId {
        let after = self.tree.subtree(id).end;
        let Some(tag) = self.tree.tag(id) else {
            self.text(id);
            return id + 1;
        };
        match tag {
            Tag::Br => self.line_break(),
            Tag::Hr | Tag::Img | Tag::Input => {
                if tag == Tag::Hr {
                    self.flush();
                }
                self.space = true;
            }
            Tag::Noscript if self.text_len(id) < NOSCRIPT_TEXT => return after,
            t if t.is_skipped() => {
                self.space = true;
                return after;
            }
            t if t.is_block() => self.open_block(id, t),
            t => self.open_inline(id, t),
        }
        id + 1
    }

    fn text_len(&self, id: NodeId) -> usize {
        let range = self.tree.subtree(id);
        (self.text_before[range.end] - self.text_before[range.start]) as usize
    }

    fn open_block(&mut self, id: NodeId, tag: Tag) {
        self.flush();
        let (_, above) = self.contexts.last().cloned().unwrap_or_default();
        let mut context = Context { element: id, region: above.region | self.region_of(id), ..above };
        if let Some(level) = tag.heading() {
            context.shape = Some(Shape::Heading(level));
        }
        match tag {
            Tag::Ul | Tag::Ol | Tag::Menu => {
                let start = self.tree.attribute(id, Attribute::Start).and_then(|s| s.trim().parse().ok());
                let next = (tag == Tag::Ol).then(|| start.unwrap_or(1));
                self.lists.push(OpenList { end: self.tree.subtree(id).end, next });
                context.list_depth += 1;
            }
            Tag::Li => {
                context.shape = Some(Shape::ListItem);
                context.list_depth = context.list_depth.max(1);
                context.item = Some(id);
                context.ordinal = None;
                if let Some(list) = self.lists.last_mut()
                    && let Some(n) = list.next.as_mut()
                {
                    context.ordinal = Some(*n);
                    *n = n.saturating_add(1);
                }
            }
            Tag::Blockquote => {
                context.quote_depth += 1;
                context.shape = Some(Shape::Quote);
            }
            Tag::Pre => {
                context.preformatted = true;
                context.shape = Some(Shape::Code);
            }
            Tag::Table => {
                self.tables.push(OpenTable { end: self.tree.subtree(id).end, id, rows: 0, columns: 0 });
                context.shape = None;
            }
            Tag::Tr => {
                if let Some(table) = self.tables.last_mut() {
                    table.rows += 1;
                    table.columns = 0;
                }
            }
            Tag::Td | Tag::Th => {
                context.shape = Some(Shape::Cell);
                if let Some(table) = self.tables.last_mut() {
                    let (row, column) = (table.rows.saturating_sub(1), table.columns);
                    let width =
                        self.tree.attribute(id, Attribute::Colspan).and_then(|s| s.trim().parse().ok());
                    table.columns += width.unwrap_or(1usize).clamp(1, 100);
                    context.cell = Some(CellPlace { table: table.id, row, column, header: tag == Tag::Th });
                }
            }
            Tag::Figcaption | Tag::Caption => context.shape = Some(Shape::Caption),
            Tag::Dt | Tag::Dd => context.shape = Some(Shape::Definition),
            _ => {}
        }
        self.contexts.push((self.tree.subtree(id).end, context));
    }

    fn open_inline(&mut self, id: NodeId, tag: Tag) {
        let mark = match tag {
            Tag::B | Tag::Strong => Some(MarkKind::Strong),
            Tag::I | Tag::Em => Some(MarkKind::Emphasis),
            Tag::Code | Tag::Kbd | Tag::Samp | Tag::Tt => Some(MarkKind::Code),
            _ => None,
        };
        let link = tag == Tag::A && self.tree.attribute(id, Attribute::Href).is_some();
        if link || tag == Tag::Label {
            // Two links side by side are two words, though no white space parts them.
            self.space |= !self.buffer.is_empty() && self.buffer.len() == self.covered.0;
        }
        self.links += usize::from(link);
        self.inlines.push(OpenInline {
            end: self.tree.subtree(id).end,
            mark,
            link,
            start: self.buffer.len(),
            region: self.region_of(id),
        });
    }

    /// The region an element opens; what speaks against it is dropped where it holds most of the page.
    fn region_of(&self, id: NodeId) -> u32 {
        let bits = self.regions.get(id).copied().unwrap_or(0);
        let whole = self.text_before.last().copied().unwrap_or(0).max(1) as f32;
        if bits & region::AGAINST != 0 && self.text_len(id) as f32 > WHOLE_PAGE * whole {
            bits & !region::AGAINST
        } else {
            bits
        }
    }

    /// Ends everything that ends before node `at`.
    fn close_until(&mut self, at: NodeId) {
        while self.inlines.last().is_some_and(|i| i.end <= at) {
            self.close_inline();
        }
        while self.contexts.len() > 1 && self.contexts.last().is_some_and(|(end, _)| *end <= at) {
            self.flush();
            self.contexts.pop();
        }
        while self.lists.last().is_some_and(|l| l.end <= at) {
            self.lists.pop();
        }
        while self.tables.last().is_some_and(|t| t.end <= at) {
            self.tables.pop();
        }
    }

    fn close_inline(&mut self) {
        let Some(inline) = self.inlines.pop() else { return };
        self.links -= usize::from(inline.link);
        let end = self.buffer.len();
        if inline.start < end {
            if let Some(kind) = inline.mark {
                self.marks.push(Mark { range: inline.start..end, kind });
            }
            if inline.link || (inline.start == 0 && inline.region != 0) {
                let region = if inline.start == 0 { inline.region } else { 0 };
                self.covered = (end, region);
            }
        }
    }

    fn text(&mut self, id: NodeId) {
        let Some(text) = self.tree.text(id) else { return };
        let preformatted = self.contexts.last().is_some_and(|(_, c)| c.preformatted);
        for c in text.chars() {
            if preformatted && !self.buffer.is_empty() && (c.is_whitespace()) {
                self.buffer.push(if c == '\u{a0}' { ' ' } else { c });
                continue;
            }
            if c.is_whitespace() {
                self.space = true;
                continue;
            }
            if matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}') || (c.is_control()) {
                continue;
            }
            if !self.buffer.is_empty() {
                if self.breaks > 0 {
                    self.buffer.push('\n');
                } else if self.space && !preformatted {
                    self.buffer.push(' ');
                    self.link_chars += usize::from(
                        self.links > 0 && self.inlines.last().is_none_or(|i| i.start < self.buffer.len() - 1),
                    );
                }
            } else {
                self.text_node = Some(id);
                for inline in &mut self.inlines {
                    inline.start = 0;
                }
            }
            (self.space, self.breaks) = (false, 0);
            self.buffer.push(c);
            self.link_chars += usize::from(self.links > 0);
        }
    }

    fn line_break(&mut self) {
        let preformatted = self.contexts.last().is_some_and(|(_, c)| c.preformatted);
        if preformatted {
            if !self.buffer.is_empty() {
                self.buffer.push('\n');
            }
            return;
        }
        self.breaks += 1;
        if self.breaks >= 2 && !self.buffer.is_empty() {
            self.flush();
        }
    }

    /// Ends the current block.
    fn flush(&mut self) {
        let mut text = std::mem::take(&mut self.buffer);
        text.truncate(text.trim_end().len());
        let mut marks = std::mem::take(&mut self.marks);
        for inline in &mut self.inlines {
            if let Some(kind) = inline.mark.clone()
                && inline.start < text.len()
            {
                marks.push(Mark { range: inline.start..text.len(), kind });
            }
            inline.start = 0;
        }
        let link_chars = std::mem::take(&mut self.link_chars);
        let (covered, bits) = std::mem::take(&mut self.covered);
        (self.space, self.breaks) = (false, 0);
        let Some(text_node) = self.text_node.take() else { return };
        if !text.chars().any(char::is_alphanumeric) {
            return;
        }
        let Some((_, context)) = self.contexts.last() else { return };
        let mut region = context.region;
        if covered >= text.len() {
            region |= bits;
        }
        let mut block =
            Block::new(text, context.shape.unwrap_or(Shape::Paragraph), Region(region), link_chars);
        block.bullet = context.list_depth > 0;
        block.place = Place {
            text_node,
            element: context.element,
            list_depth: context.list_depth,
            ordinal: context.ordinal,
            opens_item: context.item.is_some() && context.item != self.last_item,
            quote_depth: context.quote_depth,
            cell: context.cell,
            marks,
            bytes: None,
            blank_before: false,
        };
        if context.item.is_some() {
            self.last_item = context.item;
        }
        self.blocks.push(block);
    }
}

/// For each node, the bytes of visible text before it.
fn text_before(tree: &Tree) -> Vec<u32> {
    let mut out = Vec::with_capacity(tree.len() + 1);
    let mut sum = 0u32;
    let mut skipped_until = 0;
    for id in 0..tree.len() {
        out.push(sum);
        match tree.text(id) {
            Some(text) if id >= skipped_until => sum += text.trim().len() as u32,
            None if tree.tag(id).is_some_and(Tag::is_skipped) => {
                skipped_until = skipped_until.max(tree.subtree(id).end)
            }
            _ => {}
        }
    }
    out.push(sum);
    out
}
