//! What stands in front of the engine: the protocols, their listeners, and the page of figures.

use std::fmt::Write;
use std::net::SocketAddr;
use std::sync::Arc;

use keystead_audit::{Health, Log};
use keystead_crypto::Arena;
use keystead_engine::Engine;
use keystead_http::{Config, Front, FrontParts, Limits, Metrics, MetricsPage, Stop};

use super::{Identity, terms};
use crate::native::Native;
use crate::server::Server;

/// Every protocol, in front of the engine of this server.
pub fn front(server: &Server, metrics: &Arc<Metrics>, stop: &Stop) -> Arc<Front<Native>> {
    let Server { engine, log, arena, world, signing_clock, clock, .. } = server;
    let native = Native {
        engine: Arc::clone(engine),
        log: Arc::clone(log),
        arena: Arc::clone(arena),
        world: world.clone(),
        clock: clock.clone(),
        started: world.clock.now(),
        readers: Native::readers(),
    };
    let (ready_engine, ready_log, ready_stop) = (Arc::clone(engine), Arc::clone(log), stop.clone());
    Arc::new(Front::new(FrontParts {
        engine: Arc::clone(engine),
        world: world.clone(),
        signing_clock: Arc::clone(signing_clock),
        native,
        metrics: Arc::clone(metrics),
        stop: stop.clone(),
        ready: Box::new(move || {
            !ready_stop.has_begun() && ready_engine.is_healthy() && ready_log.health().failed.is_none()
        }),
    }))
}

/// How clients are listened to: one thread a core.
pub fn for_clients(
    listen: SocketAddr,
    identity: Option<&Arc<Identity>>,
    limits: &Limits,
    stop: &Stop,
    metrics: &Arc<Metrics>,
) -> Config {
    Config {
        listen,
        tls: identity.map(|identity| terms(Arc::clone(identity))),
        threads: std::thread::available_parallelism().map_or(1, usize::from),
        name: "front",
        limits: limits.clone(),
        stop: stop.clone(),
        metrics: Arc::clone(metrics),
    }
}

/// How the collector of figures is listened to. What it does is not counted among what clients do.
pub fn for_metrics(listen: SocketAddr, stop: &Stop) -> Config {
    Config {
        listen,
        tls: None,
        threads: 1,
        name: "metrics",
        limits: Limits {
            connections_max: 64,
            connections_hard_max: 64,
            requests_max: 16,
            ..Limits::default()
        },
        stop: stop.clone(),
        metrics: Arc::new(Metrics::new()),
    }
}

/// The page of figures: what the front counts, and what log and memory tell.
pub fn metrics_page(
    metrics: Arc<Metrics>,
    log: Arc<Log>,
    engine: Arc<Engine>,
    arena: Arc<Arena>,
) -> MetricsPage {
    MetricsPage::new(metrics, move |out| {
        let figures = figures(&log.health(), &engine, &arena);
        for Figure { name, kind, help, value } in figures {
            let suffix = if kind == "counter" { "_total" } else { "" };
            write!(
                out,
                "# HELP keystead_{name} {help}.\n# TYPE keystead_{name} {kind}\nkeystead_{name}{suffix} {value}\n"
            )
            .expect("writing to a string succeeds");
        }
    })
}

struct Figure {
    name: &'static str,
    kind: &'static str,
    help: &'static str,
    value: u64,
}

fn figures(health: &Health, engine: &Engine, arena: &Arena) -> Vec<Figure> {
    let Health {
        failed,
        records,
        waiting_bytes,
        appended,
        batches,
        bytes,
        failures,
        segments,
        spare_ready: _,
    } = health;
    let gauge = |name, help, value| Figure { name, kind: "gauge", help, value };
    let counter = |name, help, value| Figure { name, kind: "counter", help, value };
    vec![
        gauge("store_takes_changes", "Whether the store takes changes", engine.is_healthy().into()),
        gauge("audit_takes_records", "Whether the audit log takes records", failed.is_none().into()),
        gauge("audit_records", "Durable audit records in all", *records),
        gauge("audit_segments", "Segments of the audit log", *segments as u64),
        gauge("audit_waiting_bytes", "Bytes that wait for the next batch", *waiting_bytes as u64),
        counter(
            "requests_throttled",
            "Requests refused because their account sent too many",
            engine.throttled(),
        ),
        counter("audit_appended", "Records made durable since the start", *appended),
        counter("audit_batches", "Batches made durable since the start, one sync each", *batches),
        counter("audit_bytes", "Bytes made durable since the start", *bytes),
        counter("audit_failures", "Batches and mendings that failed since the start", *failures),
        gauge("key_slots", "Keys held in locked memory", arena.used() as u64),
        gauge("key_memory_locked", "Whether all memory that holds keys is locked", arena.is_locked().into()),
    ]
}
