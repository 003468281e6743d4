//! Owns what is counted, and the listener that tells it: Prometheus text on `/metrics`.
//!
//! No label ever holds a key, a principal or anything else a caller chooses: every series is there from the
//! start, and counting is one atomic addition.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Response, StatusCode, header};
use http_body_util::Full;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

use crate::aws::kms_model::Operation;
use crate::server::{Answer, Handler, Received, Trouble};

/// What a request asked for, as far as metrics care.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Asked {
    /// An operation of AWS KMS.
    Kms(Operation),
    /// An action of AWS STS.
    Sts,
    /// An action of AWS IAM.
    Iam,
    /// Keystead's own records.
    Records,
    /// Keystead's own status.
    Status,
    /// Requests that wait for approval.
    Approvals,
    /// What an account lays down.
    Settings,
    /// The clock of a server for development.
    Clock,
    /// Something that is not there.
    Unknown,
}

/// How many kinds of requests there are.
const ASKED: usize = Operation::ALL.len() + 8;

impl Asked {
    fn index(self) -> usize {
        match self {
            Self::Kms(operation) => operation as usize,
            Self::Sts => Operation::ALL.len(),
            Self::Iam => Operation::ALL.len() + 1,
            Self::Records => Operation::ALL.len() + 2,
            Self::Status => Operation::ALL.len() + 3,
            Self::Approvals => Operation::ALL.len() + 4,
            Self::Settings => Operation::ALL.len() + 5,
            Self::Clock => Operation::ALL.len() + 6,
            Self::Unknown => Operation::ALL.len() + 7,
        }
    }

    /// The name in metrics.
    fn name(self) -> &'static str {
        match self {
            Self::Kms(operation) => operation.name(),
            Self::Sts => "sts",
            Self::Iam => "iam",
            Self::Records => "records",
            Self::Status => "status",
            Self::Approvals => "approvals",
            Self::Settings => "settings",
            Self::Clock => "clock",
            Self::Unknown => "unknown",
        }
    }

    fn all() -> impl Iterator<Item = Self> {
        let others = [
            Self::Sts,
            Self::Iam,
            Self::Records,
            Self::Status,
            Self::Approvals,
            Self::Settings,
            Self::Clock,
            Self::Unknown,
        ];
        Operation::ALL.iter().copied().map(Self::Kms).chain(others)
    }
}

/// What came of a request.
const OUTCOMES: [&str; 3] = ["ok", "refused", "failed"];

/// What a server counts.
pub struct Metrics {
    registry: Registry,
    requests: Vec<[Counter; OUTCOMES.len()]>,
    seconds: Vec<Histogram>,
    /// Requests being answered.
    pub in_flight: Gauge,
    /// Open connections.
    pub connections: Gauge,
    /// Connections closed at once for want of room.
    pub connections_refused: Counter,
    /// TLS handshakes that came to nothing.
    pub tls_failures: Counter,
    /// Panics caught; each is a bug.
    pub panics: Counter,
}

type Labels = Vec<(&'static str, &'static str)>;

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    /// All at zero.
    pub fn new() -> Self {
        let requests: Family<Labels, Counter> = Family::default();
        // 25 µs to 3.3 s, each twice the one before.
        let seconds: Family<Labels, Histogram> =
            Family::new_with_constructor(|| Histogram::new(exponential_buckets(0.000_025, 2.0, 18)));
        let mut metrics = Self {
            registry: Registry::with_prefix("keystead"),
            requests: Vec::with_capacity(ASKED),
            seconds: Vec::with_capacity(ASKED),
            in_flight: Gauge::default(),
            connections: Gauge::default(),
            connections_refused: Counter::default(),
            tls_failures: Counter::default(),
            panics: Counter::default(),
        };
        for asked in Asked::all() {
            let operation = ("operation", asked.name());
            let counter = |outcome| requests.get_or_create(&vec![operation, ("outcome", outcome)]).clone();
            metrics.requests.push(OUTCOMES.map(counter));
            metrics.seconds.push(seconds.get_or_create(&vec![operation]).clone());
        }
        let registry = &mut metrics.registry;
        registry.register("requests", "Requests by operation and outcome", requests);
        registry.register("request_seconds", "Time from the request's head to its answer", seconds);
        registry.register("requests_in_flight", "Requests being answered", metrics.in_flight.clone());
        registry.register("connections", "Open connections", metrics.connections.clone());
        let refused = metrics.connections_refused.clone();
        registry.register("connections_refused", "Connections closed at once for want of room", refused);
        let failures = metrics.tls_failures.clone();
        registry.register("tls_failures", "TLS handshakes that came to nothing", failures);
        registry.register("panics", "Panics caught; each is a bug", metrics.panics.clone());
        metrics
    }

    /// Counts an answered request.
    pub fn count(&self, asked: Asked, status: StatusCode, took: Duration) {
        let outcome = match status.as_u16() {
            ..400 => 0,
            400..500 => 1,
            _ => 2,
        };
        let index = asked.index();
        self.requests[index][outcome].inc();
        self.seconds[index].observe(took.as_secs_f64());
    }

    /// The exposition text.
    pub fn text(&self) -> String {
        let mut out = String::new();
        // Writing to a string does not fail.
        let _ = encode(&mut out, &self.registry);
        out
    }
}

/// Answers `/metrics`, for a listener of its own.
pub struct MetricsPage {
    metrics: Arc<Metrics>,
    more: Box<dyn Fn(&mut String) + Send + Sync>,
}

impl MetricsPage {
    /// A page of these metrics. `more` appends what others count, in the same text form: whole lines, without
    /// the final `# EOF`.
    pub fn new(metrics: Arc<Metrics>, more: impl Fn(&mut String) + Send + Sync + 'static) -> Self {
        Self { metrics, more: Box::new(more) }
    }

    fn page(&self) -> Answer {
        let mut text = self.metrics.text();
        let end = "# EOF\n";
        text.truncate(text.trim_end_matches(end).len());
        (self.more)(&mut text);
        text += end;
        let mut answer = Response::new(Full::new(Bytes::from(text)));
        let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
        answer.headers_mut().insert(header::CONTENT_TYPE, http::HeaderValue::from_static(kind));
        answer
    }
}

impl Handler for MetricsPage {
    async fn answer(&self, request: &Received) -> Answer {
        match (&request.head.method, request.head.uri.path()) {
            (&Method::GET, "/metrics") => self.page(),
            _ => status(StatusCode::NOT_FOUND),
        }
    }

    async fn trouble(&self, _: &Received, trouble: Trouble) -> Answer {
        status(match trouble {
            Trouble::Busy | Trouble::Flooded => StatusCode::TOO_MANY_REQUESTS,
            Trouble::BodyTooLong | Trouble::BodyTooSlow | Trouble::BodyBroken => StatusCode::BAD_REQUEST,
            Trouble::Panicked => StatusCode::INTERNAL_SERVER_ERROR,
        })
    }
}

fn status(code: StatusCode) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::new()));
    *answer.status_mut() = code;
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_by_operation_and_outcome() {
        let metrics = Metrics::new();
        for status in [StatusCode::OK, StatusCode::BAD_REQUEST, StatusCode::BAD_REQUEST] {
            metrics.count(Asked::Kms(Operation::Encrypt), status, Duration::from_micros(30));
        }
        metrics.count(Asked::Unknown, StatusCode::INTERNAL_SERVER_ERROR, Duration::from_micros(30));
        let text = metrics.text();
        for line in [
            "keystead_requests_total{operation=\"Encrypt\",outcome=\"ok\"} 1",
            "keystead_requests_total{operation=\"Encrypt\",outcome=\"refused\"} 2",
            "keystead_requests_total{operation=\"unknown\",outcome=\"failed\"} 1",
            "keystead_request_seconds_count{operation=\"Encrypt\"} 3",
        ] {
            assert!(text.contains(line), "{line} is not in {text}");
        }
    }

    #[test]
    fn every_kind_of_request_has_a_place_of_its_own() {
        let places: Vec<usize> = Asked::all().map(Asked::index).collect();
        assert_eq!(places, (0..ASKED).collect::<Vec<_>>());
    }

    #[test]
    fn what_others_count_comes_before_the_end() {
        let page = MetricsPage::new(Arc::new(Metrics::new()), |out| out.push_str("log_bytes 7\n"));
        let answer = page.page();
        let body = http_body_util::BodyExt::collect(answer.into_body());
        let bytes = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime")
            .block_on(body)
            .map(|body| body.to_bytes())
            .expect("no failure");
        assert!(bytes.ends_with(b"log_bytes 7\n# EOF\n"));
    }
}
