//! ML-KEM keys from seeds.

use aws_lc_sys::{
    CBS, CBS_init, EVP_PKEY, EVP_PKEY_get_raw_private_key, EVP_PKEY_get_raw_public_key, EVP_parse_private_key,
};
use zeroize::Zeroizing;

use crate::Failed;
use crate::key::Key;

/// A parameter set of FIPS 203.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MlKem {
    /// ML-KEM-512.
    Set512,
    /// ML-KEM-768.
    Set768,
    /// ML-KEM-1024.
    Set1024,
}

/// Both halves of a key, as FIPS 203 section 7.1 spells them.
pub struct MlKemPair {
    /// The decapsulation key, wiped when dropped.
    pub decapsulation: Zeroizing<Vec<u8>>,
    /// The encapsulation key.
    pub encapsulation: Vec<u8>,
}

impl MlKem {
    /// Length of a decapsulation key, in bytes (FIPS 203 table 3).
    pub fn decapsulation_bytes(self) -> usize {
        match self {
            Self::Set512 => 1632,
            Self::Set768 => 2400,
            Self::Set1024 => 3168,
        }
    }

    /// Length of an encapsulation key, in bytes (FIPS 203 table 3).
    pub fn encapsulation_bytes(self) -> usize {
        match self {
            Self::Set512 => 800,
            Self::Set768 => 1184,
            Self::Set1024 => 1568,
        }
    }

    /// The DER `PrivateKeyInfo` that holds a seed (RFC 9935 section 6): always 86 bytes.
    fn pkcs8(self, seed: &[u8; 64]) -> Zeroizing<[u8; 86]> {
        const START: [u8; 22] = [
            0x30, 0x54, 0x02, 0x01, 0x00, 0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04,
            0x04, 0x00, 0x04, 0x42, 0x80, 0x40,
        ];
        let mut der = Zeroizing::new([0u8; 86]);
        der[..22].copy_from_slice(&START);
        der[17] = match self {
            Self::Set512 => 1,
            Self::Set768 => 2,
            Self::Set1024 => 3,
        };
        der[22..].copy_from_slice(seed);
        der
    }

    /// The key that grows from a seed, `d` and then `z` (FIPS 203 algorithm 16).
    ///
    /// # Errors
    /// [`Failed`] if the library refuses, for lack of memory for instance.
    pub fn expand(self, seed: &[u8; 64]) -> Result<MlKemPair, Failed> {
        let der = self.pkcs8(seed);
        let mut reader = CBS { data: std::ptr::null(), len: 0 };
        // WHY: aws-lc-rs makes ML-KEM keys at random only; the way to one of a seed is the library's reader of keys.
        // SOUND: the reader only remembers where the array is; the array outlives its last use, the next call.
        unsafe { CBS_init(&mut reader, der.as_ptr(), der.len()) };
        // WHY: as above.
        // SOUND: the reader is initialised and is not used by anyone else; the key copies what it needs; null means
        // it failed.
        let key = Key::own(unsafe { EVP_parse_private_key(&mut reader) })?;
        let mut decapsulation = Zeroizing::new(vec![0u8; self.decapsulation_bytes()]);
        let mut encapsulation = vec![0u8; self.encapsulation_bytes()];
        copy_out(EVP_PKEY_get_raw_private_key, &key, &mut decapsulation)?;
        copy_out(EVP_PKEY_get_raw_public_key, &key, &mut encapsulation)?;
        Ok(MlKemPair { decapsulation, encapsulation })
    }
}

/// How the library copies one half of a key: it writes at most `*length` bytes to `out` and says how many.
type Getter = unsafe extern "C" fn(*const EVP_PKEY, *mut u8, *mut usize) -> i32;

/// Fills `out` with one half of a key. `half` is one of the two functions of that form that are named above.
fn copy_out(half: Getter, key: &Key, out: &mut [u8]) -> Result<(), Failed> {
    let mut length = out.len();
    // WHY: aws-lc-rs does not take in a key object that was made elsewhere.
    // SOUND: the key is live and is not changed; at most `length` bytes are written, which the slice holds.
    let done = unsafe { half(key.as_ptr(), out.as_mut_ptr(), &mut length) };
    if done == 1 && length == out.len() { Ok(()) } else { Err(Failed) }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::kem::{DecapsulationKey, EncapsulationKey, ML_KEM_512, ML_KEM_768, ML_KEM_1024};

    use super::*;

    #[test]
    fn both_halves_fit_each_other_in_the_safe_interface() {
        for (set, algorithm) in
            [(MlKem::Set512, &ML_KEM_512), (MlKem::Set768, &ML_KEM_768), (MlKem::Set1024, &ML_KEM_1024)]
        {
            let pair = set.expand(&[5; 64]).expect("any 64 bytes are a seed");
            let again = set.expand(&[5; 64]).expect("any 64 bytes are a seed");
            assert_eq!(pair.encapsulation, again.encapsulation, "{set:?}");
            assert_ne!(pair.encapsulation, set.expand(&[6; 64]).expect("a seed").encapsulation, "{set:?}");
            // FIPS 203 algorithm 16: the decapsulation key ends in the encapsulation key, its hash and z.
            let start = set.decapsulation_bytes() - 64 - set.encapsulation_bytes();
            assert_eq!(pair.decapsulation[start..][..set.encapsulation_bytes()], pair.encapsulation);
            assert_eq!(pair.decapsulation[set.decapsulation_bytes() - 32..], [5; 32]);

            let public = EncapsulationKey::new(algorithm, &pair.encapsulation).expect("the length is right");
            let (ciphertext, secret) = public.encapsulate().expect("it encapsulates");
            let private = DecapsulationKey::new(algorithm, &pair.decapsulation).expect("the length is right");
            let opened = private.decapsulate(ciphertext).expect("it decapsulates");
            assert_eq!(opened.as_ref(), secret.as_ref(), "{set:?}");
        }
    }
}
