//! A client of external key store proxies: AWS KMS External Key Store Proxy API, version 1 (10 November 2022 and its
//! later editions).
//!
//! Owns the connections, the signatures (Signature Version 4, service `kms-xks-proxy`), the time limit and the reading
//! of answers. Speaks to the hosts it was given and to no others. Has a thread and a runtime of its own, so that its
//! answers can be awaited anywhere.

mod client;
mod connect;
mod sign;
mod wire;

pub use client::{ANSWER_MS_MAX, IN_FLIGHT_MAX, Options, XksClient};
pub use keystead_outbound::{At, Route, RouteError, Trust, TrustError};

#[cfg(test)]
mod tests;
