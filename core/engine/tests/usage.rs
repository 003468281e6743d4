//! When a key was last used: what counts, and that it stays true over flushes, stops and crashes.

mod house;

use std::sync::Arc;

use house::{House, context, run};
use keystead_engine::ops::*;
use keystead_model::*;
use keystead_store::disk::{MemoryDisk, TornDisk};

async fn last(house: &House, caller: &Arc<Caller>, key: &KeyArn) -> KeyUsed {
    let op = GetKeyLastUsage { key: KeyRef::Arn(key.clone()) };
    let permit = house.engine.authorise(&house.call(), caller, op).await.expect("allowed");
    house.engine.get_key_last_usage(permit).await.expect("an answer")
}

async fn encrypt(house: &House, caller: &Arc<Caller>, key: &KeyArn) -> (RequestId, Encrypted) {
    let call = house.call();
    let sealed = house.encrypt(&call, caller, KeyRef::Arn(key.clone()), b"data").await.expect("sealed");
    (call.request, sealed)
}

/// Gathered at the tenth tick and written at the next.
async fn flush(house: &House) {
    for _ in 0..11 {
        house.engine.tick().await.expect("a tick");
    }
}

#[test]
fn only_cryptographic_operations_that_succeed_count() {
    run(async {
        let house = House::open(Arc::new(MemoryDisk::new()), 1).expect("a house");
        let (root, _) = house.account(1).await;
        let (one, other) =
            (house.key(&root).await.expect("a key").arn, house.key(&root).await.expect("a key").arn);
        let unused = last(&house, &root, &one).await;
        assert_eq!((unused.last, unused.tracked_since), (None, unused.created));

        let (request, sealed) = encrypt(&house, &root, &one).await;
        let expect = Use { action: Action::Encrypt, at: house.clock.time(), request };
        assert_eq!(last(&house, &root, &one).await.last, Some(expect));
        assert_eq!(last(&house, &root, &other).await.last, None);

        house.clock.move_days(1);
        let wrong = Decrypt {
            key: None,
            ciphertext: sealed.ciphertext.clone().into(),
            context: EncryptionContext::default(),
            algorithm: EncryptionAlgorithm::SymmetricDefault,
            grant_tokens: Vec::new(),
            recipient: None,
            dry_run: false,
            ignore_ciphertext: false,
        };
        let permit = house.engine.authorise(&house.call(), &root, wrong).await.expect("allowed");
        assert!(house.engine.decrypt(permit).await.is_err(), "another context");
        let rehearsed = Decrypt {
            key: None,
            ciphertext: sealed.ciphertext.clone().into(),
            context: context(),
            algorithm: EncryptionAlgorithm::SymmetricDefault,
            grant_tokens: Vec::new(),
            recipient: None,
            dry_run: true,
            ignore_ciphertext: false,
        };
        let permit = house.engine.authorise(&house.call(), &root, rehearsed).await.expect("allowed");
        assert!(house.engine.decrypt(permit).await.is_err(), "a rehearsal does nothing");
        let op = DescribeKey { key: KeyRef::Arn(one.clone()), grant_tokens: Vec::new() };
        let permit = house.engine.authorise(&house.call(), &root, op).await.expect("allowed");
        house.engine.describe_key(permit).await.expect("described");
        assert_eq!(last(&house, &root, &one).await.last, Some(expect), "none of these is a use");

        let op = ReEncrypt {
            ciphertext: sealed.ciphertext.into(),
            source_key: None,
            source_context: context(),
            destination_key: KeyRef::Arn(other.clone()),
            destination_context: context(),
            source_algorithm: EncryptionAlgorithm::SymmetricDefault,
            destination_algorithm: EncryptionAlgorithm::SymmetricDefault,
            grant_tokens: Vec::new(),
            dry_run: false,
            ignore_ciphertext: false,
        };
        let permit = house.engine.authorise(&house.call(), &root, op).await.expect("allowed");
        house.engine.re_encrypt(permit).await.expect("sealed anew");
        let (of_one, of_other) = (last(&house, &root, &one).await, last(&house, &root, &other).await);
        assert_eq!(of_one.last, of_other.last, "both keys were used");
        assert_eq!(of_one.last.expect("used").action, Action::ReEncryptFrom);
        assert_eq!(of_one.last.expect("used").at, house.clock.time());
    });
}

/// Each life ends with a cut or a stop, at some distance from the last flush; what was answered is told after it.
#[test]
fn a_crash_forgets_no_use() {
    for seed in 0..24_u64 {
        let mut disk = TornDisk::new(seed);
        let mut known: Vec<(KeyArn, Option<Use>)> = Vec::new();
        let mut root = None;
        for life in 0..4 {
            let house = House::open(Arc::new(disk.clone()), seed * 10 + life).expect("a house");
            run(async {
                if root.is_none() {
                    root = Some(house.account(1).await.0);
                    for _ in 0..3 {
                        known.push((house.key(root.as_ref().expect("made")).await.expect("a key").arn, None));
                    }
                }
                let root = root.as_ref().expect("made above");
                for (key, expect) in &known {
                    assert_eq!(last(&house, root, key).await.last, *expect, "seed {seed}, life {life}");
                }
                for turn in 0..4 {
                    house.clock.move_days(1);
                    let at = (seed + life + turn) as usize % known.len();
                    let (request, _) = encrypt(&house, root, &known[at].0).await;
                    known[at].1 = Some(Use { action: Action::Encrypt, at: house.clock.time(), request });
                    if (seed >> turn) & 1 == 1 {
                        flush(&house).await;
                    }
                }
                for (key, expect) in &known {
                    assert_eq!(last(&house, root, key).await.last, *expect, "seed {seed}, life {life}");
                }
            });
            match (seed + life) % 3 {
                0 => house.close(),
                // The old handles write nothing any more.
                _ => disk = disk.restart(seed),
            }
            disk = disk.killed();
        }
    }
}

#[test]
fn the_row_of_a_use_outlives_a_crash_and_goes_with_its_key() {
    let disk = TornDisk::new(1);
    let (root, key, expect) = run(async {
        let house = House::open(Arc::new(disk.clone()), 1).expect("a house");
        let (root, _) = house.account(1).await;
        let key = house.key(&root).await.expect("a key").arn;
        let (request, _) = encrypt(&house, &root, &key).await;
        let expect = Use { action: Action::Encrypt, at: house.clock.time(), request };
        flush(&house).await;
        (root, key, expect)
    });
    let disk = disk.killed();
    let house = House::open(Arc::new(disk), 2).expect("a house");
    run(async {
        assert_eq!(last(&house, &root, &key).await.last, Some(expect));
        let op = ScheduleKeyDeletion { key: KeyRef::Arn(key.clone()), window_days: Some(7) };
        let permit = house.engine.authorise(&house.call(), &root, op).await.expect("allowed");
        house.engine.schedule_key_deletion(permit).await.expect("scheduled");
        assert_eq!(last(&house, &root, &key).await.last, Some(expect), "also of a key that waits");
        let rows = house.engine.verify().expect("sound");
        house.clock.move_days(8);
        house.engine.tick().await.expect("a tick");
        flush(&house).await;
        let left = house.engine.verify().expect("sound");
        assert!(left + 3 <= rows, "{left} of {rows}: the key's rows are gone, that of its use among them");
    });
}
