//! The combination of policies: within one account and across accounts.

use keystead_model::{AccountId, Action, GrantId, GrantOperation, GrantOperations, Principal, Resource, Why};

use crate::own::{Own, OwnSide, own_side};
use crate::policy::{Findings, Policy};
use crate::request::{Evaluation, Request, Sources};
use crate::verdict::{Grounds, Verdict};
use crate::{GrantPrincipal, Naming};

/// Decides by AWS's rules.
///
/// An explicit deny wins, wherever it stands. Then each guardrail of the caller's account must allow. Otherwise, within
/// one account the policy of a key or of a role to be taken on must allow the caller in person; or what stands behind
/// its session, while boundary and session policies allow too; or the caller's account, while all of the caller's own
/// documents allow too. What is neither is up to the caller's own documents alone. Across accounts both sides must
/// allow, each with all of its documents. An account's root needs no policy of its own, and no policy but the key's
/// can open a key.
pub fn decide(sources: &Sources<'_>, request: &Request<'_>) -> Verdict {
    // No statement can be about a request whose action is not known, and Keystead asks nobody.
    if request.action == Action::Unknown || *request.principal == Principal::Keystead {
        return Verdict::Denied(Why::NoResourceStatement, Grounds::default());
    }
    let evaluation = Evaluation::new(request, sources.boundary.is_some());
    let Weighed { governed, resource, own, is_own } = Weighed::of(sources, &evaluation);
    match (own, is_own) {
        (None, _) => without_account(&resource),
        (Some(own), true) => within_account(governed, &resource, &own, request),
        (Some(own), false) => across_accounts(governed, &resource, &own),
    }
}

/// What all documents say, before it is put together.
pub(crate) struct Weighed {
    /// Whether the policy of the resource must have its say.
    pub(crate) governed: bool,
    /// What it says; nothing where it has no say.
    pub(crate) resource: Findings,
    /// What the caller's side says; `None` for callers without an account.
    pub(crate) own: Option<Own>,
    /// Whether the resource belongs to the caller's account.
    pub(crate) is_own: bool,
}

impl Weighed {
    pub(crate) fn of(sources: &Sources<'_>, evaluation: &Evaluation<'_>) -> Self {
        let request = evaluation.request;
        let governed = request.is_governed();
        let resource = match sources.resource {
            Some(policy) if governed => policy.find_for_resource(evaluation),
            _ => Findings::default(),
        };
        let Some(account) = request.principal.account() else {
            return Self { governed, resource, own: None, is_own: false };
        };
        let owner = match request.resource {
            Resource::Key(arn) => arn.account,
            Resource::Alias(arn) => arn.account,
            // What comes with Keystead belongs to everybody.
            Resource::Iam(arn) => arn.account.unwrap_or(account),
            Resource::FederatedUser(owner, _) => *owner,
            Resource::Account => account,
        };
        let own = Some(Own::find(sources, evaluation));
        Self { governed, resource, own, is_own: owner == account }
    }
}

/// Services, and whoever shows a token of an identity provider: all they have is what a resource's policy gives them
/// by name.
fn without_account(resource: &Findings) -> Verdict {
    let by = |resource| Grounds { resource, ..Grounds::default() };
    match resource {
        Findings { deny: Some(deny), .. } => Verdict::Denied(Why::ResourceDeny, by(Some(*deny))),
        Findings { allow: Some(allow), .. } => Verdict::Allowed(by(Some(*allow))),
        _ => Verdict::Denied(Why::NoResourceStatement, Grounds::default()),
    }
}

fn within_account(governed: bool, resource: &Findings, own: &Own, request: &Request<'_>) -> Verdict {
    let denied = |why| Verdict::Denied(why, Grounds::default());
    match (own.denial(), resource.deny) {
        (Some((why @ Why::GuardrailDeny, grounds)), _) => return Verdict::Denied(why, grounds),
        (_, Some(deny)) => {
            let grounds = Grounds { resource: Some(deny), ..Grounds::default() };
            return Verdict::Denied(Why::ResourceDeny, grounds);
        }
        (Some((why, grounds)), _) => return Verdict::Denied(why, grounds),
        (None, None) => {}
    }
    if let Some(why) = own.bar() {
        return denied(why);
    }
    let (missing, asked) = match resource {
        Findings { allow_account: None, allow_behind: None, allow: None, .. } if governed => {
            (Some(Why::NoResourceStatement), Grounds::default())
        }
        Findings { allow: None, allow_behind: None, .. } => (own.lack(), own.grounds()),
        _ if own.is_bound_to_agree() => (own.lack(), own.grounds()),
        Findings { allow: Some(_), .. } => in_person(own, request),
        _ => (own.limit(), own.limits()),
    };
    match missing {
        Some(why) => denied(why),
        None => {
            let resource = resource.allow.or(resource.allow_behind).or(resource.allow_account);
            Verdict::Allowed(Grounds { resource, ..asked })
        }
    }
}

/// What else a caller needs whom the policy of a resource names in person, and the statements that give it.
///
/// Nothing: neither a boundary nor a session's policies narrow what is given to the very user or session. AWS gives no
/// session policies to users and roots; should there be any, the doubt counts against the caller.
fn in_person(own: &Own, request: &Request<'_>) -> (Option<Why>, Grounds) {
    match request.principal {
        Principal::User { .. } | Principal::Root { .. } => own.session_only(),
        _ => (None, Grounds::default()),
    }
}

/// What the owner says is not told to strangers: all of it is [`Why::Foreign`].
fn across_accounts(governed: bool, resource: &Findings, own: &Own) -> Verdict {
    let foreign = |resource| Verdict::Denied(Why::Foreign, Grounds { resource, ..Grounds::default() });
    if let Some((why, grounds)) = own.denial() {
        return Verdict::Denied(why, grounds);
    }
    // A denial of the owner's is kept in mind, because a grant could stand in for the caller's own statement.
    if let Some(why) = own.bar().or(own.lack()) {
        return Verdict::Denied(why, Grounds { resource: resource.deny, ..Grounds::default() });
    }
    if resource.deny.is_some() {
        return foreign(resource.deny);
    }
    match resource.allow.or(resource.allow_behind).or(resource.allow_account) {
        Some(statement) if governed => {
            Verdict::Allowed(Grounds { resource: Some(statement), ..own.grounds() })
        }
        _ => foreign(None),
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
    let (in_person, own) = match own_side(sources, request) {
        OwnSide::Denies(why, grounds) => return Verdict::Denied(why, grounds),
        OwnSide::Bars(why) => return Verdict::Denied(why, Grounds::default()),
        OwnSide::Clear { in_person, by_account } => (in_person, by_account),
    };
    let retires = of.operations.contains(GrantOperation::RetireGrant);
    let grantee = Some(of.grantee).filter(|_| retires);
    let mut by_account = false;
    for naming in [of.retiring, grantee].into_iter().flatten().filter_map(|who| who.names(request.principal))
    {
        match naming {
            Naming::InPerson => return Verdict::granted(of.grant, in_person),
            Naming::ByAccount => by_account = true,
        }
    }
    let account = request.principal.account();
    let owner = match request.resource {
        Resource::Key(arn) => Some(arn.account),
        Resource::Alias(_) | Resource::Iam(_) | Resource::FederatedUser(..) | Resource::Account => None,
    };
    let is_own = account.is_some() && account == owner;
    by_account |= is_own || (account.is_some() && account == of.issuer);
    let denied = |why| Verdict::Denied(why, Grounds::default());
    match (by_account, own) {
        (true, Some(own)) => Verdict::granted(of.grant, own),
        (true, _) => denied(Why::NoIdentityStatement),
        (false, _) => denied(Why::Foreign),
    }
}

/// The lockout check of PutKeyPolicy and CreateKey: whether, under a new policy, the caller could still replace
/// it, in person or through the account. `request` is the request that brings the policy, on the key it is for.
pub fn keeps_administrator(policy: &Policy, request: &Request<'_>) -> bool {
    let again = Request { action: Action::PutKeyPolicy, ..*request };
    let Findings { deny, allow, allow_behind, allow_account } =
        policy.find_for_resource(&Evaluation::new(&again, false));
    deny.is_none() && allow.or(allow_behind).or(allow_account).is_some()
}

#[cfg(test)]
pub(crate) mod tests {
    use std::sync::Arc;

    use keystead_model::{
        AccountId, AliasArn, AliasName, Call, KeyArn, Protocol, RequestId, Tags, Timestamp,
    };
    use proptest::prelude::*;

    use super::*;
    use crate::{ConditionKey, Facts, Kind, Named, NoFacts, Value, Visit};

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
        then(&request(&principal, Action::Decrypt, &resource, &call, facts))
    }

    pub(crate) fn request<'a>(
        principal: &'a Principal,
        action: Action,
        resource: &'a Resource,
        call: &'a Call,
        facts: &'a dyn Facts,
    ) -> Request<'a> {
        Request { principal, session: None, principal_tags: Tags::EMPTY, action, resource, call, facts }
    }

    fn key_policy(statements: &str) -> Policy {
        let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#);
        Policy::parse(&text, Kind::Key).unwrap_or_else(|e| panic!("{e}"))
    }

    fn identity_policy(statements: &str) -> Named {
        named("own", statements, Kind::Identity)
    }

    fn named(name: &str, statements: &str, kind: Kind) -> Named {
        let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#);
        let policy = Policy::parse(&text, kind).unwrap_or_else(|e| panic!("{e}"));
        Named { name: name.into(), policy: Arc::new(policy) }
    }

    fn as_own(policy: Policy) -> Named {
        Named { name: "own".into(), policy: Arc::new(policy) }
    }

    fn default_policy() -> Policy {
        let text = Policy::default_key_policy(account(ACCOUNT));
        Policy::parse(&text, Kind::Key).unwrap_or_else(|e| panic!("{e}"))
    }

    fn ask_on(
        resource: &Resource,
        key: Option<&Policy>,
        identity: &[Named],
        principal: &Principal,
        action: Action,
    ) -> Verdict {
        let call = call();
        let request = request(principal, action, resource, &call, &NoFacts);
        decide(&Sources { resource: key, identity, ..Sources::default() }, &request)
    }

    fn ask(key: &Policy, identity: &[Named], principal: &Principal, action: Action) -> Verdict {
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
            assert_eq!(verdict, Verdict::Allowed(Grounds { resource: Some(0), ..Grounds::default() }));
        }
    }

    #[test]
    fn the_default_policy_leaves_users_and_roles_to_their_own_policies() {
        let (key, own) = (default_policy(), identity_policy(ALLOW_ALL));
        for caller in [user(ACCOUNT, "alice"), session(ACCOUNT, "app", "s")] {
            assert_eq!(why(ask(&key, &[], &caller, Action::Decrypt)), Some(Why::NoIdentityStatement));
            let verdict = ask(&key, std::slice::from_ref(&own), &caller, Action::Decrypt);
            assert_eq!(
                verdict,
                Verdict::Allowed(Grounds { resource: Some(0), identity: Some((0, 0)), ..Grounds::default() })
            );
        }
    }

    #[test]
    fn without_a_word_of_the_key_policy_nobody_gets_in_not_even_the_root() {
        let key = key_policy(&allow(r#"{"AWS": "arn:aws:iam::111122223333:user/alice"}"#, "kms:*"));
        let own = identity_policy(ALLOW_ALL);
        for caller in [root(ACCOUNT), user(ACCOUNT, "bob"), session(ACCOUNT, "alice", "s")] {
            assert_eq!(
                why(ask(&key, std::slice::from_ref(&own), &caller, Action::Decrypt)),
                Some(Why::NoResourceStatement)
            );
        }
        let nothing =
            ask_on(&key_of(ACCOUNT), None, std::slice::from_ref(&own), &root(ACCOUNT), Action::Decrypt);
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
        let verdict = ask(&closed, std::slice::from_ref(&own), &root(ACCOUNT), Action::Decrypt);
        assert_eq!(
            verdict,
            Verdict::Denied(Why::ResourceDeny, Grounds { resource: Some(1), ..Grounds::default() })
        );
        assert!(ask(&closed, std::slice::from_ref(&own), &root(ACCOUNT), Action::Encrypt).is_allowed());

        let never = identity_policy(r#"{"Effect": "Deny", "Action": "kms:Decrypt", "Resource": "*"}"#);
        let verdict =
            ask(&key_policy(&open), &[own.clone(), never], &user(ACCOUNT, "alice"), Action::Decrypt);
        assert_eq!(
            verdict,
            Verdict::Denied(Why::IdentityDeny, Grounds { identity: Some((1, 0)), ..Grounds::default() })
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
            assert!(
                ask(&key, std::slice::from_ref(&own), &stranger, Action::Decrypt).is_allowed(),
                "{principal}"
            );
            assert_eq!(why(ask(&key, &[], &stranger, Action::Decrypt)), Some(Why::NoIdentityStatement));
            assert_eq!(
                why(ask(&key, std::slice::from_ref(&own), &stranger, Action::Encrypt)),
                Some(Why::Foreign)
            );
        }
        assert_eq!(
            why(ask(&default_policy(), std::slice::from_ref(&own), &stranger, Action::Decrypt)),
            Some(Why::Foreign)
        );
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
        for identity in [&[][..], std::slice::from_ref(&own)] {
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
            ask_on(&alias_of(ACCOUNT, name), None, std::slice::from_ref(&own), caller, Action::CreateAlias)
                .is_allowed()
        };
        assert!(on_alias("alias/team-a", &alice) && !on_alias("alias/other", &alice));
        assert!(on_alias("alias/other", &root(ACCOUNT)));
        assert_eq!(
            why(ask_on(
                &alias_of(ELSEWHERE, "alias/team-a"),
                None,
                std::slice::from_ref(&own),
                &root(ACCOUNT),
                Action::CreateAlias
            )),
            Some(Why::Foreign)
        );
        let list = |caller: &Principal, identity: &[Named]| {
            ask_on(&Resource::Account, None, identity, caller, Action::ListKeys).is_allowed()
        };
        assert!(list(&alice, std::slice::from_ref(&own)) && !list(&alice, &[]) && list(&root(ACCOUNT), &[]));
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
        let listing =
            ask_on(&Resource::Account, None, std::slice::from_ref(&own), &service, Action::ListKeys);
        assert_eq!(why(listing), Some(Why::NoResourceStatement));
    }

    #[test]
    fn an_unknown_action_is_denied_whatever_the_policies_say() {
        let key = key_policy(&allow("\"*\"", "*"));
        assert!(!ask(&key, &[identity_policy(ALLOW_ALL)], &root(ACCOUNT), Action::Unknown).is_allowed());
        assert!(!ask(&key, &[], &Principal::Keystead, Action::Decrypt).is_allowed());
    }

    #[test]
    fn a_policy_in_the_wrong_place_takes_away_but_never_gives() {
        let own = identity_policy(ALLOW_ALL);
        assert!(!ask(&own.policy, &[], &user(ACCOUNT, "alice"), Action::Decrypt).is_allowed());
        let open = key_policy(&allow("\"*\"", "kms:*"));
        let wrong = as_own(key_policy(&allow("\"*\"", "kms:*")));
        assert!(!ask(&default_policy(), &[wrong], &user(ACCOUNT, "alice"), Action::Decrypt).is_allowed());
        let never = key_policy(&deny(r#"{"AWS": "arn:aws:iam::111122223333:user/bob"}"#, "kms:*"));
        assert!(!ask(&open, &[as_own(never)], &user(ACCOUNT, "alice"), Action::Decrypt).is_allowed());
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
        assert!(ask(&default_policy(), std::slice::from_ref(&own), &alice, Action::Decrypt).is_allowed());
        assert!(
            !ask(&default_policy(), std::slice::from_ref(&own), &alice, Action::ScheduleKeyDeletion)
                .is_allowed()
        );
        let own = identity_policy(
            r#"{"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:kms:*:*:key/12*"}"#,
        );
        assert!(!ask(&default_policy(), std::slice::from_ref(&own), &alice, Action::Decrypt).is_allowed());
    }

    #[test]
    fn a_variable_in_a_resource_is_filled_in_and_without_a_value_lets_nobody_in() {
        let own = identity_policy(
            r#"{"Effect": "Allow", "Action": "kms:CreateAlias",
                "Resource": "arn:aws:kms:*:*:alias/${aws:username}-*"}"#,
        );
        let create = |own: &Named, caller: &Principal, name: &str| {
            ask_on(&alias_of(ACCOUNT, name), None, std::slice::from_ref(own), caller, Action::CreateAlias)
                .is_allowed()
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
        let verdict = ask_on(
            &alias_of(ACCOUNT, "alias/any"),
            None,
            std::slice::from_ref(&own),
            &hostile,
            Action::CreateAlias,
        );
        assert!(!verdict.is_allowed());
    }

    #[test]
    fn the_decision_can_be_told() {
        let (key, own) = (default_policy(), identity_policy(ALLOW_ALL));
        let told = |identity: &[Named], principal: &Principal| {
            let sources = Sources { resource: Some(&key), identity, ..Sources::default() };
            ask(&key, identity, principal, Action::Decrypt).told(&sources).to_string()
        };
        assert_eq!(told(&[], &root(ACCOUNT)), "key policy statement 0 (Enable IAM User Permissions)");
        assert_eq!(
            told(std::slice::from_ref(&own), &user(ACCOUNT, "a")),
            "key policy statement 0 (Enable IAM User Permissions) and identity policy own statement 0 (All)"
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
            let request = request(principal, action, &resource, &call, &NoFacts);
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
            why(ask(&key, std::slice::from_ref(&own), &user(ACCOUNT, "a"), Action::Decrypt)),
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
            let request = request(principal, action, &resource, &call, &facts);
            decide(&Sources { resource: Some(&key), ..Sources::default() }, &request).is_allowed()
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
            prop_assert!(!ask(&key_policy(&statements.join(",")), std::slice::from_ref(&own), &caller, action).is_allowed());
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
            let identity: &[Named] = if with_own { std::slice::from_ref(&own) } else { &[] };
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
            let allowed = |text: &str| ask(&key_policy(text), std::slice::from_ref(&own), &caller, action).is_allowed();
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
            ("default policy, user with a policy", &default, std::slice::from_ref(&own), &alice),
            ("three conditions, one variable", &bound, std::slice::from_ref(&own), &alice),
            ("twenty statements, role", &twenty, &[], &session(ACCOUNT, "app", "s")),
        ] {
            let request = request(principal, Action::Decrypt, &resource, &call, &facts);
            let sources = Sources { resource: Some(key), identity, ..Sources::default() };
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
