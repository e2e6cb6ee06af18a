//! What `fetch`, `run` and `demo` share: runtime, logs, signals, and how a run's end becomes an exit code.

use super::exit::{Exit, Fault};
use super::output::unwritable;
use super::signal::Signals;
use crate::fetch::Stop;
use crate::job::place::folder_of;
use crate::job::report::Report;
use crate::job::{self, Done, Event};
use crate::store;
use std::io::{self, IsTerminal};
use tracing_subscriber::EnvFilter;

/// A runtime for one command.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, Fault> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| {
        Fault::new(Exit::Unwritable, "threads", error, "raise the limit on processes and files")
    })
}

/// Logs to standard error: for people on a terminal, as JSON otherwise. `TAMIS_LOG` sets the level.
pub(super) fn log(level: &str) {
    let filter = EnvFilter::try_from_env("TAMIS_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    let logs = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(colours(&io::stderr()));
    // A second subscriber is refused; the first one then has the logs.
    let _ = match io::stderr().is_terminal() {
        true => logs.with_target(false).compact().try_init(),
        false => logs.json().flatten_event(true).try_init(),
    };
}

/// Whether to colour what goes to `stream`: on a terminal, unless `NO_COLOR` is set.
pub(super) fn colours(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Signals, and what they ask to stop.
pub(super) fn signals(stop: &Stop) -> Result<Signals, Fault> {
    let stop = stop.clone();
    Signals::watch(move || stop.stop())
}

/// One run of a plan; `told` hears what happens.
pub(super) async fn go(
    plan: &job::Plan,
    stop: &Stop,
    told: impl FnMut(Event<'_>) + Send + 'static,
) -> Result<Done, Fault> {
    job::run(plan, stop, told).await.map_err(|error| {
        let exit = match &error {
            job::Error::Lock(job::lock::Error::Held { .. }) => Exit::Locked,
            job::Error::Lock(job::lock::Error::Io { path, source }) => {
                return unwritable(folder_of(path), source);
            }
            job::Error::Setup(_) => Exit::Usage,
            job::Error::Fault(job::Fault::Write { path, source }) => return unwritable(path, source),
            job::Error::Fault(fault) => of_fault(fault),
        };
        Fault::told(exit, error)
    })
}

fn of_fault(fault: &job::Fault) -> Exit {
    match fault {
        job::Fault::Store(store::Error::Locked { .. }) => Exit::Locked,
        _ => Exit::Unwritable,
    }
}

/// How a run's end shows to the shell: a fault before a signal before failed inputs.
pub(super) fn verdict(done: &Done, signals: &Signals) -> Result<Exit, Fault> {
    if let Some(fault) = &done.fault {
        return Err(Fault::told(of_fault(fault), fault));
    }
    if done.report.stopped
        && let Some(exit) = signals.exit()
    {
        return Ok(exit);
    }
    Ok(match done.report.failed_total() {
        0 => Exit::Done,
        _ => Exit::SomeFailed,
    })
}

/// `12 inputs: 8 stored, 1 duplicate, 2 skipped (robots 1, not-found 1), 1 failed (http-404 1)`
pub(super) fn summary(report: &Report) -> String {
    let mut parts = Vec::new();
    for (count, name) in
        [(report.stored, "stored"), (report.unchanged, "unchanged"), (report.duplicate, "duplicate")]
    {
        if count > 0 {
            parts.push(format!("{count} {name}"));
        }
    }
    for (counts, name) in [(&report.skipped, "skipped"), (&report.failed, "failed")] {
        if !counts.is_empty() {
            let total: u64 = counts.values().sum();
            let each: Vec<String> = counts.iter().map(|(why, n)| format!("{why} {n}")).collect();
            parts.push(format!("{total} {name} ({})", each.join(", ")));
        }
    }
    let inputs = match report.inputs {
        1 => "1 input".to_owned(),
        n => format!("{n} inputs"),
    };
    match parts.is_empty() {
        true => inputs,
        false => format!("{inputs}: {}", parts.join(", ")),
    }
}
