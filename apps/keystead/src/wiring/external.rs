//! What speaks to external key store proxies, if this server may speak to any.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use keystead_crypto::{ExternalKeys, NoExternalKeys};
use keystead_xks::{Options, Route, Trust, XksClient};

use super::tls::FILE_BYTES_MAX;
use crate::private_file;

/// The proxies this server may speak to, and whom it believes. None at all unless somebody names them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Proxies {
    /// The hosts.
    pub routes: Vec<Route>,
    /// Certificate authorities, PEM; those of the operating system if absent.
    pub authorities: Option<PathBuf>,
    /// The certificate and private key that the server shows to proxies that ask for one, PEM.
    pub identity: Option<(PathBuf, PathBuf)>,
}

/// Makes the client, and its thread. Without a proxy to speak to there is neither.
pub fn external(proxies: Proxies) -> anyhow::Result<Arc<dyn ExternalKeys>> {
    let Proxies { routes, authorities, identity } = proxies;
    if routes.is_empty() {
        return Ok(Arc::new(NoExternalKeys));
    }
    if let Some((_, key)) = &identity {
        // Refuses a key that others can read, before the client reads it.
        private_file::read(key, FILE_BYTES_MAX)?;
    }
    let options = Options { routes, trust: Trust { authorities, identity } };
    let client = XksClient::start(options).context("external key stores cannot be offered")?;
    Ok(Arc::new(client))
}
