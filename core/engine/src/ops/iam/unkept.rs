//! What tools ask before they delete a user or a role, and Keystead keeps nothing of: passwords, certificates, SSH keys,
//! instance profiles. The answer is that there is none.

use keystead_model::{Action, Error, IamKind, RoleName, UserName};

use super::listing::answered;
use super::{IamOperation, Target};
use crate::directory::{Desk, Planned};
use crate::records::RoleRecord;

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

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<Never>, Error> {
        let user = desk.user_or_caller(self.user.as_ref())?.record;
        let why =
            format!("Login Profile for User {} cannot be found: there are no passwords", user.head.name);
        Err(Error::NoSuchEntity(why.into()))
    }
}

impl IamOperation for GetAccountPasswordPolicy {
    const ACTION: Action = Action::GetAccountPasswordPolicy;
    type Answer = Never;

    fn target(&self) -> Target<'_> {
        Target::Account
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<Never>, Error> {
        let _ = desk;
        Err(Error::NoSuchEntity("there are no passwords, and so there is no policy for them".into()))
    }
}

impl IamOperation for ListSigningCertificates {
    const ACTION: Action = Action::ListSigningCertificates;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::UserOrCaller(self.user.as_ref())
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<()>, Error> {
        desk.user_or_caller(self.user.as_ref()).map(|_| answered(()))
    }
}

impl IamOperation for ListSshPublicKeys {
    const ACTION: Action = Action::ListSSHPublicKeys;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::UserOrCaller(self.user.as_ref())
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<()>, Error> {
        desk.user_or_caller(self.user.as_ref()).map(|_| answered(()))
    }
}

impl IamOperation for ListServiceSpecificCredentials {
    const ACTION: Action = Action::ListServiceSpecificCredentials;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::UserOrCaller(self.user.as_ref())
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<()>, Error> {
        desk.user_or_caller(self.user.as_ref()).map(|_| answered(()))
    }
}

impl IamOperation for ListInstanceProfilesForRole {
    const ACTION: Action = Action::ListInstanceProfilesForRole;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Named(IamKind::Role, self.role.as_str())
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<()>, Error> {
        desk.rows.named::<RoleRecord>(self.role.as_str()).map(|_| answered(()))
    }
}
