//! The neighbours: each of the three before and after, and means over wider windows.

use super::{Row, Scene, evidence, is_heading, log};

const FIELDS: usize = 7;
const NAMES: [&str; FIELDS] = ["words", "links", "ends", "heading", "prose", "cores", "rules"];

/// What is said of a neighbour.
pub struct Basis([f32; FIELDS]);

impl Basis {
    pub fn of(scene: &Scene<'_>, at: usize) -> Self {
        let b = &scene.blocks[at];
        Self([
            log(b.words as f32),
            b.link_density,
            f32::from(u8::from(b.ends_sentence)),
            f32::from(u8::from(is_heading(b))),
            log(scene.prose[at]),
            scene.containers.cores_of(scene.tree, b),
            evidence::strongest(scene, at),
        ])
    }
}

pub fn write(scene: &Scene<'_>, at: usize, row: &mut impl Row) {
    for offset in [-3isize, -2, -1, 1, 2, 3] {
        let near = at.checked_add_signed(offset).and_then(|n| scene.basis.get(n));
        for (field, name) in NAMES.iter().enumerate().take(5) {
            row.put(|| format!("near{offset:+} {name}"), near.map_or(-1.0, |b| b.0[field]));
        }
    }
    let own = scene.blocks[at].place.element;
    let same = |offset: isize| {
        let near = at.checked_add_signed(offset).and_then(|n| scene.blocks.get(n));
        near.is_some_and(|b| scene.tree.is_some_and(|t| t.parent(b.place.element) == t.parent(own)))
    };
    row.flag("parent shared -1", same(-1));
    row.flag("parent shared +1", same(1));
    for reach in [2usize, 5, 12] {
        let range = at.saturating_sub(reach)..(at + reach + 1).min(scene.basis.len());
        let size = range.len().max(1) as f32;
        let mut sums = [0.0; FIELDS];
        for b in &scene.basis[range] {
            sums.iter_mut().zip(b.0).for_each(|(s, v)| *s += v);
        }
        for (name, sum) in NAMES.iter().zip(sums) {
            row.put(|| format!("window{reach} {name}"), sum / size);
        }
    }
}
