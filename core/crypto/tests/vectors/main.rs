//! Published vectors, failures included, through the software provider: what comes in is brought in, wrapped, loaded and
//! used as the engine does it. Those of Wycheproof and of RFCs are always run; NIST's where they are installed. Each test says how many vectors it ran and how many it left out; the numbers are
//! asserted, so that none gets lost when the vectors or the provider change.

mod ec;
mod edwards;
mod mac;
mod ml_dsa;
mod ml_kem;
mod nist;
mod private_keys;
mod rsa;
mod wrapping;

use std::sync::Arc;

use keystead_crypto::{
    Arena, KeyProvider, Made, Material, MaterialName, ProviderError, RootKey, SecretBytes, SoftwareProvider,
    Unauthentic,
};
use keystead_model::world::Entropy;
use keystead_model::{AccountId, KeyId, KeySpec, MaterialId};

/// How many vectors of a kind were run, and how many concern something that is not offered.
#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    ran: usize,
    left_out: usize,
}

const UNAUTHENTIC: ProviderError = ProviderError::Unauthentic(Unauthentic);

struct Library;
impl Entropy for Library {
    fn fill(&self, out: &mut [u8]) {
        aws_lc_rs::rand::fill(out).expect("there is entropy");
    }
}

fn provider() -> SoftwareProvider {
    let root = RootKey::load(&Arena::new(1024), &[1; 32]).expect("there is room");
    SoftwareProvider::new(Arc::new(root), Arc::new(Library))
}

/// Brings material in, wraps it and loads it again.
fn bring(spec: KeySpec, bytes: &[u8]) -> Result<(Made, Arc<dyn Material>), ProviderError> {
    let provider = provider();
    let name = MaterialName {
        account: AccountId::from_number(1).expect("twelve digits"),
        key: KeyId::from_random([3; 16]),
        material: MaterialId([1; 32]),
        spec,
    };
    let made = provider.bring(&name, &SecretBytes::copy_from(bytes))?;
    let material = provider.load(&name, &made.wrapped)?;
    Ok((made, material))
}

fn is_malformed<T>(result: &Result<T, ProviderError>) -> bool {
    matches!(result, Err(ProviderError::Malformed(_)))
}

/// A public half of `spec` around raw bytes, however many.
fn public_der(spec: KeySpec, raw: &[u8]) -> Vec<u8> {
    der(0x30, &[algorithm_der(spec), der(0x03, &[&[0], raw].concat())].concat())
}

/// DER PKCS #8 of `spec` around the contents of its private key.
fn private_der(spec: KeySpec, contents: &[u8]) -> Vec<u8> {
    der(0x30, &[der(0x02, &[0]), algorithm_der(spec), der(0x04, contents)].concat())
}

/// `AlgorithmIdentifier` of a key pair.
fn algorithm_der(spec: KeySpec) -> Vec<u8> {
    let hex = match spec {
        KeySpec::Rsa2048 | KeySpec::Rsa3072 | KeySpec::Rsa4096 => "300d06092a864886f70d0101010500",
        KeySpec::EccNistP256 => "301306072a8648ce3d020106082a8648ce3d030107",
        KeySpec::EccNistP384 => "301006072a8648ce3d020106052b81040022",
        KeySpec::EccNistP521 => "301006072a8648ce3d020106052b81040023",
        KeySpec::EccSecgP256k1 => "301006072a8648ce3d020106052b8104000a",
        KeySpec::MlDsa44 => "300b0609608648016503040311",
        KeySpec::MlDsa65 => "300b0609608648016503040312",
        KeySpec::MlDsa87 => "300b0609608648016503040313",
        KeySpec::MlKem512 => "300b0609608648016503040401",
        KeySpec::MlKem768 => "300b0609608648016503040402",
        KeySpec::MlKem1024 => "300b0609608648016503040403",
        other => panic!("no vector needs {other} written"),
    };
    hex::decode(hex).expect("hexadecimal")
}

/// One DER value.
fn der(tag: u8, contents: &[u8]) -> Vec<u8> {
    let length = match contents.len() {
        len @ ..=0x7f => vec![len as u8],
        len @ ..=0xff => vec![0x81, len as u8],
        len => vec![0x82, (len >> 8) as u8, len as u8],
    };
    [&[tag][..], &length, contents].concat()
}
