//! The folding both kinds of identity build on: NFKC, then lower case. Decides nothing about words.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// Gives `each` the characters of the text after NFKC and lower-casing.
pub(super) fn for_each_folded(text: &str, mut each: impl FnMut(char)) {
    let mut lower = |c: char| {
        if c.is_ascii() { each(c.to_ascii_lowercase()) } else { c.to_lowercase().for_each(&mut each) }
    };
    // Most text is in NFKC already, and asking is far cheaper than composing it again.
    if text.is_ascii() || is_nfkc_quick(text.chars()) == IsNormalized::Yes {
        text.chars().for_each(&mut lower);
    } else {
        text.nfkc().for_each(&mut lower);
    }
}

#[cfg(test)]
mod tests {
    use super::for_each_folded;
    use proptest::{arbitrary::any, prop_assert_eq, proptest};
    use unicode_normalization::UnicodeNormalization;

    proptest! {
        #[test]
        fn the_short_way_gives_what_the_long_way_gives(text in any::<String>()) {
            let mut folded = String::new();
            for_each_folded(&text, |c| folded.push(c));
            let long: String = text.nfkc().flat_map(char::to_lowercase).collect();
            prop_assert_eq!(folded, long);
        }
    }
}
