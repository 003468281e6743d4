//! Keystead's own API, under `/keystead/v1/`: the audit log and the server's state, for people and tools that
//! look after it. Requests are signed like AWS's, with the service name `keystead`.
//!
//! * `GET /keystead/v1/audit/records`: records as JSON lines; see [`RecordsQuery`] for the filters.
//! * `GET /keystead/v1/status`: the server's state as one JSON object.
//! * `/keystead/v1/approvals`: requests that wait for the approval of others; see [`approvals`].
//! * `GET` and `POST /keystead/v1/account/settings`: what the account lays down; see [`settings`].
//! * `GET` and `POST /keystead/v1/dev/clock`: the clock of a server for development; see [`ClockMove`]. On any other
//!   server nothing is there.

mod approvals;
mod clock;
mod settings;

use std::future::Future;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderValue, Method, StatusCode};
use keystead_model::{Action, Call, Caller, Error, Proof, Protocol, Timestamp};

pub use clock::ClockMove;

use crate::answer::{self, Answer};
use crate::aws::answer_trouble;
use crate::door::{Door, Refusal, Stop as Stopped};
use crate::metrics::Asked;
use crate::server::{Received, Stop};
use crate::sigv4::{self, Failure, Signed};
use crate::site::{Scope, Site};

/// Where the API is.
pub const PREFIX: &str = "/keystead/v1/";
/// The service's name in credential scopes.
pub const SERVICE: &str = "keystead";
/// Most records of one answer.
pub const RECORDS_MAX: u32 = 10_000;
/// Longest wait for a record to come, in seconds.
pub const WAIT_SECONDS_MAX: u32 = 20;
/// Longest filter text, in bytes.
pub const FILTER_BYTES_MAX: usize = 2048;

const RECORDS: &str = "/keystead/v1/audit/records";
const STATUS: &str = "/keystead/v1/status";
const CLOCK: &str = "/keystead/v1/dev/clock";
const JSON: HeaderValue = HeaderValue::from_static("application/json");
const JSON_LINES: HeaderValue = HeaderValue::from_static("application/x-ndjson");

/// Which records are asked for. A filter that is absent lets all pass; those that are there must all hold.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct RecordsQuery {
    /// Only of this key, however it is named.
    pub key: Option<String>,
    /// Only by this principal: an ARN, or the end of one after a slash.
    pub principal: Option<String>,
    /// Only of this action, such as `kms:Decrypt`.
    pub action: Option<String>,
    /// Only with this outcome.
    pub outcome: Option<String>,
    /// Only of the request of this id.
    pub request: Option<String>,
    /// Only at or after this instant.
    pub from: Option<Timestamp>,
    /// Only before this instant.
    pub until: Option<Timestamp>,
    /// Only the newest so many, at most [`RECORDS_MAX`].
    pub last: Option<u32>,
    /// Only after this position in the log.
    pub after: Option<u64>,
    /// If there is none yet, how long to wait for one, in seconds, at most [`WAIT_SECONDS_MAX`].
    pub wait_seconds: u32,
}

/// What the program provides: the engine and the log know the answers, this crate knows neither's insides.
pub trait NativeBackend: Send + Sync + 'static {
    /// The records asked for, oldest first, one JSON object a line. Waiting for one to come ends when `stop` is
    /// given.
    ///
    /// # Errors
    /// Whoever may not read the log is refused. An error has been recorded before it is returned.
    fn records(
        &self,
        call: &Call,
        caller: &Arc<Caller>,
        query: &RecordsQuery,
        stop: &Stop,
    ) -> impl Future<Output = Result<Bytes, Error>>;

    /// The server's state, as one JSON object.
    ///
    /// # Errors
    /// As for [`NativeBackend::records`].
    fn status(&self, call: &Call, caller: &Arc<Caller>) -> impl Future<Output = Result<Bytes, Error>>;

    /// Whether this is a server for development, whose clock can be moved.
    fn has_clock(&self) -> bool;

    /// What the clock shows after the move, if there is one, and once everything is done that came due by it: one
    /// JSON object.
    ///
    /// # Errors
    /// As for [`NativeBackend::records`].
    fn clock(
        &self,
        call: &Call,
        caller: &Arc<Caller>,
        change: Option<ClockMove>,
    ) -> impl Future<Output = Result<Bytes, Error>>;
}

/// Whether a request is for this API.
pub(crate) fn is_native(request: &Received) -> bool {
    request.head.uri.path().starts_with(PREFIX)
}

/// What this API answers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Route {
    Records,
    Status,
    Clock,
    MoveClock,
    Approvals(approvals::Route),
    Settings,
    PutSettings,
}

/// Answers a request of this API.
pub(crate) async fn answer_native<N: NativeBackend>(
    site: &Site,
    backend: &N,
    stop: &Stop,
    request: &Received,
) -> (Asked, Answer) {
    let routed = routed(request.head.uri.path(), &request.head.method, backend.has_clock());
    let (route, asked, action, kind) = match routed {
        Ok(routed) => routed,
        Err(refusal) => return answer_trouble(site, request, Some(refusal), Protocol::Native).await,
    };
    let now = site.world.clock.now();
    let signed = site.signed(request, &Scope::NATIVE);
    let mut door = site.door(request, Protocol::Native, action, signed.as_ref().ok(), now);
    let answer = match converse(&mut door, backend, stop, route, signed, request).await {
        Ok(bytes) => answer::of_bytes(StatusCode::OK, kind, bytes, &door.call.request),
        Err(stopped) => {
            crate::aws::kms_refused(&door.settle(stopped).await, action.verb(), &door.call.request)
        }
    };
    (asked, answer)
}

/// What a path and a method lead to: what is counted, what policies call it, and the form of the answer.
fn routed(
    path: &str,
    method: &Method,
    has_clock: bool,
) -> Result<(Route, Asked, Action, HeaderValue), Refusal> {
    if let Some(route) = approvals::Route::of(path, method) {
        return route.map(|route| (Route::Approvals(route), Asked::Approvals, route.action(), JSON));
    }
    let (get, post) = (*method == Method::GET, *method == Method::POST);
    Ok(match path {
        RECORDS if get => (Route::Records, Asked::Records, Action::ReadAudit, JSON_LINES),
        STATUS if get => (Route::Status, Asked::Status, Action::ReadStatus, JSON),
        settings::PATH if get => (Route::Settings, Asked::Settings, Action::GetAccountSettings, JSON),
        settings::PATH if post => (Route::PutSettings, Asked::Settings, Action::PutAccountSettings, JSON),
        CLOCK if !has_clock => return Err(Refusal::NoSuchPath),
        CLOCK if get => (Route::Clock, Asked::Clock, Action::ReadStatus, JSON),
        CLOCK if post => (Route::MoveClock, Asked::Clock, Action::MoveClock, JSON),
        RECORDS | STATUS | settings::PATH | CLOCK => return Err(Refusal::WrongMethod),
        _ => return Err(Refusal::NoSuchPath),
    })
}

async fn converse<N: NativeBackend>(
    door: &mut Door<'_>,
    backend: &N,
    stop: &Stop,
    route: Route,
    signed: Result<Signed<'_>, Failure>,
    request: &Received,
) -> Result<Bytes, Stopped> {
    let signed = signed.map_err(Refusal::Signature)?;
    let caller = door.engine.identify(&door.call, door.action, &Proof::SigV4(signed.proof())).await?;
    door.caller = Some(caller.clone());
    match route {
        Route::Records => {
            let query = RecordsQuery::read(request.head.uri.query().unwrap_or_default())?;
            Ok(backend.records(&door.call, &caller, &query, stop).await?)
        }
        Route::Approvals(route) => route.answer(door, &caller, request).await,
        Route::Settings => settings::get(door, &caller).await,
        Route::PutSettings => settings::put(door, &caller, &request.body).await,
        Route::Status => Ok(backend.status(&door.call, &caller).await?),
        Route::Clock => Ok(backend.clock(&door.call, &caller, None).await?),
        Route::MoveClock => {
            let change = ClockMove::read(&request.body)?;
            Ok(backend.clock(&door.call, &caller, Some(change)).await?)
        }
    }
}

impl RecordsQuery {
    /// The filters, by name.
    const NAMES: [&str; 10] =
        ["key", "principal", "action", "outcome", "request", "from", "until", "last", "after", "wait"];

    /// Reads a query string.
    ///
    /// # Errors
    /// [`Refusal::Validation`] on an unknown name, a name given twice, or a value out of its range: a filter
    /// that was misspelled must not show everything.
    pub fn read(query: &str) -> Result<Self, Refusal> {
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let name = pair.split_once('=').map_or(pair, |(name, _)| name);
            if !Self::NAMES.contains(&name) {
                let name = crate::door::cut(name, 64);
                let names = Self::NAMES.join(", ");
                return Err(Refusal::Validation(format!("There is no filter '{name}', only {names}.")));
            }
        }
        let text = |name: &str| -> Result<Option<String>, Refusal> {
            let value = sigv4::parameter(query, name).map_err(Refusal::Signature)?;
            match value {
                Some(value) if value.len() > FILTER_BYTES_MAX => {
                    Err(Refusal::Validation(format!("The filter '{name}' is too long.")))
                }
                other => Ok(other.map(String::from)),
            }
        };
        let number = |name: &str, max: u64| -> Result<Option<u64>, Refusal> {
            let wrong = || Refusal::Validation(format!("'{name}' must be a number from 0 to {max}."));
            let Some(value) = text(name)? else { return Ok(None) };
            value.parse().ok().filter(|number| *number <= max).map(Some).ok_or_else(wrong)
        };
        let instant = |name: &str| -> Result<Option<Timestamp>, Refusal> {
            text(name)?.map(|value| instant(name, &value)).transpose()
        };
        let small = |number: Option<u64>| number.and_then(|number| u32::try_from(number).ok());
        Ok(Self {
            key: text("key")?,
            principal: text("principal")?,
            action: text("action")?,
            outcome: text("outcome")?,
            request: text("request")?,
            from: instant("from")?,
            until: instant("until")?,
            last: small(number("last", RECORDS_MAX.into())?),
            after: number("after", u64::MAX)?,
            wait_seconds: small(number("wait", WAIT_SECONDS_MAX.into())?).unwrap_or(0),
        })
    }
}

/// An instant: RFC 3339, or seconds since 1970.
fn instant(name: &str, text: &str) -> Result<Timestamp, Refusal> {
    if let Ok(seconds) = text.parse() {
        return Ok(Timestamp::from_seconds(seconds));
    }
    let instant: Option<jiff::Timestamp> = text.parse().ok();
    let ms = instant.and_then(|instant| u64::try_from(instant.as_millisecond()).ok());
    ms.map(Timestamp).ok_or_else(|| {
        Refusal::Validation(format!(
            "'{name}' must be an instant such as 2026-11-21T08:30:00Z, or seconds since 1970."
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_read_by_name() {
        let query = RecordsQuery::read(
            "key=alias%2Fa&principal=ada&action=kms%3ADecrypt&outcome=Denied&request=r&from=2023-11-14T22%3A13%3A20Z&\
             until=1700000001&last=10&after=5&wait=20",
        );
        assert_eq!(
            query,
            Ok(RecordsQuery {
                key: Some("alias/a".into()),
                principal: Some("ada".into()),
                action: Some("kms:Decrypt".into()),
                outcome: Some("Denied".into()),
                request: Some("r".into()),
                from: Some(Timestamp::from_seconds(1_700_000_000)),
                until: Some(Timestamp::from_seconds(1_700_000_001)),
                last: Some(10),
                after: Some(5),
                wait_seconds: 20,
            })
        );
        assert_eq!(RecordsQuery::read(""), Ok(RecordsQuery::default()));
    }

    #[test]
    fn a_misspelled_filter_shows_nothing() {
        for query in [
            "kye=a",
            "wait=21",
            "last=10001",
            "last=-1",
            "after=x",
            "from=yesterday",
            "key=%zz",
            "key=a&key=b",
        ] {
            assert!(RecordsQuery::read(query).is_err(), "{query}");
        }
    }
}
