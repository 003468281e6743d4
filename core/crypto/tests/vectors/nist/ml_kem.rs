//! Known answers of ML-KEM (FIPS 203): keys from seeds, decapsulation, and ciphertexts that are rejected implicitly.

use keystead_model::KeySpec;

use super::{Count, folder};
use crate::{bring, der, private_der};

/// Encapsulation cannot be repeated, as the provider draws the message itself.
#[test]
fn ml_kem_keys_and_secrets() {
    let Some(folder) = folder() else { return };
    let mut count = Count::default();
    let sets = [("512", KeySpec::MlKem512), ("768", KeySpec::MlKem768), ("1024", KeySpec::MlKem1024)];
    for (set, spec) in sets {
        for block in folder.read(&format!("asymmetric/MLKEM/kat_MLKEM_{set}.rsp")) {
            let at = format!("{spec} {}", block.expect("count"));
            let seed = [block.bytes("d"), block.bytes("z")].concat();
            let both = [der(0x04, &seed), der(0x04, &block.bytes("sk"))].concat();
            let (made, key) = bring(spec, &private_der(spec, &der(0x30, &both))).expect(&at);
            assert!(made.public.expect("a public half").ends_with(&block.bytes("pk")), "{at}");
            for (ciphertext, secret) in [("ct", "ss"), ("ct_n", "ss_n")] {
                let opened = key.decapsulate(&block.bytes(ciphertext)).expect(&at);
                assert_eq!(opened.expose(), block.bytes(secret), "{at} {ciphertext}");
            }
            count.taken += 1;
        }
    }
    count.check("ML-KEM", 3000, 0, &[]);
}
