//! The two duties that are best kept apart: looking after a key, and using it.

use keystead_model::Action;

/// Whether an action uses a key: seals, opens, signs, verifies, agrees.
pub(crate) fn is_use(action: Action) -> bool {
    USE.contains(&action)
}

/// Whether an action looks after a key, or gives others what they may do with it. Reading about keys is neither.
pub(crate) fn is_administration(action: Action) -> bool {
    ADMINISTRATION.contains(&action)
}

/// What looks after a key.
const ADMINISTRATION: &[Action] = &[
    Action::PutKeyPolicy,
    Action::CreateGrant,
    Action::RevokeGrant,
    Action::ScheduleKeyDeletion,
    Action::CancelKeyDeletion,
    Action::EnableKey,
    Action::DisableKey,
    Action::EnableKeyRotation,
    Action::DisableKeyRotation,
    Action::RotateKeyOnDemand,
    Action::ImportKeyMaterial,
    Action::DeleteImportedKeyMaterial,
    Action::ReplicateKey,
    Action::UpdatePrimaryRegion,
    Action::TagResource,
    Action::UntagResource,
];

/// What uses a key.
pub(crate) const USE: &[Action] = &[
    Action::Encrypt,
    Action::Decrypt,
    Action::ReEncryptFrom,
    Action::ReEncryptTo,
    Action::GenerateDataKey,
    Action::GenerateDataKeyWithoutPlaintext,
    Action::GenerateDataKeyPair,
    Action::GenerateDataKeyPairWithoutPlaintext,
    Action::Sign,
    Action::Verify,
    Action::GenerateMac,
    Action::VerifyMac,
    Action::DeriveSharedSecret,
    Action::Encapsulate,
    Action::Decapsulate,
];
