//! The table of errors: what is refused inside, and what AWS calls it. No catch-all, on purpose.
//!
//! Names and messages are AWS's where clients match on them; KMS answers 400 to whatever the caller can mend.

use std::borrow::Cow;

use keystead_model::{Action, Denial, Error, IdentityTokenFault, KeyState, KeyStoreFault, Why};

use crate::door::{Cause, Recorded, Refusal};
use crate::sigv4::{Failure, MISMATCH};

/// An error answer before it is encoded.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct AwsError {
    /// HTTP status.
    pub(crate) status: u16,
    /// AWS's name for it.
    pub(crate) code: &'static str,
    /// What to tell; AWS tells nothing where a detail would help an attacker.
    pub(crate) message: Option<String>,
}

/// The KMS form of a recorded refusal. `operation` is what was asked for, if that could be told.
pub(crate) fn kms_error(recorded: &Recorded, operation: &str) -> AwsError {
    match recorded.cause() {
        Cause::Front(refusal) => kms_refusal(refusal),
        Cause::Engine(error) => kms_engine_error(error, operation),
    }
}

fn tell(status: u16, code: &'static str, message: impl Into<String>) -> AwsError {
    AwsError { status, code, message: Some(message.into()) }
}

fn kms_refusal(refusal: &Refusal) -> AwsError {
    let (status, code) = match refusal {
        Refusal::Signature(Failure::Missing) => (400, "MissingAuthenticationTokenException"),
        Refusal::Signature(Failure::Incomplete(_)) => (400, "IncompleteSignatureException"),
        Refusal::Signature(Failure::Invalid(_)) => (400, "InvalidSignatureException"),
        Refusal::Signature(Failure::Unrecognized) => (400, "UnrecognizedClientException"),
        Refusal::Signature(Failure::MalformedQuery) => (404, "MalformedQueryStringException"),
        Refusal::UnknownOperation => (400, "UnknownOperationException"),
        Refusal::Unsupported(_) => (400, "UnsupportedOperationException"),
        Refusal::Serialization(_) => (400, "SerializationException"),
        // Nothing that KMS offers is about the directory.
        Refusal::Validation(_) | Refusal::NoSuchEntity(_) => (400, "ValidationException"),
        Refusal::InvalidArn(_) => (400, "InvalidArnException"),
        Refusal::Tag(_) => (400, "TagException"),
        Refusal::InvalidAction(_) => (400, "InvalidAction"),
        Refusal::NoSuchPath => (404, "UnknownOperationException"),
        Refusal::WrongMethod => (405, "UnknownOperationException"),
        Refusal::Busy => (400, "ThrottlingException"),
        Refusal::BodyTooLong => (413, "RequestEntityTooLargeException"),
        Refusal::BodyTooSlow => (408, "RequestTimeoutException"),
        Refusal::BodyBroken => (400, "RequestAbortedException"),
        Refusal::Panicked => (500, "KMSInternalException"),
    };
    tell(status, code, refusal.message())
}

fn kms_engine_error(error: &Error, operation: &str) -> AwsError {
    match error {
        Error::KeyNotFound(word) if word.starts_with("arn:") => {
            tell(400, "NotFoundException", format!("Key '{word}' does not exist"))
        }
        Error::KeyNotFound(word) => tell(400, "NotFoundException", format!("Invalid keyId '{word}'")),
        Error::AliasNotFound(arn) => tell(400, "NotFoundException", format!("Alias {arn} is not found.")),
        Error::InvalidArn(reason) => tell(400, "InvalidArnException", &**reason),
        Error::OtherLocation(location) => tell(400, "NotFoundException", format!("Invalid arn {location}")),
        Error::Denied(denial) => tell(400, "AccessDeniedException", denied(denial, operation)),
        Error::Disabled(arn) => tell(400, "DisabledException", format!("{arn} is disabled.")),
        Error::WrongState { key, state } => {
            tell(400, "KMSInvalidStateException", format!("{key} {}.", state_words(*state, operation)))
        }
        Error::WrongUsage { key, usage } => tell(
            400,
            "InvalidKeyUsageException",
            format!("{key} key usage is {usage} which is not valid for {operation}."),
        ),
        // What AWS says where nobody named an algorithm.
        Error::WrongAlgorithm { .. } if operation.starts_with("GenerateDataKey") => {
            tell(400, "InvalidKeyUsageException", "You cannot generate a data key with an asymmetric CMK")
        }
        Error::WrongAlgorithm { spec, algorithm } => tell(
            400,
            "InvalidKeyUsageException",
            format!("Algorithm {algorithm} is incompatible with key spec {spec}."),
        ),
        Error::BadCiphertext => AwsError { status: 400, code: "InvalidCiphertextException", message: None },
        Error::IncorrectKey => tell(
            400,
            "IncorrectKeyException",
            "The key ID in the request does not identify a CMK that can perform this operation.",
        ),
        Error::InvalidSignature => {
            AwsError { status: 400, code: "KMSInvalidSignatureException", message: None }
        }
        Error::InvalidMac => AwsError { status: 400, code: "KMSInvalidMacException", message: None },
        Error::BadAttestation(reason) => tell(400, "ValidationException", &**reason),
        Error::InvalidGrantToken => tell(400, "InvalidGrantTokenException", "Invalid grant token"),
        Error::InvalidGrantId => tell(400, "InvalidGrantIdException", "Invalid grant ID"),
        Error::GrantNotFound => tell(400, "NotFoundException", "Grant ID is not found."),
        Error::InvalidImportToken => tell(400, "InvalidImportTokenException", "Invalid import token."),
        Error::ExpiredImportToken => {
            tell(400, "ExpiredImportTokenException", "The import token has expired.")
        }
        Error::IncorrectKeyMaterial(what) => tell(400, "IncorrectKeyMaterialException", &**what),
        Error::KeyExists(arn) => {
            tell(400, "AlreadyExistsException", format!("A key with the ARN {arn} already exists"))
        }
        Error::KeyUnavailable(arn) => tell(500, "KeyUnavailableException", format!("{arn} is unavailable.")),
        Error::Throttled => tell(400, "ThrottlingException", "Rate exceeded"),
        Error::AliasExists(arn) => {
            tell(400, "AlreadyExistsException", format!("An alias with the name {arn} already exists"))
        }
        Error::ReservedAlias(name) => tell(
            400,
            "NotAuthorizedException",
            format!("Names that begin with alias/aws/ are reserved for services: {name}"),
        ),
        Error::InvalidAliasName(reason) => tell(400, "InvalidAliasNameException", &**reason),
        Error::ServiceManaged(resource) => tell(
            400,
            "AccessDeniedException",
            format!("{resource} is managed by a service; its users cannot change it."),
        ),
        Error::LimitExceeded(what) => tell(400, "LimitExceededException", &**what),
        // Nothing that KMS offers is about the directory.
        Error::NoSuchEntity(what)
        | Error::EntityExists(what)
        | Error::DeleteConflict(what)
        | Error::Unmodifiable(what) => tell(400, "ValidationException", &**what),
        Error::InvalidMfaCode | Error::NoCredentialReport | Error::OldCredentialReport => {
            tell(400, "ValidationException", error.to_string())
        }
        // Nor does it open sessions.
        Error::InvalidParameter(what) | Error::SessionTooLarge(what) | Error::IdentityToken(_, what) => {
            tell(400, "ValidationException", &**what)
        }
        Error::WrongCredentials(why) | Error::SecondFactor(why) => tell(400, "AccessDeniedException", &**why),
        Error::Tag(reason) => tell(400, "TagException", &**reason),
        Error::MalformedPolicy(reason) => tell(400, "MalformedPolicyDocumentException", &**reason),
        Error::InvalidMarker => tell(400, "InvalidMarkerException", "Could not deserialize marker"),
        Error::Invalid(reason) => tell(400, "ValidationException", &**reason),
        Error::Unsupported(what) => tell(400, "UnsupportedOperationException", &**what),
        Error::KeyStore(fault, what) => tell(400, key_store_fault(*fault), &**what),
        Error::Conflict(what) => tell(400, "ConflictException", &**what),
        Error::ApprovalRequired(what) => tell(400, "AccessDeniedException", &**what),
        Error::ApprovalNotFound(_) => tell(400, "NotFoundException", error.to_string()),
        Error::DryRun => tell(
            412,
            "DryRunOperationException",
            "The request would have succeeded, but the DryRun option is set.",
        ),
        Error::UnknownAccessKey => tell(400, "UnrecognizedClientException", Failure::Unrecognized.message()),
        Error::BadSignature => tell(400, "InvalidSignatureException", MISMATCH),
        Error::BadSessionToken => tell(400, "UnrecognizedClientException", Failure::Unrecognized.message()),
        Error::ExpiredSession => {
            tell(400, "ExpiredTokenException", "The security token included in the request is expired")
        }
        Error::Unavailable { .. } => tell(
            503,
            "DependencyTimeoutException",
            "The system timed out while trying to fulfill the request. You can retry the request.",
        ),
        Error::Internal => tell(500, "KMSInternalException", "The server failed; its log says why."),
    }
}

fn key_store_fault(fault: KeyStoreFault) -> &'static str {
    use KeyStoreFault as F;
    match fault {
        F::NotFound => "CustomKeyStoreNotFoundException",
        F::InvalidState => "CustomKeyStoreInvalidStateException",
        F::NameInUse => "CustomKeyStoreNameInUseException",
        F::HasKeys => "CustomKeyStoreHasCMKsException",
        F::ClusterInUse => "CloudHsmClusterInUseException",
        F::ClusterNotFound => "CloudHsmClusterNotFoundException",
        F::ClusterNotActive => "CloudHsmClusterNotActiveException",
        F::ClusterNotRelated => "CloudHsmClusterNotRelatedException",
        F::ClusterInvalidConfiguration => "CloudHsmClusterInvalidConfigurationException",
        F::IncorrectTrustAnchor => "IncorrectTrustAnchorException",
        F::KeyNotFound => "XksKeyNotFoundException",
        F::KeyInUse => "XksKeyAlreadyInUseException",
        F::KeyInvalidConfiguration => "XksKeyInvalidConfigurationException",
        F::UriInUse => "XksProxyUriInUseException",
        F::UriEndpointInUse => "XksProxyUriEndpointInUseException",
        F::UriUnreachable => "XksProxyUriUnreachableException",
        F::IncorrectCredential => "XksProxyIncorrectAuthenticationCredentialException",
        F::InvalidResponse => "XksProxyInvalidResponseException",
        F::InvalidConfiguration => "XksProxyInvalidConfigurationException",
        F::VpcEndpointServiceInUse => "XksProxyVpcEndpointServiceInUseException",
        F::VpcEndpointServiceNotFound => "XksProxyVpcEndpointServiceNotFoundException",
        F::VpcEndpointServiceInvalidConfiguration => {
            "XksProxyVpcEndpointServiceInvalidConfigurationException"
        }
        F::KeyUnusable => "KMSInvalidStateException",
    }
}

/// How AWS says why a policy stood against it.
fn denied(denial: &Denial, operation: &str) -> String {
    let Denial { principal, action, resource, why } = denial;
    let why = match why {
        Why::NoResourceStatement => {
            Cow::Owned(format!("because no resource-based policy allows the {action} action"))
        }
        Why::ResourceDeny => "with an explicit deny in a resource-based policy".into(),
        Why::NoIdentityStatement => {
            format!("because no identity-based policy allows the {action} action").into()
        }
        Why::IdentityDeny => "with an explicit deny in an identity-based policy".into(),
        Why::NoBoundaryStatement => {
            format!("because no permissions boundary allows the {action} action").into()
        }
        Why::BoundaryDeny => "with an explicit deny in a permissions boundary".into(),
        Why::NoSessionStatement => format!("because no session policy allows the {action} action").into(),
        Why::SessionDeny => "with an explicit deny in a session policy".into(),
        // AWS's word for what an account lays down for everybody in it.
        Why::NoGuardrailStatement => {
            format!("because no service control policy allows the {action} action").into()
        }
        Why::GuardrailDeny => "with an explicit deny in a service control policy".into(),
        // AWS has no such rule; there it would be written as a service control policy.
        Why::RootBarred => "because the account's settings let its root use no keys".into(),
        Why::Foreign => {
            "because the resource does not exist in this Region, no resource-based policies allow \
                         access, or a resource-based policy explicitly denies access"
                .into()
        }
    };
    // A ciphertext may name a key of someone else; its name is not for whoever holds the ciphertext.
    let on = match (operation, &denial.why) {
        ("Decrypt", Why::Foreign) => "the resource associated with this ciphertext".into(),
        _ => format!("resource: {resource}"),
    };
    format!("User: {principal} is not authorized to perform: {action} on {on} {why}")
}

fn state_words(state: KeyState, operation: &str) -> &'static str {
    match (state, operation) {
        (KeyState::PendingDeletion, _) => "is pending deletion",
        (_, "CancelKeyDeletion") => "is not pending deletion",
        (KeyState::Creating, _) => "is creating",
        (KeyState::Enabled, _) => "is enabled",
        (KeyState::Disabled, _) => "is disabled",
        (KeyState::PendingImport, _) => "is pending import",
        (KeyState::PendingReplicaDeletion, _) => "is pending replica deletion",
        (KeyState::Unavailable, _) => "is unavailable",
        (KeyState::Updating, _) => "is updating",
    }
}

/// The STS form of a recorded refusal: the same causes under the names of the query protocol.
pub(crate) fn sts_error(recorded: &Recorded) -> AwsError {
    let kms = kms_error(recorded, "GetCallerIdentity");
    let (status, code) = match recorded.cause() {
        Cause::Front(refusal) => query_refusal(refusal),
        Cause::Engine(error) => match error {
            Error::UnknownAccessKey | Error::BadSessionToken => (403, "InvalidClientTokenId"),
            Error::BadSignature => (403, "SignatureDoesNotMatch"),
            Error::ExpiredSession => (403, "ExpiredToken"),
            Error::Denied(_)
            | Error::WrongCredentials(_)
            | Error::SecondFactor(_)
            | Error::ApprovalRequired(_) => (403, "AccessDenied"),
            Error::InvalidParameter(_) => (400, "InvalidParameterValue"),
            Error::SessionTooLarge(_) => (400, "PackedPolicyTooLarge"),
            Error::MalformedPolicy(_) => (400, "MalformedPolicyDocument"),
            Error::IdentityToken(fault, _) => identity_token_fault(*fault),
            Error::Unavailable { .. } => (503, "ServiceUnavailable"),
            Error::Throttled => (400, "Throttling"),
            Error::Internal => (500, "InternalFailure"),
            // STS asks nothing about keys, so none of these comes of it.
            Error::KeyNotFound(_)
            | Error::AliasNotFound(_)
            | Error::InvalidArn(_)
            | Error::OtherLocation(_)
            | Error::Disabled(_)
            | Error::WrongState { .. }
            | Error::WrongUsage { .. }
            | Error::WrongAlgorithm { .. }
            | Error::BadCiphertext
            | Error::IncorrectKey
            | Error::InvalidSignature
            | Error::InvalidMac
            | Error::BadAttestation(_)
            | Error::InvalidGrantToken
            | Error::InvalidGrantId
            | Error::GrantNotFound
            | Error::InvalidImportToken
            | Error::ExpiredImportToken
            | Error::IncorrectKeyMaterial(_)
            | Error::KeyExists(_)
            | Error::KeyUnavailable(_)
            | Error::AliasExists(_)
            | Error::ReservedAlias(_)
            | Error::InvalidAliasName(_)
            | Error::ServiceManaged(_)
            | Error::LimitExceeded(_)
            | Error::NoSuchEntity(_)
            | Error::EntityExists(_)
            | Error::DeleteConflict(_)
            | Error::Unmodifiable(_)
            | Error::InvalidMfaCode
            | Error::NoCredentialReport
            | Error::OldCredentialReport
            | Error::Tag(_)
            | Error::InvalidMarker
            | Error::Invalid(_)
            | Error::Unsupported(_)
            | Error::KeyStore(..)
            | Error::Conflict(_)
            | Error::ApprovalNotFound(_)
            | Error::DryRun => (400, "ValidationError"),
        },
    };
    let message = match recorded.cause() {
        Cause::Engine(Error::Denied(denial)) => Some(sts_denied(denial)),
        _ => kms.message,
    };
    AwsError { status, code, message }
}

/// STS tells that a statement denies, and says nothing of those that are missing, or of what others' policies say.
fn sts_denied(denial: &Denial) -> String {
    let Denial { principal, action, resource, why } = denial;
    let why = match why {
        Why::IdentityDeny => " with an explicit deny in an identity-based policy",
        Why::BoundaryDeny => " with an explicit deny in a permissions boundary",
        Why::SessionDeny => " with an explicit deny in a session policy",
        Why::GuardrailDeny => " with an explicit deny in a service control policy",
        Why::NoResourceStatement
        | Why::ResourceDeny
        | Why::NoIdentityStatement
        | Why::NoBoundaryStatement
        | Why::NoSessionStatement
        | Why::NoGuardrailStatement
        | Why::RootBarred
        | Why::Foreign => "",
    };
    match action {
        // Nobody knows yet who asks.
        Action::AssumeRoleWithWebIdentity => format!("Not authorized to perform {action}"),
        _ => format!("User: {principal} is not authorized to perform: {action} on resource: {resource}{why}"),
    }
}

/// The names in the service model, which are not those of its shapes.
fn identity_token_fault(fault: IdentityTokenFault) -> (u16, &'static str) {
    match fault {
        IdentityTokenFault::Invalid => (400, "InvalidIdentityToken"),
        IdentityTokenFault::Expired => (400, "ExpiredTokenException"),
        IdentityTokenFault::Rejected => (403, "IDPRejectedClaim"),
        IdentityTokenFault::Unreachable => (400, "IDPCommunicationError"),
    }
}

/// A front's own refusal under the names of the query protocol.
pub(crate) fn query_refusal(refusal: &Refusal) -> (u16, &'static str) {
    match refusal {
        Refusal::Signature(Failure::Missing) => (403, "MissingAuthenticationToken"),
        Refusal::Signature(Failure::Incomplete(_)) => (400, "IncompleteSignature"),
        Refusal::Signature(Failure::Invalid(_)) => (403, "SignatureDoesNotMatch"),
        Refusal::Signature(Failure::Unrecognized) => (403, "InvalidClientTokenId"),
        Refusal::Signature(Failure::MalformedQuery) => (404, "MalformedQueryString"),
        Refusal::UnknownOperation | Refusal::Unsupported(_) | Refusal::InvalidAction(_) => {
            (400, "InvalidAction")
        }
        Refusal::Serialization(_) => (400, "MalformedInput"),
        Refusal::Validation(_) | Refusal::InvalidArn(_) | Refusal::Tag(_) => (400, "ValidationError"),
        Refusal::NoSuchEntity(_) => (404, "NoSuchEntity"),
        Refusal::NoSuchPath | Refusal::WrongMethod => (404, "InvalidAction"),
        Refusal::Busy => (400, "Throttling"),
        Refusal::BodyTooLong => (413, "RequestEntityTooLarge"),
        Refusal::BodyTooSlow => (408, "RequestTimeout"),
        Refusal::BodyBroken => (400, "RequestAborted"),
        Refusal::Panicked => (500, "InternalFailure"),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use keystead_model::{AccountId, AliasArn, AliasName, KeyArn, KeyId, KeySpec, KeyUsage, Resource};

    use super::super::kms_model::ERRORS;
    use super::*;

    const ARN: &str = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-44cd-96ef-1234567890ab";

    /// Errors that AWS answers on every operation without listing them in the model.
    const GENERAL: &[&str] = &[
        "AccessDeniedException",
        "ExpiredTokenException",
        "IncompleteSignatureException",
        "InvalidAction",
        "InvalidSignatureException",
        "MalformedQueryStringException",
        "MissingAuthenticationTokenException",
        "NotAuthorizedException",
        "RequestAbortedException",
        "RequestEntityTooLargeException",
        "RequestTimeoutException",
        "SerializationException",
        "ThrottlingException",
        "UnknownOperationException",
        "UnrecognizedClientException",
        "ValidationException",
    ];

    fn key() -> KeyArn {
        KeyArn {
            location: "eu-central-1".parse().expect("a name"),
            account: AccountId::from_number(111_122_223_333).expect("twelve digits"),
            key: "1234abcd-12ab-44cd-96ef-1234567890ab".parse::<KeyId>().expect("an id"),
        }
    }

    fn alias() -> AliasArn {
        let KeyArn { location, account, .. } = key();
        AliasArn { location, account, name: AliasName::parse("alias/a").expect("a name") }
    }

    fn denial(why: Why) -> Error {
        Error::Denied(Box::new(Denial {
            principal: "arn:aws:iam::111122223333:user/ada".into(),
            action: Action::Decrypt,
            resource: Resource::Key(key()),
            why,
        }))
    }

    fn all_engine_errors() -> Vec<Error> {
        vec![
            Error::KeyNotFound(ARN.into()),
            Error::KeyNotFound("x".into()),
            Error::AliasNotFound(alias()),
            Error::InvalidArn("no ARN".into()),
            Error::OtherLocation(key().location),
            denial(Why::NoResourceStatement),
            Error::Disabled(key()),
            Error::WrongState { key: key(), state: KeyState::PendingDeletion },
            Error::WrongUsage { key: key(), usage: KeyUsage::SignVerify },
            Error::WrongAlgorithm { spec: KeySpec::Rsa2048, algorithm: "SYMMETRIC_DEFAULT" },
            Error::BadCiphertext,
            Error::IncorrectKey,
            Error::InvalidGrantToken,
            Error::InvalidGrantId,
            Error::GrantNotFound,
            Error::AliasExists(alias()),
            Error::ReservedAlias("alias/aws/x".into()),
            Error::InvalidAliasName("bad".into()),
            Error::ServiceManaged(Resource::Key(key())),
            Error::LimitExceeded("too many".into()),
            Error::Tag("bad".into()),
            Error::MalformedPolicy("bad".into()),
            Error::InvalidMarker,
            Error::Invalid("bad".into()),
            Error::Unsupported("no".into()),
            Error::Conflict("late".into()),
            Error::DryRun,
            Error::UnknownAccessKey,
            Error::BadSignature,
            Error::BadSessionToken,
            Error::ExpiredSession,
            Error::InvalidParameter("odd".into()),
            Error::SessionTooLarge("large".into()),
            Error::WrongCredentials("no".into()),
            Error::SecondFactor("wrong".into()),
            Error::IdentityToken(IdentityTokenFault::Invalid, "no".into()),
            Error::Unavailable { wait: Duration::from_secs(1) },
            Error::Internal,
        ]
    }

    fn all_refusals() -> Vec<Refusal> {
        vec![
            Refusal::Signature(Failure::Missing),
            Refusal::Signature(Failure::Incomplete("x".into())),
            Refusal::Signature(Failure::Invalid("x".into())),
            Refusal::Signature(Failure::Unrecognized),
            Refusal::Signature(Failure::MalformedQuery),
            Refusal::UnknownOperation,
            Refusal::Serialization("x".into()),
            Refusal::Validation("x".into()),
            Refusal::InvalidArn("x".into()),
            Refusal::Tag("x".into()),
            Refusal::NoSuchEntity("x".into()),
            Refusal::Unsupported("x".into()),
            Refusal::InvalidAction("x".into()),
            Refusal::NoSuchPath,
            Refusal::WrongMethod,
            Refusal::Busy,
            Refusal::BodyTooLong,
            Refusal::BodyTooSlow,
            Refusal::BodyBroken,
            Refusal::Panicked,
        ]
    }

    #[test]
    fn every_error_has_a_name_that_aws_knows() {
        let of_stores = KeyStoreFault::ALL.iter().map(|fault| Error::KeyStore(*fault, "x".into()));
        let recorded = all_engine_errors()
            .into_iter()
            .chain(of_stores)
            .map(Cause::Engine)
            .chain(all_refusals().into_iter().map(Cause::Front))
            .map(Recorded::of);
        for recorded in recorded {
            let error = kms_error(&recorded, "Encrypt");
            let modelled = ERRORS.iter().find(|(name, _)| *name == error.code);
            assert!(modelled.is_some() || GENERAL.contains(&error.code), "{error:?}");
            if let Some((_, is_fault)) = modelled {
                assert_eq!(*is_fault, error.status >= 500, "{error:?}");
            }
            let sts = sts_error(&recorded);
            assert_eq!(sts.status >= 500, error.status >= 500, "{sts:?}");
        }
    }

    #[test]
    fn messages_are_those_that_clients_match() {
        let said = |error: Error, operation: &str| {
            let error = kms_engine_error(&error, operation);
            format!("{} {} {}", error.status, error.code, error.message.unwrap_or_default())
        };
        for (error, operation, expected) in [
            (
                Error::KeyNotFound(ARN.into()),
                "DescribeKey",
                format!("400 NotFoundException Key '{ARN}' does not exist"),
            ),
            (
                Error::KeyNotFound("fake".into()),
                "DescribeKey",
                "400 NotFoundException Invalid keyId 'fake'".into(),
            ),
            (
                Error::AliasNotFound(alias()),
                "DescribeKey",
                "400 NotFoundException Alias arn:aws:kms:eu-central-1:111122223333:alias/a is not found.".into(),
            ),
            (
                Error::OtherLocation(key().location),
                "DescribeKey",
                "400 NotFoundException Invalid arn eu-central-1".into(),
            ),
            (Error::Disabled(key()), "Encrypt", format!("400 DisabledException {ARN} is disabled.")),
            (
                Error::WrongState { key: key(), state: KeyState::PendingDeletion },
                "Encrypt",
                format!("400 KMSInvalidStateException {ARN} is pending deletion."),
            ),
            (
                Error::WrongState { key: key(), state: KeyState::PendingImport },
                "Encrypt",
                format!("400 KMSInvalidStateException {ARN} is pending import."),
            ),
            (
                Error::WrongState { key: key(), state: KeyState::Enabled },
                "CancelKeyDeletion",
                format!("400 KMSInvalidStateException {ARN} is not pending deletion."),
            ),
            (
                Error::WrongUsage { key: key(), usage: KeyUsage::SignVerify },
                "Encrypt",
                format!(
                    "400 InvalidKeyUsageException {ARN} key usage is SIGN_VERIFY which is not valid for Encrypt."
                ),
            ),
            (
                Error::WrongAlgorithm { spec: KeySpec::Rsa2048, algorithm: "SYMMETRIC_DEFAULT" },
                "Encrypt",
                "400 InvalidKeyUsageException Algorithm SYMMETRIC_DEFAULT is incompatible with key spec RSA_2048."
                    .into(),
            ),
            (
                Error::WrongAlgorithm { spec: KeySpec::Rsa2048, algorithm: "SYMMETRIC_DEFAULT" },
                "GenerateDataKeyWithoutPlaintext",
                "400 InvalidKeyUsageException You cannot generate a data key with an asymmetric CMK".into(),
            ),
            (Error::InvalidSignature, "Verify", "400 KMSInvalidSignatureException ".into()),
            (Error::InvalidMac, "VerifyMac", "400 KMSInvalidMacException ".into()),
            (
                denial(Why::NoResourceStatement),
                "Decrypt",
                format!(
                    "400 AccessDeniedException User: arn:aws:iam::111122223333:user/ada is not authorized to \
                     perform: kms:Decrypt on resource: {ARN} because no resource-based policy allows the \
                     kms:Decrypt action"
                ),
            ),
            (
                denial(Why::Foreign),
                "Decrypt",
                "400 AccessDeniedException User: arn:aws:iam::111122223333:user/ada is not authorized to \
                 perform: kms:Decrypt on the resource associated with this ciphertext because the resource does \
                 not exist in this Region, no resource-based policies allow access, or a resource-based policy \
                 explicitly denies access"
                    .into(),
            ),
            (Error::BadCiphertext, "Decrypt", "400 InvalidCiphertextException ".into()),
            (
                Error::Conflict("later".into()),
                "RotateKeyOnDemand",
                "400 ConflictException later".into(),
            ),
            (
                Error::KeyUnavailable(key()),
                "Encrypt",
                format!("500 KeyUnavailableException {ARN} is unavailable."),
            ),
            (
                Error::Unavailable { wait: Duration::from_secs(1) },
                "Encrypt",
                "503 DependencyTimeoutException The system timed out while trying to fulfill the request. You can \
                 retry the request."
                    .into(),
            ),
            (
                Error::Internal,
                "Encrypt",
                "500 KMSInternalException The server failed; its log says why.".into(),
            ),
            (
                Error::UnknownAccessKey,
                "Encrypt",
                "400 UnrecognizedClientException The security token included in the request is invalid.".into(),
            ),
        ] {
            assert_eq!(said(error, operation), expected);
        }
    }
}
