//! Permissions boundaries: managed policies beyond which a user or role has no permission.

use keystead_crypto::ApprovalParameters;
use keystead_model::{Action, Error, PolicyArn, RoleName, UserName};

use super::{Bounded, IamOperation, Target};
use crate::directory::{Desk, Planned};
use crate::records::{BoundedRecord, PolicyRecord};
use crate::vault::Change;

/// Set a permissions boundary, in place of the one there may be.
pub struct PutBoundary<H> {
    /// Of whom.
    pub holder: H,
    /// The managed policy that is the boundary.
    pub boundary: PolicyArn,
}

/// Take a permissions boundary away.
pub struct DeleteBoundary<H> {
    /// Of whom.
    pub holder: H,
}

/// Set the permissions boundary of a user.
pub type PutUserPermissionsBoundary = PutBoundary<UserName>;
/// Set the permissions boundary of a role.
pub type PutRolePermissionsBoundary = PutBoundary<RoleName>;
/// Take the permissions boundary of a user away.
pub type DeleteUserPermissionsBoundary = DeleteBoundary<UserName>;
/// Take the permissions boundary of a role away.
pub type DeleteRolePermissionsBoundary = DeleteBoundary<RoleName>;

/// The change of a managed policy that is the boundary of one user or role less.
pub(super) fn no_boundary_of(desk: &Desk<'_>, policy: &PolicyArn) -> Result<Option<Change>, Error> {
    desk.recount(policy, |policy: &mut PolicyRecord| policy.boundaries = policy.boundaries.saturating_sub(1))
}

impl<H: Bounded> IamOperation for PutBoundary<H> {
    const ACTION: Action = H::PUT_BOUNDARY;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Named(H::KIND, self.holder.name())
    }

    fn approval(&self) -> Option<ApprovalParameters> {
        Some(
            ApprovalParameters::default()
                .with("Holder", self.holder.name())
                .with("PermissionsBoundary", &self.boundary),
        )
    }

    fn boundary(&self) -> Option<&PolicyArn> {
        Some(&self.boundary)
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<()>, Error> {
        let mut holder = desk.rows.named::<H::Record>(self.holder.name())?;
        let set = desk.recount(&self.boundary, |policy: &mut PolicyRecord| policy.boundaries += 1)?;
        let before = holder.record.boundary_mut().replace(self.boundary.clone());
        if before.as_ref() == Some(&self.boundary) {
            return Ok((Vec::new(), ()));
        }
        let mut changes: Vec<Change> = set.into_iter().collect();
        changes.extend(before.map(|before| no_boundary_of(desk, &before)).transpose()?.flatten());
        changes.push(desk.rows.replace(&holder));
        Ok((changes, ()))
    }
}

impl<H: Bounded> IamOperation for DeleteBoundary<H> {
    const ACTION: Action = H::DELETE_BOUNDARY;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Named(H::KIND, self.holder.name())
    }

    fn approval(&self) -> Option<ApprovalParameters> {
        Some(ApprovalParameters::default().with("Holder", self.holder.name()))
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<()>, Error> {
        let mut holder = desk.rows.named::<H::Record>(self.holder.name())?;
        let Some(before) = holder.record.boundary_mut().take() else {
            return Err(Error::NoSuchEntity(
                format!("{} has no permissions boundary", self.holder.name()).into(),
            ));
        };
        let counted = no_boundary_of(desk, &before)?;
        Ok((counted.into_iter().chain([desk.rows.replace(&holder)]).collect(), ()))
    }
}
