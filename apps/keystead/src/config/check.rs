//! From what the file says to what the server may rely on.

use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use keystead_engine::{Rates, ServiceError, Services};
use keystead_federation::Issuer;
use keystead_model::Location;
use keystead_xks::{Route, RouteError};

use super::settings::{
    ExternalKeyStores, IdentityProviders, Listen, LogFormat, LogLevel, Settings, Throttle, ThrottlePreset,
};
use crate::rates::{self, RatesError};
use crate::wiring::{ClientFiles, Providers, Proxies};

/// A checked configuration.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Config {
    /// At least one, without repetition.
    pub locations: Vec<Location>,
    /// The data folder.
    pub data: PathBuf,
    /// The root key file.
    pub root_key: PathBuf,
    /// At least one.
    pub listeners: Vec<Listener>,
    /// Where metrics are served, on loopback.
    pub metrics: Option<SocketAddr>,
    /// Connections at a time.
    pub connections_max: u32,
    /// Requests at a time.
    pub requests_in_flight_max: u32,
    /// How many requests of each kind an account may send.
    pub rates: Rates,
    /// Who calls on behalf of others.
    pub services: Services,
    /// How long to wait for accepted requests when stopping.
    pub drain: Duration,
    /// PEM files with the roots that vouch for recipients.
    pub attestation_roots: Vec<PathBuf>,
    /// How old an attestation document may be, in seconds.
    pub attestation_age_seconds_max: u32,
    /// The external key store proxies it may speak to.
    pub proxies: Proxies,
    /// The identity providers it may ask, and those whose keys it has.
    pub providers: Providers,
    /// Size of a log segment.
    pub segment_bytes: u64,
    /// Least severe line written.
    pub log_level: LogLevel,
    /// Form of the lines.
    pub log_format: LogFormat,
}

/// One address to listen on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Listener {
    /// Over TLS.
    Tls {
        /// Where.
        address: SocketAddr,
        /// The certificate chain, PEM.
        certificate: PathBuf,
        /// Its private key, PEM.
        key: PathBuf,
        /// Which clients are let in; all if absent.
        clients: Option<ClientFiles>,
    },
    /// Over plain HTTP, on loopback.
    Plain {
        /// Where.
        address: SocketAddr,
    },
}

/// Why well-formed settings make no sense.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Meaning {
    /// A setting without a default was left out.
    #[error("{0} is not set; `keystead sample-config` explains it")]
    Missing(&'static str),
    /// There is nothing to listen on.
    #[error("there is no [[listen]] section, so nobody could reach the server")]
    NoListener,
    /// Plain HTTP towards the network.
    #[error(
        "{0} is not a loopback address, and plain HTTP is taken on loopback only; \
         give the listener tls_certificate and tls_key"
    )]
    PlainOutside(SocketAddr),
    /// Metrics towards the network.
    #[error("metrics.address is {0}, and metrics are served in plain HTTP on a loopback address only")]
    MetricsOutside(SocketAddr),
    /// Neither TLS nor plain.
    #[error("the listener on {0} needs tls_certificate and tls_key (or, on loopback, plain = true)")]
    NoTls(SocketAddr),
    /// Both TLS and plain.
    #[error("the listener on {0} has both plain = true and TLS files; take one of them out")]
    PlainWithTls(SocketAddr),
    /// A gate without TLS, or a list without a gate.
    #[error("the listener on {0} needs TLS for client_ca_file, and client_ca_file for client_crl_file")]
    HalfGate(SocketAddr),
    /// Two listeners on one address.
    #[error("{0} is listed twice")]
    AddressTwice(SocketAddr),
    /// A number outside its range.
    #[error("{name} is {value}, and must be {min} to {max}")]
    OutOfRange {
        /// The setting.
        name: &'static str,
        /// What the file says.
        value: u64,
        /// The least.
        min: u64,
        /// The most.
        max: u64,
    },
    /// Not a location name.
    #[error("server.locations: {0:?} is not a location (1 to 32 bytes out of a-z, 0-9 and -)")]
    Location(String),
    /// A limit of something that has none, or beyond the range.
    #[error("throttle.per_second: {0}")]
    Rates(#[from] RatesError),
    /// Not a registration of a service.
    #[error("services.callers: {0}")]
    Service(#[from] ServiceError),
    /// Not a proxy.
    #[error("external_key_stores.proxies: {0}")]
    Proxy(#[from] RouteError),
    /// Two addresses for one host.
    #[error("external_key_stores.proxies names a host twice")]
    ProxyTwice,
    /// Not a host of an identity provider.
    #[error("identity_providers.hosts: {0}")]
    ProviderHost(RouteError),
    /// Two addresses for one host and port.
    #[error("identity_providers.hosts names a host twice")]
    ProviderTwice,
    /// A file for something that is no issuer.
    #[error(
        "identity_providers.key_files: {0:?} is not an issuer: https://, a host and perhaps a path, 255 bytes at most"
    )]
    Issuer(String),
    /// A certificate without its key, or the other way round.
    #[error("external_key_stores.client_certificate and client_key need each other")]
    HalfIdentity,
    /// No location, or one of them twice.
    #[error("server.locations must name at least one location, and none twice")]
    Locations,
}

impl TryFrom<Settings> for Config {
    type Error = Meaning;

    fn try_from(settings: Settings) -> Result<Self, Meaning> {
        let Settings {
            server,
            data,
            root_key,
            listen,
            metrics,
            limits,
            throttle,
            services,
            attestation,
            external_key_stores,
            identity_providers,
            audit,
            log,
        } = settings;
        Ok(Self {
            locations: locations(server.locations)?,
            data: data.folder.ok_or(Meaning::Missing("data.folder"))?,
            root_key: root_key.file.ok_or(Meaning::Missing("root_key.file"))?,
            listeners: listeners(listen)?,
            metrics: metrics.address.map(metrics_address).transpose()?,
            connections_max: within("limits.connections_max", limits.connections_max, 1..=1_000_000)?,
            requests_in_flight_max: within(
                "limits.requests_in_flight_max",
                limits.requests_in_flight_max,
                1..=1_000_000,
            )?,
            rates: rates_of(throttle)?,
            services: Services::parse(services.callers.iter().flatten().map(String::as_str))?,
            drain: Duration::from_secs(
                within("limits.drain_seconds", limits.drain_seconds, 1..=3600)?.into(),
            ),
            attestation_roots: attestation.roots,
            attestation_age_seconds_max: within(
                "attestation.document_age_seconds_max",
                attestation.document_age_seconds_max,
                1..=10_800,
            )?,
            proxies: proxies(external_key_stores)?,
            providers: providers(identity_providers)?,
            segment_bytes: within("audit.segment_bytes", audit.segment_bytes, 4 << 20..=1 << 30)?,
            log_level: log.level,
            log_format: log.format,
        })
    }
}

fn locations(names: Vec<String>) -> Result<Vec<Location>, Meaning> {
    let mut locations = Vec::with_capacity(names.len());
    for name in names {
        let location: Location = name.parse().map_err(|_| Meaning::Location(name))?;
        if locations.contains(&location) {
            return Err(Meaning::Locations);
        }
        locations.push(location);
    }
    if locations.is_empty() { Err(Meaning::Locations) } else { Ok(locations) }
}

fn listeners(sections: Vec<Listen>) -> Result<Vec<Listener>, Meaning> {
    let mut listeners: Vec<Listener> = Vec::with_capacity(sections.len());
    for section in sections {
        let listener = listener(section)?;
        // Port 0 asks for any free port, so two of them do not collide.
        let taken =
            |other: &Listener| other.address() == listener.address() && listener.address().port() != 0;
        if listeners.iter().any(taken) {
            return Err(Meaning::AddressTwice(listener.address()));
        }
        listeners.push(listener);
    }
    if listeners.is_empty() { Err(Meaning::NoListener) } else { Ok(listeners) }
}

fn listener(section: Listen) -> Result<Listener, Meaning> {
    let Listen { address, tls_certificate, tls_key, client_ca_file, client_crl_file, plain } = section;
    let address = address.ok_or(Meaning::Missing("listen.address"))?;
    let clients = match (client_ca_file, client_crl_file) {
        (Some(_), _) if plain => return Err(Meaning::HalfGate(address)),
        (Some(authorities), revoked) => Some(ClientFiles { authorities, revoked }),
        (None, Some(_)) => return Err(Meaning::HalfGate(address)),
        (None, None) => None,
    };
    match (plain, tls_certificate, tls_key) {
        (false, Some(certificate), Some(key)) => Ok(Listener::Tls { address, certificate, key, clients }),
        (false, _, _) => Err(Meaning::NoTls(address)),
        (true, None, None) if address.ip().is_loopback() => Ok(Listener::Plain { address }),
        (true, None, None) => Err(Meaning::PlainOutside(address)),
        (true, _, _) => Err(Meaning::PlainWithTls(address)),
    }
}

fn rates_of(section: Throttle) -> Result<Rates, Meaning> {
    let Throttle { preset, per_second } = section;
    let mut rates = match preset {
        ThrottlePreset::Off => Rates::unlimited(),
        ThrottlePreset::Aws => Rates::aws(),
    };
    for (name, requests) in per_second.into_iter().flatten() {
        rates::limit(&mut rates, &name, requests)?;
    }
    Ok(rates)
}

fn proxies(section: ExternalKeyStores) -> Result<Proxies, Meaning> {
    let ExternalKeyStores { proxies, ca_file, client_certificate, client_key } = section;
    let routes = proxies.iter().flatten().map(|text| Route::parse(text));
    let routes = routes.collect::<Result<Vec<_>, _>>()?;
    let hosts: std::collections::BTreeSet<_> = routes.iter().map(|route| &route.host).collect();
    if hosts.len() != routes.len() {
        return Err(Meaning::ProxyTwice);
    }
    let identity = match (client_certificate, client_key) {
        (None, None) => None,
        (Some(certificate), Some(key)) => Some((certificate, key)),
        _ => return Err(Meaning::HalfIdentity),
    };
    Ok(Proxies { routes, authorities: ca_file, identity })
}

fn providers(section: IdentityProviders) -> Result<Providers, Meaning> {
    let IdentityProviders { hosts, ca_file, key_files } = section;
    let routes =
        hosts.iter().flatten().map(|text| Route::parse_with_port(text).map_err(Meaning::ProviderHost));
    let routes = routes.collect::<Result<Vec<_>, _>>()?;
    let hosts: std::collections::BTreeSet<_> = routes.iter().map(|route| (&route.host, route.port)).collect();
    if hosts.len() != routes.len() {
        return Err(Meaning::ProviderTwice);
    }
    let file = |(url, path): (String, PathBuf)| match Issuer::parse(&url) {
        Some(issuer) => Ok((issuer, path)),
        None => Err(Meaning::Issuer(url)),
    };
    let files = key_files.into_iter().flatten().map(file).collect::<Result<_, _>>()?;
    Ok(Providers { routes, authorities: ca_file, files })
}

fn metrics_address(address: SocketAddr) -> Result<SocketAddr, Meaning> {
    if address.ip().is_loopback() { Ok(address) } else { Err(Meaning::MetricsOutside(address)) }
}

fn within<N: Copy + PartialOrd + Into<u64>>(
    name: &'static str,
    value: N,
    range: RangeInclusive<N>,
) -> Result<N, Meaning> {
    let (min, max) = ((*range.start()).into(), (*range.end()).into());
    match range.contains(&value) {
        true => Ok(value),
        false => Err(Meaning::OutOfRange { name, value: value.into(), min, max }),
    }
}

impl Listener {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        match self {
            Self::Tls { address, .. } | Self::Plain { address } => *address,
        }
    }
}
