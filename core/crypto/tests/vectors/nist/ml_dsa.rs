//! Known answers of ML-DSA (FIPS 204): keys from seeds, and signatures. All have a context, so that they can be had
//! through their mu only.

use keystead_crypto::{Message, PublicKey};
use keystead_model::{KeySpec, SigningAlgorithm};
use shake::Shake256;
use shake::digest::{ExtendableOutput, Update, XofReader};

use super::rsp::Block;
use super::{Count, folder};
use crate::{UNAUTHENTIC, bring, der, private_der};

const HOW: SigningAlgorithm = SigningAlgorithm::MlDsaShake256;

#[test]
fn ml_dsa_keys_and_signatures() {
    let Some(folder) = folder() else { return };
    let mut count = Count::default();
    let sets = [("44", KeySpec::MlDsa44), ("65", KeySpec::MlDsa65), ("87", KeySpec::MlDsa87)];
    for (set, spec) in sets {
        for block in folder.read(&format!("asymmetric/MLDSA/kat_MLDSA_{set}_det_pure.rsp")) {
            check(spec, &block);
            count.taken += 1;
        }
    }
    count.check("ML-DSA", 300, 0, &[]);
}

/// Ours are hedged, and so differ from the published one each time; both verify.
fn check(spec: KeySpec, block: &Block) {
    let at = format!("{spec} {}", block.expect("count"));
    let both = [der(0x04, &block.bytes("xi")), der(0x04, &block.bytes("sk"))].concat();
    let (made, key) = bring(spec, &private_der(spec, &der(0x30, &both))).expect(&at);
    let (own, published) = (made.public.expect("a public half"), block.bytes("pk"));
    assert!(own.ends_with(&published), "{at}");
    let public = PublicKey::read(spec, &own).expect("it reads");

    let (message, signed) = (block.bytes("msg"), block.bytes("sm"));
    let signature = signed.strip_suffix(&*message).expect("a signed message ends with the message");
    let mu = mu(&published, &block.bytes("ctx"), &message);
    let ours = key.sign(HOW, Message::ExternalMu(&mu)).expect("it signs");
    assert_eq!(ours.len(), signature.len(), "{at}");
    for signature in [signature, &ours] {
        assert_eq!(public.verify(HOW, Message::ExternalMu(&mu), signature), Ok(()), "{at}");
        // Without its context, the message is another one.
        assert_eq!(public.verify(HOW, Message::Raw(&message), signature), Err(UNAUTHENTIC), "{at}");
    }
}

/// FIPS 204 algorithm 2 line 10 and algorithm 7 line 6.
fn mu(public: &[u8], context: &[u8], message: &[u8]) -> [u8; 64] {
    let tr = shake256(&[public]);
    shake256(&[&tr, &[0, u8::try_from(context.len()).expect("at most 255 bytes")], context, message])
}

fn shake256(parts: &[&[u8]]) -> [u8; 64] {
    let mut hash = Shake256::default();
    parts.iter().for_each(|part| hash.update(part));
    let mut out = [0; 64];
    hash.finalize_xof().read(&mut out);
    out
}
