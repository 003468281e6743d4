//! Users: lasting identities.

use keystead_model::{AccountId, Action, IamKind, IamPath, PolicyArn, Tags, Timestamp, UserName};

use super::{IamOperation, Target, labelling};
use crate::ops::{Page, PageRequest};
use crate::records::{DirectoryRecord, Head, UserRecord};

/// Make a user; answers the [`User`].
pub struct CreateUser {
    /// Its name, which no other user of the account has in any case of letters.
    pub name: UserName,
    /// Its path.
    pub path: IamPath,
    /// Its permissions boundary.
    pub boundary: Option<PolicyArn>,
    /// Its tags.
    pub tags: Tags,
}

/// Read a user; answers the [`User`]. For an account's root, one without a name.
pub struct GetUser {
    /// Which; whoever asks if absent.
    pub name: Option<UserName>,
}

/// Give a user another name or path. Its access keys go on to prove it.
pub struct UpdateUser {
    /// Which.
    pub name: UserName,
    /// The new name; as it was if absent.
    pub new_name: Option<UserName>,
    /// The new path; as it was if absent.
    pub new_path: Option<IamPath>,
}

/// Delete a user, who must have no access keys, policies, groups or MFA devices any more. Its permissions boundary goes
/// with it.
pub struct DeleteUser {
    /// Which.
    pub name: UserName,
}

/// List users by name; answers a [`Page`] of [`User`]. Default 100.
pub struct ListUsers {
    /// Only those whose path begins with this; all if absent.
    pub path_prefix: Option<Box<str>>,
    /// Which page.
    pub page: PageRequest,
}

/// A user.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct User {
    /// Its unique id: `AIDA` and 17 characters; for an account's root, the account.
    pub id: Box<str>,
    /// Its name; empty for an account's root, which has none.
    pub name: Box<str>,
    /// Its path; empty for an account's root.
    pub path: Box<str>,
    /// Its ARN.
    pub arn: Box<str>,
    /// When it was made.
    pub created: Timestamp,
    /// Its permissions boundary.
    pub boundary: Option<PolicyArn>,
    /// Its tags. AWS leaves them and the boundary out of listings.
    pub tags: Tags,
}

impl User {
    /// What is told of a record.
    pub(crate) fn of(account: AccountId, record: &UserRecord) -> Self {
        let Head { id, path, name, created } = &record.head;
        Self {
            id: id.clone(),
            name: name.clone(),
            path: path.as_str().into(),
            arn: record.arn(account).to_string().into(),
            created: *created,
            boundary: record.boundary.clone(),
            tags: record.tags.clone(),
        }
    }
}

impl IamOperation for CreateUser {
    const ACTION: Action = Action::CreateUser;
    type Answer = User;

    fn target(&self) -> Target<'_> {
        let tag = labelling(&self.tags, Action::TagUser);
        Target::New { kind: IamKind::User, path: self.path.as_str(), name: self.name.as_str(), tag }
    }

    fn request_tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn boundary(&self) -> Option<&PolicyArn> {
        self.boundary.as_ref()
    }
}

impl IamOperation for GetUser {
    const ACTION: Action = Action::GetUser;
    type Answer = User;

    fn target(&self) -> Target<'_> {
        Target::UserOrCaller(self.name.as_ref())
    }
}

impl IamOperation for UpdateUser {
    const ACTION: Action = Action::UpdateUser;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Renamed {
            kind: IamKind::User,
            name: self.name.as_str(),
            new_name: self.new_name.as_ref().map(UserName::as_str),
            new_path: self.new_path.as_ref(),
        }
    }
}

impl IamOperation for DeleteUser {
    const ACTION: Action = Action::DeleteUser;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Named(IamKind::User, self.name.as_str())
    }
}

impl IamOperation for ListUsers {
    const ACTION: Action = Action::ListUsers;
    type Answer = Page<User>;

    fn target(&self) -> Target<'_> {
        Target::Account
    }
}
