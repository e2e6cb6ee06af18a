//! `tamis fetch`: URLs and lists -> clean, deduplicated text in a store.

use super::exit::{Exit, Fault};
use super::memory::Lessons;
use super::repair::RepairArgs;
use super::session;
use crate::clean::{self, Focus};
use crate::fetch::{Cidr, Settings, Stop};
use crate::job::ledger::{Line, State};
use crate::job::{Event, Plan, Source};
use clap::{Args, ValueEnum};
use std::io::{self, IsTerminal, Read, Write};
use std::path::PathBuf;
use std::time::Duration;

/// The arguments as typed.
#[derive(Debug, Args)]
pub struct FetchArgs {
    /// Pages to fetch
    #[arg(value_name = "URL")]
    urls: Vec<String>,
    /// A text file (one URL a line, # comments), a feed or a sitemap; a path, a URL, or `-`
    #[arg(long = "list", value_name = "FILE")]
    lists: Vec<String>,
    /// Where the text goes; made if need be
    #[arg(long, value_name = "DIR")]
    store: PathBuf,
    /// Least pause between two requests to one host [default: 1]
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true, value_parser = seconds)]
    delay: Option<Duration>,
    /// Requests to one host at a time [default: 1]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u16).range(1..))]
    per_host: Option<u16>,
    /// Requests at a time over all hosts [default: 16]
    #[arg(short, long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    /// Let addresses of this network be fetched though they are loopback or private; repeatable
    #[arg(long, value_name = "CIDR", value_parser = cidr)]
    allow_net: Vec<Cidr>,
    /// What servers are told [default: tamis/VERSION]; add a contact
    #[arg(long, value_name = "TEXT")]
    user_agent: Option<String>,
    /// Lean to less boilerplate (precision) or to less lost text (recall)
    #[arg(long, value_enum, default_value = "balanced")]
    focus: FocusArg,
    #[command(flatten)]
    repair: RepairArgs,
    /// Take out what sites repeat, as FILE remembers it, and add to it for the next run
    #[arg(long, value_name = "FILE|off", default_value = "off")]
    site_memory: PathBuf,
    /// Write the run's counts here, as JSON
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Write one JSON line per input URL here
    #[arg(long, value_name = "FILE")]
    ledger: Option<PathBuf>,
    /// Keep what was received here, as WARC
    #[arg(long, value_name = "DIR")]
    warc: Option<PathBuf>,
    /// Wait for a run that holds the store's lock instead of giving up
    #[arg(long)]
    wait: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FocusArg {
    Balanced,
    Precision,
    Recall,
}

fn seconds(text: &str) -> Result<Duration, String> {
    match text.parse::<f64>() {
        Ok(seconds) if (0.0..=86_400.0).contains(&seconds) => Ok(Duration::from_secs_f64(seconds)),
        _ => Err("give seconds between 0 and 86400, such as 1 or 0.5".to_owned()),
    }
}

fn cidr(text: &str) -> Result<Cidr, String> {
    text.parse().map_err(|error: crate::fetch::CidrError| error.to_string())
}

pub(super) fn run(args: FetchArgs) -> Result<Exit, Fault> {
    if args.urls.is_empty() && args.lists.is_empty() {
        return Err(Fault::usage(
            "tamis fetch",
            "nothing to fetch",
            "give URLs, or --list with a file, a feed or a sitemap",
        ));
    }
    if let (Some(report), true) = (&args.report, args.report == args.ledger) {
        let wrong = format_args!("{} is the file of --report already", report.display());
        return Err(Fault::usage("--ledger", wrong, "name another file"));
    }
    session::log("warn");
    let memory = args.site_memory.clone().into();
    let mut plan = resolve(args)?;
    let lessons = Lessons::of(&memory, &mut plan)?;
    session::runtime()?.block_on(async {
        let stop = Stop::new();
        let signals = session::signals(&stop)?;
        let mut progress = Progress::new();
        let done = session::go(&plan, &stop, move |event| progress.tell(event)).await?;
        lessons.map_or(Ok(()), Lessons::keep)?;
        let mut out = io::stdout();
        writeln!(out, "{}", session::summary(&done.report))
            .map_err(|error| Fault::from_stdout(&error))
            .or_else(|fault| match fault.exit {
                // Nobody reads the summary; the run's own end still counts.
                Exit::Done => Ok(()),
                _ => Err(fault),
            })?;
        if done.report.inputs == 0 {
            super::tell("nothing to fetch: no list names a URL; give one a line");
        }
        session::verdict(&done, &signals)
    })
}

fn resolve(args: FetchArgs) -> Result<Plan, Fault> {
    let mut sources = vec![Source::Urls(args.urls)];
    for list in args.lists {
        sources.push(match list.as_str() {
            "-" => standard_input()?,
            _ => Source::List(list),
        });
    }
    let mut fetch = Settings { allow_net: args.allow_net, ..Settings::default() };
    fetch.delay = args.delay.unwrap_or(fetch.delay);
    fetch.per_host = args.per_host.map_or(fetch.per_host, usize::from);
    fetch.jobs = args.jobs.map_or(fetch.jobs, usize::from);
    fetch.user_agent = args.user_agent.unwrap_or(fetch.user_agent);
    let focus = match args.focus {
        FocusArg::Balanced => Focus::Balanced,
        FocusArg::Precision => Focus::Precision,
        FocusArg::Recall => Focus::Recall,
    };
    Ok(Plan {
        sources,
        store: args.store,
        fetch,
        clean: clean::Options {
            focus,
            repairs: args.repair.repairs(),
            // The store counts what was removed, and why.
            explain: true,
            // Each page is read on the day it is fetched: `reference` is set there.
            ..clean::Options::default()
        },
        report: args.report,
        ledger: args.ledger,
        warc: args.warc,
        wait: args.wait,
        lessons: None,
    })
}

fn standard_input() -> Result<Source, Fault> {
    let mut bytes = Vec::new();
    io::stdin()
        .read_to_end(&mut bytes)
        .map_err(|error| Fault::usage("standard input", error, "pipe a list of URLs into --list -"))?;
    Ok(Source::Text { name: "standard input".to_owned(), bytes })
}

/// Failures on standard error as they come, and on a terminal a line that counts.
struct Progress {
    terminal: bool,
    inputs: usize,
    settled: usize,
}

impl Progress {
    fn new() -> Self {
        Self { terminal: io::stderr().is_terminal(), inputs: 0, settled: 0 }
    }

    fn tell(&mut self, event: Event<'_>) {
        match event {
            Event::Listed(inputs) => self.inputs = inputs,
            Event::Cleaned(..) => return,
            Event::Settled(line) => {
                self.settled += 1;
                if let Some(failure) = failure(line) {
                    self.wipe();
                    super::tell(failure);
                }
            }
        }
        if self.terminal && self.inputs > 0 {
            show(format_args!("\r{} of {}", self.settled, self.inputs));
            if self.settled == self.inputs {
                self.wipe();
            }
        }
    }

    fn wipe(&self) {
        if self.terminal {
            show(format_args!("\r\x1b[K"));
        }
    }
}

/// Part of a line on standard error. That nobody reads it is no error.
fn show(text: std::fmt::Arguments<'_>) {
    let _ = io::stderr().write_fmt(text);
}

/// `URL: class: what happened`, for inputs that failed.
fn failure(line: &Line) -> Option<String> {
    let State::Failed { class } = &line.state else {
        return None;
    };
    Some(match &line.detail {
        Some(detail) => format!("{}: {class}: {detail}", line.url),
        None => format!("{}: {class}", line.url),
    })
}
