//! What an account lays down about its own principals, its root included.

use super::house::run;
use super::*;

fn put(settings: AccountSettings) -> PutAccountSettings {
    PutAccountSettings { settings }
}

fn guardrail(name: &str, statements: &str) -> Guardrail {
    Guardrail { name: policy_name(name), document: document(statements) }
}

/// Allows everything but opening.
const NO_DECRYPT: &str = r#"{"Effect": "Allow", "NotAction": "kms:Decrypt", "Resource": "*"}"#;
const EVERYTHING: &str = r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#;

#[test]
fn settings_are_read_as_they_were_put() {
    run(async {
        let town = Town::new().await;
        assert_eq!(town.ask(GetAccountSettings).await, Ok(AccountSettings::default()));
        let settings = AccountSettings {
            guardrails: vec![guardrail("region", EVERYTHING)],
            both_must_agree: true,
            root_may_not_use_keys: true,
            refuse_joint_duties: false,
            approvals: Vec::new(),
        };
        town.ask(put(settings.clone())).await.expect("they are put");
        assert_eq!(town.ask(GetAccountSettings).await, Ok(settings));
        let alice = town.user("alice").await;
        assert!(is_denied(&town.ask_as(&alice, GetAccountSettings).await));
        assert!(is_denied(&town.ask_as(&alice, put(AccountSettings::default())).await));
    });
}

#[test]
fn a_guardrail_binds_everybody_of_the_account_its_root_included_and_nobody_else() {
    run(async {
        let policy = r#"{"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}]}"#;
        let town = Town::with_policy(policy).await;
        let (alice, app) = (town.user("alice").await, town.in_role("app").await);
        let settings =
            AccountSettings { guardrails: vec![guardrail("shut", NO_DECRYPT)], ..AccountSettings::default() };
        town.ask(put(settings)).await.expect("they are put");
        for caller in [&town.root, &alice, &app] {
            assert_eq!(town.is_shut_for(caller).await, Why::NoGuardrailStatement, "{}", caller.arn);
        }
        let denies = AccountSettings {
            guardrails: vec![
                guardrail("all", EVERYTHING),
                guardrail("never", &format!("{EVERYTHING}, {DENY}")),
            ],
            ..AccountSettings::default()
        };
        town.ask(put(denies)).await.expect("they are put");
        assert_eq!(town.is_shut_for(&town.root).await, Why::GuardrailDeny);
        assert!(town.decided().contains("guardrail never statement 1 (Never)"), "{}", town.decided());
        // A stranger is bound by its own account's.
        let (stranger, _) = town.house.account(444_455_556_666).await;
        town.opens_for(&stranger, "another account's root").await;
        town.ask(put(AccountSettings::default())).await.expect("they are taken back");
        town.opens_for(&town.root, "with the next request").await;
    });
}

#[test]
fn with_both_must_agree_a_keys_policy_is_not_enough() {
    run(async {
        let policy = r#"{"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},
            {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/alice"}, "Action": "kms:Decrypt",
             "Resource": "*"}]}"#;
        let town = Town::with_policy(policy).await;
        let alice = town.user("alice").await;
        town.opens_for(&alice, "the key's policy names her").await;
        let both = AccountSettings { both_must_agree: true, ..AccountSettings::default() };
        town.ask(put(both)).await.expect("they are put");
        assert_eq!(town.is_shut_for(&alice).await, Why::NoIdentityStatement);
        town.let_user("alice", "own", ALLOW).await;
        town.opens_for(&alice, "both agree").await;
        town.opens_for(&town.root, "the root needs no policy").await;
    });
}

#[test]
fn a_root_that_may_use_no_keys_still_looks_after_them() {
    run(async {
        let town = Town::new().await;
        let alice = town.user("alice").await;
        town.let_user("alice", "own", ALLOW).await;
        let barred = AccountSettings { root_may_not_use_keys: true, ..AccountSettings::default() };
        town.ask(put(barred)).await.expect("they are put");
        assert_eq!(town.is_shut_for(&town.root).await, Why::RootBarred);
        town.opens_for(&alice, "others may").await;
        let op = DescribeKey { key: KeyRef::Id(town.key.key), grant_tokens: Vec::new() };
        let engine = &town.house.engine;
        let permit = engine.authorise(&town.house.call(), &town.root, op).await.expect("it may look");
        engine.describe_key(permit).await.expect("it is told");
    });
}

#[test]
fn settings_that_nobody_could_take_back_are_refused() {
    run(async {
        let town = Town::new().await;
        for statements in [
            ALLOW,
            DENY,
            &format!(
                r#"{EVERYTHING}, {{"Effect": "Deny", "Action": "keystead:PutAccountSettings", "Resource": "*"}}"#
            ),
        ] {
            let settings = AccountSettings {
                guardrails: vec![guardrail("shut", statements)],
                ..AccountSettings::default()
            };
            assert!(matches!(town.ask(put(settings)).await, Err(Error::MalformedPolicy(_))), "{statements}");
        }
        town.opens_for(&town.root, "nothing was laid down").await;
    });
}

#[test]
fn guardrails_that_break_a_rule_are_refused() {
    run(async {
        let town = Town::new().await;
        let refused = async |guardrails: Vec<Guardrail>| {
            town.ask(put(AccountSettings { guardrails, ..AccountSettings::default() })).await.err()
        };
        let many = (0..6).map(|number| guardrail(&format!("g{number}"), EVERYTHING)).collect();
        assert!(matches!(refused(many).await, Some(Error::LimitExceeded(_))));
        let twice = vec![guardrail("one", EVERYTHING), guardrail("ONE", EVERYTHING)];
        assert!(matches!(refused(twice).await, Some(Error::Invalid(_))));
        let odd = vec![Guardrail { name: policy_name("odd"), document: "{\n\"Statement\": 1}".into() }];
        let Some(Error::MalformedPolicy(why)) = refused(odd).await else { panic!("not refused") };
        assert!(why.contains("line 2"), "{why}");
        assert_eq!(town.ask(GetAccountSettings).await, Ok(AccountSettings::default()));
    });
}

#[test]
fn settings_and_the_accounts_alias_do_not_overwrite_each_other() {
    run(async {
        let town = Town::new().await;
        town.ask(CreateAccountAlias { alias: "example".into() }).await.expect("an alias");
        let both = AccountSettings { both_must_agree: true, ..AccountSettings::default() };
        town.ask(put(both.clone())).await.expect("they are put");
        let aliases = town.ask(ListAccountAliases { page: PageRequest::default() }).await.expect("a list");
        assert_eq!(aliases.items, ["example".into()] as [Box<str>; 1]);
        town.ask(DeleteAccountAlias { alias: "example".into() }).await.expect("it goes");
        assert_eq!(town.ask(GetAccountSettings).await, Ok(both));
    });
}

#[test]
fn an_account_that_keeps_duties_apart_takes_no_policy_that_gives_both() {
    run(async {
        let town = Town::new().await;
        town.user("alice").await;
        let (both, uses) = (ALLOW, r#"{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}"#);
        let older = town.policy("older", both).await;
        let apart = AccountSettings { refuse_joint_duties: true, ..AccountSettings::default() };
        town.ask(put(apart.clone())).await.expect("they are put");
        assert_eq!(town.ask(GetAccountSettings).await, Ok(apart));

        let refused = |result: Result<(), Error>, what: &str| {
            let Err(Error::MalformedPolicy(why)) = result else { panic!("{what}: {result:?}") };
            assert!(why.contains("keeps duties apart"), "{what}: {why}");
        };
        let inline = |statements: &str| PutUserPolicy {
            holder: user("alice"),
            policy: policy_name("own"),
            document: document(statements),
        };
        refused(town.ask(inline(both)).await, "an inline policy");
        town.ask(inline(uses)).await.expect("one duty");
        let managed = |name: &str, statements: &str| CreatePolicy {
            name: policy_name(name),
            path: IamPath::default(),
            document: document(statements),
            description: None,
            tags: Tags::default(),
        };
        refused(town.ask(managed("both", both)).await.map(drop), "a managed policy");
        let policy = town.ask(managed("uses", uses)).await.expect("one duty").arn;
        let version = |statements: &str| CreatePolicyVersion {
            policy: policy.clone(),
            document: document(statements),
            set_as_default: true,
        };
        refused(town.ask(version(both)).await.map(drop), "a version");
        let attach = |policy: PolicyArn| AttachUserPolicy { holder: user("alice"), policy };
        refused(town.ask(attach(older)).await, "one that is older than the rule");
        let built_in =
            |name: &str| PolicyArn::parse(&format!("arn:aws:iam::aws:policy/{name}")).expect("an ARN");
        refused(town.ask(attach(built_in("AdministratorAccess"))).await, "one that comes with Keystead");
        town.ask(attach(built_in("KeysteadKeyUser"))).await.expect("one duty");
        town.ask(attach(policy)).await.expect("one duty");

        let of_key = |actions: &str| {
            format!(
                r#"{{"Version": "2012-10-17", "Statement": [
                    {{"Effect": "Allow", "Principal": {{"AWS": "arn:aws:iam::111122223333:root"}}, "Action": "kms:*", "Resource": "*"}},
                    {{"Effect": "Allow", "Principal": {{"AWS": "arn:aws:iam::111122223333:user/alice"}}, "Action": {actions},
                      "Resource": "*"}}]}}"#
            )
        };
        let make = async |actions: &str| {
            town.house.key_with(&town.house.call(), &town.root, Some(&of_key(actions))).await.map(drop)
        };
        refused(make(r#"["kms:Decrypt", "kms:PutKeyPolicy"]"#).await, "a key's policy");
        make(r#""kms:Decrypt""#).await.expect("one duty");
        town.ask(put(AccountSettings::default())).await.expect("they are taken back");
        town.ask(inline(both)).await.expect("nobody minds any more");
    });
}

#[test]
fn a_key_policy_may_know_its_administrator_by_a_tag() {
    run(async {
        let town = Town::new().await;
        let admin = town.user("admin").await;
        town.let_user("admin", "own", ALLOW).await;
        let policy = r#"{"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/admin"}, "Action": "kms:*", "Resource": "*",
             "Condition": {"StringEquals": {"aws:PrincipalTag/duty": "keys"}}}]}"#;
        let make = async || town.house.key_with(&town.house.call(), &admin, Some(policy)).await.map(drop);
        assert!(matches!(make().await, Err(Error::MalformedPolicy(_))), "it would lock its maker out");
        let tag = TagUser { entity: user("admin"), tags: tags(&[("duty", "keys")]) };
        town.ask(tag).await.expect("it is tagged");
        make().await.expect("its maker can go on changing it");
    });
}
