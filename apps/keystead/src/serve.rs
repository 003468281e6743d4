//! `keystead serve`: the server, as its configuration says.

use std::sync::Arc;

use anyhow::anyhow;
use keystead_attestation::Verifier;
use keystead_http::{Limits, Locations};

use crate::cli::ServeArgs;
use crate::config::{self, Config, ConfigError};
use crate::exit::Failure;
use crate::server::{self, Server};
use crate::wiring::{self, Disks, Identity, Rules};
use crate::{hardening, logging, print, world};

/// Runs until it is told to stop.
pub fn run(args: ServeArgs) -> Result<(), Failure> {
    let config = Config::read(&args.config).map_err(usage)?;
    if args.check {
        return check(&config);
    }
    hardening::keep_files_private();
    hardening::allow_many_files();
    logging::start(config.log_level, config.log_format)?;
    if let Err(why) = hardening::lock_memory() {
        tracing::warn!("{why}");
    }
    server::block_on(serve(config))
}

async fn serve(config: Config) -> Result<(), Failure> {
    let world = world::system();
    if !wiring::is_data_folder(&config.data) {
        return Err(no_server_in(&config).into());
    }
    let listeners = config.listeners.iter().map(listener).collect::<anyhow::Result<Vec<_>>>()?;
    let attestation = attestation(&config)?;
    let disks = Disks::in_folder(&config.data)?;
    let root = wiring::root_from_file(&config.root_key)?;
    let arena = Arc::clone(root.arena());
    let store = wiring::store(&disks)?;
    let options = keystead_audit::Options { segment_bytes: config.segment_bytes, ..Default::default() };
    let log = wiring::audit(&disks, &*world.entropy, options)?;
    let (first, others) = config.locations.split_first().expect("a checked configuration names a location");
    let locations = Locations::listed(first.clone(), others.iter().cloned());
    let rules = Rules {
        locations,
        external: wiring::external(config.proxies.clone())?,
        identity_providers: wiring::providers(config.providers.clone())?,
        development: None,
        rates: config.rates.clone(),
        services: config.services.clone(),
        attestation,
    };
    let engine =
        wiring::engine(store, Arc::clone(&log), root, world.clone(), rules).map_err(anyhow::Error::from)?;
    let server = Server {
        engine,
        log,
        signing_clock: Arc::clone(&world.clock),
        world,
        clock: None,
        arena,
        listeners,
        metrics: config.metrics,
        limits: limits(&config),
    };
    let stopped = server
        .run(|_| {
            tracing::info!("ready");
            Ok(())
        })
        .await;
    drop(disks);
    stopped
}

fn limits(config: &Config) -> Limits {
    let connections_max = config.connections_max as usize;
    Limits {
        connections_max,
        // A tenth more get an answer that says so; what comes beyond is closed at once.
        connections_hard_max: connections_max + connections_max / 10 + 1,
        requests_max: config.requests_in_flight_max as usize,
        drain_ms_max: config.drain.as_millis().try_into().unwrap_or(u64::MAX),
        ..Limits::default()
    }
}

/// Reads every file the configuration names, and opens nothing.
fn check(config: &Config) -> Result<(), Failure> {
    if !wiring::is_data_folder(&config.data) {
        return Err(no_server_in(config).into());
    }
    wiring::root_from_file(&config.root_key)?;
    for listener in &config.listeners {
        identity(listener)?;
    }
    attestation(config)?;
    wiring::providers(config.providers.clone())?;
    print("the configuration is good\n")
}

fn attestation(config: &Config) -> anyhow::Result<Verifier> {
    Ok(wiring::attestation(&config.attestation_roots, config.attestation_age_seconds_max)?)
}

fn no_server_in(config: &Config) -> anyhow::Error {
    anyhow!("{} holds no server; run `keystead init` first", config.data.display())
}

fn listener(listener: &config::Listener) -> anyhow::Result<server::Listener> {
    Ok(server::Listener { address: listener.address(), identity: identity(listener)? })
}

fn identity(listener: &config::Listener) -> anyhow::Result<Option<Arc<Identity>>> {
    match listener {
        config::Listener::Tls { certificate, key, clients, .. } => {
            Ok(Some(Identity::read(certificate, key, clients.as_ref())?))
        }
        config::Listener::Plain { .. } => Ok(None),
    }
}

fn usage(error: ConfigError) -> Failure {
    match error {
        ConfigError::Read { .. } => Failure::Failed(error.into()),
        _ => Failure::usage(error),
    }
}
