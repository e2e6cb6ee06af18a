//! The one writer of a run: takes cleaned pages in order, puts them into the store, and enters each
//! in the books once its commit is durable. Knows neither HTTP nor HTML.

use std::time::{Duration, SystemTime};

use tokio::runtime::Handle;
use tokio::sync::mpsc::Receiver;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::archive::Archive;
use super::books::{Books, Fault};
use super::ledger::{Line, State};
use super::run::{Event, kebab};
use super::time::rfc3339;
use crate::fetch::{Page, Stop};
use crate::record::{Record, Verdict};
use crate::store::{self, Added, Store, Visit};

/// Held lines after which a commit is due.
const BATCH: usize = 64;
/// Time after which a commit is due.
const PAUSE: Duration = Duration::from_secs(1);

/// What comes to the writer.
#[derive(Debug)]
pub(super) enum Item {
    /// Nothing to store: skipped or failed.
    Settled(Line),
    /// The server said that what the store has still stands.
    NotModified(Line, Visit),
    /// A page and its clean record.
    Cleaned(Box<(Page, Record)>),
}

/// What the writer works on, given back at the end.
pub(super) struct Keeper {
    pub(super) store: Store,
    pub(super) books: Books,
    pub(super) archive: Option<Archive>,
    pub(super) told: Box<dyn FnMut(Event<'_>) + Send>,
    pub(super) stop: Stop,
    pub(super) fault: Option<Fault>,
}

impl Keeper {
    /// Takes everything that comes, then commits. Blocks its thread; not for an async one.
    ///
    /// After a fault the fetch is asked to stop and what still comes is entered as failed.
    pub(super) fn keep(mut self, runtime: &Handle, mut received: Receiver<(Url, JoinHandle<Item>)>) -> Self {
        let mut due = None;
        loop {
            let next = match due {
                None => Ok(received.blocking_recv()),
                Some(at) => runtime.block_on(timeout_at(at, received.recv())),
            };
            match next {
                Ok(Some((url, item))) => match runtime.block_on(item) {
                    Ok(item) => self.take(item),
                    Err(broken) => self.enter(&broke_off(&url, &broken)),
                },
                Ok(None) => break,
                Err(_) => self.commit(),
            }
            if self.books.held() >= BATCH {
                self.commit();
            }
            due = match self.books.held() {
                0 => None,
                _ => due.or_else(|| Some(Instant::now() + PAUSE)),
            };
        }
        self.commit();
        self
    }

    /// Enters a line that needs nothing of the store.
    pub(super) fn enter(&mut self, line: &Line) {
        (self.told)(Event::Settled(line));
        if let Err(fault) = self.books.enter(line) {
            self.give_up(fault);
        }
    }

    fn take(&mut self, item: Item) {
        match item {
            Item::Settled(line) => self.enter(&line),
            Item::NotModified(line, visit) => self.touch(line, &visit),
            Item::Cleaned(both) => self.store(both.0, both.1),
        }
    }

    fn touch(&mut self, mut line: Line, visit: &Visit) {
        if self.refuse(&line) {
            return;
        }
        line.id = match self.store.last_visit(&visit.url) {
            Ok(last) => last.map(|last| last.id),
            Err(error) => return self.lost(line, error),
        };
        match self.store.touch(&visit.url, visit) {
            Ok(()) => self.books.hold(line),
            Err(error) => self.lost(line, error),
        }
    }

    fn store(&mut self, page: Page, mut record: Record) {
        let mut line = line_of(&page, &record);
        if self.refuse(&line) {
            return;
        }
        if let Some(archive) = &mut self.archive
            && let Err(fault) = archive.keep(&page)
        {
            self.enter(&failed(line, &fault.to_string()));
            return self.give_up(fault);
        }
        if let Some(state) = left_out(record.verdict) {
            line.state = state;
            line.detail = record.error.clone();
            (self.told)(Event::Cleaned(&line, &page, &record));
            return self.enter(&line);
        }
        let visit = visit_of(&page);
        match self.store.add(&mut record, &visit) {
            Ok(added) => {
                line.state = match &added {
                    Added::New => State::Stored,
                    Added::Unchanged => State::Unchanged,
                    Added::Duplicate { .. } => State::Duplicate,
                    Added::Empty => State::Skipped { reason: kebab(Verdict::Empty) },
                };
                if let Added::Duplicate { of } = added {
                    line.duplicate_of = Some(of);
                }
                line.id.clone_from(&record.id);
                line.near_duplicate_of.clone_from(&record.near_duplicate_of);
                (self.told)(Event::Cleaned(&line, &page, &record));
                self.books.hold(line);
            }
            Err(error @ store::Error::TooLarge { .. }) => {
                self.enter(&failed(line, &error.to_string()));
            }
            Err(error) => self.lost(line, error),
        }
    }

    /// After a fault nothing is stored any more; the input is not lost, the next run has it again.
    fn refuse(&mut self, line: &Line) -> bool {
        if self.fault.is_none() {
            return false;
        }
        let mut line = line.clone();
        line.state = stopped();
        self.enter(&line);
        true
    }

    fn lost(&mut self, line: Line, error: store::Error) {
        self.books.hold(line);
        self.give_up(Fault::Store(error));
    }

    fn commit(&mut self) {
        if self.fault.is_some() || self.books.held() == 0 {
            return;
        }
        let result = match self.store.commit() {
            Ok(()) => {
                let told = &mut self.told;
                self.books.settle(&mut |line| told(Event::Settled(line)))
            }
            Err(error) => Err(Fault::Store(error)),
        };
        if let Err(fault) = result {
            self.give_up(fault);
        }
    }

    /// Ends the storing: the fetch is asked to stop, what is held failed.
    pub(super) fn give_up(&mut self, fault: Fault) {
        self.stop.stop();
        let told = &mut self.told;
        self.books.fail(&fault, &mut |line| told(Event::Settled(line)));
        self.fault.get_or_insert(fault);
    }
}

/// A panic while cleaning is a fault of this program; it costs one page, not the run.
fn broke_off(url: &Url, broken: &tokio::task::JoinError) -> Line {
    let state = State::Failed { class: "internal".to_owned() };
    Line::new(url.as_str(), state).because(format!("cleaning broke off ({broken}); please report it"))
}

/// Which pages stay out of the store: all that are no text of their own.
fn left_out(verdict: Verdict) -> Option<State> {
    match verdict {
        Verdict::Ok | Verdict::Thin => None,
        Verdict::Error => Some(State::Failed { class: "clean".to_owned() }),
        other => Some(State::Skipped { reason: kebab(other) }),
    }
}

/// The end of an input the run never came to.
pub(super) fn stopped() -> State {
    State::Skipped { reason: "stopped".to_owned() }
}

fn failed(mut line: Line, why: &str) -> Line {
    line.state = State::Failed { class: "store".to_owned() };
    line.because(why)
}

fn line_of(page: &Page, record: &Record) -> Line {
    let mut line = Line::new(page.requested.as_str(), State::Stored);
    line.id.clone_from(&record.id);
    line.verdict = Some(record.verdict);
    line.http_status = Some(page.status);
    line.final_url = elsewhere(page);
    line.bytes = Some(page.body.len() as u64);
    line.fetched_at = Some(rfc3339(page.fetched_at));
    line
}

fn visit_of(page: &Page) -> Visit {
    Visit {
        url: page.requested.as_str().to_owned(),
        seen_at: page.fetched_at,
        http_status: Some(page.status),
        etag: page.validators.etag.clone(),
        last_modified: page.validators.last_modified.clone(),
        final_url: elsewhere(page),
    }
}

fn elsewhere(page: &Page) -> Option<String> {
    (page.url != page.requested).then(|| page.url.as_str().to_owned())
}

/// A visit that found what the last one found.
pub(super) fn revisit(url: &str, seen_at: SystemTime, outcome: &crate::fetch::Validators) -> Visit {
    Visit {
        url: url.to_owned(),
        seen_at,
        http_status: Some(304),
        etag: outcome.etag.clone(),
        last_modified: outcome.last_modified.clone(),
        final_url: None,
    }
}
