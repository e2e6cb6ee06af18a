//! What is kept of a text file is a text file again: it is weighed once more, and what would not be kept of it goes
//! at once, so that cleaning twice is cleaning once. Knows no rule and no place in a page.

use super::block::Block;
use super::choose::{choose, keep_title};
use super::weigh::{Weighed, weigh};
use super::{Options, assemble, text};
use crate::dedup::exact::normalise;
use url::Url;

/// At most so often is what is left weighed again: until nothing goes.
const ROUNDS: usize = 4;

/// Drops from `kept`, and lowers the chances of, what would go if the text were cleaned again. `title`: the block that
/// stays for being the title.
pub fn settle(
    blocks: &[Block],
    weighed: &mut Weighed,
    kept: &mut [bool],
    title: Option<usize>,
    url: Option<&Url>,
    options: &Options,
) {
    for _ in 0..ROUNDS {
        let left: Vec<usize> = (0..kept.len()).filter(|&at| kept[at]).collect();
        if left.is_empty() || left.len() == kept.len() {
            return;
        }
        let main: Vec<&Block> = left.iter().map(|&at| &blocks[at]).collect();
        let written = normalise(&assemble::text(&main));
        let again = text::read(&written, options.repairs, false).blocks;
        // Lines that are cut in another way now are nobody's.
        if again.len() != left.len() {
            return;
        }
        let said = weigh(&again, None, &[], url);
        let mut stays = choose(&again, &said, options.focus);
        keep_title(&again, &mut stays, title.and_then(|title| left.iter().position(|&at| at == title)));
        if !stays.contains(&true) || !stays.contains(&false) {
            return;
        }
        for ((at, stays), chance) in left.into_iter().zip(stays).zip(said.chances) {
            if !stays {
                kept[at] = false;
                weighed.chances[at] = weighed.chances[at].min(chance);
            }
        }
    }
}
