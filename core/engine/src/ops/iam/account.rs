//! The directory as a whole: the account's alias, its numbers, and all of it at once.

use keystead_model::Action;

use super::{
    AttachedPolicy, Group, IamOperation, InlinePolicy, ManagedPolicy, PolicyVersion, Role, Target, User,
};
use crate::ops::{Page, PageRequest};

/// Give the account a name, in place of the one there may be.
pub struct CreateAccountAlias {
    /// The name: 3 to 63 of `a-z 0-9 -`, no hyphen at an end or beside another.
    pub alias: Box<str>,
}

/// Take the account's name away.
pub struct DeleteAccountAlias {
    /// The name it has.
    pub alias: Box<str>,
}

/// List the account's name, if it has one; answers a [`Page`] of one name at most.
pub struct ListAccountAliases {
    /// Which page.
    pub page: PageRequest,
}

/// Count what the account has; answers AWS's names with their numbers, quotas included.
pub struct GetAccountSummary;

/// Read all users, groups, roles and policies at once; answers [`AccountDetails`]. Default 100.
pub struct GetAccountAuthorizationDetails {
    /// Only these kinds; all if there is none.
    pub kinds: Vec<DetailKind>,
    /// Which page.
    pub page: PageRequest,
}

/// What can be read at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DetailKind {
    /// Users.
    User,
    /// Groups.
    Group,
    /// Roles.
    Role,
    /// The account's own managed policies (on the wire, `LocalManagedPolicy`).
    OwnPolicy,
    /// Managed policies that come with Keystead and are attached (on the wire, `AWSManagedPolicy`).
    BuiltInPolicy,
}

/// A page of a directory.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AccountDetails {
    /// Users.
    pub users: Vec<UserDetail>,
    /// Groups.
    pub groups: Vec<GroupDetail>,
    /// Roles.
    pub roles: Vec<RoleDetail>,
    /// Managed policies.
    pub policies: Vec<PolicyDetail>,
    /// Where the next page starts; absent on the last one.
    pub next: Option<Box<str>>,
}

/// A user with all it has.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UserDetail {
    /// The user.
    pub user: User,
    /// Its inline policies.
    pub inline: Vec<InlinePolicy>,
    /// The names of its groups.
    pub groups: Vec<Box<str>>,
    /// Its managed policies.
    pub attached: Vec<AttachedPolicy>,
}

/// A group with all it has.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GroupDetail {
    /// The group.
    pub group: Group,
    /// Its inline policies.
    pub inline: Vec<InlinePolicy>,
    /// Its managed policies.
    pub attached: Vec<AttachedPolicy>,
}

/// A role with all it has.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RoleDetail {
    /// The role.
    pub role: Role,
    /// Its inline policies.
    pub inline: Vec<InlinePolicy>,
    /// Its managed policies.
    pub attached: Vec<AttachedPolicy>,
}

/// A managed policy with all its versions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PolicyDetail {
    /// The policy.
    pub policy: ManagedPolicy,
    /// Its versions, newest first.
    pub versions: Vec<PolicyVersion>,
}

impl IamOperation for CreateAccountAlias {
    const ACTION: Action = Action::CreateAccountAlias;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Account
    }
}

impl IamOperation for DeleteAccountAlias {
    const ACTION: Action = Action::DeleteAccountAlias;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Account
    }
}

impl IamOperation for ListAccountAliases {
    const ACTION: Action = Action::ListAccountAliases;
    type Answer = Page<Box<str>>;

    fn target(&self) -> Target<'_> {
        Target::Account
    }
}

impl IamOperation for GetAccountSummary {
    const ACTION: Action = Action::GetAccountSummary;
    type Answer = Vec<(&'static str, u32)>;

    fn target(&self) -> Target<'_> {
        Target::Account
    }
}

impl IamOperation for GetAccountAuthorizationDetails {
    const ACTION: Action = Action::GetAccountAuthorizationDetails;
    type Answer = AccountDetails;

    fn target(&self) -> Target<'_> {
        Target::Account
    }
}
