//! Seal, open, seal anew, make data keys, draw random bytes.

use keystead_crypto::SecretBytes;
use keystead_model::{EncryptionAlgorithm, EncryptionContext, KeyArn, KeyRef, MaterialId};

/// Seal bytes under a key.
pub struct Encrypt {
    /// Which key.
    pub key: KeyRef,
    /// 1 to 4,096 bytes.
    pub plaintext: SecretBytes,
    /// What the ciphertext is bound to.
    pub context: EncryptionContext,
    /// How.
    pub algorithm: EncryptionAlgorithm,
    /// Decide only; answers [`Error::DryRun`](keystead_model::Error::DryRun) if it would have succeeded.
    pub dry_run: bool,
}

/// What [`Encrypt`] answers.
pub struct Encrypted {
    /// The key that sealed it.
    pub key: KeyArn,
    /// At most 6,144 bytes.
    pub ciphertext: Vec<u8>,
    /// How.
    pub algorithm: EncryptionAlgorithm,
}

/// Open a ciphertext.
pub struct Decrypt {
    /// Which key, if the caller insists; the ciphertext names its own.
    pub key: Option<KeyRef>,
    /// 1 to 6,144 bytes.
    pub ciphertext: Box<[u8]>,
    /// The context it was sealed with.
    pub context: EncryptionContext,
    /// How.
    pub algorithm: EncryptionAlgorithm,
    /// Decide only.
    pub dry_run: bool,
}

/// What [`Decrypt`] answers.
pub struct Decrypted {
    /// The key that had sealed it.
    pub key: KeyArn,
    /// The version that had sealed it.
    pub material: MaterialId,
    /// What was sealed.
    pub plaintext: SecretBytes,
    /// How.
    pub algorithm: EncryptionAlgorithm,
}

/// Open a ciphertext and seal what it held under another key or context.
pub struct ReEncrypt {
    /// 1 to 6,144 bytes.
    pub ciphertext: Box<[u8]>,
    /// The key that sealed it, if the caller insists.
    pub source_key: Option<KeyRef>,
    /// The context it was sealed with.
    pub source_context: EncryptionContext,
    /// How it was sealed.
    pub source_algorithm: EncryptionAlgorithm,
    /// The key to seal under.
    pub destination_key: KeyRef,
    /// The context to seal with.
    pub destination_context: EncryptionContext,
    /// How to seal.
    pub destination_algorithm: EncryptionAlgorithm,
    /// Decide only.
    pub dry_run: bool,
}

/// What [`ReEncrypt`] answers.
pub struct ReEncrypted {
    /// The new ciphertext.
    pub ciphertext: Vec<u8>,
    /// The key that had sealed the old one.
    pub source_key: KeyArn,
    /// The version that had sealed the old one.
    pub source_material: MaterialId,
    /// How the old one was sealed.
    pub source_algorithm: EncryptionAlgorithm,
    /// The key that sealed the new one.
    pub destination_key: KeyArn,
    /// The version that sealed the new one.
    pub destination_material: MaterialId,
    /// How the new one is sealed.
    pub destination_algorithm: EncryptionAlgorithm,
}

/// Make a data key and hand it out plain and wrapped.
pub struct GenerateDataKey {
    /// The key that wraps.
    pub key: KeyRef,
    /// 1 to 1,024.
    pub bytes: u16,
    /// What the wrapped key is bound to.
    pub context: EncryptionContext,
    /// Decide only.
    pub dry_run: bool,
}

/// What [`GenerateDataKey`] answers.
pub struct DataKey {
    /// The key that wrapped.
    pub key: KeyArn,
    /// The version that wrapped.
    pub material: MaterialId,
    /// The data key.
    pub plaintext: SecretBytes,
    /// The wrapped data key.
    pub ciphertext: Vec<u8>,
}

/// Make a data key and hand it out wrapped only.
pub struct GenerateDataKeyWithoutPlaintext {
    /// The key that wraps.
    pub key: KeyRef,
    /// 1 to 1,024.
    pub bytes: u16,
    /// What the wrapped key is bound to.
    pub context: EncryptionContext,
    /// Decide only.
    pub dry_run: bool,
}

/// What [`GenerateDataKeyWithoutPlaintext`] answers.
pub struct WrappedDataKey {
    /// The key that wrapped.
    pub key: KeyArn,
    /// The version that wrapped.
    pub material: MaterialId,
    /// The wrapped data key.
    pub ciphertext: Vec<u8>,
}

/// Draw random bytes; answers [`SecretBytes`].
pub struct GenerateRandom {
    /// 1 to 1,024.
    pub bytes: u16,
}
