//! Managed policies of users, groups and roles.

use keystead_crypto::ApprovalParameters;
use keystead_model::{Action, Error, GroupName, PolicyArn, RoleName, UserName};

use super::listing::{answered, is_under, page_of};
use super::{Holder, IamOperation, Target};
use crate::directory::quotas::{ATTACHED_MAX, within};
use crate::directory::{Desk, Planned};
use crate::ops::{Page, PageRequest};
use crate::records::{Held, HolderRecord, PolicyRecord};

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

/// List managed policies, the account's own first, by name; answers a [`Page`] of [`AttachedPolicy`]. Default 100.
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

impl<H: Holder> ListAttached<H> {
    fn run(&self, desk: &Desk<'_>) -> Result<Page<AttachedPolicy>, Error> {
        let holder = desk.rows.named::<H::Record>(self.holder.name())?;
        let is_asked_for = |arn: &&PolicyArn| is_under(&arn.arn().path(), self.path_prefix.as_deref());
        let attached = holder.record.held().attached.iter().filter(is_asked_for).map(AttachedPolicy::of);
        let mut attached: Vec<_> = attached.collect();
        attached.sort_by_key(mark);
        Ok(page_of(attached, &self.page, mark))
    }
}

/// What tells a managed policy from the others that somebody has, and sorts it: its name, those that come with Keystead
/// last. A tilde is in no name.
fn mark(policy: &AttachedPolicy) -> Box<str> {
    let mark = if policy.arn.arn().account.is_some() { "" } else { "~" };
    [mark, &*policy.name].concat().into()
}

impl AttachedPolicy {
    pub(crate) fn of(arn: &PolicyArn) -> Self {
        Self { name: arn.arn().short_name().into(), arn: arn.clone() }
    }
}

/// Refuses to delete somebody who has policies.
pub(super) fn no_policies(held: &Held) -> Result<(), Error> {
    match (held.attached.is_empty(), held.inline.is_empty()) {
        (false, _) => {
            Err(Error::DeleteConflict("Cannot delete entity, must detach all policies first.".into()))
        }
        (_, false) => Err(Error::DeleteConflict("Cannot delete entity, must delete policies first.".into())),
        (true, true) => Ok(()),
    }
}

impl<H: Holder> IamOperation for Attach<H> {
    const ACTION: Action = H::ATTACH;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Named(H::KIND, self.holder.name())
    }

    fn approval(&self) -> Option<ApprovalParameters> {
        Some(ApprovalParameters::default().with("Holder", self.holder.name()).with("PolicyArn", &self.policy))
    }

    fn policy(&self) -> Option<&PolicyArn> {
        Some(&self.policy)
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<()>, Error> {
        let mut holder = desk.rows.named::<H::Record>(self.holder.name())?;
        let counted = desk.recount(&self.policy, |policy: &mut PolicyRecord| policy.attachments += 1)?;
        let attached = &mut holder.record.held_mut().attached;
        if attached.contains(&self.policy) {
            return Ok((Vec::new(), ()));
        }
        within(H::ATTACHED_QUOTA, attached.len() + 1, ATTACHED_MAX)?;
        desk.attaches_duties_apart(&self.policy)?;
        attached.push(self.policy.clone());
        Ok((counted.into_iter().chain([desk.rows.replace(&holder)]).collect(), ()))
    }
}

impl<H: Holder> IamOperation for Detach<H> {
    const ACTION: Action = H::DETACH;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Named(H::KIND, self.holder.name())
    }

    fn approval(&self) -> Option<ApprovalParameters> {
        Some(ApprovalParameters::default().with("Holder", self.holder.name()).with("PolicyArn", &self.policy))
    }

    fn policy(&self) -> Option<&PolicyArn> {
        Some(&self.policy)
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<()>, Error> {
        let mut holder = desk.rows.named::<H::Record>(self.holder.name())?;
        let attached = &mut holder.record.held_mut().attached;
        let Some(place) = attached.iter().position(|arn| *arn == self.policy) else {
            let why = format!("the policy {} is not attached to {}", self.policy, self.holder.name());
            return Err(Error::NoSuchEntity(why.into()));
        };
        attached.remove(place);
        let fewer = |policy: &mut PolicyRecord| policy.attachments = policy.attachments.saturating_sub(1);
        let counted = desk.recount(&self.policy, fewer)?;
        Ok((counted.into_iter().chain([desk.rows.replace(&holder)]).collect(), ()))
    }
}

impl<H: Holder> IamOperation for ListAttached<H> {
    const ACTION: Action = H::LIST_ATTACHED;
    type Answer = Page<AttachedPolicy>;

    fn target(&self) -> Target<'_> {
        Target::Named(H::KIND, self.holder.name())
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<Page<AttachedPolicy>>, Error> {
        self.run(desk).map(answered)
    }
}
