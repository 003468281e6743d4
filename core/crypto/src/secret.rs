//! Secrets as a type, and a stingy one.

use zeroize::Zeroize;

/// Key bytes or plaintext in memory: cleared on drop, compared in constant time, never printed.
///
/// No `Debug`, `Clone` or `Serialize`, on purpose: deriving one around a secret stops compiling.
pub struct SecretBytes(Box<[u8]>);

impl SecretBytes {
    /// Takes over bytes. A vector with spare capacity is copied once and its old place wiped, because
    /// shrinking in place could leave bytes behind.
    pub fn new(mut bytes: Vec<u8>) -> Self {
        if bytes.len() == bytes.capacity() {
            return Self(bytes.into_boxed_slice());
        }
        let kept = Self(bytes.as_slice().into());
        bytes.zeroize();
        kept
    }

    /// Copies bytes; wiping the original stays the caller's duty.
    pub fn copy_from(bytes: &[u8]) -> Self {
        Self(bytes.into())
    }

    /// This many zero bytes, to be filled through [`SecretBytes::expose_mut`].
    pub fn zeroed(len: usize) -> Self {
        Self(vec![0; len].into_boxed_slice())
    }

    /// The one word to search for in review.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// The bytes, to be written.
    pub fn expose_mut(&mut self) -> &mut [u8] {
        &mut self.0
    }

    /// Number of bytes. Not a secret.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no byte.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl PartialEq for SecretBytes {
    /// Constant time in the bytes; the lengths are no secret.
    fn eq(&self, other: &Self) -> bool {
        aws_lc_rs::constant_time::verify_slices_are_equal(&self.0, &other.0).is_ok()
    }
}

impl Drop for SecretBytes {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// HMAC-SHA-256 of parts put one behind the other.
pub fn hmac_sha256(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, key);
    let mut context = aws_lc_rs::hmac::Context::with_key(&key);
    for part in parts {
        context.update(part);
    }
    context.sign().as_ref().try_into().expect("an HMAC-SHA-256 tag is 32 bytes")
}

/// SHA-256 of bytes.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes);
    digest.as_ref().try_into().expect("a SHA-256 digest is 32 bytes")
}

/// Whether two byte strings are equal, in time that depends on their lengths only.
pub fn equal_in_constant_time(a: &[u8], b: &[u8]) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(a, b).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spare_capacity_is_not_kept() {
        let mut bytes = Vec::with_capacity(64);
        bytes.extend_from_slice(b"secret");
        let secret = SecretBytes::new(bytes);
        assert_eq!(secret.expose(), b"secret");
        assert!(secret == SecretBytes::copy_from(b"secret"));
        assert!(secret != SecretBytes::copy_from(b"secres"));
        assert!(secret != SecretBytes::copy_from(b"secrets"));
    }
}
