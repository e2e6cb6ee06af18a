//! Asking a run to stop. Knows nothing of signals: whoever holds a [`Stop`] may ask.

use tokio::sync::watch;

/// A request to stop that can be shared, asked once and waited for.
#[derive(Debug, Clone)]
pub struct Stop {
    asked: watch::Sender<bool>,
}

impl Default for Stop {
    fn default() -> Self {
        Self {
            asked: watch::Sender::new(false),
        }
    }
}

impl Stop {
    /// A request nobody has made yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks: nothing new starts from now on.
    pub fn ask(&self) {
        self.asked.send_replace(true);
    }

    /// Whether somebody asked.
    pub fn asked(&self) -> bool {
        *self.asked.borrow()
    }

    /// Ends when somebody asks; at once if somebody already did.
    pub async fn wait(&self) {
        let mut asked = self.asked.subscribe();
        // The sender lives in `self`, so waiting cannot fail while we are here.
        let _ = asked.wait_for(|asked| *asked).await;
    }
}
