//! How a KMS request is told from others, and what becomes of it.

use std::sync::{Arc, LazyLock};

use http::{HeaderName, HeaderValue, StatusCode};
use keystead_model::{Action, Caller, Proof, Protocol, RequestId};

use super::kms_error;
use super::kms_model::{Operation, TARGET_PREFIX};
use super::wire::{self, Writer, Written};
use super::{errors::AwsError, translate};
use crate::answer::{self, Answer};
use crate::door::{Door, Recorded, Refusal, Stop};
use crate::metrics::Asked;
use crate::server::Received;
use crate::sigv4::{Failure, Signed};
use crate::site::{Scope, Site};

const X_AMZ_TARGET: HeaderName = HeaderName::from_static("x-amz-target");
const JSON: HeaderValue = HeaderValue::from_static("application/x-amz-json-1.1");

/// Whether a request speaks JSON 1.1.
pub(crate) fn is_kms(request: &Received) -> bool {
    request.head.headers.contains_key(X_AMZ_TARGET)
}

/// Answers a KMS request.
pub(crate) async fn answer_kms(site: &Site, request: &Received) -> (Asked, Answer) {
    let operation = operation(request);
    let now = site.world.clock.now();
    let signed = site.signed(request, &Scope::KMS);
    let mut door = site.door(request, Protocol::AwsKms, action(operation), signed.as_ref().ok(), now);
    let outcome = match operation {
        Some(operation) => converse(&mut door, operation, signed, &request.body).await,
        None => Err(unknown(request).into()),
    };
    let answer = match outcome {
        Ok(written) => answer::whole(StatusCode::OK, JSON, written, &door.call.request),
        Err(stop) => refused(&door.settle(stop).await, operation, &door.call.request),
    };
    (asked(operation), answer)
}

/// Tells of trouble in the words of KMS.
pub(crate) async fn answer_trouble(
    site: &Site,
    request: &Received,
    refusal: Option<Refusal>,
    protocol: Protocol,
) -> (Asked, Answer) {
    let operation = operation(request);
    let door = site.door(request, protocol, action(operation), None, site.world.clock.now());
    let recorded = match refusal {
        Some(refusal) => door.settle(refusal.into()).await,
        None => Recorded::shed(),
    };
    (asked(operation), refused(&recorded, operation, &door.call.request))
}

async fn converse(
    door: &mut Door<'_>,
    operation: Operation,
    signed: Result<Signed<'_>, Failure>,
    body: &[u8],
) -> Result<Written, Stop> {
    let signed = signed.map_err(Refusal::Signature)?;
    let caller = door.engine.identify(&door.call, door.action, &Proof::SigV4(signed.proof())).await?;
    door.caller = Some(caller.clone());
    perform(door, &caller, operation, body).await
}

/// Wire to model, through the door, model to wire: the same four steps for every operation.
async fn perform(
    door: &Door<'_>,
    caller: &Arc<Caller>,
    operation: Operation,
    body: &[u8],
) -> Result<Written, Stop> {
    macro_rules! table {
        ($($operation:ident: $act:ident => $answer:ident),+ $(,)?) => {
            match operation {
                $(Operation::$operation => {
                    let request = translate::$act(wire::read(body)?)?;
                    // On the heap: a future as large as the largest operation's would be copied at every hand-over.
                    Box::pin(async move {
                        if let Some(missing) =
                            door.engine.missing_service_key(&door.call, caller, &request)
                        {
                            door.engine.make_service_key(missing).await?;
                        }
                        let permit = door.engine.authorise(&door.call, caller, request).await?;
                        Ok(translate::$answer(door.engine.$act(permit).await?))
                    })
                    .await
                })+
            }
        };
    }
    table! {
        Encrypt: encrypt => encrypted,
        Decrypt: decrypt => decrypted,
        GenerateDataKey: generate_data_key => data_key,
        GenerateDataKeyWithoutPlaintext: generate_data_key_without_plaintext => wrapped_data_key,
        ReEncrypt: re_encrypt => re_encrypted,
        GenerateRandom: generate_random => random,
        GenerateDataKeyPair: generate_data_key_pair => data_key_pair,
        GenerateDataKeyPairWithoutPlaintext: generate_data_key_pair_without_plaintext => wrapped_data_key_pair,
        Sign: sign => signed,
        Verify: verify_signature => verified,
        GenerateMac: generate_mac => mac,
        VerifyMac: verify_mac => verified_mac,
        GetPublicKey: get_public_key => public_half,
        DeriveSharedSecret: derive_shared_secret => shared_secret,
        Encapsulate: encapsulate => encapsulated,
        Decapsulate: decapsulate => decapsulated,
        CreateKey: create_key => key_metadata,
        DescribeKey: describe_key => key_metadata,
        ListKeys: list_keys => keys,
        UpdateKeyDescription: update_key_description => nothing,
        EnableKey: enable_key => nothing,
        DisableKey: disable_key => nothing,
        ScheduleKeyDeletion: schedule_key_deletion => scheduled_deletion,
        CancelKeyDeletion: cancel_key_deletion => key_id,
        CreateAlias: create_alias => nothing,
        UpdateAlias: update_alias => nothing,
        DeleteAlias: delete_alias => nothing,
        ListAliases: list_aliases => aliases,
        TagResource: tag_resource => nothing,
        UntagResource: untag_resource => nothing,
        ListResourceTags: list_resource_tags => resource_tags,
        GetKeyPolicy: get_key_policy => policy,
        PutKeyPolicy: put_key_policy => nothing,
        ListKeyPolicies: list_key_policies => policy_names,
        EnableKeyRotation: enable_key_rotation => nothing,
        DisableKeyRotation: disable_key_rotation => nothing,
        GetKeyRotationStatus: get_key_rotation_status => rotation_status,
        RotateKeyOnDemand: rotate_key_on_demand => key_id,
        ListKeyRotations: list_key_rotations => rotations,
        GetParametersForImport: get_parameters_for_import => import_parameters,
        ImportKeyMaterial: import_key_material => imported_material,
        DeleteImportedKeyMaterial: delete_imported_key_material => imported_material,
        CreateCustomKeyStore: create_custom_key_store => custom_key_store_id,
        ConnectCustomKeyStore: connect_custom_key_store => empty,
        DisconnectCustomKeyStore: disconnect_custom_key_store => empty,
        DeleteCustomKeyStore: delete_custom_key_store => empty,
        UpdateCustomKeyStore: update_custom_key_store => empty,
        DescribeCustomKeyStores: describe_custom_key_stores => custom_key_stores,
        ReplicateKey: replicate_key => replicated,
        UpdatePrimaryRegion: update_primary_region => nothing,
        CreateGrant: create_grant => granted,
        ListGrants: list_grants => grants,
        ListRetirableGrants: list_retirable_grants => grants,
        RetireGrant: retire_grant => nothing,
        RevokeGrant: revoke_grant => nothing,
        GetKeyLastUsage: get_key_last_usage => key_used,
    }
}

/// What the target header asks for.
fn operation(request: &Received) -> Option<Operation> {
    if request.head.method != http::Method::POST || request.head.uri.path() != "/" {
        return None;
    }
    let target = request.head.headers.get(X_AMZ_TARGET)?.to_str().ok()?;
    Operation::parse(target.strip_prefix(TARGET_PREFIX)?)
}

/// Why there is no operation.
fn unknown(request: &Received) -> Refusal {
    match (request.head.uri.path(), &request.head.method) {
        ("/", &http::Method::POST) => Refusal::UnknownOperation,
        ("/", _) => Refusal::WrongMethod,
        _ => Refusal::NoSuchPath,
    }
}

fn asked(operation: Option<Operation>) -> Asked {
    operation.map_or(Asked::Unknown, Asked::Kms)
}

/// What policies call an operation; those that nobody can do yet have no name there.
fn action(operation: Option<Operation>) -> Action {
    static ACTIONS: LazyLock<Vec<Action>> = LazyLock::new(|| {
        let of = |operation: &Operation| match operation {
            Operation::ReEncrypt => Action::ReEncryptFrom,
            other => {
                let is_it = |action: &&Action| action.as_str().strip_prefix("kms:") == Some(other.name());
                Action::ALL.iter().find(is_it).copied().unwrap_or(Action::Unknown)
            }
        };
        Operation::ALL.iter().map(of).collect()
    });
    operation.and_then(|operation| ACTIONS.get(operation as usize)).copied().unwrap_or(Action::Unknown)
}

fn refused(recorded: &Recorded, operation: Option<Operation>, request: &RequestId) -> Answer {
    kms_refused(recorded, operation.map_or("this operation", Operation::name), request)
}

/// An error answer.
pub(crate) fn kms_refused(recorded: &Recorded, operation: &str, request: &RequestId) -> Answer {
    let AwsError { status, code, message } = kms_error(recorded, operation);
    let mut writer = Writer::new(256);
    writer.text("__type", code);
    if let Some(message) = message {
        writer.text("message", &message);
    }
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    answer::whole(status, JSON, writer.finish(), request)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_has_the_action_of_its_name() {
        assert_eq!(action(Some(Operation::Encrypt)), Action::Encrypt);
        assert_eq!(action(Some(Operation::ReEncrypt)), Action::ReEncryptFrom);
        assert_eq!(action(Some(Operation::UpdateKeyDescription)), Action::UpdateKeyDescription);
        assert_eq!(action(Some(Operation::Sign)), Action::Sign);
        assert_eq!(action(None), Action::Unknown);
    }

    #[test]
    fn the_table_of_operations_knows_each_by_name() {
        for operation in Operation::ALL {
            assert_eq!(Operation::parse(operation.name()), Some(*operation));
        }
        assert_eq!(Operation::ALL.len(), 56);
        assert_eq!(Operation::parse("encrypt"), None);
    }

    #[test]
    fn an_error_is_told_in_json() {
        let recorded = Recorded::of(crate::door::Cause::Front(Refusal::UnknownOperation));
        let answer = refused(&recorded, Some(Operation::Sign), &RequestId([0xab; 16]));
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
        assert_eq!(answer.headers()["content-type"], "application/x-amz-json-1.1");
        assert_eq!(answer.headers()["x-amzn-requestid"], "abababab-abab-abab-abab-abababababab");
    }
}
