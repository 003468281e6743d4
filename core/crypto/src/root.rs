//! The root key and what hangs from it.
//!
//! ```text
//! root key ─► sealing key of a domain (records, material of an account, …) ─► keys of one message
//! ```

use std::sync::Arc;

use aws_lc_rs::hkdf;
use keystead_model::world::Entropy;
use zeroize::Zeroizing;

use crate::arena::{Arena, ArenaFull, SLOT_BYTES, Slot};
use crate::envelope::{COMMITMENT_BYTES, MessageKeys, SALT_BYTES, TAG_BYTES, Unauthentic};
use crate::{SecretBytes, secret};

/// The key everything else hangs from: 32 bytes in locked memory.
pub struct RootKey(Slot);

impl RootKey {
    /// Length in bytes.
    pub const BYTES: usize = SLOT_BYTES;

    /// Takes over the bytes an unseal path gave.
    ///
    /// # Errors
    /// [`ArenaFull`] if there is no locked memory left.
    pub fn load(arena: &Arc<Arena>, bytes: &[u8; Self::BYTES]) -> Result<Self, ArenaFull> {
        arena.put(bytes).map(Self)
    }

    /// Draws a new root key.
    ///
    /// # Errors
    /// [`ArenaFull`] if there is no locked memory left.
    pub fn generate(arena: &Arc<Arena>, entropy: &dyn Entropy) -> Result<Self, ArenaFull> {
        let mut bytes = Zeroizing::new([0u8; Self::BYTES]);
        entropy.fill(bytes.as_mut());
        Self::load(arena, &bytes)
    }

    /// Lends the bytes, for wrapping them in an unseal path.
    pub fn expose<R>(&self, work: impl FnOnce(&[u8; Self::BYTES]) -> R) -> R {
        self.0.expose(work)
    }

    /// The sealing key of a domain: HKDF-SHA-256 with an empty salt and `domain` then `part` as info. Domains are
    /// constants none of which is a prefix of another.
    ///
    /// # Errors
    /// [`ArenaFull`] if there is no locked memory left.
    pub fn sealing_key(&self, domain: &'static str, part: &[u8]) -> Result<SealingKey, ArenaFull> {
        let mut derived = Zeroizing::new([0u8; SLOT_BYTES]);
        self.0.expose(|root| {
            hkdf::Salt::new(hkdf::HKDF_SHA256, &[])
                .extract(root)
                .expand(&[domain.as_bytes(), part], hkdf::HKDF_SHA256)
                .and_then(|okm| okm.fill(derived.as_mut()))
                .expect("32 octets are within HKDF-SHA-256's limit of 8160");
        });
        self.0.arena().put(&derived).map(SealingKey)
    }

    /// The arena it is in.
    pub fn arena(&self) -> &Arc<Arena> {
        self.0.arena()
    }
}

/// Seals bytes at rest: salt (16), commitment (32), AES-256-GCM ciphertext, tag (16).
pub struct SealingKey(Slot);

impl SealingKey {
    /// Bytes that sealing adds.
    pub const OVERHEAD_BYTES: usize = SALT_BYTES + COMMITMENT_BYTES + TAG_BYTES;
    const INFO: &'static [u8] = b"keystead/sealed/v1";

    /// Seals `plain`, bound to `aad`, under a fresh salt.
    pub fn seal(&self, entropy: &dyn Entropy, aad: &[u8], plain: &[u8]) -> Vec<u8> {
        let mut salt = [0u8; SALT_BYTES];
        entropy.fill(&mut salt);
        let keys = self.0.expose(|key| MessageKeys::derive(key, &salt, &[Self::INFO]));
        let mut out = Vec::with_capacity(Self::OVERHEAD_BYTES + plain.len());
        out.extend_from_slice(&salt);
        out.extend_from_slice(keys.commitment());
        let start = out.len();
        out.extend_from_slice(plain);
        let tag = keys.seal(aad, &mut out[start..]);
        out.extend_from_slice(&tag);
        out
    }

    /// Opens what [`SealingKey::seal`] made with the same `aad`.
    ///
    /// # Errors
    /// [`Unauthentic`], without detail.
    pub fn open(&self, aad: &[u8], sealed: &[u8]) -> Result<SecretBytes, Unauthentic> {
        let (salt, rest) = sealed.split_first_chunk::<SALT_BYTES>().ok_or(Unauthentic)?;
        let (commitment, sealed) = rest.split_first_chunk::<COMMITMENT_BYTES>().ok_or(Unauthentic)?;
        let keys = self.0.expose(|key| MessageKeys::derive(key, salt, &[Self::INFO]));
        keys.open(commitment, aad, sealed)
    }

    /// A keyed name for `bytes`: the first 16 bytes of HMAC-SHA-256. Stable for a root key, and of no use
    /// without it.
    pub fn name(&self, bytes: &[u8]) -> [u8; 16] {
        let tag = self.0.expose(|key| secret::hmac_sha256(key, &[b"keystead/name/v1", bytes]));
        tag[..16].try_into().expect("half a tag is 16 bytes")
    }

    /// HMAC-SHA-256 of parts put one behind the other, under a label of its own. All but the last part have a length
    /// that both sides know.
    pub fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        let labelled: Vec<&[u8]> =
            std::iter::once(&b"keystead/mac/v1/"[..]).chain(parts.iter().copied()).collect();
        self.0.expose(|key| secret::hmac_sha256(key, &labelled))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed;
    impl Entropy for Fixed {
        fn fill(&self, out: &mut [u8]) {
            out.fill(7);
        }
    }

    fn key(domain: &'static str, part: &[u8]) -> SealingKey {
        let root = RootKey::load(&Arena::new(8), &[1; 32]).expect("there is room");
        root.sealing_key(domain, part).expect("there is room")
    }

    #[test]
    fn what_is_sealed_opens_under_its_own_domain_part_and_data_only() {
        let sealed = key("a", b"1").seal(&Fixed, b"aad", b"plain");
        assert_eq!(sealed.len(), 5 + SealingKey::OVERHEAD_BYTES);
        assert_eq!(key("a", b"1").open(b"aad", &sealed).expect("it opens").expose(), b"plain");
        for (domain, part, aad) in [("b", b"1", b"aad"), ("a", b"2", b"aad"), ("a", b"1", b"aae")] {
            assert!(key(domain, part).open(aad, &sealed).is_err(), "{domain}");
        }
        for len in 0..sealed.len() {
            assert!(key("a", b"1").open(b"aad", &sealed[..len]).is_err(), "length {len}");
        }
    }

    #[test]
    fn names_differ_between_domains() {
        assert_eq!(key("a", b"").name(b"x"), key("a", b"").name(b"x"));
        assert_ne!(key("a", b"").name(b"x"), key("b", b"").name(b"x"));
    }
}
