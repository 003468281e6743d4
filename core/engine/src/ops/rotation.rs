//! New versions of a key's bytes, scheduled or at once.

use keystead_model::{KeyArn, KeyRef, MaterialId, Timestamp};

use super::PageRequest;

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
}
