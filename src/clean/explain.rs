//! Why a block was kept or removed, in words. Decides nothing: it is told what was decided.

mod signs;

use super::block::{Block, Shape};
use super::parse::Tree;
use super::recur::Repeated;
use super::segment::{Cut, merge};
use super::weigh::rules::Evidence;
use super::weigh::{Weighed, reason};
use crate::record::Removed;
use signs::Surroundings;
use std::borrow::Cow;
use std::collections::HashSet;

/// Every piece of a document in reading order, with what became of it and what spoke for that.
#[derive(Debug, Clone, Default)]
pub struct Account {
    /// Blocks from this chance on, 0 to 1, were taken; `None`: none was likely, the likeliest were taken.
    pub threshold: Option<f32>,
    pub pieces: Vec<Piece>,
}

/// A block, or an ornament between blocks.
#[derive(Debug, Clone)]
pub struct Piece {
    pub text: String,
    pub shape: Shape,
    /// How likely it is main text, 0 to 1; an ornament goes with its neighbours and has none.
    pub chance: Option<f32>,
    /// Why it was removed; `None`: it was kept.
    pub reason: Option<String>,
    /// What decided instead of the chance, where something did.
    pub exception: Option<&'static str>,
    /// What speaks for and against it, the strongest first.
    pub signs: Vec<Sign>,
}

impl Piece {
    pub fn is_kept(&self) -> bool {
        self.reason.is_none()
    }
}

/// One piece of evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Sign {
    /// For keeping; else against it.
    pub keeps: bool,
    /// How telling it is, 0 to 1; an order for people, no term of the model's sum.
    pub weight: f32,
    /// A clause about the block: `82 % of it is links`.
    pub words: String,
}

/// What was decided about a document.
pub struct Decided<'a> {
    /// `None` for a text file.
    pub tree: Option<&'a Tree>,
    pub cut: &'a Cut,
    pub weighed: &'a Weighed,
    /// Which blocks the site repeats; empty without a memory.
    pub repeated: &'a [Option<Repeated>],
    /// Which blocks, and which ornaments.
    pub kept: &'a [bool],
    pub adorned: &'a [bool],
    pub threshold: Option<f32>,
    /// The block that shows the title.
    pub title: Option<usize>,
}

/// Every removed block with the strongest reason against it.
pub fn removed(decided: &Decided<'_>) -> Vec<Removed> {
    let reasons = Reasons::of(decided);
    merge(
        decided.cut,
        |block, at| reasons.block(block, at).map(|r| entry(block, &r, Some(decided.weighed.chances[at]))),
        |block, at| reasons.ornament(block, at).map(|reason| entry(block, reason, None)),
    )
}

/// The whole document, kept and removed, with the evidence.
pub fn account(decided: &Decided<'_>) -> Account {
    let reasons = Reasons::of(decided);
    let around = Surroundings::of(decided);
    let pieces = merge(
        decided.cut,
        |block, at| {
            Some(Piece {
                text: block.text.clone(),
                shape: block.shape,
                chance: Some(decided.weighed.chances[at]),
                reason: reasons.block(block, at).map(Cow::into_owned),
                exception: exception(decided, block, at),
                signs: signs(decided, at, around.signs(at)),
            })
        },
        |block, at| {
            let reason = reasons.ornament(block, at);
            (reason.is_some() || decided.adorned[at] && !block.text.is_empty()).then(|| Piece {
                text: block.text.clone(),
                shape: block.shape,
                chance: None,
                reason: reason.map(str::to_owned),
                exception: match decided.cut.ornaments[at].against {
                    None => Some("has no letter or digit: it stays where both its neighbours stay"),
                    Some(_) => Some("is no text of the page, whatever stands around it"),
                },
                signs: Vec::new(),
            })
        },
    );
    Account { threshold: decided.threshold, pieces }
}

/// What the removed pieces' reasons are read from.
struct Reasons<'a> {
    decided: &'a Decided<'a>,
    /// What the kept blocks say.
    said: HashSet<String>,
}

impl<'a> Reasons<'a> {
    fn of(decided: &'a Decided<'a>) -> Self {
        let kept = decided.cut.blocks.iter().zip(decided.kept).filter(|(_, kept)| **kept);
        Self { decided, said: kept.map(|(block, _)| block.said().collect()).collect() }
    }

    fn block(&self, block: &Block, at: usize) -> Option<Cow<'static, str>> {
        let evidence: &Evidence = &self.decided.weighed.evidence[at];
        let again = block.words >= 3 && self.said.contains(&block.said().collect::<String>());
        let repeated = self.decided.repeated.get(at).copied().flatten();
        let reason = || match repeated {
            _ if again => "repeats kept text".into(),
            Some(repeated) if repeated.decided || !reason::is_named(block, evidence) => {
                repeated.words().into()
            }
            _ => reason::against(block, evidence).into(),
        };
        (!self.decided.kept[at]).then(reason)
    }

    fn ornament(&self, block: &Block, at: usize) -> Option<&'static str> {
        let against = self.decided.cut.ornaments[at].against;
        (!self.decided.adorned[at] && !block.text.is_empty())
            .then_some(against.unwrap_or("no letter or digit"))
    }
}

/// What speaks for and against a block, the site's memory included.
fn signs(decided: &Decided<'_>, at: usize, mut signs: Vec<Sign>) -> Vec<Sign> {
    if let Some(repeated) = decided.repeated.get(at).copied().flatten() {
        let words = format!("{} ({} are known)", repeated.words(), repeated.of);
        signs.insert(0, Sign { keeps: false, weight: 1.0, words });
    }
    signs
}

/// What decided where the chance did not.
fn exception(decided: &Decided<'_>, block: &Block, at: usize) -> Option<&'static str> {
    let chance = decided.weighed.chances[at];
    let likely = decided.threshold.is_some_and(|threshold| chance >= threshold);
    match (decided.kept[at], likely) {
        _ if block.words == 0 => Some("has no word: it stays where both its neighbours stay"),
        (true, false) if decided.threshold.is_none() => {
            Some("nothing on the page was likely to be main text: this was the best there was")
        }
        (true, false) if decided.title == Some(at) => Some("the title of a text is kept with it"),
        (true, false) => Some("adjoins kept lines, and nothing speaks against it"),
        (false, true) => Some("says again what was kept already"),
        _ => None,
    }
}

fn entry(block: &Block, reason: &str, chance: Option<f32>) -> Removed {
    let bytes = block.place.bytes.as_ref();
    Removed {
        reason: reason.to_owned(),
        text: block.text.clone(),
        chance: chance.map(|chance| (f64::from(chance) * 1000.0).round() / 1000.0),
        start: bytes.map(|b| b.start),
        end: bytes.map(|b| b.end),
    }
}
