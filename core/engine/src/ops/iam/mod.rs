//! What can be asked of an account's directory: the requests of AWS IAM, one file a family, and their answers.
//!
//! All of them go through one door, [`Engine::iam`](crate::Engine::iam). They are about the caller's own account: no
//! directory reaches across accounts. Where three kinds of things take the same request (a managed policy is attached to
//! a user, a group or a role), one type serves them, and AWS's three names are aliases of it.

mod access_keys;
mod account;
mod attachments;
mod boundaries;
mod groups;
mod inline;
mod listing;
mod mfa;
mod policies;
mod providers;
mod report;
mod roles;
mod settings;
mod tags;
mod unkept;
mod users;

use std::ops::ControlFlow;

use keystead_crypto::ApprovalParameters;
use keystead_model::{
    AccessKeyId, AccountId, Action, Error, GroupName, IamArn, IamKind, IamPath, PolicyArn, RoleName, Tags,
    UserName,
};
use keystead_policy::{ConditionKey, Value, Visit, request_tag_values};

use super::{Operation, Page, PageRequest, page};
use crate::authority::{Found, Subject};
use crate::directory::rows::marker;
use crate::directory::{Desk, Planned};
use crate::records::DirectoryRecord;
use crate::records::{BoundedRecord, GroupRecord, HolderRecord, RoleRecord, UserRecord};

pub use access_keys::{
    AccessKey, AccessKeyLastUsed, AccessKeyUse, CreateAccessKey, CreatedAccessKey, DeleteAccessKey,
    GetAccessKeyLastUsed, ListAccessKeys, UpdateAccessKey,
};
pub use account::{
    AccountDetails, CreateAccountAlias, DeleteAccountAlias, DetailKind, GetAccountAuthorizationDetails,
    GetAccountSummary, GroupDetail, ListAccountAliases, PolicyDetail, RoleDetail, UserDetail,
};
pub use attachments::{
    Attach, AttachGroupPolicy, AttachRolePolicy, AttachUserPolicy, AttachedPolicy, Detach, DetachGroupPolicy,
    DetachRolePolicy, DetachUserPolicy, ListAttached, ListAttachedGroupPolicies, ListAttachedRolePolicies,
    ListAttachedUserPolicies,
};
pub use boundaries::{
    DeleteBoundary, DeleteRolePermissionsBoundary, DeleteUserPermissionsBoundary, PutBoundary,
    PutRolePermissionsBoundary, PutUserPermissionsBoundary,
};
pub use groups::{
    AddUserToGroup, CreateGroup, DeleteGroup, GetGroup, Group, GroupAndUsers, ListGroups, ListGroupsForUser,
    RemoveUserFromGroup, UpdateGroup,
};
pub use inline::{
    DeleteGroupPolicy, DeleteInline, DeleteRolePolicy, DeleteUserPolicy, GetGroupPolicy, GetInline,
    GetRolePolicy, GetUserPolicy, InlinePolicy, ListGroupPolicies, ListInline, ListRolePolicies,
    ListUserPolicies, PutGroupPolicy, PutInline, PutRolePolicy, PutUserPolicy,
};
pub use mfa::{
    AssignmentStatus, CreateVirtualMfaDevice, DeactivateMfaDevice, DeleteVirtualMfaDevice, EnableMfaDevice,
    GetMfaDevice, ListMfaDevices, ListVirtualMfaDevices, MfaCode, MfaDevice, NewMfaDevice, ResyncMfaDevice,
};
pub use policies::{
    CreatePolicy, CreatePolicyVersion, DeletePolicy, DeletePolicyVersion, Entities, Entity, GetPolicy,
    GetPolicyVersion, ListEntitiesForPolicy, ListPolicies, ListPolicyVersions, ManagedPolicy, PolicyScope,
    PolicyUse, PolicyVersion, SetDefaultPolicyVersion, VersionId,
};
pub use providers::{
    AddClientIdToOpenIdConnectProvider, CreateOpenIdConnectProvider, DeleteOpenIdConnectProvider,
    GetOpenIdConnectProvider, ListOpenIdConnectProviders, OpenIdConnectProvider,
    RemoveClientIdFromOpenIdConnectProvider, UpdateOpenIdConnectProviderThumbprint,
};
pub use report::{CredentialReport, GenerateCredentialReport, GetCredentialReport};
pub use roles::{
    CreateRole, DeleteRole, GetRole, ListRoles, Role, RoleUse, UpdateAssumeRolePolicy, UpdateRole,
    UpdateRoleDescription,
};
pub use settings::{AccountSettings, ApprovalRule, GetAccountSettings, Guardrail, PutAccountSettings};
pub use tags::{
    ListOpenIdConnectProviderTags, ListPolicyTags, ListRoleTags, ListTags, ListUserTags, TagEntity,
    TagOpenIdConnectProvider, TagPolicy, TagRole, TagUser, UntagEntity, UntagOpenIdConnectProvider,
    UntagPolicy, UntagRole, UntagUser,
};
pub use unkept::{
    GetAccountPasswordPolicy, GetLoginProfile, ListInstanceProfilesForRole, ListServiceSpecificCredentials,
    ListSigningCertificates, ListSshPublicKeys, Never,
};
pub use users::{CreateUser, DeleteUser, GetUser, ListUsers, UpdateUser, User};

/// A request about a directory: what it is called, what it is about, what conditions may ask of it. Sealed: the engine
/// knows all there are.
pub trait IamOperation: Send + Sync + 'static {
    /// What policies call it.
    const ACTION: Action;

    /// What comes of it.
    type Answer: Send;

    /// What it is about.
    fn target(&self) -> Target<'_>;

    /// Looks at the rows of the caller's account, and says which of them it writes and what it answers; it writes none
    /// if it only asks. It is planned again if another change comes first.
    ///
    /// # Errors
    /// Whatever of [`Error`] applies.
    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<Self::Answer>, Error>;

    /// The tags it brings along.
    fn request_tags(&self) -> Option<&Tags> {
        None
    }

    /// The keys of tags that it takes away.
    fn tag_keys(&self) -> &[Box<str>] {
        &[]
    }

    /// The managed policy that it attaches or takes off.
    fn policy(&self) -> Option<&PolicyArn> {
        None
    }

    /// What those who approve it are shown and sign; `None` if it cannot wait for approval.
    fn approval(&self) -> Option<ApprovalParameters> {
        None
    }

    /// The permissions boundary that it sets.
    fn boundary(&self) -> Option<&PolicyArn> {
        None
    }
}

/// What a request about a directory is about, as its caller wrote it.
#[derive(Clone, Copy)]
pub enum Target<'a> {
    /// The account as a whole.
    Account,
    /// Something of this kind and name.
    Named(IamKind, &'a str),
    /// The user of this name; without one, whoever asks.
    UserOrCaller(Option<&'a UserName>),
    /// Whose access key it is.
    AccessKey(&'a AccessKeyId),
    /// What an ARN names.
    Arn(&'a IamArn),
    /// Something to be made, and what has to be allowed besides if it comes with tags.
    New {
        /// What.
        kind: IamKind,
        /// Its path; for a provider, `/`.
        path: &'a str,
        /// Its name; for a provider, its URL without the scheme.
        name: &'a str,
        /// The action that labels it; `None` if it comes without tags.
        tag: Option<Action>,
    },
    /// Something that gets another name or path. It takes the permission on what it was and on what it will be.
    Renamed {
        /// What.
        kind: IamKind,
        /// Its name.
        name: &'a str,
        /// Its new name, if it gets one.
        new_name: Option<&'a str>,
        /// Its new path, if it gets one.
        new_path: Option<&'a IamPath>,
    },
}

impl<Op: IamOperation> Operation for Op {
    const ACTION: Action = Op::ACTION;

    fn subject(&self) -> Subject<'_> {
        match self.target() {
            Target::Account => Subject::Account,
            target => Subject::Directory(target),
        }
    }

    fn approval(&self, _: &Found) -> Option<ApprovalParameters> {
        IamOperation::approval(self)
    }

    fn facts(&self, _: Action, name: &ConditionKey, visit: &mut Visit<'_>) {
        if let Some(tags) = self.request_tags() {
            request_tag_values(tags, name, visit);
        }
        if *name == ConditionKey::AwsTagKeys {
            self.tag_keys().iter().for_each(|key| visit(Value::Text(key)));
        }
        if let (ConditionKey::IamPolicyArn, Some(policy)) = (name, self.policy()) {
            visit(Value::Text(&policy.to_string()));
        }
        if let (ConditionKey::IamPermissionsBoundary, Some(boundary)) = (name, self.boundary()) {
            visit(Value::Text(&boundary.to_string()));
        }
    }
}

/// What can hold policies: users, groups and roles, by name.
pub trait Holder: Send + Sync + 'static {
    /// The record of it.
    type Record: HolderRecord;
    /// What it is.
    const KIND: IamKind;
    /// What AWS's quota of attached policies is called.
    const ATTACHED_QUOTA: &'static str;
    /// What AWS's quota of inline policies is called.
    const INLINE_QUOTA: &'static str;
    /// Attach a managed policy.
    const ATTACH: Action;
    /// Take a managed policy off.
    const DETACH: Action;
    /// List the managed policies.
    const LIST_ATTACHED: Action;
    /// Add or replace an inline policy.
    const PUT: Action;
    /// Read an inline policy.
    const GET: Action;
    /// Delete an inline policy.
    const DELETE: Action;
    /// List the inline policies.
    const LIST: Action;

    /// Its name.
    fn name(&self) -> &str;
}

/// What can have a permissions boundary: users and roles, by name.
pub trait Bounded: Holder<Record: BoundedRecord> {
    /// Set the boundary.
    const PUT_BOUNDARY: Action;
    /// Take the boundary away.
    const DELETE_BOUNDARY: Action;
}

impl Holder for UserName {
    type Record = UserRecord;
    const KIND: IamKind = IamKind::User;
    const ATTACHED_QUOTA: &'static str = "PoliciesPerUser";
    const INLINE_QUOTA: &'static str = "UserPolicySize";
    const ATTACH: Action = Action::AttachUserPolicy;
    const DETACH: Action = Action::DetachUserPolicy;
    const LIST_ATTACHED: Action = Action::ListAttachedUserPolicies;
    const PUT: Action = Action::PutUserPolicy;
    const GET: Action = Action::GetUserPolicy;
    const DELETE: Action = Action::DeleteUserPolicy;
    const LIST: Action = Action::ListUserPolicies;

    fn name(&self) -> &str {
        self.as_str()
    }
}

impl Holder for GroupName {
    type Record = GroupRecord;
    const KIND: IamKind = IamKind::Group;
    const ATTACHED_QUOTA: &'static str = "PoliciesPerGroup";
    const INLINE_QUOTA: &'static str = "GroupPolicySize";
    const ATTACH: Action = Action::AttachGroupPolicy;
    const DETACH: Action = Action::DetachGroupPolicy;
    const LIST_ATTACHED: Action = Action::ListAttachedGroupPolicies;
    const PUT: Action = Action::PutGroupPolicy;
    const GET: Action = Action::GetGroupPolicy;
    const DELETE: Action = Action::DeleteGroupPolicy;
    const LIST: Action = Action::ListGroupPolicies;

    fn name(&self) -> &str {
        self.as_str()
    }
}

impl Holder for RoleName {
    type Record = RoleRecord;
    const KIND: IamKind = IamKind::Role;
    const ATTACHED_QUOTA: &'static str = "PoliciesPerRole";
    const INLINE_QUOTA: &'static str = "RolePolicySize";
    const ATTACH: Action = Action::AttachRolePolicy;
    const DETACH: Action = Action::DetachRolePolicy;
    const LIST_ATTACHED: Action = Action::ListAttachedRolePolicies;
    const PUT: Action = Action::PutRolePolicy;
    const GET: Action = Action::GetRolePolicy;
    const DELETE: Action = Action::DeleteRolePolicy;
    const LIST: Action = Action::ListRolePolicies;

    fn name(&self) -> &str {
        self.as_str()
    }
}

impl Bounded for UserName {
    const PUT_BOUNDARY: Action = Action::PutUserPermissionsBoundary;
    const DELETE_BOUNDARY: Action = Action::DeleteUserPermissionsBoundary;
}

impl Bounded for RoleName {
    const PUT_BOUNDARY: Action = Action::PutRolePermissionsBoundary;
    const DELETE_BOUNDARY: Action = Action::DeleteRolePermissionsBoundary;
}

/// The action that labels something new, if it comes with tags.
fn labelling(tags: &Tags, action: Action) -> Option<Action> {
    (!tags.is_empty()).then_some(action)
}

/// Items of a page of a listing unless the caller says otherwise.
const PAGE_DEFAULT: u16 = 100;

/// A page of what the directory has of one kind, by name: of what has a path that begins with `prefix`.
fn listed<R: DirectoryRecord, T>(
    desk: &Desk<'_>,
    asked: &PageRequest,
    prefix: Option<&str>,
    told: impl Fn(AccountId, R) -> T,
) -> Result<Page<T>, Error> {
    listed_if(desk, asked, |record: &R| record.path().starts_with(prefix.unwrap_or("/")), told)
}

/// A page of what the directory has of one kind, by name: of what `keep` keeps.
fn listed_if<R: DirectoryRecord, T>(
    desk: &Desk<'_>,
    asked: &PageRequest,
    keep: impl Fn(&R) -> bool,
    told: impl Fn(AccountId, R) -> T,
) -> Result<Page<T>, Error> {
    let limit = asked.limit_or(PAGE_DEFAULT);
    let after = marker(R::KIND, asked.marker.as_deref())?;
    let mut found = Vec::new();
    desk.rows.visit(after, |record: R| {
        if keep(&record) {
            found.push((Box::<str>::from(record.name()), told(desk.account(), record)));
        }
        Ok(if found.len() > limit { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    let Page { items, next } = page(found, limit, |(name, _)| name.clone());
    Ok(Page { items: items.into_iter().map(|(_, item)| item).collect(), next })
}
