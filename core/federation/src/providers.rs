//! Where the keys of issuers come from: the contract between the engine and whatever asks issuers for them.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use crate::{Issuer, KeySet, Thumbprint};

/// An answer to come. It needs no particular runtime to be awaited in, and comes within a fixed time.
pub type Pending<T> = Pin<Box<dyn Future<Output = Result<T, ProviderError>> + Send>>;

/// Why there are no keys of an issuer.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, thiserror::Error)]
pub enum ProviderError {
    /// This server has not been told that it may ask that host. Nothing was sent.
    #[error("this server may not ask that identity provider; name its host in identity_providers.hosts")]
    NotAllowed,
    /// No connection.
    #[error("the identity provider cannot be reached")]
    Unreachable,
    /// No TLS, or a certificate that nobody vouches for.
    #[error("no TLS connection to the identity provider can be made")]
    Tls,
    /// No answer in time.
    #[error("the identity provider did not answer in time")]
    TimedOut,
    /// An answer that is too long, no discovery document of that issuer, or no set of keys.
    #[error("the identity provider's answer cannot be understood")]
    Malformed,
    /// It has been asked often enough for now, or too many are being asked.
    #[error("the identity provider has been asked often enough for now")]
    Throttled,
}

/// Knows the keys of issuers.
///
/// Sends nothing to a host that whoever runs the server has not named, and answers within a fixed time whatever an issuer
/// does. What it answers is as old as it says in its own documentation, and no older.
pub trait IdentityProviders: Send + Sync {
    /// Whether keys of this issuer can be had at all.
    fn allows(&self, issuer: &Issuer) -> bool;

    /// The keys of an issuer. Given a `key_id` that is not among those it has, it asks again before it answers, if it has
    /// not just asked. `thumbprints` are those of certificates that may vouch for the issuer's server where no authority
    /// does; what was learned by a thumbprint is answered to nobody who has not the same ones.
    fn keys(&self, issuer: &Issuer, thumbprints: &[Thumbprint], key_id: Option<&str>)
    -> Pending<Arc<KeySet>>;
}

/// A server that asks nobody.
pub struct NoIdentityProviders;

impl IdentityProviders for NoIdentityProviders {
    fn allows(&self, _: &Issuer) -> bool {
        false
    }

    fn keys(&self, _: &Issuer, _: &[Thumbprint], _: Option<&str>) -> Pending<Arc<KeySet>> {
        Box::pin(std::future::ready(Err(ProviderError::NotAllowed)))
    }
}
