//! Keys that services are given: made on first use, used through the service only, changed by nobody.

mod house;

use std::sync::Arc;

use house::{House, run};
use keystead_engine::Operation;
use keystead_engine::ops::*;
use keystead_model::*;
use keystead_store::disk::MemoryDisk;

/// What the front does: the key of a service first, then the door.
async fn ready<Op: Operation>(house: &House, call: &Call, caller: &Arc<Caller>, op: &Op) {
    if let Some(missing) = house.engine.missing_service_key(call, caller, op) {
        house.engine.make_service_key(missing).await.expect("the key is made");
    }
}

fn alias(name: &str) -> KeyRef {
    KeyRef::parse(name).expect("an alias")
}

async fn describe(house: &House, caller: &Arc<Caller>, key: KeyRef) -> Result<KeyMetadata, Error> {
    let (call, op) = (house.call(), DescribeKey { key, grant_tokens: Vec::new() });
    ready(house, &call, caller, &op).await;
    house.engine.describe_key(house.engine.authorise(&call, caller, op).await?).await
}

async fn data_key(house: &House, caller: &Arc<Caller>, key: KeyRef) -> Result<WrappedDataKey, Error> {
    let op = GenerateDataKeyWithoutPlaintext {
        key,
        context: EncryptionContext::default(),
        bytes: 32,
        grant_tokens: Vec::new(),
        dry_run: false,
    };
    let call = house.call();
    ready(house, &call, caller, &op).await;
    let permit = house.engine.authorise(&call, caller, op).await?;
    house.engine.generate_data_key_without_plaintext(permit).await
}

fn service(account: u64, access_key: &str) -> Arc<Caller> {
    let account = AccountId::from_number(account).expect("twelve digits");
    Arc::new(Caller::new(Principal::Root { account }, AccessKeyId::parse(access_key)))
}

const S3: &str = "AKIAS3GATEWAY00000000";
const RDS: &str = "AKIADATABASE000000000";

#[test]
fn a_service_has_a_key_in_each_account_from_its_first_use_on() {
    run(async {
        let house = House::open(Arc::new(MemoryDisk::new()), 1).expect("a house");
        let (root, _) = house.account(1).await;
        let (s3, s3_of_another) = (service(1, S3), service(2, S3));
        let sealed = data_key(&house, &s3, alias("alias/aws/s3")).await.expect("made and used");
        let again = data_key(&house, &s3, alias("alias/aws/s3")).await.expect("used");
        assert_eq!(sealed.key, again.key, "one key");
        let other = data_key(&house, &s3_of_another, alias("alias/aws/s3")).await.expect("made and used");
        assert_ne!(sealed.key, other.key, "each account has its own");

        let about = describe(&house, &root, alias("alias/aws/s3")).await.expect("the account may look");
        assert_eq!((about.manager, about.arn.clone()), (KeyManager::Aws, sealed.key.clone()));
        assert_eq!(
            &*about.description,
            "Default key that protects my S3 objects when no other key is defined"
        );
        let op = GetKeyRotationStatus { key: KeyRef::Arn(sealed.key) };
        let permit = house.engine.authorise(&house.call(), &root, op).await.expect("allowed");
        let status = house.engine.get_key_rotation_status(permit).await.expect("a status");
        assert_eq!((status.enabled, status.period_days), (true, Some(365)));
        house.clock.move_days(366);
        assert_eq!(house.engine.tick().await.expect("a tick").rotated, 2, "both rotate by themselves");
    });
}

#[test]
fn only_the_service_uses_its_key() {
    run(async {
        let house = House::open(Arc::new(MemoryDisk::new()), 1).expect("a house");
        let (root, _) = house.account(1).await;
        let (s3, rds) = (service(1, S3), service(1, RDS));
        let key = alias("alias/aws/s3");
        let refused = data_key(&house, &root, key.clone()).await.err();
        assert!(
            matches!(refused, Some(Error::AliasNotFound(_))),
            "no use of it makes it but the service's own"
        );
        let refused = data_key(&house, &rds, key.clone()).await.err();
        assert!(matches!(refused, Some(Error::AliasNotFound(_))), "nor another service's");
        data_key(&house, &s3, key.clone()).await.expect("made and used");
        for other in [&root, &rds, &service(2, S3)] {
            let arn = describe(&house, &root, key.clone()).await.expect("described").arn;
            assert!(matches!(data_key(&house, other, KeyRef::Arn(arn)).await, Err(Error::Denied(_))));
        }
        let made = describe(&house, &root, alias("alias/aws/rds")).await.expect("asking what it is makes it");
        assert_eq!(made.manager, KeyManager::Aws);
        let refused = describe(&house, &root, alias("alias/aws/unheard-of")).await.err();
        assert!(matches!(refused, Some(Error::AliasNotFound(_))));
    });
}

#[test]
fn nobody_changes_it() {
    run(async {
        let house = House::open(Arc::new(MemoryDisk::new()), 1).expect("a house");
        let (root, _) = house.account(1).await;
        let arn = describe(&house, &root, alias("alias/aws/s3")).await.expect("made").arn;
        let key = || KeyRef::Arn(arn.clone());
        for caller in [&root, &service(1, S3)] {
            macro_rules! refused {
                ($($op:expr),+ $(,)?) => {$(
                    let outcome = house.engine.authorise(&house.call(), caller, $op).await;
                    assert!(matches!(outcome.err(), Some(Error::Denied(_))), "{}", stringify!($op));
                )+};
            }
            refused!(
                ScheduleKeyDeletion { key: key(), window_days: Some(7) },
                DisableKey { key: key() },
                DisableKeyRotation { key: key() },
                RotateKeyOnDemand { key: key() },
                UpdateKeyDescription { key: key(), description: "mine".into() },
                TagResource { key: key(), tags: Tags::default() },
                PutKeyPolicy {
                    key: key(),
                    name: None,
                    policy: "{}".into(),
                    bypass_policy_lockout_safety_check: true
                },
                CreateAlias { name: "alias/mine".into(), target: key() },
            );
            let op = DeleteAlias { name: "alias/aws/s3".into() };
            let outcome = house.engine.authorise(&house.call(), caller, op).await;
            assert!(matches!(outcome.err(), Some(Error::ReservedAlias(_))));
        }
    });
}
