//! The dates of signatures: ISO 8601, basic format, in UTC.

use std::fmt;

use jiff::civil::DateTime;
use jiff::tz::Offset;
use keystead_model::Timestamp;

use super::Failure;

/// An instant with its text form `YYYYMMDDTHHMMSSZ`, to the second.
pub(super) struct Stamp {
    text: [u8; 16],
    at: Timestamp,
}

impl Stamp {
    /// Reads the text form.
    pub(super) fn read(text: &str) -> Result<Self, Failure> {
        Self::parse(text).ok_or_else(|| {
            let got: String = text.chars().take(32).collect();
            Failure::Incomplete(format!(
                "Date must be in ISO-8601 'basic format'. Got '{got}'. See http://en.wikipedia.org/wiki/ISO_8601"
            ))
        })
    }

    fn parse(text: &str) -> Option<Self> {
        let text: [u8; 16] = text.as_bytes().try_into().ok()?;
        if text[8] != b'T' || text[15] != b'Z' {
            return None;
        }
        let number = |from: usize, to: usize| {
            text[from..to]
                .iter()
                .try_fold(0i16, |sum, b| b.is_ascii_digit().then(|| sum * 10 + i16::from(b - b'0')))
        };
        let small = |from: usize| number(from, from + 2).and_then(|n| i8::try_from(n).ok());
        let civil =
            DateTime::new(number(0, 4)?, small(4)?, small(6)?, small(9)?, small(11)?, small(13)?, 0).ok()?;
        let second = Offset::UTC.to_timestamp(civil).ok()?.as_second();
        Some(Self { text, at: Timestamp::from_seconds(u64::try_from(second).ok()?) })
    }

    /// The text form of an instant, cut to the second.
    pub(super) fn of(at: Timestamp) -> Self {
        let at = Timestamp::from_seconds(at.seconds());
        let second = i64::try_from(at.seconds()).unwrap_or(i64::MAX);
        let civil = jiff::Timestamp::from_second(second)
            .map_or(DateTime::MAX, |instant| Offset::UTC.to_datetime(instant));
        let mut text = *b"00000000T000000Z";
        let mut put = |from: usize, to: usize, number: i16| {
            let mut rest = number.unsigned_abs();
            for digit in text[from..to].iter_mut().rev() {
                // A remainder of ten is one digit.
                *digit = b'0' + (rest % 10) as u8;
                rest /= 10;
            }
        };
        put(0, 4, civil.year());
        put(4, 6, civil.month().into());
        put(6, 8, civil.day().into());
        put(9, 11, civil.hour().into());
        put(11, 13, civil.minute().into());
        put(13, 15, civil.second().into());
        Self { text, at }
    }

    pub(super) fn at(&self) -> Timestamp {
        self.at
    }

    /// `YYYYMMDD`.
    pub(super) fn day(&self) -> [u8; 8] {
        let mut day = [0; 8];
        day.copy_from_slice(&self.text[..8]);
        day
    }

    pub(super) fn text(&self) -> &str {
        // Digits, T and Z: checked on the way in, or written here.
        std::str::from_utf8(&self.text).unwrap_or_default()
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_agree() {
        for text in ["19700101T000000Z", "20150830T123600Z", "20240229T235959Z"] {
            let stamp = Stamp::parse(text).expect("a date");
            assert_eq!(Stamp::of(stamp.at()).text(), text);
        }
        assert_eq!(Stamp::parse("20150830T123600Z").map(|s| s.at()), Some(Timestamp(1_440_938_160_000)));
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "201",
            "20150230T000000Z",
            "20151301T000000Z",
            "20150830T246000Z",
            "20150830T123600",
            "20150830 123600Z",
            "2015083aT123600Z",
            "19691231T235959Z",
            "Sun, 30 Aug 2015 12:36:00 GMT",
            "2015083éT12360Z",
        ] {
            assert!(Stamp::parse(text).is_none(), "{text}");
        }
    }
}
