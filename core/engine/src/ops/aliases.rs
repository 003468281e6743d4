//! Second names of keys.

use keystead_crypto::ApprovalParameters;
use keystead_model::{
    AccountId, Action, AliasArn, AliasName, Error, KeyId, KeyRef, KeySpec, Location, Timestamp,
};

use super::{Operation, Page, PageRequest, edit, page};
use crate::authority::{Found, Subject};
use crate::keys::{Key, Keys, internal, unreadable};
use crate::records::{AliasRecord, Row};
use crate::vault::Change;

/// Give a key a second name.
pub struct CreateAlias {
    /// The name as written; the engine answers for its form, because the error depends on it.
    pub name: Box<str>,
    /// The key: id or key ARN.
    pub target: KeyRef,
}

/// Point a second name to another key: both symmetric, both asymmetric or both HMAC keys, and of the same usage.
pub struct UpdateAlias {
    /// The name as written.
    pub name: Box<str>,
    /// The key: id or key ARN.
    pub target: KeyRef,
}

/// Take a second name away.
pub struct DeleteAlias {
    /// The name as written.
    pub name: Box<str>,
}

/// List the aliases of the caller's account and location, or of one key; answers a
/// [`Page`](super::Page) of [`Alias`]. Default 50.
pub struct ListAliases {
    /// Only those of this key.
    pub key: Option<KeyRef>,
    /// Which page.
    pub page: PageRequest,
}

/// One second name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Alias {
    /// Its full name.
    pub arn: AliasArn,
    /// The key it points to.
    pub target: KeyId,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last pointed somewhere.
    pub updated: Timestamp,
}

/// Second names one key may have.
pub const PER_KEY_MAX: usize = 50;
/// Aliases of a page unless the caller says otherwise.
const PAGE_DEFAULT: u16 = 50;

impl CreateAlias {
    pub(crate) fn plan(
        &self,
        keys: &Keys,
        found: &Found,
        now: Timestamp,
    ) -> Result<(Vec<Change>, ()), Error> {
        let (alias, arn) = (found.alias(), &found.key().arn);
        same_account(alias, arn.account)?;
        if keys.alias_record(alias)?.is_some() {
            return Err(Error::AliasExists(alias.clone()));
        }
        let (mut changes, ()) =
            edit::key(keys, arn, Self::ACTION, |record| add(&mut record.aliases, &alias.name))?;
        let record = AliasRecord { target: arn.key, created: now, updated: now };
        changes.push(Change::make(row(alias), record.write()));
        Ok((changes, ()))
    }
}

impl UpdateAlias {
    pub(crate) fn plan(
        &self,
        keys: &Keys,
        found: &Found,
        now: Timestamp,
    ) -> Result<(Vec<Change>, ()), Error> {
        let (alias, arn) = (found.alias(), &found.key().arn);
        same_account(alias, arn.account)?;
        let (version, record) =
            keys.alias_record(alias)?.ok_or_else(|| Error::AliasNotFound(alias.clone()))?;
        let source = found.source();
        if record.target != source.arn.key {
            return Err(Error::Conflict("the alias was pointed elsewhere meanwhile; try again".into()));
        }
        let kind = |key: &Key| (Kind::of(key.spec), key.usage);
        if kind(source) != kind(found.key()) {
            let why = format!(
                "Alias {} cannot be changed from a {} {} key to a {} {} key.",
                alias.name,
                source.spec,
                source.usage,
                found.key().spec,
                found.key().usage
            );
            return Err(Error::Invalid(why.into()));
        }
        let renewed = AliasRecord { target: arn.key, updated: now, ..record };
        let mut changes = vec![Change::replace(row(alias), version, renewed.write())];
        if record.target == arn.key {
            edit::key(keys, arn, Self::ACTION, |_| Ok(()))?;
            return Ok((changes, ()));
        }
        changes.extend(edit::key(keys, arn, Self::ACTION, |record| add(&mut record.aliases, &alias.name))?.0);
        changes.extend(without(keys, found, &alias.name)?);
        Ok((changes, ()))
    }
}

impl DeleteAlias {
    pub(crate) fn plan(&self, keys: &Keys, found: &Found) -> Result<(Vec<Change>, ()), Error> {
        let alias = found.alias();
        let (version, _) = keys.alias_record(alias)?.ok_or_else(|| Error::AliasNotFound(alias.clone()))?;
        let mut changes = vec![Change::delete(row(alias), version)];
        changes.extend(without(keys, found, &alias.name)?);
        Ok((changes, ()))
    }
}

impl ListAliases {
    pub(crate) fn run(
        &self,
        keys: &Keys,
        found: &Found,
        account: AccountId,
        location: &Location,
    ) -> Result<Page<Alias>, Error> {
        let after = self
            .page
            .marker
            .as_deref()
            .map(|marker| AliasName::parse(marker).map_err(|_| Error::InvalidMarker));
        let after = after.transpose()?;
        let limit = self.page.limit_or(PAGE_DEFAULT);
        let all = match &found.key {
            Some(key) => of_key(keys, account, location, &key.aliases, after.as_ref(), limit + 1)?,
            None => of_account(keys, account, location, after.as_ref(), limit + 1)?,
        };
        Ok(page(all, limit, |alias: &Alias| alias.arn.name.as_str().into()))
    }
}

fn of_key(
    keys: &Keys,
    account: AccountId,
    location: &Location,
    names: &[AliasName],
    after: Option<&AliasName>,
    limit: usize,
) -> Result<Vec<Alias>, Error> {
    let mut found = Vec::new();
    for name in names.iter().filter(|name| after.is_none_or(|after| *name > after)).take(limit) {
        let arn = AliasArn { location: location.clone(), account, name: name.clone() };
        // One that was deleted meanwhile is passed over.
        found.extend(keys.alias_record(&arn)?.map(|(_, record)| told(arn, &record)));
    }
    Ok(found)
}

fn of_account(
    keys: &Keys,
    account: AccountId,
    location: &Location,
    after: Option<&AliasName>,
    limit: usize,
) -> Result<Vec<Alias>, Error> {
    let after = after.map(|name| Row::Alias(account, location, name).id());
    let rows =
        keys.vault().scan(&Row::aliases_of(account, location), after.as_ref(), limit).map_err(internal)?;
    let read = |(id, plain): (keystead_store::RecordId, crate::vault::Plain)| {
        let arn = Row::read_alias(&id).ok_or(Error::Internal)?;
        Ok(told(arn, &AliasRecord::read(plain.bytes.expose()).map_err(unreadable)?))
    };
    rows.into_iter().map(read).collect()
}

/// What an alias stays an alias of: code that uses it relies on that.
#[derive(PartialEq, Eq)]
enum Kind {
    Symmetric,
    Asymmetric,
    Hmac,
}

impl Kind {
    fn of(spec: KeySpec) -> Self {
        match spec {
            KeySpec::SymmetricDefault => Self::Symmetric,
            spec if spec.is_asymmetric() => Self::Asymmetric,
            _ => Self::Hmac,
        }
    }
}

fn told(arn: AliasArn, record: &AliasRecord) -> Alias {
    Alias { arn, target: record.target, created: record.created, updated: record.updated }
}

fn row(alias: &AliasArn) -> keystead_store::RecordId {
    Row::Alias(alias.account, &alias.location, &alias.name).id()
}

fn same_account(alias: &AliasArn, account: AccountId) -> Result<(), Error> {
    match alias.account == account {
        true => Ok(()),
        false => Err(Error::Invalid("an alias and its key belong to the same account".into())),
    }
}

fn add(names: &mut Vec<AliasName>, name: &AliasName) -> Result<(), Error> {
    if names.len() >= PER_KEY_MAX {
        return Err(Error::LimitExceeded(format!("a key has at most {PER_KEY_MAX} aliases").into()));
    }
    if let Err(place) = names.binary_search(name) {
        names.insert(place, name.clone());
    }
    Ok(())
}

/// The rows of the key that loses a name.
fn without(keys: &Keys, found: &Found, name: &AliasName) -> Result<Vec<Change>, Error> {
    let lose = |record: &mut crate::records::KeyRecord| {
        record.aliases.retain(|own| own != name);
        Ok(())
    };
    Ok(edit::key(keys, &found.source().arn, Action::DeleteAlias, lose)?.0)
}

impl Operation for CreateAlias {
    const ACTION: Action = Action::CreateAlias;

    fn subject(&self) -> Subject<'_> {
        Subject::AliasAndKey { name: &self.name, target: &self.target }
    }
}

impl Operation for UpdateAlias {
    const ACTION: Action = Action::UpdateAlias;

    fn subject(&self) -> Subject<'_> {
        Subject::AliasAndKeys { name: &self.name, target: &self.target }
    }

    fn approval(&self, found: &Found) -> Option<ApprovalParameters> {
        Some(
            ApprovalParameters::default()
                .with("PointsTo", &found.source().arn)
                .with("TargetKeyId", &found.key().arn),
        )
    }
}

impl Operation for DeleteAlias {
    const ACTION: Action = Action::DeleteAlias;

    fn subject(&self) -> Subject<'_> {
        Subject::Alias { name: &self.name }
    }

    fn approval(&self, found: &Found) -> Option<ApprovalParameters> {
        Some(ApprovalParameters::default().with("PointsTo", &found.source().arn))
    }
}

impl Operation for ListAliases {
    const ACTION: Action = Action::ListAliases;

    fn subject(&self) -> Subject<'_> {
        Subject::AccountKey(self.key.as_ref())
    }
}
