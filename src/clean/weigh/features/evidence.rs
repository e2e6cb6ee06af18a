//! What the named rules say of the block and of its neighbours.

use super::{Row, Scene};
use crate::clean::weigh::rules::RULES;

/// How far a heading such as "Related articles" reaches, in blocks.
const REACH: usize = 30;

pub fn write(scene: &Scene<'_>, at: usize, row: &mut impl Row) {
    for (index, rule) in RULES.iter().enumerate() {
        row.put(|| format!("rule {}", rule.name), strength(scene, at, index));
    }
    row.add("rule max", strongest(scene, at));
    for offset in [-2isize, -1, 1, 2] {
        let near = at.checked_add_signed(offset).filter(|&n| n < scene.blocks.len());
        row.put(|| format!("rule max {offset:+}"), near.map_or(0.0, |n| strongest(scene, n)));
    }
    let around = at.saturating_sub(5)..(at + 6).min(scene.blocks.len());
    let size = around.len().max(1) as f32;
    row.add("rules around", around.map(|n| strongest(scene, n)).sum::<f32>() / size);
    for (name, rule) in [("related", "related"), ("comments", "comments"), ("most-read", "most-read")] {
        let since = (0..REACH.min(at + 1))
            .find(|&back| scene.evidence[at - back].iter().any(|&(r, s)| s >= 0.5 && RULES[r].name == rule));
        row.put(|| format!("since {name}"), since.map_or(REACH as f32, |s| s as f32));
    }
}

fn strength(scene: &Scene<'_>, at: usize, rule: usize) -> f32 {
    scene.evidence[at].iter().find(|&&(r, _)| r == rule).map_or(0.0, |&(_, s)| s)
}

pub fn strongest(scene: &Scene<'_>, at: usize) -> f32 {
    scene.evidence[at].iter().map(|&(_, s)| s).fold(0.0, f32::max)
}
