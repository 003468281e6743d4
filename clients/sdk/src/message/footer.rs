//! The signature that ends a message of suite 0x0578.

use aws_lc_rs::digest::Digest;
use aws_lc_rs::encoding::{AsBigEndian, EcPublicKeyCompressedBin};
use aws_lc_rs::signature::{
    ECDSA_P384_SHA384_ASN1, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, KeyPair, UnparsedPublicKey,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{Context, FormatError, PUBLIC_KEY_NAME};

/// Length of every signature we write. ECDSA P-384 signatures in DER have 103 bytes about every second time, a few
/// more or less otherwise; the other implementations only write this length.
pub(crate) const SIGNATURE_BYTES: usize = 103;
/// Longest signature read: a sequence of two 49-byte integers.
pub(crate) const SIGNATURE_BYTES_MAX: usize = 104;

const COMPRESSED_POINT_BYTES: usize = 49;
/// Each attempt has the right length with a chance of one half.
const ATTEMPTS_MAX: usize = 256;

/// A key made for one message: it signs once and is gone.
pub(crate) struct Signer(EcdsaKeyPair);

impl Signer {
    pub(crate) fn generate() -> Result<Self, FormatError> {
        EcdsaKeyPair::generate(&ECDSA_P384_SHA384_ASN1_SIGNING)
            .map(Self)
            .map_err(|_| FormatError::VerificationKey("no signing key could be made"))
    }

    /// The public key as the encryption context carries it: the compressed point in base64.
    pub(crate) fn public_text(&self) -> Result<String, FormatError> {
        let point: EcPublicKeyCompressedBin<'_> = self
            .0
            .public_key()
            .as_be_bytes()
            .map_err(|_| FormatError::VerificationKey("the signing key has no public half"))?;
        Ok(STANDARD.encode(point.as_ref()))
    }

    /// Signs a SHA-384 digest; spends the key.
    pub(crate) fn sign(self, digest: &Digest) -> Result<Vec<u8>, FormatError> {
        (0..ATTEMPTS_MAX)
            .filter_map(|_| self.0.sign_digest(digest).ok())
            .find(|signature| signature.as_ref().len() == SIGNATURE_BYTES)
            .map(|signature| signature.as_ref().to_vec())
            .ok_or(FormatError::Signature)
    }
}

/// The public key in a header's encryption context.
pub(crate) struct Verifier(Vec<u8>);

impl Verifier {
    /// The key, if the header's suite is signed.
    pub(crate) fn of(context: &Context, is_signed: bool) -> Result<Option<Self>, FormatError> {
        match (context.value(PUBLIC_KEY_NAME), is_signed) {
            (None, false) => Ok(None),
            (Some(_), false) => Err(FormatError::VerificationKey(
                "the header has a verification key, but its suite has no signature: it was altered to drop it",
            )),
            (None, true) => Err(FormatError::VerificationKey(
                "the header has no verification key, but its suite needs one",
            )),
            (Some(text), true) => STANDARD
                .decode(text)
                .ok()
                .filter(|point| point.len() == COMPRESSED_POINT_BYTES && matches!(point[0], 2 | 3))
                .map(|point| Some(Self(point)))
                .ok_or(FormatError::VerificationKey("the verification key is not a compressed P-384 point")),
        }
    }

    pub(crate) fn verify(&self, digest: &Digest, signature: &[u8]) -> Result<(), FormatError> {
        UnparsedPublicKey::new(&ECDSA_P384_SHA384_ASN1, &self.0)
            .verify_digest(digest, signature)
            .map_err(|_| FormatError::Signature)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_lc_rs::digest::{SHA384, digest};

    #[test]
    fn a_signature_verifies_under_the_key_in_the_context_only() {
        let signer = Signer::generate().expect("a key");
        let mut context = Context::new();
        context.insert(PUBLIC_KEY_NAME, signer.public_text().expect("a point"));
        let message = digest(&SHA384, b"message");
        let signature = signer.sign(&message).expect("a signature");
        assert_eq!(signature.len(), SIGNATURE_BYTES);
        let verifier = Verifier::of(&context, true).expect("well formed").expect("signed");
        assert_eq!(verifier.verify(&message, &signature), Ok(()));
        assert_eq!(verifier.verify(&digest(&SHA384, b"other"), &signature), Err(FormatError::Signature));
        assert!(Verifier::of(&context, false).is_err());
        assert!(Verifier::of(&Context::new(), true).is_err());
        context.insert(PUBLIC_KEY_NAME, STANDARD.encode([4; 97]));
        assert!(Verifier::of(&context, true).is_err());
    }
}
