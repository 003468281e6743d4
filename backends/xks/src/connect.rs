//! Connections to proxies: names, sockets, TLS, and those that wait to be used again.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::Full;
use hyper::client::conn::http1::{Builder, SendRequest};
use hyper_util::rt::TokioIo;
use keystead_crypto::ProxyError;
use keystead_outbound::{At, Names, Route, reach};
use parking_lot::Mutex;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsConnector;

/// How long one address is tried before the next, in milliseconds.
const ADDRESS_MS_MAX: u64 = 100;
/// Connections of one host that wait to be used again.
const IDLE_MAX: usize = 32;
/// How long a connection waits at most, in seconds.
const IDLE_SECONDS_MAX: u64 = 45;
/// Longest head of an answer, in bytes.
const HEAD_BYTES_MAX: usize = 16 * 1024;
/// Most headers of an answer.
const HEADERS_MAX: usize = 64;

/// One connection, ready to send on.
pub(crate) type Link = SendRequest<Full<Bytes>>;

/// How far an exchange has come, so that running out of time can be told apart.
#[derive(Default)]
pub(crate) struct Phase(AtomicU8);

impl Phase {
    const REACHED: u8 = 1;

    /// A TCP connection stands.
    pub(crate) fn reached(&self) {
        self.0.store(Self::REACHED, Ordering::Relaxed);
    }

    /// What running out of time means now.
    pub(crate) fn out_of_time(&self) -> ProxyError {
        match self.0.load(Ordering::Relaxed) {
            Self::REACHED => ProxyError::TimedOut,
            _ => ProxyError::Unreachable,
        }
    }
}

type ByHost<T> = HashMap<Box<str>, T>;

/// Makes connections and keeps them.
pub(crate) struct Links {
    routes: ByHost<At>,
    tls: TlsConnector,
    idle: Mutex<ByHost<Vec<(Instant, Link)>>>,
    names: Names,
}

impl Links {
    pub(crate) fn new(routes: Vec<Route>, tls: Arc<ClientConfig>) -> Self {
        Self {
            routes: routes.into_iter().map(|Route { host, port: _, at }| (host, at)).collect(),
            tls: TlsConnector::from(tls),
            idle: Mutex::default(),
            names: Names::default(),
        }
    }

    pub(crate) fn allows(&self, host: &str) -> bool {
        self.routes.contains_key(host)
    }

    /// A connection that was used before, if one waits.
    pub(crate) fn waiting(&self, host: &str) -> Option<Link> {
        let mut idle = self.idle.lock();
        let links = idle.get_mut(host)?;
        while let Some((since, link)) = links.pop() {
            if link.is_ready() && since.elapsed() < Duration::from_secs(IDLE_SECONDS_MAX) {
                return Some(link);
            }
        }
        None
    }

    /// Keeps a connection whose answer has been read whole.
    pub(crate) fn keep(&self, host: &str, link: Link) {
        let mut idle = self.idle.lock();
        let links = idle.entry(host.into()).or_default();
        let old = Duration::from_secs(IDLE_SECONDS_MAX);
        links.retain(|(since, link)| !link.is_closed() && since.elapsed() < old);
        if links.len() < IDLE_MAX {
            links.push((Instant::now(), link));
        }
    }

    /// A new connection.
    pub(crate) async fn connect(&self, host: &str, phase: &Phase) -> Result<Link, ProxyError> {
        let at = *self.routes.get(host).ok_or(ProxyError::NotAllowed)?;
        let addresses = match at {
            At::Tls(address) | At::Plain(address) => vec![address],
            At::Name => self.names.resolve(host, Route::HTTPS).await.ok_or(ProxyError::Unreachable)?,
        };
        let limit = Duration::from_millis(ADDRESS_MS_MAX);
        let stream = reach(&addresses, limit).await.ok_or(ProxyError::Unreachable)?;
        phase.reached();
        if matches!(at, At::Plain(_)) {
            return speak(stream).await;
        }
        let name = ServerName::try_from(host.to_owned()).map_err(|_| ProxyError::Tls)?;
        speak(self.tls.connect(name, stream).await.map_err(|_| ProxyError::Tls)?).await
    }
}

async fn speak<S>(stream: S) -> Result<Link, ProxyError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut builder = Builder::new();
    builder.max_headers(HEADERS_MAX).max_buf_size(HEAD_BYTES_MAX);
    let (link, connection) =
        builder.handshake(TokioIo::new(stream)).await.map_err(|_| ProxyError::Unreachable)?;
    tokio::spawn(async move {
        // What goes wrong here is told to whoever waits for an answer.
        let _ = connection.await;
    });
    Ok(link)
}
