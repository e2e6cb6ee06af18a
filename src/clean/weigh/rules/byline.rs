//! Who wrote, photographed or published it, and how long it takes to read: "by charles", "Par la
//! rédaction", "Foto: dpa", "Redacción", "5 min read".
//!
//! Why: it belongs into the record, not into the text.
//! Risk: headings and sentences begin with "By", "Par", "Von"; so a small word counts only before what
//! is written like a name, in a short line at the edge of the text, and never in a heading.

use super::words::Hit;
use super::{Rule, Sight};
use crate::clean::block::Shape;

pub const RULE: Rule = Rule { name: "byline", weigh };

/// Longest line that can be a byline, in words: names, a date and a time beside each other.
const MAX_WORDS: usize = 16;

fn weigh(sight: &Sight<'_>) -> f32 {
    let b = sight.block();
    let too_long = b.words > MAX_WORDS || b.sentences > 1 || (b.ends_sentence && b.words > 7);
    if too_long || matches!(b.shape, Shape::Heading(_) | Shape::Code | Shape::Cell) {
        return 0.0;
    }
    if sight.hit() == Some(Hit::Whole) {
        return if sight.at_edge() { 0.85 } else { 0.6 };
    }
    if sight.inside_count() >= 1 && b.words <= 12 {
        return 0.8;
    }
    let Some((rest, phrase_words)) = sight.rest() else {
        return 0.0;
    };
    let abbreviated = rest.starts_with(". ") && b.text.len() - rest.len() <= 6;
    let colon = abbreviated
        || rest.trim_start().starts_with([':', '：', '|'])
        || (rest.starts_with('/') && !b.text.is_ascii());
    let name = rest.trim_start_matches([':', '：', '/', '|', '.', ' ', '\u{a0}']);
    let introduced = sight.hit() == Some(Hit::Start);
    let joined = rest.starts_with(char::is_alphanumeric);
    match (colon, introduced && name_like(name, b.ends_sentence)) {
        _ if joined || name.is_empty() => 0.0,
        (true, _) if b.words <= 14 => 0.8,
        (_, true) if sight.at_edge() => 0.82,
        (_, true) if phrase_words >= 2 => 0.65,
        _ if introduced && lower_case_line(&b.text) && b.words <= 3 && sight.at_edge() => 0.75,
        _ => 0.0,
    }
}

/// Is every word up to the first separator written like part of a name, six at most? Where letters have
/// no case, four at most, and no sentence.
fn name_like(text: &str, sentence: bool) -> bool {
    const PARTICLES: [&str; 34] = [
        "de", "da", "do", "dos", "das", "di", "del", "della", "du", "des", "la", "le", "van", "von", "der",
        "den", "ter", "ten", "zu", "af", "av", "bin", "ben", "ibn", "al", "el", "and", "et", "und", "y", "e",
        "en", "i", "&",
    ];
    let name = text.split(['|', '•', '·', ',', '(', '/', '–', '—']).next().unwrap_or("");
    let words: Vec<&str> =
        name.split_whitespace().take_while(|w| !w.starts_with(|c: char| c.is_ascii_digit())).collect();
    let capital = |w: &&str| w.starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase());
    let cased = words.iter().any(|w| w.starts_with(char::is_uppercase));
    let longest = if cased { 6 } else { 4 };
    (cased || !sentence)
        && (1..=longest).contains(&words.len())
        && words.iter().filter(|w| capital(w)).count() >= 1
        && words.iter().all(|w| capital(w) || PARTICLES.contains(w))
}

/// Does the line begin with a small letter, as labels made by programs do and headings do not?
fn lower_case_line(text: &str) -> bool {
    text.starts_with(char::is_lowercase)
}
