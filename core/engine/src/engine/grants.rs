//! The door for grants.

use keystead_model::Error;

use super::Engine;
use crate::Permit;
use crate::ops::{
    CreateGrant, GrantEntry, Granted, ListGrants, ListRetirableGrants, Page, RetireGrant, RevokeGrant,
};

impl Engine {
    /// See [`CreateGrant`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn create_grant(&self, permit: Permit<CreateGrant>) -> Result<Granted, Error> {
        let (_, caller) = permit.entry.asked()?;
        let (entropy, clock) = (&*self.world.entropy, &self.world.clock);
        let _turn = self.grants.turn(&permit.found.key().arn).await;
        permit
            .change(&self.vault, |op, found, entry| {
                let planned = op.plan(&self.keys, &self.grants, entropy, found, &caller, clock.now())?;
                entry.resource = Some(format!("grant/{}", planned.1.id).into());
                Ok(planned)
            })
            .await
    }

    /// See [`ListGrants`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn list_grants(&self, permit: Permit<ListGrants>) -> Result<Page<GrantEntry>, Error> {
        let (_, caller) = permit.entry.asked()?;
        permit.perform(|op, found, _| op.run(&self.grants, found, &caller)).await
    }

    /// See [`ListRetirableGrants`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn list_retirable_grants(
        &self,
        permit: Permit<ListRetirableGrants>,
    ) -> Result<Page<GrantEntry>, Error> {
        let (call, caller) = permit.entry.asked()?;
        permit.perform(|op, _, _| op.run(&self.keys, &self.grants, &call, &caller)).await
    }

    /// See [`RetireGrant`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn retire_grant(&self, permit: Permit<RetireGrant>) -> Result<(), Error> {
        let _turn = self.grants.turn(&permit.found.key().arn).await;
        permit.change(&self.vault, |op, found, _| op.plan(&self.grants, found)).await
    }

    /// See [`RevokeGrant`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn revoke_grant(&self, permit: Permit<RevokeGrant>) -> Result<(), Error> {
        let _turn = self.grants.turn(&permit.found.key().arn).await;
        permit
            .change(&self.vault, |op, found, entry| {
                entry.resource = Some(format!("grant/{}", op.grant).into());
                op.plan(&self.grants, found)
            })
            .await
    }
}
