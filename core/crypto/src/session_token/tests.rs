use keystead_model::world::Entropy;
use proptest::prelude::*;

use super::*;
use crate::Arena;

struct Fixed([u8; 16]);
impl Entropy for Fixed {
    fn fill(&self, out: &mut [u8]) {
        out.copy_from_slice(&self.0[..out.len()]);
    }
}

fn house(root: &[u8; 32]) -> SessionTokens {
    let root = RootKey::load(&Arena::new(8), root).expect("there is room");
    SessionTokens::new(&root).expect("there is room")
}

fn ours() -> SessionTokens {
    house(&[1; 32])
}

fn key() -> AccessKeyId {
    AccessKeyId::parse("ASIAEXAMPLE234567ABC").expect("an id")
}

fn session() -> Session {
    Session {
        issued: Timestamp(1),
        expires: Timestamp(2),
        opened_by: None,
        policies: Box::default(),
        tags: Tags::default(),
        transitive: Box::default(),
        source_identity: None,
        provider: None,
        mfa: None,
    }
}

fn sealed(principal: Principal, session: Session) -> SealedSession {
    SealedSession { access_key: key(), principal, session }
}

fn root() -> Principal {
    Principal::Root { account: AccountId::DEVELOPMENT }
}

fn text() -> impl Strategy<Value = Arc<str>> {
    "[ -~ä€]{0,40}".prop_map(Arc::from)
}

fn principal() -> impl Strategy<Value = Principal> {
    let account = (0..1_000_000_000_000u64).prop_map(|n| AccountId::from_number(n).expect("an account"));
    (0..4, account, text(), text(), text()).prop_map(|(kind, account, a, b, c)| match kind {
        0 => Principal::Root { account },
        1 => Principal::User { account, name: a, id: b },
        2 => Principal::AssumedRole { account, role: a, role_id: b, session: c },
        _ => Principal::FederatedUser { account, name: a },
    })
}

fn any_session() -> impl Strategy<Value = Session> {
    let policy = (any::<bool>(), text()).prop_map(|(inline, text)| match inline {
        true => SessionPolicy::Inline(text),
        false => SessionPolicy::Managed(text),
    });
    let tags = prop::collection::btree_map("[a-zA-Zä]{4,12}", "[a-z0-9 :/=+.@_-]{0,20}", 0..12);
    (
        any::<(u64, u64, Option<u64>)>(),
        prop::collection::vec(policy, 0..11),
        tags,
        prop::option::of(principal()),
        prop::option::of(text()),
        prop::option::of(text()),
    )
        .prop_map(|((issued, expires, mfa), policies, tags, opened_by, source_identity, provider)| {
            let tags: Vec<Tag> =
                tags.into_iter().map(|(key, value)| Tag { key: key.into(), value: value.into() }).collect();
            Session {
                issued: Timestamp(issued),
                expires: Timestamp(expires),
                opened_by,
                policies: policies.into(),
                transitive: tags.iter().take(2).map(|tag| tag.key.clone()).collect(),
                tags: Tags::new(tags).expect("tags"),
                source_identity,
                provider,
                mfa: mfa.map(Timestamp),
            }
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_opened_is_what_was_sealed(principal in principal(), session in any_session(), salt: [u8; 16]) {
        let session = sealed(principal, session);
        let token = ours().seal(&Fixed(salt), &session).expect("it fits");
        prop_assert!(token.len() <= SessionTokens::CHARS_MAX);
        prop_assert_eq!(ours().open(&token), Ok(session.clone()));
        prop_assert_eq!(house(&[2; 32]).open(&token), Err(InvalidSessionToken));
        let other = ours().seal(&Fixed(salt.map(|byte| byte ^ 1)), &session).expect("it fits");
        prop_assert_ne!(token, other);
    }

    #[test]
    fn a_token_with_any_bit_flipped_is_refused(session in any_session(), at: prop::sample::Index, bit in 0..8u8) {
        let token = ours().seal(&Fixed([7; 16]), &sealed(root(), session)).expect("it fits");
        let mut bytes = STANDARD_NO_PAD.decode(&token).expect("base 64");
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        prop_assert_eq!(ours().open(&STANDARD_NO_PAD.encode(bytes)), Err(InvalidSessionToken));
    }

    #[test]
    fn no_text_breaks_the_reader(text in "[A-Za-z0-9+/=]{0,300}") {
        prop_assert_eq!(ours().open(&text), Err(InvalidSessionToken));
    }
}

#[test]
fn a_token_with_any_character_changed_or_cut_off_is_refused() {
    let tokens = ours();
    let token = tokens.seal(&Fixed([7; 16]), &sealed(root(), session())).expect("it fits");
    for at in 0..token.len() {
        let other = if token.as_bytes()[at] == b'A' { "B" } else { "A" };
        let changed = format!("{}{other}{}", &token[..at], &token[at + 1..]);
        assert_eq!(tokens.open(&changed), Err(InvalidSessionToken), "{at}");
        assert_eq!(tokens.open(&token[..at]), Err(InvalidSessionToken), "{at}");
    }
    for odd in ["", "=", &format!("{token}="), &format!(" {token}"), &"A".repeat(20_000)] {
        assert_eq!(tokens.open(odd), Err(InvalidSessionToken), "{odd}");
    }
}

#[test]
fn policies_and_tags_fit_up_to_the_limit_and_no_further() {
    let with = |len: usize| {
        let inline = SessionPolicy::Inline("x".repeat(len).into());
        sealed(root(), Session { policies: [inline].into(), ..session() })
    };
    // Beside the text: three counts, a kind and a length.
    let room = SessionTokens::PACKED_BYTES_MAX - 6;
    assert_eq!(SessionTokens::packed_bytes(&with(room).session), SessionTokens::PACKED_BYTES_MAX);
    let token = ours().seal(&Fixed([0; 16]), &with(room)).expect("it fits");
    assert_eq!(ours().open(&token), Ok(with(room)));
    for more in [1, 70_000] {
        assert_eq!(
            ours().seal(&Fixed([0; 16]), &with(room + more)),
            Err(SessionNotSealed::TooLarge { bytes: SessionTokens::PACKED_BYTES_MAX + more })
        );
    }
}

#[test]
fn a_name_longer_than_its_length_can_say_makes_no_token() {
    let principal =
        Principal::FederatedUser { account: AccountId::DEVELOPMENT, name: "n".repeat(65_536).into() };
    let refused = ours().seal(&Fixed([0; 16]), &sealed(principal, session()));
    assert_eq!(refused, Err(SessionNotSealed::TooLarge { bytes: 3 }));
}

#[test]
fn the_longest_names_fit_a_token() {
    let long = |len: usize| -> Arc<str> { "n".repeat(len).into() };
    let account = AccountId::DEVELOPMENT;
    let principal = Principal::AssumedRole { account, role: long(576), role_id: long(21), session: long(64) };
    let filler = SessionPolicy::Inline(long(SessionTokens::PACKED_BYTES_MAX - 6));
    let session = Session {
        opened_by: Some(Principal::User { account, name: long(576), id: long(21) }),
        policies: [filler].into(),
        source_identity: Some(long(64)),
        provider: Some(long(300)),
        mfa: Some(Timestamp(3)),
        ..session()
    };
    let token = ours().seal(&Fixed([0; 16]), &sealed(principal, session)).expect("it fits");
    assert!(token.len() <= SessionTokens::CHARS_MAX, "{}", token.len());
}

#[test]
fn only_those_who_can_have_sessions_get_tokens() {
    for principal in [
        Principal::Keystead,
        Principal::Service { name: "s3.amazonaws.com".into() },
        Principal::Federated { provider: "arn:aws:iam::000000000000:oidc-provider/a".into() },
    ] {
        let refused = ours().seal(&Fixed([0; 16]), &sealed(principal, session()));
        assert_eq!(refused, Err(SessionNotSealed::NoSuchSession));
    }
}

#[test]
fn a_secret_follows_from_the_root_key_and_the_access_key_alone() {
    let other = AccessKeyId::parse("ASIAEXAMPLE234567ABD").expect("an id");
    let secret = ours().secret(&key());
    assert_eq!(secret.len(), SessionTokens::SECRET_CHARACTERS);
    assert!(secret.expose().iter().all(u8::is_ascii_alphanumeric));
    assert!(ours().secret(&key()) == secret);
    assert!(ours().secret(&other) != secret);
    assert!(house(&[2; 32]).secret(&key()) != secret);
}

#[test]
fn the_published_vectors_hold() {
    let root: [u8; 32] = std::array::from_fn(|at| at as u8);
    let tokens = house(&root);
    let (mut opened, mut refused) = (0, 0);
    for case in include_str!("../../vectors/session_token.txt").split("\n\n") {
        let field = |name: &str| {
            let line = case.lines().find(|line| line.split(" = ").next().is_some_and(|n| n.trim() == name));
            line.and_then(|line| line.split_once(" = ")).map(|(_, value)| value).expect("the field is there")
        };
        let key = AccessKeyId::parse(field("key")).expect("an id");
        assert_eq!(tokens.secret(&key).expose(), field("secret").as_bytes(), "{}", field("name"));
        let salt: [u8; 16] = hex::decode(field("salt")).expect("hex").try_into().expect("16 bytes");
        match (field("expect"), tokens.open(field("token"))) {
            ("ok", Ok(session)) => {
                assert_eq!(session.access_key, key);
                assert_eq!(hex::encode(write(&session).expect("it fits")), field("plain"));
                assert_eq!(tokens.seal(&Fixed(salt), &session).as_deref(), Ok(field("token")));
                opened += 1;
            }
            ("invalid", Err(InvalidSessionToken)) => refused += 1,
            (expected, got) => panic!("{}: {expected}, and it came to {got:?}", field("name")),
        }
    }
    assert_eq!((opened, refused), (4, 9));
}
