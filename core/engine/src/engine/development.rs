//! What the engine of a server for development does beside.

use std::sync::Arc;

use keystead_model::{AccountId, Action, Call, Caller, Error, Principal, SigV4Proof, Timestamp};

use super::Engine;
use crate::authority::Found;
use crate::development::shown;
use crate::entry::{AuditEntry, Who};
use crate::identity::root_of;
use crate::ops::{MoveClock, PlantAccessKey, PlantKey, Planted};
use crate::{Permit, accounts, schedule};

impl Engine {
    /// The root of an account whose word is taken for it. The account is made if it is not there.
    pub(super) async fn anybody(
        &self,
        call: &Call,
        account: AccountId,
        proof: &SigV4Proof<'_>,
    ) -> Result<Arc<Caller>, Error> {
        self.have_account(call, account).await?;
        Ok(Arc::new(Caller::new(root_of(account), shown(proof))))
    }

    async fn have_account(&self, call: &Call, account: AccountId) -> Result<(), Error> {
        if self.has_account(account)? {
            return Ok(());
        }
        match accounts::create_without_key(&self.vault, &self.log, &self.world, call, account).await {
            // Two first requests at once: one of them was first.
            Err(Error::Conflict(_)) if self.has_account(account)? => Ok(()),
            other => other,
        }
    }

    /// Plants a key; makes its account if it is not there. What was planted before from the same description stays as
    /// it is, and leaves no record.
    ///
    /// # Errors
    /// [`Error::Unsupported`] unless this is a server for development; [`Error::Conflict`] if the key is there and was
    /// not planted from this description; [`Error::Invalid`] or what else is wrong with it.
    pub async fn plant_key(&self, call: &Call, key: &PlantKey) -> Result<Planted, Error> {
        self.is_planting_allowed()?;
        if key.look(&self.keys)? == Planted::Before {
            return Ok(Planted::Before);
        }
        self.have_account(call, key.arn.account).await?;
        let mut permit = self.to_plant(call);
        permit.entry.key = Some(key.arn.clone());
        let (entropy, now) = (&*self.world.entropy, self.world.clock.now());
        permit.change(&self.vault, |(), _, _| key.plan(&self.keys, entropy, call, &self.locations, now)).await
    }

    /// Plants an access key of an account's root; makes the account if it is not there.
    ///
    /// # Errors
    /// As for [`Engine::plant_key`].
    pub async fn plant_access_key(&self, call: &Call, key: &PlantAccessKey) -> Result<Planted, Error> {
        self.is_planting_allowed()?;
        let now = self.world.clock.now();
        if key.plan(&self.vault, now)?.1 == Planted::Before {
            return Ok(Planted::Before);
        }
        self.have_account(call, key.account).await?;
        let mut permit = self.to_plant(call);
        permit.entry.resource = Some(format!("access key {} of {}", key.id, root_of(key.account)).into());
        permit.change(&self.vault, |(), _, _| key.plan(&self.vault, now)).await
    }

    fn is_planting_allowed(&self) -> Result<(), Error> {
        match self.development.is_some() {
            true => Ok(()),
            false => Err(Error::Unsupported("only a server for development is seeded".into())),
        }
    }

    /// Nobody asks for it over a protocol, so no policy is asked.
    fn to_plant(&self, call: &Call) -> Permit<()> {
        let operator = Arc::new(Caller::new(Principal::Keystead, None));
        let entry = AuditEntry::open(&self.log, call, Who::Known(operator), Action::Plant);
        Permit { op: (), found: Found::default(), entry }
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
