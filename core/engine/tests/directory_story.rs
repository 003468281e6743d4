//! Many changes to a directory, at random and with the plug pulled: whatever happens, nothing in it names what is not
//! there, both sides of each link agree, and counts are right.

mod house;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use house::{House, run};
use keystead_engine::ops::PageRequest;
use keystead_engine::ops::iam::*;
use keystead_model::*;
use keystead_store::disk::{MemoryDisk, TornDisk};

const ALLOW: &str = r#"{"Statement":[{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*"}]}"#;
const TRUST: &str = r#"{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000001:root"},"Action":"sts:AssumeRole"}]}"#;
/// Few names, so that changes meet.
const NAMES: u64 = 3;

/// A small generator, so that a story is its seed.
struct Chance(u64);

impl Chance {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }

    fn user(&mut self) -> UserName {
        UserName::parse(&format!("u{}", self.next(NAMES))).expect("a name")
    }

    fn group(&mut self) -> GroupName {
        GroupName::parse(&format!("g{}", self.next(NAMES))).expect("a name")
    }

    fn role(&mut self) -> RoleName {
        RoleName::parse(&format!("r{}", self.next(NAMES))).expect("a name")
    }

    fn policy_name(&mut self) -> PolicyName {
        PolicyName::parse(&format!("p{}", self.next(NAMES))).expect("a name")
    }

    fn policy(&mut self) -> PolicyArn {
        let text = match self.next(NAMES + 1) {
            0 => "arn:aws:iam::aws:policy/KeysteadAuditor".to_owned(),
            place => format!("arn:aws:iam::000000000001:policy/p{}", place - 1),
        };
        PolicyArn::parse(&text).expect("an ARN")
    }

    fn path(&mut self) -> IamPath {
        IamPath::parse(["/", "/x/"][self.next(2) as usize]).expect("a path")
    }
}

async fn ask<Op: IamOperation>(house: &House, root: &Arc<Caller>, op: Op) -> Result<Op::Answer, Error> {
    let permit = house.engine.authorise(&house.call(), root, op).await?;
    house.engine.iam(permit).await
}

/// One change, whichever it is. What stands against it is an answer as good as any.
async fn change(house: &House, root: &Arc<Caller>, chance: &mut Chance) -> Result<(), Error> {
    match chance.next(24) {
        0 | 1 => {
            let boundary = (chance.next(3) == 0).then(|| chance.policy());
            let op = CreateUser { name: chance.user(), path: chance.path(), boundary, tags: Tags::default() };
            ask(house, root, op).await.map(drop)
        }
        2 => ask(house, root, CreateGroup { name: chance.group(), path: chance.path() }).await.map(drop),
        3 => {
            let op = CreateRole {
                name: chance.role(),
                path: chance.path(),
                trust: TRUST.into(),
                description: None,
                session_seconds_max: None,
                boundary: (chance.next(3) == 0).then(|| chance.policy()),
                tags: Tags::default(),
            };
            ask(house, root, op).await.map(drop)
        }
        4 | 5 => {
            let op = CreatePolicy {
                name: chance.policy_name(),
                path: IamPath::default(),
                document: ALLOW.into(),
                description: None,
                tags: Tags::default(),
            };
            ask(house, root, op).await.map(drop)
        }
        6 => ask(house, root, DeleteUser { name: chance.user() }).await,
        7 => ask(house, root, DeleteGroup { name: chance.group() }).await,
        8 => ask(house, root, DeleteRole { name: chance.role() }).await,
        9 => ask(house, root, DeletePolicy { policy: chance.policy() }).await,
        10 => {
            let op = UpdateUser {
                name: chance.user(),
                new_name: Some(chance.user()),
                new_path: Some(chance.path()),
            };
            ask(house, root, op).await
        }
        11 => {
            let op = UpdateGroup {
                name: chance.group(),
                new_name: Some(chance.group()),
                new_path: Some(chance.path()),
            };
            ask(house, root, op).await
        }
        12 | 13 => ask(house, root, AddUserToGroup { group: chance.group(), user: chance.user() }).await,
        14 => ask(house, root, RemoveUserFromGroup { group: chance.group(), user: chance.user() }).await,
        _ => change_policies(house, root, chance).await,
    }
}

async fn change_policies(house: &House, root: &Arc<Caller>, chance: &mut Chance) -> Result<(), Error> {
    let policy = chance.policy();
    match chance.next(12) {
        0 => ask(house, root, AttachUserPolicy { holder: chance.user(), policy }).await,
        1 => ask(house, root, AttachGroupPolicy { holder: chance.group(), policy }).await,
        2 => ask(house, root, AttachRolePolicy { holder: chance.role(), policy }).await,
        3 => ask(house, root, DetachUserPolicy { holder: chance.user(), policy }).await,
        4 => ask(house, root, DetachGroupPolicy { holder: chance.group(), policy }).await,
        5 => ask(house, root, DetachRolePolicy { holder: chance.role(), policy }).await,
        6 => ask(house, root, PutUserPermissionsBoundary { holder: chance.user(), boundary: policy }).await,
        7 => ask(house, root, PutRolePermissionsBoundary { holder: chance.role(), boundary: policy }).await,
        8 => ask(house, root, DeleteUserPermissionsBoundary { holder: chance.user() }).await,
        9 => ask(house, root, DeleteRolePermissionsBoundary { holder: chance.role() }).await,
        10 => {
            let op = CreatePolicyVersion { policy, document: ALLOW.into(), set_as_default: true };
            ask(house, root, op).await.map(drop)
        }
        _ => device(house, root, chance).await,
    }
}

/// A device is made and given to somebody, or taken away and deleted.
async fn device(house: &House, root: &Arc<Caller>, chance: &mut Chance) -> Result<(), Error> {
    let name = format!("d{}", chance.next(2));
    let serial = MfaSerial::parse(&format!("arn:aws:iam::000000000001:mfa/{name}")).expect("a serial number");
    let user = chance.user();
    if chance.next(3) == 0 {
        let off = DeactivateMfaDevice { user: Some(user), serial: serial.clone() };
        ask(house, root, off).await?;
        return ask(house, root, DeleteVirtualMfaDevice { serial }).await;
    }
    let name = MfaName::parse(&name).expect("a name");
    let made = CreateVirtualMfaDevice { name, path: IamPath::default(), tags: Tags::default() };
    let made = ask(house, root, made).await?;
    let seed = keystead_crypto::TotpSeed::new(unbase32(made.seed_base32.expose()));
    let step = keystead_crypto::totp_step(house.clock.time());
    let shown = |step| MfaCode::parse(&format!("{:06}", seed.code(step))).expect("six digits");
    let op = EnableMfaDevice { user, serial, first: shown(step - 1), second: shown(step) };
    ask(house, root, op).await
}

fn unbase32(text: &[u8]) -> keystead_engine::SecretBytes {
    let (mut bits, mut held, mut out) = (0u32, 0, Vec::new());
    for character in text {
        let value = if character.is_ascii_uppercase() { character - b'A' } else { character - b'2' + 26 };
        bits = bits << 5 | u32::from(value);
        held += 5;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held & 0xff) as u8);
        }
    }
    keystead_engine::SecretBytes::new(out)
}

/// Refusals that say something about the directory; anything else is a fault.
fn is_answer(error: &Error) -> bool {
    matches!(
        error,
        Error::NoSuchEntity(_)
            | Error::EntityExists(_)
            | Error::DeleteConflict(_)
            | Error::LimitExceeded(_)
            | Error::Unmodifiable(_)
    )
}

/// Everything that must be true of a directory at any time.
async fn check(house: &House, root: &Arc<Caller>, story: &str) {
    let page = || PageRequest { limit: Some(1_000), marker: None };
    let all = GetAccountAuthorizationDetails { kinds: Vec::new(), page: page() };
    let all = ask(house, root, all).await.unwrap_or_else(|error| panic!("{story}: {error}"));
    check_groups(house, root, &all, story).await;

    let mut uses: HashMap<String, (u32, u32)> = HashMap::new();
    let attached = all.users.iter().map(|user| &user.attached);
    let attached = attached.chain(all.groups.iter().map(|group| &group.attached));
    for policy in attached.chain(all.roles.iter().map(|role| &role.attached)).flatten() {
        uses.entry(policy.arn.to_string()).or_default().0 += 1;
    }
    let boundaries = all.users.iter().map(|user| &user.user.boundary);
    for policy in boundaries.chain(all.roles.iter().map(|role| &role.role.boundary)).flatten() {
        uses.entry(policy.to_string()).or_default().1 += 1;
    }
    for policy in &all.policies {
        let counted = uses.remove(&policy.policy.arn.to_string()).unwrap_or_default();
        let told = (policy.policy.attachments, policy.policy.boundaries);
        assert_eq!(told, counted, "{story}: {} is counted wrongly", policy.policy.arn);
        let in_force = policy.versions.iter().filter(|version| version.is_default).count();
        assert_eq!(in_force, 1, "{story}: {}", policy.policy.arn);
    }
    assert!(uses.is_empty(), "{story}: {uses:?} are used, and not there");

    let list = ListVirtualMfaDevices { status: AssignmentStatus::Any, page: page() };
    let devices = ask(house, root, list).await.unwrap_or_else(|error| panic!("{story}: {error}")).items;
    for user in &all.users {
        let name = UserName::parse(&user.user.name).expect("a name");
        let own = ask(house, root, ListMfaDevices { user: Some(name), page: page() }).await;
        let own = own.unwrap_or_else(|error| panic!("{story}: {error}")).items;
        let is_own =
            |device: &&MfaDevice| device.owner.as_ref().is_some_and(|(owner, _)| owner.id == user.user.id);
        let expected: Vec<_> = devices.iter().filter(is_own).cloned().collect();
        assert_eq!(own, expected, "{story}: the devices of {}", user.user.name);
    }
}

async fn check_groups(house: &House, root: &Arc<Caller>, all: &AccountDetails, story: &str) {
    let mut by_user = HashSet::new();
    for user in &all.users {
        by_user.extend(user.groups.iter().map(|group| (user.user.name.clone(), group.clone())));
    }
    let mut by_group = HashSet::new();
    for group in &all.groups {
        let name = GroupName::parse(&group.group.name).expect("a name");
        let op = GetGroup { name, page: PageRequest { limit: Some(1_000), marker: None } };
        let told = ask(house, root, op).await.unwrap_or_else(|error| panic!("{story}: {error}"));
        by_group.extend(told.users.items.into_iter().map(|user| (user.name, group.group.name.clone())));
    }
    assert_eq!(by_user, by_group, "{story}: users and groups do not agree");
}

#[test]
fn whatever_is_changed_nothing_dangles_and_counts_are_right() {
    for seed in 1..=6 {
        run(async {
            let house = House::open(Arc::new(MemoryDisk::new()), seed).expect("it opens");
            let (root, _) = house.account(1).await;
            let mut chance = Chance(seed);
            let (mut done, mut refused) = (0, 0);
            for place in 0..250 {
                match change(&house, &root, &mut chance).await {
                    Ok(()) => done += 1,
                    Err(error) if is_answer(&error) => refused += 1,
                    Err(error) => panic!("seed {seed}, change {place}: {error:?}"),
                }
                if place % 10 == 9 {
                    check(&house, &root, &format!("seed {seed}, change {place}")).await;
                }
            }
            assert!(done > 40 && refused > 40, "seed {seed}: {done} done, {refused} refused");
            house.engine.verify().expect("nothing was changed from outside");
        });
    }
}

#[test]
fn changes_at_the_same_time_leave_nothing_dangling() {
    run(async {
        let house = House::open(Arc::new(MemoryDisk::new()), 1).expect("it opens");
        let (root, _) = house.account(1).await;
        let live = async |seed| {
            let mut chance = Chance(seed);
            for place in 0..60 {
                match change(&house, &root, &mut chance).await {
                    Ok(()) => {}
                    Err(error) => assert!(is_answer(&error), "seed {seed}, change {place}: {error:?}"),
                }
            }
        };
        for round in 0..4 {
            let seed = round * 10;
            tokio::join!(live(seed + 1), live(seed + 2), live(seed + 3), live(seed + 4), live(seed + 5));
            check(&house, &root, &format!("round {round}")).await;
        }
    });
}

#[test]
fn a_cut_leaves_no_change_half_done() {
    let mut cuts = 0;
    for seed in 1..=12 {
        let mut chance = Chance(seed);
        let mut disk = TornDisk::new(seed);
        let account = AccountId::from_number(1).expect("twelve digits");
        let root = Arc::new(Caller::new(Principal::Root { account }, None));
        for life in 0..6 {
            disk.cut_after(chance.next(400));
            if let Ok(house) = House::open(Arc::new(disk.clone()), seed * 1_000 + life) {
                run(async {
                    if house.engine.has_account(account) != Ok(true) {
                        drop(house.engine.create_account(&house.call(), account).await);
                    }
                    for _ in 0..60 {
                        match change(&house, &root, &mut chance).await {
                            Ok(()) => {}
                            Err(Error::Unavailable { .. } | Error::Internal) => break,
                            Err(error) => assert!(is_answer(&error), "seed {seed}: {error:?}"),
                        }
                    }
                });
            }
            cuts += u64::from(disk.is_cut());
            disk = disk.restart(chance.next(u64::MAX));
            let house = House::open(Arc::new(disk.clone()), seed * 1_000 + 500 + life);
            let house = house.unwrap_or_else(|error| panic!("seed {seed}: it does not open again: {error}"));
            house.engine.verify().unwrap_or_else(|error| panic!("seed {seed}: {error}"));
            run(check(&house, &root, &format!("seed {seed}, life {life}")));
            house.close();
        }
    }
    assert!(cuts >= 36, "only {cuts} cuts: the test did not reach what it is for");
}
