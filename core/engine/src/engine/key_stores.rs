//! The door for custom key stores: what asks a proxy first, asks it before anything is changed.

use keystead_crypto::{Asked, ProxyHealth};
use keystead_model::{Call, Caller, Error};

use super::Engine;
use crate::Permit;
use crate::accounts;
use crate::ops::*;
use crate::records::External;

impl Engine {
    /// See [`CreateCustomKeyStore`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn create_custom_key_store(
        &self,
        permit: Permit<CreateCustomKeyStore>,
    ) -> Result<Box<str>, Error> {
        let (call, place) = self.place(&permit)?;
        let asking = permit.op.to_ask(&self.keys, &place);
        let asked = self.serves(asking, &call, "CreateCustomKeyStore").await;
        let world = &self.world;
        permit
            .change(&self.vault, |op, _, entry| {
                asked.clone()?;
                let planned = op.plan(&self.keys, &*world.entropy, &place, world.clock.now())?;
                entry.resource = Some(planned.1.clone());
                Ok(planned)
            })
            .await
    }

    /// See [`ConnectCustomKeyStore`]. That connecting failed is written into the store, and is not an error.
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn connect_custom_key_store(&self, permit: Permit<ConnectCustomKeyStore>) -> Result<(), Error> {
        let (call, place) = self.place(&permit)?;
        let asking = permit.op.to_ask(&self.keys, &place);
        let outcome = match asking {
            Err(error) => Err(error),
            Ok(None) => Ok(None),
            Ok(Some(backing)) => {
                let asked = asked(&call, None, "ConnectCustomKeyStore");
                Ok(Some(self.external.health(&backing.proxy(&call.location), asked).await))
            }
        };
        permit
            .change(&self.vault, |op, _, entry| {
                entry.resource = Some(op.store.clone());
                op.plan(&self.keys, &place, outcome.clone()?)
            })
            .await
    }

    /// See [`DisconnectCustomKeyStore`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn disconnect_custom_key_store(
        &self,
        permit: Permit<DisconnectCustomKeyStore>,
    ) -> Result<(), Error> {
        let (_, place) = self.place(&permit)?;
        permit
            .change(&self.vault, |op, _, entry| {
                entry.resource = Some(op.store.clone());
                op.plan(&self.keys, &place)
            })
            .await
    }

    /// See [`DeleteCustomKeyStore`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn delete_custom_key_store(&self, permit: Permit<DeleteCustomKeyStore>) -> Result<(), Error> {
        let (_, place) = self.place(&permit)?;
        permit
            .change(&self.vault, |op, _, entry| {
                entry.resource = Some(op.store.clone());
                op.plan(&self.keys, &place)
            })
            .await
    }

    /// See [`UpdateCustomKeyStore`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn update_custom_key_store(&self, permit: Permit<UpdateCustomKeyStore>) -> Result<(), Error> {
        let (call, place) = self.place(&permit)?;
        let asking = permit.op.to_ask(&self.keys, &place);
        let asked = self.serves(asking, &call, "UpdateCustomKeyStore").await;
        permit
            .change(&self.vault, |op, _, entry| {
                entry.resource = Some(op.store.clone());
                asked.clone()?;
                op.plan(&self.keys, &place)
            })
            .await
    }

    /// See [`DescribeCustomKeyStores`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn describe_custom_key_stores(
        &self,
        permit: Permit<DescribeCustomKeyStores>,
    ) -> Result<Page<KeyStoreMetadata>, Error> {
        let (_, place) = self.place(&permit)?;
        permit.perform(|op, _, _| op.run(&self.keys, &place)).await
    }

    /// What becomes of a key that is to be made in an external key store, if it is: the external key is looked at first.
    pub(super) async fn external_key_fits(
        &self,
        op: &CreateKey,
        call: &Call,
        caller: &Caller,
    ) -> Result<(), Error> {
        let Some(account) = caller.principal.account() else { return Ok(()) };
        let place = Place { account, location: call.location.clone() };
        let Some((custom, backing)) = op.custom(&self.keys, &place)? else { return Ok(()) };
        let external = custom.external.as_deref().unwrap_or_default();
        let proxy = backing.proxy(&call.location);
        let asked = asked(call, Some(caller), "CreateKey");
        let told = self.external.metadata(&proxy, external, asked).await;
        custom_keys::fits(told.map_err(|error| proxies::new_key_error(error, &proxy.host))?)
    }

    /// Whose stores are meant, and where.
    pub(super) fn place<Op>(&self, permit: &Permit<Op>) -> Result<(Call, Place), Error> {
        let (call, caller) = permit.entry.asked()?;
        let place = Place { account: accounts::of(&caller)?, location: call.location.clone() };
        Ok((call, place))
    }

    /// Whether a proxy and at least one key manager behind it serve.
    async fn serves(
        &self,
        asking: Result<Option<External>, Error>,
        call: &Call,
        operation: &'static str,
    ) -> Result<(), Error> {
        let Some(backing) = asking? else { return Ok(()) };
        let proxy = backing.proxy(&call.location);
        match self.external.health(&proxy, asked(call, None, operation)).await {
            Ok(ProxyHealth { any_serves: true }) => Ok(()),
            Ok(ProxyHealth { any_serves: false }) => Err(proxies::nothing_serves()),
            Err(error) => Err(proxies::store_error(error, &proxy.host)),
        }
    }
}

fn asked(call: &Call, caller: Option<&Caller>, operation: &'static str) -> Asked {
    Asked { request: call.request, operation, principal: caller.map(|caller| caller.arn.clone()), key: None }
}
