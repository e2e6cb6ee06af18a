use super::{Robots, product_token};
use proptest::prelude::{any, prop, proptest};
use std::time::Duration;

/// `rules` are the file; each case is a path and whether it may be fetched.
fn check(name: &str, file: &str, cases: &[(&str, bool)]) {
    let robots = Robots::parse(file.as_bytes(), "tamis");
    for (path, allowed) in cases {
        let decision = robots.decide(path);
        assert_eq!(decision.allowed, *allowed, "{name}: {path}: {}", decision.why);
    }
}

#[test]
fn rules_decide_as_rfc_9309_says() {
    check("no file", "", &[("/", true), ("/x", true)]);
    check("all", "User-agent: *\nDisallow: /", &[("/", false), ("/x?y", false)]);
    check("nothing", "User-agent: *\nDisallow:", &[("/", true)]);
    check(
        "the longest match wins, whatever the order",
        "User-agent: *\nAllow: /a/b\nDisallow: /a\nDisallow: /a/b/c",
        &[("/a", false), ("/a/b", true), ("/a/b/c", false), ("/b", true)],
    );
    check(
        "of equal matches the allowing one wins",
        "User-agent: *\nDisallow: /same\nAllow: /same",
        &[("/same", true)],
    );
    check(
        "paths are case-sensitive, keys and agents are not",
        "USER-AGENT: TaMiS\nDISALLOW: /Upper",
        &[("/Upper", false), ("/upper", true)],
    );
    check(
        "the query is part of the path",
        "User-agent: *\nDisallow: /*?print=",
        &[("/x?print=1", false), ("/x", true), ("/?a&print=", true)],
    );
}

#[test]
fn groups_are_chosen_and_joined() {
    check(
        "a named group replaces the one for everyone",
        "User-agent: *\nDisallow: /\nUser-agent: tamis\nDisallow: /private",
        &[("/", true), ("/private/x", false)],
    );
    check(
        "groups of the same name are one",
        "User-agent: tamis\nDisallow: /a\nUser-agent: other\nDisallow: /b\nUser-agent: tamis\nDisallow: /c",
        &[("/a", false), ("/b", true), ("/c", false)],
    );
    check(
        "several names share a group; other lines do not end it",
        "User-agent: other\nSitemap: /s.xml\nCrawl-delay: 3\nUser-agent: tamis/9.9\n\nDisallow: /a",
        &[("/a", false)],
    );
    check(
        "a longer name is another crawler",
        "User-agent: tamisbot\nDisallow: /\nUser-agent: tam\nDisallow: /",
        &[("/x", true)],
    );
    check("rules before any agent mean nothing", "Disallow: /\nUser-agent: x\nDisallow: /", &[("/x", true)]);
    check(
        "a named group without rules allows all",
        "User-agent: tamis\nDisallow:\nUser-agent: *\nDisallow: /",
        &[("/x", true)],
    );
}

#[test]
fn wildcards_and_ends_match() {
    check(
        "star and dollar",
        "User-agent: *\nDisallow: /*.php$\nDisallow: /a*b*c\nDisallow: /exact$",
        &[
            ("/x.php", false),
            ("/x.php?y", true),
            ("/x.php5", true),
            ("/.php", false),
            ("/a-b-c-d", false),
            ("/acb", true),
            ("/abc", false),
            ("/exact", false),
            ("/exact/", true),
        ],
    );
    check(
        "a final piece is looked for at the end",
        "User-agent: *\nDisallow: /*ab$\nDisallow: /x*x$",
        &[("/abxab", false), ("/ab/", true), ("/xx", false), ("/x", true)],
    );
    check(
        "stars without meaning",
        "User-agent: *\nDisallow: /a**\nDisallow: *b",
        &[("/a", false), ("/zb", false), ("/z", true)],
    );
    check("a dollar inside is itself", "User-agent: *\nDisallow: /a$b", &[("/a$b", false), ("/a", true)]);
}

#[test]
fn escapes_mean_the_same_however_written() {
    check(
        "non-ASCII and its escapes",
        "User-agent: *\nDisallow: /é\nDisallow: /%c3%bc",
        &[("/%C3%A9", false), ("/%c3%a9", false), ("/%C3%BC", false)],
    );
    check(
        "a needless escape does not hide",
        "User-agent: *\nDisallow: /%70rivate",
        &[("/private", false), ("/%70rivate", false)],
    );
    check("nor in the path", "User-agent: *\nDisallow: /private", &[("/%70riv%61te", false)]);
    check(
        "an escaped slash is no slash",
        "User-agent: *\nDisallow: /a%2Fb",
        &[("/a/b", true), ("/a%2fb", false)],
    );
}

#[test]
fn sloppy_files_are_understood() {
    check(
        "BOM, CR, comments, spaces",
        "\u{feff}user-agent :  * # all\r  disallow :/x # no\r",
        &[("/x", false), ("/y", true)],
    );
    check("misspelt and without colon", "useragent *\ndisalow /x", &[("/x", false)]);
    check(
        "index pages",
        "User-agent: *\nDisallow: /\nAllow: /d/index.html",
        &[("/d/", true), ("/d/index.html", true), ("/d/x", false)],
    );
    check("an HTML page is no rule", "<!DOCTYPE html><html><body>Disallow: /</body></html>", &[("/x", true)]);
}

#[test]
fn utf16_is_read_and_only_the_beginning_counts() {
    let text = "User-agent: *\nDisallow: /x\n";
    let mut wide = vec![0xff, 0xfe];
    wide.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    assert!(!Robots::parse(&wide, "tamis").decide("/x").allowed);

    let mut long = b"User-agent: *\nDisallow: /early\n".to_vec();
    long.extend(b"# filler\n".repeat(super::MOST_BYTES / 9));
    long.extend(b"Disallow: /late\n");
    let robots = Robots::parse(&long, "tamis");
    assert!(!robots.decide("/early").allowed);
    assert!(robots.decide("/late").allowed);
}

#[test]
fn crawl_delay_belongs_to_its_group() {
    let delay = |file: &str| Robots::parse(file.as_bytes(), "tamis").crawl_delay();
    assert_eq!(delay("User-agent: *\nCrawl-delay: 2.5"), Some(Duration::from_millis(2500)));
    assert_eq!(delay("User-agent: *\nCrawl-delay: 9\nUser-agent: tamis\nAllow: /"), None);
    assert_eq!(
        delay("User-agent: tamis\nCrawl-delay: 4\nAllow: /\nUser-agent: *\nCrawl-delay: 9"),
        Some(Duration::from_secs(4))
    );
    for nonsense in ["-1", "soon", "NaN", ""] {
        assert_eq!(delay(&format!("User-agent: *\nCrawl-delay: {nonsense}")), None);
    }
    assert!(delay("User-agent: *\nCrawl-delay: inf").is_some_and(|d| d > Duration::from_secs(1000)));
}

#[test]
fn the_decision_names_its_rule() {
    let robots = Robots::parse(b"User-agent: *\nAllow: /\nDisallow: /private", "tamis");
    assert_eq!(robots.decide("/private/x").why, "disallowed: line 3, Disallow: /private");
    assert_eq!(robots.decide("/x").why, "allowed: line 2, Allow: /");
    assert_eq!(product_token("my-bot_x/1.0 (+https://e.org)"), "my-bot_x");
}

#[test]
fn hostile_wildcards_cost_linear_work() {
    // Backtracking over this would not end; a linear match takes milliseconds.
    let mut file = b"User-agent: *\nDisallow: /".to_vec();
    file.extend(b"*a".repeat(8000));
    file.extend(b"*b$\n");
    let robots = Robots::parse(&file, "tamis");
    assert!(robots.decide(&("/".to_owned() + &"a".repeat(100_000))).allowed);
}

/// The definition, by recursion over short texts.
fn slow_glob(pattern: &[u8], path: &[u8]) -> bool {
    match pattern.split_first() {
        None => true,
        Some((b'$', [])) => path.is_empty(),
        Some((b'*', rest)) => (0..=path.len()).any(|at| slow_glob(rest, &path[at..])),
        Some((first, rest)) => {
            path.split_first().is_some_and(|(p, tail)| p == first && slow_glob(rest, tail))
        }
    }
}

proptest! {
    #[test]
    fn matching_agrees_with_its_definition(
        pattern in prop::collection::vec(prop::sample::select(vec![b'a', b'b', b'*', b'$', b'/']), 0..8),
        path in prop::collection::vec(prop::sample::select(vec![b'a', b'b', b'$', b'/']), 0..10),
    ) {
        assert_eq!(super::glob(&pattern, &path), slow_glob(&pattern, &path));
    }

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..300), path in ".{0,40}") {
        let _ = Robots::parse(&bytes, "tamis").decide(&path);
    }

    #[test]
    fn any_rules_are_survived(
        lines in prop::collection::vec("(user-agent|allow|disallow|crawl-delay)[: ][ -~]{0,20}", 0..20),
        path in "/[ -~]{0,40}"
    ) {
        let robots = Robots::parse(lines.join("\n").as_bytes(), "tamis");
        assert_eq!(robots.decide(&path), robots.decide(&path));
    }
}
