//! Site memory: what it means for a block that its line stands on other pages of the site too. Says which site a page
//! belongs to, what a page teaches, and lowers the chance of what repeats. Knows one page at a time; what repeats is
//! learned by `dedup::site`.

use super::block::{Block, Shape};
use super::describe::small_print;
use super::own_address;
use super::parse::Tree;
use super::weigh::Weighed;
use super::weigh::rules::Evidence;
use super::{Focus, choose as choice};
use crate::dedup::site::{Common, Learned, Line, Page};
use std::collections::HashMap;
use std::sync::Arc;
use url::{Host, Url};

/// What is known of sites, and where this document lies.
#[derive(Debug, Clone)]
pub struct Memory {
    pub learned: Arc<Learned>,
    /// The folder or file that the document came from; a site of its own where nothing says which site it is.
    pub folder: Option<Arc<str>>,
}

/// What one page teaches.
#[derive(Debug, Clone)]
pub struct Lesson {
    /// The sites it belongs to, at most two.
    pub sites: Vec<Arc<str>>,
    pub page: Page,
}

/// Names of folders begin so, and no host does.
const FOLDER: &str = "folder:";

/// A line that repeats is so much less likely, in log-odds, and so much more on every page of a site, however much it
/// looks like text; chosen out-of-fold on labelled pages.
const REPEATED: f32 = 6.0;
const EVERYWHERE: f32 = 8.0;

/// A short one is a label as often as furniture.
const REPEATED_SHORT: f32 = 0.5;

/// Words of a short line.
const SHORT: u64 = 4;

/// A level-1 heading on fewer of the pages than one in so many is a title that others link to, not the site's name.
const TITLE_ONE_IN: u32 = 2;

/// What repeats may be this much of what would be kept, of a site and of a folder, which may hold anything; where it is
/// more and likely text, the pages are copies of a form, such as a contract, and their words are meant.
const MOST_OF_SITE: f32 = 0.75;
const MOST_OF_FOLDER: f32 = 0.5;

/// So likely is text, on the mean over its words, and what a page repeats around a short item is not; both measured
/// out-of-fold.
const LIKELY_TEXT: f32 = 0.85;

/// A block whose line repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Repeated {
    /// Pages known to have the line, and pages known.
    pub pages: u32,
    pub of: u32,
    /// Of a folder, not of a site.
    pub in_folder: bool,
    /// Without the memory it would have been kept.
    pub decided: bool,
}

impl Repeated {
    /// The reason in words.
    pub fn words(self) -> String {
        format!("repeats on {} pages of this {}", self.pages, if self.in_folder { "folder" } else { "site" })
    }
}

/// What a page teaches: its lines, and the sites it belongs to. `evidence` is asked for only where nothing else names
/// the site.
pub fn lesson(
    blocks: &[Block],
    tree: Option<&Tree>,
    url: Option<&Url>,
    folder: Option<&str>,
    evidence: impl FnOnce() -> Vec<Evidence>,
) -> Lesson {
    let page = Page::of(blocks.iter().filter_map(|block| Line::of(&block.text)));
    Lesson { sites: sites(blocks, tree, url, folder, evidence), page }
}

/// The registered domain of the address, else of the one that the page says is its own; else the host that a text's
/// small print names, and the folder.
fn sites(
    blocks: &[Block],
    tree: Option<&Tree>,
    url: Option<&Url>,
    folder: Option<&str>,
    evidence: impl FnOnce() -> Vec<Evidence>,
) -> Vec<Arc<str>> {
    let declared = || tree.and_then(own_address::declared);
    if let Some(site) = url.and_then(domain).or_else(|| declared().as_ref().and_then(domain)) {
        return vec![site.into()];
    }
    if let Some(site) = folder.and_then(|folder| folder.split(['/', '\\']).rev().find_map(mirrored)) {
        return vec![site.into()];
    }
    let named = if tree.is_none() { small_print(blocks, &evidence()) } else { None };
    let named = named.map(|name| psl::domain_str(&name).map_or(name.to_lowercase(), str::to_owned));
    let folder = folder.map(|folder| format!("{FOLDER}{folder}"));
    named.into_iter().chain(folder).map(Arc::from).collect()
}

fn domain(url: &Url) -> Option<String> {
    match url.host()? {
        Host::Domain(name) => Some(psl::domain_str(name).unwrap_or(name).to_lowercase()),
        address => Some(address.to_string()),
    }
}

/// The domain that a folder is named after, as mirroring programs do.
fn mirrored(folder: &str) -> Option<String> {
    let folder = folder.to_lowercase();
    let known = psl::suffix(folder.as_bytes()).is_some_and(|suffix| suffix.is_known());
    let plain = folder.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'));
    (known && plain).then(|| psl::domain_str(&folder).map(str::to_owned)).flatten()
}

/// Chooses, once the chances of what repeats are lowered. Gives what is kept and, for each block, whether it repeats.
pub fn choose(
    blocks: &[Block],
    tree: Option<&Tree>,
    url: Option<&Url>,
    weighed: &mut Weighed,
    focus: Focus,
    memory: &Memory,
) -> (Vec<bool>, Vec<Option<Repeated>>) {
    let kept = choice::choose(blocks, weighed, focus);
    let sites = sites(blocks, tree, url, memory.folder.as_deref(), || weighed.evidence.clone());
    let known: Vec<(bool, &Common)> =
        sites.iter().filter_map(|s| Some((s.starts_with(FOLDER), memory.learned.site(s)?))).collect();
    let mut repeated = find(blocks, &known);
    if repeated.iter().all(Option::is_none) {
        return (kept, repeated);
    }
    let before = weighed.chances.clone();
    for ((block, chance), repeated) in blocks.iter().zip(&mut weighed.chances).zip(&repeated) {
        if let Some(repeated) = repeated {
            *chance = lowered(*chance, Line::of(&block.text).map_or(0, Line::words), repeated);
        }
    }
    let now = choice::choose(blocks, weighed, focus);
    if is_form(blocks, &before, &kept, &now, &repeated) {
        weighed.chances = before;
        return (kept, vec![None; blocks.len()]);
    }
    for (repeated, (before, now)) in repeated.iter_mut().zip(kept.iter().zip(&now)) {
        if let Some(repeated) = repeated {
            repeated.decided = *before && !now;
        }
    }
    (now, repeated)
}

/// Whether the memory would take most of a page, and that is likely text. `kept` without it, `now` with it.
fn is_form(
    blocks: &[Block],
    chances: &[f32],
    kept: &[bool],
    now: &[bool],
    repeated: &[Option<Repeated>],
) -> bool {
    let (mut all, mut lost, mut likely) = (0.0, 0.0, 0.0);
    for (at, block) in blocks.iter().enumerate().filter(|&(at, _)| kept[at]) {
        let words = block.words as f32;
        all += words;
        if !now[at] {
            lost += words;
            likely += words * chances[at];
        }
    }
    let most = if repeated.iter().flatten().any(|r| r.in_folder) { MOST_OF_FOLDER } else { MOST_OF_SITE };
    lost > most * all && likely >= LIKELY_TEXT * lost
}

/// Which blocks repeat. A line that stands on its page twice is a form that is filled in, such as a card's label.
fn find(blocks: &[Block], known: &[(bool, &Common)]) -> Vec<Option<Repeated>> {
    if known.is_empty() {
        return vec![None; blocks.len()];
    }
    let lines: Vec<Option<Line>> = blocks.iter().map(|block| Line::of(&block.text)).collect();
    let mut times: HashMap<Line, usize> = HashMap::new();
    for line in lines.iter().flatten() {
        *times.entry(*line).or_default() += 1;
    }
    let find = |block: &Block, line: Line| {
        let best = known.iter().filter_map(|&(in_folder, common)| {
            let pages = common.repeats(line)?;
            Some(Repeated { pages, of: common.pages(), in_folder, decided: false })
        });
        let best = best.max_by_key(|repeated| (repeated.pages, !repeated.in_folder))?;
        let title = matches!(block.shape, Shape::Heading(1));
        let linked = title && best.pages.saturating_mul(TITLE_ONE_IN) <= best.of;
        (!linked && times.get(&line) == Some(&1)).then_some(best)
    };
    blocks.iter().zip(lines).map(|(block, line)| find(block, line?)).collect()
}

fn lowered(chance: f32, words: u64, repeated: &Repeated) -> f32 {
    let p = chance.clamp(1e-6, 1.0 - 1e-6);
    let share = repeated.pages as f32 / repeated.of.max(1) as f32;
    let loss = if words <= SHORT { REPEATED_SHORT } else { REPEATED + EVERYWHERE * share };
    let odds = (p / (1.0 - p)).ln() - loss;
    1.0 / (1.0 + (-odds).exp())
}

#[cfg(test)]
mod tests {
    use super::super::{Cleaned, Input, Media, Options, clean, learn};
    use super::{FOLDER, Memory};
    use crate::dedup::site::Sites;
    use std::sync::Arc;
    use url::Url;

    fn sites_of(page: &str, media: Media, url: Option<&str>, folder: &str) -> Vec<String> {
        let url = url.and_then(|url| Url::parse(url).ok());
        let input = Input { bytes: page.as_bytes(), media, charset: Some("utf-8"), url: url.as_ref() };
        learn(&input, Some(folder)).sites.iter().map(|site| site.to_string()).collect()
    }

    #[test]
    fn a_page_is_of_the_site_that_is_surest() {
        let text = "The ferry came back.\n\n© 2024 www.shores.example.com. All rights reserved.";
        let folder = |name: &str| format!("{FOLDER}{name}");
        let given = Some("https://news.example.co.uk/a");
        assert_eq!(sites_of(text, Media::Text, given, "x"), ["example.co.uk"]);
        assert_eq!(sites_of("<p>x", Media::Html, Some("http://127.0.0.1:80/a"), "x"), ["127.0.0.1"]);
        let declared = "<link rel=canonical href='https://www.example.org/a'><p>Rain</p>";
        assert_eq!(sites_of(declared, Media::Html, None, "x"), ["example.org"]);
        assert_eq!(sites_of("<p>Rain", Media::Html, None, "in/www.example.net/a"), ["example.net"]);
        assert_eq!(sites_of(text, Media::Text, None, "x"), ["example.com".to_owned(), folder("x")]);
        assert_eq!(sites_of("Rain.", Media::Text, None, "a.b/.."), [folder("a.b/..")]);
    }

    /// Ten pages of one site: each has a heading, a text of its own and what is given; cleaned with what the site
    /// repeats, and without.
    fn site(of: impl Fn(usize) -> String) -> [Vec<Cleaned>; 2] {
        let url = Url::parse("https://example.org/").ok();
        let names = ["oak", "elm", "ash", "fir", "yew", "fig", "bay", "box", "may", "nut"];
        let page = |n: usize| {
            let own: String = (0..4)
                .map(|m| {
                    let (tree, other) = (names[n], names[(n + m + 1) % 10]);
                    format!(
                        "<p>In the year {m} the {tree} grew a little taller than the {other} beside it, and the \
                         people who lived under the {tree} said that it had always been so.</p>"
                    )
                })
                .collect();
            format!("<html><body><article><h1>The {}</h1>{own}{}</article></body></html>", names[n], of(n))
        };
        let pages: Vec<String> = (0..10).map(page).collect();
        let input = |page: &'_ String| -> Vec<u8> { page.clone().into_bytes() };
        let mut sites = Sites::default();
        let bytes: Vec<Vec<u8>> = pages.iter().map(input).collect();
        let inputs: Vec<Input<'_>> = bytes
            .iter()
            .map(|bytes| Input { bytes, media: Media::Html, charset: None, url: url.as_ref() })
            .collect();
        for input in &inputs {
            let lesson = learn(input, None);
            sites.add(&lesson.sites, lesson.page);
        }
        let with = Some(Memory { learned: Arc::new(sites.learned()), folder: None });
        [with, None].map(|memory| {
            let options = Options { memory, explain: true, account: true, ..Options::default() };
            inputs.iter().map(|input| clean(input, &options)).collect()
        })
    }

    #[test]
    fn what_repeats_goes_and_says_so() {
        let motto =
            "<p>Whoever plants a tree in our village gets a loaf of bread and a song from the smith.</p>";
        let [with, without] = site(|_| motto.to_owned());
        assert!(without.iter().all(|cleaned| cleaned.text.contains("loaf of bread")));
        for cleaned in with {
            assert!(
                !cleaned.text.contains("loaf of bread") && cleaned.text.contains("taller"),
                "{}",
                cleaned.text
            );
            let removed = cleaned.removed.unwrap_or_default();
            let loaf = removed.iter().find(|block| block.text.contains("loaf"));
            assert_eq!(loaf.map(|block| block.reason.as_str()), Some("repeats on 10 pages of this site"));
            let account = cleaned.account.map(|account| account.pieces).unwrap_or_default();
            let signs: Vec<_> = account.iter().flat_map(|piece| &piece.signs).collect();
            assert!(signs.iter().any(|sign| sign.words == "repeats on 10 pages of this site (10 are known)"));
        }
    }

    #[test]
    fn a_text_some_pages_share_a_card_and_a_linked_title_stay() {
        let quoted =
            "<p>The smith told the council on Monday that every song was his own and every loaf as well.</p>";
        let card =
            "<p>It can be planted in autumn and in spring, as long as the ground is not frozen hard.</p>";
        let teaser = "The oak that everybody in the village has climbed at least once";
        let shared = site(|n| if n < 3 { quoted.to_owned() } else { String::new() });
        // What stands on a page more than once is a form: here a card's line.
        let cards = site(|n| {
            format!("{card}<p>The {n}th of the kind is the one that people like most of all.</p>{card}")
        });
        // A title that four other pages link to is the title on its own page.
        let linked = site(|n| match n {
            0 => format!(
                "<h1>{teaser}</h1><p>It stands by the well and has done so for two hundred years now.</p>"
            ),
            1..=4 => format!("<aside><a href=/oak>{teaser}</a></aside>"),
            _ => String::new(),
        });
        for ([with, without], words) in
            [(shared, "every song"), (cards, "not frozen hard"), (linked, "by the well")]
        {
            assert!(without[0].text.contains(words), "{}", without[0].text);
            assert_eq!(with[0].text, without[0].text);
        }
    }
}
