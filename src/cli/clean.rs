//! `tamis clean`: inputs -> clean text, Markdown or records.

use super::exit::{Exit, Fault};
use super::html::{counted, grouped};
use super::keep::Keep;
use super::memory::{self, Choice};
use super::ordered;
use super::output::{Format, Output};
use super::repair::RepairArgs;
use super::report::Report;
use super::signal::Signals;
use super::tell;
use crate::clean::explain::Account;
use crate::clean::{self, Focus, Input, Options};
use crate::input::{Document, Failure, Inputs, PassedOver, Place};
use crate::record::{Day, Record, Removed, Verdict};
use clap::{Args, ValueEnum};
use std::io::{self, IsTerminal};
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::thread::available_parallelism;

/// The arguments as typed.
#[derive(Debug, Args)]
#[command(after_long_help = LONG_HELP)]
pub struct CleanArgs {
    /// Files, folders, globs, or `-` for standard input
    #[arg(value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// What to write; jsonl is one record for each document, failed ones included
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Write one file per input into DIR, with the same stem; a file with other
    /// content is never overwritten
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Also deduplicate and store the clean texts in DIR
    #[arg(long, value_name = "DIR")]
    store: Option<PathBuf>,
    /// Lean to less boilerplate (precision) or to less lost text (recall)
    #[arg(long, value_enum, default_value_t)]
    focus: FocusArg,
    #[command(flatten)]
    repair: RepairArgs,
    /// In Markdown, keep the links; with --format jsonl, the records get a `markdown` field
    #[arg(long)]
    links: bool,
    /// In Markdown, show the images; with --format jsonl, the records get a `markdown` field
    #[arg(long)]
    images: bool,
    /// Say what was removed and why: in the records, else on standard error
    #[arg(long)]
    explain: bool,
    /// Write DIR/index.html: the run at a glance, what was removed by reason, language and site
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,
    /// The day that dates such as "2 hours ago" are counted from (YYYY-MM-DD); without it they are left out
    #[arg(long, value_name = "DATE")]
    reference_date: Option<Day>,
    /// Learn what sites repeat from the inputs, and take it out; FILE also remembers it for the next run
    #[arg(long, value_name = "auto|FILE|off", default_value = "off")]
    site_memory: PathBuf,
    /// Threads; the output is the same for every N [default: one a core]
    #[arg(short, long, value_name = "N", allow_negative_numbers = true, value_parser = threads)]
    jobs: Option<NonZeroUsize>,
}

const LONG_HELP: &str = "\
Inputs are read by name (.html .htm .xhtml; .txt .md; .warc .wet; .jsonl .ndjson
.json; each also .gz), else by content. Folders are read with all below them, in
byte order of the names, without hidden files and without following links to
folders. JSON lines have `html`, `text` or `markdown`, and optionally `id` and
`url`. A document may have 20 MiB.

Text and Markdown of several documents on standard output are separated by a
form feed on a line of its own; documents without text are left out. With -o, a
document of a JSON-lines or WARC file is named STEM-NNNNNN, and --format jsonl
writes one file of records for each input file.

--site-memory reads the inputs twice. Pages belong together by the domain of
their URL, else by the host their small print names and by their folder. A line
that stands on at least 5 distinct pages, and on one in 10, is far less likely
to be main text; nearly the same pages count once, and fewer than 6 teach
nothing. The order of the inputs does not matter.

Ctrl-C lets what is in flight end, says how far it got, and exits with 130; what
was written is complete, and the rest can be cleaned later.

Examples:
  tamis clean page.html                      the text of one page
  tamis clean --format jsonl 'saved/**/*.html' > out.jsonl
  tamis clean -o clean/ saved/ crawl.warc.gz        a text file for each page
  tamis clean -o clean/ --report report/ saved/     and what went, at a glance
  tamis clean -o clean/ --site-memory auto saved/   without what sites repeat
  curl -s https://example.org/ | tamis clean --format markdown
  tamis clean --format markdown --links --images page.html";

fn threads(given: &str) -> Result<NonZeroUsize, String> {
    given.parse().map_err(|_| "give a whole number from 1 on, or leave it out for one a core".to_owned())
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(super) enum FocusArg {
    #[default]
    Balanced,
    Precision,
    Recall,
}

impl From<FocusArg> for Focus {
    fn from(focus: FocusArg) -> Focus {
        match focus {
            FocusArg::Balanced => Focus::Balanced,
            FocusArg::Precision => Focus::Precision,
            FocusArg::Recall => Focus::Recall,
        }
    }
}

/// What was meant.
struct Settings {
    inputs: Vec<PathBuf>,
    format: Format,
    output: Option<PathBuf>,
    store: Option<PathBuf>,
    explain: bool,
    report: Option<PathBuf>,
    memory: Choice,
    options: Options,
    threads: usize,
}

/// One cleaned document and where it stood.
pub(super) struct Cleaned {
    pub(super) record: Record,
    /// Where the options ask for it.
    pub(super) account: Option<Account>,
    place: Place,
}

/// What happened on the way.
#[derive(Default)]
pub(super) struct Tally {
    seen: u64,
    failed: u64,
}

pub(super) fn run(args: CleanArgs) -> Result<Exit, Fault> {
    let settings = settle(args)?;
    let signals = Signals::watch(|| {})?;
    let mut output = Output::new(settings.format, settings.output.as_deref())?;
    let mut keep = settings.store.as_deref().map(Keep::open).transpose()?;
    let mut report = settings.report.as_deref().map(Report::open).transpose()?;
    let mut tally = Tally::default();
    let memory = memory::learn(&settings.memory, &settings.inputs, settings.threads, &signals)?;
    let options = Options { memory, ..settings.options };
    let work = move |item| clean_one(item, &options);
    let inputs = Inputs::new(settings.inputs);
    let written = ordered::run(settings.threads, inputs, work, &signals, |mut cleaned| {
        if let Some(keep) = &mut keep {
            keep.add(&mut cleaned.record)?;
        }
        tally.note(&cleaned);
        if let Some(report) = &mut report {
            report.note(&cleaned.record);
        }
        if !settings.explain {
            (cleaned.record.removed, cleaned.record.evidence) = (None, None);
            cleaned.record.repaired.clear();
        } else if settings.format != Format::Jsonl {
            tell_removed(&cleaned.record);
        }
        output.write(&cleaned.record, &cleaned.place)
    });
    // What was cleaned is kept even when the output went away.
    let kept = keep.map_or(Ok(()), Keep::finish);
    if let Some(inputs) = written? {
        tell_passed_over(inputs.passed_over());
        if tally.seen == 0 {
            tell(format_args!("nothing to clean: the inputs hold no HTML, text, WARC or JSON lines"));
        }
    }
    output.finish()?;
    kept?;
    if signals.came() {
        tally.tell_stopped();
    }
    report.map_or(Ok(()), Report::finish)?;
    Ok(signals.exit().unwrap_or(tally.exit()))
}

fn settle(args: CleanArgs) -> Result<Settings, Fault> {
    let marked = args.links || args.images;
    if marked && args.format == Format::Text {
        let option = if args.links { "--links" } else { "--images" };
        let advice = "add --format markdown, or --format jsonl for a `markdown` field in each record";
        return Err(Fault::usage(option.to_owned(), "plain text has no links and images", advice));
    }
    let inputs = match args.inputs {
        inputs if !inputs.is_empty() => inputs,
        _ if io::stdin().is_terminal() => {
            return Err(Fault::told(Exit::Usage, NO_INPUT));
        }
        _ => vec![PathBuf::from("-")],
    };
    let options = Options {
        focus: args.focus.into(),
        repairs: args.repair.repairs(),
        // The store and the report count what was removed and why.
        explain: args.explain || args.store.is_some() || args.report.is_some(),
        markdown: args.format == Format::Markdown || marked,
        links: args.links,
        images: args.images,
        reference: args.reference_date,
        ..Options::default()
    };
    let cores = || available_parallelism().unwrap_or(NonZeroUsize::MIN);
    Ok(Settings {
        inputs,
        format: args.format,
        output: args.output,
        store: args.store,
        explain: args.explain,
        report: args.report,
        memory: args.site_memory.into(),
        options,
        threads: args.jobs.unwrap_or_else(cores).get(),
    })
}

const NO_INPUT: &str = "clean: no input; name files or folders, or pipe a page in

  tamis clean page.html                  clean text on the screen
  tamis clean --format jsonl folder/     one JSON record for each document
  tamis clean -o clean/ crawl.warc.gz    one text file for each page
  curl -s https://example.org/ | tamis clean

`tamis clean --help` says all.";

pub(super) fn clean_one(item: Result<Document, Failure>, options: &Options) -> Cleaned {
    let document = match item {
        Ok(document) => document,
        Err(Failure { source, url, place, problem }) => {
            let record = Record::failed(source, url, problem.to_string());
            return Cleaned { record, account: None, place };
        }
    };
    let input = Input {
        bytes: &document.bytes,
        media: document.media,
        charset: document.charset.as_deref(),
        url: document.url.as_ref(),
    };
    let options = memory::options_for(&document.place, options);
    // Cleaning does not panic; if it ever does, this document has its record all the same.
    let cleaned = catch_unwind(AssertUnwindSafe(|| clean::clean(&input, &options)));
    let (record, account) = match cleaned {
        Ok(mut cleaned) => {
            let account = cleaned.account.take();
            (Record::from_cleaned(document.source, document.url.as_ref(), cleaned), account)
        }
        Err(_) => {
            let error = "cleaning failed inside tamis; please report it with this document";
            (Record::failed(document.source, document.url.map(String::from), error.to_owned()), None)
        }
    };
    Cleaned { record, account, place: document.place }
}

impl Tally {
    /// Counts a document that failed, and names it on standard error.
    pub(super) fn note(&mut self, Cleaned { record, place, .. }: &Cleaned) {
        self.seen += 1;
        if record.verdict != Verdict::Error {
            return;
        }
        self.failed += 1;
        let why = record.error.as_deref().unwrap_or("it could not be cleaned; look at it");
        match place.row {
            Some(row) if record.source != format!("{}:{row}", place.file) => {
                tell(format_args!("{}:{row} ({}): {why}", place.file, record.source));
            }
            _ => tell(format_args!("{}: {why}", record.source)),
        }
    }

    /// How far it got.
    fn tell_stopped(&self) {
        let (documents, failed) = (counted(self.seen, "document"), grouped(self.failed));
        tell(format_args!(
            "stopped by a signal after {documents}, {failed} of them failed; the rest was not cleaned"
        ));
    }

    pub(super) fn exit(&self) -> Exit {
        if self.failed == 0 { Exit::Done } else { Exit::SomeFailed }
    }
}

fn tell_removed(record: &Record) {
    for Removed { reason, text, .. } in record.removed.iter().flatten() {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        tell(format_args!("{}: removed [{reason}] {text}", record.source));
    }
    for (repair, count) in &record.repairs {
        tell(format_args!("{}: repaired [{repair}] {count}", record.source));
    }
}

fn tell_passed_over(passed: PassedOver) {
    let kinds = [
        (passed.files, "files in folders that are neither HTML, text, WARC nor JSON lines"),
        (passed.media, "WARC records that are neither HTML nor text"),
        (passed.status, "WARC responses without success (HTTP status other than 2xx)"),
    ];
    for (count, what) in kinds {
        if count > 0 {
            tell(format_args!("passed over: {count} {what}"));
        }
    }
}
