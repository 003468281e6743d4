//! How long sessions last: the limits of the AWS STS API Reference.

use keystead_model::{Error, Timestamp};

/// How long a kind of session may last, in seconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    /// At least.
    pub(crate) min: u32,
    /// At most.
    pub(crate) max: u32,
    /// If nothing is asked for.
    pub(crate) default: u32,
}

/// Sessions of roles. Each role has a longest one of its own.
const ROLE_SECONDS: Span = Span { min: 900, max: 43_200, default: 3_600 };
/// Sessions that users open for themselves.
pub(crate) const SESSION_SECONDS: Span = Span { min: 900, max: 129_600, default: 43_200 };
/// Sessions that users open for others.
pub(crate) const FEDERATION_SECONDS: Span = Span { min: 900, max: 129_600, default: 43_200 };
/// Longest session that an account's root opens, whatever it asks for.
const ROOT_SECONDS_MAX: u32 = 3_600;
/// Longest session of a role that was taken on from a session of a role.
const CHAINED_SECONDS_MAX: u32 = 3_600;

impl Span {
    /// When a session that begins `now` ends. One of an account's root is cut down, as AWS does it.
    ///
    /// # Errors
    /// [`Error::Invalid`] if `asked` is out of range.
    pub(crate) fn end(self, asked: Option<u32>, now: Timestamp, is_root: bool) -> Result<Timestamp, Error> {
        let Self { min, max, default } = self;
        let seconds = asked.unwrap_or(default);
        if !(min..=max).contains(&seconds) {
            return Err(Error::Invalid(format!("a session lasts {min} to {max} seconds").into()));
        }
        let seconds = if is_root { seconds.min(ROOT_SECONDS_MAX) } else { seconds };
        Ok(after(now, seconds))
    }

    /// When a session of a role that begins `now` ends.
    ///
    /// # Errors
    /// [`Error::Invalid`] if `asked` is out of range, or longer than `max`: that of the role, or of a chain.
    pub(crate) fn end_of_role(
        asked: Option<u32>,
        now: Timestamp,
        (max, why): (u32, &str),
    ) -> Result<Timestamp, Error> {
        let end = ROLE_SECONDS.end(asked, now, false)?;
        match asked.is_some_and(|asked| asked > max) {
            true => Err(Error::Invalid(why.into())),
            false => Ok(end),
        }
    }
}

/// The longest session of a role, and what is said to whoever asks for more.
pub(crate) fn role_seconds_max(of_role: u32, is_chained: bool) -> (u32, &'static str) {
    match is_chained {
        true => (
            CHAINED_SECONDS_MAX.min(of_role),
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
        ),
        false => (of_role, "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."),
    }
}

fn after(now: Timestamp, seconds: u32) -> Timestamp {
    now.plus_ms(u64::from(seconds) * 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_000);

    fn seconds(end: Result<Timestamp, Error>) -> Option<u64> {
        end.ok().map(|end| (end.0 - NOW.0) / 1_000)
    }

    #[test]
    fn sessions_last_as_long_as_asked_within_their_range() {
        for (asked, expected) in [
            (None, Some(43_200)),
            (Some(900), Some(900)),
            (Some(899), None),
            (Some(129_600), Some(129_600)),
            (Some(129_601), None),
        ] {
            assert_eq!(seconds(SESSION_SECONDS.end(asked, NOW, false)), expected, "{asked:?}");
        }
    }

    #[test]
    fn a_root_gets_an_hour_at_most() {
        for (asked, expected) in [(None, 3_600), (Some(900), 900), (Some(129_600), 3_600)] {
            assert_eq!(seconds(FEDERATION_SECONDS.end(asked, NOW, true)), Some(expected), "{asked:?}");
        }
    }

    #[test]
    fn a_role_has_a_longest_session_and_a_chain_an_hour() {
        let end =
            |asked, role, chained| seconds(Span::end_of_role(asked, NOW, role_seconds_max(role, chained)));
        assert_eq!(end(None, 7_200, false), Some(3_600));
        assert_eq!(end(Some(7_200), 7_200, false), Some(7_200));
        assert_eq!(end(Some(7_201), 7_200, false), None);
        assert_eq!(end(Some(3_600), 43_200, true), Some(3_600));
        assert_eq!(end(Some(3_601), 43_200, true), None);
        assert_eq!(end(Some(899), 43_200, true), None);
    }
}
