//! Which document of one side is which of the other: by name, then without extensions, then by file name. Never by
//! guessing: a shortened name counts only where it is unique on both sides.

use super::side::Side;
use std::collections::HashMap;

/// Documents by their places on the two sides.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Pairs {
    /// In the order of the first.
    pub(super) both: Vec<(usize, usize)>,
    pub(super) only_a: Vec<usize>,
    pub(super) only_b: Vec<usize>,
}

pub(super) fn pairs(a: &Side, b: &Side) -> Pairs {
    if a.is_one_text() && b.is_one_text() {
        return Pairs { both: vec![(0, 0)], ..Pairs::default() };
    }
    let names = |side: &Side| (0..side.len()).map(|at| side.name(at).to_owned()).collect::<Vec<_>>();
    matched(&names(a), &names(b))
}

fn matched(a: &[String], b: &[String]) -> Pairs {
    let mut partner: Vec<Option<usize>> = vec![None; a.len()];
    let mut taken = vec![false; b.len()];
    // The same name twice: the first is the first, the second the second.
    let mut known: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, name) in b.iter().enumerate().rev() {
        known.entry(name).or_default().push(at);
    }
    for (at, name) in a.iter().enumerate() {
        partner[at] = known.get_mut(name.as_str()).and_then(Vec::pop);
        if let Some(other) = partner[at] {
            taken[other] = true;
        }
    }
    for shorten in [bare, stem] {
        // Over all names, also those that have their partner: one of two namesakes left is no sure sign.
        let mut found: HashMap<&str, (Vec<usize>, Vec<usize>)> = HashMap::new();
        for (at, name) in a.iter().enumerate() {
            found.entry(shorten(name)).or_default().0.push(at);
        }
        for (at, name) in b.iter().enumerate() {
            found.entry(shorten(name)).or_default().1.push(at);
        }
        for (in_a, in_b) in found.values() {
            if let (&[at], &[other]) = (&in_a[..], &in_b[..])
                && partner[at].is_none()
                && !taken[other]
            {
                partner[at] = Some(other);
                taken[other] = true;
            }
        }
    }
    let both = partner.iter().enumerate().filter_map(|(at, other)| Some((at, (*other)?)));
    Pairs {
        both: both.collect(),
        only_a: (0..a.len()).filter(|&at| partner[at].is_none()).collect(),
        only_b: (0..b.len()).filter(|&at| !taken[at]).collect(),
    }
}

/// Extensions that say what a file is, not which.
const EXTENSIONS: [&str; 11] =
    [".html", ".htm", ".xhtml", ".txt", ".text", ".md", ".markdown", ".json", ".jsonl", ".gz", ".warc"];

/// The name without extensions.
fn bare(name: &str) -> &str {
    let mut name = name;
    while let Some(shorter) = EXTENSIONS.iter().find_map(|extension| name.strip_suffix(extension))
        && !shorter.is_empty()
        && !shorter.ends_with('/')
    {
        name = shorter;
    }
    name
}

/// The last part of the name, without extensions.
fn stem(name: &str) -> &str {
    let name = name.trim_end_matches('/');
    bare(name.rsplit('/').next().unwrap_or(name))
}

#[cfg(test)]
mod tests {
    use super::{bare, matched, stem};

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn names_are_shortened_only_where_that_is_sure() {
        assert_eq!(
            [bare("a/b.html.gz"), bare(".txt"), bare("v1.2"), stem("x/b.txt")],
            ["a/b", ".txt", "v1.2", "b"]
        );
        let a = names(&["pages/a.html", "pages/b.html", "x/c.html", "y/c.html", "same", "same"]);
        let b = names(&["b.txt", "c.txt", "pages/a.md", "same", "other", "same"]);
        let pairs = matched(&a, &b);
        assert_eq!(pairs.both, [(0, 2), (1, 0), (4, 3), (5, 5)]);
        assert_eq!((pairs.only_a, pairs.only_b), (vec![2, 3], vec![1, 4]));
        let namesakes = matched(&names(&["x/c.txt", "y/c.txt"]), &names(&["x/c.md", "c.md"]));
        assert_eq!(namesakes.both, [(0, 0)]);
        assert_eq!((namesakes.only_a, namesakes.only_b), (vec![1], vec![1]));
    }
}
