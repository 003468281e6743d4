//! Roles: identities that others take on.

use keystead_crypto::ApprovalParameters;
use keystead_model::{Action, Error, IamArn, IamKind, IamPath, PolicyArn, RoleName, Tags, Timestamp};
use keystead_policy::Kind;

use super::attachments::no_policies;
use super::boundaries::no_boundary_of;
use super::listing::{answered, check_document};
use super::{IamOperation, Target, labelling, listed};
use crate::directory::quotas::{DOCUMENT_BYTES_MAX, TRUST_CHARS_MAX, chars, within};
use crate::directory::{Desk, Planned};
use crate::ops::{Page, PageRequest};
use crate::records::{DirectoryRecord, Head, Held, PolicyRecord, RoleRecord, Row};
use crate::vault::Change;

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

/// How long sessions may last, in seconds, unless a role says otherwise, and what it may say.
const SESSION_SECONDS_DEFAULT: u32 = 3_600;
const SESSION_SECONDS: std::ops::RangeInclusive<u32> = 3_600..=43_200;

fn session_seconds(asked: Option<u32>) -> Result<u32, Error> {
    let seconds = asked.unwrap_or(SESSION_SECONDS_DEFAULT);
    match SESSION_SECONDS.contains(&seconds) {
        true => Ok(seconds),
        false => Err(Error::Invalid("the longest session of a role is 3,600 to 43,200 seconds".into())),
    }
}

fn check_trust(document: &str) -> Result<(), Error> {
    check_document(document, Kind::Trust)?;
    within("ACLSizePerRole", chars(document), TRUST_CHARS_MAX)?;
    within("bytes of a trust policy, white space included", document.len(), DOCUMENT_BYTES_MAX)
}

impl Role {
    /// What is told of a record. When a role was last used is asked for one role, and left out of listings.
    fn of(desk: &Desk<'_>, record: RoleRecord) -> Result<Self, Error> {
        let last = desk.last_uses().of_role(desk.rows.vault(), &record.head.id)?;
        let last_used = last.map(|last| RoleUse { at: last.at, location: last.location.as_str().into() });
        Ok(Self { last_used, ..Self::listed(desk.account(), record) })
    }

    /// What listings tell of a record.
    pub(super) fn listed(account: keystead_model::AccountId, record: RoleRecord) -> Self {
        let arn = record.arn(account);
        let RoleRecord { head, description, session_seconds_max, trust, boundary, tags, held: _ } = record;
        let Head { id, path, name, created } = head;
        let path = path.as_str().into();
        Self {
            id,
            name,
            path,
            arn,
            created,
            trust,
            description,
            session_seconds_max,
            boundary,
            tags,
            last_used: None,
        }
    }
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

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<Role>, Error> {
        let rows = desk.rows;
        rows.is_free::<RoleRecord>(self.name.as_str())?;
        check_trust(&self.trust)?;
        desk.directory.room().take::<RoleRecord>(rows, "RolesPerAccount")?;
        let record = RoleRecord {
            head: Head {
                id: desk.new_id(IamKind::Role),
                path: self.path.clone(),
                name: self.name.as_str().into(),
                created: desk.now(),
            },
            description: self.description.clone(),
            session_seconds_max: session_seconds(self.session_seconds_max)?,
            trust: self.trust.clone(),
            held: Held::default(),
            boundary: self.boundary.clone(),
            tags: self.tags.clone(),
        };
        let mut changes = vec![rows.make(&record)];
        if let Some(boundary) = &self.boundary {
            changes.extend(desk.recount(boundary, |policy: &mut PolicyRecord| policy.boundaries += 1)?);
        }
        Ok((changes, Role::listed(desk.account(), record)))
    }
}

impl IamOperation for GetRole {
    const ACTION: Action = Action::GetRole;
    type Answer = Role;

    fn target(&self) -> Target<'_> {
        Target::Named(IamKind::Role, self.name.as_str())
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<Role>, Error> {
        let found = desk.rows.named::<RoleRecord>(self.name.as_str())?;
        Role::of(desk, found.record).map(answered)
    }
}

impl IamOperation for UpdateRole {
    const ACTION: Action = Action::UpdateRole;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Named(IamKind::Role, self.name.as_str())
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<()>, Error> {
        let mut role = desk.rows.named::<RoleRecord>(self.name.as_str())?;
        role.record.description = self.description.clone();
        role.record.session_seconds_max = session_seconds(self.session_seconds_max)?;
        Ok((vec![desk.rows.replace(&role)], ()))
    }
}

impl IamOperation for UpdateRoleDescription {
    const ACTION: Action = Action::UpdateRoleDescription;
    type Answer = Role;

    fn target(&self) -> Target<'_> {
        Target::Named(IamKind::Role, self.name.as_str())
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<Role>, Error> {
        let mut role = desk.rows.named::<RoleRecord>(self.name.as_str())?;
        role.record.description = Some(self.description.clone());
        Ok((vec![desk.rows.replace(&role)], Role::of(desk, role.record)?))
    }
}

impl IamOperation for UpdateAssumeRolePolicy {
    const ACTION: Action = Action::UpdateAssumeRolePolicy;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Named(IamKind::Role, self.name.as_str())
    }

    fn approval(&self) -> Option<ApprovalParameters> {
        Some(ApprovalParameters::default().with("RoleName", &self.name).with("PolicyDocument", &self.trust))
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<()>, Error> {
        let mut role = desk.rows.named::<RoleRecord>(self.name.as_str())?;
        check_trust(&self.trust)?;
        role.record.trust = self.trust.clone();
        Ok((vec![desk.rows.replace(&role)], ()))
    }
}

impl IamOperation for DeleteRole {
    const ACTION: Action = Action::DeleteRole;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Named(IamKind::Role, self.name.as_str())
    }

    fn approval(&self) -> Option<ApprovalParameters> {
        Some(ApprovalParameters::default().with("RoleName", &self.name))
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<()>, Error> {
        let role = desk.rows.named::<RoleRecord>(self.name.as_str())?;
        no_policies(&role.record.held)?;
        let id = &role.record.head.id;
        desk.last_uses().forget_role(id);
        let mut changes = vec![desk.rows.delete(&role), Change::clear(Row::RoleUse(id).id())];
        if let Some(boundary) = &role.record.boundary {
            changes.extend(no_boundary_of(desk, boundary)?);
        }
        Ok((changes, ()))
    }
}

impl IamOperation for ListRoles {
    const ACTION: Action = Action::ListRoles;
    type Answer = Page<Role>;

    fn target(&self) -> Target<'_> {
        Target::Account
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<Page<Role>>, Error> {
        listed(desk, &self.page, self.path_prefix.as_deref(), Role::listed).map(answered)
    }
}
