//! A small synchronous client for whatever speaks the AWS KMS protocol: JSON 1.1 over HTTPS, requests signed with
//! Signature Version 4.
//!
//! Plain data keys are only ever in [`DataKey`] and in buffers that are wiped. What cannot be wiped are the copies
//! in the buffers of the TLS and HTTP libraries, which live as long as the connection.

mod client;
mod config;
mod data_key;
mod errors;
mod transport;

pub use client::{Client, KeyService, WrappedKey};
pub use config::{Config, ConfigError};
pub use data_key::DataKey;
pub use errors::{CallError, ServiceError};
pub use transport::{ATTEMPTS_MAX, RESPONSE_BYTES_MAX, Response};
