//! What only a server for development does is refused by every other one.

mod house;

use std::sync::Arc;

use house::{House, run};
use keystead_engine::ops::*;
use keystead_model::*;
use keystead_store::disk::MemoryDisk;

fn plant(arn: KeyArn) -> PlantKey {
    PlantKey {
        arn,
        replicas: Vec::new(),
        spec: KeySpec::SymmetricDefault,
        usage: KeyUsage::EncryptDecrypt,
        origin: Origin::AwsKms,
        description: "".into(),
        policy: None,
        tags: Tags::default(),
        aliases: Vec::new(),
        enabled: true,
        rotation_days: None,
        next_rotation: None,
        material: vec![keystead_crypto::SecretBytes::copy_from(&[7; 32])],
    }
}

#[test]
fn a_server_that_guards_something_is_not_seeded_and_has_no_clock_to_move() {
    run(async {
        let house = House::open(Arc::new(MemoryDisk::new()), 1).expect("it opens");
        let (root, _) = house.account(1).await;
        let call = house.call();
        let account = AccountId::from_number(1).expect("twelve digits");
        let key = "bc436485-5092-42b8-92a3-0aa8b93536dc".parse().expect("an id");
        let arn = KeyArn { location: call.location.clone(), account, key };

        let planted = house.engine.plant_key(&call, &plant(arn.clone())).await;
        assert!(matches!(planted, Err(Error::Unsupported(_))));
        let access_key = PlantAccessKey {
            account,
            id: AccessKeyId::parse("AKIAPLANTED").expect("an id"),
            secret: keystead_crypto::SecretBytes::copy_from(b"secret"),
        };
        let planted = house.engine.plant_access_key(&call, &access_key).await;
        assert!(matches!(planted, Err(Error::Unsupported(_))));
        let described = DescribeKey { key: KeyRef::Arn(arn), grant_tokens: Vec::new() };
        assert!(matches!(house.engine.authorise(&call, &root, described).await, Err(Error::KeyNotFound(_))));

        let permit = house.engine.authorise(&call, &root, MoveClock { how: "clock".into() }).await;
        let moved = house.engine.move_clock(permit.expect("the root may ask")).await;
        assert!(matches!(moved, Err(Error::Unsupported(_))));
    });
}

#[test]
fn a_server_that_guards_something_takes_nobody_at_their_word() {
    run(async {
        let house = House::open(Arc::new(MemoryDisk::new()), 1).expect("it opens");
        let (_, key) = house.account(111_122_223_333).await;
        let call = house.call();
        for access_key in ["111122223333", "test", "AKIDEXAMPLE", key.id.as_str()] {
            let proof = SigV4Proof {
                access_key,
                session_token: None,
                day: b"20260101",
                region: "eu-central-1",
                service: "kms",
                string_to_sign: b"anything",
                signature: &[0; 32],
            };
            let caller = house.engine.identify(&call, Action::ListKeys, &Proof::SigV4(proof)).await;
            assert!(matches!(caller, Err(Error::UnknownAccessKey | Error::BadSignature)), "{access_key}");
        }
    });
}
