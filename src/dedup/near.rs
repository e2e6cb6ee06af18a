//! Near identity: word 5-grams, MinHash signatures in 16 bands of 8 rows, exact resemblance.
//!
//! A signature only proposes pairs; whether two texts are nearly the same is always decided by
//! `Shingles::jaccard` on the texts themselves. Chance that a pair is proposed at Jaccard
//! 0.5 / 0.7 / 0.8 / 0.9: 0.06 / 0.61 / 0.95 / 1.0 (Broder 1997; Leskovec, Rajaraman and Ullman,
//! *Mining of Massive Datasets*, ch. 3). It knows no store and no threshold but those named here.

use super::fold::for_each_folded;
use unicode_normalization::char::is_combining_mark;
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

/// Version of tokens, shingles, permutations and bands; stores remember the one they were made with.
pub const NEAR_VERSION: u32 = 1;
/// Tokens in a shingle.
pub const SHINGLE: usize = 5;
/// Minima in a signature.
pub const MINIMA: usize = 128;
/// Bands in a signature.
pub const BANDS: usize = 16;
/// Minima in a band.
pub const ROWS: usize = MINIMA / BANDS;
/// Documents with fewer words are compared exactly only; two characters of a script written
/// without spaces count as a word.
pub const MIN_WORDS: usize = 50;
/// Jaccard from which two texts are near duplicates.
pub const NEAR_JACCARD: f64 = 0.80;
/// Share of the smaller text's shingles from which the larger contains it.
pub const CONTAINED: f64 = 0.90;

/// The set of a text's shingles, as sorted hashes, and its length in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shingles {
    hashes: Vec<u64>,
    words: usize,
}

impl Shingles {
    /// Cuts a text into shingles of [`SHINGLE`] tokens. A token is a run of letters, marks and digits,
    /// lower-cased after NFKC, or one character of a script written without spaces. A text of
    /// fewer tokens is one shingle.
    pub fn of(text: &str) -> Shingles {
        let Tokens { hashes: tokens, half_words } = Tokens::of(text);
        let mut bytes = [0u8; 8 * SHINGLE];
        let mut hash_of = |window: &[u64]| {
            for (slot, token) in bytes.chunks_exact_mut(8).zip(window) {
                slot.copy_from_slice(&token.to_le_bytes());
            }
            xxh3_64(&bytes[..8 * window.len()])
        };
        let mut hashes: Vec<u64> = if tokens.is_empty() {
            Vec::new()
        } else if tokens.len() < SHINGLE {
            vec![hash_of(&tokens)]
        } else {
            tokens.windows(SHINGLE).map(hash_of).collect()
        };
        hashes.sort_unstable();
        hashes.dedup();
        Shingles { hashes, words: half_words / 2 }
    }

    /// Length of the text in words.
    pub fn words(&self) -> usize {
        self.words
    }

    /// Number of distinct shingles.
    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    /// Whether the text has no word at all.
    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// Shared shingles over all shingles, 0 to 1; 0 for two empty texts.
    pub fn jaccard(&self, other: &Shingles) -> f64 {
        let shared = self.shared(other);
        ratio(shared, self.len() + other.len() - shared)
    }

    /// Shared shingles over those of the smaller text, 0 to 1; 0 where one is empty.
    pub fn containment(&self, other: &Shingles) -> f64 {
        ratio(self.shared(other), self.len().min(other.len()))
    }

    /// The signature, or `None` for a text of fewer than [`MIN_WORDS`] words.
    pub fn signature(&self) -> Option<Signature> {
        (self.words >= MIN_WORDS).then(|| Signature::of(&self.hashes))
    }

    fn shared(&self, other: &Shingles) -> usize {
        let (mut a, mut b, mut shared) = (0, 0, 0);
        while let (Some(x), Some(y)) = (self.hashes.get(a), other.hashes.get(b)) {
            a += usize::from(x <= y);
            b += usize::from(y <= x);
            shared += usize::from(x == y);
        }
        shared
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// The minimum of each of [`MINIMA`] pseudo-random orders over a text's shingles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    minima: [u32; MINIMA],
}

impl Signature {
    fn of(hashes: &[u64]) -> Signature {
        let mut minima = [u32::MAX; MINIMA];
        for (&(factor, term), minimum) in ORDERS.iter().zip(minima.iter_mut()) {
            for &hash in hashes {
                let rank = (hash.wrapping_mul(factor).wrapping_add(term) >> 32) as u32;
                *minimum = rank.min(*minimum);
            }
        }
        Signature { minima }
    }

    /// One key per band; two texts are proposed as a pair when they share a key. The band's number
    /// is part of its key, so one table holds all bands.
    pub fn bands(&self) -> [u64; BANDS] {
        let mut keys = [0; BANDS];
        for (band, (key, rows)) in keys.iter_mut().zip(self.minima.chunks_exact(ROWS)).enumerate() {
            let mut bytes = [0u8; 4 * ROWS];
            for (slot, minimum) in bytes.chunks_exact_mut(4).zip(rows) {
                slot.copy_from_slice(&minimum.to_le_bytes());
            }
            *key = xxh3_64_with_seed(&bytes, band as u64);
        }
        keys
    }

    /// Estimated Jaccard: the share of equal minima.
    pub fn resemblance(&self, other: &Signature) -> f64 {
        let equal = self.minima.iter().zip(&other.minima).filter(|(a, b)| a == b).count();
        ratio(equal, MINIMA)
    }
}

/// Multiply-shift orders; factors are odd. Fixed for ever: they are part of [`NEAR_VERSION`].
const ORDERS: [(u64, u64); MINIMA] = {
    let mut orders = [(0, 0); MINIMA];
    let mut i = 0;
    while i < MINIMA {
        orders[i] = (splitmix(2 * i as u64) | 1, splitmix(2 * i as u64 + 1));
        i += 1;
    }
    orders
};

/// SplitMix64 (Steele, Lea and Flood 2014): spreads a counter over all bits.
const fn splitmix(counter: u64) -> u64 {
    let z = counter.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

struct Tokens {
    hashes: Vec<u64>,
    half_words: usize,
}

impl Tokens {
    fn of(text: &str) -> Tokens {
        let mut tokens = Tokens { hashes: Vec::new(), half_words: 0 };
        let mut word = String::new();
        for_each_folded(text, |c| {
            if is_unspaced(c) {
                tokens.finish(&mut word);
                tokens.hashes.push(xxh3_64(c.encode_utf8(&mut [0; 4]).as_bytes()));
                tokens.half_words += 1;
            } else if c.is_alphanumeric() || (is_combining_mark(c) && !word.is_empty()) {
                word.push(c);
            } else {
                tokens.finish(&mut word);
            }
        });
        tokens.finish(&mut word);
        tokens
    }

    fn finish(&mut self, word: &mut String) {
        if !word.is_empty() {
            self.hashes.push(xxh3_64(word.as_bytes()));
            self.half_words += 2;
            word.clear();
        }
    }
}

/// Letters of Thai, Lao, Tibetan, Myanmar, Khmer, kana and Han: no spaces between words.
pub(super) fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{0e01}'..='\u{0e4e}' | '\u{0e80}'..='\u{0eff}' | '\u{0f40}'..='\u{0fbc}'
        | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17d3}'
        | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | '\u{30fc}'
        | '\u{3005}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
        && (c.is_alphanumeric() || is_combining_mark(c))
}

#[cfg(test)]
mod tests {
    use super::{BANDS, MIN_WORDS, SHINGLE, Shingles};
    use proptest::{arbitrary::any, prop_assert, proptest};

    /// Numbered words from..to, so that the Jaccard of two such texts is known.
    fn words(range: std::ops::Range<usize>) -> String {
        range.map(|i| format!("word{i} ")).collect()
    }

    #[test]
    fn resemblance_is_what_can_be_counted_by_hand() {
        let (a, b) = (Shingles::of(&words(0..104)), Shingles::of(&words(0..84)));
        assert_eq!((a.len(), b.len(), a.words()), (100, 80, 104));
        assert!((a.jaccard(&b) - 0.8).abs() < 1e-12);
        assert!((a.containment(&b) - 1.0).abs() < 1e-12);
        let none = Shingles::of("...");
        assert!(none.is_empty());
        assert!(none.jaccard(&none).abs() < 1e-12 && a.containment(&none).abs() < 1e-12);
    }

    #[test]
    fn case_punctuation_and_space_do_not_count_but_digits_do() {
        let a = Shingles::of("The price, on 3 May, was \u{201c}fair\u{201d}.");
        assert_eq!(a, Shingles::of("the PRICE on 3 may\n\nwas fair"));
        assert!(a.jaccard(&Shingles::of("the price on 4 may was fair")) < 1.0);
        assert_eq!(Shingles::of("cafe\u{301}"), Shingles::of("caf\u{e9}"));
    }

    #[test]
    fn scripts_without_spaces_are_cut_by_character() {
        let a = Shingles::of("我们今天去看电影");
        assert_eq!((a.len(), a.words()), (8 - SHINGLE + 1, 4));
        let long: String = ('\u{4e00}'..'\u{4e64}').collect();
        assert!(Shingles::of(&long).signature().is_some());
        // Marks belong to the word they stand on.
        assert_eq!(Shingles::of("हिन्दी में").words(), 2);
        assert_eq!(Shingles::of("한국어 문서").words(), 2);
    }

    #[test]
    fn short_documents_have_no_signature() {
        assert!(Shingles::of(&words(0..MIN_WORDS - 1)).signature().is_none());
        assert!(Shingles::of(&words(0..MIN_WORDS)).signature().is_some());
    }

    #[test]
    fn the_estimate_follows_the_truth_and_bands_find_near_pairs() {
        let mut proposed = [0, 0];
        for n in 0..60 {
            let base = n * 10_000;
            let a = Shingles::of(&words(base..base + 404));
            for (kind, length) in [(0, 364), (1, 204)] {
                let b = Shingles::of(&words(base..base + length));
                let (Some(sa), Some(sb)) = (a.signature(), b.signature()) else {
                    panic!("long texts have signatures");
                };
                assert!((sa.resemblance(&sb) - a.jaccard(&b)).abs() < 0.2);
                let shared = sa.bands().iter().zip(&sb.bands()).any(|(x, y)| x == y);
                proposed[kind] += usize::from(shared);
            }
        }
        // Expected: 60 of 60 at Jaccard 0.9, 3.6 of 60 at 0.5.
        assert!(proposed[0] >= 59, "{proposed:?}");
        assert!(proposed[1] <= 12, "{proposed:?}");
    }

    #[test]
    fn keys_never_change_within_a_version() {
        let keys = Shingles::of(&words(0..60)).signature().map(|s| s.bands());
        let keys = keys.unwrap_or([0; BANDS]);
        assert_eq!((keys[0], keys[15]), (14_607_103_830_377_583_544, 12_757_431_046_338_003_786));
    }

    proptest! {
        #[test]
        fn any_text_resembles_itself_wholly(text in any::<String>()) {
            let a = Shingles::of(&text);
            prop_assert!(a.is_empty() || (a.jaccard(&a) - 1.0).abs() < 1e-12);
            prop_assert!(a.is_empty() || (a.containment(&a) - 1.0).abs() < 1e-12);
        }

        #[test]
        fn resemblance_is_symmetric(a in "[ab ]{0,40}", b in "[ab ]{0,40}") {
            let (a, b) = (Shingles::of(&a), Shingles::of(&b));
            prop_assert!((a.jaccard(&b) - b.jaccard(&a)).abs() < 1e-12);
            prop_assert!(a.jaccard(&b) <= a.containment(&b) + 1e-12);
        }
    }
}
