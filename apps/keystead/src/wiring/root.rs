//! The root key, in locked memory.

use std::path::Path;

use anyhow::Context;
use keystead_crypto::{Arena, RootKey, SecretBytes};
use keystead_model::world::Entropy;

use crate::{private_file, root_key_file};

/// The root key a key file holds.
pub fn root_from_file(path: &Path) -> anyhow::Result<RootKey> {
    load(&root_key_file::read(path)?)
}

/// A new root key, kept in a new key file.
pub fn root_into_new_file(path: &Path, entropy: &dyn Entropy) -> anyhow::Result<RootKey> {
    let mut key = SecretBytes::zeroed(root_key_file::KEY_BYTES);
    entropy.fill(key.expose_mut());
    private_file::create(path, root_key_file::encode(&key).expose())
        .with_context(|| format!("cannot make the root key file {}", path.display()))?;
    load(&key)
}

/// A new root key, kept nowhere.
pub fn passing_root(entropy: &dyn Entropy) -> anyhow::Result<RootKey> {
    Ok(RootKey::generate(&Arena::new(Arena::SLOTS_DEFAULT), entropy)?)
}

fn load(key: &SecretBytes) -> anyhow::Result<RootKey> {
    let bytes = key.expose().try_into().expect("a key file holds 32 bytes");
    Ok(RootKey::load(&Arena::new(Arena::SLOTS_DEFAULT), bytes)?)
}
