//! Tags of users, roles, managed policies and identity providers.

use keystead_engine::ops::Page;
use keystead_engine::ops::iam as ops;
use keystead_model::{PolicyArn, ProviderArn, RoleName, Tag, UserName};

use super::super::super::iam_model::{
    ListOpenIDConnectProviderTagsRequest, ListPolicyTagsRequest, ListRoleTagsRequest, ListUserTagsRequest,
    TagOpenIDConnectProviderRequest, TagPolicyRequest, TagRoleRequest, TagUserRequest,
    UntagOpenIDConnectProviderRequest, UntagPolicyRequest, UntagRoleRequest, UntagUserRequest,
};
use super::super::super::query::Xml;
use super::{Taken, given, next_page, page, policy, provider, role, texts, user};

/// The same three requests for each kind of thing. Its name is in the member that comes first.
macro_rules! of_entities {
    ($($member:ident $read:ident $entity:ident:
        $tag:ident $Tag:ident, $untag:ident $Untag:ident, $list:ident $List:ident;)+) => {$(
        pub(in super::super) fn $tag(wire: $Tag<'_>) -> Taken<ops::TagEntity<$entity>> {
            let $Tag { $member, tags } = wire;
            Ok(ops::TagEntity { entity: $read($member)?, tags: super::tags(Some(given(tags)?))? })
        }

        pub(in super::super) fn $untag(wire: $Untag<'_>) -> Taken<ops::UntagEntity<$entity>> {
            let $Untag { $member, tag_keys } = wire;
            Ok(ops::UntagEntity { entity: $read($member)?, tag_keys: texts(Some(given(tag_keys)?)) })
        }

        pub(in super::super) fn $list(wire: $List<'_>) -> Taken<ops::ListTags<$entity>> {
            let $List { $member, marker, max_items } = wire;
            Ok(ops::ListTags { entity: $read($member)?, page: page(max_items, marker)? })
        }
    )+};
}

of_entities! {
    user_name user UserName:
        tag_user TagUserRequest, untag_user UntagUserRequest, list_user_tags ListUserTagsRequest;
    role_name role RoleName:
        tag_role TagRoleRequest, untag_role UntagRoleRequest, list_role_tags ListRoleTagsRequest;
    policy_arn policy PolicyArn:
        tag_policy TagPolicyRequest, untag_policy UntagPolicyRequest, list_policy_tags ListPolicyTagsRequest;
    open_id_connect_provider_arn provider ProviderArn:
        tag_provider TagOpenIDConnectProviderRequest, untag_provider UntagOpenIDConnectProviderRequest,
        list_provider_tags ListOpenIDConnectProviderTagsRequest;
}

pub(in super::super) fn tags(page: Page<Tag>, xml: &mut Xml) {
    xml.structures("Tags", page.items, |xml, tag| {
        xml.text("Key", &tag.key).text("Value", &tag.value);
    });
    next_page(page.next.as_deref(), xml);
}
