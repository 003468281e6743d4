//! Sealing to a recipient: CMS EnvelopedData (RFC 5652, section 6) in the one form that AWS KMS answers.
//!
//! One KeyTransRecipientInfo that names the recipient by subject key identifier, RSAES-OAEP with SHA-256 (RFC 4055),
//! AES-256 in CBC mode. The outer layers are of indefinite length, in BER, because AWS KMS writes them so and readers
//! were made for what it writes; the parts inside are DER. CBC carries no authentication, and needs none here: the
//! answer travels over TLS, and whoever holds the recipient's public key could seal another one anyway.

use aws_lc_rs::cipher::{AES_256, EncryptionContext, PaddedBlockEncryptingKey, UnboundCipherKey};
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::rsa::{OAEP_SHA256_MGF1SHA256, OaepPublicEncryptingKey, PublicEncryptingKey};
use keystead_crypto::{SecretBytes, sha256};
use keystead_model::world::Entropy;

use crate::attested::Attested;

/// Length of an AES-256 key, in bytes.
const KEY_BYTES: usize = 32;
/// Length of an AES block, in bytes.
const BLOCK_BYTES: usize = 16;

const ENVELOPED_DATA: &[u8] = &[0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 3];
const DATA: &[u8] = &[0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1];
const VERSION_2: &[u8] = &[0x02, 1, 2];
/// AlgorithmIdentifier: RSAES-OAEP with SHA-256, and with SHA-256 in its mask.
const RSAES_OAEP_SHA_256: &[u8] = &[
    0x30, 60, // AlgorithmIdentifier
    0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 7, // id-RSAES-OAEP
    0x30, 47, // RSAES-OAEP-params
    0xa0, 15, 0x30, 13, 0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 0x05, 0, // hash: SHA-256
    0xa1, 28, 0x30, 26, 0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 8, // mask: MGF1
    0x30, 13, 0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 0x05, 0, // of SHA-256
];
/// AlgorithmIdentifier: AES-256-CBC, up to where its initialisation vector goes.
const AES_256_CBC: &[u8] = &[0x30, 29, 0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 42, 0x04, 16];

/// Tags, with the length octet of an indefinite length where two bytes.
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const OCTETS: u8 = 0x04;
const SUBJECT_KEY_IDENTIFIER: u8 = 0x80;
const OPEN_SEQUENCE: &[u8] = &[SEQUENCE, 0x80];
const OPEN_CONTENT: &[u8] = &[0xa0, 0x80];
/// The end-of-contents octets of everything that was left open: content, its info, the data, the outer content, all.
const CLOSE_ALL: &[u8] = &[0; 10];

/// The key of a recipient.
pub struct RecipientKey {
    key: OaepPublicEncryptingKey,
    identifier: [u8; 32],
}

/// The secret could not be sealed; no detail, on purpose.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the answer could not be sealed to its recipient")]
pub struct SealError;

impl RecipientKey {
    /// Reads an RSA key of 2,048 to 8,192 bits from its SubjectPublicKeyInfo.
    pub fn read(info: &[u8]) -> Option<Self> {
        let key = PublicEncryptingKey::from_der(info).ok()?;
        Some(Self { key: OaepPublicEncryptingKey::new(key).ok()?, identifier: sha256(info) })
    }
}

impl Attested {
    /// Seals a secret so that only the attested recipient can open it: CMS EnvelopedData, in BER.
    ///
    /// # Errors
    /// [`SealError`] if the cryptographic library refuses.
    pub fn seal(&self, secret: &SecretBytes, entropy: &dyn Entropy) -> Result<Vec<u8>, SealError> {
        let mut key = SecretBytes::zeroed(KEY_BYTES);
        let mut vector = [0; BLOCK_BYTES];
        entropy.fill(key.expose_mut());
        entropy.fill(&mut vector);
        let content = encrypt(&key, vector, secret)?;
        let mut wrapped = vec![0; self.key.key.ciphertext_size()];
        let wrapped = self.key.key.encrypt(&OAEP_SHA256_MGF1SHA256, key.expose(), &mut wrapped, None);
        Ok(enveloped(&self.key.identifier, wrapped.map_err(|_| SealError)?, &vector, &content))
    }
}

fn encrypt(key: &SecretBytes, vector: [u8; BLOCK_BYTES], secret: &SecretBytes) -> Result<Vec<u8>, SealError> {
    let key = UnboundCipherKey::new(&AES_256, key.expose()).map_err(|_| SealError)?;
    let key = PaddedBlockEncryptingKey::cbc_pkcs7(key).map_err(|_| SealError)?;
    // With room for the padding from the start: growing would leave a copy of the secret behind.
    let mut content = Vec::with_capacity(secret.len() + BLOCK_BYTES);
    content.extend_from_slice(secret.expose());
    let vector = EncryptionContext::Iv128(FixedLength::from(vector));
    match key.less_safe_encrypt(&mut content, vector) {
        Ok(_) => Ok(content),
        Err(_) => {
            drop(SecretBytes::new(content));
            Err(SealError)
        }
    }
}

fn enveloped(identifier: &[u8], wrapped: &[u8], vector: &[u8], content: &[u8]) -> Vec<u8> {
    let named = element(SUBJECT_KEY_IDENTIFIER, &[identifier]);
    let wrapped = element(OCTETS, &[wrapped]);
    let recipient = element(SEQUENCE, &[VERSION_2, &named, RSAES_OAEP_SHA_256, &wrapped]);
    [
        OPEN_SEQUENCE,
        ENVELOPED_DATA,
        OPEN_CONTENT,
        OPEN_SEQUENCE,
        VERSION_2,
        &element(SET, &[&recipient]),
        OPEN_SEQUENCE,
        DATA,
        AES_256_CBC,
        vector,
        OPEN_CONTENT,
        &element(OCTETS, &[content]),
        CLOSE_ALL,
    ]
    .concat()
}

/// A tag, a length and what is in it, in DER.
fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut out = Vec::with_capacity(length + 5);
    out.push(tag);
    match length {
        0..0x80 => out.push(length as u8),
        _ => {
            let bytes = length.to_be_bytes();
            let bytes = &bytes[length.leading_zeros() as usize / 8..];
            out.push(0x80 | bytes.len() as u8);
            out.extend_from_slice(bytes);
        }
    }
    out.extend(parts.concat());
    out
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::cipher::{DecryptionContext, PaddedBlockDecryptingKey};
    use aws_lc_rs::encoding::AsDer;
    use aws_lc_rs::rsa::{KeySize, OaepPrivateDecryptingKey, PrivateDecryptingKey};

    use super::*;
    use crate::made::{NOW, Pki};

    struct Dice;

    impl Entropy for Dice {
        fn fill(&self, out: &mut [u8]) {
            aws_lc_rs::rand::fill(out).expect("there is randomness");
        }
    }

    /// Opens what is sealed as a reader does who knows where everything is.
    fn open(key: PrivateDecryptingKey, sealed: &[u8]) -> Vec<u8> {
        let after = |marker: &[u8]| {
            let at = sealed.windows(marker.len()).position(|window| window == marker);
            &sealed[at.expect("it is there") + marker.len()..]
        };
        let wrapped = &after(RSAES_OAEP_SHA_256)[4..];
        let key = OaepPrivateDecryptingKey::new(key).expect("a key");
        let mut unwrapped = vec![0; key.min_output_size()];
        let wrapped = &wrapped[..key.key_size_bytes()];
        let content_key =
            key.decrypt(&OAEP_SHA256_MGF1SHA256, wrapped, &mut unwrapped, None).expect("it is ours");
        let vector: [u8; 16] = after(AES_256_CBC)[..16].try_into().expect("16 bytes");
        let content = &after(AES_256_CBC)[16 + OPEN_CONTENT.len()..];
        let (length, content) = match content {
            [OCTETS, 0x82, high, low, rest @ ..] => (usize::from(*high) << 8 | usize::from(*low), rest),
            [OCTETS, 0x81, length, rest @ ..] | [OCTETS, length, rest @ ..] => (usize::from(*length), rest),
            _ => panic!("no content"),
        };
        assert_eq!(&content[length..], CLOSE_ALL);
        let key = UnboundCipherKey::new(&AES_256, content_key).expect("32 bytes");
        let key = PaddedBlockDecryptingKey::cbc_pkcs7(key).expect("a key");
        let mut content = content[..length].to_vec();
        let opened = key.decrypt(&mut content, DecryptionContext::Iv128(FixedLength::from(vector)));
        opened.expect("it opens").to_vec()
    }

    #[test]
    fn the_recipient_opens_what_was_sealed_to_it() {
        for size in [KeySize::Rsa2048, KeySize::Rsa4096] {
            let key = PrivateDecryptingKey::generate(size).expect("a key");
            let public = key.public_key();
            let public = public.as_der().expect("it has a form");
            let pki = Pki::new();
            let attested = pki.verifier().verify(&pki.sign(&pki.paper(public.as_ref())), NOW).expect("true");
            for length in [0, 1, 16, 32, 200, 4096] {
                let secret = SecretBytes::new((0..length).map(|at| at as u8).collect());
                let sealed = attested.seal(&secret, &Dice).expect("sealed");
                let pkcs8 = key.as_der().expect("it has a form");
                let key = PrivateDecryptingKey::from_pkcs8(pkcs8.as_ref()).expect("a key");
                assert_eq!(open(key, &sealed), secret.expose());
                assert!(sealed.len() <= 6144, "{} bytes are more than an answer may have", sealed.len());
            }
        }
    }

    #[test]
    fn the_form_is_that_of_aws_kms() {
        let sealed = enveloped(&[0xaa; 32], &[0xbb; 256], &[0xcc; 16], &[0xdd; 48]);
        let expect = [
            "308006092a864886f70d010703a0803080020102",
            "3182016b30820167020102",
            &format!("8020{}", "aa".repeat(32)),
            "303c06092a864886f70d010107302fa00f300d06096086480165030402010500",
            "a11c301a06092a864886f70d010108300d06096086480165030402010500",
            &format!("04820100{}", "bb".repeat(256)),
            "308006092a864886f70d010701",
            &format!("301d060960864801650304012a0410{}", "cc".repeat(16)),
            &format!("a0800430{}", "dd".repeat(48)),
            "00000000000000000000",
        ];
        assert_eq!(hex::encode(sealed), expect.concat());
    }

    #[test]
    fn the_same_secret_is_never_sealed_the_same_way() {
        let key = PrivateDecryptingKey::generate(KeySize::Rsa2048).expect("a key").public_key();
        let pki = Pki::new();
        let document = pki.sign(&pki.paper(key.as_der().expect("it has a form").as_ref()));
        let attested = pki.verifier().verify(&document, NOW).expect("true");
        let seal = || attested.seal(&SecretBytes::new(vec![7; 32]), &Dice).expect("sealed");
        assert_ne!(seal(), seal());
    }
}
