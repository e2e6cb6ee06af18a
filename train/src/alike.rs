//! When two titles, or two lists of authors, say the same. Knows no page.

use std::collections::BTreeSet;
use tamis::clean::parse;
use unicode_normalization::UnicodeNormalization;
use url::Url;

/// What follows or precedes a name and is none.
const CREDENTIALS: [&str; 52] = [
    "md", "phd", "rd", "ms", "ma", "ba", "bs", "dr", "prof", "jr", "sr", "mph", "rn", "cpt", "fand", "rdn",
    "mba", "facs", "esq", "dds", "dvm", "lcsw", "psyd", "ed", "cfa", "cfp", "faclm", "cscs", "pt", "dpt",
    "mscp", "msc", "bsc", "foma", "dabom", "do", "np", "pa", "cpa", "jd", "llm", "rda", "edd", "llb", "mfa",
    "bfa", "mls", "frcp", "facc", "facp", "faap", "faan",
];

/// Entities decoded.
fn decoded(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..2 {
        if !text.contains('&') {
            break;
        }
        let escaped = text.replace('<', "&lt;");
        let (tree, _) = parse::parse(&escaped, &parse::Budget::default());
        text = tree.inner_text(0);
    }
    text
}

/// Letters and digits only, in lower case.
pub fn spelled(text: &str) -> String {
    decoded(text).nfkc().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect()
}

/// Do two titles have the same letters and digits, once the site's name may be cut off the ends of either?
pub fn same_title(a: &str, b: &str, site: Option<&str>, url: Option<&str>) -> bool {
    let (a, b) = (without_site(a, site, url), without_site(b, site, url));
    a.iter().any(|x| b.contains(x))
}

fn without_site(title: &str, site: Option<&str>, url: Option<&str>) -> BTreeSet<String> {
    let url = url.and_then(|u| Url::parse(u).ok());
    let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host);
    let labels: Vec<&str> = host.split('.').collect();
    let core = if labels.len() >= 2 { labels[labels.len() - 2] } else { host };
    let mut names = vec![spelled(site.unwrap_or_default()), spelled(host), spelled(core)];
    names.retain(|n| n.chars().count() >= 3);
    let is_site = |part: &str| {
        let part = spelled(part);
        let (short, near) =
            (part.chars().count(), |n: &String| n.contains(&part) || part.contains(n.as_str()));
        !part.is_empty()
            && names.iter().any(|n| {
                let length = n.chars().count();
                part == *n || (length >= 4 && near(n) && short < 3 * length + 6)
            })
    };
    let mut parts = parts(title);
    let mut out = BTreeSet::from([spelled(title)]);
    while parts.len() > 1 && parts.last().is_some_and(|p| is_site(p)) {
        parts.pop();
        out.insert(spelled(&parts.concat()));
    }
    while parts.len() > 1 && is_site(parts[0]) {
        parts.remove(0);
        out.insert(spelled(&parts.concat()));
    }
    out.remove("");
    out
}

/// A title cut at bars, colons, quotes and long dashes, and at a dash or a slash between spaces.
fn parts(title: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    for (at, c) in title.char_indices() {
        let end = at + c.len_utf8();
        let spaced =
            title[..at].ends_with(char::is_whitespace) && title[end..].starts_with(char::is_whitespace);
        if matches!(c, '|' | '»' | '«' | '·' | '•' | '—' | '–' | ':') || (matches!(c, '-' | '/') && spaced)
        {
            out.push(&title[start..at]);
            start = end;
        }
    }
    out.push(&title[start..]);
    out
}

/// The people a list of authors names: words in order of the alphabet, without accents and credentials.
pub fn people(list: &str) -> BTreeSet<String> {
    let list = decoded(list);
    let mut names: Vec<String> = vec![String::new()];
    for word in list.split_inclusive(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '&' | '|')) {
        let bare = word.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '&' | '|'));
        let joins = matches!(bare.to_lowercase().as_str(), "and" | "et" | "und");
        if let Some(last) = names.last_mut().filter(|_| !joins) {
            last.push_str(bare);
            last.push(' ');
        }
        if joins || word.ends_with([',', ';', '&', '|', '\n']) {
            names.push(String::new());
        }
    }
    names.iter().map(|n| person(n)).filter(|n| !n.is_empty()).collect()
}

fn person(name: &str) -> String {
    let folded: String = name
        .nfkd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c) && !matches!(c, '\'' | '’'))
        .flat_map(char::to_lowercase)
        .collect();
    // `J. R.` and `JR` are one.
    let mut letters = String::new();
    let mut words: Vec<String> = Vec::new();
    for word in folded.split_whitespace() {
        if word.ends_with('.') && word.chars().filter(|c| c.is_alphabetic()).count() == 1 {
            letters.extend(word.chars().filter(|c| c.is_alphabetic()));
            continue;
        }
        if !letters.is_empty() {
            words.push(std::mem::take(&mut letters));
        }
        let abbreviated = word.split('.').all(|p| p.chars().count() <= 1) && word.contains('.');
        if abbreviated {
            words.push(word.replace('.', ""));
        } else {
            words.extend(word.split(|c: char| !c.is_alphanumeric() && c != '_').map(str::to_owned));
        }
    }
    words.push(letters);
    words.retain(|w| !w.is_empty() && !CREDENTIALS.contains(&w.as_str()));
    if words.first().is_some_and(|w| w == "by") {
        words.remove(0);
    }
    words.sort();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::{people, same_title};

    #[test]
    fn a_title_is_the_same_with_and_without_its_site() {
        let url = Some("https://www.valleypost.example/a");
        assert!(same_title("The mill turns", "The Mill Turns | Valley Post", Some("Valley Post"), url));
        assert!(same_title("Caf&eacute; – the mill", "Café: the mill", None, url));
        assert!(!same_title("The mill turns", "The mill turns again", None, url));
        assert!(!same_title("The mill turns", "The mill turns | Opinion", None, url));
    }

    #[test]
    fn people_are_the_same_in_any_order_and_spelling() {
        for same in
            ["Ada Byron, Karl Müster", "Karl Muster and Ada Byron, PhD", "by Ada Byron & Dr. Karl Muster"]
        {
            assert_eq!(people(same), people("Ada Byron; Karl Muster"), "{same}");
        }
        assert_eq!(people("J. R. Byron"), people("J.R. Byron"));
        assert_ne!(people("Ada Byron"), people("Ada Byron, Karl Muster"));
    }
}
