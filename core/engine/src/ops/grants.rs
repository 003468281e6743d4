//! Grants: let somebody use a key in named ways, say who may, and end it.

use keystead_crypto::ApprovalParameters;
use keystead_model::world::Entropy;
use keystead_model::{
    Action, Call, Caller, Denial, Error, GrantId, GrantOperation, GrantOperations, KeyArn, KeyManager,
    KeyRef, KeySpec, Principal, Resource, Timestamp, Why,
};
use keystead_policy::{
    ConditionKey, ContextConstraint, GrantConstraints, GrantPrincipal, Value, Visit, context_values,
};
use keystead_store::RecordId;

use super::{Operation, Page, PageRequest, page, state};
use crate::authority::{Found, Subject};
use crate::grants::{GrantAt, Grants};
use crate::keys::{Keys, customer_only, internal};
use crate::records::{GrantRecord, GrantRow, PrincipalHash, principal_hash};
use crate::vault::Change;

/// Let a principal use a key; answers [`Granted`].
pub struct CreateGrant {
    /// Which key: id or key ARN.
    pub key: KeyRef,
    /// Who may use it.
    pub grantee: GrantPrincipal,
    /// Who, besides others, may end the grant.
    pub retiring: Option<GrantPrincipal>,
    /// In which ways.
    pub operations: GrantOperations,
    /// On which terms.
    pub constraints: GrantConstraints,
    /// 1 to 256 characters. A request that repeats another one, name and all, is answered with the grant that one
    /// has made.
    pub name: Option<Box<str>>,
    /// Grants to be taken into account, 10 at most.
    pub grant_tokens: Vec<Box<str>>,
    /// Decide only.
    pub dry_run: bool,
}

/// What [`CreateGrant`] answers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Granted {
    /// The grant's name.
    pub id: GrantId,
    /// Stands for the grant, so that it is known wherever the token is shown.
    pub token: Box<str>,
}

/// List a key's grants; answers a [`Page`](super::Page) of [`GrantEntry`]. Default 50, at most 100.
pub struct ListGrants {
    /// Which key: id or key ARN.
    pub key: KeyRef,
    /// Only the grant of this name.
    pub grant: Option<Box<str>>,
    /// Only those to this grantee.
    pub grantee: Option<GrantPrincipal>,
    /// Which page.
    pub page: PageRequest,
}

/// List the grants that a principal may retire as the one named for that; answers a [`Page`](super::Page) of
/// [`GrantEntry`]. Default 50, at most 100.
pub struct ListRetirableGrants {
    /// Who: somebody of the caller's own account, or the calling service.
    pub retiring: GrantPrincipal,
    /// Which page.
    pub page: PageRequest,
}

/// End a grant, as one whom the grant lets do so.
pub struct RetireGrant {
    /// Which grant.
    pub grant: GrantName,
    /// Decide only.
    pub dry_run: bool,
}

/// How the caller names a grant to retire.
pub enum GrantName {
    /// By a token.
    Token(Box<str>),
    /// By its key and its name.
    Id {
        /// Its key: id or key ARN.
        key: KeyRef,
        /// Its name, as written.
        grant: Box<str>,
    },
}

/// End a grant, as one who looks after the key.
pub struct RevokeGrant {
    /// Its key: id or key ARN.
    pub key: KeyRef,
    /// Its name, as written.
    pub grant: Box<str>,
    /// Decide only.
    pub dry_run: bool,
}

/// One grant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GrantEntry {
    /// Its key.
    pub key: KeyArn,
    /// Its name.
    pub id: GrantId,
    /// What its maker calls it.
    pub name: Option<Box<str>>,
    /// When it was made.
    pub created: Timestamp,
    /// Who may use the key.
    pub grantee: GrantPrincipal,
    /// Who, besides others, may end it.
    pub retiring: Option<GrantPrincipal>,
    /// Who made it: the root of an account. Absent if a service did.
    pub issuer: Option<Box<str>>,
    /// In which ways the key may be used.
    pub operations: GrantOperations,
    /// On which terms.
    pub constraints: GrantConstraints,
}

/// Grants of a page unless the caller says otherwise.
const PAGE_DEFAULT: u16 = 50;
/// Grants of a page at most.
const PAGE_MAX: usize = 100;

impl CreateGrant {
    pub(crate) fn plan(
        &self,
        keys: &Keys,
        grants: &Grants,
        entropy: &dyn Entropy,
        found: &Found,
        caller: &Caller,
        now: Timestamp,
    ) -> Result<(Vec<Change>, Granted), Error> {
        let key = found.key();
        let arn = &key.arn;
        let (_, stored) = keys.record(arn)?.ok_or_else(|| Error::KeyNotFound(arn.to_string().into()))?;
        state::check(Self::ACTION, arn, stored.state)?;
        // Services make grants on the keys they manage; nobody else does.
        if !matches!((key.manager, &caller.principal), (KeyManager::Aws, Principal::Service { .. })) {
            customer_only(key)?;
        }
        self.makes_sense(key.spec, GrantOperations::of_key(key.spec, key.usage))?;
        let record = GrantRecord {
            created: now,
            name: self.name.clone(),
            grantee: self.grantee.clone(),
            retiring: self.retiring.clone(),
            issuer: caller.principal.account(),
            operations: self.operations,
            constraints: self.constraints.clone(),
        };
        let before = grants.made_before(arn, &record)?;
        let id = before.unwrap_or_else(|| new_grant_id(entropy));
        let changes = match before {
            Some(_) => Vec::new(),
            None => grants.added(arn, id, &record)?,
        };
        if self.dry_run {
            return Err(Error::DryRun);
        }
        Ok((changes, Granted { id, token: grants.token(entropy, arn, id).into() }))
    }

    fn parameters(&self) -> ApprovalParameters {
        let Self { key: _, grantee, retiring, operations, constraints, name, grant_tokens: _, dry_run: _ } =
            self;
        let operations: Vec<&str> = operations.iter().map(GrantOperation::as_str).collect();
        let mut all = ApprovalParameters::default()
            .with("GranteePrincipal", grantee.as_str())
            .with_some("RetiringPrincipal", retiring.as_ref().map(GrantPrincipal::as_str))
            .with("Operations", operations.join(" "))
            .with_some("Name", name.as_deref())
            .with_some("SourceArn", constraints.source_arn.as_deref());
        if let Some(context) = &constraints.context {
            let kind = match context {
                ContextConstraint::Equals(_) => "EncryptionContextEquals",
                ContextConstraint::Subset(_) => "EncryptionContextSubset",
            };
            all = all.with("Constraint", kind);
            for (key, value) in context.pairs().pairs() {
                all = all.with("Constraint.Key", key).with("Constraint.Value", value);
            }
        }
        all
    }

    /// What a grant on this key cannot say is refused.
    fn makes_sense(&self, spec: KeySpec, possible: GrantOperations) -> Result<(), Error> {
        let refuse = |why: String| Err(Error::Invalid(why.into()));
        let create: GrantOperations = [GrantOperation::CreateGrant].into_iter().collect();
        if self.operations.is_empty() {
            return refuse("Operations must not be empty.".into());
        }
        if self.operations == create {
            return refuse("Grants must not contain only the CreateGrant operation.".into());
        }
        if let Some(operation) = self.operations.without(possible).iter().next() {
            return refuse(format!("The operation {operation} is not supported by a key of spec {spec}."));
        }
        match &self.constraints.context {
            None => Ok(()),
            Some(_) if spec != KeySpec::SymmetricDefault => refuse(
                "Encryption context grant constraints are supported for symmetric encryption keys only."
                    .into(),
            ),
            Some(context) => {
                let pairs = context.pairs().pairs();
                if pairs.len() > ContextConstraint::PAIRS_MAX {
                    return refuse(format!(
                        "A grant constraint has at most {} encryption context pairs.",
                        ContextConstraint::PAIRS_MAX
                    ));
                }
                let is_long = |value: &str| value.chars().count() > ContextConstraint::VALUE_CHARS_MAX;
                match pairs.clone().any(|(_, value)| is_long(value)) {
                    false => Ok(()),
                    true => refuse(format!(
                        "An encryption context value in a grant constraint has at most {} characters.",
                        ContextConstraint::VALUE_CHARS_MAX
                    )),
                }
            }
        }
    }
}

impl ListGrants {
    pub(crate) fn run(
        &self,
        grants: &Grants,
        found: &Found,
        caller: &Caller,
    ) -> Result<Page<GrantEntry>, Error> {
        let key = &found.key().arn;
        if let Some(grantee) = &self.grantee {
            services_only(grantee, caller, Self::ACTION, Resource::Key(key.clone()))?;
        }
        if let Some(id) = &self.grant {
            let found = grants.find(key, read_id(id)?)?;
            let wanted = found.filter(|at| self.grantee.as_ref().is_none_or(|by| at.record.grantee == *by));
            let items = wanted.map(|at| live(grants, at)).transpose()?.flatten().into_iter().collect();
            return Ok(Page { items, next: None });
        }
        let grantee = self.grantee.as_ref().map(|grantee| principal_hash(grantee.as_str()));
        let prefix = match &grantee {
            Some(grantee) => GrantRow::all_to(key, grantee),
            None => GrantRow::all_of(key),
        };
        let after = self.page.marker.as_deref().map(|marker| read_marker(key, marker)).transpose()?;
        let limit = self.page.limit_or(PAGE_DEFAULT).min(PAGE_MAX);
        let rows = grants.vault().scan(&prefix, after.as_ref(), limit + 1).map_err(internal)?;
        let names: Vec<_> = rows.iter().filter_map(|(row, _)| GrantRow::read_grant(row)).collect();
        let Page { items, next } = page(names, limit, |(grantee, id)| marker_of(grantee, *id));
        let mut entries = Vec::with_capacity(items.len());
        for (grantee, id) in items {
            let at = grants.record(key, &grantee, id)?;
            entries.extend(at.map(|at| live(grants, at)).transpose()?.flatten());
        }
        Ok(Page { items: entries, next })
    }
}

impl ListRetirableGrants {
    pub(crate) fn run(
        &self,
        keys: &Keys,
        grants: &Grants,
        call: &Call,
        caller: &Caller,
    ) -> Result<Page<GrantEntry>, Error> {
        services_only(&self.retiring, caller, Self::ACTION, Resource::Account)?;
        // A principal of another account is no more the caller's to ask for than a service.
        if !self.retiring.is_service() && self.retiring.account() != caller.principal.account() {
            return Err(denied(caller, Self::ACTION, Resource::Account));
        }
        let prefix = GrantRow::retirable_by(&self.retiring, &call.location);
        let after = match &self.page.marker {
            None => None,
            Some(marker) => {
                let rest = hex::decode(&**marker).map_err(|_| Error::InvalidMarker)?;
                let row = RecordId::parse(&[&*prefix, &rest].concat()).map_err(|_| Error::InvalidMarker)?;
                GrantRow::read_retirable(&row, &prefix).ok_or(Error::InvalidMarker)?;
                Some(row)
            }
        };
        let limit = self.page.limit_or(PAGE_DEFAULT).min(PAGE_MAX);
        let rows = grants.vault().scan(&prefix, after.as_ref(), limit + 1).map_err(internal)?;
        let rows = rows.into_iter().map(|(row, _)| row).collect();
        let Page { items, next } =
            page(rows, limit, |row: &RecordId| hex::encode(&row.as_bytes()[prefix.len()..]).into());
        let mut entries = Vec::with_capacity(items.len());
        for row in items {
            let Some((key, id)) = GrantRow::read_retirable(&row, &prefix) else { continue };
            // What a destroyed key leaves behind is on its way out.
            if keys.find(&key)?.is_none() {
                continue;
            }
            let at = grants.find(&key, id)?.filter(|at| at.record.retiring.as_ref() == Some(&self.retiring));
            entries.extend(at.map(|at| live(grants, at)).transpose()?.flatten());
        }
        Ok(Page { items: entries, next })
    }
}

impl RetireGrant {
    pub(crate) fn plan(&self, grants: &Grants, found: &Found) -> Result<(Vec<Change>, ()), Error> {
        let key = found.key();
        state::check(Self::ACTION, &key.arn, key.state)?;
        let id = found.grant.ok_or(Error::GrantNotFound)?;
        ended(grants, &key.arn, id, self.dry_run)
    }
}

impl RevokeGrant {
    pub(crate) fn plan(&self, grants: &Grants, found: &Found) -> Result<(Vec<Change>, ()), Error> {
        let key = found.key();
        state::check(Self::ACTION, &key.arn, key.state)?;
        ended(grants, &key.arn, read_id(&self.grant)?, self.dry_run)
    }
}

fn ended(grants: &Grants, key: &KeyArn, id: GrantId, dry_run: bool) -> Result<(Vec<Change>, ()), Error> {
    let grant = grants.find(key, id)?.ok_or(Error::GrantNotFound)?;
    let changes = grants.removed(&grant)?;
    if dry_run { Err(Error::DryRun) } else { Ok((changes, ())) }
}

/// A grant's name as a caller writes it.
pub fn read_id(text: &str) -> Result<GrantId, Error> {
    text.parse().map_err(|_| Error::InvalidGrantId)
}

/// A grant as it is listed, unless its row is there and it does not count.
fn live(grants: &Grants, at: GrantAt) -> Result<Option<GrantEntry>, Error> {
    let GrantAt { key, id, record } = at;
    if !grants.is_live(&key, principal_hash(record.grantee.as_str()), id)? {
        return Ok(None);
    }
    let GrantRecord { created, name, grantee, retiring, issuer, operations, constraints } = record;
    let issuer = issuer.map(|account| crate::identity::root_of(account).to_string().into());
    Ok(Some(GrantEntry { key, id, name, created, grantee, retiring, issuer, operations, constraints }))
}

/// What is about a service may be asked by that service only.
fn services_only(
    asked: &GrantPrincipal,
    caller: &Caller,
    action: Action,
    resource: Resource,
) -> Result<(), Error> {
    match asked.is_service() && asked.names(&caller.principal).is_none() {
        true => Err(denied(caller, action, resource)),
        false => Ok(()),
    }
}

fn denied(caller: &Caller, action: Action, resource: Resource) -> Error {
    let (principal, why) = (caller.arn.clone(), Why::NoIdentityStatement);
    Error::Denied(Box::new(Denial { principal, action, resource, why }))
}

fn marker_of(grantee: &PrincipalHash, id: GrantId) -> Box<str> {
    hex::encode([*grantee, id.0].concat()).into()
}

fn read_marker(key: &KeyArn, marker: &str) -> Result<RecordId, Error> {
    let bytes = hex::decode(marker).map_err(|_| Error::InvalidMarker)?;
    let (grantee, id) = bytes.split_first_chunk::<32>().ok_or(Error::InvalidMarker)?;
    let id = GrantId(id.try_into().map_err(|_| Error::InvalidMarker)?);
    Ok(GrantRow::Grant(key, grantee, id).id())
}

fn new_grant_id(entropy: &dyn Entropy) -> GrantId {
    let mut id = [0; 32];
    entropy.fill(&mut id);
    GrantId(id)
}

impl Operation for CreateGrant {
    const ACTION: Action = Action::CreateGrant;

    fn subject(&self) -> Subject<'_> {
        Subject::KeyByIdOnly(&self.key)
    }

    fn approval(&self, _: &Found) -> Option<ApprovalParameters> {
        (!self.dry_run).then(|| self.parameters())
    }

    fn grant_tokens(&self) -> &[Box<str>] {
        &self.grant_tokens
    }

    fn child(&self) -> Option<(GrantOperations, &GrantConstraints)> {
        Some((self.operations, &self.constraints))
    }

    fn facts(&self, _: Action, name: &ConditionKey, visit: &mut Visit<'_>) {
        let mut principal = |wanted: Option<&GrantPrincipal>, service: bool| {
            if let Some(principal) = wanted.filter(|principal| principal.is_service() == service) {
                visit(Value::Text(principal.as_str()));
            }
        };
        match name {
            ConditionKey::KmsGranteePrincipal => return principal(Some(&self.grantee), false),
            ConditionKey::KmsGranteeServicePrincipal => return principal(Some(&self.grantee), true),
            ConditionKey::KmsRetiringPrincipal => return principal(self.retiring.as_ref(), false),
            ConditionKey::KmsRetiringServicePrincipal => return principal(self.retiring.as_ref(), true),
            _ => {}
        }
        let GrantConstraints { context, source_arn } = &self.constraints;
        if let Some(context) = context {
            context_values(context.pairs(), name, visit);
        }
        match name {
            ConditionKey::KmsGrantOperations => {
                self.operations.iter().for_each(|operation| visit(Value::Text(operation.as_str())));
            }
            ConditionKey::KmsGrantConstraintType => match (context, source_arn) {
                (Some(ContextConstraint::Equals(_)), _) => visit(Value::Text("EncryptionContextEquals")),
                (Some(ContextConstraint::Subset(_)), _) => visit(Value::Text("EncryptionContextSubset")),
                (None, Some(_)) => visit(Value::Text("SourceArn")),
                (None, None) => {}
            },
            ConditionKey::KmsGrantConstraintSourceArn => {
                source_arn.iter().for_each(|arn| visit(Value::Text(arn)));
            }
            _ => {}
        }
    }
}

impl Operation for ListGrants {
    const ACTION: Action = Action::ListGrants;

    fn subject(&self) -> Subject<'_> {
        Subject::KeyByIdOnly(&self.key)
    }
}

impl Operation for ListRetirableGrants {
    const ACTION: Action = Action::ListRetirableGrants;

    fn subject(&self) -> Subject<'_> {
        Subject::Account
    }
}

impl Operation for RetireGrant {
    const ACTION: Action = Action::RetireGrant;

    fn subject(&self) -> Subject<'_> {
        Subject::Grant(&self.grant)
    }
}

impl Operation for RevokeGrant {
    const ACTION: Action = Action::RevokeGrant;

    fn subject(&self) -> Subject<'_> {
        Subject::KeyByIdOnly(&self.key)
    }

    fn approval(&self, _: &Found) -> Option<ApprovalParameters> {
        (!self.dry_run).then(|| ApprovalParameters::default().with("GrantId", &self.grant))
    }
}
