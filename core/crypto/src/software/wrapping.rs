//! The keys that owners wrap their material under, to bring it in.

use aws_lc_rs::key_wrap::{AES_128, AES_256, AesKek, KeyWrapPadded};
use aws_lc_rs::rsa::{OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256};
use keystead_model::{KeySpec, WrappingAlgorithm, WrappingKeySpec};

use super::rsa;
use crate::{Pair, ProviderError, SecretBytes, Unauthentic};

/// An RSA key pair that material is wrapped under, once, on its way in.
pub struct ImportKey;

impl ImportKey {
    /// Longest wrapped material that is looked at, in bytes.
    pub const WRAPPED_BYTES_MAX: usize = 6144;

    /// Makes a pair. Takes up to seconds.
    ///
    /// # Errors
    /// [`ProviderError::Unsupported`] for SM2.
    pub fn make(spec: WrappingKeySpec) -> Result<Pair, ProviderError> {
        rsa::pair(match spec {
            WrappingKeySpec::Rsa2048 => KeySpec::Rsa2048,
            WrappingKeySpec::Rsa3072 => KeySpec::Rsa3072,
            WrappingKeySpec::Rsa4096 => KeySpec::Rsa4096,
            WrappingKeySpec::Sm2 => return Err(ProviderError::Unsupported(KeySpec::Sm2)),
        })
    }

    /// Opens wrapped material with the private half of such a pair.
    ///
    /// `RSAES_OAEP_*` is the material under RSA-OAEP (RFC 8017 section 7.1, empty label). `RSA_AES_KEY_WRAP_*` is an
    /// AES key of 16 or 32 bytes under RSA-OAEP, then the material under AES key wrap with padding (RFC 5649); AES
    /// keys of 24 bytes are not taken.
    ///
    /// # Errors
    /// [`ProviderError::Unauthentic`], whatever went wrong; [`ProviderError::Unsupported`] for SM2.
    pub fn unwrap(
        private: &SecretBytes,
        algorithm: WrappingAlgorithm,
        wrapped: &[u8],
    ) -> Result<SecretBytes, ProviderError> {
        use WrappingAlgorithm::*;
        let (oaep, then_aes) = match algorithm {
            RsaesOaepSha1 => (&OAEP_SHA1_MGF1SHA1, false),
            RsaesOaepSha256 => (&OAEP_SHA256_MGF1SHA256, false),
            RsaAesKeyWrapSha1 => (&OAEP_SHA1_MGF1SHA1, true),
            RsaAesKeyWrapSha256 => (&OAEP_SHA256_MGF1SHA256, true),
            Sm2Pke => return Err(ProviderError::Unsupported(KeySpec::Sm2)),
        };
        if wrapped.len() > Self::WRAPPED_BYTES_MAX {
            return Err(Unauthentic.into());
        }
        let key = rsa::decrypting_key(private.expose())?;
        if !then_aes {
            return Ok(rsa::oaep_open(&key, oaep, wrapped)?);
        }
        let (first, second) = wrapped.split_at_checked(key.key_size_bytes()).ok_or(Unauthentic)?;
        let aes = rsa::oaep_open(&key, oaep, first)?;
        Ok(aes_open(&aes, second)?)
    }
}

fn aes_open(key: &SecretBytes, wrapped: &[u8]) -> Result<SecretBytes, Unauthentic> {
    let cipher = match key.len() {
        16 => &AES_128,
        32 => &AES_256,
        _ => return Err(Unauthentic),
    };
    let key = AesKek::new(cipher, key.expose()).map_err(|_| Unauthentic)?;
    let mut out = SecretBytes::zeroed(wrapped.len());
    let plain = key.unwrap_with_padding(wrapped, out.expose_mut()).map_err(|_| Unauthentic)?;
    Ok(SecretBytes::copy_from(plain))
}
