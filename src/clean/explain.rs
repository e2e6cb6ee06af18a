//! Why a block was removed, in words.

use super::block::Block;
use super::weigh::Weight;
use super::weigh::rules::{Evidence, RULES};
use crate::record::Removed;

/// Every removed block with the strongest reason against it: a named rule where one spoke, else what the
/// structure says.
pub fn removed(blocks: &[Block], weights: &[Weight], evidence: &[Evidence], kept: &[bool]) -> Vec<Removed> {
    (0..blocks.len())
        .filter(|&at| !kept[at])
        .map(|at| {
            let rule =
                evidence[at].iter().copied().filter(|&(_, s)| s >= 0.5).max_by(|a, b| a.1.total_cmp(&b.1));
            let reason = rule.map_or(weights[at].against, |(rule, _)| RULES[rule].name);
            let bytes = blocks[at].place.bytes.clone();
            Removed {
                reason: reason.to_owned(),
                text: blocks[at].text.clone(),
                start: bytes.as_ref().map(|b| b.start),
                end: bytes.map(|b| b.end),
            }
        })
        .collect()
}
