//! The door itself: one short method an operation.

mod approvals;
mod asymmetric;
mod federation;
mod grants;
mod iam;
mod import;
mod key_stores;
mod regions;
mod services;
mod sessions;
mod usage;

use std::sync::Arc;

use keystead_attestation::Verifier;
use keystead_audit::Log;
use keystead_crypto::{ExternalKeys, KeyProvider, RootKey};
use keystead_federation::IdentityProviders;
use keystead_model::world::World;
use keystead_model::{AccountId, Action, Call, Caller, Error, KeyArn, KeySpec, Locations, Proof, Tag};
use keystead_policy::{ConditionKey, Value};
use keystead_store::Store;

mod development;

use self::approvals::{Asking, Held};
use crate::Permit;
use crate::accounts::{self, NewAccessKey};
use crate::authority::{Authority, Found};
use crate::development::Development;
use crate::directory::{Directory, Generations};
use crate::entry::{AuditEntry, Who};
use crate::grants::{GrantCache, Grants};
use crate::identity::{Credentials, Identities};
use crate::keys::{Caches, Keys};
use crate::ops::*;
use crate::permit::Outside;
use crate::schedule::{self, Done};
use crate::services::Services;
use crate::sessions::{Factors, Sessions, may_ask};
use crate::throttle::{Rates, Throttle};
use crate::usage::{Usages, is_tracked};
use crate::vault::{Vault, VaultError};
use crate::workshop::Workshop;
pub use services::Missing;

/// What an engine is put together from.
pub struct Parts {
    /// Where sealed records are.
    pub store: Arc<dyn Store>,
    /// Where every decision is recorded.
    pub log: Arc<Log>,
    /// The key everything hangs from.
    pub root: Arc<RootKey>,
    /// Where key material lives.
    pub provider: Arc<dyn KeyProvider>,
    /// What speaks to external key store proxies.
    pub external: Arc<dyn ExternalKeys>,
    /// What knows the keys of identity providers.
    pub identity_providers: Arc<dyn IdentityProviders>,
    /// Clock and entropy.
    pub world: World,
    /// Where keys can be.
    pub locations: Locations,
    /// What only a server for development does; `None` for one that guards anything.
    pub development: Option<Development>,
    /// How many requests of each kind an account may send.
    pub rates: Rates,
    /// What verifies attestation documents.
    pub attestation: Verifier,
    /// Who calls on behalf of others.
    pub services: Services,
}

/// The one door to the keys.
pub struct Engine {
    vault: Arc<Vault>,
    keys: Keys,
    grants: Grants,
    directory: Directory,
    workshop: Workshop,
    identities: Identities,
    external: Arc<dyn ExternalKeys>,
    identity_providers: Arc<dyn IdentityProviders>,
    log: Arc<Log>,
    world: World,
    locations: Locations,
    development: Option<Development>,
    throttle: Option<Throttle>,
    attestation: Verifier,
    usages: Arc<Usages>,
    services: Services,
    sessions: Arc<Sessions>,
    factors: Factors,
}

impl Engine {
    /// Opens the door. Brings into the log what a crash left beside it.
    ///
    /// # Errors
    /// [`VaultError`]: the root key is another store's, the store was changed from outside or put back to an earlier
    /// state, or store or log cannot be read.
    pub fn open(parts: Parts) -> Result<Arc<Self>, VaultError> {
        let Parts {
            store,
            log,
            root,
            provider,
            external,
            identity_providers,
            world,
            locations,
            development,
            rates,
            attestation,
            services,
        } = parts;
        let (caches, credentials) = (Caches::new(), Credentials::new());
        let (forget_keys, forget_credentials) = (Arc::clone(&caches), Arc::clone(&credentials));
        let granted = GrantCache::new();
        let forget_grants = Arc::clone(&granted);
        let generations = Arc::<Generations>::default();
        let forget_views = Arc::clone(&generations);
        let on_change = Box::new(move |id: &keystead_store::RecordId| {
            forget_keys.forget(id);
            forget_credentials.forget(id);
            forget_grants.forget(id);
            forget_views.forget(id);
        });
        let vault = Arc::new(Vault::open(store, &root, Arc::clone(&world.entropy), &log, on_change)?);
        let workshop = Workshop::new(Arc::clone(&provider));
        let keys = Keys::new(Arc::clone(&vault), provider, Arc::clone(&root), caches);
        let grants = Grants::new(Arc::clone(&vault), &root, granted)?;
        let directory = Directory::new(Arc::clone(&vault), generations);
        let usages = Usages::open(&vault, &log, world.clock.now())?;
        let sessions = Arc::new(Sessions::new(&root)?);
        let identities =
            Identities::new(Arc::clone(&vault), Arc::clone(root.arena()), credentials, Arc::clone(&sessions));
        Ok(Arc::new(Self {
            factors: Factors::new(Arc::clone(&vault)),
            vault,
            keys,
            grants,
            directory,
            workshop,
            identities,
            external,
            identity_providers,
            log,
            world,
            locations,
            development,
            throttle: Throttle::new(rates),
            attestation,
            usages,
            services,
            sessions,
        }))
    }

    /// Turns a proof into a caller. A refusal is recorded before this returns.
    ///
    /// # Errors
    /// [`Error::UnknownAccessKey`], [`Error::BadSignature`], [`Error::BadSessionToken`], [`Error::ExpiredSession`];
    /// [`Error::Unavailable`] if the refusal cannot be recorded.
    pub async fn identify(
        &self,
        call: &Call,
        action: Action,
        proof: &Proof<'_>,
    ) -> Result<Arc<Caller>, Error> {
        let Proof::SigV4(signature) = proof;
        let anybody = self.development.as_ref().and_then(|leave| leave.account_of(signature));
        if let Some(account) = anybody.filter(|_| !self.identities.shows_session(signature)) {
            return Box::pin(self.anybody(call, account, signature)).await;
        }
        let proved = self.identities.by_signature(signature, call, self.directory.last_uses());
        // Of whoever is gone nothing counts that was proved.
        let standing = proved.and_then(|caller| self.directory.standing(&caller).map(|_| caller));
        match standing {
            Ok(caller) => Ok(caller),
            Err(error) => {
                let claimed = Who::Claimed(Some(signature.access_key.into()));
                AuditEntry::open(&self.log, call, claimed, action).close(Err(error)).await
            }
        }
    }

    /// Asks policy about one operation, and counts it. A refusal is recorded before this returns; of those for want
    /// of a rate, one a second.
    ///
    /// # Errors
    /// [`Error::Throttled`], [`Error::Denied`], or what keeps the operation's key or alias from being found; [`Error::Unavailable`] if
    /// the refusal cannot be recorded.
    pub fn authorise<Op: Operation>(
        &self,
        call: &Call,
        caller: &Arc<Caller>,
        mut op: Op,
    ) -> impl Future<Output = Result<Permit<Op>, Error>> + use<Op> {
        let mut entry = AuditEntry::open(&self.log, call, Who::Known(Arc::clone(caller)), Op::ACTION);
        entry.context = op.take_context();
        entry.via = self.services.of(caller).map(|service| service.via(&call.location).into());
        entry.usages = is_tracked(Op::ACTION).then(|| Arc::clone(&self.usages));
        let attested = self.attest(op.take_recipient(), &mut entry, call);
        let sources = (&self.keys, &self.grants, &self.directory);
        let decided = attested.and_then(|()| {
            let standing = self.directory.standing(caller)?;
            self.directory.note_use(caller, &standing, call);
            self.may_ask(caller, Op::ACTION)?;
            if let Some(factor) = op.second_factor() {
                self.factors.look(caller, factor, call.at)?;
            }
            Authority::new(sources, call, (caller, &standing), &op, &mut entry).decide()
        });
        let over = self.throttle.as_ref().and_then(|throttle| {
            let spec = decided.as_ref().ok().and_then(|found| found.key.as_ref()).map(|key| key.spec);
            throttle.take(call, caller, Op::ACTION, spec, || pair_asked_for(&op))
        });
        // Whoever waits for a future copies it around; this one holds the permit or the refusal, and nothing else.
        let decided = match (decided, over) {
            (_, Some(over)) => Err(Turned::Throttled(entry.throttled(over))),
            (Ok(found), None) => match self.gate((call, caller), (op, found), entry) {
                Ok(permit) => Ok(permit),
                Err(Held::Refused(entry, error)) => Err(Turned::Refused(entry.close(Err(error)))),
                Err(Held::Asking(asking)) => Err(Turned::Asking(asking)),
            },
            (Err(error), None) => Err(Turned::Refused(entry.close(Err(error)))),
        };
        async move {
            match decided {
                Ok(permit) => Ok(permit),
                Err(Turned::Refused(refusing)) => refusing.await,
                Err(Turned::Asking(asking)) => Err(asking.await),
                Err(Turned::Throttled(recording)) => {
                    if let Some(recording) = recording {
                        recording.await?;
                    }
                    Err(Error::Throttled)
                }
            }
        }
    }

    /// See [`may_ask`]. Where everybody is taken at their word, a root is one only because nobody asked.
    fn may_ask(&self, caller: &Caller, action: Action) -> Result<(), Error> {
        let is_taken_at_its_word = self.development.as_ref().is_some_and(Development::takes_anybody);
        match caller.session.is_none() && is_taken_at_its_word {
            true => Ok(()),
            false => may_ask(caller, action),
        }
    }

    /// Verifies the document of a recipient, if there is one, before anybody asks what it says.
    fn attest(&self, document: Option<Box<[u8]>>, entry: &mut AuditEntry, call: &Call) -> Result<(), Error> {
        let Some(document) = document else { return Ok(()) };
        entry.is_for(attest(&self.attestation, &document, call.at)?);
        Ok(())
    }

    /// Records a request that a front refused by itself: bad form, bad signature, too many. Returns once the
    /// record is durable.
    ///
    /// # Errors
    /// The record could not be made durable; this is to be answered instead.
    pub async fn refuse(
        &self,
        call: &Call,
        caller: Option<&Arc<Caller>>,
        action: Action,
        code: &str,
        message: &str,
    ) -> Result<(), Error> {
        let who = caller.map_or(Who::Claimed(None), |caller| Who::Known(Arc::clone(caller)));
        AuditEntry::open(&self.log, call, who, action).refuse(code, message).await
    }

    /// Makes an account and the access key of its root.
    ///
    /// # Errors
    /// [`Error::Conflict`] if the account is there already.
    pub async fn create_account(&self, call: &Call, account: AccountId) -> Result<NewAccessKey, Error> {
        accounts::create(&self.vault, &self.log, &self.world, call, account).await
    }

    /// Makes one more access key for the root of an account.
    ///
    /// # Errors
    /// [`Error::Invalid`] if there is no such account.
    pub async fn create_root_access_key(
        &self,
        call: &Call,
        account: AccountId,
    ) -> Result<NewAccessKey, Error> {
        accounts::create_root_access_key(&self.vault, &self.log, &self.world, call, account).await
    }

    /// Whether an account is there.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn has_account(&self, account: AccountId) -> Result<bool, Error> {
        accounts::is_there(&self.vault, account)
    }

    /// Does what has come due: destroys and rotates keys. To be called every second or so.
    ///
    /// # Errors
    /// The store cannot be read; what was done until then is done.
    pub async fn tick(&self) -> Result<Done, Error> {
        self.vault.keep_up(&self.log);
        self.usages.keep_up(&self.keys, &self.log).await;
        self.directory.last_uses().keep_up(&self.vault).await;
        self.expire_approvals().await?;
        schedule::run(&self.keys, &self.log, &self.world).await
    }

    /// Opens every stored record, and answers how many there are. Reads the whole store: for an operator or a test
    /// to ask for, not for a request.
    ///
    /// # Errors
    /// [`VaultError::Tampered`] names the first that is not what was last written there.
    pub fn verify(&self) -> Result<u64, VaultError> {
        self.vault.verify()
    }

    /// The locations that keys can be in.
    pub fn locations(&self) -> &Locations {
        &self.locations
    }

    /// How many requests were refused because their account had sent too many.
    pub fn throttled(&self) -> u64 {
        self.throttle.as_ref().map_or(0, Throttle::refused)
    }

    /// Whether changes are taken. The log tells of itself.
    pub fn is_healthy(&self) -> bool {
        self.vault.is_healthy()
    }

    /// Finishes what waits to be written and takes no more changes.
    pub fn close(&self) {
        self.workshop.close();
        self.vault.note_unasked(self.usages.finish(&self.keys, &self.log));
        self.vault.note_unasked(self.directory.last_uses().finish());
        self.vault.close();
    }

    /// Work with keys that somebody else's key manager holds.
    fn outside<'a, Op: outside::GoesOutside + 'a>(
        &'a self,
        permit: Permit<Op>,
        work: impl FnOnce(Op, &Found, &mut AuditEntry) -> Result<Op::Answer, Error> + Send + 'a,
    ) -> Outside<'a, Op::Answer> {
        Box::pin(outside::run(&self.keys, &*self.external, permit, work))
    }

    /// See [`Encrypt`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub fn encrypt(&self, permit: Permit<Encrypt>) -> impl Future<Output = Result<Encrypted, Error>> {
        let work = |op: Encrypt, found: &Found, entry: &mut AuditEntry| op.run(&self.keys, found, entry);
        permit.perform_or(work, |permit, work| self.outside(permit, work))
    }

    /// See [`Decrypt`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub fn decrypt(&self, permit: Permit<Decrypt>) -> impl Future<Output = Result<Decrypted, Error>> {
        let work = |op: Decrypt, found: &Found, entry: &mut AuditEntry| {
            op.run(&self.keys, &*self.world.entropy, found, entry)
        };
        permit.perform_or(work, |permit, work| self.outside(permit, work))
    }

    /// See [`ReEncrypt`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub fn re_encrypt(&self, permit: Permit<ReEncrypt>) -> impl Future<Output = Result<ReEncrypted, Error>> {
        let work = |op: ReEncrypt, found: &Found, entry: &mut AuditEntry| op.run(&self.keys, found, entry);
        permit.perform_or(work, |permit, work| self.outside(permit, work))
    }

    /// See [`GenerateDataKey`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub fn generate_data_key(
        &self,
        permit: Permit<GenerateDataKey>,
    ) -> impl Future<Output = Result<DataKey, Error>> {
        let work = |op: GenerateDataKey, found: &Found, entry: &mut AuditEntry| {
            op.run(&self.keys, &*self.world.entropy, found, entry)
        };
        permit.perform_or(work, |permit, work| self.outside(permit, work))
    }

    /// See [`GenerateDataKeyWithoutPlaintext`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub fn generate_data_key_without_plaintext(
        &self,
        permit: Permit<GenerateDataKeyWithoutPlaintext>,
    ) -> impl Future<Output = Result<WrappedDataKey, Error>> {
        let work = |op: GenerateDataKeyWithoutPlaintext, found: &Found, entry: &mut AuditEntry| {
            op.run(&self.keys, &*self.world.entropy, found, entry)
        };
        permit.perform_or(work, |permit, work| self.outside(permit, work))
    }

    /// See [`GenerateRandom`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub fn generate_random(
        &self,
        permit: Permit<GenerateRandom>,
    ) -> impl Future<Output = Result<HandedOut, Error>> {
        let place = self.place(&permit).map(|(_, place)| place);
        permit.perform(|op, _, entry| {
            op.may_come_from(&self.keys, &place?)?;
            op.run(&*self.world.entropy, entry)
        })
    }

    /// See [`CreateKey`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn create_key(&self, mut permit: Permit<CreateKey>) -> Result<KeyMetadata, Error> {
        let (call, caller) = permit.entry.asked()?;
        let world = &self.world;
        let draft = self
            .directory
            .standing(&caller)
            .and_then(|standing| permit.op.draft(&self.keys, &*world.entropy, &call, (&caller, &standing)));
        let draft = match draft {
            Ok(draft) => draft,
            Err(error) => return permit.refuse(error).await,
        };
        if let Err(error) = Box::pin(self.external_key_fits(&permit.op, &call, &caller)).await {
            return permit.refuse(error).await;
        }
        let material = match self.first_version(&mut permit, &draft).await {
            Ok(material) => material,
            Err(error) => return permit.refuse(error).await,
        };
        permit
            .change(&self.vault, |op, _, entry| {
                let planned = op.plan(&self.keys, &draft, material.clone(), world.clock.now())?;
                entry.key = Some(planned.1.arn.clone());
                entry.material = planned.1.material;
                Ok(planned)
            })
            .await
    }

    /// See [`DescribeKey`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub fn describe_key(
        &self,
        permit: Permit<DescribeKey>,
    ) -> impl Future<Output = Result<KeyMetadata, Error>> {
        permit.perform(|op, found, _| op.run(&self.keys, found))
    }

    /// See [`ListKeys`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn list_keys(&self, permit: Permit<ListKeys>) -> Result<Page<KeyArn>, Error> {
        let (call, caller) = permit.entry.asked()?;
        permit.perform(|op, _, _| op.run(&self.keys, accounts::of(&caller)?, &call.location)).await
    }

    /// See [`UpdateKeyDescription`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn update_key_description(&self, permit: Permit<UpdateKeyDescription>) -> Result<(), Error> {
        permit.change(&self.vault, |op, found, _| op.plan(&self.keys, found)).await
    }

    /// See [`EnableKey`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn enable_key(&self, permit: Permit<EnableKey>) -> Result<(), Error> {
        permit.change(&self.vault, |op, found, _| op.plan(&self.keys, found)).await
    }

    /// See [`DisableKey`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn disable_key(&self, permit: Permit<DisableKey>) -> Result<(), Error> {
        permit.change(&self.vault, |op, found, _| op.plan(&self.keys, found)).await
    }

    /// See [`ScheduleKeyDeletion`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn schedule_key_deletion(
        &self,
        permit: Permit<ScheduleKeyDeletion>,
    ) -> Result<ScheduledDeletion, Error> {
        permit.change(&self.vault, |op, found, _| op.plan(&self.keys, found, self.world.clock.now())).await
    }

    /// See [`CancelKeyDeletion`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn cancel_key_deletion(&self, permit: Permit<CancelKeyDeletion>) -> Result<KeyArn, Error> {
        permit.change(&self.vault, |op, found, _| op.plan(&self.keys, found)).await
    }

    /// See [`CreateAlias`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn create_alias(&self, permit: Permit<CreateAlias>) -> Result<(), Error> {
        permit.change(&self.vault, |op, found, _| op.plan(&self.keys, found, self.world.clock.now())).await
    }

    /// See [`UpdateAlias`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn update_alias(&self, permit: Permit<UpdateAlias>) -> Result<(), Error> {
        permit.change(&self.vault, |op, found, _| op.plan(&self.keys, found, self.world.clock.now())).await
    }

    /// See [`DeleteAlias`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn delete_alias(&self, permit: Permit<DeleteAlias>) -> Result<(), Error> {
        permit.change(&self.vault, |op, found, _| op.plan(&self.keys, found)).await
    }

    /// See [`ListAliases`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn list_aliases(&self, permit: Permit<ListAliases>) -> Result<Page<Alias>, Error> {
        let (call, caller) = permit.entry.asked()?;
        permit.perform(|op, found, _| op.run(&self.keys, found, accounts::of(&caller)?, &call.location)).await
    }

    /// See [`TagResource`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn tag_resource(&self, permit: Permit<TagResource>) -> Result<(), Error> {
        permit.change(&self.vault, |op, found, _| op.plan(&self.keys, found)).await
    }

    /// See [`UntagResource`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn untag_resource(&self, permit: Permit<UntagResource>) -> Result<(), Error> {
        permit.change(&self.vault, |op, found, _| op.plan(&self.keys, found)).await
    }

    /// See [`ListResourceTags`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub fn list_resource_tags(
        &self,
        permit: Permit<ListResourceTags>,
    ) -> impl Future<Output = Result<Page<Tag>, Error>> {
        permit.perform(|op, found, _| op.run(found.key()))
    }

    /// See [`GetKeyPolicy`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub fn get_key_policy(
        &self,
        permit: Permit<GetKeyPolicy>,
    ) -> impl Future<Output = Result<Box<str>, Error>> {
        permit.perform(|op, found, _| op.run(&self.keys, found))
    }

    /// See [`PutKeyPolicy`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn put_key_policy(&self, permit: Permit<PutKeyPolicy>) -> Result<(), Error> {
        let (call, caller) = permit.entry.asked()?;
        permit
            .change(&self.vault, |op, found, _| {
                let standing = self.directory.standing(&caller)?;
                op.plan(&self.keys, found, &call, (&caller, &standing))
            })
            .await
    }

    /// See [`ListKeyPolicies`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub fn list_key_policies(
        &self,
        permit: Permit<ListKeyPolicies>,
    ) -> impl Future<Output = Result<Page<Box<str>>, Error>> {
        permit.perform(|op, _, _| op.run())
    }

    /// See [`EnableKeyRotation`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn enable_key_rotation(&self, permit: Permit<EnableKeyRotation>) -> Result<(), Error> {
        permit.change(&self.vault, |op, found, _| op.plan(&self.keys, found, self.world.clock.now())).await
    }

    /// See [`DisableKeyRotation`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn disable_key_rotation(&self, permit: Permit<DisableKeyRotation>) -> Result<(), Error> {
        permit.change(&self.vault, |op, found, _| op.plan(&self.keys, found)).await
    }

    /// See [`GetKeyRotationStatus`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub fn get_key_rotation_status(
        &self,
        permit: Permit<GetKeyRotationStatus>,
    ) -> impl Future<Output = Result<RotationStatus, Error>> {
        permit.perform(|op, found, _| op.run(&self.keys, found))
    }

    /// See [`RotateKeyOnDemand`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn rotate_key_on_demand(&self, permit: Permit<RotateKeyOnDemand>) -> Result<KeyArn, Error> {
        let world = &self.world;
        let plan = |op: &RotateKeyOnDemand, found: &Found| {
            op.plan(&self.keys, &*world.entropy, found, world.clock.now())
        };
        permit.change(&self.vault, |op, found, _| plan(op, found)).await
    }

    /// See [`ListKeyRotations`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub fn list_key_rotations(
        &self,
        permit: Permit<ListKeyRotations>,
    ) -> impl Future<Output = Result<Page<Rotation>, Error>> {
        permit.perform(|op, found, _| op.run(&self.keys, found))
    }

    /// See [`GetCallerIdentity`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn get_caller_identity(&self, permit: Permit<GetCallerIdentity>) -> Result<Arc<Caller>, Error> {
        let (_, caller) = permit.entry.asked()?;
        permit.perform(|_, _, _| Ok(caller)).await
    }

    /// See [`ReadAudit`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub fn read_audit(&self, permit: Permit<ReadAudit>) -> impl Future<Output = Result<(), Error>> {
        permit.perform(|_, _, _| Ok(()))
    }

    /// See [`ReadStatus`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub fn read_status(&self, permit: Permit<ReadStatus>) -> impl Future<Output = Result<(), Error>> {
        permit.perform(|_, _, _| Ok(()))
    }
}

/// Why there is no permit.
enum Turned<Refusing, Recording> {
    Refused(Refusing),
    /// It has to wait for the approval of others, and is kept until then.
    Asking(Asking),
    /// Recorded only now and then.
    Throttled(Option<Recording>),
}

/// The kind of key pair an operation is to make, as conditions see it.
fn pair_asked_for<Op: Operation>(op: &Op) -> Option<KeySpec> {
    let mut spec = None;
    op.facts(Op::ACTION, &ConditionKey::KmsDataKeyPairSpec, &mut |value| {
        if let Value::Text(text) = value {
            spec = KeySpec::parse(text);
        }
    });
    spec
}
