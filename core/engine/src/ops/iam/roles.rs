//! Roles: identities that others take on.

use keystead_model::{Action, IamArn, IamKind, IamPath, PolicyArn, RoleName, Tags, Timestamp};

use super::{IamOperation, Target, labelling};
use crate::ops::{Page, PageRequest};

/// Make a role; answers the [`Role`].
pub struct CreateRole {
    /// Its name, which no other role of the account has in any case of letters.
    pub name: RoleName,
    /// Its path.
    pub path: IamPath,
    /// The policy that says who may take it on: 1 to 131,072 bytes.
    pub trust: Box<str>,
    /// What it is for: 0 to 1,000 characters.
    pub description: Option<Box<str>>,
    /// How long its sessions may last, in seconds: 3,600 to 43,200; 3,600 if absent.
    pub session_seconds_max: Option<u32>,
    /// Its permissions boundary.
    pub boundary: Option<PolicyArn>,
    /// Its tags.
    pub tags: Tags,
}

/// Read a role; answers the [`Role`].
pub struct GetRole {
    /// Which.
    pub name: RoleName,
}

/// Change a role's description or how long its sessions may last.
pub struct UpdateRole {
    /// Which.
    pub name: RoleName,
    /// The new description; none from then on if absent, as with AWS.
    pub description: Option<Box<str>>,
    /// How long its sessions may last, in seconds: 3,600 to 43,200; 3,600 from then on if absent, as with AWS.
    pub session_seconds_max: Option<u32>,
}

/// Change a role's description; answers the [`Role`].
pub struct UpdateRoleDescription {
    /// Which.
    pub name: RoleName,
    /// The new description.
    pub description: Box<str>,
}

/// Replace the policy that says who may take a role on.
pub struct UpdateAssumeRolePolicy {
    /// Which.
    pub name: RoleName,
    /// The new policy: 1 to 131,072 bytes.
    pub trust: Box<str>,
}

/// Delete a role, which must have no policies any more. Its sessions end at once.
pub struct DeleteRole {
    /// Which.
    pub name: RoleName,
}

/// List roles by name; answers a [`Page`] of [`Role`]. Default 100.
pub struct ListRoles {
    /// Only those whose path begins with this; all if absent.
    pub path_prefix: Option<Box<str>>,
    /// Which page.
    pub page: PageRequest,
}

/// A role.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Role {
    /// Its unique id: `AROA` and 17 characters.
    pub id: Box<str>,
    /// Its name.
    pub name: Box<str>,
    /// Its path.
    pub path: Box<str>,
    /// Its ARN.
    pub arn: IamArn,
    /// When it was made.
    pub created: Timestamp,
    /// The policy that says who may take it on, as it was written.
    pub trust: Box<str>,
    /// What it is for.
    pub description: Option<Box<str>>,
    /// How long its sessions may last, in seconds.
    pub session_seconds_max: u32,
    /// Its permissions boundary.
    pub boundary: Option<PolicyArn>,
    /// Its tags. AWS leaves them, the boundary and the last use out of listings.
    pub tags: Tags,
    /// When a session of it last asked for anything, if one ever did.
    pub last_used: Option<RoleUse>,
}

/// The last use of a role.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RoleUse {
    /// When, to the minute or so.
    pub at: Timestamp,
    /// In which location.
    pub location: Box<str>,
}

impl IamOperation for CreateRole {
    const ACTION: Action = Action::CreateRole;
    type Answer = Role;

    fn target(&self) -> Target<'_> {
        let tag = labelling(&self.tags, Action::TagRole);
        Target::New { kind: IamKind::Role, path: self.path.as_str(), name: self.name.as_str(), tag }
    }

    fn request_tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn boundary(&self) -> Option<&PolicyArn> {
        self.boundary.as_ref()
    }
}

impl IamOperation for GetRole {
    const ACTION: Action = Action::GetRole;
    type Answer = Role;

    fn target(&self) -> Target<'_> {
        Target::Named(IamKind::Role, self.name.as_str())
    }
}

impl IamOperation for UpdateRole {
    const ACTION: Action = Action::UpdateRole;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Named(IamKind::Role, self.name.as_str())
    }
}

impl IamOperation for UpdateRoleDescription {
    const ACTION: Action = Action::UpdateRoleDescription;
    type Answer = Role;

    fn target(&self) -> Target<'_> {
        Target::Named(IamKind::Role, self.name.as_str())
    }
}

impl IamOperation for UpdateAssumeRolePolicy {
    const ACTION: Action = Action::UpdateAssumeRolePolicy;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Named(IamKind::Role, self.name.as_str())
    }
}

impl IamOperation for DeleteRole {
    const ACTION: Action = Action::DeleteRole;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Named(IamKind::Role, self.name.as_str())
    }
}

impl IamOperation for ListRoles {
    const ACTION: Action = Action::ListRoles;
    type Answer = Page<Role>;

    fn target(&self) -> Target<'_> {
        Target::Account
    }
}
