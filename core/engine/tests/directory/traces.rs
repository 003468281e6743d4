//! What is left of a directory: nothing once everything in it is deleted, and nothing that was changed from outside.

use keystead_engine::VaultError;
use keystead_store::{Expect, Record, RecordId, Transaction, Write};

use super::house::run;
use super::*;

/// All rows that a directory has.
fn rows(store: &MemoryStore) -> Vec<(RecordId, Record)> {
    let of = |prefix: &[u8]| store.scan(prefix, None, 1000).expect("the store reads");
    [&b"i"[..], b"n", b"uc", b"ur"].into_iter().flat_map(of).collect()
}

#[test]
fn a_directory_whose_things_were_all_deleted_leaves_no_row() {
    run(async {
        let (store, disk) = (Arc::new(MemoryStore::new()), Arc::new(MemoryDisk::new()));
        let house = House::over(store.clone(), disk, &ROOT, 1).expect("it opens");
        let town = Town::of(house, None).await;
        let keys_before = store.scan(b"c", None, 10).expect("the store reads").len();
        assert!(rows(&store).is_empty());

        town.user("alice").await;
        town.group("ops", &["alice"]).await;
        let app = town.in_role("app").await;
        let policy = town.policy("uses", ALLOW).await;
        town.ask(AttachRolePolicy { holder: role("app"), policy: policy.clone() }).await.expect("attached");
        let op = PutRolePermissionsBoundary { holder: role("app"), boundary: policy.clone() };
        town.ask(op).await.expect("a boundary");
        town.opens_for(&app, "its policy").await;
        let key = town.ask(CreateAccessKey { user: Some(user("alice")) }).await.expect("a key").key;
        access_keys::prove(&town.house, &key, "kms").await.expect("it proves");
        let provider = CreateOpenIdConnectProvider {
            url: "https://token.example.com".into(),
            client_ids: vec!["app".into()],
            thumbprints: Vec::new(),
            tags: Tags::default(),
        };
        let provider = town.ask(provider).await.expect("a provider").arn;
        let device = CreateVirtualMfaDevice {
            name: MfaName::parse("phone").expect("a name"),
            path: IamPath::default(),
            tags: Tags::default(),
        };
        let device = town.ask(device).await.expect("a device").serial;
        town.ask(CreateAccountAlias { alias: "example".into() }).await.expect("an alias");
        assert!(rows(&store).len() >= 7);

        town.ask(DeleteAccountAlias { alias: "example".into() }).await.expect("it goes");
        town.ask(DeleteVirtualMfaDevice { serial: device }).await.expect("it goes");
        town.ask(DeleteOpenIdConnectProvider { provider }).await.expect("it goes");
        town.ask(DeleteAccessKey { user: Some(user("alice")), key: key.id }).await.expect("it goes");
        town.ask(RemoveUserFromGroup { group: group("ops"), user: user("alice") }).await.expect("she leaves");
        town.ask(DeleteUser { name: user("alice") }).await.expect("she goes");
        town.ask(DeleteGroup { name: group("ops") }).await.expect("it goes");
        let detach = DetachRolePolicy { holder: role("app"), policy: policy.clone() };
        town.ask(detach).await.expect("it is detached");
        town.ask(DeleteRole { name: role("app") }).await.expect("it goes");
        town.ask(DeletePolicy { policy }).await.expect("it goes");

        town.house.engine.verify().expect("it is sound");
        town.house.close();
        // What an account has laid down stays: nothing.
        let left: Vec<String> =
            rows(&store).into_iter().map(|(id, _)| id.as_bytes().escape_ascii().to_string()).collect();
        assert!(left.iter().all(|row| row.ends_with('s')), "{left:?}");
        assert!(left.len() <= 1, "{left:?}");
        assert_eq!(store.scan(b"c", None, 10).expect("the store reads").len(), keys_before);
    });
}

#[test]
fn a_row_of_a_directory_that_was_changed_from_outside_lets_nobody_in() {
    run(async {
        let (store, disk) = (Arc::new(MemoryStore::new()), Arc::new(MemoryDisk::new()));
        let house = House::over(store.clone(), disk.clone(), &ROOT, 1).expect("it opens");
        let town = Town::of(house, None).await;
        let alice = town.user("alice").await;
        let find = |store: &MemoryStore| {
            let rows = rows(store);
            rows.into_iter().find(|(id, _)| id.as_bytes().ends_with(b"ualice")).expect("her row")
        };
        town.let_user("alice", "own", ALLOW).await;
        let (id, allowing) = find(&store);
        town.opens_for(&alice, "she may").await;
        let op = DeleteUserPolicy { holder: user("alice"), policy: policy_name("own") };
        town.ask(op).await.expect("it goes");
        assert_eq!(town.is_shut_for(&alice).await, Why::NoIdentityStatement);
        let Town { house, root, key, sealed } = town;
        house.close();

        let write = |bytes: &[u8]| {
            let put = Some(bytes.into());
            let write = Write { id: id.clone(), expect: Expect::Any, put, erasable: false };
            store.commit(Transaction(vec![write])).expect("the store writes");
        };
        let (_, newest) = find(&store);
        let mut edited = newest.bytes.to_vec();
        *edited.last_mut().expect("bytes") ^= 1;
        for (what, bytes) in [("put back", &*allowing.bytes), ("edited", &edited)] {
            write(bytes);
            let house = House::over(store.clone(), disk.clone(), &ROOT, 2).expect("it opens");
            let town = Town { house, root: root.clone(), key: key.clone(), sealed: sealed.clone() };
            assert_eq!(town.decrypt(&alice).await, Err(Error::Internal), "{what}");
            let Err(VaultError::Tampered(name)) = town.house.engine.verify() else { panic!("{what}") };
            assert_eq!(&*name, "user row alice of account 111122223333", "{what}");
            town.house.close();
        }
        write(&newest.bytes);
        let house = House::over(store.clone(), disk, &ROOT, 3).expect("it opens");
        house.engine.verify().expect("it is sound again");
    });
}
