//! SYMMETRIC_DEFAULT: 32 bytes that open and seal the ciphertext format.

use std::sync::Arc;

use keystead_model::EncryptionContext;
use keystead_model::KeySpec;
use keystead_model::world::Entropy;

use super::{Fresh, UNREADABLE};
use crate::arena::{Arena, Slot};
use crate::ciphertext::{self, CiphertextNames};
use crate::envelope::SALT_BYTES;
use crate::{Material, MaterialName, ProviderError, SecretBytes, Unauthentic};

/// Length of a key, in bytes.
pub(super) const KEY_BYTES: usize = 32;

pub(super) fn bring(bytes: &SecretBytes) -> Result<Fresh, ProviderError> {
    match bytes.len() {
        KEY_BYTES => Ok(Fresh { secret: SecretBytes::copy_from(bytes.expose()), public: None }),
        _ => Err(ProviderError::Malformed("a SYMMETRIC_DEFAULT key has 32 bytes")),
    }
}

pub(super) fn load(
    name: &MaterialName,
    arena: &Arc<Arena>,
    entropy: &Arc<dyn Entropy>,
    secret: &SecretBytes,
) -> Result<Arc<dyn Material>, ProviderError> {
    let bytes: &[u8; KEY_BYTES] = secret.expose().try_into().map_err(|_| UNREADABLE)?;
    let slot = arena.put(bytes)?;
    let names = CiphertextNames { account: name.account, key: name.key, material: name.material };
    Ok(Arc::new(Symmetric { slot, names, entropy: Arc::clone(entropy) }))
}

struct Symmetric {
    slot: Slot,
    names: CiphertextNames,
    entropy: Arc<dyn Entropy>,
}

impl Material for Symmetric {
    fn spec(&self) -> KeySpec {
        KeySpec::SymmetricDefault
    }

    fn seal(&self, context: &EncryptionContext, plaintext: &[u8]) -> Result<Vec<u8>, ProviderError> {
        let mut salt = [0u8; SALT_BYTES];
        self.entropy.fill(&mut salt);
        Ok(self.slot.expose(|key| ciphertext::seal(key, &self.names, &salt, context, plaintext)))
    }

    fn open(&self, context: &EncryptionContext, sealed: &[u8]) -> Result<SecretBytes, ProviderError> {
        if CiphertextNames::read(sealed)? != self.names {
            return Err(Unauthentic.into());
        }
        Ok(self.slot.expose(|key| ciphertext::open(key, context, sealed))?)
    }
}
