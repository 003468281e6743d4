//! Private and public halves from outside: nothing panics, what comes in loads again, and its public half reads back.
//!
//! The first byte chooses the spec and, by its highest bit, the half.
#![no_main]

use std::sync::{Arc, LazyLock};

use keystead_crypto::{
    Arena, KeyProvider, MaterialName, Message, PublicKey, RootKey, SecretBytes, SoftwareProvider,
};
use keystead_model::world::Entropy;
use keystead_model::{AccountId, KeyId, KeySpec, MaterialId};
use libfuzzer_sys::fuzz_target;

/// The same bytes each time, so that a finding can be repeated.
struct Counting;

impl Entropy for Counting {
    fn fill(&self, out: &mut [u8]) {
        for (at, byte) in out.iter_mut().enumerate() {
            *byte = at as u8;
        }
    }
}

static PROVIDER: LazyLock<SoftwareProvider> = LazyLock::new(|| {
    let entropy = Arc::new(Counting);
    let root = RootKey::generate(&Arena::new(1024), &*entropy).expect("a slot is free");
    SoftwareProvider::new(Arc::new(root), entropy)
});

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, bytes)) = bytes.split_first() else { return };
    let spec = KeySpec::ALL[usize::from(choice & 0x7f) % KeySpec::ALL.len()];
    match choice & 0x80 == 0 {
        true => private_half(spec, bytes),
        false => public_half(spec, bytes),
    }
});

fn private_half(spec: KeySpec, bytes: &[u8]) {
    let name = MaterialName {
        account: AccountId::DEVELOPMENT,
        key: KeyId::from_parts([7; 16], false),
        material: MaterialId([9; 32]),
        spec,
    };
    let Ok(made) = PROVIDER.bring(&name, &SecretBytes::copy_from(bytes)) else { return };
    let key = PROVIDER.load(&name, &made.wrapped).expect("what came in loads");
    assert_eq!(key.spec(), spec);
    let Some(public) = made.public else { return };
    let public = PublicKey::read(spec, &public).expect("its public half reads");
    let Some(algorithm) = spec.signing_algorithms().first() else { return };
    let signature = key.sign(*algorithm, Message::Raw(b"message")).expect("it signs");
    public.verify(*algorithm, Message::Raw(b"message"), &signature).expect("what it signed verifies");
}

fn public_half(spec: KeySpec, bytes: &[u8]) {
    let Ok(key) = PublicKey::read(spec, bytes) else { return };
    for algorithm in spec.signing_algorithms() {
        let verdict = key.verify(*algorithm, Message::Raw(b"message"), &bytes[..64.min(bytes.len())]);
        assert!(verdict.is_err(), "a signature nobody made verifies");
    }
    for algorithm in spec.encryption_algorithms() {
        key.encrypt(*algorithm, b"message").expect("it encrypts");
    }
    if !spec.encapsulation_algorithms().is_empty() {
        key.encapsulate().expect("it encapsulates");
    }
}
