//! ECDSA (FIPS 186-2 and 186-3) and ECDH (SP 800-56A): key pairs, public keys, signatures and secrets.

use keystead_crypto::{Message, ProviderError, PublicKey, SecretBytes};
use keystead_model::{KeySpec, SigningAlgorithm};

use super::rsp::Block;
use super::{Count, folder, integer, padded};
use crate::{UNAUTHENTIC, bring, der, is_malformed, private_der, public_der};

const OTHER_CURVE: &str = "other curves";
const OTHER_HASH: &str = "other hash functions with that curve";

/// The spec with that curve, and the length of a coordinate and of a private number.
fn spec(curve: &str) -> Option<(KeySpec, usize)> {
    match curve {
        "P-256" => Some((KeySpec::EccNistP256, 32)),
        "P-384" => Some((KeySpec::EccNistP384, 48)),
        "P-521" => Some((KeySpec::EccNistP521, 66)),
        "K-256" => Some((KeySpec::EccSecgP256k1, 32)),
        _ => None,
    }
}

/// An uncompressed point. One with a coordinate that is too long comes out too long.
fn point(block: &Block, x: &str, y: &str, bytes: usize) -> Vec<u8> {
    [vec![4], padded(&block.number(x), bytes), padded(&block.number(y), bytes)].concat()
}

/// DER PKCS #8 of a private number and its public point (RFC 5915).
fn pkcs8(spec: KeySpec, number: &[u8], bytes: usize, point: &[u8]) -> Vec<u8> {
    let public = der(0xa1, &der(0x03, &[&[0], point].concat()));
    private_der(spec, &der(0x30, &[der(0x02, &[1]), der(0x04, &padded(number, bytes)), public].concat()))
}

/// A signature as DER (RFC 3279 section 2.2.3).
fn signature(block: &Block) -> Vec<u8> {
    der(0x30, &[integer(&block.number("R")), integer(&block.number("S"))].concat())
}

#[test]
fn key_pairs() {
    let Some(folder) = folder() else { return };
    let mut count = Count::default();
    for edition in ["FIPS_186-2", "FIPS_186-3"] {
        for block in folder.read(&format!("asymmetric/ECDSA/{edition}/KeyPair.rsp")) {
            if block.text("d").is_none() {
                assert!(block.text("N").is_some(), "{block:?}");
                continue;
            }
            let Some((spec, bytes)) = spec(&block.headings[0]) else {
                count.leave_out(OTHER_CURVE);
                continue;
            };
            let point = point(&block, "Qx", "Qy", bytes);
            let (made, key) =
                bring(spec, &crate::ec::pkcs8(spec, &block.number("d"), bytes)).expect("it is a key");
            assert_eq!(made.public.as_deref(), Some(&*public_der(spec, &point)), "{block:?}");
            let public = PublicKey::read(spec, &public_der(spec, &point)).expect("it reads");
            let how = spec.signing_algorithms()[0];
            let signature = key.sign(how, Message::Raw(b"message")).expect("it signs");
            assert_eq!(public.verify(how, Message::Raw(b"message"), &signature), Ok(()), "{block:?}");
            count.taken += 1;
        }
    }
    count.check("EC key pairs", 60, 0, &[(OTHER_CURVE, 240)]);
}

#[test]
fn public_keys() {
    let Some(folder) = folder() else { return };
    let mut count = Count::default();
    for edition in ["FIPS_186-2", "FIPS_186-3"] {
        for block in folder.read(&format!("asymmetric/ECDSA/{edition}/PKV.rsp")) {
            let Some((spec, bytes)) = spec(&block.headings[0]) else {
                count.leave_out(OTHER_CURVE);
                continue;
            };
            let read = PublicKey::read(spec, &public_der(spec, &point(&block, "Qx", "Qy", bytes)));
            match block.result() {
                (true, _) => {
                    assert!(read.is_ok(), "{block:?}");
                    count.taken += 1;
                }
                (false, _) => {
                    assert!(is_malformed(&read), "{block:?}");
                    count.refused += 1;
                }
            }
        }
    }
    count.check("EC public keys", 24, 48, &[(OTHER_CURVE, 288)]);
}

/// The spec and the algorithm that a heading such as `P-256,SHA-256` names; the first edition knows SHA-1 only. Counts
/// what is not offered.
fn algorithm(block: &Block, count: &mut Count) -> Option<(KeySpec, usize, SigningAlgorithm)> {
    let (curve, hash) = block.headings[0].split_once(',').unwrap_or((&block.headings[0], "SHA-1"));
    let Some((spec, bytes)) = spec(curve) else {
        count.leave_out(OTHER_CURVE);
        return None;
    };
    let how = match (spec, hash) {
        (KeySpec::EccNistP256 | KeySpec::EccSecgP256k1, "SHA-256") => SigningAlgorithm::EcdsaSha256,
        (KeySpec::EccNistP384, "SHA-384") => SigningAlgorithm::EcdsaSha384,
        (KeySpec::EccNistP521, "SHA-512") => SigningAlgorithm::EcdsaSha512,
        _ => {
            count.leave_out(OTHER_HASH);
            return None;
        }
    };
    Some((spec, bytes, how))
}

#[test]
fn signatures_are_told_right_from_wrong() {
    let Some(folder) = folder() else { return };
    let mut count = Count::default();
    for edition in ["FIPS_186-2", "FIPS_186-3"] {
        for block in folder.read(&format!("asymmetric/ECDSA/{edition}/SigVer.rsp")) {
            let Some((spec, bytes, how)) = algorithm(&block, &mut count) else { continue };
            let public = PublicKey::read(spec, &public_der(spec, &point(&block, "Qx", "Qy", bytes)));
            let message = block.bytes("Msg");
            let verdict = public.and_then(|key| key.verify(how, Message::Raw(&message), &signature(&block)));
            match block.result() {
                (true, _) => {
                    assert_eq!(verdict, Ok(()), "{block:?}");
                    count.taken += 1;
                }
                // A key that was changed may be none.
                (false, reason) => {
                    let refused = verdict == Err(UNAUTHENTIC) || reason == 4 && is_malformed(&verdict);
                    assert!(refused, "{block:?} {verdict:?}");
                    count.refused += 1;
                }
            }
        }
    }
    count.check("ECDSA, verifying", 9, 36, &[(OTHER_CURVE, 1080), (OTHER_HASH, 225)]);
}

/// The `.txt` files hold what the `.rsp` files do, and the private keys.
#[test]
fn private_keys_sign() {
    let Some(folder) = folder() else { return };
    let mut count = Count::default();
    sign_all(folder.read("asymmetric/ECDSA/FIPS_186-2/SigGen.txt"), &mut count);
    sign_all(folder.read("asymmetric/ECDSA/FIPS_186-3/SigGen.txt"), &mut count);
    count.check("ECDSA, signing", 45, 0, &[(OTHER_CURVE, 1080), (OTHER_HASH, 225)]);
}

/// NIST took that curve in SP 800-186, and has no vectors of it: these only have the form of NIST's.
#[test]
fn private_keys_of_secp256k1_sign() {
    let Some(folder) = folder() else { return };
    let mut count = Count::default();
    sign_all(folder.read("asymmetric/ECDSA/SECP256K1/SigGen.txt"), &mut count);
    count.check("ECDSA on secp256k1, signing", 225, 0, &[(OTHER_HASH, 900)]);
}

/// Each signature has a random number in it, so that ours are others than those published; both verify.
fn sign_all(blocks: Vec<Block>, count: &mut Count) {
    for block in blocks {
        let Some((spec, bytes, how)) = algorithm(&block, count) else { continue };
        let point = point(&block, "Qx", "Qy", bytes);
        let (made, key) = bring(spec, &pkcs8(spec, &block.number("d"), bytes, &point)).expect("it is a key");
        assert_eq!(made.public.as_deref(), Some(&*public_der(spec, &point)), "{block:?}");
        let public = PublicKey::read(spec, &public_der(spec, &point)).expect("it reads");
        let message = block.bytes("Msg");
        let ours = key.sign(how, Message::Raw(&message)).expect("it signs");
        for signature in [signature(&block), ours] {
            assert_eq!(public.verify(how, Message::Raw(&message), &signature), Ok(()), "{block:?}");
            let other = public.verify(how, Message::Raw(&[&*message, &[0]].concat()), &signature);
            assert_eq!(other, Err(UNAUTHENTIC), "{block:?}");
        }
        count.taken += 1;
    }
}

/// The curve of a heading such as `EC - SHA256`.
fn agreement_spec(block: &Block) -> Option<(KeySpec, usize)> {
    let heading = block.headings.last().expect("there is one");
    match heading.split(' ').next() {
        Some("EC") => spec("P-256"),
        Some("ED") => spec("P-384"),
        Some("EE") => spec("P-521"),
        _ => None,
    }
}

/// What is derived from a secret, and codes under that, are not offered: where only they are wrong, the secret is
/// right.
#[test]
fn secrets_that_are_agreed_on() {
    let Some(folder) = folder() else { return };
    let mut count = Count::default();
    for test in ["NOKC_ZZOnly_init", "NOKC_ZZOnly_resp", "KDFConcat_NOKC_init", "KDFConcat_NOKC_resp"] {
        for block in folder.read(&format!("asymmetric/ECDH/KASValidityTest_ECCStaticUnified_{test}.fax")) {
            let Some((spec, bytes)) = agreement_spec(&block) else {
                count.leave_out(OTHER_CURVE);
                continue;
            };
            let own = point(&block, "QsIUTx", "QsIUTy", bytes);
            let brought = bring(spec, &pkcs8(spec, &block.number("dsIUT"), bytes, &own));
            let peer = public_der(spec, &point(&block, "QsCAVSx", "QsCAVSy", bytes));
            check_agreement(&block, brought.map(|(_, key)| key.agree(&peer)), &mut count);
        }
    }
    count.check("ECDH", 324, 216, &[(OTHER_CURVE, 360)]);
}

/// `agreed` fails outside if our own key does not come in, and inside if the other's does not read.
fn check_agreement(
    block: &Block,
    agreed: Result<Result<SecretBytes, ProviderError>, ProviderError>,
    count: &mut Count,
) {
    let published = block.bytes("Z");
    match block.result() {
        // The other's public key is none.
        (false, 1 | 2) => assert!(agreed.is_ok_and(|agreed| is_malformed(&agreed)), "{block:?}"),
        // Our own public key, or our private key, is not that of the other half.
        (false, 5..=7) => assert!(is_malformed(&agreed), "{block:?}"),
        (false, 8) => {
            let agreed = agreed.expect("it is a key").expect("they agree");
            assert_ne!(agreed.expose(), published, "{block:?}");
        }
        (true, 0 | 13 | 14) | (false, 9..=12) => {
            let agreed = agreed.expect("it is a key").expect("they agree");
            assert_eq!(agreed.expose(), published, "{block:?}");
            count.taken += 1;
            return;
        }
        _ => panic!("no rule for {block:?}"),
    }
    count.refused += 1;
}
