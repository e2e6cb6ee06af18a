//! `tamis explain`: what was kept, what went and why, for a person. Cleans as `tamis clean` does; judges nothing.

mod page;
mod shown;
mod why;

use super::clean::{FocusArg, Tally, clean_one};
use super::exit::{Exit, Fault};
use super::memory;
use super::output::{replace, unwritable};
use super::repair::RepairArgs;
use super::tell;
use super::terminal::Style;
use crate::clean::Options;
use crate::clean::explain::Account;
use crate::input::{Document, Inputs};
use crate::record::{Day, Record, counted_reason};
use clap::Args;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// The arguments as typed.
#[derive(Debug, Args)]
#[command(after_long_help = LONG_HELP)]
pub struct ExplainArgs {
    /// A file, folder or pattern, or `-` for standard input; read as `tamis clean` reads it
    input: PathBuf,
    /// Of many documents only the one with this `source`; a number counts them from 1
    #[arg(long, value_name = "SOURCE")]
    source: Option<String>,
    /// Say what happened to the block that holds these words, and what tipped it
    #[arg(long, value_name = "WORDS", conflicts_with = "html")]
    why: Option<String>,
    /// Write one page to look at into FILE: no network needed, nothing beside it
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Lean to less boilerplate (precision) or to less lost text (recall)
    #[arg(long, value_enum, default_value_t)]
    focus: FocusArg,
    #[command(flatten)]
    repair: RepairArgs,
    /// The day that dates such as "2 hours ago" are counted from (YYYY-MM-DD); without it they are left out
    #[arg(long, value_name = "DATE")]
    reference_date: Option<Day>,
    /// What sites repeat, as `tamis clean --site-memory FILE` learned it
    #[arg(long, value_name = "FILE")]
    site_memory: Option<PathBuf>,
}

const LONG_HELP: &str = "\
The document stands in reading order. A removed line begins with a minus, its
reason, and how likely it is main text, from 0 to 1; the page's own limit is
said above. Case, accents on their own and punctuation do not matter to --why.

Examples:
  tamis explain page.html
  tamis explain page.html --why \"the tower to visitors\"
  tamis explain page.html --html report.html
  tamis explain crawl.jsonl --source 17 --html report.html";

/// A document that was cleaned, and the account of it.
struct Explained {
    record: Record,
    account: Account,
}

pub(super) fn run(args: ExplainArgs) -> Result<Exit, Fault> {
    if let Some(words) = args.why.as_deref().filter(|words| why::is_wordless(words)) {
        let option = format!("--why {words:?}");
        return Err(Fault::usage(
            option,
            "there is no letter and no digit to look for",
            "give words of the text",
        ));
    }
    let options = Options {
        focus: args.focus.into(),
        repairs: args.repair.repairs(),
        reference: args.reference_date,
        explain: true,
        account: true,
        memory: args.site_memory.as_deref().map(memory::recall).transpose()?,
        ..Options::default()
    };
    let mut tally = Tally::default();
    let wanted = |number: usize, source: &str| match &args.source {
        None => true,
        Some(given) => given == source || given.parse() == Ok(number),
    };
    let mut exit = Exit::Done;
    let documents =
        Inputs::new(vec![args.input.clone()]).enumerate().filter_map(|(number, item)| match item {
            Ok(document) => wanted(number + 1, &document.source).then_some(document),
            Err(failure) => {
                if wanted(number + 1, &failure.source) {
                    exit = Exit::SomeFailed;
                    tell(failure);
                }
                None
            }
        });
    let shown = match &args.html {
        Some(path) => to_page(documents, &args, &options, path, &mut tally)?,
        None => to_terminal(documents, args.why.as_deref(), &options, &mut tally)?,
    };
    match (shown, &args.source) {
        (Shown::None, Some(source)) if exit == Exit::Done => {
            let wrong = format_args!("no document has the source or number {source:?}");
            Err(Fault::usage(args.input.display(), wrong, "see `tamis clean --format jsonl` for them"))
        }
        (Shown::None, None) if exit == Exit::Done => {
            let input = args.input.display();
            tell(format_args!("{input}: nothing to explain: it holds no HTML, text, WARC or JSON lines"));
            Ok(Exit::Done)
        }
        (Shown::WithoutWords, _) => {
            let words = args.why.unwrap_or_default();
            tell(format_args!("{}: no block holds {words:?}; {NOT_TEXT}", args.input.display()));
            Ok(Exit::SomeFailed)
        }
        _ if exit == Exit::Done => Ok(tally.exit()),
        _ => Ok(exit),
    }
}

const NOT_TEXT: &str = "try fewer words, or look whether they are text at all and not an image or a script";

/// What there was to show.
enum Shown {
    None,
    /// Documents, none with the words that were asked for.
    WithoutWords,
    Some,
}

fn to_terminal(
    documents: impl Iterator<Item = Document>,
    why: Option<&str>,
    options: &Options,
    tally: &mut Tally,
) -> Result<Shown, Fault> {
    let style = Style::for_stdout();
    let mut out = BufWriter::new(io::stdout());
    let mut shown = Shown::None;
    let mut begun = false;
    for document in documents {
        let explained = explain(document, options, tally);
        let mut text = Vec::new();
        let found = match why {
            Some(words) => why::answer(&explained, words, style, &mut text),
            None => shown::show(&explained, style, &mut text).map(|()| true),
        };
        let written = found.and_then(|found| {
            if !found {
                if !matches!(shown, Shown::Some) {
                    shown = Shown::WithoutWords;
                }
                return Ok(());
            }
            shown = Shown::Some;
            if std::mem::replace(&mut begun, true) {
                writeln!(out)?;
            }
            out.write_all(&text)?;
            out.flush()
        });
        written.map_err(|error| Fault::from_stdout(&error))?;
    }
    Ok(shown)
}

fn to_page(
    mut documents: impl Iterator<Item = Document>,
    args: &ExplainArgs,
    options: &Options,
    path: &Path,
    tally: &mut Tally,
) -> Result<Shown, Fault> {
    let Some(document) = documents.next() else { return Ok(Shown::None) };
    if documents.next().is_some() {
        let wrong = "--html shows one document, and here are more";
        let advice = format!("say which with --source, such as --source {:?} or --source 1", document.source);
        return Err(Fault::usage(args.input.display(), wrong, advice));
    }
    let explained = explain(document, options, tally);
    let page = page::render(&explained);
    if path.as_os_str() == "-" {
        io::stdout().write_all(page.as_bytes()).map_err(|error| Fault::from_stdout(&error))?;
    } else {
        replace(path, page.as_bytes()).map_err(|error| unwritable(path, &error))?;
    }
    Ok(Shown::Some)
}

fn explain(document: Document, options: &Options, tally: &mut Tally) -> Explained {
    let cleaned = clean_one(Ok(document), options);
    tally.note(&cleaned);
    Explained { record: cleaned.record, account: cleaned.account.unwrap_or_default() }
}

/// What is known of a document, each with where it came from.
fn facts(record: &Record) -> Vec<(&'static str, String, Option<String>)> {
    let evidence = record.evidence.clone().unwrap_or_default();
    let confidence = record.lang_confidence.map(|share| format!("confidence {share:.2}"));
    let expected = record.confidence.map(|share| format!("confidence {share:.2}"));
    let tags = (!record.tags.is_empty()).then(|| record.tags.join(", "));
    let repairs: Vec<String> = record.repairs.iter().map(|(name, count)| format!("{name} {count}")).collect();
    let repairs = repairs.join(", ");
    let rows = [
        ("verdict", Some(word(&record.verdict)), record.error.clone().or(expected)),
        ("kind", Some(word(&record.kind)), None),
        ("title", record.title.clone(), evidence.title),
        ("author", record.author.clone(), evidence.author),
        ("date", record.date.clone(), evidence.date),
        ("modified", record.modified.clone(), evidence.modified),
        ("site", record.site.clone(), evidence.site),
        ("language", record.lang.clone(), confidence),
        ("about", record.description.clone(), evidence.description),
        ("tags", tags, evidence.tags),
        ("license", record.license.clone(), evidence.license),
        ("address", record.canonical.clone(), evidence.canonical),
        ("image", record.image.clone(), evidence.image),
        ("repaired", (!repairs.is_empty()).then_some(repairs), None),
        ("id", record.id.clone(), None),
    ];
    rows.into_iter().filter_map(|(name, value, from)| Some((name, value?, from))).collect()
}

/// The word JSON has for a verdict or kind.
pub(super) fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// The reasons for which pieces were removed, each with how many, the most frequent first.
fn reasons(account: &Account) -> Vec<(&str, usize)> {
    let mut counts = std::collections::BTreeMap::new();
    for reason in account.pieces.iter().filter_map(|piece| piece.reason.as_deref()) {
        *counts.entry(counted_reason(reason)).or_insert(0) += 1;
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    counts
}

/// What the page's threshold means, as a sentence without its end.
fn limit(account: &Account) -> String {
    match account.threshold {
        _ if account.pieces.is_empty() => "there is no text to keep".to_owned(),
        Some(least) => format!("this page keeps blocks from {least:.2} on"),
        None => "no block was likely to be main text, so the likeliest were kept".to_owned(),
    }
}
