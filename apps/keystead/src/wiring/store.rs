//! The store.

use std::sync::Arc;

use anyhow::Context;
use keystead_store::{MemoryStore, RedbOptions, RedbStore, Store};

use super::Disks;

/// The name of the store's file.
const FILE: &str = "keystead.redb";

/// The embedded store in the data folder.
pub fn store(disks: &Disks) -> anyhow::Result<Arc<dyn Store>> {
    let store =
        RedbStore::open(&disks.store, FILE, RedbOptions::default()).context("the store cannot be opened")?;
    Ok(Arc::new(store))
}

/// A store in memory.
pub fn passing_store() -> Arc<dyn Store> {
    Arc::new(MemoryStore::new())
}
