//! SIGINT and SIGTERM: finish what is in flight, then exit 130 or 143. A second signal ends at once.

use super::exit::Exit;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// Set once a signal asked the program to stop. Clones share the flag.
#[derive(Debug, Clone, Default)]
pub(super) struct Stop(Arc<AtomicU8>);

impl Stop {
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
