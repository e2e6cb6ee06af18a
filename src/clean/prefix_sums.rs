//! Running sums: what any run of blocks adds up to costs two lookups. Knows nothing of blocks.

use std::ops::Range;

/// The sums of the first 0, 1, 2 ... values.
#[derive(Debug, Default)]
pub struct PrefixSums(Vec<f32>);

impl PrefixSums {
    /// Over the values that `of` gives for 0 to `length`.
    pub fn new(length: usize, of: impl Fn(usize) -> f32) -> Self {
        let mut sum = 0.0;
        let sums = (0..length).map(|at| {
            sum += of(at);
            sum
        });
        Self(std::iter::once(0.0).chain(sums).collect())
    }

    /// The sum of the first `count` values.
    pub fn first(&self, count: usize) -> f32 {
        self.0[count]
    }

    /// The sum over a range of values.
    pub fn over(&self, range: &Range<usize>) -> f32 {
        self.0[range.end] - self.0[range.start]
    }

    /// The sum of all.
    pub fn total(&self) -> f32 {
        self.0.last().copied().unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::PrefixSums;

    #[test]
    fn any_range_adds_up() {
        let sums = PrefixSums::new(4, |at| at as f32);
        assert_eq!(
            (sums.over(&(1..3)), sums.over(&(2..2)), sums.first(3), sums.total()),
            (3.0, 0.0, 3.0, 6.0)
        );
        assert_eq!(PrefixSums::new(0, |_| 1.0).total(), 0.0);
    }
}
