//! Public halves, and what anyone may do with them.

use keystead_model::{EncryptionAlgorithm, KeySpec, SigningAlgorithm};

use super::{ec, edwards, ml_dsa, ml_kem, rsa};
use crate::{Message, ProviderError, SecretBytes, der};

/// The public half of a key pair, read once and ready for use by many threads.
pub struct PublicKey {
    spec: KeySpec,
    half: Half,
}

enum Half {
    Rsa(Box<rsa::RsaPublic>),
    Ec(Box<ec::EcPublic>),
    Edwards(Box<edwards::EdwardsPublic>),
    MlDsa(Box<ml_dsa::Public>),
    MlKem(Box<ml_kem::Public>),
}

impl PublicKey {
    /// Reads DER `SubjectPublicKeyInfo` of a key of this spec, in the one form that [`KeyProvider`](crate::KeyProvider)
    /// writes: named curves, uncompressed points, RSA exponent 65537.
    ///
    /// # Errors
    /// [`ProviderError::Malformed`] says what is wrong with the bytes; [`ProviderError::Unsupported`] for specs that
    /// are not key pairs, and for SM2.
    pub fn read(spec: KeySpec, spki: &[u8]) -> Result<Self, ProviderError> {
        use KeySpec::*;
        let raw = der::read_public(spec, spki)?;
        let half = match spec {
            Rsa2048 | Rsa3072 | Rsa4096 => Half::Rsa(Box::new(rsa::RsaPublic::read(spec, raw)?)),
            EccNistP256 | EccNistP384 | EccNistP521 | EccSecgP256k1 => {
                Half::Ec(Box::new(ec::EcPublic::read(spec, raw)?))
            }
            EccNistEdwards25519 => Half::Edwards(Box::new(edwards::EdwardsPublic::read(raw)?)),
            MlDsa44 | MlDsa65 | MlDsa87 => Half::MlDsa(Box::new(ml_dsa::Public::read(spec, raw)?)),
            MlKem512 | MlKem768 | MlKem1024 => Half::MlKem(Box::new(ml_kem::Public::read(spec, raw)?)),
            SymmetricDefault | Hmac224 | Hmac256 | Hmac384 | Hmac512 | Sm2 => {
                return Err(ProviderError::Unsupported(spec));
            }
        };
        Ok(Self { spec, half })
    }

    /// What it is the public half of.
    pub fn spec(&self) -> KeySpec {
        self.spec
    }

    /// Verifies a signature, of the form that [`Material::sign`](crate::Material::sign) makes.
    ///
    /// # Errors
    /// [`ProviderError::Unauthentic`] if it is not one; [`ProviderError::Incompatible`] if such keys do not sign with
    /// that algorithm; [`ProviderError::Malformed`] for a digest of the wrong length or a message type that the
    /// algorithm does not take.
    pub fn verify(
        &self,
        algorithm: SigningAlgorithm,
        message: Message<'_>,
        signature: &[u8],
    ) -> Result<(), ProviderError> {
        match &self.half {
            Half::Rsa(key) => key.verify(algorithm, message, signature),
            Half::Ec(key) => key.verify(algorithm, message, signature),
            Half::Edwards(key) => key.verify(algorithm, message, signature),
            Half::MlDsa(key) => key.verify(algorithm, message, signature),
            Half::MlKem(_) => Err(self.incompatible(algorithm.as_str())),
        }
    }

    /// Encrypts with RSA-OAEP (RFC 8017 section 7.1), with an empty label.
    ///
    /// # Errors
    /// [`ProviderError::TooLong`] past the modulus' length less two digests and two bytes (SHA-1: 214, 342 and 470
    /// bytes; SHA-256: 190, 318 and 446); [`ProviderError::Incompatible`] for other keys and algorithms.
    pub fn encrypt(
        &self,
        algorithm: EncryptionAlgorithm,
        plaintext: &[u8],
    ) -> Result<Vec<u8>, ProviderError> {
        match &self.half {
            Half::Rsa(key) => key.encrypt(algorithm, plaintext),
            _ => Err(self.incompatible(algorithm.as_str())),
        }
    }

    /// Makes a secret of 32 bytes and encapsulates it (FIPS 203 section 7.2): the secret, and the ciphertext from
    /// which the owner of the private half takes it.
    ///
    /// # Errors
    /// [`ProviderError::Incompatible`] for other keys than ML-KEM ones.
    pub fn encapsulate(&self) -> Result<(SecretBytes, Vec<u8>), ProviderError> {
        match &self.half {
            Half::MlKem(key) => key.encapsulate(),
            _ => Err(self.incompatible("ML_KEM")),
        }
    }

    fn incompatible(&self, what: &'static str) -> ProviderError {
        ProviderError::Incompatible { spec: self.spec, what }
    }
}
