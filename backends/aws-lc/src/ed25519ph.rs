//! Ed25519ph with an empty context.

use aws_lc_sys::{ED25519_keypair_from_seed, ED25519ph_sign_digest, ED25519ph_verify_digest};
use zeroize::Zeroizing;

use crate::Failed;

/// Ed25519ph of RFC 8032 section 5.1 with an empty context, over a SHA-512 digest that was made elsewhere.
pub struct Ed25519ph;

impl Ed25519ph {
    /// Signs a digest with the key that grows from `seed`.
    ///
    /// # Errors
    /// [`Failed`] if the library refuses, for lack of memory for instance.
    pub fn sign(seed: &[u8; 32], digest: &[u8; 64]) -> Result<[u8; 64], Failed> {
        let mut public = [0u8; 32];
        let mut private = Zeroizing::new([0u8; 64]);
        let mut signature = [0u8; 64];
        // WHY: aws-lc-rs signs messages only; there is no safe function that takes the digest.
        // SOUND: the function writes 32 and 64 bytes and reads 32, which is what these arrays hold; none is kept.
        unsafe { ED25519_keypair_from_seed(public.as_mut_ptr(), private.as_mut_ptr(), seed.as_ptr()) };
        // WHY: as above.
        // SOUND: the function writes 64 bytes and reads 64 and 64, which is what these arrays hold; a null context
        // of length 0 is the empty context and is not read; nothing is kept.
        let done = unsafe {
            ED25519ph_sign_digest(
                signature.as_mut_ptr(),
                digest.as_ptr(),
                private.as_ptr(),
                std::ptr::null(),
                0,
            )
        };
        if done == 1 { Ok(signature) } else { Err(Failed) }
    }

    /// Whether `signature` is one of `digest` by the owner of `public`.
    pub fn verify(public: &[u8; 32], digest: &[u8; 64], signature: &[u8; 64]) -> bool {
        // WHY: aws-lc-rs verifies messages only; there is no safe function that takes the digest.
        // SOUND: the function reads 64, 64 and 32 bytes, which is what these arrays hold; a null context of length
        // 0 is the empty context and is not read; nothing is kept or written.
        let done = unsafe {
            ED25519ph_verify_digest(digest.as_ptr(), signature.as_ptr(), public.as_ptr(), std::ptr::null(), 0)
        };
        done == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes<const N: usize>(hex: &str) -> [u8; N] {
        hex::decode(hex).expect("it is hexadecimal").try_into().expect("it has that many bytes")
    }

    /// RFC 8032 section 7.3: the message is "abc".
    #[test]
    fn signs_as_rfc_8032_says() {
        let seed = bytes("833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42");
        let public = bytes("ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf");
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA512, b"abc");
        let digest: [u8; 64] = digest.as_ref().try_into().expect("SHA-512 gives 64 bytes");
        let expect: [u8; 64] = bytes(
            "98a70222f0b8121aa9d30f813d683f809e462b469c7ff87639499bb94e6dae41\
             31f85042463c2a355a2003d062adf5aaa10b8c61e636062aaad11c2a26083406",
        );
        assert_eq!(Ed25519ph::sign(&seed, &digest), Ok(expect));
        assert!(Ed25519ph::verify(&public, &digest, &expect));
        for at in 0..64 {
            let mut other = expect;
            other[at] ^= 1;
            assert!(!Ed25519ph::verify(&public, &digest, &other), "signature byte {at}");
            let mut other = digest;
            other[at] ^= 1;
            assert!(!Ed25519ph::verify(&public, &other, &expect), "digest byte {at}");
        }
    }

    #[test]
    fn its_keys_are_those_of_plain_ed25519_and_its_signatures_are_not() {
        use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
        let seed = [7u8; 32];
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).expect("any 32 bytes are a seed");
        let public: [u8; 32] = pair.public_key().as_ref().try_into().expect("32 bytes");
        let digest = [9u8; 64];
        let signature = Ed25519ph::sign(&seed, &digest).expect("it signs");
        assert!(Ed25519ph::verify(&public, &digest, &signature));
        assert!(UnparsedPublicKey::new(&ED25519, &public).verify(&digest, &signature).is_err());
    }
}
