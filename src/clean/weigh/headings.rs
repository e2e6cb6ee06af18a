//! Headings that head prose: one block is too short to tell, what stands above and below it does.

use super::rules::{Evidence, is_accused};
use crate::clean::block::{Block, Shape};

/// Shortest prose, in words, and how likely it has to be main text.
const PROSE: usize = 15;
const LIKELY: f32 = 0.8;

/// How likely a heading is main text that nothing speaks against, between two such blocks: the share of the labelled
/// HTML pages' headings that are, where the second pass, out-of-fold, says .2 to .6. Less likely ones are rare.
const BETWEEN: f32 = 0.85;
const DOUBTED: f32 = 0.1;

/// Lifts the chances of headings between two blocks of likely prose.
pub fn lift(blocks: &[Block], evidence: &[Evidence], chances: &mut [f32]) {
    let is_prose: Vec<bool> =
        blocks.iter().zip(&*chances).map(|(b, c)| b.words >= PROSE && *c >= LIKELY).collect();
    for at in 1..blocks.len().saturating_sub(1) {
        let heads = matches!(blocks[at].shape, Shape::Heading(_)) && is_prose[at - 1] && is_prose[at + 1];
        if heads && chances[at] > DOUBTED && !is_accused(&evidence[at]) {
            chances[at] = chances[at].max(BETWEEN);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BETWEEN, lift};
    use crate::clean::block::{Block, Region, Shape};

    #[test]
    fn a_heading_between_likely_prose_is_likely() {
        let block = |text: &str, shape| Block::new(text.to_owned(), shape, Region::default(), 0);
        let prose = "The ferry to Marsh Island runs again from Monday, the harbour office said on Friday in the town hall.";
        let (prose, heading) = (block(prose, Shape::Paragraph), block("What now?", Shape::Heading(2)));
        let page = [prose.clone(), heading, prose.clone(), block("What now?", Shape::Paragraph), prose];
        let lifted = |chances: [f32; 5], accusation: f32| {
            let mut evidence = vec![Vec::new(); 5];
            evidence[1].push((0, accusation));
            let mut after = chances;
            lift(&page, &evidence, &mut after);
            after
        };
        let likely = [0.9, 0.4, 0.95, 0.4, 0.9];
        assert_eq!(lifted(likely, 0.1), [0.9, BETWEEN, 0.95, 0.4, 0.9]);
        for (chances, accusation) in [
            (likely, 0.9),
            ([0.9, 0.05, 0.95, 0.4, 0.9], 0.0),
            ([0.7, 0.4, 0.95, 0.4, 0.9], 0.0),
            ([0.9, 0.4, 0.5, 0.4, 0.9], 0.0),
            ([0.9, 0.97, 0.95, 0.4, 0.9], 0.0),
        ] {
            assert_eq!(lifted(chances, accusation), chances);
        }
        lift(&[], &[], &mut []);
    }
}
