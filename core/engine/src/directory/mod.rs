//! An account's directory.

pub mod builtin;
pub mod credentials_csv;
pub mod ids;
pub mod quotas;
