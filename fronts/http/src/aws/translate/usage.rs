//! When a key was last used.

use keystead_engine::ops;
use keystead_model::Action;

use super::super::kms_model::GetKeyLastUsageRequest;
use super::super::wire::Written;
use super::{Taken, key, writer};

pub(in super::super) fn get_key_last_usage(wire: GetKeyLastUsageRequest<'_>) -> Taken<ops::GetKeyLastUsage> {
    let GetKeyLastUsageRequest { key_id } = wire;
    Ok(ops::GetKeyLastUsage { key: key(key_id)? })
}

pub(in super::super) fn key_used(answer: ops::KeyUsed) -> Written {
    let ops::KeyUsed { key, created, tracked_since, last } = answer;
    let mut writer = writer(0);
    writer.time("KeyCreationDate", created).plain("KeyId", key);
    writer.object("KeyLastUsage", |writer| {
        let Some(ops::Use { action, at, request }) = last else { return };
        let operation = match action {
            Action::ReEncryptFrom => "ReEncrypt",
            action => action.verb(),
        };
        // One record a request: its id names both.
        writer.plain("CloudTrailEventId", request).plain("KmsRequestId", request);
        writer.text("Operation", operation).time("Timestamp", at);
    });
    writer.time("TrackingStartDate", tracked_since);
    writer.finish()
}
