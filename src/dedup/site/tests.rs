//! What a memory of sites promises: the same for every order, bounded, and never more sure than it may be.

use super::{LEAST_PAGES, LINES_OF_A_PAGE, Line, MOST_PAGES, PAGES_OF_A_SITE, Page, Sites};
use proptest::collection::vec;
use proptest::{prop_assert, prop_assert_eq, proptest};
use std::sync::Arc;

fn line(text: &str) -> Line {
    Line::of(text).expect("a line with letters")
}

/// A sentence of its own for every number.
fn own(n: usize) -> String {
    let word = |n: usize| n.to_string().bytes().map(|b| char::from(b - b'0' + b'a')).collect::<String>();
    format!(
        "{} met {} in the harbour of {} and they talked for a long time",
        word(n),
        word(n * 7),
        word(n * 3)
    )
}

fn page(lines: &[&str]) -> Page {
    Page::of(lines.iter().filter_map(|text| Line::of(text)))
}

fn add(sites: &mut Sites, site: &str, lines: &[&str]) {
    sites.add(&[Arc::from(site)], page(lines));
}

fn state(sites: &Sites) -> Vec<(String, Vec<Page>)> {
    sites.rows().map(|(site, pages)| (site.to_owned(), pages.cloned().collect())).collect()
}

#[test]
fn lines_are_compared_by_their_words() {
    assert_eq!(line("Read  more »"), line("read MORE"));
    assert_ne!(line("Save 24 %"), line("Save 25 %"));
    assert_eq!([line("Read more").words(), line("我们今天去看电影").words()], [2, 4]);
    assert_eq!(line("हिन्दी में").words(), 2);
    assert_eq!([Line::of("12 / 3"), Line::of("— ✆ —"), Line::of("x 1")], [None, None, None]);
    assert_eq!(line(&"word ".repeat(9_999)).words(), 4095);
}

#[test]
fn what_stands_on_many_pages_is_learned_and_what_is_their_own_is_not() {
    let mut sites = Sites::default();
    for n in 0..20 {
        let mut lines = vec!["Subscribe to our letter", "All rights reserved"];
        let own = own(n);
        lines.push(&own);
        if n < 3 {
            lines.push("A word of three pages");
        }
        if n % 2 == 0 {
            lines.push("Every second page says so");
        }
        add(&mut sites, "example.org", &lines);
    }
    let learned = sites.learned();
    let site = learned.site("example.org").expect("twenty pages");
    assert_eq!((learned.len(), site.pages()), (1, 20));
    assert_eq!(site.repeats(line("subscribe to our letter!")), Some(20));
    assert_eq!(site.repeats(line("Every second page says so")), Some(10));
    assert_eq!(site.repeats(line("A word of three pages")), None);
    assert_eq!(site.repeats(line(&own(3))), None);
}

#[test]
fn a_small_site_teaches_nothing_and_nearly_the_same_pages_count_once() {
    let mut small = Sites::default();
    let mut copies = Sites::default();
    for n in 0..LEAST_PAGES as usize - 1 {
        add(&mut small, "s", &["Home and news", &own(n)]);
    }
    assert!(small.learned().is_empty());
    // One text at thirty addresses, each with a line of its own.
    for n in 0..30 {
        let text: Vec<String> = (100..104).map(own).collect();
        let ending = format!("Seen at {n} by us");
        add(&mut copies, "c", &[&text[0], &text[1], &text[2], &text[3], "Home and news", &ending]);
    }
    for n in 0..9 {
        add(&mut copies, "c", &["Home and news", &own(n)]);
    }
    let learned = copies.learned();
    let site = learned.site("c").expect("ten distinct pages");
    assert_eq!(site.pages(), 10);
    assert_eq!((site.repeats(line("Home and news")), site.repeats(line(&own(101)))), (Some(10), None));
}

#[test]
fn memory_is_bounded_whatever_comes() {
    let many = (0..LINES_OF_A_PAGE * 3).map(own).collect::<Vec<_>>();
    assert_eq!(Page::of(many.iter().map(|text| line(text))).lines().len(), LINES_OF_A_PAGE);
    let mut one = Sites::default();
    for n in 0..PAGES_OF_A_SITE * 2 {
        add(&mut one, "s", &["Home and news", &own(n)]);
    }
    assert_eq!((one.pages, one.level()), (PAGES_OF_A_SITE, 0));
    let count = one.learned().site("s").and_then(|site| site.repeats(line("home and news")));
    assert_eq!(count, Some(PAGES_OF_A_SITE as u32));
    let mut sites = Sites { most: 500, ..Sites::default() };
    for n in 0..4_000 {
        add(&mut sites, &format!("site {}", n % 1_000), &["Home and news", &own(n)]);
        assert!(sites.pages <= 500);
    }
    assert!(sites.level() > 5 && sites.pages > 100, "{} {}", sites.level(), sites.pages);
    assert!(Sites::default().most == MOST_PAGES);
}

proptest! {
    #[test]
    fn the_order_of_the_pages_does_not_matter(
        pages in vec((0usize..9, 0usize..40, vec(0usize..12, 0..6)), 1..120),
        turn in 0usize..120,
        most in 8usize..60,
    ) {
        let add_all = |sites: &mut Sites, pages: &[(usize, usize, Vec<usize>)]| {
            for (site, text, shared) in pages {
                let mut lines: Vec<Line> = shared.iter().map(|n| line(&own(1_000 + n))).collect();
                lines.push(line(&own(*text)));
                let both = [Arc::from(format!("site {site}")), Arc::from("folder")];
                sites.add(&both, Page::of(lines));
            }
        };
        let fresh = || Sites { most, ..Sites::default() };
        let (mut forwards, mut turned) = (fresh(), fresh());
        add_all(&mut forwards, &pages);
        let (first, last) = pages.split_at(turn % pages.len());
        let mut other: Vec<_> = last.iter().rev().chain(first).cloned().collect();
        other.extend_from_slice(first);
        add_all(&mut turned, &other);
        prop_assert_eq!(state(&forwards), state(&turned));
        prop_assert_eq!(forwards.level(), turned.level());
        prop_assert!(forwards.pages <= most);
        // Two memories joined are the memory of both.
        let (mut joined, mut rest) = (fresh(), fresh());
        add_all(&mut joined, first);
        add_all(&mut rest, last);
        joined.rise(rest.level());
        for (site, pages) in rest.rows() {
            for page in pages {
                joined.add(&[Arc::from(site)], Page::from_numbers(page.lines().iter().map(|l| l.number())));
            }
        }
        prop_assert_eq!(state(&forwards), state(&joined));
    }
}
