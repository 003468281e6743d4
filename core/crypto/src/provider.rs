//! Where key material lives and works. A provider makes material, keeps it wrapped, and does all work with it;
//! nothing else in the house sees the bytes of a software key.

use std::sync::Arc;

use keystead_model::{
    AccountId, EncryptionAlgorithm, EncryptionContext, KeyId, KeySpec, MacAlgorithm, MaterialId,
    SigningAlgorithm,
};

use crate::arena::ArenaFull;
use crate::{SecretBytes, Unauthentic};

/// Which material is meant: bound into its wrapped form, so that rows cannot be swapped.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct MaterialName {
    /// Who owns the key.
    pub account: AccountId,
    /// Which key.
    pub key: KeyId,
    /// Which version.
    pub material: MaterialId,
    /// What it is.
    pub spec: KeySpec,
}

/// Why a provider did not do as asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    /// This provider does not do that with such keys; [`KeyProvider::can`] would have said so.
    #[error("this key provider does not support {0}")]
    Unsupported(KeySpec),
    /// Wrapped material or a ciphertext that does not authenticate.
    #[error(transparent)]
    Unauthentic(#[from] Unauthentic),
    /// This key does not do that, or not with that algorithm.
    #[error("keys of spec {spec} do not support {what}")]
    Incompatible {
        /// The key's spec.
        spec: KeySpec,
        /// The algorithm or deed that was asked for.
        what: &'static str,
    },
    /// What was handed in does not have the form the algorithm wants. Holds what is wrong with it.
    #[error("{0}")]
    Malformed(&'static str),
    /// More bytes than the algorithm takes.
    #[error("at most {max} bytes are taken, and these are {bytes}")]
    TooLong {
        /// How many were handed in.
        bytes: usize,
        /// How many are taken.
        max: usize,
    },
    /// No locked memory left.
    #[error(transparent)]
    Full(#[from] ArenaFull),
    /// The provider's back end is not answering; trying again may help.
    #[error("the key provider is not answering")]
    Unavailable,
}

/// Material that was made or brought in.
pub struct Made {
    /// The bytes, wrapped, to be kept by the caller.
    pub wrapped: Box<[u8]>,
    /// The public half as DER `SubjectPublicKeyInfo` (RFC 5280 section 4.1.2.7); `None` for symmetric specs.
    pub public: Option<Box<[u8]>>,
}

/// A key pair that is handed out instead of being kept.
pub struct Pair {
    /// The private half as DER `PrivateKeyInfo` (RFC 5208, PKCS #8).
    pub private: SecretBytes,
    /// The public half as DER `SubjectPublicKeyInfo`.
    pub public: Box<[u8]>,
}

/// What is to be signed.
#[derive(Clone, Copy)]
pub enum Message<'a> {
    /// The message itself: the algorithm hashes it first.
    Raw(&'a [u8]),
    /// Its digest, as long as [`SigningAlgorithm::digest_bytes`] says: the algorithm does not hash it again.
    ///
    /// AWS KMS does hash it again for `ED25519_PH_SHA_512`, whose only message type is `DIGEST`: to sign what it signs,
    /// hand the 64 bytes in as [`Message::Raw`].
    Digest(&'a [u8]),
    /// The 64-byte mu of FIPS 204 section 6.2; ML-DSA only.
    ExternalMu(&'a [u8]),
}

/// Makes, keeps and uses key material.
///
/// Making RSA keys takes up to seconds ([`KeySpec::is_slow_to_make`]); everything else takes less than a
/// millisecond or two and may be done on the thread that serves the request.
pub trait KeyProvider: Send + Sync {
    /// Whether keys of this spec can be made and used.
    fn can(&self, spec: KeySpec) -> bool;

    /// Makes material and answers it wrapped. The bytes do not outlive the call.
    ///
    /// # Errors
    /// [`ProviderError::Unsupported`], [`ProviderError::Full`] or [`ProviderError::Unavailable`].
    fn make(&self, name: &MaterialName) -> Result<Made, ProviderError>;

    /// Wraps material that its owner brought: the 32 bytes of a symmetric key, the bytes of an HMAC key
    /// (`HMAC_224`: 28 to 64, `HMAC_256`: 32 to 64, `HMAC_384`: 48 to 128, `HMAC_512`: 64 to 128), the DER PKCS #8 of
    /// an asymmetric private key (ML-DSA and ML-KEM: its seed, alone or with the expanded key; RFC 9881 section 6,
    /// RFC 9935 section 6).
    ///
    /// # Errors
    /// [`ProviderError::Malformed`] says what is wrong with the bytes for a key of this spec.
    fn bring(&self, name: &MaterialName, bytes: &SecretBytes) -> Result<Made, ProviderError>;

    /// Opens wrapped material for use.
    ///
    /// # Errors
    /// [`ProviderError::Unauthentic`] if it is not what [`KeyProvider::make`] answered for this name.
    fn load(&self, name: &MaterialName, wrapped: &[u8]) -> Result<Arc<dyn Material>, ProviderError>;

    /// Makes a key pair that is not kept.
    ///
    /// # Errors
    /// [`ProviderError::Unsupported`] for specs that are not key pairs.
    fn pair(&self, spec: KeySpec) -> Result<Pair, ProviderError>;
}

/// Material that is ready for use. Dropping the last handle wipes it. Each kind of key does its own deeds; the others
/// answer [`ProviderError::Incompatible`].
pub trait Material: Send + Sync {
    /// What it is.
    fn spec(&self) -> KeySpec;

    /// Seals up to [`PLAINTEXT_BYTES_MAX`](crate::PLAINTEXT_BYTES_MAX) bytes in the ciphertext format.
    ///
    /// # Errors
    /// [`ProviderError::Incompatible`], [`ProviderError::Unavailable`].
    fn seal(&self, context: &EncryptionContext, plaintext: &[u8]) -> Result<Vec<u8>, ProviderError> {
        let _ = (context, plaintext);
        Err(self.incompatible("SYMMETRIC_DEFAULT"))
    }

    /// Opens a ciphertext that names this material.
    ///
    /// # Errors
    /// [`ProviderError::Unauthentic`] if it was not made by this material with this context.
    fn open(&self, context: &EncryptionContext, ciphertext: &[u8]) -> Result<SecretBytes, ProviderError> {
        let _ = (context, ciphertext);
        Err(self.incompatible("SYMMETRIC_DEFAULT"))
    }

    /// Opens what was encrypted to the public half.
    ///
    /// # Errors
    /// [`ProviderError::Unauthentic`] if it was not, for whatever reason: padding is told from nothing else.
    fn decrypt(
        &self,
        algorithm: EncryptionAlgorithm,
        ciphertext: &[u8],
    ) -> Result<SecretBytes, ProviderError> {
        let _ = ciphertext;
        Err(self.incompatible(algorithm.as_str()))
    }

    /// Signs. ECDSA signatures are DER (RFC 3279 section 2.2.3), the others raw.
    ///
    /// # Errors
    /// [`ProviderError::Malformed`] for a digest of the wrong length or a message type the algorithm does not take.
    fn sign(&self, algorithm: SigningAlgorithm, message: Message<'_>) -> Result<Vec<u8>, ProviderError> {
        let _ = message;
        Err(self.incompatible(algorithm.as_str()))
    }

    /// Makes a message authentication code of full length.
    ///
    /// # Errors
    /// [`ProviderError::Incompatible`].
    fn mac(&self, algorithm: MacAlgorithm, message: &[u8]) -> Result<SecretBytes, ProviderError> {
        let _ = message;
        Err(self.incompatible(algorithm.as_str()))
    }

    /// Agrees on a secret with the owner of a public key on the same curve, given as DER `SubjectPublicKeyInfo`:
    /// the x coordinate, as long as a field element (SP 800-56A section 5.7.1.2).
    ///
    /// # Errors
    /// [`ProviderError::Malformed`] if the public key is not one of this curve.
    fn agree(&self, peer: &[u8]) -> Result<SecretBytes, ProviderError> {
        let _ = peer;
        Err(self.incompatible("ECDH"))
    }

    /// Takes an encapsulated secret out (FIPS 203 section 7.3). A ciphertext of the right length always opens to
    /// something: what was changed on the way gives another secret.
    ///
    /// # Errors
    /// [`ProviderError::Unauthentic`] for a ciphertext of the wrong length.
    fn decapsulate(&self, ciphertext: &[u8]) -> Result<SecretBytes, ProviderError> {
        let _ = ciphertext;
        Err(self.incompatible("ML_KEM"))
    }

    /// The error of a deed that is not this material's.
    fn incompatible(&self, what: &'static str) -> ProviderError {
        ProviderError::Incompatible { spec: self.spec(), what }
    }
}
