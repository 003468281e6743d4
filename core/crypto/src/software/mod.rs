//! The software provider: keys of every spec on aws-lc, wrapped under a key of their account.
//!
//! One module for each kind of key. Each says how material is made, brought in and loaded; what is sealed for a spec
//! stands in docs/formats/material.md.

mod ec;
mod edwards;
mod mac;
mod ml_dsa;
mod ml_kem;
mod public;
mod rsa;
mod symmetric;
mod wrapping;

use std::sync::Arc;

use keystead_model::world::Entropy;
use keystead_model::{AccountId, KeySpec};

use crate::arena::ArenaFull;
use crate::root::{RootKey, SealingKey};
use crate::{KeyProvider, Made, Material, MaterialName, Pair, ProviderError, SecretBytes};

pub use public::PublicKey;
pub use wrapping::ImportKey;

/// Software keys on aws-lc: wrapped under a key of their account, used out of locked memory or, where the library
/// needs an object of its own, out of memory that it wipes when it frees it.
///
/// Symmetric and HMAC keys and the seeds of Ed25519, ML-DSA and ML-KEM keys are drawn from the entropy that is handed
/// in; RSA and elliptic curve keys come from aws-lc's own generator, which takes no source from outside.
pub struct SoftwareProvider {
    root: Arc<RootKey>,
    entropy: Arc<dyn Entropy>,
}

/// Material that is not wrapped yet.
struct Fresh {
    /// What is sealed.
    secret: SecretBytes,
    /// The public half as DER, if there is one.
    public: Option<Box<[u8]>>,
}

impl SoftwareProvider {
    const DOMAIN: &'static str = "keystead/material/v1/";

    /// A provider whose account keys hang from `root`.
    pub fn new(root: Arc<RootKey>, entropy: Arc<dyn Entropy>) -> Self {
        Self { root, entropy }
    }

    fn account_key(&self, account: AccountId) -> Result<SealingKey, ArenaFull> {
        self.root.sealing_key(Self::DOMAIN, &account.number().to_be_bytes())
    }

    fn wrap(&self, name: &MaterialName, fresh: &Fresh) -> Result<Box<[u8]>, ProviderError> {
        let key = self.account_key(name.account)?;
        Ok(key.seal(&*self.entropy, &name.associated_data(), fresh.secret.expose()).into())
    }

    /// So many random bytes.
    fn random(&self, bytes: usize) -> SecretBytes {
        let mut random = SecretBytes::zeroed(bytes);
        self.entropy.fill(random.expose_mut());
        random
    }
}

impl MaterialName {
    /// Account (8 bytes), key id (16), multi-Region flag (1), material id (32), spec (1).
    fn associated_data(&self) -> Vec<u8> {
        let mut aad = Vec::with_capacity(58);
        aad.extend_from_slice(&self.account.number().to_be_bytes());
        aad.extend_from_slice(self.key.bytes());
        aad.push(u8::from(self.key.is_multi_region()));
        aad.extend_from_slice(&self.material.0);
        aad.push(self.spec.code());
        aad
    }
}

impl KeyProvider for SoftwareProvider {
    fn can(&self, spec: KeySpec) -> bool {
        spec != KeySpec::Sm2
    }

    fn make(&self, name: &MaterialName) -> Result<Made, ProviderError> {
        use KeySpec::*;
        let spec = name.spec;
        let fresh = match spec {
            SymmetricDefault => symmetric::bring(&self.random(symmetric::KEY_BYTES)),
            Rsa2048 | Rsa3072 | Rsa4096 => rsa::make(spec),
            EccNistP256 | EccNistP384 | EccNistP521 | EccSecgP256k1 => ec::make(spec),
            EccNistEdwards25519 => edwards::grow(&self.random(edwards::SEED_BYTES)),
            Hmac224 | Hmac256 | Hmac384 | Hmac512 => mac::bring(spec, &self.random(mac::made_bytes(spec))),
            MlDsa44 | MlDsa65 | MlDsa87 => ml_dsa::grow(spec, &self.random(ml_dsa::SEED_BYTES)),
            MlKem512 | MlKem768 | MlKem1024 => ml_kem::grow(spec, &self.random(ml_kem::SEED_BYTES)),
            Sm2 => Err(ProviderError::Unsupported(spec)),
        }?;
        Ok(Made { wrapped: self.wrap(name, &fresh)?, public: fresh.public })
    }

    fn bring(&self, name: &MaterialName, bytes: &SecretBytes) -> Result<Made, ProviderError> {
        use KeySpec::*;
        let spec = name.spec;
        let fresh = match spec {
            SymmetricDefault => symmetric::bring(bytes),
            Rsa2048 | Rsa3072 | Rsa4096 => rsa::bring(spec, bytes),
            EccNistP256 | EccNistP384 | EccNistP521 | EccSecgP256k1 => ec::bring(spec, bytes),
            EccNistEdwards25519 => edwards::bring(bytes),
            Hmac224 | Hmac256 | Hmac384 | Hmac512 => mac::bring(spec, bytes),
            MlDsa44 | MlDsa65 | MlDsa87 => ml_dsa::bring(spec, bytes),
            MlKem512 | MlKem768 | MlKem1024 => ml_kem::bring(spec, bytes),
            Sm2 => Err(ProviderError::Unsupported(spec)),
        }?;
        Ok(Made { wrapped: self.wrap(name, &fresh)?, public: fresh.public })
    }

    fn load(&self, name: &MaterialName, wrapped: &[u8]) -> Result<Arc<dyn Material>, ProviderError> {
        use KeySpec::*;
        let spec = name.spec;
        if !self.can(spec) {
            return Err(ProviderError::Unsupported(spec));
        }
        let secret = self.account_key(name.account)?.open(&name.associated_data(), wrapped)?;
        let arena = self.root.arena();
        match spec {
            SymmetricDefault => symmetric::load(name, arena, &self.entropy, &secret),
            Rsa2048 | Rsa3072 | Rsa4096 => rsa::load(spec, &secret),
            EccNistP256 | EccNistP384 | EccNistP521 | EccSecgP256k1 => ec::load(spec, &secret),
            EccNistEdwards25519 => edwards::load(arena, &secret),
            Hmac224 | Hmac256 | Hmac384 | Hmac512 => mac::load(spec, arena, &secret),
            MlDsa44 | MlDsa65 | MlDsa87 => ml_dsa::load(spec, arena, &secret),
            MlKem512 | MlKem768 | MlKem1024 => ml_kem::load(spec, &secret),
            Sm2 => Err(ProviderError::Unsupported(spec)),
        }
    }

    fn pair(&self, spec: KeySpec) -> Result<Pair, ProviderError> {
        use KeySpec::*;
        match spec {
            Rsa2048 | Rsa3072 | Rsa4096 => rsa::pair(spec),
            EccNistP256 | EccNistP384 | EccNistP521 | EccSecgP256k1 => ec::pair(spec),
            EccNistEdwards25519 => edwards::pair(&self.random(edwards::SEED_BYTES)),
            MlDsa44 | MlDsa65 | MlDsa87 => ml_dsa::pair(spec, &self.random(ml_dsa::SEED_BYTES)),
            MlKem512 | MlKem768 | MlKem1024 => ml_kem::pair(spec, &self.random(ml_kem::SEED_BYTES)),
            SymmetricDefault | Hmac224 | Hmac256 | Hmac384 | Hmac512 | Sm2 => {
                Err(ProviderError::Unsupported(spec))
            }
        }
    }
}

/// Sealed bytes that are authentic and yet not what this program seals: written by one that knows more.
const UNREADABLE: ProviderError = ProviderError::Unauthentic(crate::Unauthentic);
const DIGEST_LENGTH: ProviderError =
    ProviderError::Malformed("the digest is not as long as the signing algorithm's");
const MU_IS_FOR_ML_DSA: ProviderError =
    ProviderError::Malformed("only ML-DSA keys sign and verify an external mu");

/// The library failed at something that can only fail for want of memory or entropy.
fn unavailable<E>(_: E) -> ProviderError {
    ProviderError::Unavailable
}

#[cfg(test)]
mod tests;
