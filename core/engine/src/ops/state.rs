//! Which operations a key's state allows: AWS's table of key states, for the operations there are.

use keystead_model::{Action, Error, KeyArn, KeyState};

/// What a state says to an action.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answer {
    /// Go on.
    Yes,
    /// The key is disabled; enabling it would help.
    Disabled,
    /// The state forbids it.
    Invalid,
}
use Answer::{Disabled, Invalid, Yes};

/// Action; then the answers of an enabled key, a disabled one, and one that waits for its destruction.
const TABLE: &[(Action, [Answer; 3])] = &[
    (Action::CancelKeyDeletion, [Invalid, Invalid, Yes]),
    (Action::CreateAlias, [Yes, Yes, Invalid]),
    (Action::Decrypt, [Yes, Disabled, Invalid]),
    (Action::DeleteAlias, [Yes, Yes, Yes]),
    (Action::DescribeKey, [Yes, Yes, Yes]),
    (Action::DisableKey, [Yes, Yes, Invalid]),
    (Action::DisableKeyRotation, [Yes, Disabled, Invalid]),
    (Action::EnableKey, [Yes, Yes, Invalid]),
    (Action::EnableKeyRotation, [Yes, Disabled, Invalid]),
    (Action::Encrypt, [Yes, Disabled, Invalid]),
    (Action::GenerateDataKey, [Yes, Disabled, Invalid]),
    (Action::GenerateDataKeyWithoutPlaintext, [Yes, Disabled, Invalid]),
    (Action::GetKeyPolicy, [Yes, Yes, Yes]),
    (Action::GetKeyRotationStatus, [Yes, Yes, Yes]),
    (Action::ListAliases, [Yes, Yes, Yes]),
    (Action::ListKeyPolicies, [Yes, Yes, Yes]),
    (Action::ListKeyRotations, [Yes, Yes, Yes]),
    (Action::ListResourceTags, [Yes, Yes, Yes]),
    (Action::PutKeyPolicy, [Yes, Yes, Yes]),
    (Action::ReEncryptFrom, [Yes, Disabled, Invalid]),
    (Action::ReEncryptTo, [Yes, Disabled, Invalid]),
    (Action::RotateKeyOnDemand, [Yes, Disabled, Invalid]),
    (Action::ScheduleKeyDeletion, [Yes, Yes, Invalid]),
    (Action::TagResource, [Yes, Yes, Invalid]),
    (Action::UntagResource, [Yes, Yes, Invalid]),
    (Action::UpdateAlias, [Yes, Yes, Invalid]),
    (Action::UpdateKeyDescription, [Yes, Yes, Invalid]),
];

/// Refuses what the key's state does not allow. An action or state that the table does not know is refused.
pub fn check(action: Action, arn: &KeyArn, state: KeyState) -> Result<(), Error> {
    match answer(action, state) {
        Yes => Ok(()),
        Disabled => Err(Error::Disabled(arn.clone())),
        Invalid => Err(Error::WrongState { key: arn.clone(), state }),
    }
}

fn answer(action: Action, state: KeyState) -> Answer {
    let column = match state {
        KeyState::Enabled => 0,
        KeyState::Disabled => 1,
        KeyState::PendingDeletion => 2,
        // Keys do not get into these states yet.
        KeyState::Creating
        | KeyState::PendingImport
        | KeyState::PendingReplicaDeletion
        | KeyState::Unavailable
        | KeyState::Updating => return Invalid,
    };
    TABLE.iter().find(|(of, _)| *of == action).map_or(Invalid, |(_, answers)| answers[column])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disabled_key_refuses_every_use_and_can_still_be_managed() {
        for action in [Action::Encrypt, Action::Decrypt, Action::GenerateDataKey, Action::ReEncryptFrom] {
            assert_eq!(answer(action, KeyState::Disabled), Disabled);
            assert_eq!(answer(action, KeyState::PendingDeletion), Invalid);
        }
        assert_eq!(answer(Action::EnableKey, KeyState::Disabled), Yes);
        assert_eq!(answer(Action::ScheduleKeyDeletion, KeyState::Disabled), Yes);
    }

    #[test]
    fn what_the_table_does_not_know_is_refused() {
        assert_eq!(answer(Action::Encrypt, KeyState::Updating), Invalid);
        assert_eq!(answer(Action::Unknown, KeyState::Enabled), Invalid);
    }
}
