//! The combination of policies: within one account and across accounts.

use std::cell::OnceCell;
use std::fmt;

use keystead_model::{
    AccountId, Action, Call, GrantId, GrantOperation, GrantOperations, Principal, Resource, Why,
};

use crate::buffer::Buffer;
use crate::policy::{Findings, Policy};
use crate::resource::{RESOURCE_BYTES_MAX, resource_text};
use crate::{Facts, GrantPrincipal, Naming};

/// What is asked.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// Who asks.
    pub principal: &'a Principal,
    /// For what.
    pub action: Action,
    /// On what.
    pub resource: &'a Resource,
    /// How the question came in.
    pub call: &'a Call,
    /// Everything else that conditions may ask about.
    pub facts: &'a dyn Facts,
}

/// The documents that bear on a request.
#[derive(Clone, Copy, Default)]
pub struct Sources<'a> {
    /// The policy of the key. A request on a key without one is denied.
    pub key_policy: Option<&'a Policy>,
    /// The policies of the caller.
    pub identity: &'a [&'a Policy],
}

/// The statements that decided, counted from 0.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Grounds {
    /// A statement of the key's policy.
    pub key: Option<u16>,
    /// A statement of one of the caller's policies: which policy, which statement.
    pub identity: Option<(u16, u16)>,
    /// A grant on the key.
    pub grant: Option<GrantId>,
}

/// The decision.
#[must_use]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Allowed, by these statements; by none where an account's root needs none.
    Allowed(Grounds),
    /// Denied, by this statement, or because none allows.
    Denied(Why, Grounds),
}

impl Verdict {
    /// Whether the request may go on.
    pub fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed(_))
    }

    /// The statements that decided.
    pub fn grounds(&self) -> Grounds {
        match self {
            Self::Allowed(grounds) | Self::Denied(_, grounds) => *grounds,
        }
    }

    /// Whether nothing speaks against the request, so that a grant can still allow it. A denial wins over every
    /// grant.
    pub fn is_open(&self) -> bool {
        match self {
            Self::Allowed(_) => false,
            Self::Denied(Why::ResourceDeny | Why::IdentityDeny, _) => false,
            Self::Denied(Why::NoResourceStatement | Why::NoIdentityStatement | Why::Foreign, grounds) => {
                *grounds == Grounds::default()
            }
        }
    }

    /// Allowed by a grant and, where that names the caller's account, by a statement of the caller's own.
    pub fn granted(grant: GrantId, identity: Option<(u16, u16)>) -> Self {
        Self::Allowed(Grounds { key: None, identity, grant: Some(grant) })
    }

    /// Who decided, in words, for the record: which statement of which document, with its `Sid`; `default` where
    /// no statement spoke.
    pub fn told<'a>(&'a self, sources: &'a Sources<'a>) -> impl fmt::Display + 'a {
        fmt::from_fn(move |f| {
            let Grounds { key, identity, grant } = self.grounds();
            if let Some(grant) = grant {
                write!(f, "grant {grant}")?;
            }
            if let Some(statement) = key {
                f.write_str("key policy ")?;
                write_statement(f, sources.key_policy, statement)?;
            }
            if let Some((policy, statement)) = identity {
                let first = key.is_none() && grant.is_none();
                write!(f, "{}identity policy {policy} ", if first { "" } else { " and " })?;
                write_statement(f, sources.identity.get(usize::from(policy)).copied(), statement)?;
            }
            match (self, self.grounds() == Grounds::default()) {
                (Self::Allowed(_), true) => f.write_str("the account itself"),
                (Self::Denied(..), true) => f.write_str("default"),
                _ => Ok(()),
            }
        })
    }
}

fn write_statement(f: &mut fmt::Formatter<'_>, policy: Option<&Policy>, statement: u16) -> fmt::Result {
    match policy.and_then(|policy| policy.sid(statement)) {
        Some(sid) => write!(f, "statement {statement} ({sid})"),
        None => write!(f, "statement {statement}"),
    }
}

/// A request while policies look at it: what several statements need is put together once.
pub(crate) struct Evaluation<'a> {
    pub(crate) request: &'a Request<'a>,
    resource: OnceCell<Buffer<RESOURCE_BYTES_MAX>>,
}

impl<'a> Evaluation<'a> {
    pub(crate) fn new(request: &'a Request<'a>) -> Self {
        Self { request, resource: OnceCell::new() }
    }

    /// The resource's ARN, or `*`.
    pub(crate) fn resource_text(&self) -> &str {
        let text = self.resource.get_or_init(|| resource_text(self.request.resource)).text();
        text.expect("the parts of an ARN are bounded by their types")
    }
}

/// Decides by AWS's rules.
///
/// An explicit deny wins, wherever it stands. Otherwise, within one account the key's policy must allow the
/// caller in person, or allow the caller's account while a policy of the caller allows too; what is not a key is
/// up to the caller's policies alone. Across accounts both sides must allow, and only keys are shared. An
/// account's root needs no policy on its own side, and no policy but the key's can open a key.
pub fn decide(sources: &Sources<'_>, request: &Request<'_>) -> Verdict {
    // No statement can be about a request whose action is not known, and Keystead asks nobody.
    if request.action == Action::Unknown || *request.principal == Principal::Keystead {
        return Verdict::Denied(Why::NoResourceStatement, Grounds::default());
    }
    let evaluation = Evaluation::new(request);
    let on_key = matches!(request.resource, Resource::Key(_));
    let key = match sources.key_policy {
        Some(policy) if on_key => policy.find_for_resource(&evaluation),
        _ => Findings::default(),
    };
    let by_key = |key| Grounds { key, ..Grounds::default() };
    let Some(account) = request.principal.account() else {
        return match key {
            Findings { deny: Some(deny), .. } => Verdict::Denied(Why::ResourceDeny, by_key(Some(deny))),
            Findings { allow: Some(allow), .. } => Verdict::Allowed(by_key(Some(allow))),
            _ => Verdict::Denied(Why::NoResourceStatement, Grounds::default()),
        };
    };
    let owner = match request.resource {
        Resource::Key(arn) => arn.account,
        Resource::Alias(arn) => arn.account,
        // What comes with Keystead belongs to everybody.
        Resource::Iam(arn) => arn.account.unwrap_or(account),
        Resource::Account => account,
    };
    let caller = CallerSide::find(sources.identity, &evaluation);
    match owner == account {
        true => within_account(on_key, &key, &caller),
        false => across_accounts(on_key, &key, &caller),
    }
}

/// What the caller's own policies say to a request, all together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OwnSide {
    /// A statement denies it.
    Denies(Grounds),
    /// A statement allows it, or the caller is an account's root and needs none.
    Allows(Option<(u16, u16)>),
    /// No statement speaks of it.
    Silent,
}

/// What the caller's own policies say, for what is decided by a grant.
pub fn own_side(sources: &Sources<'_>, request: &Request<'_>) -> OwnSide {
    let side = CallerSide::find(sources.identity, &Evaluation::new(request));
    match side {
        CallerSide { deny: Some(deny), .. } => {
            OwnSide::Denies(Grounds { identity: Some(deny), ..Grounds::default() })
        }
        side if side.allows() => OwnSide::Allows(side.allow),
        _ => OwnSide::Silent,
    }
}

/// What the caller's own policies say, all together.
struct CallerSide {
    deny: Option<(u16, u16)>,
    allow: Option<(u16, u16)>,
    is_root: bool,
}

impl CallerSide {
    fn find(policies: &[&Policy], evaluation: &Evaluation<'_>) -> Self {
        let is_root = matches!(evaluation.request.principal, Principal::Root { .. });
        let mut side = Self { deny: None, allow: None, is_root };
        for (place, policy) in policies.iter().enumerate() {
            let place = u16::try_from(place).unwrap_or(u16::MAX);
            let findings = policy.find_for_holder(evaluation);
            if let Some(statement) = findings.deny {
                side.deny = Some((place, statement));
                break;
            }
            side.allow = side.allow.or(findings.allow.map(|statement| (place, statement)));
        }
        side
    }

    fn allows(&self) -> bool {
        self.is_root || self.allow.is_some()
    }
}

fn within_account(on_key: bool, key: &Findings, caller: &CallerSide) -> Verdict {
    let denied = |why| Verdict::Denied(why, Grounds::default());
    match (key, caller) {
        (Findings { deny: Some(deny), .. }, _) => {
            Verdict::Denied(Why::ResourceDeny, Grounds { key: Some(*deny), identity: None, grant: None })
        }
        (_, CallerSide { deny: Some(deny), .. }) => {
            Verdict::Denied(Why::IdentityDeny, Grounds { key: None, identity: Some(*deny), grant: None })
        }
        (Findings { allow: Some(allow), .. }, _) => {
            Verdict::Allowed(Grounds { key: Some(*allow), identity: None, grant: None })
        }
        (Findings { allow_account, .. }, _) if allow_account.is_some() || !on_key => match caller.allows() {
            true => Verdict::Allowed(Grounds { key: *allow_account, identity: caller.allow, grant: None }),
            false => denied(Why::NoIdentityStatement),
        },
        _ => denied(Why::NoResourceStatement),
    }
}

/// What the key's owner says is not told to strangers: all of it is [`Why::Foreign`].
fn across_accounts(on_key: bool, key: &Findings, caller: &CallerSide) -> Verdict {
    let foreign = |key| Verdict::Denied(Why::Foreign, Grounds { key, ..Grounds::default() });
    match (key, caller) {
        (_, CallerSide { deny: Some(deny), .. }) => {
            Verdict::Denied(Why::IdentityDeny, Grounds { key: None, identity: Some(*deny), grant: None })
        }
        // A denial of the key's is kept in mind, because a grant could stand in for the caller's own statement.
        _ if !caller.allows() => {
            Verdict::Denied(Why::NoIdentityStatement, Grounds { key: key.deny, ..Grounds::default() })
        }
        (Findings { deny: Some(deny), .. }, _) => foreign(Some(*deny)),
        (Findings { allow, allow_account, .. }, _) => match allow.or(*allow_account) {
            Some(statement) if on_key => {
                Verdict::Allowed(Grounds { key: Some(statement), identity: caller.allow, grant: None })
            }
            _ => foreign(None),
        },
    }
}

/// A grant that somebody wants to retire.
#[derive(Clone, Copy)]
pub struct Retirement<'a> {
    /// Its name.
    pub grant: GrantId,
    /// Who got it.
    pub grantee: &'a GrantPrincipal,
    /// Who was named to retire it.
    pub retiring: Option<&'a GrantPrincipal>,
    /// What it gives.
    pub operations: GrantOperations,
    /// The account of whoever made it.
    pub issuer: Option<AccountId>,
}

/// Decides who may retire a grant: whom the grant names for it, its grantee if it may, and the account that owns the
/// key or has made the grant. Where a whole account may, its root does, and whom its own policies let. The key's
/// policy has no say; a denial of the caller's own wins.
pub fn decide_retirement(sources: &Sources<'_>, request: &Request<'_>, of: &Retirement<'_>) -> Verdict {
    let own = own_side(sources, request);
    if let OwnSide::Denies(grounds) = own {
        return Verdict::Denied(Why::IdentityDeny, grounds);
    }
    let retires = of.operations.contains(GrantOperation::RetireGrant);
    let grantee = Some(of.grantee).filter(|_| retires);
    let mut by_account = false;
    for naming in [of.retiring, grantee].into_iter().flatten().filter_map(|who| who.names(request.principal))
    {
        match naming {
            Naming::InPerson => return Verdict::granted(of.grant, None),
            Naming::ByAccount => by_account = true,
        }
    }
    let account = request.principal.account();
    let owner = match request.resource {
        Resource::Key(arn) => Some(arn.account),
        Resource::Alias(_) | Resource::Iam(_) | Resource::Account => None,
    };
    let is_own = account.is_some() && account == owner;
    by_account |= is_own || (account.is_some() && account == of.issuer);
    let denied = |why| Verdict::Denied(why, Grounds::default());
    match (by_account, own) {
        (true, OwnSide::Allows(statement)) => Verdict::granted(of.grant, statement),
        (true, _) => denied(Why::NoIdentityStatement),
        (false, _) => denied(Why::Foreign),
    }
}

/// The lockout check of PutKeyPolicy and CreateKey: whether, under a new policy, the caller could still replace
/// it, in person or through the account. `request` is the request that brings the policy, on the key it is for.
pub fn keeps_administrator(policy: &Policy, request: &Request<'_>) -> bool {
    let again = Request { action: Action::PutKeyPolicy, ..*request };
    let findings = policy.find_for_resource(&Evaluation::new(&again));
    findings.deny.is_none() && (findings.allow.is_some() || findings.allow_account.is_some())
}

#[cfg(test)]
pub(crate) mod tests {
    use keystead_model::{AccountId, AliasArn, AliasName, KeyArn, Protocol, RequestId, Timestamp};
    use proptest::prelude::*;

    use super::*;
    use crate::{ConditionKey, Kind, NoFacts, Value, Visit};

    pub(crate) const ACCOUNT: &str = "111122223333";
    const ELSEWHERE: &str = "444455556666";
    const KEY: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";

    pub(crate) fn account(text: &str) -> AccountId {
        text.parse().expect("an account")
    }

    pub(crate) fn user(of: &str, name: &str) -> Principal {
        Principal::User { account: account(of), name: name.into(), id: "AIDAEXAMPLE".into() }
    }

    fn root(of: &str) -> Principal {
        Principal::Root { account: account(of) }
    }

    fn session(of: &str, role: &str, session: &str) -> Principal {
        let (role, session) = (role.into(), session.into());
        Principal::AssumedRole { account: account(of), role, role_id: "AROAEXAMPLE".into(), session }
    }

    pub(crate) fn key_of(of: &str) -> Resource {
        Resource::Key(KeyArn {
            location: "eu-central-1".parse().expect("a location"),
            account: account(of),
            key: KEY.parse().expect("a key id"),
        })
    }

    fn alias_of(of: &str, name: &str) -> Resource {
        Resource::Alias(AliasArn {
            location: "eu-central-1".parse().expect("a location"),
            account: account(of),
            name: AliasName::parse(name).expect("a name"),
        })
    }

    pub(crate) fn call() -> Call {
        Call {
            request: RequestId([0; 16]),
            at: Timestamp::from_seconds(1_767_225_600),
            source: "203.0.113.9".parse().expect("an address"),
            protocol: Protocol::AwsKms,
            location: "eu-central-1".parse().expect("a location"),
            user_agent: "aws-cli/2".into(),
            secure: true,
        }
    }

    /// Facts out of a list.
    pub(crate) struct Given<'a>(pub(crate) &'a [(&'a str, Value<'a>)]);

    impl Facts for Given<'_> {
        fn values(&self, key: &ConditionKey, visit: &mut Visit<'_>) {
            let same =
                |name: &str| ConditionKey::parse(name).is_ok_and(|given| given.folded() == key.folded());
            self.0.iter().filter(|(name, _)| same(name)).for_each(|(_, value)| visit(*value));
        }
    }

    pub(crate) fn with_request<T>(then: impl FnOnce(&Request<'_>) -> T) -> T {
        with_facts(&NoFacts, then)
    }

    pub(crate) fn with_facts<T>(facts: &dyn Facts, then: impl FnOnce(&Request<'_>) -> T) -> T {
        let (principal, resource, call) = (user(ACCOUNT, "team/alice"), key_of(ACCOUNT), call());
        then(&Request {
            principal: &principal,
            action: Action::Decrypt,
            resource: &resource,
            call: &call,
            facts,
        })
    }

    fn key_policy(statements: &str) -> Policy {
        let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#);
        Policy::parse(&text, Kind::Key).unwrap_or_else(|e| panic!("{e}"))
    }

    fn identity_policy(statements: &str) -> Policy {
        let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#);
        Policy::parse(&text, Kind::Identity).unwrap_or_else(|e| panic!("{e}"))
    }

    fn default_policy() -> Policy {
        let text = Policy::default_key_policy(account(ACCOUNT));
        Policy::parse(&text, Kind::Key).unwrap_or_else(|e| panic!("{e}"))
    }

    fn ask_on(
        resource: &Resource,
        key: Option<&Policy>,
        identity: &[&Policy],
        principal: &Principal,
        action: Action,
    ) -> Verdict {
        let call = call();
        let request = Request { principal, action, resource, call: &call, facts: &NoFacts };
        decide(&Sources { key_policy: key, identity }, &request)
    }

    fn ask(key: &Policy, identity: &[&Policy], principal: &Principal, action: Action) -> Verdict {
        ask_on(&key_of(ACCOUNT), Some(key), identity, principal, action)
    }

    fn why(verdict: Verdict) -> Option<Why> {
        match verdict {
            Verdict::Allowed(_) => None,
            Verdict::Denied(why, _) => Some(why),
        }
    }

    const ALLOW_ALL: &str = r#"{"Sid": "All", "Effect": "Allow", "Action": "kms:*", "Resource": "*"}"#;

    fn allow(principal: &str, action: &str) -> String {
        format!(r#"{{"Effect": "Allow", "Principal": {principal}, "Action": "{action}", "Resource": "*"}}"#)
    }

    fn deny(principal: &str, action: &str) -> String {
        format!(r#"{{"Effect": "Deny", "Principal": {principal}, "Action": "{action}", "Resource": "*"}}"#)
    }

    #[test]
    fn the_default_policy_lets_the_root_do_everything() {
        let policy = default_policy();
        for action in [Action::Decrypt, Action::PutKeyPolicy, Action::ScheduleKeyDeletion] {
            let verdict = ask(&policy, &[], &root(ACCOUNT), action);
            assert_eq!(verdict, Verdict::Allowed(Grounds { key: Some(0), identity: None, grant: None }));
        }
    }

    #[test]
    fn the_default_policy_leaves_users_and_roles_to_their_own_policies() {
        let (key, own) = (default_policy(), identity_policy(ALLOW_ALL));
        for caller in [user(ACCOUNT, "alice"), session(ACCOUNT, "app", "s")] {
            assert_eq!(why(ask(&key, &[], &caller, Action::Decrypt)), Some(Why::NoIdentityStatement));
            let verdict = ask(&key, &[&own], &caller, Action::Decrypt);
            assert_eq!(
                verdict,
                Verdict::Allowed(Grounds { key: Some(0), identity: Some((0, 0)), grant: None })
            );
        }
    }

    #[test]
    fn without_a_word_of_the_key_policy_nobody_gets_in_not_even_the_root() {
        let key = key_policy(&allow(r#"{"AWS": "arn:aws:iam::111122223333:user/alice"}"#, "kms:*"));
        let own = identity_policy(ALLOW_ALL);
        for caller in [root(ACCOUNT), user(ACCOUNT, "bob"), session(ACCOUNT, "alice", "s")] {
            assert_eq!(why(ask(&key, &[&own], &caller, Action::Decrypt)), Some(Why::NoResourceStatement));
        }
        let nothing = ask_on(&key_of(ACCOUNT), None, &[&own], &root(ACCOUNT), Action::Decrypt);
        assert_eq!(why(nothing), Some(Why::NoResourceStatement));
    }

    #[test]
    fn a_caller_named_in_person_needs_no_policy_of_its_own() {
        let key = key_policy(&allow(r#"{"AWS": "arn:aws:iam::111122223333:role/app"}"#, "kms:Decrypt"));
        assert!(ask(&key, &[], &session(ACCOUNT, "app", "s"), Action::Decrypt).is_allowed());
        assert_eq!(
            why(ask(&key, &[], &session(ACCOUNT, "app", "s"), Action::Encrypt)),
            Some(Why::NoResourceStatement)
        );
        let everybody = key_policy(&allow("\"*\"", "kms:Decrypt"));
        assert!(ask(&everybody, &[], &user(ACCOUNT, "anyone"), Action::Decrypt).is_allowed());
    }

    #[test]
    fn an_explicit_deny_wins_wherever_it_stands() {
        let open = allow("\"*\"", "kms:*");
        let closed = key_policy(&format!("{open}, {}", deny("\"*\"", "kms:Decrypt")));
        let own = identity_policy(ALLOW_ALL);
        let verdict = ask(&closed, &[&own], &root(ACCOUNT), Action::Decrypt);
        assert_eq!(
            verdict,
            Verdict::Denied(Why::ResourceDeny, Grounds { key: Some(1), identity: None, grant: None })
        );
        assert!(ask(&closed, &[&own], &root(ACCOUNT), Action::Encrypt).is_allowed());

        let never = identity_policy(r#"{"Effect": "Deny", "Action": "kms:Decrypt", "Resource": "*"}"#);
        let verdict = ask(&key_policy(&open), &[&own, &never], &user(ACCOUNT, "alice"), Action::Decrypt);
        assert_eq!(
            verdict,
            Verdict::Denied(Why::IdentityDeny, Grounds { key: None, identity: Some((1, 0)), grant: None })
        );
    }

    #[test]
    fn denying_an_account_denies_everyone_in_it() {
        let key = key_policy(&format!(
            "{}, {}",
            allow("\"*\"", "kms:*"),
            deny(r#"{"AWS": "111122223333"}"#, "kms:*")
        ));
        for caller in [root(ACCOUNT), user(ACCOUNT, "alice"), session(ACCOUNT, "app", "s")] {
            assert_eq!(why(ask(&key, &[], &caller, Action::Decrypt)), Some(Why::ResourceDeny));
        }
    }

    #[test]
    fn denying_all_but_some_spares_only_those_listed_with_their_account() {
        let only = |list: &str| {
            format!(
                r#"{{"Effect": "Deny", "NotPrincipal": {{"AWS": [{list}]}}, "Action": "kms:*", "Resource": "*"}}"#
            )
        };
        let open = allow("\"*\"", "kms:*");
        let bob = "\"arn:aws:iam::111122223333:user/Bob\"";
        let key =
            key_policy(&format!("{open}, {}", only(&format!("{bob}, \"arn:aws:iam::111122223333:root\""))));
        assert!(ask(&key, &[], &user(ACCOUNT, "Bob"), Action::Decrypt).is_allowed());
        assert_eq!(why(ask(&key, &[], &user(ACCOUNT, "alice"), Action::Decrypt)), Some(Why::ResourceDeny));
        let key = key_policy(&format!("{open}, {}", only(bob)));
        assert_eq!(why(ask(&key, &[], &user(ACCOUNT, "Bob"), Action::Decrypt)), Some(Why::ResourceDeny));
    }

    #[test]
    fn across_accounts_both_sides_must_allow() {
        let own = identity_policy(ALLOW_ALL);
        let stranger = user(ELSEWHERE, "eve");
        for principal in
            [r#"{"AWS": "444455556666"}"#, r#"{"AWS": "arn:aws:iam::444455556666:user/eve"}"#, "\"*\""]
        {
            let key = key_policy(&allow(principal, "kms:Decrypt"));
            assert!(ask(&key, &[&own], &stranger, Action::Decrypt).is_allowed(), "{principal}");
            assert_eq!(why(ask(&key, &[], &stranger, Action::Decrypt)), Some(Why::NoIdentityStatement));
            assert_eq!(why(ask(&key, &[&own], &stranger, Action::Encrypt)), Some(Why::Foreign));
        }
        assert_eq!(why(ask(&default_policy(), &[&own], &stranger, Action::Decrypt)), Some(Why::Foreign));
    }

    #[test]
    fn the_root_of_another_account_needs_the_key_policy_only() {
        let key = key_policy(&allow(r#"{"AWS": "444455556666"}"#, "kms:Decrypt"));
        assert!(ask(&key, &[], &root(ELSEWHERE), Action::Decrypt).is_allowed());
        assert_eq!(why(ask(&default_policy(), &[], &root(ELSEWHERE), Action::Decrypt)), Some(Why::Foreign));
    }

    #[test]
    fn a_stranger_is_not_told_whether_the_owner_denies_or_is_silent() {
        let own = identity_policy(ALLOW_ALL);
        let silent = default_policy();
        let denies = key_policy(&deny("\"*\"", "kms:*"));
        for identity in [&[][..], &[&own]] {
            let answers = [&silent, &denies]
                .map(|key| why(ask(key, identity, &user(ELSEWHERE, "eve"), Action::Decrypt)));
            assert_eq!(answers[0], answers[1]);
        }
    }

    #[test]
    fn aliases_and_the_account_are_up_to_the_caller_s_own_policies() {
        let own = identity_policy(
            r#"{"Effect": "Allow", "Action": "kms:*Alias", "Resource": "arn:aws:kms:*:111122223333:alias/team-*"},
               {"Effect": "Allow", "Action": "kms:ListKeys", "Resource": "*"}"#,
        );
        let alice = user(ACCOUNT, "alice");
        let on_alias = |name: &str, caller: &Principal| {
            ask_on(&alias_of(ACCOUNT, name), None, &[&own], caller, Action::CreateAlias).is_allowed()
        };
        assert!(on_alias("alias/team-a", &alice) && !on_alias("alias/other", &alice));
        assert!(on_alias("alias/other", &root(ACCOUNT)));
        assert_eq!(
            why(ask_on(
                &alias_of(ELSEWHERE, "alias/team-a"),
                None,
                &[&own],
                &root(ACCOUNT),
                Action::CreateAlias
            )),
            Some(Why::Foreign)
        );
        let list = |caller: &Principal, identity: &[&Policy]| {
            ask_on(&Resource::Account, None, identity, caller, Action::ListKeys).is_allowed()
        };
        assert!(list(&alice, &[&own]) && !list(&alice, &[]) && list(&root(ACCOUNT), &[]));
        // A policy of a key has no say over what is not that key.
        let open = key_policy(&allow("\"*\"", "kms:*"));
        let verdict = ask_on(&Resource::Account, Some(&open), &[], &alice, Action::ListKeys);
        assert_eq!(why(verdict), Some(Why::NoIdentityStatement));
    }

    #[test]
    fn a_service_needs_to_be_named_by_the_key_policy() {
        let service = Principal::Service { name: "s3.amazonaws.com".into() };
        let key = key_policy(&allow(r#"{"Service": "s3.amazonaws.com"}"#, "kms:Decrypt"));
        assert!(ask(&key, &[], &service, Action::Decrypt).is_allowed());
        assert_eq!(
            why(ask(&default_policy(), &[], &service, Action::Decrypt)),
            Some(Why::NoResourceStatement)
        );
        let own = identity_policy(ALLOW_ALL);
        let listing = ask_on(&Resource::Account, None, &[&own], &service, Action::ListKeys);
        assert_eq!(why(listing), Some(Why::NoResourceStatement));
    }

    #[test]
    fn an_unknown_action_is_denied_whatever_the_policies_say() {
        let key = key_policy(&allow("\"*\"", "*"));
        assert!(!ask(&key, &[&identity_policy(ALLOW_ALL)], &root(ACCOUNT), Action::Unknown).is_allowed());
        assert!(!ask(&key, &[], &Principal::Keystead, Action::Decrypt).is_allowed());
    }

    #[test]
    fn a_policy_in_the_wrong_place_takes_away_but_never_gives() {
        let own = identity_policy(ALLOW_ALL);
        assert!(!ask(&own, &[], &user(ACCOUNT, "alice"), Action::Decrypt).is_allowed());
        let open = key_policy(&allow("\"*\"", "kms:*"));
        assert!(!ask(&default_policy(), &[&open], &user(ACCOUNT, "alice"), Action::Decrypt).is_allowed());
        let never = key_policy(&deny(r#"{"AWS": "arn:aws:iam::111122223333:user/bob"}"#, "kms:*"));
        assert!(!ask(&open, &[&never], &user(ACCOUNT, "alice"), Action::Decrypt).is_allowed());
    }

    #[test]
    fn a_key_policy_s_resource_is_this_key_or_its_arn() {
        let only = |resource: &str| {
            key_policy(&format!(
                r#"{{"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "{resource}"}}"#
            ))
        };
        let allowed =
            |resource: &str| ask(&only(resource), &[], &root(ACCOUNT), Action::Decrypt).is_allowed();
        assert!(allowed("*") && allowed(&format!("arn:aws:kms:eu-central-1:111122223333:key/{KEY}")));
        assert!(allowed("arn:aws:kms:*:111122223333:key/1234abcd-????-*"));
        assert!(!allowed("arn:aws:kms:us-east-1:111122223333:key/*") && !allowed("arn:aws:s3:::bucket/*"));
    }

    #[test]
    fn not_action_and_not_resource_mean_all_others() {
        let own = identity_policy(
            r#"{"Effect": "Allow", "NotAction": "kms:Schedule*",
                "NotResource": "arn:aws:kms:*:*:key/0*"}"#,
        );
        let alice = user(ACCOUNT, "alice");
        assert!(ask(&default_policy(), &[&own], &alice, Action::Decrypt).is_allowed());
        assert!(!ask(&default_policy(), &[&own], &alice, Action::ScheduleKeyDeletion).is_allowed());
        let own = identity_policy(
            r#"{"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:kms:*:*:key/12*"}"#,
        );
        assert!(!ask(&default_policy(), &[&own], &alice, Action::Decrypt).is_allowed());
    }

    #[test]
    fn a_variable_in_a_resource_is_filled_in_and_without_a_value_lets_nobody_in() {
        let own = identity_policy(
            r#"{"Effect": "Allow", "Action": "kms:CreateAlias",
                "Resource": "arn:aws:kms:*:*:alias/${aws:username}-*"}"#,
        );
        let create = |own: &Policy, caller: &Principal, name: &str| {
            ask_on(&alias_of(ACCOUNT, name), None, &[own], caller, Action::CreateAlias).is_allowed()
        };
        let alice = user(ACCOUNT, "team/alice");
        assert!(create(&own, &alice, "alias/alice-1") && !create(&own, &alice, "alias/bob-1"));
        assert!(!create(&own, &session(ACCOUNT, "app", "s"), "alias/-1"));
        let others = identity_policy(
            r#"{"Effect": "Allow", "Action": "kms:*", "NotResource": "arn:aws:kms:*:*:alias/${aws:username}-*"}"#,
        );
        assert!(create(&others, &alice, "alias/bob-1"));
        assert!(!create(&others, &session(ACCOUNT, "app", "s"), "alias/bob-1"));
        let never = identity_policy(&format!(
            r#"{ALLOW_ALL}, {{"Effect": "Deny", "Action": "kms:*",
                "NotResource": "arn:aws:kms:*:*:alias/${{aws:username}}-*"}}"#,
        ));
        assert!(create(&never, &alice, "alias/alice-1"));
        assert!(!create(&never, &session(ACCOUNT, "app", "s"), "alias/app-1"));
    }

    #[test]
    fn a_name_with_a_star_in_it_stays_one_name() {
        let own = identity_policy(
            r#"{"Effect": "Allow", "Action": "kms:CreateAlias", "Resource": "arn:aws:kms:*:*:alias/${aws:username}"}"#,
        );
        let hostile = user(ACCOUNT, "*");
        let verdict = ask_on(&alias_of(ACCOUNT, "alias/any"), None, &[&own], &hostile, Action::CreateAlias);
        assert!(!verdict.is_allowed());
    }

    #[test]
    fn the_decision_can_be_told() {
        let (key, own) = (default_policy(), identity_policy(ALLOW_ALL));
        let told = |identity: &[&Policy], principal: &Principal| {
            let sources = Sources { key_policy: Some(&key), identity };
            ask(&key, identity, principal, Action::Decrypt).told(&sources).to_string()
        };
        assert_eq!(told(&[], &root(ACCOUNT)), "key policy statement 0 (Enable IAM User Permissions)");
        assert_eq!(
            told(&[&own], &user(ACCOUNT, "a")),
            "key policy statement 0 (Enable IAM User Permissions) and identity policy 0 statement 0 (All)"
        );
        assert_eq!(told(&[], &user(ACCOUNT, "a")), "default");
        let listing = ask_on(&Resource::Account, None, &[], &root(ACCOUNT), Action::ListKeys);
        assert_eq!(listing.told(&Sources::default()).to_string(), "the account itself");
    }

    #[test]
    fn a_policy_keeps_its_administrator_if_the_caller_or_its_account_may_replace_it() {
        let keeps = |policy: &Policy, principal: &Principal| {
            let (call, resource) = (call(), key_of(ACCOUNT));
            let action = Action::CreateKey;
            let request = Request { principal, action, resource: &resource, call: &call, facts: &NoFacts };
            keeps_administrator(policy, &request)
        };
        let alice = user(ACCOUNT, "alice");
        assert!(keeps(&default_policy(), &alice) && keeps(&default_policy(), &root(ACCOUNT)));
        let only_use = key_policy(&allow(r#"{"AWS": "111122223333"}"#, "kms:Decrypt"));
        assert!(!keeps(&only_use, &alice) && !keeps(&only_use, &root(ACCOUNT)));
        let only_bob = key_policy(&allow(r#"{"AWS": "arn:aws:iam::111122223333:user/bob"}"#, "kms:*"));
        assert!(!keeps(&only_bob, &alice) && !keeps(&only_bob, &root(ACCOUNT)));
        assert!(keeps(&only_bob, &user(ACCOUNT, "bob")));
        let text = format!("{}, {}", allow("\"*\"", "kms:*"), deny("\"*\"", "kms:Put*"));
        assert!(!keeps(&key_policy(&text), &alice));
    }

    #[test]
    fn a_condition_of_a_key_policy_binds_the_account_too() {
        let key = key_policy(
            r#"{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:*", "Resource": "*",
                "Condition": {"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}}}"#,
        );
        let own = identity_policy(ALLOW_ALL);
        assert_eq!(
            why(ask(&key, &[&own], &user(ACCOUNT, "a"), Action::Decrypt)),
            Some(Why::NoResourceStatement)
        );
        assert_eq!(why(ask(&key, &[], &root(ACCOUNT), Action::Decrypt)), Some(Why::NoResourceStatement));
    }

    #[test]
    fn the_service_gateway_policy_of_the_documentation_is_understood() {
        let key = key_policy(
            r#"{
              "Sid": "Allow access through EBS for all principals in the account that are authorized to use EBS",
              "Effect": "Allow",
              "Principal": {"AWS": "*"},
              "Condition": {"StringEquals": {
                "kms:CallerAccount": "111122223333", "kms:ViaService": "ec2.us-west-2.amazonaws.com"}},
              "Action": ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:CreateGrant",
                "kms:DescribeKey"],
              "Resource": "*"}"#,
        );
        let (resource, call) = (key_of(ACCOUNT), call());
        let asked = |principal: &Principal, service: &str| {
            let facts = Given(&[("kms:ViaService", Value::Text(service))]);
            let action = Action::GenerateDataKeyWithoutPlaintext;
            let request = Request { principal, action, resource: &resource, call: &call, facts: &facts };
            decide(&Sources { key_policy: Some(&key), identity: &[] }, &request).is_allowed()
        };
        assert!(asked(&user(ACCOUNT, "alice"), "ec2.us-west-2.amazonaws.com"));
        assert!(!asked(&user(ACCOUNT, "alice"), "rds.us-west-2.amazonaws.com"));
        assert!(!asked(&root(ELSEWHERE), "ec2.us-west-2.amazonaws.com"));
        assert!(!ask(&key, &[], &user(ACCOUNT, "alice"), Action::Decrypt).is_allowed());
    }

    /// Statements that say something about the callers and actions below, and some that do not.
    fn any_statement(effect: &'static str) -> impl Strategy<Value = String> {
        let principal = prop::sample::select(vec![
            r#""*""#,
            r#"{"AWS": "111122223333"}"#,
            r#"{"AWS": "444455556666"}"#,
            r#"{"AWS": "arn:aws:iam::111122223333:user/alice"}"#,
            r#"{"AWS": "arn:aws:iam::111122223333:role/app"}"#,
            r#"{"Service": "s3.amazonaws.com"}"#,
        ]);
        let action = prop::sample::select(vec!["kms:*", "kms:Decrypt", "kms:*crypt", "kms:Put*", "s3:*"]);
        let condition = prop::sample::select(vec![
            "{}",
            r#"{"Bool": {"aws:SecureTransport": "true"}}"#,
            r#"{"StringNotEquals": {"aws:username": "alice"}}"#,
            r#"{"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}}"#,
            r#"{"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/${aws:username}"}}"#,
        ]);
        (principal, action, condition).prop_map(move |(principal, action, condition)| {
            format!(
                r#"{{"Effect": "{effect}", "Principal": {principal}, "Action": "{action}", "Resource": "*",
                    "Condition": {condition}}}"#
            )
        })
    }

    fn any_caller() -> impl Strategy<Value = Principal> {
        prop::sample::select(vec![
            root(ACCOUNT),
            root(ELSEWHERE),
            user(ACCOUNT, "alice"),
            user(ACCOUNT, "bob"),
            user(ELSEWHERE, "alice"),
            session(ACCOUNT, "app", "s"),
            Principal::Service { name: "s3.amazonaws.com".into() },
        ])
    }

    fn any_action() -> impl Strategy<Value = Action> {
        prop::sample::select(vec![
            Action::Decrypt,
            Action::Encrypt,
            Action::PutKeyPolicy,
            Action::DescribeKey,
        ])
    }

    proptest! {
        #[test]
        fn a_deny_that_applies_wins_over_any_allows(
            allows in prop::collection::vec(any_statement("Allow"), 0..6),
            at in 0usize..7,
            caller in any_caller(),
            action in any_action(),
        ) {
            let mut statements = allows;
            statements.insert(at.min(statements.len()), deny("\"*\"", "kms:*"));
            let own = identity_policy(ALLOW_ALL);
            prop_assert!(!ask(&key_policy(&statements.join(",")), &[&own], &caller, action).is_allowed());
        }

        #[test]
        fn taking_an_allow_away_never_lets_anyone_in(
            allows in prop::collection::vec(any_statement("Allow"), 2..6),
            denies in prop::collection::vec(any_statement("Deny"), 0..2),
            gone in 0usize..6,
            caller in any_caller(),
            action in any_action(),
            with_own in any::<bool>(),
        ) {
            let own = identity_policy(ALLOW_ALL);
            let identity: &[&Policy] = if with_own { &[&own] } else { &[] };
            let all: Vec<String> = allows.iter().chain(&denies).cloned().collect();
            let mut fewer = all.clone();
            fewer.remove(gone.min(allows.len() - 1));
            let allowed = |statements: &[String]| {
                ask(&key_policy(&statements.join(",")), identity, &caller, action).is_allowed()
            };
            prop_assert!(!allowed(&fewer) || allowed(&all));
        }

        #[test]
        fn adding_a_deny_never_lets_anyone_in(
            allows in prop::collection::vec(any_statement("Allow"), 1..5),
            more in any_statement("Deny"),
            caller in any_caller(),
            action in any_action(),
        ) {
            let own = identity_policy(ALLOW_ALL);
            let allowed = |text: &str| ask(&key_policy(text), &[&own], &caller, action).is_allowed();
            let before = allows.join(",");
            let after = format!("{before},{more}");
            prop_assert!(allowed(&before) || !allowed(&after));
        }

        #[test]
        fn the_order_of_statements_does_not_matter(
            statements in prop::collection::vec(prop_oneof![any_statement("Allow"), any_statement("Deny")], 1..6),
            caller in any_caller(),
            action in any_action(),
        ) {
            let backwards: Vec<_> = statements.iter().rev().cloned().collect();
            let one = ask(&key_policy(&statements.join(",")), &[], &caller, action);
            let other = ask(&key_policy(&backwards.join(",")), &[], &caller, action);
            prop_assert_eq!(one.is_allowed(), other.is_allowed());
        }
    }

    /// Run by hand, in release, with `--ignored --nocapture`: figures, never asserted.
    #[test]
    #[ignore = "prints times"]
    fn time_of_decisions() {
        let own = identity_policy(ALLOW_ALL);
        let bound = key_policy(
            r#"{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:*", "Resource": "*",
                "Condition": {"StringEquals": {"kms:EncryptionContext:tenant": "${aws:username}"},
                    "IpAddress": {"aws:SourceIp": "203.0.113.0/24"}, "Bool": {"aws:SecureTransport": "true"}}}"#,
        );
        let one = allow(r#"{"AWS": "arn:aws:iam::111122223333:role/app"}"#, "kms:Decrypt");
        let twenty = key_policy(&vec![one; 20].join(","));
        let (resource, call, alice) = (key_of(ACCOUNT), call(), user(ACCOUNT, "alice"));
        let context = keystead_model::EncryptionContext::new(vec![("tenant".into(), "alice".into())])
            .expect("a context");
        struct Context(keystead_model::EncryptionContext);
        impl Facts for Context {
            fn values(&self, key: &ConditionKey, visit: &mut Visit<'_>) {
                crate::context_values(&self.0, key, visit);
            }
        }
        let facts = Context(context);
        let default = default_policy();
        for (name, key, identity, principal) in [
            ("default policy, root", &default, &[][..], &root(ACCOUNT)),
            ("default policy, user with a policy", &default, &[&own], &alice),
            ("three conditions, one variable", &bound, &[&own], &alice),
            ("twenty statements, role", &twenty, &[], &session(ACCOUNT, "app", "s")),
        ] {
            let request = Request {
                principal,
                action: Action::Decrypt,
                resource: &resource,
                call: &call,
                facts: &facts,
            };
            let sources = Sources { key_policy: Some(key), identity };
            let rounds = 2_000_000u32;
            let started = std::time::Instant::now();
            let mut allowed = 0u32;
            for _ in 0..rounds {
                let verdict = decide(std::hint::black_box(&sources), std::hint::black_box(&request));
                allowed += u32::from(verdict.is_allowed());
            }
            println!("{name}: {:?} a decision, {allowed} allowed", started.elapsed() / rounds);
        }
    }
}
