//! What the engine of a server for development does beside.

use std::sync::Arc;

use keystead_model::{AccountId, Call, Caller, Error, SigV4Proof, Timestamp};

use super::Engine;
use crate::development::shown;
use crate::identity::root_of;
use crate::ops::MoveClock;
use crate::{Permit, accounts, schedule};

impl Engine {
    /// The root of an account whose word is taken for it. The account is made if it is not there.
    pub(super) async fn anybody(
        &self,
        call: &Call,
        account: AccountId,
        proof: &SigV4Proof<'_>,
    ) -> Result<Arc<Caller>, Error> {
        if !self.has_account(account)? {
            match accounts::create_without_key(&self.vault, &self.log, &self.world, call, account).await {
                // Two first requests at once: one of them was first.
                Err(Error::Conflict(_)) if self.has_account(account)? => {}
                other => other?,
            }
        }
        Ok(Arc::new(Caller::new(root_of(account), shown(proof))))
    }

    /// See [`MoveClock`].
    ///
    /// # Errors
    /// [`Error::Unsupported`] unless this is a server for development; it has been recorded.
    pub fn move_clock(&self, permit: Permit<MoveClock>) -> impl Future<Output = Result<(), Error>> {
        let is_allowed = self.development.is_some();
        permit.perform(move |op, _, entry| {
            entry.resource = Some(op.how);
            match is_allowed {
                true => Ok(()),
                false => Err(Error::Unsupported("only a server for development has a clock to move".into())),
            }
        })
    }

    /// When something is next to be done by itself, if anything is.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn next_due(&self) -> Result<Option<Timestamp>, Error> {
        schedule::next(&self.keys)
    }
}
