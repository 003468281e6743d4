//! From a data key to the keys of one message.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hkdf::{HKDF_SHA512, KeyType, Prk, Salt};

use super::{FormatError, FrameCipher, Header, Suite, TAG_BYTES};
use crate::kms::DataKey;

/// What a data key and a message id give: the message's cipher key and its commitment.
///
/// Authenticating the header takes the nonce 0 of the cipher key, so it spends the value: a second header under
/// the same keys cannot be written.
pub(crate) struct MessageKeys {
    cipher: LessSafeKey,
    commitment: [u8; 32],
    message_id: [u8; 32],
}

impl MessageKeys {
    /// HKDF-SHA-512 with the message id as salt; both outputs from one extraction (specification, `client-apis/
    /// key-derivation.md`).
    pub(crate) fn derive(data_key: &DataKey, suite: Suite, message_id: [u8; 32]) -> Self {
        let prk = Salt::new(HKDF_SHA512, &message_id).extract(data_key.expose());
        Self { cipher: cipher_key(&prk, suite), commitment: commitment(&prk), message_id }
    }

    /// The value the header carries, so that no other key can open the message.
    pub(crate) fn commitment(&self) -> [u8; 32] {
        self.commitment
    }

    /// The tag of a new header; what is left afterwards can only seal frames.
    pub(crate) fn seal_header(self, raw: &[u8]) -> (FrameCipher, [u8; TAG_BYTES]) {
        let tag = self
            .cipher
            .seal_in_place_separate_tag(header_nonce(), Aad::from(raw), &mut [])
            .expect("AES-GCM seals an empty text under a header of bounded length");
        let mut bytes = [0; TAG_BYTES];
        bytes.copy_from_slice(tag.as_ref());
        (FrameCipher::new(self.cipher, self.message_id), bytes)
    }

    /// Checks commitment and tag of a header that was read; only then can frames be opened.
    pub(crate) fn open_header(self, header: &Header) -> Result<FrameCipher, FormatError> {
        verify_slices_are_equal(&self.commitment, &header.body.commitment)
            .map_err(|_| FormatError::Commitment)?;
        self.cipher
            .open_in_place_separate_tag(header_nonce(), Aad::from(&header.raw), &header.tag, &mut [])
            .map_err(|_| FormatError::HeaderTag)?;
        Ok(FrameCipher::new(self.cipher, self.message_id))
    }
}

/// Frames have nonces from 1 on; 0 is the header's.
fn header_nonce() -> Nonce {
    Nonce::assume_unique_for_key([0; 12])
}

fn cipher_key(prk: &Prk, suite: Suite) -> LessSafeKey {
    let info: [&[u8]; 2] = [&suite.id().to_be_bytes(), b"DERIVEKEY"];
    let okm = prk.expand(&info, &AES_256_GCM).expect("HKDF gives 32 bytes");
    LessSafeKey::new(UnboundKey::from(okm))
}

fn commitment(prk: &Prk) -> [u8; 32] {
    struct Commitment;
    impl KeyType for Commitment {
        fn len(&self) -> usize {
            32
        }
    }
    let mut out = [0; 32];
    let info: [&[u8]; 1] = [b"COMMITKEY"];
    prk.expand(&info, Commitment).and_then(|okm| okm.fill(&mut out)).expect("HKDF gives 32 bytes");
    out
}
