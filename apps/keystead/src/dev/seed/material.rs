//! Key material as people write it: hexadecimal, base 64, and private keys in PEM.
//!
//! What stands in a seed file guards nothing, so the text it came from is not wiped; the bytes are.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use keystead_crypto::SecretBytes;
use keystead_model::KeySpec;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use zeroize::Zeroizing;

/// Longest PEM text read, in bytes.
pub const PEM_BYTES_MAX: usize = 64 * 1024;

/// Reads bytes in hexadecimal, or else in base 64.
pub fn bytes(text: &str) -> Result<SecretBytes, &'static str> {
    let read = match text.bytes().all(|b| b.is_ascii_hexdigit()) {
        true => hex::decode(text).ok(),
        false => BASE64_STANDARD.decode(text).ok(),
    };
    read.filter(|bytes| !bytes.is_empty())
        .map(SecretBytes::new)
        .ok_or("a backing key is neither hexadecimal nor base 64 (with padding)")
}

/// Reads a private key in PEM (PKCS #8, or the older forms for RSA and elliptic curves) and answers its DER PKCS #8,
/// with what kind of key it is if that can be told.
pub fn private_key(pem: &str) -> Result<(SecretBytes, Option<KeySpec>), &'static str> {
    const NO_KEY: &str = "PrivateKeyPem holds no private key in PEM";
    if pem.len() > PEM_BYTES_MAX {
        return Err("PrivateKeyPem is too long");
    }
    // YAML leaves spaces at the ends of lines where people left them.
    let lines = Zeroizing::new(pem.lines().map(str::trim).collect::<Vec<_>>().join("\n"));
    let key = PrivateKeyDer::from_pem_slice(lines.as_bytes()).map_err(|_| NO_KEY)?;
    let pkcs8 = match &key {
        PrivateKeyDer::Pkcs8(key) => SecretBytes::copy_from(key.secret_pkcs8_der()),
        PrivateKeyDer::Pkcs1(key) => {
            wrapped(&[field(OID, RSA), field(NULL, &[])].concat(), key.secret_pkcs1_der())
        }
        PrivateKeyDer::Sec1(key) => {
            let der = key.secret_sec1_der();
            let curve =
                sec1_curve(der).ok_or("PrivateKeyPem does not name its curve; write it as PKCS #8")?;
            wrapped(&[field(OID, EC), field(OID, curve)].concat(), der)
        }
        _ => return Err(NO_KEY),
    };
    let spec = spec_of(pkcs8.expose());
    Ok((pkcs8, spec))
}

/// RFC 5208, section 5: version 0, the algorithm, the key.
fn wrapped(algorithm: &[u8], key: &[u8]) -> SecretBytes {
    let algorithm = field(SEQUENCE, algorithm);
    let inner =
        Zeroizing::new([&field(INTEGER, &[0])[..], &algorithm, &Zeroizing::new(field(OCTETS, key))].concat());
    SecretBytes::new(field(SEQUENCE, &inner))
}

/// The curve that RFC 5915's `ECPrivateKey` names in its `parameters`.
fn sec1_curve(der: &[u8]) -> Option<&[u8]> {
    let (mut inside, _) = read(der, SEQUENCE)?;
    (_, inside) = read(inside, INTEGER)?;
    (_, inside) = read(inside, OCTETS)?;
    let (parameters, _) = read(inside, PARAMETERS)?;
    read(parameters, OID).map(|(curve, _)| curve)
}

/// What kind of key a PKCS #8 holds.
fn spec_of(pkcs8: &[u8]) -> Option<KeySpec> {
    let (inside, _) = read(pkcs8, SEQUENCE)?;
    let (_, inside) = read(inside, INTEGER)?;
    let (algorithm, inside) = read(inside, SEQUENCE)?;
    let (name, parameters) = read(algorithm, OID)?;
    match name {
        EC => {
            let (curve, _) = read(parameters, OID)?;
            CURVES.iter().find(|(name, _)| *name == curve).map(|(_, spec)| *spec)
        }
        RSA => {
            let (key, _) = read(inside, OCTETS)?;
            let (numbers, _) = read(key, SEQUENCE)?;
            let (_, numbers) = read(numbers, INTEGER)?;
            let (modulus, _) = read(numbers, INTEGER)?;
            // A positive number that begins with a high bit has a zero before it.
            match modulus.len() - usize::from(modulus.first() == Some(&0)) {
                256 => Some(KeySpec::Rsa2048),
                384 => Some(KeySpec::Rsa3072),
                512 => Some(KeySpec::Rsa4096),
                _ => None,
            }
        }
        other => OTHERS.iter().find(|(name, _)| *name == other).map(|(_, spec)| *spec),
    }
}

/// The contents of the field of this tag that begins `der`, and what follows it.
fn read(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (found, rest) = der.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (len, rest) = match first {
        0..=0x7f => (usize::from(*first), rest),
        0x81..=0x83 => {
            let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x0f))?;
            (bytes.iter().fold(0, |len, byte| len << 8 | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    let split = rest.split_at_checked(len)?;
    (*found == tag).then_some(split)
}

fn field(tag: u8, contents: &[u8]) -> Vec<u8> {
    let len = contents.len().to_be_bytes();
    let len = &len[len.iter().position(|byte| *byte != 0).unwrap_or(len.len() - 1)..];
    let mut out = Vec::with_capacity(contents.len() + 6);
    out.push(tag);
    if contents.len() > 0x7f {
        // At most four bytes, as no text of this module is longer than [`PEM_BYTES_MAX`].
        out.push(0x80 | len.len() as u8);
    }
    out.extend_from_slice(len);
    out.extend_from_slice(contents);
    out
}

const INTEGER: u8 = 0x02;
const OCTETS: u8 = 0x04;
const NULL: u8 = 0x05;
const OID: u8 = 0x06;
const SEQUENCE: u8 = 0x30;
/// `[0]` of RFC 5915.
const PARAMETERS: u8 = 0xa0;

/// 1.2.840.113549.1.1.1.
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
/// 1.2.840.10045.2.1.
const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const CURVES: [(&[u8], KeySpec); 4] = [
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07], KeySpec::EccNistP256),
    (&[0x2b, 0x81, 0x04, 0x00, 0x22], KeySpec::EccNistP384),
    (&[0x2b, 0x81, 0x04, 0x00, 0x23], KeySpec::EccNistP521),
    (&[0x2b, 0x81, 0x04, 0x00, 0x0a], KeySpec::EccSecgP256k1),
];
/// Ed25519 (RFC 8410), ML-DSA (RFC 9881), ML-KEM (RFC 9935).
const OTHERS: [(&[u8], KeySpec); 7] = [
    (&[0x2b, 0x65, 0x70], KeySpec::EccNistEdwards25519),
    (&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x11], KeySpec::MlDsa44),
    (&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x12], KeySpec::MlDsa65),
    (&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x13], KeySpec::MlDsa87),
    (&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x04, 0x01], KeySpec::MlKem512),
    (&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x04, 0x02], KeySpec::MlKem768),
    (&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x04, 0x03], KeySpec::MlKem1024),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_read_in_either_spelling() {
        let hex = "34743777217A25432A46294A404E635266556A586E3272357538782F413F4428";
        let expected = hex::decode(hex).expect("hexadecimal");
        for text in [hex.to_owned(), hex.to_lowercase(), BASE64_STANDARD.encode(&expected)] {
            assert_eq!(bytes(&text).map(|bytes| bytes.expose().to_vec()), Ok(expected.clone()), "{text}");
        }
        for odd in ["", "abc", "not material", "YWJj\n", "YWI"] {
            assert!(bytes(odd).is_err(), "{odd:?}");
        }
    }

    #[test]
    fn lengths_are_written_as_they_are_read() {
        for len in [0, 1, 127, 128, 255, 256, 65_535, 65_536] {
            let contents = vec![7; len];
            let der = [field(OCTETS, &contents), vec![9]].concat();
            assert_eq!(read(&der, OCTETS), Some((&contents[..], &[9][..])), "{len}");
            assert_eq!(read(&der[..len], OCTETS), None, "{len}");
        }
    }

    #[test]
    fn what_is_no_private_key_is_refused() {
        for pem in [
            "",
            "text",
            "-----BEGIN PRIVATE KEY-----\nAAAA",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
        ] {
            assert!(private_key(pem).is_err(), "{pem}");
        }
        assert!(private_key(&"x".repeat(PEM_BYTES_MAX + 1)).is_err());
    }
}
