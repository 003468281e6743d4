//! The few functions of aws-lc that its safe interface, `aws-lc-rs`, does not offer: Ed25519ph (RFC 8032 section
//! 5.1), ML-DSA over an external mu (FIPS 204 section 6.2), and ML-KEM keys from seeds (FIPS 203 section 6.1).
//!
//! Owns the house's only unsafe code. Each block says why nothing safer would do and why it is sound. Nothing here
//! takes a length, a pointer or an index from outside: every argument is an array or a checked slice.

mod ed25519ph;
mod key;
mod ml_dsa;
mod ml_kem;

pub use ed25519ph::Ed25519ph;
pub use ml_dsa::{MlDsa, MlDsaPublic, MlDsaSecret};
pub use ml_kem::{MlKem, MlKemPair};

/// A call that did not do what was asked. No detail: callers know what they handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failed;
