//! The dates a page shows beside its title: marked-up times and date lines, each with what it is said to be
//! the day of. Chooses none.

use super::Page;
use super::calendar::{self, Manner};
use super::date::exact;
use super::facts::{Facts, Time};
use super::title::first_prose;
use crate::clean::block::{Block, Region, Shape};
use crate::clean::fold::is_unspaced;
use crate::clean::parse::{Tag, Tree};
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// Where a date is another page's.
pub(super) const ELSEWHERE: u32 = Region::NAV
    | Region::FOOTER
    | Region::ASIDE
    | Region::COMMENTS
    | Region::RELATED
    | Region::WIDGET
    | Region::MODAL
    | Region::CONSENT
    | Region::AD
    | Region::PROMO;

/// Where the page's own text is, whatever else an element around a line calls itself.
const OWN: u32 = Region::ARTICLE | Region::BODY_CLASS;

/// Where a labelled date is another page's.
const OTHERS: u32 =
    Region::NAV | Region::COMMENTS | Region::RELATED | Region::MODAL | Region::CONSENT | Region::AD;

/// Most dates of one line.
const PER_LINE: usize = 3;

/// A date the page shows.
#[derive(Debug, Clone)]
pub(super) struct Shown {
    pub date: Date,
    pub from: &'static str,
    /// Said to be the day of a change.
    pub updated: bool,
    /// Stands at the title or right below it.
    pub close: bool,
    /// Readers see the day itself, not only `3 hours ago`.
    pub read: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Section {
    pub updated: Vec<String>,
    pub published: Vec<String>,
    pub other: Vec<String>,
}

pub(super) fn read() -> Result<BTreeMap<String, Section>, toml::de::Error> {
    toml::from_str(include_str!("words/dates.toml"))
}

/// What a label says a day is the day of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    Updated,
    Published,
    /// Neither: a member joined, an offer ends.
    Other,
}

/// The words of each label.
static WORDS: LazyLock<Vec<(String, Label)>> = LazyLock::new(|| {
    // A table that does not parse is a defect of the build; the tests name it.
    let tables = read().unwrap_or_default();
    let of = |list: fn(&Section) -> &Vec<String>, label: Label| {
        tables.values().flat_map(list).map(move |w| (fold(w), label)).collect::<Vec<_>>()
    };
    let lists = [
        of(|s| &s.published, Label::Published),
        of(|s| &s.updated, Label::Updated),
        of(|s| &s.other, Label::Other),
    ];
    lists.concat()
});

/// Lower case, without accents.
fn fold(text: &str) -> String {
    let plain = text.nfd().filter(|c| !matches!(c, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}'));
    plain.flat_map(char::to_lowercase).collect()
}

/// Does what stands before a date say that it is the day of a change?
pub(super) fn says_updated(before: &str) -> bool {
    label(before) == Some(Label::Updated)
}

/// What the text before a date says, in a word of its own, that it is the day of. The last word that says something
/// counts, of equals the later in the order of the tables.
pub(super) fn label(before: &str) -> Option<Label> {
    let start = before.char_indices().rev().nth(60).map_or(0, |(at, _)| at);
    let before = fold(&before[start..]);
    let joins = |c: char| {
        c.is_alphabetic()
            && !is_unspaced(c)
            && !matches!(c, '\u{1100}'..='\u{11ff}' | '\u{ac00}'..='\u{d7a3}')
    };
    let apart = |at: usize, end: usize| !before[..at].ends_with(joins) && !before[end..].starts_with(joins);
    let found = |word: &str| {
        let hits = before.match_indices(word).map(|(at, hit)| (at, at + hit.len()));
        hits.filter(|&(at, end)| apart(at, end)).map(|(_, end)| end).last()
    };
    let said = WORDS.iter().filter_map(|(word, label)| Some((found(word)?, *label)));
    said.max_by_key(|(end, _)| *end).map(|(_, label)| label)
}

/// The blocks in which a date line may stand: from a little before the title to the first running text.
pub(super) fn around(page: &Page<'_>, title: Option<usize>) -> (usize, usize) {
    let last = page.blocks.len().saturating_sub(1);
    let prose = first_prose(page).unwrap_or(0);
    let title = title.filter(|&t| t <= prose || prose == 0).unwrap_or(prose.saturating_sub(8));
    (title.saturating_sub(6), (prose.min(title + 14).max(title) + 3).min(last))
}

/// The dates beside the title, the surest first: what microdata calls the publication's, other marked-up times,
/// date lines, the nearest first.
pub(super) fn beside_title(
    page: &Page<'_>,
    facts: &Facts<'_>,
    title: Option<usize>,
    manner: &Manner,
) -> Vec<Shown> {
    let (from, to) = around(page, title);
    let block_of = |node: usize| page.blocks.partition_point(|b| b.place.text_node < node);
    let close = |at: usize| title.is_some_and(|t| (t..=t + 8).contains(&at));
    let here = |at: usize| is_here(page, at, title);
    let mut ranked: Vec<(usize, Shown)> = Vec::new();
    if page.tree.is_some() {
        for time in facts.times.iter().filter(|t| here(block_of(t.node))) {
            let at = block_of(time.node);
            let near = (from..=to).contains(&at);
            if !near && !time.published {
                continue;
            }
            let Some(date) = exact(time.value, manner) else { continue };
            let read = page.tree.and_then(|tree| shown_day(tree, time, date, manner));
            let date = read.unwrap_or(date);
            let updated = !time.published && (time.modified || is_labelled_updated(page, at, time));
            ranked.push((
                usize::from(!time.published),
                Shown { date, from: "time", updated, close: close(at), read: read.is_some() },
            ));
        }
    }
    for (at, block) in page.blocks.iter().enumerate().take(to + 1).skip(from).filter(|&(at, _)| here(at)) {
        for (nth, mut shown) in in_line(page, at, block, manner).into_iter().enumerate() {
            shown.close = close(at);
            let after = usize::from(title.is_some_and(|t| at < t));
            let distance = 2 + (after * 1_000 + at.abs_diff(title.unwrap_or(at))) * 4 + nth;
            ranked.push((distance, shown));
        }
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, shown)| shown).collect()
}

/// The day that a marked-up time shows to readers. It may be another than its attribute's, which counts in Greenwich, or
/// was left behind by a template.
fn shown_day(tree: &Tree, time: &Time<'_>, declared: Date, manner: &Manner) -> Option<Date> {
    if tree.tag(time.node) != Some(Tag::Time) || tree.subtree(time.node).len() > 12 {
        return None;
    }
    let text = tree.inner_text(time.node);
    let shown = calendar::find_in(&text, manner)?;
    // `03/04/2025` may be read either way; the attribute knows. `12/14/2025` may not.
    let sure = shown.date.day() > 12 || text[shown.range.clone()].contains(char::is_alphabetic);
    let same_night = shown.date.until(declared).is_ok_and(|span| span.get_days().abs() <= 1);
    let before = &text[..shown.range.start];
    let plain =
        before.split_whitespace().count() <= 3 && matches!(label(before), None | Some(Label::Published));
    (plain && (sure || same_night)).then_some(shown.date)
}

/// Is this block the page's own? What stands right below the title is, in whatever wrapper the title is in too;
/// page builders call every piece a widget.
pub(super) fn is_here(page: &Page<'_>, at: usize, title: Option<usize>) -> bool {
    let Some(block) = page.blocks.get(at) else { return true };
    let shared = match title {
        Some(t) if (t..=t + 8).contains(&at) => {
            let own = if block.region.has(OWN) { Region::ASIDE | Region::AD | Region::FOOTER } else { 0 };
            page.blocks.get(t).map_or(0, |b| b.region.0) | Region::WIDGET | Region::PROMO | own
        }
        _ => 0,
    };
    !block.region.has(ELSEWHERE & !shared)
}

/// Does the line a time stands in say that it was updated then?
fn is_labelled_updated(page: &Page<'_>, at: usize, time: &Time<'_>) -> bool {
    // The time's text begins its block, or lies within the one before.
    let own = page.blocks.get(at).filter(|b| b.place.text_node <= time.node + 2);
    let within = at.checked_sub(1).and_then(|b| page.blocks.get(b));
    let label = |b: &Block| {
        let date = calendar::find(&b.text, calendar::Order::DayFirst);
        b.words <= 30 && says_updated(&b.text[..date.map_or(b.text.len(), |d| d.range.start)])
    };
    match own {
        Some(own) => label(own) || within.is_some_and(|b| b.words <= 3 && label(b)),
        None => within.is_some_and(label),
    }
}

/// The dates of a line that is a date line.
fn in_line(page: &Page<'_>, at: usize, block: &Block, manner: &Manner) -> Vec<Shown> {
    let mut out = Vec::new();
    let short = block.words <= 16 || (block.region.has(Region::META) && block.words <= 40);
    if !short || block.digits == 0.0 {
        return out;
    }
    let text = unglued(&block.text);
    // A sentence that names a day tells a story; a date line is little else than the day.
    let is_line = block.words <= 6 || !block.ends_sentence || block.region.has(Region::META);
    let mut start = 0;
    while out.len() < PER_LINE
        && let Some(found) = calendar::find_in(&text[start..], manner)
    {
        let closes = || !text[start + found.range.end..].contains(char::is_alphanumeric);
        if (out.is_empty() && found.range.start >= 60) || (!is_line && !closes()) {
            break;
        }
        let before = &text[start..start + found.range.start];
        // A date alone on its line has its label on the line before.
        let alone = start == 0 && found.range.start <= 3;
        let label = at.checked_sub(1).and_then(|b| page.blocks.get(b)).filter(|b| alone && b.words <= 4);
        let said = self::label(before).or_else(|| label.and_then(|b| self::label(&b.text)));
        // A sentence may end with its day (`Reviewed by ... on ...`); only a label makes it the page's.
        if said != Some(Label::Other) && (is_line || said.is_some()) {
            let updated = said == Some(Label::Updated);
            out.push(Shown { date: found.date, from: "date line", updated, close: false, read: true });
        }
        start += found.range.end;
    }
    out
}

/// A line in which words and dates that markup glued together are apart: `ByronNovember 21, 2024Updated`.
fn unglued(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 4);
    let mut last = ' ';
    for c in text.chars() {
        if c.is_uppercase() && (last.is_lowercase() || last.is_ascii_digit()) {
            out.push(' ');
        }
        out.push(c);
        last = c;
    }
    out
}

/// The date of a page that shows none beside its title: the only one that it labels, or the only time it marks up, or
/// the line that ends its text.
pub(super) fn elsewhere(page: &Page<'_>, facts: &Facts<'_>, manner: &Manner) -> Option<(Date, String)> {
    let found =
        labelled(page, manner).or_else(|| only_time(page, facts, manner)).or_else(|| at_end(page, manner))?;
    Some((found.date, found.from.to_owned()))
}

/// Short lines anywhere with a word for what day it is; none where two such days differ.
fn labelled(page: &Page<'_>, manner: &Manner) -> Option<Shown> {
    let mut found: Vec<Shown> = Vec::new();
    for (at, block) in page.blocks.iter().enumerate() {
        if block.words > 12 || block.digits == 0.0 || block.region.has(OTHERS) {
            continue;
        }
        let text = unglued(&block.text);
        let Some(day) = calendar::find_in(&text, manner) else { continue };
        let before = &text[..day.range.start];
        let above =
            at.checked_sub(1).and_then(|b| page.blocks.get(b)).filter(|b| before.len() <= 3 && b.words <= 4);
        let said = label(before).or_else(|| above.and_then(|b| label(&b.text)));
        if said == Some(Label::Published) {
            found.push(Shown { date: day.date, from: "date line", updated: false, close: false, read: true });
        }
    }
    let first = found.first()?;
    found.iter().all(|s| s.date == first.date).then(|| first.clone())
}

/// The day of the marked-up times outside of comments and lists of other pages, if it is one day.
fn only_time(page: &Page<'_>, facts: &Facts<'_>, manner: &Manner) -> Option<Shown> {
    let block_of = |node: usize| page.blocks.get(page.blocks.partition_point(|b| b.place.text_node < node));
    let own = facts.times.iter().filter(|t| block_of(t.node).is_none_or(|b| !b.region.has(OTHERS)));
    let mut days = own.filter(|t| !t.modified).filter_map(|t| exact(t.value, manner));
    let date = days.next()?;
    days.all(|d| d == date).then_some(Shown { date, from: "time", updated: false, close: false, read: true })
}

/// A line right below the last running text that is little else than a day.
fn at_end(page: &Page<'_>, manner: &Manner) -> Option<Shown> {
    let kept = |at: usize| page.kept.get(at).copied().unwrap_or(false);
    let last = (0..page.blocks.len()).rev().find(|&at| kept(at) && page.blocks[at].words >= 20)?;
    let below = page.blocks.iter().skip(last + 1).take(3);
    let lines = below.take_while(|b| !matches!(b.shape, Shape::Heading(_)) && !b.region.has(OTHERS));
    let mut dated = lines.filter(|b| b.words <= 8 && b.digits > 0.0).filter_map(|b| {
        let day = calendar::find_in(&b.text, manner)?;
        let plain = matches!(label(&b.text[..day.range.start]), None | Some(Label::Published));
        (plain && day.range.len() * 2 >= b.text.len()).then_some(day.date)
    });
    dated.next().map(|date| Shown { date, from: "date line", updated: false, close: false, read: true })
}

#[cfg(test)]
mod tests {
    use super::{read, says_updated};

    #[test]
    fn the_table_parses_and_speaks_many_languages() {
        let tables = read().expect("the table parses");
        for language in ["fr", "en", "es", "de", "it", "pt", "nl", "tr", "ar", "id", "ru", "pl", "el", "zh"] {
            assert!(tables.get(language).is_some_and(|s| !s.updated.is_empty()), "{language}");
        }
    }

    #[test]
    fn the_last_word_before_a_date_says_what_day_it_is() {
        for label in [
            "Updated: ",
            "Published by Ada, last updated on ",
            "Mis à jour le ",
            "Обновлено: ",
            "最終更新日：",
            "Zuletzt geändert am ",
        ] {
            assert!(says_updated(label), "{label}");
        }
        for label in [
            "",
            "Der Standard, ",
            "Photo credited to Ada, ",
            "Posted on ",
            "Updated regularly, first published ",
            "Publié le ",
            "By Ada Byron | ",
        ] {
            assert!(!says_updated(label), "{label}");
        }
    }
}
