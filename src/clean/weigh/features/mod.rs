//! Blocks -> one row of numbers each, for the learned scorer. A feature is named where it is measured and
//! nowhere else; the model file carries a fingerprint of the names, so that model and code cannot drift
//! apart unnoticed. HTML and text files share one row; what a text file does not have is 0.

mod agreement;
mod containers;
mod evidence;
pub mod kin;
mod page;
mod place;
mod repetition;
mod sections;
mod shallow;
pub mod tokens;
mod units;
mod windows;

use crate::clean::block::{Block, Region, Shape};
use crate::clean::parse::{NodeId, Tag, Tree};
use crate::clean::prefix_sums::PrefixSums;
use crate::clean::weigh::rules::Evidence;
use std::ops::Range;
use tokens::Tables;

/// What takes a row's values, or its names.
pub trait Row {
    fn put(&mut self, name: impl Fn() -> String, value: f32);

    fn add(&mut self, name: &'static str, value: f32) {
        self.put(|| name.to_owned(), value);
    }

    fn flag(&mut self, name: &'static str, value: bool) {
        self.add(name, f32::from(u8::from(value)));
    }
}

impl Row for Vec<f32> {
    fn put(&mut self, _name: impl Fn() -> String, value: f32) {
        self.push(value);
    }
}

impl Row for Vec<String> {
    fn put(&mut self, name: impl Fn() -> String, _value: f32) {
        self.push(name());
    }
}

/// Names what is put into a row `family/name`.
struct Family<'r, R>(&'static str, &'r mut R);

impl<R: Row> Row for Family<'_, R> {
    fn put(&mut self, name: impl Fn() -> String, value: f32) {
        self.1.put(|| format!("{}/{}", self.0, name()), value);
    }
}

/// One row of values for each block.
#[derive(Debug, Default)]
pub struct Matrix {
    pub columns: usize,
    pub values: Vec<f32>,
}

impl Matrix {
    /// One row for each block of a range.
    fn of(range: Range<usize>, write: impl Fn(usize, &mut Vec<f32>)) -> Self {
        let mut values = Vec::new();
        let mut columns = 0;
        let rows = range.len();
        for (row, at) in range.enumerate() {
            write(at, &mut values);
            if row == 0 {
                columns = values.len();
                values.reserve(columns * rows);
            }
        }
        Self { columns, values }
    }

    pub fn rows(&self) -> std::slice::ChunksExact<'_, f32> {
        self.values.chunks_exact(self.columns.max(1))
    }
}

/// The features' names, in the order of a row.
pub fn names() -> Vec<String> {
    with_one_block(|scene| {
        let mut names: Vec<String> = Vec::new();
        scene.write(0, &mut names);
        names
    })
}

/// Calls with the smallest page there is.
fn with_one_block<T>(of: impl Fn(&Scene<'_>) -> T) -> T {
    let block = Block::new("a".to_owned(), Shape::Paragraph, Region::default(), 0);
    let blocks = [block];
    let evidence = [Evidence::new()];
    let tables = Tables::default();
    of(&Scene::new(&blocks, None, &[], &evidence, None, &tables))
}

/// Measures a run of a page's blocks.
pub fn measure(scene: &Scene<'_>, range: Range<usize>) -> Matrix {
    Matrix::of(range, |at, row| scene.write(at, row))
}

/// A page with what several families of features need of it, computed once.
pub struct Scene<'a> {
    pub blocks: &'a [Block],
    pub tree: Option<&'a Tree>,
    pub regions: &'a [u32],
    pub evidence: &'a [Evidence],
    /// A hash of each element's name and class.
    names: Vec<u64>,
    /// Words of prose each block counts for.
    prose: Vec<f32>,
    sums: Sums,
    containers: containers::Containers,
    repetition: repetition::Repetition,
    place: place::Places,
    page: page::Facts,
    tokens: tokens::Values,
    agreement: agreement::Agreement,
    sections: sections::Sections,
    units: units::Units,
    characters: Vec<shallow::Characters>,
    basis: Vec<windows::Basis>,
}

impl<'a> Scene<'a> {
    pub fn new(
        blocks: &'a [Block],
        tree: Option<&'a Tree>,
        regions: &'a [u32],
        evidence: &'a [Evidence],
        url: Option<&url::Url>,
        tables: &'a Tables,
    ) -> Self {
        let prose: Vec<f32> = blocks.iter().map(prose_words).collect();
        let tokens = tokens::Values::new(blocks, tree, tables);
        let sums = Sums::new(blocks, tree, &prose, &tokens);
        let containers = containers::Containers::new(blocks, tree, &prose, &sums);
        let names = tree.map(repetition::signatures).unwrap_or_default();
        let repetition = repetition::Repetition::new(blocks, tree, &names);
        let agreement = agreement::Agreement::new(blocks, tree, url, &prose);
        let place = place::Places::new(blocks, tree, &prose);
        let page = page::Facts::new(blocks, tree, url, &prose);
        let mut scene = Self {
            blocks,
            tree,
            regions,
            evidence,
            names,
            prose,
            sums,
            containers,
            repetition,
            place,
            page,
            tokens,
            agreement,
            sections: sections::Sections::default(),
            units: units::Units::default(),
            characters: blocks.iter().map(shallow::characters).collect(),
            basis: Vec::new(),
        };
        let title = scene.place.title();
        scene.sections = sections::Sections::new(&scene, title);
        scene.units = units::Units::new(&scene, title);
        scene.basis = (0..blocks.len()).map(|at| windows::Basis::of(&scene, at)).collect();
        scene
    }

    fn write(&self, at: usize, row: &mut impl Row) {
        shallow::write(self, at, &mut Family("block", row));
        evidence::write(self, at, &mut Family("rules", row));
        containers::write(self, at, &mut Family("containers", row));
        repetition::write(self, at, &mut Family("repetition", row));
        place::write(self, at, &mut Family("place", row));
        windows::write(self, at, &mut Family("neighbours", row));
        tokens::write(self, at, &mut Family("tokens", row));
        sections::write(self, at, &mut Family("sections", row));
        units::write(self, at, &mut Family("units", row));
        agreement::write(self, at, &mut Family("agreement", row));
        page::write(self, &mut Family("page", row));
    }
}

/// Regions in which long text is not a sign of the main part.
const ELSEWHERE: u32 = Region::NAV
    | Region::FOOTER
    | Region::RELATED
    | Region::CONSENT
    | Region::AD
    | Region::SHARE
    | Region::PROMO
    | Region::ASIDE
    | Region::MODAL
    | Region::COMMENTS
    | Region::HIDDEN;

/// Words of prose a block counts for: 0 where it is a label, a link list or in furniture.
fn prose_words(block: &Block) -> f32 {
    let long =
        block.words >= 15 || (block.words >= 7 && block.ends_sentence) || matches!(block.shape, Shape::Code);
    if !long || block.link_density > 0.4 || block.region.has(ELSEWHERE) {
        return 0.0;
    }
    let sure = if block.ends_sentence || block.sentences > 0 { 1.0 } else { 0.5 };
    block.words as f32 * sure * (1.0 - block.link_density)
}

/// Sums over the blocks, by which any element's totals are found.
struct Sums {
    /// How many blocks begin before each node, and before the end.
    before: Vec<u32>,
    words: PrefixSums,
    link_words: PrefixSums,
    prose: PrefixSums,
    sentences: PrefixSums,
    /// Words times their probability by the token tables alone.
    likely: PrefixSums,
}

impl Sums {
    fn new(blocks: &[Block], tree: Option<&Tree>, prose: &[f32], tokens: &tokens::Values) -> Self {
        let sums = |of: &dyn Fn(usize) -> f32| PrefixSums::new(blocks.len(), of);
        Self {
            before: tree.map(|tree| blocks_before(blocks, tree)).unwrap_or_default(),
            words: sums(&|at| blocks[at].words as f32),
            link_words: sums(&|at| blocks[at].words as f32 * blocks[at].link_density),
            prose: sums(&|at| prose[at]),
            sentences: sums(&|at| blocks[at].sentences as f32),
            likely: sums(&|at| blocks[at].words as f32 * tokens.likely(at)),
        }
    }

    /// The blocks below an element.
    fn blocks(&self, tree: &Tree, id: NodeId) -> Range<usize> {
        let range = tree.subtree(id);
        self.before[range.start] as usize..self.before[range.end] as usize
    }
}

/// For each node, and for the end, how many blocks begin before it.
fn blocks_before(blocks: &[Block], tree: &Tree) -> Vec<u32> {
    let mut count = 0;
    let before = (0..=tree.len()).map(|node| {
        count += blocks[count..].iter().take_while(|b| b.place.text_node < node).count();
        count as u32
    });
    before.collect()
}

/// Logarithm that maps 0 to 0.
fn log(x: f32) -> f32 {
    (1.0 + x.max(0.0)).ln()
}

fn is_heading(block: &Block) -> bool {
    matches!(block.shape, Shape::Heading(_))
}

/// The text of the page's `<title>`.
fn title_text(tree: &Tree) -> Option<String> {
    let limit = tree.len().min(4_000);
    (0..limit).find(|&n| tree.tag(n) == Some(Tag::Title)).map(|n| tree.inner_text(n))
}

#[cfg(test)]
mod tests;
