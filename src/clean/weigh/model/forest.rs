//! Gradient-boosted trees and how a page's rows go through them. Knows no feature by name.
//!
//! No row walks down a tree, which would wait at every split for the memory of the next. Instead all splits are
//! asked, of many rows at once, and each that sends a row to the right strikes the leaves on its left: the first
//! leaf that is left over is the one a walk would have ended at (QuickScorer, Lucchese et al. 2015).

use crate::clean::model_file::{ModelError, Reader};
use crate::clean::weigh::features::Matrix;

/// Boosted trees: their sum is the log-odds.
#[derive(Debug)]
pub struct Forest {
    trees: Vec<Tree>,
}

#[derive(Debug)]
struct Tree {
    words: Vec<Word>,
}

/// A run of a tree's leaves, as many as a mask has bits, from left to right.
#[derive(Debug)]
struct Word {
    /// The splits that have one of these leaves on their left.
    splits: Vec<Split>,
    leaves: Vec<f32>,
}

#[derive(Debug, Clone, Copy)]
struct Split {
    feature: u16,
    /// A row goes left where its value is at most this.
    threshold: f32,
    /// Which leaves remain where it goes right.
    right: u32,
}

/// A split as the file has it: feature, threshold, left and right, where what is not a split is a leaf, counted on.
type Ask = (u16, f32, usize, usize);

/// So many rows are asked at once.
const LANES: usize = 16;

/// One feature of so many rows.
type Column = [f32; LANES];

impl Forest {
    /// How many trees there are.
    pub fn len(&self) -> usize {
        self.trees.len()
    }

    /// For each row, the probability that its block is main text.
    pub fn predict(&self, matrix: &Matrix) -> Vec<f32> {
        let rows: Vec<&[f32]> = matrix.rows().collect();
        let mut columns = vec![[0.0; LANES]; matrix.columns];
        let mut out = Vec::with_capacity(rows.len());
        for rows in rows.chunks(LANES) {
            for (lane, row) in rows.iter().enumerate() {
                columns.iter_mut().zip(*row).for_each(|(column, &value)| column[lane] = value);
            }
            let mut sums = [0.0f32; LANES];
            self.trees.iter().for_each(|tree| tree.add(&mut sums, &columns));
            out.extend(sums[..rows.len()].iter().map(|z| 1.0 / (1.0 + (-z).exp())));
        }
        out
    }

    /// Reads the trees; no split of them asks for a feature beyond `columns`.
    pub fn read(reader: &mut Reader<'_>, columns: usize) -> Result<Self, ModelError> {
        let count = reader.u32()?;
        Ok(Self { trees: (0..count).map(|_| Tree::read(reader, columns)).collect::<Result<_, _>>()? })
    }
}

impl Tree {
    /// Adds each row's leaf to its sum.
    fn add(&self, sums: &mut Column, columns: &[Column]) {
        let mut open = [true; LANES];
        for word in &self.words {
            let remaining = word.remaining(columns);
            for lane in 0..LANES {
                if open[lane] && remaining[lane] != 0 {
                    sums[lane] += word.leaves[remaining[lane].trailing_zeros() as usize];
                    open[lane] = false;
                }
            }
        }
    }

    fn read(reader: &mut Reader<'_>, columns: usize) -> Result<Self, ModelError> {
        let n = usize::from(reader.u16()?);
        let mut splits = Vec::with_capacity(n);
        // What points at each split, and at each leaf after them: everything is met once, but the root.
        let mut met = vec![false; 2 * n + 1];
        for at in 0..n {
            let (feature, threshold) = (reader.u16()?, reader.f32()?);
            let mut child = || -> Result<usize, ModelError> {
                let c = reader.i16()?;
                let to = if c >= 0 { c as usize } else { n + usize::from(!c as u16) };
                // A child comes after its parent, so that every walk ends.
                let fits = to > at && (c < 0 || to < n) && met.get(to) == Some(&false);
                if !fits {
                    return Err(ModelError::Malformed("a split points nowhere"));
                }
                met[to] = true;
                Ok(to)
            };
            let (left, right) = (child()?, child()?);
            if usize::from(feature) >= columns {
                return Err(ModelError::Malformed("a split asks for a feature that is not there"));
            }
            splits.push((feature, threshold, left, right));
        }
        let leaves = (0..=n).map(|_| reader.f32()).collect::<Result<Vec<_>, _>>()?;
        Ok(Self::new(&splits, &leaves))
    }

    fn new(splits: &[Ask], leaves: &[f32]) -> Self {
        let n = splits.len();
        // How many leaves hang under each node, and how many stand left of them.
        let mut under = vec![1usize; 2 * n + 1];
        for (at, &(_, _, left, right)) in splits.iter().enumerate().rev() {
            under[at] = under[left] + under[right];
        }
        let mut before = vec![0usize; 2 * n + 1];
        for (at, &(_, _, left, right)) in splits.iter().enumerate() {
            before[left] = before[at];
            before[right] = before[at] + under[left];
        }
        let mut ordered = vec![0.0; leaves.len()];
        for (leaf, &value) in leaves.iter().enumerate() {
            ordered[before[n + leaf]] = value;
        }
        let words = ordered.chunks(u32::BITS as usize).enumerate().map(|(nth, leaves)| {
            let from = nth * u32::BITS as usize;
            let splits = splits.iter().filter_map(|&(feature, threshold, left, _)| {
                let struck = before[left]..before[left] + under[left];
                let bits = (0..leaves.len()).filter(|bit| struck.contains(&(from + bit)));
                let right = bits.fold(u32::MAX, |mask, bit| mask & !(1 << bit));
                (right != u32::MAX).then_some(Split { feature, threshold, right })
            });
            Word { splits: splits.collect(), leaves: leaves.to_vec() }
        });
        Self { words: words.collect() }
    }
}

impl Word {
    /// For each row, which leaves no split has struck. Arithmetic on counted lanes becomes vector instructions,
    /// branches and iterators do not.
    #[allow(clippy::needless_range_loop)]
    fn remaining(&self, columns: &[Column]) -> [u32; LANES] {
        let mut remaining = [u32::MAX >> (u32::BITS as usize - self.leaves.len()); LANES];
        for split in &self.splits {
            let column = &columns[usize::from(split.feature)];
            for lane in 0..LANES {
                // All ones where the row goes left.
                let left = u32::from(column[lane] <= split.threshold).wrapping_neg();
                remaining[lane] &= left | split.right;
            }
        }
        remaining
    }
}

#[cfg(test)]
mod tests {
    use super::{Ask, Forest, Tree};
    use crate::clean::weigh::features::Matrix;
    use proptest::prelude::{Just, Strategy, any, prop_assert_eq, prop_oneof, proptest};

    /// Splits in an order in which children follow their parents, grown by opening the leaf that `which` picks.
    fn grown(which: &[(usize, u16, f32)]) -> (Vec<Ask>, Vec<f32>) {
        let n = which.len();
        let mut splits: Vec<Ask> = Vec::new();
        // Each open end: the split it hangs on, and whether on its left.
        let mut ends: Vec<Option<(usize, bool)>> = vec![None];
        for (at, &(pick, feature, threshold)) in which.iter().enumerate() {
            let end = ends.swap_remove(pick % ends.len());
            splits.push((feature, threshold, 0, 0));
            if let Some((parent, is_left)) = end {
                if is_left { splits[parent].2 = at } else { splits[parent].3 = at }
            }
            ends.extend([Some((at, true)), Some((at, false))]);
        }
        for (leaf, end) in ends.iter().enumerate() {
            if let Some((parent, is_left)) = *end {
                if is_left { splits[parent].2 = n + leaf } else { splits[parent].3 = n + leaf }
            }
        }
        (splits, (0..=n).map(|leaf| leaf as f32 + 0.5).collect())
    }

    fn walk(splits: &[Ask], leaves: &[f32], row: &[f32]) -> f32 {
        let mut at = 0;
        while let Some(&(feature, threshold, left, right)) = splits.get(at) {
            at = if row[usize::from(feature)] <= threshold { left } else { right };
        }
        leaves[at - splits.len()]
    }

    fn value() -> impl Strategy<Value = f32> {
        prop_oneof![9 => -2.0f32..2.0, 1 => Just(f32::NAN)]
    }

    proptest! {
        #[test]
        fn every_row_ends_at_the_leaf_that_a_walk_ends_at(
            which in proptest::collection::vec((any::<usize>(), 0u16..5, -2.0f32..2.0), 0..100),
            values in proptest::collection::vec(value(), 5 * 19),
        ) {
            let (splits, leaves) = grown(&which);
            let forest = Forest { trees: vec![Tree::new(&splits, &leaves)] };
            let matrix = Matrix { columns: 5, values };
            let expected: Vec<f32> =
                matrix.rows().map(|row| 1.0 / (1.0 + (-walk(&splits, &leaves, row)).exp())).collect();
            prop_assert_eq!(forest.predict(&matrix), expected);
        }
    }
}
