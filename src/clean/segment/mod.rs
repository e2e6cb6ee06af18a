//! Tree -> blocks in reading order: each run of inline content of a block element is one block; two line
//! breaks in a row end it too; a `<pre>` is one, whatever its lines are made of. Judges nothing.
//!
//! Of ruby text the base is kept and the reading left out: the two side by side would be one garbled word.

mod enclose;
mod notes;
mod run;
mod source;

use super::block::{Block, CellPlace, Frame, MarkKind, Place, Region, Shape};
use super::parse::{Attribute, NodeId, Tag, Tree};
use super::{region, repair};
use notes::Notes;
use run::{Finished, Run};
use source::Formula;
use std::sync::Arc;

/// A `<noscript>` of at least this many bytes of text is content (some forums keep their threads there).
const NOSCRIPT_TEXT: usize = 200;

/// An element that holds more than this share of the page's text is the page, whatever its class says.
const WHOLE_PAGE: f32 = 0.5;

/// A page in pieces.
#[derive(Debug, Default)]
pub struct Cut {
    /// What is weighed: every block with a letter or a digit.
    pub blocks: Vec<Block>,
    /// The rest.
    pub ornaments: Vec<Ornament>,
}

impl Cut {
    /// All blocks, then all ornaments.
    pub fn pieces_mut(&mut self) -> impl Iterator<Item = &mut Block> {
        self.blocks.iter_mut().chain(self.ornaments.iter_mut().map(|ornament| &mut ornament.block))
    }
}

/// What is not weighed. Dashes, an emoji, an image go with their neighbours; others go whatever stands there.
#[derive(Debug)]
pub struct Ornament {
    /// The index of the block that follows it.
    pub before: usize,
    /// Why it goes whatever stands around it: `button`, such as one that copies code.
    pub against: Option<&'static str>,
    pub block: Block,
}

/// Cuts a page into the blocks that are weighed, with all repairs. `regions`: what each node opens, see [`region::map`].
pub fn segment(tree: &Tree, regions: &[u32]) -> Vec<Block> {
    let mut cut = cut(tree, regions);
    repair::blocks(cut.pieces_mut(), repair::Repairs::ALL);
    cut.blocks
}

/// Cuts a page into all its pieces.
pub fn cut(tree: &Tree, regions: &[u32]) -> Cut {
    let mut cutter = Cutter::new(tree, regions);
    let mut at = 0;
    while at < tree.len() {
        cutter.close_until(at);
        at = cutter.visit(at);
    }
    cutter.close_until(tree.len());
    cutter.flush();
    cutter.cut
}

/// Blocks and ornaments in reading order, as far as `of_block` and `of_ornament`, given each and its index,
/// make something of them.
pub fn merge<'c, T>(
    cut: &'c Cut,
    of_block: impl Fn(&'c Block, usize) -> Option<T>,
    of_ornament: impl Fn(&'c Block, usize) -> Option<T>,
) -> Vec<T> {
    let mut out = Vec::with_capacity(cut.blocks.len());
    let mut ornaments = cut.ornaments.iter().enumerate().peekable();
    for at in 0..=cut.blocks.len() {
        while let Some((nth, ornament)) = ornaments.next_if(|(_, o)| o.before == at) {
            out.extend(of_ornament(&ornament.block, nth));
        }
        out.extend(cut.blocks.get(at).and_then(|block| of_block(block, at)));
    }
    out
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
    frame: Option<Arc<Frame>>,
    preformatted: bool,
    /// Preformatted, and the block elements in it are lines.
    lines: bool,
    language: Option<Arc<str>>,
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
    /// For each column the row up to which a cell from above fills it, exclusive.
    filled: Vec<usize>,
}

struct Cutter<'t> {
    tree: &'t Tree,
    regions: &'t [u32],
    notes: Notes,
    /// Bytes of visible text before each node; the last entry is the whole.
    text_before: Vec<u32>,
    cut: Cut,
    contexts: Vec<(NodeId, Context)>,
    lists: Vec<OpenList>,
    tables: Vec<OpenTable>,
    /// Block elements that are lines of code: where each ends, and the run's length when it began.
    lines: Vec<(NodeId, usize)>,
    run: Run,
    last_item: Option<NodeId>,
    last_term: NodeId,
}

impl<'t> Cutter<'t> {
    fn new(tree: &'t Tree, regions: &'t [u32]) -> Self {
        Self {
            tree,
            regions,
            notes: Notes::of(tree),
            text_before: text_before(tree),
            cut: Cut::default(),
            contexts: vec![(tree.len(), Context::default())],
            lists: Vec::new(),
            tables: Vec::new(),
            lines: Vec::new(),
            run: Run::default(),
            last_item: None,
            last_term: 0,
        }
    }

    /// Takes one node in and says which comes next.
    fn visit(&mut self, id: NodeId) -> NodeId {
        let after = self.tree.subtree(id).end;
        let Some(tag) = self.tree.tag(id) else {
            self.text(id);
            return id + 1;
        };
        if let Some(formula) = source::formula(self.tree, id, tag) {
            match formula {
                Formula::Tex(tex) => self.run.insert(id, &tex, Some(MarkKind::Math)),
                Formula::Symbols(symbols) => self.run.insert(id, &symbols, None),
                Formula::Again => self.run.space = true,
            }
            return after;
        }
        match tag {
            Tag::Br => self.line_break(),
            Tag::Hr | Tag::Img | Tag::Input => {
                match tag {
                    Tag::Hr => self.flush(),
                    Tag::Img => self.run.image(id),
                    _ => {}
                }
                self.run.space = true;
            }
            Tag::Noscript if self.text_len(id) < NOSCRIPT_TEXT => return after,
            // The word goes on after the reading above it.
            Tag::Rt | Tag::Rp => return after,
            t if t.is_skipped() => {
                self.run.space = true;
                return after;
            }
            t if self.in_lines() => return self.open_in_code(id, t),
            t if t.is_block() => self.open_block(id, t),
            t => return self.open_inline(id, t),
        }
        id + 1
    }

    fn context(&self) -> Option<&Context> {
        self.contexts.last().map(|(_, context)| context)
    }

    fn in_lines(&self) -> bool {
        self.context().is_some_and(|c| c.lines)
    }

    fn text_len(&self, id: NodeId) -> usize {
        let range = self.tree.subtree(id);
        (self.text_before[range.end] - self.text_before[range.start]) as usize
    }

    fn open_block(&mut self, id: NodeId, tag: Tag) {
        self.flush();
        let above = self.context().cloned().unwrap_or_default();
        let context = Context { element: id, region: above.region | self.region_of(id), ..above };
        let context = self.enclose(id, tag, context);
        self.contexts.push((self.tree.subtree(id).end, context));
    }

    /// An element in a `<pre>`: block elements are its lines, what is not code stays out.
    fn open_in_code(&mut self, id: NodeId, tag: Tag) -> NodeId {
        let end = self.tree.subtree(id).end;
        if source::is_line_number(self.tree, id) {
            return end;
        }
        match tag {
            Tag::Button => {
                let said = self.tree.inner_text(id);
                if !said.is_empty() {
                    let region = Region(self.context().map_or(0, |c| c.region) | Region::BUTTON);
                    let mut block = Block::new(said, Shape::Paragraph, region, 0);
                    (block.place.text_node, block.place.element) = (id, id);
                    self.ornament(block, Some("button"));
                }
                return end;
            }
            Tag::Td | Tag::Th => self.run.part_cells(),
            Tag::Custom => {}
            t if t.is_block() => {
                self.run.end_line();
                self.lines.push((end, self.run.len()));
            }
            t => return self.open_inline(id, t),
        }
        id + 1
    }

    fn open_inline(&mut self, id: NodeId, tag: Tag) -> NodeId {
        let link = tag == Tag::A && self.tree.attribute(id, Attribute::Href).is_some();
        if link && self.is_permalink(id) {
            return self.tree.subtree(id).end;
        }
        if link && let Some(after) = self.note_link(id) {
            return after;
        }
        let mark = match tag {
            Tag::B | Tag::Strong => Some(MarkKind::Strong),
            Tag::I | Tag::Em => Some(MarkKind::Emphasis),
            Tag::Code | Tag::Kbd | Tag::Samp | Tag::Tt => Some(MarkKind::Code),
            Tag::Del | Tag::S | Tag::Strike => Some(MarkKind::Deleted),
            Tag::Sub => Some(MarkKind::Subscript),
            Tag::Sup => Some(MarkKind::Superscript),
            Tag::A if link => Some(MarkKind::Link(id)),
            _ => None,
        };
        let parts = link || tag == Tag::Label;
        self.run.open(self.tree.subtree(id).end, mark, link, parts, self.region_of(id));
        id + 1
    }

    /// The sign beside a heading or term that links to itself: `¶`, `#`.
    fn is_permalink(&self, id: NodeId) -> bool {
        const SIGNS: [&str; 6] = ["¶", "#", "§", "🔗", "∞", "⚓"];
        let titled =
            matches!(self.context().and_then(|c| c.shape), Some(Shape::Heading(_) | Shape::Definition));
        titled
            && self.tree.attribute(id, Attribute::Href).is_some_and(|href| href.contains('#'))
            && self.tree.subtree(id).len() <= 3
            && SIGNS.contains(&self.tree.inner_text(id).as_str())
    }

    /// A reference to a note becomes `[label]`, the way back from it nothing.
    fn note_link(&mut self, id: NodeId) -> Option<NodeId> {
        let after = self.tree.subtree(id).end;
        if self.notes.back.contains(&id) {
            let shown = self.tree.inner_text(id);
            let sign = shown.chars().filter(|c| c.is_alphanumeric()).count() <= 2;
            return sign.then_some(after);
        }
        if let Some((label, note)) = self.notes.references.get(&id) {
            self.run.insert(id, &format!("[{label}]"), Some(MarkKind::Note(*note)));
            return Some(after);
        }
        let label = notes::label(self.tree, id).filter(|_| notes::is_called_reference(self.tree, id))?;
        self.run.insert(id, &format!("[{label}]"), None);
        Some(after)
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
        self.run.close_until(at);
        while let Some((_, start)) = self.lines.pop_if(|(end, _)| *end <= at) {
            if self.run.len() == start {
                self.run.line();
            } else {
                self.run.end_line();
            }
        }
        while self.contexts.len() > 1 && self.contexts.last().is_some_and(|(end, _)| *end <= at) {
            self.flush();
            self.contexts.pop();
        }
        while self.lists.pop_if(|l| l.end <= at).is_some() {}
        while self.tables.pop_if(|t| t.end <= at).is_some() {}
    }

    fn text(&mut self, id: NodeId) {
        let Some(text) = self.tree.text(id) else { return };
        if !self.context().is_some_and(|c| c.preformatted) {
            self.run.text(id, text);
            return;
        }
        // What stands between the elements that are lines says nothing.
        let nothing =
            self.in_lines() && self.run.at_line_start() && text.contains('\n') && text.trim().is_empty();
        if !(nothing && self.is_between_lines(id)) {
            self.run.preformatted(id, text);
        }
    }

    /// Does a block element end right before this text, or begin right after it?
    fn is_between_lines(&self, id: NodeId) -> bool {
        let Some(parent) = self.tree.parent(id) else { return false };
        let block = |n: NodeId| self.tree.tag(n).is_some_and(Tag::is_block);
        let before = self.tree.ancestors(id.saturating_sub(1)).take_while(|&n| n != parent).last();
        before.is_some_and(block) || (id + 1 < self.tree.subtree(parent).end && block(id + 1))
    }

    fn line_break(&mut self) {
        if self.context().is_some_and(|c| c.preformatted) {
            self.run.line();
        } else if self.run.line_break() {
            self.flush();
        }
    }

    /// Ends the current block.
    fn flush(&mut self) {
        let Some(Finished { text, marks, link_chars, region, node }) = self.run.finish() else { return };
        let Some((_, context)) = self.contexts.last() else { return };
        let counts = text.chars().any(char::is_alphanumeric);
        let shape = context.shape.unwrap_or(Shape::Paragraph);
        let mut block = Block::new(text, shape, Region(context.region | region), link_chars);
        block.bullet = context.list_depth > 0;
        block.place = Place {
            text_node: node,
            element: context.element,
            list_depth: context.list_depth,
            ordinal: context.ordinal,
            opens_item: context.item.is_some() && context.item != self.last_item,
            quote_depth: context.quote_depth,
            cell: context.cell,
            marks,
            bytes: None,
            blank_before: false,
            within: context.frame.clone(),
            language: context.language.as_deref().map(str::to_owned),
        };
        if !counts {
            self.ornament(block, None);
            return;
        }
        if context.item.is_some() {
            self.last_item = context.item;
        }
        self.cut.blocks.push(block);
    }

    fn ornament(&mut self, block: Block, against: Option<&'static str>) {
        self.cut.ornaments.push(Ornament { before: self.cut.blocks.len(), against, block });
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
