//! `keystead dev`: a whole Keystead on loopback, made on first start and found again on the next.

mod access_key;
mod certificate;
mod clock;
mod exports;
mod home;
mod place;
mod seed;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, anyhow};
use keystead_attestation::DOCUMENT_AGE_SECONDS_DEFAULT;
use keystead_engine::Development;
use keystead_http::{Limits, Locations, StartError};
use keystead_model::AccountId;
use keystead_model::world::World;

use crate::cli::DevArgs;
use crate::config::{LogFormat, LogLevel};
use crate::exit::Failure;
use crate::server::{self, Listener, Server};
use crate::wiring::{self, Identity, Providers, Proxies, Rules};
use crate::{hardening, logging, print, private_file, world};
#[cfg(test)]
pub use certificate::Authority;
pub use certificate::ServerIdentity;
pub use clock::DevClock;
use exports::{Exports, quoted};
use home::Home;
use place::Place;
use seed::{Seed, Sown};

/// Runs until it is told to stop.
pub fn run(args: DevArgs) -> Result<(), Failure> {
    check(&args)?;
    hardening::keep_files_private();
    hardening::allow_many_files();
    logging::start(LogLevel::Warn, LogFormat::Text)?;
    // Without protection from swap, development goes on: its root key lies in a file anyway.
    let _ = hardening::lock_memory();
    server::block_on(serve(&args))
}

async fn serve(args: &DevArgs) -> Result<(), Failure> {
    // Read first: a mistake in it leaves everything as it was.
    let seed = args
        .seed
        .as_deref()
        .map(|path| Seed::read(path, &args.region))
        .transpose()
        .map_err(Failure::Usage)?;
    let real = world::system();
    let clock = Arc::new(DevClock::new(Arc::clone(&real.clock), args.clock, args.frozen_clock));
    // Certificates are for clients, whose clocks nobody moves.
    let home = match args.ephemeral {
        true => Home::passing(&real)?,
        false => Home::kept(&folder(args)?, &real)?,
    };
    let world = World { clock: clock.clone(), entropy: Arc::clone(&real.entropy) };
    let Home { disks, store, root, authority, certificate, place, passing } = home;
    let arena = Arc::clone(root.arena());
    let log = wiring::audit(&disks, &*world.entropy, keystead_audit::Options::default())?;
    let locations = Locations::any(args.region.clone());
    let attestation = wiring::attestation(&args.attestation_root, DOCUMENT_AGE_SECONDS_DEFAULT)
        .map_err(anyhow::Error::from)?;
    let rules = Rules {
        locations,
        external: wiring::external(proxies(args))?,
        identity_providers: wiring::providers(providers(args))?,
        development: Some(leave(args)),
        rates: args.throttle.clone().unwrap_or_default(),
        services: keystead_engine::Services::default(),
        attestation,
    };
    let engine =
        wiring::engine(store, Arc::clone(&log), root, world.clone(), rules).map_err(anyhow::Error::from)?;
    let access_key = home::access_key(&engine, &world, &args.region, place.as_ref()).await?;
    let sown = match &seed {
        Some(seed) => Some(seed.sow(&engine, &world).await?),
        None => None,
    };
    let identity = match args.plain {
        true => None,
        false => {
            let made = authority.issue(args.listen.ip()).context("cannot make the server's certificate")?;
            Some(Identity::made(made).map_err(anyhow::Error::from)?)
        }
    };
    let server = Server {
        engine,
        log,
        world,
        signing_clock: real.clock,
        clock: Some(clock),
        arena,
        listeners: vec![Listener { address: args.listen, identity }],
        metrics: args.metrics,
        limits: Limits::default(),
    };
    let stopped = server
        .run(|addresses| {
            let scheme = if args.plain { "http" } else { "https" };
            let endpoint = format!("{scheme}://{}", addresses[0]);
            let exports = Exports {
                endpoint: &endpoint,
                access_key_id: access_key.id.as_str(),
                secret_access_key: access_key.secret_text(),
                region: args.region.as_str(),
                ca_bundle: (!args.plain).then_some(certificate.as_path()),
            };
            announce(args, &endpoint, place.as_ref().map(Place::folder), sown, &exports.shell())
        })
        .await;
    drop((passing, disks));
    stopped.map_err(name_the_option)
}

/// What this server may do beside.
fn leave(args: &DevArgs) -> Development {
    match args.any_credentials {
        true => Development::insecure().with_any_credentials(AccountId::DEVELOPMENT),
        false => Development::insecure(),
    }
}

fn proxies(args: &DevArgs) -> Proxies {
    Proxies { routes: args.xks_proxy.clone(), authorities: args.xks_ca_file.clone(), identity: None }
}

fn providers(args: &DevArgs) -> Providers {
    Providers {
        routes: args.identity_provider.clone(),
        authorities: args.identity_provider_ca_file.clone(),
        files: args.identity_provider_keys.iter().cloned().collect(),
    }
}

/// What to do about an address in use, in the words of this command.
fn name_the_option(failure: Failure) -> Failure {
    match failure {
        Failure::Failed(error) if matches!(error.downcast_ref(), Some(StartError::AddressInUse(_))) => {
            let what = "perhaps another Keystead runs; stop it, or choose another address with --listen (port 0 takes \
                        any free one)";
            Failure::Failed(error.context(what))
        }
        other => other,
    }
}

/// Tells people on standard output, and scripts in their file.
fn announce(
    args: &DevArgs,
    endpoint: &str,
    folder: Option<&Path>,
    sown: Option<Sown>,
    exports: &str,
) -> Result<(), Failure> {
    match print(&banner(args, endpoint, folder, sown, exports)) {
        // Who does not read is served all the same.
        Ok(()) | Err(Failure::NobodyReads) => {}
        Err(failure) => return Err(failure),
    }
    match &args.env_file {
        Some(path) => Ok(private_file::replace(path, exports.as_bytes())
            .with_context(|| format!("cannot write {}", path.display()))?),
        None => Ok(()),
    }
}

/// Development never leaves the machine: the root key lies in a file, and everybody who can read it can do anything.
fn check(args: &DevArgs) -> Result<(), Failure> {
    let outside = |name: &str, address: SocketAddr| {
        Failure::Usage(anyhow!(
            "{name} {address} is not a loopback address, and `keystead dev` serves this machine only; \
             for others, use `keystead init` and `keystead serve`"
        ))
    };
    if !args.listen.ip().is_loopback() {
        return Err(outside("--listen", args.listen));
    }
    match args.metrics {
        Some(address) if !address.ip().is_loopback() => Err(outside("--metrics", address)),
        _ => Ok(()),
    }
}

fn folder(args: &DevArgs) -> anyhow::Result<PathBuf> {
    match &args.data {
        Some(folder) => Ok(folder.clone()),
        None => place::of_this_user(|name| std::env::var_os(name).map(PathBuf::from)),
    }
}

fn banner(
    args: &DevArgs,
    endpoint: &str,
    folder: Option<&Path>,
    sown: Option<Sown>,
    exports: &str,
) -> String {
    let program = quoted(&std::env::args().next().unwrap_or_else(|| "keystead".into()));
    let (state, danger) = match folder {
        Some(folder) => (
            folder.display().to_string(),
            "THE ROOT KEY IS IN A FILE BESIDE THE DATA IT PROTECTS. Keep no real secrets here.",
        ),
        None => (
            "in memory, gone when this stops".into(),
            "EVERYTHING IS GONE WHEN THIS STOPS. Keep no real secrets here.",
        ),
    };
    let seeded = sown
        .map_or(String::new(), |Sown { made, before }| format!("  seeded    {made} now, {before} before\n"));
    let anybody = match args.any_credentials {
        true => "ANY SECRET IS TAKEN: WHOEVER REACHES THIS PORT IS ROOT OF ANY ACCOUNT.\n\n",
        false => "",
    };
    format!(
        "Keystead {version}, for development. {danger}\n\n{anybody}\
         \x20 endpoint  {endpoint}\n\
         \x20 account   {account}\n\
         \x20 region    {region}\n\
         \x20 state     {state}\n{seeded}\n\
         Paste into another terminal:\n\n\
         {exports}\n\
         Then try:\n\n\
         \x20 aws kms create-alias --alias-name alias/first --target-key-id \"$(aws kms create-key --query KeyMetadata.KeyId --output text)\"\n\
         \x20 {program} seal --key alias/first FILE\n\
         \x20 {program} audit tail\n\n\
         Ctrl-C stops it.\n",
        version = env!("CARGO_PKG_VERSION"),
        account = AccountId::DEVELOPMENT,
        region = args.region,
    )
}
