//! Site memory: what it means for a block that its line stands on other pages of the site too. Says which site a page
//! belongs to, what a page teaches, and lowers the chance of what repeats. Knows one page at a time; what repeats is
//! learned by `dedup::site`.

use super::block::{Block, Shape};
use super::describe::small_print;
use super::parse::{Attribute, Tag, Tree};
use super::weigh::Weighed;
use super::weigh::rules::Evidence;
use super::{Focus, choose as choice};
use crate::dedup::site::{Common, Learned, Line, Page};
use std::collections::HashMap;
use std::sync::Arc;
use url::Url;

/// What is known of sites, and where this document lies.
#[derive(Debug, Clone)]
pub struct Memory {
    pub learned: Arc<Learned>,
    /// The folder or file that the document came from; a site of its own where nothing says which site it is.
    pub folder: Option<Arc<str>>,
}

/// What one page teaches.
#[derive(Debug, Clone)]
pub struct Lesson {
    /// The sites it belongs to, at most two.
    pub sites: Vec<Arc<str>>,
    pub page: Page,
}

/// Names of folders begin so, and no host does.
const FOLDER: &str = "folder:";

/// A line that repeats is so much less likely, in log-odds, and so much more on every page of a site, however much it
/// looks like text; chosen out-of-fold on labelled pages.
const REPEATED: f32 = 6.0;
const EVERYWHERE: f32 = 8.0;

/// A short one is a label as often as furniture.
const REPEATED_SHORT: f32 = 0.5;

/// Words of a short line.
const SHORT: u64 = 4;

/// A level-1 heading on fewer of the pages than one in so many is a title that others link to, not the site's name.
const TITLE_ONE_IN: u32 = 2;

/// What repeats may be this much of what would be kept, else the pages are copies of a form and their words are meant:
/// of a site, and of a folder, which may hold anything.
const MOST_OF_SITE: f32 = 0.75;
const MOST_OF_FOLDER: f32 = 0.5;

/// A block whose line repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Repeated {
    /// Pages known to have the line, and pages known.
    pub pages: u32,
    pub of: u32,
    /// Of a folder, not of a site.
    pub in_folder: bool,
    /// Without the memory it would have been kept.
    pub decided: bool,
}

impl Repeated {
    /// The reason in words.
    pub fn words(self) -> String {
        format!("repeats on {} pages of this {}", self.pages, if self.in_folder { "folder" } else { "site" })
    }
}

/// What a page teaches: its lines, and the sites it belongs to. `evidence` is asked for only where nothing else names
/// the site.
pub fn lesson(
    blocks: &[Block],
    tree: Option<&Tree>,
    url: Option<&Url>,
    folder: Option<&str>,
    evidence: impl FnOnce() -> Vec<Evidence>,
) -> Lesson {
    let page = Page::of(blocks.iter().filter_map(|block| Line::of(&block.text)));
    Lesson { sites: sites(blocks, tree, url, folder, evidence), page }
}

/// The registered domain of the address, else of the one that the page says is its own; else the host that a text's
/// small print names, and the folder.
fn sites(
    blocks: &[Block],
    tree: Option<&Tree>,
    url: Option<&Url>,
    folder: Option<&str>,
    evidence: impl FnOnce() -> Vec<Evidence>,
) -> Vec<Arc<str>> {
    let declared = || Url::parse(tree.and_then(own_address)?).ok();
    if let Some(site) = url.and_then(domain).or_else(|| declared().as_ref().and_then(domain)) {
        return vec![site.into()];
    }
    if let Some(site) = folder.and_then(|folder| folder.split(['/', '\\']).rev().find_map(mirrored)) {
        return vec![site.into()];
    }
    let print = if tree.is_none() { small_print(blocks, &evidence()) } else { None };
    let print = print.map(|name| psl::domain_str(&name).map_or(name.to_lowercase(), str::to_owned));
    let folder = folder.map(|folder| format!("{FOLDER}{folder}"));
    print.into_iter().chain(folder).map(Arc::from).collect()
}

fn domain(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    Some(psl::domain_str(host).unwrap_or(host).to_lowercase())
}

/// The domain that a folder is named after, as mirroring programs do.
fn mirrored(folder: &str) -> Option<String> {
    let folder = folder.to_lowercase();
    let known = psl::suffix(folder.as_bytes()).is_some_and(|suffix| suffix.is_known());
    let plain = folder.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'));
    (known && plain).then(|| psl::domain_str(&folder).map(str::to_owned)).flatten()
}

/// What the page declares to be its address.
fn own_address(tree: &Tree) -> Option<&str> {
    let is = |id, name, value: &str| tree.attribute(id, name).is_some_and(|v| v.eq_ignore_ascii_case(value));
    (0..tree.len()).find_map(|id| match tree.tag(id)? {
        Tag::Link if is(id, Attribute::Rel, "canonical") => tree.attribute(id, Attribute::Href),
        Tag::Meta if is(id, Attribute::Property, "og:url") => tree.attribute(id, Attribute::Content),
        _ => None,
    })
}

/// Chooses, once the chances of what repeats are lowered. Gives what is kept and, for each block, whether it repeats.
pub fn choose(
    blocks: &[Block],
    tree: Option<&Tree>,
    url: Option<&Url>,
    weighed: &mut Weighed,
    focus: Focus,
    memory: &Memory,
) -> (Vec<bool>, Vec<Option<Repeated>>) {
    let kept = choice::choose(blocks, weighed, focus);
    let sites = sites(blocks, tree, url, memory.folder.as_deref(), || weighed.evidence.clone());
    let known: Vec<(bool, &Common)> =
        sites.iter().filter_map(|s| Some((s.starts_with(FOLDER), memory.learned.site(s)?))).collect();
    let mut repeated = find(blocks, &known);
    if repeated.iter().all(Option::is_none) {
        return (kept, repeated);
    }
    let before = weighed.chances.clone();
    for ((block, chance), repeated) in blocks.iter().zip(&mut weighed.chances).zip(&repeated) {
        if let Some(repeated) = repeated {
            *chance = lowered(*chance, Line::of(&block.text).map_or(0, Line::words), repeated);
        }
    }
    let now = choice::choose(blocks, weighed, focus);
    let words = |kept: &[bool]| -> usize {
        blocks.iter().zip(kept).filter(|(_, kept)| **kept).map(|(block, _)| block.words).sum()
    };
    let most = if repeated.iter().flatten().any(|r| r.in_folder) { MOST_OF_FOLDER } else { MOST_OF_SITE };
    if (words(&now) as f32) < (1.0 - most) * words(&kept) as f32 {
        weighed.chances = before;
        return (kept, vec![None; blocks.len()]);
    }
    for (repeated, (before, now)) in repeated.iter_mut().zip(kept.iter().zip(&now)) {
        if let Some(repeated) = repeated {
            repeated.decided = *before && !now;
        }
    }
    (now, repeated)
}

/// Which blocks repeat. A line that stands on its page twice is a form that is filled in, such as a card's label.
fn find(blocks: &[Block], known: &[(bool, &Common)]) -> Vec<Option<Repeated>> {
    if known.is_empty() {
        return vec![None; blocks.len()];
    }
    let lines: Vec<Option<Line>> = blocks.iter().map(|block| Line::of(&block.text)).collect();
    let mut times: HashMap<Line, usize> = HashMap::new();
    for line in lines.iter().flatten() {
        *times.entry(*line).or_default() += 1;
    }
    let find = |block: &Block, line: Line| {
        let best = known.iter().filter_map(|&(in_folder, common)| {
            let pages = common.repeats(line)?;
            Some(Repeated { pages, of: common.pages(), in_folder, decided: false })
        });
        let best = best.max_by_key(|repeated| (repeated.pages, !repeated.in_folder))?;
        let title = matches!(block.shape, Shape::Heading(1));
        let linked = title && best.pages.saturating_mul(TITLE_ONE_IN) < best.of;
        (!linked && times.get(&line) == Some(&1)).then_some(best)
    };
    blocks.iter().zip(lines).map(|(block, line)| find(block, line?)).collect()
}

fn lowered(chance: f32, words: u64, repeated: &Repeated) -> f32 {
    let p = chance.clamp(1e-6, 1.0 - 1e-6);
    let share = repeated.pages as f32 / repeated.of.max(1) as f32;
    let loss = if words <= SHORT { REPEATED_SHORT } else { REPEATED + EVERYWHERE * share };
    let odds = (p / (1.0 - p)).ln() - loss;
    1.0 / (1.0 + (-odds).exp())
}
