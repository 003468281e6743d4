//! HMAC, as the pseudorandom function of key derivation in counter mode (SP 800-108 section 4.1): what is derived is
//! the codes of counted inputs, one after the other. NIST's vectors of HMAC alone are not in the package.

use keystead_model::KeySpec;

use super::{Count, folder};
use crate::bring;

#[test]
fn hmac_codes_that_keys_are_derived_from() {
    let Some(folder) = folder() else { return };
    let mut count = Count::default();
    for block in folder.read("KDF/nist-800-108-KBKDF-CTR.txt") {
        let spec = match block.headings[0].as_str() {
            "PRF=HMAC_SHA224" => KeySpec::Hmac224,
            "PRF=HMAC_SHA256" => KeySpec::Hmac256,
            "PRF=HMAC_SHA384" => KeySpec::Hmac384,
            "PRF=HMAC_SHA512" => KeySpec::Hmac512,
            "PRF=HMAC_SHA1" => {
                count.leave_out("HMAC with SHA-1");
                continue;
            }
            _ => {
                count.leave_out("CMAC");
                continue;
            }
        };
        let (_, key) = bring(spec, &block.bytes("KI")).expect("it is a key");
        let inputs = block.all("instring").map(|input| hex::decode(input).expect("hexadecimal"));
        let codes: Vec<u8> = inputs
            .flat_map(|input| {
                let code = key.mac(spec.mac_algorithms()[0], &input).expect("it makes a code");
                code.expose().to_vec()
            })
            .collect();
        let derived = block.bytes("KO");
        let bits: usize = block.expect("L").parse().expect("a number");
        assert_eq!(derived.len() * 8, bits, "{block:?}");
        assert_eq!(codes.get(..derived.len()), Some(&*derived), "{block:?}");
        count.taken += 1;
    }
    count.check("HMAC", 1920, 0, &[("CMAC", 2400), ("HMAC with SHA-1", 480)]);
}
