//! The engine, and the provider that holds its keys.

use std::sync::Arc;

use keystead_audit::Log;
use keystead_crypto::{RootKey, SoftwareProvider};
use keystead_engine::{Development, Engine, Parts, Rates, VaultError};
use keystead_model::Locations;
use keystead_model::world::World;
use keystead_store::Store;

/// The engine over a store and a log, with keys in software. Only `keystead dev` has a `development` to hand in.
pub fn engine(
    store: Arc<dyn Store>,
    log: Arc<Log>,
    root: RootKey,
    world: World,
    locations: Locations,
    development: Option<Development>,
    rates: Rates,
) -> Result<Arc<Engine>, VaultError> {
    let root = Arc::new(root);
    let provider = Arc::new(SoftwareProvider::new(Arc::clone(&root), Arc::clone(&world.entropy)));
    let locked = root.arena().is_locked();
    let engine = Engine::open(Parts { store, log, root, provider, world, locations, development, rates })?;
    if !locked {
        tracing::warn!("keys are held in memory that could not be locked; raise the limit (ulimit -l)");
    }
    Ok(engine)
}
