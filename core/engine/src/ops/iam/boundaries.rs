//! Permissions boundaries: managed policies beyond which a user or role has no permission.

use keystead_model::{Action, PolicyArn, RoleName, UserName};

use super::{Bounded, IamOperation, Target};

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

impl<H: Bounded> IamOperation for PutBoundary<H> {
    const ACTION: Action = H::PUT_BOUNDARY;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Named(H::KIND, self.holder.name())
    }

    fn boundary(&self) -> Option<&PolicyArn> {
        Some(&self.boundary)
    }
}

impl<H: Bounded> IamOperation for DeleteBoundary<H> {
    const ACTION: Action = H::DELETE_BOUNDARY;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Named(H::KIND, self.holder.name())
    }
}
