//! New versions of a key's bytes, scheduled or at once.

use keystead_model::world::Entropy;
use keystead_model::{Action, Error, KeyArn, KeyRef, KeySpec, KeyState, MaterialId, Origin, Timestamp};
use keystead_policy::{ConditionKey, Value, Visit};

use super::keys::new_material;
use super::{Expiry, Operation, Page, PageRequest, edit, page, regions};
use crate::authority::{Found, Subject};
use crate::keys::{Key, Keys, customer_only};
use crate::records::{KeyRecord, MaterialRecord, Schedule};
use crate::vault::Change;

/// Start scheduled rotation, or change its period.
pub struct EnableKeyRotation {
    /// Which key: id or key ARN.
    pub key: KeyRef,
    /// 90 to 2,560; if absent 365, or what the key has.
    pub period_days: Option<u16>,
}

/// Stop scheduled rotation.
pub struct DisableKeyRotation {
    /// Which key: id or key ARN.
    pub key: KeyRef,
}

/// Read a key's schedule; answers [`RotationStatus`].
pub struct GetKeyRotationStatus {
    /// Which key: id or key ARN.
    pub key: KeyRef,
}

/// What [`GetKeyRotationStatus`] answers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RotationStatus {
    /// Which key.
    pub key: KeyArn,
    /// Whether it rotates by schedule.
    pub enabled: bool,
    /// The period, in days; absent while disabled.
    pub period_days: Option<u16>,
    /// When next; absent while disabled.
    pub next: Option<Timestamp>,
    /// When a rotation on demand was started that has not ended; they end at once here, so always absent.
    pub on_demand_started: Option<Timestamp>,
}

/// Rotate at once; answers the [`KeyArn`].
pub struct RotateKeyOnDemand {
    /// Which key: id or key ARN.
    pub key: KeyRef,
}

/// List a key's versions; answers a [`Page`](super::Page) of [`Rotation`]. Default 100.
pub struct ListKeyRotations {
    /// Which key: id or key ARN.
    pub key: KeyRef,
    /// Whether to list every material, the first one included, or only the rotations.
    pub all_material: bool,
    /// Which page.
    pub page: PageRequest,
}

/// How a version came to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RotationKind {
    /// By schedule.
    Automatic,
    /// On demand.
    OnDemand,
}

/// Whether a version seals, or only opens.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MaterialState {
    /// Seals and opens.
    Current,
    /// Opens only.
    NonCurrent,
    /// Imported, and waiting to be rotated to.
    PendingRotation,
    /// Imported at the primary, and waiting to be imported at every replica before it can be rotated to.
    PendingMultiRegion,
}

/// One version.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rotation {
    /// Which key.
    pub key: KeyArn,
    /// Which version.
    pub material: MaterialId,
    /// Whether it seals.
    pub state: MaterialState,
    /// When it took the place of the version before; absent for the first one.
    pub at: Option<Timestamp>,
    /// How it came to be; absent for the first one.
    pub kind: Option<RotationKind>,
    /// What its owner's import said of it; absent for what was made here.
    pub import: Option<ImportedVersion>,
}

/// What is told of an imported version.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ImportedVersion {
    /// Until when it serves; absent if its bytes are not there.
    pub expiry: Option<Expiry>,
    /// What its owner says of it.
    pub description: Option<Box<str>>,
}

/// Days between rotations unless the owner says otherwise.
pub const PERIOD_DAYS_DEFAULT: u16 = 365;
/// Rotations on demand that one key may have.
pub const ON_DEMAND_MAX: usize = 25;
/// How close to a rotation by schedule one on demand is refused, in milliseconds.
const AUTOMATIC_NEAR_MS: u64 = 20 * 60 * 1000;
/// Versions of a page unless the caller says otherwise.
const PAGE_DEFAULT: u16 = 100;

impl EnableKeyRotation {
    pub(crate) fn plan(
        &self,
        keys: &Keys,
        found: &Found,
        now: Timestamp,
    ) -> Result<(Vec<Change>, ()), Error> {
        rotatable(found.key())?;
        let arn = &found.key().arn;
        edit::key(keys, arn, Self::ACTION, |record| {
            regions::not_a_replica(arn, record)?;
            let kept = record.schedule.map(|schedule| schedule.period_days);
            let period_days = self.period_days.or(kept).unwrap_or(PERIOD_DAYS_DEFAULT);
            if kept != Some(period_days) {
                record.schedule = Some(Schedule { period_days, next: now.plus_days(period_days.into()) });
            }
            Ok(())
        })
    }
}

impl DisableKeyRotation {
    pub(crate) fn plan(&self, keys: &Keys, found: &Found) -> Result<(Vec<Change>, ()), Error> {
        rotatable(found.key())?;
        let arn = &found.key().arn;
        edit::key(keys, arn, Self::ACTION, |record| {
            regions::not_a_replica(arn, record)?;
            record.schedule = None;
            Ok(())
        })
    }
}

impl GetKeyRotationStatus {
    pub(crate) fn run(&self, keys: &Keys, found: &Found) -> Result<RotationStatus, Error> {
        // Asymmetric and HMAC keys never rotate, and may be asked: Terraform asks every key that is made here.
        if found.key().custom.is_some() {
            return Err(does_not_rotate(found.key()));
        }
        let arn = &found.key().arn;
        let (_, record) = keys.record(arn)?.ok_or_else(|| Error::KeyNotFound(arn.to_string().into()))?;
        let state = record.state;
        let schedule = regions::primary_record(keys, arn, record)?.schedule;
        let schedule = schedule
            .filter(|_| !matches!(state, KeyState::PendingDeletion | KeyState::PendingReplicaDeletion));
        Ok(RotationStatus {
            key: arn.clone(),
            enabled: schedule.is_some(),
            period_days: schedule.map(|schedule| schedule.period_days),
            next: schedule.map(|schedule| schedule.next),
            on_demand_started: None,
        })
    }
}

impl RotateKeyOnDemand {
    pub(crate) fn plan(
        &self,
        keys: &Keys,
        entropy: &dyn Entropy,
        found: &Found,
        now: Timestamp,
    ) -> Result<(Vec<Change>, KeyArn), Error> {
        let key = found.key();
        customer_only(key)?;
        has_versions(key)?;
        let arn = &key.arn;
        let mut shared = Vec::new();
        let (mut changes, answer) = edit::key(keys, arn, Self::ACTION, |record| {
            regions::not_a_replica(arn, record)?;
            let done = record
                .materials
                .iter()
                .filter(|material| material.kind == Some(RotationKind::OnDemand))
                .count();
            if done >= ON_DEMAND_MAX {
                return Err(Error::LimitExceeded(
                    format!("a key is rotated on demand at most {ON_DEMAND_MAX} times").into(),
                ));
            }
            if near_automatic(record, now) {
                let why = "a rotation by schedule is due or was done within 20 minutes; try again after that";
                return Err(Error::Conflict(why.into()));
            }
            shared = match key.origin {
                Origin::External => rotate_to_imported(keys, arn, record, now)?,
                _ => {
                    rotate(keys, entropy, arn, record, RotationKind::OnDemand, now)?;
                    regions::spread(keys, arn, record, |other| {
                        other.materials.clone_from(&record.materials);
                    })?
                }
            };
            Ok(arn.clone())
        })?;
        changes.extend(shared);
        Ok((changes, answer))
    }
}

impl ListKeyRotations {
    pub(crate) fn run(&self, keys: &Keys, found: &Found) -> Result<Page<Rotation>, Error> {
        let arn = &found.key().arn;
        has_versions(found.key())?;
        let (_, record) = keys.record(arn)?.ok_or_else(|| Error::KeyNotFound(arn.to_string().into()))?;
        let current = record.current().map(|material| material.id);
        let state = |material: &MaterialRecord| match current == Some(material.id) {
            true => MaterialState::Current,
            false => MaterialState::NonCurrent,
        };
        let rotated = record.materials.iter().filter(|material| self.all_material || material.kind.is_some());
        let mut wanted: Vec<Rotation> =
            rotated.map(|material| told(arn, material, state(material))).collect();
        if let Some(pending) = record.pending.as_ref().filter(|_| self.all_material) {
            let state = match regions::all_have(keys, arn, &record, pending.id)? {
                true => MaterialState::PendingRotation,
                false => MaterialState::PendingMultiRegion,
            };
            wanted.push(told(arn, pending, state));
        }
        if let Some(marker) = &self.page.marker {
            let after = marker.parse::<MaterialId>().map_err(|_| Error::InvalidMarker)?;
            let place =
                wanted.iter().position(|version| version.material == after).ok_or(Error::InvalidMarker)?;
            wanted.drain(..=place);
        }
        Ok(page(wanted, self.page.limit_or(PAGE_DEFAULT), |rotation: &Rotation| {
            rotation.material.to_string().into()
        }))
    }
}

/// Rotates to the imported version that waits for it, here and at every replica.
fn rotate_to_imported(
    keys: &Keys,
    arn: &KeyArn,
    record: &mut KeyRecord,
    now: Timestamp,
) -> Result<Vec<Change>, Error> {
    let waiting = record.pending.clone().filter(|pending| pending.wrapped.is_some());
    let Some(waiting) = waiting else {
        let why = "Import new key material into this key before rotating it.";
        return Err(Error::Unsupported(
            format!("{arn} has no key material in PENDING_ROTATION. {why}").into(),
        ));
    };
    if !regions::all_have(keys, arn, record, waiting.id)? {
        let why = "Import the same key material into each of its replica keys before rotating it.";
        return Err(Error::Unsupported(why.into()));
    }
    let forward = |record: &mut KeyRecord| {
        let next = record.pending.take();
        record.materials.extend(next.map(|material| MaterialRecord {
            kind: Some(RotationKind::OnDemand),
            at: now,
            ..material
        }));
    };
    let changes = regions::spread(keys, arn, record, forward)?;
    forward(record);
    Ok(changes)
}

/// Puts a new version in front.
pub fn rotate(
    keys: &Keys,
    entropy: &dyn Entropy,
    arn: &KeyArn,
    record: &mut KeyRecord,
    kind: RotationKind,
    now: Timestamp,
) -> Result<MaterialId, Error> {
    let material = new_material(keys, entropy, arn, record.spec, now)?;
    let id = material.id;
    record.materials.push(MaterialRecord { kind: Some(kind), ..material });
    Ok(id)
}

fn near_automatic(record: &KeyRecord, now: Timestamp) -> bool {
    let near = |at: Timestamp| at.0.abs_diff(now.0) < AUTOMATIC_NEAR_MS;
    let last = record.current().filter(|material| material.kind == Some(RotationKind::Automatic));
    last.is_some_and(|material| near(material.at))
        || record.schedule.is_some_and(|schedule| near(schedule.next))
}

fn told(arn: &KeyArn, material: &MaterialRecord, state: MaterialState) -> Rotation {
    let import = material.imported.as_ref().map(|imported| ImportedVersion {
        expiry: Expiry::of(material),
        description: imported.description.clone(),
    });
    let at = material.kind.map(|_| material.at);
    Rotation { key: arn.clone(), material: material.id, state, at, kind: material.kind, import }
}

/// Only symmetric keys whose bytes are made here rotate by themselves.
fn rotatable(key: &Key) -> Result<(), Error> {
    customer_only(key)?;
    match (key.spec, key.origin) {
        (KeySpec::SymmetricDefault, Origin::AwsKms) => Ok(()),
        _ => Err(does_not_rotate(key)),
    }
}

/// Only symmetric keys, made here or imported, have versions.
fn has_versions(key: &Key) -> Result<(), Error> {
    match (key.spec, key.origin) {
        (KeySpec::SymmetricDefault, Origin::AwsKms | Origin::External) => Ok(()),
        _ => Err(does_not_rotate(key)),
    }
}

fn does_not_rotate(key: &Key) -> Error {
    let Key { arn, spec, origin, .. } = key;
    let why = match spec {
        KeySpec::SymmetricDefault => format!("origin is {origin}"),
        _ => format!("key spec is {spec}"),
    };
    Error::Unsupported(format!("{arn} {why} which is not valid for this operation.").into())
}

impl Operation for DisableKeyRotation {
    const ACTION: Action = Action::DisableKeyRotation;

    fn subject(&self) -> Subject<'_> {
        Subject::KeyByIdOnly(&self.key)
    }
}

impl Operation for GetKeyRotationStatus {
    const ACTION: Action = Action::GetKeyRotationStatus;

    fn subject(&self) -> Subject<'_> {
        Subject::KeyByIdOnly(&self.key)
    }
}

impl Operation for RotateKeyOnDemand {
    const ACTION: Action = Action::RotateKeyOnDemand;

    fn subject(&self) -> Subject<'_> {
        Subject::KeyByIdOnly(&self.key)
    }
}

impl Operation for ListKeyRotations {
    const ACTION: Action = Action::ListKeyRotations;

    fn subject(&self) -> Subject<'_> {
        Subject::KeyByIdOnly(&self.key)
    }
}

impl Operation for EnableKeyRotation {
    const ACTION: Action = Action::EnableKeyRotation;

    fn subject(&self) -> Subject<'_> {
        Subject::KeyByIdOnly(&self.key)
    }

    fn facts(&self, _: Action, name: &ConditionKey, visit: &mut Visit<'_>) {
        if let (ConditionKey::KmsRotationPeriodInDays, Some(days)) = (name, self.period_days) {
            visit(Value::Number(days.into()));
        }
    }
}
