//! `tamis clean`: inputs -> clean text, Markdown or records.

use super::exit::{Exit, Fault};
use super::ordered;
use super::signal::Stop;
use crate::clean::{self, Focus, Input, Options};
use crate::input::{Document, Failure, Inputs};
use crate::record::{Record, Verdict};
use clap::{Args, ValueEnum};
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

/// The arguments as typed.
#[derive(Debug, Args)]
pub struct CleanArgs {
    /// Files, folders, globs, or `-` for standard input
    #[arg(value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// What to write
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Write one file per input into DIR, with the same stem
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Lean to less boilerplate (precision) or to less lost text (recall)
    #[arg(long, value_enum, default_value = "balanced")]
    focus: FocusArg,
    /// Add what was removed, and why
    #[arg(long)]
    explain: bool,
    /// Threads [default: one a core]; the output is the same for every N
    #[arg(short, long, value_name = "N")]
    jobs: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Markdown,
    Jsonl,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FocusArg {
    Balanced,
    Precision,
    Recall,
}

pub(super) fn run(args: CleanArgs) -> Result<Exit, Fault> {
    let threads = match args.jobs {
        Some(n) => n.max(1),
        None => std::thread::available_parallelism().map_or(1, usize::from),
    };
    let focus = match args.focus {
        FocusArg::Balanced => Focus::Balanced,
        FocusArg::Precision => Focus::Precision,
        FocusArg::Recall => Focus::Recall,
    };
    let markdown = args.format == Format::Markdown;
    let options = Options { focus, explain: args.explain, markdown };
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout());
    let mut failed = false;
    let stop = Stop::default();
    let work = move |item| record(item, &options);
    ordered::run(threads, Inputs::new(args.inputs), work, &stop, |record: Record| {
        if record.verdict == Verdict::Error {
            failed = true;
            eprintln!("tamis: {}: {}", record.source, record.error.as_deref().unwrap_or("failed"));
        }
        write(&mut out, &record, args.format).map_err(|error| Fault::from_stdout(&error))
    })?;
    if let Some(exit) = stop.exit() {
        return Ok(exit);
    }
    Ok(if failed { Exit::SomeFailed } else { Exit::Done })
}

fn record(item: Result<Document, Failure>, options: &Options) -> Record {
    match item {
        Err(failure) => Record::failed(failure.source, failure.url, failure.problem.to_string()),
        Ok(document) => {
            let input = Input {
                bytes: &document.bytes,
                media: document.media,
                charset: document.charset.as_deref(),
                url: document.url.as_ref(),
            };
            let cleaned = clean::clean(&input, options);
            Record::from_cleaned(document.source, document.url.as_ref(), cleaned)
        }
    }
}

fn write(out: &mut impl Write, record: &Record, format: Format) -> io::Result<()> {
    match format {
        Format::Jsonl => {
            serde_json::to_writer(&mut *out, record)?;
            out.write_all(b"\n")?;
        }
        Format::Text => out.write_all(record.text.as_bytes())?,
        Format::Markdown => out.write_all(record.markdown.as_deref().unwrap_or("").as_bytes())?,
    }
    out.flush()
}
