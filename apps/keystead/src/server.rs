//! A running server: its listeners, its clockwork, and its end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use keystead_audit::Log;
use keystead_crypto::Arena;
use keystead_engine::Engine;
use keystead_http::{Limits, Locations, Metrics, Stop};
use keystead_model::Location;
use keystead_model::world::World;
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::{MissedTickBehavior, interval};

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
    /// Where keys are in memory.
    pub arena: Arc<Arena>,
    /// What it answers for.
    pub locations: Locations,
    /// The same by name, to be told; empty if it answers for any.
    pub answers_for: Vec<Location>,
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

/// The runtime of the main thread: signals and the clockwork. Listeners have threads and runtimes of their own.
pub fn runtime() -> anyhow::Result<Runtime> {
    Builder::new_current_thread().enable_all().build().context("the runtime cannot be started")
}

impl Server {
    /// Runs until a stop signal. `ready` is told the client addresses once every listener accepts connections.
    pub async fn run(self, ready: impl FnOnce(&[SocketAddr]) -> Result<(), Failure>) -> Result<(), Failure> {
        let mut signals = Signals::listen()?;
        let stop = Stop::new();
        let started = self.start(&stop)?;
        let result = match ready(&started.addresses) {
            Ok(()) => {
                self.work_until(&mut signals).await;
                self.drain(started, &stop, &mut signals).await
            }
            Err(failure) => self.drain(started, &stop, &mut signals).await.and(Err(failure)),
        };
        if !matches!(result, Err(Failure::Forced)) {
            self.engine.close();
            self.log.close();
        }
        result
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
        match self.engine.tick().await {
            Ok(done) if done == Default::default() => {}
            Ok(done) => tracing::info!(?done, "dealt with keys that were due"),
            Err(error) => tracing::error!(%error, "keys that are due cannot be dealt with"),
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

    /// Lets requests in flight finish; a further signal ends the wait.
    async fn drain(&self, started: Started, stop: &Stop, signals: &mut Signals) -> Result<(), Failure> {
        tracing::info!("stopping: no new connections, accepted requests are answered");
        stop.begin();
        let waiting = tokio::task::spawn_blocking(move || {
            started.servers.into_iter().map(keystead_http::Server::stop).sum::<usize>()
        });
        tokio::select! {
            biased;
            drained = waiting => match drained.context("the listeners could not be waited for")? {
                0 => Ok(()),
                cut => {
                    tracing::warn!(connections = cut, "the time to drain is over; connections were cut");
                    Err(Failure::Forced)
                }
            },
            () = signals.stop() => Err(Failure::Forced),
        }
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
