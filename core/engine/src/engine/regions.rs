//! The door for multi-Region keys.

use keystead_model::Error;

use super::Engine;
use crate::Permit;
use crate::ops::{ReplicateKey, Replicated, UpdatePrimaryRegion};

impl Engine {
    /// See [`ReplicateKey`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn replicate_key(&self, permit: Permit<ReplicateKey>) -> Result<Replicated, Error> {
        let (call, caller) = permit.entry.asked()?;
        permit
            .change(&self.vault, |op, found, entry| {
                let now = self.world.clock.now();
                let standing = self.directory.standing(&caller)?;
                let by = (&*caller, &standing);
                let planned = op.plan(&self.keys, found, &call, by, now, &self.locations)?;
                entry.resource = Some(planned.1.metadata.arn.to_string().into());
                Ok(planned)
            })
            .await
    }

    /// See [`UpdatePrimaryRegion`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn update_primary_region(&self, permit: Permit<UpdatePrimaryRegion>) -> Result<(), Error> {
        permit.change(&self.vault, |op, found, _| op.plan(&self.keys, found)).await
    }
}
