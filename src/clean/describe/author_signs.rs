//! Who wrote it, where no byline says so: links to an author's own page; whom lines credit with something else; and
//! whether a declared name is one that readers see. Chooses between no two.

use super::author::{Candidate, ELSEWHERE, LINE, candidate};
use super::facts::Facts;
use super::names::{after_credit, has_role, is_full_name, people};
use super::tidy::{key, tidy};
use super::{NamedSite, Page};
use crate::clean::block::{Region, is_unspaced};
use crate::clean::parse::Tree;
use crate::clean::region;

/// Is a name to be read on the page, in a line that is little else?
pub(super) fn is_visible(page: &Page<'_>, name: &str) -> bool {
    let name = key(name);
    let lines = page.blocks.iter().filter(|b| b.words <= LINE && !b.region.has(ELSEWHERE));
    lines.into_iter().any(|b| holds(&b.text, &name))
}

/// Is a name to be read anywhere on the page?
pub(super) fn is_anywhere(page: &Page<'_>, name: &str) -> bool {
    let name = key(name);
    page.blocks.iter().any(|b| holds(&b.text, &name))
}

/// Does a line hold this key from the start of a word to the end of one?
fn holds(line: &str, wanted: &str) -> bool {
    let words: Vec<String> =
        line.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(key).collect();
    let unspaced = wanted.starts_with(is_unspaced);
    (0..words.len()).any(|from| {
        let mut rest = wanted;
        for word in &words[from..] {
            if unspaced && word.contains(rest) {
                return true;
            }
            match rest.strip_prefix(word.as_str()) {
                Some("") => return true,
                Some(left) => rest = left,
                None => return false,
            }
        }
        false
    })
}

/// A member's name of the system that made the page, which no reader ever sees: `jdoe42`, `ada-byron`.
pub(super) fn is_login(name: &str) -> bool {
    let ordinary = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.');
    !name.contains(' ') && name.chars().all(ordinary)
}

/// A link to an author's own page, where all such links name the same.
pub(super) fn in_links(tree: &Tree, facts: &Facts<'_>, site: &NamedSite) -> Option<Candidate> {
    let mut names: Vec<String> = Vec::new();
    for &node in facts.author_links.iter().take(60) {
        let around = tree.ancestors(node).fold(0, |bits, n| bits | region::of(tree, n).0);
        let own = around & (Region::ARTICLE | Region::MAIN | Region::BODY_CLASS) != 0;
        let elsewhere = if own { ELSEWHERE & !(Region::FOOTER | Region::ASIDE) } else { ELSEWHERE };
        if around & elsewhere != 0 {
            continue;
        }
        let found = tidy(&tree.inner_text(node)).map(|t| people(&t, site)).unwrap_or_default();
        names.extend(found.into_iter().filter(|n| is_full_name(n) && !has_role(n)));
    }
    let same = names.iter().all(|n| key(n) == key(&names[0]));
    let first = names.into_iter().next().filter(|_| same)?;
    candidate(vec![first], "author link", false)
}

/// The keys of those whom lines of the page credit with pictures, checks or help.
pub(super) fn credited(page: &Page<'_>) -> Vec<String> {
    let anyone = NamedSite::default();
    let mut out = Vec::new();
    for (at, block) in page.blocks.iter().enumerate() {
        if block.words > 2 * LINE || out.len() > 60 {
            continue;
        }
        let lines = block.text.lines().take(4);
        let after =
            lines.filter_map(after_credit).map(|rest| match (rest.is_empty(), page.blocks.get(at + 1)) {
                (true, Some(below)) => below.text.lines().next().unwrap_or_default(),
                _ => rest,
            });
        out.extend(after.flat_map(|rest| people(rest, &anyone)).map(|n| key(&n)));
    }
    out
}
