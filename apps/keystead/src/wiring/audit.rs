//! The audit log.

use std::sync::Arc;

use anyhow::Context;
use keystead_audit::{Log, Options};
use keystead_model::world::Entropy;

use super::Disks;

/// The log in the data folder, mended if the last server was killed.
pub fn audit(disks: &Disks, entropy: &dyn Entropy, options: Options) -> anyhow::Result<Arc<Log>> {
    let (log, recovery) =
        Log::open(Arc::clone(&disks.audit), entropy, options).context("the audit log cannot be opened")?;
    tracing::info!(records = log.durable(), ?recovery, "audit log open");
    Ok(log)
}
