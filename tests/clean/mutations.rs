//! The fixtures with bytes cut out, doubled, put in from elsewhere and overwritten: the same changes in every run.

use super::properties;
use std::fs;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use tamis::clean::decode::decode;
use tamis::clean::{Cleaned, Media};
use tamis::dedup::exact::normalise;

const SEED: u64 = 0x7461_6d69_7321;

/// Changed documents; each is cleaned four times.
const CASES: u64 = 60;

/// Longest piece that is taken out, doubled or put in, in bytes.
const PIECE: usize = 600;

/// SplitMix64 (Steele, Lea, Flood 2014).
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound.max(1) as u64) as usize
    }

    fn piece(&mut self, of: &[u8]) -> Range<usize> {
        let start = self.below(of.len() + 1);
        start..(start + self.below(PIECE)).min(of.len())
    }
}

/// Every page, text and Markdown file of the fixtures, in order.
fn sources() -> Vec<Vec<u8>> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")];
    let mut paths = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| ["html", "txt", "md"].iter().any(|known| e == *known))
            {
                paths.push(path);
            }
        }
    }
    paths.sort();
    assert!(paths.len() >= 150, "only {} files", paths.len());
    paths.iter().map(|path| fs::read(path).expect("a file")).collect()
}

/// The document of this number.
fn changed(sources: &[Vec<u8>], number: u64) -> Vec<u8> {
    let mut chance = Chance(SEED ^ number.wrapping_mul(0xd134_2543_de82_ef95));
    let mut bytes = sources[chance.below(sources.len())].clone();
    for _ in 0..=chance.below(6) {
        let piece = chance.piece(&bytes);
        match chance.below(4) {
            0 => drop(bytes.drain(piece)),
            1 => {
                let again = bytes[piece.clone()].to_vec();
                let at = if chance.below(2) == 0 { piece.end } else { chance.below(bytes.len() + 1) };
                drop(bytes.splice(at..at, again));
            }
            2 => {
                let other = &sources[chance.below(sources.len())];
                let foreign = other[chance.piece(other)].to_vec();
                drop(bytes.splice(piece, foreign));
            }
            _ => {
                for _ in 0..=chance.below(8) {
                    let at = chance.below(bytes.len());
                    let byte = chance.below(256) as u8;
                    if let Some(old) = bytes.get_mut(at) {
                        *old = byte;
                    }
                }
            }
        }
    }
    bytes
}

fn run(bytes: &[u8], media: Media) -> Result<Cleaned, String> {
    catch_unwind(AssertUnwindSafe(|| properties::run(bytes, media))).map_err(|_| "panics".to_owned())
}

/// A line as a block holds it.
fn line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\t' { ' ' } else { c }).collect()
}

/// What a text file's result says of places is true; in Markdown a block says less than stands there.
fn places(cleaned: &Cleaned, decoded: &str, is_markdown: bool) -> Result<(), String> {
    let mut last = 0;
    for removed in cleaned.removed.iter().flatten() {
        let (Some(start), Some(end)) = (removed.start, removed.end) else {
            return Err(format!("{removed:?} has no place"));
        };
        let Some(was) = decoded.get(start..end) else { return Err(format!("{removed:?} is elsewhere")) };
        if start < last || removed.reason.is_empty() {
            return Err(format!("{removed:?} is out of order, or for no reason"));
        }
        if cleaned.repairs.is_empty() && !is_markdown && line(was) != line(&removed.text) {
            return Err(format!("{removed:?} was {was:?}"));
        }
        last = start;
    }
    for repaired in &cleaned.repaired {
        let place = repaired.start.zip(repaired.end).and_then(|(start, end)| decoded.get(start..end));
        if place.is_none() {
            return Err(format!("{repaired:?} is elsewhere"));
        }
    }
    Ok(())
}

/// A text is no longer than what it was taken from, but for what a repair or a tag puts between two pieces.
fn sizes(cleaned: &Cleaned, decoded: &str) -> Result<(), String> {
    let text = &cleaned.text;
    let repairs: usize = cleaned.repairs.values().sum();
    // The normal form takes a few letters apart, and ends in a line end. Between paragraphs two are put in.
    let most = normalise(decoded).len() + decoded.matches('<').count() + 2 * repairs;
    if text.len() > most {
        return Err(format!("{} bytes of {most}", text.len()));
    }
    if normalise(text) != *text {
        return Err("the text is not in the normal form".to_owned());
    }
    let confident = cleaned.confidence.is_none_or(|share| (0.0..=1.0).contains(&share));
    if !confident || cleaned.markdown.is_none() || cleaned.account.is_none() {
        return Err("something is missing".to_owned());
    }
    Ok(())
}

fn check(bytes: &[u8]) -> Result<(), String> {
    let page = decode(bytes, None, true).text;
    let html = run(bytes, Media::Html)?;
    sizes(&html, &page).map_err(|e| format!("as HTML: {e}"))?;
    if html.removed.iter().flatten().any(|removed| removed.start.is_some() || removed.end.is_some()) {
        return Err("as HTML: a place without a file of lines".to_owned());
    }
    let file = decode(bytes, None, false).text;
    let text = run(bytes, Media::Text)?;
    for (cleaned, name) in [(&text, "text"), (&run(bytes, Media::Markdown)?, "Markdown")] {
        let told = places(cleaned, &file, name == "Markdown");
        sizes(cleaned, &file).and(told).map_err(|e| format!("as {name}: {e}"))?;
    }
    let unknown = run(bytes, Media::Unknown)?;
    if unknown.text != html.text && unknown.text != text.text {
        return Err("of an unknown kind: neither what it is as HTML nor as text".to_owned());
    }
    Ok(())
}

#[test]
fn changed_fixtures_are_cleaned_whatever_the_kind() {
    let sources = sources();
    let faults: Vec<String> = (0..CASES)
        .filter_map(|number| {
            check(&changed(&sources, number)).err().map(|e| format!("document {number}: {e:.400}"))
        })
        .collect();
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}
