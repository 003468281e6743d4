//! The one way bytes are sealed at rest and in ciphertexts: a key of its own for each message.
//!
//! From a 32-byte key and a random 128-bit salt, HKDF-SHA-256 (RFC 5869) derives a 32-byte AES-256-GCM key and a
//! 32-byte commitment. The key serves one message, so its nonce is constant (twelve zero bytes); nonces cannot
//! collide at any volume. The commitment is stored beside the message and compared before it is opened, so a
//! message opens under one key only (AES-GCM alone does not promise that).

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::{constant_time, hkdf};
use zeroize::Zeroizing;

use crate::SecretBytes;

/// Bytes of the random salt.
pub const SALT_BYTES: usize = 16;
/// Bytes of the commitment.
pub const COMMITMENT_BYTES: usize = 32;
/// Bytes of the GCM tag.
pub const TAG_BYTES: usize = 16;

/// What was sealed did not open: wrong key, wrong associated data or changed bytes. No detail, on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the bytes do not authenticate")]
pub struct Unauthentic;

/// The keys of one message.
pub(crate) struct MessageKeys(Zeroizing<[u8; 64]>);

struct Okm;

impl hkdf::KeyType for Okm {
    fn len(&self) -> usize {
        64
    }
}

impl MessageKeys {
    /// HKDF-SHA-256 with `salt`, input key `key`, and `info` in parts: octets 0 to 31 are the AES-256 key,
    /// 32 to 63 the commitment.
    pub(crate) fn derive(key: &[u8; 32], salt: &[u8; SALT_BYTES], info: &[&[u8]]) -> Self {
        let mut out = Zeroizing::new([0u8; 64]);
        hkdf::Salt::new(hkdf::HKDF_SHA256, salt)
            .extract(key)
            .expand(info, Okm)
            .and_then(|okm| okm.fill(out.as_mut()))
            .expect("64 octets are within HKDF-SHA-256's limit of 8160");
        Self(out)
    }

    pub(crate) fn commitment(&self) -> &[u8; COMMITMENT_BYTES] {
        self.0[32..].try_into().expect("the second half is 32 bytes")
    }

    fn aead(&self) -> LessSafeKey {
        let key = UnboundKey::new(&AES_256_GCM, &self.0[..32]).expect("the first half is an AES-256 key");
        LessSafeKey::new(key)
    }

    /// Encrypts in place and answers the tag. Spends the keys: they serve one message.
    pub(crate) fn seal(self, aad: &[u8], in_place: &mut [u8]) -> [u8; TAG_BYTES] {
        // The key is used once, so a constant nonce is a nonce.
        let nonce = Nonce::assume_unique_for_key([0; 12]);
        let tag = self.aead().seal_in_place_separate_tag(nonce, Aad::from(aad), in_place);
        let tag = tag.expect("messages are far below the limit of AES-GCM");
        tag.as_ref().try_into().expect("a GCM tag is 16 bytes")
    }

    /// Compares the commitment, then opens `sealed` (ciphertext and tag).
    pub(crate) fn open(
        self,
        commitment: &[u8],
        aad: &[u8],
        sealed: &[u8],
    ) -> Result<SecretBytes, Unauthentic> {
        constant_time::verify_slices_are_equal(self.commitment(), commitment).map_err(|_| Unauthentic)?;
        let mut buffer = Zeroizing::new(sealed.to_vec());
        let nonce = Nonce::assume_unique_for_key([0; 12]);
        let plain = self.aead().open_in_place(nonce, Aad::from(aad), &mut buffer).map_err(|_| Unauthentic)?;
        Ok(SecretBytes::copy_from(plain))
    }
}
