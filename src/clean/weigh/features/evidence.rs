//! What the named rules say of the block and of its neighbours.

use super::{Row, Scene};
use crate::clean::weigh::rules::RULES;
use std::sync::LazyLock;

/// How far a heading such as "Related articles" reaches, in blocks.
const REACH: usize = 30;

/// Rules whose headings reach that far, and their indices.
const HEADINGS: [&str; 3] = ["related", "comments", "most-read"];
static HEADING_RULES: LazyLock<[usize; 3]> =
    LazyLock::new(|| HEADINGS.map(|name| RULES.iter().position(|r| r.name == name).unwrap_or(RULES.len())));

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
    for (name, &rule) in HEADINGS.iter().zip(&*HEADING_RULES) {
        let since = (0..REACH.min(at + 1)).find(|&back| strength(scene, at - back, rule) >= 0.5);
        row.put(|| format!("since {name}"), since.map_or(REACH as f32, |s| s as f32));
    }
}

fn strength(scene: &Scene<'_>, at: usize, rule: usize) -> f32 {
    scene.evidence[at].iter().find(|&&(r, _)| r == rule).map_or(0.0, |&(_, s)| s)
}

pub fn strongest(scene: &Scene<'_>, at: usize) -> f32 {
    scene.evidence[at].iter().map(|&(_, s)| s).fold(0.0, f32::max)
}
