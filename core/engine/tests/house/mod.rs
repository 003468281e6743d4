//! A whole engine over a disk that the test holds: real store, real log, real cryptography; clock and dice of the
//! test.

#![allow(dead_code)]

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use keystead_attestation::Verifier;
use keystead_audit::{Entry, Log, Options};
use keystead_crypto::{
    Arena, ExternalKeys, KeyProvider, NoExternalKeys, RootKey, SecretBytes, SoftwareProvider, hmac_sha256,
    sha256,
};
use keystead_engine::ops::iam::{self, IamOperation};
use keystead_engine::ops::*;
use keystead_engine::{Engine, NewAccessKey, Parts, Rates, Services, VaultError};
use keystead_federation::{IdentityProviders, NoIdentityProviders};
use keystead_model::world::{Clock, Disk, Entropy, World};
use keystead_model::*;
use keystead_store::{RedbOptions, RedbStore, Store};

/// A clock that stands until it is moved.
pub struct Hand(AtomicU64);

impl Hand {
    pub fn new() -> Arc<Self> {
        Arc::new(Self(1_800_000_000_000.into()))
    }

    pub fn time(&self) -> Timestamp {
        self.now()
    }

    pub fn move_seconds(&self, seconds: u64) {
        self.0.fetch_add(seconds * 1000, Ordering::SeqCst);
    }

    pub fn move_days(&self, days: u64) {
        self.0.fetch_add(days * Timestamp::DAY_MS, Ordering::SeqCst);
    }
}

impl Clock for Hand {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

/// Dice that fall the same way for the same seed.
pub struct Dice {
    seed: u64,
    thrown: AtomicU64,
}

impl Dice {
    pub fn new(seed: u64) -> Arc<Self> {
        Arc::new(Self { seed, thrown: AtomicU64::new(0) })
    }
}

impl Entropy for Dice {
    fn fill(&self, out: &mut [u8]) {
        for part in out.chunks_mut(32) {
            let throw = self.thrown.fetch_add(1, Ordering::SeqCst);
            let bytes = sha256(&[self.seed.to_be_bytes(), throw.to_be_bytes()].concat());
            part.copy_from_slice(&bytes[..part.len()]);
        }
    }
}

pub struct House {
    pub engine: Arc<Engine>,
    pub log: Arc<Log>,
    pub clock: Arc<Hand>,
    pub dice: Arc<Dice>,
}

/// The access keys that sign for services.
pub const SERVICES: [&str; 2] = ["s3=AKIAS3GATEWAY00000000", "rds=AKIADATABASE000000000"];

pub const ROOT: [u8; 32] = [0x11; 32];

impl House {
    /// The house over a disk: the store in one file of it, the log beside.
    pub fn open(disk: Arc<dyn Disk>, seed: u64) -> Result<Self, String> {
        let store =
            RedbStore::open(&disk, "store", RedbOptions::default()).map_err(|error| error.to_string())?;
        Self::over(Arc::new(store), disk, &ROOT, seed)
    }

    pub fn over(
        store: Arc<dyn Store>,
        disk: Arc<dyn Disk>,
        root: &[u8; 32],
        seed: u64,
    ) -> Result<Self, String> {
        Self::with(store, disk, root, seed, |root, dice| Arc::new(SoftwareProvider::new(root, dice)))
    }

    /// The house with identity providers of the test's own.
    pub fn vouched_for(
        disk: Arc<dyn Disk>,
        seed: u64,
        identity_providers: Arc<dyn IdentityProviders>,
    ) -> Result<Self, String> {
        let store =
            RedbStore::open(&disk, "store", RedbOptions::default()).map_err(|error| error.to_string())?;
        let keys =
            |root, dice: Arc<Dice>| -> Arc<dyn KeyProvider> { Arc::new(SoftwareProvider::new(root, dice)) };
        let outside = (Arc::new(NoExternalKeys) as Arc<dyn ExternalKeys>, identity_providers);
        Self::with_all(Arc::new(store), disk, &ROOT, seed, keys, outside)
    }

    /// The house with a provider of the test's own.
    pub fn with(
        store: Arc<dyn Store>,
        disk: Arc<dyn Disk>,
        root: &[u8; 32],
        seed: u64,
        provider: impl FnOnce(Arc<RootKey>, Arc<Dice>) -> Arc<dyn KeyProvider>,
    ) -> Result<Self, String> {
        Self::with_both(store, disk, root, seed, provider, Arc::new(NoExternalKeys))
    }

    /// The house with a provider and an external key manager of the test's own.
    pub fn with_both(
        store: Arc<dyn Store>,
        disk: Arc<dyn Disk>,
        root: &[u8; 32],
        seed: u64,
        provider: impl FnOnce(Arc<RootKey>, Arc<Dice>) -> Arc<dyn KeyProvider>,
        external: Arc<dyn ExternalKeys>,
    ) -> Result<Self, String> {
        Self::with_all(store, disk, root, seed, provider, (external, Arc::new(NoIdentityProviders)))
    }

    /// The house with a provider, an external key manager and identity providers of the test's own.
    pub fn with_all(
        store: Arc<dyn Store>,
        disk: Arc<dyn Disk>,
        root: &[u8; 32],
        seed: u64,
        provider: impl FnOnce(Arc<RootKey>, Arc<Dice>) -> Arc<dyn KeyProvider>,
        (external, identity_providers): (Arc<dyn ExternalKeys>, Arc<dyn IdentityProviders>),
    ) -> Result<Self, String> {
        let (clock, dice) = (Hand::new(), Dice::new(seed));
        let options =
            Options { segment_bytes: 256 * 1024, buffer_bytes_max: 64 * 1024, ..Options::default() };
        let (log, _) = Log::open(disk, &*dice, options).map_err(|error| error.to_string())?;
        let root = Arc::new(RootKey::load(&Arena::new(4096), root).expect("there is room"));
        let world = World { clock: clock.clone(), entropy: dice.clone() };
        let provider = provider(Arc::clone(&root), dice.clone());
        let locations = Locations::listed(place("eu-central-1"), [place("eu-west-1"), place("us-east-1")]);
        let parts = Parts {
            store,
            log: Arc::clone(&log),
            root,
            provider,
            external,
            world,
            locations,
            development: None,
            rates: Rates::unlimited(),
            services: Services::parse(SERVICES).expect("registrations"),
            attestation: Verifier::without_roots(),
            identity_providers,
        };
        let engine = Engine::open(parts).map_err(|error: VaultError| error.to_string())?;
        Ok(Self { engine, log, clock, dice })
    }

    pub fn call(&self) -> Call {
        self.call_in("eu-central-1")
    }

    pub fn call_in(&self, location: &str) -> Call {
        let mut request = RequestId([0; 16]);
        self.dice.fill(&mut request.0);
        Call {
            request,
            at: self.clock.now(),
            source: IpAddr::V4(Ipv4Addr::LOCALHOST),
            protocol: Protocol::AwsKms,
            location: place(location),
            user_agent: "test".into(),
            secure: true,
        }
    }

    pub async fn account(&self, number: u64) -> (Arc<Caller>, NewAccessKey) {
        let account = AccountId::from_number(number).expect("twelve digits");
        let key = self.engine.create_account(&self.call(), account).await.expect("the account is made");
        let caller = Caller::new(Principal::Root { account }, Some(key.id.clone()));
        (Arc::new(caller), key)
    }

    /// Asks something of the directory of a caller's account.
    pub async fn iam<Op: IamOperation>(&self, caller: &Arc<Caller>, op: Op) -> Result<Op::Answer, Error> {
        self.engine.iam(self.engine.authorise(&self.call(), caller, op).await?).await
    }

    /// A user of an account, who is made if there is none of this name.
    pub async fn user(&self, number: u64, name: &str) -> Arc<Caller> {
        let (root, account) = root_of(number);
        let name = UserName::parse(name).expect("a name");
        let found = self.iam(&root, iam::GetUser { name: Some(name.clone()) }).await;
        let user = match found {
            Ok(user) => user,
            Err(_) => self.iam(&root, new_user(name)).await.expect("the user is made"),
        };
        let (name, id) = ((*user.name).into(), (*user.id).into());
        Arc::new(Caller::new(Principal::User { account, name, id }, None))
    }

    /// Somebody who has taken on a role of an account, which is made if there is none of this name.
    pub async fn in_role(&self, number: u64, name: &str, session: &str) -> Arc<Caller> {
        let (root, account) = root_of(number);
        let name = RoleName::parse(name).expect("a name");
        let found = self.iam(&root, iam::GetRole { name: name.clone() }).await;
        let role = match found {
            Ok(role) => role,
            Err(_) => self.iam(&root, new_role(name)).await.expect("the role is made"),
        };
        let (role, role_id) = ((*role.name).into(), (*role.id).into());
        Arc::new(Caller::new(
            Principal::AssumedRole { account, role, role_id, session: session.into() },
            None,
        ))
    }

    pub async fn key(&self, caller: &Arc<Caller>) -> Result<KeyMetadata, Error> {
        self.key_with(&self.call(), caller, None).await
    }

    pub async fn key_with(
        &self,
        call: &Call,
        caller: &Arc<Caller>,
        policy: Option<&str>,
    ) -> Result<KeyMetadata, Error> {
        let op = CreateKey {
            spec: KeySpec::SymmetricDefault,
            usage: KeyUsage::EncryptDecrypt,
            origin: Origin::AwsKms,
            description: "customer data".into(),
            policy: policy.map(Into::into),
            tags: Tags::default(),
            multi_region: false,
            key_store: None,
            external_key: None,
            bypass_policy_lockout_safety_check: false,
        };
        self.engine.create_key(self.engine.authorise(call, caller, op).await?).await
    }

    pub async fn encrypt(
        &self,
        call: &Call,
        caller: &Arc<Caller>,
        key: KeyRef,
        plain: &[u8],
    ) -> Result<Encrypted, Error> {
        let op = Encrypt {
            key,
            plaintext: SecretBytes::copy_from(plain),
            context: context(),
            algorithm: EncryptionAlgorithm::SymmetricDefault,
            grant_tokens: Vec::new(),
            dry_run: false,
        };
        self.engine.encrypt(self.engine.authorise(call, caller, op).await?).await
    }

    pub async fn decrypt(&self, caller: &Arc<Caller>, ciphertext: &[u8]) -> Result<Decrypted, Error> {
        self.decrypt_with(&self.call(), caller, ciphertext).await
    }

    pub async fn decrypt_with(
        &self,
        call: &Call,
        caller: &Arc<Caller>,
        ciphertext: &[u8],
    ) -> Result<Decrypted, Error> {
        let op = Decrypt {
            key: None,
            ciphertext: ciphertext.into(),
            context: context(),
            algorithm: EncryptionAlgorithm::SymmetricDefault,
            grant_tokens: Vec::new(),
            recipient: None,
            dry_run: false,
            ignore_ciphertext: false,
        };
        self.engine.decrypt(self.engine.authorise(call, caller, op).await?).await
    }

    /// Every record of the log.
    pub fn records(&self) -> Vec<Entry> {
        let mut records = Vec::new();
        let visit = &mut |_, entry: &Entry| {
            records.push(entry.clone());
            std::ops::ControlFlow::Continue(())
        };
        self.log.read(0, visit).expect("the log reads");
        records
    }

    pub fn close(self) {
        self.engine.close();
        self.log.close();
    }
}

fn root_of(number: u64) -> (Arc<Caller>, AccountId) {
    let account = AccountId::from_number(number).expect("twelve digits");
    (Arc::new(Caller::new(Principal::Root { account }, None)), account)
}

pub fn new_user(name: UserName) -> iam::CreateUser {
    iam::CreateUser { name, path: IamPath::default(), boundary: None, tags: Tags::default() }
}

pub fn new_role(name: RoleName) -> iam::CreateRole {
    iam::CreateRole {
        name,
        path: IamPath::default(),
        trust: TRUST.into(),
        description: None,
        session_seconds_max: None,
        boundary: None,
        tags: Tags::default(),
    }
}

/// A trust policy that lets anybody in the account in whom the account lets.
pub const TRUST: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "000000000001"},
    "Action": "sts:AssumeRole"}}"#;

pub fn place(name: &str) -> Location {
    name.parse().expect("a location")
}

pub fn context() -> EncryptionContext {
    EncryptionContext::new(vec![("tenant".into(), "7".into())]).expect("valid")
}

/// A version 4 signature, made as a client makes it.
pub fn sign(secret: &[u8], day: &[u8], region: &str, service: &str, text: &[u8]) -> [u8; 32] {
    let day = hmac_sha256(&[b"AWS4", secret].concat(), &[day]);
    let service = hmac_sha256(&hmac_sha256(&day, &[region.as_bytes()]), &[service.as_bytes()]);
    hmac_sha256(&hmac_sha256(&service, &[b"aws4_request"]), &[text])
}

/// Runs one future to its end.
pub fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(work)
}
