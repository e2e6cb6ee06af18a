//! What `fetch`, `run` and `demo` share: runtime, signals, logs, and how a run's end becomes an exit code.

use super::exit::{Exit, Fault};
use crate::fetch::Stop;
use crate::job::report::Report;
use crate::job::{self, Done, Event};
use crate::store;
use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
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

/// SIGINT and SIGTERM: the first asks to stop, the second ends the program at once.
#[derive(Debug, Clone, Default)]
pub(super) struct Signals {
    code: Arc<AtomicU8>,
}

impl Signals {
    /// Begins to listen; call inside the runtime.
    pub(super) fn watch(stop: &Stop) -> Result<Self, Fault> {
        let signals = Signals::default();
        let mut next =
            listen().map_err(|error| Fault::new(Exit::Unwritable, "signals", error, "run again"))?;
        let (code, stop) = (Arc::clone(&signals.code), stop.clone());
        tokio::spawn(async move {
            loop {
                let exit = next.recv().await;
                if code.swap(exit.code(), Ordering::SeqCst) != 0 {
                    // What was committed is safe; what was in flight is fetched again next time.
                    std::process::exit(i32::from(exit.code()));
                }
                stop.stop();
            }
        });
        Ok(signals)
    }

    /// The exit code of the signal that came, if one did.
    pub(super) fn exit(&self) -> Option<Exit> {
        match self.code.load(Ordering::SeqCst) {
            0 => None,
            143 => Some(Exit::Terminated),
            _ => Some(Exit::Interrupted),
        }
    }
}

#[cfg(unix)]
struct Next {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
fn listen() -> io::Result<Next> {
    use tokio::signal::unix::{SignalKind, signal};
    Ok(Next { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
}

#[cfg(unix)]
impl Next {
    async fn recv(&mut self) -> Exit {
        tokio::select! {
            _ = self.interrupt.recv() => Exit::Interrupted,
            _ = self.terminate.recv() => Exit::Terminated,
        }
    }
}

#[cfg(not(unix))]
struct Next;

#[cfg(not(unix))]
fn listen() -> io::Result<Next> {
    Ok(Next)
}

#[cfg(not(unix))]
impl Next {
    async fn recv(&mut self) -> Exit {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        Exit::Interrupted
    }
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
            job::Error::Lock(job::lock::Error::Io { .. }) => Exit::Unwritable,
            job::Error::Setup(_) => Exit::Usage,
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
