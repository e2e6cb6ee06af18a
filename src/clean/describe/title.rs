//! The title: the heading that others confirm, else what metadata says, without the site's name. In a text
//! file, the heading-like line that the text below answers to.

use super::facts::Facts;
use super::tidy::{key, tidy};
use super::{NamedSite, Page, Sourced, calendar, title_line};
use crate::clean::block::{Block, Region, Shape};
use crate::clean::fold::{fold, is_unspaced};
use crate::record::Kind;
use std::collections::HashSet;

/// Longest title, in words.
pub(super) const LONGEST: usize = 45;

/// Shortest block that counts as running text, in words.
pub(super) const PROSE: usize = 20;

/// Most `<h1>` that are looked at.
const MOST_HEADINGS: usize = 40;

/// Where a heading is not the page's.
const ELSEWHERE: u32 = Region::NAV
    | Region::FOOTER
    | Region::ASIDE
    | Region::COMMENTS
    | Region::CONSENT
    | Region::MODAL
    | Region::RELATED
    | Region::LOGIN;

/// The title.
pub fn find(page: &Page<'_>, facts: &Facts<'_>, site: &NamedSite, kind: Kind) -> Option<Sourced> {
    if page.tree.is_some() { in_page(page, facts, site, kind) } else { title_line::find(page, site) }
}

/// The block that a title stands in, if it does.
pub fn place(page: &Page<'_>, title: &str) -> Option<usize> {
    let wanted = key(title);
    let longest = title.chars().count() + 40;
    let before = first_prose(page).unwrap_or(page.blocks.len());
    (0..page.blocks.len())
        .filter(|&at| page.blocks[at].chars <= longest && key(&page.blocks[at].text) == wanted)
        .min_by_key(|&at| (!page.kept.get(at).copied().unwrap_or(false), at > before, at.abs_diff(before)))
}

fn in_page(page: &Page<'_>, facts: &Facts<'_>, site: &NamedSite, kind: Kind) -> Option<Sourced> {
    let meta = facts
        .meta_of(&[
            "og:title",
            "twitter:title",
            "citation_title",
            "dc.title",
            "dcterms.title",
            "parsely-title",
            "title",
            "sailthru.title",
        ])
        .and_then(|(from, v)| Some((from, tidy(v)?)));
    let tag = facts.title.as_deref().and_then(tidy);
    let item = facts.text_item().and_then(|i| i.headline.clone());
    let said: Vec<&String> =
        [meta.as_ref().map(|m| &m.1), tag.as_ref(), item.as_ref()].into_iter().flatten().collect();
    let said_keys: Vec<String> = said.iter().map(|s| key(s)).collect();

    let body = first_prose(page).unwrap_or(0);
    let headings = headings(page, site);
    let named_site =
        |at: usize| is_site(&page.blocks[at].text, tag.as_deref(), meta.as_ref().map(|m| m.1.as_str()), page);
    let confirmed = headings.iter().copied().filter(|&at| {
        let name = key(&heading_text(&page.blocks[at]));
        name.chars().count() >= 3 && said_keys.iter().any(|s| s.contains(&name)) && !named_site(at)
    });
    // Of several, the one that says most; of equals, the first.
    if let Some(at) = confirmed.min_by_key(|&at| std::cmp::Reverse(page.blocks[at].chars)) {
        // Forums put a thread's label into its heading.
        let whole = key(&heading_text(&page.blocks[at]));
        let threads = meta.as_ref().map(|(from, v)| (format!("meta {from}"), v)).into_iter();
        let mut threads = threads.chain(item.as_ref().map(|v| ("json-ld".to_owned(), v)));
        let unlabelled = |thread: &str| {
            let end = key(thread);
            whole != end && whole.ends_with(&end) && thread.contains(' ')
        };
        if let Some((from, thread)) = threads.find(|(_, v)| kind == Kind::Forum && unlabelled(v)) {
            return sourced(thread, &from);
        }
        return sourced(&undescribed(&cut(&heading_text(&page.blocks[at]), site), &said_keys), "h1");
    }
    // A heading that says in other words what metadata says: an article's own headline comes before its label.
    let words: HashSet<String> = said.iter().flat_map(|s| every_word(s)).collect();
    let answered = |at: usize| {
        let own: Vec<String> = every_word(&page.blocks[at].text).collect();
        own.iter().filter(|w| words.contains(*w)).count() as f32 / own.len().max(1) as f32
    };
    // Of many the first ones are sections.
    let many = headings.len() > 2;
    let needed = if many {
        0.7
    } else if kind == Kind::Article {
        0.2
    } else {
        0.5
    };
    let reworded = headings
        .iter()
        .copied()
        .filter(|&at| {
            at <= body + 2 && body.saturating_sub(at) <= 40 && page.blocks[at].words >= 2 && !named_site(at)
        })
        .map(|at| (answered(at), at))
        .filter(|&(share, _)| share >= needed);
    // Of equals, the first.
    if let Some((_, at)) = reworded.rev().max_by(|a, b| a.0.total_cmp(&b.0)) {
        return sourced(&undescribed(&heading_text(&page.blocks[at]), &said_keys), "h1");
    }
    let headline = item.as_deref().map(|h| whole(&cut(h, site), &said, site)).filter(|h| !site.is(h));
    if let Some(headline) = headline {
        return sourced(&headline, "json-ld");
    }
    if let Some(heading) = lower_heading(page, &said).filter(|h| !site.is(h)) {
        return sourced(&heading, "heading");
    }
    if let Some((from, value)) = &meta {
        let value = cut(value, site);
        if !site.is(&value) {
            return sourced(&value, &format!("meta {from}"));
        }
    }
    let nearest = headings.iter().copied().min_by_key(|&at| (at > body, at.abs_diff(body)));
    // A page's only heading, where `<title>` says what the page does not show.
    let shown = |value: &str| page.blocks.iter().any(|b| b.words <= LONGEST && key(&b.text) == key(value));
    if let ([at], Some(tag)) = (headings.as_slice(), &tag)
        && page.blocks[*at].words >= 2
        && *at <= body
        && !named_site(*at)
        && !shown(&cut(tag, site))
    {
        return sourced(&heading_text(&page.blocks[*at]), "h1");
    }
    if let Some(value) = tag.as_deref().map(|t| cut(t, site)).filter(|t| !site.is(t)) {
        let short = value.split_whitespace().count() <= SECTION && kind == Kind::Article;
        let above = || heading_above(page, body).map(|at| heading_text(&page.blocks[at]));
        if let Some(heading) = short.then(above).flatten() {
            return sourced(&heading, "heading");
        }
        return sourced(&value, "title");
    }
    // Several h1: the page's own stands right before its text.
    if let Some(at) = nearest.filter(|&at| at <= body && body - at <= 30 && page.blocks[at].words >= 2) {
        return sourced(&heading_text(&page.blocks[at]), "h1");
    }
    let any = (0..page.blocks.len())
        .filter(|&at| {
            page.kept.get(at).copied().unwrap_or(false)
                && (2..=6).any(|l| is_heading(&page.blocks[at], l, site))
        })
        .chain(nearest)
        .next();
    if let Some(at) = any {
        return sourced(&heading_text(&page.blocks[at]), "heading");
    }
    // A home page is called what its site is called.
    meta.and_then(|(from, v)| sourced(&v, &format!("meta {from}"))).or_else(|| sourced(&tag?, "title"))
}

/// The first blocks of the page's `<h1>` elements: what follows in the same element is a button or a subtitle.
fn headings(page: &Page<'_>, site: &NamedSite) -> Vec<usize> {
    let mut out: Vec<usize> = Vec::new();
    for at in 0..page.blocks.len() {
        if out.len() >= MOST_HEADINGS {
            break;
        }
        let block = &page.blocks[at];
        let goes_on = page.tree.is_some()
            && at.checked_sub(1).is_some_and(|b| {
                page.blocks[b].place.element == block.place.element
                    && block.place.element != 0
                    && page.blocks[b].shape == block.shape
            });
        if is_heading(block, 1, site) && !goes_on && !block.region.has(Region::BUTTON) {
            out.push(at);
        }
    }
    out
}

/// A heading's text without the sign of its permalink.
fn heading_text(block: &Block) -> String {
    let text = block.text.trim_end_matches(['¶', '#', '§', '🔗', '\u{fe0f}', ' ', '\u{a0}']);
    if text.trim().is_empty() { block.text.clone() } else { text.to_owned() }
}

/// Is this heading the site's name, as `<title>` tells: does another heading, or metadata, bear what stands
/// beside it there?
fn is_site(heading: &str, tag: Option<&str>, meta: Option<&str>, page: &Page<'_>) -> bool {
    let Some(tag) = tag else { return false };
    let wanted = key(heading);
    let parts = separators(tag);
    let ends = parts.iter().rev().find(|s| key(&tag[s.end..]).starts_with(&wanted)).map(|s| &tag[..s.start]);
    let begins = parts.first().filter(|s| key(&tag[..s.start]) == wanted).map(|s| &tag[s.end..]);
    let Some(other) = ends.or(begins) else { return false };
    let other_key = key(other);
    if other_key.chars().count() < 6 || other_key.contains(&wanted) {
        return false;
    }
    let met = |text: &str| key(text) == other_key;
    // A site's name stands at the end; where it stands first, only a heading of the page's own tells.
    let said = ends.is_some() && meta.is_some_and(met);
    said || page.blocks.iter().any(|b| {
        let heads =
            matches!(b.shape, Shape::Heading(level) if level > 1) || (ends.is_some() && b.link_density > 0.9);
        b.words <= LONGEST && heads && !b.region.has(ELSEWHERE) && met(&b.text)
    })
}

/// A lower heading that is a part of what `<title>` or metadata says, for pages without `<h1>`.
fn lower_heading(page: &Page<'_>, said: &[&String]) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    for text in said {
        let marks = separators(text);
        parts.push(key(text));
        parts.extend(marks.iter().map(|s| key(&text[..s.start])));
        parts.extend(marks.iter().map(|s| key(&text[s.end..])));
    }
    parts.retain(|p| p.chars().count() >= 8);
    let heads =
        |b: &&Block| matches!(b.shape, Shape::Heading(level) if level > 1) && !b.region.has(ELSEWHERE);
    let mut found = page.blocks.iter().filter(heads).take(MOST_HEADINGS);
    found
        .find(|b| b.words >= 2 && b.words <= LONGEST && parts.contains(&key(&heading_text(b))))
        .map(heading_text)
}

/// Most words of a `<title>` that may be a section's name.
const SECTION: usize = 2;

/// The first kept heading of several words shortly above the text.
fn heading_above(page: &Page<'_>, body: usize) -> Option<usize> {
    (body.saturating_sub(8)..body).find(|&at| {
        let block = &page.blocks[at];
        let heads = matches!(block.shape, Shape::Heading(_)) && !block.region.has(ELSEWHERE);
        heads && page.kept.get(at).copied().unwrap_or(false) && (SECTION + 1..=LONGEST).contains(&block.words)
    })
}

/// A headline in full, where metadata goes on in the phrase at which it was cut.
fn whole(headline: &str, said: &[&String], site: &NamedSite) -> String {
    let begun = key(headline.trim_end_matches(['.', '…']));
    let goes_on = |full: &String| {
        let full_key = key(full);
        // A title's next part begins with a sign of its own.
        let ends_part = separators(full).iter().any(|s| key(&full[..s.start]) == begun);
        begun.chars().count() >= 30
            && full_key.len() > begun.len()
            && full_key.starts_with(&begun)
            && !ends_part
    };
    let full = said.iter().map(|s| cut(s, site)).find(goes_on);
    full.unwrap_or_else(|| headline.to_owned())
}

/// A heading without the label of a field (`Title:`) or the date before it, where metadata has it so.
fn undescribed(heading: &str, said: &[String]) -> String {
    let dated = calendar::find(heading, calendar::Order::Unknown)
        .filter(|d| !heading[..d.range.start].contains(char::is_alphanumeric))
        .map(|d| heading[d.range.end..].trim_start_matches(|c: char| !c.is_alphanumeric()));
    if let Some(rest) = dated.filter(|r| key(r).chars().count() >= 6)
        && !said.iter().any(|s| s.contains(&key(heading)))
        && said.iter().any(|s| s.contains(&key(rest)))
    {
        return rest.to_owned();
    }
    let rest = heading.split_once(':').filter(|(label, _)| !label.contains(' ')).map(|(_, rest)| rest.trim());
    match rest {
        Some(rest)
            if !said.iter().any(|s| s.contains(&key(heading)))
                && said.iter().any(|s| s.contains(&key(rest))) =>
        {
            rest.to_owned()
        }
        _ => heading.to_owned(),
    }
}

/// The words of a title, folded.
fn every_word(text: &str) -> impl Iterator<Item = String> {
    let folded = fold(text);
    let words: Vec<String> = folded
        .split(' ')
        .filter(|w| !w.is_empty())
        .flat_map(|word| {
            let chars: Vec<char> = word.chars().collect();
            if chars.first().copied().is_some_and(is_unspaced) && chars.len() > 1 {
                chars.windows(2).map(|w| w.iter().collect()).collect::<Vec<String>>()
            } else {
                vec![word.to_owned()]
            }
        })
        .collect();
    words.into_iter()
}

pub(super) fn sourced(value: &str, from: &str) -> Option<Sourced> {
    let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
    let value = value.trim_end_matches(['¶', '🔗']).trim_end().to_owned();
    (!value.is_empty()).then(|| Sourced { value, from: from.to_owned() })
}

fn is_heading(block: &Block, level: u8, site: &NamedSite) -> bool {
    block.shape == Shape::Heading(level)
        && !block.region.has(ELSEWHERE)
        && (1..=LONGEST).contains(&block.words)
        && !site.is(&block.text)
}

/// The first kept block of running text, else the first kept block.
pub fn first_prose(page: &Page<'_>) -> Option<usize> {
    let kept = || (0..page.blocks.len()).filter(|&at| page.kept.get(at).copied().unwrap_or(false));
    kept()
        .find(|&at| {
            page.blocks[at].words >= PROSE
                && !matches!(page.blocks[at].shape, Shape::Heading(_))
                && page.blocks[at].sentences > 0
        })
        .or_else(|| kept().next())
}

/// Cuts the site's name off either end of a title; where nothing is known of the site, a short last part
/// after a bar.
pub fn cut(title: &str, site: &NamedSite) -> String {
    let mut rest = title.trim();
    for _ in 0..4 {
        let parts = separators(rest);
        let (Some(first), Some(last)) = (parts.first(), parts.last()) else { break };
        let (head, tail) = (rest[..first.start].trim(), rest[last.end..].trim());
        if (site.is(tail) || site.is_in(tail)) && !rest[..last.start].trim().is_empty() {
            rest = rest[..last.start].trim();
        } else if site.is(head) && !rest[first.end..].trim().is_empty() {
            rest = rest[first.end..].trim();
        } else if rest[last.start..last.end].contains(['|', '»', '«'])
            && short_tail(&rest[..last.start], tail)
        {
            rest = rest[..last.start].trim();
        } else {
            break;
        }
    }
    rest.to_owned()
}

fn short_tail(head: &str, tail: &str) -> bool {
    let words = |s: &str| s.split_whitespace().count();
    words(tail) <= 4 && words(head) >= 3 && words(head) > words(tail)
}

/// The separators of a title: dashes, bars and kin with space around them.
fn separators(title: &str) -> Vec<std::ops::Range<usize>> {
    let mut out: Vec<std::ops::Range<usize>> = Vec::new();
    for (at, c) in title.char_indices() {
        let sign = matches!(
            c,
            '-' | '–' | '—' | '|' | '·' | '•' | '»' | '«' | ':' | '/' | '›' | '>' | '~' | '｜' | '_'
        );
        if !sign {
            continue;
        }
        let end = at + c.len_utf8();
        if let Some(last) = out.last_mut()
            && last.end == at
        {
            last.end = end;
            continue;
        }
        out.push(at..end);
    }
    out.retain(|s| {
        let before = title[..s.start].chars().next_back();
        let after = title[s.end..].chars().next();
        let spaced = before.is_some_and(char::is_whitespace) && after.is_some_and(char::is_whitespace);
        let sign = &title[s.clone()];
        let touching_cjk = before.is_some_and(is_unspaced) || after.is_some_and(is_unspaced);
        match sign {
            "|" | "::" | "｜" => before.is_some() && after.is_some(),
            "-" | "_" | "–" | "—" | "·" => {
                spaced || (touching_cjk && before.is_some() && after.is_some())
            }
            ":" => after.is_some_and(char::is_whitespace),
            _ => spaced,
        }
    });
    out
}
