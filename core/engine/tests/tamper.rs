//! Whoever can write the store file can destroy what is in it, and can change nothing unnoticed: rows that are edited,
//! swapped, replayed, brought back or taken away are refused by name.

mod house;

use std::collections::HashSet;
use std::sync::Arc;

use house::{House, ROOT, run};
use keystead_engine::VaultError;
use keystead_engine::ops::*;
use keystead_model::*;
use keystead_store::disk::{MemoryDisk, TornDisk};
use keystead_store::{Expect, MemoryStore, Record, RecordId, Store, Transaction, Write};

struct Scene {
    store: Arc<MemoryStore>,
    disk: Arc<MemoryDisk>,
    root: Arc<Caller>,
    one: KeyMetadata,
    two: KeyMetadata,
}

impl Scene {
    /// Two keys, the first of which was changed once.
    async fn new() -> Self {
        let (store, disk) = (Arc::new(MemoryStore::new()), Arc::new(MemoryDisk::new()));
        let house = House::over(store.clone(), disk.clone(), &ROOT, 1).expect("it opens");
        let (root, _) = house.account(1).await;
        let (one, two) = (house.key(&root).await.expect("a key"), house.key(&root).await.expect("a key"));
        house.close();
        let scene = Self { store, disk, root, one, two };
        scene.describe(2, "second words").await;
        scene
    }

    async fn describe(&self, seed: u64, words: &str) {
        let house = self.open(seed);
        let op = UpdateKeyDescription { key: KeyRef::Id(self.one.arn.key), description: words.into() };
        let permit = house.engine.authorise(&house.call(), &self.root, op).await.expect("allowed");
        house.engine.update_key_description(permit).await.expect("it is changed");
        house.close();
    }

    fn open(&self, seed: u64) -> House {
        House::over(self.store.clone(), self.disk.clone(), &ROOT, seed).expect("it opens")
    }

    fn row(&self, key: &KeyMetadata) -> (RecordId, Record) {
        let id = self.id(key);
        let record = self.store.get(&id).expect("the store reads").expect("the row is there");
        (id, record)
    }

    fn id(&self, key: &KeyMetadata) -> RecordId {
        let rows = self.store.scan(b"k", None, 10).expect("the store reads");
        let named = |id: &RecordId| id.as_bytes().ends_with(key.arn.key.bytes());
        rows.into_iter().map(|(id, _)| id).find(named).expect("the row is there")
    }

    fn write(&self, id: RecordId, bytes: Option<&[u8]>) {
        let write = Write { id, expect: Expect::Any, put: bytes.map(Into::into), erasable: false };
        self.store.commit(Transaction(vec![write])).expect("the store writes");
    }

    /// What is found, and what a caller is told, about the first key.
    async fn seen(&self, seed: u64) -> (Result<u64, VaultError>, Result<KeyMetadata, Error>) {
        let house = self.open(seed);
        let op = DescribeKey { key: KeyRef::Id(self.one.arn.key), grant_tokens: Vec::new() };
        let told = match house.engine.authorise(&house.call(), &self.root, op).await {
            Ok(permit) => house.engine.describe_key(permit).await,
            Err(error) => Err(error),
        };
        let found = house.engine.verify();
        house.close();
        (found, told)
    }

    /// The first key's row is refused by name, and its users learn nothing but that the server failed.
    async fn is_noticed(&self, what: &str) {
        let (found, told) = self.seen(3).await;
        let Err(VaultError::Tampered(name)) = found else { panic!("{what}: {found:?}") };
        assert_eq!(&*name, format!("key row {}", self.one.arn), "{what}");
        assert_eq!(told, Err(Error::Internal), "{what}");
    }
}

#[test]
fn an_untouched_store_is_found_sound() {
    run(async {
        let scene = Scene::new().await;
        let (found, told) = scene.seen(3).await;
        assert!(found.expect("it is sound") >= 4);
        assert_eq!(&*told.expect("it is there").description, "second words");
    });
}

#[test]
fn an_edited_row_is_refused_by_name() {
    run(async {
        let scene = Scene::new().await;
        let (id, record) = scene.row(&scene.one);
        for at in [0, 7, 8, 24, 56, record.bytes.len() - 1] {
            let mut bytes = record.bytes.to_vec();
            bytes[at] ^= 1;
            scene.write(id.clone(), Some(&bytes));
            scene.is_noticed("edited").await;
        }
        scene.write(id.clone(), Some(&record.bytes[..7]));
        scene.is_noticed("cut").await;
        scene.write(id, Some(&record.bytes));
        assert!(scene.seen(4).await.0.is_ok());
    });
}

#[test]
fn a_row_put_in_the_place_of_another_is_refused_by_name() {
    run(async {
        let scene = Scene::new().await;
        let (id, _) = scene.row(&scene.one);
        let (_, other) = scene.row(&scene.two);
        scene.write(id, Some(&other.bytes));
        scene.is_noticed("swapped").await;
    });
}

#[test]
fn an_old_row_put_back_whole_is_refused_by_name() {
    run(async {
        let scene = Scene::new().await;
        let (id, old) = scene.row(&scene.one);
        scene.describe(5, "third words").await;
        scene.write(id, Some(&old.bytes));
        scene.is_noticed("replayed").await;
    });
}

#[test]
fn a_changed_row_that_was_taken_away_is_missed_by_name() {
    run(async {
        let scene = Scene::new().await;
        scene.write(scene.id(&scene.one), None);
        let (_, told) = scene.seen(3).await;
        assert_eq!(told, Err(Error::Internal));
    });
}

#[test]
fn a_destroyed_key_that_is_brought_back_is_refused_by_name() {
    run(async {
        let scene = Scene::new().await;
        let (id, old) = scene.row(&scene.one);
        let house = scene.open(6);
        let op = ScheduleKeyDeletion { key: KeyRef::Id(scene.one.arn.key), window_days: Some(7) };
        let permit = house.engine.authorise(&house.call(), &scene.root, op).await.expect("allowed");
        house.engine.schedule_key_deletion(permit).await.expect("scheduled");
        house.clock.move_days(8);
        assert_eq!(house.engine.tick().await.expect("it runs").destroyed, 1);
        house.close();
        scene.write(id, Some(&old.bytes));
        scene.is_noticed("brought back").await;
    });
}

#[test]
fn a_store_put_back_to_an_earlier_state_is_refused_whole() {
    run(async {
        let scene = Scene::new().await;
        let before = scene.store.scan(b"", None, 1000).expect("the store reads");
        scene.describe(5, "third words").await;
        let after = scene.store.scan(b"", None, 1000).expect("the store reads");
        after.iter().for_each(|(id, _)| scene.write(id.clone(), None));
        before.iter().for_each(|(id, record)| scene.write(id.clone(), Some(&record.bytes)));
        let Err(refused) = House::over(scene.store.clone(), scene.disk.clone(), &ROOT, 6) else {
            panic!("yesterday's store was taken");
        };
        assert!(refused.contains("older than the audit log"), "{refused}");
    });
}

#[test]
fn another_root_key_opens_nothing() {
    run(async {
        let scene = Scene::new().await;
        let Err(refused) = House::over(scene.store.clone(), scene.disk.clone(), &[0x22; 32], 6) else {
            panic!("another root key was taken");
        };
        assert!(refused.contains("root key does not open this store"), "{refused}");
    });
}

/// The log's disk fails for a while. Nothing is answered meanwhile, and afterwards every change that was made has its one
/// record, without a restart.
#[test]
fn changes_that_the_log_missed_are_in_it_once_it_works_again() {
    run(async {
        let (store, disk) = (Arc::new(MemoryStore::new()), TornDisk::new(1));
        let house = House::over(store.clone(), Arc::new(disk.clone()), &ROOT, 1).expect("it opens");
        let (root, _) = house.account(1).await;
        for turn in 0..3 {
            house.key(&root).await.expect("a key");
            disk.fail_syncs(true);
            for _ in 0..5 {
                assert!(matches!(house.key(&root).await, Err(Error::Unavailable { .. })), "turn {turn}");
            }
            disk.fail_syncs(false);
            let healed = async || {
                for _ in 0..200 {
                    if house.key(&root).await.is_ok() {
                        return true;
                    }
                    std::thread::sleep(std::time::Duration::from_millis(20));
                }
                false
            };
            assert!(healed().await, "turn {turn}: the log did not come back");
        }
        // The writer sorts the rows out by itself within its idle time.
        std::thread::sleep(std::time::Duration::from_millis(1500));
        let made: Vec<_> = house
            .records()
            .into_iter()
            .filter(|entry| {
                &*entry.action == "kms:CreateKey" && entry.outcome == keystead_audit::Outcome::Success
            })
            .filter_map(|entry| entry.key)
            .collect();
        let permit =
            house.engine.authorise(&house.call(), &root, ListKeys { page: PageRequest::default() }).await;
        let there = house.engine.list_keys(permit.expect("allowed")).await.expect("a list").items;
        let (made_once, there): (HashSet<_>, HashSet<_>) =
            (made.iter().cloned().collect(), there.into_iter().collect());
        assert_eq!(made.len(), made_once.len(), "a record is there twice");
        assert_eq!(made_once, there);
        assert!(
            store.scan(b"o", None, 10).expect("the store reads").is_empty(),
            "outbox rows were left behind"
        );
        house.close();
    });
}
