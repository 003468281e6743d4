//! Groups: users with policies in common.

use keystead_crypto::ApprovalParameters;
use keystead_model::{AccountId, Action, Error, GroupName, IamArn, IamKind, IamPath, Timestamp, UserName};

use super::attachments::no_policies;
use super::listing::{answered, page_of_names};
use super::users::told as told_user;
use super::{IamOperation, Target, User, listed};
use crate::SecretBytes;
use crate::directory::quotas::{GROUPS_OF_USER_MAX, MOVED_BYTES_MAX, MOVED_MEMBERS_MAX, within};
use crate::directory::rows::{Stored, is_same_name};
use crate::directory::{Desk, Planned};
use crate::ops::{Page, PageRequest};
use crate::records::{DirectoryRecord, GroupRecord, Head, Held, UserRecord};
use crate::vault::Change;

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

impl GetGroup {
    fn run(&self, desk: &Desk<'_>) -> Result<GroupAndUsers, Error> {
        let Stored { record, .. } = desk.rows.named::<GroupRecord>(self.name.as_str())?;
        let Page { items, next } = page_of_names(IamKind::User, record.members.iter().cloned(), &self.page)?;
        let mut users = Vec::with_capacity(items.len());
        for name in &items {
            // One that was taken out meanwhile is passed over.
            let user = desk.rows.find::<UserRecord>(name)?;
            users.extend(user.map(|user| told_user(desk.account(), user.record)));
        }
        let group = Group::of(desk.account(), &record);
        Ok(GroupAndUsers { group, users: Page { items: users, next } })
    }
}

/// The rows of a group's users, who know it by another name from now on.
fn renamed_in_members(desk: &Desk<'_>, group: &GroupRecord, before: &str) -> Result<Vec<Change>, Error> {
    within("members of a group that is renamed", group.members.len(), MOVED_MEMBERS_MAX)?;
    let mut changes = Vec::with_capacity(group.members.len() + 2);
    let mut bytes = 0;
    for member in &group.members {
        let mut user = desk.rows.named::<UserRecord>(member)?;
        for name in user.record.groups.iter_mut().filter(|name| is_same_name(name, before)) {
            *name = group.head.name.clone();
        }
        let change = desk.rows.replace(&user);
        bytes += change.put.as_ref().map_or(0, SecretBytes::len);
        within("bytes of the members of a group that is renamed", bytes, MOVED_BYTES_MAX)?;
        changes.push(change);
    }
    Ok(changes)
}

impl ListGroups {
    fn run(&self, desk: &Desk<'_>) -> Result<Page<Group>, Error> {
        let told = |account, group: GroupRecord| Group::of(account, &group);
        listed(desk, &self.page, self.path_prefix.as_deref(), told)
    }
}

impl ListGroupsForUser {
    fn run(&self, desk: &Desk<'_>) -> Result<Page<Group>, Error> {
        let Stored { record, .. } = desk.rows.named::<UserRecord>(self.user.as_str())?;
        let mut names = record.groups;
        names.sort_by_key(|name| name.to_ascii_lowercase());
        let Page { items, next } = page_of_names(IamKind::Group, names, &self.page)?;
        let mut groups = Vec::with_capacity(items.len());
        for name in &items {
            // One that was deleted meanwhile is passed over.
            let group = desk.rows.find::<GroupRecord>(name)?;
            groups.extend(group.map(|group| Group::of(desk.account(), &group.record)));
        }
        Ok(Page { items: groups, next })
    }
}

impl Group {
    /// What is told of a record.
    pub(crate) fn of(account: AccountId, record: &GroupRecord) -> Self {
        let Head { id, path, name, created } = &record.head;
        Self {
            id: id.clone(),
            name: name.clone(),
            path: path.as_str().into(),
            arn: record.arn(account),
            created: *created,
        }
    }
}

/// Where a user is, or would be, among a group's.
fn place_of(members: &[Box<str>], name: &str) -> Result<usize, usize> {
    let lower = name.to_ascii_lowercase();
    members.binary_search_by(|member| member.to_ascii_lowercase().as_str().cmp(&lower))
}

impl IamOperation for CreateGroup {
    const ACTION: Action = Action::CreateGroup;
    type Answer = Group;

    fn target(&self) -> Target<'_> {
        Target::New { kind: IamKind::Group, path: self.path.as_str(), name: self.name.as_str(), tag: None }
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<Group>, Error> {
        let rows = desk.rows;
        rows.is_free::<GroupRecord>(self.name.as_str())?;
        desk.directory.room().take::<GroupRecord>(rows, "GroupsPerAccount")?;
        let head = Head {
            id: desk.new_id(IamKind::Group),
            path: self.path.clone(),
            name: self.name.as_str().into(),
            created: desk.now(),
        };
        let record = GroupRecord { head, held: Held::default(), members: Vec::new() };
        Ok((vec![rows.make(&record)], Group::of(desk.account(), &record)))
    }
}

impl IamOperation for GetGroup {
    const ACTION: Action = Action::GetGroup;
    type Answer = GroupAndUsers;

    fn target(&self) -> Target<'_> {
        Target::Named(IamKind::Group, self.name.as_str())
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<GroupAndUsers>, Error> {
        self.run(desk).map(answered)
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

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<()>, Error> {
        let rows = desk.rows;
        let mut stored = rows.named::<GroupRecord>(self.name.as_str())?;
        let before = stored.record.head.name.clone();
        if let Some(path) = &self.new_path {
            stored.record.head.path = path.clone();
        }
        let mut changes = Vec::new();
        if let Some(name) = self.new_name.as_ref().map(GroupName::as_str).filter(|name| **name != *before) {
            if !is_same_name(name, &before) {
                rows.is_free::<GroupRecord>(name)?;
            }
            stored.record.head.name = name.into();
            changes = renamed_in_members(desk, &stored.record, &before)?;
        }
        changes.extend(rows.moved(&before, &stored));
        Ok((changes, ()))
    }
}

impl IamOperation for DeleteGroup {
    const ACTION: Action = Action::DeleteGroup;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Named(IamKind::Group, self.name.as_str())
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<()>, Error> {
        let stored = desk.rows.named::<GroupRecord>(self.name.as_str())?;
        if !stored.record.members.is_empty() {
            return Err(Error::DeleteConflict(
                "Cannot delete entity, must remove users from group first.".into(),
            ));
        }
        no_policies(&stored.record.held)?;
        Ok((vec![desk.rows.delete(&stored)], ()))
    }
}

impl IamOperation for ListGroups {
    const ACTION: Action = Action::ListGroups;
    type Answer = Page<Group>;

    fn target(&self) -> Target<'_> {
        Target::Account
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<Page<Group>>, Error> {
        self.run(desk).map(answered)
    }
}

impl IamOperation for AddUserToGroup {
    const ACTION: Action = Action::AddUserToGroup;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Named(IamKind::Group, self.group.as_str())
    }

    fn approval(&self) -> Option<ApprovalParameters> {
        Some(ApprovalParameters::default().with("GroupName", &self.group).with("UserName", &self.user))
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<()>, Error> {
        let rows = desk.rows;
        let mut group = rows.named::<GroupRecord>(self.group.as_str())?;
        let mut user = rows.named::<UserRecord>(self.user.as_str())?;
        let Err(place) = place_of(&group.record.members, &user.record.head.name) else {
            return Ok((Vec::new(), ()));
        };
        within("GroupsPerUser", user.record.groups.len() + 1, GROUPS_OF_USER_MAX)?;
        group.record.members.insert(place, user.record.head.name.clone());
        user.record.groups.push(group.record.head.name.clone());
        Ok((vec![rows.replace(&group), rows.replace(&user)], ()))
    }
}

impl IamOperation for RemoveUserFromGroup {
    const ACTION: Action = Action::RemoveUserFromGroup;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Named(IamKind::Group, self.group.as_str())
    }

    fn approval(&self) -> Option<ApprovalParameters> {
        Some(ApprovalParameters::default().with("GroupName", &self.group).with("UserName", &self.user))
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<()>, Error> {
        let rows = desk.rows;
        let mut group = rows.named::<GroupRecord>(self.group.as_str())?;
        let mut user = rows.named::<UserRecord>(self.user.as_str())?;
        let Ok(place) = place_of(&group.record.members, &user.record.head.name) else {
            let why = format!("the user {} is not in the group {}", self.user, self.group);
            return Err(Error::NoSuchEntity(why.into()));
        };
        group.record.members.remove(place);
        user.record.groups.retain(|name| !is_same_name(name, &group.record.head.name));
        Ok((vec![rows.replace(&group), rows.replace(&user)], ()))
    }
}

impl IamOperation for ListGroupsForUser {
    const ACTION: Action = Action::ListGroupsForUser;
    type Answer = Page<Group>;

    fn target(&self) -> Target<'_> {
        Target::Named(IamKind::User, self.user.as_str())
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<Page<Group>>, Error> {
        self.run(desk).map(answered)
    }
}
