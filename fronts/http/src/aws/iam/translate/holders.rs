//! What users, groups and roles have alike: attached policies, inline policies, permissions boundaries.

use keystead_engine::ops::Page;
use keystead_engine::ops::iam::{self as ops, AttachedPolicy, InlinePolicy};
use keystead_model::{GroupName, RoleName, UserName};

use super::super::super::iam_model::{
    AttachGroupPolicyRequest, AttachRolePolicyRequest, AttachUserPolicyRequest, DeleteGroupPolicyRequest,
    DeleteRolePermissionsBoundaryRequest, DeleteRolePolicyRequest, DeleteUserPermissionsBoundaryRequest,
    DeleteUserPolicyRequest, DetachGroupPolicyRequest, DetachRolePolicyRequest, DetachUserPolicyRequest,
    GetGroupPolicyRequest, GetRolePolicyRequest, GetUserPolicyRequest, ListAttachedGroupPoliciesRequest,
    ListAttachedRolePoliciesRequest, ListAttachedUserPoliciesRequest, ListGroupPoliciesRequest,
    ListRolePoliciesRequest, ListUserPoliciesRequest, PutGroupPolicyRequest,
    PutRolePermissionsBoundaryRequest, PutRolePolicyRequest, PutUserPermissionsBoundaryRequest,
    PutUserPolicyRequest,
};
use super::super::super::query::Xml;
use super::{Taken, group, next_page, page, policy, policy_name, role, text, user};

/// The same requests for each kind of holder. Its name is in the member that comes first.
macro_rules! of_holders {
    ($($member:ident $read:ident $holder:ident:
        $attach:ident $Attach:ident, $detach:ident $Detach:ident, $attached:ident $Attached:ident,
        $put:ident $Put:ident, $get:ident $Get:ident, $delete:ident $Delete:ident, $list:ident $List:ident;)+) => {$(
        pub(in super::super) fn $attach(wire: $Attach<'_>) -> Taken<ops::Attach<$holder>> {
            let $Attach { $member, policy_arn } = wire;
            Ok(ops::Attach { holder: $read($member)?, policy: policy(policy_arn)? })
        }

        pub(in super::super) fn $detach(wire: $Detach<'_>) -> Taken<ops::Detach<$holder>> {
            let $Detach { $member, policy_arn } = wire;
            Ok(ops::Detach { holder: $read($member)?, policy: policy(policy_arn)? })
        }

        pub(in super::super) fn $attached(wire: $Attached<'_>) -> Taken<ops::ListAttached<$holder>> {
            let $Attached { $member, marker, max_items, path_prefix } = wire;
            Ok(ops::ListAttached {
                holder: $read($member)?,
                path_prefix: path_prefix.map(Box::from),
                page: page(max_items, marker)?,
            })
        }

        pub(in super::super) fn $put(wire: $Put<'_>) -> Taken<ops::PutInline<$holder>> {
            let $Put { $member, policy_document, policy_name: name } = wire;
            Ok(ops::PutInline {
                holder: $read($member)?,
                policy: policy_name(name)?,
                document: text(policy_document)?,
            })
        }

        pub(in super::super) fn $get(wire: $Get<'_>) -> Taken<ops::GetInline<$holder>> {
            let $Get { $member, policy_name: name } = wire;
            Ok(ops::GetInline { holder: $read($member)?, policy: policy_name(name)? })
        }

        pub(in super::super) fn $delete(wire: $Delete<'_>) -> Taken<ops::DeleteInline<$holder>> {
            let $Delete { $member, policy_name: name } = wire;
            Ok(ops::DeleteInline { holder: $read($member)?, policy: policy_name(name)? })
        }

        pub(in super::super) fn $list(wire: $List<'_>) -> Taken<ops::ListInline<$holder>> {
            let $List { $member, marker, max_items } = wire;
            Ok(ops::ListInline { holder: $read($member)?, page: page(max_items, marker)? })
        }
    )+};
}

of_holders! {
    user_name user UserName:
        attach_user_policy AttachUserPolicyRequest, detach_user_policy DetachUserPolicyRequest,
        list_attached_user_policies ListAttachedUserPoliciesRequest,
        put_user_policy PutUserPolicyRequest, get_user_policy GetUserPolicyRequest,
        delete_user_policy DeleteUserPolicyRequest, list_user_policies ListUserPoliciesRequest;
    group_name group GroupName:
        attach_group_policy AttachGroupPolicyRequest, detach_group_policy DetachGroupPolicyRequest,
        list_attached_group_policies ListAttachedGroupPoliciesRequest,
        put_group_policy PutGroupPolicyRequest, get_group_policy GetGroupPolicyRequest,
        delete_group_policy DeleteGroupPolicyRequest, list_group_policies ListGroupPoliciesRequest;
    role_name role RoleName:
        attach_role_policy AttachRolePolicyRequest, detach_role_policy DetachRolePolicyRequest,
        list_attached_role_policies ListAttachedRolePoliciesRequest,
        put_role_policy PutRolePolicyRequest, get_role_policy GetRolePolicyRequest,
        delete_role_policy DeleteRolePolicyRequest, list_role_policies ListRolePoliciesRequest;
}

pub(in super::super) fn put_user_permissions_boundary(
    wire: PutUserPermissionsBoundaryRequest<'_>,
) -> Taken<ops::PutUserPermissionsBoundary> {
    let PutUserPermissionsBoundaryRequest { permissions_boundary, user_name } = wire;
    Ok(ops::PutBoundary { holder: user(user_name)?, boundary: policy(permissions_boundary)? })
}

pub(in super::super) fn put_role_permissions_boundary(
    wire: PutRolePermissionsBoundaryRequest<'_>,
) -> Taken<ops::PutRolePermissionsBoundary> {
    let PutRolePermissionsBoundaryRequest { permissions_boundary, role_name } = wire;
    Ok(ops::PutBoundary { holder: role(role_name)?, boundary: policy(permissions_boundary)? })
}

pub(in super::super) fn delete_user_permissions_boundary(
    wire: DeleteUserPermissionsBoundaryRequest<'_>,
) -> Taken<ops::DeleteUserPermissionsBoundary> {
    let DeleteUserPermissionsBoundaryRequest { user_name } = wire;
    Ok(ops::DeleteBoundary { holder: user(user_name)? })
}

pub(in super::super) fn delete_role_permissions_boundary(
    wire: DeleteRolePermissionsBoundaryRequest<'_>,
) -> Taken<ops::DeleteRolePermissionsBoundary> {
    let DeleteRolePermissionsBoundaryRequest { role_name } = wire;
    Ok(ops::DeleteBoundary { holder: role(role_name)? })
}

pub(in super::super) fn attached_policies(page: Page<AttachedPolicy>, xml: &mut Xml) {
    attached("AttachedPolicies", &page.items, xml);
    next_page(page.next.as_deref(), xml);
}

pub(in super::super) fn user_policy(policy: InlinePolicy, xml: &mut Xml) {
    inline("UserName", &policy, xml);
}

pub(in super::super) fn group_policy(policy: InlinePolicy, xml: &mut Xml) {
    inline("GroupName", &policy, xml);
}

pub(in super::super) fn role_policy(policy: InlinePolicy, xml: &mut Xml) {
    inline("RoleName", &policy, xml);
}

pub(in super::super) fn policy_names(page: Page<Box<str>>, xml: &mut Xml) {
    xml.texts("PolicyNames", page.items);
    next_page(page.next.as_deref(), xml);
}

/// A list of managed policies under one of its two names.
pub(super) fn attached(name: &str, policies: &[AttachedPolicy], xml: &mut Xml) {
    xml.structures(name, policies, |xml, AttachedPolicy { name, arn }| {
        xml.text("PolicyName", name).shown("PolicyArn", arn);
    });
}

fn inline(holder_name: &str, policy: &InlinePolicy, xml: &mut Xml) {
    let InlinePolicy { holder, name, document } = policy;
    xml.text(holder_name, holder).text("PolicyName", name).document("PolicyDocument", document);
}
