//! Sessions.

use keystead_model::{AccountId, Call, Caller, Error};

use super::Engine;
use crate::Permit;
use crate::ops::Operation;
use crate::ops::sts::{
    AssumeRole, Credentials, FederatedSession, GetAccessKeyInfo, GetFederationToken, GetSessionToken,
    RoleSession,
};
use crate::sessions::Bench;
use crate::vault::Change;

impl Engine {
    /// See [`AssumeRole`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn assume_role(&self, permit: Permit<AssumeRole>) -> Result<RoleSession, Error> {
        let (call, caller) = permit.entry.asked()?;
        permit
            .change(&self.vault, |op, found, entry| {
                let answer = op.run(self.bench(), &caller, found, entry)?;
                Ok((self.spent(op, &call, &caller)?, answer))
            })
            .await
    }

    /// See [`GetSessionToken`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn get_session_token(&self, permit: Permit<GetSessionToken>) -> Result<Credentials, Error> {
        let (call, caller) = permit.entry.asked()?;
        permit
            .change(&self.vault, |op, _, entry| {
                let answer = op.run(self.bench(), &caller, entry)?;
                Ok((self.spent(op, &call, &caller)?, answer))
            })
            .await
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
        permit.perform(|op, _, entry| op.run(self.bench(), &caller, entry)).await
    }

    /// See [`GetAccessKeyInfo`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn get_access_key_info(&self, permit: Permit<GetAccessKeyInfo>) -> Result<AccountId, Error> {
        let (_, caller) = permit.entry.asked()?;
        permit.perform(|op, _, _| self.identities.account_of(&op.access_key, &caller)).await
    }

    /// What sessions are made with.
    pub(super) fn bench(&self) -> Bench<'_> {
        Bench { sessions: &self.sessions, directory: &self.directory, world: &self.world }
    }

    /// The change that spends the second factor of a request, if it shows one.
    fn spent<Op: Operation>(&self, op: &Op, call: &Call, caller: &Caller) -> Result<Vec<Change>, Error> {
        let spend = |factor| self.factors.spend(caller, factor, call.at);
        op.second_factor().map(spend).transpose().map(|change| change.into_iter().collect())
    }
}
