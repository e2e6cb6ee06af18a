//! Every entry of every table can be met, and none of them takes a long sentence that happens to hold it.

use super::words::source::{Section, read};
use super::words::{self, Findings};
use super::{RULES, Rule, Sight};
use crate::clean::block::{Block, Region, Shape};
use crate::clean::fold::plain;

/// Blocks between two entries that are looked at in one go: more than any rule looks around itself.
const APART: usize = 6;

/// Words around an entry in a long sentence, that no table holds.
const BEFORE: &str = "Whereas old Tabitha murmured quietly about her seventeen brass lanterns and";
const AFTER: &str = "though nobody underneath those crooked rafters ever replied except one sleepy blue heron \
                     whose feathers gleamed whenever candlelight wandered across that damp uneven plaster, until \
                     eventually somebody coughed, sighed twice, hummed softly, shuffled seven brittle walnuts \
                     sideways, blinked, yawned, muttered nonsense, then slumbered peacefully beside warm ashes.";

/// The three companies in which an entry is looked at.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// A line of text among others.
    Line,
    /// A link in a footer, a banner or the like.
    Link,
    /// A row of labels on one line.
    Row,
}

fn line(text: &str, place: Place) -> Block {
    let region = if place == Place::Link { Region::FOOTER | Region::CONSENT } else { 0 };
    let chars = if place == Place::Link { text.chars().count() } else { 0 };
    Block::new(text.to_owned(), Shape::Paragraph, Region(region), chars)
}

fn spacer() -> Block {
    const PROSE: &str = "Old Tabitha hums on and on, as all of us do in a bad week.";
    line(PROSE, Place::Line)
}

/// What each entry is read as: a phrase of its own, or a name among its kin.
fn entries<'a>(rule: &Rule, section: &'a Section) -> Vec<(&'a str, Vec<String>)> {
    // A rate without its figure is only a word.
    let figure = if rule.name == "exchange-rates" { " 1.08" } else { "" };
    let number = |phrase: &str| phrase.replace("{n}", "7");
    let below = || section.names.iter().take(4).map(|n| number(n));
    let alone =
        section.whole.iter().map(|p| (p.as_str(), std::iter::once(number(p)).chain(below()).collect()));
    let opened = section.start.iter().map(|p| (p.as_str(), vec![format!("{}: Tabitha 7", number(p))]));
    let inside = section.inside.iter().map(|p| (p.as_str(), vec![format!("{} Tabitha", number(p))]));
    let names = section.names.iter().enumerate().map(|(at, p)| {
        let kin = section.names.iter().skip(at + 1).chain(section.names.iter().take(at)).take(6);
        (p.as_str(), std::iter::once(p).chain(kin).map(|n| number(n) + figure).collect())
    });
    alone.chain(opened).chain(inside).chain(names).collect()
}

/// Tables whose entries are weighed by their surroundings in ways that tests of their own follow: dates
/// and grids, names of people, names of software.
const OF_THEIR_OWN: [&str; 4] = ["byline", "calendar", "dateline", "powered-by"];

fn strengths_at(rule: usize, blocks: &[Block], at: &[usize]) -> Vec<f32> {
    let plain: Vec<String> = blocks.iter().map(|b| plain(&b.folded)).collect();
    let found: Vec<Findings> = plain.iter().map(|p| words::find(p)).collect();
    at.iter()
        .map(|&at| (RULES[rule].weigh)(&Sight { blocks, plain: &plain, found: &found, at, rule }))
        .collect()
}

fn missed(index: usize, rule: &Rule) -> Vec<String> {
    let table = read(rule);
    let mut missed = Vec::new();
    for (language, section) in &table {
        let entries = entries(rule, section);
        let (mut blocks, mut at) = (Vec::new(), Vec::new());
        for place in [Place::Line, Place::Link, Place::Row] {
            for (_, lines) in &entries {
                blocks.extend((0..APART).map(|_| spacer()));
                at.push(blocks.len());
                match place {
                    Place::Row => blocks.push(line(&lines.join(" > "), place)),
                    _ => blocks.extend(lines.iter().map(|l| line(l, place))),
                }
                // What heads prose is a chapter.
                blocks.push(line("Tabitha", Place::Line));
            }
        }
        let strengths = strengths_at(index, &blocks, &at);
        for (n, (phrase, _)) in entries.iter().enumerate() {
            if strengths.iter().skip(n).step_by(entries.len()).all(|s| *s < 0.5) {
                missed.push(format!("{} [{language}] {phrase:?}", rule.name));
            }
        }
    }
    missed
}

#[test]
fn every_entry_can_be_met() {
    let missed: Vec<String> = RULES
        .iter()
        .enumerate()
        .filter(|(_, r)| !OF_THEIR_OWN.contains(&r.name))
        .flat_map(|(index, rule)| missed(index, rule))
        .collect();
    assert!(missed.is_empty(), "{} never met:\n{}", missed.len(), missed.join("\n"));
}

#[test]
fn no_entry_takes_a_long_sentence() {
    let mut taken = Vec::new();
    for (index, rule) in RULES.iter().enumerate() {
        let table = read(rule);
        for (language, section) in &table {
            let phrases = [&section.whole, &section.start, &section.inside, &section.names];
            let sentences: Vec<String> = phrases
                .into_iter()
                .flatten()
                .map(|p| format!("{BEFORE} {} {AFTER}", p.replace("{n}", "7")))
                .collect();
            let blocks: Vec<Block> = sentences.iter().map(|s| line(s, Place::Line)).collect();
            let at: Vec<usize> = (0..blocks.len()).collect();
            for (sentence, strength) in sentences.iter().zip(strengths_at(index, &blocks, &at)) {
                if strength >= 0.5 {
                    taken.push(format!("{} [{language}] {sentence:?}", rule.name));
                }
            }
        }
    }
    assert!(taken.is_empty(), "{} taken:\n{}", taken.len(), taken.join("\n"));
}
