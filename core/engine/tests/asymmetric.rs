//! Keys of every kind through the door: what they do, what they refuse, and that slow ones hold nobody up.

mod house;

use std::collections::HashSet;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use house::{House, context, run};
use keystead_crypto::SecretBytes;
use keystead_engine::ops::*;
use keystead_model::*;
use keystead_store::disk::MemoryDisk;

use EncryptionAlgorithm::{RsaesOaepSha1, RsaesOaepSha256, SymmetricDefault};
use KeyUsage::{EncapsulateDecapsulate, EncryptDecrypt, GenerateVerifyMac, KeyAgreement, SignVerify};

fn open() -> House {
    House::open(Arc::new(MemoryDisk::new()), 1).expect("it opens")
}

macro_rules! ask {
    ($house:expr, $caller:expr, $method:ident, $op:expr) => {
        match $house.engine.authorise(&$house.call(), $caller, $op).await {
            Ok(permit) => $house.engine.$method(permit).await,
            Err(error) => Err(error),
        }
    };
}

fn create(spec: KeySpec, usage: KeyUsage) -> CreateKey {
    CreateKey {
        spec,
        usage,
        origin: Origin::AwsKms,
        description: "".into(),
        policy: None,
        tags: Tags::default(),
        multi_region: false,
        key_store: None,
        external_key: None,
        bypass_policy_lockout_safety_check: false,
    }
}

async fn new_key(house: &House, caller: &Arc<Caller>, spec: KeySpec, usage: KeyUsage) -> KeyArn {
    ask!(house, caller, create_key, create(spec, usage)).expect("a key").arn
}

fn id(key: &KeyArn) -> KeyRef {
    KeyRef::Id(key.key)
}

fn sign(key: &KeyArn, algorithm: SigningAlgorithm, kind: MessageType, message: &[u8]) -> Sign {
    let message = SecretBytes::copy_from(message);
    Sign { key: id(key), message, kind, algorithm, grant_tokens: Vec::new(), dry_run: false }
}

fn verify(made: &Signed, kind: MessageType, message: &[u8]) -> Verify {
    Verify {
        key: id(&made.key),
        message: SecretBytes::copy_from(message),
        kind,
        signature: made.signature.as_slice().into(),
        algorithm: made.algorithm,
        grant_tokens: Vec::new(),
        dry_run: false,
    }
}

fn encrypt(key: &KeyArn, algorithm: EncryptionAlgorithm, plain: &[u8]) -> Encrypt {
    Encrypt {
        key: id(key),
        plaintext: SecretBytes::copy_from(plain),
        context: EncryptionContext::default(),
        algorithm,
        grant_tokens: Vec::new(),
        dry_run: false,
    }
}

fn decrypt(key: Option<&KeyArn>, algorithm: EncryptionAlgorithm, ciphertext: &[u8]) -> Decrypt {
    Decrypt {
        key: key.map(id),
        ciphertext: ciphertext.into(),
        context: EncryptionContext::default(),
        algorithm,
        grant_tokens: Vec::new(),
        recipient: None,
        dry_run: false,
        ignore_ciphertext: false,
    }
}

fn pair(key: &KeyArn, spec: KeySpec) -> GenerateDataKeyPair {
    GenerateDataKeyPair {
        key: id(key),
        spec,
        context: context(),
        grant_tokens: Vec::new(),
        recipient: None,
        dry_run: false,
    }
}

#[test]
fn every_spec_makes_a_key_for_each_of_its_usages_and_for_no_other() {
    run(async {
        let house = open();
        let (root, _) = house.account(1).await;
        for &spec in KeySpec::ALL.iter().filter(|spec| **spec != KeySpec::Sm2) {
            for &usage in KeyUsage::ALL {
                let made = ask!(house, &root, create_key, create(spec, usage));
                match spec.usages().contains(&usage) {
                    true => {
                        let made = made.expect("a key");
                        assert_eq!((made.spec, made.usage, made.state), (spec, usage, KeyState::Enabled));
                        assert_eq!(made.material.is_some(), spec == KeySpec::SymmetricDefault);
                    }
                    false => assert_eq!(
                        made.err(),
                        Some(Error::Invalid(
                            format!("KeyUsage {usage} is not compatible with KeySpec {spec}").into()
                        ))
                    ),
                }
            }
        }
        let refused = ask!(house, &root, create_key, create(KeySpec::Sm2, SignVerify)).err();
        assert!(matches!(refused, Some(Error::Unsupported(_))), "{refused:?}");
    });
}

#[test]
fn signatures_verify_and_a_changed_message_signature_or_key_does_not() {
    use KeySpec::*;
    use MessageType::{Digest, ExternalMu, Raw};
    run(async {
        let house = open();
        let (root, _) = house.account(1).await;
        for spec in
            [EccNistP256, EccNistP384, EccNistP521, EccSecgP256k1, EccNistEdwards25519, MlDsa44, Rsa2048]
        {
            let key = new_key(&house, &root, spec, SignVerify).await;
            let other = new_key(&house, &root, spec, SignVerify).await;
            for &algorithm in spec.signing_algorithms() {
                let bytes = vec![7; algorithm.digest_bytes().unwrap_or(64)];
                for kind in [Raw, Digest, ExternalMu] {
                    let made = match ask!(house, &root, sign, sign(&key, algorithm, kind, &bytes)) {
                        Ok(made) => made,
                        Err(error) => {
                            assert!(matches!(error, Error::Invalid(_)), "{error}");
                            assert!(
                                error
                                    .to_string()
                                    .starts_with(&format!("Message type {kind} is incompatible"))
                            );
                            continue;
                        }
                    };
                    ask!(house, &root, verify_signature, verify(&made, kind, &bytes)).expect("it verifies");
                    let mut changed = bytes.clone();
                    changed[0] ^= 1;
                    let refused = ask!(house, &root, verify_signature, verify(&made, kind, &changed)).err();
                    assert_eq!(refused, Some(Error::InvalidSignature), "{spec} {algorithm} {kind}");
                    let by_other =
                        Signed { key: other.clone(), signature: made.signature.clone(), algorithm };
                    let refused = ask!(house, &root, verify_signature, verify(&by_other, kind, &bytes)).err();
                    assert_eq!(refused, Some(Error::InvalidSignature), "{spec} {algorithm} {kind}");
                    for signature in [vec![1], vec![0x61; 6144]] {
                        let broken = Signed { key: key.clone(), signature, algorithm };
                        let refused =
                            ask!(house, &root, verify_signature, verify(&broken, kind, &bytes)).err();
                        assert_eq!(refused, Some(Error::InvalidSignature), "{spec} {algorithm} {kind}");
                    }
                }
            }
        }
    });
}

#[test]
fn purpose_comes_before_state_and_state_before_algorithm() {
    run(async {
        let house = open();
        let (root, _) = house.account(1).await;
        let key = new_key(&house, &root, KeySpec::EccNistP256, SignVerify).await;
        let wrong = SigningAlgorithm::EcdsaSha384;
        let refused = ask!(house, &root, sign, sign(&key, wrong, MessageType::Digest, &[1; 20])).err();
        let said = Error::WrongAlgorithm { spec: KeySpec::EccNistP256, algorithm: "ECDSA_SHA_384" };
        assert_eq!(refused, Some(said));
        ask!(house, &root, disable_key, DisableKey { key: id(&key) }).expect("it is disabled");
        let refused = ask!(house, &root, sign, sign(&key, wrong, MessageType::Raw, &[1])).err();
        assert_eq!(refused, Some(Error::Disabled(key.clone())));
        let refused = ask!(house, &root, encrypt, encrypt(&key, SymmetricDefault, b"x")).err();
        assert_eq!(refused, Some(Error::WrongUsage { key: key.clone(), usage: SignVerify }));
    });
}

#[test]
fn codes_verify_and_a_changed_message_or_code_does_not() {
    run(async {
        let house = open();
        let (root, _) = house.account(1).await;
        for spec in [KeySpec::Hmac224, KeySpec::Hmac256, KeySpec::Hmac384, KeySpec::Hmac512] {
            let key = new_key(&house, &root, spec, GenerateVerifyMac).await;
            let algorithm = spec.mac_algorithms()[0];
            let message = |bytes: &[u8]| SecretBytes::copy_from(bytes);
            let make = |dry_run| GenerateMac {
                key: id(&key),
                message: message(b"m"),
                algorithm,
                grant_tokens: Vec::new(),
                dry_run,
            };
            let made = ask!(house, &root, generate_mac, make(false)).expect("a code");
            assert_eq!(made.mac.len(), algorithm.mac_bytes());
            assert_eq!(ask!(house, &root, generate_mac, make(true)).err(), Some(Error::DryRun));
            let check = |text: &[u8], mac: &[u8], dry_run| VerifyMac {
                key: id(&key),
                message: message(text),
                mac: mac.into(),
                algorithm,
                grant_tokens: Vec::new(),
                dry_run,
            };
            ask!(house, &root, verify_mac, check(b"m", &made.mac, false)).expect("it verifies");
            let refused = ask!(house, &root, verify_mac, check(b"m", &made.mac, true)).err();
            assert_eq!(refused, Some(Error::DryRun));
            for (text, mac) in
                [(b"n", made.mac.clone()), (b"m", vec![0; made.mac.len()]), (b"m", made.mac[..27].to_vec())]
            {
                let refused = ask!(house, &root, verify_mac, check(text, &mac, true)).err();
                assert_eq!(refused, Some(Error::InvalidMac));
            }
            let other = GenerateMac { algorithm: wrong_mac(spec), ..make(false) };
            let refused = ask!(house, &root, generate_mac, other).err();
            assert!(matches!(refused, Some(Error::WrongAlgorithm { .. })), "{refused:?}");
        }
    });
}

fn wrong_mac(spec: KeySpec) -> MacAlgorithm {
    match spec {
        KeySpec::Hmac512 => MacAlgorithm::HmacSha256,
        _ => MacAlgorithm::HmacSha512,
    }
}

#[test]
fn two_keys_agree_and_a_key_of_another_curve_is_refused() {
    run(async {
        let house = open();
        let (root, _) = house.account(1).await;
        let public = async |key: &KeyArn| {
            let op = GetPublicKey { key: id(key), grant_tokens: Vec::new() };
            ask!(house, &root, get_public_key, op).expect("a public key").spki
        };
        let derive = |key: &KeyArn, peer: &[u8]| DeriveSharedSecret {
            key: id(key),
            algorithm: KeyAgreementAlgorithm::Ecdh,
            peer: peer.into(),
            grant_tokens: Vec::new(),
            recipient: None,
            dry_run: false,
        };
        let mut publics = Vec::new();
        for (spec, bytes) in
            [(KeySpec::EccNistP256, 32), (KeySpec::EccNistP384, 48), (KeySpec::EccNistP521, 66)]
        {
            let one = new_key(&house, &root, spec, KeyAgreement).await;
            let two = new_key(&house, &root, spec, KeyAgreement).await;
            let (first, second) = (public(&one).await, public(&two).await);
            let secret = ask!(house, &root, derive_shared_secret, derive(&one, &second)).expect("a secret");
            let same = ask!(house, &root, derive_shared_secret, derive(&two, &first)).expect("a secret");
            assert!(secret.secret.expose() == same.secret.expose());
            assert_eq!((secret.secret.expose().len(), secret.origin), (bytes, Origin::AwsKms));
            for wrong in publics.iter().chain([&Box::from([0; 91])]) {
                let refused = ask!(house, &root, derive_shared_secret, derive(&one, wrong)).err();
                assert!(matches!(refused, Some(Error::Invalid(_))), "{refused:?}");
            }
            publics.push(first);
        }
    });
}

#[test]
fn an_encapsulated_secret_comes_out_of_its_own_key_only() {
    run(async {
        let house = open();
        let (root, _) = house.account(1).await;
        for (spec, bytes) in [(KeySpec::MlKem512, 768), (KeySpec::MlKem768, 1088), (KeySpec::MlKem1024, 1568)]
        {
            let key = new_key(&house, &root, spec, EncapsulateDecapsulate).await;
            let other = new_key(&house, &root, spec, EncapsulateDecapsulate).await;
            let algorithm = EncapsulationAlgorithm::MlKem;
            let op = Encapsulate { key: id(&key), algorithm, grant_tokens: Vec::new(), dry_run: false };
            let made = ask!(house, &root, encapsulate, op).expect("a secret");
            assert_eq!((made.secret.len(), made.ciphertext.len()), (32, bytes));
            let open = |key: &KeyArn, ciphertext: &[u8]| Decapsulate {
                key: id(key),
                ciphertext: ciphertext.into(),
                algorithm,
                grant_tokens: Vec::new(),
                dry_run: false,
            };
            let own = ask!(house, &root, decapsulate, open(&key, &made.ciphertext)).expect("a secret");
            assert!(own.secret == made.secret);
            let wrong = ask!(house, &root, decapsulate, open(&other, &made.ciphertext)).expect("a secret");
            assert!(wrong.secret != made.secret);
            let short = ask!(house, &root, decapsulate, open(&key, &made.ciphertext[1..])).err();
            assert_eq!(short, Some(Error::BadCiphertext));
        }
    });
}

#[test]
fn what_rsa_encrypts_it_decrypts_up_to_its_limits() {
    run(async {
        let house = open();
        let (root, _) = house.account(1).await;
        let key = new_key(&house, &root, KeySpec::Rsa2048, EncryptDecrypt).await;
        let other = new_key(&house, &root, KeySpec::Rsa2048, EncryptDecrypt).await;
        for (algorithm, max) in [(RsaesOaepSha1, 214), (RsaesOaepSha256, 190)] {
            let plain = vec![5; max];
            let made = ask!(house, &root, encrypt, encrypt(&key, algorithm, &plain)).expect("it encrypts");
            assert_eq!(made.ciphertext.len(), 256);
            let own = ask!(house, &root, decrypt, decrypt(Some(&key), algorithm, &made.ciphertext));
            let own = own.expect("it decrypts");
            assert_eq!((own.plaintext.expose(), own.material), (plain.as_slice(), None));
            let long = ask!(house, &root, encrypt, encrypt(&key, algorithm, &vec![5; max + 1])).err();
            let said = format!(
                "Algorithm {algorithm} and key spec RSA_2048 cannot encrypt data larger than {max} bytes."
            );
            assert_eq!(long, Some(Error::Invalid(said.into())));
            let wrong = ask!(house, &root, decrypt, decrypt(Some(&other), algorithm, &made.ciphertext)).err();
            assert_eq!(wrong, Some(Error::BadCiphertext));
            let unnamed = ask!(house, &root, decrypt, decrypt(None, algorithm, &made.ciphertext)).err();
            assert_eq!(unnamed, Some(Error::BadCiphertext));
            let default = decrypt(Some(&key), SymmetricDefault, &made.ciphertext);
            assert_eq!(ask!(house, &root, decrypt, default).err(), Some(Error::BadCiphertext));
            let bound = Encrypt { context: context(), ..encrypt(&key, algorithm, b"x") };
            let refused = ask!(house, &root, encrypt, bound).err().map(|error| error.to_string());
            let said = "EncryptionContext is not supported when encrypting/decrypting with asymmetric CMKs.";
            assert_eq!(refused.as_deref(), Some(said));
            let bound = Decrypt { context: context(), ..decrypt(Some(&key), algorithm, &made.ciphertext) };
            let refused = ask!(house, &root, decrypt, bound).err().map(|error| error.to_string());
            assert_eq!(refused.as_deref(), Some(said));
        }
        let default = ask!(house, &root, encrypt, encrypt(&key, SymmetricDefault, b"x")).err();
        let said = Error::WrongAlgorithm { spec: KeySpec::Rsa2048, algorithm: "SYMMETRIC_DEFAULT" };
        assert_eq!(default, Some(said));
    });
}

#[test]
fn a_ciphertext_moves_between_symmetric_and_asymmetric_keys() {
    run(async {
        let house = open();
        let (root, _) = house.account(1).await;
        let symmetric = house.key(&root).await.expect("a key");
        let rsa = new_key(&house, &root, KeySpec::Rsa2048, EncryptDecrypt).await;
        let re_encrypt =
            |ciphertext: &[u8], from: (&KeyArn, EncryptionAlgorithm), to: (&KeyArn, EncryptionAlgorithm)| {
                ReEncrypt {
                    ciphertext: ciphertext.into(),
                    source_key: Some(id(from.0)),
                    source_context: EncryptionContext::default(),
                    source_algorithm: from.1,
                    destination_key: id(to.0),
                    destination_context: EncryptionContext::default(),
                    destination_algorithm: to.1,
                    grant_tokens: Vec::new(),
                    dry_run: false,
                    ignore_ciphertext: false,
                }
            };
        let (sealed, public) = ((&symmetric.arn, SymmetricDefault), (&rsa, RsaesOaepSha256));
        let first =
            ask!(house, &root, encrypt, encrypt(&symmetric.arn, SymmetricDefault, b"moved")).expect("sealed");
        let there =
            ask!(house, &root, re_encrypt, re_encrypt(&first.ciphertext, sealed, public)).expect("moved");
        assert_eq!((there.source_material, there.destination_material), (symmetric.material, None));
        assert_eq!(there.ciphertext.len(), 256);
        let back =
            ask!(house, &root, re_encrypt, re_encrypt(&there.ciphertext, public, sealed)).expect("moved");
        assert_eq!((back.source_material, back.destination_material), (None, symmetric.material));
        let own =
            ask!(house, &root, decrypt, decrypt(None, SymmetricDefault, &back.ciphertext)).expect("it opens");
        assert_eq!(own.plaintext.expose(), b"moved");
        let dry = ReEncrypt { dry_run: true, ..re_encrypt(&back.ciphertext, sealed, public) };
        assert_eq!(ask!(house, &root, re_encrypt, dry).err(), Some(Error::DryRun));
        let ignored = ReEncrypt { dry_run: true, ignore_ciphertext: true, ..re_encrypt(&[], sealed, public) };
        assert_eq!(ask!(house, &root, re_encrypt, ignored).err(), Some(Error::DryRun));
        let long = ask!(house, &root, encrypt, encrypt(&symmetric.arn, SymmetricDefault, &[1; 191]))
            .expect("sealed");
        let refused = ask!(house, &root, re_encrypt, re_encrypt(&long.ciphertext, sealed, public)).err();
        assert!(matches!(refused, Some(Error::Invalid(why)) if why.ends_with("larger than 190 bytes.")));
    });
}

#[test]
fn a_policy_may_ask_whether_both_keys_are_one() {
    run(async {
        let house = open();
        let (root, _) = house.account(1).await;
        let policy = r#"{"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": "000000000001"}, "Action": "kms:*", "Resource": "*"},
            {"Effect": "Deny", "Principal": "*", "Action": "kms:ReEncrypt*", "Resource": "*",
             "Condition": {"Bool": {"kms:ReEncryptOnSameKey": "false"}}}]}"#;
        let key = house.key_with(&house.call(), &root, Some(policy)).await.expect("a key");
        let other = house.key(&root).await.expect("a key");
        let sealed = ask!(house, &root, encrypt, encrypt(&key.arn, SymmetricDefault, b"x")).expect("sealed");
        let to = |destination: &KeyArn| ReEncrypt {
            ciphertext: sealed.ciphertext.as_slice().into(),
            source_key: None,
            source_context: EncryptionContext::default(),
            source_algorithm: SymmetricDefault,
            destination_key: KeyRef::Arn(destination.clone()),
            destination_context: EncryptionContext::default(),
            destination_algorithm: SymmetricDefault,
            grant_tokens: Vec::new(),
            dry_run: false,
            ignore_ciphertext: false,
        };
        ask!(house, &root, re_encrypt, to(&key.arn)).expect("both are one");
        let refused = ask!(house, &root, re_encrypt, to(&other.arn)).err();
        assert!(matches!(refused, Some(Error::Denied(_))), "{refused:?}");
    });
}

#[test]
fn conditions_see_what_is_asked_for() {
    run(async {
        let house = open();
        let (root, _) = house.account(1).await;
        let policy = |action: &str, key: &str, value: &str| {
            format!(
                r#"{{"Version": "2012-10-17", "Statement": [
                {{"Effect": "Allow", "Principal": {{"AWS": "000000000001"}}, "Action": "kms:*", "Resource": "*"}},
                {{"Effect": "Deny", "Principal": "*", "Action": "{action}", "Resource": "*",
                  "Condition": {{"StringEquals": {{"{key}": "{value}"}}}}}}]}}"#
            )
        };
        let with =
            |spec, usage, policy: String| CreateKey { policy: Some(policy.into()), ..create(spec, usage) };
        let denied = |result: Option<Error>| assert!(matches!(result, Some(Error::Denied(_))), "{result:?}");

        let policy_of_kind = policy("kms:Sign", "kms:MessageType", "DIGEST");
        let key = ask!(house, &root, create_key, with(KeySpec::EccNistP256, SignVerify, policy_of_kind));
        let key = key.expect("a key").arn;
        let algorithm = SigningAlgorithm::EcdsaSha256;
        ask!(house, &root, sign, sign(&key, algorithm, MessageType::Raw, b"m")).expect("signed");
        denied(ask!(house, &root, sign, sign(&key, algorithm, MessageType::Digest, &[0; 32])).err());

        let policy_of_algorithm = policy("kms:Sign", "kms:SigningAlgorithm", "ECDSA_SHA_256");
        let key = ask!(house, &root, create_key, with(KeySpec::EccNistP256, SignVerify, policy_of_algorithm));
        let key = key.expect("a key").arn;
        denied(ask!(house, &root, sign, sign(&key, algorithm, MessageType::Raw, b"m")).err());

        let policy_of_pairs = policy("kms:GenerateDataKeyPair*", "kms:DataKeyPairSpec", "ECC_NIST_P384");
        let key =
            ask!(house, &root, create_key, with(KeySpec::SymmetricDefault, EncryptDecrypt, policy_of_pairs));
        let key = key.expect("a key").arn;
        ask!(house, &root, generate_data_key_pair, pair(&key, KeySpec::EccNistP256)).expect("a pair");
        denied(ask!(house, &root, generate_data_key_pair, pair(&key, KeySpec::EccNistP384)).err());
    });
}

#[test]
fn data_key_pairs_come_with_a_private_half_that_opens_again() {
    use KeySpec::*;
    run(async {
        let house = open();
        let (root, _) = house.account(1).await;
        let key = house.key(&root).await.expect("a key");
        let mut seen = HashSet::new();
        for spec in [
            EccNistP256,
            EccNistP384,
            EccNistP521,
            EccSecgP256k1,
            EccNistEdwards25519,
            MlKem512,
            MlKem768,
            MlKem1024,
            Rsa2048,
        ] {
            let made = ask!(house, &root, generate_data_key_pair, pair(&key.arn, spec)).expect("a pair");
            assert_eq!((made.wrapped.spec, Some(made.wrapped.material)), (spec, key.material));
            let opened = house.decrypt(&root, &made.wrapped.ciphertext).await.expect("it opens");
            assert!(opened.plaintext.expose() == made.private.expose(), "{spec}");
            assert!(seen.insert(made.wrapped.public), "{spec}");
        }
        let dry = GenerateDataKeyPair { dry_run: true, ..pair(&key.arn, Rsa4096) };
        assert_eq!(ask!(house, &root, generate_data_key_pair, dry).err(), Some(Error::DryRun));
        let sm2 = ask!(house, &root, generate_data_key_pair, pair(&key.arn, Sm2)).err();
        assert!(matches!(sm2, Some(Error::Unsupported(_))), "{sm2:?}");
        let signing = new_key(&house, &root, EccNistP256, SignVerify).await;
        let refused = ask!(house, &root, generate_data_key_pair, pair(&signing, EccNistP256)).err();
        assert_eq!(refused, Some(Error::WrongUsage { key: signing, usage: SignVerify }));
    });
}

#[test]
fn an_alias_moves_between_keys_of_one_kind_and_usage() {
    use KeySpec::*;
    run(async {
        let house = open();
        let (root, _) = house.account(1).await;
        let first = new_key(&house, &root, EccNistP256, SignVerify).await;
        let name = || Box::from("alias/signer");
        ask!(house, &root, create_alias, CreateAlias { name: name(), target: id(&first) }).expect("made");
        for (spec, usage, moves) in [
            (Rsa2048, SignVerify, true),
            (MlDsa44, SignVerify, true),
            (EccNistP256, KeyAgreement, false),
            (Hmac256, GenerateVerifyMac, false),
            (SymmetricDefault, EncryptDecrypt, false),
        ] {
            let target = new_key(&house, &root, spec, usage).await;
            let moved = ask!(house, &root, update_alias, UpdateAlias { name: name(), target: id(&target) });
            assert_eq!(moved.is_ok(), moves, "{spec} {usage}");
            assert!(moves || matches!(moved, Err(Error::Invalid(_))), "{spec} {usage}");
        }
    });
}

#[test]
fn only_symmetric_keys_rotate() {
    run(async {
        let house = open();
        let (root, _) = house.account(1).await;
        for (spec, usage) in [(KeySpec::EccNistP256, SignVerify), (KeySpec::Hmac256, GenerateVerifyMac)] {
            let key = new_key(&house, &root, spec, usage).await;
            let enable = EnableKeyRotation { key: id(&key), period_days: None };
            let refused = ask!(house, &root, enable_key_rotation, enable).err();
            assert!(matches!(refused, Some(Error::Unsupported(_))), "{refused:?}");
            let refused = ask!(house, &root, rotate_key_on_demand, RotateKeyOnDemand { key: id(&key) }).err();
            assert!(matches!(refused, Some(Error::Unsupported(_))), "{refused:?}");
            let status = ask!(house, &root, get_key_rotation_status, GetKeyRotationStatus { key: id(&key) });
            assert!(!status.expect("told").enabled);
        }
    });
}

#[test]
fn a_symmetric_or_hmac_key_has_no_public_half() {
    run(async {
        let house = open();
        let (root, _) = house.account(1).await;
        for (spec, usage) in
            [(KeySpec::SymmetricDefault, EncryptDecrypt), (KeySpec::Hmac256, GenerateVerifyMac)]
        {
            let key = new_key(&house, &root, spec, usage).await;
            let op = GetPublicKey { key: id(&key), grant_tokens: Vec::new() };
            let refused = ask!(house, &root, get_public_key, op).err();
            assert!(matches!(refused, Some(Error::Unsupported(_))), "{refused:?}");
        }
    });
}

/// RSA keys take up to seconds to make. On the thread that serves requests, everybody else would wait as long: here
/// that thread encrypts while RSA keys are made, and the first of those is not ready when it begins.
#[test]
fn slow_keys_hold_nobody_up() {
    run(async {
        let house = open();
        let (root, _) = house.account(1).await;
        let key = house.key(&root).await.expect("a key");
        let mut slow: Vec<_> = (0..2)
            .map(|_| Box::pin(async { ask!(house, &root, create_key, create(KeySpec::Rsa4096, SignVerify)) }))
            .collect();
        let mut context = Context::from_waker(Waker::noop());
        for creating in &mut slow {
            assert!(creating.as_mut().poll(&mut context).is_pending());
        }
        for _ in 0..100 {
            let call = house.call();
            house.encrypt(&call, &root, id(&key.arn), b"data").await.expect("it seals meanwhile");
        }
        let creates =
            |house: &House| house.records().iter().filter(|entry| &*entry.action == "kms:CreateKey").count();
        assert!(creates(&house) <= 3);
        for creating in slow {
            assert_eq!(creating.await.expect("a key").spec, KeySpec::Rsa4096);
        }
        assert_eq!(creates(&house), 3);
    });
}

#[test]
fn a_key_that_was_disabled_while_a_pair_was_made_wraps_nothing() {
    run(async {
        let house = open();
        let (root, _) = house.account(1).await;
        let key = house.key(&root).await.expect("a key");
        let mut making =
            Box::pin(async { ask!(house, &root, generate_data_key_pair, pair(&key.arn, KeySpec::Rsa4096)) });
        let begun = making.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        assert!(matches!(begun, Poll::Pending));
        ask!(house, &root, disable_key, DisableKey { key: id(&key.arn) }).expect("it is disabled");
        assert_eq!(making.await.err(), Some(Error::Disabled(key.arn.clone())));
    });
}

#[test]
fn whoever_goes_away_while_a_key_is_made_is_recorded() {
    run(async {
        let house = open();
        let (root, _) = house.account(1).await;
        let mut making =
            Box::pin(async { ask!(house, &root, create_key, create(KeySpec::Rsa4096, SignVerify)) });
        assert!(making.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        drop(making);
        house.key(&root).await.expect("others go on");
        let records = house.records();
        let abandoned = records.iter().filter(|entry| {
            matches!(&entry.outcome, keystead_audit::Outcome::Refused { code, .. } if &**code == "Abandoned")
        });
        assert_eq!(abandoned.count(), 1);
    });
}
