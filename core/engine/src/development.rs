//! What a server for development does, and one that guards something never.

use keystead_model::{AccessKeyId, AccountId, SigV4Proof};

/// Leave to do what would be a hole in any server that guards something: take callers at their word, and plant keys
/// whose material is known.
///
/// There is no setting for it. An engine has it only if whoever puts its [`Parts`](crate::Parts) together made one,
/// and `cargo xtask tidy` sees to it that outside tests this happens in `apps/keystead/src/dev` and nowhere else.
#[derive(Debug)]
pub struct Development {
    /// Whose the callers are that do not name an account, if anybody is taken at their word.
    anybody: Option<AccountId>,
}

impl Development {
    /// For a server that guards nothing. Keys can be planted; callers still have to prove themselves.
    pub fn insecure() -> Self {
        Self { anybody: None }
    }

    /// Takes every caller at their word, whatever the secret: an access key id of twelve digits is the root of that
    /// account, any other one the root of `default`. Session tokens are passed over, unless they were given out here.
    pub fn with_any_credentials(self, default: AccountId) -> Self {
        Self { anybody: Some(default) }
    }

    /// Whether callers are taken at their word.
    pub(crate) fn takes_anybody(&self) -> bool {
        self.anybody.is_some()
    }

    /// The account whose root a signature is taken for, if signatures are not checked.
    pub(crate) fn account_of(&self, proof: &SigV4Proof<'_>) -> Option<AccountId> {
        self.anybody.map(|default| proof.access_key.parse().unwrap_or(default))
    }
}

/// The access key id to show in records; some that emulators take are not spelled like one.
pub(crate) fn shown(proof: &SigV4Proof<'_>) -> Option<AccessKeyId> {
    AccessKeyId::parse(proof.access_key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account_of(development: &Development, access_key: &str) -> Option<String> {
        let proof = SigV4Proof {
            access_key,
            session_token: Some("anything"),
            day: b"20260101",
            region: "us-east-1",
            service: "kms",
            string_to_sign: b"",
            signature: &[0; 32],
        };
        development.account_of(&proof).map(|account| account.to_string())
    }

    #[test]
    fn twelve_digits_name_an_account_and_everything_else_the_default() {
        let development = Development::insecure().with_any_credentials(AccountId::DEVELOPMENT);
        for (id, account) in [
            ("111122223333", "111122223333"),
            ("000000000042", "000000000042"),
            ("11112222333", "000000000000"),
            ("1111222233334", "000000000000"),
            ("AKIDEXAMPLE", "000000000000"),
            ("fake-key", "000000000000"),
        ] {
            assert_eq!(account_of(&development, id).as_deref(), Some(account), "{id}");
        }
    }

    #[test]
    fn leave_to_plant_keys_is_not_leave_to_call_without_a_secret() {
        assert_eq!(account_of(&Development::insecure(), "111122223333"), None);
    }
}
