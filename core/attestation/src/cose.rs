//! The signed envelope of a document: COSE_Sign1 (RFC 9052, section 4.2), ES384 and nothing else.

use aws_lc_rs::signature::{ECDSA_P384_SHA384_FIXED, UnparsedPublicKey};

use crate::cbor::{Malformed, Reader};

/// The one header taken: `{1: -35}`, the algorithm ES384.
const PROTECTED: &[u8] = &[0xa1, 0x01, 0x38, 0x22];
/// The tag of COSE_Sign1; documents come with and without it.
const TAG: u8 = 0xd2;
/// Length of an ES384 signature, in bytes.
const SIGNATURE_BYTES: usize = 96;
/// Longest payload taken, in bytes: what the definition of attestation documents allows.
const PAYLOAD_BYTES_MAX: usize = 16_384;

/// What was signed, and the signature, not verified.
pub struct Signed<'a> {
    pub payload: &'a [u8],
    signature: &'a [u8],
}

/// Why bytes are no COSE_Sign1 of the kind that is taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotSigned {
    /// It is not CBOR, or not of that shape.
    #[error("{0}")]
    Malformed(#[from] Malformed),
    /// The header asks for something else than ES384.
    #[error("it is not signed with ES384")]
    Algorithm,
    /// The payload's length.
    #[error("its payload is not 1 to {PAYLOAD_BYTES_MAX} bytes long")]
    Payload,
    /// The signature's length.
    #[error("its signature is not {SIGNATURE_BYTES} bytes long")]
    Signature,
}

impl<'a> Signed<'a> {
    pub fn read(bytes: &'a [u8]) -> Result<Self, NotSigned> {
        let mut reader = Reader::new(bytes);
        reader.skip_if(TAG);
        let mut items = reader.array()?;
        let mut next = |reader: &mut Reader<'a>| match reader.more(&mut items) {
            true => Ok(()),
            false => Err(Malformed { at: 0, what: "COSE_Sign1 has four items, and there are fewer" }),
        };
        next(&mut reader)?;
        if reader.bytes()? != PROTECTED {
            return Err(NotSigned::Algorithm);
        }
        next(&mut reader)?;
        let mut unprotected = reader.map()?;
        if reader.more(&mut unprotected) {
            return Err(Malformed { at: 0, what: "there are unprotected headers" }.into());
        }
        next(&mut reader)?;
        let payload = reader.bytes()?;
        next(&mut reader)?;
        let signature = reader.bytes()?;
        if next(&mut reader).is_ok() {
            return Err(Malformed { at: 0, what: "COSE_Sign1 has four items, and there are more" }.into());
        }
        reader.end()?;
        match (payload.len(), signature.len()) {
            (1..=PAYLOAD_BYTES_MAX, SIGNATURE_BYTES) => Ok(Self { payload, signature }),
            (1..=PAYLOAD_BYTES_MAX, _) => Err(NotSigned::Signature),
            _ => Err(NotSigned::Payload),
        }
    }

    /// Whether `key`, an uncompressed point of P-384, signed the payload.
    pub fn is_signed_by(&self, key: &[u8]) -> bool {
        let key = UnparsedPublicKey::new(&ECDSA_P384_SHA384_FIXED, key);
        key.verify(&signed_bytes(self.payload), self.signature).is_ok()
    }
}

/// The Sig_structure (RFC 9052, section 4.4): its context, the header, no further data, the payload.
pub fn signed_bytes(payload: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(payload.len() + 24);
    out.extend_from_slice(b"\x84\x6aSignature1\x44");
    out.extend_from_slice(PROTECTED);
    out.push(0x40);
    match payload.len() {
        length @ 0..24 => out.push(0x40 | length as u8),
        length @ 24..0x100 => out.extend_from_slice(&[0x58, length as u8]),
        // A payload has PAYLOAD_BYTES_MAX bytes at most, so two bytes hold its length.
        length => {
            out.push(0x59);
            out.extend_from_slice(&(length as u16).to_be_bytes());
        }
    }
    out.extend_from_slice(payload);
    out
}
