//! The run of inline text that is becoming a block: white space folded, marks and links noted. Knows
//! elements by their ids only.

use crate::clean::block::{Mark, MarkKind};
use crate::clean::parse::NodeId;

/// How far back a quotation is looked for, in characters.
const QUOTATION: usize = 400;

/// An inline element that is open.
pub struct OpenInline {
    pub end: NodeId,
    pub mark: Option<MarkKind>,
    /// An `a` with an address.
    pub link: bool,
    /// Where it began in the run's text.
    pub start: usize,
    pub region: u32,
}

/// A finished run.
pub struct Finished {
    pub text: String,
    pub marks: Vec<Mark>,
    pub link_chars: usize,
    /// The region of an inline element that covers the whole of it.
    pub region: u32,
    /// Its first text or image.
    pub node: NodeId,
}

#[derive(Default)]
pub struct Run {
    buffer: String,
    /// White space came and nothing after it.
    pub space: bool,
    /// The no-break space among it.
    fixed: Option<char>,
    breaks: usize,
    links: usize,
    link_chars: usize,
    marks: Vec<Mark>,
    inlines: Vec<OpenInline>,
    node: Option<NodeId>,
    covered: (usize, u32),
    /// Preformatted: the white space at the start of the first line.
    indent: String,
}

impl Run {
    pub fn len(&self) -> usize {
        self.buffer.len()
    }

    pub fn open(&mut self, end: NodeId, mark: Option<MarkKind>, link: bool, parts: bool, region: u32) {
        if parts {
            // Two links side by side are two words, though no white space parts them.
            self.space |= !self.buffer.is_empty() && self.buffer.len() == self.covered.0;
        }
        self.links += usize::from(link);
        self.inlines.push(OpenInline { end, mark, link, start: self.buffer.len(), region });
    }

    /// Ends the inline elements that end before node `at`.
    pub fn close_until(&mut self, at: NodeId) {
        while let Some(inline) = self.inlines.pop_if(|i| i.end <= at) {
            self.close(&inline);
        }
    }

    fn close(&mut self, inline: &OpenInline) {
        self.links -= usize::from(inline.link);
        let spelt = inline.mark == Some(MarkKind::Superscript) && self.spell_raised(inline.start);
        let end = self.buffer.len();
        if inline.start >= end {
            return;
        }
        if let Some(kind) = inline.mark.filter(|_| !spelt) {
            self.marks.push(Mark { range: inline.start..end, kind });
        }
        if inline.link || (inline.start == 0 && inline.region != 0) {
            let region = if inline.start == 0 { inline.region } else { 0 };
            self.covered = (end, region);
        }
    }

    /// A raised number must not grow onto what stands before it: a power is written with `^`, a number
    /// after a word or a sentence is a note's. Says whether the text now tells by itself that it was raised.
    fn spell_raised(&mut self, start: usize) -> bool {
        let Some((before, raised)) = self.buffer.split_at_checked(start) else { return false };
        if raised.starts_with('[') && raised.ends_with(']') {
            return true;
        }
        let digits = |s: &str| !s.is_empty() && s.chars().all(|c| c.is_ascii_digit() || c == ',');
        let number = digits(raised);
        let Some(last) = before.chars().next_back() else { return false };
        let (sign, close) = if last.is_ascii_digit()
            && (number || raised.strip_prefix(['-', '−', '+']).is_some_and(digits))
        {
            ('^', "")
        } else {
            let word = before.chars().rev().take(4).filter(|c| c.is_alphabetic()).count() == 4;
            let sentence = ".,;!?”»\"’。、」".contains(last);
            if !number || !(word || sentence) {
                return false;
            }
            ('[', "]")
        };
        self.buffer.insert(start, sign);
        self.buffer.push_str(close);
        // Marks within have moved by the one byte; they come in order of their ends.
        for mark in self.marks.iter_mut().rev().take_while(|m| m.range.end > start) {
            mark.range.end += 1;
            mark.range.start += usize::from(mark.range.start >= start);
        }
        true
    }

    /// Text outside of preformatted elements.
    pub fn text(&mut self, node: NodeId, text: &str) {
        for c in text.chars() {
            if c.is_whitespace() && c != '\u{85}' {
                self.space = true;
                self.fixed = self.fixed.or(Some(c).filter(|c| matches!(c, '\u{a0}' | '\u{202f}')));
            } else if !is_void(c) {
                self.letter(node, c);
            }
        }
    }

    /// The blank before `c`: one that must not break stays where typography wants it, as in `« Oui ! »` and `1 250 €`.
    fn blank(&mut self, c: char) -> char {
        let Some(fixed) = self.fixed.take() else { return ' ' };
        let last = self.buffer.chars().next_back();
        let wanted = match c {
            ';' | ':' | '!' | '?' | '%' | '€' => true,
            // A breadcrumb has only these.
            '»' => self.buffer.chars().rev().take(QUOTATION).any(|c| c == '«'),
            '0'..='9' => fixed == '\u{202f}' && last.is_some_and(|l| l.is_ascii_digit()),
            _ => last == Some('«'),
        };
        if wanted { fixed } else { ' ' }
    }

    /// Text in which white space counts.
    pub fn preformatted(&mut self, node: NodeId, text: &str) {
        for c in text.chars() {
            if c.is_whitespace() && self.buffer.is_empty() {
                match c {
                    '\n' => self.indent.clear(),
                    _ => self.indent.push(if c == '\u{a0}' { ' ' } else { c }),
                }
            } else if c.is_whitespace() {
                self.buffer.push(if c == '\u{a0}' { ' ' } else { c });
            } else if !is_void(c) {
                self.space = false;
                if self.buffer.is_empty() {
                    self.begin(node);
                    self.buffer.push_str(&std::mem::take(&mut self.indent));
                }
                self.buffer.push(c);
                self.link_chars += usize::from(self.links > 0);
            }
        }
    }

    /// Preformatted: ends the line, unless it has just begun.
    pub fn end_line(&mut self) {
        if !self.buffer.is_empty() && !self.buffer.ends_with('\n') {
            self.buffer.push('\n');
        }
    }

    /// Preformatted: has a line just begun?
    pub fn at_line_start(&self) -> bool {
        self.buffer.is_empty() || self.buffer.ends_with('\n')
    }

    /// Preformatted: two cells of one line are two words.
    pub fn part_cells(&mut self) {
        if !self.buffer.is_empty() && !self.buffer.ends_with(char::is_whitespace) {
            self.buffer.push(' ');
        }
    }

    /// Preformatted: a line end, whatever stands before it.
    pub fn line(&mut self) {
        if !self.buffer.is_empty() {
            self.buffer.push('\n');
        }
    }

    /// Text that is a whole, such as a formula, with its mark.
    pub fn insert(&mut self, node: NodeId, text: &str, kind: Option<MarkKind>) {
        // Two formulas side by side would share a dollar.
        self.space |= text.starts_with('$') && self.buffer.ends_with('$');
        let mut start = None;
        for c in text.chars().filter(|c| !is_void(*c)) {
            self.letter(node, c);
            start = start.or(Some(self.buffer.len() - c.len_utf8()));
        }
        if let (Some(start), Some(kind)) = (start, kind) {
            self.marks.push(Mark { range: start..self.buffer.len(), kind });
        }
    }

    /// An image: no text, a mark of no length.
    pub fn image(&mut self, node: NodeId) {
        self.node = self.node.or(Some(node));
        let at = self.buffer.len();
        self.marks.push(Mark { range: at..at, kind: MarkKind::Image(node) });
    }

    fn begin(&mut self, node: NodeId) {
        self.node = Some(node);
        for inline in &mut self.inlines {
            inline.start = 0;
        }
    }

    fn letter(&mut self, node: NodeId, c: char) {
        if self.buffer.is_empty() {
            self.begin(node);
        } else if self.breaks > 0 {
            self.buffer.push('\n');
        } else if self.space {
            let blank = self.blank(c);
            self.buffer.push(blank);
            let inside = self.inlines.last().is_none_or(|i| i.start < self.buffer.len() - blank.len_utf8());
            self.link_chars += usize::from(self.links > 0 && inside);
        }
        (self.space, self.breaks, self.fixed) = (false, 0, None);
        self.buffer.push(c);
        self.link_chars += usize::from(self.links > 0);
    }

    /// Notes a line break; says whether it is the second in a row, which ends a block.
    pub fn line_break(&mut self) -> bool {
        self.breaks += 1;
        self.breaks >= 2 && !self.buffer.is_empty()
    }

    /// Ends the run; inline elements that are open go on in the next.
    pub fn finish(&mut self) -> Option<Finished> {
        let mut text = std::mem::take(&mut self.buffer);
        text.truncate(text.trim_end().len());
        let mut marks = std::mem::take(&mut self.marks);
        for inline in &mut self.inlines {
            if let Some(kind) = inline.mark
                && inline.start < text.len()
            {
                marks.push(Mark { range: inline.start..text.len(), kind });
            }
            inline.start = 0;
        }
        self.indent.clear();
        let link_chars = std::mem::take(&mut self.link_chars);
        let (covered, bits) = std::mem::take(&mut self.covered);
        (self.space, self.breaks, self.fixed) = (false, 0, None);
        let node = self.node.take()?;
        let region = if covered >= text.len() { bits } else { 0 };
        Some(Finished { text, marks, link_chars, region, node })
    }
}

/// Shows nothing and parts nothing. Those of U+0080 to U+009F may be halves of letters; repairs see to them.
fn is_void(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}')
        || (c.is_control() && !matches!(c, '\u{80}'..='\u{9f}'))
}
