//! The engine, and the provider that holds its keys.

use std::sync::Arc;

use keystead_attestation::Verifier;
use keystead_audit::Log;
use keystead_crypto::{ExternalKeys, NoExternalKeys, RootKey, SoftwareProvider};
use keystead_engine::{Development, Engine, Parts, Rates, Services, VaultError};
use keystead_federation::{IdentityProviders, NoIdentityProviders};
use keystead_model::Locations;
use keystead_model::world::World;
use keystead_store::Store;

/// What an operator settles about an engine.
pub struct Rules {
    /// Where keys can be.
    pub locations: Locations,
    /// What speaks to external key store proxies.
    pub external: Arc<dyn ExternalKeys>,
    /// What knows the keys of identity providers.
    pub identity_providers: Arc<dyn IdentityProviders>,
    /// What only `keystead dev` has to hand in.
    pub development: Option<Development>,
    /// How many requests of each kind an account may send.
    pub rates: Rates,
    /// Who calls on behalf of others.
    pub services: Services,
    /// What verifies attestation documents.
    pub attestation: Verifier,
}

impl Rules {
    /// For an engine that nobody but this program asks for anything.
    pub fn for_nobody(locations: Locations) -> Self {
        Self {
            locations,
            external: Arc::new(NoExternalKeys),
            identity_providers: Arc::new(NoIdentityProviders),
            development: None,
            rates: Rates::unlimited(),
            services: Services::default(),
            attestation: Verifier::without_roots(),
        }
    }
}

/// The engine over a store and a log, with keys in software.
pub fn engine(
    store: Arc<dyn Store>,
    log: Arc<Log>,
    root: RootKey,
    world: World,
    rules: Rules,
) -> Result<Arc<Engine>, VaultError> {
    let Rules { locations, external, identity_providers, development, rates, services, attestation } = rules;
    let root = Arc::new(root);
    let provider = Arc::new(SoftwareProvider::new(Arc::clone(&root), Arc::clone(&world.entropy)));
    let locked = root.arena().is_locked();
    let engine = Engine::open(Parts {
        store,
        log,
        root,
        provider,
        external,
        identity_providers,
        world,
        locations,
        development,
        rates,
        services,
        attestation,
    })?;
    if !locked {
        tracing::warn!("keys are held in memory that could not be locked; raise the limit (ulimit -l)");
    }
    Ok(engine)
}
