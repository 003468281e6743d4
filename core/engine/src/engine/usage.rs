//! The door for the question when a key was last used.

use keystead_model::Error;

use super::Engine;
use crate::Permit;
use crate::ops::{GetKeyLastUsage, KeyUsed};

impl Engine {
    /// See [`GetKeyLastUsage`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub fn get_key_last_usage(
        &self,
        permit: Permit<GetKeyLastUsage>,
    ) -> impl Future<Output = Result<KeyUsed, Error>> {
        permit.perform(|op, found, _| op.run(&self.keys, &self.usages, found))
    }
}
