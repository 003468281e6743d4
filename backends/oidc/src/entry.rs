//! What is known of one issuer, how old it may be, and when it is asked for again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use keystead_federation::{KeySet, ProviderError};
use parking_lot::Mutex;

use crate::fetch::FETCH_MS_MAX;

/// How long keys are answered from memory, in seconds. An issuer that takes a key back is obeyed this much later.
pub const FRESH_SECONDS: u64 = 300;
/// How old keys may be that are answered because an issuer cannot be reached, in seconds. Older ones are not.
pub const STALE_SECONDS_MAX: u64 = 3_600;
/// The least time between two questions to an issuer, in seconds, however many unknown keys are asked for.
pub const AGAIN_SECONDS_MIN: u64 = 10;

/// One issuer.
#[derive(Default)]
pub(crate) struct Entry {
    known: Mutex<Known>,
    /// Held by whoever asks; the others wait, and then look again.
    pub(crate) turn: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Known {
    keys: Option<(Instant, Arc<KeySet>)>,
    /// Whether somebody asks right now.
    asking: bool,
    /// When somebody asked last, and what came of it if that was no set of keys.
    asked: Option<Instant>,
    failed: Option<ProviderError>,
}

/// What to do about a question.
pub(crate) enum Next {
    /// There is an answer.
    Answer(Result<Arc<KeySet>, ProviderError>),
    /// The issuer has to be asked, or is being asked.
    Ask,
}

/// How often a source may be asked, how long that may take, and how long its answers are good.
#[derive(Clone, Copy)]
pub(crate) struct Pace {
    pub(crate) fresh: Duration,
    pub(crate) stale: Duration,
    pub(crate) again: Duration,
    pub(crate) limit: Duration,
}

impl Pace {
    /// Of issuers.
    pub(crate) const WEB: Self = Self {
        fresh: Duration::from_secs(FRESH_SECONDS),
        stale: Duration::from_secs(STALE_SECONDS_MAX),
        again: Duration::from_secs(AGAIN_SECONDS_MIN),
        limit: Duration::from_millis(FETCH_MS_MAX),
    };
    /// Of files: read again as often as an issuer may be asked, so that a key taken out of one is soon gone.
    pub(crate) const FILE: Self = Self { fresh: Self::WEB.again, ..Self::WEB };
}

impl Entry {
    /// Whether the issuer has to be asked for this key, as of `now`.
    pub(crate) fn next(&self, key_id: Option<&str>, pace: Pace, now: Instant) -> Next {
        let known = self.known.lock();
        let age = |since: Instant| now.saturating_duration_since(since);
        let just_asked = known.asked.is_some_and(|asked| age(asked) < pace.again);
        let keys = known.keys.as_ref().filter(|(since, _)| age(*since) < pace.stale);
        match keys {
            Some((since, keys)) if keys.has(key_id) && (age(*since) < pace.fresh || known.asking) => {
                Next::Answer(Ok(Arc::clone(keys)))
            }
            _ if known.asking => Next::Ask,
            // An unknown key, or one that is not fresh, is a reason to ask as often as that is allowed.
            Some((_, keys)) if just_asked => Next::Answer(Ok(Arc::clone(keys))),
            None if just_asked => Next::Answer(Err(known.failed.unwrap_or(ProviderError::Unreachable))),
            _ => Next::Ask,
        }
    }

    /// Notes that it is being asked. What becomes of whoever asks, it counts.
    pub(crate) fn asking(&self, now: Instant) {
        let mut known = self.known.lock();
        known.asking = true;
        known.asked = Some(now);
        known.failed = Some(ProviderError::TimedOut);
    }

    /// Notes what came of it, and answers what there is now. A failure takes nothing away from what was known.
    pub(crate) fn note(
        &self,
        outcome: Result<KeySet, ProviderError>,
        pace: Pace,
        now: Instant,
    ) -> Result<Arc<KeySet>, ProviderError> {
        let mut known = self.known.lock();
        known.asking = false;
        match outcome {
            Ok(keys) => {
                let keys = Arc::new(keys);
                known.keys = Some((now, Arc::clone(&keys)));
                known.failed = None;
                Ok(keys)
            }
            Err(error) => {
                known.failed = Some(error);
                let young = |since: Instant| now.saturating_duration_since(since) < pace.stale;
                known
                    .keys
                    .as_ref()
                    .filter(|(since, _)| young(*since))
                    .map(|(_, keys)| Arc::clone(keys))
                    .ok_or(error)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POINT: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    fn set(id: &str) -> KeySet {
        let key = format!(r#"{{"kid":"{id}","kty":"EC","crv":"P-256","x":"{POINT}","y":"{POINT}"}}"#);
        KeySet::parse(format!(r#"{{"keys":[{key}]}}"#).as_bytes()).expect("a set")
    }

    /// What happens at an instant: `ask`, or what is answered.
    fn at(entry: &Entry, id: &str, now: Instant) -> String {
        match entry.next(Some(id), Pace::WEB, now) {
            Next::Ask => "ask".into(),
            Next::Answer(Ok(keys)) => {
                format!("keys, {}", if keys.has(Some(id)) { "with it" } else { "without" })
            }
            Next::Answer(Err(error)) => format!("{error:?}"),
        }
    }

    /// Asks at an instant, and answers whether there are keys then.
    fn ask(entry: &Entry, outcome: Result<KeySet, ProviderError>, now: Instant) -> bool {
        entry.asking(now);
        entry.note(outcome, Pace::WEB, now).is_ok()
    }

    #[test]
    fn keys_are_fresh_then_asked_for_then_stale_then_gone() {
        let (entry, begin) = (Entry::default(), Instant::now());
        let after = |seconds| begin + Duration::from_secs(seconds);
        assert_eq!(at(&entry, "1", begin), "ask");
        assert!(ask(&entry, Ok(set("1")), begin));
        assert_eq!(at(&entry, "1", after(FRESH_SECONDS - 1)), "keys, with it");
        assert_eq!(at(&entry, "1", after(FRESH_SECONDS)), "ask");
        // The issuer is down: what is known holds until it is too old, and the issuer is not pestered.
        for seconds in [FRESH_SECONDS, 2000, STALE_SECONDS_MAX - 1] {
            assert!(ask(&entry, Err(ProviderError::Unreachable), after(seconds)));
            assert_eq!(at(&entry, "1", after(seconds)), "keys, with it", "{seconds}");
        }
        assert_eq!(at(&entry, "1", after(STALE_SECONDS_MAX)), "Unreachable");
        assert_eq!(at(&entry, "1", after(STALE_SECONDS_MAX + AGAIN_SECONDS_MIN)), "ask");
        assert!(!ask(&entry, Err(ProviderError::Tls), after(STALE_SECONDS_MAX)));
    }

    #[test]
    fn an_unknown_key_is_asked_for_and_not_too_often() {
        let (entry, begin) = (Entry::default(), Instant::now());
        let after = |seconds| begin + Duration::from_secs(seconds);
        assert!(ask(&entry, Ok(set("1")), begin));
        assert_eq!(at(&entry, "2", after(AGAIN_SECONDS_MIN - 1)), "keys, without");
        assert_eq!(at(&entry, "2", after(AGAIN_SECONDS_MIN)), "ask");
        assert!(ask(&entry, Ok(set("2")), after(AGAIN_SECONDS_MIN)));
        assert_eq!(at(&entry, "2", after(AGAIN_SECONDS_MIN)), "keys, with it");
        assert_eq!(at(&entry, "1", after(AGAIN_SECONDS_MIN)), "keys, without");
    }

    #[test]
    fn while_an_issuer_is_asked_who_can_do_with_what_is_known_does_not_wait() {
        let (entry, begin) = (Entry::default(), Instant::now());
        let late = begin + Duration::from_secs(FRESH_SECONDS);
        entry.asking(begin);
        assert_eq!(at(&entry, "1", begin), "ask");
        assert!(ask(&entry, Ok(set("1")), begin));
        entry.asking(late);
        assert_eq!(at(&entry, "1", late), "keys, with it");
        assert_eq!(at(&entry, "2", late), "ask");
    }

    #[test]
    fn a_failure_is_answered_for_a_while() {
        let (entry, begin) = (Entry::default(), Instant::now());
        assert!(!ask(&entry, Err(ProviderError::Tls), begin));
        assert_eq!(at(&entry, "1", begin), "Tls");
        assert_eq!(at(&entry, "1", begin + Duration::from_secs(AGAIN_SECONDS_MIN)), "ask");
    }
}
