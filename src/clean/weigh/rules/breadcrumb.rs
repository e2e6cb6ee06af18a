//! "Home > News > Europe > Title": the way from the site's front page to this page.
//!
//! Why: it repeats the title and names sections; it is no sentence. Text files often lose the marks
//! between the labels: "Home News Title", with the title again a line below.
//! Table: `names` are words for the front page, `start` and `whole` are "You are here" and its kin.
//! Risk: sentences begin with "Home" too, so the word alone is never enough: there must be marks
//! between short labels, or the tail must be a line that stands near.

use super::words::{Hit, find};
use super::{Rule, Sight};
use crate::clean::block::{Block, Region};
use crate::clean::fold::{fold, plain};

pub const RULE: Rule = Rule { name: "breadcrumb", weigh };

/// Marks that hardly ever stand in prose.
const ARROWS: [char; 10] = ['>', '»', '›', '→', '≫', '▸', '►', '▶', '❯', '⟩'];
/// Marks that count only with a space on both sides.
const BARS: [&str; 6] = [" / ", " | ", " \\ ", " · ", " • ", " :: "];

fn weigh(sight: &Sight<'_>) -> f32 {
    let block = sight.block();
    let crumb_region = block.region.has(Region::BREADCRUMB);
    if block.words > 40 || block.sentences > 2 || sight.prose_at(0) && !crumb_region {
        return if repeats_near(sight) && sight.begins_with_name() { 0.9 } else { 0.0 };
    }
    if sight.hit() == Some(Hit::Whole) {
        return 0.95;
    }
    let (arrows, bars) = marks(&block.text);
    let again = repeats_near(sight);
    let told = sight.hit() == Some(Hit::Start);
    let home = sight.begins_with_name() && (again || first_is_home(sight));
    if (told || home) && (arrows > 0 || again) {
        return 0.97;
    }
    if told && (bars > 0 || sight.after_start() == Some(':')) {
        return 0.95;
    }
    if block.ends_sentence && !again {
        return 0.0;
    }
    match () {
        () if home && bars > 0 => 0.85,
        () if arrows > 0 && again => 0.85,
        () if crumb_region => 0.85,
        () if in_chain(sight) => 0.85,
        // "File > Save as > Text" in a manual looks the same.
        () if arrows > 1 && block.words <= 12 => 0.4,
        () => 0.0,
    }
}

/// How many arrows and how many bars stand between the labels of a line.
fn marks(text: &str) -> (usize, usize) {
    let is_mark = |c: char| ARROWS.contains(&c) || matches!(c, '/' | '|' | '\\' | '·' | '•' | ':');
    if !text.contains(is_mark) {
        return (0, 0);
    }
    let inner = text.trim_matches(|c: char| !c.is_alphanumeric());
    let arrows = inner.chars().filter(|c| ARROWS.contains(c)).count();
    // "->" and "=>" are code.
    let code = inner.matches("->").count() + inner.matches("=>").count();
    // A pair of « » is a quotation.
    let quotes = inner.chars().filter(|c| *c == '«').count();
    (arrows.saturating_sub(quotes + code), BARS.iter().map(|bar| inner.matches(bar).count()).sum())
}

/// Is what stands before the first mark a word for the front page and nothing else?
fn first_is_home(sight: &Sight<'_>) -> bool {
    let text = sight.block().text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let arrow = text.find(ARROWS).unwrap_or(text.len());
    let bar = BARS.iter().filter_map(|bar| text.find(bar)).min().unwrap_or(text.len());
    let first = find(&plain(&fold(&text[..arrow.min(bar)])));
    first.of(sight.rule).iter().any(|f| f.hit == Hit::Name)
}

/// Is the tail of the block, whole or cut short, the beginning of a line that stands near?
fn repeats_near(sight: &Sight<'_>) -> bool {
    let block = sight.block();
    let cut = block.text.ends_with('…') || block.text.ends_with("...");
    (-4..=6).filter(|o| *o != 0).filter_map(|o| sight.near(o)).any(|other| {
        let tail_is_line = other.words >= 3
            && block
                .folded
                .strip_suffix(other.folded.as_str())
                .is_some_and(|head| head.ends_with(' ') && head.len() <= 80);
        tail_is_line || cut && tail_opens(block, other)
    })
}

/// Is a tail of three words or more of a cut line how the other line begins?
fn tail_opens(block: &Block, other: &Block) -> bool {
    block
        .folded
        .match_indices(' ')
        .take(10)
        .map(|(at, _)| &block.folded[at + 1..])
        .any(|tail| tail.split(' ').count() >= 3 && other.folded.starts_with(tail))
}

/// Is the block a mark, or a label beside a mark, in a chain of lines that a front-page word opens?
fn in_chain(sight: &Sight<'_>) -> bool {
    let is_mark = |b: &Block| {
        let text = b.text.trim();
        !text.is_empty() && text.chars().all(|c| ARROWS.contains(&c) || matches!(c, '/' | '|' | ' '))
    };
    let is_label = |b: &Block| b.words <= 20 && !b.ends_sentence;
    let beside = |o: isize| sight.near(o).is_some_and(is_mark);
    if !(is_mark(sight.block()) || is_label(sight.block()) && (beside(-1) || beside(1))) {
        return false;
    }
    (0..10)
        .take_while(|o| sight.near(-o).is_some_and(|b| is_mark(b) || is_label(b)))
        .any(|o| sight.hit_at(-o) == Some(Hit::Name) && sight.near(1 - o).is_some_and(is_mark))
}
