//! Tokens as issuers sign them, and as others would like them to be taken.

use std::sync::LazyLock;

use aws_lc_rs::rsa::KeySize;
use keystead_model::Timestamp;
use proptest::prelude::*;

use crate::jws::Compact;
use crate::made::{Signer, b64};
use crate::token::{CLOCK_SKEW_SECONDS, TOKEN_BYTES_MAX};
use crate::{Audience, Claims, Expected, Issuer, KeySet, KeySetError, Refused, Token, jwks_uri, verify};

const NOW: u64 = 1_790_000_000;
const ISSUER: &str = "https://idp.example/realm";
const CLAIMS: &str =
    r#""iss":"https://idp.example/realm","sub":"alice","aud":"keystead","iat":1789999900,"exp":1790000100"#;

static P256: LazyLock<Signer> = LazyLock::new(|| Signer::ec("P-256"));
static RSA: LazyLock<Signer> = LazyLock::new(|| Signer::rsa(KeySize::Rsa2048));

fn set(keys: &[String]) -> KeySet {
    KeySet::parse(format!(r#"{{"keys":[{}]}}"#, keys.join(",")).as_bytes()).expect("a set")
}

fn key(signer: &Signer, id: &str) -> String {
    format!(r#"{{"kid":"{id}",{}}}"#, signer.members())
}

/// Judges a token against a set, at an instant.
fn judge(token: &str, keys: &KeySet, seconds: u64) -> Result<Claims, Refused> {
    let issuer = Issuer::parse(ISSUER).expect("an issuer");
    let audiences = [Audience::parse("other").expect("one"), Audience::parse("keystead").expect("one")];
    let expected = Expected { issuer: &issuer, audiences: &audiences };
    verify(token, keys, &expected, Timestamp::from_seconds(seconds))
}

/// A token of one good key with these claims.
fn with_claims(claims: &str) -> Result<Claims, Refused> {
    let token = P256.token("ES256", r#"{"alg":"ES256","kid":"1"}"#, &format!("{{{claims}}}"));
    judge(&token, &set(&[key(&P256, "1")]), NOW)
}

/// A token of one good key with this header.
fn with_header(header: &str) -> Result<Claims, Refused> {
    let token = P256.token("ES256", header, &format!("{{{CLAIMS}}}"));
    judge(&token, &set(&[key(&P256, "1")]), NOW)
}

fn without(name: &str) -> String {
    let kept: Vec<&str> =
        CLAIMS.split(',').filter(|claim| !claim.starts_with(&format!("\"{name}\""))).collect();
    kept.join(",")
}

fn replaced(name: &str, value: &str) -> String {
    format!("{},\"{name}\":{value}", without(name))
}

#[test]
fn every_algorithm_of_the_list_verifies_with_its_kind_of_key_and_no_other() {
    let signers = [
        (&["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"][..], Signer::rsa(KeySize::Rsa3072)),
        (&["ES256"], Signer::ec("P-256")),
        (&["ES384"], Signer::ec("P-384")),
        (&["ES512"], Signer::ec("P-521")),
        (&["EdDSA", "Ed25519"], Signer::ed25519()),
    ];
    let payload = format!("{{{CLAIMS}}}");
    for (algorithms, signer) in &signers {
        for algorithm in *algorithms {
            let token = signer.token(algorithm, &format!(r#"{{"alg":"{algorithm}","kid":"1"}}"#), &payload);
            let claims =
                judge(&token, &set(&[key(signer, "1")]), NOW).unwrap_or_else(|e| panic!("{algorithm}: {e}"));
            assert_eq!((&*claims.subject, &*claims.audience), ("alice", "keystead"));
            for (others, other) in &signers {
                let refused = judge(&token, &set(&[key(other, "1")]), NOW).err();
                let expected = if others == algorithms { None } else { Some(Refused::NoKey) };
                assert_eq!(refused, expected, "{algorithm} with {others:?}");
            }
        }
    }
}

#[test]
fn a_signature_of_one_rsa_algorithm_is_none_of_another() {
    let payload = format!("{{{CLAIMS}}}");
    let keys = set(&[key(&RSA, "1")]);
    for (said, done) in [("RS256", "PS256"), ("PS256", "RS256"), ("RS512", "RS256"), ("PS384", "PS256")] {
        let token = RSA.token(done, &format!(r#"{{"alg":"{said}","kid":"1"}}"#), &payload);
        assert_eq!(judge(&token, &keys, NOW), Err(Refused::Signature), "{said}");
    }
    let only = format!(r#"{{"kid":"1","alg":"PS256",{}}}"#, RSA.members());
    let token = RSA.token("RS256", r#"{"alg":"RS256","kid":"1"}"#, &payload);
    assert_eq!(judge(&token, &set(&[only]), NOW), Err(Refused::NoKey));
}

#[test]
fn a_public_key_is_never_taken_for_a_shared_secret() {
    // The attack of RFC 8725, section 2.1: HMAC with the published key as its secret.
    use aws_lc_rs::hmac;
    let signed =
        format!("{}.{}", b64(br#"{"alg":"HS256","kid":"1"}"#), b64(format!("{{{CLAIMS}}}").as_bytes()));
    let secret = hmac::Key::new(hmac::HMAC_SHA256, RSA.members().as_bytes());
    let token = format!("{signed}.{}", b64(hmac::sign(&secret, signed.as_bytes()).as_ref()));
    assert_eq!(judge(&token, &set(&[key(&RSA, "1")]), NOW), Err(Refused::Algorithm));
    for algorithm in
        ["none", "None", "NONE", "nOnE", "HS256", "HS512", "ES256K", "RS1", "rs256", "", "ECDH-ES"]
    {
        assert_eq!(with_header(&format!(r#"{{"alg":"{algorithm}","kid":"1"}}"#)), Err(Refused::Algorithm));
    }
    for header in [r#"{"kid":"1"}"#, r#"{"alg":null}"#, r#"{"alg":["ES256"]}"#, r#"{"alg":1}"#] {
        assert_eq!(with_header(header), Err(Refused::Algorithm), "{header}");
    }
}

#[test]
fn a_header_is_read_strictly() {
    for header in [
        r#"{"alg":"ES256","kid":"1"}"#,
        r#"{"alg":"ES256"}"#,
        r#"{"alg":"ES256","kid":"1","typ":"JWT"}"#,
        r#"{"alg":"ES256","kid":"1","typ":"jwt","x5t":"a"}"#,
        r#"{"alg":"ES256","kid":"1","typ":"at+jwt"}"#,
        // Keys in a header are not looked at: neither taken nor fetched.
        r#"{"alg":"ES256","kid":"1","jku":"https://evil.example/keys","jwk":{"kty":"oct","k":"AA"},"x5u":"a"}"#,
    ] {
        assert_eq!(with_header(header).err(), None, "{header}");
    }
    for (header, refused) in [
        (r#"{"alg":"ES256","kid":"1","crit":["b64"],"b64":false}"#, Refused::Extension),
        (r#"{"alg":"ES256","kid":"1","crit":[]}"#, Refused::Extension),
        (r#"{"alg":"ES256","kid":"1","b64":true}"#, Refused::Extension),
        (r#"{"alg":"ES256","kid":"1","typ":"logout+jwt"}"#, Refused::Kind),
        (r#"{"alg":"ES256","kid":"1","typ":"dpop+jwt"}"#, Refused::Kind),
        (r#"{"alg":"ES256","kid":"1","typ":1}"#, Refused::Kind),
        (r#"{"alg":"none","alg":"ES256","kid":"1"}"#, Refused::Malformed),
        (r#"{"alg":"ES256","kid":"2","kid":"1"}"#, Refused::Malformed),
        (r#"{"alg":"ES256","kid":1}"#, Refused::Malformed),
        (r#"["alg"]"#, Refused::Malformed),
        (r#"{"alg":"ES256","kid":"1"} "x""#, Refused::Malformed),
        (r#"{"alg":"ES256","kid":"2"}"#, Refused::NoKey),
        (r#"{"alg":"ES256","kid":"../1"}"#, Refused::NoKey),
    ] {
        assert_eq!(with_header(header), Err(refused), "{header}");
    }
    let long = format!(r#"{{"alg":"ES256","kid":"{}"}}"#, "a".repeat(513));
    assert_eq!(with_header(&long), Err(Refused::Malformed));
}

#[test]
fn a_key_is_chosen_by_its_id_and_never_guessed() {
    let (one, two) = (Signer::ec("P-256"), Signer::ec("P-256"));
    let payload = format!("{{{CLAIMS}}}");
    let named = one.token("ES256", r#"{"alg":"ES256","kid":"1"}"#, &payload);
    let nameless = one.token("ES256", r#"{"alg":"ES256"}"#, &payload);
    let both = set(&[key(&one, "1"), key(&two, "2")]);
    assert!(judge(&named, &both, NOW).is_ok());
    assert_eq!(judge(&named, &set(&[key(&one, "2"), key(&two, "1")]), NOW), Err(Refused::Signature));
    assert_eq!(judge(&nameless, &both, NOW), Err(Refused::NoKey));
    assert!(judge(&nameless, &set(&[key(&one, "1"), key(&RSA, "2")]), NOW).is_ok());
    // Two keys of one id and kind: which would it be?
    assert_eq!(judge(&named, &set(&[key(&one, "1"), key(&two, "1")]), NOW), Err(Refused::NoKey));
    // Of two kinds, the algorithm says.
    assert!(judge(&named, &set(&[key(&RSA, "1"), key(&one, "1")]), NOW).is_ok());
    assert!(both.has(Some("2")) && !both.has(Some("3")) && both.has(None) && !set(&[]).has(None));
}

#[test]
fn weak_odd_and_private_keys_are_left_out() {
    let rsa_1024 = format!(r#"{{"kty":"RSA","n":"{}","e":"AQAB"}}"#, b64(&[0xc5; 128]));
    let rsa_2047 =
        format!(r#"{{"kty":"RSA","n":"{}","e":"AQAB"}}"#, b64(&[&[0x7f][..], &[0xc5; 255]].concat()));
    let padded = format!(r#"{{"kty":"RSA","n":"{}","e":"AQAB"}}"#, b64(&[&[0][..], &[0xc5; 256]].concat()));
    let huge = format!(r#"{{"kty":"RSA","n":"{}","e":"AQAB"}}"#, b64(&[0xc5; 1025]));
    let with_e = |e: &[u8]| format!(r#"{{"kty":"RSA","n":"{}","e":"{}"}}"#, b64(&[0xc5; 256]), b64(e));
    let ec = |x: usize| {
        format!(r#"{{"kty":"EC","crv":"P-256","x":"{}","y":"{}"}}"#, b64(&vec![1; x]), b64(&[1; 32]))
    };
    let extra = |member: &str| format!("{{{member},{}}}", P256.members());
    for text in [
        rsa_1024,
        rsa_2047,
        padded,
        huge,
        with_e(&[1]),
        with_e(&[2]),
        with_e(&[]),
        with_e(&[0, 3]),
        with_e(&[1; 6]),
        ec(31),
        ec(33),
        extra(r#""use":"enc""#),
        extra(r#""key_ops":["sign"]"#),
        extra(r#""key_ops":[]"#),
        extra(r#""d":"AA""#),
        extra(r#""alg":"RS256""#),
        extra(r#""alg":"HS256""#),
        extra(r#""kid":1"#),
        r#"{"kty":"oct","k":"c2VjcmV0"}"#.into(),
        r#"{"kty":"EC","crv":"secp256k1","x":"AA","y":"AA"}"#.into(),
        r#"{"kty":"OKP","crv":"Ed448","x":"AA"}"#.into(),
        r#"{"kty":"AKP"}"#.into(),
        "{}".into(),
        "1".into(),
    ] {
        let set = set(std::slice::from_ref(&text));
        assert_eq!((set.len(), set.left_out()), (0, 1), "{text}");
    }
    let good = set(&[extra(r#""use":"sig","key_ops":["verify"],"alg":"ES256""#), key(&RSA, "1")]);
    assert_eq!((good.len(), good.left_out()), (2, 0));
}

#[test]
fn a_point_that_is_not_on_its_curve_verifies_nothing() {
    let off = format!(r#"{{"kid":"1","kty":"EC","crv":"P-256","x":"{0}","y":"{0}"}}"#, b64(&[1; 32]));
    let token = P256.token("ES256", r#"{"alg":"ES256","kid":"1"}"#, &format!("{{{CLAIMS}}}"));
    assert_eq!(judge(&token, &set(&[off]), NOW), Err(Refused::Signature));
}

#[test]
fn a_set_of_keys_has_limits() {
    let of = |text: &str| KeySet::parse(text.as_bytes()).map(|set| set.len());
    assert_eq!(of(r#"{"keys":[]}"#), Ok(0));
    for text in
        ["", "[]", "{}", r#"{"keys":{}}"#, r#"{"keys":[],"keys":[]}"#, r#"{"keys":[{"kid":"1","kid":"2"}]}"#]
    {
        assert_eq!(of(text), Err(KeySetError::Malformed), "{text}");
    }
    assert_eq!(of(&format!(r#"{{"keys":[{}1]}}"#, "1,".repeat(100))), Err(KeySetError::TooMany));
    assert_eq!(of(&" ".repeat(256 * 1024 + 1)), Err(KeySetError::TooLong));
}

#[test]
fn claims_that_must_be_there_are_asked_for_by_name() {
    for name in ["iss", "sub", "aud", "exp", "iat"] {
        assert_eq!(with_claims(&without(name)), Err(Refused::Missing(name)));
    }
    for (name, value, refused) in [
        ("iss", "1", Refused::Missing("iss")),
        ("iss", r#""idp.example/realm""#, Refused::Issuer),
        ("iss", r#""http://idp.example/realm""#, Refused::Issuer),
        ("iss", r#""https://idp.example/realm/""#, Refused::Issuer),
        ("iss", r#""https://IDP.example/realm""#, Refused::Issuer),
        ("sub", r#""""#, Refused::Missing("sub")),
        ("sub", "7", Refused::Missing("sub")),
        ("aud", r#""""#, Refused::Audience),
        ("aud", "[]", Refused::Missing("aud")),
        ("aud", "1", Refused::Claim("aud")),
        ("aud", r#"["keystead",1]"#, Refused::Claim("aud")),
        ("aud", r#""Keystead""#, Refused::Audience),
        ("aud", r#""keystead ""#, Refused::Audience),
        ("azp", "[]", Refused::Claim("azp")),
        ("azp", r#""""#, Refused::Claim("azp")),
        ("exp", r#""1790000100""#, Refused::Claim("exp")),
        ("exp", "-1", Refused::Claim("exp")),
        ("exp", "1e300", Refused::Claim("exp")),
        ("exp", "true", Refused::Claim("exp")),
        ("nbf", "null", Refused::Claim("nbf")),
        ("amr", "1", Refused::Claim("amr")),
        (
            "https://aws.amazon.com/source_identity",
            "1",
            Refused::Claim("https://aws.amazon.com/source_identity"),
        ),
    ] {
        assert_eq!(with_claims(&replaced(name, value)), Err(refused), "{name}: {value}");
    }
    let long = format!("\"{}\"", "a".repeat(256));
    assert_eq!(with_claims(&replaced("sub", &long)), Err(Refused::Missing("sub")));
    assert_eq!(with_claims(&format!("{CLAIMS},\"sub\":\"bob\"")), Err(Refused::Malformed));
}

#[test]
fn the_audience_is_azp_where_there_is_one_and_one_of_aud_otherwise() {
    let list = with_claims(&replaced("aud", r#"["a","keystead","other"]"#)).expect("it verifies");
    assert_eq!((&*list.audience, list.audiences.len()), ("keystead", 3));
    assert_eq!(list.values("aud"), ["keystead"]);
    assert!(list.values("oaud").is_empty());
    let party = with_claims(&format!(r#"{},"azp":"keystead""#, replaced("aud", r#""elsewhere""#)));
    let party = party.expect("it verifies");
    assert_eq!((party.values("aud"), party.values("oaud")), (vec!["keystead"], vec!["elsewhere"]));
    assert_eq!(party.values("azp"), ["keystead"]);
    // A token for us that was issued to somebody else.
    assert_eq!(with_claims(&format!(r#"{CLAIMS},"azp":"stranger""#)), Err(Refused::Audience));
    let issuer = Issuer::parse(ISSUER).expect("an issuer");
    let token = P256.token("ES256", r#"{"alg":"ES256","kid":"1"}"#, &format!("{{{CLAIMS}}}"));
    let nobody = Expected { issuer: &issuer, audiences: &[] };
    let refused = verify(&token, &set(&[key(&P256, "1")]), &nobody, Timestamp::from_seconds(NOW));
    assert_eq!(refused, Err(Refused::Audience));
}

#[test]
fn a_token_is_good_in_its_time_and_five_minutes_around_it() {
    let token = |claims: &str| P256.token("ES256", r#"{"alg":"ES256","kid":"1"}"#, &format!("{{{claims}}}"));
    let keys = set(&[key(&P256, "1")]);
    let plain = token(CLAIMS);
    let (issued, expires) = (NOW - 100, NOW + 100);
    for (at, refused) in [
        (issued - CLOCK_SKEW_SECONDS - 1, Some(Refused::NotYet)),
        (issued - CLOCK_SKEW_SECONDS, None),
        (expires + CLOCK_SKEW_SECONDS - 1, None),
        (expires + CLOCK_SKEW_SECONDS, Some(Refused::Expired)),
        (u64::MAX / 1000, Some(Refused::Expired)),
    ] {
        assert_eq!(judge(&plain, &keys, at).err(), refused, "{at}");
    }
    let later = token(&format!("{CLAIMS},\"nbf\":{}", NOW + 50));
    assert_eq!(judge(&later, &keys, NOW - 251).err(), Some(Refused::NotYet));
    assert_eq!(judge(&later, &keys, NOW - 250).err(), None);
    let fraction = with_claims(&replaced("exp", "1790000100.5")).expect("it verifies");
    assert_eq!(fraction.expires, Timestamp(1_790_000_100_500));
}

#[test]
fn session_tags_come_in_two_forms() {
    let nested = r#","https://aws.amazon.com/tags":{"principal_tags":{"team":["red"],"cost":["7"]},"transitive_tag_keys":["team"]}"#;
    let flat = r#","https://aws.amazon.com/tags/principal_tags/team":["red"],"https://aws.amazon.com/tags/principal_tags/cost":"7","https://aws.amazon.com/tags/transitive_tag_keys":["team"]"#;
    for tags in [nested, flat] {
        let claims = with_claims(&format!("{CLAIMS}{tags}")).unwrap_or_else(|e| panic!("{tags}: {e}"));
        assert_eq!(claims.tags.pairs, [("team".into(), "red".into()), ("cost".into(), "7".into())]);
        assert_eq!(claims.tags.transitive, ["team".into()]);
        assert!(claims.others.is_empty());
    }
    for tags in [
        r#""https://aws.amazon.com/tags":1"#,
        r#""https://aws.amazon.com/tags":{"principal_tags":[]}"#,
        r#""https://aws.amazon.com/tags":{"principal_tags":{"a":["1","2"]}}"#,
        r#""https://aws.amazon.com/tags":{"principal_tags":{"a":[]}}"#,
        r#""https://aws.amazon.com/tags":{"principal_tags":{"a":["1"]}},"https://aws.amazon.com/tags/principal_tags/a":["2"]"#,
        r#""https://aws.amazon.com/tags":{"transitive_tag_keys":[1]}"#,
    ] {
        let refused = with_claims(&format!("{CLAIMS},{tags}"));
        assert!(matches!(refused, Err(Refused::Claim(_))), "{tags}: {refused:?}");
    }
}

#[test]
fn further_claims_are_there_for_conditions() {
    let claims = with_claims(&format!(
        r#"{CLAIMS},"amr":["mfa","pwd"],"repository":"a/b","groups":["x","y"],"run":7,"email_verified":true,"kubernetes.io":{{"namespace":"ns"}},"none":null,"mixed":["a",{{}}],"https://aws.amazon.com/source_identity":"alice""#
    ))
    .expect("it verifies");
    for (name, values) in [
        ("iss", &[ISSUER][..]),
        ("sub", &["alice"]),
        ("amr", &["mfa", "pwd"]),
        ("repository", &["a/b"]),
        ("groups", &["x", "y"]),
        ("run", &["7"]),
        ("email_verified", &["true"]),
        ("kubernetes.io", &[]),
        ("none", &[]),
        ("mixed", &[]),
        ("exp", &[]),
        ("absent", &[]),
    ] {
        assert_eq!(claims.values(name), values, "{name}");
    }
    assert_eq!(claims.source_identity.as_deref(), Some("alice"));
}

#[test]
fn what_is_no_token_is_refused_for_its_form() {
    let good = P256.token("ES256", r#"{"alg":"ES256","kid":"1"}"#, &format!("{{{CLAIMS}}}"));
    let keys = set(&[key(&P256, "1")]);
    let (signed, signature) = good.rsplit_once('.').expect("three parts");
    for text in [
        "",
        ".",
        "..",
        "a.b.c",
        signed,
        &format!("{good}."),
        &format!("{good}.a.b"),
        &format!("{good}="),
        &format!("{good}\n"),
        &format!(" {good}"),
        &good.replace('.', ". "),
        &format!("{signed}.{}", signature.replace(['-', '_'], "+") + "+"),
        &format!("Bearer {good}"),
    ] {
        assert_eq!(judge(text, &keys, NOW), Err(Refused::Malformed), "{text:?}");
    }
    assert_eq!(judge(&"a".repeat(TOKEN_BYTES_MAX + 1), &keys, NOW), Err(Refused::TooLong));
    assert_eq!(judge(&format!("{signed}."), &keys, NOW), Err(Refused::Signature));
    assert_eq!(judge(&format!("{signed}.{}", "A".repeat(1367)), &keys, NOW), Err(Refused::TooLong));
    let zeros = b64(&[0; 64]);
    assert_eq!(judge(&format!("{signed}.{zeros}"), &keys, NOW), Err(Refused::Signature));
}

#[test]
fn what_a_token_claims_can_be_read_before_anything_is_known() {
    let good = P256.token("ES256", r#"{"alg":"ES256","kid":"1"}"#, &format!("{{{CLAIMS}}}"));
    let token = Token::read(&good).expect("well formed");
    assert_eq!((token.claimed_issuer().as_str(), token.key_id()), (ISSUER, Some("1")));
}

#[test]
fn a_discovery_document_must_be_of_its_issuer() {
    let issuer = Issuer::parse(ISSUER).expect("an issuer");
    let of = |text: &str| jwks_uri(text.as_bytes(), &issuer);
    let good = format!(r#"{{"issuer":"{ISSUER}","jwks_uri":"https://idp.example/keys","more":[1]}}"#);
    assert_eq!(of(&good).as_deref(), Some("https://idp.example/keys"));
    for text in [
        "",
        "[]",
        &good.replace("realm", "other"),
        &good.replace(r#""issuer""#, r#""Issuer""#),
        &good.replace("jwks_uri", "jwks"),
        &good.replace(r#""more""#, r#""issuer""#),
        &good.replace(r#""https://idp.example/keys""#, "1"),
    ] {
        assert_eq!(of(text), None, "{text}");
    }
}

#[test]
fn the_vectors_hold() {
    let mut ran = 0;
    for case in include_str!("../vectors/jws.txt").split("\n\n") {
        let field = |name: &str| {
            let mut lines = case.lines().filter_map(|line| line.split_once(" = "));
            lines.find(|(field, _)| field.trim() == name).map(|(_, value)| value)
        };
        let Some(name) = field("name") else { continue };
        let (token, expect) = (field("token").expect("a token"), field("expect").expect("a verdict"));
        let keys = set(&[field("key").expect("a key").to_owned()]);
        let verdict = Compact::read(token).and_then(|compact| {
            let key = keys.choose(compact.key_id.as_deref(), compact.algorithm).ok_or(Refused::NoKey)?;
            match key.verifies(compact.algorithm, compact.signed.as_bytes(), &compact.signature) {
                true => Ok(()),
                false => Err(Refused::Signature),
            }
        });
        let verdict = verdict.map_or_else(|refused| format!("{refused:?}"), |()| "ok".into());
        assert_eq!(verdict, expect, "{name}");
        ran += 1;
    }
    assert_eq!(ran, 12);
}

proptest! {
    #[test]
    fn no_change_of_a_token_is_taken(at in any::<prop::sample::Index>(), byte in "[A-Za-z0-9_.-]") {
        let good = P256.token("ES256", r#"{"alg":"ES256","kid":"1"}"#, &format!("{{{CLAIMS}}}"));
        let at = at.index(good.len());
        let changed = format!("{}{byte}{}", &good[..at], &good[at + 1..]);
        prop_assume!(changed != good);
        prop_assert!(judge(&changed, &set(&[key(&P256, "1")]), NOW).is_err());
    }

    #[test]
    fn nothing_that_is_read_panics(text in "\\PC{0,300}", bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = Token::read(&text);
        let _ = KeySet::parse(&bytes);
        let header = b64(&bytes);
        let _ = Token::read(&format!("{header}.{header}.{header}"));
    }
}
