//! Forms of the query protocol, each read as the input of every operation of IAM and STS: refused in words or taken, never
//! a panic. Parameters that are taken read the same when they are written again, and so does a text in an answer.
#![no_main]

use keystead_http::aws::query::{Parameters, Structure, answered, read};
use keystead_http::aws::wire::Written;
use keystead_http::aws::{iam_model, sts_model};
use keystead_model::RequestId;
use libfuzzer_sys::fuzz_target;

fn each<'a, T: Structure<'a>>(form: &'a str) {
    if let Ok(parameters) = Parameters::of_form(form) {
        let _ = read::<T>(parameters);
    }
}

fuzz_target!(|form: &str| {
    let _ = Parameters::of_query(form);
    let Ok(parameters) = Parameters::of_form(form) else { return };
    let again: Vec<String> =
        parameters.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
    let again = again.join("&");
    let second = Parameters::of_form(&again).expect("what was read can be read again");
    assert!(parameters.iter().eq(second.iter()));
    for (name, value) in parameters.iter() {
        through_an_answer(name);
        through_an_answer(value);
    }
    each::<iam_model::AddClientIDToOpenIDConnectProviderRequest<'_>>(form);
    each::<iam_model::AddUserToGroupRequest<'_>>(form);
    each::<iam_model::AttachGroupPolicyRequest<'_>>(form);
    each::<iam_model::AttachRolePolicyRequest<'_>>(form);
    each::<iam_model::AttachUserPolicyRequest<'_>>(form);
    each::<iam_model::CreateAccessKeyRequest<'_>>(form);
    each::<iam_model::CreateAccountAliasRequest<'_>>(form);
    each::<iam_model::CreateGroupRequest<'_>>(form);
    each::<iam_model::CreateOpenIDConnectProviderRequest<'_>>(form);
    each::<iam_model::CreatePolicyRequest<'_>>(form);
    each::<iam_model::CreatePolicyVersionRequest<'_>>(form);
    each::<iam_model::CreateRoleRequest<'_>>(form);
    each::<iam_model::CreateUserRequest<'_>>(form);
    each::<iam_model::CreateVirtualMFADeviceRequest<'_>>(form);
    each::<iam_model::DeactivateMFADeviceRequest<'_>>(form);
    each::<iam_model::DeleteAccessKeyRequest<'_>>(form);
    each::<iam_model::DeleteAccountAliasRequest<'_>>(form);
    each::<iam_model::DeleteGroupPolicyRequest<'_>>(form);
    each::<iam_model::DeleteGroupRequest<'_>>(form);
    each::<iam_model::DeleteOpenIDConnectProviderRequest<'_>>(form);
    each::<iam_model::DeletePolicyRequest<'_>>(form);
    each::<iam_model::DeletePolicyVersionRequest<'_>>(form);
    each::<iam_model::DeleteRolePermissionsBoundaryRequest<'_>>(form);
    each::<iam_model::DeleteRolePolicyRequest<'_>>(form);
    each::<iam_model::DeleteRoleRequest<'_>>(form);
    each::<iam_model::DeleteUserPermissionsBoundaryRequest<'_>>(form);
    each::<iam_model::DeleteUserPolicyRequest<'_>>(form);
    each::<iam_model::DeleteUserRequest<'_>>(form);
    each::<iam_model::DeleteVirtualMFADeviceRequest<'_>>(form);
    each::<iam_model::DetachGroupPolicyRequest<'_>>(form);
    each::<iam_model::DetachRolePolicyRequest<'_>>(form);
    each::<iam_model::DetachUserPolicyRequest<'_>>(form);
    each::<iam_model::EnableMFADeviceRequest<'_>>(form);
    each::<iam_model::GetAccessKeyLastUsedRequest<'_>>(form);
    each::<iam_model::GetAccountAuthorizationDetailsRequest<'_>>(form);
    each::<iam_model::GetContextKeysForCustomPolicyRequest<'_>>(form);
    each::<iam_model::GetContextKeysForPrincipalPolicyRequest<'_>>(form);
    each::<iam_model::GetGroupPolicyRequest<'_>>(form);
    each::<iam_model::GetGroupRequest<'_>>(form);
    each::<iam_model::GetLoginProfileRequest<'_>>(form);
    each::<iam_model::GetMFADeviceRequest<'_>>(form);
    each::<iam_model::GetOpenIDConnectProviderRequest<'_>>(form);
    each::<iam_model::GetPolicyRequest<'_>>(form);
    each::<iam_model::GetPolicyVersionRequest<'_>>(form);
    each::<iam_model::GetRolePolicyRequest<'_>>(form);
    each::<iam_model::GetRoleRequest<'_>>(form);
    each::<iam_model::GetUserPolicyRequest<'_>>(form);
    each::<iam_model::GetUserRequest<'_>>(form);
    each::<iam_model::ListAccessKeysRequest<'_>>(form);
    each::<iam_model::ListAccountAliasesRequest<'_>>(form);
    each::<iam_model::ListAttachedGroupPoliciesRequest<'_>>(form);
    each::<iam_model::ListAttachedRolePoliciesRequest<'_>>(form);
    each::<iam_model::ListAttachedUserPoliciesRequest<'_>>(form);
    each::<iam_model::ListEntitiesForPolicyRequest<'_>>(form);
    each::<iam_model::ListGroupPoliciesRequest<'_>>(form);
    each::<iam_model::ListGroupsForUserRequest<'_>>(form);
    each::<iam_model::ListGroupsRequest<'_>>(form);
    each::<iam_model::ListInstanceProfilesForRoleRequest<'_>>(form);
    each::<iam_model::ListMFADevicesRequest<'_>>(form);
    each::<iam_model::ListOpenIDConnectProviderTagsRequest<'_>>(form);
    each::<iam_model::ListOpenIDConnectProvidersRequest>(form);
    each::<iam_model::ListPoliciesRequest<'_>>(form);
    each::<iam_model::ListPolicyTagsRequest<'_>>(form);
    each::<iam_model::ListPolicyVersionsRequest<'_>>(form);
    each::<iam_model::ListRolePoliciesRequest<'_>>(form);
    each::<iam_model::ListRoleTagsRequest<'_>>(form);
    each::<iam_model::ListRolesRequest<'_>>(form);
    each::<iam_model::ListSSHPublicKeysRequest<'_>>(form);
    each::<iam_model::ListServiceSpecificCredentialsRequest<'_>>(form);
    each::<iam_model::ListSigningCertificatesRequest<'_>>(form);
    each::<iam_model::ListUserPoliciesRequest<'_>>(form);
    each::<iam_model::ListUserTagsRequest<'_>>(form);
    each::<iam_model::ListUsersRequest<'_>>(form);
    each::<iam_model::ListVirtualMFADevicesRequest<'_>>(form);
    each::<iam_model::PutGroupPolicyRequest<'_>>(form);
    each::<iam_model::PutRolePermissionsBoundaryRequest<'_>>(form);
    each::<iam_model::PutRolePolicyRequest<'_>>(form);
    each::<iam_model::PutUserPermissionsBoundaryRequest<'_>>(form);
    each::<iam_model::PutUserPolicyRequest<'_>>(form);
    each::<iam_model::RemoveClientIDFromOpenIDConnectProviderRequest<'_>>(form);
    each::<iam_model::RemoveUserFromGroupRequest<'_>>(form);
    each::<iam_model::ResyncMFADeviceRequest<'_>>(form);
    each::<iam_model::SetDefaultPolicyVersionRequest<'_>>(form);
    each::<iam_model::SimulateCustomPolicyRequest<'_>>(form);
    each::<iam_model::SimulatePrincipalPolicyRequest<'_>>(form);
    each::<iam_model::TagOpenIDConnectProviderRequest<'_>>(form);
    each::<iam_model::TagPolicyRequest<'_>>(form);
    each::<iam_model::TagRoleRequest<'_>>(form);
    each::<iam_model::TagUserRequest<'_>>(form);
    each::<iam_model::UntagOpenIDConnectProviderRequest<'_>>(form);
    each::<iam_model::UntagPolicyRequest<'_>>(form);
    each::<iam_model::UntagRoleRequest<'_>>(form);
    each::<iam_model::UntagUserRequest<'_>>(form);
    each::<iam_model::UpdateAccessKeyRequest<'_>>(form);
    each::<iam_model::UpdateAssumeRolePolicyRequest<'_>>(form);
    each::<iam_model::UpdateGroupRequest<'_>>(form);
    each::<iam_model::UpdateOpenIDConnectProviderThumbprintRequest<'_>>(form);
    each::<iam_model::UpdateRoleDescriptionRequest<'_>>(form);
    each::<iam_model::UpdateRoleRequest<'_>>(form);
    each::<iam_model::UpdateUserRequest<'_>>(form);
    each::<sts_model::AssumeRoleRequest<'_>>(form);
    each::<sts_model::AssumeRoleWithWebIdentityRequest<'_>>(form);
    each::<sts_model::DecodeAuthorizationMessageRequest<'_>>(form);
    each::<sts_model::GetAccessKeyInfoRequest<'_>>(form);
    each::<sts_model::GetCallerIdentityRequest>(form);
    each::<sts_model::GetFederationTokenRequest<'_>>(form);
    each::<sts_model::GetSessionTokenRequest<'_>>(form);
});

/// Every byte but letters and digits in percent-encoding. An empty pair would be passed over, so a name is never empty
/// beside an empty value: the equals sign stays.
fn encoded(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric();
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

/// Writes a text into an answer and reads it as XML would.
fn through_an_answer(text: &str) {
    let written = answered("Ask", "urn:x", &RequestId([7; 16]), |xml| {
        xml.text("Text", text).document("Document", text);
    });
    let Written::Open(bytes) = written else { panic!("there is no secret in it") };
    let answer = String::from_utf8(bytes).expect("a text");
    let (_, rest) = answer.split_once("<Text>").expect("the element");
    let (inner, rest) = rest.split_once('<').expect("its end");
    assert!(rest.starts_with("/Text>"), "{rest}");
    let back = inner
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&#xD;", "\r")
        .replace("&amp;", "&");
    let kept = |c: char| (c >= ' ' || "\t\n\r".contains(c)) && c != '\u{fffe}' && c != '\u{ffff}';
    let expected: String = text.chars().map(|c| if kept(c) { c } else { '?' }).collect();
    assert_eq!(back, expected);
}
