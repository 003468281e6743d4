//! Multi-Region keys: the same key in several locations. Related keys share their id, material, spec, usage and
//! rotation; each has its own state, policy, aliases, tags and grants.
//!
//! Whatever they share is written to all of them in one transaction, so that they cannot part.

use keystead_crypto::ApprovalParameters;
use keystead_model::{
    Action, Call, Caller, Error, KeyArn, KeyRef, KeyState, Location, Locations, MaterialId, Origin, Resource,
    Tags, Timestamp,
};
use keystead_policy::{ConditionKey, Policy, Value, Visit, request_tag_values};

use super::keys::metadata;
use super::{KeyMetadata, Operation, edit, policies, state};
use crate::authority::{Found, Subject};
use crate::directory::Standing;
use crate::keys::Keys;
use crate::records::{KeyRecord, MaterialRecord, PolicyText, Regions};
use crate::vault::Change;

/// Make a replica of a multi-Region primary in another location; answers [`Replicated`].
pub struct ReplicateKey {
    /// Which key: id or key ARN of a primary.
    pub key: KeyRef,
    /// Where to.
    pub location: Location,
    /// 0 to 8,192 characters.
    pub description: Box<str>,
    /// Policy text of the replica; the default policy if absent.
    pub policy: Option<Box<str>>,
    /// Labels of the replica.
    pub tags: Tags,
    /// Skip the check that the caller can still replace the policy.
    pub bypass_policy_lockout_safety_check: bool,
}

/// What [`ReplicateKey`] answers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Replicated {
    /// The replica.
    pub metadata: KeyMetadata,
    /// Its policy.
    pub policy: Box<str>,
    /// Its labels.
    pub tags: Tags,
}

/// Make a replica the primary, and the primary a replica.
pub struct UpdatePrimaryRegion {
    /// Which key: id or key ARN of the primary.
    pub key: KeyRef,
    /// Where the replica is that is to be the primary.
    pub location: Location,
}

impl ReplicateKey {
    pub(crate) fn plan(
        &self,
        keys: &Keys,
        found: &Found,
        call: &Call,
        by: (&Caller, &Standing),
        now: Timestamp,
        locations: &Locations,
    ) -> Result<(Vec<Change>, Replicated), Error> {
        let arn = &found.key().arn;
        let (version, before) = read(keys, arn)?;
        state::check(Self::ACTION, arn, before.state)?;
        let regions = primary(arn, &before)?;
        let place = self.place(arn, regions, locations)?;
        let policy = match &self.policy {
            None => PolicyText::Default,
            Some(text) => {
                let (resource, bypass) =
                    (Resource::Key(place.clone()), self.bypass_policy_lockout_safety_check);
                policies::written(text, &resource, call, by, bypass)?
            }
        };
        let mut after = before.clone();
        let mut regions = regions.clone();
        let at = regions.replicas.binary_search(&self.location).unwrap_or_else(|at| at);
        regions.replicas.insert(at, self.location.clone());
        after.regions = Some(regions);
        let replica = self.replica(keys, arn, &after, policy, now)?;
        let mut changes = edit::replaced(arn, version, &before, &after);
        changes.extend(spread(keys, arn, &before, |other| other.regions = after.regions.clone())?);
        changes.extend(edit::made(&place, &replica));
        let policy = match &replica.policy {
            PolicyText::Default => Policy::default_key_policy(place.account).into(),
            PolicyText::Own(text) => text.clone(),
        };
        Ok((changes, Replicated { metadata: metadata(&place, &replica), policy, tags: self.tags.clone() }))
    }

    /// The replica's name, if there may be one.
    fn place(&self, arn: &KeyArn, regions: &Regions, locations: &Locations) -> Result<KeyArn, Error> {
        let place = KeyArn { location: self.location.clone(), ..arn.clone() };
        if self.location == regions.primary || regions.replicas.contains(&self.location) {
            return Err(Error::KeyExists(place));
        }
        match locations.has(&self.location) {
            true => Ok(place),
            false => Err(Error::Invalid(
                format!("the Region {} is not one of this server's locations", self.location).into(),
            )),
        }
    }

    /// Imported material does not travel: its owner imports the same bytes into each replica.
    fn replica(
        &self,
        keys: &Keys,
        arn: &KeyArn,
        primary: &KeyRecord,
        policy: PolicyText,
        now: Timestamp,
    ) -> Result<KeyRecord, Error> {
        let imported = primary.origin == Origin::External;
        let without = |material: &MaterialRecord| MaterialRecord { wrapped: None, ..material.clone() };
        Ok(KeyRecord {
            created: now,
            state: if imported { KeyState::PendingImport } else { KeyState::Enabled },
            description: self.description.clone(),
            policy,
            tags: self.tags.clone(),
            aliases: Vec::new(),
            deletion: None,
            // The primary's schedule serves them all.
            schedule: None,
            materials: match imported {
                true => primary.materials.iter().map(without).collect(),
                // Its own rows, so that each of the two can be destroyed by itself.
                false => keys.copied(arn, &primary.materials)?,
            },
            pending: None,
            ..primary.clone()
        })
    }
}

impl UpdatePrimaryRegion {
    pub(crate) fn plan(&self, keys: &Keys, found: &Found) -> Result<(Vec<Change>, ()), Error> {
        let (arn, place) = (&found.key().arn, &found.source().arn);
        let (version, before) = read(keys, arn)?;
        let (version_new, before_new) = read(keys, place)?;
        state::check(Self::ACTION, arn, before.state)?;
        state::check(Self::ACTION, place, before_new.state)?;
        let regions = primary(arn, &before)?;
        if !regions.replicas.contains(&self.location) {
            return Err(Error::KeyNotFound(place.to_string().into()));
        }
        let mut replicas = regions.replicas.clone();
        replicas.retain(|location| *location != self.location);
        let at = replicas.binary_search(&arn.location).unwrap_or_else(|at| at);
        replicas.insert(at, arn.location.clone());
        let regions = Some(Regions { primary: self.location.clone(), replicas });
        let after = KeyRecord { regions: regions.clone(), schedule: None, ..before.clone() };
        let after_new =
            KeyRecord { regions: regions.clone(), schedule: before.schedule, ..before_new.clone() };
        let mut changes = edit::replaced(arn, version, &before, &after);
        changes.extend(edit::replaced(place, version_new, &before_new, &after_new));
        for (other, version, before) in related(keys, arn, &before)? {
            if other != *place {
                let after = KeyRecord { regions: regions.clone(), ..before.clone() };
                changes.extend(edit::replaced(&other, version, &before, &after));
            }
        }
        Ok((changes, ()))
    }
}

/// What has to be written to the keys related to `arn`, whose record was `before`.
pub fn spread(
    keys: &Keys,
    arn: &KeyArn,
    before: &KeyRecord,
    edit: impl Fn(&mut KeyRecord),
) -> Result<Vec<Change>, Error> {
    let mut changes = Vec::new();
    for (other, version, before) in related(keys, arn, before)? {
        let mut after = before.clone();
        edit(&mut after);
        if after != before {
            changes.extend(edit::replaced(&other, version, &before, &after));
        }
    }
    Ok(changes)
}

/// What has to be written to the keys related to one that is destroyed: it is no longer among them, and a primary that
/// waited for the last replica begins its own window.
pub fn parted(keys: &Keys, arn: &KeyArn, gone: &KeyRecord, now: Timestamp) -> Result<Vec<Change>, Error> {
    spread(keys, arn, gone, |other| {
        let Some(regions) = &mut other.regions else { return };
        regions.replicas.retain(|location| *location != arn.location);
        let last = regions.replicas.is_empty() && other.state == KeyState::PendingReplicaDeletion;
        if let (true, Some(deletion)) = (last, &mut other.deletion) {
            deletion.at = Some(now.plus_days(deletion.window_days.into()));
            other.state = KeyState::PendingDeletion;
        }
    })
}

/// Whether every related key has the bytes of this version, or this one if it has no relations.
pub fn all_have(keys: &Keys, arn: &KeyArn, record: &KeyRecord, id: MaterialId) -> Result<bool, Error> {
    let has = |record: &KeyRecord| {
        let mut known = record.materials.iter().chain(&record.pending);
        known.any(|material| material.id == id && material.wrapped.is_some())
    };
    Ok(has(record) && related(keys, arn, record)?.iter().all(|(_, _, other)| has(other)))
}

/// The related keys as the store has them, `arn` itself left out.
fn related(keys: &Keys, arn: &KeyArn, record: &KeyRecord) -> Result<Vec<(KeyArn, u64, KeyRecord)>, Error> {
    let Some(Regions { primary, replicas }) = &record.regions else { return Ok(Vec::new()) };
    let others = std::iter::once(primary).chain(replicas).filter(|location| **location != arn.location);
    others
        .map(|location| {
            let other = KeyArn { location: location.clone(), ..arn.clone() };
            let (version, record) = read(keys, &other)?;
            Ok((other, version, record))
        })
        .collect()
}

fn read(keys: &Keys, arn: &KeyArn) -> Result<(u64, KeyRecord), Error> {
    keys.record(arn)?.ok_or_else(|| Error::KeyNotFound(arn.to_string().into()))
}

/// The record that holds what related keys share but is kept once: the primary's.
pub fn primary_record(keys: &Keys, arn: &KeyArn, record: KeyRecord) -> Result<KeyRecord, Error> {
    match &record.regions {
        Some(regions) if regions.primary != arn.location => {
            let primary = KeyArn { location: regions.primary.clone(), ..arn.clone() };
            read(keys, &primary).map(|(_, record)| record)
        }
        _ => Ok(record),
    }
}

/// Refuses what can only be done to the primary of related keys; keys of one location are their own primary.
pub fn not_a_replica(arn: &KeyArn, record: &KeyRecord) -> Result<(), Error> {
    match &record.regions {
        Some(regions) if regions.primary != arn.location => Err(Error::Unsupported(
            format!("{arn} is a multi-Region replica key; ask its primary key in {}.", regions.primary)
                .into(),
        )),
        _ => Ok(()),
    }
}

fn primary<'a>(arn: &KeyArn, record: &'a KeyRecord) -> Result<&'a Regions, Error> {
    not_a_replica(arn, record)?;
    let none = || Error::Unsupported(format!("{arn} is not a multi-Region primary key.").into());
    record.regions.as_ref().ok_or_else(none)
}

impl Operation for ReplicateKey {
    const ACTION: Action = Action::ReplicateKey;

    fn subject(&self) -> Subject<'_> {
        Subject::KeyToReplicate { key: &self.key, tagged: !self.tags.is_empty() }
    }

    fn facts(&self, action: Action, name: &ConditionKey, visit: &mut Visit<'_>) {
        if let (ConditionKey::KmsReplicaRegion, Action::ReplicateKey) = (name, action) {
            visit(Value::Text(self.location.as_str()));
        }
        if action == Action::ReplicateKey {
            return;
        }
        request_tag_values(&self.tags, name, visit);
        match name {
            ConditionKey::KmsMultiRegion => visit(Value::Flag(true)),
            ConditionKey::KmsMultiRegionKeyType => visit(Value::Text("REPLICA")),
            ConditionKey::KmsBypassPolicyLockoutSafetyCheck => {
                visit(Value::Flag(self.bypass_policy_lockout_safety_check));
            }
            _ => {}
        }
    }
}

impl Operation for UpdatePrimaryRegion {
    const ACTION: Action = Action::UpdatePrimaryRegion;

    fn subject(&self) -> Subject<'_> {
        Subject::RelatedKeys { key: &self.key, location: &self.location }
    }

    fn approval(&self, _: &Found) -> Option<ApprovalParameters> {
        Some(ApprovalParameters::default().with("PrimaryRegion", &self.location))
    }

    fn facts(&self, _: Action, name: &ConditionKey, visit: &mut Visit<'_>) {
        if *name == ConditionKey::KmsPrimaryRegion {
            visit(Value::Text(self.location.as_str()));
        }
    }
}
