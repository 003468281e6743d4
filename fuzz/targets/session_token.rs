//! Session tokens: a text nobody was given opens no session, and what a sealed one says has one spelling.
#![no_main]

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use keystead_crypto::{Arena, RootKey, SealedSession, SealingKey, SessionTokens};
use keystead_model::world::Entropy;
use keystead_model::{AccessKeyId, AccountId, Principal, Session, Tags, Timestamp};
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
    tokens: SessionTokens,
    /// What tokens are sealed under, to get past the seal.
    key: SealingKey,
    genuine: String,
}

static HOUSE: LazyLock<House> = LazyLock::new(|| {
    let root = RootKey::generate(&Arena::new(16), &Counting).expect("a slot is free");
    let tokens = SessionTokens::new(&root).expect("a slot is free");
    let session = Session {
        issued: Timestamp(1),
        expires: Timestamp(2),
        opened_by: None,
        policies: Box::default(),
        tags: Tags::default(),
        transitive: Box::default(),
        source_identity: None,
        provider: None,
        mfa: None,
    };
    let sealed = SealedSession {
        access_key: AccessKeyId::parse("ASIAEXAMPLE234567ABC").expect("an id"),
        principal: Principal::Root { account: AccountId::DEVELOPMENT },
        session,
    };
    let genuine = tokens.seal(&Counting, &sealed).expect("it fits");
    let key = root.sealing_key("keystead/session-tokens/v1", b"").expect("a slot is free");
    House { tokens, key, genuine }
});

fuzz_target!(|bytes: &[u8]| {
    let House { tokens, key, genuine } = &*HOUSE;
    if let Ok(text) = std::str::from_utf8(bytes) {
        assert!(text == genuine || tokens.open(text).is_err(), "a text nobody was given is a token");
    }
    // The same bytes laid over a genuine token get further into the reader.
    let mut sealed = STANDARD_NO_PAD.decode(genuine).expect("base 64");
    let whole = sealed.clone();
    for (place, byte) in sealed.iter_mut().zip(bytes) {
        *place ^= byte;
    }
    let changed = tokens.open(&STANDARD_NO_PAD.encode(&sealed));
    assert!(sealed == whole || changed.is_err(), "a changed token is one");
    // And behind the seal: what reads is written again as it was.
    let sealed = [vec![1], key.seal(&Counting, &[1], bytes)].concat();
    let sealed = STANDARD_NO_PAD.encode(sealed);
    if let Ok(session) = tokens.open(&sealed) {
        assert_eq!(tokens.seal(&Counting, &session).as_deref(), Ok(&*sealed), "one token has two spellings");
    }
});
