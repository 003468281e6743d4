//! Tokens of OpenID Connect providers: JSON Web Tokens (RFC 7519) in the compact form of JSON Web Signature (RFC 7515),
//! verified with the keys that their issuer publishes (RFC 7517, RFC 7518, RFC 8037), with the advice of RFC 8725.
//!
//! Every byte of a token and of a set of keys is a stranger's. Opens no socket and reads no clock: sets of keys come
//! through [`IdentityProviders`], `now` is handed in.

mod claims;
mod issuer;
mod json;
mod jws;
mod keys;
#[cfg(test)]
mod made;
#[cfg(test)]
mod others;
mod providers;
#[cfg(test)]
mod tests;
mod token;

pub use claims::{Claims, SessionTags};
pub use issuer::{Audience, Issuer, Thumbprint};
pub use jws::Algorithm;
pub use keys::{KEY_ID_BYTES_MAX, KEY_SET_BYTES_MAX, KEYS_MAX, KeySet, KeySetError};
pub use providers::{IdentityProviders, NoIdentityProviders, Pending, ProviderError};
pub use token::{CLOCK_SKEW_SECONDS, Expected, Refused, TOKEN_BYTES_MAX, Token, verify};

/// Reads the discovery document of an issuer (OpenID Connect Discovery 1.0, section 3) and answers its `jwks_uri`.
/// `None` if it is not JSON, says something twice, is another issuer's, or has no `jwks_uri`.
pub fn jwks_uri(document: &[u8], issuer: &Issuer) -> Option<Box<str>> {
    let members = json::Json::parse(document).ok()?.into_object()?;
    let is_of_issuer = members.text("issuer") == Some(issuer.as_str());
    members.text("jwks_uri").filter(|_| is_of_issuer).map(Box::from)
}
