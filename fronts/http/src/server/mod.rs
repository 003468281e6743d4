//! Owns sockets, threads, TLS and HTTP; knows nothing of what is asked or answered.
//!
//! One thread a core, each with its own runtime and its own listener on the same address, so that a request
//! lives and dies on the thread that accepted its connection. HTTP/1.1 and HTTP/2, told apart by the first
//! bytes. What answers is a [`Handler`].

mod connection;
mod limits;
mod listener;
mod stop;
pub mod tls;

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Response, request};
use http_body_util::Full;
use tokio::sync::Notify;
use tokio::task::LocalSet;

use crate::metrics::Metrics;
pub use limits::Limits;
pub use stop::Stop;

/// An answer: all of them are whole before the first byte goes out.
pub type Answer = Response<Full<Bytes>>;

/// A request, read whole.
pub struct Received {
    /// Method, target and headers.
    pub head: request::Parts,
    /// The body; empty if the request was refused before it was read.
    pub body: Bytes,
    /// Where it came from.
    pub source: IpAddr,
    /// Whether it came over TLS.
    pub secure: bool,
    /// When its head had been read.
    pub began: Instant,
}

/// Why the server itself will not have a request answered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Trouble {
    /// There is as much to do as the limits allow.
    Busy,
    /// The same, and there is not even room to record it.
    Flooded,
    /// The body is longer than the limit.
    BodyTooLong,
    /// The body did not arrive in time.
    BodyTooSlow,
    /// The connection broke while the body arrived.
    BodyBroken,
    /// [`Handler::answer`] panicked.
    Panicked,
}

/// What answers requests. Futures stay on the thread that made them, so they need not be `Send`.
pub trait Handler: Send + Sync + 'static {
    /// Answers a request.
    fn answer(&self, request: &Received) -> impl Future<Output = Answer>;
    /// Answers a request that the server will not have answered, in the words of its protocol.
    fn trouble(&self, request: &Received, trouble: Trouble) -> impl Future<Output = Answer>;
}

/// What a server is made of.
#[derive(Clone)]
pub struct Config {
    /// Where to listen; port 0 lets the system choose.
    pub listen: SocketAddr,
    /// TLS, as [`tls::server_config`] makes it. Without it only a loopback address is taken.
    pub tls: Option<Arc<rustls::ServerConfig>>,
    /// How many threads, at least 1. Usually one a core.
    pub threads: usize,
    /// What the threads are called.
    pub name: &'static str,
    /// What to take on at most.
    pub limits: Limits,
    /// When to stop.
    pub stop: Stop,
    /// What is counted.
    pub metrics: Arc<Metrics>,
}

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Another program listens there.
    #[error("{0} is in use by another program; choose another address or stop that program")]
    AddressInUse(SocketAddr),
    /// Plain HTTP is for loopback only.
    #[error("{0} can be reached from other machines, so it needs TLS; plain HTTP is served on loopback only")]
    PlainNotOnLoopback(SocketAddr),
    /// The operating system refuses.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// What it says.
        source: io::Error,
    },
    /// A thread or its runtime does not start.
    #[error("cannot start a thread: {0}")]
    Thread(io::Error),
}

/// A server that runs.
pub struct Server {
    address: SocketAddr,
    stop: Stop,
    threads: Vec<JoinHandle<usize>>,
}

impl Server {
    /// Starts listening and answering. Once this returns, connections are accepted.
    ///
    /// # Errors
    /// One [`StartError`] a reason; nothing runs then.
    pub fn start<H: Handler>(config: Config, handler: Arc<H>) -> Result<Self, StartError> {
        if config.tls.is_none() && !config.listen.ip().is_loopback() {
            return Err(StartError::PlainNotOnLoopback(config.listen));
        }
        let listeners = listener::open(config.listen, config.threads.max(1))?;
        let address = listeners.first().and_then(|l| l.local_addr().ok()).unwrap_or(config.listen);
        let load = Arc::new(Load::default());
        let stop = config.stop.clone();
        let mut server = Self { address, stop, threads: Vec::new() };
        for (index, listener) in listeners.into_iter().enumerate() {
            let (config, load, handler) = (config.clone(), load.clone(), handler.clone());
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .map_err(StartError::Thread)?;
            let thread = std::thread::Builder::new()
                .name(format!("{}-{index}", config.name))
                .spawn(move || {
                    let worker = Rc::new(Worker::new(config, load, handler));
                    LocalSet::new().block_on(&runtime, worker.run(listener))
                })
                .map_err(StartError::Thread)?;
            server.threads.push(thread);
        }
        Ok(server)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops accepting, lets requests in flight finish within [`Limits::drain_ms_max`], and waits for it.
    /// Answers how many connections had to be cut off.
    pub fn stop(mut self) -> usize {
        self.stop.begin();
        self.join()
    }

    /// Waits until the stop signal was given elsewhere and everything has ended.
    pub fn wait(mut self) -> usize {
        self.join()
    }

    fn join(&mut self) -> usize {
        // A thread that panicked has no connections left to count.
        self.threads.drain(..).map(|thread| thread.join().unwrap_or(0)).sum()
    }
}

impl Drop for Server {
    /// Gives the stop signal, so that no thread outlives its owner for long.
    fn drop(&mut self) {
        self.stop.begin();
    }
}

/// What all threads of a server carry together.
#[derive(Default)]
struct Load {
    connections: AtomicUsize,
    requests: AtomicUsize,
    body_bytes: AtomicUsize,
}

/// One thread of a server.
struct Worker<H> {
    handler: Arc<H>,
    tls: Option<tokio_rustls::TlsAcceptor>,
    http: hyper_util::server::conn::auto::Builder<connection::Local>,
    limits: Limits,
    stop: Stop,
    metrics: Arc<Metrics>,
    load: Arc<Load>,
    /// Connections of this thread.
    open: Cell<usize>,
    cut: Cell<usize>,
    closed: Notify,
    /// Told of by the last error of `accept`, so that a full table of files does not fill the log.
    complained: RefCell<Option<Instant>>,
}

/// How long to wait after the system would not give a connection, in milliseconds.
const ACCEPT_PAUSE_MS: u64 = 50;
/// How often to complain about that at most, in milliseconds.
const COMPLAINT_MS: u64 = 10_000;

impl<H: Handler> Worker<H> {
    fn new(config: Config, load: Arc<Load>, handler: Arc<H>) -> Self {
        Self {
            handler,
            http: connection::http(&config.limits),
            tls: config.tls.map(tokio_rustls::TlsAcceptor::from),
            limits: config.limits,
            stop: config.stop,
            metrics: config.metrics,
            load,
            open: Cell::new(0),
            cut: Cell::new(0),
            closed: Notify::new(),
            complained: RefCell::new(None),
        }
    }

    /// Accepts until stopped, then waits for the last connection. Answers how many were cut off.
    async fn run(self: Rc<Self>, listener: std::net::TcpListener) -> usize {
        match tokio::net::TcpListener::from_std(listener) {
            Ok(listener) => self.clone().accept(listener).await,
            Err(error) => tracing::error!(%error, "a listener cannot be used"),
        }
        while self.open.get() > 0 {
            self.closed.notified().await;
        }
        self.cut.get()
    }

    async fn accept(self: Rc<Self>, listener: tokio::net::TcpListener) {
        let mut begun = std::pin::pin!(self.stop.begun());
        loop {
            let accepted = tokio::select! {
                biased;
                () = &mut begun => return,
                accepted = listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, peer)) => {
                    if let Some(place) = Place::take(&self) {
                        tokio::task::spawn_local(connection::serve(self.clone(), stream, peer, place));
                    }
                }
                Err(error) => {
                    self.complain(&error);
                    tokio::time::sleep(Duration::from_millis(ACCEPT_PAUSE_MS)).await;
                }
            }
        }
    }

    fn complain(&self, error: &io::Error) {
        let mut complained = self.complained.borrow_mut();
        if complained.is_none_or(|at| at.elapsed() > Duration::from_millis(COMPLAINT_MS)) {
            tracing::warn!(%error, "connections cannot be accepted");
            *complained = Some(Instant::now());
        }
    }
}

/// A place among the open connections; given back when dropped.
struct Place<H: Handler> {
    worker: Rc<Worker<H>>,
    /// Whether requests here are to be answered with the throttling error.
    is_spare: bool,
}

impl<H: Handler> Place<H> {
    /// A place, or `None` past the hard limit.
    fn take(worker: &Rc<Worker<H>>) -> Option<Self> {
        let before = worker.load.connections.fetch_add(1, Ordering::Relaxed);
        worker.metrics.connections.inc();
        worker.open.set(worker.open.get() + 1);
        let place = Self { worker: worker.clone(), is_spare: before >= worker.limits.connections_max };
        if before >= worker.limits.connections_hard_max {
            worker.metrics.connections_refused.inc();
            return None;
        }
        Some(place)
    }
}

impl<H: Handler> Drop for Place<H> {
    fn drop(&mut self) {
        let worker = &self.worker;
        worker.load.connections.fetch_sub(1, Ordering::Relaxed);
        worker.metrics.connections.dec();
        worker.open.set(worker.open.get() - 1);
        worker.closed.notify_one();
    }
}

#[cfg(test)]
mod tests;
