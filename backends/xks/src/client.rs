//! The client: one request, one time limit, one answer.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use http::{Response, StatusCode};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use keystead_crypto::{
    Asked, ExternalKey, ExternalKeys, Pending, Proxy, ProxyError, ProxyHealth, ProxySealed, SecretBytes,
};
use keystead_outbound::{LOOKUPS_MAX, Route, Trust, TrustError};
use parking_lot::Mutex;
use tokio::runtime::{Builder, Runtime};

use crate::connect::{Link, Links, Phase};
use crate::sign::signed;
use crate::wire;

/// How long a request to a proxy may take in all, in milliseconds: name, connection, TLS, question and answer. As AWS
/// has it.
pub const ANSWER_MS_MAX: u64 = 250;
/// Requests to one host at the same time. At 250 ms each that is a little over the 1,800 in a second that a store may
/// have in AWS.
pub const IN_FLIGHT_MAX: usize = 512;
/// Longest answer read, in bytes. The longest that is right is a ciphertext of 4,300 bytes in base64.
const ANSWER_BYTES_MAX: usize = 64 * 1024;
/// How often a fault is told in the log at most, in seconds.
const COMPLAINT_SECONDS: u64 = 5;

/// What a client is made of.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Hosts that may be spoken to. No others are.
    pub routes: Vec<Route>,
    /// Whom to believe.
    pub trust: Trust,
}

/// Speaks to external key store proxies.
pub struct XksClient {
    /// `None` only while it is being dropped.
    runtime: Option<Runtime>,
    inner: Arc<Inner>,
}

struct Inner {
    links: Links,
    /// Requests in flight, by host.
    in_flight: Mutex<std::collections::HashMap<Box<str>, usize>>,
    began: Instant,
    /// Seconds since `began` of the last complaint, plus one.
    complained: AtomicU64,
}

impl XksClient {
    /// A client with a thread of its own.
    ///
    /// # Errors
    /// [`TrustError`]: a file cannot be read or is of no use, or the thread does not start.
    pub fn start(options: Options) -> Result<Self, TrustError> {
        let Options { routes, trust } = options;
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .max_blocking_threads(LOOKUPS_MAX)
            .thread_name("xks")
            .enable_all()
            .build()
            .map_err(|error| TrustError::Unusable(rustls::Error::General(error.to_string())))?;
        let inner = Inner {
            links: Links::new(routes, trust.config()?),
            in_flight: Mutex::default(),
            began: Instant::now(),
            complained: AtomicU64::new(0),
        };
        Ok(Self { runtime: Some(runtime), inner: Arc::new(inner) })
    }

    /// Sends one request from the client's own thread, and reads the answer there.
    fn ask<T, R>(&self, proxy: &Arc<Proxy>, path: String, body: Vec<u8>, read: R) -> Pending<T>
    where
        T: Send + 'static,
        R: FnOnce(&[u8]) -> Result<T, ProxyError> + Send + 'static,
    {
        let (inner, proxy) = (Arc::clone(&self.inner), Arc::clone(proxy));
        let Some(runtime) = &self.runtime else {
            return Box::pin(std::future::ready(Err(ProxyError::Unreachable)));
        };
        let asking = runtime.spawn(async move {
            let outcome = inner.exchange(&proxy, &path, body.into()).await;
            let outcome = outcome.and_then(|text| read(&text).map_err(|error| (error, String::new())));
            outcome.map_err(|(error, said)| {
                inner.complain(&proxy, &path, error, &said);
                error
            })
        });
        // The task ends within its time limit whether or not anybody still waits.
        Box::pin(async move { asking.await.unwrap_or(Err(ProxyError::Unreachable)) })
    }
}

impl Drop for XksClient {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // WHY: it may be dropped inside another runtime, where waiting for threads is not allowed.
            runtime.shutdown_background();
        }
    }
}

type Outcome<T> = Result<T, (ProxyError, String)>;

fn silent<T>(error: ProxyError) -> Outcome<T> {
    Err((error, String::new()))
}

impl Inner {
    async fn exchange(self: &Arc<Self>, proxy: &Proxy, path: &str, body: Bytes) -> Outcome<Bytes> {
        if !self.links.allows(&proxy.host) {
            return silent(ProxyError::NotAllowed);
        }
        let Some(_place) = Place::take(self, &proxy.host) else { return silent(ProxyError::Throttled) };
        let phase = Phase::default();
        let work = self.converse(proxy, path, body, &phase);
        match within_time(work).await {
            Some(outcome) => outcome,
            None => silent(phase.out_of_time()),
        }
    }

    /// Over a connection that waits, or a new one. A connection that waited may have been closed by the other side
    /// meanwhile; encryption and decryption change nothing there, so asking again is harmless.
    async fn converse(&self, proxy: &Proxy, path: &str, body: Bytes, phase: &Phase) -> Outcome<Bytes> {
        if let Some(link) = self.links.waiting(&proxy.host) {
            phase.reached();
            match self.send(link, proxy, path, body.clone()).await {
                Err(Broken::Early) => {}
                Err(Broken::Told(told)) => return Err(told),
                Ok(text) => return Ok(text),
            }
        }
        let link = self.links.connect(&proxy.host, phase).await.map_err(|error| (error, String::new()))?;
        self.send(link, proxy, path, body).await.map_err(|broken| match broken {
            Broken::Early => (ProxyError::Unreachable, "the connection was closed without an answer".into()),
            Broken::Told(told) => told,
        })
    }

    async fn send(&self, mut link: Link, proxy: &Proxy, path: &str, body: Bytes) -> Result<Bytes, Broken> {
        let told = |error: ProxyError| Broken::Told((error, String::new()));
        let request = signed(proxy, path, body, SystemTime::now()).map_err(told)?;
        let answer = link.send_request(request).await.map_err(|error| match error.is_parse() {
            true => told(ProxyError::Malformed),
            false => Broken::Early,
        })?;
        let status = answer.status();
        let text = whole(answer).await.map_err(told)?;
        self.links.keep(&proxy.host, link);
        match status {
            StatusCode::OK => Ok(text),
            other => Err(Broken::Told(wire::refused(other, &text))),
        }
    }

    /// Tells whoever runs the server, and does not let a broken proxy fill the log.
    fn complain(&self, proxy: &Proxy, path: &str, error: ProxyError, said: &str) {
        let now = self.began.elapsed().as_secs() + 1;
        let last = self.complained.load(Ordering::Relaxed);
        let is_time = last == 0 || now >= last + COMPLAINT_SECONDS;
        if is_time
            && self.complained.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
        {
            tracing::warn!(host = %proxy.host, path, %error, said, "an external key store proxy did not do as asked");
        }
    }
}

/// Why an exchange over one connection came to nothing.
enum Broken {
    /// The connection ended before an answer began.
    Early,
    /// Anything else.
    Told((ProxyError, String)),
}

async fn within_time<T>(work: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(Duration::from_millis(ANSWER_MS_MAX), work).await.ok()
}

/// The whole body, within its limit.
async fn whole(answer: Response<Incoming>) -> Result<Bytes, ProxyError> {
    let body = Limited::new(answer.into_body(), ANSWER_BYTES_MAX);
    Ok(body.collect().await.map_err(|_| ProxyError::Malformed)?.to_bytes())
}

/// A place among the requests in flight to one host; given back when dropped.
struct Place {
    inner: Arc<Inner>,
    host: Box<str>,
}

impl Place {
    fn take(inner: &Arc<Inner>, host: &str) -> Option<Self> {
        let mut in_flight = inner.in_flight.lock();
        let count = in_flight.entry(host.into()).or_default();
        if *count >= IN_FLIGHT_MAX {
            return None;
        }
        *count += 1;
        drop(in_flight);
        Some(Self { inner: Arc::clone(inner), host: host.into() })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(count) = self.inner.in_flight.lock().get_mut(&self.host) {
            *count -= 1;
        }
    }
}

fn of_key(proxy: &Proxy, key: &str, what: &str) -> String {
    format!("{}/keys/{key}/{what}", proxy.path)
}

impl ExternalKeys for XksClient {
    fn allows(&self, host: &str) -> bool {
        self.inner.links.allows(host)
    }

    fn health(&self, proxy: &Arc<Proxy>, asked: Asked) -> Pending<ProxyHealth> {
        // Who asks is none of a health check's business.
        let asked = Asked { principal: None, key: None, ..asked };
        self.ask(proxy, format!("{}/health", proxy.path), wire::plain(&asked), wire::health)
    }

    fn metadata(&self, proxy: &Arc<Proxy>, key: &str, asked: Asked) -> Pending<ExternalKey> {
        self.ask(proxy, of_key(proxy, key, "metadata"), wire::plain(&asked), wire::metadata)
    }

    fn encrypt(
        &self,
        proxy: &Arc<Proxy>,
        key: &str,
        asked: Asked,
        plaintext: &[u8],
        bound_to: &[u8],
    ) -> Pending<ProxySealed> {
        let body = wire::to_encrypt(&asked, plaintext, bound_to);
        let (len, bound_to) = (plaintext.len(), bound_to.to_vec());
        self.ask(proxy, of_key(proxy, key, "encrypt"), body, move |text| {
            wire::encrypted(text, len, &bound_to)
        })
    }

    fn decrypt(
        &self,
        proxy: &Arc<Proxy>,
        key: &str,
        asked: Asked,
        sealed: &ProxySealed,
        bound_to: &[u8],
    ) -> Pending<SecretBytes> {
        let body = wire::to_decrypt(&asked, sealed, bound_to);
        let len = sealed.ciphertext.len();
        self.ask(proxy, of_key(proxy, key, "decrypt"), body, move |text| wire::decrypted(text, len))
    }
}
