//! An ordinary life of keys, through the door.

mod house;

use std::sync::Arc;

use house::{House, context, run, sign};
use keystead_engine::ops::*;
use keystead_model::*;
use keystead_store::disk::MemoryDisk;

fn open() -> House {
    House::open(Arc::new(MemoryDisk::new()), 1).expect("it opens")
}

macro_rules! ask {
    ($house:expr, $caller:expr, $method:ident, $op:expr) => {
        match $house.engine.authorise(&$house.call(), $caller, $op).await {
            Ok(permit) => $house.engine.$method(permit).await,
            Err(error) => Err(error),
        }
    };
}

#[test]
fn what_was_sealed_opens_until_the_key_is_disabled() {
    run(async {
        let house = open();
        let (root, _) = house.account(1).await;
        let key = house.key(&root).await.expect("a key");
        let id = || KeyRef::Id(key.arn.key);
        let sealed = house.encrypt(&house.call(), &root, id(), b"data").await.expect("it seals");
        assert_eq!(
            house.decrypt(&root, &sealed.ciphertext).await.expect("it opens").plaintext.expose(),
            b"data"
        );

        ask!(house, &root, disable_key, DisableKey { key: id() }).expect("it is disabled");
        let refused = house.decrypt(&root, &sealed.ciphertext).await.err();
        assert_eq!(refused, Some(Error::Disabled(key.arn.clone())));
        ask!(house, &root, enable_key, EnableKey { key: id() }).expect("it is enabled");
        assert!(house.decrypt(&root, &sealed.ciphertext).await.is_ok());

        let records = house.records();
        let told: Vec<&str> = records.iter().map(|entry| &*entry.action).collect();
        assert_eq!(
            told,
            [
                "keystead:CreateAccount",
                "kms:CreateKey",
                "kms:Encrypt",
                "kms:Decrypt",
                "kms:DisableKey",
                "kms:Decrypt",
                "kms:EnableKey",
                "kms:Decrypt"
            ]
        );
        assert_eq!(records[2].context, Some(context()));
        assert_eq!(records[2].material, key.material);
        assert_eq!(
            records[5].outcome,
            keystead_audit::Outcome::Refused {
                code: "Disabled".into(),
                message: Some(format!("{} is disabled", key.arn).into()),
            }
        );
    });
}

#[test]
fn a_ciphertext_with_another_context_or_a_flipped_bit_does_not_open() {
    run(async {
        let house = open();
        let (root, _) = house.account(1).await;
        let key = house.key(&root).await.expect("a key");
        let sealed =
            house.encrypt(&house.call(), &root, KeyRef::Id(key.arn.key), b"data").await.expect("it seals");
        let op = Decrypt {
            key: None,
            ciphertext: sealed.ciphertext.clone().into(),
            context: EncryptionContext::default(),
            algorithm: EncryptionAlgorithm::SymmetricDefault,
            grant_tokens: Vec::new(),
            recipient: None,
            dry_run: false,
            ignore_ciphertext: false,
        };
        assert_eq!(ask!(house, &root, decrypt, op).err(), Some(Error::BadCiphertext));
        let mut flipped = sealed.ciphertext.clone();
        *flipped.last_mut().expect("it has bytes") ^= 1;
        assert_eq!(house.decrypt(&root, &flipped).await.err(), Some(Error::BadCiphertext));
    });
}

#[test]
fn an_alias_names_its_key_in_every_form_and_moves() {
    run(async {
        let house = open();
        let (root, _) = house.account(1).await;
        let (one, two) = (house.key(&root).await.expect("a key"), house.key(&root).await.expect("a key"));
        let name: Box<str> = "alias/customer".into();
        let create = |key: &KeyMetadata| CreateAlias { name: name.clone(), target: KeyRef::Id(key.arn.key) };
        ask!(house, &root, create_alias, create(&one)).expect("it is made");
        assert!(matches!(ask!(house, &root, create_alias, create(&two)), Err(Error::AliasExists(_))));

        let by_name = || KeyRef::parse("alias/customer").expect("a name");
        let by_arn =
            || KeyRef::parse("arn:aws:kms:eu-central-1:000000000001:alias/customer").expect("an ARN");
        for key in [by_name(), by_arn()] {
            let described = ask!(house, &root, describe_key, DescribeKey { key, grant_tokens: Vec::new() })
                .expect("it is there");
            assert_eq!(described.arn, one.arn);
        }
        let update = UpdateAlias { name: name.clone(), target: KeyRef::Id(two.arn.key) };
        ask!(house, &root, update_alias, update).expect("it moves");
        let described =
            ask!(house, &root, describe_key, DescribeKey { key: by_name(), grant_tokens: Vec::new() })
                .expect("it is there");
        assert_eq!(described.arn, two.arn);

        let of = |key: Option<KeyRef>| ListAliases { key, page: PageRequest::default() };
        assert!(
            ask!(house, &root, list_aliases, of(Some(KeyRef::Id(one.arn.key))))
                .expect("a list")
                .items
                .is_empty()
        );
        let listed = ask!(house, &root, list_aliases, of(None)).expect("a list").items;
        assert_eq!(listed.iter().map(|alias| alias.target).collect::<Vec<_>>(), [two.arn.key]);

        ask!(house, &root, delete_alias, DeleteAlias { name: name.clone() }).expect("it goes");
        assert!(matches!(
            ask!(house, &root, describe_key, DescribeKey { key: by_name(), grant_tokens: Vec::new() }),
            Err(Error::AliasNotFound(_))
        ));
        ask!(house, &root, create_alias, create(&one)).expect("its name is free again");
        let by_alias = DisableKey { key: by_name() };
        assert!(matches!(ask!(house, &root, disable_key, by_alias), Err(Error::KeyNotFound(_))));
    });
}

#[test]
fn rotation_seals_with_new_material_and_opens_the_old() {
    run(async {
        let house = open();
        let (root, _) = house.account(1).await;
        let key = house.key(&root).await.expect("a key");
        let id = || KeyRef::Id(key.arn.key);
        let old = house.encrypt(&house.call(), &root, id(), b"old").await.expect("it seals");
        ask!(house, &root, rotate_key_on_demand, RotateKeyOnDemand { key: id() }).expect("it rotates");
        ask!(house, &root, enable_key_rotation, EnableKeyRotation { key: id(), period_days: Some(90) })
            .expect("on");
        house.clock.move_days(90);
        let near = ask!(house, &root, rotate_key_on_demand, RotateKeyOnDemand { key: id() });
        assert!(matches!(near, Err(Error::Conflict(_))), "a rotation by schedule is due");
        house.clock.move_days(1);
        assert_eq!(house.engine.tick().await.expect("it runs").rotated, 1);
        assert_eq!(house.engine.tick().await.expect("it runs").rotated, 0);

        let new = house.encrypt(&house.call(), &root, id(), b"new").await.expect("it seals");
        let opened_old = house.decrypt(&root, &old.ciphertext).await.expect("it opens");
        let opened_new = house.decrypt(&root, &new.ciphertext).await.expect("it opens");
        assert_eq!(
            (opened_old.plaintext.expose(), opened_new.plaintext.expose()),
            (&b"old"[..], &b"new"[..])
        );
        assert_ne!(opened_old.material, opened_new.material);

        let all = ListKeyRotations { key: id(), all_material: true, page: PageRequest::default() };
        let all = ask!(house, &root, list_key_rotations, all).expect("a list").items;
        let kinds: Vec<Option<RotationKind>> = all.iter().map(|rotation| rotation.kind).collect();
        assert_eq!(kinds, [None, Some(RotationKind::OnDemand), Some(RotationKind::Automatic)]);
        assert_eq!(all.last().map(|rotation| rotation.state), Some(MaterialState::Current));
    });
}

#[test]
fn a_key_whose_window_has_ended_is_gone_with_its_aliases() {
    run(async {
        let house = open();
        let (root, _) = house.account(1).await;
        let key = house.key(&root).await.expect("a key");
        let id = || KeyRef::Id(key.arn.key);
        let alias = CreateAlias { name: "alias/a".into(), target: id() };
        ask!(house, &root, create_alias, alias).expect("it is made");
        let sealed = house.encrypt(&house.call(), &root, id(), b"data").await.expect("it seals");
        let schedule = || ScheduleKeyDeletion { key: id(), window_days: Some(7) };
        ask!(house, &root, schedule_key_deletion, schedule()).expect("scheduled");
        let refused = ask!(house, &root, schedule_key_deletion, schedule());
        assert!(matches!(refused, Err(Error::WrongState { state: KeyState::PendingDeletion, .. })));
        house.clock.move_days(6);
        assert_eq!(house.engine.tick().await.expect("it runs").destroyed, 0);
        ask!(house, &root, cancel_key_deletion, CancelKeyDeletion { key: id() }).expect("taken back");
        house.clock.move_days(30);
        assert_eq!(house.engine.tick().await.expect("it runs").destroyed, 0);
        ask!(house, &root, schedule_key_deletion, schedule()).expect("scheduled again");
        house.clock.move_days(8);
        assert_eq!(house.engine.tick().await.expect("it runs").destroyed, 1);
        assert!(matches!(
            ask!(house, &root, describe_key, DescribeKey { key: id(), grant_tokens: Vec::new() }),
            Err(Error::KeyNotFound(_))
        ));
        assert!(matches!(house.decrypt(&root, &sealed.ciphertext).await, Err(Error::Denied(_))));
        let listed =
            ask!(house, &root, list_aliases, ListAliases { key: None, page: PageRequest::default() });
        assert!(listed.expect("a list").items.is_empty());
        assert_eq!(house.records().iter().filter(|entry| &*entry.action == "kms:DeleteKey").count(), 1);
    });
}

#[test]
fn a_policy_opens_a_key_to_another_account_and_closes_it_again() {
    run(async {
        let house = open();
        let ((owner, _), (guest, _)) = (house.account(1).await, house.account(2).await);
        let key = house.key(&owner).await.expect("a key");
        let sealed =
            house.encrypt(&house.call(), &owner, KeyRef::Id(key.arn.key), b"data").await.expect("it seals");
        let refused = house.decrypt(&guest, &sealed.ciphertext).await;
        assert!(matches!(refused, Err(Error::Denied(ref denial)) if denial.why == Why::Foreign));
        let policy = r#"{"Version":"2012-10-17","Statement":[
            {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000001:root"},"Action":"kms:*","Resource":"*"},
            {"Sid":"Guest","Effect":"Allow","Principal":{"AWS":"000000000002"},"Action":"kms:Decrypt","Resource":"*",
             "Condition":{"StringEquals":{"kms:EncryptionContext:tenant":"7"}}}]}"#;
        let put = |policy: &str| PutKeyPolicy {
            key: KeyRef::Id(key.arn.key),
            name: None,
            policy: policy.into(),
            bypass_policy_lockout_safety_check: false,
        };
        ask!(house, &owner, put_key_policy, put(policy)).expect("it is put");
        assert!(house.decrypt(&guest, &sealed.ciphertext).await.is_ok());
        let encrypt = house.encrypt(&house.call(), &guest, KeyRef::Arn(key.arn.clone()), b"data").await;
        assert!(matches!(encrypt, Err(Error::Denied(_))));
        let locked_out = policy.replace("000000000001:root", "000000000002:root");
        assert!(matches!(
            ask!(house, &owner, put_key_policy, put(&locked_out)),
            Err(Error::MalformedPolicy(_))
        ));
        ask!(
            house,
            &owner,
            put_key_policy,
            put(&keystead_policy::Policy::default_key_policy(key.arn.account))
        )
        .expect("put");
        assert!(house.decrypt(&guest, &sealed.ciphertext).await.is_err());
    });
}

#[test]
fn a_signature_proves_its_maker_and_nobody_else() {
    run(async {
        let house = open();
        let (root, access_key) = house.account(1).await;
        let (day, text) = (b"20270115", b"string to sign");
        let signature = sign(access_key.secret.expose(), day, "eu-central-1", "kms", text);
        let proof = |access_key, signature, session_token| {
            Proof::SigV4(SigV4Proof {
                access_key,
                session_token,
                day,
                region: "eu-central-1",
                service: "kms",
                string_to_sign: text,
                signature,
            })
        };
        let identify =
            async |proof: Proof<'_>| house.engine.identify(&house.call(), Action::Encrypt, &proof).await;
        let id = access_key.id.as_str();
        for _ in 0..2 {
            assert_eq!(
                identify(proof(id, &signature, None)).await.expect("it is proved").principal,
                root.principal
            );
        }
        let mut wrong = signature;
        wrong[31] ^= 1;
        assert_eq!(identify(proof(id, &wrong, None)).await, Err(Error::BadSignature));
        assert_eq!(identify(proof(id, &signature, Some("token"))).await, Err(Error::BadSessionToken));
        assert_eq!(identify(proof("AKIAUNKNOWN", &signature, None)).await, Err(Error::UnknownAccessKey));
        assert_eq!(identify(proof("../x", &signature, None)).await, Err(Error::UnknownAccessKey));
        assert_eq!(house.records().len(), 5);
    });
}

#[test]
fn listings_come_in_pages_and_odd_markers_are_refused() {
    run(async {
        let house = open();
        let (root, _) = house.account(1).await;
        let mut made = Vec::new();
        for _ in 0..7 {
            made.push(house.key(&root).await.expect("a key").arn);
        }
        made.sort_by_key(|arn| arn.key);
        let (mut seen, mut marker) = (Vec::new(), None);
        loop {
            let op = ListKeys { page: PageRequest { limit: Some(3), marker } };
            let page = ask!(house, &root, list_keys, op).expect("a page");
            assert!(page.items.len() <= 3);
            seen.extend(page.items);
            marker = page.next;
            if marker.is_none() {
                break;
            }
        }
        assert_eq!(seen, made);
        let odd = ListKeys { page: PageRequest { limit: None, marker: Some("odd".into()) } };
        assert_eq!(ask!(house, &root, list_keys, odd), Err(Error::InvalidMarker));
    });
}

#[test]
fn everything_is_there_after_a_restart() {
    run(async {
        let disk = Arc::new(MemoryDisk::new());
        let house = House::open(disk.clone(), 1).expect("it opens");
        let (root, _) = house.account(1).await;
        let key = house.key(&root).await.expect("a key");
        let sealed =
            house.encrypt(&house.call(), &root, KeyRef::Id(key.arn.key), b"data").await.expect("it seals");
        let before = house.records().len();
        house.close();
        let house = House::open(disk, 2).expect("it opens again");
        assert_eq!(
            house.decrypt(&root, &sealed.ciphertext).await.expect("it opens").plaintext.expose(),
            b"data"
        );
        assert_eq!(house.records().len(), before + 1);
    });
}

#[test]
fn a_dropped_permit_is_recorded_as_abandoned() {
    run(async {
        let house = open();
        let (root, _) = house.account(1).await;
        let permit = house
            .engine
            .authorise(&house.call(), &root, GenerateRandom { bytes: 8, recipient: None, key_store: None })
            .await
            .expect("allowed");
        drop(permit);
        ask!(house, &root, generate_random, GenerateRandom { bytes: 8, recipient: None, key_store: None })
            .expect("bytes");
        let outcomes: Vec<_> = house.records().iter().skip(1).map(|entry| entry.outcome.clone()).collect();
        assert_eq!(outcomes[0], keystead_audit::Outcome::Refused { code: "Abandoned".into(), message: None });
        assert_eq!(outcomes[1], keystead_audit::Outcome::Success);
    });
}
