//! What is taken away is out of force with the very next request.

use super::house::{new_role, new_user, run};
use super::*;

fn in_session(principal: Principal, id: &str, policies: Vec<SessionPolicy>) -> Arc<Caller> {
    let session = Session {
        issued: Timestamp(1),
        expires: Timestamp(u64::MAX),
        opened_by: None,
        policies: policies.into(),
        tags: Tags::default(),
        transitive: Box::default(),
        source_identity: None,
        provider: None,
        mfa: None,
    };
    Arc::new(Caller::in_session(principal, AccessKeyId::parse(id).expect("an id"), Arc::new(session)))
}

#[test]
fn what_is_detached_deleted_or_left_counts_no_more() {
    run(async {
        let town = Town::new().await;
        let alice = town.user("alice").await;
        let policy = town.policy("uses", ALLOW).await;
        let shut = async |what: &str| {
            assert_eq!(town.is_shut_for(&alice).await, Why::NoIdentityStatement, "{what}");
        };

        let (holder, inline) = (user("alice"), policy_name("own"));
        town.let_user("alice", "own", ALLOW).await;
        town.opens_for(&alice, "an inline policy").await;
        town.ask(DeleteUserPolicy { holder: holder.clone(), policy: inline }).await.expect("it goes");
        shut("the inline policy is deleted").await;

        let attach = AttachUserPolicy { holder: holder.clone(), policy: policy.clone() };
        town.ask(attach).await.expect("it is attached");
        town.opens_for(&alice, "a managed policy").await;
        let version =
            CreatePolicyVersion { policy: policy.clone(), document: document(DENY), set_as_default: true };
        town.ask(version).await.expect("a version");
        assert_eq!(town.is_shut_for(&alice).await, Why::IdentityDeny);
        let back = SetDefaultPolicyVersion { policy: policy.clone(), version: VersionId::FIRST };
        town.ask(back).await.expect("the version before");
        town.opens_for(&alice, "the version before").await;
        let detach = DetachUserPolicy { holder: holder.clone(), policy: policy.clone() };
        town.ask(detach).await.expect("it is detached");
        shut("the managed policy is detached").await;

        town.group("ops", &["alice"]).await;
        let (holder, user) = (group("ops"), holder);
        let attach = AttachGroupPolicy { holder: holder.clone(), policy: policy.clone() };
        town.ask(attach).await.expect("it is attached");
        town.opens_for(&alice, "a policy of a group").await;
        let detach = DetachGroupPolicy { holder: holder.clone(), policy: policy.clone() };
        town.ask(detach).await.expect("it is detached");
        shut("it is taken off the group").await;
        let attach = AttachGroupPolicy { holder: holder.clone(), policy };
        town.ask(attach).await.expect("it is attached");
        town.opens_for(&alice, "a policy of a group").await;
        town.ask(RemoveUserFromGroup { group: holder, user }).await.expect("she leaves");
        shut("she has left the group").await;
    });
}

#[test]
fn a_user_who_was_deleted_or_made_anew_is_nobody() {
    run(async {
        let town = Town::new().await;
        let alice = town.user("alice").await;
        town.decrypt(&alice).await.expect_err("no policy yet");
        town.ask(DeleteUser { name: user("alice") }).await.expect("she is deleted");
        assert_eq!(town.decrypt(&alice).await, Err(Error::UnknownAccessKey));
        let anew = town.user("alice").await;
        town.let_user("alice", "own", ALLOW).await;
        town.opens_for(&anew, "the new one").await;
        assert_eq!(town.decrypt(&alice).await, Err(Error::UnknownAccessKey), "the old one");
        let rename = UpdateUser { name: user("alice"), new_name: Some(user("carol")), new_path: None };
        town.ask(rename).await.expect("she is renamed");
        assert_eq!(town.decrypt(&anew).await, Err(Error::UnknownAccessKey), "by a name she has no more");
        let last = town.house.records();
        let last = last.last().expect("a record");
        assert_eq!(&*last.action, "kms:Decrypt", "refusals of nobody are recorded, too");
    });
}

#[test]
fn sessions_end_with_their_role_also_if_there_is_one_of_its_name_again() {
    run(async {
        let town = Town::new().await;
        let lasting = town.in_role("app").await;
        let app = in_session(lasting.principal.clone(), "ASIAONE", Vec::new());
        town.let_role("app", ALLOW).await;
        town.opens_for(&app, "its policy").await;
        let op = DeleteRolePolicy { holder: role("app"), policy: policy_name("own") };
        town.ask(op).await.expect("it goes");
        assert_eq!(town.is_shut_for(&app).await, Why::NoIdentityStatement);
        town.ask(DeleteRole { name: role("app") }).await.expect("the role goes");
        assert_eq!(town.decrypt(&app).await, Err(Error::BadSessionToken));
        town.ask(new_role(role("app"))).await.expect("a role of the same name");
        town.let_role("app", ALLOW).await;
        assert_eq!(town.decrypt(&app).await, Err(Error::BadSessionToken));
        town.opens_for(&town.in_role("app").await, "a session of the new one").await;
    });
}

#[test]
fn policies_of_a_session_narrow_it_as_they_stand_now() {
    run(async {
        let town = Town::new().await;
        let lasting = town.in_role("app").await;
        town.let_role("app", ALLOW).await;
        let describes = document(r#"{"Effect": "Allow", "Action": "kms:DescribeKey", "Resource": "*"}"#);
        let narrow = vec![SessionPolicy::Inline((*describes).into())];
        let narrow = in_session(lasting.principal.clone(), "ASIAONE", narrow);
        assert_eq!(town.is_shut_for(&narrow).await, Why::NoSessionStatement);

        let policy = town.policy("uses", ALLOW).await;
        let managed = vec![SessionPolicy::Managed(policy.to_string().into())];
        let managed = in_session(lasting.principal.clone(), "ASIATWO", managed);
        town.opens_for(&managed, "a managed policy").await;
        let version =
            CreatePolicyVersion { policy: policy.clone(), document: document(DENY), set_as_default: true };
        let version = town.ask(version).await.expect("a version").version;
        assert_eq!(town.is_shut_for(&managed).await, Why::SessionDeny);
        let back = SetDefaultPolicyVersion { policy: policy.clone(), version: VersionId::FIRST };
        town.ask(back).await.expect("the version before");
        town.ask(DeletePolicyVersion { policy: policy.clone(), version }).await.expect("it goes");
        town.opens_for(&managed, "the version before").await;
        // What it denied nobody knows any more, so nothing is allowed.
        town.ask(DeletePolicy { policy }).await.expect("nobody has it attached");
        assert_eq!(town.decrypt(&managed).await, Err(Error::BadSessionToken));
    });
}

#[test]
fn a_federated_user_has_what_its_policies_and_its_user_have() {
    run(async {
        let town = Town::new().await;
        let alice = town.user("alice").await;
        let account = AccountId::from_number(ACCOUNT).expect("twelve digits");
        let guest = |opened_by: Option<Principal>, policies: &[&str]| {
            let inline = |text: &&str| SessionPolicy::Inline((*document(text)).into());
            let id = format!("ASIA{}", policies.len());
            let caller = in_session(
                Principal::FederatedUser { account, name: "guest".into() },
                &id,
                policies.iter().map(inline).collect(),
            );
            let session = Session { opened_by, ..(**caller.session.as_ref().expect("a session")).clone() };
            Arc::new(Caller { session: Some(Arc::new(session)), ..(*caller).clone() })
        };
        let of_alice = guest(Some(alice.principal.clone()), &[ALLOW]);
        assert_eq!(town.is_shut_for(&of_alice).await, Why::NoIdentityStatement);
        town.let_user("alice", "own", ALLOW).await;
        town.opens_for(&of_alice, "both allow").await;
        assert_eq!(
            town.is_shut_for(&guest(Some(alice.principal.clone()), &[])).await,
            Why::NoSessionStatement
        );
        town.opens_for(&guest(Some(town.root.principal.clone()), &[ALLOW]), "the root's guest").await;
        // Nobody, somebody of another account, and somebody who cannot have opened it.
        let stranger = town.house.account(444_455_556_666).await.0.principal.clone();
        let app = town.in_role("app").await.principal.clone();
        for odd in [None, Some(stranger), Some(app)] {
            assert_eq!(town.decrypt(&guest(odd, &[ALLOW])).await, Err(Error::BadSessionToken));
        }
        let op = DeleteUserPolicy { holder: user("alice"), policy: policy_name("own") };
        town.ask(op).await.expect("it goes");
        town.ask(DeleteUser { name: user("alice") }).await.expect("she is deleted");
        assert_eq!(town.decrypt(&of_alice).await, Err(Error::BadSessionToken), "her guests go with her");
    });
}

/// Many change a directory while others are decided about by it: whoever was answered that a denial stands is denied
/// from then on, however many views are being made at the time.
#[test]
fn a_denial_that_was_answered_counts_for_everybody_at_once() {
    let town = run(Town::new());
    let rounds = async |name: &str| {
        let caller = town.user(name).await;
        town.let_user(name, "own", ALLOW).await;
        for round in 0..25 {
            town.opens_for(&caller, name).await;
            town.let_user(name, "never", DENY).await;
            assert_eq!(town.is_shut_for(&caller).await, Why::IdentityDeny, "{name} in round {round}");
            let op = DeleteUserPolicy { holder: user(name), policy: policy_name("never") };
            town.ask(op).await.expect("it goes");
        }
    };
    std::thread::scope(|scope| {
        for name in ["alice", "bob", "carol", "dave"] {
            let rounds = &rounds;
            scope.spawn(move || run(rounds(name)));
        }
    });
}

#[test]
fn a_user_is_made_once_however_many_make_it_at_the_same_time() {
    let town = run(Town::new());
    let made = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for number in 0..16usize {
            let (town, made) = (&town, &made);
            let name = if number.is_multiple_of(2) { "alice" } else { "ALICE" };
            scope.spawn(move || match run(town.ask(new_user(user(name)))) {
                Ok(_) => drop(made.fetch_add(1, std::sync::atomic::Ordering::SeqCst)),
                Err(Error::EntityExists(_)) => {}
                Err(other) => panic!("{other:?}"),
            });
        }
    });
    assert_eq!(made.into_inner(), 1);
}
