//! How a caller says what the clock of a server for development is to do.

use keystead_model::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::instant;
use crate::door::Refusal;

/// What the clock is to do: first `set`, then `advance`, then `freeze`. At least one of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ClockMove {
    /// Show this instant.
    pub set: Option<Timestamp>,
    /// Go forward by so many milliseconds, at most [`ClockMove::ADVANCE_DAYS_MAX`] days.
    pub advance_ms: Option<u64>,
    /// Stand still from then on, or run on.
    pub freeze: Option<bool>,
}

/// The body of a request, as it is spelled.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Spelled {
    set: Option<String>,
    advance: Option<Value>,
    freeze: Option<bool>,
}

impl ClockMove {
    /// Longest way forward at a time, in days: a century.
    pub const ADVANCE_DAYS_MAX: u64 = 36_525;

    /// Reads a JSON object of `set` (an instant), `advance` (`"30d"`, `"12h"`, `"90m"`, `"10s"`, `"250ms"`, or a number
    /// of seconds) and `freeze` (true or false).
    ///
    /// # Errors
    /// [`Refusal::Serialization`] if it is no such object, [`Refusal::Validation`] if a value is out of its range.
    pub fn read(body: &[u8]) -> Result<Self, Refusal> {
        let spelled: Spelled =
            serde_json::from_slice(body).map_err(|error| Refusal::Serialization(error.to_string()))?;
        let Spelled { set, advance, freeze } = spelled;
        if set.is_none() && advance.is_none() && freeze.is_none() {
            return Err(Refusal::Validation("Say 'set', 'advance' or 'freeze'.".into()));
        }
        Ok(Self {
            set: set.map(|text| instant("set", &text)).transpose()?,
            advance_ms: advance.map(|value| duration_ms(&value)).transpose()?,
            freeze,
        })
    }
}

fn duration_ms(value: &Value) -> Result<u64, Refusal> {
    let ms = match value {
        Value::Number(seconds) => seconds.as_u64().and_then(|seconds| seconds.checked_mul(1000)),
        Value::String(text) => {
            let end = text.bytes().position(|b| !b.is_ascii_digit()).unwrap_or(text.len());
            let (digits, unit) = text.split_at(end);
            let unit_ms = match unit {
                "ms" => Some(1),
                "s" => Some(1000),
                "m" => Some(60_000),
                "h" => Some(3_600_000),
                "d" => Some(Timestamp::DAY_MS),
                _ => None,
            };
            unit_ms.and_then(|unit_ms| digits.parse::<u64>().ok()?.checked_mul(unit_ms))
        }
        _ => None,
    };
    ms.filter(|ms| *ms <= ClockMove::ADVANCE_DAYS_MAX * Timestamp::DAY_MS).ok_or_else(|| {
        Refusal::Validation(format!(
            "'advance' must be a time such as \"30d\", \"12h\", \"90m\", \"10s\" or \"250ms\", or a number of seconds, \
             and at most {} days.",
            ClockMove::ADVANCE_DAYS_MAX
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_move_is_read() {
        let all = br#"{"set": "2026-01-01T00:00:00Z", "advance": "30d", "freeze": true}"#;
        assert_eq!(
            ClockMove::read(all),
            Ok(ClockMove {
                set: Some(Timestamp::from_seconds(1_767_225_600)),
                advance_ms: Some(30 * Timestamp::DAY_MS),
                freeze: Some(true),
            })
        );
        for (text, ms) in [("\"250ms\"", 250), ("\"90m\"", 5_400_000), ("\"0s\"", 0), ("7", 7000)] {
            let body = format!("{{\"advance\": {text}}}");
            assert_eq!(ClockMove::read(body.as_bytes()).map(|read| read.advance_ms), Ok(Some(ms)), "{text}");
        }
    }

    #[test]
    fn what_is_no_move_is_refused() {
        for body in [
            "",
            "{}",
            "[]",
            "{\"go\": 1}",
            "{\"freeze\": \"yes\"}",
            "{\"set\": \"tomorrow\"}",
            "{\"advance\": \"d\"}",
            "{\"advance\": \"-1d\"}",
            "{\"advance\": \"1w\"}",
            "{\"advance\": -1}",
            "{\"advance\": 1.5}",
            "{\"advance\": \"36526d\"}",
            "{\"advance\": \"99999999999999999999d\"}",
            "{\"advance\": true}",
        ] {
            assert!(ClockMove::read(body.as_bytes()).is_err(), "{body}");
        }
    }
}
