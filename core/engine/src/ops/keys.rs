//! Make, describe, list and rename keys.

use keystead_crypto::{Made, MaterialName};
use keystead_model::world::Entropy;
use keystead_model::{
    AccountId, Action, Call, Caller, Error, KeyArn, KeyId, KeyManager, KeyRef, KeySpec, KeyState, KeyUsage,
    Location, MaterialId, Origin, Resource, Tags, Timestamp,
};
use keystead_policy::{ConditionKey, Value, Visit, request_tag_values};

use super::{Operation, Page, PageRequest, Place, custom_keys, edit, page, policies};
use crate::authority::{Found, Subject};
use crate::directory::Standing;
use crate::keys::{Keys, customer_only, internal, provider_error};
use crate::records::{KeyRecord, MaterialRecord, PolicyText, Regions, Row};
use crate::vault::Change;

/// Make a key; answers its [`KeyMetadata`].
pub struct CreateKey {
    /// Algorithm and size.
    pub spec: KeySpec,
    /// Purpose.
    pub usage: KeyUsage,
    /// Where its bytes come from.
    pub origin: Origin,
    /// 0 to 8,192 characters.
    pub description: Box<str>,
    /// Policy text; the default policy if absent.
    pub policy: Option<Box<str>>,
    /// Labels.
    pub tags: Tags,
    /// Whether it may be replicated.
    pub multi_region: bool,
    /// The custom key store to make it in.
    pub key_store: Option<Box<str>>,
    /// What the external key manager calls the key, in an external key store: 1 to 128 bytes.
    pub external_key: Option<Box<str>>,
    /// Skip the check that the caller can still replace the policy.
    pub bypass_policy_lockout_safety_check: bool,
}

/// Read what a key is; answers its [`KeyMetadata`].
pub struct DescribeKey {
    /// Which key.
    pub key: KeyRef,
    /// Grants to be taken into account, 10 at most.
    pub grant_tokens: Vec<Box<str>>,
}

/// List the keys of the caller's account and location; answers a [`Page`](super::Page) of [`KeyArn`]. Default 100.
pub struct ListKeys {
    /// Which page.
    pub page: PageRequest,
}

/// Change a key's description.
pub struct UpdateKeyDescription {
    /// Which key: id or key ARN.
    pub key: KeyRef,
    /// 0 to 8,192 characters.
    pub description: Box<str>,
}

/// What a key is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyMetadata {
    /// Its full name.
    pub arn: KeyArn,
    /// When it was made.
    pub created: Timestamp,
    /// What its owner says of it.
    pub description: Box<str>,
    /// Algorithm and size.
    pub spec: KeySpec,
    /// Purpose.
    pub usage: KeyUsage,
    /// State.
    pub state: KeyState,
    /// Where its bytes come from.
    pub origin: Origin,
    /// Who looks after it.
    pub manager: KeyManager,
    /// When it will be destroyed; only while deletion is pending.
    pub deletion: Option<Timestamp>,
    /// How long it will wait to be destroyed once its replicas are gone, in days; only while it waits for them.
    pub window_days: Option<u16>,
    /// Itself and its related keys, if it is a multi-Region key.
    pub regions: Option<RelatedKeys>,
    /// The custom key store it is in.
    pub key_store: Option<Box<str>>,
    /// What the external key manager calls it.
    pub external_key: Option<Box<str>>,
    /// The version that seals now; symmetric encryption keys only, and absent while there is none.
    pub material: Option<MaterialId>,
    /// When imported material ends, the earliest of its versions; absent where none is there.
    pub expiry: Option<Expiry>,
}

/// Until when imported material serves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Expiry {
    /// For good.
    Never,
    /// Until then.
    At(Timestamp),
}

impl Expiry {
    /// The end of one version, if it was imported and is there.
    pub(crate) fn of(material: &MaterialRecord) -> Option<Self> {
        material.wrapped.as_ref()?;
        let expires = material.imported.as_ref()?.expires;
        Some(expires.map_or(Self::Never, Self::At))
    }
}

/// The keys that share one id and material in several locations.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RelatedKeys {
    /// The one that is replicated from.
    pub primary: KeyArn,
    /// Its replicas, by location.
    pub replicas: Vec<KeyArn>,
}

/// Keys of a page unless the caller says otherwise.
const PAGE_DEFAULT: u16 = 100;

/// What is decided about a new key before its bytes are made.
pub struct Draft {
    /// What its first version will be called, unless its owner brings it.
    pub name: Option<MaterialName>,
    arn: KeyArn,
    policy: PolicyText,
}

impl CreateKey {
    /// Decides what can be decided before the bytes are made, once.
    pub(crate) fn draft(
        &self,
        keys: &Keys,
        entropy: &dyn Entropy,
        call: &Call,
        by: (&Caller, &Standing),
    ) -> Result<Draft, Error> {
        self.is_offered(keys)?;
        let account =
            by.0.principal.account().ok_or_else(|| Error::Invalid("keys belong to accounts".into()))?;
        let arn =
            KeyArn { location: call.location.clone(), account, key: new_key_id(entropy, self.multi_region) };
        let policy = match &self.policy {
            None => PolicyText::Default,
            Some(text) => {
                let (resource, bypass) =
                    (Resource::Key(arn.clone()), self.bypass_policy_lockout_safety_check);
                policies::written(text, &resource, call, by, bypass)?
            }
        };
        let made_here = self.origin != Origin::External;
        let name = made_here.then(|| new_material_name(entropy, &arn, self.spec));
        Ok(Draft { name, arn, policy })
    }

    pub(crate) fn plan(
        &self,
        keys: &Keys,
        draft: &Draft,
        material: Option<MaterialRecord>,
        now: Timestamp,
    ) -> Result<(Vec<Change>, KeyMetadata), Error> {
        let place = Place { account: draft.arn.account, location: draft.arn.location.clone() };
        let record = KeyRecord {
            created: now,
            spec: self.spec,
            usage: self.usage,
            origin: self.origin,
            manager: KeyManager::Customer,
            state: match self.origin {
                Origin::External => KeyState::PendingImport,
                _ => KeyState::Enabled,
            },
            description: self.description.clone(),
            policy: draft.policy.clone(),
            tags: self.tags.clone(),
            aliases: Vec::new(),
            deletion: None,
            schedule: None,
            materials: material.into_iter().collect(),
            pending: None,
            regions: self
                .multi_region
                .then(|| Regions { primary: draft.arn.location.clone(), replicas: Vec::new() }),
            custom: self.custom(keys, &place)?.map(|(custom, _)| custom),
        };
        let mut changes = edit::made(&draft.arn, &record);
        if let Some(custom) = &record.custom {
            changes.extend(custom_keys::tied(keys, &draft.arn, custom)?);
        }
        Ok((changes, metadata(&draft.arn, &record)))
    }

    /// What this server does not make is refused by name.
    fn is_offered(&self, keys: &Keys) -> Result<(), Error> {
        let refuse = |what: String| Err(Error::Unsupported(what.into()));
        if !keys.provider().can(self.spec) {
            return refuse(format!("KeySpec {} is not supported by this server.", self.spec));
        }
        if !self.spec.usages().contains(&self.usage) {
            let why = format!("KeyUsage {} is not compatible with KeySpec {}", self.usage, self.spec);
            return Err(Error::Invalid(why.into()));
        }
        Ok(())
    }
}

impl DescribeKey {
    pub(crate) fn run(&self, keys: &Keys, found: &Found) -> Result<KeyMetadata, Error> {
        let arn = &found.key().arn;
        let (_, record) = keys.record(arn)?.ok_or_else(|| Error::KeyNotFound(arn.to_string().into()))?;
        let state = keys.shown_state(arn, record.state, record.custom.as_ref())?;
        Ok(KeyMetadata { state, ..metadata(arn, &record) })
    }
}

impl ListKeys {
    pub(crate) fn run(
        &self,
        keys: &Keys,
        account: AccountId,
        location: &Location,
    ) -> Result<Page<KeyArn>, Error> {
        let after = self
            .page
            .marker
            .as_deref()
            .map(|marker| marker.parse::<KeyId>().map_err(|_| Error::InvalidMarker));
        let arn = |key| KeyArn { location: location.clone(), account, key };
        let after = after.transpose()?.map(|key| Row::Key(&arn(key)).id());
        let limit = self.page.limit_or(PAGE_DEFAULT);
        let rows = keys
            .vault()
            .scan(&Row::keys_of(account, location), after.as_ref(), limit + 1)
            .map_err(internal)?;
        let names = rows.iter().filter_map(|(id, _)| Row::read_key(id)).collect();
        Ok(page(names, limit, |arn: &KeyArn| arn.key.to_string().into()))
    }
}

impl UpdateKeyDescription {
    pub(crate) fn plan(&self, keys: &Keys, found: &Found) -> Result<(Vec<Change>, ()), Error> {
        customer_only(found.key())?;
        edit::key(keys, &found.key().arn, Self::ACTION, |record| {
            record.description = self.description.clone();
            Ok(())
        })
    }
}

/// A new version of a key's bytes. For specs that are quick to make.
pub fn new_material(
    keys: &Keys,
    entropy: &dyn Entropy,
    arn: &KeyArn,
    spec: KeySpec,
    now: Timestamp,
) -> Result<MaterialRecord, Error> {
    let name = new_material_name(entropy, arn, spec);
    let made = keys.provider().make(&name).map_err(|error| provider_error(&error))?;
    Ok(new_version(name.material, made, now))
}

/// A name for a new version of a key's bytes.
fn new_material_name(entropy: &dyn Entropy, arn: &KeyArn, spec: KeySpec) -> MaterialName {
    let mut material = MaterialId([0; 32]);
    entropy.fill(&mut material.0);
    MaterialName { account: arn.account, key: arn.key, material, spec }
}

/// What is kept of bytes that were made.
pub fn new_version(id: MaterialId, made: Made, at: Timestamp) -> MaterialRecord {
    let Made { wrapped, public } = made;
    MaterialRecord { id, wrapped: Some(wrapped.into()), at, kind: None, public, imported: None }
}

pub fn new_key_id(entropy: &dyn Entropy, multi_region: bool) -> KeyId {
    let mut random = [0; 16];
    entropy.fill(&mut random);
    match multi_region {
        true => KeyId::from_parts(random, true),
        false => KeyId::from_random(random),
    }
}

fn related(arn: &KeyArn, regions: &Regions) -> RelatedKeys {
    let at = |location: &Location| KeyArn { location: location.clone(), ..arn.clone() };
    RelatedKeys { primary: at(&regions.primary), replicas: regions.replicas.iter().map(at).collect() }
}

/// What a record says of a key.
pub fn metadata(arn: &KeyArn, record: &KeyRecord) -> KeyMetadata {
    let symmetric = record.spec == KeySpec::SymmetricDefault;
    KeyMetadata {
        arn: arn.clone(),
        created: record.created,
        description: record.description.clone(),
        spec: record.spec,
        usage: record.usage,
        state: record.state,
        origin: record.origin,
        manager: record.manager,
        deletion: record.deletion.and_then(|deletion| deletion.at),
        window_days: record.deletion.filter(|deletion| deletion.at.is_none()).map(|d| d.window_days),
        regions: record.regions.as_ref().map(|regions| related(arn, regions)),
        key_store: record.custom.as_ref().map(|custom| custom.store.clone()),
        external_key: record.custom.as_ref().and_then(|custom| custom.external.clone()),
        material: symmetric.then(|| record.current().map(|material| material.id)).flatten(),
        expiry: match record.materials.iter().filter_map(MaterialRecord::expires).min() {
            Some(at) => Some(Expiry::At(at)),
            None => record.current().and_then(Expiry::of),
        },
    }
}

impl Operation for CreateKey {
    const ACTION: Action = Action::CreateKey;

    fn subject(&self) -> Subject<'_> {
        Subject::Account
    }

    fn facts(&self, _: Action, name: &ConditionKey, visit: &mut Visit<'_>) {
        request_tag_values(&self.tags, name, visit);
        match name {
            ConditionKey::KmsKeySpec => visit(Value::Text(self.spec.as_str())),
            ConditionKey::KmsKeyUsage => visit(Value::Text(self.usage.as_str())),
            ConditionKey::KmsKeyOrigin => visit(Value::Text(self.origin.as_str())),
            ConditionKey::KmsMultiRegion => visit(Value::Flag(self.multi_region)),
            ConditionKey::KmsMultiRegionKeyType if self.multi_region => visit(Value::Text("PRIMARY")),
            ConditionKey::KmsBypassPolicyLockoutSafetyCheck => {
                visit(Value::Flag(self.bypass_policy_lockout_safety_check));
            }
            _ => {}
        }
    }
}

impl Operation for DescribeKey {
    const ACTION: Action = Action::DescribeKey;

    fn subject(&self) -> Subject<'_> {
        Subject::Key(&self.key)
    }

    fn grant_tokens(&self) -> &[Box<str>] {
        &self.grant_tokens
    }
}

impl Operation for ListKeys {
    const ACTION: Action = Action::ListKeys;

    fn subject(&self) -> Subject<'_> {
        Subject::Account
    }
}

impl Operation for UpdateKeyDescription {
    const ACTION: Action = Action::UpdateKeyDescription;

    fn subject(&self) -> Subject<'_> {
        Subject::KeyByIdOnly(&self.key)
    }
}
