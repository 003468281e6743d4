//! What certain credentials never do, whatever policies say: the rules of the IAM User Guide, "Compare AWS STS
//! credentials".

use keystead_model::{Action, Caller, Error, Principal};

/// Refuses what the credentials of a caller are not for.
///
/// A federated user, and a user's own session without a second factor, look after no directory; they ask STS who they
/// are, and the latter take on roles. No session opens one of the kinds that lasting credentials open. An account's
/// root takes on no role.
///
/// # Errors
/// [`Error::WrongCredentials`]
pub(crate) fn may_ask(caller: &Caller, action: Action) -> Result<(), Error> {
    let refused = |text: String| Err(Error::WrongCredentials(text.into()));
    let is_opening = matches!(action, Action::GetSessionToken | Action::GetFederationToken);
    let Some(session) = &caller.session else {
        return match (&caller.principal, action) {
            (Principal::Root { .. }, Action::AssumeRole) => {
                refused("Roles may not be assumed by root accounts.".into())
            }
            _ => Ok(()),
        };
    };
    if is_opening {
        return refused(format!("Cannot call {} with session credentials", action.verb()));
    }
    let (is_federated, is_own) = match &caller.principal {
        Principal::FederatedUser { .. } => (true, false),
        Principal::Root { .. } | Principal::User { .. } => (false, true),
        _ => (false, false),
    };
    let verb = action.verb();
    match area(action) {
        Area::Directory if is_federated => {
            refused(format!("Cannot call {verb} with the session of a federated user"))
        }
        Area::Directory if is_own && session.mfa.is_none() => refused(format!(
            "Cannot call {verb} with a session that was opened without MFA; open it with SerialNumber and TokenCode"
        )),
        Area::Sts if is_federated && action != Action::GetCallerIdentity => {
            refused(format!("Cannot call {verb} with the session of a federated user"))
        }
        Area::Sts if is_own && !matches!(action, Action::GetCallerIdentity | Action::AssumeRole) => {
            refused(format!("Cannot call {verb} with session credentials"))
        }
        Area::Sts if action == Action::AssumeRole && matches!(caller.principal, Principal::Root { .. }) => {
            refused("Roles may not be assumed by root accounts.".into())
        }
        _ => Ok(()),
    }
}

enum Area {
    /// Who may do what.
    Directory,
    Sts,
    Other,
}

fn area(action: Action) -> Area {
    match action {
        Action::GetAccountSettings | Action::PutAccountSettings => Area::Directory,
        _ if action.as_str().starts_with("iam:") => Area::Directory,
        _ if action.as_str().starts_with("sts:") => Area::Sts,
        _ => Area::Other,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use keystead_model::{AccessKeyId, AccountId, Session, Tags, Timestamp};

    use super::*;

    const ACCOUNT: AccountId = AccountId::DEVELOPMENT;

    fn lasting(principal: Principal) -> Caller {
        Caller::new(principal, None)
    }

    fn in_session(principal: Principal, mfa: bool) -> Caller {
        let session = Session {
            issued: Timestamp(1),
            expires: Timestamp(2),
            opened_by: None,
            policies: Box::default(),
            tags: Tags::default(),
            transitive: Box::default(),
            source_identity: None,
            provider: None,
            mfa: mfa.then_some(Timestamp(1)),
        };
        let key = AccessKeyId::parse("ASIAEXAMPLE").expect("an id");
        Caller::in_session(principal, key, Arc::new(session))
    }

    fn root() -> Principal {
        Principal::Root { account: ACCOUNT }
    }

    fn user() -> Principal {
        Principal::User { account: ACCOUNT, name: "alice".into(), id: "AIDA1".into() }
    }

    fn role() -> Principal {
        Principal::AssumedRole {
            account: ACCOUNT,
            role: "r".into(),
            role_id: "AROA1".into(),
            session: "s".into(),
        }
    }

    fn federated() -> Principal {
        Principal::FederatedUser { account: ACCOUNT, name: "bob".into() }
    }

    #[test]
    fn each_kind_of_credentials_has_what_it_never_does() {
        use Action::*;
        let all = [
            Decrypt,
            GetCallerIdentity,
            AssumeRole,
            GetSessionToken,
            GetFederationToken,
            GetUser,
            PutAccountSettings,
        ];
        for (name, caller, may) in [
            ("a user", lasting(user()), &all[..]),
            (
                "a root",
                lasting(root()),
                &[
                    Decrypt,
                    GetCallerIdentity,
                    GetSessionToken,
                    GetFederationToken,
                    GetUser,
                    PutAccountSettings,
                ],
            ),
            (
                "a role",
                in_session(role(), false),
                &[Decrypt, GetCallerIdentity, AssumeRole, GetUser, PutAccountSettings],
            ),
            ("a user's session", in_session(user(), false), &[Decrypt, GetCallerIdentity, AssumeRole]),
            (
                "one with a second factor",
                in_session(user(), true),
                &[Decrypt, GetCallerIdentity, AssumeRole, GetUser, PutAccountSettings],
            ),
            (
                "a root's session",
                in_session(root(), true),
                &[Decrypt, GetCallerIdentity, GetUser, PutAccountSettings],
            ),
            ("a federated user", in_session(federated(), true), &[Decrypt, GetCallerIdentity]),
        ] {
            for action in all {
                assert_eq!(may_ask(&caller, action).is_ok(), may.contains(&action), "{name}: {action}");
            }
        }
    }
}
