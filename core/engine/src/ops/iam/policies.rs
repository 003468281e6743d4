//! Managed policies: documents with a name, up to five versions, and whom they are attached to.

use std::fmt;
use std::num::NonZeroU32;

use keystead_model::{Action, IamKind, IamPath, PolicyArn, PolicyName, Tags, Timestamp};

use super::{IamOperation, Target, labelling};
use crate::ops::{Page, PageRequest};

/// Make a managed policy; answers the [`ManagedPolicy`]. Its document is version `v1`, in force.
pub struct CreatePolicy {
    /// Its name, which no other managed policy of the account has in any case of letters.
    pub name: PolicyName,
    /// Its path.
    pub path: IamPath,
    /// Its document: 1 to 131,072 bytes.
    pub document: Box<str>,
    /// What it is for: 0 to 1,000 characters.
    pub description: Option<Box<str>>,
    /// Its tags.
    pub tags: Tags,
}

/// Read a managed policy; answers the [`ManagedPolicy`].
pub struct GetPolicy {
    /// Which.
    pub policy: PolicyArn,
}

/// Delete a managed policy, which must be attached to nobody, be nobody's boundary and have one version only.
pub struct DeletePolicy {
    /// Which.
    pub policy: PolicyArn,
}

/// List managed policies: the account's own by name, then those that come with Keystead; answers a [`Page`] of
/// [`ManagedPolicy`]. Default 100.
pub struct ListPolicies {
    /// Whose.
    pub scope: PolicyScope,
    /// Only those that are attached to somebody.
    pub only_attached: bool,
    /// Only those whose path begins with this; all if absent.
    pub path_prefix: Option<Box<str>>,
    /// Only those that serve this purpose for somebody; all if absent.
    pub used_as: Option<PolicyUse>,
    /// Which page.
    pub page: PageRequest,
}

/// Add a version to a managed policy; answers the [`PolicyVersion`].
pub struct CreatePolicyVersion {
    /// To which.
    pub policy: PolicyArn,
    /// The document: 1 to 131,072 bytes.
    pub document: Box<str>,
    /// Whether it is in force from now on.
    pub set_as_default: bool,
}

/// Read a version of a managed policy; answers the [`PolicyVersion`].
pub struct GetPolicyVersion {
    /// Of which.
    pub policy: PolicyArn,
    /// Which version.
    pub version: VersionId,
}

/// Delete a version of a managed policy, which must not be the one in force.
pub struct DeletePolicyVersion {
    /// Of which.
    pub policy: PolicyArn,
    /// Which version.
    pub version: VersionId,
}

/// List the versions of a managed policy, newest first; answers a [`Page`] of [`PolicyVersion`]. Default 100.
pub struct ListPolicyVersions {
    /// Of which.
    pub policy: PolicyArn,
    /// Which page.
    pub page: PageRequest,
}

/// Choose the version of a managed policy that is in force.
pub struct SetDefaultPolicyVersion {
    /// Of which.
    pub policy: PolicyArn,
    /// Which version.
    pub version: VersionId,
}

/// List whom a managed policy is attached to, or whose boundary it is; answers a [`Page`] of [`Entities`]'s parts.
/// Default 100.
pub struct ListEntitiesForPolicy {
    /// Which.
    pub policy: PolicyArn,
    /// Only those of one kind: users, groups or roles.
    pub kind: Option<IamKind>,
    /// Only those whose path begins with this; all if absent.
    pub path_prefix: Option<Box<str>>,
    /// Only those that it serves for this purpose.
    pub used_as: Option<PolicyUse>,
    /// Which page.
    pub page: PageRequest,
}

/// Whose policies are listed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum PolicyScope {
    /// The account's and those that come with Keystead.
    #[default]
    All,
    /// Those that come with Keystead (on the wire, `AWS`).
    BuiltIn,
    /// The account's.
    Own,
}

/// What a managed policy does for somebody.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PolicyUse {
    /// It is attached, and gives permissions.
    Permissions,
    /// It is a permissions boundary.
    Boundary,
}

/// The version of a managed policy: `v1` and on. No number is given twice.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct VersionId(pub NonZeroU32);

impl VersionId {
    /// The version that a policy begins with.
    pub const FIRST: Self = Self(NonZeroU32::MIN);

    /// Reads `v` and a number without leading zeros; `None` if it is something else.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('v')?;
        let plain = digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
        plain.then(|| digits.parse().ok().map(Self)).flatten()
    }
}

impl fmt::Display for VersionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{}", self.0)
    }
}

/// A managed policy, without its documents.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ManagedPolicy {
    /// Its unique id: `ANPA` and 17 characters.
    pub id: Box<str>,
    /// Its name.
    pub name: Box<str>,
    /// Its path.
    pub path: Box<str>,
    /// Its ARN.
    pub arn: PolicyArn,
    /// The version in force.
    pub default_version: VersionId,
    /// How many users, groups and roles of the account it is attached to.
    pub attachments: u32,
    /// How many users and roles of the account it is the boundary of.
    pub boundaries: u32,
    /// What it is for. AWS leaves it and the tags out of listings.
    pub description: Option<Box<str>>,
    /// When it was made.
    pub created: Timestamp,
    /// When its newest version was made, or the one in force was chosen.
    pub updated: Timestamp,
    /// Its tags.
    pub tags: Tags,
}

/// A version of a managed policy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PolicyVersion {
    /// Which.
    pub version: VersionId,
    /// The document as it was written. AWS leaves it out of listings.
    pub document: Box<str>,
    /// Whether it is in force.
    pub is_default: bool,
    /// When it was made.
    pub created: Timestamp,
}

/// Whom a managed policy serves.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Entities {
    /// Groups, by name.
    pub groups: Vec<Entity>,
    /// Roles, by name.
    pub roles: Vec<Entity>,
    /// Users, by name.
    pub users: Vec<Entity>,
    /// Where the next page starts; absent on the last one.
    pub next: Option<Box<str>>,
}

/// A user, group or role by its names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entity {
    /// Its name.
    pub name: Box<str>,
    /// Its unique id.
    pub id: Box<str>,
}

impl IamOperation for CreatePolicy {
    const ACTION: Action = Action::CreatePolicy;
    type Answer = ManagedPolicy;

    fn target(&self) -> Target<'_> {
        let tag = labelling(&self.tags, Action::TagPolicy);
        Target::New { kind: IamKind::Policy, path: self.path.as_str(), name: self.name.as_str(), tag }
    }

    fn request_tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }
}

impl IamOperation for GetPolicy {
    const ACTION: Action = Action::GetPolicy;
    type Answer = ManagedPolicy;

    fn target(&self) -> Target<'_> {
        Target::Arn(self.policy.arn())
    }
}

impl IamOperation for DeletePolicy {
    const ACTION: Action = Action::DeletePolicy;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Arn(self.policy.arn())
    }
}

impl IamOperation for ListPolicies {
    const ACTION: Action = Action::ListPolicies;
    type Answer = Page<ManagedPolicy>;

    fn target(&self) -> Target<'_> {
        Target::Account
    }
}

impl IamOperation for CreatePolicyVersion {
    const ACTION: Action = Action::CreatePolicyVersion;
    type Answer = PolicyVersion;

    fn target(&self) -> Target<'_> {
        Target::Arn(self.policy.arn())
    }
}

impl IamOperation for GetPolicyVersion {
    const ACTION: Action = Action::GetPolicyVersion;
    type Answer = PolicyVersion;

    fn target(&self) -> Target<'_> {
        Target::Arn(self.policy.arn())
    }
}

impl IamOperation for DeletePolicyVersion {
    const ACTION: Action = Action::DeletePolicyVersion;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Arn(self.policy.arn())
    }
}

impl IamOperation for ListPolicyVersions {
    const ACTION: Action = Action::ListPolicyVersions;
    type Answer = Page<PolicyVersion>;

    fn target(&self) -> Target<'_> {
        Target::Arn(self.policy.arn())
    }
}

impl IamOperation for SetDefaultPolicyVersion {
    const ACTION: Action = Action::SetDefaultPolicyVersion;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Arn(self.policy.arn())
    }
}

impl IamOperation for ListEntitiesForPolicy {
    const ACTION: Action = Action::ListEntitiesForPolicy;
    type Answer = Entities;

    fn target(&self) -> Target<'_> {
        Target::Arn(self.policy.arn())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_v_and_a_number() {
        assert_eq!(VersionId::parse("v1"), Some(VersionId::FIRST));
        assert_eq!(VersionId::parse("v41").map(|id| id.to_string()).as_deref(), Some("v41"));
        for text in ["", "v", "v0", "v01", "1", "V1", "v+1", "v1.a", "v4294967296"] {
            assert_eq!(VersionId::parse(text), None, "{text}");
        }
    }
}
