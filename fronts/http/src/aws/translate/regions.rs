//! Multi-Region keys.

use keystead_engine::ops;
use keystead_model::{KeyArn, Location};

use super::super::kms_model::{ReplicateKeyRequest, UpdatePrimaryRegionRequest};
use super::super::rules::Text;
use super::super::wire::{Writer, Written};
use super::{Taken, given, key, metadata, one_tag, tags, writer};
use crate::door::Refusal;

pub(in super::super) fn replicate_key(wire: ReplicateKeyRequest<'_>) -> Taken<ops::ReplicateKey> {
    let ReplicateKeyRequest {
        bypass_policy_lockout_safety_check,
        description,
        key_id,
        policy,
        replica_region,
        tags: tag_list,
    } = wire;
    Ok(ops::ReplicateKey {
        key: key(key_id)?,
        location: location(replica_region)?,
        description: description.unwrap_or_default().into(),
        policy: policy.map(Box::from),
        tags: tags(tag_list.unwrap_or_default())?,
        bypass_policy_lockout_safety_check: bypass_policy_lockout_safety_check.unwrap_or(false),
    })
}

pub(in super::super) fn update_primary_region(
    wire: UpdatePrimaryRegionRequest<'_>,
) -> Taken<ops::UpdatePrimaryRegion> {
    let UpdatePrimaryRegionRequest { key_id, primary_region } = wire;
    Ok(ops::UpdatePrimaryRegion { key: key(key_id)?, location: location(primary_region)? })
}

fn location(region: Option<Text<'_>>) -> Taken<Location> {
    let region = given(region)?;
    region.parse().map_err(|_| Refusal::Validation(format!("{region} is not the name of a Region.")))
}

pub(in super::super) fn replicated(answer: ops::Replicated) -> Written {
    let ops::Replicated { metadata: key, policy, tags } = answer;
    let mut writer = writer(1024 + policy.len());
    writer.object("ReplicaKeyMetadata", |writer| metadata(writer, &key)).text("ReplicaPolicy", &policy);
    writer.objects("ReplicaTags", tags.iter(), one_tag);
    writer.finish()
}

/// A key's related keys, itself included.
pub(super) fn related_keys(writer: &mut Writer, own: &KeyArn, related: &ops::RelatedKeys) {
    let ops::RelatedKeys { primary, replicas } = related;
    let kind = if own == primary { "PRIMARY" } else { "REPLICA" };
    writer.object("MultiRegionConfiguration", |writer| {
        let one = |writer: &mut Writer, key: &KeyArn| {
            writer.plain("Arn", key).text("Region", key.location.as_str());
        };
        writer.text("MultiRegionKeyType", kind).object("PrimaryKey", |writer| one(writer, primary));
        writer.objects("ReplicaKeys", replicas, one);
    });
}
