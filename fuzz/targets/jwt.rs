//! Tokens of identity providers, and the keys that they are verified with: nothing unsigned is taken, whatever it says.
#![no_main]

use std::sync::LazyLock;

use keystead_federation::{Audience, Expected, Issuer, KeySet, Token, jwks_uri, verify};
use keystead_model::Timestamp;
use libfuzzer_sys::fuzz_target;

/// The key of RFC 8037, appendix A, whose private half signs nothing here.
const KEYS: &str = r#"{"keys":[
    {"kty":"OKP","crv":"Ed25519","kid":"1","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
    {"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}
]}"#;

struct House {
    keys: KeySet,
    issuer: Issuer,
    audiences: [Audience; 1],
}

static HOUSE: LazyLock<House> = LazyLock::new(|| House {
    keys: KeySet::parse(KEYS.as_bytes()).expect("a set"),
    issuer: Issuer::parse("https://idp.example").expect("an issuer"),
    audiences: [Audience::parse("keystead").expect("an audience")],
});

fuzz_target!(|bytes: &[u8]| {
    let House { keys, issuer, audiences } = &*HOUSE;
    let expected = Expected { issuer, audiences };
    let now = Timestamp::from_seconds(1_790_000_000);
    if let Ok(text) = std::str::from_utf8(bytes) {
        // A set of the input's own comes with a token, after an empty line: so that signatures are looked at with odd keys.
        let (token, set) = text.split_once("\n\n").unwrap_or((text, ""));
        assert!(verify(token, keys, &expected, now).is_err(), "a token that nobody signed is taken");
        if let (Ok(token), Ok(set)) = (Token::read(token), KeySet::parse(set.as_bytes())) {
            let named = token.key_id().map(str::to_owned);
            let taken = token.verify(&set, &expected, now);
            assert!(taken.is_err() || set.has(named.as_deref()), "a token is taken with a key that is not in the set");
        }
        if let Some(issuer) = Issuer::parse(text) {
            assert_eq!(Issuer::of_provider(issuer.provider()).as_ref(), Some(&issuer), "one issuer has two names");
        }
    }
    // What it answers is judged where it is followed; here it must not panic.
    let _ = jwks_uri(bytes, issuer);
    if let Ok(set) = KeySet::parse(bytes) {
        assert_eq!(set.is_empty(), !set.has(None), "a set is empty and is not");
    }
});
