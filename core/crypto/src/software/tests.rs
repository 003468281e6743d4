use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use proptest::prelude::*;

use keystead_model::{
    EncryptionAlgorithm, EncryptionContext, KeyId, KeyUsage, MacAlgorithm, MaterialId, SigningAlgorithm,
    WrappingAlgorithm, WrappingKeySpec,
};

use super::*;
use crate::{Arena, Message};

/// Never the same bytes twice.
struct Counting(AtomicU64);
impl Entropy for Counting {
    fn fill(&self, out: &mut [u8]) {
        for chunk in out.chunks_mut(32) {
            let n = self.0.fetch_add(1, Ordering::Relaxed);
            chunk.copy_from_slice(&crate::sha256(&n.to_be_bytes())[..chunk.len()]);
        }
    }
}

fn provider() -> SoftwareProvider {
    let root = RootKey::load(&Arena::new(256), &[1; 32]).expect("there is room");
    SoftwareProvider::new(Arc::new(root), Arc::new(Counting(0.into())))
}

fn name(spec: KeySpec) -> MaterialName {
    MaterialName {
        account: AccountId::from_number(1).expect("twelve digits"),
        key: KeyId::from_random([3; 16]),
        material: MaterialId([1; 32]),
        spec,
    }
}

/// Every spec that is offered. RSA_3072 and RSA_4096 take seconds to make and differ in a number only; they come in
/// ready made in the vectors.
fn specs() -> impl Iterator<Item = KeySpec> {
    let slow = [KeySpec::Rsa3072, KeySpec::Rsa4096];
    KeySpec::ALL.iter().copied().filter(move |spec| *spec != KeySpec::Sm2 && !slow.contains(spec))
}

/// Every way in which a message can be handed over for an algorithm.
fn messages(algorithm: SigningAlgorithm) -> Vec<Message<'static>> {
    const BYTES: &[u8] = &[9; 64];
    let mut messages = match algorithm {
        SigningAlgorithm::MlDsaShake256 => vec![Message::ExternalMu(BYTES)],
        _ => Vec::new(),
    };
    messages.extend(algorithm.digest_bytes().map(|bytes| Message::Digest(&BYTES[..bytes])));
    messages.extend([Message::Raw(b"message"), Message::Raw(b"")]);
    messages
}

#[test]
fn every_spec_but_sm2_is_offered() {
    let provider = provider();
    for spec in KeySpec::ALL {
        assert_eq!(provider.can(*spec), *spec != KeySpec::Sm2);
    }
    let sm2 = name(KeySpec::Sm2);
    assert_eq!(provider.make(&sm2).err(), Some(ProviderError::Unsupported(KeySpec::Sm2)));
    let bytes = SecretBytes::zeroed(32);
    assert_eq!(provider.bring(&sm2, &bytes).err(), Some(ProviderError::Unsupported(KeySpec::Sm2)));
    assert_eq!(provider.load(&sm2, &[0; 96]).err(), Some(ProviderError::Unsupported(KeySpec::Sm2)));
    assert_eq!(provider.pair(KeySpec::Sm2).err(), Some(ProviderError::Unsupported(KeySpec::Sm2)));
    assert_eq!(PublicKey::read(KeySpec::Sm2, &[]).err(), Some(ProviderError::Unsupported(KeySpec::Sm2)));
    let made = ImportKey::make(WrappingKeySpec::Sm2);
    assert_eq!(made.err(), Some(ProviderError::Unsupported(KeySpec::Sm2)));
}

#[test]
fn material_loads_under_its_own_name_only() {
    let provider = provider();
    for spec in specs() {
        let own = name(spec);
        let made = provider.make(&own).expect("it is made");
        assert_eq!(made.public.is_some(), spec.is_asymmetric(), "{spec}");
        assert_eq!(provider.load(&own, &made.wrapped).expect("it loads").spec(), spec);
        let other_spec = if spec == KeySpec::Hmac256 { KeySpec::SymmetricDefault } else { KeySpec::Hmac256 };
        let others = [
            MaterialName { account: AccountId::from_number(2).expect("twelve digits"), ..own },
            MaterialName { key: KeyId::from_random([4; 16]), ..own },
            MaterialName { material: MaterialId([2; 32]), ..own },
            MaterialName { spec: other_spec, ..own },
        ];
        for other in others {
            assert_eq!(provider.load(&other, &made.wrapped).err(), Some(UNREADABLE), "{spec}");
        }
        let mut changed = made.wrapped.clone();
        *changed.last_mut().expect("there are bytes") ^= 1;
        assert_eq!(provider.load(&own, &changed).err(), Some(UNREADABLE), "{spec}");
    }
}

#[test]
fn symmetric_material_survives_being_loaded_again() {
    let provider = provider();
    let name = name(KeySpec::SymmetricDefault);
    let wrapped = provider.make(&name).expect("it is made").wrapped;
    let load = || provider.load(&name, &wrapped).expect("it loads");
    let context = EncryptionContext::default();
    let sealed = load().seal(&context, b"data").expect("it seals");
    assert_eq!(load().open(&context, &sealed).expect("it opens").expose(), b"data");
}

#[test]
fn what_is_signed_verifies_and_nothing_else_does() {
    let provider = provider();
    for spec in specs().filter(|spec| spec.usages().contains(&KeyUsage::SignVerify)) {
        let made = provider.make(&name(spec)).expect("it is made");
        let key = provider.load(&name(spec), &made.wrapped).expect("it loads");
        let public = PublicKey::read(spec, &made.public.expect("a public half")).expect("it reads");
        assert_eq!(public.spec(), spec);
        for algorithm in spec.signing_algorithms() {
            for message in messages(*algorithm) {
                let signature = key.sign(*algorithm, message).expect("it signs");
                assert_eq!(public.verify(*algorithm, message, &signature), Ok(()), "{spec} {algorithm}");
                let wrong = Err(ProviderError::Unauthentic(crate::Unauthentic));
                let other = Message::Raw(b"massage");
                assert_eq!(public.verify(*algorithm, other, &signature), wrong, "{spec} {algorithm}");
                for at in [0, signature.len() / 2, signature.len() - 1] {
                    let mut changed = signature.clone();
                    changed[at] ^= 1;
                    assert_eq!(
                        public.verify(*algorithm, message, &changed),
                        wrong,
                        "{spec} {algorithm} {at}"
                    );
                }
                for odd in [&signature[1..], &signature[..signature.len() - 1], &[]] {
                    assert_eq!(public.verify(*algorithm, message, odd), wrong, "{spec} {algorithm}");
                }
            }
        }
    }
}

#[test]
fn a_raw_message_is_hashed_once_and_a_digest_not_at_all() {
    use aws_lc_rs::digest;
    let provider = provider();
    for spec in specs().filter(|spec| spec.usages().contains(&KeyUsage::SignVerify)) {
        let made = provider.make(&name(spec)).expect("it is made");
        let key = provider.load(&name(spec), &made.wrapped).expect("it loads");
        let public = PublicKey::read(spec, &made.public.expect("a public half")).expect("it reads");
        for algorithm in spec.signing_algorithms() {
            let hash = match algorithm.digest_bytes() {
                Some(32) => &digest::SHA256,
                Some(48) => &digest::SHA384,
                Some(_) => &digest::SHA512,
                None => continue,
            };
            let hashed = digest::digest(hash, b"message");
            let of_raw = key.sign(*algorithm, Message::Raw(b"message")).expect("it signs");
            let of_digest = key.sign(*algorithm, Message::Digest(hashed.as_ref())).expect("it signs");
            assert_eq!(public.verify(*algorithm, Message::Digest(hashed.as_ref()), &of_raw), Ok(()));
            assert_eq!(public.verify(*algorithm, Message::Raw(b"message"), &of_digest), Ok(()));
        }
    }
}

#[test]
fn messages_of_the_wrong_kind_or_length_are_refused() {
    let provider = provider();
    for spec in specs().filter(|spec| spec.usages().contains(&KeyUsage::SignVerify)) {
        let made = provider.make(&name(spec)).expect("it is made");
        let key = provider.load(&name(spec), &made.wrapped).expect("it loads");
        let public = PublicKey::read(spec, &made.public.expect("a public half")).expect("it reads");
        for algorithm in spec.signing_algorithms() {
            let is_ml_dsa = *algorithm == SigningAlgorithm::MlDsaShake256;
            let takes_mu = |len: usize| is_ml_dsa && len == 64;
            for len in [0, 1, 20, 31, 32, 33, 47, 48, 49, 63, 64, 65] {
                let bytes = vec![7; len];
                let digest = key.sign(*algorithm, Message::Digest(&bytes)).is_ok();
                assert_eq!(digest, algorithm.digest_bytes() == Some(len), "{spec} {algorithm} {len}");
                let mu = key.sign(*algorithm, Message::ExternalMu(&bytes)).is_ok();
                assert_eq!(mu, takes_mu(len), "{spec} {algorithm} {len}");
                let refused = |message| {
                    matches!(public.verify(*algorithm, message, &[0; 64]), Err(ProviderError::Malformed(_)))
                };
                assert_eq!(refused(Message::Digest(&bytes)), !digest, "{spec} {algorithm} {len}");
                assert_eq!(refused(Message::ExternalMu(&bytes)), !mu, "{spec} {algorithm} {len}");
            }
        }
    }
}

#[test]
fn a_key_does_what_its_spec_says_and_nothing_else() {
    let provider = provider();
    let incompatible =
        |error: Option<ProviderError>| matches!(error, Some(ProviderError::Incompatible { .. }));
    for spec in specs() {
        let made = provider.make(&name(spec)).expect("it is made");
        let key = provider.load(&name(spec), &made.wrapped).expect("it loads");
        let public = made.public.map(|der| PublicKey::read(spec, &der).expect("it reads"));
        let context = EncryptionContext::default();
        let seals = spec == KeySpec::SymmetricDefault;
        assert_eq!(incompatible(key.seal(&context, b"x").err()), !seals, "{spec}");
        assert_eq!(incompatible(key.open(&context, b"x").err()), !seals, "{spec}");
        for algorithm in SigningAlgorithm::ALL {
            let does = spec.signing_algorithms().contains(algorithm);
            let error = key.sign(*algorithm, Message::Raw(b"x")).err();
            assert_eq!(incompatible(error), !does, "{spec} {algorithm}");
            let Some(public) = &public else { continue };
            let error = public.verify(*algorithm, Message::Raw(b"x"), b"x").err();
            assert_eq!(incompatible(error), !does, "{spec} {algorithm}");
        }
        for algorithm in EncryptionAlgorithm::ALL {
            let does = spec.is_asymmetric() && spec.encryption_algorithms().contains(algorithm);
            assert_eq!(incompatible(key.decrypt(*algorithm, b"x").err()), !does, "{spec} {algorithm}");
            let Some(public) = &public else { continue };
            assert_eq!(incompatible(public.encrypt(*algorithm, b"x").err()), !does, "{spec} {algorithm}");
        }
        for algorithm in MacAlgorithm::ALL {
            let does = spec.mac_algorithms().contains(algorithm);
            assert_eq!(incompatible(key.mac(*algorithm, b"x").err()), !does, "{spec} {algorithm}");
        }
        let agrees = spec.usages().contains(&KeyUsage::KeyAgreement);
        assert_eq!(incompatible(key.agree(b"x").err()), !agrees, "{spec}");
        let encapsulates = spec.usages().contains(&KeyUsage::EncapsulateDecapsulate);
        assert_eq!(incompatible(key.decapsulate(b"x").err()), !encapsulates, "{spec}");
        let Some(public) = &public else { continue };
        assert_eq!(incompatible(public.encapsulate().err()), !encapsulates, "{spec}");
    }
}

#[test]
fn rsa_decrypts_what_fits_and_refuses_the_rest() {
    let provider = provider();
    let spec = KeySpec::Rsa2048;
    let made = provider.make(&name(spec)).expect("it is made");
    let key = provider.load(&name(spec), &made.wrapped).expect("it loads");
    let public = PublicKey::read(spec, &made.public.expect("a public half")).expect("it reads");
    let (sha1, sha256) = (EncryptionAlgorithm::RsaesOaepSha1, EncryptionAlgorithm::RsaesOaepSha256);
    for (algorithm, other, max) in [(sha1, sha256, 214), (sha256, sha1, 190)] {
        for len in [0, 1, max] {
            let plain = vec![5; len];
            let sealed = public.encrypt(algorithm, &plain).expect("it fits");
            assert_eq!(sealed.len(), 256);
            assert_eq!(key.decrypt(algorithm, &sealed).expect("it opens").expose(), plain);
            assert_eq!(key.decrypt(other, &sealed).err(), Some(UNREADABLE));
            for odd in [&sealed[1..], &sealed[..255], &[&sealed[..], &[0]].concat(), &[], &[0xff; 256]] {
                assert_eq!(key.decrypt(algorithm, odd).err(), Some(UNREADABLE), "{} bytes", odd.len());
            }
        }
        let error = public.encrypt(algorithm, &vec![5; max + 1]).err();
        assert_eq!(error, Some(ProviderError::TooLong { bytes: max + 1, max }));
    }
}

#[test]
fn two_agree_on_one_secret_as_long_as_a_coordinate() {
    let provider = provider();
    for (spec, bytes) in [(KeySpec::EccNistP256, 32), (KeySpec::EccNistP384, 48), (KeySpec::EccNistP521, 66)]
    {
        let (a, b) = (provider.make(&name(spec)).expect("made"), provider.make(&name(spec)).expect("made"));
        let load = |made: &Made| provider.load(&name(spec), &made.wrapped).expect("it loads");
        let (public_a, public_b) = (a.public.as_deref().expect("one"), b.public.as_deref().expect("one"));
        let secret = load(&a).agree(public_b).expect("they agree");
        assert!(secret == load(&b).agree(public_a).expect("they agree"), "{spec}");
        assert!(secret != load(&a).agree(public_a).expect("they agree"), "{spec}");
        assert_eq!(secret.len(), bytes);
        let mut off = public_b.to_vec();
        *off.last_mut().expect("there are bytes") ^= 1;
        assert_eq!(
            load(&a).agree(&off).err(),
            Some(ProviderError::Malformed("the point is not on the curve"))
        );
        let elsewhere = if bytes == 32 { KeySpec::EccSecgP256k1 } else { KeySpec::EccNistP256 };
        let elsewhere = provider.make(&name(elsewhere)).expect("made").public.expect("one");
        assert!(matches!(load(&a).agree(&elsewhere).err(), Some(ProviderError::Malformed(_))));
    }
}

#[test]
fn what_is_encapsulated_comes_out_again() {
    let provider = provider();
    for spec in [KeySpec::MlKem512, KeySpec::MlKem768, KeySpec::MlKem1024] {
        let made = provider.make(&name(spec)).expect("it is made");
        let key = provider.load(&name(spec), &made.wrapped).expect("it loads");
        let public = PublicKey::read(spec, &made.public.expect("a public half")).expect("it reads");
        let (secret, mut ciphertext) = public.encapsulate().expect("it encapsulates");
        assert!(key.decapsulate(&ciphertext).expect("it opens") == secret);
        assert_eq!(secret.len(), 32);
        assert_eq!(key.decapsulate(&ciphertext[1..]).err(), Some(UNREADABLE));
        ciphertext[0] ^= 1;
        assert!(key.decapsulate(&ciphertext).expect("it opens to something") != secret);
    }
}

#[test]
fn codes_are_as_long_as_the_digest_and_differ_by_key_and_message() {
    let provider = provider();
    for spec in [KeySpec::Hmac224, KeySpec::Hmac256, KeySpec::Hmac384, KeySpec::Hmac512] {
        let algorithm = spec.mac_algorithms()[0];
        let load = || {
            let made = provider.make(&name(spec)).expect("it is made");
            provider.load(&name(spec), &made.wrapped).expect("it loads")
        };
        let (one, two) = (load(), load());
        let code = one.mac(algorithm, b"message").expect("it makes a code");
        assert_eq!(code.len(), algorithm.mac_bytes());
        assert!(code == one.mac(algorithm, b"message").expect("it makes a code"));
        assert!(code != one.mac(algorithm, b"massage").expect("it makes a code"));
        assert!(code != two.mac(algorithm, b"message").expect("it makes a code"));
    }
}

#[test]
fn pairs_come_in_again_as_the_same_key() {
    let provider = provider();
    for spec in specs().filter(|spec| spec.is_asymmetric()) {
        let pair = provider.pair(spec).expect("it is made");
        let brought = provider.bring(&name(spec), &pair.private).expect("it is a key");
        assert_eq!(brought.public.as_deref(), Some(&*pair.public), "{spec}");
        assert_eq!(provider.load(&name(spec), &brought.wrapped).expect("it loads").spec(), spec);
        for other in KeySpec::ALL.iter().filter(|other| **other != spec && other.is_asymmetric()) {
            let error = provider.bring(&name(*other), &pair.private).err();
            match other {
                KeySpec::Sm2 => assert_eq!(error, Some(ProviderError::Unsupported(*other))),
                _ => assert!(matches!(error, Some(ProviderError::Malformed(_))), "{spec} as {other}"),
            }
            assert!(PublicKey::read(*other, &pair.public).is_err(), "{spec} as {other}");
        }
        let longer = SecretBytes::new([pair.private.expose(), &[0]].concat());
        let error = provider.bring(&name(spec), &longer).err();
        assert_eq!(error, Some(ProviderError::Malformed("bytes follow the PKCS #8 private key")), "{spec}");
    }
    for spec in [KeySpec::SymmetricDefault, KeySpec::Hmac256] {
        assert_eq!(provider.pair(spec).err(), Some(ProviderError::Unsupported(spec)));
    }
}

#[test]
fn keys_without_a_public_half_come_in_at_their_lengths_only() {
    let provider = provider();
    let lengths = [
        (KeySpec::SymmetricDefault, 32..=32),
        (KeySpec::Hmac224, 28..=64),
        (KeySpec::Hmac256, 32..=64),
        (KeySpec::Hmac384, 48..=128),
        (KeySpec::Hmac512, 64..=128),
    ];
    for (spec, lengths) in lengths {
        for len in 0..=160 {
            let brought = provider.bring(&name(spec), &SecretBytes::zeroed(len));
            match lengths.contains(&len) {
                true => {
                    let wrapped = brought.expect("the length is right").wrapped;
                    assert_eq!(provider.load(&name(spec), &wrapped).expect("it loads").spec(), spec);
                }
                false => assert!(matches!(brought.err(), Some(ProviderError::Malformed(_))), "{spec} {len}"),
            }
        }
    }
}

#[test]
fn wrapped_material_comes_out_of_every_wrapping() {
    use aws_lc_rs::key_wrap::{AES_128, AES_256, AesKek, KeyWrapPadded};
    let pair = ImportKey::make(WrappingKeySpec::Rsa2048).expect("it is made");
    let public = PublicKey::read(KeySpec::Rsa2048, &pair.public).expect("it reads");
    let unwrap = |algorithm, wrapped: &[u8]| ImportKey::unwrap(&pair.private, algorithm, wrapped);
    use WrappingAlgorithm::*;
    let (sha1, sha256) = (EncryptionAlgorithm::RsaesOaepSha1, EncryptionAlgorithm::RsaesOaepSha256);
    for (algorithm, oaep) in [(RsaesOaepSha1, sha1), (RsaesOaepSha256, sha256)] {
        let wrapped = public.encrypt(oaep, &[7; 32]).expect("it fits");
        assert_eq!(unwrap(algorithm, &wrapped).expect("it opens").expose(), [7; 32]);
        for odd in [&wrapped[1..], &[&wrapped[..], &[0]].concat(), &[], &vec![0; 10_000]] {
            assert_eq!(unwrap(algorithm, odd).err(), Some(UNREADABLE));
        }
    }
    for (algorithm, oaep) in [(RsaAesKeyWrapSha1, sha1), (RsaAesKeyWrapSha256, sha256)] {
        for (cipher, key_bytes) in [(&AES_128, 16), (&AES_256, 32)] {
            for len in [1, 8, 31, 32, 1218, 2376] {
                let key = vec![3; key_bytes];
                let mut wrapped = public.encrypt(oaep, &key).expect("it fits");
                let mut out = vec![0; len + 15];
                let kek = AesKek::new(cipher, &key).expect("the length is right");
                wrapped.extend_from_slice(kek.wrap_with_padding(&vec![9; len], &mut out).expect("it wraps"));
                assert_eq!(unwrap(algorithm, &wrapped).expect("it opens").expose(), vec![9; len]);
                for at in [0, 255, 256, wrapped.len() - 1] {
                    let mut changed = wrapped.clone();
                    changed[at] ^= 1;
                    assert_eq!(unwrap(algorithm, &changed).err(), Some(UNREADABLE), "byte {at}");
                }
                assert_eq!(unwrap(algorithm, &wrapped[..wrapped.len() - 1]).err(), Some(UNREADABLE));
                assert_eq!(unwrap(algorithm, &wrapped[..256]).err(), Some(UNREADABLE));
                assert_eq!(unwrap(algorithm, &wrapped[..255]).err(), Some(UNREADABLE));
            }
        }
        let wrapped = public.encrypt(oaep, &[3; 24]).expect("it fits");
        let wrapped = [&wrapped[..], &[0; 40]].concat();
        assert_eq!(unwrap(algorithm, &wrapped).err(), Some(UNREADABLE));
    }
    assert_eq!(unwrap(Sm2Pke, &[]).err(), Some(ProviderError::Unsupported(KeySpec::Sm2)));
}

type Loaded = (Arc<dyn Material>, Option<PublicKey>);

/// One key of each spec that is offered, loaded once for all properties.
static KEYS: LazyLock<Vec<Loaded>> = LazyLock::new(|| {
    let provider = provider();
    let load = |spec| {
        let made = provider.make(&name(spec)).expect("it is made");
        let public = made.public.map(|der| PublicKey::read(spec, &der).expect("it reads"));
        (provider.load(&name(spec), &made.wrapped).expect("it loads"), public)
    };
    specs().map(load).collect()
});

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whatever_is_signed_verifies_and_no_other_message_does(
        message in prop::collection::vec(any::<u8>(), 0..300),
        other in prop::collection::vec(any::<u8>(), 0..300),
        junk in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        for (key, public) in KEYS.iter() {
            for algorithm in key.spec().signing_algorithms() {
                let public = public.as_ref().expect("what signs has a public half");
                let signature = key.sign(*algorithm, Message::Raw(&message)).expect("it signs");
                prop_assert_eq!(public.verify(*algorithm, Message::Raw(&message), &signature), Ok(()));
                let verdict = public.verify(*algorithm, Message::Raw(&other), &signature);
                prop_assert_eq!(verdict.is_ok(), message == other);
                prop_assert_eq!(public.verify(*algorithm, Message::Raw(&message), &junk), Err(UNREADABLE));
            }
        }
    }

    #[test]
    fn whatever_fits_is_decrypted_again(plain in prop::collection::vec(any::<u8>(), 0..=190)) {
        let (key, public) = KEYS.iter().find(|(key, _)| key.spec() == KeySpec::Rsa2048).expect("it is there");
        for algorithm in [EncryptionAlgorithm::RsaesOaepSha1, EncryptionAlgorithm::RsaesOaepSha256] {
            let sealed = public.as_ref().expect("a public half").encrypt(algorithm, &plain).expect("it fits");
            let opened = key.decrypt(algorithm, &sealed).expect("it opens");
            prop_assert_eq!(opened.expose(), &plain[..]);
        }
    }

    #[test]
    fn no_bytes_from_outside_panic(bytes in prop::collection::vec(any::<u8>(), 0..2000), at in 0usize..60) {
        let provider = provider();
        for spec in KeySpec::ALL {
            let _ = PublicKey::read(*spec, &bytes);
            let _ = provider.bring(&name(*spec), &SecretBytes::copy_from(&bytes));
            let _ = provider.load(&name(*spec), &bytes);
            // Real DER with one byte changed gets further.
            if let Ok(pair) = fast_pair(*spec) {
                let mut changed = pair.private.expose().to_vec();
                changed[at % pair.private.len()] ^= bytes.first().copied().unwrap_or(1);
                let _ = provider.bring(&name(*spec), &SecretBytes::new(changed));
                let mut changed = pair.public.to_vec();
                changed[at % pair.public.len()] ^= bytes.first().copied().unwrap_or(1);
                let _ = PublicKey::read(*spec, &changed);
            }
        }
        for (key, _) in KEYS.iter() {
            let _ = key.open(&EncryptionContext::default(), &bytes);
            let _ = key.agree(&bytes);
            let _ = key.decapsulate(&bytes);
            for algorithm in EncryptionAlgorithm::ALL {
                let _ = key.decrypt(*algorithm, &bytes);
            }
        }
    }
}

fn fast_pair(spec: KeySpec) -> Result<Pair, ProviderError> {
    match spec.is_slow_to_make() {
        true => Err(ProviderError::Unsupported(spec)),
        false => provider().pair(spec),
    }
}
