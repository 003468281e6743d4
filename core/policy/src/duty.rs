//! The two duties that are best kept apart: looking after a key, and using it.

use keystead_model::Action;

/// Whether an action uses a key: seals, opens, signs, verifies, agrees.
pub(crate) fn is_use(action: Action) -> bool {
    USE.contains(&action)
}

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
