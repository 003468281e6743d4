//! The door for requests that wait for the approval of others.

use std::pin::Pin;
use std::sync::Arc;

use keystead_model::{Call, Caller, Error};

use super::Engine;
use crate::approvals::{self, Asked, Gate};
use crate::authority::Found;
use crate::entry::AuditEntry;
use crate::ops::{
    Approval, ApprovalDetail, Approve, GetApproval, ListApprovals, Operation, Page, Veto, WithdrawApproval,
};
use crate::{Permit, accounts};

/// A request that is being kept; what its requester is told comes of it.
pub(super) type Asking = Pin<Box<dyn Future<Output = Error> + Send>>;

/// Why a request that policy allowed has no permit.
pub(super) enum Held {
    /// It waits already, or cannot.
    Refused(Box<AuditEntry>, Error),
    /// It begins to wait.
    Asking(Asking),
}

impl Engine {
    /// See [`ListApprovals`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn list_approvals(&self, permit: Permit<ListApprovals>) -> Result<Page<Approval>, Error> {
        let (_, caller) = permit.entry.asked()?;
        permit.perform(|op, _, _| op.run(&self.vault, accounts::of(&caller)?, self.world.clock.now())).await
    }

    /// See [`GetApproval`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn get_approval(&self, permit: Permit<GetApproval>) -> Result<ApprovalDetail, Error> {
        let (_, caller) = permit.entry.asked()?;
        permit
            .perform(|op, _, entry| {
                op.run(&self.vault, accounts::of(&caller)?, self.world.clock.now(), entry)
            })
            .await
    }

    /// See [`Approve`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn approve(&self, permit: Permit<Approve>) -> Result<Approval, Error> {
        let (_, caller) = permit.entry.asked()?;
        permit
            .change(&self.vault, |op, _, entry| op.plan(&self.vault, &caller, self.world.clock.now(), entry))
            .await
    }

    /// See [`Veto`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn veto(&self, permit: Permit<Veto>) -> Result<(), Error> {
        let (_, caller) = permit.entry.asked()?;
        permit
            .change(&self.vault, |op, _, entry| op.plan(&self.vault, &caller, self.world.clock.now(), entry))
            .await
    }

    /// See [`WithdrawApproval`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn withdraw_approval(&self, permit: Permit<WithdrawApproval>) -> Result<(), Error> {
        let (_, caller) = permit.entry.asked()?;
        permit
            .change(&self.vault, |op, _, entry| op.plan(&self.vault, &caller, self.world.clock.now(), entry))
            .await
    }

    /// Lets a request through that policy allowed, unless a rule of the account has it wait.
    pub(super) fn gate<Op: Operation>(
        &self,
        (call, caller): (&Call, &Arc<Caller>),
        (op, mut found): (Op, Found),
        entry: AuditEntry,
    ) -> Result<Permit<Op>, Held> {
        match approvals::gate(&self.vault, &self.world, (call, caller), (&op, &found), &entry) {
            Ok(Gate::Open) => Ok(Permit { op, found, entry }),
            Ok(Gate::Approved(approved)) => {
                found.approval = Some(approved);
                Ok(Permit { op, found, entry })
            }
            Ok(Gate::Unasked(asked)) => Err(Held::Asking(self.asking(call.clone(), *asked, found, entry))),
            Err(error) => Err(Held::Refused(Box::new(entry), error)),
        }
    }

    fn asking(&self, call: Call, asked: Asked, found: Found, entry: AuditEntry) -> Asking {
        let (vault, log, world) = (Arc::clone(&self.vault), Arc::clone(&self.log), self.world.clone());
        Box::pin(async move {
            let error = approvals::ask(&vault, &log, &world, &call, asked, found).await;
            match entry.close::<()>(Err(error)).await {
                Err(error) => error,
                Ok(()) => Error::Internal,
            }
        })
    }

    /// Takes away the requests that waited too long.
    pub(super) async fn expire_approvals(&self) -> Result<(), Error> {
        approvals::expired(&self.vault, &self.log, &self.world, self.locations.first()).await
    }
}
