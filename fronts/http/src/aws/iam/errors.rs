//! The table of errors: what is refused inside, and what AWS IAM calls it. No catch-all, on purpose.

use keystead_model::Error;

use super::super::errors::{AwsError, kms_error, query_refusal};
use crate::door::{Cause, Recorded, Refusal};

/// The IAM form of a recorded refusal. `operation` is what was asked for, if that could be told.
pub(super) fn iam_error(recorded: &Recorded, operation: &str) -> AwsError {
    let (status, code) = match recorded.cause() {
        Cause::Front(Refusal::InvalidArn(_) | Refusal::Tag(_)) => (400, "InvalidInput"),
        Cause::Front(refusal) => query_refusal(refusal),
        Cause::Engine(error) => engine_error(error),
    };
    // The causes have the same words everywhere.
    AwsError { status, code, message: kms_error(recorded, operation).message }
}

fn engine_error(error: &Error) -> (u16, &'static str) {
    match error {
        Error::NoSuchEntity(_) => (404, "NoSuchEntity"),
        Error::EntityExists(_) => (409, "EntityAlreadyExists"),
        Error::DeleteConflict(_) => (409, "DeleteConflict"),
        Error::Unmodifiable(_) => (400, "UnmodifiableEntity"),
        Error::LimitExceeded(_) => (409, "LimitExceeded"),
        Error::MalformedPolicy(_) => (400, "MalformedPolicyDocument"),
        Error::InvalidMfaCode => (403, "InvalidAuthenticationCode"),
        Error::NoCredentialReport => (410, "ReportNotPresent"),
        Error::OldCredentialReport => (410, "ReportExpired"),
        Error::Tag(_) | Error::InvalidArn(_) | Error::Unsupported(_) => (400, "InvalidInput"),
        Error::Invalid(_) | Error::InvalidMarker => (400, "ValidationError"),
        Error::Conflict(_) => (409, "ConcurrentModification"),
        Error::Denied(_)
        | Error::WrongCredentials(_)
        | Error::SecondFactor(_)
        | Error::ApprovalRequired(_) => (403, "AccessDenied"),
        Error::UnknownAccessKey | Error::BadSessionToken => (403, "InvalidClientTokenId"),
        Error::BadSignature => (403, "SignatureDoesNotMatch"),
        Error::ExpiredSession => (403, "ExpiredToken"),
        Error::Throttled => (400, "Throttling"),
        Error::Unavailable { .. } => (503, "ServiceUnavailable"),
        Error::Internal => (500, "ServiceFailure"),
        // IAM asks nothing about keys, so none of these comes of it.
        Error::KeyNotFound(_)
        | Error::AliasNotFound(_)
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
        | Error::KeyStore(..)
        | Error::DryRun
        // Nor does it open sessions, or say what waits for approval.
        | Error::ApprovalNotFound(_)
        | Error::InvalidParameter(_)
        | Error::SessionTooLarge(_)
        | Error::IdentityToken(..) => (400, "ValidationError"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::iam_model::ERRORS;
    use super::*;

    /// Errors that AWS answers on every operation without listing them in the model.
    const GENERAL: &[&str] = &[
        "AccessDenied",
        "ExpiredToken",
        "InvalidAction",
        "InvalidClientTokenId",
        "MalformedInput",
        "ServiceUnavailable",
        "SignatureDoesNotMatch",
        "Throttling",
        "ValidationError",
    ];

    #[test]
    fn codes_and_statuses_are_those_of_the_model() {
        let causes = [
            Cause::Engine(Error::NoSuchEntity("x".into())),
            Cause::Engine(Error::EntityExists("x".into())),
            Cause::Engine(Error::DeleteConflict("x".into())),
            Cause::Engine(Error::Unmodifiable("x".into())),
            Cause::Engine(Error::LimitExceeded("x".into())),
            Cause::Engine(Error::MalformedPolicy("x".into())),
            Cause::Engine(Error::InvalidMfaCode),
            Cause::Engine(Error::NoCredentialReport),
            Cause::Engine(Error::OldCredentialReport),
            Cause::Engine(Error::Tag("x".into())),
            Cause::Engine(Error::Invalid("x".into())),
            Cause::Engine(Error::InvalidMarker),
            Cause::Engine(Error::Conflict("x".into())),
            Cause::Engine(Error::UnknownAccessKey),
            Cause::Engine(Error::BadSignature),
            Cause::Engine(Error::BadSessionToken),
            Cause::Engine(Error::ExpiredSession),
            Cause::Engine(Error::WrongCredentials("x".into())),
            Cause::Engine(Error::Throttled),
            Cause::Engine(Error::Internal),
            Cause::Front(Refusal::NoSuchEntity("x".into())),
            Cause::Front(Refusal::InvalidArn("x".into())),
            Cause::Front(Refusal::Tag("x".into())),
            Cause::Front(Refusal::Validation("x".into())),
            Cause::Front(Refusal::Serialization("x".into())),
            Cause::Front(Refusal::InvalidAction("x".into())),
        ];
        for cause in causes {
            let error = iam_error(&Recorded::of(cause), "CreateUser");
            let modelled = ERRORS.iter().find(|(code, _)| *code == error.code);
            match modelled {
                Some((_, status)) => assert_eq!(*status, error.status, "{error:?}"),
                None => assert!(GENERAL.contains(&error.code), "{error:?}"),
            }
            assert!(error.message.as_deref().is_some_and(|message| !message.is_empty()), "{error:?}");
        }
    }
}
