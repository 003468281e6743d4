//! The symmetric ciphertext, as `docs/formats/ciphertext.md` has it byte by byte.
//!
//! ```text
//!   0  1  magic 0x4b      4  8  account, big-endian     28 32  material id   76 32  commitment
//!   1  1  version 0x01   12 16  key id                  60 16  salt         108  n  AES-256-GCM ciphertext
//!   2  1  suite 0x01                                                      108+n 16  tag
//!   3  1  flags: bit 0 set for a multi-Region key
//! ```

use keystead_model::{AccountId, EncryptionContext, KeyId, MaterialId};

use crate::SecretBytes;
use crate::envelope::{COMMITMENT_BYTES, MessageKeys, SALT_BYTES, TAG_BYTES, Unauthentic};

const MAGIC: u8 = 0x4b;
const VERSION: u8 = 1;
const SUITE_HKDF_SHA256_AES256_GCM: u8 = 1;
/// A ciphertext of the first suite, encrypted once more by somebody else's key manager: [`crate::OuterCiphertext`].
pub(crate) const SUITE_OUTER: u8 = 2;
const FLAG_MULTI_REGION: u8 = 1;
pub(crate) const NAMES_END: usize = 60;
const SALT_END: usize = NAMES_END + SALT_BYTES;
const HEADER_END: usize = SALT_END + COMMITMENT_BYTES;
const INFO: &[u8] = b"keystead/ciphertext/v1";

/// Bytes a ciphertext is longer than its plaintext.
pub const OVERHEAD_BYTES: usize = HEADER_END + TAG_BYTES;
/// Longest ciphertext taken, in bytes, as in the service model.
pub const CIPHERTEXT_BYTES_MAX: usize = 6144;
/// Longest plaintext sealed, in bytes, as in the service model.
pub const PLAINTEXT_BYTES_MAX: usize = 4096;
const _: () = assert!(PLAINTEXT_BYTES_MAX + OVERHEAD_BYTES <= CIPHERTEXT_BYTES_MAX);

/// The names a ciphertext begins with. Not to be trusted before the ciphertext has opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CiphertextNames {
    /// Who owns the key.
    pub account: AccountId,
    /// Which key.
    pub key: KeyId,
    /// Which version of its bytes.
    pub material: MaterialId,
}

impl CiphertextNames {
    /// Reads the names.
    ///
    /// # Errors
    /// [`Unauthentic`] if the bytes are no ciphertext of this format: length, magic, version, suite, flags
    /// or account out of range.
    pub fn read(ciphertext: &[u8]) -> Result<Self, Unauthentic> {
        let header = ciphertext.get(..NAMES_END).ok_or(Unauthentic)?;
        let known = header[..2] == [MAGIC, VERSION]
            && matches!(header[2], SUITE_HKDF_SHA256_AES256_GCM | SUITE_OUTER)
            && header[3] <= FLAG_MULTI_REGION;
        if !known || !(OVERHEAD_BYTES..=CIPHERTEXT_BYTES_MAX).contains(&ciphertext.len()) {
            return Err(Unauthentic);
        }
        let part = |from: usize, to: usize| &header[from..to];
        let account = u64::from_be_bytes(part(4, 12).try_into().expect("8 bytes"));
        let key = part(12, 28).try_into().expect("16 bytes");
        Ok(Self {
            account: AccountId::from_number(account).ok_or(Unauthentic)?,
            key: KeyId::from_parts(key, header[3] == FLAG_MULTI_REGION),
            material: MaterialId(part(28, 60).try_into().expect("32 bytes")),
        })
    }

    pub(crate) fn write_with(&self, suite: u8, out: &mut Vec<u8>) {
        let flags = if self.key.is_multi_region() { FLAG_MULTI_REGION } else { 0 };
        out.extend_from_slice(&[MAGIC, VERSION, suite, flags]);
        out.extend_from_slice(&self.account.number().to_be_bytes());
        out.extend_from_slice(self.key.bytes());
        out.extend_from_slice(&self.material.0);
    }
}

/// Seals under the 32 bytes of a key's material. `salt` must be fresh random bytes.
pub(crate) fn seal(
    material: &[u8; 32],
    names: &CiphertextNames,
    salt: &[u8; SALT_BYTES],
    context: &EncryptionContext,
    plaintext: &[u8],
) -> Vec<u8> {
    let mut out = Vec::with_capacity(OVERHEAD_BYTES + plaintext.len());
    names.write_with(SUITE_HKDF_SHA256_AES256_GCM, &mut out);
    let keys = MessageKeys::derive(material, salt, &[INFO, &out]);
    out.extend_from_slice(salt);
    out.extend_from_slice(keys.commitment());
    let aad = associated_data(&out, context);
    out.extend_from_slice(plaintext);
    let tag = keys.seal(&aad, &mut out[HEADER_END..]);
    out.extend_from_slice(&tag);
    out
}

/// Opens what [`seal`] made.
pub(crate) fn open(
    material: &[u8; 32],
    context: &EncryptionContext,
    ciphertext: &[u8],
) -> Result<SecretBytes, Unauthentic> {
    CiphertextNames::read(ciphertext)?;
    if ciphertext[2] != SUITE_HKDF_SHA256_AES256_GCM {
        return Err(Unauthentic);
    }
    let (header, sealed) = ciphertext.split_at(HEADER_END);
    let salt = header[NAMES_END..SALT_END].try_into().expect("the salt is 16 bytes");
    let keys = MessageKeys::derive(material, salt, &[INFO, &header[..NAMES_END]]);
    keys.open(&header[SALT_END..], &associated_data(header, context), sealed)
}

/// The whole header, then the canonical encryption context.
fn associated_data(header: &[u8], context: &EncryptionContext) -> Vec<u8> {
    let mut aad = Vec::with_capacity(header.len() + context.canonical_len());
    aad.extend_from_slice(header);
    context.write_canonical(&mut aad);
    aad
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> CiphertextNames {
        CiphertextNames {
            account: AccountId::from_number(111_122_223_333).expect("twelve digits"),
            key: KeyId::from_random([7; 16]),
            material: MaterialId([9; 32]),
        }
    }

    fn context(pairs: &[(&str, &str)]) -> EncryptionContext {
        EncryptionContext::new(pairs.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect())
            .expect("valid")
    }

    #[test]
    fn what_is_sealed_opens_and_names_its_key() {
        for len in [0, 1, 32, PLAINTEXT_BYTES_MAX] {
            let plain = vec![0x5a; len];
            let sealed = seal(&[1; 32], &names(), &[2; 16], &context(&[("a", "b")]), &plain);
            assert_eq!(sealed.len(), len + OVERHEAD_BYTES);
            assert_eq!(CiphertextNames::read(&sealed), Ok(names()));
            let opened = open(&[1; 32], &context(&[("a", "b")]), &sealed).expect("it opens");
            assert_eq!(opened.expose(), plain);
        }
    }

    #[test]
    fn every_flipped_bit_is_refused() {
        let sealed = seal(&[1; 32], &names(), &[2; 16], &context(&[]), b"plaintext");
        for bit in 0..sealed.len() * 8 {
            let mut changed = sealed.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(open(&[1; 32], &context(&[]), &changed).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn every_length_short_of_the_whole_is_refused() {
        let sealed = seal(&[1; 32], &names(), &[2; 16], &context(&[]), b"plaintext");
        for len in 0..sealed.len() {
            assert!(open(&[1; 32], &context(&[]), &sealed[..len]).is_err(), "length {len}");
        }
    }

    #[test]
    fn another_context_or_key_is_refused() {
        let sealed = seal(&[1; 32], &names(), &[2; 16], &context(&[("a", "b")]), b"plaintext");
        assert!(open(&[1; 32], &context(&[("a", "c")]), &sealed).is_err());
        assert!(open(&[1; 32], &context(&[]), &sealed).is_err());
        assert!(open(&[3; 32], &context(&[("a", "b")]), &sealed).is_err());
    }

    /// The vectors of `docs/formats/ciphertext.md`; `vectors/check.py` makes and checks them with other people's
    /// primitives.
    #[test]
    fn the_published_vectors_hold() {
        let mut seen = 0;
        for case in
            include_str!("../vectors/ciphertext.txt").split("\n\n").filter(|case| case.contains("name"))
        {
            let field = |name: &str| {
                let line = case.lines().find(|line| line.split('=').next().is_some_and(|n| n.trim() == name));
                line.and_then(|line| line.split_once('=')).map(|(_, value)| value.trim()).unwrap_or_default()
            };
            let bytes = |name: &str| hex::decode(field(name)).expect("vectors are hexadecimal");
            let pairs: Vec<(&str, &str)> =
                field("context").split(',').filter_map(|pair| pair.trim().split_once(':')).collect();
            let material: [u8; 32] = bytes("material").try_into().expect("32 bytes");
            let opened = open(&material, &context(&pairs), &bytes("ciphertext"));
            match field("expect") {
                "ok" => {
                    assert_eq!(opened.expect("it opens").expose(), bytes("plaintext"), "{}", field("name"));
                    let names = CiphertextNames::read(&bytes("ciphertext")).expect("it has names");
                    let salt: [u8; 16] = bytes("salt").try_into().expect("16 bytes");
                    let again = seal(&material, &names, &salt, &context(&pairs), &bytes("plaintext"));
                    assert_eq!(again, bytes("ciphertext"), "{}", field("name"));
                }
                "unauthentic" => assert!(opened.is_err(), "{}", field("name")),
                other => panic!("{other:?} is no expectation"),
            }
            seen += 1;
        }
        assert!(seen >= 6, "only {seen} vectors were read");
    }
}
