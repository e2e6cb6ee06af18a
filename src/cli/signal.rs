//! SIGINT and SIGTERM: finish what is in flight, then exit 130 or 143. A second signal ends at once.

use super::exit::{Exit, Fault};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::{io, process, thread};

/// Set once a signal asked the program to stop. Clones share the flag.
#[derive(Debug, Clone, Default)]
pub(super) struct Stop(Arc<AtomicU8>);

impl Stop {
    /// From now on the first signal sets the flag, and the second ends the program.
    pub(super) fn on_signal() -> Result<Stop, Fault> {
        let refused = |error: io::Error| {
            Fault::new(Exit::SomeFailed, "signals", error, "raise the limits of processes and files")
        };
        let stop = Stop::default();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().map_err(refused)?;
        let (ready, listening) = std::sync::mpsc::channel();
        let flag = stop.clone();
        let listen = move || runtime.block_on(flag.listen(ready));
        thread::Builder::new().name("signals".to_owned()).spawn(listen).map_err(refused)?;
        listening.recv().unwrap_or_else(|_| Err(io::Error::other("no answer"))).map_err(refused)?;
        Ok(stop)
    }

    #[cfg(unix)]
    async fn listen(self, ready: std::sync::mpsc::Sender<io::Result<()>>) {
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
            self.set(exit);
        }
    }

    #[cfg(not(unix))]
    async fn listen(self, ready: std::sync::mpsc::Sender<io::Result<()>>) {
        let _ = ready.send(Ok(()));
        while tokio::signal::ctrl_c().await.is_ok() {
            self.set(Exit::Interrupted);
        }
    }

    fn set(&self, exit: Exit) {
        if self.0.swap(exit.code(), Ordering::Relaxed) != 0 {
            process::exit(i32::from(exit.code()));
        }
    }

    pub(super) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed) != 0
    }

    /// The exit code that belongs to the signal, if one came.
    pub(super) fn exit(&self) -> Option<Exit> {
        match self.0.load(Ordering::Relaxed) {
            0 => None,
            143 => Some(Exit::Terminated),
            _ => Some(Exit::Interrupted),
        }
    }
}
