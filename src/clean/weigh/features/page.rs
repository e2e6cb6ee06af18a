//! The page as a whole: what kind of page it looks like.

use super::{Row, Scene, is_heading, log};
use crate::clean::block::Block;
use crate::clean::parse::{Attribute, Tag, Tree};
use url::Url;

#[derive(Default)]
pub struct Facts {
    blocks: f32,
    words: f32,
    prose_share: f32,
    links: f32,
    longest: f32,
    headings: f32,
    mean_words: f32,
    terminated: f32,
    items: f32,
    prices: f32,
    dates: f32,
    tags: [f32; 8],
    types: [f32; 7],
    url_depth: f32,
    url_digits: f32,
    url_words: f32,
    unspaced: f32,
}

const TAGS: [(&str, Tag); 8] = [
    ("articles", Tag::Article),
    ("buttons", Tag::Button),
    ("forms", Tag::Form),
    ("tables", Tag::Table),
    ("images", Tag::Img),
    ("times", Tag::Time),
    ("paragraphs", Tag::P),
    ("codes", Tag::Pre),
];

const TYPES: [&str; 7] = ["article", "product", "forum", "question", "website", "list", "profile"];

impl Facts {
    pub fn new(blocks: &[Block], tree: Option<&Tree>, url: Option<&Url>, prose: &[f32]) -> Self {
        let count = blocks.len().max(1) as f32;
        let words: f32 = blocks.iter().map(|b| b.words as f32).sum();
        let share = |fits: &dyn Fn(&Block) -> bool| blocks.iter().filter(|b| fits(b)).count() as f32 / count;
        let mut facts = Self {
            blocks: log(blocks.len() as f32),
            words: log(words),
            prose_share: prose.iter().sum::<f32>() / words.max(1.0),
            links: blocks.iter().map(|b| b.words as f32 * b.link_density).sum::<f32>() / words.max(1.0),
            longest: log(blocks.iter().map(|b| b.words).max().unwrap_or(0) as f32),
            headings: share(&is_heading),
            mean_words: words / count,
            terminated: share(&|b| b.ends_sentence),
            items: share(&|b| b.bullet),
            prices: log(blocks.iter().filter(|b| is_price(b)).count() as f32),
            dates: share(&|b| b.words <= 8 && b.digits > 0.2),
            unspaced: blocks
                .iter()
                .take(200)
                .map(|b| b.text.chars().take(50).filter(|&c| crate::clean::fold::is_unspaced(c)).count())
                .sum::<usize>() as f32
                / blocks.iter().take(200).map(|b| b.chars.min(50)).sum::<usize>().max(1) as f32,
            ..Self::default()
        };
        if let Some(tree) = tree {
            facts.read_tree(tree);
        }
        facts.read_address(url);
        facts
    }

    /// -1 each where there is no address: a page without one is not its site's first.
    fn read_address(&mut self, url: Option<&Url>) {
        let path = url.map(|url| url.path().trim_matches('/'));
        let known = |of: &dyn Fn(&str) -> usize| path.map_or(-1.0, |path| of(path).min(20) as f32);
        self.url_depth = known(&|path| if path.is_empty() { 0 } else { path.split('/').count() });
        self.url_digits = known(&|path| path.bytes().filter(u8::is_ascii_digit).count());
        self.url_words = known(&|path| path.split(['-', '_', '/', '.']).filter(|w| w.len() > 2).count());
    }

    fn read_tree(&mut self, tree: &Tree) {
        let mut counts = [0usize; 8];
        for id in 0..tree.len() {
            let Some(tag) = tree.tag(id) else { continue };
            if let Some(n) = TAGS.iter().position(|(_, t)| *t == tag) {
                counts[n] += 1;
            }
            if tag == Tag::Meta && tree.attribute(id, Attribute::Property) == Some("og:type") {
                self.note_types(tree.attribute(id, Attribute::Content).unwrap_or(""));
            }
            if let Some(kind) = tree.attribute(id, Attribute::Itemtype) {
                self.note_types(kind);
            }
            if tag == Tag::Script
                && let Some(json) = tree.text(id + 1 - usize::from(id + 1 >= tree.len()))
            {
                note_json_types(json, |kind| self.note_types(kind));
            }
        }
        for (to, n) in self.tags.iter_mut().zip(counts) {
            *to = log(n as f32);
        }
    }

    fn note_types(&mut self, kind: &str) {
        let kind = kind.to_ascii_lowercase();
        for (flag, words) in self.types.iter_mut().zip([
            &["article", "blogposting", "report"][..],
            &["product", "offer"],
            &["discussion", "comment"],
            &["question", "qapage"],
            &["website", "webpage"],
            &["itemlist", "collection", "searchresults"],
            &["profile", "person", "organization"],
        ]) {
            if words.iter().any(|w| kind.contains(w)) {
                *flag = 1.0;
            }
        }
    }
}

/// The values of `"@type"` in a JSON-LD text, found without parsing it.
fn note_json_types(json: &str, mut note: impl FnMut(&str)) {
    for part in json.split("\"@type\"").skip(1).take(40) {
        let value: String = part
            .chars()
            .skip_while(|c| !c.is_alphanumeric())
            .take_while(|c| c.is_alphanumeric())
            .take(40)
            .collect();
        note(&value);
    }
}

fn is_price(b: &Block) -> bool {
    b.words <= 6 && b.digits > 0.2 && b.text.chars().any(|c| matches!(c, '$' | '€' | '£' | '¥' | '₽' | '₹'))
}

pub fn write(scene: &Scene<'_>, row: &mut impl Row) {
    let f = &scene.page;
    row.add("page blocks", f.blocks);
    row.add("page words", f.words);
    row.add("page prose", f.prose_share);
    row.add("page links", f.links);
    row.add("page longest", f.longest);
    row.add("page headings", f.headings);
    row.add("page mean words", f.mean_words);
    row.add("page terminated", f.terminated);
    row.add("page items", f.items);
    row.add("page prices", f.prices);
    row.add("page dates", f.dates);
    row.add("page unspaced", f.unspaced);
    row.add("url depth", f.url_depth);
    row.add("url digits", f.url_digits);
    row.add("url words", f.url_words);
    for ((name, _), value) in TAGS.iter().zip(f.tags) {
        row.put(|| format!("page {name}"), value);
    }
    for (name, value) in TYPES.iter().zip(f.types) {
        row.put(|| format!("page type {name}"), value);
    }
}
