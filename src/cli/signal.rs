//! SIGINT and SIGTERM: finish what is in flight, then exit 130 or 143. A second signal ends at once.

use super::exit::{Exit, Fault};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::{io, process, thread};

/// Which signal came, if one did. Clones share what they know.
#[derive(Debug, Clone, Default)]
pub(super) struct Signals(Arc<AtomicU8>);

impl Signals {
    /// From now on the first signal is noted and calls `stop`, and the second ends the program.
    pub(super) fn watch(stop: impl Fn() + Send + 'static) -> Result<Signals, Fault> {
        let refused = |error: io::Error| {
            Fault::new(Exit::Unwritable, "signals", error, "raise the limits of processes and files")
        };
        let signals = Signals::default();
        // A thread and a runtime of its own: it answers whatever the rest of the program is busy with.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().map_err(refused)?;
        let (ready, listening) = channel();
        let heard = signals.clone();
        let listen = move || runtime.block_on(heard.listen(ready, stop));
        thread::Builder::new().name("signals".to_owned()).spawn(listen).map_err(refused)?;
        listening.recv().unwrap_or_else(|_| Err(io::Error::other("no answer"))).map_err(refused)?;
        Ok(signals)
    }

    #[cfg(unix)]
    async fn listen(self, ready: Sender<io::Result<()>>, stop: impl Fn()) {
        use tokio::signal::unix::{SignalKind, signal};
        let both = signal(SignalKind::interrupt())
            .and_then(|interrupt| Ok((interrupt, signal(SignalKind::terminate())?)));
        let (mut interrupt, mut terminate) = match both {
            Ok(both) => both,
            Err(error) => {
                let _ = ready.send(Err(error));
                return;
            }
        };
        let _ = ready.send(Ok(()));
        loop {
            let exit = tokio::select! {
                _ = interrupt.recv() => Exit::Interrupted,
                _ = terminate.recv() => Exit::Terminated,
            };
            self.note(exit, &stop);
        }
    }

    #[cfg(not(unix))]
    async fn listen(self, ready: Sender<io::Result<()>>, stop: impl Fn()) {
        let _ = ready.send(Ok(()));
        while tokio::signal::ctrl_c().await.is_ok() {
            self.note(Exit::Interrupted, &stop);
        }
    }

    pub(super) fn note(&self, exit: Exit, stop: &impl Fn()) {
        if self.0.swap(exit.code(), Ordering::SeqCst) != 0 {
            // What was committed is safe; what was in flight comes again with the next run.
            process::exit(i32::from(exit.code()));
        }
        stop();
    }

    /// Has a signal come?
    pub(super) fn came(&self) -> bool {
        self.exit().is_some()
    }

    /// The exit code that belongs to the signal, if one came.
    pub(super) fn exit(&self) -> Option<Exit> {
        match self.0.load(Ordering::SeqCst) {
            0 => None,
            143 => Some(Exit::Terminated),
            _ => Some(Exit::Interrupted),
        }
    }
}
