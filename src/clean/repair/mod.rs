//! Damage that a text took on its way here, undone where it is sure: one file a repair, all named in one table.
//! Each gives its changes; each can be left out; all are reported. Knows texts only: no block, no model, no file.
//!
//! A repaired text repaired again stays as it is: the repairs go over the text until nothing is left to do, and a
//! text that does not settle is given back as it was.

mod about;
mod code;
mod composed;
mod edits;
mod entities;
mod glued;
mod hyphenation;
mod lines;
mod link_numbers;
mod mojibake;
mod soft_hyphens;
mod spans;
mod tags;
mod words;
mod wrapped;
mod zero_width;

pub use spans::blocks;

use crate::record::Repaired as Entry;
use code::Code;
use edits::{Edit, Offsets, apply};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::str::FromStr;
pub use wrapped::between;

/// One kind of repair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Repair {
    /// UTF-8 that was read as Windows-1252, once or more often: `Ã©` is `é` again.
    Mojibake,
    /// Character references left in text: `&eacute;`, `&#8217;`, `&amp;amp;`.
    Entities,
    /// HTML tags left in text.
    Tags,
    /// A word that was parted at a line end: `informa-` and `tion`.
    Hyphenation,
    /// Lines that were broken at one width, joined to paragraphs.
    Wrapped,
    /// Numbers of links that a text browser left: `[12]Ports`.
    LinkNumbers,
    /// Soft hyphens.
    SoftHyphens,
    /// Marks without width, but for those that a script or an emoji needs.
    ZeroWidth,
    /// Letters with marks of their own, composed (Unicode NFC).
    Composed,
    /// A line end that was lost between two sentences: `fin.Des sources`.
    Glued,
}

/// How one repair is found.
struct Row {
    repair: Repair,
    name: &'static str,
    /// Is it right in Markdown, where tags, references and line ends are markup?
    in_markdown: bool,
}

/// All repairs, in the order they are made.
const TABLE: [Row; 10] = [
    Row { repair: Repair::Mojibake, name: "mojibake", in_markdown: true },
    Row { repair: Repair::Entities, name: "entities", in_markdown: false },
    Row { repair: Repair::Tags, name: "tags", in_markdown: false },
    Row { repair: Repair::Hyphenation, name: "hyphenation", in_markdown: false },
    Row { repair: Repair::Wrapped, name: "wrapped", in_markdown: false },
    Row { repair: Repair::LinkNumbers, name: "link-numbers", in_markdown: false },
    Row { repair: Repair::SoftHyphens, name: "soft-hyphens", in_markdown: true },
    Row { repair: Repair::ZeroWidth, name: "zero-width", in_markdown: true },
    Row { repair: Repair::Composed, name: "composed", in_markdown: true },
    Row { repair: Repair::Glued, name: "glued", in_markdown: false },
];

/// One way over the text; hyphenation and wrapped lines are read off the same line ends.
const PASSES: [fn(&Sheet<'_>) -> Vec<Edit>; 9] = [
    mojibake::find,
    entities::find,
    tags::find,
    lines::find,
    link_numbers::find,
    soft_hyphens::find,
    zero_width::find,
    composed::find,
    glued::find,
];

impl Repair {
    /// All of them, in the order they are made.
    pub const ALL: [Repair; TABLE.len()] = {
        let mut all = [Repair::Mojibake; TABLE.len()];
        let mut at = 0;
        while at < TABLE.len() {
            all[at] = TABLE[at].repair;
            at += 1;
        }
        all
    };

    /// The name in records and on the command line, such as `soft-hyphens`.
    pub fn name(self) -> &'static str {
        TABLE.iter().find(|row| row.repair == self).map_or("", |row| row.name)
    }
}

impl fmt::Display for Repair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Repair {
    type Err = String;

    fn from_str(name: &str) -> Result<Repair, String> {
        Repair::ALL.into_iter().find(|repair| repair.name() == name).ok_or_else(|| {
            let names: Vec<&str> = Repair::ALL.into_iter().map(Repair::name).collect();
            format!("there is no repair {name:?}; there are {}", names.join(", "))
        })
    }
}

/// Which repairs to make; all by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Repairs(u16);

impl Default for Repairs {
    fn default() -> Repairs {
        Repairs::ALL
    }
}

impl Repairs {
    pub const ALL: Repairs = Repairs((1 << TABLE.len()) - 1);
    pub const NONE: Repairs = Repairs(0);

    #[must_use]
    pub fn with(self, repair: Repair) -> Repairs {
        Repairs(self.0 | 1 << repair as u16)
    }

    #[must_use]
    pub fn without(self, repair: Repair) -> Repairs {
        Repairs(self.0 & !(1 << repair as u16))
    }

    pub fn has(self, repair: Repair) -> bool {
        self.0 & 1 << repair as u16 != 0
    }

    /// Without those that would break Markdown's own signs.
    fn for_markdown(self) -> Repairs {
        TABLE.iter().filter(|row| !row.in_markdown).fold(self, |set, row| set.without(row.repair))
    }
}

/// `all`, `none`, or names parted by commas.
impl FromStr for Repairs {
    type Err = String;

    fn from_str(names: &str) -> Result<Repairs, String> {
        match names.trim() {
            "all" => Ok(Repairs::ALL),
            "none" => Ok(Repairs::NONE),
            _ => names.split(',').map(str::trim).try_fold(Repairs::NONE, |set, name| match name {
                "all" | "none" => {
                    Err(format!("{name:?} goes with no other name; write it alone, or leave it out"))
                }
                name => Ok(set.with(name.parse()?)),
            }),
        }
    }
}

/// Most ways over a text until nothing is left to do; damage upon damage takes one each.
const ROUNDS: usize = 5;

/// Most repairs that are listed one by one; all are counted.
pub const MOST_LISTED: usize = 1_000;

/// A text and what its repairs look at.
struct Sheet<'a> {
    text: &'a str,
    code: &'a Code,
    on: Repairs,
}

/// A repaired text.
#[derive(Debug)]
pub struct Mended<'a> {
    pub text: Cow<'a, str>,
    pub report: Report,
    ways: Vec<Offsets>,
    /// The text as it was.
    whole: &'a str,
}

/// What was repaired.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Report {
    /// How often, by name.
    pub counts: BTreeMap<String, usize>,
    /// One by one, the first [`MOST_LISTED`].
    pub list: Vec<Entry>,
}

impl Report {
    /// Words from beside the text, such as a title in the page's head: what damaged the text damaged them too.
    pub fn apply(&self, words: String) -> String {
        let beside = [Repair::Mojibake, Repair::Entities].into_iter();
        let on = beside.filter(|r| self.counts.contains_key(r.name())).fold(Repairs::NONE, Repairs::with);
        if on == Repairs::NONE { words } else { Mended::new(&words, on, None).text.into_owned() }
    }

    fn count(&mut self, repair: Repair) {
        match self.counts.get_mut(repair.name()) {
            Some(count) => *count += 1,
            None => drop(self.counts.insert(repair.name().to_owned(), 1)),
        }
    }
}

/// Repairs the text of a file. Takes time in proportion to its length.
pub fn text(text: &str, repairs: Repairs, is_markdown: bool) -> Mended<'_> {
    Mended::new(text, if is_markdown { repairs.for_markdown() } else { repairs }, None)
}

impl<'a> Mended<'a> {
    /// `code`: where code stands, if its signs do not tell.
    fn new(text: &'a str, on: Repairs, mut code: Option<Code>) -> Self {
        let whole =
            || Self { text: Cow::Borrowed(text), report: Report::default(), ways: Vec::new(), whole: text };
        let mut done = whole();
        for _ in 0..ROUNDS {
            if !done.round(on, &mut code) {
                return done;
            }
        }
        if done.round(on, &mut code) { whole() } else { done }
    }

    /// Each repair once; says whether there was anything to do.
    fn round(&mut self, on: Repairs, code: &mut Option<Code>) -> bool {
        let mut changed = false;
        // Bytes that were read wrongly are read again before anything else takes some of them away.
        let first = PASSES.into_iter().take(1).cycle().take(ROUNDS - 1);
        for find in first.chain(PASSES) {
            let signs = if code.is_none() { Code::of(&self.text) } else { Code::default() };
            let sheet = Sheet { text: &self.text, code: code.as_ref().unwrap_or(&signs), on };
            let mut edits = find(&sheet);
            edits.retain(|edit| !sheet.code.holds(edit.at.start));
            if edits.is_empty() {
                continue;
            }
            self.note(&edits);
            self.make(edits);
            if let (Some(code), Some(way)) = (code.as_mut(), self.ways.last()) {
                code.follow(way);
            }
            changed = true;
        }
        changed
    }

    fn make(&mut self, edits: Vec<Edit>) {
        let (text, way) = apply(&self.text, &edits);
        self.text = Cow::Owned(text);
        self.ways.push(way);
    }

    fn note(&mut self, edits: &[Edit]) {
        for edit in edits {
            self.report.count(edit.repair);
            if self.report.list.len() < MOST_LISTED {
                let Range { start, end } = self.before(&edit.at);
                self.report.list.push(Entry {
                    repair: edit.repair.name().to_owned(),
                    was: self.whole.get(start..end).unwrap_or_default().to_owned(),
                    now: edit.new.clone().into_owned(),
                    start: Some(start),
                    end: Some(end),
                });
            }
        }
    }

    /// Where the addresses begin whose numbers were taken out of the text.
    pub fn addresses_from(&self) -> Option<usize> {
        let numbered = self.report.counts.contains_key(Repair::LinkNumbers.name());
        numbered.then(|| link_numbers::list(&self.text)).flatten()
    }

    /// The bytes of the text as it was that became these.
    pub fn before(&self, range: &Range<usize>) -> Range<usize> {
        self.ways.iter().rev().fold(range.clone(), |range, way| way.before(&range))
    }

    /// Where a byte of the text as it was stands now.
    fn after(&self, at: usize) -> usize {
        self.ways.iter().fold(at, |at, way| way.after(at))
    }
}

#[cfg(test)]
mod tests;
