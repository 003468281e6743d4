//! Secrets in memory, primitives, the `KeyProvider` contract and the symmetric ciphertext format.

mod secret;

pub use secret::SecretBytes;
