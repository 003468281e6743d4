//! Managed policies: documents with a name, up to five versions, and whom they are attached to.

use std::fmt;
use std::num::NonZeroU32;

use keystead_crypto::ApprovalParameters;
use keystead_model::{AccountId, Action, Error, IamKind, IamPath, PolicyArn, PolicyName, Tags, Timestamp};
use keystead_policy::Kind;

use super::listing::{Parts, answered, check_document, is_under, page_of};
use super::{IamOperation, Target, labelling};
use crate::directory::built_in_uses::Uses;
use crate::directory::builtin::{self, BuiltIn};
use crate::directory::quotas::{DOCUMENT_BYTES_MAX, POLICY_CHARS_MAX, VERSIONS_MAX, chars, within};
use crate::directory::rows::Stored;
use crate::directory::{Desk, Planned};
use crate::ops::{Page, PageRequest};
use crate::records::{
    DirectoryRecord, GroupRecord, Head, Held, HolderRecord, PolicyRecord, RoleRecord, UserRecord,
    VersionRecord,
};

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

/// A managed policy that is read.
pub(super) enum Managed {
    /// The account's.
    Own(PolicyRecord),
    /// One that comes with Keystead.
    BuiltIn(&'static BuiltIn),
}

impl Managed {
    /// # Errors
    /// [`Error::NoSuchEntity`]
    pub(super) fn find(desk: &Desk<'_>, arn: &PolicyArn) -> Result<Self, Error> {
        match BuiltIn::find(arn.arn()) {
            Some(policy) => Ok(Self::BuiltIn(policy)),
            None => Ok(Self::Own(desk.rows.of_arn::<PolicyRecord>(arn.arn())?.record)),
        }
    }

    /// Its versions, newest first.
    fn versions(self) -> Vec<PolicyVersion> {
        match self {
            Self::Own(record) => PolicyVersion::all(record),
            Self::BuiltIn(policy) => vec![PolicyVersion::built_in(policy)],
        }
    }
}

/// A policy of the account's own, to be changed.
///
/// # Errors
/// [`Error::Unmodifiable`], [`Error::NoSuchEntity`]
pub(super) fn to_change(desk: &Desk<'_>, arn: &PolicyArn) -> Result<Stored<PolicyRecord>, Error> {
    match BuiltIn::find(arn.arn()) {
        None => desk.rows.of_arn(arn.arn()),
        Some(_) => Err(Error::Unmodifiable(
            format!("{arn} comes with Keystead and is the same for everybody; make a policy of your own")
                .into(),
        )),
    }
}

fn check_managed(document: &str) -> Result<(), Error> {
    check_document(document, Kind::Identity)?;
    within("PolicySize", chars(document), POLICY_CHARS_MAX)?;
    within("bytes of a managed policy, white space included", document.len(), DOCUMENT_BYTES_MAX)
}

fn no_such_version(policy: &PolicyArn, version: VersionId) -> Error {
    Error::NoSuchEntity(format!("{policy} has no version {version}").into())
}

impl VersionId {
    /// The number of a version that is kept; numbers begin with 1.
    fn of(number: u32) -> Self {
        NonZeroU32::new(number).map_or(Self::FIRST, Self)
    }
}

impl ManagedPolicy {
    /// What is told of a record.
    pub(super) fn of(account: AccountId, record: &PolicyRecord) -> Self {
        let Head { id, path, name, created } = &record.head;
        Self {
            id: id.clone(),
            name: name.clone(),
            path: path.as_str().into(),
            arn: PolicyArn::of(record.arn(account)).expect("the record is a policy's"),
            default_version: VersionId::of(record.default),
            attachments: record.attachments,
            boundaries: record.boundaries,
            description: record.description.clone(),
            created: *created,
            updated: record.updated,
            tags: record.tags.clone(),
        }
    }

    /// What is told of one that comes with Keystead.
    pub(super) fn built_in(policy: &BuiltIn, uses: &Uses) -> Self {
        let arn = policy.arn();
        let (attachments, boundaries) = uses.get(&arn).copied().unwrap_or_default();
        Self {
            id: policy.id.into(),
            name: policy.name.into(),
            path: "/".into(),
            arn,
            default_version: VersionId::FIRST,
            attachments,
            boundaries,
            description: Some(policy.description.into()),
            created: builtin::BUILT,
            updated: builtin::BUILT,
            tags: Tags::default(),
        }
    }
}

impl PolicyVersion {
    /// All versions of a policy, newest first.
    pub(super) fn all(record: PolicyRecord) -> Vec<Self> {
        let default = record.default;
        record.versions.into_iter().rev().map(|version| Self::of(version, default)).collect()
    }

    /// The only version of one that comes with Keystead.
    pub(super) fn built_in(policy: &BuiltIn) -> Self {
        Self {
            version: VersionId::FIRST,
            document: policy.document.into(),
            is_default: true,
            created: builtin::BUILT,
        }
    }

    fn of(record: VersionRecord, default: u32) -> Self {
        let VersionRecord { number, created, document } = record;
        Self { version: VersionId::of(number), document, is_default: number == default, created }
    }
}

impl ListPolicies {
    const WORDS: &[&str] = &["own", "aws"];

    fn wants(&self, policy: &ManagedPolicy) -> bool {
        let serves = match (self.used_as, self.only_attached) {
            (Some(PolicyUse::Boundary), _) => policy.boundaries > 0,
            (Some(PolicyUse::Permissions), _) | (None, true) => policy.attachments > 0,
            (None, false) => true,
        };
        serves && is_under(&policy.path, self.path_prefix.as_deref())
    }
}

impl ListEntitiesForPolicy {
    const WORDS: &[&str] = &["groups", "roles", "users"];

    fn wants<R: DirectoryRecord>(&self, path: &str, held: &Held, boundary: Option<&PolicyArn>) -> bool {
        let is_attached = held.attached.contains(&self.policy);
        let is_boundary = boundary == Some(&self.policy);
        let serves = match self.used_as {
            None => is_attached || is_boundary,
            Some(PolicyUse::Permissions) => is_attached,
            Some(PolicyUse::Boundary) => is_boundary,
        };
        serves && self.kind.is_none_or(|kind| kind == R::KIND) && is_under(path, self.path_prefix.as_deref())
    }
}

impl Entity {
    fn of(head: Head) -> Self {
        Self { name: head.name, id: head.id }
    }
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

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<ManagedPolicy>, Error> {
        let rows = desk.rows;
        rows.is_free::<PolicyRecord>(self.name.as_str())?;
        check_managed(&self.document)?;
        desk.keeps_duties_apart(&self.document)?;
        desk.directory.room().take::<PolicyRecord>(rows, "PoliciesPerAccount")?;
        let created = desk.now();
        let record = PolicyRecord {
            head: Head {
                id: desk.new_id(IamKind::Policy),
                path: self.path.clone(),
                name: self.name.as_str().into(),
                created,
            },
            updated: created,
            description: self.description.clone(),
            tags: self.tags.clone(),
            default: 1,
            newest: 1,
            versions: vec![VersionRecord { number: 1, created, document: self.document.clone() }],
            attachments: 0,
            boundaries: 0,
        };
        Ok((vec![rows.make(&record)], ManagedPolicy::of(desk.account(), &record)))
    }
}

impl IamOperation for GetPolicy {
    const ACTION: Action = Action::GetPolicy;
    type Answer = ManagedPolicy;

    fn target(&self) -> Target<'_> {
        Target::Arn(self.policy.arn())
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<ManagedPolicy>, Error> {
        let policy = match Managed::find(desk, &self.policy)? {
            Managed::Own(record) => ManagedPolicy::of(desk.account(), &record),
            Managed::BuiltIn(policy) => {
                ManagedPolicy::built_in(policy, &*desk.directory.built_in_uses(desk.account())?)
            }
        };
        Ok(answered(policy))
    }
}

impl IamOperation for DeletePolicy {
    const ACTION: Action = Action::DeletePolicy;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Arn(self.policy.arn())
    }

    fn approval(&self) -> Option<ApprovalParameters> {
        Some(ApprovalParameters::default().with("PolicyArn", &self.policy))
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<()>, Error> {
        let policy = to_change(desk, &self.policy)?;
        let PolicyRecord { attachments, boundaries, versions, .. } = &policy.record;
        if *attachments + *boundaries > 0 {
            return Err(Error::DeleteConflict("Cannot delete a policy attached to entities.".into()));
        }
        if versions.len() > 1 {
            return Err(Error::DeleteConflict(
                "the policy has more than one version; delete those that are not in force first".into(),
            ));
        }
        Ok((vec![desk.rows.delete(&policy)], ()))
    }
}

impl IamOperation for ListPolicies {
    const ACTION: Action = Action::ListPolicies;
    type Answer = Page<ManagedPolicy>;

    fn target(&self) -> Target<'_> {
        Target::Account
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<Page<ManagedPolicy>>, Error> {
        let mut parts = Parts::new(Self::WORDS, &self.page)?;
        let mut items = Vec::new();
        let account = desk.account();
        if self.scope != PolicyScope::BuiltIn {
            let keep = |record: &PolicyRecord| self.wants(&ManagedPolicy::of(account, record));
            parts.kind(desk.rows, "own", keep, |record| {
                items.push(ManagedPolicy::of(account, &record));
                0
            })?;
        }
        if self.scope != PolicyScope::Own {
            let uses = desk.directory.built_in_uses(desk.account())?;
            let told =
                builtin::ALL.iter().map(|policy| (policy.name, ManagedPolicy::built_in(policy, &uses)));
            items.extend(parts.at_hand("aws", told.filter(|(_, policy)| self.wants(policy))));
        }
        Ok(answered(Page { items, next: parts.next() }))
    }
}

impl IamOperation for CreatePolicyVersion {
    const ACTION: Action = Action::CreatePolicyVersion;
    type Answer = PolicyVersion;

    fn target(&self) -> Target<'_> {
        Target::Arn(self.policy.arn())
    }

    fn approval(&self) -> Option<ApprovalParameters> {
        Some(
            ApprovalParameters::default()
                .with("PolicyArn", &self.policy)
                .with("SetAsDefault", self.set_as_default)
                .with("PolicyDocument", &self.document),
        )
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<PolicyVersion>, Error> {
        let mut policy = to_change(desk, &self.policy)?;
        check_managed(&self.document)?;
        desk.keeps_duties_apart(&self.document)?;
        let record = &mut policy.record;
        if record.versions.len() >= VERSIONS_MAX {
            return Err(Error::LimitExceeded(
                format!(
                    "a managed policy has at most {VERSIONS_MAX} versions; delete one that is not in force"
                )
                .into(),
            ));
        }
        let number = record.newest.checked_add(1).ok_or_else(|| {
            Error::LimitExceeded("the policy has used up its version numbers; make another one".into())
        })?;
        let version = VersionRecord { number, created: desk.now(), document: self.document.clone() };
        record.versions.push(version.clone());
        record.newest = number;
        record.updated = desk.now();
        if self.set_as_default {
            record.default = number;
        }
        let told = PolicyVersion::of(version, record.default);
        Ok((vec![desk.rows.replace(&policy)], told))
    }
}

impl IamOperation for GetPolicyVersion {
    const ACTION: Action = Action::GetPolicyVersion;
    type Answer = PolicyVersion;

    fn target(&self) -> Target<'_> {
        Target::Arn(self.policy.arn())
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<PolicyVersion>, Error> {
        let mut versions = Managed::find(desk, &self.policy)?.versions().into_iter();
        let found = versions.find(|version| version.version == self.version);
        found.map(answered).ok_or_else(|| no_such_version(&self.policy, self.version))
    }
}

impl IamOperation for DeletePolicyVersion {
    const ACTION: Action = Action::DeletePolicyVersion;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Arn(self.policy.arn())
    }

    fn approval(&self) -> Option<ApprovalParameters> {
        Some(ApprovalParameters::default().with("PolicyArn", &self.policy).with("VersionId", self.version))
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<()>, Error> {
        let mut policy = to_change(desk, &self.policy)?;
        let (record, number) = (&mut policy.record, self.version.0.get());
        let place = record.versions.iter().position(|version| version.number == number);
        let place = place.ok_or_else(|| no_such_version(&self.policy, self.version))?;
        if record.default == number {
            return Err(Error::DeleteConflict("Cannot delete the default version of a policy.".into()));
        }
        record.versions.remove(place);
        Ok((vec![desk.rows.replace(&policy)], ()))
    }
}

impl IamOperation for ListPolicyVersions {
    const ACTION: Action = Action::ListPolicyVersions;
    type Answer = Page<PolicyVersion>;

    fn target(&self) -> Target<'_> {
        Target::Arn(self.policy.arn())
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<Page<PolicyVersion>>, Error> {
        let versions = Managed::find(desk, &self.policy)?.versions();
        // Counted down, so that the newest comes first and pages go on behind what is deleted meanwhile.
        let mark = |version: &PolicyVersion| format!("{:010}", u32::MAX - version.version.0.get()).into();
        Ok(answered(page_of(versions, &self.page, mark)))
    }
}

impl IamOperation for SetDefaultPolicyVersion {
    const ACTION: Action = Action::SetDefaultPolicyVersion;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Arn(self.policy.arn())
    }

    fn approval(&self) -> Option<ApprovalParameters> {
        Some(ApprovalParameters::default().with("PolicyArn", &self.policy).with("VersionId", self.version))
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<()>, Error> {
        let mut policy = to_change(desk, &self.policy)?;
        let (record, number) = (&mut policy.record, self.version.0.get());
        let version = record.versions.iter().find(|version| version.number == number);
        let version = version.ok_or_else(|| no_such_version(&self.policy, self.version))?;
        if record.default == number {
            return Ok((Vec::new(), ()));
        }
        desk.keeps_duties_apart(&version.document)?;
        record.default = number;
        record.updated = desk.now();
        Ok((vec![desk.rows.replace(&policy)], ()))
    }
}

impl IamOperation for ListEntitiesForPolicy {
    const ACTION: Action = Action::ListEntitiesForPolicy;
    type Answer = Entities;

    fn target(&self) -> Target<'_> {
        Target::Arn(self.policy.arn())
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<Entities>, Error> {
        Managed::find(desk, &self.policy)?;
        let mut parts = Parts::new(Self::WORDS, &self.page)?;
        let mut entities = Entities::default();
        let wants = |group: &GroupRecord| self.wants::<GroupRecord>(group.path(), group.held(), None);
        parts.kind(desk.rows, "groups", wants, |group| {
            entities.groups.push(Entity::of(group.head));
            0
        })?;
        let wants =
            |role: &RoleRecord| self.wants::<RoleRecord>(role.path(), role.held(), role.boundary.as_ref());
        parts.kind(desk.rows, "roles", wants, |role| {
            entities.roles.push(Entity::of(role.head));
            0
        })?;
        let wants =
            |user: &UserRecord| self.wants::<UserRecord>(user.path(), user.held(), user.boundary.as_ref());
        parts.kind(desk.rows, "users", wants, |user| {
            entities.users.push(Entity::of(user.head));
            0
        })?;
        entities.next = parts.next();
        Ok(answered(entities))
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
