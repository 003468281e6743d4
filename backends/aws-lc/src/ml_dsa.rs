//! ML-DSA over an external mu.

use aws_lc_sys::{
    EVP_PKEY_pqdsa_new_raw_private_key, EVP_PKEY_pqdsa_new_raw_public_key, EVP_PKEY_sign, EVP_PKEY_sign_init,
    EVP_PKEY_verify, EVP_PKEY_verify_init, NID_MLDSA44, NID_MLDSA65, NID_MLDSA87,
};

use crate::Failed;
use crate::key::Key;

/// A parameter set of FIPS 204.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MlDsa {
    /// ML-DSA-44.
    Set44,
    /// ML-DSA-65.
    Set65,
    /// ML-DSA-87.
    Set87,
}

impl MlDsa {
    fn nid(self) -> i32 {
        match self {
            Self::Set44 => NID_MLDSA44,
            Self::Set65 => NID_MLDSA65,
            Self::Set87 => NID_MLDSA87,
        }
    }

    /// Length of a signature, in bytes (FIPS 204 table 2).
    pub fn signature_bytes(self) -> usize {
        match self {
            Self::Set44 => 2420,
            Self::Set65 => 3309,
            Self::Set87 => 4627,
        }
    }

    /// Length of a public key, in bytes (FIPS 204 table 2).
    pub fn public_bytes(self) -> usize {
        match self {
            Self::Set44 => 1312,
            Self::Set65 => 1952,
            Self::Set87 => 2592,
        }
    }
}

/// A private key that signs mu.
pub struct MlDsaSecret {
    set: MlDsa,
    key: Key,
}

impl MlDsaSecret {
    /// The key that grows from a seed (FIPS 204 section 5.1).
    ///
    /// # Errors
    /// [`Failed`] if the library refuses, for lack of memory for instance.
    pub fn from_seed(set: MlDsa, seed: &[u8; 32]) -> Result<Self, Failed> {
        // WHY: the key object inside aws-lc-rs' own key pair cannot be reached from outside.
        // SOUND: the function reads `len` bytes, which the array holds, and keeps none; null means it failed.
        let pointer = unsafe { EVP_PKEY_pqdsa_new_raw_private_key(set.nid(), seed.as_ptr(), seed.len()) };
        Ok(Self { set, key: Key::own(pointer)? })
    }

    /// Signs mu (FIPS 204 algorithm 7 from line 7 on, hedged).
    ///
    /// # Errors
    /// [`Failed`] if the library refuses, for lack of memory for instance.
    pub fn sign_mu(&self, mu: &[u8; 64]) -> Result<Vec<u8>, Failed> {
        let mut context = self.key.context()?;
        let mut signature = vec![0u8; self.set.signature_bytes()];
        let mut length = signature.len();
        // WHY: aws-lc-rs signs messages only; there is no safe function that takes mu.
        // SOUND: the context is live and is used by this call alone.
        if unsafe { EVP_PKEY_sign_init(context.as_ptr()) } != 1 {
            return Err(Failed);
        }
        // WHY: as above.
        // SOUND: at most `length` bytes are written, which the vector holds, and 64 are read, which the array
        // holds; the library checks both lengths against the key; nothing is kept.
        let done = unsafe {
            EVP_PKEY_sign(context.as_ptr(), signature.as_mut_ptr(), &mut length, mu.as_ptr(), mu.len())
        };
        if done == 1 && length == signature.len() { Ok(signature) } else { Err(Failed) }
    }
}

/// A public key that verifies signatures of mu.
pub struct MlDsaPublic {
    set: MlDsa,
    key: Key,
}

impl MlDsaPublic {
    /// The key with these bytes (`pkEncode` of FIPS 204 section 7.2).
    ///
    /// # Errors
    /// [`Failed`] if there are more or fewer bytes than [`MlDsa::public_bytes`].
    pub fn new(set: MlDsa, bytes: &[u8]) -> Result<Self, Failed> {
        if bytes.len() != set.public_bytes() {
            return Err(Failed);
        }
        // WHY: the key object inside aws-lc-rs' own public key cannot be reached from outside.
        // SOUND: the function reads `len` bytes, which the slice holds, and keeps none; null means it failed.
        let pointer = unsafe { EVP_PKEY_pqdsa_new_raw_public_key(set.nid(), bytes.as_ptr(), bytes.len()) };
        Ok(Self { set, key: Key::own(pointer)? })
    }

    /// Whether `signature` is one of `mu` by the owner of this key.
    pub fn verify_mu(&self, mu: &[u8; 64], signature: &[u8]) -> bool {
        let Ok(mut context) = self.key.context() else { return false };
        if signature.len() != self.set.signature_bytes() {
            return false;
        }
        // WHY: aws-lc-rs verifies messages only; there is no safe function that takes mu.
        // SOUND: the context is live and is used by this call alone.
        if unsafe { EVP_PKEY_verify_init(context.as_ptr()) } != 1 {
            return false;
        }
        // WHY: as above.
        // SOUND: the slice and the array are read for their lengths; nothing is written or kept.
        let done = unsafe {
            EVP_PKEY_verify(context.as_ptr(), signature.as_ptr(), signature.len(), mu.as_ptr(), mu.len())
        };
        done == 1
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{
        KeyPair, ML_DSA_44, ML_DSA_44_SIGNING, ML_DSA_65, ML_DSA_65_SIGNING, ML_DSA_87, ML_DSA_87_SIGNING,
        PqdsaKeyPair, PqdsaSigningAlgorithm, PqdsaVerificationAlgorithm, UnparsedPublicKey,
    };

    use super::*;

    type Case = (MlDsa, &'static PqdsaSigningAlgorithm, &'static PqdsaVerificationAlgorithm);
    const SETS: [Case; 3] = [
        (MlDsa::Set44, &ML_DSA_44_SIGNING, &ML_DSA_44),
        (MlDsa::Set65, &ML_DSA_65_SIGNING, &ML_DSA_65),
        (MlDsa::Set87, &ML_DSA_87_SIGNING, &ML_DSA_87),
    ];

    /// FIPS 204 algorithm 7 line 6 and algorithm 2 line 10: SHAKE256 of the public key's SHAKE256, two zero bytes
    /// (pure mode, empty context) and the message. aws-lc-rs offers no SHAKE, so the tests bring their own.
    fn mu(public: &[u8], message: &[u8]) -> [u8; 64] {
        let tr = shake256(&[public]);
        shake256(&[&tr, &[0, 0], message])
    }

    fn shake256(parts: &[&[u8]]) -> [u8; 64] {
        let mut input: Vec<u8> = parts.concat();
        input.push(0x1f);
        input.resize(input.len().div_ceil(136) * 136, 0);
        *input.last_mut().expect("there is at least one block") |= 0x80;
        let mut state = [0u64; 25];
        for block in input.chunks_exact(136) {
            for (lane, bytes) in state.iter_mut().zip(block.chunks_exact(8)) {
                *lane ^= u64::from_le_bytes(bytes.try_into().expect("8 bytes"));
            }
            keccak_f(&mut state);
        }
        let bytes: Vec<u8> = state.iter().flat_map(|lane| lane.to_le_bytes()).collect();
        bytes[..64].try_into().expect("the rate is 136 bytes")
    }

    /// FIPS 202 section 3.3.
    fn keccak_f(a: &mut [u64; 25]) {
        let mut lfsr = 1u8;
        for _ in 0..24 {
            let c: Vec<u64> = (0..5).map(|x| (0..5).fold(0, |sum, y| sum ^ a[x + 5 * y])).collect();
            for x in 0..5 {
                let d = c[(x + 4) % 5] ^ c[(x + 1) % 5].rotate_left(1);
                (0..5).for_each(|y| a[x + 5 * y] ^= d);
            }
            let (mut x, mut y, mut lane) = (1, 0, a[1]);
            for t in 0..24u32 {
                (x, y) = (y, (2 * x + 3 * y) % 5);
                let moved = lane.rotate_left((t + 1) * (t + 2) / 2 % 64);
                lane = std::mem::replace(&mut a[x + 5 * y], moved);
            }
            for y in 0..5 {
                let row: Vec<u64> = (0..5).map(|x| a[x + 5 * y]).collect();
                (0..5).for_each(|x| a[x + 5 * y] = row[x] ^ (!row[(x + 1) % 5] & row[(x + 2) % 5]));
            }
            for j in 0..7 {
                if lfsr & 1 == 1 {
                    a[0] ^= 1 << ((1u32 << j) - 1);
                }
                lfsr = (lfsr << 1) ^ (if lfsr & 0x80 != 0 { 0x71 } else { 0 });
            }
        }
    }

    #[test]
    fn the_tests_own_shake_is_shake() {
        let expect = "46b9dd2b0ba88d13233b3feb743eeb243fcd52ea62b81b82b50c27646ed5762f";
        assert_eq!(hex::encode(&shake256(&[])[..32]), expect);
    }

    #[test]
    fn a_signature_of_mu_is_one_of_the_message_and_the_other_way_round() {
        for (set, signing, verifying) in SETS {
            let seed = [set as u8 + 1; 32];
            let pair = PqdsaKeyPair::from_seed(signing, &seed).expect("any 32 bytes are a seed");
            let public = pair.public_key().as_ref();
            let mu = mu(public, b"message");
            let secret = MlDsaSecret::from_seed(set, &seed).expect("any 32 bytes are a seed");
            let verifier = MlDsaPublic::new(set, public).expect("the length is right");

            let of_mu = secret.sign_mu(&mu).expect("it signs");
            UnparsedPublicKey::new(verifying, public).verify(b"message", &of_mu).expect("it is a signature");

            let mut of_message = vec![0; set.signature_bytes()];
            pair.sign(b"message", &mut of_message).expect("it signs");
            assert!(verifier.verify_mu(&mu, &of_message), "{set:?}");

            let mut other = mu;
            other[0] ^= 1;
            assert!(!verifier.verify_mu(&other, &of_mu), "{set:?}");
            assert!(!verifier.verify_mu(&mu, &of_mu[1..]), "{set:?}");
            assert!(!verifier.verify_mu(&mu, &[]), "{set:?}");
            assert!(MlDsaPublic::new(set, &public[1..]).is_err());
        }
    }

    #[test]
    fn keys_may_be_used_by_many_threads() {
        let secret = MlDsaSecret::from_seed(MlDsa::Set44, &[1; 32]).expect("any 32 bytes are a seed");
        let pair = PqdsaKeyPair::from_seed(&ML_DSA_44_SIGNING, &[1; 32]).expect("any 32 bytes are a seed");
        let public = MlDsaPublic::new(MlDsa::Set44, pair.public_key().as_ref()).expect("the length is right");
        std::thread::scope(|scope| {
            for n in 0..4u8 {
                let (secret, public) = (&secret, &public);
                scope.spawn(move || {
                    for _ in 0..20 {
                        let signature = secret.sign_mu(&[n; 64]).expect("it signs");
                        assert!(public.verify_mu(&[n; 64], &signature));
                    }
                });
            }
        });
    }
}
