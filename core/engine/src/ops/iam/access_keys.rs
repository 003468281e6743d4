//! Access keys of users: two at most, so that one can take the other's place.

use keystead_model::{AccessKeyId, Action, Timestamp, UserName};

use super::{IamOperation, Target};
use crate::NewAccessKey;
use crate::ops::{Page, PageRequest};

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

impl IamOperation for CreateAccessKey {
    const ACTION: Action = Action::CreateAccessKey;
    type Answer = CreatedAccessKey;

    fn target(&self) -> Target<'_> {
        Target::UserOrCaller(self.user.as_ref())
    }
}

impl IamOperation for UpdateAccessKey {
    const ACTION: Action = Action::UpdateAccessKey;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::UserOrCaller(self.user.as_ref())
    }
}

impl IamOperation for DeleteAccessKey {
    const ACTION: Action = Action::DeleteAccessKey;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::UserOrCaller(self.user.as_ref())
    }
}

impl IamOperation for ListAccessKeys {
    const ACTION: Action = Action::ListAccessKeys;
    type Answer = Page<AccessKey>;

    fn target(&self) -> Target<'_> {
        Target::UserOrCaller(self.user.as_ref())
    }
}

impl IamOperation for GetAccessKeyLastUsed {
    const ACTION: Action = Action::GetAccessKeyLastUsed;
    type Answer = AccessKeyLastUsed;

    fn target(&self) -> Target<'_> {
        Target::AccessKey(&self.key)
    }
}
