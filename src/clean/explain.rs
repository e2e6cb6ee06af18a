//! Why a block was removed, in words.

use super::block::Block;
use super::weigh::reason;
use super::weigh::rules::Evidence;
use crate::record::Removed;

/// Every removed block with the strongest reason against it.
pub fn removed(blocks: &[Block], evidence: &[Evidence], kept: &[bool]) -> Vec<Removed> {
    (0..blocks.len())
        .filter(|&at| !kept[at])
        .map(|at| {
            let bytes = blocks[at].place.bytes.clone();
            Removed {
                reason: reason::against(&blocks[at], &evidence[at]).to_owned(),
                text: blocks[at].text.clone(),
                start: bytes.as_ref().map(|b| b.start),
                end: bytes.map(|b| b.end),
            }
        })
        .collect()
}
