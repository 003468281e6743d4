//! The plug is pulled while a directory changes: what was answered is there, and both sides of everything that is said
//! twice say the same.

use std::collections::HashSet;

use keystead_store::disk::TornDisk;

use super::house::{House, new_user, run};
use super::*;

/// A small generator, so that a story is its seed.
struct Chance(u64);

impl Chance {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

/// What was answered last about each user: whether it is there and in the group. Absent if nobody knows.
#[derive(Default)]
struct Told {
    there: std::collections::HashMap<u64, bool>,
    member: std::collections::HashMap<u64, bool>,
}

fn root() -> Arc<Caller> {
    let account = AccountId::from_number(ACCOUNT).expect("twelve digits");
    Arc::new(Caller::new(Principal::Root { account }, None))
}

fn name(number: u64) -> UserName {
    user(&format!("user{number}"))
}

/// Whether it was done; `None` if nobody knows.
fn known<T>(result: Result<T, Error>) -> Option<bool> {
    match result {
        Ok(_) => Some(true),
        Err(
            Error::EntityExists(_)
            | Error::NoSuchEntity(_)
            | Error::DeleteConflict(_)
            | Error::LimitExceeded(_),
        ) => Some(false),
        Err(Error::Unavailable { .. } | Error::Internal) => None,
        Err(other) => panic!("{other:?}"),
    }
}

async fn live(house: &House, told: &mut Told, chance: &mut Chance) {
    let root = root();
    let account = AccountId::from_number(ACCOUNT).expect("twelve digits");
    if house.engine.has_account(account) == Ok(false) {
        // If the power goes meanwhile, the next life makes it.
        drop(house.engine.create_account(&house.call(), account).await);
    }
    let made = house.iam(&root, CreateGroup { name: group("ops"), path: IamPath::default() }).await;
    if known(made).is_none() {
        return;
    }
    for _ in 0..30 {
        let number = chance.next(5);
        let user = name(number);
        match chance.next(6) {
            0 | 1 => match known(house.iam(&root, new_user(user)).await) {
                Some(_) => drop(told.there.insert(number, true)),
                None => drop(told.there.remove(&number)),
            },
            2 => {
                let done = house.iam(&root, AddUserToGroup { group: group("ops"), user }).await;
                match known(done) {
                    Some(true) => drop(told.member.insert(number, true)),
                    Some(false) => {}
                    None => drop(told.member.remove(&number)),
                }
            }
            3 => {
                let done = house.iam(&root, RemoveUserFromGroup { group: group("ops"), user }).await;
                match known(done) {
                    Some(true) => drop(told.member.insert(number, false)),
                    Some(false) => {}
                    None => drop(told.member.remove(&number)),
                }
            }
            4 => {
                // Whether it was made or not: the user and the key say the same, which is looked at later.
                drop(house.iam(&root, CreateAccessKey { user: Some(user) }).await);
            }
            _ => match known(house.iam(&root, DeleteUser { name: user }).await) {
                Some(true) => {
                    told.there.insert(number, false);
                    told.member.insert(number, false);
                }
                Some(false) => {}
                None => {
                    told.there.remove(&number);
                    told.member.remove(&number);
                }
            },
        }
    }
}

/// Everything that must be true of a house that came back.
async fn check(house: &House, told: &mut Told, seed: u64) {
    let account = AccountId::from_number(ACCOUNT).expect("twelve digits");
    if house.engine.has_account(account) == Ok(false) {
        assert!(told.there.is_empty(), "seed {seed}: the account is gone");
        return;
    }
    let root = root();
    let all = ListUsers { path_prefix: None, page: of_page(1000, None) };
    let all = house.iam(&root, all).await.expect("a list").items;
    let there: HashSet<Box<str>> = all.into_iter().map(|user| user.name).collect();
    let members = match house.iam(&root, GetGroup { name: group("ops"), page: of_page(1000, None) }).await {
        Ok(found) => found.users.items.into_iter().map(|user| user.name).collect(),
        Err(Error::NoSuchEntity(_)) => HashSet::new(),
        Err(other) => panic!("seed {seed}: {other:?}"),
    };
    for number in 0..5 {
        let (name, user) = (Box::<str>::from(name(number).as_str()), name(number));
        let is_there = there.contains(&name);
        if let Some(told) = told.there.get(&number) {
            assert_eq!(is_there, *told, "seed {seed}: {name}");
        }
        if let Some(told) = told.member.get(&number) {
            assert_eq!(members.contains(&name), *told, "seed {seed}: {name} in the group");
        }
        told.there.insert(number, is_there);
        told.member.insert(number, members.contains(&name));
        if !is_there {
            assert!(!members.contains(&name), "seed {seed}: a group has somebody who is not there");
            continue;
        }
        let groups = ListGroupsForUser { user: user.clone(), page: PageRequest::default() };
        let groups = house.iam(&root, groups).await.expect("a list").items;
        assert_eq!(!groups.is_empty(), members.contains(&name), "seed {seed}: {name} and its group differ");
        let keys = ListAccessKeys { user: Some(user), page: PageRequest::default() };
        for key in house.iam(&root, keys).await.expect("a list").items {
            let told = house.iam(&root, GetAccessKeyLastUsed { key: key.id }).await.expect("it is there");
            assert_eq!(told.user, name, "seed {seed}: a key is another's");
        }
    }
}

/// One disk, several lives; each ends with a cut somewhere.
fn story(seed: u64, lives: u64) -> u64 {
    let mut chance = Chance(seed);
    let mut disk = TornDisk::new(seed);
    let mut told = Told::default();
    let mut cuts = 0;
    for life in 0..lives {
        disk.cut_after(chance.next(260));
        if let Ok(house) = House::open(Arc::new(disk.clone()), seed * 1000 + life) {
            run(live(&house, &mut told, &mut chance));
            drop(house);
        }
        cuts += u64::from(disk.is_cut());
        disk = disk.restart(chance.next(u64::MAX));
        let house = House::open(Arc::new(disk.clone()), seed * 1000 + 500 + life);
        let house = house.unwrap_or_else(|error| panic!("seed {seed}: it does not open again: {error}"));
        house.engine.verify().unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        run(check(&house, &mut told, seed));
        house.close();
    }
    cuts
}

#[test]
fn no_cut_leaves_half_a_change_of_a_directory_or_loses_an_answer() {
    let stories = std::env::var("STORIES").ok().and_then(|count| count.parse().ok()).unwrap_or(60);
    let cuts: u64 = (1..=stories).map(|seed| story(seed, 6)).sum();
    println!("{cuts} cuts in {stories} stories");
    assert!(
        cuts >= stories * 3,
        "only {cuts} cuts in {stories} stories: the test did not reach what it is for"
    );
}
