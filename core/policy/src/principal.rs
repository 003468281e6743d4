//! Whom a statement is about: `Principal` and `NotPrincipal`.

use keystead_model::{AccountId, Principal};

use crate::PolicyError;
use crate::error::quoted;
use crate::json::Node;

/// How a statement names a caller.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Named {
    /// Not at all.
    No,
    /// By its account only: the account's own policies decide the rest.
    ByAccount,
    /// In person, or as one of everybody.
    InPerson,
}

/// Whom a statement is about.
#[derive(Debug)]
pub(crate) enum Principals {
    /// Whoever holds the policy: identity policies name nobody.
    Holder,
    These(Box<[Who]>),
    Others(Box<[Who]>),
}

/// One entry of `Principal`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Who {
    Everybody,
    Account(AccountId),
    User {
        account: AccountId,
        name: Box<str>,
    },
    Role {
        account: AccountId,
        name: Box<str>,
    },
    Session {
        account: AccountId,
        role: Box<str>,
        session: Box<str>,
    },
    Service(Box<str>),
    FederatedUser {
        account: AccountId,
        name: Box<str>,
    },
    /// Whoever an identity provider vouches for; the provider's ARN or name.
    Federated(Box<str>),
}

impl Principals {
    /// `Principal`.
    pub(crate) fn these(node: &Node<'_>) -> Result<Self, PolicyError> {
        entries(node).map(Self::These)
    }

    /// `NotPrincipal`.
    pub(crate) fn others(node: &Node<'_>) -> Result<Self, PolicyError> {
        entries(node).map(Self::Others)
    }

    /// How the policy of a resource names a caller.
    pub(crate) fn name(&self, caller: &Principal) -> Named {
        match self {
            Self::Holder => Named::No,
            Self::These(entries) => entries.iter().map(|who| who.names(caller)).max().unwrap_or(Named::No),
            Self::Others(entries) => match spared(entries, caller) {
                true => Named::No,
                false => Named::InPerson,
            },
        }
    }
}

/// Whether a caller is among the exceptions of `NotPrincipal`. AWS looks at the account, then the role, then the
/// session (or the user), and denies at the first that is not listed; so all must be.
fn spared(entries: &[Who], caller: &Principal) -> bool {
    let lists =
        |wanted: &dyn Fn(&Who) -> bool| entries.iter().any(|who| *who == Who::Everybody || wanted(who));
    let account =
        |account: &AccountId| lists(&|who| matches!(who, Who::Account(listed) if listed == account));
    let in_person = lists(&|who| who.names(caller) == Named::InPerson && !matches!(who, Who::Role { .. }));
    match caller {
        Principal::Root { account: own } => account(own),
        Principal::User { account: own, .. } => account(own) && in_person,
        Principal::AssumedRole { account: own, .. } => {
            let role = lists(&|who| matches!(who, Who::Role { .. }) && who.names(caller) == Named::InPerson);
            account(own) && role && in_person
        }
        Principal::FederatedUser { account: own, .. } => account(own) && in_person,
        Principal::Federated { .. } | Principal::Service { .. } => in_person,
        Principal::Keystead => false,
    }
}

impl Who {
    fn names(&self, caller: &Principal) -> Named {
        let in_person = match (self, caller) {
            (_, Principal::Keystead) => false,
            (Self::Everybody, _) => true,
            (Self::Account(listed), Principal::Root { account }) => listed == account,
            (
                Self::Account(listed),
                Principal::User { account, .. }
                | Principal::AssumedRole { account, .. }
                | Principal::FederatedUser { account, .. },
            ) => {
                return if listed == account { Named::ByAccount } else { Named::No };
            }
            (Self::User { account, name }, Principal::User { account: own, name: called, .. }) => {
                account == own && **name == **called
            }
            (Self::Role { account, name }, Principal::AssumedRole { account: own, role, .. }) => {
                account == own && **name == **role
            }
            (
                Self::Session { account, role, session },
                Principal::AssumedRole { account: own, role: taken, session: called, .. },
            ) => account == own && taken.rsplit('/').next() == Some(role) && **session == **called,
            (
                Self::FederatedUser { account, name },
                Principal::FederatedUser { account: own, name: called },
            ) => account == own && **name == **called,
            (Self::Federated(listed), Principal::Federated { provider }) => **listed == **provider,
            (Self::Service(listed), Principal::Service { name }) => **listed == **name,
            _ => false,
        };
        if in_person { Named::InPerson } else { Named::No }
    }

    /// An entry of `"AWS"`.
    pub(crate) fn parse_aws(text: &str) -> Result<Self, String> {
        if text == "*" {
            return Ok(Self::Everybody);
        }
        if let Ok(account) = text.parse() {
            return Ok(Self::Account(account));
        }
        let refused = || {
            format!(
                "{} is no principal; name *, an account (123456789012), or an ARN such as \
                 arn:aws:iam::123456789012:user/alice or arn:aws:iam::123456789012:role/app",
                quoted(text)
            )
        };
        if text.contains(['*', '?']) {
            return Err(format!(
                "{} names a principal by half; name it whole, or * with a Condition",
                quoted(text)
            ));
        }
        let mut parts = text.splitn(6, ':');
        let mut next = || parts.next().unwrap_or("");
        let (arn, partition, service, location) = (next(), next(), next(), next());
        let (account, name) = (next(), next());
        if (arn, partition, location) != ("arn", "aws", "") || text.len() > Self::ARN_BYTES_MAX {
            return Err(refused());
        }
        let account: AccountId = account.parse().map_err(|_| refused())?;
        let (kind, name) = name.split_once('/').unwrap_or((name, ""));
        let whole = |name: &str| !name.is_empty() && name.split('/').all(|part| !part.is_empty());
        match (service, kind) {
            ("iam", "root") if name.is_empty() => Ok(Self::Account(account)),
            ("iam", "user") if whole(name) => Ok(Self::User { account, name: name.into() }),
            ("iam", "role") if whole(name) => Ok(Self::Role { account, name: name.into() }),
            ("sts", "assumed-role") => match name.split_once('/') {
                Some((role, session))
                    if !role.is_empty() && !session.is_empty() && !session.contains('/') =>
                {
                    Ok(Self::Session { account, role: role.into(), session: session.into() })
                }
                _ => Err(refused()),
            },
            ("sts", "federated-user") if whole(name) => {
                Ok(Self::FederatedUser { account, name: name.into() })
            }
            _ => Err(refused()),
        }
    }

    /// Longest principal ARN taken, in bytes.
    const ARN_BYTES_MAX: usize = 1_024;

    /// An entry of `"Federated"`.
    pub(crate) fn parse_federated(text: &str) -> Result<Self, String> {
        match (1..=Self::ARN_BYTES_MAX).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic()) {
            true => Ok(Self::Federated(text.into())),
            false => Err(format!(
                "{} is no identity provider; one looks like \
                 arn:aws:iam::123456789012:oidc-provider/token.example.com",
                quoted(text)
            )),
        }
    }

    /// An entry of `"Service"`.
    pub(crate) fn parse_service(text: &str) -> Result<Self, String> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
        match (1..=128).contains(&text.len()) && text.bytes().all(allowed) {
            true => Ok(Self::Service(text.into())),
            false => Err(format!("{} is no service; one looks like s3.amazonaws.com", quoted(text))),
        }
    }
}

fn entries(node: &Node<'_>) -> Result<Box<[Who]>, PolicyError> {
    if node.string("Principal").is_ok_and(|text| text == "*") {
        return Ok(Box::new([Who::Everybody]));
    }
    let members = node.members("Principal, unless it is \"*\",")?;
    if members.is_empty() {
        return Err(node.refuse("Principal is empty; name whom the statement is about"));
    }
    let mut all = Vec::new();
    for member in members {
        let parse = match &*member.name {
            "AWS" => Who::parse_aws,
            "Service" => Who::parse_service,
            "Federated" => Who::parse_federated,
            "CanonicalUser" => {
                return Err(member
                    .at
                    .refuse("CanonicalUser is for storage only; name the account under \"AWS\""));
            }
            other => {
                return Err(member.at.refuse(format!(
                    "{} is no kind of principal; use AWS, Service or Federated",
                    quoted(other)
                )));
            }
        };
        for item in member.value.one_or_more("Principal")? {
            let text = item.string("a principal")?;
            all.push(parse(&text).map_err(|reason| item.refuse(reason))?);
        }
    }
    Ok(all.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNT: &str = "111122223333";

    fn account(text: &str) -> AccountId {
        text.parse().expect("an account")
    }

    fn user(name: &str) -> Principal {
        Principal::User { account: account(ACCOUNT), name: name.into(), id: "AIDAEXAMPLE".into() }
    }

    fn session(role: &str, session: &str) -> Principal {
        Principal::AssumedRole {
            account: account(ACCOUNT),
            role: role.into(),
            role_id: "AROAEXAMPLE".into(),
            session: session.into(),
        }
    }

    fn parse(text: &str) -> Result<Principals, PolicyError> {
        Node::parse(text).and_then(|node| Principals::these(&node))
    }

    fn named(text: &str, caller: &Principal) -> Named {
        parse(text).unwrap_or_else(|e| panic!("{e}")).name(caller)
    }

    #[test]
    fn everybody_is_named_by_a_star_in_both_spellings() {
        let service = Principal::Service { name: "s3.amazonaws.com".into() };
        for text in [r#""*""#, r#"{"AWS": "*"}"#, r#"{"AWS": ["111122223333", "*"]}"#] {
            for caller in
                [user("a"), session("r", "s"), Principal::Root { account: account("1".repeat(12).as_str()) }]
            {
                assert_eq!(named(text, &caller), Named::InPerson, "{text}");
            }
            assert_eq!(named(text, &service), Named::InPerson);
            assert_eq!(named(text, &Principal::Keystead), Named::No);
        }
    }

    #[test]
    fn an_account_in_either_spelling_names_its_root_in_person_and_its_people_by_account() {
        for text in [r#"{"AWS": "111122223333"}"#, r#"{"AWS": "arn:aws:iam::111122223333:root"}"#] {
            assert_eq!(named(text, &Principal::Root { account: account(ACCOUNT) }), Named::InPerson);
            assert_eq!(named(text, &user("alice")), Named::ByAccount);
            assert_eq!(named(text, &session("app", "s")), Named::ByAccount);
            assert_eq!(named(text, &Principal::Root { account: account("444455556666") }), Named::No);
        }
    }

    #[test]
    fn a_user_is_named_by_its_whole_arn_with_regard_to_case() {
        let text = r#"{"AWS": "arn:aws:iam::111122223333:user/team/alice"}"#;
        assert_eq!(named(text, &user("team/alice")), Named::InPerson);
        for other in ["alice", "team/Alice", "team/alice2", "team"] {
            assert_eq!(named(text, &user(other)), Named::No);
        }
    }

    #[test]
    fn a_role_names_all_its_sessions_and_a_session_only_itself() {
        let role = r#"{"AWS": "arn:aws:iam::111122223333:role/path/app"}"#;
        assert_eq!(named(role, &session("path/app", "one")), Named::InPerson);
        assert_eq!(named(role, &session("app", "one")), Named::No);
        assert_eq!(named(role, &user("path/app")), Named::No);
        let one = r#"{"AWS": "arn:aws:sts::111122223333:assumed-role/app/one"}"#;
        assert_eq!(named(one, &session("path/app", "one")), Named::InPerson);
        assert_eq!(named(one, &session("app", "two")), Named::No);
    }

    #[test]
    fn a_service_is_named_by_its_name() {
        let text = r#"{"Service": ["s3.amazonaws.com", "ec2.amazonaws.com"]}"#;
        assert_eq!(named(text, &Principal::Service { name: "ec2.amazonaws.com".into() }), Named::InPerson);
        assert_eq!(named(text, &Principal::Service { name: "logs.amazonaws.com".into() }), Named::No);
        assert_eq!(named(r#"{"Federated": "accounts.google.com"}"#, &user("a")), Named::No);
    }

    #[test]
    fn being_named_in_person_outweighs_being_named_by_account() {
        let text = r#"{"AWS": ["111122223333", "arn:aws:iam::111122223333:user/alice"]}"#;
        assert_eq!(named(text, &user("alice")), Named::InPerson);
        assert_eq!(named(text, &user("bob")), Named::ByAccount);
    }

    #[test]
    fn an_exception_must_list_the_account_and_the_role_and_the_session() {
        let spares = |list: &str, caller: &Principal| {
            let node = Node::parse(list).unwrap_or_else(|e| panic!("{e}"));
            Principals::others(&node).unwrap_or_else(|e| panic!("{e}")).name(caller) == Named::No
        };
        let root = "arn:aws:iam::111122223333:root";
        let bob = "arn:aws:iam::111122223333:user/Bob";
        assert!(spares(&format!(r#"{{"AWS": ["{bob}", "{root}"]}}"#), &user("Bob")));
        assert!(!spares(&format!(r#"{{"AWS": "{bob}"}}"#), &user("Bob")));
        assert!(!spares(&format!(r#"{{"AWS": "{root}"}}"#), &user("Bob")));
        assert!(spares(&format!(r#"{{"AWS": "{root}"}}"#), &Principal::Root { account: account(ACCOUNT) }));
        let role = "arn:aws:iam::111122223333:role/app";
        let one = "arn:aws:sts::111122223333:assumed-role/app/one";
        assert!(spares(&format!(r#"{{"AWS": ["{one}", "{role}", "{root}"]}}"#), &session("app", "one")));
        assert!(!spares(&format!(r#"{{"AWS": ["{role}", "{root}"]}}"#), &session("app", "one")));
        assert!(!spares(&format!(r#"{{"AWS": ["{one}", "{root}"]}}"#), &session("app", "one")));
        assert!(spares(r#""*""#, &user("anyone")));
    }

    #[test]
    fn what_is_no_principal_is_refused() {
        for text in [
            "{}",
            r#""arn:aws:iam::111122223333:root""#,
            r#"{"AWS": []}"#,
            r#"{"AWS": ""}"#,
            r#"{"AWS": "alice"}"#,
            r#"{"AWS": "11112222333"}"#,
            r#"{"AWS": "arn:aws:iam::111122223333:user/*"}"#,
            r#"{"AWS": "arn:aws:iam::*:root"}"#,
            r#"{"AWS": "arn:aws:iam::111122223333:group/g"}"#,
            r#"{"AWS": "arn:aws:iam::111122223333:user/"}"#,
            r#"{"AWS": "arn:aws:iam::111122223333:user//a"}"#,
            r#"{"AWS": "arn:aws-cn:iam::111122223333:root"}"#,
            r#"{"AWS": "arn:aws:iam:eu-central-1:111122223333:root"}"#,
            r#"{"AWS": "arn:aws:sts::111122223333:assumed-role/app"}"#,
            r#"{"AWS": "arn:aws:sts::111122223333:assumed-role/app/*"}"#,
            r#"{"AWS": "${aws:PrincipalArn}"}"#,
            r#"{"Service": "*"}"#,
            r#"{"CanonicalUser": "x"}"#,
            r#"{"aws": "*"}"#,
            r#"{"AWS": {"a": "b"}}"#,
            "null",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
