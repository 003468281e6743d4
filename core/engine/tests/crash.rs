//! The plug is pulled, thousands of times, at any instruction to the disk. After each cut: what was answered is there,
//! nothing is half-applied, every answer has its record, once.

mod house;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use house::{House, run};
use keystead_audit::{Entry, Outcome};
use keystead_engine::ops::*;
use keystead_model::*;
use keystead_store::disk::TornDisk;

/// What the callers of one account were told.
#[derive(Default)]
struct Told {
    account: u64,
    root: Option<Arc<Caller>>,
    /// Keys whose making was answered.
    keys: Vec<KeyArn>,
    /// Ciphertexts that were answered, with what they hold.
    sealed: Vec<(Vec<u8>, Vec<u8>)>,
    /// Aliases that were answered: where they point.
    aliases: HashMap<Box<str>, KeyId>,
    /// Aliases that were being changed when the power went: either may be true.
    unsure: HashSet<Box<str>>,
    /// Requests that were answered, and how.
    answered: Vec<(RequestId, bool)>,
}

/// A small generator, so that a story is its seed.
struct Chance(u64);

impl Chance {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

async fn live(house: &House, told: &mut Told, chance: &mut Chance) {
    for _ in 0..40 {
        let call = house.call();
        let Some(root) = told.root.clone() else {
            let account = AccountId::from_number(told.account).expect("twelve digits");
            if house.engine.has_account(account) == Ok(true) {
                // Made, but the answer did not come through.
                told.root = Some(Arc::new(Caller::new(Principal::Root { account }, None)));
            } else if house.engine.create_account(&call, account).await.is_ok() {
                told.root = Some(Arc::new(Caller::new(Principal::Root { account }, None)));
            }
            continue;
        };
        let outcome = match chance.next(6) {
            0 | 1 => house.key_with(&call, &root, None).await.map(|key| told.keys.push(key.arn)),
            2 | 3 if !told.keys.is_empty() => {
                let key = told.keys[chance.next(told.keys.len() as u64) as usize].key;
                let plain = chance.next(u64::MAX).to_be_bytes().to_vec();
                let sealed = house.encrypt(&call, &root, KeyRef::Id(key), &plain).await;
                sealed.map(|sealed| told.sealed.push((sealed.ciphertext, plain)))
            }
            4 if !told.keys.is_empty() => {
                let key = told.keys[chance.next(told.keys.len() as u64) as usize].key;
                point_alias(house, told, &call, &root, key, chance).await
            }
            _ => match told.sealed.last() {
                Some((ciphertext, plain)) => {
                    let opened = house.decrypt_with(&call, &root, ciphertext).await;
                    opened.map(|opened| assert_eq!(opened.plaintext.expose(), plain))
                }
                None => continue,
            },
        };
        match outcome {
            Ok(()) => told.answered.push((call.request, true)),
            // The record could not be made durable, so this is no answer about the request.
            Err(Error::Unavailable { .. } | Error::Internal) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
}

async fn point_alias(
    house: &House,
    told: &mut Told,
    call: &Call,
    root: &Arc<Caller>,
    key: KeyId,
    chance: &mut Chance,
) -> Result<(), Error> {
    let name: Box<str> = format!("alias/{}", chance.next(4)).into();
    if told.unsure.contains(&name) {
        return Err(Error::Internal);
    }
    let target = KeyRef::Id(key);
    let done = if told.aliases.contains_key(&name) {
        match house.engine.authorise(call, root, UpdateAlias { name: name.clone(), target }).await {
            Ok(permit) => house.engine.update_alias(permit).await,
            Err(error) => Err(error),
        }
    } else {
        match house.engine.authorise(call, root, CreateAlias { name: name.clone(), target }).await {
            Ok(permit) => house.engine.create_alias(permit).await,
            Err(error) => Err(error),
        }
    };
    match done {
        Ok(()) => drop(told.aliases.insert(name, key)),
        Err(_) => drop(told.unsure.insert(name)),
    }
    done
}

/// Everything that must be true of a house that came back.
async fn check(house: &House, told: &mut Told, seed: u64) {
    let records = house.records();
    let mut of: HashMap<[u8; 16], &Entry> = HashMap::new();
    for entry in &records {
        assert!(of.insert(entry.request.0, entry).is_none(), "seed {seed}: a record is there twice");
    }
    for (request, success) in &told.answered {
        let entry = of.get(&request.0).unwrap_or_else(|| panic!("seed {seed}: an answer has no record"));
        assert_eq!(entry.outcome == Outcome::Success, *success, "seed {seed}");
    }
    let Some(root) = told.root.clone() else { return };
    let list = ListKeys { page: PageRequest { limit: Some(1000), marker: None } };
    let permit = house.engine.authorise(&house.call(), &root, list).await.expect("allowed");
    let there: HashSet<KeyArn> =
        house.engine.list_keys(permit).await.expect("a list").items.into_iter().collect();
    // What is there was recorded as made, and what was recorded as made is there: neither half without the other.
    let made: HashSet<KeyArn> = records
        .iter()
        .filter(|entry| &*entry.action == "kms:CreateKey" && entry.outcome == Outcome::Success)
        .filter(|entry| entry.account.is_some_and(|account| account.number() == told.account))
        .filter_map(|entry| entry.key.clone())
        .collect();
    assert_eq!(there, made, "seed {seed}");
    assert!(told.keys.iter().all(|arn| there.contains(arn)), "seed {seed}: an answered key is gone");
    for (ciphertext, plain) in told.sealed.iter().rev().take(20) {
        let opened = house.decrypt(&root, ciphertext).await;
        assert_eq!(opened.expect("it opens").plaintext.expose(), plain, "seed {seed}");
    }
    check_aliases(house, told, &root, seed).await;
}

/// Alias rows and the names that key rows hold agree.
async fn check_aliases(house: &House, told: &mut Told, root: &Arc<Caller>, seed: u64) {
    let list = |key| ListAliases { key, page: PageRequest::default() };
    let permit = house.engine.authorise(&house.call(), root, list(None)).await.expect("allowed");
    let all = house.engine.list_aliases(permit).await.expect("a list").items;
    let found: HashMap<Box<str>, KeyId> =
        all.iter().map(|alias| (alias.arn.name.as_str().into(), alias.target)).collect();
    for (name, key) in &told.aliases {
        assert!(
            told.unsure.contains(name) || found.get(name) == Some(key),
            "seed {seed}: {name} points elsewhere"
        );
    }
    for alias in &all {
        let of_key = list(Some(KeyRef::Id(alias.target)));
        let permit = house.engine.authorise(&house.call(), root, of_key).await.expect("allowed");
        let listed = house.engine.list_aliases(permit).await.expect("a list").items;
        assert!(listed.iter().any(|own| own.arn == alias.arn), "seed {seed}: a key does not know its alias");
    }
    told.aliases = found;
    told.unsure.clear();
}

/// One disk, several lives; each ends with a cut somewhere. Three accounts are at work at once, so that their changes
/// and records share commits and batches.
fn story(seed: u64, lives: u64) -> u64 {
    let mut chance = Chance(seed);
    let mut disk = TornDisk::new(seed);
    let mut told = [1, 2, 3].map(|account| Told { account, ..Told::default() });
    let mut chances = [1, 2, 3].map(|account| Chance(seed * 7 + account));
    let mut cuts = 0;
    for life in 0..lives {
        disk.cut_after(chance.next(260));
        if let Ok(house) = House::open(Arc::new(disk.clone()), seed * 1000 + life) {
            let ([one, two, three], [a, b, c]) = (&mut told, &mut chances);
            run(async { tokio::join!(live(&house, one, a), live(&house, two, b), live(&house, three, c)) });
            drop(house);
        }
        cuts += u64::from(disk.is_cut());
        disk = disk.restart(chance.next(u64::MAX));
        let house = House::open(Arc::new(disk.clone()), seed * 1000 + 500 + life);
        let house = house.unwrap_or_else(|error| panic!("seed {seed}: it does not open again: {error}"));
        house.engine.verify().unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        for told in &mut told {
            run(check(&house, told, seed));
        }
        house.close();
    }
    cuts
}

/// `STORY=<seed>` tells one story again; `STORIES=<n>` tells more of them than the usual number.
#[test]
fn no_cut_loses_an_answer_or_half_a_change_or_a_record() {
    if let Some(seed) = std::env::var("STORY").ok().and_then(|seed| seed.parse().ok()) {
        story(seed, 8);
        return;
    }
    let stories = std::env::var("STORIES").ok().and_then(|count| count.parse().ok()).unwrap_or(260);
    let next = std::sync::atomic::AtomicU64::new(1);
    let cuts = std::sync::atomic::AtomicU64::new(0);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    if seed > stories {
                        break;
                    }
                    cuts.fetch_add(story(seed, 8), std::sync::atomic::Ordering::Relaxed);
                }
            });
        }
    });
    let cuts = cuts.into_inner();
    println!("{cuts} cuts in {stories} stories");
    assert!(
        cuts >= stories * 5,
        "only {cuts} cuts in {stories} stories: the test did not reach what it is for"
    );
}
