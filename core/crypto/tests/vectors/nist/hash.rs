//! SHA-256, SHA-384 and SHA-512 (FIPS 180-4), as a signature's first step: what is signed by its digest verifies by its
//! message, and by no other. SHA-256 also by itself.

use keystead_crypto::{KeyProvider, Material, Message, PublicKey, sha256};
use keystead_model::{KeySpec, SigningAlgorithm};

use super::rsp::Block;
use super::{Count, folder};
use crate::{UNAUTHENTIC, bring, provider};

#[test]
fn digests_that_are_signed() {
    let Some(folder) = folder() else { return };
    let mut count = Count::default();
    let hashes = [
        ("SHA256", KeySpec::EccNistP256),
        ("SHA384", KeySpec::EccNistP384),
        ("SHA512", KeySpec::EccNistP521),
    ];
    for (hash, spec) in hashes {
        let pair = provider().pair(spec).expect("it is made");
        let (_, key) = bring(spec, pair.private.expose()).expect("it is a key");
        let public = PublicKey::read(spec, &pair.public).expect("it reads");
        for file in ["ShortMsg", "LongMsg"] {
            for block in folder.read(&format!("hashes/SHA2/{hash}{file}.rsp")) {
                check(&*key, &public, &message(&block), &block.bytes("MD"));
                count.taken += 1;
            }
        }
    }
    count.check("SHA-2", 643, 0, &[]);
}

/// The message, which is a zero byte where there is none.
fn message(block: &Block) -> Vec<u8> {
    let bits: usize = block.expect("Len").parse().expect("a number");
    let mut message = block.bytes("Msg");
    assert_eq!((bits % 8, message.len()), (0, (bits / 8).max(1)), "{block:?}");
    message.truncate(bits / 8);
    message
}

fn check(key: &dyn Material, public: &PublicKey, message: &[u8], digest: &[u8]) {
    let how: SigningAlgorithm = key.spec().signing_algorithms()[0];
    let signature = key.sign(how, Message::Digest(digest)).expect("it signs");
    assert_eq!(public.verify(how, Message::Raw(message), &signature), Ok(()), "{}", hex::encode(message));
    let longer = [message, &[0]].concat();
    assert_eq!(public.verify(how, Message::Raw(&longer), &signature), Err(UNAUTHENTIC));
    if digest.len() == 32 {
        assert_eq!(sha256(message), digest, "{}", hex::encode(message));
    }
}

/// Each digest is the thousandth in a chain that hashes the three before it.
#[test]
fn chains_of_digests() {
    let Some(folder) = folder() else { return };
    let mut count = Count::default();
    let blocks = folder.read("hashes/SHA2/SHA256Monte.rsp");
    let mut seed = blocks[0].bytes("Seed");
    for block in &blocks[1..] {
        let mut last = [seed.clone(), seed.clone(), seed];
        for _ in 0..1000 {
            let next = sha256(&last.concat()).to_vec();
            let [_, second, third] = last;
            last = [second, third, next];
        }
        let [_, _, end] = last;
        assert_eq!(end, block.bytes("MD"), "{block:?}");
        seed = end;
        count.taken += 1;
    }
    for file in ["SHA384", "SHA512"] {
        for _ in &folder.read(&format!("hashes/SHA2/{file}Monte.rsp"))[1..] {
            count.leave_out("a digest of that hash function is handed to nobody");
        }
    }
    count.check("SHA-2 chains", 100, 0, &[("a digest of that hash function is handed to nobody", 200)]);
}
