//! The keys of OpenID Connect providers: asked for where the issuer's discovery document says (OpenID Connect Discovery
//! 1.0, section 4), or read from a file.
//!
//! Owns the questions, the time limit and the age of what is known. Speaks to the hosts it was given and to no others;
//! follows no redirect. Has a thread and a runtime of its own, so that its answers can be awaited anywhere and nobody
//! else waits for an issuer.

mod client;
mod entry;
mod fetch;
mod vouched;

pub use client::{ISSUERS_MAX, OidcClient, Options, StartError, WAITING_MAX};
pub use entry::{AGAIN_SECONDS_MIN, FRESH_SECONDS, STALE_SECONDS_MAX};
pub use fetch::FETCH_MS_MAX;
pub use keystead_outbound::{Route, RouteError, Trust, TrustError};

#[cfg(test)]
mod tests;
