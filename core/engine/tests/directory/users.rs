//! Users come, are renamed and go.

use super::house::{new_user, run};
use super::*;

fn new(name: &str) -> CreateUser {
    new_user(user(name))
}

#[test]
fn a_user_is_read_as_it_was_made() {
    run(async {
        let town = Town::new().await;
        let op = CreateUser { path: path("/team/"), tags: tags(&[("team", "a")]), ..new("Alice") };
        let made = town.ask(op).await.expect("it is made");
        assert!(made.id.starts_with("AIDA") && made.id.len() == 21, "{}", made.id);
        assert_eq!(&*made.arn, "arn:aws:iam::111122223333:user/team/Alice");
        assert_eq!((made.created, &made.tags), (town.house.clock.time(), &tags(&[("team", "a")])));
        for name in ["Alice", "alice", "ALICE"] {
            let read = town.ask(GetUser { name: Some(user(name)) }).await;
            assert_eq!(read.as_ref(), Ok(&made), "{name}");
        }
        assert!(is_missing(&town.ask(GetUser { name: Some(user("bob")) }).await));
    });
}

#[test]
fn whoever_asks_without_a_name_reads_itself() {
    run(async {
        let town = Town::new().await;
        let root = town.ask(GetUser { name: None }).await.expect("the root");
        assert_eq!((&*root.id, &*root.name), ("111122223333", ""));
        assert_eq!(&*root.arn, "arn:aws:iam::111122223333:root");
        let alice = town.user("alice").await;
        assert!(is_denied(&town.ask_as(&alice, GetUser { name: None }).await));
        let own = r#"{"Effect": "Allow", "Action": "iam:GetUser", "Resource": "arn:aws:iam::*:user/${aws:username}"}"#;
        town.let_user("alice", "own", own).await;
        assert_eq!(&*town.ask_as(&alice, GetUser { name: None }).await.expect("itself").name, "alice");
        town.user("bob").await;
        assert!(is_denied(&town.ask_as(&alice, GetUser { name: Some(user("bob")) }).await));
        // That there is no such user is not told to whom nothing may be told of it.
        assert!(is_denied(&town.ask_as(&alice, GetUser { name: Some(user("carol")) }).await));
    });
}

#[test]
fn a_name_is_taken_in_every_case_of_its_letters() {
    run(async {
        let town = Town::new().await;
        town.user("Alice").await;
        for name in ["Alice", "alice", "ALICE"] {
            assert!(matches!(town.ask(new(name)).await, Err(Error::EntityExists(_))), "{name}");
        }
        town.user("bob").await;
        let rename = |to: &str| UpdateUser { name: user("bob"), new_name: Some(user(to)), new_path: None };
        assert!(matches!(town.ask(rename("aLICE")).await, Err(Error::EntityExists(_))));
        town.ask(rename("BOB")).await.expect("its own name in other letters");
        assert_eq!(&*town.ask(GetUser { name: Some(user("bob")) }).await.expect("it is there").name, "BOB");
    });
}

#[test]
fn users_are_listed_by_name_page_by_page_and_by_path() {
    run(async {
        let town = Town::new().await;
        for name in ["delta", "Alpha", "charlie", "Bravo", "echo"] {
            let path = if name == "charlie" { path("/team/") } else { IamPath::default() };
            town.ask(CreateUser { path, ..new(name) }).await.expect("it is made");
        }
        let (mut found, mut marker) = (Vec::new(), None);
        loop {
            let page = ListUsers { path_prefix: None, page: of_page(2, marker) };
            let page = town.ask(page).await.expect("a page");
            assert!(page.items.len() <= 2);
            found.extend(page.items.into_iter().map(|user| user.name));
            marker = page.next;
            if marker.is_none() {
                break;
            }
        }
        assert_eq!(found, ["Alpha", "Bravo", "charlie", "delta", "echo"].map(Box::<str>::from));
        let under = ListUsers { path_prefix: Some("/team/".into()), page: PageRequest::default() };
        let under = town.ask(under).await.expect("a page").items;
        assert_eq!(under.iter().map(|user| &*user.name).collect::<Vec<_>>(), ["charlie"]);
        let odd = ListUsers { path_prefix: None, page: of_page(2, Some("a b".into())) };
        assert_eq!(town.ask(odd).await.err(), Some(Error::InvalidMarker));
    });
}

#[test]
fn a_user_who_has_something_left_is_not_deleted() {
    run(async {
        let town = Town::new().await;
        town.user("alice").await;
        let delete = || DeleteUser { name: user("alice") };
        let refused = async || matches!(town.ask(delete()).await, Err(Error::DeleteConflict(_)));

        town.group("ops", &["alice"]).await;
        assert!(refused().await, "a group");
        let leave = RemoveUserFromGroup { group: group("ops"), user: user("alice") };
        town.ask(leave).await.expect("it leaves");

        town.let_user("alice", "own", ALLOW).await;
        assert!(refused().await, "an inline policy");
        let op = DeleteUserPolicy { holder: user("alice"), policy: policy_name("own") };
        town.ask(op).await.expect("it goes");

        let policy = town.policy("reads", ALLOW).await;
        let attach = AttachUserPolicy { holder: user("alice"), policy: policy.clone() };
        town.ask(attach).await.expect("it is attached");
        assert!(refused().await, "a managed policy");
        let detach = DetachUserPolicy { holder: user("alice"), policy: policy.clone() };
        town.ask(detach).await.expect("it is detached");

        let key = town.ask(CreateAccessKey { user: Some(user("alice")) }).await.expect("a key").key.id;
        assert!(refused().await, "an access key");
        town.ask(DeleteAccessKey { user: Some(user("alice")), key }).await.expect("it is deleted");

        // A boundary goes with its user, and is free again.
        let bound = PutUserPermissionsBoundary { holder: user("alice"), boundary: policy.clone() };
        town.ask(bound).await.expect("a boundary");
        assert!(matches!(
            town.ask(DeletePolicy { policy: policy.clone() }).await,
            Err(Error::DeleteConflict(_))
        ));
        town.ask(delete()).await.expect("nothing is left");
        town.ask(DeletePolicy { policy }).await.expect("nobody has it");
        assert!(is_missing(&town.ask(delete()).await));
    });
}

#[test]
fn a_user_with_another_name_and_path_stays_in_its_groups_and_keeps_its_keys_and_policies() {
    run(async {
        let town = Town::new().await;
        town.user("alice").await;
        town.group("ops", &["alice"]).await;
        town.let_user("alice", "own", ALLOW).await;
        let key = town.ask(CreateAccessKey { user: Some(user("alice")) }).await.expect("a key").key;
        let rename =
            UpdateUser { name: user("alice"), new_name: Some(user("carol")), new_path: Some(path("/team/")) };
        town.ask(rename).await.expect("it is renamed");
        assert!(is_missing(&town.ask(GetUser { name: Some(user("alice")) }).await));
        let members = GetGroup { name: group("ops"), page: PageRequest::default() };
        let members = town.ask(members).await.expect("the group").users.items;
        assert_eq!(members.iter().map(|user| &*user.name).collect::<Vec<_>>(), ["carol"]);
        let caller = access_keys::prove(&town.house, &key, "kms").await.expect("it proves");
        assert_eq!(&*caller.arn, "arn:aws:iam::111122223333:user/team/carol");
        town.opens_for(&caller, "its policies came along").await;
        let leave = RemoveUserFromGroup { group: group("ops"), user: user("carol") };
        town.ask(leave).await.expect("it is in the group by its new name");
    });
}

#[test]
fn renaming_takes_the_permission_on_both_names() {
    run(async {
        let town = Town::new().await;
        let admin = town.user("admin").await;
        let team =
            r#"{"Effect": "Allow", "Action": "iam:*", "Resource": "arn:aws:iam::111122223333:user/team/*"}"#;
        town.let_user("admin", "team", team).await;
        let made = CreateUser { path: path("/team/"), ..new("bob") };
        town.ask_as(&admin, made).await.expect("within the team");
        assert!(is_denied(&town.ask_as(&admin, new("carol")).await), "not outside of it");
        let moved = |to: &str| UpdateUser { name: user("bob"), new_name: None, new_path: Some(path(to)) };
        assert!(is_denied(&town.ask_as(&admin, moved("/board/")).await));
        town.ask_as(&admin, moved("/team/one/")).await.expect("within the team");
    });
}

#[test]
fn another_accounts_directory_is_out_of_reach() {
    run(async {
        let town = Town::new().await;
        let (stranger, _) = town.house.account(444_455_556_666).await;
        town.user("alice").await;
        let policy = town.policy("reads", ALLOW).await;
        assert!(is_missing(&town.ask_as(&stranger, GetUser { name: Some(user("alice")) }).await));
        let read = town.ask_as(&stranger, GetPolicy { policy: policy.clone() }).await;
        let Err(Error::Denied(denial)) = read else { panic!("{read:?}") };
        assert_eq!(denial.why, Why::Foreign);
        town.ask_as(&stranger, new("eve")).await.expect("a user of its own");
        let attach = AttachUserPolicy { holder: user("eve"), policy };
        assert!(town.ask_as(&stranger, attach).await.is_err());
    });
}

#[test]
fn everything_is_there_after_a_restart() {
    run(async {
        let (store, disk) = (Arc::new(MemoryStore::new()), Arc::new(MemoryDisk::new()));
        let house = House::over(store.clone(), disk.clone(), &ROOT, 1).expect("it opens");
        let town = Town::of(house, None).await;
        let alice = town.user("alice").await;
        town.group("ops", &["alice"]).await;
        let policy = town.policy("reads", ALLOW).await;
        town.ask(AttachGroupPolicy { holder: group("ops"), policy }).await.expect("it is attached");
        let key = town.ask(CreateAccessKey { user: Some(user("alice")) }).await.expect("a key").key;
        let Town { house, root, key: arn, sealed } = town;
        house.close();
        let house = House::over(store, disk, &ROOT, 2).expect("it opens again");
        let town = Town { house, root, key: arn, sealed };
        town.opens_for(&alice, "by the policy of its group").await;
        let caller = access_keys::prove(&town.house, &key, "kms").await.expect("it proves");
        assert_eq!(caller.principal, alice.principal);
        town.house.engine.verify().expect("it is sound");
    });
}
