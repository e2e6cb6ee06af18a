//! What the page says of itself (structured data, description, address), and how far a block agrees with
//! it; how many of a block's words other blocks use too.

use super::{Row, Scene};
use crate::clean::block::Block;
use crate::clean::fold::fold;
use crate::clean::parse::{Attribute, Tag, Tree};
use crate::clean::quick::{Map, Set};
use url::Url;
use xxhash_rust::xxh3::xxh3_64;

/// Words of a structured body that are looked at, and of its runs.
const BODY_WORDS: usize = 20_000;
const RUN: usize = 3;

/// Words of a block that are looked at.
const WORDS: usize = 60;

#[derive(Default)]
pub struct Agreement {
    has_body: bool,
    has_description: bool,
    /// For each block: share of its runs of words in the structured body; of its words in the description,
    /// of the description's words in it; of its words in the address; of its words in other prose. -1: no body, address or
    /// long word to look for.
    rows: Vec<[f32; 5]>,
}

impl Agreement {
    pub fn new(blocks: &[Block], tree: Option<&Tree>, url: Option<&Url>, prose: &[f32]) -> Self {
        let body = tree.map(bodies).unwrap_or_default();
        let runs = runs_of(&body);
        let description = tree.and_then(description).unwrap_or_default();
        let said: Set<&str> = description.split(' ').filter(is_long).collect();
        let address =
            url.map(|u| fold(&u.path().replace(['-', '_', '/', '.', '+'], " "))).unwrap_or_default();
        let slug: Set<&str> = address.split(' ').filter(is_long).collect();
        let spread = spread(blocks, prose);
        let mut long: Vec<&str> = Vec::with_capacity(WORDS);
        let rows = blocks
            .iter()
            .map(|b| {
                long.clear();
                long.extend(b.folded.split(' ').take(WORDS).filter(is_long));
                long.sort_unstable();
                long.dedup();
                let share = |n: usize, of: usize| if of == 0 { 0.0 } else { n as f32 / of as f32 };
                let met = long.iter().filter(|w| said.contains(*w)).count();
                let in_slug = long.iter().filter(|w| slug.contains(*w)).count();
                let elsewhere = long.iter().filter(|w| spread.get(**w).is_some_and(|&n| n >= 2)).count();
                let (mut found, mut all) = (0, 0);
                if !runs.is_empty() {
                    for run in units(&b.folded, WORDS * 2).windows(RUN) {
                        all += 1;
                        found += usize::from(runs.contains(&hash(run)));
                    }
                }
                [
                    if all == 0 { -1.0 } else { share(found, all) },
                    share(met, long.len()),
                    share(met, said.len()),
                    if url.is_none() { -1.0 } else { share(in_slug, long.len()) },
                    if long.is_empty() { -1.0 } else { share(elsewhere, long.len()) },
                ]
            })
            .collect();
        Self { has_body: !runs.is_empty(), has_description: !said.is_empty(), rows }
    }
}

/// Is a word long enough to mean something? Two characters do where a script writes without spaces.
fn is_long(word: &&str) -> bool {
    word.len() > 4
}

/// Words; characters where a script writes without spaces.
fn units(text: &str, most: usize) -> Vec<&str> {
    let mut out = Vec::new();
    for word in text.split(' ') {
        if word.chars().next().is_some_and(crate::clean::fold::is_unspaced) {
            out.extend(word.char_indices().map(|(at, c)| &word[at..at + c.len_utf8()]).take(most));
        } else {
            out.push(word);
        }
        if out.len() >= most {
            break;
        }
    }
    out
}

fn hash(run: &[&str]) -> u64 {
    run.iter().fold(0, |h: u64, w| h.rotate_left(17) ^ xxh3_64(w.as_bytes()))
}

fn runs_of(body: &str) -> Set<u64> {
    units(body, BODY_WORDS).windows(RUN).map(hash).collect()
}

/// The texts of `articleBody` and kin in the page's JSON-LD, folded.
fn bodies(tree: &Tree) -> String {
    let mut out = String::new();
    for id in 0..tree.len() {
        if tree.tag(id) != Some(Tag::Script) {
            continue;
        }
        let Some(json) = (id + 1 < tree.len()).then(|| tree.text(id + 1)).flatten() else { continue };
        for name in ["\"articleBody\"", "\"reviewBody\"", "\"recipeInstructions\""] {
            for (at, _) in json.match_indices(name).take(20) {
                let rest = json[at + name.len()..].trim_start_matches([' ', '\n', '\t', '\r', ':']);
                let mut values = serde_json::Deserializer::from_str(rest).into_iter::<String>();
                if let Some(Ok(text)) = values.next() {
                    fold_all(&text, &mut out);
                }
            }
        }
    }
    out
}

/// [`fold`] looks at the beginning of a text only; this at all of it, piece by piece.
fn fold_all(text: &str, out: &mut String) {
    let mut rest = text;
    while !rest.is_empty() && out.len() < 8 * BODY_WORDS {
        let mut end = rest.len().min(400);
        while end < rest.len() && !(rest.is_char_boundary(end) && rest[..end].ends_with(' ')) && end < 590 {
            end += 1;
        }
        while !rest.is_char_boundary(end) {
            end += 1;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&fold(&rest[..end]));
        rest = &rest[end..];
    }
}

/// The page's own description, folded.
fn description(tree: &Tree) -> Option<String> {
    let named = |id: usize| {
        [Attribute::Name, Attribute::Property]
            .iter()
            .filter_map(|&a| tree.attribute(id, a))
            .any(|n| matches!(n, "description" | "og:description" | "twitter:description" | "Description"))
    };
    (0..tree.len().min(4_000))
        .filter(|&id| tree.tag(id) == Some(Tag::Meta) && named(id))
        .filter_map(|id| tree.attribute(id, Attribute::Content))
        .map(fold)
        .max_by_key(String::len)
}

/// In how many prose blocks each longer word stands.
fn spread<'a>(blocks: &'a [Block], prose: &[f32]) -> Map<&'a str, u32> {
    let mut seen: Map<&str, (u32, usize)> = Map::default();
    for (at, b) in blocks.iter().enumerate().filter(|&(at, _)| prose[at] > 0.0) {
        for w in b.folded.split(' ').filter(is_long).take(WORDS) {
            let entry = seen.entry(w).or_insert((0, usize::MAX));
            if entry.1 != at {
                *entry = (entry.0 + 1, at);
            }
        }
    }
    seen.into_iter().map(|(w, (n, _))| (w, n)).collect()
}

pub fn write(scene: &Scene<'_>, at: usize, row: &mut impl Row) {
    let a = &scene.agreement;
    let [body, said, says, slug, elsewhere] = a.rows.get(at).copied().unwrap_or_default();
    row.flag("page has body data", a.has_body);
    row.flag("page has description", a.has_description);
    row.add("in body data", body);
    row.add("words in description", said);
    row.add("description in words", says);
    row.add("words in address", slug);
    row.add("words elsewhere", elsewhere);
}
