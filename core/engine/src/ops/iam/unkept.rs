//! What tools ask before they delete a user or a role, and Keystead keeps nothing of: passwords, certificates, SSH keys,
//! instance profiles. The answer is that there is none.

use keystead_model::{Action, IamKind, RoleName, UserName};

use super::{IamOperation, Target};

/// Read a user's console password; answers [`Error::NoSuchEntity`](keystead_model::Error::NoSuchEntity), always.
pub struct GetLoginProfile {
    /// Whose; that of whoever asks if absent.
    pub user: Option<UserName>,
}

/// Read the rules for console passwords; answers [`Error::NoSuchEntity`](keystead_model::Error::NoSuchEntity), always.
pub struct GetAccountPasswordPolicy;

/// List a user's signing certificates. There are none.
pub struct ListSigningCertificates {
    /// Whose; those of whoever asks if absent.
    pub user: Option<UserName>,
}

/// List a user's SSH keys. There are none.
pub struct ListSshPublicKeys {
    /// Whose; those of whoever asks if absent.
    pub user: Option<UserName>,
}

/// List a user's passwords for services. There are none.
pub struct ListServiceSpecificCredentials {
    /// Whose; those of whoever asks if absent.
    pub user: Option<UserName>,
}

/// List the instance profiles of a role. There are none.
pub struct ListInstanceProfilesForRole {
    /// Which role.
    pub role: RoleName,
}

/// The answer of a request that is never answered but with an error.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Never {}

impl IamOperation for GetLoginProfile {
    const ACTION: Action = Action::GetLoginProfile;
    type Answer = Never;

    fn target(&self) -> Target<'_> {
        Target::UserOrCaller(self.user.as_ref())
    }
}

impl IamOperation for GetAccountPasswordPolicy {
    const ACTION: Action = Action::GetAccountPasswordPolicy;
    type Answer = Never;

    fn target(&self) -> Target<'_> {
        Target::Account
    }
}

impl IamOperation for ListSigningCertificates {
    const ACTION: Action = Action::ListSigningCertificates;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::UserOrCaller(self.user.as_ref())
    }
}

impl IamOperation for ListSshPublicKeys {
    const ACTION: Action = Action::ListSSHPublicKeys;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::UserOrCaller(self.user.as_ref())
    }
}

impl IamOperation for ListServiceSpecificCredentials {
    const ACTION: Action = Action::ListServiceSpecificCredentials;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::UserOrCaller(self.user.as_ref())
    }
}

impl IamOperation for ListInstanceProfilesForRole {
    const ACTION: Action = Action::ListInstanceProfilesForRole;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Named(IamKind::Role, self.role.as_str())
    }
}
