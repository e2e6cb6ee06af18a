//! Who speaks to whom: shares of the words for us, you, me and others in a page's sentences.

use super::shape::is_prose;
use crate::clean::block::{Block, Region};
use crate::clean::fold::is_unspaced;
use crate::clean::quick::Map;
use crate::clean::weigh::features::Row;
use serde::Deserialize;
use std::sync::LazyLock;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Table {
    we: Vec<String>,
    you: Vec<String>,
    me: Vec<String>,
    others: Vec<String>,
    we_unspaced: Vec<String>,
    you_unspaced: Vec<String>,
    me_unspaced: Vec<String>,
    others_unspaced: Vec<String>,
}

fn read() -> Result<Table, toml::de::Error> {
    toml::from_str(include_str!("../words/persons.toml"))
}

struct Words {
    whole: Map<String, usize>,
    inside: Vec<(String, usize)>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    // A table that does not parse is a defect of the build; the test names it.
    let table = read().unwrap_or_default();
    let numbered = |lists: [Vec<String>; 4]| {
        lists.into_iter().enumerate().flat_map(|(n, list)| list.into_iter().map(move |word| (word, n)))
    };
    Words {
        whole: numbered([table.we, table.you, table.me, table.others]).collect(),
        inside: numbered([table.we_unspaced, table.you_unspaced, table.me_unspaced, table.others_unspaced])
            .collect(),
    }
});

/// Where the page's own text is: comments may speak otherwise.
const ELSEWHERE: u32 = Region::NAV | Region::FOOTER | Region::CONSENT;

/// Most blocks that are read.
const BLOCKS: usize = 400;

pub fn write(blocks: &[Block], row: &mut impl Row) {
    let mut said = [[0usize; 4]; 2];
    let mut words = [0usize; 2];
    for block in blocks.iter().filter(|b| b.words >= 4 && !b.region.has(ELSEWHERE)).take(BLOCKS) {
        // Sentences apart from headings and slogans.
        let sort = usize::from(!is_prose(block));
        for word in block.folded.split(' ') {
            if word.chars().next().is_some_and(is_unspaced) {
                words[sort] += word.chars().count().div_ceil(2);
                for (phrase, who) in &WORDS.inside {
                    said[sort][*who] += word.matches(phrase.as_str()).count();
                }
            } else {
                words[sort] += 1;
                if let Some(&who) = WORDS.whole.get(word) {
                    said[sort][who] += 1;
                }
            }
        }
    }
    for (sort, where_from) in ["prose", "lines"].iter().enumerate() {
        for (who, name) in ["we", "you", "me", "others"].iter().enumerate() {
            row.put(
                || format!("{where_from} says {name}"),
                said[sort][who] as f32 * 100.0 / words[sort].max(1) as f32,
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::clean::fold::fold;

    #[test]
    fn the_table_parses_and_its_words_are_folded() {
        let table = read().expect("the persons parse");
        for list in [&table.we, &table.you, &table.me, &table.others] {
            assert!(list.len() > 30);
            for word in list {
                assert_eq!(&fold(word), word);
            }
        }
    }
}
