//! From an operation to a decision: which keys are meant, and what policy says.

mod iam;

use std::fmt::Write;
use std::sync::Arc;

use keystead_model::{
    Action, AliasArn, AliasName, AliasNameError, Call, Caller, Denial, Error, GrantId, GrantOperation,
    KeyArn, KeyRef, Location, Resource, RoleArn, SessionName, Why,
};
use keystead_policy::{
    Asked, ConditionKey, Facts, Policy, Request, Retirement, Sources, Value, Verdict, Visit, context_values,
    decide, decide_retirement, own_side, resource_tag_values,
};

use crate::approvals::Approved;
use crate::directory::{Directory, Entity, Standing};
use crate::entry::{AuditEntry, Decided};
use crate::grants::{GrantAt, Grants};
use crate::keys::{Key, Keys};
use crate::ops::iam::Target;
use crate::ops::{GrantName, Operation, custom_keys, read_id, recipient_values};
use crate::sessions::TakenOn;

/// What an operation is about, as its caller wrote it.
pub enum Subject<'a> {
    /// Nothing that policy is asked about.
    Nothing,
    /// The account as a whole.
    Account,
    /// A key, by any of its names.
    Key(&'a KeyRef),
    /// A key, by id or key ARN only.
    KeyByIdOnly(&'a KeyRef),
    /// The key a ciphertext names, which must be `key` if that is given.
    Ciphertext { ciphertext: &'a [u8], key: Option<&'a KeyRef> },
    /// The key a ciphertext names, and a key to seal under.
    CiphertextAndKey { ciphertext: &'a [u8], source: Option<&'a KeyRef>, destination: &'a KeyRef },
    /// A key that opens what names no key, and a key to seal under.
    Keys { source: &'a KeyRef, destination: &'a KeyRef },
    /// An alias, and the key it is to point to.
    AliasAndKey { name: &'a str, target: &'a KeyRef },
    /// An alias that exists, and the key it points to.
    Alias { name: &'a str },
    /// An alias that exists, the key it points to, and the key it is to point to.
    AliasAndKeys { name: &'a str, target: &'a KeyRef },
    /// A key, and the account as a whole for its replica, which may be labelled.
    KeyToReplicate { key: &'a KeyRef, tagged: bool },
    /// A key, and the key related to it in another location.
    RelatedKeys { key: &'a KeyRef, location: &'a Location },
    /// A grant to retire, and its key.
    Grant(&'a GrantName),
    /// The account, and a key of it to narrow a listing down.
    AccountKey(Option<&'a KeyRef>),
    /// Something in the directory of the caller's account.
    Directory(Target<'a>),
    /// A role to be taken on; whether the request brings tags or a source identity along.
    Role { role: &'a RoleArn, has_tags: bool, has_identity: bool },
    /// Somebody who is no user, and for whom a session is asked, which may be labelled.
    FederatedUser { name: &'a SessionName, tagged: bool },
}

/// What was found for it. Each has been allowed.
#[derive(Default)]
pub struct Found {
    /// The key; for a change of alias, the key it is to point to.
    pub key: Option<Arc<Key>>,
    /// The key a ciphertext was sealed under, or the key an alias has pointed to.
    pub source: Option<Arc<Key>>,
    /// The alias.
    pub alias: Option<AliasArn>,
    /// The grant.
    pub grant: Option<GrantId>,
    /// The approval of others that let it through.
    pub approval: Option<Box<Approved>>,
    /// The role.
    pub role: Option<TakenOn>,
}

impl Found {
    /// The key of an operation that is about one.
    pub fn key(&self) -> &Arc<Key> {
        self.key.as_ref().expect("the subject of this operation has a key")
    }

    /// Whether one of the keys is in a custom key store.
    pub fn is_outside(&self) -> bool {
        [&self.key, &self.source].into_iter().flatten().any(|key| key.custom.is_some())
    }

    /// The source key of an operation that has one.
    pub fn source(&self) -> &Arc<Key> {
        self.source.as_ref().expect("the subject of this operation has a source key")
    }

    /// The role of an operation that is about one.
    pub fn role(&self) -> &TakenOn {
        self.role.as_ref().expect("the subject of this operation has a role")
    }

    /// The alias of an operation that is about one.
    pub fn alias(&self) -> &AliasArn {
        self.alias.as_ref().expect("the subject of this operation has an alias")
    }
}

/// One request being decided.
pub struct Authority<'a, Op> {
    keys: &'a Keys,
    grants: &'a Grants,
    directory: &'a Directory,
    call: &'a Call,
    caller: &'a Caller,
    /// What the caller brings along.
    standing: &'a Standing,
    op: &'a Op,
    entry: &'a mut AuditEntry,
    /// Whether both keys of a request that has two are one, once that is known.
    on_same_key: Option<bool>,
    /// What is asked about, if the directory has it.
    entity: Option<Entity>,
}

impl<'a, Op> Authority<'a, Op> {
    pub fn new(
        (keys, grants, directory): (&'a Keys, &'a Grants, &'a Directory),
        call: &'a Call,
        (caller, standing): (&'a Caller, &'a Standing),
        op: &'a Op,
        entry: &'a mut AuditEntry,
    ) -> Self {
        Self { keys, grants, directory, call, caller, standing, op, entry, on_same_key: None, entity: None }
    }
}

impl<Op: Operation> Authority<'_, Op> {
    /// Finds what the operation is about and asks policy about each part.
    pub fn decide(&mut self) -> Result<Found, Error> {
        let op = self.op;
        for token in op.grant_tokens() {
            self.grants.consider(self.call, token)?;
        }
        match op.subject() {
            Subject::Nothing => Ok(Found::default()),
            Subject::Account => self.account().map(|()| Found::default()),
            Subject::AccountKey(key) => {
                self.account()?;
                let key = key.map(|key| self.existing(key, Names::IdOnly)).transpose()?;
                Ok(Found { key, ..Found::default() })
            }
            Subject::Directory(target) => self.in_directory(target).map(|()| Found::default()),
            Subject::Role { role, has_tags, has_identity } => {
                let from = self.caller.session.as_deref();
                // What the caller's session hands on is brought along too.
                let tags = has_tags || from.is_some_and(|from| !from.transitive.is_empty());
                let identity = has_identity || from.is_some_and(|from| from.source_identity.is_some());
                let besides =
                    [tags.then_some(Action::TagSession), identity.then_some(Action::SetSourceIdentity)];
                self.role(role, besides.into_iter().flatten())
            }
            Subject::FederatedUser { name, tagged } => self.federated_user(name, tagged),
            Subject::Key(key) => self.one_key(key, Names::All),
            Subject::KeyByIdOnly(key) => self.one_key(key, Names::IdOnly),
            Subject::Ciphertext { ciphertext, key } => {
                let found = self.ciphertext_key(ciphertext, key, Op::ACTION)?;
                Ok(Found { key: Some(found), ..Found::default() })
            }
            Subject::CiphertextAndKey { ciphertext, source, destination } => {
                self.re_encrypt(ciphertext, source, destination)
            }
            Subject::KeyToReplicate { key, tagged } => self.replication(key, tagged),
            Subject::RelatedKeys { key, location } => self.related(key, location),
            Subject::Grant(name) => self.retirement(name),
            Subject::Keys { source, destination } => {
                self.on_same_key = self.are_one(self.arn_of(Some(source)), destination);
                let source = self.key_for(source, Names::All, Action::ReEncryptFrom)?;
                self.re_encrypt_to(source, destination)
            }
            Subject::AliasAndKey { name, target } => {
                let alias = self.alias_arn(name)?;
                self.on_alias(&alias)?;
                let key = self.key_for(target, Names::IdOnly, Op::ACTION)?;
                Ok(Found { key: Some(key), alias: Some(alias), ..Found::default() })
            }
            Subject::Alias { name } => {
                let (alias, source) = self.existing_alias(name)?;
                Ok(Found { source: Some(source), alias: Some(alias), ..Found::default() })
            }
            Subject::AliasAndKeys { name, target } => {
                let (alias, source) = self.existing_alias(name)?;
                let key = self.key_for(target, Names::IdOnly, Op::ACTION)?;
                Ok(Found { key: Some(key), source: Some(source), alias: Some(alias), ..Found::default() })
            }
        }
    }

    /// A replica is made with the permissions that making and labelling a key wants.
    fn replication(&mut self, key: &KeyRef, tagged: bool) -> Result<Found, Error> {
        let key = self.key_for(key, Names::IdOnly, Op::ACTION)?;
        self.ask(Action::CreateKey, &Resource::Account, None, None)?;
        if tagged {
            self.ask(Action::TagResource, &Resource::Account, None, None)?;
        }
        Ok(Found { key: Some(key), ..Found::default() })
    }

    fn related(&mut self, key: &KeyRef, location: &Location) -> Result<Found, Error> {
        let key = self.key_for(key, Names::IdOnly, Op::ACTION)?;
        let arn = KeyArn { location: location.clone(), ..key.arn.clone() };
        let other = self.keys.find(&arn)?.ok_or_else(|| Error::KeyNotFound(arn.to_string().into()))?;
        self.on_key(&other, None, Op::ACTION)?;
        self.entry.resource = Some(arn.to_string().into());
        Ok(Found { key: Some(key), source: Some(other), ..Found::default() })
    }

    /// A session for somebody takes the permission to open it, and to label it if it is labelled.
    fn federated_user(&mut self, name: &SessionName, tagged: bool) -> Result<Found, Error> {
        let resource = Resource::FederatedUser(self.own_account()?, name.clone());
        self.entry.resource = Some(resource.to_string().into());
        self.ask(Op::ACTION, &resource, None, None)?;
        if tagged {
            self.ask(Action::TagSession, &resource, None, None)?;
        }
        Ok(Found::default())
    }

    /// A role to be taken on. One that is not there looks like one that nobody may take on.
    fn role(&mut self, arn: &RoleArn, besides: impl Iterator<Item = Action>) -> Result<Found, Error> {
        let resource = Resource::Iam(arn.arn().clone());
        self.entry.resource = Some(resource.to_string().into());
        self.entry.owner = arn.arn().account;
        let Some(role) = TakenOn::find(self.directory, arn)? else {
            self.entry.decision = Decided::Denied("default".into());
            return Err(self.denied(Op::ACTION, resource, Why::Foreign));
        };
        let (arn, tags) = (arn.arn().clone(), role.tags.clone());
        self.entity = Some(Entity { arn, tags, boundary: None });
        let trust = Some(&role.trust);
        self.ask_with(trust, Op::ACTION, &resource, None, None)?;
        for action in besides {
            self.ask_with(trust, action, &resource, None, None)?;
        }
        Ok(Found { role: Some(role), ..Found::default() })
    }

    fn account(&mut self) -> Result<(), Error> {
        self.ask(Op::ACTION, &Resource::Account, None, None)
    }

    fn one_key(&mut self, key: &KeyRef, names: Names) -> Result<Found, Error> {
        Ok(Found { key: Some(self.key_for(key, names, Op::ACTION)?), ..Found::default() })
    }

    fn re_encrypt(
        &mut self,
        ciphertext: &[u8],
        source: Option<&KeyRef>,
        destination: &KeyRef,
    ) -> Result<Found, Error> {
        let named = self.arn_of(source).or_else(|| self.arn_in(ciphertext).ok());
        self.on_same_key = self.are_one(named, destination);
        let source = self.ciphertext_key(ciphertext, source, Action::ReEncryptFrom)?;
        self.re_encrypt_to(source, destination)
    }

    fn re_encrypt_to(&mut self, source: Arc<Key>, destination: &KeyRef) -> Result<Found, Error> {
        let key = self.key_for(destination, Names::All, Action::ReEncryptTo)?;
        // The record is the source key's; the destination goes beside it.
        self.entry.resource = Some(key.arn.to_string().into());
        self.entry.key = Some(source.arn.clone());
        Ok(Found { key: Some(key), source: Some(source), ..Found::default() })
    }

    /// The key a ciphertext names. A stranger's key, and one that is not there, look alike.
    fn ciphertext_key(
        &mut self,
        ciphertext: &[u8],
        insisted: Option<&KeyRef>,
        action: Action,
    ) -> Result<Arc<Key>, Error> {
        let insisted = match insisted {
            Some(key) => Some(self.key_for(key, Names::All, action)?),
            None => None,
        };
        let arn = self.arn_in(ciphertext)?;
        match insisted {
            Some(key) if key.arn == arn => Ok(key),
            Some(_) => Err(Error::IncorrectKey),
            None => {
                self.entry.key = Some(arn.clone());
                let Some(key) = self.keys.find(&arn)? else { return Err(self.foreign(action, arn)) };
                self.on_key(&key, None, action)?;
                Ok(key)
            }
        }
    }

    /// The key that a ciphertext says it is of.
    fn arn_in(&self, ciphertext: &[u8]) -> Result<KeyArn, Error> {
        let names = keystead_crypto::CiphertextNames::read(ciphertext).map_err(|_| Error::BadCiphertext)?;
        Ok(KeyArn { location: self.call.location.clone(), account: names.account, key: names.key })
    }

    /// The key that a name means, for a comparison. What is wrong with the name is told when the key is looked up.
    fn arn_of(&self, key: Option<&KeyRef>) -> Option<KeyArn> {
        Some(self.key_arn(key?, Names::All).ok()?.0)
    }

    fn are_one(&self, source: Option<KeyArn>, destination: &KeyRef) -> Option<bool> {
        Some(source? == self.arn_of(Some(destination))?)
    }

    fn key_for(&mut self, key: &KeyRef, names: Names, action: Action) -> Result<Arc<Key>, Error> {
        let (arn, alias) = self.key_arn(key, names)?;
        self.entry.key = Some(arn.clone());
        let Some(found) = self.keys.find(&arn)? else {
            return Err(match Some(arn.account) == self.caller.principal.account() {
                true => Error::KeyNotFound(arn.to_string().into()),
                false => self.foreign(action, arn),
            });
        };
        self.on_key(&found, alias.as_ref(), action)?;
        Ok(found)
    }

    /// A key of the caller's own account that only narrows a listing down.
    fn existing(&mut self, key: &KeyRef, names: Names) -> Result<Arc<Key>, Error> {
        let (arn, _) = self.key_arn(key, names)?;
        if Some(arn.account) != self.caller.principal.account() {
            return Err(Error::KeyNotFound(arn.to_string().into()));
        }
        self.keys.find(&arn)?.ok_or_else(|| Error::KeyNotFound(arn.to_string().into()))
    }

    fn key_arn(&self, key: &KeyRef, names: Names) -> Result<(KeyArn, Option<AliasName>), Error> {
        let own = |key| -> Result<KeyArn, Error> {
            Ok(KeyArn { location: self.call.location.clone(), account: self.own_account()?, key })
        };
        let alias = |arn: AliasArn| -> Result<(KeyArn, Option<AliasName>), Error> {
            let target = self.keys.alias(&arn)?.ok_or_else(|| Error::AliasNotFound(arn.clone()))?;
            let key = KeyArn { location: arn.location, account: arn.account, key: target };
            Ok((key, Some(arn.name)))
        };
        match (key, names) {
            (KeyRef::Id(id), _) => Ok((own(*id)?, None)),
            (KeyRef::Arn(arn), _) if arn.location == self.call.location => Ok((arn.clone(), None)),
            (KeyRef::Arn(arn), _) => Err(Error::OtherLocation(arn.location.clone())),
            (KeyRef::Unknown(word), _) => Err(Error::KeyNotFound(word.clone())),
            (KeyRef::Alias(name), Names::IdOnly) => Err(Error::KeyNotFound(name.as_str().into())),
            (KeyRef::AliasArn(arn), Names::IdOnly) => Err(Error::KeyNotFound(arn.to_string().into())),
            (KeyRef::Alias(name), Names::All) => alias(AliasArn {
                location: self.call.location.clone(),
                account: self.own_account()?,
                name: name.clone(),
            }),
            (KeyRef::AliasArn(arn), Names::All) if arn.location == self.call.location => alias(arn.clone()),
            (KeyRef::AliasArn(arn), Names::All) => Err(Error::OtherLocation(arn.location.clone())),
        }
    }

    fn own_account(&self) -> Result<keystead_model::AccountId, Error> {
        let none = || Error::Invalid("a principal without an account names keys by ARN".into());
        self.caller.principal.account().ok_or_else(none)
    }

    fn alias_arn(&mut self, name: &str) -> Result<AliasArn, Error> {
        let name = AliasName::parse(name).map_err(|error| match error {
            AliasNameError::Prefix => Error::InvalidAliasName("Invalid identifier".into()),
            other => Error::InvalidAliasName(other.to_string().into()),
        })?;
        let arn = AliasArn { location: self.call.location.clone(), account: self.own_account()?, name };
        self.entry.resource = Some(arn.to_string().into());
        match arn.name.is_reserved() {
            true => Err(Error::ReservedAlias(arn.name.as_str().into())),
            false => Ok(arn),
        }
    }

    fn existing_alias(&mut self, name: &str) -> Result<(AliasArn, Arc<Key>), Error> {
        let alias = self.alias_arn(name)?;
        let target = self.keys.alias(&alias)?.ok_or_else(|| Error::AliasNotFound(alias.clone()))?;
        self.on_alias(&alias)?;
        let arn = KeyArn { location: alias.location.clone(), account: alias.account, key: target };
        self.entry.key = Some(arn.clone());
        let key = self.keys.find(&arn)?.ok_or_else(|| Error::AliasNotFound(alias.clone()))?;
        self.on_key(&key, None, Op::ACTION)?;
        Ok((alias, key))
    }

    fn on_alias(&mut self, alias: &AliasArn) -> Result<(), Error> {
        self.ask(Op::ACTION, &Resource::Alias(alias.clone()), None, None)
    }

    fn on_key(&mut self, key: &Key, alias: Option<&AliasName>, action: Action) -> Result<(), Error> {
        if Some(key.arn.account) != self.caller.principal.account() && !CROSS_ACCOUNT.contains(&action) {
            return Err(self.foreign(action, key.arn.clone()));
        }
        self.ask(action, &Resource::Key(key.arn.clone()), Some(key), alias)?;
        custom_keys::offers(key, action)
    }

    fn ask(
        &mut self,
        action: Action,
        resource: &Resource,
        key: Option<&Key>,
        alias: Option<&AliasName>,
    ) -> Result<(), Error> {
        self.ask_with(key.map(|key| &*key.policy), action, resource, key, alias)
    }

    /// Asks policy, `policy` being that of the resource.
    fn ask_with(
        &mut self,
        policy: Option<&Policy>,
        action: Action,
        resource: &Resource,
        key: Option<&Key>,
        alias: Option<&AliasName>,
    ) -> Result<(), Error> {
        let on_same_key = self.on_same_key;
        let (op, entry, entity) = (self.op, &*self.entry, self.entity.as_ref());
        let facts = RequestFacts { action, key, alias, op, entry, on_same_key, entity };
        let request = self.request(action, resource, &facts);
        let sources = self.standing.sources(policy);
        let mut verdict = decide(&sources, &request);
        if let (true, Some(key)) = (verdict.is_open(), key) {
            verdict = self.granted(key, &sources, &request)?.unwrap_or(verdict);
        }
        let told = told(&verdict, &sources);
        self.settle(verdict, told, action, resource)
    }

    fn request<'r>(&'r self, action: Action, resource: &'r Resource, facts: &'r dyn Facts) -> Request<'r> {
        Request {
            principal: &self.caller.principal,
            session: self.caller.session.as_deref(),
            principal_tags: self.standing.tags(),
            action,
            resource,
            call: self.call,
            facts,
        }
    }

    /// What grants say to a request that no policy allows and none denies.
    fn granted(
        &self,
        key: &Key,
        sources: &Sources<'_>,
        request: &Request<'_>,
    ) -> Result<Option<Verdict>, Error> {
        let Some(operation) = GrantOperation::of(request.action) else { return Ok(None) };
        let mut source = None;
        request.facts.values(&ConditionKey::AwsSourceArn, &mut |value| match value {
            Value::Text(arn) => source = Some(Box::<str>::from(arn)),
            _ => source = None,
        });
        let asked = Asked {
            operation,
            context: self.op.own_context(request.action).unwrap_or(&self.entry.context),
            source_arn: source.as_deref(),
            child: self.op.child(),
        };
        self.grants.decide(&key.arn, request.principal, &asked, || own_side(sources, request))
    }

    /// A grant is retired by those whom it lets do so; the key's policy has no say in it. A stranger does not learn
    /// whether there is such a grant.
    fn retirement(&mut self, name: &GrantName) -> Result<Found, Error> {
        let (arn, grant) = match name {
            GrantName::Token(token) => {
                let grant = self.grants.named_by(self.call, token)?;
                (grant.key.clone(), Some(grant))
            }
            GrantName::Id { key, grant } => {
                let (arn, _) = self.key_arn(key, Names::IdOnly)?;
                let found = self.grants.find(&arn, read_id(grant)?)?;
                (arn, found)
            }
        };
        self.entry.key = Some(arn.clone());
        let is_own = Some(arn.account) == self.caller.principal.account();
        let Some(key) = self.keys.find(&arn)? else {
            return Err(match is_own {
                true => Error::KeyNotFound(arn.to_string().into()),
                false => self.foreign(Op::ACTION, arn),
            });
        };
        let Some(GrantAt { id, record, .. }) = grant else {
            return Err(if is_own { Error::GrantNotFound } else { self.foreign(Op::ACTION, arn) });
        };
        self.entry.resource = Some(format!("grant/{id}").into());
        let facts = RequestFacts {
            action: Op::ACTION,
            key: Some(&key),
            alias: None,
            op: self.op,
            entry: &*self.entry,
            on_same_key: None,
            entity: None,
        };
        let resource = Resource::Key(arn);
        let request = self.request(Op::ACTION, &resource, &facts);
        let sources = self.standing.sources(None);
        let retirement = Retirement {
            grant: id,
            grantee: &record.grantee,
            retiring: record.retiring.as_ref(),
            operations: record.operations,
            issuer: record.issuer,
        };
        let verdict = decide_retirement(&sources, &request, &retirement);
        let told = told(&verdict, &sources);
        self.settle(verdict, told, Op::ACTION, &resource)?;
        Ok(Found { key: Some(key), grant: Some(id), ..Found::default() })
    }

    /// Notes a verdict for the record, and answers it.
    fn settle(
        &mut self,
        verdict: Verdict,
        told: String,
        action: Action,
        resource: &Resource,
    ) -> Result<(), Error> {
        match verdict {
            Verdict::Allowed(_) => {
                self.entry.decision = Decided::Allowed(told);
                Ok(())
            }
            Verdict::Denied(why, _) => {
                self.entry.decision = Decided::Denied(told);
                Err(self.denied(action, resource.clone(), why))
            }
        }
    }

    fn foreign(&mut self, action: Action, arn: KeyArn) -> Error {
        self.not_own(action, Resource::Key(arn))
    }

    /// The refusal of what belongs to somebody else.
    fn not_own(&mut self, action: Action, resource: Resource) -> Error {
        self.entry.decision = Decided::Denied("default".into());
        self.denied(action, resource, Why::Foreign)
    }

    fn denied(&self, action: Action, resource: Resource, why: Why) -> Error {
        Error::Denied(Box::new(Denial { principal: Arc::clone(&self.caller.arn), action, resource, why }))
    }
}

/// Who decided, in words.
fn told(verdict: &Verdict, sources: &Sources<'_>) -> String {
    // Long enough for most, so that it grows at most once.
    let mut told = String::with_capacity(96);
    write!(told, "{}", verdict.told(sources)).expect("a String takes what is written");
    told
}

/// What an owner's policy can let another account do. Nothing else reaches across, whatever a policy says.
const CROSS_ACCOUNT: &[Action] = &[
    Action::CreateGrant,
    Action::Decapsulate,
    Action::Decrypt,
    Action::DeriveSharedSecret,
    Action::DescribeKey,
    Action::Encapsulate,
    Action::Encrypt,
    Action::GenerateDataKey,
    Action::GenerateDataKeyPair,
    Action::GenerateDataKeyPairWithoutPlaintext,
    Action::GenerateDataKeyWithoutPlaintext,
    Action::GenerateMac,
    Action::GetKeyRotationStatus,
    Action::GetPublicKey,
    Action::ListGrants,
    Action::ReEncryptFrom,
    Action::ReEncryptTo,
    Action::RevokeGrant,
    Action::Sign,
    Action::Verify,
    Action::VerifyMac,
];

/// Which names of a key an operation takes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    All,
    IdOnly,
}

/// What something in a directory says about itself: its labels, and the boundary that it has, unless the operation says
/// which one it gets.
fn entity_values<Op: Operation>(
    op: &Op,
    action: Action,
    entity: &Entity,
    name: &ConditionKey,
    visit: &mut Visit<'_>,
) {
    resource_tag_values(&entity.tags, name, visit);
    if let (ConditionKey::IamPermissionsBoundary, Some(boundary)) = (name, &entity.boundary) {
        let mut gets_another = false;
        op.facts(action, name, &mut |_| gets_another = true);
        if !gets_another {
            visit(Value::Text(&boundary.to_string()));
        }
    }
}

/// What conditions may ask: the operation's own values, the key's, and the encryption context.
struct RequestFacts<'a, Op> {
    action: Action,
    key: Option<&'a Key>,
    alias: Option<&'a AliasName>,
    op: &'a Op,
    entry: &'a AuditEntry,
    on_same_key: Option<bool>,
    entity: Option<&'a Entity>,
}

impl<Op: Operation> Facts for RequestFacts<'_, Op> {
    fn values(&self, name: &ConditionKey, visit: &mut Visit<'_>) {
        self.op.facts(self.action, name, visit);
        context_values(&self.entry.context, name, visit);
        if let Some(recipient) = self.entry.recipient() {
            recipient_values(recipient, name, visit);
        }
        if let (ConditionKey::KmsViaService, Some(via)) = (name, &self.entry.via) {
            visit(Value::Text(via));
        }
        if let (ConditionKey::KmsRequestAlias, Some(alias)) = (name, self.alias) {
            visit(Value::Text(alias.as_str()));
        }
        if let (ConditionKey::KmsReEncryptOnSameKey, Some(same)) = (name, self.on_same_key) {
            visit(Value::Flag(same));
        }
        if let Some(entity) = self.entity {
            entity_values(self.op, self.action, entity, name, visit);
        }
        let Some(key) = self.key else { return };
        resource_tag_values(&key.tags, name, visit);
        match name {
            ConditionKey::KmsResourceAliases => {
                key.aliases.iter().for_each(|a| visit(Value::Text(a.as_str())))
            }
            ConditionKey::KmsKeySpec => visit(Value::Text(key.spec.as_str())),
            ConditionKey::KmsKeyUsage => visit(Value::Text(key.usage.as_str())),
            ConditionKey::KmsKeyOrigin => visit(Value::Text(key.origin.as_str())),
            ConditionKey::KmsMultiRegion => visit(Value::Flag(key.arn.key.is_multi_region())),
            ConditionKey::KmsMultiRegionKeyType => key.regions.iter().for_each(|regions| {
                visit(Value::Text(if regions.primary == key.arn.location { "PRIMARY" } else { "REPLICA" }));
            }),
            _ => {}
        }
    }
}
