//! Managed policies of users, groups and roles.

use keystead_model::{Action, GroupName, PolicyArn, RoleName, UserName};

use super::{Holder, IamOperation, Target};
use crate::ops::{Page, PageRequest};

/// Attach a managed policy. One that is attached already stays so.
pub struct Attach<H> {
    /// To whom.
    pub holder: H,
    /// Which policy: the account's own, or one that comes with Keystead.
    pub policy: PolicyArn,
}

/// Take a managed policy off.
pub struct Detach<H> {
    /// Of whom.
    pub holder: H,
    /// Which policy.
    pub policy: PolicyArn,
}

/// List managed policies, in the order they were attached; answers a [`Page`] of [`AttachedPolicy`]. Default 100.
pub struct ListAttached<H> {
    /// Of whom.
    pub holder: H,
    /// Only policies whose path begins with this; all if absent.
    pub path_prefix: Option<Box<str>>,
    /// Which page.
    pub page: PageRequest,
}

/// Attach a managed policy to a user.
pub type AttachUserPolicy = Attach<UserName>;
/// Attach a managed policy to a group.
pub type AttachGroupPolicy = Attach<GroupName>;
/// Attach a managed policy to a role.
pub type AttachRolePolicy = Attach<RoleName>;
/// Take a managed policy off a user.
pub type DetachUserPolicy = Detach<UserName>;
/// Take a managed policy off a group.
pub type DetachGroupPolicy = Detach<GroupName>;
/// Take a managed policy off a role.
pub type DetachRolePolicy = Detach<RoleName>;
/// List the managed policies of a user.
pub type ListAttachedUserPolicies = ListAttached<UserName>;
/// List the managed policies of a group.
pub type ListAttachedGroupPolicies = ListAttached<GroupName>;
/// List the managed policies of a role.
pub type ListAttachedRolePolicies = ListAttached<RoleName>;

/// A managed policy that somebody has.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AttachedPolicy {
    /// Its name.
    pub name: Box<str>,
    /// Its ARN.
    pub arn: PolicyArn,
}

impl<H: Holder> IamOperation for Attach<H> {
    const ACTION: Action = H::ATTACH;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Named(H::KIND, self.holder.name())
    }

    fn policy(&self) -> Option<&PolicyArn> {
        Some(&self.policy)
    }
}

impl<H: Holder> IamOperation for Detach<H> {
    const ACTION: Action = H::DETACH;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Named(H::KIND, self.holder.name())
    }

    fn policy(&self) -> Option<&PolicyArn> {
        Some(&self.policy)
    }
}

impl<H: Holder> IamOperation for ListAttached<H> {
    const ACTION: Action = H::LIST_ATTACHED;
    type Answer = Page<AttachedPolicy>;

    fn target(&self) -> Target<'_> {
        Target::Named(H::KIND, self.holder.name())
    }
}
