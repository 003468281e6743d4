//! Which records someone wants to see.

use std::str::FromStr;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use keystead_model::{Action, RequestId, Timestamp};

use crate::{Decision, Entry, Outcome};

/// Conditions that all have to hold. The default holds for every record.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Filter {
    key: Option<Box<str>>,
    principal: Option<Box<str>>,
    action: Option<Action>,
    from: Option<Timestamp>,
    until: Option<Timestamp>,
    outcome: Option<Wanted>,
    request: Option<RequestId>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Wanted {
    Success,
    Refused,
    Denied,
    Code(Box<str>),
}

/// Why a text pair is no condition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    /// No such condition.
    #[error(
        "there is no condition {0:?}; there are key, principal, action, from, until, outcome and request"
    )]
    Name(Box<str>),
    /// The same condition twice.
    #[error("the condition {0} is given twice")]
    Twice(Box<str>),
    /// A value that is empty or longer than 2,048 bytes.
    #[error("the value of {0} is 1 to 2048 bytes long")]
    Length(Box<str>),
    /// No such action.
    #[error("there is no action {0:?}; actions look like kms:Decrypt or Decrypt")]
    Action(Box<str>),
    /// Not a time.
    #[error(
        "{0:?} is no time; times look like 2027-03-01, 2027-03-01T12:30:00Z or 2027-03-01T12:30:00.250+01:00"
    )]
    Time(Box<str>),
    /// Not a request id.
    #[error("{0:?} is no request id; request ids are lower-case UUIDs")]
    Request(Box<str>),
}

impl Filter {
    /// Reads conditions from pairs of name and value:
    ///
    /// * `key`: a key's ARN or id, an alias or alias ARN, or any other resource as it was recorded
    /// * `principal`: the ARN; a `*` at the end stands for anything
    /// * `action`: with or without its service, such as `kms:Decrypt` or `Decrypt`
    /// * `from`, `until`: a day (its start in UTC) or an RFC 3339 time; `from` belongs to what is wanted, `until`
    ///   does not
    /// * `outcome`: `success`, `refused` (for whatever reason), `denied` (by policy) or a code such as `KeyNotFound`
    /// * `request`: the request's id
    ///
    /// # Errors
    /// One [`FilterError`] a rule.
    pub fn parse<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, FilterError> {
        let mut filter = Self::default();
        for (name, value) in pairs {
            if !(1..=VALUE_BYTES_MAX).contains(&value.len()) {
                return Err(FilterError::Length(name.into()));
            }
            let twice = match name {
                "key" => filter.key.replace(value.into()).is_some(),
                "principal" => filter.principal.replace(value.into()).is_some(),
                "action" => filter.action.replace(action(value)?).is_some(),
                "from" => filter.from.replace(time(value)?).is_some(),
                "until" => filter.until.replace(time(value)?).is_some(),
                "outcome" => filter.outcome.replace(wanted(value)).is_some(),
                "request" => filter.request.replace(request(value)?).is_some(),
                _ => return Err(FilterError::Name(name.into())),
            };
            if twice {
                return Err(FilterError::Twice(name.into()));
            }
        }
        Ok(filter)
    }

    /// Whether every condition holds for an entry.
    pub fn matches(&self, entry: &Entry) -> bool {
        let Self { key, principal, action, from, until, outcome, request } = self;
        request.is_none_or(|wanted| wanted == entry.request)
            && from.is_none_or(|from| from <= entry.at)
            && until.is_none_or(|until| entry.at < until)
            && action.is_none_or(|action| action.as_str() == &*entry.action)
            && outcome.as_ref().is_none_or(|wanted| wanted.matches(entry))
            && principal.as_ref().is_none_or(|wanted| is_by(wanted, entry))
            && key.as_ref().is_none_or(|wanted| is_about(wanted, entry))
    }

    /// The earliest time that is wanted, if one was given: whoever reads backwards may stop somewhat before it. Not
    /// right at it: records stand in the order of their answers, not of their times.
    pub fn earliest(&self) -> Option<Timestamp> {
        self.from
    }
}

impl Wanted {
    fn matches(&self, entry: &Entry) -> bool {
        match (self, &entry.outcome) {
            (Self::Success, outcome) => *outcome == Outcome::Success,
            (Self::Refused, outcome) => *outcome != Outcome::Success,
            (Self::Denied, _) => matches!(entry.decision, Decision::Denied(_)),
            (Self::Code(wanted), Outcome::Refused { code, .. }) => wanted == code,
            (Self::Code(_), Outcome::Success) => false,
        }
    }
}

fn is_by(wanted: &str, entry: &Entry) -> bool {
    let principal = entry.principal.as_deref().unwrap_or_default();
    match wanted.strip_suffix('*') {
        Some(start) => principal.starts_with(start),
        None => principal == wanted,
    }
}

/// The key or the further resource, whole or without the part of its ARN that says whose it is.
fn is_about(wanted: &str, entry: &Entry) -> bool {
    let by_key = entry.key.as_ref().is_some_and(|arn| {
        let id = arn.key.text();
        wanted.as_bytes() == id || wanted == arn.to_string()
    });
    let short = |arn: &str| {
        let last = arn.splitn(6, ':').nth(5).unwrap_or(arn);
        wanted == last || Some(wanted) == last.strip_prefix("key/")
    };
    by_key || entry.resource.as_deref().is_some_and(|text| wanted == text || short(text))
}

fn action(value: &str) -> Result<Action, FilterError> {
    let mut actions = Action::ALL.iter().copied();
    actions
        .find(|action| action.as_str() == value || action.verb() == value)
        .ok_or_else(|| FilterError::Action(value.into()))
}

fn wanted(value: &str) -> Wanted {
    match value {
        "success" => Wanted::Success,
        "refused" => Wanted::Refused,
        "denied" => Wanted::Denied,
        code => Wanted::Code(code.into()),
    }
}

fn time(value: &str) -> Result<Timestamp, FilterError> {
    let bad = || FilterError::Time(value.into());
    let instant = match Date::from_str(value) {
        Ok(day) if value.len() == DAY_BYTES => day.to_zoned(TimeZone::UTC).map_err(|_| bad())?.timestamp(),
        _ => jiff::Timestamp::from_str(value).map_err(|_| bad())?,
    };
    u64::try_from(instant.as_millisecond()).map(Timestamp).map_err(|_| bad())
}

fn request(value: &str) -> Result<RequestId, FilterError> {
    let id = value.parse::<keystead_model::KeyId>().ok().filter(|id| !id.is_multi_region());
    id.map(|id| RequestId(*id.bytes())).ok_or_else(|| FilterError::Request(value.into()))
}

const VALUE_BYTES_MAX: usize = 2048;
/// Length of `2027-03-01`.
const DAY_BYTES: usize = 10;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Record;
    use crate::record::tests::ordinary;

    fn entry(record: &Record<'_>) -> Entry {
        let mut bytes = Vec::new();
        record.encode(&mut bytes).expect("encodes");
        Entry::decode(&bytes).expect("decodes")
    }

    fn holds(pairs: &[(&str, &str)], record: &Record<'_>) -> bool {
        Filter::parse(pairs.iter().copied()).expect("well formed").matches(&entry(record))
    }

    #[test]
    fn a_key_is_found_by_id_arn_and_alias() {
        let id = "1234abcd-12ab-34cd-56ef-1234567890ab";
        let arn = format!("arn:aws:kms:eu-central-1:111122223333:key/{id}");
        let Ok(keystead_model::KeyRef::Arn(key)) = keystead_model::KeyRef::parse(&arn) else {
            panic!("an ARN")
        };
        let alias = "arn:aws:kms:eu-central-1:111122223333:alias/app/db";
        let record = Record { key: Some(&key), resource: Some(alias), ..ordinary() };
        for wanted in [id, &arn, alias, "alias/app/db"] {
            assert!(holds(&[("key", wanted)], &record), "{wanted}");
        }
        assert!(!holds(&[("key", "alias/app")], &record));
        assert!(!holds(&[("key", id)], &ordinary()));
        assert!(holds(&[("key", id)], &Record { resource: Some(&arn), ..ordinary() }));
    }

    #[test]
    fn all_conditions_have_to_hold() {
        let record = ordinary();
        assert!(holds(&[], &record));
        assert!(holds(
            &[("principal", "arn:aws:iam::111122223333:user/app/*"), ("action", "Decrypt")],
            &record
        ));
        assert!(!holds(
            &[("principal", "arn:aws:iam::111122223333:user/app/*"), ("action", "Encrypt")],
            &record
        ));
        assert!(!holds(&[("principal", "arn:aws:iam::111122223333:user/app/")], &record));
        assert!(holds(
            &[("request", "07070707-0707-0707-0707-070707070707"), ("outcome", "success")],
            &record
        ));
    }

    #[test]
    fn from_is_within_and_until_is_not() {
        let at = |ms| Record { at: Timestamp(ms), ..ordinary() };
        let day = [("from", "2027-03-01"), ("until", "2027-03-02T00:00:00Z")];
        let start = 1_803_859_200_000;
        assert!(holds(&day, &at(start)) && holds(&day, &at(start + 86_399_999)));
        assert!(!holds(&day, &at(start - 1)) && !holds(&day, &at(start + 86_400_000)));
    }

    #[test]
    fn outcomes_are_success_refused_denied_or_a_code() {
        let denied = Record {
            decision: Decision::Denied("key-policy:No"),
            outcome: Outcome::Refused { code: "Denied", message: None },
            ..ordinary()
        };
        let missing =
            Record { outcome: Outcome::Refused { code: "KeyNotFound", message: None }, ..ordinary() };
        let of =
            |wanted| [&denied, &missing, &ordinary()].map(|record| holds(&[("outcome", wanted)], record));
        assert_eq!(of("refused"), [true, true, false]);
        assert_eq!(of("denied"), [true, false, false]);
        assert_eq!(of("KeyNotFound"), [false, true, false]);
        assert_eq!(of("success"), [false, false, true]);
    }

    #[test]
    fn a_condition_that_makes_no_sense_is_refused() {
        for (pairs, error) in [
            (&[("colour", "red")][..], FilterError::Name("colour".into())),
            (&[("action", "Destroy")], FilterError::Action("Destroy".into())),
            (&[("from", "yesterday")], FilterError::Time("yesterday".into())),
            (&[("from", "1969-12-31")], FilterError::Time("1969-12-31".into())),
            (&[("request", "7")], FilterError::Request("7".into())),
            (&[("key", "")], FilterError::Length("key".into())),
            (&[("key", "a"), ("key", "b")], FilterError::Twice("key".into())),
        ] {
            assert_eq!(Filter::parse(pairs.iter().copied()), Err(error));
        }
    }
}
