//! `tamis store ls|show|export|stats|report|verify DIR`: looking into a store.

use super::exit::{Exit, Fault};
use super::explain::word;
use super::html::counted;
use super::report::Report;
use super::tell;
use super::terminal::{COLUMNS, Style, cut, harmless, width};
use crate::record::{Day, Kind, Verdict};
use crate::store::{Exported, Filter, Link, Listed, Shown, Stats, Store};
use clap::{Args, Subcommand, ValueEnum};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::io::{self, BufWriter, Stdout, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// The arguments as typed.
#[derive(Debug, Args)]
pub struct StoreArgs {
    #[command(subcommand)]
    command: StoreCommand,
}

#[derive(Debug, Subcommand)]
enum StoreCommand {
    /// List the documents, in the order of storing
    Ls {
        /// The store's folder
        dir: PathBuf,
        #[command(flatten)]
        filter: FilterArgs,
        /// A table for people, or one JSON object a line with every field
        #[arg(long, value_enum, default_value_t)]
        format: ListFormat,
    },
    /// One document with all that is known of it
    Show {
        /// The store's folder
        dir: PathBuf,
        /// The id, or as much of its beginning as is unique
        id: String,
        #[arg(long, value_enum, default_value_t)]
        format: ShowFormat,
    },
    /// Write records as JSON lines to standard output, in the order of storing
    Export {
        /// The store's folder
        dir: PathBuf,
        #[command(flatten)]
        filter: FilterArgs,
    },
    /// Count documents, sizes, languages, sites, kinds and duplicates
    Stats {
        /// The store's folder
        dir: PathBuf,
        #[arg(long, value_enum, default_value_t)]
        format: ShowFormat,
    },
    /// Write OUT/index.html: the store at a glance, what was removed by reason, language and site
    Report {
        /// The store's folder
        dir: PathBuf,
        /// A folder for the page; made where it is not there
        out: PathBuf,
        #[command(flatten)]
        filter: FilterArgs,
    },
    /// Read everything again and name what is wrong; exit code 4 if anything is
    Verify {
        /// The store's folder
        dir: PathBuf,
    },
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum ListFormat {
    #[default]
    Text,
    Jsonl,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum ShowFormat {
    #[default]
    Text,
    Json,
}

#[derive(Debug, Args)]
struct FilterArgs {
    /// Only documents in this language, such as fr (repeatable)
    #[arg(long, value_name = "CODE", value_parser = language)]
    lang: Vec<String>,
    /// Only documents of this site (repeatable)
    #[arg(long)]
    site: Vec<String>,
    /// Only documents of this kind (repeatable)
    #[arg(long, value_parser = named::<Kind>)]
    kind: Vec<Kind>,
    /// Only documents with this verdict (repeatable)
    #[arg(long, value_parser = named::<Verdict>)]
    verdict: Vec<Verdict>,
    /// Only documents dated from this day on, YYYY[-MM[-DD]]
    #[arg(long, value_name = "DATE", value_parser = date)]
    from: Option<String>,
    /// Only documents dated up to this day, YYYY[-MM[-DD]]
    #[arg(long, value_name = "DATE", value_parser = date)]
    to: Option<String>,
    /// Leave out documents nearly the same as an earlier one
    #[arg(long)]
    skip_near_duplicates: bool,
    /// One row for each URL that had a text, not one for each text
    #[arg(long)]
    copies: bool,
}

/// A kind or verdict by the word JSON has for it; an unknown one is answered with those there are.
fn named<T: DeserializeOwned>(word: &str) -> Result<T, String> {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).map_err(|error| error.to_string())
}

fn language(given: &str) -> Result<String, String> {
    let code = given.to_ascii_lowercase();
    match code.len() {
        2 | 3 if code.bytes().all(|b| b.is_ascii_lowercase()) => Ok(code),
        _ => {
            Err("give an ISO 639-1 code of two letters, such as fr, else an ISO 639-3 code of three"
                .to_owned())
        }
    }
}

/// A year, a month or a day that there is.
fn date(given: &str) -> Result<String, String> {
    let plain = given.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let first = match given.len() {
        4 => format!("{given}-01-01"),
        7 => format!("{given}-01"),
        _ => given.to_owned(),
    };
    match first.parse::<Day>() {
        Ok(_) if plain => Ok(given.to_owned()),
        _ => {
            Err("there is no such date; write it as YYYY, YYYY-MM or YYYY-MM-DD, such as 2025-11".to_owned())
        }
    }
}

impl From<FilterArgs> for Filter {
    fn from(args: FilterArgs) -> Filter {
        Filter {
            langs: args.lang,
            sites: args.site,
            kinds: args.kind,
            verdicts: args.verdict,
            date_from: args.from,
            date_to: args.to,
            skip_near_duplicates: args.skip_near_duplicates,
            copies: args.copies,
        }
    }
}

type Out = BufWriter<Stdout>;

pub(super) fn run(args: StoreArgs) -> Result<Exit, Fault> {
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout());
    let exit = match args.command {
        StoreCommand::Ls { dir, filter, format } => list(&open(&dir)?, &filter.into(), format, &mut out),
        StoreCommand::Show { dir, id, format } => show(&open(&dir)?, &id, format, &mut out),
        StoreCommand::Export { dir, filter } => export(&open(&dir)?, &filter.into(), &mut out),
        StoreCommand::Stats { dir, format } => stats(&open(&dir)?, format, &mut out),
        StoreCommand::Report { dir, out, filter } => report(&open(&dir)?, &out, &filter.into()),
        StoreCommand::Verify { dir } => verify(&open(&dir)?, &mut out),
    }?;
    out.flush().map_err(|error| Fault::from_stdout(&error))?;
    Ok(exit)
}

fn open(dir: &Path) -> Result<Store, Fault> {
    Store::open_existing(dir).map_err(|error| Fault::from_store(&error))
}

/// Turns what a command wrote into how it ends.
fn done(written: io::Result<()>) -> Result<Exit, Fault> {
    written.map(|()| Exit::Done).map_err(|error| Fault::from_stdout(&error))
}

fn json(out: &mut Out, value: &impl serde::Serialize) -> io::Result<()> {
    crate::json_lines::write_line(out, value)
}

fn list(store: &Store, filter: &Filter, format: ListFormat, out: &mut Out) -> Result<Exit, Fault> {
    let (mut written, mut any) = (Ok(()), false);
    let each = |row: Listed| {
        any = true;
        written = match format {
            ListFormat::Jsonl => json(out, &row),
            ListFormat::Text => writeln!(out, "{}", line(&row)),
        };
        if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    store.list(filter, each).map_err(|error| Fault::from_store(&error))?;
    if !any {
        tell("no document fits; `tamis store stats DIR` counts what there is");
    }
    done(written)
}

/// `3f2a9c01d4e7  fr  2024-11-21    412  Title, else the URL`
fn line(row: &Listed) -> String {
    let id: String = row.id.trim_start_matches("sha256:").chars().take(12).collect();
    let lang = row.lang.as_deref().unwrap_or("-");
    let date = row.date.as_deref().map_or("-", |date| date.get(..10).unwrap_or(date));
    let near = if row.near_duplicate_of.is_some() { "~ " } else { "" };
    let name = row.title.as_deref().filter(|title| !title.trim().is_empty()).unwrap_or(&row.url);
    let start = format!("{id}  {lang:3}  {date:10}  {:>6}  {near}", row.words);
    let room = COLUMNS.saturating_sub(width(&start));
    format!("{start}{}", cut(&harmless(&name.replace('\n', " ")), room))
}

fn show(store: &Store, id: &str, format: ShowFormat, out: &mut Out) -> Result<Exit, Fault> {
    let shown = store.show(id).map_err(|error| Fault::from_store(&error))?;
    done(match format {
        ShowFormat::Json => json(out, &shown),
        ShowFormat::Text => page(&shown, Style::for_stdout(), out),
    })
}

fn page(shown: &Shown, style: Style, out: &mut Out) -> io::Result<()> {
    let record = &shown.record;
    let rows = [
        ("id", record.id.clone()),
        ("title", record.title.clone()),
        ("author", record.author.clone()),
        ("date", record.date.clone()),
        ("site", record.site.clone()),
        ("language", record.lang.clone()),
        ("kind", Some(word(&record.kind))),
        ("verdict", Some(word(&record.verdict))),
    ];
    let label = |name: &str| style.dim(&format!("{name:13}")).into_owned();
    for (name, value) in rows {
        if let Some(value) = value {
            writeln!(out, "{} {}", label(name), harmless(&value))?;
        }
    }
    for copy in &shown.copies {
        let seen = format!("  ({} to {})", copy.first_seen, copy.last_seen);
        writeln!(out, "{} {}{}", label("seen at"), harmless(&copy.url), style.dim(&seen))?;
    }
    let near: Vec<Link> = shown.near_duplicate_of.iter().chain(&shown.near_duplicates).cloned().collect();
    for (name, links) in
        [("nearly", &near), ("contains", &shown.contains), ("contained in", &shown.contained_in)]
    {
        for link in links {
            let like = format!("  ({:.2}, {})", link.similarity, harmless(&link.url));
            writeln!(out, "{} {}{}", label(name), link.id, style.dim(&like))?;
        }
    }
    writeln!(out, "\n{}", harmless(&record.text).trim_end())
}

fn export(store: &Store, filter: &Filter, out: &mut Out) -> Result<Exit, Fault> {
    let exported = store.export(filter, out).map_err(|error| Fault::from_store(&error))?;
    Ok(named_damage(&exported))
}

fn report(store: &Store, out: &Path, filter: &Filter) -> Result<Exit, Fault> {
    let mut report = Report::open(out)?;
    report.of_store(store.stats().map_err(|error| Fault::from_store(&error))?);
    let read = store.records(filter, |record| report.note(&record));
    let exported = read.map_err(|error| Fault::from_store(&error))?;
    report.finish()?;
    Ok(named_damage(&exported))
}

fn named_damage(exported: &Exported) -> Exit {
    for problem in &exported.damaged {
        tell(format_args!("{problem}; left out, fetch it again"));
    }
    if exported.damaged.is_empty() { Exit::Done } else { Exit::Unwritable }
}

fn stats(store: &Store, format: ShowFormat, out: &mut Out) -> Result<Exit, Fault> {
    let stats = store.stats().map_err(|error| Fault::from_store(&error))?;
    done(match format {
        ShowFormat::Json => json(out, &stats),
        ShowFormat::Text => table(&stats, Style::for_stdout(), out),
    })
}

/// Rows shown of a count that may have thousands.
const TOP: usize = 10;

fn table(stats: &Stats, style: Style, out: &mut Out) -> io::Result<()> {
    let rows = [
        ("documents", stats.documents.to_string()),
        ("URLs", stats.urls.to_string()),
        ("duplicates", stats.duplicates.to_string()),
        ("near duplicates", stats.near_duplicates.to_string()),
        ("contained", stats.contained.to_string()),
        ("words", stats.words.to_string()),
        ("text", size(stats.text_bytes)),
        ("packs on disk", size(stats.pack_bytes)),
        ("index on disk", size(stats.index_bytes)),
        ("first seen", stats.first_seen.clone().unwrap_or_else(|| "-".to_owned())),
        ("last seen", stats.last_seen.clone().unwrap_or_else(|| "-".to_owned())),
    ];
    for (name, value) in rows {
        writeln!(out, "{name:16} {value:>12}")?;
    }
    let removed: BTreeMap<String, u64> =
        stats.removed.iter().map(|(reason, count)| (reason.clone(), count.blocks)).collect();
    let tables = [
        ("languages", &stats.languages),
        ("kinds", &stats.kinds),
        ("verdicts", &stats.verdicts),
        ("sites", &stats.sites),
        ("removed blocks, by reason", &removed),
    ];
    for (title, counts) in tables {
        if !counts.is_empty() {
            writeln!(out, "\n{}", style.bold(title))?;
            top(counts, out)?;
        }
    }
    Ok(())
}

fn top(counts: &BTreeMap<String, u64>, out: &mut Out) -> io::Result<()> {
    let mut rows: Vec<_> = counts.iter().collect();
    rows.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    for (name, count) in rows.iter().take(TOP) {
        let name = if name.is_empty() { "(unknown)".to_owned() } else { cut(&harmless(name), 60) };
        writeln!(out, "  {count:>10}  {name}")?;
    }
    if rows.len() > TOP {
        writeln!(out, "  {:>10}  others; --format json has all", rows.len() - TOP)?;
    }
    Ok(())
}

/// Bytes in the largest unit that leaves a whole number before the point.
fn size(bytes: u64) -> String {
    let units = ["bytes", "KiB", "MiB", "GiB"];
    let mut unit = 0;
    let mut scale = 1u64;
    while unit + 1 < units.len() && bytes / scale >= 1024 {
        scale *= 1024;
        unit += 1;
    }
    match unit {
        0 => format!("{bytes} bytes"),
        _ => format!("{}.{} {}", bytes / scale, bytes % scale * 10 / scale, units[unit]),
    }
}

fn verify(store: &Store, out: &mut Out) -> Result<Exit, Fault> {
    let problems = store.verify().map_err(|error| Fault::from_store(&error))?;
    for problem in &problems {
        tell(problem);
    }
    if problems.is_empty() {
        return done(writeln!(out, "all well"));
    }
    let problems = counted(problems.len() as u64, "problem");
    tell(format_args!("{problems}; what is named can be fetched again"));
    Ok(Exit::Unwritable)
}
