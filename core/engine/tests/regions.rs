//! The same key in several locations.

mod house;

use std::sync::Arc;

use house::{House, place, run};
use keystead_engine::ops::*;
use keystead_model::*;
use keystead_store::disk::MemoryDisk;

const HOME: &str = "eu-central-1";
const WEST: &str = "eu-west-1";
const EAST: &str = "us-east-1";

macro_rules! ask {
    ($house:expr, $place:expr, $caller:expr, $method:ident, $op:expr) => {
        match $house.engine.authorise(&$house.call_in($place), $caller, $op).await {
            Ok(permit) => $house.engine.$method(permit).await,
            Err(error) => Err(error),
        }
    };
}

struct Scene {
    house: House,
    root: Arc<Caller>,
    key: KeyId,
}

impl Scene {
    /// A primary at home and replicas in these places.
    async fn set(replicas: &[&str]) -> Self {
        let house = House::open(Arc::new(MemoryDisk::new()), 1).expect("it opens");
        let (root, _) = house.account(1).await;
        let op = CreateKey {
            spec: KeySpec::SymmetricDefault,
            usage: KeyUsage::EncryptDecrypt,
            origin: Origin::AwsKms,
            description: "everywhere".into(),
            policy: None,
            tags: Tags::default(),
            multi_region: true,
            key_store: None,
            external_key: None,
            bypass_policy_lockout_safety_check: false,
        };
        let key = ask!(house, HOME, &root, create_key, op).expect("a key").arn.key;
        let scene = Self { house, root, key };
        for place in replicas {
            scene.replicate(place).await.expect("a replica");
        }
        scene
    }

    async fn replicate(&self, to: &str) -> Result<Replicated, Error> {
        let op = ReplicateKey {
            key: KeyRef::Id(self.key),
            location: place(to),
            description: "a replica".into(),
            policy: None,
            tags: Tags::default(),
            bypass_policy_lockout_safety_check: false,
        };
        ask!(self.house, HOME, &self.root, replicate_key, op)
    }

    async fn describe(&self, at: &str) -> Result<KeyMetadata, Error> {
        let op = DescribeKey { key: KeyRef::Id(self.key), grant_tokens: Vec::new() };
        ask!(self.house, at, &self.root, describe_key, op)
    }

    async fn schedule(&self, at: &str) -> Result<ScheduledDeletion, Error> {
        let op = ScheduleKeyDeletion { key: KeyRef::Id(self.key), window_days: Some(7) };
        ask!(self.house, at, &self.root, schedule_key_deletion, op)
    }

    async fn seal(&self, at: &str) -> Vec<u8> {
        let call = self.house.call_in(at);
        let sealed = self.house.encrypt(&call, &self.root, KeyRef::Id(self.key), b"data").await;
        sealed.expect("it seals").ciphertext
    }

    async fn opens(&self, at: &str, ciphertext: &[u8]) -> bool {
        let opened = self.house.decrypt_with(&self.house.call_in(at), &self.root, ciphertext).await;
        opened.is_ok_and(|opened| opened.plaintext.expose() == b"data")
    }
}

fn replicas(metadata: &KeyMetadata) -> Vec<String> {
    let related = metadata.regions.as_ref().expect("a multi-Region key");
    related.replicas.iter().map(|arn| arn.location.to_string()).collect()
}

#[test]
fn what_is_sealed_in_one_place_opens_in_every_other_also_after_rotation() {
    run(async {
        let scene = Scene::set(&[WEST, EAST]).await;
        let before = scene.seal(HOME).await;
        let op = RotateKeyOnDemand { key: KeyRef::Id(scene.key) };
        ask!(scene.house, HOME, &scene.root, rotate_key_on_demand, op).expect("it rotates");
        let after = scene.seal(WEST).await;
        assert_eq!(
            scene.describe(HOME).await.expect("there").material,
            scene.describe(EAST).await.expect("there").material
        );
        for place in [HOME, WEST, EAST] {
            assert!(scene.opens(place, &before).await && scene.opens(place, &after).await, "{place}");
        }
    });
}

#[test]
fn a_schedule_at_the_primary_rotates_them_all() {
    run(async {
        let scene = Scene::set(&[WEST]).await;
        let op = || EnableKeyRotation { key: KeyRef::Id(scene.key), period_days: Some(90) };
        let refused = ask!(scene.house, WEST, &scene.root, enable_key_rotation, op());
        assert!(matches!(refused, Err(Error::Unsupported(_))));
        ask!(scene.house, HOME, &scene.root, enable_key_rotation, op()).expect("it is on");
        let op = GetKeyRotationStatus { key: KeyRef::Id(scene.key) };
        let status = ask!(scene.house, WEST, &scene.root, get_key_rotation_status, op).expect("a status");
        assert_eq!((status.enabled, status.period_days), (true, Some(90)));
        let first = scene.describe(WEST).await.expect("there").material;
        scene.house.clock.move_days(91);
        assert_eq!(scene.house.engine.tick().await.expect("it runs").rotated, 1);
        let second = scene.describe(WEST).await.expect("there").material;
        assert!(first != second && second == scene.describe(HOME).await.expect("there").material);
    });
}

#[test]
fn a_replica_can_take_the_primary_s_place() {
    run(async {
        let scene = Scene::set(&[WEST, EAST]).await;
        let op = EnableKeyRotation { key: KeyRef::Id(scene.key), period_days: Some(90) };
        ask!(scene.house, HOME, &scene.root, enable_key_rotation, op).expect("it is on");
        let update = |to: &str| UpdatePrimaryRegion { key: KeyRef::Id(scene.key), location: place(to) };
        let refused = ask!(scene.house, WEST, &scene.root, update_primary_region, update(EAST));
        assert!(matches!(refused, Err(Error::Unsupported(_))), "only the primary can be asked");
        ask!(scene.house, HOME, &scene.root, update_primary_region, update(WEST)).expect("it moves");
        for place in [HOME, WEST, EAST] {
            let metadata = scene.describe(place).await.expect("there");
            assert_eq!(metadata.regions.as_ref().expect("related").primary.location.as_str(), WEST);
            assert_eq!(replicas(&metadata), [HOME, EAST]);
        }
        scene.house.clock.move_days(91);
        assert_eq!(scene.house.engine.tick().await.expect("it runs").rotated, 1, "the schedule came along");
        let refused = scene.replicate(EAST).await;
        assert!(matches!(refused, Err(Error::Unsupported(_))), "a replica is not replicated");
    });
}

#[test]
fn a_primary_goes_when_its_last_replica_is_gone() {
    run(async {
        let scene = Scene::set(&[WEST, EAST]).await;
        let sealed = scene.seal(HOME).await;
        let waiting = scene.schedule(HOME).await.expect("scheduled");
        assert_eq!((waiting.state, waiting.at), (KeyState::PendingReplicaDeletion, None));
        assert!(!scene.opens(HOME, &sealed).await && scene.opens(WEST, &sealed).await);
        scene.schedule(WEST).await.expect("scheduled");
        scene.house.clock.move_days(8);
        assert_eq!(scene.house.engine.tick().await.expect("it runs").destroyed, 1);
        assert_eq!(scene.describe(HOME).await.expect("there").state, KeyState::PendingReplicaDeletion);
        assert_eq!(replicas(&scene.describe(EAST).await.expect("there")), [EAST]);
        scene.schedule(EAST).await.expect("scheduled");
        scene.house.clock.move_days(8);
        assert_eq!(scene.house.engine.tick().await.expect("it runs").destroyed, 1);
        let last = scene.describe(HOME).await.expect("there");
        assert_eq!(last.state, KeyState::PendingDeletion);
        assert!(last.deletion.is_some());
        scene.house.clock.move_days(8);
        assert_eq!(scene.house.engine.tick().await.expect("it runs").destroyed, 1);
        assert!(matches!(scene.describe(HOME).await, Err(Error::KeyNotFound(_))));
        assert_eq!(scene.house.engine.verify().map(|_| ()).map_err(|error| error.to_string()), Ok(()));
    });
}

#[test]
fn there_is_one_replica_a_place_and_only_in_places_there_are() {
    run(async {
        let scene = Scene::set(&[WEST]).await;
        for taken in [WEST, HOME] {
            assert!(matches!(scene.replicate(taken).await, Err(Error::KeyExists(_))), "{taken}");
        }
        assert!(matches!(scene.replicate("eu-north-1").await, Err(Error::Invalid(_))));
        let single = scene.house.key(&scene.root).await.expect("a key");
        let op = ReplicateKey {
            key: KeyRef::Id(single.arn.key),
            location: place(EAST),
            description: "".into(),
            policy: None,
            tags: Tags::default(),
            bypass_policy_lockout_safety_check: false,
        };
        let refused = ask!(scene.house, HOME, &scene.root, replicate_key, op);
        assert!(matches!(refused, Err(Error::Unsupported(_))));
    });
}

#[test]
fn state_and_policy_are_each_key_s_own() {
    run(async {
        let scene = Scene::set(&[WEST]).await;
        let sealed = scene.seal(HOME).await;
        let op = DisableKey { key: KeyRef::Id(scene.key) };
        ask!(scene.house, HOME, &scene.root, disable_key, op).expect("it is disabled");
        assert!(!scene.opens(HOME, &sealed).await);
        assert!(scene.opens(WEST, &sealed).await);
        assert_eq!(scene.describe(WEST).await.expect("there").description, "a replica".into());
        let refused = scene.replicate(EAST).await;
        assert!(matches!(refused, Err(Error::Disabled(_))));
    });
}
