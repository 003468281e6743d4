//! Custom key stores as requests need them: which there are, whether they are connected, and the proxy to speak to.

use std::sync::Arc;

use keystead_crypto::{Proxy, SecretBytes};
use keystead_model::{
    AccountId, ConnectionState, CustomKeyStoreType, Error, KeyArn, KeyState, KeyStoreFault, Location,
};

use super::{Key, Keys, internal, unreadable};
use crate::records::{Backing, CustomKey, External, KeyStoreRecord, KeyStoresRecord, Row};

/// The custom key stores of an account and location, as one row has them.
#[derive(Default)]
pub struct KeyStores {
    /// Version of the row; `None` if there is no row yet.
    pub version: Option<u64>,
    /// What the row holds.
    pub record: KeyStoresRecord,
}

impl KeyStores {
    /// The store of an id.
    ///
    /// # Errors
    /// [`KeyStoreFault::NotFound`].
    pub fn store(&self, id: &str) -> Result<&KeyStoreRecord, Error> {
        self.record.find(id).ok_or_else(|| no_such_store(id))
    }
}

/// There is no store of this id.
pub fn no_such_store(id: &str) -> Error {
    let what = format!("The custom key store {id} does not exist in this account and Region.");
    Error::KeyStore(KeyStoreFault::NotFound, what.into())
}

impl KeyStoreRecord {
    /// What kind of store this is.
    pub fn kind(&self) -> CustomKeyStoreType {
        match self.backing {
            Backing::CloudHsm(_) => CustomKeyStoreType::AwsCloudHsm,
            Backing::External(_) => CustomKeyStoreType::ExternalKeyStore,
        }
    }

    /// Whether keys in it can be used.
    pub fn is_connected(&self) -> bool {
        self.state == ConnectionState::Connected
    }
}

impl External {
    /// What to speak to.
    pub fn proxy(&self, location: &Location) -> Arc<Proxy> {
        Arc::new(Proxy {
            host: self.host().into(),
            path: self.path.clone(),
            access_key_id: self.access_key_id.clone(),
            secret_access_key: SecretBytes::copy_from(self.secret_access_key.expose()),
            location: location.clone(),
        })
    }
}

/// A key in an external key store, and where to ask for it.
pub struct Outside {
    /// The store's proxy.
    pub proxy: Arc<Proxy>,
    /// What the external key manager calls the key.
    pub external: Box<str>,
}

impl Keys {
    /// The custom key stores of an account and location.
    pub fn key_stores(&self, account: AccountId, location: &Location) -> Result<Arc<KeyStores>, Error> {
        let place = (account, location.clone());
        match self.caches.stores.get_value_or_guard(&place, None) {
            quick_cache::sync::GuardResult::Value(stores) => Ok(stores),
            quick_cache::sync::GuardResult::Guard(guard) => {
                let stores = Arc::new(self.read_key_stores(account, location)?);
                // Refused if the row changed meanwhile: then it serves this request only.
                let _ = guard.insert(Arc::clone(&stores));
                Ok(stores)
            }
            quick_cache::sync::GuardResult::Timeout => unreachable!("no timeout was set"),
        }
    }

    fn read_key_stores(&self, account: AccountId, location: &Location) -> Result<KeyStores, Error> {
        let id = Row::KeyStores(account, location).id();
        let Some(plain) = self.vault.get(&id).map_err(internal)? else { return Ok(KeyStores::default()) };
        let record = KeyStoresRecord::read(plain.bytes.expose()).map_err(unreadable)?;
        Ok(KeyStores { version: Some(plain.version), record })
    }

    /// The state a key shows: one in a custom key store is unavailable while the store is not connected, unless it
    /// waits for its destruction.
    pub fn shown_state(
        &self,
        arn: &KeyArn,
        state: KeyState,
        custom: Option<&CustomKey>,
    ) -> Result<KeyState, Error> {
        let Some(custom) = custom else { return Ok(state) };
        if !matches!(state, KeyState::Enabled | KeyState::Disabled) {
            return Ok(state);
        }
        let stores = self.key_stores(arn.account, &arn.location)?;
        match stores.record.find(&custom.store).is_some_and(KeyStoreRecord::is_connected) {
            true => Ok(state),
            false => Ok(KeyState::Unavailable),
        }
    }

    /// Where to ask for a key that somebody else's key manager holds.
    ///
    /// # Errors
    /// [`KeyStoreFault::KeyUnusable`] if its store is not connected.
    pub fn outside(&self, key: &Key, custom: &CustomKey) -> Result<Outside, Error> {
        let stores = self.key_stores(key.arn.account, &key.arn.location)?;
        let found = stores.record.find(&custom.store).filter(|store| store.is_connected());
        match (found.map(|store| &store.backing), &custom.external) {
            (Some(Backing::External(backing)), Some(external)) => {
                Ok(Outside { proxy: backing.proxy(&key.arn.location), external: external.clone() })
            }
            _ => Err(Error::KeyStore(KeyStoreFault::KeyUnusable, NOT_CONNECTED.into())),
        }
    }
}

/// What clients match on when a key's store is not connected.
const NOT_CONNECTED: &str = "This KMS key is in a custom key store that is not connected to its external key store \
    proxy. Connect the external key store and try the request again.";
