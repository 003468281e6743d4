//! Whom a statement is about: `Principal` and `NotPrincipal`.

use std::fmt;

use keystead_model::{AccountId, Principal};

use crate::PolicyError;
use crate::error::quoted;
use crate::json::Node;

/// How a statement names a caller, the farthest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Reach {
    /// Not at all.
    No,
    /// By its account only: the account's own policies decide the rest.
    Account,
    /// As what stands behind its session: the role it has taken on, the user who opened it. What narrows the session
    /// narrows this.
    Behind,
    /// In person, or as one of everybody.
    Caller,
}

/// Who asks, as statements see it.
#[derive(Clone, Copy)]
pub(crate) struct Asker<'a> {
    pub(crate) principal: &'a Principal,
    /// The user who opened the session of a federated user.
    pub(crate) opened_by: Option<&'a Principal>,
    /// Whether it has a permissions boundary.
    pub(crate) bounded: bool,
}

#[cfg(test)]
impl<'a> From<&'a Principal> for Asker<'a> {
    fn from(principal: &'a Principal) -> Self {
        Self { principal, opened_by: None, bounded: false }
    }
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
    pub(crate) fn reach(&self, asker: Asker<'_>) -> Reach {
        match self {
            Self::Holder => Reach::No,
            Self::These(entries) => entries.iter().map(|who| who.reaches(asker)).max().unwrap_or(Reach::No),
            // AWS spares nobody who has a permissions boundary, whatever is listed.
            Self::Others(entries) => match !asker.bounded && spared(entries, asker) {
                true => Reach::No,
                false => Reach::Caller,
            },
        }
    }
}

/// Whether a caller is among the exceptions of `NotPrincipal`. AWS looks at the account, then the role, then the
/// session (or the user), and denies at the first that is not listed; so all must be.
fn spared(entries: &[Who], asker: Asker<'_>) -> bool {
    let lists =
        |wanted: &dyn Fn(&Who) -> bool| entries.iter().any(|who| *who == Who::Everybody || wanted(who));
    let account =
        |account: &AccountId| lists(&|who| matches!(who, Who::Account(listed) if listed == account));
    let in_person = lists(&|who| who.reaches(asker) == Reach::Caller);
    match asker.principal {
        Principal::Root { account: own } => account(own),
        Principal::User { account: own, .. } => account(own) && in_person,
        Principal::AssumedRole { account: own, .. } => {
            let role = lists(&|who| who.reaches(asker) == Reach::Behind);
            account(own) && role && in_person
        }
        Principal::FederatedUser { account: own, .. } => account(own) && in_person,
        Principal::Federated { .. } | Principal::Service { .. } => in_person,
        Principal::Keystead => false,
    }
}

impl Who {
    fn reaches(&self, asker: Asker<'_>) -> Reach {
        let caller = asker.principal;
        let found = match (self, caller) {
            (_, Principal::Keystead) => return Reach::No,
            // Everybody are those whom somebody here answers for. A provider's word counts where it is named; but
            // who denies everybody denies them as well.
            (Self::Everybody, Principal::Federated { .. }) => return Reach::Account,
            (Self::Everybody, _) => true,
            (Self::Account(listed), Principal::Root { account }) => listed == account,
            (
                Self::Account(listed),
                Principal::User { account, .. }
                | Principal::AssumedRole { account, .. }
                | Principal::FederatedUser { account, .. },
            ) => {
                return if listed == account { Reach::Account } else { Reach::No };
            }
            (Self::User { .. }, Principal::FederatedUser { .. }) => {
                let opened = asker.opened_by.is_some_and(|user| self.is(user));
                return if opened { Reach::Behind } else { Reach::No };
            }
            (Self::Role { account, name }, Principal::AssumedRole { account: own, role, .. }) => {
                let taken = account == own && **name == **role;
                return if taken { Reach::Behind } else { Reach::No };
            }
            _ => self.is(caller),
        };
        if found { Reach::Caller } else { Reach::No }
    }

    /// Whether it is this very principal.
    fn is(&self, caller: &Principal) -> bool {
        match (self, caller) {
            (Self::User { account, name }, Principal::User { account: own, name: called, .. }) => {
                account == own && **name == **called
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
        }
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

impl fmt::Display for Who {
    /// As it is written: an ARN, a name, `*`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everybody => f.write_str("*"),
            Self::Account(account) => write!(f, "arn:aws:iam::{account}:root"),
            Self::User { account, name } => write!(f, "arn:aws:iam::{account}:user/{name}"),
            Self::Role { account, name } => write!(f, "arn:aws:iam::{account}:role/{name}"),
            Self::Session { account, role, session } => {
                write!(f, "arn:aws:sts::{account}:assumed-role/{role}/{session}")
            }
            Self::FederatedUser { account, name } => {
                write!(f, "arn:aws:sts::{account}:federated-user/{name}")
            }
            Self::Service(name) | Self::Federated(name) => f.write_str(name),
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

    fn named(text: &str, caller: &Principal) -> Reach {
        parse(text).unwrap_or_else(|e| panic!("{e}")).reach(caller.into())
    }

    #[test]
    fn everybody_is_named_by_a_star_in_both_spellings() {
        let service = Principal::Service { name: "s3.amazonaws.com".into() };
        for text in [r#""*""#, r#"{"AWS": "*"}"#, r#"{"AWS": ["111122223333", "*"]}"#] {
            for caller in
                [user("a"), session("r", "s"), Principal::Root { account: account("1".repeat(12).as_str()) }]
            {
                assert_eq!(named(text, &caller), Reach::Caller, "{text}");
            }
            assert_eq!(named(text, &service), Reach::Caller);
            assert_eq!(named(text, &Principal::Keystead), Reach::No);
        }
    }

    #[test]
    fn an_account_in_either_spelling_names_its_root_in_person_and_its_people_by_account() {
        for text in [r#"{"AWS": "111122223333"}"#, r#"{"AWS": "arn:aws:iam::111122223333:root"}"#] {
            assert_eq!(named(text, &Principal::Root { account: account(ACCOUNT) }), Reach::Caller);
            assert_eq!(named(text, &user("alice")), Reach::Account);
            assert_eq!(named(text, &session("app", "s")), Reach::Account);
            assert_eq!(named(text, &Principal::Root { account: account("444455556666") }), Reach::No);
        }
    }

    #[test]
    fn a_user_is_named_by_its_whole_arn_with_regard_to_case() {
        let text = r#"{"AWS": "arn:aws:iam::111122223333:user/team/alice"}"#;
        assert_eq!(named(text, &user("team/alice")), Reach::Caller);
        for other in ["alice", "team/Alice", "team/alice2", "team"] {
            assert_eq!(named(text, &user(other)), Reach::No);
        }
    }

    #[test]
    fn a_role_names_all_its_sessions_and_a_session_only_itself() {
        let role = r#"{"AWS": "arn:aws:iam::111122223333:role/path/app"}"#;
        assert_eq!(named(role, &session("path/app", "one")), Reach::Behind);
        assert_eq!(named(role, &session("app", "one")), Reach::No);
        assert_eq!(named(role, &user("path/app")), Reach::No);
        let one = r#"{"AWS": "arn:aws:sts::111122223333:assumed-role/app/one"}"#;
        assert_eq!(named(one, &session("path/app", "one")), Reach::Caller);
        assert_eq!(named(one, &session("app", "two")), Reach::No);
    }

    #[test]
    fn a_service_is_named_by_its_name() {
        let text = r#"{"Service": ["s3.amazonaws.com", "ec2.amazonaws.com"]}"#;
        assert_eq!(named(text, &Principal::Service { name: "ec2.amazonaws.com".into() }), Reach::Caller);
        assert_eq!(named(text, &Principal::Service { name: "logs.amazonaws.com".into() }), Reach::No);
        assert_eq!(named(r#"{"Federated": "accounts.google.com"}"#, &user("a")), Reach::No);
    }

    #[test]
    fn a_federated_user_is_named_by_its_own_arn_and_by_that_of_the_user_who_opened_its_session() {
        let guest = Principal::FederatedUser { account: account(ACCOUNT), name: "guest".into() };
        let (alice, bob) = (user("alice"), user("bob"));
        let reach = |text: &str, opened_by| {
            let principals = parse(text).unwrap_or_else(|e| panic!("{e}"));
            principals.reach(Asker { principal: &guest, opened_by, bounded: false })
        };
        let own = r#"{"AWS": "arn:aws:sts::111122223333:federated-user/guest"}"#;
        let opener = r#"{"AWS": "arn:aws:iam::111122223333:user/alice"}"#;
        assert_eq!(reach(own, Some(&alice)), Reach::Caller);
        assert_eq!(reach(opener, Some(&alice)), Reach::Behind);
        assert_eq!(reach(opener, Some(&bob)), Reach::No);
        assert_eq!(reach(opener, None), Reach::No);
        assert_eq!(reach(r#"{"AWS": "111122223333"}"#, Some(&alice)), Reach::Account);
    }

    #[test]
    fn whom_an_identity_provider_vouches_for_is_named_by_the_provider_and_not_as_everybody() {
        let provider = "arn:aws:iam::111122223333:oidc-provider/token.example.com";
        let shown = Principal::Federated { provider: provider.into() };
        assert_eq!(named(&format!(r#"{{"Federated": "{provider}"}}"#), &shown), Reach::Caller);
        assert_eq!(named(r#"{"Federated": "token.example.com"}"#, &shown), Reach::No);
        assert_eq!(named(r#""*""#, &shown), Reach::Account, "a Deny counts, an Allow does not");
        assert_eq!(named(r#"{"AWS": "111122223333"}"#, &shown), Reach::No);
    }

    #[test]
    fn an_exception_spares_nobody_who_has_a_permissions_boundary() {
        let list = r#"{"AWS": ["111122223333", "arn:aws:iam::111122223333:user/Bob"]}"#;
        let others =
            Node::parse(list).and_then(|node| Principals::others(&node)).unwrap_or_else(|e| panic!("{e}"));
        let bob = user("Bob");
        assert_eq!(others.reach((&bob).into()), Reach::No);
        assert_eq!(others.reach(Asker { bounded: true, ..(&bob).into() }), Reach::Caller);
    }

    #[test]
    fn being_named_in_person_outweighs_being_named_by_account() {
        let text = r#"{"AWS": ["111122223333", "arn:aws:iam::111122223333:user/alice"]}"#;
        assert_eq!(named(text, &user("alice")), Reach::Caller);
        assert_eq!(named(text, &user("bob")), Reach::Account);
    }

    #[test]
    fn an_exception_must_list_the_account_and_the_role_and_the_session() {
        let spares = |list: &str, caller: &Principal| {
            let node = Node::parse(list).unwrap_or_else(|e| panic!("{e}"));
            Principals::others(&node).unwrap_or_else(|e| panic!("{e}")).reach(caller.into()) == Reach::No
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
