//! The two halves of a key pair as DER: `SubjectPublicKeyInfo` (RFC 5280 section 4.1.2.7) and `PrivateKeyInfo`
//! (RFC 5208, and RFC 5958 with the public half inside).
//!
//! Of each public half there is one spelling: curves are named and points uncompressed (RFC 5480), RSA has exponent
//! 65537 (RFC 3279), the others are raw (RFC 8410, 9881, 9935). So all bytes around the raw half are known beforehand
//! and are compared, not parsed.

use keystead_model::KeySpec;

use crate::ProviderError;

/// Writes `raw` as the public half of a key of this spec. `raw` is RFC 8017's `RSAPublicKey`, an uncompressed point, or
/// the bytes of the key.
pub(crate) fn write_public(spec: KeySpec, raw: &[u8]) -> Box<[u8]> {
    let mut der = public_start(spec, raw.len());
    der.extend_from_slice(raw);
    der.into()
}

/// Reads what [`write_public`] wrote. That a point is on its curve, or a modulus a product, is left to the key's own
/// reader.
///
/// # Errors
/// [`ProviderError::Malformed`] says what is wrong.
pub(crate) fn read_public(spec: KeySpec, der: &[u8]) -> Result<&[u8], ProviderError> {
    let Some((_, bytes)) = public_form(spec) else { return Err(ProviderError::Unsupported(spec)) };
    let start = public_start(spec, bytes);
    let raw = der
        .strip_prefix(start.as_slice())
        .ok_or(ProviderError::Malformed("it is not the DER SubjectPublicKeyInfo of a key of this spec"))?;
    if raw.len() != bytes {
        return Err(ProviderError::Malformed("the public key has too few bytes, or bytes after its end"));
    }
    check_raw(spec, raw)?;
    Ok(raw)
}

/// What can be seen from the raw bytes alone.
pub(crate) fn check_raw(spec: KeySpec, raw: &[u8]) -> Result<(), ProviderError> {
    match spec {
        KeySpec::Rsa2048 | KeySpec::Rsa3072 | KeySpec::Rsa4096 => check_rsa(spec, raw),
        KeySpec::EccNistP256 | KeySpec::EccNistP384 | KeySpec::EccNistP521 | KeySpec::EccSecgP256k1 => {
            match raw.first() {
                Some(4) => Ok(()),
                _ => Err(ProviderError::Malformed("the point is not in its uncompressed form")),
            }
        }
        _ => Ok(()),
    }
}

/// `RSAPublicKey` is a sequence of the modulus and the exponent (RFC 8017 A.1.1).
fn check_rsa(spec: KeySpec, raw: &[u8]) -> Result<(), ProviderError> {
    let mut outside = Reader(raw);
    let mut inside = Reader(outside.take(0x30).ok_or(NO_RSA)?);
    check_rsa_numbers(spec, &mut inside)?;
    match outside.0.is_empty() && inside.0.is_empty() {
        true => Ok(()),
        false => Err(NO_RSA),
    }
}

/// `RSAPrivateKey` begins with a version, the modulus and the exponent (RFC 8017 A.1.2). Looks at no more than those:
/// whether they go with the secret numbers is left to the library.
///
/// # Errors
/// [`ProviderError::Malformed`] says what is wrong.
pub(crate) fn check_rsa_private(spec: KeySpec, private: &[u8]) -> Result<(), ProviderError> {
    let mut inside = Reader(Reader(private).take(0x30).ok_or(NO_RSA)?);
    inside.take(0x02).ok_or(NO_RSA)?;
    check_rsa_numbers(spec, &mut inside)
}

fn check_rsa_numbers(spec: KeySpec, numbers: &mut Reader<'_>) -> Result<(), ProviderError> {
    let bytes = modulus_bytes(spec).ok_or(ProviderError::Unsupported(spec))?;
    match numbers.take(0x02).ok_or(NO_RSA)? {
        [0, modulus @ ..] if modulus.len() == bytes && modulus[0] & 0x80 != 0 => {}
        _ => return Err(ProviderError::Malformed("the modulus is not as long as the key spec says")),
    }
    match numbers.take(0x02).ok_or(NO_RSA)? {
        [0x01, 0x00, 0x01] => Ok(()),
        _ => Err(ProviderError::Malformed("the public exponent is not 65537")),
    }
}

const NO_RSA: ProviderError = ProviderError::Malformed("the numbers do not make an RSA key");

/// Length of the modulus in bytes, if the spec has one.
pub(crate) fn modulus_bytes(spec: KeySpec) -> Option<usize> {
    match spec {
        KeySpec::Rsa2048 => Some(256),
        KeySpec::Rsa3072 => Some(384),
        KeySpec::Rsa4096 => Some(512),
        _ => None,
    }
}

/// Everything before the raw public half.
fn public_start(spec: KeySpec, raw_bytes: usize) -> Vec<u8> {
    let algorithm = public_form(spec).map_or(&[][..], |(algorithm, _)| algorithm);
    let bits = header(0x03, raw_bytes + 1);
    let mut start = header(0x30, algorithm.len() + bits.len() + 1 + raw_bytes);
    start.extend_from_slice(algorithm);
    start.extend(bits);
    start.push(0);
    start
}

/// The `AlgorithmIdentifier`, and the length of the raw public half in bytes.
fn public_form(spec: KeySpec) -> Option<(&'static [u8], usize)> {
    use KeySpec::*;
    Some(match spec {
        Rsa2048 => (&RSA, 270),
        Rsa3072 => (&RSA, 398),
        Rsa4096 => (&RSA, 526),
        EccNistP256 => (&P256, 65),
        EccNistP384 => (&P384, 97),
        EccNistP521 => (&P521, 133),
        EccSecgP256k1 => (&P256K1, 65),
        EccNistEdwards25519 => (&ED25519, 32),
        MlDsa44 => (&ML_DSA_44, 1312),
        MlDsa65 => (&ML_DSA_65, 1952),
        MlDsa87 => (&ML_DSA_87, 2592),
        MlKem512 => (&ML_KEM_512, 800),
        MlKem768 => (&ML_KEM_768, 1184),
        MlKem1024 => (&ML_KEM_1024, 1568),
        SymmetricDefault | Hmac224 | Hmac256 | Hmac384 | Hmac512 | Sm2 => return None,
    })
}

/// The private half that a `PrivateKeyInfo` holds: the contents of its `privateKey`, once the algorithm is found to be
/// that of `spec` and nothing to follow the end.
///
/// # Errors
/// [`ProviderError::Malformed`] says what is wrong.
pub(crate) fn read_private(spec: KeySpec, der: &[u8]) -> Result<&[u8], ProviderError> {
    let (expected, _) = public_form(spec).ok_or(ProviderError::Unsupported(spec))?;
    let not_pkcs8 = ProviderError::Malformed("it is not a DER PKCS #8 private key");
    let mut outside = Reader(der);
    let mut inside = Reader(outside.take(0x30).ok_or(not_pkcs8)?);
    if !outside.0.is_empty() {
        return Err(ProviderError::Malformed("bytes follow the PKCS #8 private key"));
    }
    let version = inside.take(0x02).ok_or(not_pkcs8)?;
    if !matches!(version, [0 | 1]) {
        return Err(not_pkcs8);
    }
    let before = inside.0;
    inside.take(0x30).ok_or(not_pkcs8)?;
    if before[..before.len() - inside.0.len()] != *expected {
        return Err(ProviderError::Malformed(
            "the private key is of another algorithm, curve or parameter set",
        ));
    }
    inside.take(0x04).ok_or(not_pkcs8)
}

/// Writes a `PrivateKeyInfo` around the contents of `privateKey`.
pub(crate) fn write_private(spec: KeySpec, contents: &[&[u8]]) -> crate::SecretBytes {
    let algorithm = public_form(spec).map_or(&[][..], |(algorithm, _)| algorithm);
    let bytes: usize = contents.iter().map(|part| part.len()).sum();
    let octets = header(0x04, bytes);
    let start = header(0x30, 3 + algorithm.len() + octets.len() + bytes);
    let parts: [&[u8]; 4] = [&start, &[0x02, 0x01, 0x00], algorithm, &octets];
    let mut der = crate::SecretBytes::zeroed(parts.iter().chain(contents).map(|part| part.len()).sum());
    let mut rest = der.expose_mut();
    for part in parts.iter().chain(contents) {
        let (here, after) = rest.split_at_mut(part.len());
        here.copy_from_slice(part);
        rest = after;
    }
    der
}

/// What is left of some DER.
pub(crate) struct Reader<'a>(pub(crate) &'a [u8]);

impl<'a> Reader<'a> {
    /// The contents of the next value, if it has this tag and a length in its shortest form (X.690 section 10.1).
    pub(crate) fn take(&mut self, tag: u8) -> Option<&'a [u8]> {
        let rest = self.0.strip_prefix(&[tag])?;
        let (len, rest) = match *rest {
            [len @ 0..=0x7f, ref rest @ ..] => (usize::from(len), rest),
            [0x81, len @ 0x80..=0xff, ref rest @ ..] => (usize::from(len), rest),
            [0x82, high @ 1..=0xff, low, ref rest @ ..] => (usize::from(high) << 8 | usize::from(low), rest),
            _ => return None,
        };
        let (contents, rest) = rest.split_at_checked(len)?;
        self.0 = rest;
        Some(contents)
    }
}

/// Tag and length of a value with so many bytes, at most 65,535.
fn header(tag: u8, len: usize) -> Vec<u8> {
    match len {
        0..0x80 => vec![tag, len as u8],
        0x80..0x100 => vec![tag, 0x81, len as u8],
        _ => vec![tag, 0x82, (len >> 8) as u8, len as u8],
    }
}

const RSA: [u8; 15] =
    [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
const P256: [u8; 21] = [
    0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07,
];
const P384: [u8; 18] = secg(0x22);
const P521: [u8; 18] = secg(0x23);
const P256K1: [u8; 18] = secg(0x0a);
const ED25519: [u8; 7] = [0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70];
const ML_DSA_44: [u8; 13] = nist(0x03, 0x11);
const ML_DSA_65: [u8; 13] = nist(0x03, 0x12);
const ML_DSA_87: [u8; 13] = nist(0x03, 0x13);
const ML_KEM_512: [u8; 13] = nist(0x04, 0x01);
const ML_KEM_768: [u8; 13] = nist(0x04, 0x02);
const ML_KEM_1024: [u8; 13] = nist(0x04, 0x03);

/// id-ecPublicKey with the curve 1.3.132.0.`curve`.
const fn secg(curve: u8) -> [u8; 18] {
    [
        0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00,
        curve,
    ]
}

/// 2.16.840.1.101.3.4.`family`.`number`, without parameters.
const fn nist(family: u8, number: u8) -> [u8; 13] {
    [0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, family, number]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_halves_read_as_they_were_written_and_no_other_way() {
        for spec in KeySpec::ALL.iter().filter(|spec| public_form(**spec).is_some()) {
            let (_, bytes) = public_form(*spec).expect("it has a form");
            let mut raw = vec![4u8; bytes];
            if let Some(modulus) = modulus_bytes(*spec) {
                raw = [header(0x30, modulus + 10), header(0x02, modulus + 1), vec![0]].concat();
                raw.resize(raw.len() + modulus, 0x81);
                raw.extend([0x02, 0x03, 0x01, 0x00, 0x01]);
            }
            let der = write_public(*spec, &raw);
            assert_eq!(read_public(*spec, &der), Ok(&raw[..]), "{spec}");
            assert!(read_public(*spec, &der[..der.len() - 1]).is_err(), "{spec}");
            assert!(read_public(*spec, &[&der[..], &[0]].concat()).is_err(), "{spec}");
            for at in 0..der.len() - bytes {
                let mut other = der.clone();
                other[at] ^= 1;
                assert!(read_public(*spec, &other).is_err(), "{spec} byte {at}");
            }
        }
    }

    #[test]
    fn lengths_have_one_form() {
        let take = |bytes: &[u8]| Reader(bytes).take(4).map(<[u8]>::len);
        assert_eq!(take(&[4, 1, 9]), Some(1));
        assert_eq!(take(&[&[4, 0x81, 0x80][..], &[0; 128]].concat()), Some(128));
        assert_eq!(take(&[&[4, 0x82, 1, 0][..], &[0; 256]].concat()), Some(256));
        for odd in
            [&[4, 0x81, 1, 9][..], &[4, 0x82, 0, 1, 9], &[4, 0x80, 0, 0], &[4, 2, 9], &[4], &[], &[5, 0]]
        {
            assert_eq!(take(odd), None, "{odd:02x?}");
        }
    }

    #[test]
    fn private_halves_read_as_they_were_written() {
        let der = write_private(KeySpec::EccNistEdwards25519, &[&[4, 32], &[7; 32]]);
        assert_eq!(der.len(), 48);
        let read = read_private(KeySpec::EccNistEdwards25519, der.expose()).expect("it is PKCS #8");
        assert_eq!(read, [&[4, 32][..], &[7; 32]].concat());
        assert!(read_private(KeySpec::MlDsa44, der.expose()).is_err());
        let longer = [der.expose(), &[0]].concat();
        assert!(read_private(KeySpec::EccNistEdwards25519, &longer).is_err());
    }
}
