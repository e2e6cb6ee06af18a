//! Labelled pages -> the text files that people would have saved from them: whole, or what a simple extractor
//! leaves; with and without blank lines, bullets and cell rules, or as Markdown; and the main text alone, of which
//! nothing may go. They join the training of the text model.

use crate::corpus::Row;
use std::collections::BTreeMap;
use tamis::clean::assemble::{Addresses, markdown};
use tamis::clean::block::{Block, Shape};
use tamis::clean::parse::{self, NodeId, Tree};
use tamis::clean::{region, segment};
use url::Url;
use xxhash_rust::xxh3::xxh3_64;

/// The set that rendered pages are in.
pub const SET: &str = "rendered";

/// The set that main texts are in, given as files.
pub const CLEAN: &str = "clean";

/// One file in so many is Markdown, with links and images.
const MARKDOWN: u64 = 3;

/// Words from which a block is prose.
const PROSE: usize = 12;

/// How a file is written.
struct Style {
    bullet: &'static str,
    between_cells: &'static str,
    heading: &'static str,
    blanks: Blanks,
}

/// Where blank lines stand.
#[derive(Clone, Copy, PartialEq)]
enum Blanks {
    Everywhere,
    AroundProse,
    Nowhere,
}

/// The page as two text files, whole and extracted, as far as each has text. Address and id, and so the fold, stay.
pub fn as_texts(mut row: Row) -> Vec<Row> {
    let Some(html) = row.html.take() else { return Vec::new() };
    let (tree, _) = parse::parse(&html, &parse::Budget::default());
    let regions = region::map(&tree);
    let blocks = segment::segment(&tree, &regions);
    let dice = xxh3_64(format!("{} {}", row.set, row.id).as_bytes());
    let share = [0.6, 0.8, 0.9, 0.95][(dice >> 56) as usize % 4];
    let main = extract(&tree, &blocks, share);
    row.set = SET.to_owned();
    let views = [("full", blocks.iter().collect(), dice), ("semi", main, dice.rotate_left(32))];
    let url = row.url.as_deref().and_then(|u| Url::parse(u).ok());
    let addresses = Addresses::new(Some(&tree), url.as_ref(), true, true);
    let file = |(rendering, blocks, dice): (&str, Vec<&Block>, u64)| {
        let is_markdown = (dice >> 40).is_multiple_of(MARKDOWN);
        let text = if is_markdown { markdown(&blocks, &addresses) } else { write(&blocks, &style(dice)) };
        let rendering = if is_markdown { format!("{rendering} markdown") } else { rendering.to_owned() };
        Row { text: Some(text), is_markdown, rendering: Some(rendering), ..row.clone() }
    };
    views.into_iter().filter(|(_, blocks, _)| !blocks.is_empty()).map(file).collect()
}

/// The main text alone, as a file that is clean already.
pub fn as_clean(row: &Row) -> Option<Row> {
    let gold = row.gold.as_deref().filter(|gold| !gold.trim().is_empty())?;
    Some(Row {
        set: CLEAN.to_owned(),
        html: None,
        text: Some(gold.to_owned()),
        rendering: Some(row.set.clone()),
        with: Vec::new(),
        without: Vec::new(),
        ..row.clone()
    })
}

fn style(dice: u64) -> Style {
    let pick = |shift: u32, n: u64| (dice >> shift) as usize % n as usize;
    Style {
        bullet: ["  • ", "  • ", "- ", "* ", ""][pick(0, 5)],
        between_cells: [" ", " | ", "\t", "\n"][pick(8, 4)],
        heading: ["", "", "", "## "][pick(16, 4)],
        blanks: [Blanks::AroundProse, Blanks::AroundProse, Blanks::Everywhere, Blanks::Nowhere][pick(24, 4)],
    }
}

/// What an extractor without judgement leaves: everything in the deepest element that holds so large a share of
/// the prose.
fn extract<'b>(tree: &Tree, blocks: &'b [Block], share: f32) -> Vec<&'b Block> {
    let prose = |b: &&Block| b.words >= PROSE && b.link_density < 0.3;
    let mut held: BTreeMap<NodeId, usize> = BTreeMap::new();
    for block in blocks.iter().filter(prose) {
        for element in tree.ancestors(block.place.element) {
            *held.entry(element).or_default() += block.words;
        }
    }
    let all: usize = blocks.iter().filter(prose).map(|b| b.words).sum();
    // Nodes are numbered in reading order: of those that hold so much, the last is the deepest.
    let enough = |words: usize| words as f32 >= share * all as f32;
    let Some((&main, _)) = held.iter().rev().find(|(_, words)| enough(**words)) else {
        return blocks.iter().collect();
    };
    let inside = tree.subtree(main);
    blocks.iter().filter(|b| inside.contains(&b.place.element)).collect()
}

fn write(blocks: &[&Block], style: &Style) -> String {
    let mut out = String::new();
    let mut before: Option<&Block> = None;
    for block in blocks {
        let row = |b: &Block| b.place.cell.map(|c| (c.table, c.row));
        let prose = |b: &Block| b.words >= PROSE && !b.bullet || matches!(b.shape, Shape::Heading(_));
        match before {
            None => {}
            Some(before) if row(before).is_some() && row(before) == row(block) => {
                out.push_str(style.between_cells);
            }
            Some(before) => {
                let blank = match style.blanks {
                    Blanks::Everywhere => !(before.bullet && block.bullet),
                    Blanks::AroundProse => prose(before) || prose(block),
                    Blanks::Nowhere => false,
                };
                out.push_str(if blank { "\n\n" } else { "\n" });
            }
        }
        match block.shape {
            Shape::Heading(_) => out.push_str(style.heading),
            _ if block.bullet => out.push_str(style.bullet),
            _ => {}
        }
        out.push_str(&block.text);
        before = Some(block);
    }
    out.push('\n');
    out
}
