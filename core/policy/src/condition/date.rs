//! Instants of `Date…`: the W3C profile of ISO 8601, or seconds since 1970.

use keystead_model::Timestamp;

use crate::buffer::Buffer;

/// An instant, in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Instant(i64);

/// Longest text read, in bytes.
const BYTES_MAX: usize = 40;

impl Instant {
    /// What every form looks like.
    pub(crate) const FORM: &str = "2026-01-31T12:00:00Z, 2026-01-31 or seconds since 1970";

    /// Reads `YYYY`, `YYYY-MM`, `YYYY-MM-DD`, a date with a time and an offset, or seconds since 1970 (any count of
    /// digits but four, which are a year).
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let allowed = |b: u8| b.is_ascii_digit() || matches!(b, b'-' | b'+' | b':' | b'.' | b'T' | b'Z');
        if text.is_empty() || text.len() > BYTES_MAX || !text.bytes().all(allowed) {
            return None;
        }
        if text.len() != 4 && text.bytes().all(|b| b.is_ascii_digit()) {
            return text
                .parse::<u64>()
                .ok()
                .map(Timestamp::from_seconds)
                .and_then(|at| Self::try_from(at).ok());
        }
        let rest = match text.len() {
            4 => "-01-01T00:00:00Z",
            7 => "-01T00:00:00Z",
            10 => "T00:00:00Z",
            _ if text.contains('T') => "",
            _ => return None,
        };
        let mut whole = Buffer::<{ 2 * BYTES_MAX }>::new();
        whole.push(text);
        whole.push(rest);
        whole.text()?.parse::<jiff::Timestamp>().ok().map(|at| Self(at.as_millisecond()))
    }
}

impl TryFrom<Timestamp> for Instant {
    type Error = std::num::TryFromIntError;

    fn try_from(at: Timestamp) -> Result<Self, Self::Error> {
        i64::try_from(at.0).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(text: &str) -> i64 {
        Instant::parse(text).unwrap_or_else(|| panic!("{text}")).0
    }

    #[test]
    fn every_form_is_read() {
        assert_eq!(ms("2020-01-01T00:00:01Z"), 1_577_836_801_000);
        assert_eq!(ms("2020-01-01T02:00:01+02:00"), 1_577_836_801_000);
        assert_eq!(ms("2020-01-01T00:00:01.250Z"), 1_577_836_801_250);
        assert_eq!(ms("2020-01-01T00:00Z"), 1_577_836_800_000);
        for text in ["2020-01-01", "2020-01", "2020", "1577836800"] {
            assert_eq!(ms(text), 1_577_836_800_000, "{text}");
        }
        assert_eq!(ms("0"), 0);
    }

    #[test]
    fn what_is_no_instant_is_refused() {
        for text in [
            "",
            "2020-13-01",
            "2020-02-30",
            "2020-01-01T00:00:00",
            "tomorrow",
            "2020/01/01",
            "99999999999999999999",
            "-5",
            "2020-01-01T00:00:00Z[UTC]",
            "*",
        ] {
            assert_eq!(Instant::parse(text), None, "{text}");
        }
    }
}
