//! A running server: its listeners, its clockwork, and its end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use keystead_audit::Log;
use keystead_crypto::Arena;
use keystead_engine::{Done, Engine};
use keystead_http::{Limits, Metrics, Stop};
use keystead_model::world::{Clock, World};
use tokio::runtime::Builder;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::{MissedTickBehavior, interval};

use crate::dev::DevClock;
use crate::exit::Failure;
use crate::wiring::{self, Identity};

/// How often the engine is asked to do what has come due.
const TICK: Duration = Duration::from_secs(1);

/// Everything a server is made of.
pub struct Server {
    /// The one door.
    pub engine: Arc<Engine>,
    /// The log behind it.
    pub log: Arc<Log>,
    /// Clock and entropy.
    pub world: World,
    /// The clock that signatures are dated by.
    pub signing_clock: Arc<dyn Clock>,
    /// The clock of a server for development.
    pub clock: Option<Arc<DevClock>>,
    /// Where keys are in memory.
    pub arena: Arc<Arena>,
    /// Where it listens for clients.
    pub listeners: Vec<Listener>,
    /// Where it tells its figures.
    pub metrics: Option<SocketAddr>,
    /// What it takes on at most.
    pub limits: Limits,
}

/// One address for clients.
pub struct Listener {
    /// Where.
    pub address: SocketAddr,
    /// The certificate it shows; plain HTTP without one.
    pub identity: Option<Arc<Identity>>,
}

/// Runs on the main thread, with signals and time; listeners have threads and runtimes of their own. What still
/// blocks at the end is not waited for.
pub fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime =
        Builder::new_current_thread().enable_all().build().context("the runtime cannot be started")?;
    let result = runtime.block_on(work);
    runtime.shutdown_background();
    result
}

impl Server {
    /// Runs until a stop signal. `ready` is told the client addresses once every listener accepts connections.
    pub async fn run(self, ready: impl FnOnce(&[SocketAddr]) -> Result<(), Failure>) -> Result<(), Failure> {
        let mut signals = Signals::listen()?;
        let stop = Stop::new();
        let started = self.start(&stop)?;
        let result = ready(&started.addresses);
        if result.is_ok() {
            self.work_until(&mut signals).await;
        }
        tracing::info!("stopping: no new connections, accepted requests are answered");
        stop.begin();
        match drained(started, &mut signals).await {
            Drained::Told => Err(Failure::Forced),
            Drained::Wholly { cut } => {
                if cut > 0 {
                    tracing::warn!(
                        connections = cut,
                        "the time to drain is over; what was still open was cut"
                    );
                }
                self.engine.close();
                self.log.close();
                result
            }
        }
    }

    fn start(&self, stop: &Stop) -> anyhow::Result<Started> {
        let counted = Arc::new(Metrics::new());
        let front = wiring::front(self, &counted, stop);
        let mut started = Started::default();
        for Listener { address, identity } in &self.listeners {
            let config = wiring::for_clients(*address, identity.as_ref(), &self.limits, stop, &counted);
            let server = keystead_http::Server::start(config, Arc::clone(&front))?;
            tracing::info!(address = %server.address(), tls = identity.is_some(), "listening");
            started.addresses.push(server.address());
            started.servers.push(server);
        }
        if let Some(address) = self.metrics {
            let config = wiring::for_metrics(address, stop);
            let (log, engine, arena) = (&self.log, &self.engine, &self.arena);
            let page = wiring::metrics_page(counted, Arc::clone(log), Arc::clone(engine), Arc::clone(arena));
            started.servers.push(keystead_http::Server::start(config, Arc::new(page))?);
        }
        Ok(started)
    }

    async fn work_until(&self, signals: &mut Signals) {
        let mut clockwork = interval(TICK);
        clockwork.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                biased;
                told = signals.next() => match told {
                    Told::Stop => return,
                    Told::Reload => self.reload(),
                },
                _ = clockwork.tick() => self.tick().await,
            }
        }
    }

    async fn tick(&self) {
        let engine = Arc::clone(&self.engine);
        // A task of its own, so that a panic in it is a line in the log and not the end of the server.
        match tokio::spawn(async move { engine.tick().await }).await {
            Ok(Ok(done)) if done == Done::default() => {}
            Ok(Ok(done)) => tracing::info!(?done, "dealt with keys that were due"),
            Ok(Err(error)) => tracing::error!(%error, "keys that are due cannot be dealt with"),
            Err(error) => tracing::error!(%error, "dealing with keys that are due broke off, which is a bug"),
        }
    }

    fn reload(&self) {
        for identity in self.listeners.iter().filter_map(|listener| listener.identity.as_ref()) {
            match identity.reload() {
                Ok(()) => tracing::info!("TLS files read again"),
                Err(error) => tracing::error!("the certificate stays as it was: {error}"),
            }
        }
    }
}

/// How the wait for requests in flight ended.
enum Drained {
    /// All listeners have ended, after cutting so many connections.
    Wholly { cut: usize },
    /// A further signal said not to wait.
    Told,
}

/// Lets requests in flight finish; a further signal ends the wait.
async fn drained(started: Started, signals: &mut Signals) -> Drained {
    let waiting = tokio::task::spawn_blocking(move || {
        started.servers.into_iter().map(keystead_http::Server::stop).sum::<usize>()
    });
    tokio::select! {
        biased;
        // Waiting does not panic; if it did, there would be nothing left to wait for.
        cut = waiting => Drained::Wholly { cut: cut.unwrap_or(0) },
        () = signals.stop() => Drained::Told,
    }
}

#[derive(Default)]
struct Started {
    addresses: Vec<SocketAddr>,
    servers: Vec<keystead_http::Server>,
}

/// What a signal means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    Stop,
    Reload,
}

/// What the operating system tells the server.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
    reload: Signal,
}

impl Signals {
    fn listen() -> anyhow::Result<Self> {
        let of = |kind| signal(kind).context("signals cannot be listened for");
        Ok(Self {
            terminate: of(SignalKind::terminate())?,
            interrupt: of(SignalKind::interrupt())?,
            reload: of(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) -> Told {
        tokio::select! {
            _ = self.terminate.recv() => Told::Stop,
            _ = self.interrupt.recv() => Told::Stop,
            _ = self.reload.recv() => Told::Reload,
        }
    }

    async fn stop(&mut self) {
        while self.next().await != Told::Stop {}
    }
}
