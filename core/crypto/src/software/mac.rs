//! HMAC keys (FIPS 198-1), in locked memory.

use std::sync::Arc;

use aws_lc_rs::hmac;
use keystead_model::{KeySpec, MacAlgorithm};
use zeroize::Zeroizing;

use super::{Fresh, UNREADABLE};
use crate::arena::{Arena, SLOT_BYTES, Slot};
use crate::{Material, ProviderError, SecretBytes};

/// Longest key, in bytes.
const KEY_BYTES_MAX: usize = 128;

/// Length of a key that is made here, in bytes: that of the digest.
pub(super) fn made_bytes(spec: KeySpec) -> usize {
    limits(spec).0
}

/// Shortest and longest key, in bytes: from the digest's length to the hash function's block.
fn limits(spec: KeySpec) -> (usize, usize) {
    match spec {
        KeySpec::Hmac224 => (28, 64),
        KeySpec::Hmac256 => (32, 64),
        KeySpec::Hmac384 => (48, KEY_BYTES_MAX),
        _ => (64, KEY_BYTES_MAX),
    }
}

fn too_short_or_long(spec: KeySpec) -> ProviderError {
    ProviderError::Malformed(match spec {
        KeySpec::Hmac224 => "an HMAC_224 key has 28 to 64 bytes",
        KeySpec::Hmac256 => "an HMAC_256 key has 32 to 64 bytes",
        KeySpec::Hmac384 => "an HMAC_384 key has 48 to 128 bytes",
        _ => "an HMAC_512 key has 64 to 128 bytes",
    })
}

pub(super) fn bring(spec: KeySpec, bytes: &SecretBytes) -> Result<Fresh, ProviderError> {
    let (min, max) = limits(spec);
    match (min..=max).contains(&bytes.len()) {
        true => Ok(Fresh { secret: SecretBytes::copy_from(bytes.expose()), public: None }),
        false => Err(too_short_or_long(spec)),
    }
}

pub(super) fn load(
    spec: KeySpec,
    arena: &Arc<Arena>,
    secret: &SecretBytes,
) -> Result<Arc<dyn Material>, ProviderError> {
    let (min, max) = limits(spec);
    if !(min..=max).contains(&secret.len()) {
        return Err(UNREADABLE);
    }
    let slots = secret.expose().chunks(SLOT_BYTES).map(|chunk| {
        let mut bytes = Zeroizing::new([0u8; SLOT_BYTES]);
        bytes[..chunk.len()].copy_from_slice(chunk);
        arena.put(&bytes)
    });
    Ok(Arc::new(Hmac { spec, slots: slots.collect::<Result<_, _>>()?, bytes: secret.len() }))
}

struct Hmac {
    spec: KeySpec,
    /// The key, cut into slots; the last is filled up with zeros.
    slots: Box<[Slot]>,
    bytes: usize,
}

impl Hmac {
    /// Lends the key to `work`, as a copy on the stack that is wiped afterwards.
    fn expose<R>(&self, work: impl FnOnce(&[u8]) -> R) -> R {
        let mut key = Zeroizing::new([0u8; KEY_BYTES_MAX]);
        for (slot, place) in self.slots.iter().zip(key.chunks_exact_mut(SLOT_BYTES)) {
            slot.expose(|bytes| place.copy_from_slice(bytes));
        }
        work(&key[..self.bytes])
    }
}

impl Material for Hmac {
    fn spec(&self) -> KeySpec {
        self.spec
    }

    fn mac(&self, algorithm: MacAlgorithm, message: &[u8]) -> Result<SecretBytes, ProviderError> {
        if !self.spec.mac_algorithms().contains(&algorithm) {
            return Err(self.incompatible(algorithm.as_str()));
        }
        let hash = match algorithm {
            MacAlgorithm::HmacSha224 => hmac::HMAC_SHA224,
            MacAlgorithm::HmacSha256 => hmac::HMAC_SHA256,
            MacAlgorithm::HmacSha384 => hmac::HMAC_SHA384,
            MacAlgorithm::HmacSha512 => hmac::HMAC_SHA512,
        };
        let tag = self.expose(|key| hmac::sign(&hmac::Key::new(hash, key), message));
        Ok(SecretBytes::copy_from(tag.as_ref()))
    }
}
