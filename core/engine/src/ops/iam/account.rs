//! The directory as a whole: the account's alias, its numbers, and all of it at once.

use std::ops::ControlFlow;

use keystead_model::{AccountId, Action, Error, IamKind, Tags};

use super::listing::{Parts, answered};
use super::users::told as told_user;
use super::{
    AttachedPolicy, Group, IamOperation, InlinePolicy, ManagedPolicy, PolicyVersion, Role, Target, User,
};
use crate::directory::builtin;
use crate::directory::quotas::{self, DETAILS_BYTES_MAX, inline_chars_max};
use crate::directory::{Desk, Planned};
use crate::keys::{internal, unreadable};
use crate::ops::{Page, PageRequest};
use crate::records::{
    AccountAliasRecord, DirectoryRecord, GroupRecord, Held, MfaRecord, PolicyRecord, ProviderRecord,
    RoleRecord, Row, UserRecord,
};
use crate::vault::Change;

/// Give the account a name, in place of the one there may be.
pub struct CreateAccountAlias {
    /// The name: 3 to 63 of `a-z 0-9 -`, no hyphen at an end or beside another.
    pub alias: Box<str>,
}

/// Take the account's name away.
pub struct DeleteAccountAlias {
    /// The name it has.
    pub alias: Box<str>,
}

/// List the account's name, if it has one; answers a [`Page`] of one name at most.
pub struct ListAccountAliases {
    /// Which page.
    pub page: PageRequest,
}

/// Count what the account has; answers AWS's names with their numbers, quotas included.
pub struct GetAccountSummary;

/// Read all users, groups, roles and policies at once; answers [`AccountDetails`]. Default 100.
pub struct GetAccountAuthorizationDetails {
    /// Only these kinds; all if there is none.
    pub kinds: Vec<DetailKind>,
    /// Which page.
    pub page: PageRequest,
}

/// What can be read at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DetailKind {
    /// Users.
    User,
    /// Groups.
    Group,
    /// Roles.
    Role,
    /// The account's own managed policies (on the wire, `LocalManagedPolicy`).
    OwnPolicy,
    /// Managed policies that come with Keystead and are attached (on the wire, `AWSManagedPolicy`).
    BuiltInPolicy,
}

/// A page of a directory.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AccountDetails {
    /// Users.
    pub users: Vec<UserDetail>,
    /// Groups.
    pub groups: Vec<GroupDetail>,
    /// Roles.
    pub roles: Vec<RoleDetail>,
    /// Managed policies.
    pub policies: Vec<PolicyDetail>,
    /// Where the next page starts; absent on the last one.
    pub next: Option<Box<str>>,
}

/// A user with all it has.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UserDetail {
    /// The user.
    pub user: User,
    /// Its inline policies.
    pub inline: Vec<InlinePolicy>,
    /// The names of its groups.
    pub groups: Vec<Box<str>>,
    /// Its managed policies.
    pub attached: Vec<AttachedPolicy>,
}

/// A group with all it has.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GroupDetail {
    /// The group.
    pub group: Group,
    /// Its inline policies.
    pub inline: Vec<InlinePolicy>,
    /// Its managed policies.
    pub attached: Vec<AttachedPolicy>,
}

/// A role with all it has.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RoleDetail {
    /// The role.
    pub role: Role,
    /// Its inline policies.
    pub inline: Vec<InlinePolicy>,
    /// Its managed policies.
    pub attached: Vec<AttachedPolicy>,
}

/// A managed policy with all its versions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PolicyDetail {
    /// The policy.
    pub policy: ManagedPolicy,
    /// Its versions, newest first.
    pub versions: Vec<PolicyVersion>,
}

/// How long an alias may be, in bytes, as in the service model.
const ALIAS_BYTES: std::ops::RangeInclusive<usize> = 3..=63;

/// Takes letters, digits and hyphens, of which none is at an end or beside another. A name of twelve digits would be
/// taken for an account.
fn check_alias(alias: &str) -> Result<(), Error> {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_one = ALIAS_BYTES.contains(&alias.len())
        && alias.bytes().all(allowed)
        && !alias.starts_with('-')
        && !alias.ends_with('-')
        && !alias.contains("--")
        && alias.parse::<AccountId>().is_err();
    match is_one {
        true => Ok(()),
        false => Err(Error::Invalid(
            "an account's alias has 3 to 63 lower-case letters, digits and single hyphens between them, and is no \
             account number"
                .into(),
        )),
    }
}

/// The account that goes by a name.
fn owner_of(desk: &Desk<'_>, alias: &str) -> Result<Option<AccountId>, Error> {
    let row = desk.rows.vault().get(&Row::AccountAlias(alias).id()).map_err(internal)?;
    let record =
        row.map(|row| AccountAliasRecord::read(row.bytes.expose())).transpose().map_err(unreadable)?;
    Ok(record.map(|record| record.account))
}

/// The policies that somebody has, as they are told.
fn policies_of(name: &str, held: &Held) -> (Vec<InlinePolicy>, Vec<AttachedPolicy>) {
    let inline = held.inline.iter().map(|policy| InlinePolicy::of(name, policy)).collect();
    (inline, held.attached.iter().map(AttachedPolicy::of).collect())
}

/// Bytes of the documents and labels that something has to itself.
fn bytes_of<'d>(documents: impl Iterator<Item = &'d str>, tags: &Tags) -> usize {
    let tags = tags.iter().map(|tag| tag.key.len() + tag.value.len());
    documents.map(str::len).chain(tags).sum()
}

fn documents_of(held: &Held) -> impl Iterator<Item = &str> {
    held.inline.iter().map(|policy| &*policy.document)
}

impl UserDetail {
    fn of(account: AccountId, record: UserRecord) -> Self {
        let (inline, attached) = policies_of(record.name(), &record.held);
        let groups = record.groups.clone();
        Self { user: told_user(account, record), inline, groups, attached }
    }
}

impl GroupDetail {
    fn of(account: AccountId, record: &GroupRecord) -> Self {
        let (inline, attached) = policies_of(record.name(), &record.held);
        Self { group: Group::of(account, record), inline, attached }
    }
}

impl RoleDetail {
    fn of(account: AccountId, record: RoleRecord) -> Self {
        let (inline, attached) = policies_of(record.name(), &record.held);
        Self { role: Role::listed(account, record), inline, attached }
    }
}

impl GetAccountAuthorizationDetails {
    const WORDS: &[&str] = &["users", "groups", "roles", "own", "aws"];

    fn wants(&self, kind: DetailKind) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&kind)
    }

    fn principals(
        &self,
        desk: &Desk<'_>,
        parts: &mut Parts<'_>,
        details: &mut AccountDetails,
    ) -> Result<(), Error> {
        let (rows, account) = (desk.rows, desk.account());
        if self.wants(DetailKind::User) {
            parts.kind(
                rows,
                "users",
                |_: &UserRecord| true,
                |user| {
                    let bytes = bytes_of(documents_of(&user.held), &user.tags);
                    details.users.push(UserDetail::of(account, user));
                    bytes
                },
            )?;
        }
        if self.wants(DetailKind::Group) {
            parts.kind(
                rows,
                "groups",
                |_: &GroupRecord| true,
                |group| {
                    details.groups.push(GroupDetail::of(account, &group));
                    bytes_of(documents_of(&group.held), Tags::EMPTY)
                },
            )?;
        }
        if self.wants(DetailKind::Role) {
            parts.kind(
                rows,
                "roles",
                |_: &RoleRecord| true,
                |role| {
                    let documents = documents_of(&role.held).chain([&*role.trust]);
                    let bytes = bytes_of(documents, &role.tags);
                    details.roles.push(RoleDetail::of(account, role));
                    bytes
                },
            )?;
        }
        Ok(())
    }

    fn policies(
        &self,
        desk: &Desk<'_>,
        parts: &mut Parts<'_>,
        details: &mut AccountDetails,
    ) -> Result<(), Error> {
        if self.wants(DetailKind::OwnPolicy) {
            parts.kind(
                desk.rows,
                "own",
                |_: &PolicyRecord| true,
                |record| {
                    let policy = ManagedPolicy::of(desk.account(), &record);
                    let documents = record.versions.iter().map(|version| &*version.document);
                    let bytes = bytes_of(documents, &record.tags);
                    details.policies.push(PolicyDetail { policy, versions: PolicyVersion::all(record) });
                    bytes
                },
            )?;
        }
        if self.wants(DetailKind::BuiltInPolicy) {
            let uses = desk.directory.built_in_uses(desk.account())?;
            let detail = |policy: &builtin::BuiltIn| PolicyDetail {
                policy: ManagedPolicy::built_in(policy, &uses),
                versions: vec![PolicyVersion::built_in(policy)],
            };
            let told = builtin::ALL.iter().map(|policy| (policy.name, detail(policy)));
            let used = told.filter(|(_, detail)| detail.policy.attachments + detail.policy.boundaries > 0);
            details.policies.extend(parts.at_hand("aws", used));
        }
        Ok(())
    }
}

/// What a directory has, counted.
#[derive(Default)]
struct Counts {
    policies: usize,
    versions: usize,
    devices: usize,
    devices_in_use: usize,
}

impl Counts {
    fn of(desk: &Desk<'_>) -> Result<Self, Error> {
        let mut counts = Self::default();
        desk.rows.visit(None, |policy: PolicyRecord| {
            counts.policies += 1;
            counts.versions += policy.versions.len();
            Ok(ControlFlow::Continue(()))
        })?;
        desk.rows.visit(None, |device: MfaRecord| {
            counts.devices += 1;
            counts.devices_in_use += usize::from(device.owner.is_some());
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(counts)
    }
}

/// Quotas as AWS's summary calls them. Those of what is not kept are 0.
fn quotas_told() -> [(&'static str, usize); 19] {
    [
        ("UsersQuota", quotas::USERS_MAX),
        ("GroupsQuota", quotas::GROUPS_MAX),
        ("RolesQuota", quotas::ROLES_MAX),
        ("PoliciesQuota", quotas::POLICIES_MAX),
        ("PolicyVersionsInUseQuota", quotas::VERSIONS_IN_USE_MAX),
        ("VersionsPerPolicyQuota", quotas::VERSIONS_MAX),
        ("GroupsPerUserQuota", quotas::GROUPS_OF_USER_MAX),
        ("AccessKeysPerUserQuota", quotas::ACCESS_KEYS_MAX),
        ("AttachedPoliciesPerUserQuota", quotas::ATTACHED_MAX),
        ("AttachedPoliciesPerGroupQuota", quotas::ATTACHED_MAX),
        ("AttachedPoliciesPerRoleQuota", quotas::ATTACHED_MAX),
        ("PolicySizeQuota", quotas::POLICY_CHARS_MAX),
        ("AssumeRolePolicySizeQuota", quotas::TRUST_CHARS_MAX),
        ("UserPolicySizeQuota", inline_chars_max(IamKind::User)),
        ("GroupPolicySizeQuota", inline_chars_max(IamKind::Group)),
        ("RolePolicySizeQuota", inline_chars_max(IamKind::Role)),
        ("ServerCertificatesQuota", 0),
        ("SigningCertificatesPerUserQuota", 0),
        ("InstanceProfilesQuota", 0),
    ]
}

impl IamOperation for CreateAccountAlias {
    const ACTION: Action = Action::CreateAccountAlias;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Account
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<()>, Error> {
        check_alias(&self.alias)?;
        match owner_of(desk, &self.alias)? {
            Some(owner) if owner == desk.account() => return Ok(answered(())),
            Some(_) => {
                return Err(Error::EntityExists(format!("the account alias {} is taken", self.alias).into()));
            }
            None => {}
        }
        let (version, mut settings) = desk.settings()?;
        let before = settings.alias.replace(self.alias.clone());
        let record = AccountAliasRecord { account: desk.account() };
        let mut changes = vec![
            desk.put_settings(version, &settings),
            Change::make(Row::AccountAlias(&self.alias).id(), record.write()),
        ];
        changes.extend(before.map(|before| Change::clear(Row::AccountAlias(&before).id())));
        Ok((changes, ()))
    }
}

impl IamOperation for DeleteAccountAlias {
    const ACTION: Action = Action::DeleteAccountAlias;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Account
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<()>, Error> {
        let (version, mut settings) = desk.settings()?;
        if settings.alias.as_ref() != Some(&self.alias) {
            return Err(Error::NoSuchEntity(format!("the account has no alias {}", self.alias).into()));
        }
        settings.alias = None;
        let name = Change::clear(Row::AccountAlias(&self.alias).id());
        Ok((vec![desk.put_settings(version, &settings), name], ()))
    }
}

impl IamOperation for ListAccountAliases {
    const ACTION: Action = Action::ListAccountAliases;
    type Answer = Page<Box<str>>;

    fn target(&self) -> Target<'_> {
        Target::Account
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<Page<Box<str>>>, Error> {
        if self.page.marker.is_some() {
            return Err(Error::InvalidMarker);
        }
        let (_, settings) = desk.settings()?;
        Ok(answered(Page { items: settings.alias.into_iter().collect(), next: None }))
    }
}

impl IamOperation for GetAccountSummary {
    const ACTION: Action = Action::GetAccountSummary;
    type Answer = Vec<(&'static str, u32)>;

    fn target(&self) -> Target<'_> {
        Target::Account
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<Vec<(&'static str, u32)>>, Error> {
        let Counts { policies, versions, devices, devices_in_use } = Counts::of(desk)?;
        let has_root_keys = !desk.root_keys()?.is_empty();
        let counted = [
            ("Users", desk.rows.count::<UserRecord>()?),
            ("Groups", desk.rows.count::<GroupRecord>()?),
            ("Roles", desk.rows.count::<RoleRecord>()?),
            ("Policies", policies),
            ("PolicyVersionsInUse", versions),
            ("MFADevices", devices),
            ("MFADevicesInUse", devices_in_use),
            ("Providers", desk.rows.count::<ProviderRecord>()?),
            ("AccountAccessKeysPresent", usize::from(has_root_keys)),
            // Nothing of the kind is kept.
            ("AccountMFAEnabled", 0),
            ("AccountPasswordPresent", 0),
            ("AccountSigningCertificatesPresent", 0),
            ("InstanceProfiles", 0),
            ("ServerCertificates", 0),
        ];
        let told = counted.into_iter().chain(quotas_told());
        Ok(answered(told.map(|(name, count)| (name, u32::try_from(count).unwrap_or(u32::MAX))).collect()))
    }
}

impl IamOperation for GetAccountAuthorizationDetails {
    const ACTION: Action = Action::GetAccountAuthorizationDetails;
    type Answer = AccountDetails;

    fn target(&self) -> Target<'_> {
        Target::Account
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<AccountDetails>, Error> {
        let mut parts = Parts::new(Self::WORDS, &self.page)?.of_bytes(DETAILS_BYTES_MAX);
        let mut details = AccountDetails::default();
        self.principals(desk, &mut parts, &mut details)?;
        self.policies(desk, &mut parts, &mut details)?;
        details.next = parts.next();
        Ok(answered(details))
    }
}
