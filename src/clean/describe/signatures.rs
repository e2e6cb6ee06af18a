//! Names that no word introduces: lines beside the title that are a person's name, in the company of a date or a
//! job; the note about the author below the text; who opened a thread. Only the shape of the lines and lists of words
//! tell them from rubrics.

use super::author::{Candidate, ELSEWHERE, candidate};
use super::byline_words::{after_inner_leads, has_role, is_lead, strip_lead};
use super::names::{is_capitalised, is_full_name, people};
use super::tidy::key;
use super::{NamedSite, Page, calendar};
use crate::clean::block::{Block, Region, Shape};
use crate::clean::weigh::rules::RULES;
use crate::record::Kind;
use std::cell::LazyCell;
use std::collections::HashSet;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// How far below the title a bare name may stand, in blocks.
const BELOW_TITLE: usize = 6;

/// How far below its title a thread's first post may say who wrote it, in blocks.
const FIRST_POST: usize = 14;

/// How many blocks around the end of the text may be about its author.
const AROUND_END: usize = 12;

/// How sure the rule of author boxes must be; a heading alone is a hint to it.
const HINT: f32 = 0.2;

/// How many small words of a page are remembered.
const MOST_WORDS: usize = 20_000;

/// What stands after the name of who opened a thread, folded.
const STARTER: [&str; 5] =
    ["discussion starter", "thread starter", "topic starter", "topic author", "original poster"];

/// What forums print of a member beside a post, folded.
const MEMBER: [&str; 24] = [
    "joined",
    "posts",
    "messages",
    "registered",
    "member",
    "reputation",
    "location",
    "threads",
    "inscrit",
    "inscription",
    "mensajes",
    "registrado",
    "registriert",
    "beiträge",
    "mitglied",
    "iscritto",
    "messaggi",
    "mensagens",
    "berichten",
    "lid",
    "сообщения",
    "сообщений",
    "регистрация",
    "postów",
];

/// The last word of a line that signs for several, folded.
const DESKS: [&str; 12] = [
    "team",
    "staff",
    "desk",
    "newsdesk",
    "editors",
    "newsroom",
    "redaktion",
    "redacción",
    "redazione",
    "redação",
    "rédaction",
    "redactie",
];

static GIVEN: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let lines = include_str!("words/given_names.txt").lines().filter(|l| !l.starts_with('#'));
    lines.flat_map(str::split_whitespace).collect()
});

/// The author, where only the page's layout names one.
pub(super) fn find(page: &Page<'_>, site: &NamedSite, kind: Kind, title: Option<usize>) -> Option<Candidate> {
    let opener = || title.filter(|_| kind == Kind::Forum).and_then(|t| opener(page, t));
    let small = LazyCell::new(|| Small::of(page));
    opener()
        .or_else(|| in_dated_line(page, site, title))
        .or_else(|| beside(page, site, title?, &small))
        .or_else(|| below(page, site))
        .or_else(|| note(page, site, &small))
}

/// The words that a page writes small somewhere: the words of its rubrics are among them, those of names are not.
struct Small<'p>(HashSet<&'p str>);

impl<'p> Small<'p> {
    fn of(page: &'p Page<'_>) -> Self {
        let blocks = page.blocks.iter().filter(|b| b.words >= 6);
        let words = blocks.flat_map(|b| b.text.split(|c: char| !c.is_alphanumeric() && c != '-'));
        Self(words.filter(|w| w.starts_with(char::is_lowercase)).take(MOST_WORDS).collect())
    }

    fn has(&self, word: &str) -> bool {
        self.0.contains(word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase().as_str())
    }

    /// A person's name, none of whose words is an ordinary one.
    fn is_name(&self, name: &str) -> bool {
        let plain = |w: &str| {
            w.chars().filter(|c| c.is_alphabetic()).count() >= 2 && w.chars().any(char::is_lowercase)
        };
        is_person(name) && name.split_whitespace().all(|w| plain(w) && !self.has(w))
    }

    /// A name without what follows it on its line: a rubric, a paper in capitals.
    fn without_tail<'n>(&self, name: &'n str) -> &'n str {
        let mut name = name;
        while let Some((head, last)) = name.rsplit_once(' ')
            && head.contains(' ')
            && (self.has(last) || (last.len() >= 3 && last.chars().all(char::is_uppercase)))
            && head.chars().any(char::is_lowercase)
        {
            name = head;
        }
        name
    }
}

/// A short line right below the title made of a name, a date and perhaps a job: `Ada Byron | Editor | July 2, 2025`.
fn in_dated_line(page: &Page<'_>, site: &NamedSite, title: Option<usize>) -> Option<Candidate> {
    let title = title?;
    let near = page.blocks.iter().enumerate().skip(title + 1).take(4);
    near.filter(|(_, b)| b.words <= 14 && !b.ends_sentence && !b.region.has(ELSEWHERE)).find_map(|(_, b)| {
        let line = b.text.lines().next()?;
        let date = calendar::find(line, calendar::Order::Unknown)?;
        let outside = [&line[..date.range.start], &line[date.range.end..]];
        let parts = outside.iter().flat_map(|s| s.split(['|', '•', '·', '–', '—', '/', '⋅']));
        let names = parts.map(|p| people(p, site)).find(|n| n.len() == 1 && is_person(&n[0]))?;
        candidate(names, "byline", false)
    })
}

/// Two or three words, all written like a name's, none of them a job.
pub(super) fn is_person(name: &str) -> bool {
    (2..=3).contains(&name.split_whitespace().count())
        && is_full_name(name)
        && !has_role(name)
        && name.is_ascii() | name.chars().any(char::is_lowercase)
}

/// A person's name that begins with a given name: `Ada Byron`, `J. Ada Byron`.
pub(super) fn is_given(name: &str) -> bool {
    let folded =
        |w: &str| w.nfd().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect::<String>();
    (2..=4).contains(&name.split_whitespace().count())
        && is_full_name(name)
        && !has_role(name)
        && name.split_whitespace().take(2).any(|w| GIVEN.contains(folded(w).as_str()))
}

/// A signature below the text: `Posted by NAME at DATE`.
fn below(page: &Page<'_>, site: &NamedSite) -> Option<Candidate> {
    let last = (0..page.blocks.len())
        .rev()
        .find(|&at| page.kept.get(at).copied().unwrap_or(false) && page.blocks[at].words >= 20)?;
    let after = page.blocks.iter().skip(last + 1).take(4);
    after
        .filter(|b| b.words <= 12 && !b.ends_sentence && !b.region.has(ELSEWHERE & !Region::FOOTER))
        .find_map(|b| {
            let line = b.text.lines().next()?;
            let names = people(strip_lead(line)?, site);
            let dated = b.digits > 0.0 || b.region.has(Region::META);
            let named = names
                .first()
                .is_some_and(|n| if dated { is_capitalised(n) } else { is_full_name(n) && !has_role(n) });
            named.then(|| candidate(names, "byline", false))?
        })
}

/// The names in a line that is little else than names, each beginning with a given name.
fn names_alone(block: &Block, site: &NamedSite, small: &Small<'_>) -> Option<Vec<String>> {
    let heads = matches!(block.shape, Shape::Heading(1 | 2));
    if block.words > 14 || block.ends_sentence || heads || block.region.has(ELSEWHERE & !Region::ASIDE) {
        return None;
    }
    let line = block.text.lines().next()?.trim_start_matches(|c: char| !c.is_alphanumeric());
    let names: Vec<String> = people(line, site).iter().map(|n| small.without_tail(n).to_owned()).collect();
    let named: usize = names.iter().map(|n| n.split_whitespace().count()).sum();
    let fits = !names.is_empty() && named + 5 >= block.words;
    (fits && names.iter().all(|n| is_given(n) || small.is_name(n))).then_some(names)
}

/// A line that signs for several: `Valley Post Staff`.
fn is_desk(block: &Block) -> bool {
    let last = block.folded.split(' ').next_back().unwrap_or_default();
    (2..=5).contains(&block.words)
        && !block.ends_sentence
        && !block.region.has(ELSEWHERE)
        && DESKS.contains(&last)
}

/// A line of names below the title, in company of a date, a job or a handle.
fn beside(page: &Page<'_>, site: &NamedSite, title: usize, small: &Small<'_>) -> Option<Candidate> {
    let company = |at: usize, reach: usize| {
        let near = at.saturating_sub(reach)..(at + reach + 1).min(page.blocks.len());
        near.filter(|&n| n != title).any(|n| {
            let block = &page.blocks[n];
            let rest =
                if n == at { block.text.as_str() } else { block.text.lines().next().unwrap_or_default() };
            let job = block.words <= 7 && !block.ends_sentence && has_role(rest);
            let dated = block.words <= 12 && calendar::find(rest, calendar::Order::DayFirst).is_some();
            job || dated || (n == at && rest.contains(" @"))
        })
    };
    let from = title.saturating_sub(3);
    let to = (title + BELOW_TITLE + 1).min(page.blocks.len());
    let mut lines = (title + 1..to).chain((from..title).rev());
    lines.find_map(|at| {
        let dated = |n: usize| {
            let block = page.blocks.get(n).filter(|b| b.words <= 12);
            block.is_some_and(|b| calendar::find(&b.text, calendar::Order::DayFirst).is_some())
        };
        let block = &page.blocks[at];
        if is_desk(block) && at > title && (dated(at + 1) || dated(at - 1)) {
            return candidate(people(&block.text, site), "name line", false);
        }
        let names = names_alone(block, site, small)?;
        let given = names.iter().all(|n| is_given(n));
        let stated =
            company(at, if given { 2 } else { 1 }) || (given && (title + 1..=title + 2).contains(&at));
        stated.then(|| candidate(names, "name line", false))?
    })
}

/// A note below the text that begins with its subject's name (`Ada Byron is an editor ...`), under that name, after a
/// heading that says so, or saying what a writer is.
fn note(page: &Page<'_>, site: &NamedSite, small: &Small<'_>) -> Option<Candidate> {
    let boxed = RULES.iter().position(|r| r.name == "author-box");
    let prose = |at: usize| page.blocks[at].words >= 12 && page.blocks[at].sentences > 0;
    let last =
        (0..page.blocks.len()).rev().find(|&at| page.kept.get(at).copied().unwrap_or(false) && prose(at))?;
    let from = last.saturating_sub(3).max(4);
    let to = (last + AROUND_END).min(page.blocks.len());
    const NOT_HERE: u32 = Region::NAV | Region::COMMENTS | Region::RELATED | Region::MODAL | Region::CONSENT;
    (from..to).find_map(|at| {
        let block = &page.blocks[at];
        if block.words < 7 || block.region.has(NOT_HERE) {
            return None;
        }
        let name = subject(&block.text)?;
        let known = is_given(name);
        let headed = (at.saturating_sub(3)..at).any(|b| {
            let above = &page.blocks[b];
            above.words <= 8 && key(above.text.lines().next().unwrap_or_default()).starts_with(&key(name))
        });
        let in_box = boxed.is_some_and(|r| {
            (at.saturating_sub(2)..=at).any(|b| {
                page.evidence.get(b).is_some_and(|e| e.iter().any(|&(rule, s)| rule == r && s >= HINT))
            })
        });
        let start: String = block.text.split_whitespace().take(18).collect::<Vec<_>>().join(" ");
        let works = has_role(&start);
        let writes = known && at + 1 >= last && works;
        let said = (headed && (known || (works && small.is_name(name)))) || (in_box && known) || writes;
        said.then(|| candidate(people(name, site), "author note", false))?
    })
}

/// The capitalised words a sentence begins with, two to four, before a word in small letters.
fn subject(text: &str) -> Option<&str> {
    let mut end = 0;
    let mut words = 0;
    for word in text.split_inclusive(char::is_whitespace).take(5) {
        let bare = word.trim();
        let capital = bare.starts_with(char::is_uppercase) && bare.chars().any(char::is_alphabetic);
        let particle = words > 0 && is_capitalised(bare) && !bare.starts_with(char::is_uppercase);
        if !capital && !particle {
            break;
        }
        end += word.len();
        words += 1;
        if bare.ends_with([',', '.', ':']) && bare.chars().count() > 3 {
            break;
        }
    }
    let rest = text[end..].chars().next()?;
    let name = text[..end].trim().trim_end_matches([',', '.', ':']);
    // A box may say the name above its note.
    let half = name.len().saturating_sub(1) / 2;
    let name = name.get(..half).filter(|head| name.get(half + 1..) == Some(*head)).unwrap_or(name);
    ((2..=4).contains(&words) && rest.is_lowercase() && is_full_name(name)).then_some(name)
}

/// Who opened a thread: `started by ada, DATE`; `ada` above what the forum knows of its members.
fn opener(page: &Page<'_>, title: usize) -> Option<Candidate> {
    let to = (title + FIRST_POST).min(page.blocks.len());
    let anyone = NamedSite::default();
    let below = title + 1..to;
    for at in below.clone() {
        let block = &page.blocks[at];
        let line = block.text.lines().next().unwrap_or_default();
        let starts =
            STARTER.iter().find_map(|s| block.folded.strip_suffix(s)).map(|name| name.trim().chars().count());
        if let Some(length) = starts.filter(|&n| (2..=30).contains(&n)) {
            let name: String = line.chars().take(length).collect();
            return candidate(people(&name, &anyone), "thread opener", true);
        }
        if block.words > 16 || block.digits == 0.0 || at > title + 4 {
            continue;
        }
        let named = after_inner_leads(line).filter_map(|rest| {
            let name = rest.split([',', '»', '|', '•']).next()?.trim();
            let user = (1..=3).contains(&name.split_whitespace().count()) && name.chars().count() <= 30;
            user.then(|| people(name, &anyone).into_iter().next())?
        });
        if let Some(name) = named.last() {
            return candidate(vec![name], "thread opener", true);
        }
    }
    let is_member = |at: usize| {
        let block = &page.blocks[at];
        let mut ends =
            [block.folded.split(' ').next(), block.folded.split(' ').next_back()].into_iter().flatten();
        block.words <= 8 && ends.any(|w| MEMBER.contains(&w))
    };
    let known = below.clone().find(|&at| is_member(at))?;
    let is_name = |at: usize| {
        let block = &page.blocks[at];
        (1..=2).contains(&block.words)
            && block.chars <= 30
            && !block.text.ends_with(['.', '!', '?'])
            && !is_lead(&block.text)
            && calendar::find(&block.text, calendar::Order::DayFirst).is_none()
    };
    let first = known.checked_sub(1).filter(|&at| at > title && is_name(at))?;
    let name = people(&page.blocks[first].text, &anyone).into_iter().next()?;
    candidate(vec![name], "thread opener", true)
}

#[cfg(test)]
mod tests {
    use super::{GIVEN, is_given, subject};

    #[test]
    fn given_names_are_folded_and_tell_people_from_rubrics() {
        assert!(GIVEN.iter().all(|n| n.chars().all(|c| c.is_ascii_lowercase())) && GIVEN.len() > 1_000);
        for name in ["Anna Byron", "Émile Durand", "J. Peter Muster", "Maria van der Byron"] {
            assert!(is_given(name), "{name}");
        }
        for rubric in ["Mental Health", "Trip Planning", "Anna", "Paul Editor", "anna byron"] {
            assert!(!is_given(rubric), "{rubric}");
        }
    }

    #[test]
    fn a_note_begins_with_whom_it_is_about() {
        assert_eq!(subject("Ada Byron is an editor."), Some("Ada Byron"));
        assert_eq!(subject("Ada van Byron, who writes about mills"), Some("Ada van Byron"));
        for other in ["The mill is old.", "Ada Byron", "Ada", "", "In the mill Ada Byron is"] {
            assert_eq!(subject(other), None, "{other}");
        }
    }
}
