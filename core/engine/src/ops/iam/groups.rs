//! Groups: users with policies in common.

use keystead_model::{Action, GroupName, IamArn, IamKind, IamPath, Timestamp, UserName};

use super::{IamOperation, Target, User};
use crate::ops::{Page, PageRequest};

/// Make a group; answers the [`Group`].
pub struct CreateGroup {
    /// Its name, which no other group of the account has in any case of letters.
    pub name: GroupName,
    /// Its path.
    pub path: IamPath,
}

/// Read a group and who is in it; answers [`GroupAndUsers`]. Default 100 users.
pub struct GetGroup {
    /// Which.
    pub name: GroupName,
    /// Which page of its users.
    pub page: PageRequest,
}

/// Give a group another name or path.
pub struct UpdateGroup {
    /// Which.
    pub name: GroupName,
    /// The new name; as it was if absent.
    pub new_name: Option<GroupName>,
    /// The new path; as it was if absent.
    pub new_path: Option<IamPath>,
}

/// Delete a group, which must have no users and no policies any more.
pub struct DeleteGroup {
    /// Which.
    pub name: GroupName,
}

/// List groups by name; answers a [`Page`] of [`Group`]. Default 100.
pub struct ListGroups {
    /// Only those whose path begins with this; all if absent.
    pub path_prefix: Option<Box<str>>,
    /// Which page.
    pub page: PageRequest,
}

/// Put a user into a group. One who is in it already stays so.
pub struct AddUserToGroup {
    /// Which group.
    pub group: GroupName,
    /// Which user.
    pub user: UserName,
}

/// Take a user out of a group.
pub struct RemoveUserFromGroup {
    /// Which group.
    pub group: GroupName,
    /// Which user.
    pub user: UserName,
}

/// List the groups that a user is in, by name; answers a [`Page`] of [`Group`]. Default 100.
pub struct ListGroupsForUser {
    /// Which user.
    pub user: UserName,
    /// Which page.
    pub page: PageRequest,
}

/// A group.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Group {
    /// Its unique id: `AGPA` and 17 characters.
    pub id: Box<str>,
    /// Its name.
    pub name: Box<str>,
    /// Its path.
    pub path: Box<str>,
    /// Its ARN.
    pub arn: IamArn,
    /// When it was made.
    pub created: Timestamp,
}

/// A group, and a page of the users in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GroupAndUsers {
    /// The group.
    pub group: Group,
    /// Its users, by name.
    pub users: Page<User>,
}

impl IamOperation for CreateGroup {
    const ACTION: Action = Action::CreateGroup;
    type Answer = Group;

    fn target(&self) -> Target<'_> {
        Target::New { kind: IamKind::Group, path: self.path.as_str(), name: self.name.as_str(), tag: None }
    }
}

impl IamOperation for GetGroup {
    const ACTION: Action = Action::GetGroup;
    type Answer = GroupAndUsers;

    fn target(&self) -> Target<'_> {
        Target::Named(IamKind::Group, self.name.as_str())
    }
}

impl IamOperation for UpdateGroup {
    const ACTION: Action = Action::UpdateGroup;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Renamed {
            kind: IamKind::Group,
            name: self.name.as_str(),
            new_name: self.new_name.as_ref().map(GroupName::as_str),
            new_path: self.new_path.as_ref(),
        }
    }
}

impl IamOperation for DeleteGroup {
    const ACTION: Action = Action::DeleteGroup;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Named(IamKind::Group, self.name.as_str())
    }
}

impl IamOperation for ListGroups {
    const ACTION: Action = Action::ListGroups;
    type Answer = Page<Group>;

    fn target(&self) -> Target<'_> {
        Target::Account
    }
}

impl IamOperation for AddUserToGroup {
    const ACTION: Action = Action::AddUserToGroup;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Named(IamKind::Group, self.group.as_str())
    }
}

impl IamOperation for RemoveUserFromGroup {
    const ACTION: Action = Action::RemoveUserFromGroup;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Named(IamKind::Group, self.group.as_str())
    }
}

impl IamOperation for ListGroupsForUser {
    const ACTION: Action = Action::ListGroupsForUser;
    type Answer = Page<Group>;

    fn target(&self) -> Target<'_> {
        Target::Named(IamKind::User, self.user.as_str())
    }
}
