//! Inline policies: documents that one user, group or role has to itself.

use keystead_model::{Action, GroupName, PolicyName, RoleName, UserName};

use super::{Holder, IamOperation, Target};
use crate::ops::{Page, PageRequest};

/// Add an inline policy, or replace the one of the same name.
pub struct PutInline<H> {
    /// Of whom.
    pub holder: H,
    /// The policy's name. Unlike other names, that of an inline policy is told apart by the case of its letters.
    pub policy: PolicyName,
    /// The document: 1 to 131,072 bytes.
    pub document: Box<str>,
}

/// Read an inline policy; answers the [`InlinePolicy`].
pub struct GetInline<H> {
    /// Of whom.
    pub holder: H,
    /// The policy's name.
    pub policy: PolicyName,
}

/// Delete an inline policy.
pub struct DeleteInline<H> {
    /// Of whom.
    pub holder: H,
    /// The policy's name.
    pub policy: PolicyName,
}

/// List the names of inline policies; answers a [`Page`] of names. Default 100.
pub struct ListInline<H> {
    /// Of whom.
    pub holder: H,
    /// Which page.
    pub page: PageRequest,
}

/// Add or replace an inline policy of a user.
pub type PutUserPolicy = PutInline<UserName>;
/// Add or replace an inline policy of a group.
pub type PutGroupPolicy = PutInline<GroupName>;
/// Add or replace an inline policy of a role.
pub type PutRolePolicy = PutInline<RoleName>;
/// Read an inline policy of a user.
pub type GetUserPolicy = GetInline<UserName>;
/// Read an inline policy of a group.
pub type GetGroupPolicy = GetInline<GroupName>;
/// Read an inline policy of a role.
pub type GetRolePolicy = GetInline<RoleName>;
/// Delete an inline policy of a user.
pub type DeleteUserPolicy = DeleteInline<UserName>;
/// Delete an inline policy of a group.
pub type DeleteGroupPolicy = DeleteInline<GroupName>;
/// Delete an inline policy of a role.
pub type DeleteRolePolicy = DeleteInline<RoleName>;
/// List the inline policies of a user.
pub type ListUserPolicies = ListInline<UserName>;
/// List the inline policies of a group.
pub type ListGroupPolicies = ListInline<GroupName>;
/// List the inline policies of a role.
pub type ListRolePolicies = ListInline<RoleName>;

/// An inline policy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InlinePolicy {
    /// Whose it is, by name.
    pub holder: Box<str>,
    /// Its name.
    pub name: Box<str>,
    /// Its document as it was written.
    pub document: Box<str>,
}

impl<H: Holder> IamOperation for PutInline<H> {
    const ACTION: Action = H::PUT;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Named(H::KIND, self.holder.name())
    }
}

impl<H: Holder> IamOperation for GetInline<H> {
    const ACTION: Action = H::GET;
    type Answer = InlinePolicy;

    fn target(&self) -> Target<'_> {
        Target::Named(H::KIND, self.holder.name())
    }
}

impl<H: Holder> IamOperation for DeleteInline<H> {
    const ACTION: Action = H::DELETE;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Named(H::KIND, self.holder.name())
    }
}

impl<H: Holder> IamOperation for ListInline<H> {
    const ACTION: Action = H::LIST;
    type Answer = Page<Box<str>>;

    fn target(&self) -> Target<'_> {
        Target::Named(H::KIND, self.holder.name())
    }
}
