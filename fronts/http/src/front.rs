//! The front as a whole: which protocol a request speaks, and who answers it.

use std::sync::Arc;

use http::{Method, StatusCode};
use keystead_engine::Engine;
use keystead_model::Protocol;
use keystead_model::world::{Clock, World};

use crate::answer::{self, Answer};
use crate::aws;
use crate::door::Refusal;
use crate::metrics::{Asked, Metrics};
use crate::native::{self, NativeBackend};
use crate::server::{Handler, Received, Stop, Trouble};
use crate::site::Site;

/// Everything that is spoken over HTTP, in front of one engine.
pub struct Front<N> {
    site: Site,
    native: N,
    metrics: Arc<Metrics>,
    stop: Stop,
    ready: Box<dyn Fn() -> bool + Send + Sync>,
}

/// What a front is made of.
pub struct FrontParts<N> {
    /// The engine.
    pub engine: Arc<Engine>,
    /// Clock and entropy.
    pub world: World,
    /// The clock that the dates of signatures are held against: the world's own, unless that one was moved by hand.
    pub signing_clock: Arc<dyn Clock>,
    /// What answers Keystead's own API.
    pub native: N,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// When to stop; ends long waits.
    pub stop: Stop,
    /// Whether requests can be answered, for `/readyz`. Asked often; must not wait.
    pub ready: Box<dyn Fn() -> bool + Send + Sync>,
}

impl<N: NativeBackend> Front<N> {
    /// A front of these parts.
    pub fn new(parts: FrontParts<N>) -> Self {
        let FrontParts { engine, world, signing_clock, native, metrics, stop, ready } = parts;
        Self { site: Site { engine, world, signing_clock }, native, metrics, stop, ready }
    }

    async fn speak(&self, request: &Received, spoken: Spoken) -> (Asked, Answer) {
        match spoken {
            Spoken::Kms => aws::answer_kms(&self.site, request).await,
            Spoken::Query(aws::Service::Iam) => aws::answer_iam(&self.site, request).await,
            Spoken::Query(aws::Service::Sts) => aws::answer_sts(&self.site, request).await,
            Spoken::Native => native::answer_native(&self.site, &self.native, &self.stop, request).await,
        }
    }

    fn count(&self, request: &Received, asked: Asked, answer: Answer) -> Answer {
        self.metrics.count(asked, answer.status(), request.began.elapsed());
        answer
    }
}

/// The language of a request.
#[derive(Clone, Copy)]
enum Spoken {
    Kms,
    Query(aws::Service),
    Native,
}

impl Spoken {
    /// A request that speaks nothing we know is answered in the words of KMS.
    fn of(request: &Received) -> Self {
        match () {
            () if aws::is_kms(request) => Self::Kms,
            () if native::is_native(request) => Self::Native,
            () => aws::Service::of(request).map_or(Self::Kms, Self::Query),
        }
    }
}

impl<N: NativeBackend> Handler for Front<N> {
    async fn answer(&self, request: &Received) -> Answer {
        if request.head.method == Method::GET {
            match request.head.uri.path() {
                "/healthz" => return answer::line(StatusCode::OK, "ok\n"),
                "/readyz" if (self.ready)() => return answer::line(StatusCode::OK, "ready\n"),
                "/readyz" => return answer::line(StatusCode::SERVICE_UNAVAILABLE, "not ready\n"),
                _ => {}
            }
        }
        let (asked, answer) = self.speak(request, Spoken::of(request)).await;
        self.count(request, asked, answer)
    }

    async fn trouble(&self, request: &Received, trouble: Trouble) -> Answer {
        let refusal = match trouble {
            Trouble::Busy => Some(Refusal::Busy),
            // There is no room even to record it; the counter below has it.
            Trouble::Flooded => None,
            Trouble::BodyTooLong => Some(Refusal::BodyTooLong),
            Trouble::BodyTooSlow => Some(Refusal::BodyTooSlow),
            Trouble::BodyBroken => Some(Refusal::BodyBroken),
            Trouble::Panicked => Some(Refusal::Panicked),
        };
        let (asked, answer) = match Spoken::of(request) {
            Spoken::Kms => aws::answer_trouble(&self.site, request, refusal, Protocol::AwsKms).await,
            Spoken::Query(aws::Service::Iam) => aws::iam_trouble(&self.site, request, refusal).await,
            Spoken::Query(aws::Service::Sts) => aws::sts_trouble(&self.site, request, refusal).await,
            Spoken::Native => aws::answer_trouble(&self.site, request, refusal, Protocol::Native).await,
        };
        self.count(request, asked, answer)
    }
}
