//! What knows the keys of identity providers, if this server may know any.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use keystead_federation::{IdentityProviders, Issuer, NoIdentityProviders};
use keystead_oidc::{OidcClient, Options, Route, Trust};

/// The identity providers this server may ask, and those whose keys it has. None at all unless somebody names them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Providers {
    /// The hosts that may be asked.
    pub routes: Vec<Route>,
    /// Certificate authorities, PEM; those of the operating system if absent.
    pub authorities: Option<PathBuf>,
    /// Files with keys, by issuer.
    pub files: BTreeMap<Issuer, PathBuf>,
}

/// Makes the client, and its thread; reads the files. Without anybody to ask and without files there is neither.
pub fn providers(providers: Providers) -> anyhow::Result<Arc<dyn IdentityProviders>> {
    let Providers { routes, authorities, files } = providers;
    if routes.is_empty() && files.is_empty() {
        return Ok(Arc::new(NoIdentityProviders));
    }
    let options = Options { routes, trust: Trust { authorities, identity: None }, files };
    let client = OidcClient::start(options).context("identity providers cannot be asked")?;
    Ok(Arc::new(client))
}
