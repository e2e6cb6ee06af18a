//! What holds for any bytes, and for the fixtures cut, joined and changed.

use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, any, prop_assert, prop_assert_eq, proptest};
use std::ops::Range;
use tamis::clean::repair::{self, Repairs};
use tamis::clean::{Cleaned, Input, Media, Options, clean, text};

/// Cleans, and gives all there is to give.
pub(super) fn run(bytes: &[u8], media: Media) -> Cleaned {
    let options = Options {
        explain: true,
        account: true,
        markdown: true,
        links: true,
        images: true,
        ..Options::default()
    };
    clean(&Input { bytes, media, charset: None, url: None }, &options)
}

fn sources() -> Vec<Vec<u8>> {
    let sources = super::cases().into_iter().map(|case| super::source(&case));
    sources.filter(|(media, _)| *media != Media::Markdown).map(|(_, source)| source).collect()
}

/// Everything a text file holds is either kept or removed with a reason, and removed bytes are named rightly.
fn accounted_for(text: &str) -> Result<(), String> {
    let cleaned = run(text.as_bytes(), Media::Text);
    let removed = cleaned.removed.unwrap_or_default();
    for r in &removed {
        let (Some(start), Some(end)) = (r.start, r.end) else { return Err(format!("{r:?} has no place")) };
        if text.get(start..end).is_none() || r.reason.is_empty() {
            return Err(format!("{r:?} is not where it says"));
        }
    }
    let letters = |s: &str| s.chars().filter(|c| c.is_alphanumeric()).count();
    let gone: usize = removed.iter().map(|r| letters(&r.text)).sum();
    let all = letters(&repair::text(text, Repairs::ALL, false).text);
    if letters(&cleaned.text) + gone != all {
        return Err(format!("{} kept and {gone} removed of {all}", letters(&cleaned.text)));
    }
    if all > 0 && letters(&cleaned.text) == 0 {
        return Err("nothing was kept".to_owned());
    }
    Ok(())
}

#[test]
fn the_fixtures_are_accounted_for_to_the_letter() {
    for source in sources() {
        let text = String::from_utf8_lossy(&source);
        if !text.trim_start().starts_with('<') {
            accounted_for(&text).expect("accounted for");
        }
    }
}

/// The texts among the fixtures.
fn texts() -> Vec<String> {
    let texts = sources().into_iter().filter(|source| !source.trim_ascii_start().starts_with(b"<"));
    let texts: Vec<String> = texts.map(|source| String::from_utf8_lossy(&source).into_owned()).collect();
    assert!(texts.len() > 20, "only {} texts", texts.len());
    texts
}

/// Those of these texts that change when they are cleaned a second time, as they were and as they became.
fn unsettled(texts: &[String]) -> Vec<[String; 2]> {
    let cleaned = |text: &str| run(text.as_bytes(), Media::Text).text;
    let both = texts.iter().map(|text| cleaned(text)).map(|once| [cleaned(&once), once]);
    both.filter(|[twice, once]| twice != once).collect()
}

#[test]
fn a_text_that_was_cleaned_stays_as_it_is() {
    let lost = unsettled(&texts());
    assert!(lost.is_empty(), "{}:\n{lost:#?}", lost.len());
}

/// Lines of two texts in turn: what is kept of them is in doubt more often.
#[test]
fn a_mixture_that_was_cleaned_stays_as_it_is() {
    let texts = texts();
    let mix = |one: &str, other: &str| -> String {
        let (one, other): (Vec<_>, Vec<_>) = (one.lines().collect(), other.lines().collect());
        let line = |of: &[&str], at: usize| of.get(at).map_or(String::new(), |line| format!("{line}\n"));
        (0..one.len().max(other.len())).map(|at| line(&one, at) + &line(&other, at)).collect()
    };
    let apart = |by: usize| texts.iter().zip(texts.iter().skip(by)).map(|(one, other)| mix(one, other));
    let mixed: Vec<String> = (1..4).flat_map(apart).collect();
    let lost = unsettled(&mixed);
    assert!(lost.is_empty(), "{} of {}:\n{lost:#?}", lost.len(), mixed.len());
}

/// The lines that are kept of a Markdown file are its own, and cleaning it once more takes none of them.
#[test]
fn a_markdown_file_is_written_as_it_stands_and_stays_as_it_is() {
    let cleaned = |text: &str| run(text.as_bytes(), Media::Markdown).markdown.expect("asked for");
    let sources = super::cases().into_iter().map(|case| super::source(&case));
    let mut seen = 0;
    for source in sources.filter_map(|(media, source)| (media == Media::Markdown).then_some(source)) {
        let source = String::from_utf8(source).expect("UTF-8");
        let once = cleaned(&source);
        // Each in its turn, and once.
        let mut own = source.lines();
        let mut kept = once.lines().filter(|line| !line.is_empty());
        assert!(kept.all(|line| own.any(|o| o == line)), "{once}");
        assert_eq!(cleaned(&once), once);
        seen += 1;
    }
    assert!(seen >= 3, "only {seen}");
}

/// The account tells the same story as the text and the removed blocks, and its limit explains what nothing else does.
#[test]
fn the_account_agrees_with_what_came_out() {
    let letters = |s: &str| s.chars().filter(|c| c.is_alphanumeric()).count();
    for source in sources() {
        let cleaned = run(&source, Media::Unknown);
        let account = cleaned.account.expect("asked for");
        let (kept, gone): (Vec<_>, Vec<_>) = account.pieces.iter().partition(|piece| piece.is_kept());
        let shown: usize = kept.iter().map(|piece| letters(&piece.text)).sum();
        assert!(shown >= letters(&cleaned.text), "{}", cleaned.text);
        let removed = cleaned.removed.expect("asked for");
        assert!(
            removed
                .iter()
                .map(|r| (&r.text, Some(&r.reason)))
                .eq(gone.iter().map(|p| (&p.text, p.reason.as_ref())))
        );
        for piece in account.pieces.iter().filter(|piece| piece.exception.is_none()) {
            let likely = account.threshold.zip(piece.chance).is_some_and(|(least, chance)| chance >= least);
            assert_eq!(piece.is_kept(), likely, "{piece:?} of {:?}", account.threshold);
            assert!(piece.signs.is_sorted_by(|a, b| a.weight >= b.weight), "{piece:?}");
            assert!(piece.signs.iter().all(|sign| (0.0..=1.0).contains(&sign.weight)), "{piece:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_cleaned(bytes in vec(any::<u8>(), 0..2_000)) {
        for media in [Media::Html, Media::Text, Media::Markdown, Media::Unknown] {
            let once = run(&bytes, media);
            prop_assert_eq!(once.text, run(&bytes, media).text);
        }
    }

    #[test]
    fn every_sign_of_markdown_is_in_one_block_or_definition(text in "[\\[\\]()*_`~>|#:!<\\-\n\r a-cé中1]{0,300}") {
        let mut last = 0;
        let lines = text::read(&text, Repairs::NONE, true);
        let mut places: Vec<Range<usize>> = lines.definitions.into_iter().map(|definition| definition.at).collect();
        places.extend(lines.ranges);
        places.sort_by_key(|bytes| bytes.start);
        for bytes in places {
            let padding = text.get(last..bytes.start);
            prop_assert!(padding.is_some_and(|p| p.trim().is_empty()), "{padding:?} before {bytes:?} of {text:?}");
            last = bytes.end;
        }
        prop_assert!(text[last..].trim().is_empty(), "{:?} at the end of {text:?}", &text[last..]);
    }

    #[test]
    fn changed_fixtures_are_cleaned(which in any::<usize>(), other in any::<usize>(), cut in any::<usize>(), flips in vec((any::<usize>(), any::<u8>()), 0..20)) {
        let sources = sources();
        let mut bytes = sources[which % sources.len()].clone();
        bytes.truncate(cut % (bytes.len() + 1));
        bytes.extend_from_slice(&sources[other % sources.len()]);
        for (at, byte) in flips {
            let at = at % bytes.len();
            bytes[at] = byte;
        }
        for media in [Media::Html, Media::Text, Media::Unknown] {
            prop_assert!(run(&bytes, media).text.len() <= bytes.len() * 4);
        }
    }

    #[test]
    fn lines_are_accounted_for(lines in vec("[a-zA-Zéß中 .•|>0-9-]{0,60}", 0..40)) {
        let checked = accounted_for(&lines.join("\n"));
        prop_assert!(checked.is_ok(), "{:?}", checked);
    }
}
