//! Disable, enable, schedule destruction, take it back.

use keystead_model::{KeyArn, KeyRef, KeyState, Timestamp};

/// Let a disabled key be used again.
pub struct EnableKey {
    /// Which key: id or key ARN.
    pub key: KeyRef,
}

/// Make a key refuse every use, from the instant of the answer on.
pub struct DisableKey {
    /// Which key: id or key ARN.
    pub key: KeyRef,
}

/// Set the time of a key's destruction; answers [`ScheduledDeletion`].
pub struct ScheduleKeyDeletion {
    /// Which key: id or key ARN.
    pub key: KeyRef,
    /// 7 to 30; 30 if absent.
    pub window_days: Option<u16>,
}

/// What [`ScheduleKeyDeletion`] answers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ScheduledDeletion {
    /// Which key.
    pub key: KeyArn,
    /// When it will be destroyed.
    pub at: Timestamp,
    /// Its state now.
    pub state: KeyState,
    /// The window, in days.
    pub window_days: u16,
}

/// Take a scheduled destruction back; the key is then disabled. Answers its [`KeyArn`].
pub struct CancelKeyDeletion {
    /// Which key: id or key ARN.
    pub key: KeyRef,
}
