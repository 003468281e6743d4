//! Private keys as other programs write them, and ones that must not come in: `vectors/private_keys.txt`, which
//! `vectors/private_keys.py` makes.

use keystead_crypto::{Message, ProviderError, PublicKey};
use keystead_model::{KeySpec, KeyUsage};

use crate::bring;

#[test]
fn private_keys_of_other_programs() {
    let (mut right, mut wrong) = (0, 0);
    for case in include_str!("../../vectors/private_keys.txt").trim().split("\n\n") {
        let field = |name: &str| {
            let line = case.lines().find(|line| line.split('=').next().is_some_and(|n| n.trim() == name));
            line.and_then(|line| line.split_once('='))
                .map(|(_, value)| value.trim())
                .expect("the field is there")
        };
        let name = field("name");
        let spec = KeySpec::parse(field("spec")).expect("a key spec");
        let brought = bring(spec, &hex::decode(field("pkcs8")).expect("hexadecimal"));
        match field("expect") {
            "ok" => {
                let (made, key) = brought.expect(name);
                let public = made.public.expect("a public half");
                assert_eq!(hex::encode(&public), field("public"), "{name}");
                let public = PublicKey::read(spec, &public).expect("it reads");
                if spec.usages().contains(&KeyUsage::SignVerify) {
                    let algorithm = spec.signing_algorithms()[0];
                    let signature = key.sign(algorithm, Message::Raw(b"message")).expect("it signs");
                    assert_eq!(public.verify(algorithm, Message::Raw(b"message"), &signature), Ok(()));
                }
                right += 1;
            }
            why => {
                let Some(ProviderError::Malformed(said)) = brought.err() else { panic!("{name} came in") };
                assert_eq!(said, why, "{name}");
                wrong += 1;
            }
        }
    }
    println!("private keys: {right} come in, {wrong} do not");
    assert_eq!((right, wrong), (22, 73));
}
