//! What several rules ask about a block and its neighbours: is it prose, a title, only numbers, an
//! entry under a heading? Measures of company and form; knows no words of its own.

use super::Sight;
use super::words::{Found, Hit, only_numbers};
use crate::clean::block::{Block, Region, Shape};

/// Most words that a title or teaser line has.
const TITLE_WORDS: usize = 25;

/// Is the block nothing but numbers and their units, such as "5:12 AM" or "1.0845 +0.2 %"?
pub fn is_numbers(block: &Block) -> bool {
    only_numbers(&block.folded, "")
}

/// Is the block a sentence of some length, such as only an article's text has?
pub fn is_prose(block: &Block) -> bool {
    block.sentences > 1 || (block.ends_sentence && block.words > 12) || block.words > 40
}

/// Could the block be the title of a text?
pub fn is_title(block: &Block) -> bool {
    block.words <= TITLE_WORDS
        && block.sentences <= 1
        && !block.text.ends_with(['.', '。'])
        && !matches!(block.shape, Shape::Code)
}

impl Sight<'_> {
    /// What this rule's table met in the block.
    pub(super) fn met(&self) -> impl Iterator<Item = &Found> {
        self.met_at(self.at).iter()
    }

    /// Does the block meet this rule's table in this very way, whatever stronger ways there are?
    pub fn met_as(&self, hit: Hit) -> bool {
        self.met().any(|f| f.hit == hit)
    }

    /// Is the block `offset` places on a piece of prose?
    pub fn prose_at(&self, offset: isize) -> bool {
        self.near(offset).is_some_and(is_prose)
    }

    /// Was the block's place in the structure read off tags and classes? Never in text files.
    pub fn has_structure(&self) -> bool {
        let b = self.block();
        b.region != Region::default() || b.link_density > 0.0 || !matches!(b.shape, Shape::Paragraph)
    }

    /// Is there a line among the `reach` before and after that meets this rule's table at least as `hit`?
    pub fn has_company(&self, hit: Hit, reach: isize) -> bool {
        (-reach..=reach).any(|o| o != 0 && self.hit_at(o) >= Some(hit))
    }

    /// Does the block begin with a name of this rule's table?
    pub fn begins_with_name(&self) -> bool {
        self.met().any(|f| f.span.0 == 0 && f.hit != Hit::Inside)
    }

    /// How many `inside` phrases of this rule's table stand in the block side by side, not one in another.
    pub fn inside_apart(&self) -> usize {
        let mut spans: Vec<_> =
            self.met().filter(|f| f.hit == Hit::Inside).map(|f| (f.span.1, f.span.0)).collect();
        spans.sort_unstable();
        let (mut count, mut free) = (0, 0);
        for (end, start) in spans {
            if start >= free {
                (count, free) = (count + 1, end);
            }
        }
        count
    }

    /// How many different names of this rule's table one line strings together, and what share of its
    /// letters they are: `(5, 1.0)` for "Mo Di Mi Do Fr" in the calendar's table.
    pub fn strung(&self) -> (usize, f32) {
        let mut spans: Vec<_> =
            self.met().filter(|f| f.member).map(|f| (f.span.0, usize::MAX - f.span.1, f.phrase)).collect();
        if spans.len() < 2 {
            return (spans.len(), 0.0);
        }
        spans.sort_unstable();
        let text = self.plain();
        let letters = |s: &str| s.bytes().filter(|b| !matches!(b, b' ' | b'0')).count();
        let (mut free, mut covered, mut names) = (0, 0, Vec::new());
        for (start, end, phrase) in spans {
            let end = usize::MAX - end;
            if start >= free {
                covered += letters(&text[start..end]);
                free = end;
                names.push(phrase);
            }
        }
        names.sort_unstable();
        names.dedup();
        (names.len(), covered as f32 / letters(text).max(1) as f32)
    }

    /// The first character after the longest `start` phrase that the block begins with, spaces and
    /// closing brackets aside.
    pub fn after_start(&self) -> Option<char> {
        let end = self.met().filter(|f| f.hit == Hit::Start).map(|f| f.span.1).max()?;
        let text = self.plain();
        let letters = text[..end].chars().filter(|c| *c != ' ').count();
        let mut seen = 0;
        let mut digits = false;
        let mut rest = self.block().text.chars().skip_while(|c| {
            let digit = c.is_numeric();
            seen += match c {
                'ß' => 2,
                _ => usize::from(c.is_alphanumeric() && !(digit && digits)),
            };
            digits = digit;
            seen < letters
        });
        rest.next();
        rest.find(|c| !c.is_whitespace() && !matches!(c, ')' | ']' | '»' | '”' | '\u{fe0f}'))
    }

    /// How strongly the block looks like an entry of a list under a heading of this rule's table: a
    /// title, with nothing but titles between it and the heading.
    pub fn listed(&self) -> f32 {
        let block = self.block();
        if !is_title(block) || block.words < 2 {
            return 0.0;
        }
        let Some(distance) = self.heading_before(8) else { return 0.0 };
        if self.has_structure() {
            return if block.link_density > 0.6 { 0.75 } else { 0.2 };
        }
        match distance {
            1 => 0.65,
            // The line before prose may be the heading of that prose.
            _ if self.prose_at(1) => 0.1,
            2..=5 => 0.55,
            _ => 0.4,
        }
    }

    /// How many places before the block a line that is wholly one of this rule's phrases stands, with only titles between.
    fn heading_before(&self, reach: usize) -> Option<usize> {
        for distance in 1..=reach {
            let offset = -(distance as isize);
            if self.hit_at(offset) == Some(Hit::Whole) {
                return Some(distance);
            }
            if !self.near(offset).is_some_and(is_title) {
                return None;
            }
        }
        None
    }
}
