//! Make, connect, disconnect, change, describe and delete custom key stores.

use std::sync::Arc;

use keystead_crypto::{ApprovalParameters, ProxyError, ProxyHealth, SecretBytes};
use keystead_model::world::Entropy;
use keystead_model::{
    AccountId, Action, ConnectionErrorCode, ConnectionState, CustomKeyStoreType, Error, KeyStoreFault,
    Location, ProxyConnectivity, Timestamp,
};

use super::{Operation, Page, PageRequest, page, proxies};
use crate::authority::{Found, Subject};
use crate::keys::{KeyStores, Keys, internal, no_such_store};
use crate::records::{Backing, CloudHsm, External, KeyStoreRecord, KeyStoresRecord, Row};
use crate::vault::Change;

/// Make a custom key store; answers its id.
pub struct CreateCustomKeyStore {
    /// What its owner calls it: 1 to 256 characters, no other store's name.
    pub name: Box<str>,
    /// What it is backed by.
    pub backing: NewBacking,
}

/// What a new custom key store is backed by.
pub enum NewBacking {
    /// A hardware security module.
    CloudHsm {
        /// Its cluster's id.
        cluster: Box<str>,
        /// Its certificate, PEM.
        trust_anchor: Box<str>,
        /// The password of its crypto user.
        password: Arc<SecretBytes>,
    },
    /// Somebody else's key manager.
    External {
        /// How its proxy is reached.
        connectivity: ProxyConnectivity,
        /// `https://` and a host.
        endpoint: Box<str>,
        /// `[/prefix]/kms/xks/v1`.
        path: Box<str>,
        /// How to prove to the proxy who asks.
        credential: ProxyCredential,
    },
}

/// What requests to a proxy are signed with.
#[derive(Clone)]
pub struct ProxyCredential {
    /// Names the secret.
    pub access_key_id: Box<str>,
    /// The secret.
    pub secret_access_key: Arc<SecretBytes>,
}

/// Connect a custom key store, so that its keys can be used.
pub struct ConnectCustomKeyStore {
    /// Which store.
    pub store: Box<str>,
}

/// Disconnect a custom key store: its keys cannot be used until it is connected again.
pub struct DisconnectCustomKeyStore {
    /// Which store.
    pub store: Box<str>,
}

/// Delete a custom key store that has no keys.
pub struct DeleteCustomKeyStore {
    /// Which store.
    pub store: Box<str>,
}

/// Change a custom key store. What is absent stays.
#[derive(Default)]
pub struct UpdateCustomKeyStore {
    /// Which store.
    pub store: Box<str>,
    /// A new name.
    pub name: Option<Box<str>>,
    /// The crypto user's password.
    pub password: Option<Arc<SecretBytes>>,
    /// Another cluster with the same keys.
    pub cluster: Option<Box<str>>,
    /// How the proxy is reached.
    pub connectivity: Option<ProxyConnectivity>,
    /// Whether an endpoint service was named.
    pub names_vpc_service: bool,
    /// Where the proxy is.
    pub endpoint: Option<Box<str>>,
    /// Where its operations are.
    pub path: Option<Box<str>>,
    /// What requests are signed with.
    pub credential: Option<ProxyCredential>,
}

/// Describe custom key stores; answers a [`Page`](super::Page) of [`KeyStoreMetadata`]. All of them if neither id nor
/// name is given.
#[derive(Default)]
pub struct DescribeCustomKeyStores {
    /// The one of this id.
    pub id: Option<Box<str>>,
    /// The one of this name.
    pub name: Option<Box<str>>,
    /// Which page.
    pub page: PageRequest,
}

/// What a custom key store is. No secrets.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyStoreMetadata {
    /// Its id.
    pub id: Box<str>,
    /// What its owner calls it.
    pub name: Box<str>,
    /// When it was made.
    pub created: Timestamp,
    /// Whether its keys can be used.
    pub state: ConnectionState,
    /// Why not, if connecting failed.
    pub fault: Option<ConnectionErrorCode>,
    /// What it is backed by.
    pub backing: BackingMetadata,
}

/// What a custom key store is backed by. No secrets.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum BackingMetadata {
    /// A hardware security module.
    CloudHsm {
        /// Its cluster's id.
        cluster: Box<str>,
        /// Its certificate.
        trust_anchor: Box<str>,
    },
    /// Somebody else's key manager.
    External {
        /// Where its proxy is.
        endpoint: Box<str>,
        /// Where its operations are.
        path: Box<str>,
        /// Names the secret.
        access_key_id: Box<str>,
    },
}

/// Custom key stores that an account may have in a location.
pub const KEY_STORES_MAX: usize = 10;
/// Stores of a page unless the caller says otherwise.
const PAGE_DEFAULT: u16 = 100;
/// Hexadecimal digits of an id.
const ID_DIGITS: usize = 17;

/// Whose stores, and where.
pub struct Place {
    pub account: AccountId,
    pub location: Location,
}

impl Place {
    /// The stores as they are now.
    pub fn stores(&self, keys: &Keys) -> Result<Arc<KeyStores>, Error> {
        keys.key_stores(self.account, &self.location)
    }

    /// Lets `edit` change the stores, and answers the row to write.
    fn edit<T>(
        &self,
        keys: &Keys,
        edit: impl FnOnce(&mut KeyStoresRecord) -> Result<T, Error>,
    ) -> Result<(Vec<Change>, T), Error> {
        let before = self.stores(keys)?;
        let mut after = before.record.clone();
        let answer = edit(&mut after)?;
        if after == before.record {
            return Ok((Vec::new(), answer));
        }
        Ok((vec![self.row(before.version, &after)], answer))
    }

    /// The row of the stores, to be written over the version that was read.
    pub fn row(&self, version: Option<u64>, record: &KeyStoresRecord) -> Change {
        let id = Row::KeyStores(self.account, &self.location).id();
        match version {
            None => Change::make(id, record.write()),
            Some(version) => Change::replace(id, version, record.write()),
        }
    }
}

fn fault<T>(fault: KeyStoreFault, what: impl Into<Box<str>>) -> Result<T, Error> {
    Err(Error::KeyStore(fault, what.into()))
}

fn store_mut<'r>(record: &'r mut KeyStoresRecord, id: &str) -> Result<&'r mut KeyStoreRecord, Error> {
    record.stores.iter_mut().find(|store| &*store.id == id).ok_or_else(|| no_such_store(id))
}

impl CreateCustomKeyStore {
    /// What the store's proxy is asked before there is a store, if it has one. Refuses what needs no question.
    pub(crate) fn to_ask(&self, keys: &Keys, place: &Place) -> Result<Option<External>, Error> {
        self.fits(&place.stores(keys)?.record)?;
        match self.backing()? {
            Backing::External(external) => Ok(Some(external)),
            Backing::CloudHsm(_) => Ok(None),
        }
    }

    pub(crate) fn plan(
        &self,
        keys: &Keys,
        entropy: &dyn Entropy,
        place: &Place,
        now: Timestamp,
    ) -> Result<(Vec<Change>, Box<str>), Error> {
        place.edit(keys, |record| {
            self.fits(record)?;
            let store = KeyStoreRecord {
                id: new_id(entropy),
                name: self.name.clone(),
                created: now,
                state: ConnectionState::Disconnected,
                fault: None,
                backing: self.backing()?,
            };
            let id = store.id.clone();
            record.stores.push(store);
            Ok(id)
        })
    }

    fn fits(&self, record: &KeyStoresRecord) -> Result<(), Error> {
        if record.stores.len() >= KEY_STORES_MAX {
            let what = format!("An account has at most {KEY_STORES_MAX} custom key stores in a Region.");
            return Err(Error::LimitExceeded(what.into()));
        }
        name_is_free(record, &self.name)?;
        backing_is_free(record, None, &self.backing()?)
    }

    fn backing(&self) -> Result<Backing, Error> {
        match &self.backing {
            NewBacking::CloudHsm { cluster, trust_anchor, password } => {
                is_certificate(trust_anchor)?;
                Ok(Backing::CloudHsm(CloudHsm {
                    cluster: cluster.clone(),
                    trust_anchor: trust_anchor.clone(),
                    password: Arc::clone(password),
                }))
            }
            NewBacking::External { connectivity, endpoint, path, credential } => {
                is_reachable_here(*connectivity)?;
                is_spoken(path)?;
                Ok(Backing::External(External {
                    endpoint: endpoint.clone(),
                    path: path.clone(),
                    access_key_id: credential.access_key_id.clone(),
                    secret_access_key: Arc::clone(&credential.secret_access_key),
                }))
            }
        }
    }
}

fn new_id(entropy: &dyn Entropy) -> Box<str> {
    let mut random = [0; ID_DIGITS.div_ceil(2)];
    entropy.fill(&mut random);
    format!("cks-{}", &hex::encode(random)[..ID_DIGITS]).into()
}

fn name_is_free(record: &KeyStoresRecord, name: &str) -> Result<(), Error> {
    match record.stores.iter().any(|store| &*store.name == name) {
        false => Ok(()),
        true => fault(
            KeyStoreFault::NameInUse,
            format!(
                "Another custom key store of this account and Region is named {name:?}. Choose another name."
            ),
        ),
    }
}

/// No two stores share a cluster, or the address and path of a proxy.
fn backing_is_free(record: &KeyStoresRecord, own: Option<&str>, backing: &Backing) -> Result<(), Error> {
    for other in record.stores.iter().filter(|store| Some(&*store.id) != own) {
        match (&other.backing, backing) {
            (Backing::CloudHsm(theirs), Backing::CloudHsm(ours)) if theirs.cluster == ours.cluster => {
                return fault(
                    KeyStoreFault::ClusterInUse,
                    format!(
                        "The cluster {} is associated with the custom key store {}.",
                        ours.cluster, other.id
                    ),
                );
            }
            (Backing::External(theirs), Backing::External(ours))
                if theirs.host() == ours.host() && theirs.path == ours.path =>
            {
                return fault(
                    KeyStoreFault::UriInUse,
                    format!(
                        "The XksProxyUriEndpoint and XksProxyUriPath are in use by the custom key store {}. Each external \
                         key store needs a proxy address of its own.",
                        other.id
                    ),
                );
            }
            _ => {}
        }
    }
    Ok(())
}

/// The form of a PEM certificate; whose it is cannot be told before there is a connection.
fn is_certificate(text: &str) -> Result<(), Error> {
    let body = text
        .trim()
        .strip_prefix("-----BEGIN CERTIFICATE-----")
        .and_then(|rest| rest.split_once("-----END CERTIFICATE-----"))
        .map(|(body, _)| body);
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    let is_base64 = |body: &str| {
        !body.trim().is_empty() && body.bytes().all(|byte| letter(byte) || byte.is_ascii_whitespace())
    };
    match body.is_some_and(is_base64) {
        true => Ok(()),
        false => fault(
            KeyStoreFault::IncorrectTrustAnchor,
            "TrustAnchorCertificate is not a certificate in PEM form. Give the content of the customerCA.crt file.",
        ),
    }
}

fn is_reachable_here(connectivity: ProxyConnectivity) -> Result<(), Error> {
    match connectivity {
        ProxyConnectivity::PublicEndpoint => Ok(()),
        ProxyConnectivity::VpcEndpointService => fault(
            KeyStoreFault::VpcEndpointServiceNotFound,
            "There are no VPC endpoint services here: this server connects to external key store proxies over its own \
             network. Use XksProxyConnectivity PUBLIC_ENDPOINT, whether or not the proxy's address is public.",
        ),
    }
}

/// There is one version of what proxies speak.
fn is_spoken(path: &str) -> Result<(), Error> {
    match path.ends_with("/kms/xks/v1") {
        true => Ok(()),
        false => fault(
            KeyStoreFault::InvalidConfiguration,
            "The external key store proxy API is spoken in version 1 here: XksProxyUriPath must end with /kms/xks/v1.",
        ),
    }
}

impl ConnectCustomKeyStore {
    /// The proxy to ask, unless the store is connected already.
    pub(crate) fn to_ask(&self, keys: &Keys, place: &Place) -> Result<Option<External>, Error> {
        let stores = place.stores(keys)?;
        let store = stores.store(&self.store)?;
        match store.state {
            ConnectionState::Connected => Ok(None),
            ConnectionState::Failed | ConnectionState::Disconnecting => fault(
                KeyStoreFault::InvalidState,
                format!(
                    "The custom key store {} is {}. Disconnect it, then connect it again.",
                    store.id, store.state
                ),
            ),
            ConnectionState::Connecting | ConnectionState::Disconnected => match &store.backing {
                Backing::External(external) => Ok(Some(external.clone())),
                Backing::CloudHsm(hsm) => fault(
                    KeyStoreFault::ClusterNotActive,
                    format!(
                        "The cluster {} is not active: this server has no hardware security module attached. Keys in \
                         hardware need a PKCS#11 module, which this server does not offer.",
                        hsm.cluster
                    ),
                ),
            },
        }
    }

    /// Writes down what came of the question.
    pub(crate) fn plan(
        &self,
        keys: &Keys,
        place: &Place,
        outcome: Option<Result<ProxyHealth, ProxyError>>,
    ) -> Result<(Vec<Change>, ()), Error> {
        place.edit(keys, |record| {
            let store = store_mut(record, &self.store)?;
            let Some(outcome) = outcome else { return Ok(()) };
            if store.state != ConnectionState::Disconnected {
                return Err(Error::Conflict("the store's connection changed meanwhile; try again".into()));
            }
            (store.state, store.fault) = match proxies::connection_fault(outcome) {
                None => (ConnectionState::Connected, None),
                Some(code) => (ConnectionState::Failed, Some(code)),
            };
            Ok(())
        })
    }
}

impl DisconnectCustomKeyStore {
    pub(crate) fn plan(&self, keys: &Keys, place: &Place) -> Result<(Vec<Change>, ()), Error> {
        place.edit(keys, |record| {
            let store = store_mut(record, &self.store)?;
            match store.state {
                ConnectionState::Disconnected | ConnectionState::Disconnecting => fault(
                    KeyStoreFault::InvalidState,
                    format!("The custom key store {} is {} already.", store.id, store.state),
                ),
                ConnectionState::Connected | ConnectionState::Connecting | ConnectionState::Failed => {
                    (store.state, store.fault) = (ConnectionState::Disconnected, None);
                    Ok(())
                }
            }
        })
    }
}

impl DeleteCustomKeyStore {
    pub(crate) fn plan(&self, keys: &Keys, place: &Place) -> Result<(Vec<Change>, ()), Error> {
        place.edit(keys, |record| {
            let store = store_mut(record, &self.store)?;
            if store.state != ConnectionState::Disconnected {
                return fault(
                    KeyStoreFault::InvalidState,
                    format!("The custom key store {} is {}. Disconnect it first.", store.id, store.state),
                );
            }
            // A new key writes this row too, so none can slip in between.
            let keys_of_it = Row::external_keys_of(place.account, &place.location, &store.id);
            if !keys.vault().scan(&keys_of_it, None, 1).map_err(internal)?.is_empty() {
                return fault(
                    KeyStoreFault::HasKeys,
                    format!(
                        "The custom key store {} contains KMS keys. Schedule their deletion and wait until they are \
                         deleted.",
                        store.id
                    ),
                );
            }
            record.stores.retain(|store| store.id != self.store);
            Ok(())
        })
    }
}

impl UpdateCustomKeyStore {
    /// The proxy to ask, with the new settings, if they changed. Refuses what needs no question.
    pub(crate) fn to_ask(&self, keys: &Keys, place: &Place) -> Result<Option<External>, Error> {
        let mut record = place.stores(keys)?.record.clone();
        self.apply(&mut record)?;
        let asks = self.endpoint.is_some() || self.path.is_some() || self.credential.is_some();
        match (&store_mut(&mut record, &self.store)?.backing, asks) {
            (Backing::External(external), true) => Ok(Some(external.clone())),
            _ => Ok(None),
        }
    }

    pub(crate) fn plan(&self, keys: &Keys, place: &Place) -> Result<(Vec<Change>, ()), Error> {
        place.edit(keys, |record| self.apply(record))
    }

    fn apply(&self, record: &mut KeyStoresRecord) -> Result<(), Error> {
        let before = record.clone();
        let store = store_mut(record, &self.store)?;
        self.is_for(store.kind())?;
        self.may(store)?;
        if let Some(name) = self.name.as_ref().filter(|name| **name != store.name) {
            name_is_free(&before, name)?;
            store.name = name.clone();
        }
        self.connectivity.map_or(Ok(()), is_reachable_here)?;
        if self.names_vpc_service {
            is_reachable_here(ProxyConnectivity::VpcEndpointService)?;
        }
        match &mut store.backing {
            Backing::CloudHsm(CloudHsm { cluster, trust_anchor: _, password }) => {
                replace(cluster, &self.cluster);
                replace(password, &self.password);
            }
            Backing::External(External { endpoint, path, access_key_id, secret_access_key }) => {
                replace(endpoint, &self.endpoint);
                replace(path, &self.path);
                if let Some(credential) = &self.credential {
                    *access_key_id = credential.access_key_id.clone();
                    *secret_access_key = Arc::clone(&credential.secret_access_key);
                }
            }
        }
        self.path.as_deref().map_or(Ok(()), is_spoken)?;
        backing_is_free(&before, Some(&self.store), &store.backing)
    }

    /// Members of one type of store are refused for the other.
    fn is_for(&self, kind: CustomKeyStoreType) -> Result<(), Error> {
        let of_hsm = self.password.is_some() || self.cluster.is_some();
        let of_proxy = self.connectivity.is_some()
            || self.names_vpc_service
            || self.endpoint.is_some()
            || self.path.is_some()
            || self.credential.is_some();
        let (odd, names) = match kind {
            CustomKeyStoreType::AwsCloudHsm => (of_proxy, "parameters that begin with XksProxy"),
            CustomKeyStoreType::ExternalKeyStore => (of_hsm, "KeyStorePassword and CloudHsmClusterId"),
        };
        match odd {
            false => Ok(()),
            true => Err(Error::Invalid(
                format!("{names} are not valid for a custom key store of type {kind}.").into(),
            )),
        }
    }

    /// What may change while the store is connected is little.
    fn may(&self, store: &KeyStoreRecord) -> Result<(), Error> {
        let needs_disconnected = self.password.is_some()
            || self.cluster.is_some()
            || self.connectivity.is_some()
            || self.names_vpc_service
            || self.endpoint.is_some();
        match store.state {
            ConnectionState::Disconnected => Ok(()),
            ConnectionState::Connected if !needs_disconnected => Ok(()),
            state => fault(
                KeyStoreFault::InvalidState,
                format!("The custom key store {} is {state}. Disconnect it, then change it.", store.id),
            ),
        }
    }
}

fn replace<T: Clone>(slot: &mut T, new: &Option<T>) {
    if let Some(new) = new {
        *slot = new.clone();
    }
}

impl DescribeCustomKeyStores {
    pub(crate) fn run(&self, keys: &Keys, place: &Place) -> Result<Page<KeyStoreMetadata>, Error> {
        let stores = place.stores(keys)?;
        let stores = &stores.record.stores;
        let chosen: Vec<&KeyStoreRecord> = match (&self.id, &self.name) {
            (Some(_), Some(_)) => {
                let what = "Give CustomKeyStoreId or CustomKeyStoreName, or neither, but not both.";
                return Err(Error::Invalid(what.into()));
            }
            (Some(id), None) => vec![stores.iter().find(|s| s.id == *id).ok_or_else(|| no_such_store(id))?],
            (None, Some(name)) => {
                vec![stores.iter().find(|s| s.name == *name).ok_or_else(|| no_such_store(name))?]
            }
            (None, None) => stores.iter().collect(),
        };
        let start = match &self.page.marker {
            None => 0,
            Some(marker) => {
                1 + chosen.iter().position(|store| store.id == *marker).ok_or(Error::InvalidMarker)?
            }
        };
        let told = chosen[start..].iter().map(|store| metadata(store)).collect();
        Ok(page(told, self.page.limit_or(PAGE_DEFAULT), |store: &KeyStoreMetadata| store.id.clone()))
    }
}

fn metadata(store: &KeyStoreRecord) -> KeyStoreMetadata {
    KeyStoreMetadata {
        id: store.id.clone(),
        name: store.name.clone(),
        created: store.created,
        state: store.state,
        fault: store.fault,
        backing: match &store.backing {
            Backing::CloudHsm(hsm) => BackingMetadata::CloudHsm {
                cluster: hsm.cluster.clone(),
                trust_anchor: hsm.trust_anchor.clone(),
            },
            Backing::External(external) => BackingMetadata::External {
                endpoint: external.endpoint.clone(),
                path: external.path.clone(),
                access_key_id: external.access_key_id.clone(),
            },
        },
    }
}

macro_rules! on_the_account {
    ($($name:ident),+) => {
        $(impl Operation for $name {
            const ACTION: Action = Action::$name;

            fn subject(&self) -> Subject<'_> {
                Subject::Account
            }
        })+
    };
}
on_the_account!(
    CreateCustomKeyStore,
    ConnectCustomKeyStore,
    DisconnectCustomKeyStore,
    UpdateCustomKeyStore,
    DescribeCustomKeyStores
);

impl Operation for DeleteCustomKeyStore {
    const ACTION: Action = Action::DeleteCustomKeyStore;

    fn subject(&self) -> Subject<'_> {
        Subject::Account
    }

    fn approval(&self, _: &Found) -> Option<ApprovalParameters> {
        Some(ApprovalParameters::default().with("CustomKeyStoreId", &self.store))
    }
}
