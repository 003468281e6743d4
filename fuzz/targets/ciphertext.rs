//! The symmetric ciphertext: its names are read without a panic, and bytes nobody sealed never open.
#![no_main]

use std::sync::{Arc, LazyLock};

use keystead_crypto::{Arena, CiphertextNames, KeyProvider, Material, MaterialName, RootKey, SoftwareProvider};
use keystead_model::world::Entropy;
use keystead_model::{AccountId, EncryptionContext, KeyId, KeySpec, MaterialId};
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

static MATERIAL: LazyLock<(Arc<dyn Material>, Vec<u8>)> = LazyLock::new(|| {
    let entropy = Arc::new(Counting);
    let root = RootKey::generate(&Arena::new(1024), &*entropy).expect("a slot is free");
    let provider = SoftwareProvider::new(Arc::new(root), entropy);
    let name = MaterialName {
        account: AccountId::DEVELOPMENT,
        key: KeyId::from_parts([7; 16], false),
        material: MaterialId([9; 32]),
        spec: KeySpec::SymmetricDefault,
    };
    let wrapped = provider.make(&name).expect("the spec is offered");
    let material = provider.load(&name, &wrapped.wrapped).expect("its own wrapping");
    let sealed = material.seal(&EncryptionContext::default(), b"sealed once").expect("it fits");
    (material, sealed)
});

fuzz_target!(|bytes: &[u8]| {
    let (material, genuine) = &*MATERIAL;
    let _ = CiphertextNames::read(bytes);
    let context = EncryptionContext::default();
    assert!(bytes == genuine || material.open(&context, bytes).is_err(), "bytes nobody sealed have opened");
    // The same bytes laid over a genuine ciphertext get further into the reader.
    let mut changed = genuine.clone();
    for (place, byte) in changed.iter_mut().zip(bytes) {
        *place ^= byte;
    }
    assert!(changed == *genuine || material.open(&context, &changed).is_err(), "a changed ciphertext has opened");
});
