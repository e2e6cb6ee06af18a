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
        // What says nothing is not written.
        let left: Vec<usize> =
            (0..kept.len()).filter(|&at| kept[at] && !blocks[at].text.is_empty()).collect();
        if left.is_empty() || !kept.contains(&false) {
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

#[cfg(test)]
mod tests {
    use super::{Options, settle, text, weigh};
    use crate::clean::repair::Repairs;

    const FILE: &str = "The ferry to Marsh Island runs again from Monday, the harbour office said on Friday. It had \
        lain at the quay since a storm in March broke its ramp.\n\nShare on Facebook\n\nAccept all cookies\n\nThe new \
        ramp was built in the yard across the bay, by eleven people in nine weeks. Passengers pay what they paid \
        before, and bicycles travel free until the autumn.\n\nTags: ferries\n";

    #[test]
    fn what_would_go_the_next_time_goes_at_once() {
        let blocks = text::read(FILE, Repairs::ALL, false).blocks;
        let mut weighed = weigh(&blocks, None, &[], None);
        // As if the first weighing had seen nothing but the last line.
        weighed.chances.fill(0.9);
        let mut kept = [true, true, true, true, false];
        settle(&blocks, &mut weighed, &mut kept, None, None, &Options::default());
        assert_eq!(kept, [true, false, false, true, false]);
        assert!(weighed.chances[1] < 0.5 && weighed.chances[2] < 0.5, "{:?}", weighed.chances);
        // Where nothing went, nothing is weighed again; and the title stays, whatever it is.
        let mut whole = [true; 5];
        settle(&blocks, &mut weighed, &mut whole, None, None, &Options::default());
        assert_eq!(whole, [true; 5]);
        let mut titled = [true, true, true, true, false];
        settle(&blocks, &mut weighed, &mut titled, Some(1), None, &Options::default());
        assert_eq!(titled, [true, true, false, true, false]);
    }
}
