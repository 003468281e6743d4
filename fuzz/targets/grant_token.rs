//! Grant tokens: a text nobody was given names nothing, and what a sealed one says has one spelling.
#![no_main]

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use keystead_crypto::{Arena, GrantTokens, RootKey, SealingKey};
use keystead_model::world::Entropy;
use keystead_model::{AccountId, GrantId, KeyArn, KeyId};
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

struct House {
    tokens: GrantTokens,
    /// What tokens are sealed under, to get past the seal.
    key: SealingKey,
    genuine: String,
}

static HOUSE: LazyLock<House> = LazyLock::new(|| {
    let root = RootKey::generate(&Arena::new(16), &Counting).expect("a slot is free");
    let tokens = GrantTokens::new(&root).expect("a slot is free");
    let arn = KeyArn {
        location: "eu-central-1".parse().expect("a location"),
        account: AccountId::DEVELOPMENT,
        key: KeyId::from_parts([7; 16], false),
    };
    let genuine = tokens.make(&Counting, &arn, GrantId([9; 32]));
    let key = root.sealing_key("keystead/grant-tokens/v1", b"").expect("a slot is free");
    House { tokens, key, genuine }
});

fuzz_target!(|bytes: &[u8]| {
    let House { tokens, key, genuine } = &*HOUSE;
    if let Ok(text) = std::str::from_utf8(bytes) {
        assert!(text == genuine || tokens.read(text).is_err(), "a text nobody was given is a token");
    }
    // The same bytes laid over a genuine token get further into the reader.
    let mut sealed = STANDARD_NO_PAD.decode(genuine).expect("base 64");
    let whole = sealed.clone();
    for (place, byte) in sealed.iter_mut().zip(bytes) {
        *place ^= byte;
    }
    let changed = tokens.read(&STANDARD_NO_PAD.encode(&sealed));
    assert!(sealed == whole || changed.is_err(), "a changed token is one");
    // And behind the seal: what reads is written again as it was.
    let sealed = STANDARD_NO_PAD.encode(key.seal(&Counting, b"", bytes));
    if let Ok((arn, grant)) = tokens.read(&sealed) {
        assert_eq!(tokens.make(&Counting, &arn, grant), sealed, "one token has two spellings");
    }
});
