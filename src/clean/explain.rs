//! Why a block was removed, in words.

use super::block::Block;
use super::segment::{Cut, merge};
use super::weigh::reason;
use super::weigh::rules::Evidence;
use crate::record::Removed;
use std::collections::HashSet;

/// Every removed block with the strongest reason against it. `kept`: which blocks; `adorned`: which ornaments.
pub fn removed(cut: &Cut, evidence: &[Evidence], kept: &[bool], adorned: &[bool]) -> Vec<Removed> {
    let blocks = &cut.blocks;
    let said: HashSet<&str> =
        blocks.iter().zip(kept).filter_map(|(b, &k)| k.then_some(b.folded.as_str())).collect();
    let of_block = |block: &Block, at: usize| {
        let again = block.words >= 3 && said.contains(block.folded.as_str());
        let reason = if again { "repeats kept text" } else { reason::against(block, &evidence[at]) };
        (!kept[at]).then(|| entry(block, reason))
    };
    let of_ornament = |block: &Block, at: usize| {
        let reason = if cut.ornaments[at].machinery { "button" } else { "no letter or digit" };
        (!adorned[at] && !block.text.is_empty()).then(|| entry(block, reason))
    };
    merge(cut, of_block, of_ornament)
}

fn entry(block: &Block, reason: &str) -> Removed {
    let bytes = block.place.bytes.as_ref();
    Removed {
        reason: reason.to_owned(),
        text: block.text.clone(),
        start: bytes.map(|b| b.start),
        end: bytes.map(|b| b.end),
    }
}
