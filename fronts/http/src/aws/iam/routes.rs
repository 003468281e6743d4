//! What becomes of a request of IAM.

use std::sync::{Arc, LazyLock};

use keystead_model::{Action, Caller, Proof, Protocol, RequestId};

use super::super::iam_model::{NAMESPACE, Operation, VERSION};
use super::super::query::{self, Parameters, answered};
use super::super::wire::Written;
use super::errors::iam_error;
use super::translate::{
    access_keys, account, groups, holders, mfa, nothing, policies, providers, roles, tags, users,
};
use crate::answer::Answer;
use crate::door::{Door, Recorded, Refusal, Stop};
use crate::metrics::Asked;
use crate::server::Received;
use crate::sigv4::{Failure, Signed};
use crate::site::{Scope, Site};

/// Answers a request of IAM.
pub(crate) async fn answer_iam(site: &Site, request: &Received) -> (Asked, Answer) {
    let now = site.world.clock.now();
    let asked = query::asked(request, VERSION, Operation::parse);
    let operation = asked.as_ref().ok().map(|(operation, _)| *operation);
    let signed = site.signed(request, &Scope::IAM);
    let mut door = site.door(request, Protocol::AwsIam, action(operation), signed.as_ref().ok(), now);
    let outcome = match asked {
        Ok((operation, parameters)) => converse(&mut door, operation, signed, parameters).await,
        Err(refusal) => Err(refusal.into()),
    };
    let answer = match outcome {
        Ok(written) => query::ok(written, &door.call.request),
        Err(stop) => refused(&door.settle(stop).await, operation, &door.call.request),
    };
    (Asked::Iam, answer)
}

/// Tells of trouble in the words of IAM.
pub(crate) async fn iam_trouble(
    site: &Site,
    request: &Received,
    refusal: Option<Refusal>,
) -> (Asked, Answer) {
    let door = site.door(request, Protocol::AwsIam, Action::Unknown, None, site.world.clock.now());
    let recorded = match refusal {
        Some(refusal) => door.settle(refusal.into()).await,
        None => Recorded::shed(),
    };
    (Asked::Iam, refused(&recorded, None, &door.call.request))
}

async fn converse(
    door: &mut Door<'_>,
    operation: Operation,
    signed: Result<Signed<'_>, Failure>,
    parameters: Parameters<'_>,
) -> Result<Written, Stop> {
    let signed = signed.map_err(Refusal::Signature)?;
    let caller = door.engine.identify(&door.call, door.action, &Proof::SigV4(signed.proof())).await?;
    door.caller = Some(caller.clone());
    perform(door, &caller, operation, parameters).await
}

/// The operations that are offered, and for each what makes its request and what tells its answer.
macro_rules! offered {
    ($($operation:ident: $family:ident::$request:ident => $($answer:ident)::+;)+) => {
        /// The operations that are offered.
        #[cfg(test)]
        const OFFERED: &[Operation] = &[$(Operation::$operation),+];

        /// Wire to model, through the door, model to wire: the same four steps for every operation.
        async fn perform(
            door: &Door<'_>,
            caller: &Arc<Caller>,
            operation: Operation,
            parameters: Parameters<'_>,
        ) -> Result<Written, Stop> {
            match operation {
                $(Operation::$operation => {
                    let request = $family::$request(query::read(parameters)?)?;
                    // On the heap: a future as large as the largest operation's would be copied at every hand-over.
                    Box::pin(async move {
                        let permit = door.engine.authorise(&door.call, caller, request).await?;
                        let answer = door.engine.iam(permit).await?;
                        Ok(answered(operation.name(), NAMESPACE, &door.call.request, |xml| {
                            $($answer)::+(answer, xml);
                        }))
                    })
                    .await
                })+
                other => Err(query::not_offered(other.name()).into()),
            }
        }
    };
}

offered! {
    CreateUser: users::create_user => users::user;
    GetUser: users::get_user => users::user;
    UpdateUser: users::update_user => nothing;
    DeleteUser: users::delete_user => nothing;
    ListUsers: users::list_users => users::users;
    TagUser: tags::tag_user => nothing;
    UntagUser: tags::untag_user => nothing;
    ListUserTags: tags::list_user_tags => tags::tags;
    CreateGroup: groups::create_group => groups::group;
    GetGroup: groups::get_group => groups::group_and_users;
    UpdateGroup: groups::update_group => nothing;
    DeleteGroup: groups::delete_group => nothing;
    ListGroups: groups::list_groups => groups::groups;
    AddUserToGroup: groups::add_user_to_group => nothing;
    RemoveUserFromGroup: groups::remove_user_from_group => nothing;
    ListGroupsForUser: groups::list_groups_for_user => groups::groups;
    CreateRole: roles::create_role => roles::role;
    GetRole: roles::get_role => roles::role;
    UpdateRole: roles::update_role => nothing;
    UpdateRoleDescription: roles::update_role_description => roles::role;
    UpdateAssumeRolePolicy: roles::update_assume_role_policy => nothing;
    DeleteRole: roles::delete_role => nothing;
    ListRoles: roles::list_roles => roles::roles;
    TagRole: tags::tag_role => nothing;
    UntagRole: tags::untag_role => nothing;
    ListRoleTags: tags::list_role_tags => tags::tags;
    ListInstanceProfilesForRole: account::list_instance_profiles_for_role => account::no_instance_profiles;
    CreateAccessKey: access_keys::create_access_key => access_keys::created_access_key;
    UpdateAccessKey: access_keys::update_access_key => nothing;
    DeleteAccessKey: access_keys::delete_access_key => nothing;
    ListAccessKeys: access_keys::list_access_keys => access_keys::access_keys;
    GetAccessKeyLastUsed: access_keys::get_access_key_last_used => access_keys::access_key_last_used;
    CreatePolicy: policies::create_policy => policies::policy;
    GetPolicy: policies::get_policy => policies::policy;
    DeletePolicy: policies::delete_policy => nothing;
    ListPolicies: policies::list_policies => policies::policies;
    CreatePolicyVersion: policies::create_policy_version => policies::new_policy_version;
    GetPolicyVersion: policies::get_policy_version => policies::policy_version;
    DeletePolicyVersion: policies::delete_policy_version => nothing;
    ListPolicyVersions: policies::list_policy_versions => policies::policy_versions;
    SetDefaultPolicyVersion: policies::set_default_policy_version => nothing;
    TagPolicy: tags::tag_policy => nothing;
    UntagPolicy: tags::untag_policy => nothing;
    ListPolicyTags: tags::list_policy_tags => tags::tags;
    ListEntitiesForPolicy: policies::list_entities_for_policy => policies::entities;
    AttachUserPolicy: holders::attach_user_policy => nothing;
    DetachUserPolicy: holders::detach_user_policy => nothing;
    ListAttachedUserPolicies: holders::list_attached_user_policies => holders::attached_policies;
    PutUserPolicy: holders::put_user_policy => nothing;
    GetUserPolicy: holders::get_user_policy => holders::user_policy;
    DeleteUserPolicy: holders::delete_user_policy => nothing;
    ListUserPolicies: holders::list_user_policies => holders::policy_names;
    AttachGroupPolicy: holders::attach_group_policy => nothing;
    DetachGroupPolicy: holders::detach_group_policy => nothing;
    ListAttachedGroupPolicies: holders::list_attached_group_policies => holders::attached_policies;
    PutGroupPolicy: holders::put_group_policy => nothing;
    GetGroupPolicy: holders::get_group_policy => holders::group_policy;
    DeleteGroupPolicy: holders::delete_group_policy => nothing;
    ListGroupPolicies: holders::list_group_policies => holders::policy_names;
    AttachRolePolicy: holders::attach_role_policy => nothing;
    DetachRolePolicy: holders::detach_role_policy => nothing;
    ListAttachedRolePolicies: holders::list_attached_role_policies => holders::attached_policies;
    PutRolePolicy: holders::put_role_policy => nothing;
    GetRolePolicy: holders::get_role_policy => holders::role_policy;
    DeleteRolePolicy: holders::delete_role_policy => nothing;
    ListRolePolicies: holders::list_role_policies => holders::policy_names;
    PutUserPermissionsBoundary: holders::put_user_permissions_boundary => nothing;
    DeleteUserPermissionsBoundary: holders::delete_user_permissions_boundary => nothing;
    PutRolePermissionsBoundary: holders::put_role_permissions_boundary => nothing;
    DeleteRolePermissionsBoundary: holders::delete_role_permissions_boundary => nothing;
    CreateOpenIDConnectProvider: providers::create_open_id_connect_provider => providers::new_provider;
    GetOpenIDConnectProvider: providers::get_open_id_connect_provider => providers::provider;
    DeleteOpenIDConnectProvider: providers::delete_open_id_connect_provider => nothing;
    ListOpenIDConnectProviders: providers::list_open_id_connect_providers => providers::providers;
    AddClientIDToOpenIDConnectProvider: providers::add_client_id => nothing;
    RemoveClientIDFromOpenIDConnectProvider: providers::remove_client_id => nothing;
    UpdateOpenIDConnectProviderThumbprint: providers::update_thumbprint => nothing;
    TagOpenIDConnectProvider: tags::tag_provider => nothing;
    UntagOpenIDConnectProvider: tags::untag_provider => nothing;
    ListOpenIDConnectProviderTags: tags::list_provider_tags => tags::tags;
    CreateVirtualMFADevice: mfa::create_virtual_mfa_device => mfa::new_device;
    DeleteVirtualMFADevice: mfa::delete_virtual_mfa_device => nothing;
    ListVirtualMFADevices: mfa::list_virtual_mfa_devices => mfa::virtual_devices;
    EnableMFADevice: mfa::enable_mfa_device => nothing;
    DeactivateMFADevice: mfa::deactivate_mfa_device => nothing;
    ResyncMFADevice: mfa::resync_mfa_device => nothing;
    ListMFADevices: mfa::list_mfa_devices => mfa::devices;
    GetMFADevice: mfa::get_mfa_device => mfa::device;
    CreateAccountAlias: account::create_account_alias => nothing;
    DeleteAccountAlias: account::delete_account_alias => nothing;
    ListAccountAliases: account::list_account_aliases => account::account_aliases;
    GetAccountSummary: account::get_account_summary => account::summary;
    GetAccountAuthorizationDetails: account::get_account_authorization_details => account::details;
    GenerateCredentialReport: account::generate_credential_report => account::report_made;
    GetCredentialReport: account::get_credential_report => account::report;
    GetLoginProfile: account::get_login_profile => account::never;
    ListSigningCertificates: account::list_signing_certificates => account::no_certificates;
    ListSSHPublicKeys: account::list_ssh_public_keys => account::no_ssh_keys;
    ListServiceSpecificCredentials: account::list_service_specific_credentials => account::no_service_credentials;
    GetAccountPasswordPolicy: account::get_account_password_policy => account::never;
}

/// What policies call an operation; those that nobody can do have no name there.
fn action(operation: Option<Operation>) -> Action {
    static ACTIONS: LazyLock<Vec<Action>> = LazyLock::new(|| {
        let of = |operation: &Operation| {
            let is_it = |action: &&Action| action.as_str().strip_prefix("iam:") == Some(operation.name());
            Action::ALL.iter().find(is_it).copied().unwrap_or(Action::Unknown)
        };
        Operation::ALL.iter().map(of).collect()
    });
    operation.and_then(|operation| ACTIONS.get(operation as usize)).copied().unwrap_or(Action::Unknown)
}

fn refused(recorded: &Recorded, operation: Option<Operation>, request: &RequestId) -> Answer {
    let operation = operation.map_or("this operation", Operation::name);
    query::refused(iam_error(recorded, operation), NAMESPACE, request)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Operations with an action whose requests are not answered yet.
    const LATER: &[Operation] = &[
        Operation::GetContextKeysForCustomPolicy,
        Operation::GetContextKeysForPrincipalPolicy,
        Operation::SimulateCustomPolicy,
        Operation::SimulatePrincipalPolicy,
    ];

    #[test]
    fn whatever_has_an_action_is_offered_and_nothing_else() {
        for operation in Operation::ALL {
            let has_action = action(Some(*operation)) != Action::Unknown && !LATER.contains(operation);
            assert_eq!(OFFERED.contains(operation), has_action, "{}", operation.name());
        }
        assert_eq!(Operation::ALL.len(), 180);
    }
}
