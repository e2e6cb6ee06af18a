//! `tamis run`: the scheduled job. Stays up where the configuration has a schedule.

use super::exit::{Exit, Fault};
use super::memory::{Choice, Lessons};
use super::session;
use super::signal::Signals;
use crate::fetch::Stop;
use crate::job::config::{self, Config};
use crate::job::ledger::State;
use crate::job::lock::{self, Lock};
use crate::job::schedule::Schedule;
use crate::job::{Done, Event};
use clap::Args;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

/// The longest nap before the clock is looked at again: it may have been set, or the machine asleep.
const NAP: Duration = Duration::from_secs(30);

/// The arguments as typed.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// The configuration; `tamis init` writes one
    #[arg(long, value_name = "FILE", default_value = "tamis.toml")]
    config: PathBuf,
    /// Run once now, whatever the schedule says
    #[arg(long)]
    once: bool,
    /// Wait for a run that holds the store's lock instead of giving up
    #[arg(long)]
    wait: bool,
}

pub(super) fn run(args: RunArgs) -> Result<Exit, Fault> {
    let config = Config::load(&args.config).map_err(told)?;
    session::log("info");
    session::runtime()?.block_on(async {
        let stop = Stop::new();
        let signals = session::signals(&stop)?;
        match &config.schedule {
            Some(schedule) if !args.once => stay(&config, schedule, args.wait, &stop, &signals).await,
            _ => {
                let done = once(&config, args.wait, &stop).await?;
                session::verdict(&done, &signals)
            }
        }
    })
}

fn told(error: config::Error) -> Fault {
    Fault::told(Exit::Usage, error)
}

/// Runs at every tick until a signal comes or the store fails; never two runs at a time.
async fn stay(
    config: &Config,
    schedule: &Schedule,
    patient: bool,
    stop: &Stop,
    signals: &Signals,
) -> Result<Exit, Fault> {
    let _one = one_service(config)?;
    let mut last = config.last_run();
    loop {
        let Some(next) = schedule.next(last, SystemTime::now()) else {
            tracing::info!("the schedule has no tick left");
            return Ok(Exit::Done);
        };
        let wait = next.duration_since(SystemTime::now()).unwrap_or_default();
        tracing::info!(seconds = wait.as_secs(), "next run in {} s", wait.as_secs());
        if !sleep_until(next, stop).await {
            return Ok(signals.exit().unwrap_or(Exit::Done));
        }
        last = Some(SystemTime::now());
        match once(config, patient, stop).await {
            Ok(done) => {
                let exit = session::verdict(&done, signals)?;
                if matches!(exit, Exit::Interrupted | Exit::Terminated) {
                    return Ok(exit);
                }
            }
            Err(fault) if fault.exit == Exit::Locked => {
                tracing::warn!("this run is left out: {fault}");
            }
            Err(fault) => return Err(fault),
        }
    }
}

/// Two services over one store would only ever wait for each other.
fn one_service(config: &Config) -> Result<Lock, Fault> {
    Lock::acquire(&config.store.join("service.lock")).map_err(|error| {
        let exit = match error {
            lock::Error::Held { .. } => Exit::Locked,
            lock::Error::Io { .. } => Exit::Unwritable,
        };
        Fault::told(exit, error)
    })
}

/// Whether the time came, and not a request to stop.
async fn sleep_until(next: SystemTime, stop: &Stop) -> bool {
    while !stop.is_stopped() {
        let left = match next.duration_since(SystemTime::now()) {
            Ok(left) if !left.is_zero() => left,
            _ => return true,
        };
        tokio::select! {
            () = tokio::time::sleep(left.min(NAP)) => {}
            () = stop.stopped() => {}
        }
    }
    false
}

async fn once(config: &Config, wait: bool, stop: &Stop) -> Result<Done, Fault> {
    let started = SystemTime::now();
    let mut plan = config.plan(started, wait);
    let memory = config.site_memory.clone().map_or(Choice::Off, Choice::File);
    let lessons = Lessons::of(&memory, &mut plan)?;
    tracing::info!(store = %plan.store.display(), "run started");
    let done = session::go(&plan, stop, log).await?;
    lessons.map_or(Ok(()), Lessons::keep)?;
    tracing::info!(
        inputs = done.report.inputs,
        stored = done.report.stored,
        unchanged = done.report.unchanged,
        duplicate = done.report.duplicate,
        skipped = done.report.skipped_total(),
        failed = done.report.failed_total(),
        "run ended: {}",
        session::summary(&done.report)
    );
    if done.fault.is_none() && !done.report.stopped {
        note(config, started);
    }
    Ok(done)
}

/// Housekeeping that must not turn a good run into a failed one.
fn note(config: &Config, started: SystemTime) {
    if let Err(error) = config.note_run(started) {
        tracing::warn!("{}: cannot note this run: {error}", config.store.display());
    }
    if let Err(error) = config.prune() {
        tracing::warn!("old reports cannot be removed: {error}");
    }
}

fn log(event: Event<'_>) {
    match event {
        Event::Listed(inputs) => tracing::info!(inputs, "listed"),
        Event::Cleaned(..) => {}
        Event::Settled(line) => match &line.state {
            State::Failed { class } => {
                let detail = line.detail.as_deref().unwrap_or("");
                tracing::warn!(url = line.url, class, "{}: {class}: {detail}", line.url);
            }
            state => tracing::debug!(url = line.url, ?state),
        },
    }
}
