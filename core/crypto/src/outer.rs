//! The ciphertext of a key in an external key store: a whole ciphertext of our own, encrypted once more by somebody
//! else's key manager. Byte by byte in `docs/formats/ciphertext.md`.
//!
//! ```text
//!   0 60  names, as in every ciphertext, with suite 0x02     62      i  initialization vector
//!  60  1  i: 12 or 16                                        62+i    m  metadata
//!  61  1  m: 0 to 20                                         62+i+m 16  tag, then the ciphertext
//! ```

use keystead_model::EncryptionContext;

use crate::ciphertext::{NAMES_END, OVERHEAD_BYTES, SUITE_OUTER};
use crate::external::{PROXY_METADATA_BYTES_MAX, PROXY_PLAINTEXT_BYTES_MAX, ProxySealed};
use crate::{CIPHERTEXT_BYTES_MAX, CiphertextNames, PLAINTEXT_BYTES_MAX, Unauthentic, sha256};

const LENGTHS_END: usize = NAMES_END + 2;
const TAG_BYTES: usize = 16;
/// Bytes around what the proxy encrypted, at most.
const WRAPPING_BYTES_MAX: usize = LENGTHS_END + 16 + PROXY_METADATA_BYTES_MAX + TAG_BYTES;
const _: () = assert!(PLAINTEXT_BYTES_MAX + OVERHEAD_BYTES <= PROXY_PLAINTEXT_BYTES_MAX);
const _: () = assert!(PROXY_PLAINTEXT_BYTES_MAX + WRAPPING_BYTES_MAX <= CIPHERTEXT_BYTES_MAX);

/// A ciphertext of a key in an external key store.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OuterCiphertext {
    /// The key, and the version of our own material inside.
    pub names: CiphertextNames,
    /// What the proxy answered: inside is a ciphertext with the same names.
    pub sealed: ProxySealed,
}

impl OuterCiphertext {
    /// Reads one.
    ///
    /// # Errors
    /// [`Unauthentic`] if the bytes have another form. That they have this one says nothing about who made them.
    pub fn read(bytes: &[u8]) -> Result<Self, Unauthentic> {
        let names = CiphertextNames::read(bytes)?;
        let (head, rest) = bytes.split_at_checked(LENGTHS_END).ok_or(Unauthentic)?;
        let (iv_len, metadata_len) = (usize::from(head[NAMES_END]), usize::from(head[NAMES_END + 1]));
        let known =
            head[2] == SUITE_OUTER && matches!(iv_len, 12 | 16) && metadata_len <= PROXY_METADATA_BYTES_MAX;
        if !known {
            return Err(Unauthentic);
        }
        let (iv, rest) = rest.split_at_checked(iv_len).ok_or(Unauthentic)?;
        let (metadata, rest) = rest.split_at_checked(metadata_len).ok_or(Unauthentic)?;
        let (tag, ciphertext) = rest.split_first_chunk::<TAG_BYTES>().ok_or(Unauthentic)?;
        if !(OVERHEAD_BYTES..=PROXY_PLAINTEXT_BYTES_MAX).contains(&ciphertext.len()) {
            return Err(Unauthentic);
        }
        let sealed = ProxySealed {
            iv: iv.into(),
            metadata: metadata.into(),
            tag: *tag,
            ciphertext: ciphertext.into(),
        };
        Ok(Self { names, sealed })
    }

    /// The bytes. What a proxy answered was measured when it was read, so the lengths fit.
    pub fn write(&self) -> Vec<u8> {
        let ProxySealed { iv, metadata, tag, ciphertext } = &self.sealed;
        let mut out = Vec::with_capacity(WRAPPING_BYTES_MAX + ciphertext.len());
        self.names.write_with(SUITE_OUTER, &mut out);
        let byte = |len: usize| u8::try_from(len).expect("initialization vectors and metadata are short");
        out.extend_from_slice(&[byte(iv.len()), byte(metadata.len())]);
        for part in [iv, metadata, tag.as_slice(), ciphertext] {
            out.extend_from_slice(part);
        }
        out
    }

    /// What the proxy binds a ciphertext to: the names, and the SHA-256 of the canonical encryption context. The context
    /// itself is none of the proxy's business, and can be longer than a proxy takes.
    pub fn bound_to(names: &CiphertextNames, context: &EncryptionContext) -> Vec<u8> {
        let mut out = Vec::with_capacity(NAMES_END + 32);
        names.write_with(SUITE_OUTER, &mut out);
        let mut canonical = Vec::with_capacity(context.canonical_len());
        context.write_canonical(&mut canonical);
        out.extend_from_slice(&sha256(&canonical));
        out
    }
}

#[cfg(test)]
mod tests {
    use keystead_model::{AccountId, KeyId, MaterialId};

    use super::*;

    fn outer(iv: usize, metadata: usize, len: usize) -> OuterCiphertext {
        OuterCiphertext {
            names: CiphertextNames {
                account: AccountId::from_number(111_122_223_333).expect("twelve digits"),
                key: KeyId::from_random([7; 16]),
                material: MaterialId([9; 32]),
            },
            sealed: ProxySealed {
                iv: vec![1; iv].into(),
                metadata: vec![2; metadata].into(),
                tag: [3; 16],
                ciphertext: vec![4; len].into(),
            },
        }
    }

    #[test]
    fn what_is_written_reads_back_and_names_its_key() {
        for (iv, metadata, len) in
            [(12, 0, OVERHEAD_BYTES), (16, 20, PROXY_PLAINTEXT_BYTES_MAX), (12, 7, 200)]
        {
            let outer = outer(iv, metadata, len);
            let bytes = outer.write();
            assert!(bytes.len() <= CIPHERTEXT_BYTES_MAX);
            assert_eq!(OuterCiphertext::read(&bytes), Ok(outer.clone()));
            assert_eq!(CiphertextNames::read(&bytes), Ok(outer.names));
        }
    }

    #[test]
    fn other_forms_are_refused() {
        let bytes = outer(12, 3, OVERHEAD_BYTES).write();
        for len in 0..bytes.len() {
            assert!(OuterCiphertext::read(&bytes[..len]).is_err(), "length {len}");
        }
        for (at, value) in [(0, 0), (1, 2), (2, 1), (2, 3), (3, 2), (60, 11), (60, 13), (61, 21)] {
            let mut changed = bytes.clone();
            changed[at] = value;
            assert!(OuterCiphertext::read(&changed).is_err(), "byte {at} = {value}");
        }
        assert!(OuterCiphertext::read(&outer(12, 0, PROXY_PLAINTEXT_BYTES_MAX + 1).write()).is_err());
    }

    #[test]
    fn the_layout_is_the_published_one() {
        let bytes = outer(12, 2, OVERHEAD_BYTES).write();
        assert_eq!(bytes[..4], [0x4b, 1, 2, 0]);
        assert_eq!(bytes[60..62], [12, 2]);
        assert_eq!(bytes[62..74], [1; 12]);
        assert_eq!(bytes[74..76], [2; 2]);
        assert_eq!(bytes[76..92], [3; 16]);
        assert_eq!(bytes[92..], [4; OVERHEAD_BYTES]);
        let bound_to = OuterCiphertext::bound_to(&outer(12, 2, 0).names, &EncryptionContext::default());
        assert_eq!(bound_to[..60], bytes[..60]);
        assert_eq!(bound_to[60..], sha256(&[0, 0]));
    }
}
