//! A block: one run of text that is kept or removed as a whole. HTML and text files meet here; from
//! here on nobody asks which of the two a block came from. Measures only: no judgement.

use super::fold::{fold, is_unspaced};
use std::sync::Arc;

/// What a block is in the document's structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Paragraph,
    /// Level 1 to 6.
    Heading(u8),
    ListItem,
    Quote,
    Code,
    /// A table cell.
    Cell,
    Caption,
    /// Term or description of a definition list.
    Definition,
}

/// Where a block stands, read off its ancestors' element names, roles and class names; a bit set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Region(pub u32);

impl Region {
    pub const NAV: u32 = 1;
    pub const HEADER: u32 = 1 << 1;
    pub const FOOTER: u32 = 1 << 2;
    pub const ASIDE: u32 = 1 << 3;
    pub const FORM: u32 = 1 << 4;
    pub const MAIN: u32 = 1 << 5;
    pub const ARTICLE: u32 = 1 << 6;
    pub const COMMENTS: u32 = 1 << 7;
    pub const RELATED: u32 = 1 << 8;
    pub const SHARE: u32 = 1 << 9;
    pub const CONSENT: u32 = 1 << 10;
    pub const AD: u32 = 1 << 11;
    pub const BODY_CLASS: u32 = 1 << 12;
    pub const META: u32 = 1 << 13;
    pub const WIDGET: u32 = 1 << 14;
    pub const MODAL: u32 = 1 << 15;
    pub const PROMO: u32 = 1 << 16;
    pub const BUTTON: u32 = 1 << 17;
    pub const PAGER: u32 = 1 << 18;
    pub const TAGS: u32 = 1 << 19;
    pub const BREADCRUMB: u32 = 1 << 20;
    pub const LOGIN: u32 = 1 << 21;
    /// Not shown when the page opens, by attribute, style or class name.
    pub const HIDDEN: u32 = 1 << 22;

    pub fn has(self, bits: u32) -> bool {
        self.0 & bits != 0
    }
}

/// One run of text, with what was measured on it.
#[derive(Debug, Clone)]
pub struct Block {
    /// White space folded; `\n` where the source had a line break that matters.
    pub text: String,
    /// `text` as the word tables see it: see [`fold`].
    pub folded: String,
    pub shape: Shape,
    pub region: Region,
    /// Characters (Unicode scalar values) in `text`.
    pub chars: usize,
    /// Words; where a script writes without spaces, two characters count as one word.
    pub words: usize,
    /// Share of the characters that stand inside links, 0 to 1. Always 0 in text files.
    pub link_density: f32,
    /// How many sentence ends (`.` `!` `?` `…` `。` and kin, followed by space or end) it holds.
    pub sentences: usize,
    /// Ends like a sentence, closing quotes and brackets aside.
    pub ends_sentence: bool,
    /// Share of the characters that are digits, 0 to 1.
    pub digits: f32,
    /// Begins with a bullet or list marker (text files) or is a list item (HTML).
    pub bullet: bool,
    pub place: Place,
}

/// Where a block stands in its source, for weighing neighbours and for writing it out again.
#[derive(Debug, Clone, Default)]
pub struct Place {
    /// HTML: the first text node of the block; ascending over the blocks of a page.
    pub text_node: usize,
    /// HTML: the block element the text stands in.
    pub element: usize,
    /// How many lists the block is in.
    pub list_depth: usize,
    /// The number of an ordered list's item.
    pub ordinal: Option<usize>,
    /// Is it the first block of its list item?
    pub opens_item: bool,
    /// How many block quotes it is in.
    pub quote_depth: usize,
    pub cell: Option<CellPlace>,
    /// Inline markup, as ranges of bytes of the text, in order of their ends.
    pub marks: Vec<Mark>,
    /// The innermost of the quotes, lists, tables and notes it stands in.
    pub within: Option<Arc<Frame>>,
    /// Code: the language, as the page names it.
    pub language: Option<String>,
    /// Text files: the bytes of the input the block was cut from.
    pub bytes: Option<std::ops::Range<usize>>,
    /// Text files: a blank line stands before it.
    pub blank_before: bool,
}

/// A block's cell in a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CellPlace {
    /// The table's node.
    pub table: usize,
    /// Counted from 0 within the table.
    pub row: usize,
    pub column: usize,
    pub header: bool,
}

/// Inline markup on a range of a block's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    pub range: std::ops::Range<usize>,
    pub kind: MarkKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkKind {
    Emphasis,
    Strong,
    Code,
    Deleted,
    Subscript,
    Superscript,
    /// TeX between its dollars.
    Math,
    /// A link: the node that has the address.
    Link(usize),
    /// An image, of no length: its node.
    Image(usize),
    /// A reference to a note, `[label]`: the note's node.
    Note(usize),
}

/// What encloses blocks: one of the structures below, and what it stands in itself.
#[derive(Debug, PartialEq, Eq)]
pub struct Frame {
    pub kind: Enclosure,
    /// The element's node: two blocks stand in the same frame when it is the same.
    pub id: usize,
    /// How many frames are around it; less than [`Frame::MOST`].
    pub depth: usize,
    pub above: Option<Arc<Frame>>,
}

/// A structure that holds blocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Enclosure {
    Quote,
    List,
    /// An item of a list, with its number where the list is ordered.
    Item(Option<usize>),
    /// The term of a definition list.
    Term,
    /// A table; one that says it is only there for the layout.
    Table {
        layout: bool,
    },
    /// A note at the foot of the page, with its label.
    Note(String),
}

impl Frame {
    /// Structures nested deeper are flattened: every line bears its frames' signs.
    pub const MOST: usize = 16;

    /// The frame and those around it, innermost first; at most [`Frame::MOST`].
    pub fn outwards(&self) -> impl Iterator<Item = &Frame> {
        std::iter::successors(Some(self), |frame| frame.above.as_deref())
    }
}

impl Block {
    /// The letters and digits it says, in lower case.
    pub fn said(&self) -> impl Iterator<Item = char> + '_ {
        self.text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
    }

    /// Does another block say the same? What differs by a number says something else.
    pub fn says_as(&self, other: &Block) -> bool {
        self.said().eq(other.said())
    }

    /// Measures a run of text. `link_chars`: how many of its characters stand inside links.
    pub fn new(text: String, shape: Shape, region: Region, link_chars: usize) -> Self {
        let mut chars = 0;
        let mut digits = 0;
        let mut words = 0;
        let mut unspaced = 0usize;
        let mut sentences = 0;
        let mut in_word = false;
        let mut closing = false;
        for c in text.chars() {
            chars += 1;
            digits += usize::from(c.is_numeric());
            if is_unspaced(c) {
                unspaced += 1;
                in_word = false;
            } else if c.is_alphanumeric() {
                words += usize::from(!in_word);
                in_word = true;
            } else if !matches!(c, '\'' | '’' | '-' | '.' | ',' | ':' | '\u{ad}') || c.is_whitespace() {
                in_word = false;
            }
            if closing && c.is_whitespace() {
                sentences += 1;
            }
            closing = match c {
                '.' | '!' | '?' | '…' | '؟' | '।' | '۔' => true,
                '。' | '！' | '？' => {
                    sentences += 1;
                    false
                }
                '"' | '”' | '»' | '’' | ')' | '\'' => closing,
                _ => false,
            };
        }
        sentences += usize::from(closing);
        let ends_sentence = closing
            || text
                .trim_end_matches(['"', '”', '»', '’', ')', '」', '』'])
                .ends_with(['。', '！', '？', ';']);
        Self {
            folded: fold(&text),
            shape,
            region,
            chars,
            words: words + unspaced.div_ceil(2),
            link_density: if chars == 0 { 0.0 } else { (link_chars as f32 / chars as f32).min(1.0) },
            sentences,
            ends_sentence,
            digits: if chars == 0 { 0.0 } else { digits as f32 / chars as f32 },
            bullet: matches!(shape, Shape::ListItem),
            place: Place::default(),
            text,
        }
    }
}
