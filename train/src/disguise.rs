//! Pages whose names say nothing, or that have none: what a page is made of has to be seen where a generator named its
//! elements (`css-1x2y3z`), or somebody in a language that nobody taught, or nobody.

use regex::{Captures, Regex};
use std::sync::LazyLock;
use xxhash_rust::xxh3::xxh3_64;

static NAMES: LazyLock<Regex> =
    LazyLock::new(|| regex(r#"(?i)(\s(?:class|id)\s*=\s*)("[^"]*"|'[^']*'|[^\s>"']+)"#));
static SIGNS: LazyLock<Regex> = LazyLock::new(|| {
    regex(r#"(?i)\s(?:role|itemprop|itemtype|itemscope)\b(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"']+))?"#)
});
static ELEMENTS: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?i)<(/?)(?:article|main|nav|aside|header|footer|section)\b"));

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a pattern")
}

/// The page with every class and id exchanged for one that says nothing, the same for the same, or, if not `named`,
/// without any; without roles and microdata; with plain elements in the place of those that say what they hold. Text
/// that reads like an attribute is taken for one.
pub fn disguise(html: &str, named: bool) -> String {
    let html = NAMES.replace_all(html, |name: &Captures| {
        if !named {
            return " ".to_owned();
        }
        let list = name[2].trim_matches(['"', '\'']);
        let list: Vec<String> =
            list.split_whitespace().map(|name| format!("x{:07x}", xxh3_64(name.as_bytes()) >> 36)).collect();
        format!("{}\"{}\"", &name[1], list.join(" "))
    });
    let html = SIGNS.replace_all(&html, "");
    ELEMENTS.replace_all(&html, "<${1}div").into_owned()
}

#[cfg(test)]
mod tests {
    use super::disguise;
    use tamis::clean::parse::{self, Budget};
    use tamis::clean::{region, segment};

    #[test]
    fn the_text_stays_and_no_name_says_anything() {
        let page = "<body class=home><HEADER id='top' role=banner><nav class=\"nav main-nav\">Ports</nav></HEADER>\
            <article itemscope itemprop=articleBody><p class=\"lead\">The ferry runs.</p></article></body>";
        let blocks = |html: &str| {
            let (tree, _) = parse::parse(html, &Budget::default());
            segment::segment(&tree, &region::map(&tree))
        };
        let texts = |html: &str| blocks(html).into_iter().map(|b| b.text).collect::<Vec<_>>();
        assert!(blocks(page).iter().all(|b| b.region.0 != 0));
        for named in [true, false] {
            let other = disguise(page, named);
            assert_eq!(texts(&other), ["Ports", "The ferry runs."]);
            assert!(blocks(&other).iter().all(|b| b.region.0 == 0), "{other}");
            for said in ["nav", "lead", "article", "banner", "top", "header", "main"] {
                assert!(!other.to_lowercase().contains(said), "{said}: {other}");
            }
            assert_eq!(other.contains("<p class="), named);
            assert_eq!(other, disguise(page, named));
        }
    }
}
