//! Groups.

use keystead_engine::ops::Page;
use keystead_engine::ops::iam::{self as ops, Group, GroupAndUsers};
use keystead_model::GroupName;

use super::super::super::iam_model::{
    AddUserToGroupRequest, CreateGroupRequest, DeleteGroupRequest, GetGroupRequest, ListGroupsForUserRequest,
    ListGroupsRequest, RemoveUserFromGroupRequest, UpdateGroupRequest,
};
use super::super::super::query::Xml;
use super::super::super::rules::Text;
use super::{Taken, next_page, optional_path, page, path, user, users};

pub(in super::super) fn create_group(wire: CreateGroupRequest<'_>) -> Taken<ops::CreateGroup> {
    let CreateGroupRequest { group_name, path } = wire;
    Ok(ops::CreateGroup { name: super::group(group_name)?, path: self::path(path)? })
}

pub(in super::super) fn get_group(wire: GetGroupRequest<'_>) -> Taken<ops::GetGroup> {
    let GetGroupRequest { group_name, marker, max_items } = wire;
    Ok(ops::GetGroup { name: super::group(group_name)?, page: page(max_items, marker)? })
}

pub(in super::super) fn update_group(wire: UpdateGroupRequest<'_>) -> Taken<ops::UpdateGroup> {
    let UpdateGroupRequest { group_name, new_group_name, new_path } = wire;
    let new_name = |name: Text<'_>| -> Taken<GroupName> { super::group(Some(name)) };
    Ok(ops::UpdateGroup {
        name: super::group(group_name)?,
        new_name: new_group_name.map(new_name).transpose()?,
        new_path: optional_path(new_path)?,
    })
}

pub(in super::super) fn delete_group(wire: DeleteGroupRequest<'_>) -> Taken<ops::DeleteGroup> {
    let DeleteGroupRequest { group_name } = wire;
    Ok(ops::DeleteGroup { name: super::group(group_name)? })
}

pub(in super::super) fn list_groups(wire: ListGroupsRequest<'_>) -> Taken<ops::ListGroups> {
    let ListGroupsRequest { marker, max_items, path_prefix } = wire;
    Ok(ops::ListGroups { path_prefix: path_prefix.map(Box::from), page: page(max_items, marker)? })
}

pub(in super::super) fn add_user_to_group(wire: AddUserToGroupRequest<'_>) -> Taken<ops::AddUserToGroup> {
    let AddUserToGroupRequest { group_name, user_name } = wire;
    Ok(ops::AddUserToGroup { group: super::group(group_name)?, user: user(user_name)? })
}

pub(in super::super) fn remove_user_from_group(
    wire: RemoveUserFromGroupRequest<'_>,
) -> Taken<ops::RemoveUserFromGroup> {
    let RemoveUserFromGroupRequest { group_name, user_name } = wire;
    Ok(ops::RemoveUserFromGroup { group: super::group(group_name)?, user: user(user_name)? })
}

pub(in super::super) fn list_groups_for_user(
    wire: ListGroupsForUserRequest<'_>,
) -> Taken<ops::ListGroupsForUser> {
    let ListGroupsForUserRequest { marker, max_items, user_name } = wire;
    Ok(ops::ListGroupsForUser { user: user(user_name)?, page: page(max_items, marker)? })
}

pub(in super::super) fn group(group: Group, xml: &mut Xml) {
    xml.structure("Group", |xml| members(&group, xml));
}

pub(in super::super) fn group_and_users(answer: GroupAndUsers, xml: &mut Xml) {
    let GroupAndUsers { group, users } = answer;
    self::group(group, xml);
    users::users(users, xml);
}

pub(in super::super) fn groups(page: Page<Group>, xml: &mut Xml) {
    xml.structures("Groups", page.items, |xml, group| members(&group, xml));
    next_page(page.next.as_deref(), xml);
}

pub(super) fn members(group: &Group, xml: &mut Xml) {
    let Group { id, name, path, arn, created } = group;
    xml.text("Path", path).text("GroupName", name).text("GroupId", id);
    xml.shown("Arn", arn).time("CreateDate", *created);
}
