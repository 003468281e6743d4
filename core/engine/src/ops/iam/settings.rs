//! What an account has laid down about its own policies.

use keystead_model::{Action, PolicyName};

use super::{IamOperation, Target};

/// Read the account's settings; answers [`AccountSettings`].
pub struct GetAccountSettings;

/// Replace the account's settings.
pub struct PutAccountSettings {
    /// All of them, as they are to be.
    pub settings: AccountSettings,
}

/// What an account has laid down. By default nothing.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AccountSettings {
    /// Documents of which each must allow what anybody in the account does, its root included: 5 at most.
    pub guardrails: Vec<Guardrail>,
    /// A key's policy is not enough by itself: a policy of the caller's own must allow, too.
    pub both_must_agree: bool,
    /// The account's root may not use keys, whatever policies say. It may still administer them.
    pub root_may_not_use_keys: bool,
    /// Policies that give one principal both the administration and the use of keys are refused.
    pub refuse_joint_duties: bool,
}

/// One guardrail.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Guardrail {
    /// What decisions call it.
    pub name: PolicyName,
    /// The document, in the form of an identity policy: 1 to 131,072 bytes.
    pub document: Box<str>,
}

impl IamOperation for GetAccountSettings {
    const ACTION: Action = Action::GetAccountSettings;
    type Answer = AccountSettings;

    fn target(&self) -> Target<'_> {
        Target::Account
    }
}

impl IamOperation for PutAccountSettings {
    const ACTION: Action = Action::PutAccountSettings;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Account
    }
}
