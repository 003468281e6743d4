//! Access keys of users: two at most, so that one can take the other's place.

use keystead_model::{AccessKeyId, Action, Error, Principal, Timestamp, UserName};

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

/// One of a user's access keys, with the version of its row.
fn own(desk: &Desk<'_>, user: &UserRecord, id: &AccessKeyId) -> Result<(u64, AccessKeyRecord), Error> {
    let found = if user.access_keys.contains(id) { desk.access_key(id)? } else { None };
    found.ok_or_else(|| missing(id))
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

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<CreatedAccessKey>, Error> {
        let mut user = desk.user_or_caller(self.user.as_ref())?;
        within("AccessKeysPerUser", user.record.access_keys.len() + 1, ACCESS_KEYS_MAX)?;
        let entropy = &*desk.world.entropy;
        let (id, secret) = (new_access_key_id(entropy), new_secret(entropy));
        let record = AccessKeyRecord {
            principal: users::principal(desk.account(), &user.record),
            secret: SecretBytes::copy_from(secret.expose()),
            created: desk.now(),
            active: true,
        };
        user.record.access_keys.push(id.clone());
        let changes = vec![Change::make(Row::AccessKey(&id).id(), record.write()), desk.rows.replace(&user)];
        let created = record.created;
        let user = user.record.head.name;
        Ok((changes, CreatedAccessKey { user, key: NewAccessKey { id, secret }, created }))
    }
}

impl IamOperation for UpdateAccessKey {
    const ACTION: Action = Action::UpdateAccessKey;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::UserOrCaller(self.user.as_ref())
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<()>, Error> {
        let user = desk.user_or_caller(self.user.as_ref())?;
        let (version, record) = own(desk, &user.record, &self.key)?;
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
        let Stored { version, record: mut user } = desk.user_or_caller(self.user.as_ref())?;
        let (key_version, _) = own(desk, &user, &self.key)?;
        user.access_keys.retain(|id| *id != self.key);
        let changes = vec![
            Change::delete(Row::AccessKey(&self.key).id(), key_version),
            Change::clear(Row::AccessKeyUse(&self.key).id()),
            desk.rows.replace(&Stored { version, record: user }),
        ];
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
        let user = desk.user_or_caller(self.user.as_ref())?.record;
        let start = match self.page.marker.as_deref() {
            None => 0,
            Some(marker) => {
                let place = user.access_keys.iter().position(|id| id.as_str() == marker);
                1 + place.ok_or(Error::InvalidMarker)?
            }
        };
        let mut found = Vec::new();
        for id in &user.access_keys[start..] {
            // One that is being deleted is passed over.
            if let Some((_, AccessKeyRecord { active, created, .. })) = desk.access_key(id)? {
                found.push(AccessKey { user: user.head.name.clone(), id: id.clone(), active, created });
            }
        }
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
