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
    tracing::info!(records = recovery.records, segments = recovery.segments, "audit log open");
    if let Some(cut) = recovery.cut {
        tracing::warn!(
            ?cut,
            "the end of the audit log was torn and is cut off; what it held was answered to nobody"
        );
    }
    Ok(log)
}
