//! Times as people type them.

use keystead_model::Timestamp;

/// Reads `2026-11-21T08:00:00Z` (or with an offset), `2026-11-21` (the beginning of that day in UTC), or an age such
/// as `90s`, `30m`, `2h`, `7d`, counted back from `now`.
pub fn parse(text: &str, now: Timestamp) -> Result<Timestamp, WhenError> {
    let error = || WhenError(text.to_owned());
    if let Some(age) = age_ms(text) {
        return Ok(Timestamp(now.0.saturating_sub(age)));
    }
    let instant = match text.parse::<jiff::Timestamp>() {
        Ok(instant) => instant,
        Err(_) => {
            let day: jiff::civil::Date = text.parse().map_err(|_| error())?;
            day.to_zoned(jiff::tz::TimeZone::UTC).map_err(|_| error())?.timestamp()
        }
    };
    u64::try_from(instant.as_millisecond()).map(Timestamp).map_err(|_| error())
}

/// Reads an instant, and no age.
pub fn instant(text: &str) -> Result<Timestamp, WhenError> {
    match age_ms(text) {
        Some(_) => Err(WhenError(text.to_owned())),
        None => parse(text, Timestamp(0)),
    }
}

/// An instant as RFC 3339 in UTC, to the millisecond; the end of time as computers count it if it is later.
pub fn spell(at: Timestamp) -> String {
    let instant = i64::try_from(at.0).ok().and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
    format!("{:.3}", instant.unwrap_or(jiff::Timestamp::MAX))
}

/// The text is no time.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no time; write 2026-11-21T08:00:00Z, 2026-11-21, or an age such as 30m, 2h or 7d")]
pub struct WhenError(String);

fn age_ms(text: &str) -> Option<u64> {
    let unit_ms = match text.chars().next_back()? {
        's' => 1_000,
        'm' => 60_000,
        'h' => 3_600_000,
        'd' => Timestamp::DAY_MS,
        _ => return None,
    };
    let digits = &text[..text.len() - 1];
    let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| digits.parse::<u64>().ok()?.checked_mul(unit_ms)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_790_000_000_000);

    #[test]
    fn times_and_ages_are_read() {
        for (text, ms) in [
            ("1970-01-01T00:00:01Z", 1_000),
            ("1970-01-01T01:00:00+01:00", 0),
            ("1970-01-02", Timestamp::DAY_MS),
            ("90s", NOW.0 - 90_000),
            ("2h", NOW.0 - 7_200_000),
            ("99999d", 0),
        ] {
            assert_eq!(parse(text, NOW), Ok(Timestamp(ms)), "{text}");
        }
    }

    #[test]
    fn what_is_spelled_is_read_again() {
        assert_eq!(spell(NOW), "2026-09-21T14:13:20.000Z");
        assert_eq!(parse(&spell(NOW.plus_ms(7)), NOW), Ok(NOW.plus_ms(7)));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in ["", "h", "-2h", "yesterday", "1969-12-31", "2h30m", "99999999999999999999d", "€"] {
            assert!(parse(text, NOW).is_err(), "{text:?}");
        }
    }
}
