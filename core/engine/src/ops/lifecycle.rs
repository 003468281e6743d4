//! Disable, enable, schedule destruction, take it back.

use keystead_crypto::ApprovalParameters;
use keystead_model::{Action, Error, KeyArn, KeyRef, KeyState, Timestamp};
use keystead_policy::{ConditionKey, Value, Visit};

use super::{Operation, edit};
use crate::authority::{Found, Subject};
use crate::keys::{Keys, customer_only};
use crate::records::Deletion;
use crate::vault::Change;

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
    /// When it will be destroyed; absent while a primary waits for its replicas to go first.
    pub at: Option<Timestamp>,
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

/// Shortest window before a destruction, in days.
pub const WINDOW_DAYS_MIN: u16 = 7;
/// Longest window before a destruction, in days; also the default.
pub const WINDOW_DAYS_MAX: u16 = 30;

impl EnableKey {
    pub(crate) fn plan(&self, keys: &Keys, found: &Found) -> Result<(Vec<Change>, ()), Error> {
        set_state(keys, found, Self::ACTION, KeyState::Enabled)
    }
}

impl DisableKey {
    pub(crate) fn plan(&self, keys: &Keys, found: &Found) -> Result<(Vec<Change>, ()), Error> {
        set_state(keys, found, Self::ACTION, KeyState::Disabled)
    }
}

impl ScheduleKeyDeletion {
    pub(crate) fn plan(
        &self,
        keys: &Keys,
        found: &Found,
        now: Timestamp,
    ) -> Result<(Vec<Change>, ScheduledDeletion), Error> {
        customer_only(found.key())?;
        let window_days = self.window_days.unwrap_or(WINDOW_DAYS_MAX);
        if !(WINDOW_DAYS_MIN..=WINDOW_DAYS_MAX).contains(&window_days) {
            let range = format!(
                "PendingWindowInDays must be between {WINDOW_DAYS_MIN} and {WINDOW_DAYS_MAX} (inclusive)."
            );
            return Err(Error::Invalid(range.into()));
        }
        let arn = &found.key().arn;
        edit::key(keys, arn, Self::ACTION, |record| {
            // A primary goes last: its window begins when its last replica is gone.
            let waits = record
                .regions
                .as_ref()
                .is_some_and(|regions| regions.primary == arn.location && !regions.replicas.is_empty());
            let at = (!waits).then(|| now.plus_days(window_days.into()));
            record.state = if waits { KeyState::PendingReplicaDeletion } else { KeyState::PendingDeletion };
            record.deletion = Some(Deletion { at, window_days });
            Ok(ScheduledDeletion { key: arn.clone(), at, state: record.state, window_days })
        })
    }
}

impl CancelKeyDeletion {
    pub(crate) fn plan(&self, keys: &Keys, found: &Found) -> Result<(Vec<Change>, KeyArn), Error> {
        let arn = &found.key().arn;
        edit::key(keys, arn, Self::ACTION, |record| {
            record.state = KeyState::Disabled;
            record.deletion = None;
            Ok(arn.clone())
        })
    }
}

fn set_state(
    keys: &Keys,
    found: &Found,
    action: Action,
    state: KeyState,
) -> Result<(Vec<Change>, ()), Error> {
    customer_only(found.key())?;
    edit::key(keys, &found.key().arn, action, |record| {
        record.state = state;
        Ok(())
    })
}

impl Operation for EnableKey {
    const ACTION: Action = Action::EnableKey;

    fn subject(&self) -> Subject<'_> {
        Subject::KeyByIdOnly(&self.key)
    }
}

impl Operation for DisableKey {
    const ACTION: Action = Action::DisableKey;

    fn subject(&self) -> Subject<'_> {
        Subject::KeyByIdOnly(&self.key)
    }

    fn approval(&self, _: &Found) -> Option<ApprovalParameters> {
        Some(ApprovalParameters::default())
    }
}

impl Operation for CancelKeyDeletion {
    const ACTION: Action = Action::CancelKeyDeletion;

    fn subject(&self) -> Subject<'_> {
        Subject::KeyByIdOnly(&self.key)
    }
}

impl Operation for ScheduleKeyDeletion {
    const ACTION: Action = Action::ScheduleKeyDeletion;

    fn subject(&self) -> Subject<'_> {
        Subject::KeyByIdOnly(&self.key)
    }

    fn approval(&self, _: &Found) -> Option<ApprovalParameters> {
        Some(
            ApprovalParameters::default()
                .with("PendingWindowInDays", self.window_days.unwrap_or(WINDOW_DAYS_MAX)),
        )
    }

    fn facts(&self, _: Action, name: &ConditionKey, visit: &mut Visit<'_>) {
        if let (ConditionKey::KmsScheduleKeyDeletionPendingWindowInDays, Some(days)) =
            (name, self.window_days)
        {
            visit(Value::Number(days.into()));
        }
    }
}
