//! Making keys in custom key stores: which combinations make sense, what is asked of the proxy, and the tie between our
//! key and the external one.

use keystead_crypto::ExternalKey;
use keystead_model::{Action, CustomKeyStoreType, Error, KeyArn, KeySpec, KeyStoreFault, KeyUsage, Origin};

use super::{CreateKey, GenerateRandom, Place};
use crate::keys::{Key, Keys, internal};
use crate::records::{Backing, CustomKey, External, ExternalKeyRecord, Row};
use crate::vault::Change;

impl CreateKey {
    /// The key's place in a custom key store, and the store's proxy; `None` for a key that is in none.
    ///
    /// # Errors
    /// What is wrong with the combination, or with the store.
    pub(crate) fn custom(&self, keys: &Keys, place: &Place) -> Result<Option<(CustomKey, External)>, Error> {
        let invalid = |what: String| Err(Error::Invalid(what.into()));
        let is_custom = matches!(self.origin, Origin::AwsCloudHsm | Origin::ExternalKeyStore);
        let store = match (&self.key_store, is_custom) {
            (Some(store), true) => store,
            (None, true) => {
                return invalid(format!("CustomKeyStoreId is required with Origin {}.", self.origin));
            }
            (Some(_), false) => {
                return invalid(format!("CustomKeyStoreId is not valid with Origin {}.", self.origin));
            }
            (None, false) if self.external_key.is_some() => {
                return invalid("XksKeyId is valid only with Origin EXTERNAL_KEY_STORE.".into());
            }
            (None, false) => return Ok(None),
        };
        let external = match (&self.external_key, self.origin) {
            (None, Origin::ExternalKeyStore) => {
                return invalid("XksKeyId is required with Origin EXTERNAL_KEY_STORE.".into());
            }
            (Some(_), Origin::AwsCloudHsm) => {
                return invalid("XksKeyId is valid only with Origin EXTERNAL_KEY_STORE.".into());
            }
            (external, _) => external,
        };
        self.is_symmetric()?;
        let stores = place.stores(keys)?;
        let found = stores.store(store)?;
        if found.kind() != kind(self.origin) {
            return invalid(format!("The custom key store {store} is not one of Origin {}.", self.origin));
        }
        if !found.is_connected() {
            let what = format!("The custom key store {store} is {}. Connect it first.", found.state);
            return Err(Error::KeyStore(KeyStoreFault::InvalidState, what.into()));
        }
        match (&found.backing, external) {
            (Backing::External(backing), Some(external)) => {
                is_segment(external)?;
                let custom = CustomKey { store: store.clone(), external: Some(external.clone()) };
                Ok(Some((custom, backing.clone())))
            }
            // Stores of hardware modules are never connected, so this is not reached.
            _ => Err(Error::Internal),
        }
    }

    fn is_symmetric(&self) -> Result<(), Error> {
        if self.spec != KeySpec::SymmetricDefault || self.usage != KeyUsage::EncryptDecrypt {
            let what = "Keys in custom key stores are symmetric encryption keys: KeySpec SYMMETRIC_DEFAULT, KeyUsage \
                        ENCRYPT_DECRYPT.";
            return Err(Error::Unsupported(what.into()));
        }
        match self.multi_region {
            false => Ok(()),
            true => Err(Error::Unsupported("Keys in custom key stores cannot be multi-Region keys.".into())),
        }
    }
}

fn kind(origin: Origin) -> CustomKeyStoreType {
    match origin {
        Origin::ExternalKeyStore => CustomKeyStoreType::ExternalKeyStore,
        _ => CustomKeyStoreType::AwsCloudHsm,
    }
}

/// External key ids become a segment of a path, and these two would lead elsewhere.
fn is_segment(external: &str) -> Result<(), Error> {
    match external {
        "." | ".." => Err(Error::Invalid(format!("{external:?} is no XksKeyId.").into())),
        _ => Ok(()),
    }
}

/// Refuses what keys in custom key stores never do, whatever the operation itself thinks of it: what it would seal
/// here, nobody outside would have sealed.
pub fn offers(key: &Key, action: Action) -> Result<(), Error> {
    let never = matches!(action, Action::GenerateDataKeyPair | Action::GenerateDataKeyPairWithoutPlaintext);
    match never && key.custom.is_some() {
        false => Ok(()),
        true => Err(Error::Unsupported(
            format!("{} origin is {} which is not valid for this operation.", key.arn, key.origin).into(),
        )),
    }
}

/// Refuses an external key that does not fit.
pub fn fits(key: ExternalKey) -> Result<(), Error> {
    let ExternalKey { is_aes_256, encrypts, decrypts, is_enabled } = key;
    match is_aes_256 && encrypts && decrypts && is_enabled {
        true => Ok(()),
        false => Err(Error::KeyStore(
            KeyStoreFault::KeyInvalidConfiguration,
            "The external key did not meet the configuration requirements for an external key store. It must be an AES-256 \
             symmetric key that is enabled and performs encryption and decryption."
                .into(),
        )),
    }
}

/// The rows that tie a new key to its external one. The row of the stores is written too, so that the store cannot be
/// disconnected or deleted at the same moment.
pub fn tied(keys: &Keys, arn: &KeyArn, custom: &CustomKey) -> Result<Vec<Change>, Error> {
    let place = Place { account: arn.account, location: arn.location.clone() };
    let stores = place.stores(keys)?;
    let mut changes = vec![place.row(stores.version, &stores.record)];
    if let Some(id) = row(arn, custom) {
        if keys.vault().get(&id).map_err(internal)?.is_some() {
            let what =
                "The external key is already associated with another KMS key in this external key store.";
            return Err(Error::KeyStore(KeyStoreFault::KeyInUse, what.into()));
        }
        changes.push(Change::make(id, ExternalKeyRecord { key: arn.key }.write()));
    }
    Ok(changes)
}

/// The row that goes with a key that goes.
pub fn untied(keys: &Keys, arn: &KeyArn, custom: Option<&CustomKey>) -> Result<Option<Change>, Error> {
    let Some(id) = custom.and_then(|custom| row(arn, custom)) else { return Ok(None) };
    let found = keys.vault().get(&id).map_err(internal)?;
    Ok(found.map(|plain| Change::delete(id, plain.version)))
}

fn row(arn: &KeyArn, custom: &CustomKey) -> Option<keystead_store::RecordId> {
    let external = custom.external.as_ref()?;
    Some(Row::ExternalKey(arn.account, &arn.location, &custom.store, external).id())
}

impl GenerateRandom {
    /// Refuses stores that random bytes cannot come from: all there are.
    pub(crate) fn may_come_from(&self, keys: &Keys, place: &Place) -> Result<(), Error> {
        let Some(id) = &self.key_store else { return Ok(()) };
        let stores = place.stores(keys)?;
        let store = stores.store(id)?;
        match store.kind() {
            CustomKeyStoreType::ExternalKeyStore => Err(Error::Unsupported(
                "Random bytes cannot be generated in an external key store; leave CustomKeyStoreId out."
                    .into(),
            )),
            CustomKeyStoreType::AwsCloudHsm => Err(Error::KeyStore(
                KeyStoreFault::InvalidState,
                format!("The custom key store {id} is {}. Connect it first.", store.state).into(),
            )),
        }
    }
}
