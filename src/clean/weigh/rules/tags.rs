//! A line of keywords: "Tags: …", "Mots-clés : …", "Filed under …", "#this #that".
//!
//! Why: it indexes the text, it is not the text.
//! Risk: "Topics" and "Categories" are ordinary words; without a colon only phrases that no sentence
//! begins with are found, and never a line that ends like a sentence.

use super::words::Hit;
use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "tags", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    let b = sight.block();
    let sentence = b.ends_sentence && b.words > 6;
    if sentence || b.words > 60 || b.text.contains(['{', '}', ';', '=']) {
        return 0.0;
    }
    let colon = sight.rest().is_some_and(|(rest, _)| rest.trim_start().starts_with([':', '：']));
    match sight.hit() {
        Some(Hit::Whole) => 0.75,
        _ if colon => 0.9,
        Some(Hit::Start) if b.words <= 25 => 0.7,
        _ if hashtags(&b.text) => 0.8,
        _ => 0.0,
    }
}

/// Nothing but hashtags, two or more of them?
fn hashtags(text: &str) -> bool {
    let mut tags = text.split([' ', ',', '\u{a0}']).filter(|w| !w.is_empty()).peekable();
    let all = |w: &str| {
        w.strip_prefix(['#', '＃'])
            .is_some_and(|t| t.starts_with(char::is_alphabetic) && t.chars().nth(1).is_some())
    };
    text.len() <= 400 && tags.peek().is_some() && tags.clone().count() >= 2 && tags.all(all)
}
