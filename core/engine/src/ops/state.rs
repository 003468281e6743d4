//! Which operations a key's state allows: AWS's table of key states, as data.
//!
//! `docs/protocols/key-states.md` is the same table for people; a test here compares the two, and another one, in
//! `tests/clients/`, brings keys into the states and calls everything.

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
    /// Only keys of an origin that never allows it are in this state.
    Unsupported,
}

const Y: Answer = Answer::Yes;
const D: Answer = Answer::Disabled;
const I: Answer = Answer::Invalid;
const U: Answer = Answer::Unsupported;

/// The states in the order of the columns: those of all keys, of multi-Region ones, of imported ones, of those in
/// custom key stores, and the two that pass by themselves.
const COLUMNS: [KeyState; 8] = [
    KeyState::Enabled,
    KeyState::Disabled,
    KeyState::PendingDeletion,
    KeyState::PendingReplicaDeletion,
    KeyState::PendingImport,
    KeyState::Unavailable,
    KeyState::Creating,
    KeyState::Updating,
];

/// One line for each action on a key that exists.
#[rustfmt::skip]
const TABLE: &[(Action, [Answer; COLUMNS.len()])] = &[
    (Action::CancelKeyDeletion,                   [I, I, Y, Y, I, I, I, I]),
    (Action::CreateAlias,                         [Y, Y, I, I, Y, Y, Y, Y]),
    (Action::CreateGrant,                         [Y, D, I, I, I, Y, I, Y]),
    (Action::Decapsulate,                         [Y, D, I, I, I, I, I, Y]),
    (Action::Decrypt,                             [Y, D, I, I, I, I, I, Y]),
    (Action::DeleteAlias,                         [Y, Y, Y, Y, Y, Y, Y, Y]),
    (Action::DeleteImportedKeyMaterial,           [Y, Y, Y, Y, Y, U, I, I]),
    (Action::DeriveSharedSecret,                  [Y, D, I, I, I, I, I, Y]),
    (Action::DescribeKey,                         [Y, Y, Y, Y, Y, Y, Y, Y]),
    (Action::DisableKey,                          [Y, Y, I, I, I, Y, I, I]),
    (Action::DisableKeyRotation,                  [Y, D, I, I, U, U, I, Y]),
    (Action::EnableKey,                           [Y, Y, I, I, I, Y, I, I]),
    (Action::EnableKeyRotation,                   [Y, D, I, I, U, U, I, Y]),
    (Action::Encapsulate,                         [Y, D, I, I, I, I, I, Y]),
    (Action::Encrypt,                             [Y, D, I, I, I, I, I, Y]),
    (Action::GenerateDataKey,                     [Y, D, I, I, I, I, I, Y]),
    (Action::GenerateDataKeyPair,                 [Y, D, I, I, I, U, I, Y]),
    (Action::GenerateDataKeyPairWithoutPlaintext, [Y, D, I, I, I, U, I, Y]),
    (Action::GenerateDataKeyWithoutPlaintext,     [Y, D, I, I, I, I, I, Y]),
    (Action::GenerateMac,                         [Y, D, I, I, I, I, I, Y]),
    (Action::GetKeyLastUsage,                     [Y, Y, Y, Y, Y, Y, Y, Y]),
    (Action::GetKeyPolicy,                        [Y, Y, Y, Y, Y, Y, Y, Y]),
    (Action::GetKeyRotationStatus,                [Y, Y, Y, Y, Y, U, Y, Y]),
    (Action::GetParametersForImport,              [Y, Y, I, I, Y, U, I, I]),
    (Action::GetPublicKey,                        [Y, D, I, I, I, I, I, Y]),
    (Action::ImportKeyMaterial,                   [Y, Y, I, I, Y, U, I, Y]),
    (Action::ListAliases,                         [Y, Y, Y, Y, Y, Y, Y, Y]),
    (Action::ListGrants,                          [Y, Y, Y, Y, Y, Y, Y, Y]),
    (Action::ListKeyPolicies,                     [Y, Y, Y, Y, Y, Y, Y, Y]),
    (Action::ListKeyRotations,                    [Y, Y, Y, Y, Y, U, Y, Y]),
    (Action::ListResourceTags,                    [Y, Y, Y, Y, Y, Y, Y, Y]),
    (Action::PutKeyPolicy,                        [Y, Y, Y, Y, Y, Y, Y, Y]),
    (Action::ReEncryptFrom,                       [Y, D, I, I, I, I, I, Y]),
    (Action::ReEncryptTo,                         [Y, D, I, I, I, I, I, Y]),
    (Action::ReplicateKey,                        [Y, D, I, I, I, I, I, I]),
    (Action::RetireGrant,                         [Y, Y, Y, Y, Y, Y, Y, Y]),
    (Action::RevokeGrant,                         [Y, Y, Y, Y, Y, Y, Y, Y]),
    (Action::RotateKeyOnDemand,                   [Y, D, I, I, I, U, I, Y]),
    (Action::ScheduleKeyDeletion,                 [Y, Y, I, I, Y, Y, Y, I]),
    (Action::Sign,                                [Y, D, I, I, I, I, I, Y]),
    (Action::TagResource,                         [Y, Y, I, I, Y, Y, Y, Y]),
    (Action::UntagResource,                       [Y, Y, I, I, Y, Y, Y, Y]),
    (Action::UpdateAlias,                         [Y, Y, I, I, Y, Y, Y, Y]),
    (Action::UpdateKeyDescription,                [Y, Y, I, I, Y, Y, Y, Y]),
    (Action::UpdatePrimaryRegion,                 [Y, D, I, I, I, I, I, Y]),
    (Action::Verify,                              [Y, D, I, I, I, I, I, Y]),
    (Action::VerifyMac,                           [Y, D, I, I, I, I, I, Y]),
];

/// Refuses what the key's state does not allow. An action that the table does not know is refused.
///
/// # Errors
///
/// [`Error::Disabled`] or [`Error::WrongState`]; [`Error::Unsupported`] where the state tells an origin that never
/// allows it.
pub fn check(action: Action, arn: &KeyArn, state: KeyState) -> Result<(), Error> {
    match answer(action, state) {
        Answer::Yes => Ok(()),
        Answer::Disabled => Err(Error::Disabled(arn.clone())),
        Answer::Invalid => Err(Error::WrongState { key: arn.clone(), state }),
        Answer::Unsupported => Err(Error::Unsupported(
            format!("{arn} {} is not valid for this operation.", origin(state)).into(),
        )),
    }
}

fn answer(action: Action, state: KeyState) -> Answer {
    let column = COLUMNS.iter().position(|of| *of == state);
    let row = TABLE.iter().find(|(of, _)| *of == action);
    row.zip(column).map_or(Answer::Invalid, |((_, answers), column)| answers[column])
}

/// What a state tells of a key's origin.
fn origin(state: KeyState) -> &'static str {
    match state {
        KeyState::PendingImport => "origin is EXTERNAL which",
        _ => "is in a custom key store which",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Actions that act on no key that exists, or are the engine's own.
    const WITHOUT_STATE: &[Action] = &[
        Action::CreateKey,
        Action::GenerateRandom,
        Action::ListKeys,
        Action::ListRetirableGrants,
        Action::CreateCustomKeyStore,
        Action::ConnectCustomKeyStore,
        Action::DisconnectCustomKeyStore,
        Action::DeleteCustomKeyStore,
        Action::DescribeCustomKeyStores,
        Action::UpdateCustomKeyStore,
        Action::DeleteKey,
        Action::RotateKey,
        Action::ExpireKeyMaterial,
        Action::SynchronizeMultiRegionKey,
        Action::Unknown,
    ];

    #[test]
    fn a_disabled_key_refuses_every_use_and_can_still_be_managed() {
        for action in [Action::Encrypt, Action::Decrypt, Action::GenerateDataKey, Action::ReEncryptFrom] {
            assert_eq!(answer(action, KeyState::Disabled), Answer::Disabled);
            assert_eq!(answer(action, KeyState::PendingDeletion), Answer::Invalid);
        }
        assert_eq!(answer(Action::EnableKey, KeyState::Disabled), Answer::Yes);
        assert_eq!(answer(Action::ScheduleKeyDeletion, KeyState::Disabled), Answer::Yes);
    }

    #[test]
    fn every_action_on_a_key_has_one_row() {
        for action in Action::ALL.iter().filter(|action| action.as_str().starts_with("kms:")) {
            let rows = TABLE.iter().filter(|(of, _)| of == action).count();
            assert_eq!(rows, usize::from(!WITHOUT_STATE.contains(action)), "{action}");
        }
    }

    #[test]
    fn every_state_has_a_column() {
        for state in KeyState::ALL {
            assert!(COLUMNS.contains(state), "{state}");
        }
    }

    #[test]
    fn what_the_table_does_not_know_is_refused() {
        assert_eq!(answer(Action::Unknown, KeyState::Enabled), Answer::Invalid);
    }

    #[test]
    fn the_page_of_key_states_says_the_same() {
        let page = include_str!("../../../../docs/protocols/key-states.md");
        let mut said = page.lines().filter(|line| line.starts_with("| ")).map(cells);
        let head: Vec<&str> = COLUMNS.iter().map(|state| state.as_str()).collect();
        assert_eq!(said.next().expect("a head")[1..], head);
        for (action, answers) in TABLE {
            let row = said.next().unwrap_or_else(|| panic!("no row for {action}"));
            assert_eq!(row[0], action.verb());
            assert_eq!(row[1..], answers.map(word), "{action}");
        }
        assert_eq!(said.next(), None, "a row too many");
    }

    fn cells(line: &str) -> Vec<&str> {
        line.trim_matches('|').split('|').map(str::trim).collect()
    }

    fn word(answer: Answer) -> &'static str {
        match answer {
            Answer::Yes => "yes",
            Answer::Disabled => "disabled",
            Answer::Invalid => "state",
            Answer::Unsupported => "origin",
        }
    }
}
