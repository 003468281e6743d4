//! Material wrapped to be brought in: nothing panics, and only what was wrapped under the key opens.
//!
//! The first byte chooses the algorithm. Where that has two steps, bytes get past the first: they stand behind an AES
//! key that is wrapped as it should be.
#![no_main]

use std::sync::LazyLock;

use keystead_crypto::{ImportKey, PublicKey, SecretBytes};
use keystead_model::{EncryptionAlgorithm, KeySpec, WrappingAlgorithm};
use libfuzzer_sys::fuzz_target;

/// The two halves of a key pair, each behind the byte that chooses it in the other target.
const PRIVATE: &[u8] = include_bytes!("../seeds/key_halves/private-rsa-of-2048-bits");
const PUBLIC: &[u8] = include_bytes!("../seeds/key_halves/public-rsa-2048");

/// The private half, and an AES key wrapped under the public one.
static KEYS: LazyLock<(SecretBytes, Vec<u8>)> = LazyLock::new(|| {
    let public = PublicKey::read(KeySpec::Rsa2048, &PUBLIC[1..]).expect("it reads");
    let aes = public.encrypt(EncryptionAlgorithm::RsaesOaepSha256, &[7; 32]).expect("it fits");
    (SecretBytes::copy_from(&PRIVATE[1..]), aes)
});

fuzz_target!(|bytes: &[u8]| {
    let (private, aes) = &*KEYS;
    let Some((choice, bytes)) = bytes.split_first() else { return };
    let algorithm = WrappingAlgorithm::ALL[usize::from(*choice) % WrappingAlgorithm::ALL.len()];
    assert!(ImportKey::unwrap(private, algorithm, bytes).is_err(), "bytes nobody wrapped have opened");
    let behind = [&aes[..], bytes].concat();
    let opened = ImportKey::unwrap(private, WrappingAlgorithm::RsaAesKeyWrapSha256, &behind);
    assert!(opened.is_err(), "bytes nobody wrapped have opened");
});
