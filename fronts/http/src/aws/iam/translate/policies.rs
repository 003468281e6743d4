//! Managed policies and their versions.

use keystead_engine::ops::Page;
use keystead_engine::ops::iam::{
    self as ops, Entities, Entity, ManagedPolicy, PolicyScope, PolicyUse, PolicyVersion,
};
use keystead_model::IamKind;

use super::super::super::iam_model::{
    CreatePolicyRequest, CreatePolicyVersionRequest, DeletePolicyRequest, DeletePolicyVersionRequest,
    GetPolicyRequest, GetPolicyVersionRequest, ListEntitiesForPolicyRequest, ListPoliciesRequest,
    ListPolicyVersionsRequest, SetDefaultPolicyVersionRequest,
};
use super::super::super::query::Xml;
use super::super::super::rules::Text;
use super::{Taken, next_page, page, path, policy_name, tag_list, text, version};
use crate::door::Refusal;

pub(in super::super) fn create_policy(wire: CreatePolicyRequest<'_>) -> Taken<ops::CreatePolicy> {
    let CreatePolicyRequest { description, path, policy_document, policy_name, tags } = wire;
    Ok(ops::CreatePolicy {
        name: self::policy_name(policy_name)?,
        path: self::path(path)?,
        document: text(policy_document)?,
        description: description.map(Box::from),
        tags: super::tags(tags)?,
    })
}

pub(in super::super) fn get_policy(wire: GetPolicyRequest<'_>) -> Taken<ops::GetPolicy> {
    let GetPolicyRequest { policy_arn } = wire;
    Ok(ops::GetPolicy { policy: super::policy(policy_arn)? })
}

pub(in super::super) fn delete_policy(wire: DeletePolicyRequest<'_>) -> Taken<ops::DeletePolicy> {
    let DeletePolicyRequest { policy_arn } = wire;
    Ok(ops::DeletePolicy { policy: super::policy(policy_arn)? })
}

pub(in super::super) fn list_policies(wire: ListPoliciesRequest<'_>) -> Taken<ops::ListPolicies> {
    let ListPoliciesRequest { marker, max_items, only_attached, path_prefix, policy_usage_filter, scope } =
        wire;
    Ok(ops::ListPolicies {
        scope: match scope.as_deref() {
            None | Some("All") => PolicyScope::All,
            Some("AWS") => PolicyScope::BuiltIn,
            Some("Local") => PolicyScope::Own,
            Some(other) => return Err(super::invalid("scope", other)),
        },
        only_attached: only_attached.unwrap_or(false),
        path_prefix: path_prefix.map(Box::from),
        used_as: used_as(policy_usage_filter)?,
        page: page(max_items, marker)?,
    })
}

pub(in super::super) fn create_policy_version(
    wire: CreatePolicyVersionRequest<'_>,
) -> Taken<ops::CreatePolicyVersion> {
    let CreatePolicyVersionRequest { policy_arn, policy_document, set_as_default } = wire;
    Ok(ops::CreatePolicyVersion {
        policy: super::policy(policy_arn)?,
        document: text(policy_document)?,
        set_as_default: set_as_default.unwrap_or(false),
    })
}

pub(in super::super) fn get_policy_version(
    wire: GetPolicyVersionRequest<'_>,
) -> Taken<ops::GetPolicyVersion> {
    let GetPolicyVersionRequest { policy_arn, version_id } = wire;
    Ok(ops::GetPolicyVersion { policy: super::policy(policy_arn)?, version: version(version_id)? })
}

pub(in super::super) fn delete_policy_version(
    wire: DeletePolicyVersionRequest<'_>,
) -> Taken<ops::DeletePolicyVersion> {
    let DeletePolicyVersionRequest { policy_arn, version_id } = wire;
    Ok(ops::DeletePolicyVersion { policy: super::policy(policy_arn)?, version: version(version_id)? })
}

pub(in super::super) fn list_policy_versions(
    wire: ListPolicyVersionsRequest<'_>,
) -> Taken<ops::ListPolicyVersions> {
    let ListPolicyVersionsRequest { marker, max_items, policy_arn } = wire;
    Ok(ops::ListPolicyVersions { policy: super::policy(policy_arn)?, page: page(max_items, marker)? })
}

pub(in super::super) fn set_default_policy_version(
    wire: SetDefaultPolicyVersionRequest<'_>,
) -> Taken<ops::SetDefaultPolicyVersion> {
    let SetDefaultPolicyVersionRequest { policy_arn, version_id } = wire;
    Ok(ops::SetDefaultPolicyVersion { policy: super::policy(policy_arn)?, version: version(version_id)? })
}

pub(in super::super) fn list_entities_for_policy(
    wire: ListEntitiesForPolicyRequest<'_>,
) -> Taken<ops::ListEntitiesForPolicy> {
    let ListEntitiesForPolicyRequest {
        entity_filter,
        marker,
        max_items,
        path_prefix,
        policy_arn,
        policy_usage_filter,
    } = wire;
    Ok(ops::ListEntitiesForPolicy {
        policy: super::policy(policy_arn)?,
        kind: match entity_filter.as_deref() {
            None => None,
            Some("User") => Some(IamKind::User),
            Some("Group") => Some(IamKind::Group),
            Some("Role") => Some(IamKind::Role),
            // The model has two words more here, for kinds of policies, to which nothing can be attached.
            Some(other) => {
                return Err(Refusal::Validation(format!(
                    "The entity filter {other} is none of User, Group and Role."
                )));
            }
        },
        path_prefix: path_prefix.map(Box::from),
        used_as: used_as(policy_usage_filter)?,
        page: page(max_items, marker)?,
    })
}

fn used_as(filter: Option<Text<'_>>) -> Taken<Option<PolicyUse>> {
    match filter.as_deref() {
        None => Ok(None),
        Some("PermissionsPolicy") => Ok(Some(PolicyUse::Permissions)),
        Some("PermissionsBoundary") => Ok(Some(PolicyUse::Boundary)),
        Some(other) => Err(super::invalid("policyUsageFilter", other)),
    }
}

pub(in super::super) fn policy(policy: ManagedPolicy, xml: &mut Xml) {
    xml.structure("Policy", |xml| {
        brief(&policy, xml);
        xml.optional_text("Description", policy.description.as_deref());
        tag_list(&policy.tags, xml);
    });
}

pub(in super::super) fn policies(page: Page<ManagedPolicy>, xml: &mut Xml) {
    xml.structures("Policies", page.items, |xml, policy| brief(&policy, xml));
    next_page(page.next.as_deref(), xml);
}

/// A version as it is read: with its document.
pub(in super::super) fn policy_version(version: PolicyVersion, xml: &mut Xml) {
    xml.structure("PolicyVersion", |xml| with_document(&version, xml));
}

/// A version as it is told when it was made: whoever made it has its document.
pub(in super::super) fn new_policy_version(version: PolicyVersion, xml: &mut Xml) {
    xml.structure("PolicyVersion", |xml| without_document(&version, xml));
}

pub(in super::super) fn policy_versions(page: Page<PolicyVersion>, xml: &mut Xml) {
    xml.structures("Versions", page.items, |xml, version| without_document(&version, xml));
    next_page(page.next.as_deref(), xml);
}

pub(in super::super) fn entities(entities: Entities, xml: &mut Xml) {
    let Entities { groups, roles, users, next } = entities;
    for (list, name, id, entities) in [
        ("PolicyGroups", "GroupName", "GroupId", groups),
        ("PolicyUsers", "UserName", "UserId", users),
        ("PolicyRoles", "RoleName", "RoleId", roles),
    ] {
        xml.structures(list, entities, |xml, entity: Entity| {
            xml.text(name, &entity.name).text(id, &entity.id);
        });
    }
    next_page(next.as_deref(), xml);
}

/// A policy without what AWS leaves out of listings.
pub(super) fn brief(policy: &ManagedPolicy, xml: &mut Xml) {
    let ManagedPolicy {
        id,
        name,
        path,
        arn,
        default_version,
        attachments,
        boundaries,
        description: _,
        created,
        updated,
        tags: _,
    } = policy;
    xml.text("PolicyName", name).text("PolicyId", id).shown("Arn", arn).text("Path", path);
    xml.plain("DefaultVersionId", default_version).plain("AttachmentCount", attachments);
    xml.plain("PermissionsBoundaryUsageCount", boundaries).plain("IsAttachable", true);
    xml.time("CreateDate", *created).time("UpdateDate", *updated);
}

pub(super) fn with_document(version: &PolicyVersion, xml: &mut Xml) {
    xml.document("Document", &version.document);
    without_document(version, xml);
}

fn without_document(version: &PolicyVersion, xml: &mut Xml) {
    let PolicyVersion { version, document: _, is_default, created } = version;
    xml.plain("VersionId", version).plain("IsDefaultVersion", is_default).time("CreateDate", *created);
}
