//! Proof that policy allowed one call.

use std::pin::Pin;

use keystead_audit::{Appending, Expected};
use keystead_model::Error;

use crate::authority::Found;
use crate::entry::AuditEntry;
use crate::keys::internal;
use crate::vault::{Change, Vault, VaultError};

/// How often a change is tried again when another one came first.
const TRIES_MAX: usize = 16;

/// Work that has to wait for somebody else's key manager.
pub(crate) type Outside<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

/// Where the work of a permit was done.
enum Way<'a, T> {
    /// Here, and the record is on its way.
    Here(Appending, Result<T, Error>),
    /// It is still to be done.
    Outside(Outside<'a, T>),
}

/// Proof that policy allowed one call. Only [`Engine::authorise`](crate::Engine::authorise) makes one; using it
/// spends it.
#[must_use = "a dropped permit is audited as abandoned"]
pub struct Permit<Op> {
    pub(crate) op: Op,
    pub(crate) found: Found,
    pub(crate) entry: AuditEntry,
}

impl<Op> Permit<Op> {
    /// Does what changes nothing, and answers once the record is durable. The work is done when this returns.
    pub(crate) fn perform<T, W>(self, work: W) -> impl Future<Output = Result<T, Error>> + use<T, W, Op>
    where
        W: FnOnce(Op, &Found, &mut AuditEntry) -> Result<T, Error>,
    {
        let Self { op, found, mut entry } = self;
        let _expected = expected(&found, &entry);
        let result = work(op, &found, &mut entry);
        entry.close(result)
    }

    /// Ends the request with an error, and answers it once the record is durable.
    pub(crate) fn refuse<T>(self, error: Error) -> impl Future<Output = Result<T, Error>> + use<T, Op> {
        self.entry.close(Err(error))
    }

    /// [`Permit::perform`], unless one of its keys is held by somebody else's key manager: then `outside` does it, and
    /// is given the work that is to be done here.
    pub(crate) fn perform_or<'a, T, W>(
        self,
        work: W,
        outside: impl FnOnce(Self, W) -> Outside<'a, T>,
    ) -> impl Future<Output = Result<T, Error>>
    where
        W: FnOnce(Op, &Found, &mut AuditEntry) -> Result<T, Error>,
    {
        let way = match self.found.is_outside() {
            true => Way::Outside(outside(self, work)),
            false => {
                let Self { op, found, mut entry } = self;
                let _expected = expected(&found, &entry);
                let result = work(op, &found, &mut entry);
                Way::Here(entry.append(&result), result)
            }
        };
        async move {
            match way {
                Way::Here(appending, result) => {
                    appending.await?;
                    result
                }
                Way::Outside(outside) => outside.await,
            }
        }
    }

    /// Plans a change and commits it together with its record; plans again if another change came first. A plan
    /// without changes is only recorded.
    pub(crate) async fn change<T>(
        self,
        vault: &Vault,
        mut plan: impl FnMut(&Op, &Found, &mut AuditEntry) -> Result<(Vec<Change>, T), Error>,
    ) -> Result<T, Error> {
        let Self { op, mut found, entry } = self;
        let mut entry = Box::new(entry);
        let resource = entry.resource.clone();
        for tried in 0..TRIES_MAX {
            if let Some(approved) = &mut found.approval {
                entry.resource.clone_from(&resource);
                if let (true, Err(error)) = (tried > 0, approved.renew(vault)) {
                    return entry.close(Err(error)).await;
                }
            }
            let (mut changes, answer) = match plan(&op, &found, &mut entry) {
                Ok(planned) => planned,
                Err(error) => return entry.close(Err(error)).await,
            };
            // An approval is used up even where there was nothing left to do.
            if let Some(approved) = &found.approval {
                changes.extend(approved.consumed());
                entry.was_approved(approved.id());
            }
            if changes.is_empty() {
                return entry.close(Ok(answer)).await;
            }
            match vault.commit(changes, entry).await {
                Ok(appending) => {
                    appending.await?;
                    return Ok(answer);
                }
                Err((VaultError::Conflict, Some(back))) => entry = back,
                Err((error, Some(back))) => return back.close(Err(internal(error))).await,
                Err((error, None)) => return Err(internal(error)),
            }
        }
        entry.close(Err(internal(VaultError::Conflict))).await
    }
}

/// Tells the log of work that takes long and ends with a record.
fn expected(found: &Found, entry: &AuditEntry) -> Option<Expected> {
    found.key.as_ref().filter(|key| key.spec.is_slow_to_use()).map(|_| entry.expect())
}
