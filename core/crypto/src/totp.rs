//! Time-based one-time passwords (RFC 6238): HMAC-SHA-1, steps of 30 seconds from 1970, 6 digits. What virtual MFA
//! devices show.

use aws_lc_rs::hmac;
use keystead_model::Timestamp;
use keystead_model::world::Entropy;

use crate::{SecretBytes, equal_in_constant_time};

/// How long one code is shown, in seconds (RFC 6238 section 5.2).
pub const TOTP_STEP_SECONDS: u64 = 30;
/// Bytes of the seeds that are made here: 320 bits, 64 characters of base 32.
pub const TOTP_SEED_BYTES: usize = 40;

/// How many codes there are: 6 digits.
const CODES: u32 = 1_000_000;

/// The seed of a device. Codes are compared in constant time, and each of a window is looked at.
pub struct TotpSeed(SecretBytes);

impl TotpSeed {
    /// A new seed.
    pub fn make(entropy: &dyn Entropy) -> Self {
        let mut seed = SecretBytes::zeroed(TOTP_SEED_BYTES);
        entropy.fill(seed.expose_mut());
        Self(seed)
    }

    /// A seed that was made before, or that somebody brings.
    pub fn new(seed: SecretBytes) -> Self {
        Self(seed)
    }

    /// Its bytes, to be kept.
    pub fn bytes(&self) -> &SecretBytes {
        &self.0
    }

    /// The seed as devices take it: base 32 (RFC 4648 section 6) without padding.
    pub fn base32(&self) -> SecretBytes {
        base32(self.0.expose())
    }

    /// The code of a step.
    pub fn code(&self, step: u64) -> u32 {
        self.truncated(step) % CODES
    }

    /// The step whose code this is, among those at most `drift` steps away from `around`; the earliest one, should two have
    /// the same code. Steps up to `used` are out of the question: a code is good once.
    pub fn find(&self, code: u32, around: u64, drift: u64, used: Option<u64>) -> Option<u64> {
        self.search(around, drift, used, |step| self.is_code(code, step))
    }

    /// The second of two steps in a row whose codes these are, found as [`TotpSeed::find`] finds one. Both must be later than
    /// `used`.
    pub fn find_two(&self, codes: (u32, u32), around: u64, drift: u64, used: Option<u64>) -> Option<u64> {
        let (first, second) = codes;
        let both = |step: u64| self.is_code(first, step) & self.is_code(second, step.saturating_add(1));
        self.search(around, drift, used, both).map(|step| step + 1)
    }

    /// Looks at every step of the window, whatever it finds, so that the time taken does not tell the place.
    fn search(&self, around: u64, drift: u64, used: Option<u64>, fits: impl Fn(u64) -> bool) -> Option<u64> {
        let mut found = None;
        for step in around.saturating_sub(drift)..=around.saturating_add(drift) {
            let fits = fits(step) & used.is_none_or(|used| step > used);
            found = found.or(fits.then_some(step));
        }
        found
    }

    fn is_code(&self, code: u32, step: u64) -> bool {
        equal_in_constant_time(&self.code(step).to_be_bytes(), &code.to_be_bytes())
    }

    /// The 31 bits that codes are cut from (RFC 4226 section 5.3).
    fn truncated(&self, step: u64) -> u32 {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, self.0.expose());
        let tag = hmac::sign(&key, &step.to_be_bytes());
        let tag = tag.as_ref();
        let at = usize::from(tag[tag.len() - 1] & 0x0f);
        let word =
            tag[at..at + 4].try_into().expect("an HMAC-SHA-1 tag is 20 bytes, and the offset at most 15");
        u32::from_be_bytes(word) & 0x7fff_ffff
    }
}

/// The step that an instant is in.
pub fn totp_step(at: Timestamp) -> u64 {
    at.seconds() / TOTP_STEP_SECONDS
}

/// Base 32 (RFC 4648 section 6), without padding.
fn base32(bytes: &[u8]) -> SecretBytes {
    let mut out = SecretBytes::zeroed((bytes.len() * 8).div_ceil(5));
    for (place, character) in out.expose_mut().iter_mut().enumerate() {
        let (byte, bit) = (place * 5 / 8, place * 5 % 8);
        let pair = u16::from_be_bytes([bytes[byte], bytes.get(byte + 1).copied().unwrap_or(0)]);
        *character = ALPHABET[usize::from(pair >> (11 - bit) & 0x1f)];
    }
    out
}

const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

#[cfg(test)]
mod tests {
    use super::*;

    fn seed() -> TotpSeed {
        TotpSeed::new(SecretBytes::copy_from(b"12345678901234567890"))
    }

    #[test]
    fn the_vectors_of_rfc_6238_hold() {
        // Appendix B, SHA-1; the codes there have 8 digits.
        for (seconds, code) in [
            (59, 94_287_082),
            (1_111_111_109, 7_081_804),
            (1_111_111_111, 14_050_471),
            (1_234_567_890, 89_005_924),
            (2_000_000_000, 69_279_037),
            (20_000_000_000, 65_353_130),
        ] {
            let step = totp_step(Timestamp::from_seconds(seconds));
            assert_eq!(seed().truncated(step) % 100_000_000, code, "at {seconds}");
            assert_eq!(seed().find(code % CODES, step, 0, None), Some(step), "at {seconds}");
        }
    }

    #[test]
    fn the_vectors_of_rfc_4226_hold() {
        // Appendix D, in 6 digits.
        let codes =
            [755_224, 287_082, 359_152, 969_429, 338_314, 254_676, 287_922, 162_583, 399_871, 520_489];
        for (step, code) in (0u64..).zip(codes) {
            assert_eq!(seed().code(step), code, "at {step}");
        }
    }

    #[test]
    fn the_vectors_of_rfc_4648_hold() {
        // Section 10.
        for (plain, text) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
        ] {
            assert_eq!(base32(plain.as_bytes()).expose(), text.as_bytes(), "{plain}");
        }
        assert_eq!(base32(&[0xff; TOTP_SEED_BYTES]).expose(), [b'7'; 64]);
    }

    #[test]
    fn a_code_is_taken_within_its_window_only() {
        let seed = seed();
        assert_eq!(seed.find(359_152, 2, 0, None), Some(2));
        assert_eq!(seed.find(359_152, 3, 1, None), Some(2));
        assert_eq!(seed.find(359_152, 1, 1, None), Some(2));
        assert_eq!(seed.find(359_152, 4, 1, None), None);
        assert_eq!(seed.find(359_152, 0, 1, None), None);
        assert_eq!(seed.find(359_153, 2, 1, None), None);
    }

    #[test]
    fn a_code_is_good_once_and_no_older_one_after_it() {
        let seed = seed();
        assert_eq!(seed.find(359_152, 2, 1, Some(1)), Some(2));
        assert_eq!(seed.find(359_152, 2, 1, Some(2)), None);
        assert_eq!(seed.find(287_082, 2, 1, Some(2)), None);
        assert_eq!(seed.find_two((287_082, 359_152), 2, 1, Some(1)), None, "the first one was used");
        assert_eq!(seed.find_two((287_082, 359_152), 2, 1, Some(0)), Some(2));
    }

    #[test]
    fn two_codes_count_in_a_row_only() {
        let seed = seed();
        assert_eq!(seed.find_two((287_082, 359_152), 9, 8, None), Some(2));
        for codes in [(359_152, 287_082), (287_082, 969_429), (287_082, 287_082), (359_153, 969_429)] {
            assert_eq!(seed.find_two(codes, 5, 5, None), None, "{codes:?}");
        }
        assert_eq!(seed.find_two((287_082, 359_152), 4, 2, None), None, "the first one is too old");
    }

    #[test]
    fn the_ends_of_time_are_no_trouble() {
        assert_eq!(seed().find(755_224, 0, 2, None), Some(0));
        assert_eq!(seed().find(0, u64::MAX, 1, Some(u64::MAX)), None);
        assert_eq!(seed().find_two((1, 2), u64::MAX, 1, None), None);
    }
}
