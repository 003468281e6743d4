//! The one secret this crate handles.

use zeroize::{Zeroize, Zeroizing};

/// The plain data key of one message: 256 bits, wiped on drop.
///
/// No `Debug`, `Clone` or `Serialize`, on purpose.
pub struct DataKey(Box<[u8; DataKey::BYTES]>);

impl DataKey {
    /// Length in bytes.
    pub const BYTES: usize = 32;

    /// From bytes made elsewhere; the caller wipes its own copy.
    pub fn new(bytes: &[u8; Self::BYTES]) -> Self {
        let mut key = Box::new([0; Self::BYTES]);
        key.copy_from_slice(bytes);
        Self(key)
    }

    /// From base64; `None` if it is not the base64 of exactly 32 bytes.
    pub(crate) fn from_base64(text: &str) -> Option<Self> {
        use base64::Engine;
        let mut bytes = Zeroizing::new([0_u8; DECODED_BYTES_MAX]);
        let len = base64::engine::general_purpose::STANDARD.decode_slice(text, bytes.as_mut_slice()).ok()?;
        let key: &[u8; Self::BYTES] = bytes.get(..len)?.try_into().ok()?;
        Some(Self::new(key))
    }

    /// As base64, in a text that is wiped on drop.
    pub(crate) fn to_base64(&self) -> Zeroizing<String> {
        use base64::Engine;
        let mut text = Zeroizing::new(String::with_capacity(ENCODED_BYTES));
        base64::engine::general_purpose::STANDARD.encode_string(self.0.as_slice(), &mut text);
        text
    }

    /// The bytes. The one word to search for in review.
    pub fn expose(&self) -> &[u8] {
        self.0.as_slice()
    }
}

impl Drop for DataKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

const ENCODED_BYTES: usize = DataKey::BYTES.div_ceil(3) * 4;
/// Room for what the decoder thinks it might need.
const DECODED_BYTES_MAX: usize = ENCODED_BYTES / 4 * 3 + 3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_exactly_32_bytes_are_a_data_key() {
        let key = DataKey::new(&[7; 32]);
        let text = key.to_base64();
        assert_eq!(text.len(), ENCODED_BYTES);
        assert!(DataKey::from_base64(&text).is_some_and(|again| again.expose() == [7; 32]));
        for text in ["", "AAAA", "====", &"A".repeat(44), &"A".repeat(400)] {
            assert!(DataKey::from_base64(text).is_none(), "{text}");
        }
    }
}
