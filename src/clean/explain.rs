//! Why a block was removed, in words.

use super::block::Block;
use super::weigh::reason;
use super::weigh::rules::Evidence;
use crate::record::Removed;
use std::collections::HashSet;

/// Every removed block with the strongest reason against it.
pub fn removed(blocks: &[Block], evidence: &[Evidence], kept: &[bool]) -> Vec<Removed> {
    let said: HashSet<&str> =
        blocks.iter().zip(kept).filter_map(|(b, &k)| k.then_some(b.folded.as_str())).collect();
    (0..blocks.len())
        .filter(|&at| !kept[at])
        .map(|at| {
            let again = blocks[at].words >= 3 && said.contains(blocks[at].folded.as_str());
            let bytes = blocks[at].place.bytes.clone();
            Removed {
                reason: if again { "repeats kept text" } else { reason::against(&blocks[at], &evidence[at]) }
                    .to_owned(),
                text: blocks[at].text.clone(),
                start: bytes.as_ref().map(|b| b.start),
                end: bytes.map(|b| b.end),
            }
        })
        .collect()
}
