//! How much a directory holds: AWS's default quotas, and limits of the house where AWS counts something else.

use keystead_model::{Error, IamKind};

/// Users of an account.
pub const USERS_MAX: usize = 5_000;
/// Groups of an account.
pub const GROUPS_MAX: usize = 300;
/// Roles of an account.
pub const ROLES_MAX: usize = 1_000;
/// Managed policies of an account, those that come with Keystead not counted.
pub const POLICIES_MAX: usize = 1_500;
/// Versions of a managed policy.
pub const VERSIONS_MAX: usize = 5;
/// Versions of all managed policies of an account, as AWS has it; the other quotas are reached before.
pub const VERSIONS_IN_USE_MAX: usize = 10_000;
/// OpenID Connect providers of an account.
pub const PROVIDERS_MAX: usize = 100;
/// Audiences of an OpenID Connect provider.
pub const AUDIENCES_MAX: usize = 100;
/// Thumbprints of an OpenID Connect provider.
pub const THUMBPRINTS_MAX: usize = 5;
/// Virtual MFA devices of an account. AWS's quota is that of the users; so that devices which nobody ever enables do not
/// heap up.
pub const MFA_DEVICES_MAX: usize = USERS_MAX;

/// Groups that one user is in.
pub const GROUPS_OF_USER_MAX: usize = 10;
/// Access keys of one user.
pub const ACCESS_KEYS_MAX: usize = 2;
/// MFA devices of one user.
pub const MFA_OF_USER_MAX: usize = 8;
/// Managed policies attached to one user, group or role.
pub const ATTACHED_MAX: usize = 10;

/// Guardrails of an account, as AWS attaches service control policies to one.
pub const GUARDRAILS_MAX: usize = 5;

/// Characters of a managed policy, white space not counted.
pub const POLICY_CHARS_MAX: usize = 6_144;
/// Characters of a role's trust policy, white space not counted.
pub const TRUST_CHARS_MAX: usize = 2_048;
/// Bytes of one version of a managed policy, or of a trust policy, white space counted: a directory is read whole for some
/// answers, and must not be padded without end.
pub const DOCUMENT_BYTES_MAX: usize = 32_768;
/// Bytes of all inline policies of a user, group or role, white space counted: all about one principal stands in one
/// record, which has room for 1 MiB.
pub const INLINE_BYTES_MAX: usize = 65_536;
/// Members of a group that is given another name: their records change in the same transaction.
pub const MOVED_MEMBERS_MAX: usize = 1_000;
/// Bytes of those records. A transaction has room for eight times as much, and others share it.
pub const MOVED_BYTES_MAX: usize = 8 << 20;
/// Bytes of documents on a page of an account's details; what is over that goes to the next page.
pub const DETAILS_BYTES_MAX: usize = 8 << 20;

/// Characters of all inline policies of a user, group or role together, white space not counted.
pub fn inline_chars_max(kind: IamKind) -> usize {
    match kind {
        IamKind::Group => 5_120,
        IamKind::Role => 10_240,
        _ => 2_048,
    }
}

/// How many of a kind an account may have.
pub fn per_account_max(kind: IamKind) -> usize {
    match kind {
        IamKind::User => USERS_MAX,
        IamKind::Group => GROUPS_MAX,
        IamKind::Role => ROLES_MAX,
        IamKind::Policy => POLICIES_MAX,
        IamKind::OidcProvider => PROVIDERS_MAX,
        IamKind::Mfa => MFA_DEVICES_MAX,
    }
}

/// The size of a document as quotas count it: characters without white space.
pub fn chars(document: &str) -> usize {
    document.chars().filter(|c| !c.is_whitespace()).count()
}

/// Refuses what is more than a quota.
///
/// # Errors
/// [`Error::LimitExceeded`], with the name of what is counted as AWS's quotas have it.
pub fn within(what: &str, count: usize, max: usize) -> Result<(), Error> {
    match count <= max {
        true => Ok(()),
        false => Err(over(what, max)),
    }
}

/// More than a quota was asked for.
pub fn over(what: &str, max: usize) -> Error {
    Error::LimitExceeded(format!("Cannot exceed quota for {what}: {max}").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_not_counted() {
        assert_eq!(chars("{ \"a\" :\t1,\r\n\u{a0}\"é\": 2 }"), chars("{\"a\":1,\"é\":2}"));
        assert_eq!(chars(""), 0);
    }

    #[test]
    fn a_quota_may_be_reached_and_not_passed() {
        assert!(within("UsersPerAccount", 5, 5).is_ok());
        let refused = within("UsersPerAccount", 6, 5);
        assert!(matches!(refused, Err(Error::LimitExceeded(why)) if why.contains("UsersPerAccount: 5")));
    }
}
