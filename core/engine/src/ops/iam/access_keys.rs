//! Access keys of users: two at most, so that one can take the other's place.

use keystead_crypto::ApprovalParameters;
use keystead_model::{AccessKeyId, AccountId, Action, Error, Principal, Timestamp, UserName};

use super::{IamOperation, PAGE_DEFAULT, Target, users};
use crate::directory::quotas::{ACCESS_KEYS_MAX, within};
use crate::directory::rows::Stored;
use crate::directory::{Desk, Planned};
use crate::identity::{new_access_key_id, new_secret};
use crate::ops::{Page, PageRequest, page};
use crate::records::{AccessKeyRecord, LastUseRecord, Row, UserRecord};
use crate::vault::Change;
use crate::{NewAccessKey, SecretBytes};

/// Make an access key; answers [`CreatedAccessKey`], the only answer that ever has its secret.
pub struct CreateAccessKey {
    /// Whose; that of whoever asks if absent.
    pub user: Option<UserName>,
}

/// Switch an access key on or off.
pub struct UpdateAccessKey {
    /// Whose; that of whoever asks if absent.
    pub user: Option<UserName>,
    /// Which.
    pub key: AccessKeyId,
    /// Whether it is taken from now on.
    pub active: bool,
}

/// Delete an access key.
pub struct DeleteAccessKey {
    /// Whose; that of whoever asks if absent.
    pub user: Option<UserName>,
    /// Which.
    pub key: AccessKeyId,
}

/// List access keys, oldest first; answers a [`Page`] of [`AccessKey`]. Default 100.
pub struct ListAccessKeys {
    /// Whose; those of whoever asks if absent.
    pub user: Option<UserName>,
    /// Which page.
    pub page: PageRequest,
}

/// Read when an access key was last used; answers [`AccessKeyLastUsed`].
pub struct GetAccessKeyLastUsed {
    /// Which.
    pub key: AccessKeyId,
}

/// An access key that was just made.
pub struct CreatedAccessKey {
    /// Whose it is.
    pub user: Box<str>,
    /// Its id and its secret.
    pub key: NewAccessKey,
    /// When it was made.
    pub created: Timestamp,
}

/// An access key, without its secret.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AccessKey {
    /// Whose it is.
    pub user: Box<str>,
    /// Its id.
    pub id: AccessKeyId,
    /// Whether it is taken.
    pub active: bool,
    /// When it was made.
    pub created: Timestamp,
}

/// When an access key was last used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AccessKeyLastUsed {
    /// Whose it is.
    pub user: Box<str>,
    /// The last use, if there was one.
    pub last: Option<AccessKeyUse>,
}

/// The last use of an access key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AccessKeyUse {
    /// When, to the minute or so.
    pub at: Timestamp,
    /// With which service, such as `kms`.
    pub service: Box<str>,
    /// In which location.
    pub location: Box<str>,
}

/// Whose access keys are meant.
enum Owner {
    /// A user's, who lists them.
    User(Box<Stored<UserRecord>>),
    /// The account's root, which is no user: whose they are stands in the keys' own rows.
    Root,
}

impl Owner {
    /// The user of this name; without one, whoever asks.
    fn of(desk: &Desk<'_>, name: Option<&UserName>) -> Result<Self, Error> {
        match (name, &desk.caller.principal) {
            (None, Principal::Root { .. }) => Ok(Self::Root),
            _ => desk.user_or_caller(name).map(|user| Self::User(Box::new(user))),
        }
    }

    /// Its name; the root has none.
    fn name(&self) -> Box<str> {
        match self {
            Self::User(user) => user.record.head.name.clone(),
            Self::Root => Box::default(),
        }
    }

    fn principal(&self, account: AccountId) -> Principal {
        match self {
            Self::User(user) => users::principal(account, &user.record),
            Self::Root => Principal::Root { account },
        }
    }

    /// All of its access keys, oldest first.
    fn keys(&self, desk: &Desk<'_>) -> Result<Vec<(AccessKeyId, AccessKeyRecord)>, Error> {
        let Self::User(user) = self else { return desk.root_keys() };
        let mut found = Vec::new();
        for id in &user.record.access_keys {
            // One that is being deleted is passed over.
            found.extend(desk.access_key(id)?.map(|(_, record)| (id.clone(), record)));
        }
        Ok(found)
    }

    /// One of its access keys, with the version of its row.
    fn key(&self, desk: &Desk<'_>, id: &AccessKeyId) -> Result<(u64, AccessKeyRecord), Error> {
        let principal = self.principal(desk.account());
        let found = desk.access_key(id)?.filter(|(_, record)| record.principal == principal);
        found.ok_or_else(|| missing(id))
    }

    /// The change that lists other keys as a user's; none for the root.
    fn list(self, desk: &Desk<'_>, edit: impl FnOnce(&mut Vec<AccessKeyId>)) -> Option<Change> {
        let Self::User(mut user) = self else { return None };
        edit(&mut user.record.access_keys);
        Some(desk.rows.replace(&user))
    }
}

fn missing(id: &AccessKeyId) -> Error {
    Error::NoSuchEntity(format!("The Access Key with id {id} cannot be found.").into())
}

impl From<LastUseRecord> for AccessKeyUse {
    fn from(last: LastUseRecord) -> Self {
        Self { at: last.at, service: last.service, location: last.location.as_str().into() }
    }
}

impl IamOperation for CreateAccessKey {
    const ACTION: Action = Action::CreateAccessKey;
    type Answer = CreatedAccessKey;

    fn target(&self) -> Target<'_> {
        Target::UserOrCaller(self.user.as_ref())
    }

    fn approval(&self) -> Option<ApprovalParameters> {
        Some(ApprovalParameters::default().with_some("UserName", self.user.as_ref()))
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<CreatedAccessKey>, Error> {
        let owner = Owner::of(desk, self.user.as_ref())?;
        within("AccessKeysPerUser", owner.keys(desk)?.len() + 1, ACCESS_KEYS_MAX)?;
        let entropy = &*desk.world.entropy;
        let (id, secret) = (new_access_key_id(entropy), new_secret(entropy));
        let record = AccessKeyRecord {
            principal: owner.principal(desk.account()),
            secret: SecretBytes::copy_from(secret.expose()),
            created: desk.now(),
            active: true,
        };
        let user = owner.name();
        let mut changes = vec![Change::make(Row::AccessKey(&id).id(), record.write())];
        changes.extend(owner.list(desk, |keys| keys.push(id.clone())));
        let created = record.created;
        Ok((changes, CreatedAccessKey { user, key: NewAccessKey { id, secret }, created }))
    }
}

impl IamOperation for UpdateAccessKey {
    const ACTION: Action = Action::UpdateAccessKey;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::UserOrCaller(self.user.as_ref())
    }

    fn approval(&self) -> Option<ApprovalParameters> {
        Some(
            ApprovalParameters::default()
                .with_some("UserName", self.user.as_ref())
                .with("AccessKeyId", &self.key)
                .with("Active", self.active),
        )
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<()>, Error> {
        let (version, record) = Owner::of(desk, self.user.as_ref())?.key(desk, &self.key)?;
        if record.active == self.active {
            return Ok((Vec::new(), ()));
        }
        let record = AccessKeyRecord { active: self.active, ..record };
        Ok((vec![Change::replace(Row::AccessKey(&self.key).id(), version, record.write())], ()))
    }
}

impl IamOperation for DeleteAccessKey {
    const ACTION: Action = Action::DeleteAccessKey;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::UserOrCaller(self.user.as_ref())
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<()>, Error> {
        let owner = Owner::of(desk, self.user.as_ref())?;
        let (version, _) = owner.key(desk, &self.key)?;
        let mut changes = vec![
            Change::delete(Row::AccessKey(&self.key).id(), version),
            Change::clear(Row::AccessKeyUse(&self.key).id()),
        ];
        changes.extend(owner.list(desk, |keys| keys.retain(|id| *id != self.key)));
        desk.last_uses().forget_access_key(&self.key);
        Ok((changes, ()))
    }
}

impl IamOperation for ListAccessKeys {
    const ACTION: Action = Action::ListAccessKeys;
    type Answer = Page<AccessKey>;

    fn target(&self) -> Target<'_> {
        Target::UserOrCaller(self.user.as_ref())
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<Page<AccessKey>>, Error> {
        let owner = Owner::of(desk, self.user.as_ref())?;
        let keys = owner.keys(desk)?;
        let start = match self.page.marker.as_deref() {
            None => 0,
            Some(marker) => {
                let place = keys.iter().position(|(id, _)| id.as_str() == marker);
                1 + place.ok_or(Error::InvalidMarker)?
            }
        };
        let told = |(id, AccessKeyRecord { active, created, .. })| AccessKey {
            user: owner.name(),
            id,
            active,
            created,
        };
        let found = keys.into_iter().skip(start).map(told).collect();
        let keys = page(found, self.page.limit_or(PAGE_DEFAULT), |key: &AccessKey| key.id.as_str().into());
        Ok((Vec::new(), keys))
    }
}

impl IamOperation for GetAccessKeyLastUsed {
    const ACTION: Action = Action::GetAccessKeyLastUsed;
    type Answer = AccessKeyLastUsed;

    fn target(&self) -> Target<'_> {
        Target::AccessKey(&self.key)
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<AccessKeyLastUsed>, Error> {
        let (_, record) = desk.access_key(&self.key)?.ok_or_else(|| missing(&self.key))?;
        let user = match &record.principal {
            Principal::User { name, .. } => name.rsplit('/').next().unwrap_or(name).into(),
            // The root has no name.
            _ => Box::default(),
        };
        let last = desk.last_uses().of_access_key(desk.rows.vault(), &self.key)?;
        Ok((Vec::new(), AccessKeyLastUsed { user, last: last.map(AccessKeyUse::from) }))
    }
}
