//! What every protocol needs to answer: the engine and the world.

use std::cell::RefCell;
use std::sync::Arc;

use http::header::USER_AGENT;
use keystead_engine::Engine;
use keystead_model::world::{Clock, World};
use keystead_model::{Action, Call, Protocol, RequestId, Timestamp};

use crate::door::{Door, cut};
use crate::native;
use crate::server::Received;
use crate::sigv4::{self, EXPIRES_SECONDS_MAX, Failure, PRESIGNED_SECONDS_MAX, Rules, Signed};

/// What every protocol needs to answer.
pub(crate) struct Site {
    pub(crate) engine: Arc<Engine>,
    pub(crate) world: World,
    /// What the dates of signatures are held against.
    pub(crate) signing_clock: Arc<dyn Clock>,
}

/// What the signatures of a service are for.
#[derive(Clone, Copy)]
pub(crate) struct Scope {
    /// The service's name.
    service: &'static str,
    /// A region that is taken besides those answered for.
    besides: Option<&'static str>,
    /// How long a signature in the query string is good at most, in seconds; `None` if it may not be there.
    presigned_seconds_max: Option<u64>,
}

impl Scope {
    /// Keys are somewhere, and how to use them is never a link.
    pub(crate) const KMS: Self = Self { service: "kms", besides: None, presigned_seconds_max: None };
    /// IAM is everywhere; clients sign for the region where AWS has it.
    pub(crate) const IAM: Self = Self {
        service: "iam",
        besides: Some("us-east-1"),
        presigned_seconds_max: Some(PRESIGNED_SECONDS_MAX),
    };
    /// STS is asked in a region.
    pub(crate) const STS: Self =
        Self { service: "sts", besides: None, presigned_seconds_max: Some(PRESIGNED_SECONDS_MAX) };
    /// Who one is can be asked by a link that proves it to others for a while.
    pub(crate) const IDENTITY: Self = Self { presigned_seconds_max: Some(EXPIRES_SECONDS_MAX), ..Self::STS };
    /// Keystead's own API.
    pub(crate) const NATIVE: Self =
        Self { service: native::SERVICE, besides: None, presigned_seconds_max: None };
}

impl Site {
    /// Reads the signature of a request.
    pub(crate) fn signed<'r>(&self, request: &'r Received, scope: &Scope) -> Result<Signed<'r>, Failure> {
        let Scope { service, besides, presigned_seconds_max } = *scope;
        let uri = &request.head.uri;
        let presented = sigv4::Request {
            method: request.head.method.as_str(),
            path: uri.path(),
            query: uri.query().unwrap_or_default(),
            authority: uri.authority().map(http::uri::Authority::as_str),
            headers: &request.head.headers,
            body: &request.body,
        };
        let now = self.signing_clock.now();
        let locations = self.engine.locations();
        let rules = Rules { now, service, locations, besides, presigned_seconds_max, normalise_path: true };
        sigv4::read(&presented, &rules)
    }

    /// The engine, with an arrival to ask it about. One without a location counts where the default one is.
    pub(crate) fn door(
        &self,
        request: &Received,
        protocol: Protocol,
        action: Action,
        signed: Option<&Signed<'_>>,
        at: Timestamp,
    ) -> Door<'_> {
        let mut id = [0; 16];
        self.world.entropy.fill(&mut id);
        // The bits that make it a UUID of version 4, RFC 9562 section 5.4.
        id[6] = (id[6] & 0x0f) | 0x40;
        id[8] = (id[8] & 0x3f) | 0x80;
        let locations = self.engine.locations();
        let signed_for = signed.map(Signed::location).filter(|location| locations.has(location));
        let location = signed_for.unwrap_or(locations.first()).clone();
        let call = Call {
            request: RequestId(id),
            at,
            source: request.source,
            protocol,
            location,
            user_agent: user_agent(request),
            secure: request.secure,
        };
        Door { engine: &self.engine, call, caller: None, action }
    }
}

thread_local! {
    /// The user agent of the last request on this thread. Most clients say the same again and again.
    static LAST_AGENT: RefCell<Arc<str>> = RefCell::new("".into());
}

fn user_agent(request: &Received) -> Arc<str> {
    let agent =
        request.head.headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let agent = cut(agent, Call::USER_AGENT_BYTES_MAX);
    LAST_AGENT.with_borrow_mut(|last| {
        if **last != *agent {
            *last = agent.into();
        }
        last.clone()
    })
}
