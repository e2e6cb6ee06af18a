//! `tamis explain`: what was kept, what went and why, for a person.

use super::exit::{Exit, Fault};
use super::tell;
use super::terminal::{COLUMNS, Style, cut, harmless, wrap};
use crate::clean::{self, Focus, Input, Media, Options};
use crate::input::{Document, Inputs};
use crate::record::{Record, Removed};
use clap::Args;
use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

/// The arguments as typed.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// A file, folder or pattern, or `-` for standard input; read as `tamis clean` reads it
    input: PathBuf,
}

pub(super) fn run(args: ExplainArgs) -> Result<Exit, Fault> {
    let style = Style::for_stdout();
    let mut out = BufWriter::new(io::stdout());
    let mut exit = Exit::Done;
    for (number, item) in Inputs::new(vec![args.input]).enumerate() {
        let written = match item {
            Ok(document) => {
                let gap = if number > 0 { "\n" } else { "" };
                write!(out, "{gap}").and_then(|()| show(&document, style, &mut out))
            }
            Err(failure) => {
                exit = Exit::SomeFailed;
                tell(failure);
                Ok(())
            }
        };
        written.and_then(|()| out.flush()).map_err(|error| Fault::from_stdout(&error))?;
    }
    Ok(exit)
}

fn show(document: &Document, style: Style, out: &mut impl Write) -> io::Result<()> {
    let input = Input {
        bytes: &document.bytes,
        media: document.media,
        charset: document.charset.as_deref(),
        url: document.url.as_ref(),
    };
    let options = Options { focus: Focus::Balanced, explain: true, ..Options::default() };
    let cleaned = clean::clean(&input, &options);
    let record = Record::from_cleaned(document.source.clone(), document.url.as_ref(), cleaned);
    let removed = record.removed.as_deref().unwrap_or_default();
    summary(&record, style, out)?;
    writeln!(out)?;
    let original = (document.media != Media::Html).then(|| decoded(&document.bytes)).flatten();
    match original.as_deref().and_then(|text| in_order(text, removed)) {
        Some(parts) => {
            for (reason, text) in parts {
                lines(reason, text, style, out)?;
            }
        }
        None => {
            lines(None, &record.text, style, out)?;
            if !removed.is_empty() {
                writeln!(out, "\n{}", style.bold("removed, in the order of the page"))?;
            }
            for Removed { reason, text, .. } in removed {
                lines(Some(reason), text, style, out)?;
            }
        }
    }
    writeln!(out)?;
    counts(&record, removed, style, out)
}

/// Name, verdict and metadata, each with where it came from.
fn summary(record: &Record, style: Style, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}", style.bold(&cut(&harmless(&record.source), COLUMNS)))?;
    let evidence = record.evidence.clone().unwrap_or_default();
    let confidence = record.lang_confidence.map(|share| format!("confidence {share:.2}"));
    let rows = [
        ("verdict", Some(word(&record.verdict)), record.error.clone()),
        ("kind", Some(word(&record.kind)), None),
        ("title", record.title.clone(), evidence.title),
        ("author", record.author.clone(), evidence.author),
        ("date", record.date.clone(), evidence.date),
        ("site", record.site.clone(), None),
        ("language", record.lang.clone(), confidence),
        ("id", record.id.clone(), None),
    ];
    for (name, value, origin) in rows {
        let Some(value) = value else { continue };
        let origin = origin.map(|origin| format!("  ({})", harmless(&origin))).unwrap_or_default();
        let text = format!("{}{}", harmless(&value), style.dim(&origin));
        writeln!(out, "  {}  {text}", style.dim(&format!("{name:8}")))?;
    }
    Ok(())
}

/// The word JSON has for a verdict or kind.
pub(super) fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// A text file as the offsets of removed blocks count it, where that is certain.
fn decoded(bytes: &[u8]) -> Option<String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    String::from_utf8(bytes.to_vec()).ok()
}

type Part<'a> = (Option<&'a str>, &'a str);

/// Kept and removed parts in the order of the text; `None` where the offsets do not fit it.
fn in_order<'a>(text: &'a str, removed: &'a [Removed]) -> Option<Vec<Part<'a>>> {
    let mut spans: Vec<(usize, usize, &str)> = Vec::with_capacity(removed.len());
    for block in removed {
        spans.push((block.start?, block.end?, &block.reason));
    }
    spans.sort_unstable();
    let mut parts = Vec::new();
    let mut at = 0;
    for (start, end, reason) in spans {
        parts.push((None, text.get(at..start)?));
        parts.push((Some(reason), text.get(start..end)?));
        at = end;
    }
    parts.push((None, text.get(at..)?));
    Some(parts)
}

/// Kept lines plain, removed ones dim behind a minus and their reason.
fn lines(reason: Option<&str>, text: &str, style: Style, out: &mut impl Write) -> io::Result<()> {
    let text = harmless(text);
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        match reason {
            None => {
                for line in wrap(line, COLUMNS - 2) {
                    writeln!(out, "  {line}")?;
                }
            }
            Some(reason) => {
                for (number, line) in wrap(&format!("[{reason}] {line}"), COLUMNS - 2).iter().enumerate() {
                    let sign = if number == 0 { '-' } else { ' ' };
                    writeln!(out, "{}", style.dim(&format!("{sign} {line}")))?;
                }
            }
        }
    }
    Ok(())
}

fn counts(record: &Record, removed: &[Removed], style: Style, out: &mut impl Write) -> io::Result<()> {
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for block in removed {
        *reasons.entry(&block.reason).or_default() += 1;
    }
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let words = record.text.split_whitespace().count();
    writeln!(out, "{}", style.bold(&format!("kept {words} words, removed {} blocks", removed.len())))?;
    for (reason, count) in reasons {
        writeln!(out, "  {count:5}  {reason}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Removed, in_order};

    fn removed(start: usize, end: usize) -> Removed {
        Removed {
            reason: "share-bar".to_owned(),
            text: String::new(),
            chance: None,
            start: Some(start),
            end: Some(end),
        }
    }

    #[test]
    fn parts_are_the_whole_text_in_order() {
        let text = "kept\nShare\né\nTweet\n";
        let blocks = [removed(14, 19), removed(5, 10)];
        let parts = in_order(text, &blocks).expect("offsets that fit");
        let joined: String = parts.iter().map(|(_, part)| *part).collect();
        assert_eq!(joined, text);
        let gone: Vec<&str> =
            parts.iter().filter(|(reason, _)| reason.is_some()).map(|(_, part)| *part).collect();
        assert_eq!(gone, ["Share", "Tweet"]);
    }

    #[test]
    fn offsets_that_do_not_fit_are_not_used() {
        let text = "é kept";
        for (start, end) in [(1, 3), (0, 99), (4, 2)] {
            assert_eq!(in_order(text, &[removed(start, end)]), None);
        }
        assert_eq!(in_order(text, &[removed(0, 4), removed(3, 5)]), None);
    }
}
