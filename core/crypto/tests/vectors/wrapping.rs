//! AES key wrap with padding of Wycheproof, as the second step of `RSA_AES_KEY_WRAP_SHA_256`.

use keystead_crypto::{ImportKey, PublicKey};
use keystead_model::{EncryptionAlgorithm, KeySpec, WrappingAlgorithm, WrappingKeySpec};
use wycheproof::{TestResult, keywrap};

use crate::{Tally, UNAUTHENTIC};

#[test]
fn aes_key_wrap_with_padding() {
    let mut tally = Tally::default();
    let pair = ImportKey::make(WrappingKeySpec::Rsa2048).expect("it is made");
    let public = PublicKey::read(KeySpec::Rsa2048, &pair.public).expect("it reads");
    let set = keywrap::TestSet::load(keywrap::TestName::AesKeyWrapWithPadding).expect("the vectors parse");
    for group in set.test_groups {
        for test in group.tests {
            let mut wrapped =
                public.encrypt(EncryptionAlgorithm::RsaesOaepSha256, &test.key).expect("it fits");
            wrapped.extend_from_slice(&test.ct);
            let opened = ImportKey::unwrap(&pair.private, WrappingAlgorithm::RsaAesKeyWrapSha256, &wrapped);
            if test.key.len() == 24 {
                assert_eq!(opened.err(), Some(UNAUTHENTIC), "{}", test.tc_id);
                tally.left_out += 1;
                continue;
            }
            match test.result {
                TestResult::Invalid => assert_eq!(opened.err(), Some(UNAUTHENTIC), "{}", test.tc_id),
                _ => assert_eq!(opened.expect("it opens").expose(), &**test.pt, "{}", test.tc_id),
            }
            tally.ran += 1;
        }
    }
    // Left out: AES keys of 24 bytes, which are not taken.
    println!("AES-KWP: {tally:?}");
    assert_eq!(tally, Tally { ran: 169, left_out: 85 });
}
