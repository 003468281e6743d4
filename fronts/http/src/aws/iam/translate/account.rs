//! The account as a whole, its reports, and what there is nothing of.

use keystead_engine::ops::Page;
use keystead_engine::ops::iam::{
    self as ops, AccountDetails, CredentialReport, DetailKind, GroupDetail, InlinePolicy, Never,
    PolicyDetail, RoleDetail, UserDetail,
};

use super::super::super::iam_model::{
    CreateAccountAliasRequest, DeleteAccountAliasRequest, GetAccountAuthorizationDetailsRequest,
    GetLoginProfileRequest, ListAccountAliasesRequest, ListInstanceProfilesForRoleRequest,
    ListSSHPublicKeysRequest, ListServiceSpecificCredentialsRequest, ListSigningCertificatesRequest,
};
use super::super::super::query::{Nothing, Xml};
use super::holders::attached;
use super::{
    Taken, boundary_of, groups, next_page, only_page, optional_user, page, policies, role, roles,
    tag_list_if_any, text, users,
};

pub(in super::super) fn create_account_alias(
    wire: CreateAccountAliasRequest<'_>,
) -> Taken<ops::CreateAccountAlias> {
    let CreateAccountAliasRequest { account_alias } = wire;
    Ok(ops::CreateAccountAlias { alias: text(account_alias)? })
}

pub(in super::super) fn delete_account_alias(
    wire: DeleteAccountAliasRequest<'_>,
) -> Taken<ops::DeleteAccountAlias> {
    let DeleteAccountAliasRequest { account_alias } = wire;
    Ok(ops::DeleteAccountAlias { alias: text(account_alias)? })
}

pub(in super::super) fn list_account_aliases(
    wire: ListAccountAliasesRequest<'_>,
) -> Taken<ops::ListAccountAliases> {
    let ListAccountAliasesRequest { marker, max_items } = wire;
    Ok(ops::ListAccountAliases { page: page(max_items, marker)? })
}

pub(in super::super) fn get_account_authorization_details(
    wire: GetAccountAuthorizationDetailsRequest<'_>,
) -> Taken<ops::GetAccountAuthorizationDetails> {
    let GetAccountAuthorizationDetailsRequest { filter, marker, max_items } = wire;
    let mut kinds = Vec::new();
    for word in filter.into_iter().flatten() {
        let kind = match &*word {
            "User" => DetailKind::User,
            "Group" => DetailKind::Group,
            "Role" => DetailKind::Role,
            "LocalManagedPolicy" => DetailKind::OwnPolicy,
            "AWSManagedPolicy" => DetailKind::BuiltInPolicy,
            other => return Err(super::invalid("filter", other)),
        };
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    Ok(ops::GetAccountAuthorizationDetails { kinds, page: page(max_items, marker)? })
}

pub(in super::super) fn get_account_summary(_: Nothing) -> Taken<ops::GetAccountSummary> {
    Ok(ops::GetAccountSummary)
}

pub(in super::super) fn generate_credential_report(_: Nothing) -> Taken<ops::GenerateCredentialReport> {
    Ok(ops::GenerateCredentialReport)
}

pub(in super::super) fn get_credential_report(_: Nothing) -> Taken<ops::GetCredentialReport> {
    Ok(ops::GetCredentialReport)
}

pub(in super::super) fn get_account_password_policy(_: Nothing) -> Taken<ops::GetAccountPasswordPolicy> {
    Ok(ops::GetAccountPasswordPolicy)
}

pub(in super::super) fn get_login_profile(wire: GetLoginProfileRequest<'_>) -> Taken<ops::GetLoginProfile> {
    let GetLoginProfileRequest { user_name } = wire;
    Ok(ops::GetLoginProfile { user: optional_user(user_name)? })
}

pub(in super::super) fn list_signing_certificates(
    wire: ListSigningCertificatesRequest<'_>,
) -> Taken<ops::ListSigningCertificates> {
    let ListSigningCertificatesRequest { marker, max_items: _, user_name } = wire;
    only_page(marker)?;
    Ok(ops::ListSigningCertificates { user: optional_user(user_name)? })
}

pub(in super::super) fn list_ssh_public_keys(
    wire: ListSSHPublicKeysRequest<'_>,
) -> Taken<ops::ListSshPublicKeys> {
    let ListSSHPublicKeysRequest { marker, max_items: _, user_name } = wire;
    only_page(marker)?;
    Ok(ops::ListSshPublicKeys { user: optional_user(user_name)? })
}

/// Of whatever service and whosever: there are none.
pub(in super::super) fn list_service_specific_credentials(
    wire: ListServiceSpecificCredentialsRequest<'_>,
) -> Taken<ops::ListServiceSpecificCredentials> {
    let ListServiceSpecificCredentialsRequest {
        all_users: _,
        marker,
        max_items: _,
        service_name: _,
        user_name,
    } = wire;
    only_page(marker)?;
    Ok(ops::ListServiceSpecificCredentials { user: optional_user(user_name)? })
}

pub(in super::super) fn list_instance_profiles_for_role(
    wire: ListInstanceProfilesForRoleRequest<'_>,
) -> Taken<ops::ListInstanceProfilesForRole> {
    let ListInstanceProfilesForRoleRequest { marker, max_items: _, role_name } = wire;
    only_page(marker)?;
    Ok(ops::ListInstanceProfilesForRole { role: role(role_name)? })
}

pub(in super::super) fn account_aliases(page: Page<Box<str>>, xml: &mut Xml) {
    xml.texts("AccountAliases", page.items);
    next_page(page.next.as_deref(), xml);
}

pub(in super::super) fn summary(numbers: Vec<(&'static str, u32)>, xml: &mut Xml) {
    xml.structure("SummaryMap", |xml| {
        for (name, number) in numbers {
            xml.structure("entry", |xml| {
                xml.text("key", name).plain("value", number);
            });
        }
    });
}

pub(in super::super) fn details(details: AccountDetails, xml: &mut Xml) {
    let AccountDetails { users, groups, roles, policies, next } = details;
    xml.structures("UserDetailList", users, |xml, user| user_detail(&user, xml));
    xml.structures("GroupDetailList", groups, |xml, group| group_detail(&group, xml));
    xml.structures("RoleDetailList", roles, |xml, role| role_detail(&role, xml));
    xml.structures("Policies", policies, |xml, policy| policy_detail(&policy, xml));
    next_page(next.as_deref(), xml);
}

pub(in super::super) fn report_made(_: (), xml: &mut Xml) {
    xml.text("State", "COMPLETE");
}

pub(in super::super) fn report(report: CredentialReport, xml: &mut Xml) {
    let CredentialReport { content, generated } = report;
    xml.blob("Content", &content).text("ReportFormat", "text/csv").time("GeneratedTime", generated);
}

pub(in super::super) fn never(never: Never, _: &mut Xml) {
    match never {}
}

pub(in super::super) fn no_certificates(_: (), xml: &mut Xml) {
    none("Certificates", xml);
}

pub(in super::super) fn no_ssh_keys(_: (), xml: &mut Xml) {
    none("SSHPublicKeys", xml);
}

pub(in super::super) fn no_service_credentials(_: (), xml: &mut Xml) {
    none("ServiceSpecificCredentials", xml);
}

pub(in super::super) fn no_instance_profiles(_: (), xml: &mut Xml) {
    none("InstanceProfiles", xml);
}

fn none(name: &str, xml: &mut Xml) {
    xml.texts(name, [""; 0]);
    next_page(None, xml);
}

fn user_detail(detail: &UserDetail, xml: &mut Xml) {
    let UserDetail { user, inline, groups, attached } = detail;
    users::brief(user, xml);
    if !inline.is_empty() {
        inline_policies("UserPolicyList", inline, xml);
    }
    xml.texts("GroupList", groups);
    self::attached("AttachedManagedPolicies", attached, xml);
    boundary_of(user.boundary.as_ref(), xml);
    tag_list_if_any(&user.tags, xml);
}

fn group_detail(detail: &GroupDetail, xml: &mut Xml) {
    let GroupDetail { group, inline, attached } = detail;
    groups::members(group, xml);
    inline_policies("GroupPolicyList", inline, xml);
    self::attached("AttachedManagedPolicies", attached, xml);
}

fn role_detail(detail: &RoleDetail, xml: &mut Xml) {
    let RoleDetail { role, inline, attached } = detail;
    roles::brief(role, xml);
    xml.texts("InstanceProfileList", [""; 0]);
    inline_policies("RolePolicyList", inline, xml);
    self::attached("AttachedManagedPolicies", attached, xml);
    roles::more(role, xml);
}

fn policy_detail(detail: &PolicyDetail, xml: &mut Xml) {
    let PolicyDetail { policy, versions } = detail;
    policies::brief(policy, xml);
    xml.optional_text("Description", policy.description.as_deref());
    xml.structures("PolicyVersionList", versions, |xml, version| policies::with_document(version, xml));
}

fn inline_policies(name: &str, policies: &[InlinePolicy], xml: &mut Xml) {
    xml.structures(name, policies, |xml, InlinePolicy { holder: _, name, document }| {
        xml.text("PolicyName", name).document("PolicyDocument", document);
    });
}
