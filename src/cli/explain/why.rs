//! `--why`: the blocks that hold some words, what became of them, and what tipped it.

use super::super::terminal::{COLUMNS, Style, cut, harmless, wrap};
use super::{Explained, limit};
use crate::clean::explain::{Piece, Sign};
use std::io::{self, Write};
use std::ops::Range;

/// Blocks that are answered for; more hold words that are on every page.
const MOST: usize = 5;

/// Clauses for and against, each.
const CLAUSES: usize = 4;

/// Says what became of the blocks with these words; `false`: there are none.
pub(super) fn answer(
    explained: &Explained,
    words: &str,
    style: Style,
    out: &mut impl Write,
) -> io::Result<bool> {
    let Explained { record, account } = explained;
    let found = holding(&account.pieces, words);
    if found.is_empty() {
        return Ok(false);
    }
    writeln!(out, "{}", style.bold(&cut(&harmless(&record.source), COLUMNS)))?;
    for &at in found.iter().take(MOST) {
        let piece = &account.pieces[at];
        writeln!(out)?;
        let text = piece.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = cut(&harmless(&text), 3 * (COLUMNS - 12));
        clause(if piece.is_kept() { "kept" } else { "removed" }, &text, style, out)?;
        if let Some(reason) = &piece.reason {
            clause("reason", reason, style, out)?;
        }
        if let Some(chance) = piece.chance {
            let chance = format!("{chance:.2} that it is main text; {}", limit(account));
            clause("chance", &chance, style, out)?;
        }
        if let Some(exception) = piece.exception {
            clause("decided", exception, style, out)?;
        }
        for (name, keeps) in [("for", true), ("against", false)] {
            let signs: Vec<&Sign> = piece.signs.iter().filter(|sign| sign.keeps == keeps).collect();
            let mut name = name;
            if signs.is_empty() && piece.chance.is_some() {
                clause(name, "nothing that could be named", style, out)?;
            }
            for sign in signs.iter().take(CLAUSES) {
                clause(std::mem::take(&mut name), &harmless(&sign.words), style, out)?;
            }
        }
    }
    if found.len() > MOST {
        let (more, hold) =
            (found.len() - MOST, if found.len() - MOST == 1 { "block holds" } else { "blocks hold" });
        writeln!(out, "\n{more} more {hold} these words")?;
    }
    Ok(true)
}

/// A name and a text beside it, wrapped.
fn clause(name: &str, text: &str, style: Style, out: &mut impl Write) -> io::Result<()> {
    let mut name = name;
    for line in wrap(text, COLUMNS - 12) {
        let name = format!("{:8}", std::mem::take(&mut name));
        writeln!(out, "  {}  {line}", style.dim(&name))?;
    }
    Ok(())
}

/// The pieces that hold the words, also where they begin in one and end in another.
fn holding(pieces: &[Piece], words: &str) -> Vec<usize> {
    let wanted = plain(words);
    if wanted.trim().is_empty() {
        return Vec::new();
    }
    let mut all = String::from(" ");
    let mut spans: Vec<Range<usize>> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let start = all.len();
        all.push_str(plain(&piece.text).trim_start());
        spans.push(start..all.len());
    }
    let mut found = Vec::new();
    for (start, _) in all.match_indices(wanted.trim()) {
        let end = start + wanted.trim().len();
        let from = spans.partition_point(|span| span.end <= start);
        let holders = (from..spans.len()).take_while(|&at| spans[at].start < end);
        found.extend(holders.filter(|&at| !spans[at].is_empty()));
    }
    found.dedup();
    found
}

/// Whether there is anything to look for.
pub(super) fn is_wordless(words: &str) -> bool {
    plain(words).trim().is_empty()
}

/// Words in lower case, each followed by one space.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 1);
    for c in text.chars() {
        if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        } else if !out.ends_with(' ') && !unicode_normalization::char::is_combining_mark(c) {
            out.push(' ');
        }
    }
    if !out.ends_with(' ') {
        out.push(' ');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{holding, plain};
    use crate::clean::block::Shape;
    use crate::clean::explain::Piece;

    fn pieces(texts: &[&str]) -> Vec<Piece> {
        let piece = |text: &&str| Piece {
            text: (*text).to_owned(),
            shape: Shape::Paragraph,
            chance: None,
            reason: None,
            exception: None,
            signs: Vec::new(),
        };
        texts.iter().map(piece).collect()
    }

    #[test]
    fn words_are_found_across_case_punctuation_and_blocks() {
        let pieces = pieces(&["The lamp, at last!", "---", "Stays. The lamp", "شاركنا الخبر"]);
        assert_eq!(holding(&pieces, "AT LAST"), [0]);
        assert_eq!(holding(&pieces, "last stays"), [0, 2]);
        assert_eq!(holding(&pieces, "the lamp"), [0, 2]);
        assert_eq!(holding(&pieces, "الخبر"), [3]);
        assert_eq!(holding(&pieces, "nowhere"), [] as [usize; 0]);
        assert_eq!(holding(&pieces, " ... "), [] as [usize; 0]);
    }

    #[test]
    fn plain_text_ends_every_word_with_one_space() {
        assert_eq!(plain("  A--b"), " a b ");
        assert_eq!(plain(""), " ");
    }
}
