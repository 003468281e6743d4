//! The stop signal, shared by everything that has to end.

use std::sync::Arc;

use tokio::sync::watch;

/// Says that the server stops. Clones are the same signal.
#[derive(Clone)]
pub struct Stop(Arc<watch::Sender<bool>>);

impl Stop {
    /// A signal that has not been given.
    pub fn new() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }

    /// Gives the signal. It cannot be taken back.
    pub fn begin(&self) {
        self.0.send_replace(true);
    }

    /// Whether the signal has been given.
    pub fn has_begun(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns once the signal has been given.
    pub async fn begun(&self) {
        let mut receiver = self.0.subscribe();
        // The sender lives in `self`, so waiting cannot fail.
        let _ = receiver.wait_for(|begun| *begun).await;
    }
}

impl Default for Stop {
    fn default() -> Self {
        Self::new()
    }
}
