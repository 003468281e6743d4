//! Managed policies of users, groups and roles.

use keystead_crypto::sha256;
use keystead_model::{Action, Error, GroupName, PolicyArn, RoleName, UserName};

use super::desk::{Desk, is_under, page_of};
use super::{Holder, IamOperation, Target};
use crate::directory::quotas::{ATTACHED_MAX, within};
use crate::ops::{Page, PageRequest};
use crate::records::{GroupRecord, Held, HolderRecord, PolicyRecord, RoleRecord, UserRecord};
use crate::vault::Change;

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

/// Users, groups and roles have records of their own.
pub trait Kept: Holder {
    /// The record.
    type Record: HolderRecord;
    /// What AWS's quota of attached policies is called.
    const ATTACHED_QUOTA: &'static str;
    /// What AWS's quota of inline policies is called.
    const INLINE_QUOTA: &'static str;
}

impl Kept for UserName {
    type Record = UserRecord;
    const ATTACHED_QUOTA: &'static str = "PoliciesPerUser";
    const INLINE_QUOTA: &'static str = "UserPolicySize";
}

impl Kept for GroupName {
    type Record = GroupRecord;
    const ATTACHED_QUOTA: &'static str = "PoliciesPerGroup";
    const INLINE_QUOTA: &'static str = "GroupPolicySize";
}

impl Kept for RoleName {
    type Record = RoleRecord;
    const ATTACHED_QUOTA: &'static str = "PoliciesPerRole";
    const INLINE_QUOTA: &'static str = "RolePolicySize";
}

impl<H: Kept> Attach<H> {
    pub(crate) fn plan(&self, desk: &Desk<'_>) -> Result<(Vec<Change>, ()), Error> {
        let mut holder = desk.rows.named::<H::Record>(self.holder.name())?;
        let counted = desk.counted(&self.policy, |policy| policy.attachments += 1)?;
        let attached = &mut holder.record.held_mut().attached;
        if attached.contains(&self.policy) {
            return Ok((Vec::new(), ()));
        }
        within(H::ATTACHED_QUOTA, attached.len() + 1, ATTACHED_MAX)?;
        attached.push(self.policy.clone());
        Ok((counted.into_iter().chain([desk.rows.replace(&holder)]).collect(), ()))
    }
}

impl<H: Kept> Detach<H> {
    pub(crate) fn plan(&self, desk: &Desk<'_>) -> Result<(Vec<Change>, ()), Error> {
        let mut holder = desk.rows.named::<H::Record>(self.holder.name())?;
        let attached = &mut holder.record.held_mut().attached;
        let Some(place) = attached.iter().position(|arn| *arn == self.policy) else {
            let why = format!("the policy {} is not attached to {}", self.policy, self.holder.name());
            return Err(Error::NoSuchEntity(why.into()));
        };
        attached.remove(place);
        let fewer = |policy: &mut PolicyRecord| policy.attachments = policy.attachments.saturating_sub(1);
        let counted = desk.counted(&self.policy, fewer)?;
        Ok((counted.into_iter().chain([desk.rows.replace(&holder)]).collect(), ()))
    }
}

impl<H: Kept> ListAttached<H> {
    pub(crate) fn run(&self, desk: &Desk<'_>) -> Result<Page<AttachedPolicy>, Error> {
        let holder = desk.rows.named::<H::Record>(self.holder.name())?;
        let is_asked_for = |arn: &&PolicyArn| is_under(&arn.arn().path(), self.path_prefix.as_deref());
        let attached = holder.record.held().attached.iter().filter(is_asked_for).map(AttachedPolicy::of);
        page_of(attached, &self.page, |policy| hex::encode(policy_mark(&policy.arn)).into())
    }
}

/// What tells a managed policy from the others that somebody has, short enough for a marker: its name is unique in
/// the account, and another may come with Keystead.
fn policy_mark(arn: &PolicyArn) -> [u8; MARK_BYTES] {
    let digest = sha256(arn.to_string().as_bytes());
    std::array::from_fn(|at| digest[at])
}

const MARK_BYTES: usize = 16;

impl AttachedPolicy {
    pub(crate) fn of(arn: &PolicyArn) -> Self {
        Self { name: arn.arn().short_name().into(), arn: arn.clone() }
    }
}

/// Refuses to delete somebody who has policies.
pub(super) fn no_policies(held: &Held) -> Result<(), Error> {
    match (held.attached.is_empty(), held.inline.is_empty()) {
        (false, _) => Err(Error::DeleteConflict("managed policies are attached; detach them first".into())),
        (_, false) => Err(Error::DeleteConflict("there are inline policies; delete them first".into())),
        (true, true) => Ok(()),
    }
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
