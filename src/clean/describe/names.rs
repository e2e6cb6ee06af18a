//! The names of people out of what stands in a byline or in metadata: no lead word, no address, no date, no
//! job, no site. Knows no page.

use super::NamedSite;
use super::byline_words::{WORDS, has_role, is_role, strip_lead, strip_prefix_folded};
use super::calendar::is_calendar_word;
use super::signatures::is_given;
use super::tidy::{key, tidy};
use crate::clean::fold::is_unspaced;

/// Longest name, in characters.
const LONGEST: usize = 70;

/// Most authors named.
const MOST: usize = 12;

/// How much of a value is looked at, in characters.
const REACH: usize = 600;

/// Signs that end a list of names.
const ENDS: [&str; 17] = [
    " | ",
    " - ",
    " – ",
    " — ",
    "•",
    "·",
    "⋅",
    " / ",
    "(",
    "[",
    "\n",
    "<",
    " @",
    "»",
    ". ",
    " for the ",
    "|",
];

/// What joins two names.
const JOINS: [&str; 14] = [
    " and ", " & ", " et ", " und ", " y ", " e ", " och ", " og ", " en ", " i ", " и ", " і ", " και ",
    " ve ",
];

/// Words within names that are written small.
const PARTICLES: [&str; 30] = [
    "de", "da", "do", "dos", "das", "di", "del", "della", "du", "des", "la", "le", "van", "von", "der",
    "den", "ter", "ten", "zu", "af", "av", "bin", "ben", "ibn", "al", "el", "y", "e", "dr", "of",
];

/// The people named in a value, in order, each once.
pub(super) fn people(raw: &str, site: &NamedSite) -> Vec<String> {
    let raw = raw.char_indices().nth(REACH).map_or(raw, |(end, _)| &raw[..end]);
    let mut out: Vec<String> = Vec::new();
    let Some(raw) = tidy(raw) else { return out };
    let trimmed = raw.trim();
    if trimmed.starts_with('@') || trimmed.contains("://") || trimmed.starts_with("www.") {
        return out;
    }
    let list = strip_lead(trimmed).unwrap_or(trimmed);
    if begins_with_cut(list) {
        return out;
    }
    let list = before_signs(list);
    for group in list.split(';') {
        let mut after_body = false;
        for (at, part) in group.split([',', '，', '、']).enumerate() {
            if at > 0 && is_credential(part) {
                if let Some(last) = out.last_mut() {
                    last.push_str(", ");
                    last.push_str(part.trim());
                }
                continue;
            }
            let part = part.trim();
            let joined = JOINS.iter().find_map(|j| part.strip_prefix(j.trim_start())).unwrap_or(part);
            // What follows a name is a job, a paper, a place; only what is written like a full name is a person, beside
            // an institute only what begins with a given name.
            let names = split_joined(joined);
            let body_near = after_body || names.iter().any(|n| is_body(n));
            let fits = |nth: usize, n: &str| {
                at + nth == 0
                    || (is_full_name(n) && !has_role(n) && !n.starts_with("The ") && !is_body(n))
                        && (!body_near || is_given(n))
            };
            let mut named: Vec<String> = Vec::new();
            let mut joins = false;
            for (nth, n) in names.iter().enumerate() {
                let name = one(n).filter(|n| fits(nth, n) || joins && is_given_alone(n));
                joins = name.is_some();
                named.extend(name);
            }
            if named.is_empty() && at > 0 {
                if !is_body(part) {
                    break;
                }
                after_body = true;
            }
            for name in named {
                if !site.is(&name) && !out.iter().any(|o| key(o) == key(&name)) && out.len() < MOST {
                    out.push(name);
                }
            }
        }
    }
    out
}

/// Is it the name of an institute, a ministry, a paper? It has a word of such names in it, and is not a given name with
/// that word for a surname (`Charles Press`).
fn is_body(name: &str) -> bool {
    let person = name.split_whitespace().count() == 2 && is_given(name);
    !person && name.split(|c: char| !c.is_alphanumeric()).any(|w| WORDS.body.contains(&w.to_lowercase()))
}

/// The second of two given names: `Maria and Katerina`.
fn is_given_alone(name: &str) -> bool {
    !name.contains(' ') && is_capitalised(name)
}

/// Does a text begin with a word that ends names (`Last updated`, `More about`)?
fn begins_with_cut(text: &str) -> bool {
    let of_more = WORDS.cut.iter().filter(|c| c.chars().count() > 3);
    of_more.into_iter().any(|c| {
        strip_prefix_folded(text, c).is_some_and(|r| !r.chars().next().is_some_and(char::is_alphanumeric))
    })
}

/// Turns `Byron, Ada` about, as bibliographies write names.
pub(super) fn turned(raw: &str) -> String {
    match raw.split_once(',') {
        Some((last, first))
            if !first.contains(',') && !is_credential(first) && last.split_whitespace().count() <= 3 =>
        {
            format!("{} {}", first.trim(), last.trim())
        }
        _ => raw.to_owned(),
    }
}

/// The list up to the first sign that ends it, a date, an address, or a word that is no name's.
fn before_signs(list: &str) -> &str {
    let mut end = list.len();
    for sign in ENDS {
        // `J. R. Byron` has points within.
        let at = if sign == ". " { sentence_end(list) } else { list.find(sign) };
        end = end.min(at.filter(|&at| at > 0).unwrap_or(end));
    }
    let mut at = 0;
    let words: Vec<&str> = list.split_inclusive(char::is_whitespace).collect();
    for (n, word) in words.iter().enumerate() {
        if at >= end {
            break;
        }
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let numbered = words.get(n + 1).is_some_and(|w| w.starts_with(|c: char| c.is_ascii_digit()));
        let ends_list = n + 1 == words.len() || word.trim_end().ends_with([',', '.']);
        // A job's word with a capital, after at least two words: `Ada Byron Former Deputy Editor`.
        let job = n >= 2 && is_role(bare) && bare.starts_with(char::is_uppercase);
        let dated = at > 0
            && (bare.chars().any(|c| c.is_ascii_digit())
                || (is_calendar_word(bare) && (numbered || (ends_list && n >= 2))));
        let address = word.contains('@') && word.contains('.');
        // Small words end a full name only: `Human in the Loop` is a name.
        let cut = at > 0
            && WORDS.cut.iter().any(|c| {
                (n >= 2 || c.chars().count() > 4)
                    && strip_prefix_folded(&list[at..], c)
                        .is_some_and(|r| !r.chars().next().is_some_and(char::is_alphanumeric))
            });
        if dated || address || cut {
            end = end.min(at);
        } else if job {
            // The job may have words before: `Ada Byron, Contributing Opinion Writer`.
            end = end.min(list[..at].rfind(',').filter(|&comma| comma > 0).unwrap_or(at));
        }
        if let Some(inner) = glued(word) {
            end = end.min(at + inner);
        }
        at += word.len();
    }
    &list[..end]
}

/// A point after a word of more than two letters that is no title.
fn sentence_end(list: &str) -> Option<usize> {
    list.match_indices(". ").map(|(at, _)| at).find(|&at| {
        let word = list[..at].rsplit(char::is_whitespace).next().unwrap_or_default();
        word.chars().count() > 3 && !word.contains('.') && !is_credential(word)
    })
}

/// Where a job or month begins that markup glued to a name (`HabernyFounder`).
fn glued(word: &str) -> Option<usize> {
    let mut last = ' ';
    for (at, c) in word.char_indices() {
        if at >= 3 && last.is_lowercase() && c.is_uppercase() {
            let tail = word[at..].trim_matches(|c: char| !c.is_alphanumeric());
            let begins = ["In", "On", "At", "Posted", "Updated", "Published", "Last"].contains(&tail);
            return (begins || is_role(tail) || is_calendar_word(tail)).then_some(at);
        }
        // `Ada3/4/2025`
        if at >= 3 && last.is_lowercase() && c.is_ascii_digit() && word[at..].contains(['/', '.']) {
            return Some(at);
        }
        last = c;
    }
    None
}

/// Two names with a joining word between them; one name where either side is no name of its own.
fn split_joined(part: &str) -> Vec<&str> {
    let mut out = vec![part];
    for join in JOINS {
        let mut next = Vec::new();
        for piece in out {
            // Either both are full names, or both are given names (`Maria & Katerina`), or no name at all.
            let pieces: Vec<&str> = piece.split(join).map(str::trim).collect();
            let full = pieces.iter().all(|p| is_full_name(p));
            let given = matches!(join, " and " | " et " | " und ")
                && pieces.iter().all(|p| !p.contains(' ') && is_capitalised(p));
            if pieces.len() > 1 && (full || given) { next.extend(pieces) } else { next.push(piece) }
        }
        out = next;
    }
    out
}

/// One name, trimmed; `None` if nothing like a name is left.
fn one(raw: &str) -> Option<String> {
    let name = raw.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '"' | '“' | '”' | '®'));
    let name = name.trim_start_matches('.').trim();
    let name = strip_lead(name).unwrap_or(name);
    // Where names are written without spaces, a space ends them.
    let name =
        if name.starts_with(is_unspaced) { name.split_whitespace().next().unwrap_or(name) } else { name };
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let fits = letters >= 2
        && name.chars().count() <= LONGEST
        && name.split_whitespace().count() <= 8
        && !WORDS.nobody.contains(&key(name))
        && !WORDS.lead.contains(&name.to_lowercase())
        && !is_host(name)
        && !name.contains('@')
        && !(name.contains(' ') && name.starts_with(|c: char| c.is_numeric()))
        && !name.contains(['{', '}', '=', '<', ':'])
        && !(name.split_whitespace().count() == 1 && is_calendar_word(name.trim_end_matches('.')));
    fits.then(|| name.to_owned())
}

/// A host's name, or a placeholder's (`page.author.name`), in a name's place.
fn is_host(name: &str) -> bool {
    if name.contains(char::is_whitespace) || !name.contains('.') {
        return false;
    }
    let known = psl::suffix(name.to_ascii_lowercase().as_bytes()).is_some_and(|s| s.is_known());
    known || name.split('.').filter(|l| l.chars().count() > 2).count() >= 3
}

/// `MD`, `Ph.D.`, `RDN`, `Jr.`: capitals that follow a name after a comma.
fn is_credential(part: &str) -> bool {
    let part = part.trim().trim_end_matches(['.', '®', '™']);
    let letters: Vec<char> = part.chars().filter(|c| c.is_alphabetic()).collect();
    let capitals = letters.iter().filter(|c| c.is_uppercase()).count();
    let short = (2..=6).contains(&letters.len()) && !part.contains(' ');
    short
        && (capitals == letters.len()
            || matches!(
                part,
                "PhD" | "Ph.D" | "Jr" | "Sr" | "Esq" | "PsyD" | "PharmD" | "EdD" | "MSc" | "BSc" | "LLm"
            ))
}

/// Two to five words, each written like a name's, or a name in a script without capitals.
pub(super) fn is_full_name(name: &str) -> bool {
    let words: Vec<&str> = name.split_whitespace().collect();
    if words.first().is_some_and(|w| w.starts_with(is_unspaced)) {
        return name.chars().count() <= 8;
    }
    let capital = |w: &&str| !w.starts_with(char::is_lowercase);
    (2..=5).contains(&words.len())
        && words.first().is_some_and(capital)
        && is_capitalised(name)
        && !name.contains(['?', '!', ':'])
}

/// Does every word but particles begin like a name, as far as the script has capitals?
pub(super) fn is_capitalised(name: &str) -> bool {
    let capital = |w: &str| w.chars().find(|c| c.is_alphabetic()).is_none_or(|c| !c.is_lowercase());
    let small = |w: &str| PARTICLES.contains(&w.trim_end_matches(['.', '\'']));
    name.split_whitespace().all(|w| capital(w) || small(w))
}

#[cfg(test)]
mod tests {
    use super::super::NamedSite;
    use super::{people, turned};

    fn named(raw: &str) -> Vec<String> {
        let site = NamedSite { keys: vec!["valleypost".to_owned()], ..NamedSite::default() };
        people(raw, &site)
    }

    #[test]
    fn a_name_is_left_of_a_byline() {
        for (raw, name) in [
            ("By Ada Byron", "Ada Byron"),
            ("ByAda Byron", "Ada Byron"),
            ("By: Ada Byron | Nov 21, 2024", "Ada Byron"),
            ("Par Émile Durand, publié le 21 novembre", "Émile Durand"),
            ("Von Karl Muster (dpa)", "Karl Muster"),
            ("Ada Byron ada@example.org", "Ada Byron"),
            ("Ada Byron Thursday 21 November", "Ada Byron"),
            ("Ada May", "Ada May"),
            ("Jan Nowak", "Jan Nowak"),
            ("作者：王小明", "王小明"),
            ("بقلم: أحمد علي", "أحمد علي"),
            ("Dr. Ada Byron, MS", "Dr. Ada Byron, MS"),
            ("Ada Byron, MD, Ph.D.", "Ada Byron, MD, Ph.D."),
            ("Ada Byron, Contributing Opinion Writer", "Ada Byron"),
            ("Ada Byron, Valley Post", "Ada Byron"),
            ("Ada ByronFounder at Wheel", "Ada Byron"),
            ("Ada van der Byron", "Ada van der Byron"),
            ("Center for Mills and Wheels", "Center for Mills and Wheels"),
            ("user42", "user42"),
        ] {
            assert_eq!(named(raw), [name], "{raw}");
        }
        for raw in [
            "https://example.org/ada",
            "admin",
            "La rédaction",
            "@ada",
            "12",
            "",
            "By",
            "—",
            "Valley Post",
            "example.org",
            "page.head.extra.author",
            "undefined",
            "{{ author }}",
            "Feb",
            "Written by",
        ] {
            assert!(named(raw).is_empty(), "{raw}: {:?}", named(raw));
        }
    }

    #[test]
    fn several_names_are_told_apart() {
        for raw in [
            "Ada Byron and Karl Muster",
            "Ada Byron, Karl Muster",
            "Par Ada Byron et Karl Muster",
            "Von Ada Byron und Karl Muster",
            "Ada Byron; Karl Muster",
            "Ada Byron & Karl Muster, Valley Post",
            "Автор: Ada Byron и Karl Muster",
        ] {
            assert_eq!(named(raw), ["Ada Byron", "Karl Muster"], "{raw}");
        }
        assert_eq!(named("Ada Byron, Karl Muster, and Jan Nowak"), ["Ada Byron", "Karl Muster", "Jan Nowak"]);
        assert_eq!(named("Maria and Katerina"), ["Maria", "Katerina"]);
        assert_eq!(turned("Byron, Ada"), "Ada Byron");
        assert_eq!(turned("Ada Byron, MD"), "Ada Byron, MD");
    }
}
