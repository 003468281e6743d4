//! Roles.

use keystead_engine::ops::Page;
use keystead_engine::ops::iam::{self as ops, Role, RoleUse};

use super::super::super::iam_model::{
    CreateRoleRequest, DeleteRoleRequest, GetRoleRequest, ListRolesRequest, UpdateAssumeRolePolicyRequest,
    UpdateRoleDescriptionRequest, UpdateRoleRequest,
};
use super::super::super::query::Xml;
use super::{Taken, boundary, boundary_of, invalid, next_page, page, path, tag_list_if_any, text};

pub(in super::super) fn create_role(wire: CreateRoleRequest<'_>) -> Taken<ops::CreateRole> {
    let CreateRoleRequest {
        assume_role_policy_document,
        description,
        max_session_duration,
        path,
        permissions_boundary,
        role_name,
        tags,
    } = wire;
    Ok(ops::CreateRole {
        name: super::role(role_name)?,
        path: self::path(path)?,
        trust: text(assume_role_policy_document)?,
        description: description.map(Box::from),
        session_seconds_max: seconds(max_session_duration)?,
        boundary: boundary(permissions_boundary)?,
        tags: super::tags(tags)?,
    })
}

pub(in super::super) fn get_role(wire: GetRoleRequest<'_>) -> Taken<ops::GetRole> {
    let GetRoleRequest { role_name } = wire;
    Ok(ops::GetRole { name: super::role(role_name)? })
}

pub(in super::super) fn update_role(wire: UpdateRoleRequest<'_>) -> Taken<ops::UpdateRole> {
    let UpdateRoleRequest { description, max_session_duration, role_name } = wire;
    Ok(ops::UpdateRole {
        name: super::role(role_name)?,
        description: description.map(Box::from),
        session_seconds_max: seconds(max_session_duration)?,
    })
}

pub(in super::super) fn update_role_description(
    wire: UpdateRoleDescriptionRequest<'_>,
) -> Taken<ops::UpdateRoleDescription> {
    let UpdateRoleDescriptionRequest { description, role_name } = wire;
    Ok(ops::UpdateRoleDescription { name: super::role(role_name)?, description: text(description)? })
}

pub(in super::super) fn update_assume_role_policy(
    wire: UpdateAssumeRolePolicyRequest<'_>,
) -> Taken<ops::UpdateAssumeRolePolicy> {
    let UpdateAssumeRolePolicyRequest { policy_document, role_name } = wire;
    Ok(ops::UpdateAssumeRolePolicy { name: super::role(role_name)?, trust: text(policy_document)? })
}

pub(in super::super) fn delete_role(wire: DeleteRoleRequest<'_>) -> Taken<ops::DeleteRole> {
    let DeleteRoleRequest { role_name } = wire;
    Ok(ops::DeleteRole { name: super::role(role_name)? })
}

pub(in super::super) fn list_roles(wire: ListRolesRequest<'_>) -> Taken<ops::ListRoles> {
    let ListRolesRequest { marker, max_items, path_prefix } = wire;
    Ok(ops::ListRoles { path_prefix: path_prefix.map(Box::from), page: page(max_items, marker)? })
}

pub(in super::super) fn role(role: Role, xml: &mut Xml) {
    xml.structure("Role", |xml| {
        brief(&role, xml);
        described(&role, xml);
        more(&role, xml);
    });
}

pub(in super::super) fn roles(page: Page<Role>, xml: &mut Xml) {
    xml.structures("Roles", page.items, |xml, role| {
        brief(&role, xml);
        described(&role, xml);
    });
    next_page(page.next.as_deref(), xml);
}

/// What every answer about a role has.
pub(super) fn brief(role: &Role, xml: &mut Xml) {
    let Role { id, name, path, arn, created, trust, .. } = role;
    xml.text("Path", path).text("RoleName", name).text("RoleId", id);
    xml.shown("Arn", arn).time("CreateDate", *created).document("AssumeRolePolicyDocument", trust);
}

/// What AWS leaves out of listings.
pub(super) fn more(role: &Role, xml: &mut Xml) {
    boundary_of(role.boundary.as_ref(), xml);
    tag_list_if_any(&role.tags, xml);
    xml.structure("RoleLastUsed", |xml| {
        if let Some(RoleUse { at, location }) = &role.last_used {
            xml.time("LastUsedDate", *at).text("Region", location);
        }
    });
}

fn described(role: &Role, xml: &mut Xml) {
    xml.optional_text("Description", role.description.as_deref());
    xml.plain("MaxSessionDuration", role.session_seconds_max);
}

fn seconds(seconds: Option<i32>) -> Taken<Option<u32>> {
    let read = |seconds: i32| {
        u32::try_from(seconds).map_err(|_| invalid("maxSessionDuration", &seconds.to_string()))
    };
    seconds.map(read).transpose()
}
