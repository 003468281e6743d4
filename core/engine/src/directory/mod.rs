//! An account's directory.

pub mod builtin;
