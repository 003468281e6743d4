//! Keys and aliases as requests need them: found by name, held in memory, never older than the store.
//!
//! Everything cached here is dropped by the writer before anyone is told of a change, and an entry that was being
//! read meanwhile is not kept, so that the answer to `DisableKey` leaves no old state behind: on the embedded store
//! the bound on revocation is zero.

mod stores;

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use keystead_crypto::{
    KeyProvider, Material, MaterialName, ProviderError, PublicKey, RootKey, SealingKey, SecretBytes, sha256,
};
use keystead_model::{
    AccountId, AliasArn, AliasName, Error, KeyArn, KeyId, KeyManager, KeySpec, KeyState, KeyUsage, Location,
    MaterialId, Origin, Resource, Tags,
};
use keystead_policy::{Kind, Policy};
use keystead_store::RecordId;
use parking_lot::RwLock;
use quick_cache::sync::{Cache, GuardResult};
use zeroize::Zeroizing;

use crate::records::{
    AliasRecord, CustomKey, KeyRecord, MaterialRecord, PolicyText, RecordError, Regions, Row, Wrapped,
};
use crate::vault::{Vault, VaultError};

/// Keys held in memory at most.
const KEYS_MAX: usize = 120_000;
/// Aliases held in memory at most.
const ALIASES_MAX: usize = 65_536;
/// Accounts and locations whose custom key stores are held in memory at most.
const STORES_MAX: usize = 4096;
/// Compiled policies held before those that no key uses are let go.
const POLICIES_SWEEP: usize = 4096;
/// What a caller is told to wait when the server lacks something for a moment.
pub const RETRY_WAIT: Duration = Duration::from_millis(250);

pub use stores::{KeyStores, no_such_store};

/// A key as requests need it: what decides about them, and the material.
pub struct Key {
    /// Its full name.
    pub arn: KeyArn,
    /// State.
    pub state: KeyState,
    /// Algorithm and size.
    pub spec: KeySpec,
    /// Purpose.
    pub usage: KeyUsage,
    /// Where its bytes come from.
    pub origin: Origin,
    /// Who looks after it.
    pub manager: KeyManager,
    /// Who may do what with it.
    pub policy: Arc<Policy>,
    /// Labels.
    pub tags: Tags,
    /// Its second names.
    pub aliases: Box<[AliasName]>,
    /// The public half, as DER `SubjectPublicKeyInfo`, if it has one.
    pub public: Option<Box<[u8]>>,
    /// Where its related keys are, if it is a multi-Region key.
    pub regions: Option<Regions>,
    /// The custom key store it is in.
    pub custom: Option<CustomKey>,
    /// [`Key::public`], parsed when it is first used. On the heap, because most keys never have one.
    parsed: OnceLock<Box<PublicKey>>,
    /// Version of the row this was read from.
    version: u64,
    /// Versions of its bytes, oldest first.
    materials: Box<[Slot]>,
}

struct Slot {
    id: MaterialId,
    /// False for imported bytes that were deleted or have expired.
    there: bool,
    loaded: OnceLock<Arc<dyn Material>>,
}

impl Key {
    /// The version that seals, if its bytes are there.
    pub fn current(&self) -> Option<MaterialId> {
        self.materials.last().filter(|slot| slot.there).map(|slot| slot.id)
    }

    /// The public half, for what needs no private one.
    pub fn public_key(&self) -> Result<&PublicKey, Error> {
        if let Some(parsed) = self.parsed.get() {
            return Ok(parsed);
        }
        let spki = self.public.as_deref().ok_or_else(|| self.without_material())?;
        let parsed = PublicKey::read(self.spec, spki).map_err(|error| {
            tracing::error!(key = %self.arn, %error, "a stored public key does not read");
            Error::Internal
        })?;
        Ok(self.parsed.get_or_init(|| Box::new(parsed)))
    }

    /// The refusal of a deed that needs bytes which are not there.
    pub fn without_material(&self) -> Error {
        Error::WrongState { key: self.arn.clone(), state: self.state }
    }
}

/// What is held in memory. Separate from [`Keys`], because the vault's writer empties it.
pub struct Caches {
    keys: Cache<KeyArn, Arc<Key>>,
    aliases: Cache<AliasArn, KeyId>,
    stores: Cache<(AccountId, Location), Arc<KeyStores>>,
}

impl Caches {
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            keys: Cache::new(KEYS_MAX),
            aliases: Cache::new(ALIASES_MAX),
            stores: Cache::new(STORES_MAX),
        })
    }

    /// Lets go of what was read from a row.
    pub fn forget(&self, id: &RecordId) {
        match id.as_bytes()[0] {
            b'k' => drop(Row::read_key(id).and_then(|arn| self.keys.remove(&arn))),
            b'a' => drop(Row::read_alias(id).and_then(|arn| self.aliases.remove(&arn))),
            b's' => drop(Row::read_key_stores(id).and_then(|place| self.stores.remove(&place))),
            _ => {}
        }
    }
}

/// Keys and aliases.
pub struct Keys {
    vault: Arc<Vault>,
    provider: Arc<dyn KeyProvider>,
    root: Arc<RootKey>,
    caches: Arc<Caches>,
    policies: Policies,
}

impl Keys {
    pub fn new(
        vault: Arc<Vault>,
        provider: Arc<dyn KeyProvider>,
        root: Arc<RootKey>,
        caches: Arc<Caches>,
    ) -> Self {
        Self { vault, provider, root, caches, policies: Policies::default() }
    }

    /// What an account's own short-lived secrets are sealed or named with, one key a purpose.
    pub fn sealing_key(&self, domain: &'static str, account: AccountId) -> Result<SealingKey, Error> {
        let derived = self.root.sealing_key(domain, &account.number().to_be_bytes());
        derived.map_err(|full| provider_error(&full.into()))
    }

    /// The key of this name, if there is one.
    pub fn find(&self, arn: &KeyArn) -> Result<Option<Arc<Key>>, Error> {
        match self.caches.keys.get_value_or_guard(arn, None) {
            GuardResult::Value(key) => Ok(Some(key)),
            GuardResult::Guard(guard) => {
                let Some((version, record)) = self.record(arn)? else { return Ok(None) };
                let key = Arc::new(self.key_of(arn, version, &record)?);
                // Refused if the row changed meanwhile: then it serves this request only.
                let _ = guard.insert(Arc::clone(&key));
                Ok(Some(key))
            }
            GuardResult::Timeout => unreachable!("no timeout was set"),
        }
    }

    /// The key an alias points to, if there is such an alias.
    pub fn alias(&self, arn: &AliasArn) -> Result<Option<KeyId>, Error> {
        match self.caches.aliases.get_value_or_guard(arn, None) {
            GuardResult::Value(id) => Ok(Some(id)),
            GuardResult::Guard(guard) => {
                let Some((_, record)) = self.alias_record(arn)? else { return Ok(None) };
                // As above.
                let _ = guard.insert(record.target);
                Ok(Some(record.target))
            }
            GuardResult::Timeout => unreachable!("no timeout was set"),
        }
    }

    /// Everything that is kept of a key, with the version of its row.
    pub fn record(&self, arn: &KeyArn) -> Result<Option<(u64, KeyRecord)>, Error> {
        let Some(plain) = self.vault.get(&Row::Key(arn).id()).map_err(internal)? else { return Ok(None) };
        Ok(Some((plain.version, KeyRecord::read(plain.bytes.expose()).map_err(unreadable)?)))
    }

    /// Everything that is kept of an alias, with the version of its row.
    pub fn alias_record(&self, arn: &AliasArn) -> Result<Option<(u64, AliasRecord)>, Error> {
        let id = Row::Alias(arn.account, &arn.location, &arn.name).id();
        let Some(plain) = self.vault.get(&id).map_err(internal)? else { return Ok(None) };
        Ok(Some((plain.version, AliasRecord::read(plain.bytes.expose()).map_err(unreadable)?)))
    }

    /// One version of a key's bytes, ready for use. A ciphertext that names a version the key does not have is not
    /// one of this key's.
    pub fn material(&self, key: &Key, id: MaterialId) -> Result<Arc<dyn Material>, Error> {
        // The newest is asked for most, and is last.
        let slot = key.materials.iter().rev().find(|slot| slot.id == id).ok_or(Error::BadCiphertext)?;
        if let Some(material) = slot.loaded.get() {
            return Ok(Arc::clone(material));
        }
        let material = self.load(key, id)?;
        Ok(Arc::clone(slot.loaded.get_or_init(|| material)))
    }

    /// The version of a key's bytes that seals, signs and agrees, ready for use.
    pub fn current(&self, key: &Key) -> Result<Arc<dyn Material>, Error> {
        self.material(key, key.current().ok_or_else(|| key.without_material())?)
    }

    fn load(&self, key: &Key, id: MaterialId) -> Result<Arc<dyn Material>, Error> {
        let (version, record) = self.record(&key.arn)?.ok_or_else(changed)?;
        let material =
            record.materials.iter().find(|material| material.id == id).filter(|_| version == key.version);
        let wrapped = self.wrapped(&key.arn, material.ok_or_else(changed)?)?.ok_or_else(changed)?;
        let wrapped = wrapped.bytes()?;
        let name = MaterialName { account: key.arn.account, key: key.arn.key, material: id, spec: key.spec };
        match self.provider.load(&name, wrapped) {
            Err(ProviderError::Full(_)) => {
                // Whatever is in use stays; the rest makes room.
                self.caches.keys.clear();
                self.provider.load(&name, wrapped).map_err(|error| provider_error(&error))
            }
            loaded => loaded.map_err(|error| provider_error(&error)),
        }
    }

    /// The wrapped bytes of one version of a key, if they are there.
    fn wrapped(&self, arn: &KeyArn, material: &MaterialRecord) -> Result<Option<WrappedBytes>, Error> {
        match &material.wrapped {
            None => Ok(None),
            Some(Wrapped::New(bytes)) => Ok(Some(WrappedBytes::Here(bytes.clone()))),
            Some(Wrapped::Kept) => {
                let row = self.vault.get(&Row::Material(arn, &material.id).id()).map_err(internal)?;
                Ok(Some(WrappedBytes::Row(row.ok_or_else(changed)?.bytes)))
            }
        }
    }

    /// Versions of a key with their bytes at hand, to be written to the rows of another.
    pub fn copied(&self, arn: &KeyArn, materials: &[MaterialRecord]) -> Result<Vec<MaterialRecord>, Error> {
        let copied = |material: &MaterialRecord| {
            let wrapped = match self.wrapped(arn, material)? {
                Some(wrapped) => Some(Box::<[u8]>::from(wrapped.bytes()?).into()),
                None => None,
            };
            Ok(MaterialRecord { wrapped, ..material.clone() })
        };
        materials.iter().map(copied).collect()
    }

    /// The provider that makes material.
    pub fn provider(&self) -> &dyn KeyProvider {
        &*self.provider
    }

    /// The sealed store.
    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    fn key_of(&self, arn: &KeyArn, version: u64, record: &KeyRecord) -> Result<Key, Error> {
        let slot = |material: &MaterialRecord| Slot {
            id: material.id,
            there: material.wrapped.is_some(),
            loaded: OnceLock::new(),
        };
        let public = record.current().and_then(|material| material.public.clone());
        Ok(Key {
            arn: arn.clone(),
            state: record.state,
            spec: record.spec,
            usage: record.usage,
            origin: record.origin,
            manager: record.manager,
            policy: self.policies.compiled(arn.account, &record.policy)?,
            tags: record.tags.clone(),
            aliases: record.aliases.clone().into(),
            version,
            materials: record.materials.iter().map(slot).collect(),
            public,
            parsed: OnceLock::new(),
            regions: record.regions.clone(),
            custom: record.custom.clone(),
        })
    }
}

/// A row that another row promised is not there.
fn changed() -> Error {
    Error::Conflict("the key changed while it was being used; try again".into())
}

/// Wrapped bytes, wiped when dropped.
enum WrappedBytes {
    Here(Zeroizing<Box<[u8]>>),
    Row(SecretBytes),
}

impl WrappedBytes {
    fn bytes(&self) -> Result<&[u8], Error> {
        match self {
            Self::Here(bytes) => Ok(bytes),
            Self::Row(row) => Wrapped::read(row.expose()).map_err(unreadable),
        }
    }
}

/// Compiled policies, one for each different text of an account.
#[derive(Default)]
struct Policies(RwLock<HashMap<PolicyName, Arc<Policy>>>);

/// The account, and the SHA-256 of the text; zeros for the default policy.
type PolicyName = (AccountId, [u8; 32]);

impl Policies {
    fn compiled(&self, account: AccountId, text: &PolicyText) -> Result<Arc<Policy>, Error> {
        let own = match text {
            PolicyText::Default => None,
            PolicyText::Own(text) => Some(text),
        };
        let name = (account, own.map_or([0; 32], |text| sha256(text.as_bytes())));
        if let Some(policy) = self.0.read().get(&name) {
            return Ok(Arc::clone(policy));
        }
        let text = own.map_or_else(|| Policy::default_key_policy(account), |text| text.to_string());
        let policy = Policy::parse(&text, Kind::Key).map_err(|error| {
            // It was compiled when it was written, so a program that knew more wrote it: fail closed.
            tracing::error!(%account, %error, "a stored key policy cannot be read");
            Error::Internal
        })?;
        let policy = Arc::new(policy);
        let mut policies = self.0.write();
        if policies.len() >= POLICIES_SWEEP {
            policies.retain(|_, policy| Arc::strong_count(policy) > 1);
        }
        policies.insert(name, Arc::clone(&policy));
        Ok(policy)
    }
}

/// What a caller learns of a fault in the vault; the application log has the rest.
pub fn internal(error: VaultError) -> Error {
    match error {
        VaultError::Store(keystead_store::StoreError::Full) => Error::Unavailable { wait: RETRY_WAIT },
        VaultError::Conflict => Error::Conflict("another change came first; try again".into()),
        VaultError::Failed => {
            tracing::error!(
                "a change was refused: the store failed earlier and the program has to be restarted"
            );
            Error::Unavailable { wait: RETRY_WAIT }
        }
        VaultError::Store(keystead_store::StoreError::Io(source)) => {
            tracing::error!(error = %source, "the store cannot be read or written");
            Error::Unavailable { wait: RETRY_WAIT }
        }
        other => {
            tracing::error!(error = %other, "the store does not hold what was written to it");
            Error::Internal
        }
    }
}

/// A record that authenticated and does not read.
pub fn unreadable(error: RecordError) -> Error {
    tracing::error!(%error, "a stored record is of a newer format");
    Error::Internal
}

/// What a caller learns of a fault in the key provider.
pub fn provider_error(error: &ProviderError) -> Error {
    match error {
        ProviderError::Unsupported(spec) => {
            Error::Unsupported(format!("keys of spec {spec} are not offered here").into())
        }
        ProviderError::Unauthentic(_) => Error::BadCiphertext,
        ProviderError::Incompatible { .. } | ProviderError::Malformed(_) | ProviderError::TooLong { .. } => {
            Error::Invalid(error.to_string().into())
        }
        ProviderError::Full(_) | ProviderError::Unavailable => {
            tracing::error!(%error, "the key provider did not answer");
            Error::Unavailable { wait: RETRY_WAIT }
        }
    }
}

/// Refuses what only a service may change.
pub fn customer_only(key: &Key) -> Result<(), Error> {
    match key.manager {
        KeyManager::Customer => Ok(()),
        KeyManager::Aws => Err(Error::ServiceManaged(Resource::Key(key.arn.clone()))),
    }
}
