//! Users.

use keystead_engine::ops::Page;
use keystead_engine::ops::iam::{self as ops, User};

use super::super::super::iam_model::{
    CreateUserRequest, DeleteUserRequest, GetUserRequest, ListUsersRequest, UpdateUserRequest,
};
use super::super::super::query::Xml;
use super::{
    Taken, boundary, boundary_of, next_page, optional_path, optional_user, page, path, tag_list_if_any,
};

pub(in super::super) fn create_user(wire: CreateUserRequest<'_>) -> Taken<ops::CreateUser> {
    let CreateUserRequest { path, permissions_boundary, tags, user_name } = wire;
    Ok(ops::CreateUser {
        name: super::user(user_name)?,
        path: self::path(path)?,
        boundary: boundary(permissions_boundary)?,
        tags: super::tags(tags)?,
    })
}

pub(in super::super) fn get_user(wire: GetUserRequest<'_>) -> Taken<ops::GetUser> {
    let GetUserRequest { user_name } = wire;
    Ok(ops::GetUser { name: optional_user(user_name)? })
}

pub(in super::super) fn update_user(wire: UpdateUserRequest<'_>) -> Taken<ops::UpdateUser> {
    let UpdateUserRequest { new_path, new_user_name, user_name } = wire;
    Ok(ops::UpdateUser {
        name: super::user(user_name)?,
        new_name: optional_user(new_user_name)?,
        new_path: optional_path(new_path)?,
    })
}

pub(in super::super) fn delete_user(wire: DeleteUserRequest<'_>) -> Taken<ops::DeleteUser> {
    let DeleteUserRequest { user_name } = wire;
    Ok(ops::DeleteUser { name: super::user(user_name)? })
}

pub(in super::super) fn list_users(wire: ListUsersRequest<'_>) -> Taken<ops::ListUsers> {
    let ListUsersRequest { marker, max_items, path_prefix } = wire;
    Ok(ops::ListUsers { path_prefix: path_prefix.map(Box::from), page: page(max_items, marker)? })
}

pub(in super::super) fn user(user: User, xml: &mut Xml) {
    xml.structure("User", |xml| {
        brief(&user, xml);
        boundary_of(user.boundary.as_ref(), xml);
        tag_list_if_any(&user.tags, xml);
    });
}

pub(in super::super) fn users(page: Page<User>, xml: &mut Xml) {
    xml.structures("Users", page.items, |xml, user| brief(&user, xml));
    next_page(page.next.as_deref(), xml);
}

/// A user without what AWS leaves out of listings. The root of an account has neither path nor name.
pub(super) fn brief(user: &User, xml: &mut Xml) {
    let User { id, name, path, arn, created, boundary: _, tags: _ } = user;
    let is_root = name.is_empty();
    xml.optional_text("Path", (!is_root).then_some(path));
    xml.optional_text("UserName", (!is_root).then_some(name));
    xml.text("UserId", id).text("Arn", arn).time("CreateDate", *created);
}
