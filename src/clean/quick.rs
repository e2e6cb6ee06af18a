//! Maps and sets whose hash is fast and the same on every run. Knows nothing of what is kept in them. It is no
//! guard against somebody who picks keys that collide: what is kept is bounded by one page.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use xxhash_rust::xxh3::xxh3_64_with_seed;

pub type Map<K, V> = HashMap<K, V, BuildHasherDefault<Quick>>;
pub type Set<K> = HashSet<K, BuildHasherDefault<Quick>>;

/// Texts in one go, numbers by one multiplication: a hasher that buffers would copy more than it hashes.
#[derive(Debug, Default)]
pub struct Quick(u64);

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = xxh3_64_with_seed(bytes, self.0);
    }

    fn write_u8(&mut self, n: u8) {
        self.write_u64(u64::from(n));
    }

    fn write_u32(&mut self, n: u32) {
        self.write_u64(u64::from(n));
    }

    fn write_u64(&mut self, n: u64) {
        // Odd numbers without a pattern; both halves of the product depend on every bit of either factor.
        let product = u128::from(self.0 ^ n ^ 0x9e37_79b9_7f4a_7c15) * u128::from(0xd6e8_feb8_6659_fd93_u64);
        self.0 = product as u64 ^ (product >> 64) as u64;
    }

    fn write_usize(&mut self, n: usize) {
        self.write_u64(n as u64);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::{Quick, Set};
    use std::hash::{Hash, Hasher};

    #[test]
    fn hashes_of_small_numbers_are_spread_over_all_bits() {
        let hash = |n: (u32, u32)| {
            let mut hasher = Quick::default();
            n.hash(&mut hasher);
            hasher.finish()
        };
        let all: Vec<u64> = (0..100).flat_map(|a| (0..100).map(move |b| hash((a, b)))).collect();
        assert_eq!(all.iter().collect::<Set<_>>().len(), all.len());
        for bit in 0..64 {
            let ones = all.iter().filter(|h| *h >> bit & 1 == 1).count();
            assert!((4_500..5_500).contains(&ones), "bit {bit}: {ones}");
        }
    }
}
