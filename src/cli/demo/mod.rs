//! `tamis demo`: the whole path, offline, on a small site; then the same again, to show that nothing
//! is added twice.

mod site;
mod story;

use super::exit::{Exit, Fault};
use super::output::unwritable;
use super::session;
use crate::clean;
use crate::fetch::{Settings, Stop};
use crate::job::ledger::{Line, State};
use crate::job::report::Report;
use crate::job::{Event, Plan, Source};
use crate::record::Record;
use clap::Args;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The arguments as typed.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Where the demo's store goes; must be empty [default: a new folder for temporary files]
    #[arg(value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// What is told of a run: the site's address, what was seen, the counts.
type Round = fn(&str, &Seen, &Report) -> String;

/// What was seen of a run.
#[derive(Debug, Default)]
struct Seen {
    lines: Vec<Line>,
    pages: Vec<Cleaned>,
}

/// A page as it came and what was left of it.
#[derive(Debug)]
struct Cleaned {
    bytes: usize,
    record: Record,
}

pub(super) fn run(args: DemoArgs) -> Result<Exit, Fault> {
    let dir = folder(args.dir)?;
    session::log("error");
    session::runtime()?.block_on(async {
        let base = site::serve().await.map_err(|error| {
            Fault::new(Exit::Unwritable, "127.0.0.1", error, "the demo needs loopback; allow it")
        })?;
        let stop = Stop::new();
        let signals = session::signals(&stop)?;
        let mut text = story::opening(&base);
        let mut shown = None;
        for (number, round) in [(1, story::first as Round), (2, story::second)] {
            let plan = plan(&dir, &base, number)?;
            let (seen, told) = watcher();
            let done = session::go(&plan, &stop, told).await?;
            match session::verdict(&done, &signals)? {
                // The site names a page that is not there, to show what becomes of it.
                Exit::Done | Exit::SomeFailed => {}
                exit => return Ok(exit),
            }
            let seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
            let mut stored = seen.lines.iter().filter(|line| line.state == State::Stored);
            shown = shown.or_else(|| stored.find_map(|line| line.id.clone()));
            text.push_str(&round(&base, &seen, &done.report));
        }
        text.push_str(&story::closing(&dir, shown.as_deref()));
        io::stdout().write_all(text.as_bytes()).map_err(|error| Fault::from_stdout(&error))?;
        Ok(Exit::Done)
    })
}

fn watcher() -> (Arc<Mutex<Seen>>, impl FnMut(Event<'_>) + Send + 'static) {
    let seen = Arc::new(Mutex::new(Seen::default()));
    let shared = Arc::clone(&seen);
    let told = move |event: Event<'_>| {
        let mut seen = shared.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::Listed(_) => {}
            Event::Cleaned(_, page, record) => {
                seen.pages.push(Cleaned { bytes: page.body.len(), record: record.clone() })
            }
            Event::Settled(line) => seen.lines.push(line.clone()),
        }
    };
    (seen, told)
}

fn plan(dir: &Path, base: &str, number: u8) -> Result<Plan, Fault> {
    let loopback = "127.0.0.0/8".parse();
    Ok(Plan {
        sources: vec![Source::List(format!("{base}/sitemap.xml")), Source::List(format!("{base}/feed.xml"))],
        store: dir.join("store"),
        fetch: Settings {
            delay: Duration::ZERO,
            allow_net: vec![loopback.map_err(|error| Fault::told(Exit::Usage, error))?],
            ..Settings::default()
        },
        clean: clean::Options { explain: true, ..clean::Options::default() },
        report: Some(dir.join(format!("runs/{number}.report.json"))),
        ledger: Some(dir.join(format!("runs/{number}.ledger.jsonl"))),
        warc: Some(dir.join("warc")),
        wait: false,
        lessons: None,
    })
}

fn folder(given: Option<PathBuf>) -> Result<PathBuf, Fault> {
    let Some(dir) = given else {
        return tempfile::Builder::new()
            .prefix("tamis-demo-")
            .tempdir()
            .map(tempfile::TempDir::keep)
            .map_err(|error| unwritable(&std::env::temp_dir(), &error));
    };
    let mut entries = fs::create_dir_all(&dir)
        .and_then(|()| fs::read_dir(&dir))
        .map_err(|error| unwritable(&dir, &error))?;
    match entries.next() {
        None => Ok(dir),
        Some(_) => {
            Err(Fault::usage(dir.display(), "not empty", "give a new folder, or none to use a temporary one"))
        }
    }
}
