//! The client: which issuers are known, and who waits for which.

use std::collections::{BTreeMap, HashMap};
use std::future::ready;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Instant;

use keystead_federation::{IdentityProviders, Issuer, KeySet, Pending, ProviderError, Thumbprint};
use keystead_outbound::{LOOKUPS_MAX, Route, Trust, TrustError};
use parking_lot::Mutex;
use tokio::runtime::{Builder, Runtime};

use crate::entry::{Entry, Next, Pace};
use crate::fetch::{Fetcher, Outcome, read_file};

/// Most issuers whose keys are in memory. The one that was asked for longest ago makes room.
pub const ISSUERS_MAX: usize = 256;
/// Most requests that wait for one issuer. Those beyond are refused, so that a slow issuer holds up nobody else's.
pub const WAITING_MAX: usize = 64;
/// How often a fault is told in the log at most, in seconds.
const COMPLAINT_SECONDS: u64 = 5;

/// What a client is made of.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Hosts that may be asked. No others are.
    pub routes: Vec<Route>,
    /// Whom to believe.
    pub trust: Trust,
    /// Issuers whose keys are in files, and who are never asked.
    pub files: BTreeMap<Issuer, PathBuf>,
}

/// Why a client does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The certificate authorities.
    #[error("{0}")]
    Trust(#[from] TrustError),
    /// A file of keys.
    #[error("the keys of {issuer}: {why}")]
    Keys {
        /// Whose.
        issuer: Issuer,
        /// What is wrong.
        why: String,
    },
    /// The thread.
    #[error("no thread can be started ({0})")]
    Thread(#[from] std::io::Error),
}

/// Knows the keys of issuers.
pub struct OidcClient {
    /// `None` only while it is being dropped.
    runtime: Option<Runtime>,
    inner: Arc<Inner>,
}

/// By whom a set of keys was learned: the issuer, and the thumbprints that vouched, in order.
type Place = (Issuer, Box<[Thumbprint]>);

struct Inner {
    fetcher: Fetcher,
    files: BTreeMap<Issuer, PathBuf>,
    /// Of issuers, and of files.
    paces: (Pace, Pace),
    entries: Mutex<HashMap<Place, Held>>,
    began: Instant,
    /// Seconds since `began` of the last complaint, plus one.
    complained: AtomicU64,
}

struct Held {
    entry: Arc<Entry>,
    waiting: Arc<AtomicUsize>,
    used: Instant,
}

impl OidcClient {
    /// A client with a thread of its own. Reads the files of keys; asks nobody yet.
    ///
    /// # Errors
    /// [`StartError`]: the authorities or a file of keys cannot be read or are of no use, or the thread does not start.
    pub fn start(options: Options) -> Result<Self, StartError> {
        Self::paced(options, (Pace::WEB, Pace::FILE))
    }

    pub(crate) fn paced(options: Options, paces: (Pace, Pace)) -> Result<Self, StartError> {
        let Options { routes, trust, files } = options;
        for (issuer, path) in &files {
            read_file(path).map_err(|(_, why)| StartError::Keys { issuer: issuer.clone(), why })?;
        }
        let authorities = if routes.is_empty() { None } else { Some(trust.verifier()?) };
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            // Lookups may all hang; a file is read all the same.
            .max_blocking_threads(LOOKUPS_MAX + 1)
            .thread_name("oidc")
            .enable_all()
            .build()?;
        let inner = Inner {
            fetcher: Fetcher::new(routes, authorities),
            files,
            paces,
            entries: Mutex::default(),
            began: Instant::now(),
            complained: AtomicU64::new(0),
        };
        Ok(Self { runtime: Some(runtime), inner: Arc::new(inner) })
    }
}

impl Drop for OidcClient {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // WHY: it may be dropped inside another runtime, where waiting for threads is not allowed.
            runtime.shutdown_background();
        }
    }
}

impl IdentityProviders for OidcClient {
    fn allows(&self, issuer: &Issuer) -> bool {
        self.inner.allows(issuer)
    }

    fn keys(
        &self,
        issuer: &Issuer,
        thumbprints: &[Thumbprint],
        key_id: Option<&str>,
    ) -> Pending<Arc<KeySet>> {
        if !self.inner.allows(issuer) {
            return Box::pin(ready(Err(ProviderError::NotAllowed)));
        }
        let (pace, place) = self.inner.place(issuer, thumbprints);
        let (entry, waiting) = self.inner.entry(&place);
        if let Next::Answer(answer) = entry.next(key_id, pace, Instant::now()) {
            return Box::pin(ready(answer));
        }
        let (Some(runtime), Some(waits)) = (&self.runtime, Waits::take(waiting)) else {
            return Box::pin(ready(Err(ProviderError::Throttled)));
        };
        let (inner, key_id) = (Arc::clone(&self.inner), key_id.map(Box::<str>::from));
        let asking = runtime.spawn(async move {
            let answer = inner.ask(&place, &entry, key_id.as_deref(), pace).await;
            drop(waits);
            answer
        });
        // The task ends within its time limit whether or not anybody still waits.
        Box::pin(async move { asking.await.unwrap_or(Err(ProviderError::Unreachable)) })
    }
}

impl Inner {
    fn allows(&self, issuer: &Issuer) -> bool {
        self.files.contains_key(issuer) || self.fetcher.allows(issuer)
    }

    /// Thumbprints in order and each once, so that one set has one spelling. A file needs nobody to vouch for it.
    fn place(&self, issuer: &Issuer, thumbprints: &[Thumbprint]) -> (Pace, Place) {
        if self.files.contains_key(issuer) {
            return (self.paces.1, (issuer.clone(), Box::default()));
        }
        let mut thumbprints = thumbprints.to_vec();
        thumbprints.sort_unstable();
        thumbprints.dedup();
        (self.paces.0, (issuer.clone(), thumbprints.into()))
    }

    fn entry(&self, place: &Place) -> (Arc<Entry>, Arc<AtomicUsize>) {
        let mut entries = self.entries.lock();
        if !entries.contains_key(place) && entries.len() >= ISSUERS_MAX {
            let oldest = entries.iter().min_by_key(|(_, held)| held.used).map(|(place, _)| place.clone());
            oldest.and_then(|oldest| entries.remove(&oldest));
        }
        let now = Instant::now();
        let held = entries.entry(place.clone()).or_insert_with(|| Held {
            entry: Arc::default(),
            waiting: Arc::default(),
            used: now,
        });
        held.used = now;
        (Arc::clone(&held.entry), Arc::clone(&held.waiting))
    }

    /// Waits for its turn, looks again, and asks if that is still needed.
    async fn ask(
        &self,
        place: &Place,
        entry: &Entry,
        key_id: Option<&str>,
        pace: Pace,
    ) -> Result<Arc<KeySet>, ProviderError> {
        let _turn = entry.turn.lock().await;
        if let Next::Answer(answer) = entry.next(key_id, pace, Instant::now()) {
            return answer;
        }
        entry.asking(Instant::now());
        let outcome = self.fetch(place, pace).await.map_err(|(error, why)| {
            self.complain(&place.0, error, &why);
            error
        });
        entry.note(outcome, pace, Instant::now())
    }

    async fn fetch(&self, place: &Place, pace: Pace) -> Outcome<KeySet> {
        let why = || (ProviderError::TimedOut, format!("no answer within {} ms", pace.limit.as_millis()));
        tokio::time::timeout(pace.limit, self.fetch_some_time(place)).await.unwrap_or_else(|_| Err(why()))
    }

    async fn fetch_some_time(&self, (issuer, thumbprints): &Place) -> Outcome<KeySet> {
        let Some(path) = self.files.get(issuer) else { return self.fetcher.keys(issuer, thumbprints).await };
        let path = path.clone();
        let reading = tokio::task::spawn_blocking(move || read_file(&path));
        reading.await.unwrap_or_else(|error| Err((ProviderError::Unreachable, error.to_string())))
    }

    /// Tells whoever runs the server, and does not let a broken issuer fill the log.
    fn complain(&self, issuer: &Issuer, error: ProviderError, why: &str) {
        let now = self.began.elapsed().as_secs() + 1;
        let last = self.complained.load(Ordering::Relaxed);
        let is_time = last == 0 || now >= last + COMPLAINT_SECONDS;
        if is_time
            && self.complained.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
        {
            tracing::warn!(%issuer, %error, why, "the keys of an identity provider could not be had");
        }
    }
}

/// A place among those who wait for one issuer; given back when dropped.
struct Waits(Arc<AtomicUsize>);

impl Waits {
    fn take(waiting: Arc<AtomicUsize>) -> Option<Self> {
        if waiting.fetch_add(1, Ordering::Relaxed) >= WAITING_MAX {
            waiting.fetch_sub(1, Ordering::Relaxed);
            return None;
        }
        Some(Self(waiting))
    }
}

impl Drop for Waits {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
