//! Access keys.

use keystead_engine::ops::Page;
use keystead_engine::ops::iam::{self as ops, AccessKey, AccessKeyLastUsed, AccessKeyUse, CreatedAccessKey};

use super::super::super::iam_model::{
    CreateAccessKeyRequest, DeleteAccessKeyRequest, GetAccessKeyLastUsedRequest, ListAccessKeysRequest,
    UpdateAccessKeyRequest,
};
use super::super::super::query::Xml;
use super::{Taken, access_key, given, next_page, optional_user, page};
use crate::door::Refusal;

/// What AWS says where an access key was never used.
const NEVER: &str = "N/A";

pub(in super::super) fn create_access_key(wire: CreateAccessKeyRequest<'_>) -> Taken<ops::CreateAccessKey> {
    let CreateAccessKeyRequest { user_name } = wire;
    Ok(ops::CreateAccessKey { user: optional_user(user_name)? })
}

pub(in super::super) fn update_access_key(wire: UpdateAccessKeyRequest<'_>) -> Taken<ops::UpdateAccessKey> {
    let UpdateAccessKeyRequest { access_key_id, status, user_name } = wire;
    let active = match &*given(status)? {
        "Active" => true,
        "Inactive" => false,
        // The model has one word more, for credentials of another kind.
        other => {
            let message = format!("The status of an access key is Active or Inactive, not {other}.");
            return Err(Refusal::Validation(message));
        }
    };
    Ok(ops::UpdateAccessKey { user: optional_user(user_name)?, key: access_key(access_key_id)?, active })
}

pub(in super::super) fn delete_access_key(wire: DeleteAccessKeyRequest<'_>) -> Taken<ops::DeleteAccessKey> {
    let DeleteAccessKeyRequest { access_key_id, user_name } = wire;
    Ok(ops::DeleteAccessKey { user: optional_user(user_name)?, key: access_key(access_key_id)? })
}

pub(in super::super) fn list_access_keys(wire: ListAccessKeysRequest<'_>) -> Taken<ops::ListAccessKeys> {
    let ListAccessKeysRequest { marker, max_items, user_name } = wire;
    Ok(ops::ListAccessKeys { user: optional_user(user_name)?, page: page(max_items, marker)? })
}

pub(in super::super) fn get_access_key_last_used(
    wire: GetAccessKeyLastUsedRequest<'_>,
) -> Taken<ops::GetAccessKeyLastUsed> {
    let GetAccessKeyLastUsedRequest { access_key_id } = wire;
    Ok(ops::GetAccessKeyLastUsed { key: access_key(access_key_id)? })
}

/// The one answer with the secret.
pub(in super::super) fn created_access_key(created: CreatedAccessKey, xml: &mut Xml) {
    let CreatedAccessKey { user, key, created } = created;
    xml.structure("AccessKey", |xml| {
        xml.text("UserName", &user).text("AccessKeyId", key.id.as_str()).text("Status", status(true));
        xml.secret_text("SecretAccessKey", &key.secret).time("CreateDate", created);
    });
}

pub(in super::super) fn access_keys(page: Page<AccessKey>, xml: &mut Xml) {
    xml.structures("AccessKeyMetadata", page.items, |xml, AccessKey { user, id, active, created }| {
        xml.text("UserName", &user).text("AccessKeyId", id.as_str()).text("Status", status(active));
        xml.time("CreateDate", created);
    });
    next_page(page.next.as_deref(), xml);
}

pub(in super::super) fn access_key_last_used(answer: AccessKeyLastUsed, xml: &mut Xml) {
    let AccessKeyLastUsed { user, last } = answer;
    xml.text("UserName", &user).structure("AccessKeyLastUsed", |xml| match last {
        Some(AccessKeyUse { at, service, location }) => {
            xml.time("LastUsedDate", at).text("ServiceName", &service).text("Region", &location);
        }
        None => {
            xml.text("ServiceName", NEVER).text("Region", NEVER);
        }
    });
}

fn status(active: bool) -> &'static str {
    if active { "Active" } else { "Inactive" }
}
