//! The wire shapes of AWS IAM, API version 2010-05-08.
//!
//! Written by `cargo xtask codegen` from the service model in botocore 1.44.5: facts only.
//! Change the command, not this file.

use std::sync::LazyLock;

use super::query::{Reader, Structure};
use super::rules::{
    Form, IntegerRule, ListRule, Malformed, Pattern, Text, TextRule, expression, is_account_alias,
    is_tag_key, is_tag_text,
};

/// The API version that requests name.
pub const VERSION: &str = "2010-05-08";

/// The namespace of answers.
pub const NAMESPACE: &str = "https://iam.amazonaws.com/doc/2010-05-08/";

/// Every operation of the service.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Operation {
    /// `AcceptDelegationRequest`
    AcceptDelegationRequest,
    /// `AcquireRole`
    AcquireRole,
    /// `AddClientIDToOpenIDConnectProvider`
    AddClientIDToOpenIDConnectProvider,
    /// `AddRoleToInstanceProfile`
    AddRoleToInstanceProfile,
    /// `AddUserToGroup`
    AddUserToGroup,
    /// `AssociateDelegationRequest`
    AssociateDelegationRequest,
    /// `AttachGroupPolicy`
    AttachGroupPolicy,
    /// `AttachRolePolicy`
    AttachRolePolicy,
    /// `AttachUserPolicy`
    AttachUserPolicy,
    /// `ChangePassword`
    ChangePassword,
    /// `CreateAccessKey`
    CreateAccessKey,
    /// `CreateAccountAlias`
    CreateAccountAlias,
    /// `CreateDelegationRequest`
    CreateDelegationRequest,
    /// `CreateGroup`
    CreateGroup,
    /// `CreateInstanceProfile`
    CreateInstanceProfile,
    /// `CreateLoginProfile`
    CreateLoginProfile,
    /// `CreateOpenIDConnectProvider`
    CreateOpenIDConnectProvider,
    /// `CreatePolicy`
    CreatePolicy,
    /// `CreatePolicyVersion`
    CreatePolicyVersion,
    /// `CreateRole`
    CreateRole,
    /// `CreateSAMLProvider`
    CreateSAMLProvider,
    /// `CreateServiceLinkedRole`
    CreateServiceLinkedRole,
    /// `CreateServiceSpecificCredential`
    CreateServiceSpecificCredential,
    /// `CreateUser`
    CreateUser,
    /// `CreateVirtualMFADevice`
    CreateVirtualMFADevice,
    /// `DeactivateMFADevice`
    DeactivateMFADevice,
    /// `DeleteAccessKey`
    DeleteAccessKey,
    /// `DeleteAccountAlias`
    DeleteAccountAlias,
    /// `DeleteAccountPasswordPolicy`
    DeleteAccountPasswordPolicy,
    /// `DeleteGroup`
    DeleteGroup,
    /// `DeleteGroupPolicy`
    DeleteGroupPolicy,
    /// `DeleteInstanceProfile`
    DeleteInstanceProfile,
    /// `DeleteLoginProfile`
    DeleteLoginProfile,
    /// `DeleteOpenIDConnectProvider`
    DeleteOpenIDConnectProvider,
    /// `DeletePolicy`
    DeletePolicy,
    /// `DeletePolicyVersion`
    DeletePolicyVersion,
    /// `DeleteRole`
    DeleteRole,
    /// `DeleteRolePermissionsBoundary`
    DeleteRolePermissionsBoundary,
    /// `DeleteRolePolicy`
    DeleteRolePolicy,
    /// `DeleteSAMLProvider`
    DeleteSAMLProvider,
    /// `DeleteSSHPublicKey`
    DeleteSSHPublicKey,
    /// `DeleteServerCertificate`
    DeleteServerCertificate,
    /// `DeleteServiceLinkedRole`
    DeleteServiceLinkedRole,
    /// `DeleteServiceSpecificCredential`
    DeleteServiceSpecificCredential,
    /// `DeleteSigningCertificate`
    DeleteSigningCertificate,
    /// `DeleteUser`
    DeleteUser,
    /// `DeleteUserPermissionsBoundary`
    DeleteUserPermissionsBoundary,
    /// `DeleteUserPolicy`
    DeleteUserPolicy,
    /// `DeleteVirtualMFADevice`
    DeleteVirtualMFADevice,
    /// `DetachGroupPolicy`
    DetachGroupPolicy,
    /// `DetachRolePolicy`
    DetachRolePolicy,
    /// `DetachUserPolicy`
    DetachUserPolicy,
    /// `DisableOrganizationsRootCredentialsManagement`
    DisableOrganizationsRootCredentialsManagement,
    /// `DisableOrganizationsRootSessions`
    DisableOrganizationsRootSessions,
    /// `DisableOutboundWebIdentityFederation`
    DisableOutboundWebIdentityFederation,
    /// `EnableMFADevice`
    EnableMFADevice,
    /// `EnableOrganizationsRootCredentialsManagement`
    EnableOrganizationsRootCredentialsManagement,
    /// `EnableOrganizationsRootSessions`
    EnableOrganizationsRootSessions,
    /// `EnableOutboundWebIdentityFederation`
    EnableOutboundWebIdentityFederation,
    /// `GenerateCredentialReport`
    GenerateCredentialReport,
    /// `GenerateOrganizationsAccessReport`
    GenerateOrganizationsAccessReport,
    /// `GenerateServiceLastAccessedDetails`
    GenerateServiceLastAccessedDetails,
    /// `GetAccessKeyLastUsed`
    GetAccessKeyLastUsed,
    /// `GetAccountAuthorizationDetails`
    GetAccountAuthorizationDetails,
    /// `GetAccountPasswordPolicy`
    GetAccountPasswordPolicy,
    /// `GetAccountProperties`
    GetAccountProperties,
    /// `GetAccountSummary`
    GetAccountSummary,
    /// `GetContextKeysForCustomPolicy`
    GetContextKeysForCustomPolicy,
    /// `GetContextKeysForPrincipalPolicy`
    GetContextKeysForPrincipalPolicy,
    /// `GetCredentialReport`
    GetCredentialReport,
    /// `GetDelegationRequest`
    GetDelegationRequest,
    /// `GetGroup`
    GetGroup,
    /// `GetGroupPolicy`
    GetGroupPolicy,
    /// `GetHumanReadableSummary`
    GetHumanReadableSummary,
    /// `GetInstanceProfile`
    GetInstanceProfile,
    /// `GetLoginProfile`
    GetLoginProfile,
    /// `GetMFADevice`
    GetMFADevice,
    /// `GetOpenIDConnectProvider`
    GetOpenIDConnectProvider,
    /// `GetOrganizationsAccessReport`
    GetOrganizationsAccessReport,
    /// `GetOutboundWebIdentityFederationInfo`
    GetOutboundWebIdentityFederationInfo,
    /// `GetPolicy`
    GetPolicy,
    /// `GetPolicyVersion`
    GetPolicyVersion,
    /// `GetRole`
    GetRole,
    /// `GetRolePolicy`
    GetRolePolicy,
    /// `GetRoleTemplateVersion`
    GetRoleTemplateVersion,
    /// `GetSAMLProvider`
    GetSAMLProvider,
    /// `GetSSHPublicKey`
    GetSSHPublicKey,
    /// `GetServerCertificate`
    GetServerCertificate,
    /// `GetServiceLastAccessedDetails`
    GetServiceLastAccessedDetails,
    /// `GetServiceLastAccessedDetailsWithEntities`
    GetServiceLastAccessedDetailsWithEntities,
    /// `GetServiceLinkedRoleDeletionStatus`
    GetServiceLinkedRoleDeletionStatus,
    /// `GetUser`
    GetUser,
    /// `GetUserPolicy`
    GetUserPolicy,
    /// `ListAccessKeys`
    ListAccessKeys,
    /// `ListAccountAliases`
    ListAccountAliases,
    /// `ListAttachedGroupPolicies`
    ListAttachedGroupPolicies,
    /// `ListAttachedRolePolicies`
    ListAttachedRolePolicies,
    /// `ListAttachedUserPolicies`
    ListAttachedUserPolicies,
    /// `ListDelegationRequests`
    ListDelegationRequests,
    /// `ListEntitiesForPolicy`
    ListEntitiesForPolicy,
    /// `ListGroupPolicies`
    ListGroupPolicies,
    /// `ListGroups`
    ListGroups,
    /// `ListGroupsForUser`
    ListGroupsForUser,
    /// `ListInstanceProfileTags`
    ListInstanceProfileTags,
    /// `ListInstanceProfiles`
    ListInstanceProfiles,
    /// `ListInstanceProfilesForRole`
    ListInstanceProfilesForRole,
    /// `ListMFADeviceTags`
    ListMFADeviceTags,
    /// `ListMFADevices`
    ListMFADevices,
    /// `ListOpenIDConnectProviderTags`
    ListOpenIDConnectProviderTags,
    /// `ListOpenIDConnectProviders`
    ListOpenIDConnectProviders,
    /// `ListOrganizationsFeatures`
    ListOrganizationsFeatures,
    /// `ListPolicies`
    ListPolicies,
    /// `ListPoliciesGrantingServiceAccess`
    ListPoliciesGrantingServiceAccess,
    /// `ListPolicyTags`
    ListPolicyTags,
    /// `ListPolicyVersions`
    ListPolicyVersions,
    /// `ListRolePolicies`
    ListRolePolicies,
    /// `ListRoleTags`
    ListRoleTags,
    /// `ListRoles`
    ListRoles,
    /// `ListSAMLProviderTags`
    ListSAMLProviderTags,
    /// `ListSAMLProviders`
    ListSAMLProviders,
    /// `ListSSHPublicKeys`
    ListSSHPublicKeys,
    /// `ListServerCertificateTags`
    ListServerCertificateTags,
    /// `ListServerCertificates`
    ListServerCertificates,
    /// `ListServiceSpecificCredentials`
    ListServiceSpecificCredentials,
    /// `ListSigningCertificates`
    ListSigningCertificates,
    /// `ListUserPolicies`
    ListUserPolicies,
    /// `ListUserTags`
    ListUserTags,
    /// `ListUsers`
    ListUsers,
    /// `ListVirtualMFADevices`
    ListVirtualMFADevices,
    /// `PutAccountProperties`
    PutAccountProperties,
    /// `PutGroupPolicy`
    PutGroupPolicy,
    /// `PutRolePermissionsBoundary`
    PutRolePermissionsBoundary,
    /// `PutRolePolicy`
    PutRolePolicy,
    /// `PutUserPermissionsBoundary`
    PutUserPermissionsBoundary,
    /// `PutUserPolicy`
    PutUserPolicy,
    /// `RejectDelegationRequest`
    RejectDelegationRequest,
    /// `RemoveClientIDFromOpenIDConnectProvider`
    RemoveClientIDFromOpenIDConnectProvider,
    /// `RemoveRoleFromInstanceProfile`
    RemoveRoleFromInstanceProfile,
    /// `RemoveUserFromGroup`
    RemoveUserFromGroup,
    /// `ResetServiceSpecificCredential`
    ResetServiceSpecificCredential,
    /// `ResyncMFADevice`
    ResyncMFADevice,
    /// `SendDelegationToken`
    SendDelegationToken,
    /// `SetDefaultPolicyVersion`
    SetDefaultPolicyVersion,
    /// `SetSecurityTokenServicePreferences`
    SetSecurityTokenServicePreferences,
    /// `SimulateCustomPolicy`
    SimulateCustomPolicy,
    /// `SimulatePrincipalPolicy`
    SimulatePrincipalPolicy,
    /// `TagInstanceProfile`
    TagInstanceProfile,
    /// `TagMFADevice`
    TagMFADevice,
    /// `TagOpenIDConnectProvider`
    TagOpenIDConnectProvider,
    /// `TagPolicy`
    TagPolicy,
    /// `TagRole`
    TagRole,
    /// `TagSAMLProvider`
    TagSAMLProvider,
    /// `TagServerCertificate`
    TagServerCertificate,
    /// `TagUser`
    TagUser,
    /// `UntagInstanceProfile`
    UntagInstanceProfile,
    /// `UntagMFADevice`
    UntagMFADevice,
    /// `UntagOpenIDConnectProvider`
    UntagOpenIDConnectProvider,
    /// `UntagPolicy`
    UntagPolicy,
    /// `UntagRole`
    UntagRole,
    /// `UntagSAMLProvider`
    UntagSAMLProvider,
    /// `UntagServerCertificate`
    UntagServerCertificate,
    /// `UntagUser`
    UntagUser,
    /// `UpdateAccessKey`
    UpdateAccessKey,
    /// `UpdateAccountPasswordPolicy`
    UpdateAccountPasswordPolicy,
    /// `UpdateAssumeRolePolicy`
    UpdateAssumeRolePolicy,
    /// `UpdateDelegationRequest`
    UpdateDelegationRequest,
    /// `UpdateGroup`
    UpdateGroup,
    /// `UpdateLoginProfile`
    UpdateLoginProfile,
    /// `UpdateOpenIDConnectProviderThumbprint`
    UpdateOpenIDConnectProviderThumbprint,
    /// `UpdateRole`
    UpdateRole,
    /// `UpdateRoleDescription`
    UpdateRoleDescription,
    /// `UpdateSAMLProvider`
    UpdateSAMLProvider,
    /// `UpdateSSHPublicKey`
    UpdateSSHPublicKey,
    /// `UpdateServerCertificate`
    UpdateServerCertificate,
    /// `UpdateServiceSpecificCredential`
    UpdateServiceSpecificCredential,
    /// `UpdateSigningCertificate`
    UpdateSigningCertificate,
    /// `UpdateUser`
    UpdateUser,
    /// `UploadSSHPublicKey`
    UploadSSHPublicKey,
    /// `UploadServerCertificate`
    UploadServerCertificate,
    /// `UploadSigningCertificate`
    UploadSigningCertificate,
}

impl Operation {
    /// All of them, ascending by name.
    pub const ALL: &[Operation] = &[
        Self::AcceptDelegationRequest,
        Self::AcquireRole,
        Self::AddClientIDToOpenIDConnectProvider,
        Self::AddRoleToInstanceProfile,
        Self::AddUserToGroup,
        Self::AssociateDelegationRequest,
        Self::AttachGroupPolicy,
        Self::AttachRolePolicy,
        Self::AttachUserPolicy,
        Self::ChangePassword,
        Self::CreateAccessKey,
        Self::CreateAccountAlias,
        Self::CreateDelegationRequest,
        Self::CreateGroup,
        Self::CreateInstanceProfile,
        Self::CreateLoginProfile,
        Self::CreateOpenIDConnectProvider,
        Self::CreatePolicy,
        Self::CreatePolicyVersion,
        Self::CreateRole,
        Self::CreateSAMLProvider,
        Self::CreateServiceLinkedRole,
        Self::CreateServiceSpecificCredential,
        Self::CreateUser,
        Self::CreateVirtualMFADevice,
        Self::DeactivateMFADevice,
        Self::DeleteAccessKey,
        Self::DeleteAccountAlias,
        Self::DeleteAccountPasswordPolicy,
        Self::DeleteGroup,
        Self::DeleteGroupPolicy,
        Self::DeleteInstanceProfile,
        Self::DeleteLoginProfile,
        Self::DeleteOpenIDConnectProvider,
        Self::DeletePolicy,
        Self::DeletePolicyVersion,
        Self::DeleteRole,
        Self::DeleteRolePermissionsBoundary,
        Self::DeleteRolePolicy,
        Self::DeleteSAMLProvider,
        Self::DeleteSSHPublicKey,
        Self::DeleteServerCertificate,
        Self::DeleteServiceLinkedRole,
        Self::DeleteServiceSpecificCredential,
        Self::DeleteSigningCertificate,
        Self::DeleteUser,
        Self::DeleteUserPermissionsBoundary,
        Self::DeleteUserPolicy,
        Self::DeleteVirtualMFADevice,
        Self::DetachGroupPolicy,
        Self::DetachRolePolicy,
        Self::DetachUserPolicy,
        Self::DisableOrganizationsRootCredentialsManagement,
        Self::DisableOrganizationsRootSessions,
        Self::DisableOutboundWebIdentityFederation,
        Self::EnableMFADevice,
        Self::EnableOrganizationsRootCredentialsManagement,
        Self::EnableOrganizationsRootSessions,
        Self::EnableOutboundWebIdentityFederation,
        Self::GenerateCredentialReport,
        Self::GenerateOrganizationsAccessReport,
        Self::GenerateServiceLastAccessedDetails,
        Self::GetAccessKeyLastUsed,
        Self::GetAccountAuthorizationDetails,
        Self::GetAccountPasswordPolicy,
        Self::GetAccountProperties,
        Self::GetAccountSummary,
        Self::GetContextKeysForCustomPolicy,
        Self::GetContextKeysForPrincipalPolicy,
        Self::GetCredentialReport,
        Self::GetDelegationRequest,
        Self::GetGroup,
        Self::GetGroupPolicy,
        Self::GetHumanReadableSummary,
        Self::GetInstanceProfile,
        Self::GetLoginProfile,
        Self::GetMFADevice,
        Self::GetOpenIDConnectProvider,
        Self::GetOrganizationsAccessReport,
        Self::GetOutboundWebIdentityFederationInfo,
        Self::GetPolicy,
        Self::GetPolicyVersion,
        Self::GetRole,
        Self::GetRolePolicy,
        Self::GetRoleTemplateVersion,
        Self::GetSAMLProvider,
        Self::GetSSHPublicKey,
        Self::GetServerCertificate,
        Self::GetServiceLastAccessedDetails,
        Self::GetServiceLastAccessedDetailsWithEntities,
        Self::GetServiceLinkedRoleDeletionStatus,
        Self::GetUser,
        Self::GetUserPolicy,
        Self::ListAccessKeys,
        Self::ListAccountAliases,
        Self::ListAttachedGroupPolicies,
        Self::ListAttachedRolePolicies,
        Self::ListAttachedUserPolicies,
        Self::ListDelegationRequests,
        Self::ListEntitiesForPolicy,
        Self::ListGroupPolicies,
        Self::ListGroups,
        Self::ListGroupsForUser,
        Self::ListInstanceProfileTags,
        Self::ListInstanceProfiles,
        Self::ListInstanceProfilesForRole,
        Self::ListMFADeviceTags,
        Self::ListMFADevices,
        Self::ListOpenIDConnectProviderTags,
        Self::ListOpenIDConnectProviders,
        Self::ListOrganizationsFeatures,
        Self::ListPolicies,
        Self::ListPoliciesGrantingServiceAccess,
        Self::ListPolicyTags,
        Self::ListPolicyVersions,
        Self::ListRolePolicies,
        Self::ListRoleTags,
        Self::ListRoles,
        Self::ListSAMLProviderTags,
        Self::ListSAMLProviders,
        Self::ListSSHPublicKeys,
        Self::ListServerCertificateTags,
        Self::ListServerCertificates,
        Self::ListServiceSpecificCredentials,
        Self::ListSigningCertificates,
        Self::ListUserPolicies,
        Self::ListUserTags,
        Self::ListUsers,
        Self::ListVirtualMFADevices,
        Self::PutAccountProperties,
        Self::PutGroupPolicy,
        Self::PutRolePermissionsBoundary,
        Self::PutRolePolicy,
        Self::PutUserPermissionsBoundary,
        Self::PutUserPolicy,
        Self::RejectDelegationRequest,
        Self::RemoveClientIDFromOpenIDConnectProvider,
        Self::RemoveRoleFromInstanceProfile,
        Self::RemoveUserFromGroup,
        Self::ResetServiceSpecificCredential,
        Self::ResyncMFADevice,
        Self::SendDelegationToken,
        Self::SetDefaultPolicyVersion,
        Self::SetSecurityTokenServicePreferences,
        Self::SimulateCustomPolicy,
        Self::SimulatePrincipalPolicy,
        Self::TagInstanceProfile,
        Self::TagMFADevice,
        Self::TagOpenIDConnectProvider,
        Self::TagPolicy,
        Self::TagRole,
        Self::TagSAMLProvider,
        Self::TagServerCertificate,
        Self::TagUser,
        Self::UntagInstanceProfile,
        Self::UntagMFADevice,
        Self::UntagOpenIDConnectProvider,
        Self::UntagPolicy,
        Self::UntagRole,
        Self::UntagSAMLProvider,
        Self::UntagServerCertificate,
        Self::UntagUser,
        Self::UpdateAccessKey,
        Self::UpdateAccountPasswordPolicy,
        Self::UpdateAssumeRolePolicy,
        Self::UpdateDelegationRequest,
        Self::UpdateGroup,
        Self::UpdateLoginProfile,
        Self::UpdateOpenIDConnectProviderThumbprint,
        Self::UpdateRole,
        Self::UpdateRoleDescription,
        Self::UpdateSAMLProvider,
        Self::UpdateSSHPublicKey,
        Self::UpdateServerCertificate,
        Self::UpdateServiceSpecificCredential,
        Self::UpdateSigningCertificate,
        Self::UpdateUser,
        Self::UploadSSHPublicKey,
        Self::UploadServerCertificate,
        Self::UploadSigningCertificate,
    ];

    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::AcceptDelegationRequest => "AcceptDelegationRequest",
            Self::AcquireRole => "AcquireRole",
            Self::AddClientIDToOpenIDConnectProvider => "AddClientIDToOpenIDConnectProvider",
            Self::AddRoleToInstanceProfile => "AddRoleToInstanceProfile",
            Self::AddUserToGroup => "AddUserToGroup",
            Self::AssociateDelegationRequest => "AssociateDelegationRequest",
            Self::AttachGroupPolicy => "AttachGroupPolicy",
            Self::AttachRolePolicy => "AttachRolePolicy",
            Self::AttachUserPolicy => "AttachUserPolicy",
            Self::ChangePassword => "ChangePassword",
            Self::CreateAccessKey => "CreateAccessKey",
            Self::CreateAccountAlias => "CreateAccountAlias",
            Self::CreateDelegationRequest => "CreateDelegationRequest",
            Self::CreateGroup => "CreateGroup",
            Self::CreateInstanceProfile => "CreateInstanceProfile",
            Self::CreateLoginProfile => "CreateLoginProfile",
            Self::CreateOpenIDConnectProvider => "CreateOpenIDConnectProvider",
            Self::CreatePolicy => "CreatePolicy",
            Self::CreatePolicyVersion => "CreatePolicyVersion",
            Self::CreateRole => "CreateRole",
            Self::CreateSAMLProvider => "CreateSAMLProvider",
            Self::CreateServiceLinkedRole => "CreateServiceLinkedRole",
            Self::CreateServiceSpecificCredential => "CreateServiceSpecificCredential",
            Self::CreateUser => "CreateUser",
            Self::CreateVirtualMFADevice => "CreateVirtualMFADevice",
            Self::DeactivateMFADevice => "DeactivateMFADevice",
            Self::DeleteAccessKey => "DeleteAccessKey",
            Self::DeleteAccountAlias => "DeleteAccountAlias",
            Self::DeleteAccountPasswordPolicy => "DeleteAccountPasswordPolicy",
            Self::DeleteGroup => "DeleteGroup",
            Self::DeleteGroupPolicy => "DeleteGroupPolicy",
            Self::DeleteInstanceProfile => "DeleteInstanceProfile",
            Self::DeleteLoginProfile => "DeleteLoginProfile",
            Self::DeleteOpenIDConnectProvider => "DeleteOpenIDConnectProvider",
            Self::DeletePolicy => "DeletePolicy",
            Self::DeletePolicyVersion => "DeletePolicyVersion",
            Self::DeleteRole => "DeleteRole",
            Self::DeleteRolePermissionsBoundary => "DeleteRolePermissionsBoundary",
            Self::DeleteRolePolicy => "DeleteRolePolicy",
            Self::DeleteSAMLProvider => "DeleteSAMLProvider",
            Self::DeleteSSHPublicKey => "DeleteSSHPublicKey",
            Self::DeleteServerCertificate => "DeleteServerCertificate",
            Self::DeleteServiceLinkedRole => "DeleteServiceLinkedRole",
            Self::DeleteServiceSpecificCredential => "DeleteServiceSpecificCredential",
            Self::DeleteSigningCertificate => "DeleteSigningCertificate",
            Self::DeleteUser => "DeleteUser",
            Self::DeleteUserPermissionsBoundary => "DeleteUserPermissionsBoundary",
            Self::DeleteUserPolicy => "DeleteUserPolicy",
            Self::DeleteVirtualMFADevice => "DeleteVirtualMFADevice",
            Self::DetachGroupPolicy => "DetachGroupPolicy",
            Self::DetachRolePolicy => "DetachRolePolicy",
            Self::DetachUserPolicy => "DetachUserPolicy",
            Self::DisableOrganizationsRootCredentialsManagement => {
                "DisableOrganizationsRootCredentialsManagement"
            }
            Self::DisableOrganizationsRootSessions => "DisableOrganizationsRootSessions",
            Self::DisableOutboundWebIdentityFederation => "DisableOutboundWebIdentityFederation",
            Self::EnableMFADevice => "EnableMFADevice",
            Self::EnableOrganizationsRootCredentialsManagement => {
                "EnableOrganizationsRootCredentialsManagement"
            }
            Self::EnableOrganizationsRootSessions => "EnableOrganizationsRootSessions",
            Self::EnableOutboundWebIdentityFederation => "EnableOutboundWebIdentityFederation",
            Self::GenerateCredentialReport => "GenerateCredentialReport",
            Self::GenerateOrganizationsAccessReport => "GenerateOrganizationsAccessReport",
            Self::GenerateServiceLastAccessedDetails => "GenerateServiceLastAccessedDetails",
            Self::GetAccessKeyLastUsed => "GetAccessKeyLastUsed",
            Self::GetAccountAuthorizationDetails => "GetAccountAuthorizationDetails",
            Self::GetAccountPasswordPolicy => "GetAccountPasswordPolicy",
            Self::GetAccountProperties => "GetAccountProperties",
            Self::GetAccountSummary => "GetAccountSummary",
            Self::GetContextKeysForCustomPolicy => "GetContextKeysForCustomPolicy",
            Self::GetContextKeysForPrincipalPolicy => "GetContextKeysForPrincipalPolicy",
            Self::GetCredentialReport => "GetCredentialReport",
            Self::GetDelegationRequest => "GetDelegationRequest",
            Self::GetGroup => "GetGroup",
            Self::GetGroupPolicy => "GetGroupPolicy",
            Self::GetHumanReadableSummary => "GetHumanReadableSummary",
            Self::GetInstanceProfile => "GetInstanceProfile",
            Self::GetLoginProfile => "GetLoginProfile",
            Self::GetMFADevice => "GetMFADevice",
            Self::GetOpenIDConnectProvider => "GetOpenIDConnectProvider",
            Self::GetOrganizationsAccessReport => "GetOrganizationsAccessReport",
            Self::GetOutboundWebIdentityFederationInfo => "GetOutboundWebIdentityFederationInfo",
            Self::GetPolicy => "GetPolicy",
            Self::GetPolicyVersion => "GetPolicyVersion",
            Self::GetRole => "GetRole",
            Self::GetRolePolicy => "GetRolePolicy",
            Self::GetRoleTemplateVersion => "GetRoleTemplateVersion",
            Self::GetSAMLProvider => "GetSAMLProvider",
            Self::GetSSHPublicKey => "GetSSHPublicKey",
            Self::GetServerCertificate => "GetServerCertificate",
            Self::GetServiceLastAccessedDetails => "GetServiceLastAccessedDetails",
            Self::GetServiceLastAccessedDetailsWithEntities => "GetServiceLastAccessedDetailsWithEntities",
            Self::GetServiceLinkedRoleDeletionStatus => "GetServiceLinkedRoleDeletionStatus",
            Self::GetUser => "GetUser",
            Self::GetUserPolicy => "GetUserPolicy",
            Self::ListAccessKeys => "ListAccessKeys",
            Self::ListAccountAliases => "ListAccountAliases",
            Self::ListAttachedGroupPolicies => "ListAttachedGroupPolicies",
            Self::ListAttachedRolePolicies => "ListAttachedRolePolicies",
            Self::ListAttachedUserPolicies => "ListAttachedUserPolicies",
            Self::ListDelegationRequests => "ListDelegationRequests",
            Self::ListEntitiesForPolicy => "ListEntitiesForPolicy",
            Self::ListGroupPolicies => "ListGroupPolicies",
            Self::ListGroups => "ListGroups",
            Self::ListGroupsForUser => "ListGroupsForUser",
            Self::ListInstanceProfileTags => "ListInstanceProfileTags",
            Self::ListInstanceProfiles => "ListInstanceProfiles",
            Self::ListInstanceProfilesForRole => "ListInstanceProfilesForRole",
            Self::ListMFADeviceTags => "ListMFADeviceTags",
            Self::ListMFADevices => "ListMFADevices",
            Self::ListOpenIDConnectProviderTags => "ListOpenIDConnectProviderTags",
            Self::ListOpenIDConnectProviders => "ListOpenIDConnectProviders",
            Self::ListOrganizationsFeatures => "ListOrganizationsFeatures",
            Self::ListPolicies => "ListPolicies",
            Self::ListPoliciesGrantingServiceAccess => "ListPoliciesGrantingServiceAccess",
            Self::ListPolicyTags => "ListPolicyTags",
            Self::ListPolicyVersions => "ListPolicyVersions",
            Self::ListRolePolicies => "ListRolePolicies",
            Self::ListRoleTags => "ListRoleTags",
            Self::ListRoles => "ListRoles",
            Self::ListSAMLProviderTags => "ListSAMLProviderTags",
            Self::ListSAMLProviders => "ListSAMLProviders",
            Self::ListSSHPublicKeys => "ListSSHPublicKeys",
            Self::ListServerCertificateTags => "ListServerCertificateTags",
            Self::ListServerCertificates => "ListServerCertificates",
            Self::ListServiceSpecificCredentials => "ListServiceSpecificCredentials",
            Self::ListSigningCertificates => "ListSigningCertificates",
            Self::ListUserPolicies => "ListUserPolicies",
            Self::ListUserTags => "ListUserTags",
            Self::ListUsers => "ListUsers",
            Self::ListVirtualMFADevices => "ListVirtualMFADevices",
            Self::PutAccountProperties => "PutAccountProperties",
            Self::PutGroupPolicy => "PutGroupPolicy",
            Self::PutRolePermissionsBoundary => "PutRolePermissionsBoundary",
            Self::PutRolePolicy => "PutRolePolicy",
            Self::PutUserPermissionsBoundary => "PutUserPermissionsBoundary",
            Self::PutUserPolicy => "PutUserPolicy",
            Self::RejectDelegationRequest => "RejectDelegationRequest",
            Self::RemoveClientIDFromOpenIDConnectProvider => "RemoveClientIDFromOpenIDConnectProvider",
            Self::RemoveRoleFromInstanceProfile => "RemoveRoleFromInstanceProfile",
            Self::RemoveUserFromGroup => "RemoveUserFromGroup",
            Self::ResetServiceSpecificCredential => "ResetServiceSpecificCredential",
            Self::ResyncMFADevice => "ResyncMFADevice",
            Self::SendDelegationToken => "SendDelegationToken",
            Self::SetDefaultPolicyVersion => "SetDefaultPolicyVersion",
            Self::SetSecurityTokenServicePreferences => "SetSecurityTokenServicePreferences",
            Self::SimulateCustomPolicy => "SimulateCustomPolicy",
            Self::SimulatePrincipalPolicy => "SimulatePrincipalPolicy",
            Self::TagInstanceProfile => "TagInstanceProfile",
            Self::TagMFADevice => "TagMFADevice",
            Self::TagOpenIDConnectProvider => "TagOpenIDConnectProvider",
            Self::TagPolicy => "TagPolicy",
            Self::TagRole => "TagRole",
            Self::TagSAMLProvider => "TagSAMLProvider",
            Self::TagServerCertificate => "TagServerCertificate",
            Self::TagUser => "TagUser",
            Self::UntagInstanceProfile => "UntagInstanceProfile",
            Self::UntagMFADevice => "UntagMFADevice",
            Self::UntagOpenIDConnectProvider => "UntagOpenIDConnectProvider",
            Self::UntagPolicy => "UntagPolicy",
            Self::UntagRole => "UntagRole",
            Self::UntagSAMLProvider => "UntagSAMLProvider",
            Self::UntagServerCertificate => "UntagServerCertificate",
            Self::UntagUser => "UntagUser",
            Self::UpdateAccessKey => "UpdateAccessKey",
            Self::UpdateAccountPasswordPolicy => "UpdateAccountPasswordPolicy",
            Self::UpdateAssumeRolePolicy => "UpdateAssumeRolePolicy",
            Self::UpdateDelegationRequest => "UpdateDelegationRequest",
            Self::UpdateGroup => "UpdateGroup",
            Self::UpdateLoginProfile => "UpdateLoginProfile",
            Self::UpdateOpenIDConnectProviderThumbprint => "UpdateOpenIDConnectProviderThumbprint",
            Self::UpdateRole => "UpdateRole",
            Self::UpdateRoleDescription => "UpdateRoleDescription",
            Self::UpdateSAMLProvider => "UpdateSAMLProvider",
            Self::UpdateSSHPublicKey => "UpdateSSHPublicKey",
            Self::UpdateServerCertificate => "UpdateServerCertificate",
            Self::UpdateServiceSpecificCredential => "UpdateServiceSpecificCredential",
            Self::UpdateSigningCertificate => "UpdateSigningCertificate",
            Self::UpdateUser => "UpdateUser",
            Self::UploadSSHPublicKey => "UploadSSHPublicKey",
            Self::UploadServerCertificate => "UploadServerCertificate",
            Self::UploadSigningCertificate => "UploadSigningCertificate",
        }
    }

    /// The operation of a name, if there is one.
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "AcceptDelegationRequest" => Self::AcceptDelegationRequest,
            "AcquireRole" => Self::AcquireRole,
            "AddClientIDToOpenIDConnectProvider" => Self::AddClientIDToOpenIDConnectProvider,
            "AddRoleToInstanceProfile" => Self::AddRoleToInstanceProfile,
            "AddUserToGroup" => Self::AddUserToGroup,
            "AssociateDelegationRequest" => Self::AssociateDelegationRequest,
            "AttachGroupPolicy" => Self::AttachGroupPolicy,
            "AttachRolePolicy" => Self::AttachRolePolicy,
            "AttachUserPolicy" => Self::AttachUserPolicy,
            "ChangePassword" => Self::ChangePassword,
            "CreateAccessKey" => Self::CreateAccessKey,
            "CreateAccountAlias" => Self::CreateAccountAlias,
            "CreateDelegationRequest" => Self::CreateDelegationRequest,
            "CreateGroup" => Self::CreateGroup,
            "CreateInstanceProfile" => Self::CreateInstanceProfile,
            "CreateLoginProfile" => Self::CreateLoginProfile,
            "CreateOpenIDConnectProvider" => Self::CreateOpenIDConnectProvider,
            "CreatePolicy" => Self::CreatePolicy,
            "CreatePolicyVersion" => Self::CreatePolicyVersion,
            "CreateRole" => Self::CreateRole,
            "CreateSAMLProvider" => Self::CreateSAMLProvider,
            "CreateServiceLinkedRole" => Self::CreateServiceLinkedRole,
            "CreateServiceSpecificCredential" => Self::CreateServiceSpecificCredential,
            "CreateUser" => Self::CreateUser,
            "CreateVirtualMFADevice" => Self::CreateVirtualMFADevice,
            "DeactivateMFADevice" => Self::DeactivateMFADevice,
            "DeleteAccessKey" => Self::DeleteAccessKey,
            "DeleteAccountAlias" => Self::DeleteAccountAlias,
            "DeleteAccountPasswordPolicy" => Self::DeleteAccountPasswordPolicy,
            "DeleteGroup" => Self::DeleteGroup,
            "DeleteGroupPolicy" => Self::DeleteGroupPolicy,
            "DeleteInstanceProfile" => Self::DeleteInstanceProfile,
            "DeleteLoginProfile" => Self::DeleteLoginProfile,
            "DeleteOpenIDConnectProvider" => Self::DeleteOpenIDConnectProvider,
            "DeletePolicy" => Self::DeletePolicy,
            "DeletePolicyVersion" => Self::DeletePolicyVersion,
            "DeleteRole" => Self::DeleteRole,
            "DeleteRolePermissionsBoundary" => Self::DeleteRolePermissionsBoundary,
            "DeleteRolePolicy" => Self::DeleteRolePolicy,
            "DeleteSAMLProvider" => Self::DeleteSAMLProvider,
            "DeleteSSHPublicKey" => Self::DeleteSSHPublicKey,
            "DeleteServerCertificate" => Self::DeleteServerCertificate,
            "DeleteServiceLinkedRole" => Self::DeleteServiceLinkedRole,
            "DeleteServiceSpecificCredential" => Self::DeleteServiceSpecificCredential,
            "DeleteSigningCertificate" => Self::DeleteSigningCertificate,
            "DeleteUser" => Self::DeleteUser,
            "DeleteUserPermissionsBoundary" => Self::DeleteUserPermissionsBoundary,
            "DeleteUserPolicy" => Self::DeleteUserPolicy,
            "DeleteVirtualMFADevice" => Self::DeleteVirtualMFADevice,
            "DetachGroupPolicy" => Self::DetachGroupPolicy,
            "DetachRolePolicy" => Self::DetachRolePolicy,
            "DetachUserPolicy" => Self::DetachUserPolicy,
            "DisableOrganizationsRootCredentialsManagement" => {
                Self::DisableOrganizationsRootCredentialsManagement
            }
            "DisableOrganizationsRootSessions" => Self::DisableOrganizationsRootSessions,
            "DisableOutboundWebIdentityFederation" => Self::DisableOutboundWebIdentityFederation,
            "EnableMFADevice" => Self::EnableMFADevice,
            "EnableOrganizationsRootCredentialsManagement" => {
                Self::EnableOrganizationsRootCredentialsManagement
            }
            "EnableOrganizationsRootSessions" => Self::EnableOrganizationsRootSessions,
            "EnableOutboundWebIdentityFederation" => Self::EnableOutboundWebIdentityFederation,
            "GenerateCredentialReport" => Self::GenerateCredentialReport,
            "GenerateOrganizationsAccessReport" => Self::GenerateOrganizationsAccessReport,
            "GenerateServiceLastAccessedDetails" => Self::GenerateServiceLastAccessedDetails,
            "GetAccessKeyLastUsed" => Self::GetAccessKeyLastUsed,
            "GetAccountAuthorizationDetails" => Self::GetAccountAuthorizationDetails,
            "GetAccountPasswordPolicy" => Self::GetAccountPasswordPolicy,
            "GetAccountProperties" => Self::GetAccountProperties,
            "GetAccountSummary" => Self::GetAccountSummary,
            "GetContextKeysForCustomPolicy" => Self::GetContextKeysForCustomPolicy,
            "GetContextKeysForPrincipalPolicy" => Self::GetContextKeysForPrincipalPolicy,
            "GetCredentialReport" => Self::GetCredentialReport,
            "GetDelegationRequest" => Self::GetDelegationRequest,
            "GetGroup" => Self::GetGroup,
            "GetGroupPolicy" => Self::GetGroupPolicy,
            "GetHumanReadableSummary" => Self::GetHumanReadableSummary,
            "GetInstanceProfile" => Self::GetInstanceProfile,
            "GetLoginProfile" => Self::GetLoginProfile,
            "GetMFADevice" => Self::GetMFADevice,
            "GetOpenIDConnectProvider" => Self::GetOpenIDConnectProvider,
            "GetOrganizationsAccessReport" => Self::GetOrganizationsAccessReport,
            "GetOutboundWebIdentityFederationInfo" => Self::GetOutboundWebIdentityFederationInfo,
            "GetPolicy" => Self::GetPolicy,
            "GetPolicyVersion" => Self::GetPolicyVersion,
            "GetRole" => Self::GetRole,
            "GetRolePolicy" => Self::GetRolePolicy,
            "GetRoleTemplateVersion" => Self::GetRoleTemplateVersion,
            "GetSAMLProvider" => Self::GetSAMLProvider,
            "GetSSHPublicKey" => Self::GetSSHPublicKey,
            "GetServerCertificate" => Self::GetServerCertificate,
            "GetServiceLastAccessedDetails" => Self::GetServiceLastAccessedDetails,
            "GetServiceLastAccessedDetailsWithEntities" => Self::GetServiceLastAccessedDetailsWithEntities,
            "GetServiceLinkedRoleDeletionStatus" => Self::GetServiceLinkedRoleDeletionStatus,
            "GetUser" => Self::GetUser,
            "GetUserPolicy" => Self::GetUserPolicy,
            "ListAccessKeys" => Self::ListAccessKeys,
            "ListAccountAliases" => Self::ListAccountAliases,
            "ListAttachedGroupPolicies" => Self::ListAttachedGroupPolicies,
            "ListAttachedRolePolicies" => Self::ListAttachedRolePolicies,
            "ListAttachedUserPolicies" => Self::ListAttachedUserPolicies,
            "ListDelegationRequests" => Self::ListDelegationRequests,
            "ListEntitiesForPolicy" => Self::ListEntitiesForPolicy,
            "ListGroupPolicies" => Self::ListGroupPolicies,
            "ListGroups" => Self::ListGroups,
            "ListGroupsForUser" => Self::ListGroupsForUser,
            "ListInstanceProfileTags" => Self::ListInstanceProfileTags,
            "ListInstanceProfiles" => Self::ListInstanceProfiles,
            "ListInstanceProfilesForRole" => Self::ListInstanceProfilesForRole,
            "ListMFADeviceTags" => Self::ListMFADeviceTags,
            "ListMFADevices" => Self::ListMFADevices,
            "ListOpenIDConnectProviderTags" => Self::ListOpenIDConnectProviderTags,
            "ListOpenIDConnectProviders" => Self::ListOpenIDConnectProviders,
            "ListOrganizationsFeatures" => Self::ListOrganizationsFeatures,
            "ListPolicies" => Self::ListPolicies,
            "ListPoliciesGrantingServiceAccess" => Self::ListPoliciesGrantingServiceAccess,
            "ListPolicyTags" => Self::ListPolicyTags,
            "ListPolicyVersions" => Self::ListPolicyVersions,
            "ListRolePolicies" => Self::ListRolePolicies,
            "ListRoleTags" => Self::ListRoleTags,
            "ListRoles" => Self::ListRoles,
            "ListSAMLProviderTags" => Self::ListSAMLProviderTags,
            "ListSAMLProviders" => Self::ListSAMLProviders,
            "ListSSHPublicKeys" => Self::ListSSHPublicKeys,
            "ListServerCertificateTags" => Self::ListServerCertificateTags,
            "ListServerCertificates" => Self::ListServerCertificates,
            "ListServiceSpecificCredentials" => Self::ListServiceSpecificCredentials,
            "ListSigningCertificates" => Self::ListSigningCertificates,
            "ListUserPolicies" => Self::ListUserPolicies,
            "ListUserTags" => Self::ListUserTags,
            "ListUsers" => Self::ListUsers,
            "ListVirtualMFADevices" => Self::ListVirtualMFADevices,
            "PutAccountProperties" => Self::PutAccountProperties,
            "PutGroupPolicy" => Self::PutGroupPolicy,
            "PutRolePermissionsBoundary" => Self::PutRolePermissionsBoundary,
            "PutRolePolicy" => Self::PutRolePolicy,
            "PutUserPermissionsBoundary" => Self::PutUserPermissionsBoundary,
            "PutUserPolicy" => Self::PutUserPolicy,
            "RejectDelegationRequest" => Self::RejectDelegationRequest,
            "RemoveClientIDFromOpenIDConnectProvider" => Self::RemoveClientIDFromOpenIDConnectProvider,
            "RemoveRoleFromInstanceProfile" => Self::RemoveRoleFromInstanceProfile,
            "RemoveUserFromGroup" => Self::RemoveUserFromGroup,
            "ResetServiceSpecificCredential" => Self::ResetServiceSpecificCredential,
            "ResyncMFADevice" => Self::ResyncMFADevice,
            "SendDelegationToken" => Self::SendDelegationToken,
            "SetDefaultPolicyVersion" => Self::SetDefaultPolicyVersion,
            "SetSecurityTokenServicePreferences" => Self::SetSecurityTokenServicePreferences,
            "SimulateCustomPolicy" => Self::SimulateCustomPolicy,
            "SimulatePrincipalPolicy" => Self::SimulatePrincipalPolicy,
            "TagInstanceProfile" => Self::TagInstanceProfile,
            "TagMFADevice" => Self::TagMFADevice,
            "TagOpenIDConnectProvider" => Self::TagOpenIDConnectProvider,
            "TagPolicy" => Self::TagPolicy,
            "TagRole" => Self::TagRole,
            "TagSAMLProvider" => Self::TagSAMLProvider,
            "TagServerCertificate" => Self::TagServerCertificate,
            "TagUser" => Self::TagUser,
            "UntagInstanceProfile" => Self::UntagInstanceProfile,
            "UntagMFADevice" => Self::UntagMFADevice,
            "UntagOpenIDConnectProvider" => Self::UntagOpenIDConnectProvider,
            "UntagPolicy" => Self::UntagPolicy,
            "UntagRole" => Self::UntagRole,
            "UntagSAMLProvider" => Self::UntagSAMLProvider,
            "UntagServerCertificate" => Self::UntagServerCertificate,
            "UntagUser" => Self::UntagUser,
            "UpdateAccessKey" => Self::UpdateAccessKey,
            "UpdateAccountPasswordPolicy" => Self::UpdateAccountPasswordPolicy,
            "UpdateAssumeRolePolicy" => Self::UpdateAssumeRolePolicy,
            "UpdateDelegationRequest" => Self::UpdateDelegationRequest,
            "UpdateGroup" => Self::UpdateGroup,
            "UpdateLoginProfile" => Self::UpdateLoginProfile,
            "UpdateOpenIDConnectProviderThumbprint" => Self::UpdateOpenIDConnectProviderThumbprint,
            "UpdateRole" => Self::UpdateRole,
            "UpdateRoleDescription" => Self::UpdateRoleDescription,
            "UpdateSAMLProvider" => Self::UpdateSAMLProvider,
            "UpdateSSHPublicKey" => Self::UpdateSSHPublicKey,
            "UpdateServerCertificate" => Self::UpdateServerCertificate,
            "UpdateServiceSpecificCredential" => Self::UpdateServiceSpecificCredential,
            "UpdateSigningCertificate" => Self::UpdateSigningCertificate,
            "UpdateUser" => Self::UpdateUser,
            "UploadSSHPublicKey" => Self::UploadSSHPublicKey,
            "UploadServerCertificate" => Self::UploadServerCertificate,
            "UploadSigningCertificate" => Self::UploadSigningCertificate,
            _ => return None,
        })
    }

    /// The members of its answer.
    pub fn output(self) -> &'static [&'static str] {
        match self {
            Self::AcceptDelegationRequest => &[],
            Self::AcquireRole => &["Role"],
            Self::AddClientIDToOpenIDConnectProvider => &[],
            Self::AddRoleToInstanceProfile => &[],
            Self::AddUserToGroup => &[],
            Self::AssociateDelegationRequest => &[],
            Self::AttachGroupPolicy => &[],
            Self::AttachRolePolicy => &[],
            Self::AttachUserPolicy => &[],
            Self::ChangePassword => &[],
            Self::CreateAccessKey => &["AccessKey"],
            Self::CreateAccountAlias => &[],
            Self::CreateDelegationRequest => &["ConsoleDeepLink", "DelegationRequestId"],
            Self::CreateGroup => &["Group"],
            Self::CreateInstanceProfile => &["InstanceProfile"],
            Self::CreateLoginProfile => &["LoginProfile"],
            Self::CreateOpenIDConnectProvider => &["OpenIDConnectProviderArn", "Tags"],
            Self::CreatePolicy => &["Policy"],
            Self::CreatePolicyVersion => &["PolicyVersion"],
            Self::CreateRole => &["Role"],
            Self::CreateSAMLProvider => &["SAMLProviderArn", "Tags"],
            Self::CreateServiceLinkedRole => &["Role"],
            Self::CreateServiceSpecificCredential => &["ServiceSpecificCredential"],
            Self::CreateUser => &["User"],
            Self::CreateVirtualMFADevice => &["VirtualMFADevice"],
            Self::DeactivateMFADevice => &[],
            Self::DeleteAccessKey => &[],
            Self::DeleteAccountAlias => &[],
            Self::DeleteAccountPasswordPolicy => &[],
            Self::DeleteGroup => &[],
            Self::DeleteGroupPolicy => &[],
            Self::DeleteInstanceProfile => &[],
            Self::DeleteLoginProfile => &[],
            Self::DeleteOpenIDConnectProvider => &[],
            Self::DeletePolicy => &[],
            Self::DeletePolicyVersion => &[],
            Self::DeleteRole => &[],
            Self::DeleteRolePermissionsBoundary => &[],
            Self::DeleteRolePolicy => &[],
            Self::DeleteSAMLProvider => &[],
            Self::DeleteSSHPublicKey => &[],
            Self::DeleteServerCertificate => &[],
            Self::DeleteServiceLinkedRole => &["DeletionTaskId"],
            Self::DeleteServiceSpecificCredential => &[],
            Self::DeleteSigningCertificate => &[],
            Self::DeleteUser => &[],
            Self::DeleteUserPermissionsBoundary => &[],
            Self::DeleteUserPolicy => &[],
            Self::DeleteVirtualMFADevice => &[],
            Self::DetachGroupPolicy => &[],
            Self::DetachRolePolicy => &[],
            Self::DetachUserPolicy => &[],
            Self::DisableOrganizationsRootCredentialsManagement => &["EnabledFeatures", "OrganizationId"],
            Self::DisableOrganizationsRootSessions => &["EnabledFeatures", "OrganizationId"],
            Self::DisableOutboundWebIdentityFederation => &[],
            Self::EnableMFADevice => &[],
            Self::EnableOrganizationsRootCredentialsManagement => &["EnabledFeatures", "OrganizationId"],
            Self::EnableOrganizationsRootSessions => &["EnabledFeatures", "OrganizationId"],
            Self::EnableOutboundWebIdentityFederation => &["IssuerIdentifier"],
            Self::GenerateCredentialReport => &["Description", "State"],
            Self::GenerateOrganizationsAccessReport => &["JobId"],
            Self::GenerateServiceLastAccessedDetails => &["JobId"],
            Self::GetAccessKeyLastUsed => &["AccessKeyLastUsed", "UserName"],
            Self::GetAccountAuthorizationDetails => {
                &["GroupDetailList", "IsTruncated", "Marker", "Policies", "RoleDetailList", "UserDetailList"]
            }
            Self::GetAccountPasswordPolicy => &["PasswordPolicy"],
            Self::GetAccountProperties => &["Properties"],
            Self::GetAccountSummary => &["SummaryMap"],
            Self::GetContextKeysForCustomPolicy => &["ContextKeyNames"],
            Self::GetContextKeysForPrincipalPolicy => &["ContextKeyNames"],
            Self::GetCredentialReport => &["Content", "GeneratedTime", "ReportFormat"],
            Self::GetDelegationRequest => {
                &["DelegationRequest", "PermissionCheckResult", "PermissionCheckStatus"]
            }
            Self::GetGroup => &["Group", "IsTruncated", "Marker", "Users"],
            Self::GetGroupPolicy => &["GroupName", "PolicyDocument", "PolicyName"],
            Self::GetHumanReadableSummary => &["Locale", "SummaryContent", "SummaryState"],
            Self::GetInstanceProfile => &["InstanceProfile"],
            Self::GetLoginProfile => &["LoginProfile"],
            Self::GetMFADevice => &["Certifications", "EnableDate", "SerialNumber", "UserName"],
            Self::GetOpenIDConnectProvider => {
                &["ClientIDList", "CreateDate", "Tags", "ThumbprintList", "Url"]
            }
            Self::GetOrganizationsAccessReport => &[
                "AccessDetails",
                "ErrorDetails",
                "IsTruncated",
                "JobCompletionDate",
                "JobCreationDate",
                "JobStatus",
                "Marker",
                "NumberOfServicesAccessible",
                "NumberOfServicesNotAccessed",
            ],
            Self::GetOutboundWebIdentityFederationInfo => &["IssuerIdentifier", "JwtVendingEnabled"],
            Self::GetPolicy => &["Policy"],
            Self::GetPolicyVersion => &["PolicyVersion"],
            Self::GetRole => &["Role"],
            Self::GetRolePolicy => &["PolicyDocument", "PolicyName", "RoleName"],
            Self::GetRoleTemplateVersion => &["RoleTemplateVersion"],
            Self::GetSAMLProvider => &[
                "AssertionEncryptionMode",
                "CreateDate",
                "PrivateKeyList",
                "SAMLMetadataDocument",
                "SAMLProviderUUID",
                "Tags",
                "ValidUntil",
            ],
            Self::GetSSHPublicKey => &["SSHPublicKey"],
            Self::GetServerCertificate => &["ServerCertificate"],
            Self::GetServiceLastAccessedDetails => &[
                "Error",
                "IsTruncated",
                "JobCompletionDate",
                "JobCreationDate",
                "JobStatus",
                "JobType",
                "Marker",
                "ServicesLastAccessed",
            ],
            Self::GetServiceLastAccessedDetailsWithEntities => &[
                "EntityDetailsList",
                "Error",
                "IsTruncated",
                "JobCompletionDate",
                "JobCreationDate",
                "JobStatus",
                "Marker",
            ],
            Self::GetServiceLinkedRoleDeletionStatus => &["Reason", "Status"],
            Self::GetUser => &["User"],
            Self::GetUserPolicy => &["PolicyDocument", "PolicyName", "UserName"],
            Self::ListAccessKeys => &["AccessKeyMetadata", "IsTruncated", "Marker"],
            Self::ListAccountAliases => &["AccountAliases", "IsTruncated", "Marker"],
            Self::ListAttachedGroupPolicies => &["AttachedPolicies", "IsTruncated", "Marker"],
            Self::ListAttachedRolePolicies => &["AttachedPolicies", "IsTruncated", "Marker"],
            Self::ListAttachedUserPolicies => &["AttachedPolicies", "IsTruncated", "Marker"],
            Self::ListDelegationRequests => &["DelegationRequests", "Marker", "isTruncated"],
            Self::ListEntitiesForPolicy => {
                &["IsTruncated", "Marker", "PolicyGroups", "PolicyRoles", "PolicyUsers"]
            }
            Self::ListGroupPolicies => &["IsTruncated", "Marker", "PolicyNames"],
            Self::ListGroups => &["Groups", "IsTruncated", "Marker"],
            Self::ListGroupsForUser => &["Groups", "IsTruncated", "Marker"],
            Self::ListInstanceProfileTags => &["IsTruncated", "Marker", "Tags"],
            Self::ListInstanceProfiles => &["InstanceProfiles", "IsTruncated", "Marker"],
            Self::ListInstanceProfilesForRole => &["InstanceProfiles", "IsTruncated", "Marker"],
            Self::ListMFADeviceTags => &["IsTruncated", "Marker", "Tags"],
            Self::ListMFADevices => &["IsTruncated", "MFADevices", "Marker"],
            Self::ListOpenIDConnectProviderTags => &["IsTruncated", "Marker", "Tags"],
            Self::ListOpenIDConnectProviders => &["OpenIDConnectProviderList"],
            Self::ListOrganizationsFeatures => &["EnabledFeatures", "OrganizationId"],
            Self::ListPolicies => &["IsTruncated", "Marker", "Policies"],
            Self::ListPoliciesGrantingServiceAccess => {
                &["IsTruncated", "Marker", "PoliciesGrantingServiceAccess"]
            }
            Self::ListPolicyTags => &["IsTruncated", "Marker", "Tags"],
            Self::ListPolicyVersions => &["IsTruncated", "Marker", "Versions"],
            Self::ListRolePolicies => &["IsTruncated", "Marker", "PolicyNames"],
            Self::ListRoleTags => &["IsTruncated", "Marker", "Tags"],
            Self::ListRoles => &["IsTruncated", "Marker", "Roles"],
            Self::ListSAMLProviderTags => &["IsTruncated", "Marker", "Tags"],
            Self::ListSAMLProviders => &["SAMLProviderList"],
            Self::ListSSHPublicKeys => &["IsTruncated", "Marker", "SSHPublicKeys"],
            Self::ListServerCertificateTags => &["IsTruncated", "Marker", "Tags"],
            Self::ListServerCertificates => &["IsTruncated", "Marker", "ServerCertificateMetadataList"],
            Self::ListServiceSpecificCredentials => &["IsTruncated", "Marker", "ServiceSpecificCredentials"],
            Self::ListSigningCertificates => &["Certificates", "IsTruncated", "Marker"],
            Self::ListUserPolicies => &["IsTruncated", "Marker", "PolicyNames"],
            Self::ListUserTags => &["IsTruncated", "Marker", "Tags"],
            Self::ListUsers => &["IsTruncated", "Marker", "Users"],
            Self::ListVirtualMFADevices => &["IsTruncated", "Marker", "VirtualMFADevices"],
            Self::PutAccountProperties => &[],
            Self::PutGroupPolicy => &[],
            Self::PutRolePermissionsBoundary => &[],
            Self::PutRolePolicy => &[],
            Self::PutUserPermissionsBoundary => &[],
            Self::PutUserPolicy => &[],
            Self::RejectDelegationRequest => &[],
            Self::RemoveClientIDFromOpenIDConnectProvider => &[],
            Self::RemoveRoleFromInstanceProfile => &[],
            Self::RemoveUserFromGroup => &[],
            Self::ResetServiceSpecificCredential => &["ServiceSpecificCredential"],
            Self::ResyncMFADevice => &[],
            Self::SendDelegationToken => &[],
            Self::SetDefaultPolicyVersion => &[],
            Self::SetSecurityTokenServicePreferences => &[],
            Self::SimulateCustomPolicy => &["EvaluationResults", "IsTruncated", "Marker"],
            Self::SimulatePrincipalPolicy => &["EvaluationResults", "IsTruncated", "Marker"],
            Self::TagInstanceProfile => &[],
            Self::TagMFADevice => &[],
            Self::TagOpenIDConnectProvider => &[],
            Self::TagPolicy => &[],
            Self::TagRole => &[],
            Self::TagSAMLProvider => &[],
            Self::TagServerCertificate => &[],
            Self::TagUser => &[],
            Self::UntagInstanceProfile => &[],
            Self::UntagMFADevice => &[],
            Self::UntagOpenIDConnectProvider => &[],
            Self::UntagPolicy => &[],
            Self::UntagRole => &[],
            Self::UntagSAMLProvider => &[],
            Self::UntagServerCertificate => &[],
            Self::UntagUser => &[],
            Self::UpdateAccessKey => &[],
            Self::UpdateAccountPasswordPolicy => &[],
            Self::UpdateAssumeRolePolicy => &[],
            Self::UpdateDelegationRequest => &[],
            Self::UpdateGroup => &[],
            Self::UpdateLoginProfile => &[],
            Self::UpdateOpenIDConnectProviderThumbprint => &[],
            Self::UpdateRole => &[],
            Self::UpdateRoleDescription => &["Role"],
            Self::UpdateSAMLProvider => &["SAMLProviderArn"],
            Self::UpdateSSHPublicKey => &[],
            Self::UpdateServerCertificate => &[],
            Self::UpdateServiceSpecificCredential => &[],
            Self::UpdateSigningCertificate => &[],
            Self::UpdateUser => &[],
            Self::UploadSSHPublicKey => &["SSHPublicKey"],
            Self::UploadServerCertificate => &["ServerCertificateMetadata", "Tags"],
            Self::UploadSigningCertificate => &["Certificate"],
        }
    }
}

/// The codes of the modelled errors with their HTTP status, ascending.
pub const ERRORS: &[(&str, u16)] = &[
    ("ConcurrentModification", 409),
    ("DeleteConflict", 409),
    ("DuplicateCertificate", 409),
    ("DuplicateSSHPublicKey", 400),
    ("EntityAlreadyExists", 409),
    ("EntityTemporarilyUnmodifiable", 409),
    ("FeatureDisabled", 404),
    ("FeatureEnabled", 409),
    ("InvalidAuthenticationCode", 403),
    ("InvalidCertificate", 400),
    ("InvalidInput", 400),
    ("InvalidPublicKey", 400),
    ("InvalidUserType", 400),
    ("KeyPairMismatch", 400),
    ("LimitExceeded", 409),
    ("MalformedCertificate", 400),
    ("MalformedPolicyDocument", 400),
    ("NameConflict", 409),
    ("NoSuchEntity", 404),
    ("NotSupportedService", 404),
    ("OpenIdIdpCommunicationError", 400),
    ("PasswordPolicyViolation", 400),
    ("PolicyEvaluation", 500),
    ("PolicyNotAttachable", 400),
    ("ReportExpired", 410),
    ("ReportGenerationLimitExceeded", 409),
    ("ReportInProgress", 404),
    ("ReportNotPresent", 410),
    ("RoleModified", 409),
    ("RoleTemplateDisabled", 400),
    ("ServiceFailure", 500),
    ("UnmodifiableEntity", 400),
    ("UnrecognizedPublicKeyEncoding", 400),
];

/// `AddClientIDToOpenIDConnectProviderRequest`
#[derive(Default)]
pub struct AddClientIDToOpenIDConnectProviderRequest<'a> {
    /// `ClientID`, required
    pub client_id: Option<Text<'a>>,
    /// `OpenIDConnectProviderArn`, required
    pub open_id_connect_provider_arn: Option<Text<'a>>,
}

impl<'a> Structure<'a> for AddClientIDToOpenIDConnectProviderRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            client_id: reader.text("ClientID", &CLIENT_ID_TYPE)?,
            open_id_connect_provider_arn: reader.text("OpenIDConnectProviderArn", &ARN_TYPE)?,
        };
        reader.require("OpenIDConnectProviderArn", read.open_id_connect_provider_arn.is_some());
        reader.require("ClientID", read.client_id.is_some());
        Ok(read)
    }
}

/// `AddUserToGroupRequest`
#[derive(Default)]
pub struct AddUserToGroupRequest<'a> {
    /// `GroupName`, required
    pub group_name: Option<Text<'a>>,
    /// `UserName`, required
    pub user_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for AddUserToGroupRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            group_name: reader.text("GroupName", &GROUP_NAME_TYPE)?,
            user_name: reader.text("UserName", &EXISTING_USER_NAME_TYPE)?,
        };
        reader.require("GroupName", read.group_name.is_some());
        reader.require("UserName", read.user_name.is_some());
        Ok(read)
    }
}

/// `AttachGroupPolicyRequest`
#[derive(Default)]
pub struct AttachGroupPolicyRequest<'a> {
    /// `GroupName`, required
    pub group_name: Option<Text<'a>>,
    /// `PolicyArn`, required
    pub policy_arn: Option<Text<'a>>,
}

impl<'a> Structure<'a> for AttachGroupPolicyRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            group_name: reader.text("GroupName", &GROUP_NAME_TYPE)?,
            policy_arn: reader.text("PolicyArn", &ARN_TYPE)?,
        };
        reader.require("GroupName", read.group_name.is_some());
        reader.require("PolicyArn", read.policy_arn.is_some());
        Ok(read)
    }
}

/// `AttachRolePolicyRequest`
#[derive(Default)]
pub struct AttachRolePolicyRequest<'a> {
    /// `PolicyArn`, required
    pub policy_arn: Option<Text<'a>>,
    /// `RoleName`, required
    pub role_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for AttachRolePolicyRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            policy_arn: reader.text("PolicyArn", &ARN_TYPE)?,
            role_name: reader.text("RoleName", &ROLE_NAME_TYPE)?,
        };
        reader.require("RoleName", read.role_name.is_some());
        reader.require("PolicyArn", read.policy_arn.is_some());
        Ok(read)
    }
}

/// `AttachUserPolicyRequest`
#[derive(Default)]
pub struct AttachUserPolicyRequest<'a> {
    /// `PolicyArn`, required
    pub policy_arn: Option<Text<'a>>,
    /// `UserName`, required
    pub user_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for AttachUserPolicyRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            policy_arn: reader.text("PolicyArn", &ARN_TYPE)?,
            user_name: reader.text("UserName", &USER_NAME_TYPE)?,
        };
        reader.require("UserName", read.user_name.is_some());
        reader.require("PolicyArn", read.policy_arn.is_some());
        Ok(read)
    }
}

/// `ContextEntry`
#[derive(Default)]
pub struct ContextEntry<'a> {
    /// `ContextKeyName`
    pub context_key_name: Option<Text<'a>>,
    /// `ContextKeyType`
    pub context_key_type: Option<Text<'a>>,
    /// `ContextKeyValues`
    pub context_key_values: Option<Vec<Text<'a>>>,
}

impl<'a> Structure<'a> for ContextEntry<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        Ok(Self {
            context_key_name: reader.text("ContextKeyName", &CONTEXT_KEY_NAME_TYPE)?,
            context_key_type: reader.text("ContextKeyType", &CONTEXT_KEY_TYPE_ENUM)?,
            context_key_values: reader.texts(
                "ContextKeyValues",
                &CONTEXT_KEY_VALUE_LIST_TYPE,
                &CONTEXT_KEY_VALUE_TYPE,
            )?,
        })
    }
}

/// `CreateAccessKeyRequest`
#[derive(Default)]
pub struct CreateAccessKeyRequest<'a> {
    /// `UserName`
    pub user_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for CreateAccessKeyRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        Ok(Self { user_name: reader.text("UserName", &EXISTING_USER_NAME_TYPE)? })
    }
}

/// `CreateAccountAliasRequest`
#[derive(Default)]
pub struct CreateAccountAliasRequest<'a> {
    /// `AccountAlias`, required
    pub account_alias: Option<Text<'a>>,
}

impl<'a> Structure<'a> for CreateAccountAliasRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self { account_alias: reader.text("AccountAlias", &ACCOUNT_ALIAS_TYPE)? };
        reader.require("AccountAlias", read.account_alias.is_some());
        Ok(read)
    }
}

/// `CreateGroupRequest`
#[derive(Default)]
pub struct CreateGroupRequest<'a> {
    /// `GroupName`, required
    pub group_name: Option<Text<'a>>,
    /// `Path`
    pub path: Option<Text<'a>>,
}

impl<'a> Structure<'a> for CreateGroupRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            group_name: reader.text("GroupName", &GROUP_NAME_TYPE)?,
            path: reader.text("Path", &PATH_TYPE)?,
        };
        reader.require("GroupName", read.group_name.is_some());
        Ok(read)
    }
}

/// `CreateOpenIDConnectProviderRequest`
#[derive(Default)]
pub struct CreateOpenIDConnectProviderRequest<'a> {
    /// `ClientIDList`
    pub client_id_list: Option<Vec<Text<'a>>>,
    /// `Tags`
    pub tags: Option<Vec<Tag<'a>>>,
    /// `ThumbprintList`
    pub thumbprint_list: Option<Vec<Text<'a>>>,
    /// `Url`, required
    pub url: Option<Text<'a>>,
}

impl<'a> Structure<'a> for CreateOpenIDConnectProviderRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            client_id_list: reader.texts("ClientIDList", &CLIENT_ID_LIST_TYPE, &CLIENT_ID_TYPE)?,
            tags: reader.structures("Tags", &TAG_LIST_TYPE)?,
            thumbprint_list: reader.texts("ThumbprintList", &THUMBPRINT_LIST_TYPE, &THUMBPRINT_TYPE)?,
            url: reader.text("Url", &OPEN_ID_CONNECT_PROVIDER_URL_TYPE)?,
        };
        reader.require("Url", read.url.is_some());
        Ok(read)
    }
}

/// `CreatePolicyRequest`
#[derive(Default)]
pub struct CreatePolicyRequest<'a> {
    /// `Description`
    pub description: Option<Text<'a>>,
    /// `Path`
    pub path: Option<Text<'a>>,
    /// `PolicyDocument`, required
    pub policy_document: Option<Text<'a>>,
    /// `PolicyName`, required
    pub policy_name: Option<Text<'a>>,
    /// `Tags`
    pub tags: Option<Vec<Tag<'a>>>,
}

impl<'a> Structure<'a> for CreatePolicyRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            description: reader.text("Description", &POLICY_DESCRIPTION_TYPE)?,
            path: reader.text("Path", &POLICY_PATH_TYPE)?,
            policy_document: reader.text("PolicyDocument", &POLICY_DOCUMENT_TYPE)?,
            policy_name: reader.text("PolicyName", &POLICY_NAME_TYPE)?,
            tags: reader.structures("Tags", &TAG_LIST_TYPE)?,
        };
        reader.require("PolicyName", read.policy_name.is_some());
        reader.require("PolicyDocument", read.policy_document.is_some());
        Ok(read)
    }
}

/// `CreatePolicyVersionRequest`
#[derive(Default)]
pub struct CreatePolicyVersionRequest<'a> {
    /// `PolicyArn`, required
    pub policy_arn: Option<Text<'a>>,
    /// `PolicyDocument`, required
    pub policy_document: Option<Text<'a>>,
    /// `SetAsDefault`
    pub set_as_default: Option<bool>,
}

impl<'a> Structure<'a> for CreatePolicyVersionRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            policy_arn: reader.text("PolicyArn", &ARN_TYPE)?,
            policy_document: reader.text("PolicyDocument", &POLICY_DOCUMENT_TYPE)?,
            set_as_default: reader.boolean("SetAsDefault")?,
        };
        reader.require("PolicyArn", read.policy_arn.is_some());
        reader.require("PolicyDocument", read.policy_document.is_some());
        Ok(read)
    }
}

/// `CreateRoleRequest`
#[derive(Default)]
pub struct CreateRoleRequest<'a> {
    /// `AssumeRolePolicyDocument`, required
    pub assume_role_policy_document: Option<Text<'a>>,
    /// `Description`
    pub description: Option<Text<'a>>,
    /// `MaxSessionDuration`
    pub max_session_duration: Option<i32>,
    /// `Path`
    pub path: Option<Text<'a>>,
    /// `PermissionsBoundary`
    pub permissions_boundary: Option<Text<'a>>,
    /// `RoleName`, required
    pub role_name: Option<Text<'a>>,
    /// `Tags`
    pub tags: Option<Vec<Tag<'a>>>,
}

impl<'a> Structure<'a> for CreateRoleRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            assume_role_policy_document: reader.text("AssumeRolePolicyDocument", &POLICY_DOCUMENT_TYPE)?,
            description: reader.text("Description", &ROLE_DESCRIPTION_TYPE)?,
            max_session_duration: reader.integer("MaxSessionDuration", &ROLE_MAX_SESSION_DURATION_TYPE)?,
            path: reader.text("Path", &PATH_TYPE)?,
            permissions_boundary: reader.text("PermissionsBoundary", &ARN_TYPE)?,
            role_name: reader.text("RoleName", &ROLE_NAME_TYPE)?,
            tags: reader.structures("Tags", &TAG_LIST_TYPE)?,
        };
        reader.require("RoleName", read.role_name.is_some());
        reader.require("AssumeRolePolicyDocument", read.assume_role_policy_document.is_some());
        Ok(read)
    }
}

/// `CreateUserRequest`
#[derive(Default)]
pub struct CreateUserRequest<'a> {
    /// `Path`
    pub path: Option<Text<'a>>,
    /// `PermissionsBoundary`
    pub permissions_boundary: Option<Text<'a>>,
    /// `Tags`
    pub tags: Option<Vec<Tag<'a>>>,
    /// `UserName`, required
    pub user_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for CreateUserRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            path: reader.text("Path", &PATH_TYPE)?,
            permissions_boundary: reader.text("PermissionsBoundary", &ARN_TYPE)?,
            tags: reader.structures("Tags", &TAG_LIST_TYPE)?,
            user_name: reader.text("UserName", &USER_NAME_TYPE)?,
        };
        reader.require("UserName", read.user_name.is_some());
        Ok(read)
    }
}

/// `CreateVirtualMFADeviceRequest`
#[derive(Default)]
pub struct CreateVirtualMFADeviceRequest<'a> {
    /// `Path`
    pub path: Option<Text<'a>>,
    /// `Tags`
    pub tags: Option<Vec<Tag<'a>>>,
    /// `VirtualMFADeviceName`, required
    pub virtual_mfa_device_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for CreateVirtualMFADeviceRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            path: reader.text("Path", &PATH_TYPE)?,
            tags: reader.structures("Tags", &TAG_LIST_TYPE)?,
            virtual_mfa_device_name: reader.text("VirtualMFADeviceName", &VIRTUAL_MFA_DEVICE_NAME)?,
        };
        reader.require("VirtualMFADeviceName", read.virtual_mfa_device_name.is_some());
        Ok(read)
    }
}

/// `DeactivateMFADeviceRequest`
#[derive(Default)]
pub struct DeactivateMFADeviceRequest<'a> {
    /// `SerialNumber`, required
    pub serial_number: Option<Text<'a>>,
    /// `UserName`
    pub user_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for DeactivateMFADeviceRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            serial_number: reader.text("SerialNumber", &SERIAL_NUMBER_TYPE)?,
            user_name: reader.text("UserName", &EXISTING_USER_NAME_TYPE)?,
        };
        reader.require("SerialNumber", read.serial_number.is_some());
        Ok(read)
    }
}

/// `DeleteAccessKeyRequest`
#[derive(Default)]
pub struct DeleteAccessKeyRequest<'a> {
    /// `AccessKeyId`, required
    pub access_key_id: Option<Text<'a>>,
    /// `UserName`
    pub user_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for DeleteAccessKeyRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            access_key_id: reader.text("AccessKeyId", &ACCESS_KEY_ID_TYPE)?,
            user_name: reader.text("UserName", &EXISTING_USER_NAME_TYPE)?,
        };
        reader.require("AccessKeyId", read.access_key_id.is_some());
        Ok(read)
    }
}

/// `DeleteAccountAliasRequest`
#[derive(Default)]
pub struct DeleteAccountAliasRequest<'a> {
    /// `AccountAlias`, required
    pub account_alias: Option<Text<'a>>,
}

impl<'a> Structure<'a> for DeleteAccountAliasRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self { account_alias: reader.text("AccountAlias", &ACCOUNT_ALIAS_TYPE)? };
        reader.require("AccountAlias", read.account_alias.is_some());
        Ok(read)
    }
}

/// `DeleteGroupPolicyRequest`
#[derive(Default)]
pub struct DeleteGroupPolicyRequest<'a> {
    /// `GroupName`, required
    pub group_name: Option<Text<'a>>,
    /// `PolicyName`, required
    pub policy_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for DeleteGroupPolicyRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            group_name: reader.text("GroupName", &GROUP_NAME_TYPE)?,
            policy_name: reader.text("PolicyName", &POLICY_NAME_TYPE)?,
        };
        reader.require("GroupName", read.group_name.is_some());
        reader.require("PolicyName", read.policy_name.is_some());
        Ok(read)
    }
}

/// `DeleteGroupRequest`
#[derive(Default)]
pub struct DeleteGroupRequest<'a> {
    /// `GroupName`, required
    pub group_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for DeleteGroupRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self { group_name: reader.text("GroupName", &GROUP_NAME_TYPE)? };
        reader.require("GroupName", read.group_name.is_some());
        Ok(read)
    }
}

/// `DeleteOpenIDConnectProviderRequest`
#[derive(Default)]
pub struct DeleteOpenIDConnectProviderRequest<'a> {
    /// `OpenIDConnectProviderArn`, required
    pub open_id_connect_provider_arn: Option<Text<'a>>,
}

impl<'a> Structure<'a> for DeleteOpenIDConnectProviderRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self { open_id_connect_provider_arn: reader.text("OpenIDConnectProviderArn", &ARN_TYPE)? };
        reader.require("OpenIDConnectProviderArn", read.open_id_connect_provider_arn.is_some());
        Ok(read)
    }
}

/// `DeletePolicyRequest`
#[derive(Default)]
pub struct DeletePolicyRequest<'a> {
    /// `PolicyArn`, required
    pub policy_arn: Option<Text<'a>>,
}

impl<'a> Structure<'a> for DeletePolicyRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self { policy_arn: reader.text("PolicyArn", &ARN_TYPE)? };
        reader.require("PolicyArn", read.policy_arn.is_some());
        Ok(read)
    }
}

/// `DeletePolicyVersionRequest`
#[derive(Default)]
pub struct DeletePolicyVersionRequest<'a> {
    /// `PolicyArn`, required
    pub policy_arn: Option<Text<'a>>,
    /// `VersionId`, required
    pub version_id: Option<Text<'a>>,
}

impl<'a> Structure<'a> for DeletePolicyVersionRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            policy_arn: reader.text("PolicyArn", &ARN_TYPE)?,
            version_id: reader.text("VersionId", &POLICY_VERSION_ID_TYPE)?,
        };
        reader.require("PolicyArn", read.policy_arn.is_some());
        reader.require("VersionId", read.version_id.is_some());
        Ok(read)
    }
}

/// `DeleteRolePermissionsBoundaryRequest`
#[derive(Default)]
pub struct DeleteRolePermissionsBoundaryRequest<'a> {
    /// `RoleName`, required
    pub role_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for DeleteRolePermissionsBoundaryRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self { role_name: reader.text("RoleName", &ROLE_NAME_TYPE)? };
        reader.require("RoleName", read.role_name.is_some());
        Ok(read)
    }
}

/// `DeleteRolePolicyRequest`
#[derive(Default)]
pub struct DeleteRolePolicyRequest<'a> {
    /// `PolicyName`, required
    pub policy_name: Option<Text<'a>>,
    /// `RoleName`, required
    pub role_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for DeleteRolePolicyRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            policy_name: reader.text("PolicyName", &POLICY_NAME_TYPE)?,
            role_name: reader.text("RoleName", &ROLE_NAME_TYPE)?,
        };
        reader.require("RoleName", read.role_name.is_some());
        reader.require("PolicyName", read.policy_name.is_some());
        Ok(read)
    }
}

/// `DeleteRoleRequest`
#[derive(Default)]
pub struct DeleteRoleRequest<'a> {
    /// `RoleName`, required
    pub role_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for DeleteRoleRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self { role_name: reader.text("RoleName", &ROLE_NAME_TYPE)? };
        reader.require("RoleName", read.role_name.is_some());
        Ok(read)
    }
}

/// `DeleteUserPermissionsBoundaryRequest`
#[derive(Default)]
pub struct DeleteUserPermissionsBoundaryRequest<'a> {
    /// `UserName`, required
    pub user_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for DeleteUserPermissionsBoundaryRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self { user_name: reader.text("UserName", &USER_NAME_TYPE)? };
        reader.require("UserName", read.user_name.is_some());
        Ok(read)
    }
}

/// `DeleteUserPolicyRequest`
#[derive(Default)]
pub struct DeleteUserPolicyRequest<'a> {
    /// `PolicyName`, required
    pub policy_name: Option<Text<'a>>,
    /// `UserName`, required
    pub user_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for DeleteUserPolicyRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            policy_name: reader.text("PolicyName", &POLICY_NAME_TYPE)?,
            user_name: reader.text("UserName", &EXISTING_USER_NAME_TYPE)?,
        };
        reader.require("UserName", read.user_name.is_some());
        reader.require("PolicyName", read.policy_name.is_some());
        Ok(read)
    }
}

/// `DeleteUserRequest`
#[derive(Default)]
pub struct DeleteUserRequest<'a> {
    /// `UserName`, required
    pub user_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for DeleteUserRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self { user_name: reader.text("UserName", &EXISTING_USER_NAME_TYPE)? };
        reader.require("UserName", read.user_name.is_some());
        Ok(read)
    }
}

/// `DeleteVirtualMFADeviceRequest`
#[derive(Default)]
pub struct DeleteVirtualMFADeviceRequest<'a> {
    /// `SerialNumber`, required
    pub serial_number: Option<Text<'a>>,
}

impl<'a> Structure<'a> for DeleteVirtualMFADeviceRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self { serial_number: reader.text("SerialNumber", &SERIAL_NUMBER_TYPE)? };
        reader.require("SerialNumber", read.serial_number.is_some());
        Ok(read)
    }
}

/// `DetachGroupPolicyRequest`
#[derive(Default)]
pub struct DetachGroupPolicyRequest<'a> {
    /// `GroupName`, required
    pub group_name: Option<Text<'a>>,
    /// `PolicyArn`, required
    pub policy_arn: Option<Text<'a>>,
}

impl<'a> Structure<'a> for DetachGroupPolicyRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            group_name: reader.text("GroupName", &GROUP_NAME_TYPE)?,
            policy_arn: reader.text("PolicyArn", &ARN_TYPE)?,
        };
        reader.require("GroupName", read.group_name.is_some());
        reader.require("PolicyArn", read.policy_arn.is_some());
        Ok(read)
    }
}

/// `DetachRolePolicyRequest`
#[derive(Default)]
pub struct DetachRolePolicyRequest<'a> {
    /// `PolicyArn`, required
    pub policy_arn: Option<Text<'a>>,
    /// `RoleName`, required
    pub role_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for DetachRolePolicyRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            policy_arn: reader.text("PolicyArn", &ARN_TYPE)?,
            role_name: reader.text("RoleName", &ROLE_NAME_TYPE)?,
        };
        reader.require("RoleName", read.role_name.is_some());
        reader.require("PolicyArn", read.policy_arn.is_some());
        Ok(read)
    }
}

/// `DetachUserPolicyRequest`
#[derive(Default)]
pub struct DetachUserPolicyRequest<'a> {
    /// `PolicyArn`, required
    pub policy_arn: Option<Text<'a>>,
    /// `UserName`, required
    pub user_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for DetachUserPolicyRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            policy_arn: reader.text("PolicyArn", &ARN_TYPE)?,
            user_name: reader.text("UserName", &USER_NAME_TYPE)?,
        };
        reader.require("UserName", read.user_name.is_some());
        reader.require("PolicyArn", read.policy_arn.is_some());
        Ok(read)
    }
}

/// `EnableMFADeviceRequest`
#[derive(Default)]
pub struct EnableMFADeviceRequest<'a> {
    /// `AuthenticationCode1`, required
    pub authentication_code1: Option<Text<'a>>,
    /// `AuthenticationCode2`, required
    pub authentication_code2: Option<Text<'a>>,
    /// `SerialNumber`, required
    pub serial_number: Option<Text<'a>>,
    /// `UserName`, required
    pub user_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for EnableMFADeviceRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            authentication_code1: reader.text("AuthenticationCode1", &AUTHENTICATION_CODE_TYPE)?,
            authentication_code2: reader.text("AuthenticationCode2", &AUTHENTICATION_CODE_TYPE)?,
            serial_number: reader.text("SerialNumber", &SERIAL_NUMBER_TYPE)?,
            user_name: reader.text("UserName", &EXISTING_USER_NAME_TYPE)?,
        };
        reader.require("UserName", read.user_name.is_some());
        reader.require("SerialNumber", read.serial_number.is_some());
        reader.require("AuthenticationCode1", read.authentication_code1.is_some());
        reader.require("AuthenticationCode2", read.authentication_code2.is_some());
        Ok(read)
    }
}

/// `GetAccessKeyLastUsedRequest`
#[derive(Default)]
pub struct GetAccessKeyLastUsedRequest<'a> {
    /// `AccessKeyId`, required
    pub access_key_id: Option<Text<'a>>,
}

impl<'a> Structure<'a> for GetAccessKeyLastUsedRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self { access_key_id: reader.text("AccessKeyId", &ACCESS_KEY_ID_TYPE)? };
        reader.require("AccessKeyId", read.access_key_id.is_some());
        Ok(read)
    }
}

/// `GetAccountAuthorizationDetailsRequest`
#[derive(Default)]
pub struct GetAccountAuthorizationDetailsRequest<'a> {
    /// `Filter`
    pub filter: Option<Vec<Text<'a>>>,
    /// `Marker`
    pub marker: Option<Text<'a>>,
    /// `MaxItems`
    pub max_items: Option<i32>,
}

impl<'a> Structure<'a> for GetAccountAuthorizationDetailsRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        Ok(Self {
            filter: reader.texts("Filter", &ENTITY_LIST_TYPE, &ENTITY_TYPE)?,
            marker: reader.text("Marker", &MARKER_TYPE)?,
            max_items: reader.integer("MaxItems", &MAX_ITEMS_TYPE)?,
        })
    }
}

/// `GetContextKeysForCustomPolicyRequest`
#[derive(Default)]
pub struct GetContextKeysForCustomPolicyRequest<'a> {
    /// `PolicyInputList`, required
    pub policy_input_list: Option<Vec<Text<'a>>>,
}

impl<'a> Structure<'a> for GetContextKeysForCustomPolicyRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            policy_input_list: reader.texts(
                "PolicyInputList",
                &SIMULATION_POLICY_LIST_TYPE,
                &POLICY_DOCUMENT_TYPE,
            )?,
        };
        reader.require("PolicyInputList", read.policy_input_list.is_some());
        Ok(read)
    }
}

/// `GetContextKeysForPrincipalPolicyRequest`
#[derive(Default)]
pub struct GetContextKeysForPrincipalPolicyRequest<'a> {
    /// `PolicyInputList`
    pub policy_input_list: Option<Vec<Text<'a>>>,
    /// `PolicySourceArn`, required
    pub policy_source_arn: Option<Text<'a>>,
}

impl<'a> Structure<'a> for GetContextKeysForPrincipalPolicyRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            policy_input_list: reader.texts(
                "PolicyInputList",
                &SIMULATION_POLICY_LIST_TYPE,
                &POLICY_DOCUMENT_TYPE,
            )?,
            policy_source_arn: reader.text("PolicySourceArn", &ARN_TYPE)?,
        };
        reader.require("PolicySourceArn", read.policy_source_arn.is_some());
        Ok(read)
    }
}

/// `GetGroupPolicyRequest`
#[derive(Default)]
pub struct GetGroupPolicyRequest<'a> {
    /// `GroupName`, required
    pub group_name: Option<Text<'a>>,
    /// `PolicyName`, required
    pub policy_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for GetGroupPolicyRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            group_name: reader.text("GroupName", &GROUP_NAME_TYPE)?,
            policy_name: reader.text("PolicyName", &POLICY_NAME_TYPE)?,
        };
        reader.require("GroupName", read.group_name.is_some());
        reader.require("PolicyName", read.policy_name.is_some());
        Ok(read)
    }
}

/// `GetGroupRequest`
#[derive(Default)]
pub struct GetGroupRequest<'a> {
    /// `GroupName`, required
    pub group_name: Option<Text<'a>>,
    /// `Marker`
    pub marker: Option<Text<'a>>,
    /// `MaxItems`
    pub max_items: Option<i32>,
}

impl<'a> Structure<'a> for GetGroupRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            group_name: reader.text("GroupName", &GROUP_NAME_TYPE)?,
            marker: reader.text("Marker", &MARKER_TYPE)?,
            max_items: reader.integer("MaxItems", &MAX_ITEMS_TYPE)?,
        };
        reader.require("GroupName", read.group_name.is_some());
        Ok(read)
    }
}

/// `GetLoginProfileRequest`
#[derive(Default)]
pub struct GetLoginProfileRequest<'a> {
    /// `UserName`
    pub user_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for GetLoginProfileRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        Ok(Self { user_name: reader.text("UserName", &USER_NAME_TYPE)? })
    }
}

/// `GetMFADeviceRequest`
#[derive(Default)]
pub struct GetMFADeviceRequest<'a> {
    /// `SerialNumber`, required
    pub serial_number: Option<Text<'a>>,
    /// `UserName`
    pub user_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for GetMFADeviceRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            serial_number: reader.text("SerialNumber", &SERIAL_NUMBER_TYPE)?,
            user_name: reader.text("UserName", &USER_NAME_TYPE)?,
        };
        reader.require("SerialNumber", read.serial_number.is_some());
        Ok(read)
    }
}

/// `GetOpenIDConnectProviderRequest`
#[derive(Default)]
pub struct GetOpenIDConnectProviderRequest<'a> {
    /// `OpenIDConnectProviderArn`, required
    pub open_id_connect_provider_arn: Option<Text<'a>>,
}

impl<'a> Structure<'a> for GetOpenIDConnectProviderRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self { open_id_connect_provider_arn: reader.text("OpenIDConnectProviderArn", &ARN_TYPE)? };
        reader.require("OpenIDConnectProviderArn", read.open_id_connect_provider_arn.is_some());
        Ok(read)
    }
}

/// `GetPolicyRequest`
#[derive(Default)]
pub struct GetPolicyRequest<'a> {
    /// `PolicyArn`, required
    pub policy_arn: Option<Text<'a>>,
}

impl<'a> Structure<'a> for GetPolicyRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self { policy_arn: reader.text("PolicyArn", &ARN_TYPE)? };
        reader.require("PolicyArn", read.policy_arn.is_some());
        Ok(read)
    }
}

/// `GetPolicyVersionRequest`
#[derive(Default)]
pub struct GetPolicyVersionRequest<'a> {
    /// `PolicyArn`, required
    pub policy_arn: Option<Text<'a>>,
    /// `VersionId`, required
    pub version_id: Option<Text<'a>>,
}

impl<'a> Structure<'a> for GetPolicyVersionRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            policy_arn: reader.text("PolicyArn", &ARN_TYPE)?,
            version_id: reader.text("VersionId", &POLICY_VERSION_ID_TYPE)?,
        };
        reader.require("PolicyArn", read.policy_arn.is_some());
        reader.require("VersionId", read.version_id.is_some());
        Ok(read)
    }
}

/// `GetRolePolicyRequest`
#[derive(Default)]
pub struct GetRolePolicyRequest<'a> {
    /// `PolicyName`, required
    pub policy_name: Option<Text<'a>>,
    /// `RoleName`, required
    pub role_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for GetRolePolicyRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            policy_name: reader.text("PolicyName", &POLICY_NAME_TYPE)?,
            role_name: reader.text("RoleName", &ROLE_NAME_TYPE)?,
        };
        reader.require("RoleName", read.role_name.is_some());
        reader.require("PolicyName", read.policy_name.is_some());
        Ok(read)
    }
}

/// `GetRoleRequest`
#[derive(Default)]
pub struct GetRoleRequest<'a> {
    /// `RoleName`, required
    pub role_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for GetRoleRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self { role_name: reader.text("RoleName", &ROLE_NAME_TYPE)? };
        reader.require("RoleName", read.role_name.is_some());
        Ok(read)
    }
}

/// `GetUserPolicyRequest`
#[derive(Default)]
pub struct GetUserPolicyRequest<'a> {
    /// `PolicyName`, required
    pub policy_name: Option<Text<'a>>,
    /// `UserName`, required
    pub user_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for GetUserPolicyRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            policy_name: reader.text("PolicyName", &POLICY_NAME_TYPE)?,
            user_name: reader.text("UserName", &EXISTING_USER_NAME_TYPE)?,
        };
        reader.require("UserName", read.user_name.is_some());
        reader.require("PolicyName", read.policy_name.is_some());
        Ok(read)
    }
}

/// `GetUserRequest`
#[derive(Default)]
pub struct GetUserRequest<'a> {
    /// `UserName`
    pub user_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for GetUserRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        Ok(Self { user_name: reader.text("UserName", &EXISTING_USER_NAME_TYPE)? })
    }
}

/// `InlinePolicyIdentifierType`
#[derive(Default)]
pub struct InlinePolicyIdentifierType<'a> {
    /// `AttachmentName`, required
    pub attachment_name: Option<Text<'a>>,
    /// `AttachmentType`, required
    pub attachment_type: Option<Text<'a>>,
    /// `PolicyName`, required
    pub policy_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for InlinePolicyIdentifierType<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            attachment_name: reader.text("AttachmentName", &ATTACHMENT_NAME)?,
            attachment_type: reader.text("AttachmentType", &ATTACHMENT_TYPE)?,
            policy_name: reader.text("PolicyName", &POLICY_NAME_TYPE)?,
        };
        reader.require("PolicyName", read.policy_name.is_some());
        reader.require("AttachmentType", read.attachment_type.is_some());
        reader.require("AttachmentName", read.attachment_name.is_some());
        Ok(read)
    }
}

/// `ListAccessKeysRequest`
#[derive(Default)]
pub struct ListAccessKeysRequest<'a> {
    /// `Marker`
    pub marker: Option<Text<'a>>,
    /// `MaxItems`
    pub max_items: Option<i32>,
    /// `UserName`
    pub user_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for ListAccessKeysRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        Ok(Self {
            marker: reader.text("Marker", &MARKER_TYPE)?,
            max_items: reader.integer("MaxItems", &MAX_ITEMS_TYPE)?,
            user_name: reader.text("UserName", &EXISTING_USER_NAME_TYPE)?,
        })
    }
}

/// `ListAccountAliasesRequest`
#[derive(Default)]
pub struct ListAccountAliasesRequest<'a> {
    /// `Marker`
    pub marker: Option<Text<'a>>,
    /// `MaxItems`
    pub max_items: Option<i32>,
}

impl<'a> Structure<'a> for ListAccountAliasesRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        Ok(Self {
            marker: reader.text("Marker", &MARKER_TYPE)?,
            max_items: reader.integer("MaxItems", &MAX_ITEMS_TYPE)?,
        })
    }
}

/// `ListAttachedGroupPoliciesRequest`
#[derive(Default)]
pub struct ListAttachedGroupPoliciesRequest<'a> {
    /// `GroupName`, required
    pub group_name: Option<Text<'a>>,
    /// `Marker`
    pub marker: Option<Text<'a>>,
    /// `MaxItems`
    pub max_items: Option<i32>,
    /// `PathPrefix`
    pub path_prefix: Option<Text<'a>>,
}

impl<'a> Structure<'a> for ListAttachedGroupPoliciesRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            group_name: reader.text("GroupName", &GROUP_NAME_TYPE)?,
            marker: reader.text("Marker", &MARKER_TYPE)?,
            max_items: reader.integer("MaxItems", &MAX_ITEMS_TYPE)?,
            path_prefix: reader.text("PathPrefix", &POLICY_PATH_TYPE)?,
        };
        reader.require("GroupName", read.group_name.is_some());
        Ok(read)
    }
}

/// `ListAttachedRolePoliciesRequest`
#[derive(Default)]
pub struct ListAttachedRolePoliciesRequest<'a> {
    /// `Marker`
    pub marker: Option<Text<'a>>,
    /// `MaxItems`
    pub max_items: Option<i32>,
    /// `PathPrefix`
    pub path_prefix: Option<Text<'a>>,
    /// `RoleName`, required
    pub role_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for ListAttachedRolePoliciesRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            marker: reader.text("Marker", &MARKER_TYPE)?,
            max_items: reader.integer("MaxItems", &MAX_ITEMS_TYPE)?,
            path_prefix: reader.text("PathPrefix", &POLICY_PATH_TYPE)?,
            role_name: reader.text("RoleName", &ROLE_NAME_TYPE)?,
        };
        reader.require("RoleName", read.role_name.is_some());
        Ok(read)
    }
}

/// `ListAttachedUserPoliciesRequest`
#[derive(Default)]
pub struct ListAttachedUserPoliciesRequest<'a> {
    /// `Marker`
    pub marker: Option<Text<'a>>,
    /// `MaxItems`
    pub max_items: Option<i32>,
    /// `PathPrefix`
    pub path_prefix: Option<Text<'a>>,
    /// `UserName`, required
    pub user_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for ListAttachedUserPoliciesRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            marker: reader.text("Marker", &MARKER_TYPE)?,
            max_items: reader.integer("MaxItems", &MAX_ITEMS_TYPE)?,
            path_prefix: reader.text("PathPrefix", &POLICY_PATH_TYPE)?,
            user_name: reader.text("UserName", &USER_NAME_TYPE)?,
        };
        reader.require("UserName", read.user_name.is_some());
        Ok(read)
    }
}

/// `ListEntitiesForPolicyRequest`
#[derive(Default)]
pub struct ListEntitiesForPolicyRequest<'a> {
    /// `EntityFilter`
    pub entity_filter: Option<Text<'a>>,
    /// `Marker`
    pub marker: Option<Text<'a>>,
    /// `MaxItems`
    pub max_items: Option<i32>,
    /// `PathPrefix`
    pub path_prefix: Option<Text<'a>>,
    /// `PolicyArn`, required
    pub policy_arn: Option<Text<'a>>,
    /// `PolicyUsageFilter`
    pub policy_usage_filter: Option<Text<'a>>,
}

impl<'a> Structure<'a> for ListEntitiesForPolicyRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            entity_filter: reader.text("EntityFilter", &ENTITY_TYPE)?,
            marker: reader.text("Marker", &MARKER_TYPE)?,
            max_items: reader.integer("MaxItems", &MAX_ITEMS_TYPE)?,
            path_prefix: reader.text("PathPrefix", &PATH_TYPE)?,
            policy_arn: reader.text("PolicyArn", &ARN_TYPE)?,
            policy_usage_filter: reader.text("PolicyUsageFilter", &POLICY_USAGE_TYPE)?,
        };
        reader.require("PolicyArn", read.policy_arn.is_some());
        Ok(read)
    }
}

/// `ListGroupPoliciesRequest`
#[derive(Default)]
pub struct ListGroupPoliciesRequest<'a> {
    /// `GroupName`, required
    pub group_name: Option<Text<'a>>,
    /// `Marker`
    pub marker: Option<Text<'a>>,
    /// `MaxItems`
    pub max_items: Option<i32>,
}

impl<'a> Structure<'a> for ListGroupPoliciesRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            group_name: reader.text("GroupName", &GROUP_NAME_TYPE)?,
            marker: reader.text("Marker", &MARKER_TYPE)?,
            max_items: reader.integer("MaxItems", &MAX_ITEMS_TYPE)?,
        };
        reader.require("GroupName", read.group_name.is_some());
        Ok(read)
    }
}

/// `ListGroupsForUserRequest`
#[derive(Default)]
pub struct ListGroupsForUserRequest<'a> {
    /// `Marker`
    pub marker: Option<Text<'a>>,
    /// `MaxItems`
    pub max_items: Option<i32>,
    /// `UserName`, required
    pub user_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for ListGroupsForUserRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            marker: reader.text("Marker", &MARKER_TYPE)?,
            max_items: reader.integer("MaxItems", &MAX_ITEMS_TYPE)?,
            user_name: reader.text("UserName", &EXISTING_USER_NAME_TYPE)?,
        };
        reader.require("UserName", read.user_name.is_some());
        Ok(read)
    }
}

/// `ListGroupsRequest`
#[derive(Default)]
pub struct ListGroupsRequest<'a> {
    /// `Marker`
    pub marker: Option<Text<'a>>,
    /// `MaxItems`
    pub max_items: Option<i32>,
    /// `PathPrefix`
    pub path_prefix: Option<Text<'a>>,
}

impl<'a> Structure<'a> for ListGroupsRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        Ok(Self {
            marker: reader.text("Marker", &MARKER_TYPE)?,
            max_items: reader.integer("MaxItems", &MAX_ITEMS_TYPE)?,
            path_prefix: reader.text("PathPrefix", &PATH_PREFIX_TYPE)?,
        })
    }
}

/// `ListInstanceProfilesForRoleRequest`
#[derive(Default)]
pub struct ListInstanceProfilesForRoleRequest<'a> {
    /// `Marker`
    pub marker: Option<Text<'a>>,
    /// `MaxItems`
    pub max_items: Option<i32>,
    /// `RoleName`, required
    pub role_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for ListInstanceProfilesForRoleRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            marker: reader.text("Marker", &MARKER_TYPE)?,
            max_items: reader.integer("MaxItems", &MAX_ITEMS_TYPE)?,
            role_name: reader.text("RoleName", &ROLE_NAME_TYPE)?,
        };
        reader.require("RoleName", read.role_name.is_some());
        Ok(read)
    }
}

/// `ListMFADevicesRequest`
#[derive(Default)]
pub struct ListMFADevicesRequest<'a> {
    /// `Marker`
    pub marker: Option<Text<'a>>,
    /// `MaxItems`
    pub max_items: Option<i32>,
    /// `UserName`
    pub user_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for ListMFADevicesRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        Ok(Self {
            marker: reader.text("Marker", &MARKER_TYPE)?,
            max_items: reader.integer("MaxItems", &MAX_ITEMS_TYPE)?,
            user_name: reader.text("UserName", &EXISTING_USER_NAME_TYPE)?,
        })
    }
}

/// `ListOpenIDConnectProviderTagsRequest`
#[derive(Default)]
pub struct ListOpenIDConnectProviderTagsRequest<'a> {
    /// `Marker`
    pub marker: Option<Text<'a>>,
    /// `MaxItems`
    pub max_items: Option<i32>,
    /// `OpenIDConnectProviderArn`, required
    pub open_id_connect_provider_arn: Option<Text<'a>>,
}

impl<'a> Structure<'a> for ListOpenIDConnectProviderTagsRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            marker: reader.text("Marker", &MARKER_TYPE)?,
            max_items: reader.integer("MaxItems", &MAX_ITEMS_TYPE)?,
            open_id_connect_provider_arn: reader.text("OpenIDConnectProviderArn", &ARN_TYPE)?,
        };
        reader.require("OpenIDConnectProviderArn", read.open_id_connect_provider_arn.is_some());
        Ok(read)
    }
}

/// `ListOpenIDConnectProvidersRequest`
#[derive(Default)]
pub struct ListOpenIDConnectProvidersRequest {}

impl<'a> Structure<'a> for ListOpenIDConnectProvidersRequest {
    fn read(_reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        Ok(Self {})
    }
}

/// `ListPoliciesRequest`
#[derive(Default)]
pub struct ListPoliciesRequest<'a> {
    /// `Marker`
    pub marker: Option<Text<'a>>,
    /// `MaxItems`
    pub max_items: Option<i32>,
    /// `OnlyAttached`
    pub only_attached: Option<bool>,
    /// `PathPrefix`
    pub path_prefix: Option<Text<'a>>,
    /// `PolicyUsageFilter`
    pub policy_usage_filter: Option<Text<'a>>,
    /// `Scope`
    pub scope: Option<Text<'a>>,
}

impl<'a> Structure<'a> for ListPoliciesRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        Ok(Self {
            marker: reader.text("Marker", &MARKER_TYPE)?,
            max_items: reader.integer("MaxItems", &MAX_ITEMS_TYPE)?,
            only_attached: reader.boolean("OnlyAttached")?,
            path_prefix: reader.text("PathPrefix", &POLICY_PATH_TYPE)?,
            policy_usage_filter: reader.text("PolicyUsageFilter", &POLICY_USAGE_TYPE)?,
            scope: reader.text("Scope", &POLICY_SCOPE_TYPE)?,
        })
    }
}

/// `ListPolicyTagsRequest`
#[derive(Default)]
pub struct ListPolicyTagsRequest<'a> {
    /// `Marker`
    pub marker: Option<Text<'a>>,
    /// `MaxItems`
    pub max_items: Option<i32>,
    /// `PolicyArn`, required
    pub policy_arn: Option<Text<'a>>,
}

impl<'a> Structure<'a> for ListPolicyTagsRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            marker: reader.text("Marker", &MARKER_TYPE)?,
            max_items: reader.integer("MaxItems", &MAX_ITEMS_TYPE)?,
            policy_arn: reader.text("PolicyArn", &ARN_TYPE)?,
        };
        reader.require("PolicyArn", read.policy_arn.is_some());
        Ok(read)
    }
}

/// `ListPolicyVersionsRequest`
#[derive(Default)]
pub struct ListPolicyVersionsRequest<'a> {
    /// `Marker`
    pub marker: Option<Text<'a>>,
    /// `MaxItems`
    pub max_items: Option<i32>,
    /// `PolicyArn`, required
    pub policy_arn: Option<Text<'a>>,
}

impl<'a> Structure<'a> for ListPolicyVersionsRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            marker: reader.text("Marker", &MARKER_TYPE)?,
            max_items: reader.integer("MaxItems", &MAX_ITEMS_TYPE)?,
            policy_arn: reader.text("PolicyArn", &ARN_TYPE)?,
        };
        reader.require("PolicyArn", read.policy_arn.is_some());
        Ok(read)
    }
}

/// `ListRolePoliciesRequest`
#[derive(Default)]
pub struct ListRolePoliciesRequest<'a> {
    /// `Marker`
    pub marker: Option<Text<'a>>,
    /// `MaxItems`
    pub max_items: Option<i32>,
    /// `RoleName`, required
    pub role_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for ListRolePoliciesRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            marker: reader.text("Marker", &MARKER_TYPE)?,
            max_items: reader.integer("MaxItems", &MAX_ITEMS_TYPE)?,
            role_name: reader.text("RoleName", &ROLE_NAME_TYPE)?,
        };
        reader.require("RoleName", read.role_name.is_some());
        Ok(read)
    }
}

/// `ListRoleTagsRequest`
#[derive(Default)]
pub struct ListRoleTagsRequest<'a> {
    /// `Marker`
    pub marker: Option<Text<'a>>,
    /// `MaxItems`
    pub max_items: Option<i32>,
    /// `RoleName`, required
    pub role_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for ListRoleTagsRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            marker: reader.text("Marker", &MARKER_TYPE)?,
            max_items: reader.integer("MaxItems", &MAX_ITEMS_TYPE)?,
            role_name: reader.text("RoleName", &ROLE_NAME_TYPE)?,
        };
        reader.require("RoleName", read.role_name.is_some());
        Ok(read)
    }
}

/// `ListRolesRequest`
#[derive(Default)]
pub struct ListRolesRequest<'a> {
    /// `Marker`
    pub marker: Option<Text<'a>>,
    /// `MaxItems`
    pub max_items: Option<i32>,
    /// `PathPrefix`
    pub path_prefix: Option<Text<'a>>,
}

impl<'a> Structure<'a> for ListRolesRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        Ok(Self {
            marker: reader.text("Marker", &MARKER_TYPE)?,
            max_items: reader.integer("MaxItems", &MAX_ITEMS_TYPE)?,
            path_prefix: reader.text("PathPrefix", &PATH_PREFIX_TYPE)?,
        })
    }
}

/// `ListSSHPublicKeysRequest`
#[derive(Default)]
pub struct ListSSHPublicKeysRequest<'a> {
    /// `Marker`
    pub marker: Option<Text<'a>>,
    /// `MaxItems`
    pub max_items: Option<i32>,
    /// `UserName`
    pub user_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for ListSSHPublicKeysRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        Ok(Self {
            marker: reader.text("Marker", &MARKER_TYPE)?,
            max_items: reader.integer("MaxItems", &MAX_ITEMS_TYPE)?,
            user_name: reader.text("UserName", &USER_NAME_TYPE)?,
        })
    }
}

/// `ListServiceSpecificCredentialsRequest`
#[derive(Default)]
pub struct ListServiceSpecificCredentialsRequest<'a> {
    /// `AllUsers`
    pub all_users: Option<bool>,
    /// `Marker`
    pub marker: Option<Text<'a>>,
    /// `MaxItems`
    pub max_items: Option<i32>,
    /// `ServiceName`
    pub service_name: Option<Text<'a>>,
    /// `UserName`
    pub user_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for ListServiceSpecificCredentialsRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        Ok(Self {
            all_users: reader.boolean("AllUsers")?,
            marker: reader.text("Marker", &MARKER_TYPE)?,
            max_items: reader.integer("MaxItems", &MAX_ITEMS_TYPE)?,
            service_name: reader.text("ServiceName", &SERVICE_NAME)?,
            user_name: reader.text("UserName", &USER_NAME_TYPE)?,
        })
    }
}

/// `ListSigningCertificatesRequest`
#[derive(Default)]
pub struct ListSigningCertificatesRequest<'a> {
    /// `Marker`
    pub marker: Option<Text<'a>>,
    /// `MaxItems`
    pub max_items: Option<i32>,
    /// `UserName`
    pub user_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for ListSigningCertificatesRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        Ok(Self {
            marker: reader.text("Marker", &MARKER_TYPE)?,
            max_items: reader.integer("MaxItems", &MAX_ITEMS_TYPE)?,
            user_name: reader.text("UserName", &EXISTING_USER_NAME_TYPE)?,
        })
    }
}

/// `ListUserPoliciesRequest`
#[derive(Default)]
pub struct ListUserPoliciesRequest<'a> {
    /// `Marker`
    pub marker: Option<Text<'a>>,
    /// `MaxItems`
    pub max_items: Option<i32>,
    /// `UserName`, required
    pub user_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for ListUserPoliciesRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            marker: reader.text("Marker", &MARKER_TYPE)?,
            max_items: reader.integer("MaxItems", &MAX_ITEMS_TYPE)?,
            user_name: reader.text("UserName", &EXISTING_USER_NAME_TYPE)?,
        };
        reader.require("UserName", read.user_name.is_some());
        Ok(read)
    }
}

/// `ListUserTagsRequest`
#[derive(Default)]
pub struct ListUserTagsRequest<'a> {
    /// `Marker`
    pub marker: Option<Text<'a>>,
    /// `MaxItems`
    pub max_items: Option<i32>,
    /// `UserName`, required
    pub user_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for ListUserTagsRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            marker: reader.text("Marker", &MARKER_TYPE)?,
            max_items: reader.integer("MaxItems", &MAX_ITEMS_TYPE)?,
            user_name: reader.text("UserName", &EXISTING_USER_NAME_TYPE)?,
        };
        reader.require("UserName", read.user_name.is_some());
        Ok(read)
    }
}

/// `ListUsersRequest`
#[derive(Default)]
pub struct ListUsersRequest<'a> {
    /// `Marker`
    pub marker: Option<Text<'a>>,
    /// `MaxItems`
    pub max_items: Option<i32>,
    /// `PathPrefix`
    pub path_prefix: Option<Text<'a>>,
}

impl<'a> Structure<'a> for ListUsersRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        Ok(Self {
            marker: reader.text("Marker", &MARKER_TYPE)?,
            max_items: reader.integer("MaxItems", &MAX_ITEMS_TYPE)?,
            path_prefix: reader.text("PathPrefix", &PATH_PREFIX_TYPE)?,
        })
    }
}

/// `ListVirtualMFADevicesRequest`
#[derive(Default)]
pub struct ListVirtualMFADevicesRequest<'a> {
    /// `AssignmentStatus`
    pub assignment_status: Option<Text<'a>>,
    /// `Marker`
    pub marker: Option<Text<'a>>,
    /// `MaxItems`
    pub max_items: Option<i32>,
}

impl<'a> Structure<'a> for ListVirtualMFADevicesRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        Ok(Self {
            assignment_status: reader.text("AssignmentStatus", &ASSIGNMENT_STATUS_TYPE)?,
            marker: reader.text("Marker", &MARKER_TYPE)?,
            max_items: reader.integer("MaxItems", &MAX_ITEMS_TYPE)?,
        })
    }
}

/// `OrderedOrganizationPolicyType`
#[derive(Default)]
pub struct OrderedOrganizationPolicyType<'a> {
    /// `ServiceControlPolicyInputList`
    pub service_control_policy_input_list: Option<Vec<Text<'a>>>,
}

impl<'a> Structure<'a> for OrderedOrganizationPolicyType<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        Ok(Self {
            service_control_policy_input_list: reader.texts(
                "ServiceControlPolicyInputList",
                &SIMULATION_POLICY_LIST_TYPE,
                &POLICY_DOCUMENT_TYPE,
            )?,
        })
    }
}

/// `PolicyIdentifier`
#[derive(Default)]
pub struct PolicyIdentifier<'a> {
    /// `InlinePolicyIdentifier`
    pub inline_policy_identifier: Option<InlinePolicyIdentifierType<'a>>,
    /// `PolicyArn`
    pub policy_arn: Option<Text<'a>>,
    /// `PolicyType`
    pub policy_type: Option<Text<'a>>,
}

impl<'a> Structure<'a> for PolicyIdentifier<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        Ok(Self {
            inline_policy_identifier: reader.structure("InlinePolicyIdentifier")?,
            policy_arn: reader.text("PolicyArn", &ARN_TYPE)?,
            policy_type: reader.text("PolicyType", &POLICY_IDENTIFIER_POLICY_TYPE)?,
        })
    }
}

/// `PutGroupPolicyRequest`
#[derive(Default)]
pub struct PutGroupPolicyRequest<'a> {
    /// `GroupName`, required
    pub group_name: Option<Text<'a>>,
    /// `PolicyDocument`, required
    pub policy_document: Option<Text<'a>>,
    /// `PolicyName`, required
    pub policy_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for PutGroupPolicyRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            group_name: reader.text("GroupName", &GROUP_NAME_TYPE)?,
            policy_document: reader.text("PolicyDocument", &POLICY_DOCUMENT_TYPE)?,
            policy_name: reader.text("PolicyName", &POLICY_NAME_TYPE)?,
        };
        reader.require("GroupName", read.group_name.is_some());
        reader.require("PolicyName", read.policy_name.is_some());
        reader.require("PolicyDocument", read.policy_document.is_some());
        Ok(read)
    }
}

/// `PutRolePermissionsBoundaryRequest`
#[derive(Default)]
pub struct PutRolePermissionsBoundaryRequest<'a> {
    /// `PermissionsBoundary`, required
    pub permissions_boundary: Option<Text<'a>>,
    /// `RoleName`, required
    pub role_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for PutRolePermissionsBoundaryRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            permissions_boundary: reader.text("PermissionsBoundary", &ARN_TYPE)?,
            role_name: reader.text("RoleName", &ROLE_NAME_TYPE)?,
        };
        reader.require("RoleName", read.role_name.is_some());
        reader.require("PermissionsBoundary", read.permissions_boundary.is_some());
        Ok(read)
    }
}

/// `PutRolePolicyRequest`
#[derive(Default)]
pub struct PutRolePolicyRequest<'a> {
    /// `PolicyDocument`, required
    pub policy_document: Option<Text<'a>>,
    /// `PolicyName`, required
    pub policy_name: Option<Text<'a>>,
    /// `RoleName`, required
    pub role_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for PutRolePolicyRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            policy_document: reader.text("PolicyDocument", &POLICY_DOCUMENT_TYPE)?,
            policy_name: reader.text("PolicyName", &POLICY_NAME_TYPE)?,
            role_name: reader.text("RoleName", &ROLE_NAME_TYPE)?,
        };
        reader.require("RoleName", read.role_name.is_some());
        reader.require("PolicyName", read.policy_name.is_some());
        reader.require("PolicyDocument", read.policy_document.is_some());
        Ok(read)
    }
}

/// `PutUserPermissionsBoundaryRequest`
#[derive(Default)]
pub struct PutUserPermissionsBoundaryRequest<'a> {
    /// `PermissionsBoundary`, required
    pub permissions_boundary: Option<Text<'a>>,
    /// `UserName`, required
    pub user_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for PutUserPermissionsBoundaryRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            permissions_boundary: reader.text("PermissionsBoundary", &ARN_TYPE)?,
            user_name: reader.text("UserName", &USER_NAME_TYPE)?,
        };
        reader.require("UserName", read.user_name.is_some());
        reader.require("PermissionsBoundary", read.permissions_boundary.is_some());
        Ok(read)
    }
}

/// `PutUserPolicyRequest`
#[derive(Default)]
pub struct PutUserPolicyRequest<'a> {
    /// `PolicyDocument`, required
    pub policy_document: Option<Text<'a>>,
    /// `PolicyName`, required
    pub policy_name: Option<Text<'a>>,
    /// `UserName`, required
    pub user_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for PutUserPolicyRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            policy_document: reader.text("PolicyDocument", &POLICY_DOCUMENT_TYPE)?,
            policy_name: reader.text("PolicyName", &POLICY_NAME_TYPE)?,
            user_name: reader.text("UserName", &EXISTING_USER_NAME_TYPE)?,
        };
        reader.require("UserName", read.user_name.is_some());
        reader.require("PolicyName", read.policy_name.is_some());
        reader.require("PolicyDocument", read.policy_document.is_some());
        Ok(read)
    }
}

/// `RemoveClientIDFromOpenIDConnectProviderRequest`
#[derive(Default)]
pub struct RemoveClientIDFromOpenIDConnectProviderRequest<'a> {
    /// `ClientID`, required
    pub client_id: Option<Text<'a>>,
    /// `OpenIDConnectProviderArn`, required
    pub open_id_connect_provider_arn: Option<Text<'a>>,
}

impl<'a> Structure<'a> for RemoveClientIDFromOpenIDConnectProviderRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            client_id: reader.text("ClientID", &CLIENT_ID_TYPE)?,
            open_id_connect_provider_arn: reader.text("OpenIDConnectProviderArn", &ARN_TYPE)?,
        };
        reader.require("OpenIDConnectProviderArn", read.open_id_connect_provider_arn.is_some());
        reader.require("ClientID", read.client_id.is_some());
        Ok(read)
    }
}

/// `RemoveUserFromGroupRequest`
#[derive(Default)]
pub struct RemoveUserFromGroupRequest<'a> {
    /// `GroupName`, required
    pub group_name: Option<Text<'a>>,
    /// `UserName`, required
    pub user_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for RemoveUserFromGroupRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            group_name: reader.text("GroupName", &GROUP_NAME_TYPE)?,
            user_name: reader.text("UserName", &EXISTING_USER_NAME_TYPE)?,
        };
        reader.require("GroupName", read.group_name.is_some());
        reader.require("UserName", read.user_name.is_some());
        Ok(read)
    }
}

/// `ResyncMFADeviceRequest`
#[derive(Default)]
pub struct ResyncMFADeviceRequest<'a> {
    /// `AuthenticationCode1`, required
    pub authentication_code1: Option<Text<'a>>,
    /// `AuthenticationCode2`, required
    pub authentication_code2: Option<Text<'a>>,
    /// `SerialNumber`, required
    pub serial_number: Option<Text<'a>>,
    /// `UserName`, required
    pub user_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for ResyncMFADeviceRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            authentication_code1: reader.text("AuthenticationCode1", &AUTHENTICATION_CODE_TYPE)?,
            authentication_code2: reader.text("AuthenticationCode2", &AUTHENTICATION_CODE_TYPE)?,
            serial_number: reader.text("SerialNumber", &SERIAL_NUMBER_TYPE)?,
            user_name: reader.text("UserName", &EXISTING_USER_NAME_TYPE)?,
        };
        reader.require("UserName", read.user_name.is_some());
        reader.require("SerialNumber", read.serial_number.is_some());
        reader.require("AuthenticationCode1", read.authentication_code1.is_some());
        reader.require("AuthenticationCode2", read.authentication_code2.is_some());
        Ok(read)
    }
}

/// `SetDefaultPolicyVersionRequest`
#[derive(Default)]
pub struct SetDefaultPolicyVersionRequest<'a> {
    /// `PolicyArn`, required
    pub policy_arn: Option<Text<'a>>,
    /// `VersionId`, required
    pub version_id: Option<Text<'a>>,
}

impl<'a> Structure<'a> for SetDefaultPolicyVersionRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            policy_arn: reader.text("PolicyArn", &ARN_TYPE)?,
            version_id: reader.text("VersionId", &POLICY_VERSION_ID_TYPE)?,
        };
        reader.require("PolicyArn", read.policy_arn.is_some());
        reader.require("VersionId", read.version_id.is_some());
        Ok(read)
    }
}

/// `SimulateCustomPolicyRequest`
#[derive(Default)]
pub struct SimulateCustomPolicyRequest<'a> {
    /// `ActionNames`, required
    pub action_names: Option<Vec<Text<'a>>>,
    /// `CallerArn`
    pub caller_arn: Option<Text<'a>>,
    /// `ContextEntries`
    pub context_entries: Option<Vec<ContextEntry<'a>>>,
    /// `Marker`
    pub marker: Option<Text<'a>>,
    /// `MaxItems`
    pub max_items: Option<i32>,
    /// `OrderedOrganizationPolicyInputList`
    pub ordered_organization_policy_input_list: Option<Vec<OrderedOrganizationPolicyType<'a>>>,
    /// `PermissionsBoundaryPolicyInputList`
    pub permissions_boundary_policy_input_list: Option<Vec<Text<'a>>>,
    /// `PolicyInputList`, required
    pub policy_input_list: Option<Vec<Text<'a>>>,
    /// `ResourceArns`
    pub resource_arns: Option<Vec<Text<'a>>>,
    /// `ResourceHandlingOption`
    pub resource_handling_option: Option<Text<'a>>,
    /// `ResourceOwner`
    pub resource_owner: Option<Text<'a>>,
    /// `ResourcePolicy`
    pub resource_policy: Option<Text<'a>>,
}

impl<'a> Structure<'a> for SimulateCustomPolicyRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            action_names: reader.texts("ActionNames", &ACTION_NAME_LIST_TYPE, &ACTION_NAME_TYPE)?,
            caller_arn: reader.text("CallerArn", &RESOURCE_NAME_TYPE)?,
            context_entries: reader.structures("ContextEntries", &CONTEXT_ENTRY_LIST_TYPE)?,
            marker: reader.text("Marker", &MARKER_TYPE)?,
            max_items: reader.integer("MaxItems", &MAX_ITEMS_TYPE)?,
            ordered_organization_policy_input_list: reader
                .structures("OrderedOrganizationPolicyInputList", &ORGANIZATION_POLICY_LIST_TYPE)?,
            permissions_boundary_policy_input_list: reader.texts(
                "PermissionsBoundaryPolicyInputList",
                &SIMULATION_POLICY_LIST_TYPE,
                &POLICY_DOCUMENT_TYPE,
            )?,
            policy_input_list: reader.texts(
                "PolicyInputList",
                &SIMULATION_POLICY_LIST_TYPE,
                &POLICY_DOCUMENT_TYPE,
            )?,
            resource_arns: reader.texts("ResourceArns", &RESOURCE_NAME_LIST_TYPE, &RESOURCE_NAME_TYPE)?,
            resource_handling_option: reader
                .text("ResourceHandlingOption", &RESOURCE_HANDLING_OPTION_TYPE)?,
            resource_owner: reader.text("ResourceOwner", &RESOURCE_NAME_TYPE)?,
            resource_policy: reader.text("ResourcePolicy", &POLICY_DOCUMENT_TYPE)?,
        };
        reader.require("PolicyInputList", read.policy_input_list.is_some());
        reader.require("ActionNames", read.action_names.is_some());
        Ok(read)
    }
}

/// `SimulatePrincipalPolicyRequest`
#[derive(Default)]
pub struct SimulatePrincipalPolicyRequest<'a> {
    /// `ActionNames`, required
    pub action_names: Option<Vec<Text<'a>>>,
    /// `CallerArn`
    pub caller_arn: Option<Text<'a>>,
    /// `ContextEntries`
    pub context_entries: Option<Vec<ContextEntry<'a>>>,
    /// `Marker`
    pub marker: Option<Text<'a>>,
    /// `MaxItems`
    pub max_items: Option<i32>,
    /// `PermissionsBoundaryPolicyInputList`
    pub permissions_boundary_policy_input_list: Option<Vec<Text<'a>>>,
    /// `PolicyExclusionList`
    pub policy_exclusion_list: Option<Vec<PolicyIdentifier<'a>>>,
    /// `PolicyInputList`
    pub policy_input_list: Option<Vec<Text<'a>>>,
    /// `PolicySourceArn`, required
    pub policy_source_arn: Option<Text<'a>>,
    /// `ResourceArns`
    pub resource_arns: Option<Vec<Text<'a>>>,
    /// `ResourceHandlingOption`
    pub resource_handling_option: Option<Text<'a>>,
    /// `ResourceOwner`
    pub resource_owner: Option<Text<'a>>,
    /// `ResourcePolicy`
    pub resource_policy: Option<Text<'a>>,
}

impl<'a> Structure<'a> for SimulatePrincipalPolicyRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            action_names: reader.texts("ActionNames", &ACTION_NAME_LIST_TYPE, &ACTION_NAME_TYPE)?,
            caller_arn: reader.text("CallerArn", &RESOURCE_NAME_TYPE)?,
            context_entries: reader.structures("ContextEntries", &CONTEXT_ENTRY_LIST_TYPE)?,
            marker: reader.text("Marker", &MARKER_TYPE)?,
            max_items: reader.integer("MaxItems", &MAX_ITEMS_TYPE)?,
            permissions_boundary_policy_input_list: reader.texts(
                "PermissionsBoundaryPolicyInputList",
                &SIMULATION_POLICY_LIST_TYPE,
                &POLICY_DOCUMENT_TYPE,
            )?,
            policy_exclusion_list: reader.structures("PolicyExclusionList", &POLICY_EXCLUSIONS_LIST_TYPE)?,
            policy_input_list: reader.texts(
                "PolicyInputList",
                &SIMULATION_POLICY_LIST_TYPE,
                &POLICY_DOCUMENT_TYPE,
            )?,
            policy_source_arn: reader.text("PolicySourceArn", &ARN_TYPE)?,
            resource_arns: reader.texts("ResourceArns", &RESOURCE_NAME_LIST_TYPE, &RESOURCE_NAME_TYPE)?,
            resource_handling_option: reader
                .text("ResourceHandlingOption", &RESOURCE_HANDLING_OPTION_TYPE)?,
            resource_owner: reader.text("ResourceOwner", &RESOURCE_NAME_TYPE)?,
            resource_policy: reader.text("ResourcePolicy", &POLICY_DOCUMENT_TYPE)?,
        };
        reader.require("PolicySourceArn", read.policy_source_arn.is_some());
        reader.require("ActionNames", read.action_names.is_some());
        Ok(read)
    }
}

/// `Tag`
#[derive(Default)]
pub struct Tag<'a> {
    /// `Key`, required
    pub key: Option<Text<'a>>,
    /// `Value`, required
    pub value: Option<Text<'a>>,
}

impl<'a> Structure<'a> for Tag<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read =
            Self { key: reader.text("Key", &TAG_KEY_TYPE)?, value: reader.text("Value", &TAG_VALUE_TYPE)? };
        reader.require("Key", read.key.is_some());
        reader.require("Value", read.value.is_some());
        Ok(read)
    }
}

/// `TagOpenIDConnectProviderRequest`
#[derive(Default)]
pub struct TagOpenIDConnectProviderRequest<'a> {
    /// `OpenIDConnectProviderArn`, required
    pub open_id_connect_provider_arn: Option<Text<'a>>,
    /// `Tags`, required
    pub tags: Option<Vec<Tag<'a>>>,
}

impl<'a> Structure<'a> for TagOpenIDConnectProviderRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            open_id_connect_provider_arn: reader.text("OpenIDConnectProviderArn", &ARN_TYPE)?,
            tags: reader.structures("Tags", &TAG_LIST_TYPE)?,
        };
        reader.require("OpenIDConnectProviderArn", read.open_id_connect_provider_arn.is_some());
        reader.require("Tags", read.tags.is_some());
        Ok(read)
    }
}

/// `TagPolicyRequest`
#[derive(Default)]
pub struct TagPolicyRequest<'a> {
    /// `PolicyArn`, required
    pub policy_arn: Option<Text<'a>>,
    /// `Tags`, required
    pub tags: Option<Vec<Tag<'a>>>,
}

impl<'a> Structure<'a> for TagPolicyRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            policy_arn: reader.text("PolicyArn", &ARN_TYPE)?,
            tags: reader.structures("Tags", &TAG_LIST_TYPE)?,
        };
        reader.require("PolicyArn", read.policy_arn.is_some());
        reader.require("Tags", read.tags.is_some());
        Ok(read)
    }
}

/// `TagRoleRequest`
#[derive(Default)]
pub struct TagRoleRequest<'a> {
    /// `RoleName`, required
    pub role_name: Option<Text<'a>>,
    /// `Tags`, required
    pub tags: Option<Vec<Tag<'a>>>,
}

impl<'a> Structure<'a> for TagRoleRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            role_name: reader.text("RoleName", &ROLE_NAME_TYPE)?,
            tags: reader.structures("Tags", &TAG_LIST_TYPE)?,
        };
        reader.require("RoleName", read.role_name.is_some());
        reader.require("Tags", read.tags.is_some());
        Ok(read)
    }
}

/// `TagUserRequest`
#[derive(Default)]
pub struct TagUserRequest<'a> {
    /// `Tags`, required
    pub tags: Option<Vec<Tag<'a>>>,
    /// `UserName`, required
    pub user_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for TagUserRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            tags: reader.structures("Tags", &TAG_LIST_TYPE)?,
            user_name: reader.text("UserName", &EXISTING_USER_NAME_TYPE)?,
        };
        reader.require("UserName", read.user_name.is_some());
        reader.require("Tags", read.tags.is_some());
        Ok(read)
    }
}

/// `UntagOpenIDConnectProviderRequest`
#[derive(Default)]
pub struct UntagOpenIDConnectProviderRequest<'a> {
    /// `OpenIDConnectProviderArn`, required
    pub open_id_connect_provider_arn: Option<Text<'a>>,
    /// `TagKeys`, required
    pub tag_keys: Option<Vec<Text<'a>>>,
}

impl<'a> Structure<'a> for UntagOpenIDConnectProviderRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            open_id_connect_provider_arn: reader.text("OpenIDConnectProviderArn", &ARN_TYPE)?,
            tag_keys: reader.texts("TagKeys", &TAG_KEY_LIST_TYPE, &TAG_KEY_TYPE)?,
        };
        reader.require("OpenIDConnectProviderArn", read.open_id_connect_provider_arn.is_some());
        reader.require("TagKeys", read.tag_keys.is_some());
        Ok(read)
    }
}

/// `UntagPolicyRequest`
#[derive(Default)]
pub struct UntagPolicyRequest<'a> {
    /// `PolicyArn`, required
    pub policy_arn: Option<Text<'a>>,
    /// `TagKeys`, required
    pub tag_keys: Option<Vec<Text<'a>>>,
}

impl<'a> Structure<'a> for UntagPolicyRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            policy_arn: reader.text("PolicyArn", &ARN_TYPE)?,
            tag_keys: reader.texts("TagKeys", &TAG_KEY_LIST_TYPE, &TAG_KEY_TYPE)?,
        };
        reader.require("PolicyArn", read.policy_arn.is_some());
        reader.require("TagKeys", read.tag_keys.is_some());
        Ok(read)
    }
}

/// `UntagRoleRequest`
#[derive(Default)]
pub struct UntagRoleRequest<'a> {
    /// `RoleName`, required
    pub role_name: Option<Text<'a>>,
    /// `TagKeys`, required
    pub tag_keys: Option<Vec<Text<'a>>>,
}

impl<'a> Structure<'a> for UntagRoleRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            role_name: reader.text("RoleName", &ROLE_NAME_TYPE)?,
            tag_keys: reader.texts("TagKeys", &TAG_KEY_LIST_TYPE, &TAG_KEY_TYPE)?,
        };
        reader.require("RoleName", read.role_name.is_some());
        reader.require("TagKeys", read.tag_keys.is_some());
        Ok(read)
    }
}

/// `UntagUserRequest`
#[derive(Default)]
pub struct UntagUserRequest<'a> {
    /// `TagKeys`, required
    pub tag_keys: Option<Vec<Text<'a>>>,
    /// `UserName`, required
    pub user_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for UntagUserRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            tag_keys: reader.texts("TagKeys", &TAG_KEY_LIST_TYPE, &TAG_KEY_TYPE)?,
            user_name: reader.text("UserName", &EXISTING_USER_NAME_TYPE)?,
        };
        reader.require("UserName", read.user_name.is_some());
        reader.require("TagKeys", read.tag_keys.is_some());
        Ok(read)
    }
}

/// `UpdateAccessKeyRequest`
#[derive(Default)]
pub struct UpdateAccessKeyRequest<'a> {
    /// `AccessKeyId`, required
    pub access_key_id: Option<Text<'a>>,
    /// `Status`, required
    pub status: Option<Text<'a>>,
    /// `UserName`
    pub user_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for UpdateAccessKeyRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            access_key_id: reader.text("AccessKeyId", &ACCESS_KEY_ID_TYPE)?,
            status: reader.text("Status", &STATUS_TYPE)?,
            user_name: reader.text("UserName", &EXISTING_USER_NAME_TYPE)?,
        };
        reader.require("AccessKeyId", read.access_key_id.is_some());
        reader.require("Status", read.status.is_some());
        Ok(read)
    }
}

/// `UpdateAssumeRolePolicyRequest`
#[derive(Default)]
pub struct UpdateAssumeRolePolicyRequest<'a> {
    /// `PolicyDocument`, required
    pub policy_document: Option<Text<'a>>,
    /// `RoleName`, required
    pub role_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for UpdateAssumeRolePolicyRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            policy_document: reader.text("PolicyDocument", &POLICY_DOCUMENT_TYPE)?,
            role_name: reader.text("RoleName", &ROLE_NAME_TYPE)?,
        };
        reader.require("RoleName", read.role_name.is_some());
        reader.require("PolicyDocument", read.policy_document.is_some());
        Ok(read)
    }
}

/// `UpdateGroupRequest`
#[derive(Default)]
pub struct UpdateGroupRequest<'a> {
    /// `GroupName`, required
    pub group_name: Option<Text<'a>>,
    /// `NewGroupName`
    pub new_group_name: Option<Text<'a>>,
    /// `NewPath`
    pub new_path: Option<Text<'a>>,
}

impl<'a> Structure<'a> for UpdateGroupRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            group_name: reader.text("GroupName", &GROUP_NAME_TYPE)?,
            new_group_name: reader.text("NewGroupName", &GROUP_NAME_TYPE)?,
            new_path: reader.text("NewPath", &PATH_TYPE)?,
        };
        reader.require("GroupName", read.group_name.is_some());
        Ok(read)
    }
}

/// `UpdateOpenIDConnectProviderThumbprintRequest`
#[derive(Default)]
pub struct UpdateOpenIDConnectProviderThumbprintRequest<'a> {
    /// `OpenIDConnectProviderArn`, required
    pub open_id_connect_provider_arn: Option<Text<'a>>,
    /// `ThumbprintList`, required
    pub thumbprint_list: Option<Vec<Text<'a>>>,
}

impl<'a> Structure<'a> for UpdateOpenIDConnectProviderThumbprintRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            open_id_connect_provider_arn: reader.text("OpenIDConnectProviderArn", &ARN_TYPE)?,
            thumbprint_list: reader.texts("ThumbprintList", &THUMBPRINT_LIST_TYPE, &THUMBPRINT_TYPE)?,
        };
        reader.require("OpenIDConnectProviderArn", read.open_id_connect_provider_arn.is_some());
        reader.require("ThumbprintList", read.thumbprint_list.is_some());
        Ok(read)
    }
}

/// `UpdateRoleDescriptionRequest`
#[derive(Default)]
pub struct UpdateRoleDescriptionRequest<'a> {
    /// `Description`, required
    pub description: Option<Text<'a>>,
    /// `RoleName`, required
    pub role_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for UpdateRoleDescriptionRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            description: reader.text("Description", &ROLE_DESCRIPTION_TYPE)?,
            role_name: reader.text("RoleName", &ROLE_NAME_TYPE)?,
        };
        reader.require("RoleName", read.role_name.is_some());
        reader.require("Description", read.description.is_some());
        Ok(read)
    }
}

/// `UpdateRoleRequest`
#[derive(Default)]
pub struct UpdateRoleRequest<'a> {
    /// `Description`
    pub description: Option<Text<'a>>,
    /// `MaxSessionDuration`
    pub max_session_duration: Option<i32>,
    /// `RoleName`, required
    pub role_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for UpdateRoleRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            description: reader.text("Description", &ROLE_DESCRIPTION_TYPE)?,
            max_session_duration: reader.integer("MaxSessionDuration", &ROLE_MAX_SESSION_DURATION_TYPE)?,
            role_name: reader.text("RoleName", &ROLE_NAME_TYPE)?,
        };
        reader.require("RoleName", read.role_name.is_some());
        Ok(read)
    }
}

/// `UpdateUserRequest`
#[derive(Default)]
pub struct UpdateUserRequest<'a> {
    /// `NewPath`
    pub new_path: Option<Text<'a>>,
    /// `NewUserName`
    pub new_user_name: Option<Text<'a>>,
    /// `UserName`, required
    pub user_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for UpdateUserRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            new_path: reader.text("NewPath", &PATH_TYPE)?,
            new_user_name: reader.text("NewUserName", &USER_NAME_TYPE)?,
            user_name: reader.text("UserName", &EXISTING_USER_NAME_TYPE)?,
        };
        reader.require("UserName", read.user_name.is_some());
        Ok(read)
    }
}

/// `ActionNameListType`
pub static ACTION_NAME_LIST_TYPE: ListRule = ListRule { items_min: 0, items_max: None };

/// `ActionNameType`
pub static ACTION_NAME_TYPE: TextRule =
    TextRule { chars_min: 3, chars_max: Some(128), pattern: None, values: &[] };

/// `AttachmentName`
pub static ATTACHMENT_NAME: TextRule = TextRule {
    chars_min: 1,
    chars_max: Some(128),
    pattern: Some(Pattern {
        text: "[\\w+=,.@-]+",
        form: Form::Class {
            chars_min: 1,
            class: &[
                ('+', '+'),
                (',', ','),
                ('-', '-'),
                ('.', '.'),
                ('0', '9'),
                ('=', '='),
                ('@', '@'),
                ('A', 'Z'),
                ('_', '_'),
                ('a', 'z'),
            ],
        },
    }),
    values: &[],
};

/// `AttachmentType`
pub static ATTACHMENT_TYPE: TextRule =
    TextRule { chars_min: 0, chars_max: None, pattern: None, values: &["user", "group", "role"] };

/// `ContextEntryListType`
pub static CONTEXT_ENTRY_LIST_TYPE: ListRule = ListRule { items_min: 0, items_max: None };

/// `ContextKeyNameType`
pub static CONTEXT_KEY_NAME_TYPE: TextRule =
    TextRule { chars_min: 5, chars_max: Some(256), pattern: None, values: &[] };

/// `ContextKeyTypeEnum`
pub static CONTEXT_KEY_TYPE_ENUM: TextRule = TextRule {
    chars_min: 0,
    chars_max: None,
    pattern: None,
    values: &[
        "string",
        "stringList",
        "numeric",
        "numericList",
        "boolean",
        "booleanList",
        "ip",
        "ipList",
        "binary",
        "binaryList",
        "date",
        "dateList",
    ],
};

/// `ContextKeyValueListType`
pub static CONTEXT_KEY_VALUE_LIST_TYPE: ListRule = ListRule { items_min: 0, items_max: None };

/// `ContextKeyValueType`
pub static CONTEXT_KEY_VALUE_TYPE: TextRule =
    TextRule { chars_min: 0, chars_max: None, pattern: None, values: &[] };

/// `EntityType`
pub static ENTITY_TYPE: TextRule = TextRule {
    chars_min: 0,
    chars_max: None,
    pattern: None,
    values: &["User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy"],
};

/// `OpenIDConnectProviderUrlType`
pub static OPEN_ID_CONNECT_PROVIDER_URL_TYPE: TextRule =
    TextRule { chars_min: 1, chars_max: Some(255), pattern: None, values: &[] };

/// `OrganizationPolicyListType`
pub static ORGANIZATION_POLICY_LIST_TYPE: ListRule = ListRule { items_min: 0, items_max: Some(7) };

/// `PolicyExclusionsListType`
pub static POLICY_EXCLUSIONS_LIST_TYPE: ListRule = ListRule { items_min: 0, items_max: Some(256) };

/// `PolicyIdentifierPolicyType`
pub static POLICY_IDENTIFIER_POLICY_TYPE: TextRule = TextRule {
    chars_min: 0,
    chars_max: None,
    pattern: None,
    values: &["inline", "aws-managed", "user-managed", "permission-boundary", "scp", "rcp"],
};

/// `PolicyUsageType`
pub static POLICY_USAGE_TYPE: TextRule = TextRule {
    chars_min: 0,
    chars_max: None,
    pattern: None,
    values: &["PermissionsPolicy", "PermissionsBoundary"],
};

/// `ResourceHandlingOptionType`
pub static RESOURCE_HANDLING_OPTION_TYPE: TextRule =
    TextRule { chars_min: 1, chars_max: Some(64), pattern: None, values: &[] };

/// `ResourceNameListType`
pub static RESOURCE_NAME_LIST_TYPE: ListRule = ListRule { items_min: 0, items_max: None };

/// `ResourceNameType`
pub static RESOURCE_NAME_TYPE: TextRule =
    TextRule { chars_min: 1, chars_max: Some(2048), pattern: None, values: &[] };

/// `SimulationPolicyListType`
pub static SIMULATION_POLICY_LIST_TYPE: ListRule = ListRule { items_min: 0, items_max: None };

/// `accessKeyIdType`
pub static ACCESS_KEY_ID_TYPE: TextRule = TextRule {
    chars_min: 16,
    chars_max: Some(128),
    pattern: Some(Pattern {
        text: "[\\w]+",
        form: Form::Class { chars_min: 1, class: &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')] },
    }),
    values: &[],
};

/// `accountAliasType`
pub static ACCOUNT_ALIAS_TYPE: TextRule = TextRule {
    chars_min: 3,
    chars_max: Some(63),
    pattern: Some(Pattern {
        text: "^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$",
        form: Form::Hand(is_account_alias),
    }),
    values: &[],
};

/// `arnType`
pub static ARN_TYPE: TextRule = TextRule { chars_min: 20, chars_max: Some(2048), pattern: None, values: &[] };

/// `assignmentStatusType`
pub static ASSIGNMENT_STATUS_TYPE: TextRule =
    TextRule { chars_min: 0, chars_max: None, pattern: None, values: &["Assigned", "Unassigned", "Any"] };

/// `authenticationCodeType`
pub static AUTHENTICATION_CODE_TYPE: TextRule = TextRule {
    chars_min: 6,
    chars_max: Some(6),
    pattern: Some(Pattern { text: "[\\d]+", form: Form::Class { chars_min: 1, class: &[('0', '9')] } }),
    values: &[],
};

/// `clientIDListType`
pub static CLIENT_ID_LIST_TYPE: ListRule = ListRule { items_min: 0, items_max: None };

/// `clientIDType`
pub static CLIENT_ID_TYPE: TextRule =
    TextRule { chars_min: 1, chars_max: Some(255), pattern: None, values: &[] };

/// `entityListType`
pub static ENTITY_LIST_TYPE: ListRule = ListRule { items_min: 0, items_max: None };

/// `existingUserNameType`
pub static EXISTING_USER_NAME_TYPE: TextRule = TextRule {
    chars_min: 1,
    chars_max: Some(128),
    pattern: Some(Pattern {
        text: "[\\w+=,.@-]+",
        form: Form::Class {
            chars_min: 1,
            class: &[
                ('+', '+'),
                (',', ','),
                ('-', '-'),
                ('.', '.'),
                ('0', '9'),
                ('=', '='),
                ('@', '@'),
                ('A', 'Z'),
                ('_', '_'),
                ('a', 'z'),
            ],
        },
    }),
    values: &[],
};

/// `groupNameType`
pub static GROUP_NAME_TYPE: TextRule = TextRule {
    chars_min: 1,
    chars_max: Some(128),
    pattern: Some(Pattern {
        text: "[\\w+=,.@-]+",
        form: Form::Class {
            chars_min: 1,
            class: &[
                ('+', '+'),
                (',', ','),
                ('-', '-'),
                ('.', '.'),
                ('0', '9'),
                ('=', '='),
                ('@', '@'),
                ('A', 'Z'),
                ('_', '_'),
                ('a', 'z'),
            ],
        },
    }),
    values: &[],
};

/// `markerType`
pub static MARKER_TYPE: TextRule = TextRule {
    chars_min: 1,
    chars_max: Some(320),
    pattern: Some(Pattern {
        text: "[\\u0020-\\u00FF]+",
        form: Form::Class { chars_min: 1, class: &[(' ', 'ÿ')] },
    }),
    values: &[],
};

/// `maxItemsType`
pub static MAX_ITEMS_TYPE: IntegerRule = IntegerRule { min: 1, max: 1000 };

/// `pathPrefixType`
pub static PATH_PREFIX_TYPE: TextRule = TextRule {
    chars_min: 1,
    chars_max: Some(512),
    pattern: Some(Pattern {
        text: "\\u002F[\\u0021-\\u007F]*",
        form: Form::Expression(LazyLock::new(|| expression("\\u002F[\\u0021-\\u007F]*"))),
    }),
    values: &[],
};

/// `pathType`
pub static PATH_TYPE: TextRule = TextRule {
    chars_min: 1,
    chars_max: Some(512),
    pattern: Some(Pattern {
        text: "(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)",
        form: Form::Expression(LazyLock::new(|| expression("(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)"))),
    }),
    values: &[],
};

/// `policyDescriptionType`
pub static POLICY_DESCRIPTION_TYPE: TextRule =
    TextRule { chars_min: 0, chars_max: Some(1000), pattern: None, values: &[] };

/// `policyDocumentType`
pub static POLICY_DOCUMENT_TYPE: TextRule = TextRule {
    chars_min: 1,
    chars_max: Some(131072),
    pattern: Some(Pattern {
        text: "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+",
        form: Form::Class { chars_min: 1, class: &[('\t', '\t'), ('\n', '\n'), ('\r', '\r'), (' ', 'ÿ')] },
    }),
    values: &[],
};

/// `policyNameType`
pub static POLICY_NAME_TYPE: TextRule = TextRule {
    chars_min: 1,
    chars_max: Some(128),
    pattern: Some(Pattern {
        text: "[\\w+=,.@-]+",
        form: Form::Class {
            chars_min: 1,
            class: &[
                ('+', '+'),
                (',', ','),
                ('-', '-'),
                ('.', '.'),
                ('0', '9'),
                ('=', '='),
                ('@', '@'),
                ('A', 'Z'),
                ('_', '_'),
                ('a', 'z'),
            ],
        },
    }),
    values: &[],
};

/// `policyPathType`
pub static POLICY_PATH_TYPE: TextRule = TextRule {
    chars_min: 1,
    chars_max: Some(512),
    pattern: Some(Pattern {
        text: "((/[A-Za-z0-9\\.,\\+@=_-]+)*)/",
        form: Form::Expression(LazyLock::new(|| expression("((/[A-Za-z0-9\\.,\\+@=_-]+)*)/"))),
    }),
    values: &[],
};

/// `policyScopeType`
pub static POLICY_SCOPE_TYPE: TextRule =
    TextRule { chars_min: 0, chars_max: None, pattern: None, values: &["All", "AWS", "Local"] };

/// `policyVersionIdType`
pub static POLICY_VERSION_ID_TYPE: TextRule = TextRule {
    chars_min: 0,
    chars_max: None,
    pattern: Some(Pattern {
        text: "v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?",
        form: Form::Expression(LazyLock::new(|| expression("v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?"))),
    }),
    values: &[],
};

/// `roleDescriptionType`
pub static ROLE_DESCRIPTION_TYPE: TextRule = TextRule {
    chars_min: 0,
    chars_max: Some(1000),
    pattern: Some(Pattern {
        text: "[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*",
        form: Form::Class {
            chars_min: 0,
            class: &[('\t', '\t'), ('\n', '\n'), ('\r', '\r'), (' ', '~'), ('¡', 'ÿ')],
        },
    }),
    values: &[],
};

/// `roleMaxSessionDurationType`
pub static ROLE_MAX_SESSION_DURATION_TYPE: IntegerRule = IntegerRule { min: 3600, max: 43200 };

/// `roleNameType`
pub static ROLE_NAME_TYPE: TextRule = TextRule {
    chars_min: 1,
    chars_max: Some(64),
    pattern: Some(Pattern {
        text: "[\\w+=,.@-]+",
        form: Form::Class {
            chars_min: 1,
            class: &[
                ('+', '+'),
                (',', ','),
                ('-', '-'),
                ('.', '.'),
                ('0', '9'),
                ('=', '='),
                ('@', '@'),
                ('A', 'Z'),
                ('_', '_'),
                ('a', 'z'),
            ],
        },
    }),
    values: &[],
};

/// `serialNumberType`
pub static SERIAL_NUMBER_TYPE: TextRule = TextRule {
    chars_min: 9,
    chars_max: Some(256),
    pattern: Some(Pattern {
        text: "[\\w+=/:,.@-]+",
        form: Form::Class {
            chars_min: 1,
            class: &[
                ('+', '+'),
                (',', ','),
                ('-', '-'),
                ('.', '.'),
                ('/', '/'),
                ('0', '9'),
                (':', ':'),
                ('=', '='),
                ('@', '@'),
                ('A', 'Z'),
                ('_', '_'),
                ('a', 'z'),
            ],
        },
    }),
    values: &[],
};

/// `serviceName`
pub static SERVICE_NAME: TextRule = TextRule { chars_min: 0, chars_max: None, pattern: None, values: &[] };

/// `statusType`
pub static STATUS_TYPE: TextRule =
    TextRule { chars_min: 0, chars_max: None, pattern: None, values: &["Active", "Inactive", "Expired"] };

/// `tagKeyListType`
pub static TAG_KEY_LIST_TYPE: ListRule = ListRule { items_min: 0, items_max: Some(50) };

/// `tagKeyType`
pub static TAG_KEY_TYPE: TextRule = TextRule {
    chars_min: 1,
    chars_max: Some(128),
    pattern: Some(Pattern { text: "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+", form: Form::Hand(is_tag_key) }),
    values: &[],
};

/// `tagListType`
pub static TAG_LIST_TYPE: ListRule = ListRule { items_min: 0, items_max: Some(50) };

/// `tagValueType`
pub static TAG_VALUE_TYPE: TextRule = TextRule {
    chars_min: 0,
    chars_max: Some(256),
    pattern: Some(Pattern { text: "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*", form: Form::Hand(is_tag_text) }),
    values: &[],
};

/// `thumbprintListType`
pub static THUMBPRINT_LIST_TYPE: ListRule = ListRule { items_min: 0, items_max: None };

/// `thumbprintType`
pub static THUMBPRINT_TYPE: TextRule =
    TextRule { chars_min: 40, chars_max: Some(40), pattern: None, values: &[] };

/// `userNameType`
pub static USER_NAME_TYPE: TextRule = TextRule {
    chars_min: 1,
    chars_max: Some(64),
    pattern: Some(Pattern {
        text: "[\\w+=,.@-]+",
        form: Form::Class {
            chars_min: 1,
            class: &[
                ('+', '+'),
                (',', ','),
                ('-', '-'),
                ('.', '.'),
                ('0', '9'),
                ('=', '='),
                ('@', '@'),
                ('A', 'Z'),
                ('_', '_'),
                ('a', 'z'),
            ],
        },
    }),
    values: &[],
};

/// `virtualMFADeviceName`
pub static VIRTUAL_MFA_DEVICE_NAME: TextRule = TextRule {
    chars_min: 1,
    chars_max: None,
    pattern: Some(Pattern {
        text: "[\\w+=,.@-]+",
        form: Form::Class {
            chars_min: 1,
            class: &[
                ('+', '+'),
                (',', ','),
                ('-', '-'),
                ('.', '.'),
                ('0', '9'),
                ('=', '='),
                ('@', '@'),
                ('A', 'Z'),
                ('_', '_'),
                ('a', 'z'),
            ],
        },
    }),
    values: &[],
};
