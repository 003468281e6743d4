//! AES key wrap with padding (SP 800-38F section 6.3), as the second step of `RSA_AES_KEY_WRAP_SHA_256`.

use keystead_crypto::{ImportKey, PublicKey};
use keystead_model::{EncryptionAlgorithm, KeySpec, WrappingAlgorithm, WrappingKeySpec};

use super::{Count, folder};
use crate::UNAUTHENTIC;

#[test]
fn aes_key_wrap_with_padding() {
    let Some(folder) = folder() else { return };
    let mut count = Count::default();
    let pair = ImportKey::make(WrappingKeySpec::Rsa2048).expect("it is made");
    let public = PublicKey::read(KeySpec::Rsa2048, &pair.public).expect("it reads");
    let files = ["KWP_AD_128", "KWP_AE_128", "KWP_AD_192", "KWP_AE_192", "KWP_AD_256", "KWP_AE_256"];
    for file in files {
        for block in folder.read(&format!("keywrap/kwtestvectors/{file}.txt")) {
            let key = block.bytes("K");
            let mut wrapped = public.encrypt(EncryptionAlgorithm::RsaesOaepSha256, &key).expect("it fits");
            wrapped.extend(block.bytes("C"));
            let opened = ImportKey::unwrap(&pair.private, WrappingAlgorithm::RsaAesKeyWrapSha256, &wrapped);
            if key.len() == 24 {
                assert_eq!(opened.err(), Some(UNAUTHENTIC), "{file} {block:?}");
                count.leave_out("AES keys of 24 bytes");
            } else if block.text("FAIL").is_some() {
                assert_eq!(opened.err(), Some(UNAUTHENTIC), "{file} {block:?}");
                count.refused += 1;
            } else {
                assert_eq!(opened.expect(file).expose(), block.bytes("P"), "{file} {block:?}");
                count.taken += 1;
            }
        }
        for block in folder.read(&format!("keywrap/kwtestvectors/{file}_inv.txt")) {
            assert!(block.text("C").is_some(), "{file} {block:?}");
            count.leave_out("wrapped with AES's inverse cipher");
        }
    }
    let left_out = [("AES keys of 24 bytes", 1000), ("wrapped with AES's inverse cipher", 3000)];
    count.check("AES-KWP", 1800, 200, &left_out);
}
