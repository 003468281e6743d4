//! Sessions.

use keystead_model::{AccountId, Error};

use super::Engine;
use crate::Permit;
use crate::ops::sts::{
    AssumeRole, Credentials, FederatedSession, GetAccessKeyInfo, GetFederationToken, GetSessionToken,
    RoleSession,
};

impl Engine {
    /// See [`AssumeRole`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn assume_role(&self, permit: Permit<AssumeRole>) -> Result<RoleSession, Error> {
        let (_, caller) = permit.entry.asked()?;
        permit.perform(|op, found, entry| op.run(&self.sessions, &self.world, &caller, found, entry)).await
    }

    /// See [`GetSessionToken`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn get_session_token(&self, permit: Permit<GetSessionToken>) -> Result<Credentials, Error> {
        let (_, caller) = permit.entry.asked()?;
        permit.perform(|op, _, entry| op.run(&self.sessions, &self.world, &caller, entry)).await
    }

    /// See [`GetFederationToken`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn get_federation_token(
        &self,
        permit: Permit<GetFederationToken>,
    ) -> Result<FederatedSession, Error> {
        let (_, caller) = permit.entry.asked()?;
        permit.perform(|op, _, entry| op.run(&self.sessions, &self.world, &caller, entry)).await
    }

    /// See [`GetAccessKeyInfo`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn get_access_key_info(&self, permit: Permit<GetAccessKeyInfo>) -> Result<AccountId, Error> {
        let (_, caller) = permit.entry.asked()?;
        permit.perform(|op, _, _| self.identities.account_of(&op.access_key, &caller)).await
    }
}
