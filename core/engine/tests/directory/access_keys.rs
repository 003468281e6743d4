//! Access keys of users and of the root.

use keystead_engine::NewAccessKey;

use super::house::{run, sign};
use super::*;

/// Proves oneself to a service with an access key, as a client does.
pub async fn prove(house: &House, key: &NewAccessKey, service: &str) -> Result<Arc<Caller>, Error> {
    let (day, text) = (b"20270115", b"AWS4-HMAC-SHA256\n...");
    let signature = sign(key.secret.expose(), day, "eu-central-1", service, text);
    let proof = Proof::SigV4(SigV4Proof {
        access_key: key.id.as_str(),
        session_token: None,
        day,
        region: "eu-central-1",
        service,
        string_to_sign: text,
        signature: &signature,
    });
    house.engine.identify(&house.call(), Action::Encrypt, &proof).await
}

fn create(name: &str) -> CreateAccessKey {
    CreateAccessKey { user: Some(user(name)) }
}

fn switch(name: &str, key: &AccessKeyId, active: bool) -> UpdateAccessKey {
    UpdateAccessKey { user: Some(user(name)), key: key.clone(), active }
}

fn delete(name: &str, key: &AccessKeyId) -> DeleteAccessKey {
    DeleteAccessKey { user: Some(user(name)), key: key.clone() }
}

async fn last_use(town: &Town, key: &AccessKeyId) -> Option<AccessKeyUse> {
    town.ask(GetAccessKeyLastUsed { key: key.clone() }).await.expect("it is told").last
}

#[test]
fn an_access_key_proves_its_user_while_it_is_switched_on() {
    run(async {
        let town = Town::new().await;
        let alice = town.user("alice").await;
        let made = town.ask(create("alice")).await.expect("a key");
        assert!(made.key.id.as_str().starts_with("AKIA"));
        let caller = prove(&town.house, &made.key, "kms").await.expect("it proves");
        assert_eq!((&caller.principal, &caller.access_key), (&alice.principal, &Some(made.key.id.clone())));

        town.ask(switch("alice", &made.key.id, false)).await.expect("it is off");
        assert_eq!(prove(&town.house, &made.key, "kms").await, Err(Error::UnknownAccessKey));
        town.ask(switch("alice", &made.key.id, true)).await.expect("it is on");
        prove(&town.house, &made.key, "kms").await.expect("it proves again");
        town.ask(delete("alice", &made.key.id)).await.expect("it is deleted");
        assert_eq!(prove(&town.house, &made.key, "kms").await, Err(Error::UnknownAccessKey));
        assert!(is_missing(&town.ask(delete("alice", &made.key.id)).await));
    });
}

#[test]
fn a_user_has_two_access_keys_at_most_and_they_are_listed_oldest_first() {
    run(async {
        let town = Town::new().await;
        town.user("alice").await;
        let one = town.ask(create("alice")).await.expect("a key").key.id;
        town.house.clock.move_days(1);
        let two = town.ask(create("alice")).await.expect("a key").key.id;
        assert!(matches!(town.ask(create("alice")).await, Err(Error::LimitExceeded(_))));
        town.ask(switch("alice", &one, false)).await.expect("it is off");
        let page = |marker| ListAccessKeys { user: Some(user("alice")), page: of_page(1, marker) };
        let first = town.ask(page(None)).await.expect("a page");
        assert_eq!((first.items[0].id.clone(), first.items[0].active), (one.clone(), false));
        let second = town.ask(page(first.next)).await.expect("a page");
        assert_eq!((second.items[0].id.clone(), second.items[0].active, second.next), (two, true, None));
        assert_eq!(town.ask(page(Some("AKIAX".into()))).await, Err(Error::InvalidMarker));
        town.ask(delete("alice", &one)).await.expect("it is deleted");
        town.ask(create("alice")).await.expect("there is room again");
    });
}

#[test]
fn the_key_of_another_user_is_not_ones_own() {
    run(async {
        let town = Town::new().await;
        town.user("alice").await;
        town.user("bob").await;
        let key = town.ask(create("alice")).await.expect("a key").key.id;
        assert!(is_missing(&town.ask(switch("bob", &key, false)).await));
        assert!(is_missing(&town.ask(delete("bob", &key)).await));
        let (stranger, _) = town.house.account(444_455_556_666).await;
        let told = town.ask_as(&stranger, GetAccessKeyLastUsed { key: key.clone() }).await;
        assert!(is_missing(&told), "nor that of another account: {told:?}");
        assert_eq!(&*town.ask(GetAccessKeyLastUsed { key }).await.expect("it is told").user, "alice");
    });
}

#[test]
fn a_user_looks_after_its_own_keys_without_naming_itself() {
    run(async {
        let town = Town::new().await;
        let alice = town.user("alice").await;
        let own = r#"{"Effect": "Allow", "Action": "iam:*AccessKey*", "Resource": "arn:aws:iam::*:user/${aws:username}"}"#;
        town.let_user("alice", "own", own).await;
        let made = town.ask_as(&alice, CreateAccessKey { user: None }).await.expect("a key of its own");
        assert_eq!(&*made.user, "alice");
        let op = UpdateAccessKey { user: None, key: made.key.id.clone(), active: false };
        town.ask_as(&alice, op).await.expect("it is switched off");
        let list = ListAccessKeys { user: None, page: PageRequest::default() };
        assert_eq!(town.ask_as(&alice, list).await.expect("a list").items.len(), 1);
        town.ask_as(&alice, DeleteAccessKey { user: None, key: made.key.id }).await.expect("it is deleted");
    });
}

#[test]
fn the_root_looks_after_its_own_keys_and_sees_no_other_accounts() {
    run(async {
        let town = Town::new().await;
        let (other, other_key) = town.house.account(444_455_556_666).await;
        let list = || ListAccessKeys { user: None, page: PageRequest::default() };
        let first = town.ask(list()).await.expect("a list").items;
        assert_eq!((first.len(), &*first[0].user), (1, ""));
        let made = town.ask(CreateAccessKey { user: None }).await.expect("one more");
        assert_eq!(
            prove(&town.house, &made.key, "kms").await.expect("it proves").principal,
            town.root.principal
        );
        assert!(matches!(town.ask(CreateAccessKey { user: None }).await, Err(Error::LimitExceeded(_))));
        assert!(is_missing(&town.ask(DeleteAccessKey { user: None, key: other_key.id.clone() }).await));
        assert_eq!(town.ask_as(&other, list()).await.expect("a list").items[0].id, other_key.id);
        town.ask(DeleteAccessKey { user: None, key: made.key.id.clone() }).await.expect("it is deleted");
        assert_eq!(prove(&town.house, &made.key, "kms").await, Err(Error::UnknownAccessKey));
    });
}

#[test]
fn the_last_use_of_a_key_is_told_to_the_minute_and_outlives_a_stop() {
    run(async {
        let (store, disk) = (Arc::new(MemoryStore::new()), Arc::new(MemoryDisk::new()));
        let house = House::over(store.clone(), disk.clone(), &ROOT, 1).expect("it opens");
        let town = Town::of(house, None).await;
        town.user("alice").await;
        let key = town.ask(create("alice")).await.expect("a key").key;
        assert_eq!(last_use(&town, &key.id).await, None);
        prove(&town.house, &key, "kms").await.expect("it proves");
        let told = last_use(&town, &key.id).await.expect("it was used");
        assert_eq!((&*told.service, &*told.location), ("kms", "eu-central-1"));
        assert_eq!(told.at.0, town.house.clock.time().0 / 60_000 * 60_000);
        town.house.clock.move_days(1);
        prove(&town.house, &key, "kms").await.expect("it proves");
        let newer = last_use(&town, &key.id).await.expect("it was used");
        assert!(newer.at > told.at);

        let Town { house, root, key: arn, sealed } = town;
        house.close();
        let house = House::over(store.clone(), disk, &ROOT, 2).expect("it opens again");
        let town = Town { house, root, key: arn, sealed };
        assert_eq!(last_use(&town, &key.id).await, Some(newer));
        town.ask(delete("alice", &key.id)).await.expect("it is deleted");
        assert!(is_missing(&town.ask(GetAccessKeyLastUsed { key: key.id }).await));
        assert!(store.scan(b"uc", None, 10).expect("the store reads").is_empty());
    });
}

#[test]
fn a_use_that_was_not_proved_is_none() {
    run(async {
        let town = Town::new().await;
        town.user("alice").await;
        let key = town.ask(create("alice")).await.expect("a key").key;
        let forged =
            NewAccessKey { id: key.id.clone(), secret: keystead_engine::SecretBytes::copy_from(b"x") };
        assert_eq!(prove(&town.house, &forged, "kms").await, Err(Error::BadSignature));
        assert_eq!(last_use(&town, &key.id).await, None);
    });
}
