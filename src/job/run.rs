//! One run, from its sources to its report.

use std::collections::HashSet;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use tokio::runtime::Handle;
use tokio::sync::mpsc;
use url::Url;

use super::archive::Archive;
use super::books::{Books, Fault};
use super::inputs::{self, Given, Source};
use super::keep::{Item, Keeper, revisit, stopped};
use super::ledger::{Line, State};
use super::lock::{self, Lock};
use super::place;
use super::report::Report;
use super::time::{day, rfc3339};
use crate::clean::{self, Media};
use crate::dedup::site::Sites;
use crate::fetch::{
    self, Fetcher, Finished, Frontier, MemoryFrontier, Outcome, Page, Settings, SetupError, Stop, Target,
    Validators,
};
use crate::record::{Record, Verdict};
use crate::store::Store;

/// Everything one run needs to know.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Where the inputs come from, in order.
    pub sources: Vec<Source>,
    /// The store's folder; made if need be.
    pub store: PathBuf,
    /// How to fetch.
    pub fetch: Settings,
    /// How to clean.
    pub clean: clean::Options,
    /// Where the report goes, if anywhere.
    pub report: Option<PathBuf>,
    /// Where the ledger goes, if anywhere.
    pub ledger: Option<PathBuf>,
    /// Where what was received is kept, if anywhere.
    pub warc: Option<PathBuf>,
    /// Wait for a run that holds the lock instead of giving up.
    pub wait: bool,
    /// Where what each page teaches of its site is gathered, if anywhere; what is known already is in `clean`.
    pub lessons: Option<Arc<Mutex<Sites>>>,
}

/// What happens during a run, as it happens.
#[derive(Debug, Clone, Copy)]
pub enum Event<'a> {
    /// The sources are read: so many inputs.
    Listed(usize),
    /// A page was cleaned; its line is not durable yet.
    Cleaned(&'a Line, &'a Page, &'a Record),
    /// An input has come to its end.
    Settled(&'a Line),
}

/// A run that ended, early or not.
#[derive(Debug)]
pub struct Done {
    /// The counts, which add up.
    pub report: Report,
    /// What ended the run early: the store or the books could not be written.
    pub fault: Option<Fault>,
}

/// Why a run did not begin.
#[derive(Debug)]
pub enum Error {
    /// Another run holds the lock, or it cannot be taken.
    Lock(lock::Error),
    /// The fetch settings cannot be used.
    Setup(SetupError),
    /// The store or the ledger cannot be opened.
    Fault(Fault),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Lock(error) => error.fmt(f),
            Error::Setup(error) => error.fmt(f),
            Error::Fault(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

/// Lists, fetches, cleans, deduplicates and stores; then reports.
///
/// Needs a multi-threaded tokio runtime. After `stop` nothing new starts and what is in flight ends
/// within 10 s; what was never begun is counted as skipped (`stopped`). `told` hears each event.
///
/// # Errors
/// Only where the run could not begin; everything later is in the report.
pub async fn run(
    plan: &Plan,
    stop: &Stop,
    told: impl FnMut(Event<'_>) + Send + 'static,
) -> Result<Done, Error> {
    let started = SystemTime::now();
    check(plan).map_err(Error::Fault)?;
    let lock = lock(plan).await?;
    let fetcher = Fetcher::new(plan.fetch.clone()).map_err(Error::Setup)?;
    let mut keeper = open(plan, stop, started, Box::new(told))?;

    let given = inputs::gather(&plan.sources, &fetcher, stop).await;
    (keeper.told)(Event::Listed(given.len()));
    let urls = sort_out(given, &mut keeper);
    let mut frontier = MemoryFrontier::new(plan.fetch.per_host);
    queue(&urls, &mut frontier, &mut keeper);

    let mut left: HashSet<&Url> = urls.iter().collect();
    let mut keeper = fetch_all(plan, &fetcher, &mut frontier, stop, keeper, &mut left).await;
    for url in urls.iter().filter(|url| left.contains(url)) {
        keeper.enter(&Line::new(url.as_str(), stopped()));
    }
    let done = close(plan, keeper, stop.is_stopped());
    drop(lock);
    Ok(done)
}

/// What is opened only later can be written, as far as can be told.
fn check(plan: &Plan) -> Result<(), Fault> {
    let tried = |path: &PathBuf, result: io::Result<()>| {
        result.map_err(|source| Fault::Write { path: path.clone(), source })
    };
    plan.report.as_ref().map_or(Ok(()), |path| tried(path, place::file(path)))?;
    plan.warc.as_ref().map_or(Ok(()), |path| tried(path, place::folder(path)))
}

async fn lock(plan: &Plan) -> Result<Lock, Error> {
    let path = plan.store.join("job.lock");
    if !plan.wait {
        return Lock::acquire(&path).map_err(Error::Lock);
    }
    let waiter = tokio::task::spawn_blocking({
        let path = path.clone();
        move || Lock::wait(&path)
    });
    match waiter.await {
        Ok(lock) => lock.map_err(Error::Lock),
        Err(broken) => Err(Error::Lock(lock::Error::Io { path, source: io::Error::other(broken) })),
    }
}

fn open(
    plan: &Plan,
    stop: &Stop,
    started: SystemTime,
    told: Box<dyn FnMut(Event<'_>) + Send>,
) -> Result<Keeper, Error> {
    let store = Store::open(&plan.store).map_err(|error| Error::Fault(Fault::Store(error)))?;
    let books = Books::open(rfc3339(started), plan.ledger.clone()).map_err(Error::Fault)?;
    let archive = plan.warc.as_deref();
    Ok(Keeper {
        store,
        books,
        archive: archive.map(|dir| Archive::in_folder(dir, started, &plan.fetch.user_agent)),
        told,
        stop: stop.clone(),
        fault: None,
    })
}

/// Enters what will not be fetched, and returns what will, in order, each URL once.
fn sort_out(given: Vec<Given>, keeper: &mut Keeper) -> Vec<Url> {
    let mut seen = HashSet::new();
    let mut urls = Vec::new();
    for one in given {
        match one {
            Given::Url(url) => {
                let url = key(url);
                if seen.insert(url.clone()) {
                    urls.push(url);
                } else {
                    let state = State::Skipped { reason: "duplicate-url".to_owned() };
                    keeper.enter(&Line::new(url.as_str(), state));
                }
            }
            Given::Settled(line) => keeper.enter(&line),
        }
    }
    urls
}

/// The URL as it is fetched, stored and entered: no fragment, no credentials.
fn key(mut url: Url) -> Url {
    url.set_fragment(None);
    // Only URLs without a host refuse this, and those have no credentials either.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}

fn queue(urls: &[Url], frontier: &mut MemoryFrontier, keeper: &mut Keeper) {
    for url in urls {
        let validators = match keeper.store.last_visit(url.as_str()) {
            Ok(Some(last)) => Validators { etag: last.etag, last_modified: last.last_modified },
            Ok(None) => Validators::default(),
            Err(error) => {
                keeper.give_up(Fault::Store(error));
                return;
            }
        };
        let target = Target { url: url.clone(), validators };
        if let Err(error) = frontier.push(target) {
            tracing::error!("{url}: {error}");
        }
    }
}

/// Fetches what is queued, cleans it on other threads, and hands it to the one writer in order.
/// Takes each URL that came to an end out of `left`.
async fn fetch_all(
    plan: &Plan,
    fetcher: &Fetcher,
    frontier: &mut MemoryFrontier,
    stop: &Stop,
    keeper: Keeper,
    left: &mut HashSet<&Url>,
) -> Keeper {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let (cleaned, received) = mpsc::channel(cores);
    let writer = tokio::task::spawn_blocking(move || keeper.keep(&Handle::current(), received));
    let options = Arc::new((plan.clean.clone(), plan.lessons.clone()));
    let fetched = fetch::run(fetcher, frontier, stop, move |finished: Finished| {
        left.remove(&finished.target.url);
        let (options, cleaned) = (Arc::clone(&options), cleaned.clone());
        async move {
            // Cleaning is CPU work; the channel's bound keeps it at one page a core.
            let url = finished.target.url.clone();
            let work =
                tokio::task::spawn_blocking(move || clean_one(finished, &options.0, options.1.as_deref()));
            // The writer takes until every sender is gone, so this cannot fail.
            let _ = cleaned.send((url, work)).await;
        }
    });
    if let Err(error) = fetched.await {
        tracing::error!("{error}");
    }
    match writer.await {
        Ok(keeper) => keeper,
        // A panic in the writer is a fault of this program: it must not look like a clean end.
        Err(broken) => std::panic::resume_unwind(broken.into_panic()),
    }
}

fn clean_one(finished: Finished, options: &clean::Options, lessons: Option<&Mutex<Sites>>) -> Item {
    let url = finished.target.url;
    match finished.outcome {
        Outcome::Page(page) => {
            // "2 hours ago" is counted from the day the page was fetched.
            let options = &clean::Options { reference: day(page.fetched_at), ..options.clone() };
            let input = clean::Input {
                bytes: &page.body,
                media: media(page.content_type.as_deref()),
                charset: page.content_type.as_deref().and_then(charset),
                url: Some(&page.url),
            };
            let cleaned = clean::clean(&input, options);
            if let Some(lessons) = lessons {
                let lesson = clean::learn(&input, None);
                lessons.lock().unwrap_or_else(PoisonError::into_inner).add(&lesson.sites, lesson.page);
            }
            let record = Record::from_cleaned(url.as_str().to_owned(), Some(&page.url), cleaned);
            Item::Cleaned(Box::new((page, record)))
        }
        Outcome::NotModified { validators, fetched_at, .. } => {
            let mut line = Line::new(url.as_str(), State::Unchanged);
            line.http_status = Some(304);
            line.fetched_at = Some(rfc3339(fetched_at));
            Item::NotModified(line, revisit(url.as_str(), fetched_at, &validators))
        }
        Outcome::Skipped(skip) => {
            let state = State::Skipped { reason: skip.reason().to_owned() };
            Item::Settled(Line::new(url.as_str(), state).because(skip.detail()))
        }
        // Not a failure of the page: the next run has it again.
        Outcome::Failed(failure) if failure.class == fetch::Class::Stopped => {
            Item::Settled(Line::new(url.as_str(), stopped()))
        }
        Outcome::Failed(failure) => {
            let state = State::Failed { class: failure.class.as_str().to_owned() };
            let mut line = Line::new(url.as_str(), state).because(failure.detail);
            line.http_status = failure.http_status;
            Item::Settled(line)
        }
    }
}

fn media(content_type: Option<&str>) -> Media {
    let kind = content_type.and_then(|text| text.split(';').next());
    match kind.map(|kind| kind.trim().to_ascii_lowercase()).as_deref() {
        Some("text/html" | "application/xhtml+xml") => Media::Html,
        Some("text/plain") => Media::Text,
        Some("text/markdown") => Media::Markdown,
        _ => Media::Unknown,
    }
}

fn charset(content_type: &str) -> Option<&str> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then_some(value)
    })
}

/// The verdict as it stands in JSON.
pub(super) fn kebab(verdict: Verdict) -> String {
    match serde_json::to_value(verdict) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

fn close(plan: &Plan, keeper: Keeper, stopped: bool) -> Done {
    let (mut report, flushed) = keeper.books.close();
    let mut fault = keeper.fault.or(flushed.err());
    // A fault stops the fetch too, but nobody asked for it.
    report.stopped = stopped && fault.is_none();
    report.error = fault.as_ref().map(ToString::to_string);
    report.ended = rfc3339(SystemTime::now());
    debug_assert!(report.adds_up());
    if let Some(path) = &plan.report
        && let Err(source) = report.write(path)
    {
        fault.get_or_insert(Fault::Write { path: path.clone(), source });
    }
    Done { report, fault }
}

#[cfg(test)]
mod tests {
    use super::{Media, Url, charset, key, media};

    #[test]
    fn a_content_type_gives_medium_and_charset() {
        assert_eq!(media(Some("Text/HTML; charset=x")), Media::Html);
        assert_eq!(media(Some("text/plain")), Media::Text);
        assert_eq!(media(None), Media::Unknown);
        assert_eq!(charset("text/html; a=b; Charset=\"utf-8\""), Some("utf-8"));
        assert_eq!(charset("text/html; charset="), None);
    }

    #[test]
    fn a_key_has_neither_fragment_nor_credentials() {
        let url = Url::parse("http://me:secret@a.example/x#y").unwrap();
        assert_eq!(key(url).as_str(), "http://a.example/x");
    }
}
