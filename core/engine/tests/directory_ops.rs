//! The directory of an account, as whoever looks after it meets it: groups, roles, policies, providers, MFA devices and
//! the account as a whole, through the door.

mod house;

use std::collections::HashSet;
use std::sync::Arc;

use house::{House, run};
use keystead_engine::SecretBytes;
use keystead_engine::ops::iam::*;
use keystead_engine::ops::{Page, PageRequest};
use keystead_model::*;
use keystead_store::disk::MemoryDisk;

const ALLOW: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*"}]}"#;
const TRUST: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000001:root"},"Action":"sts:AssumeRole"}]}"#;

/// A house with one account, and its root.
struct Town {
    house: House,
    root: Arc<Caller>,
}

impl Town {
    async fn open() -> Self {
        Self::over(Arc::new(MemoryDisk::new())).await
    }

    async fn over(disk: Arc<MemoryDisk>) -> Self {
        let house = House::open(disk, 1).expect("it opens");
        let (root, _) = house.account(1).await;
        Self { house, root }
    }

    async fn ask<Op: IamOperation>(&self, op: Op) -> Result<Op::Answer, Error> {
        self.ask_as(&self.root, op).await
    }

    async fn ask_as<Op: IamOperation>(&self, caller: &Arc<Caller>, op: Op) -> Result<Op::Answer, Error> {
        let permit = self.house.engine.authorise(&self.house.call(), caller, op).await?;
        self.house.engine.iam(permit).await
    }

    async fn user(&self, name: &str) -> User {
        let op =
            CreateUser { name: user(name), path: IamPath::default(), boundary: None, tags: Tags::default() };
        self.ask(op).await.unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    async fn group(&self, name: &str) -> Group {
        let op = CreateGroup { name: group(name), path: IamPath::default() };
        self.ask(op).await.unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    async fn role(&self, name: &str) -> Role {
        self.ask(new_role(name)).await.unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    async fn policy(&self, name: &str) -> ManagedPolicy {
        self.ask(new_policy(name)).await.unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    async fn join(&self, user_name: &str, group_name: &str) -> Result<(), Error> {
        self.ask(AddUserToGroup { group: group(group_name), user: user(user_name) }).await
    }

    /// Attachments and boundaries of a policy.
    async fn counts(&self, policy: &PolicyArn) -> (u32, u32) {
        let told = self.ask(GetPolicy { policy: policy.clone() }).await.expect("it is there");
        (told.attachments, told.boundaries)
    }
}

fn user(name: &str) -> UserName {
    UserName::parse(name).expect("a user's name")
}

fn group(name: &str) -> GroupName {
    GroupName::parse(name).expect("a group's name")
}

fn role(name: &str) -> RoleName {
    RoleName::parse(name).expect("a role's name")
}

fn policy_name(name: &str) -> PolicyName {
    PolicyName::parse(name).expect("a policy's name")
}

fn path(text: &str) -> IamPath {
    IamPath::parse(text).expect("a path")
}

fn built_in(name: &str) -> PolicyArn {
    PolicyArn::parse(&format!("arn:aws:iam::aws:policy/{name}")).expect("an ARN")
}

fn tags(pairs: &[(&str, &str)]) -> Tags {
    let tag = |(key, value): &(&str, &str)| Tag { key: (*key).into(), value: (*value).into() };
    Tags::new(pairs.iter().map(tag).collect()).expect("tags")
}

fn new_role(name: &str) -> CreateRole {
    CreateRole {
        name: role(name),
        path: IamPath::default(),
        trust: TRUST.into(),
        description: None,
        session_seconds_max: None,
        boundary: None,
        tags: Tags::default(),
    }
}

fn new_policy(name: &str) -> CreatePolicy {
    CreatePolicy {
        name: policy_name(name),
        path: IamPath::default(),
        document: ALLOW.into(),
        description: None,
        tags: Tags::default(),
    }
}

fn page(limit: u16, marker: Option<Box<str>>) -> PageRequest {
    PageRequest { limit: Some(limit), marker }
}

fn all() -> PageRequest {
    PageRequest::default()
}

macro_rules! assert_refused {
    ($result:expr, $error:ident) => {
        match $result {
            Err(Error::$error(..)) => {}
            Err(other) => panic!("{} is refused with {other:?}", stringify!($result)),
            Ok(_) => panic!("{} is not refused", stringify!($result)),
        }
    };
}

// Groups.

#[test]
fn a_group_is_made_found_renamed_and_deleted() {
    run(async {
        let town = Town::open().await;
        let op = CreateGroup { name: group("Readers"), path: path("/team/") };
        let made = town.ask(op).await.expect("a group");
        assert_eq!(made.arn.to_string(), "arn:aws:iam::000000000001:group/team/Readers");
        assert!(made.id.starts_with("AGPA") && made.id.len() == 21, "{}", made.id);
        let found = town.ask(GetGroup { name: group("readers"), page: all() }).await.expect("it is there");
        assert_eq!(found.group, made);

        let again = CreateGroup { name: group("READERS"), path: IamPath::default() };
        assert_refused!(town.ask(again).await, EntityExists);

        town.user("alice").await;
        town.join("alice", "Readers").await.expect("she is in");
        let op = UpdateGroup {
            name: group("Readers"),
            new_name: Some(group("Writers")),
            new_path: Some(path("/other/")),
        };
        town.ask(op).await.expect("it is renamed");
        assert_refused!(town.ask(GetGroup { name: group("Readers"), page: all() }).await, NoSuchEntity);
        let found = town.ask(GetGroup { name: group("Writers"), page: all() }).await.expect("it is there");
        assert_eq!(found.group.arn.to_string(), "arn:aws:iam::000000000001:group/other/Writers");
        assert_eq!(found.group.id, made.id);
        assert_eq!(found.users.items.len(), 1);
        let of = town.ask(ListGroupsForUser { user: user("alice"), page: all() }).await.expect("her groups");
        assert_eq!(of.items, [found.group]);

        assert_refused!(town.ask(DeleteGroup { name: group("Writers") }).await, DeleteConflict);
        let op = RemoveUserFromGroup { group: group("Writers"), user: user("alice") };
        town.ask(op).await.expect("she is out");
        town.ask(DeleteGroup { name: group("Writers") }).await.expect("it is deleted");
        assert_refused!(town.ask(DeleteGroup { name: group("Writers") }).await, NoSuchEntity);
        let of = town.ask(ListGroupsForUser { user: user("alice"), page: all() }).await.expect("her groups");
        assert!(of.items.is_empty());
    });
}

#[test]
fn a_group_may_change_the_case_of_its_name_and_take_nobody_elses() {
    run(async {
        let town = Town::open().await;
        town.group("one").await;
        town.group("two").await;
        let renamed =
            |to: &str| UpdateGroup { name: group("one"), new_name: Some(group(to)), new_path: None };
        town.user("alice").await;
        town.join("alice", "one").await.expect("she is in");
        assert_refused!(town.ask(renamed("TWO")).await, EntityExists);
        town.ask(renamed("ONE")).await.expect("it is renamed");
        let of = town.ask(ListGroupsForUser { user: user("alice"), page: all() }).await.expect("her groups");
        assert_eq!(&*of.items[0].name, "ONE");
    });
}

#[test]
fn a_user_is_in_ten_groups_at_most_and_in_each_once() {
    run(async {
        let town = Town::open().await;
        town.user("alice").await;
        for place in 0..10 {
            town.group(&format!("g{place}")).await;
            town.join("alice", &format!("g{place}")).await.expect("she is in");
        }
        town.join("alice", "G3").await.expect("she stays in");
        town.group("g10").await;
        assert_refused!(town.join("alice", "g10").await, LimitExceeded);
        assert_refused!(town.join("bob", "g10").await, NoSuchEntity);
        assert_refused!(town.join("alice", "g11").await, NoSuchEntity);
        let op = RemoveUserFromGroup { group: group("g10"), user: user("alice") };
        assert_refused!(town.ask(op).await, NoSuchEntity);
    });
}

#[test]
fn listings_come_in_pages_and_by_path() {
    run(async {
        let town = Town::open().await;
        for name in ["d", "B", "a", "C", "e"] {
            let op = CreateGroup {
                name: group(name),
                path: if name == "e" { path("/x/y/") } else { path("/x/") },
            };
            town.ask(op).await.expect("a group");
        }
        let mut names = Vec::new();
        let mut marker = None;
        loop {
            let list = ListGroups { path_prefix: Some("/x/".into()), page: page(2, marker) };
            let Page { items, next } = town.ask(list).await.expect("a page");
            assert!(items.len() <= 2);
            names.extend(items.into_iter().map(|group| group.name));
            marker = next;
            if marker.is_none() {
                break;
            }
        }
        assert_eq!(names.iter().map(|name| &**name).collect::<Vec<_>>(), ["a", "B", "C", "d", "e"]);
        let deep = ListGroups { path_prefix: Some("/x/y".into()), page: all() };
        assert_eq!(town.ask(deep).await.expect("a page").items.len(), 1);
        let odd = ListGroups { path_prefix: None, page: page(2, Some("made up!".into())) };
        assert!(matches!(town.ask(odd).await, Err(Error::InvalidMarker)));
    });
}

// Roles.

#[test]
fn a_role_is_made_changed_and_deleted() {
    run(async {
        let town = Town::open().await;
        let boundary = town.policy("limit").await.arn;
        let op = CreateRole {
            path: path("/app/"),
            description: Some("reads".into()),
            session_seconds_max: Some(7_200),
            boundary: Some(boundary.clone()),
            tags: tags(&[("team", "a")]),
            ..new_role("Reader")
        };
        let made = town.ask(op).await.expect("a role");
        assert_eq!(made.arn.to_string(), "arn:aws:iam::000000000001:role/app/Reader");
        assert!(made.id.starts_with("AROA") && made.id.len() == 21);
        assert_eq!((&*made.trust, made.session_seconds_max), (TRUST, 7_200));
        assert_eq!(made.boundary.as_ref(), Some(&boundary));
        assert_eq!(town.counts(&boundary).await, (0, 1));
        assert_eq!(town.ask(GetRole { name: role("reader") }).await, Ok(made.clone()));
        assert_refused!(town.ask(new_role("READER")).await, EntityExists);

        let op = UpdateRole {
            name: role("Reader"),
            description: Some("writes".into()),
            session_seconds_max: Some(43_200),
        };
        town.ask(op).await.expect("it is changed");
        let told = town.ask(UpdateRoleDescription { name: role("Reader"), description: "both".into() }).await;
        let told = told.expect("it is changed");
        assert_eq!((told.description.as_deref(), told.session_seconds_max), (Some("both"), 43_200));
        let other = TRUST.replace(":root", ":user/alice");
        let op = UpdateAssumeRolePolicy { name: role("Reader"), trust: other.clone().into() };
        town.ask(op).await.expect("it is changed");
        assert_eq!(*town.ask(GetRole { name: role("Reader") }).await.expect("it is there").trust, *other);

        town.ask(DeleteRole { name: role("Reader") }).await.expect("it is deleted");
        assert_eq!(town.counts(&boundary).await, (0, 0));
        assert_refused!(town.ask(GetRole { name: role("Reader") }).await, NoSuchEntity);
        let anew = town.ask(new_role("Reader")).await.expect("it is made anew");
        assert_ne!(anew.id, made.id);
    });
}

#[test]
fn a_role_without_a_sound_trust_policy_or_with_an_odd_session_is_not_made() {
    run(async {
        let town = Town::open().await;
        for trust in ["", "{}", ALLOW, &TRUST.replace("sts:AssumeRole", "kms:Decrypt")] {
            let op = CreateRole { trust: trust.into(), ..new_role("r") };
            assert_refused!(town.ask(op).await, MalformedPolicy);
        }
        let long = TRUST.replace("000000000001:root", &format!("000000000001:user/{}", "a".repeat(64)));
        let many =
            long.replace("\"arn", &format!("{}\"arn", "\"arn:aws:iam::000000000001:root\",".repeat(80)));
        let many = many.replace("\"AWS\":", "\"AWS\":[").replace("},\"Action\"", "]},\"Action\"");
        let op = CreateRole { trust: many.clone().into(), ..new_role("r") };
        assert_refused!(town.ask(op).await, LimitExceeded);
        for seconds in [0, 3_599, 43_201] {
            let op = CreateRole { session_seconds_max: Some(seconds), ..new_role("r") };
            assert_refused!(town.ask(op).await, Invalid);
        }
        town.role("r").await;
        let op = UpdateAssumeRolePolicy { name: role("r"), trust: many.into() };
        assert_refused!(town.ask(op).await, LimitExceeded);
        let op = UpdateAssumeRolePolicy { name: role("r"), trust: ALLOW.into() };
        assert_refused!(town.ask(op).await, MalformedPolicy);
    });
}

#[test]
fn a_role_with_policies_is_not_deleted() {
    run(async {
        let town = Town::open().await;
        town.role("r").await;
        let arn = town.policy("p").await.arn;
        town.ask(AttachRolePolicy { holder: role("r"), policy: arn.clone() }).await.expect("it is attached");
        assert_refused!(town.ask(DeleteRole { name: role("r") }).await, DeleteConflict);
        town.ask(DetachRolePolicy { holder: role("r"), policy: arn }).await.expect("it is detached");
        let op = PutRolePolicy { holder: role("r"), policy: policy_name("i"), document: ALLOW.into() };
        town.ask(op).await.expect("it is put");
        assert_refused!(town.ask(DeleteRole { name: role("r") }).await, DeleteConflict);
        let op = DeleteRolePolicy { holder: role("r"), policy: policy_name("i") };
        town.ask(op).await.expect("it is deleted");
        town.ask(DeleteRole { name: role("r") }).await.expect("it is deleted");
    });
}

// Managed policies.

#[test]
fn a_policy_has_five_versions_at_most_and_no_number_twice() {
    run(async {
        let town = Town::open().await;
        let op = CreatePolicy { path: path("/x/"), description: Some("d".into()), ..new_policy("P") };
        let made = town.ask(op).await.expect("a policy");
        let arn = made.arn.clone();
        assert_eq!(arn.to_string(), "arn:aws:iam::000000000001:policy/x/P");
        assert!(made.id.starts_with("ANPA") && made.id.len() == 21);
        assert_eq!((made.default_version, made.description.as_deref()), (VersionId::FIRST, Some("d")));
        assert_refused!(town.ask(new_policy("p")).await, EntityExists);

        let version = |document: &str, set_as_default| CreatePolicyVersion {
            policy: arn.clone(),
            document: document.into(),
            set_as_default,
        };
        let second = ALLOW.replace("Decrypt", "Encrypt");
        let made = town.ask(version(&second, true)).await.expect("a version");
        assert_eq!((made.version.to_string().as_str(), made.is_default), ("v2", true));
        for _ in 3..=5 {
            town.ask(version(ALLOW, false)).await.expect("a version");
        }
        assert_refused!(town.ask(version(ALLOW, false)).await, LimitExceeded);

        let id = |text: &str| VersionId::parse(text).expect("a version");
        let delete = |text: &str| DeletePolicyVersion { policy: arn.clone(), version: id(text) };
        assert_refused!(town.ask(delete("v2")).await, DeleteConflict);
        town.ask(delete("v5")).await.expect("it is deleted");
        assert_refused!(town.ask(delete("v5")).await, NoSuchEntity);
        let made = town.ask(version(ALLOW, false)).await.expect("a version");
        assert_eq!(made.version.to_string(), "v6", "a number is not given twice");

        let told = town.ask(GetPolicyVersion { policy: arn.clone(), version: id("v2") }).await;
        let told = told.expect("it is there");
        assert_eq!((*told.document == *second, told.is_default), (true, true));
        let listed = town.ask(ListPolicyVersions { policy: arn.clone(), page: page(3, None) }).await;
        let Page { items, next } = listed.expect("a page");
        let spelled: Vec<_> = items.iter().map(|version| version.version.to_string()).collect();
        assert_eq!(spelled, ["v6", "v4", "v3"]);
        let listed = town.ask(ListPolicyVersions { policy: arn.clone(), page: page(3, next) }).await;
        assert_eq!(listed.expect("a page").items.len(), 2);

        let choose = |text: &str| SetDefaultPolicyVersion { policy: arn.clone(), version: id(text) };
        assert_refused!(town.ask(choose("v5")).await, NoSuchEntity);
        town.ask(choose("v1")).await.expect("it is chosen");
        let told = town.ask(GetPolicy { policy: arn.clone() }).await.expect("it is there");
        assert_eq!(told.default_version, VersionId::FIRST);

        assert_refused!(town.ask(DeletePolicy { policy: arn.clone() }).await, DeleteConflict);
        for text in ["v2", "v3", "v4", "v6"] {
            town.ask(delete(text)).await.expect("it is deleted");
        }
        town.ask(DeletePolicy { policy: arn.clone() }).await.expect("it is deleted");
        assert_refused!(town.ask(GetPolicy { policy: arn.clone() }).await, NoSuchEntity);
    });
}

#[test]
fn a_document_that_is_no_policy_or_too_long_is_refused() {
    run(async {
        let town = Town::open().await;
        let arn = town.policy("p").await.arn;
        town.user("alice").await;
        // Within the bytes, past the characters; white space does not count.
        let sids: String = (0..200)
            .map(|n| format!(r#"{{"Sid":"s{n}","Effect":"Allow","Action":"kms:Decrypt","Resource":"*"}},"#))
            .collect();
        let long = format!(r#"{{"Statement":[{}]}}"#, sids.trim_end_matches(','));
        let wide = ALLOW.replace("\":", &format!("\":{}", " ".repeat(2_000)));
        for (document, quota) in [("", false), ("[]", false), (TRUST, false), (long.as_str(), true)] {
            let ops = (
                town.ask(CreatePolicy { document: document.into(), ..new_policy("q") }).await.err(),
                town.ask(CreatePolicyVersion {
                    policy: arn.clone(),
                    document: document.into(),
                    set_as_default: true,
                })
                .await
                .err(),
                town.ask(PutUserPolicy {
                    holder: user("alice"),
                    policy: policy_name("i"),
                    document: document.into(),
                })
                .await
                .err(),
            );
            for error in [ops.0, ops.1, ops.2] {
                match (error, quota) {
                    (Some(Error::MalformedPolicy(why)), false) => assert!(why.contains("line"), "{why}"),
                    (Some(Error::LimitExceeded(_)), true) => {}
                    (other, _) => panic!("{document:.40}: {other:?}"),
                }
            }
        }
        town.ask(CreatePolicy { document: wide.into(), ..new_policy("q") }).await.expect("it is made");
    });
}

#[test]
fn policies_that_come_with_keystead_are_read_and_attached_and_never_changed() {
    run(async {
        let town = Town::open().await;
        town.user("alice").await;
        let arn = built_in("KeysteadAuditor");
        let told = town.ask(GetPolicy { policy: arn.clone() }).await.expect("it is there");
        assert_eq!((told.arn.clone(), told.attachments), (arn.clone(), 0));
        let version = GetPolicyVersion { policy: arn.clone(), version: VersionId::FIRST };
        assert!(town.ask(version).await.expect("it is there").document.contains("keystead:ReadAudit"));
        town.ask(AttachUserPolicy { holder: user("alice"), policy: arn.clone() }).await.expect("attached");
        assert_eq!(town.counts(&arn).await, (1, 0));
        let served = ListEntitiesForPolicy {
            policy: arn.clone(),
            kind: None,
            path_prefix: None,
            used_as: None,
            page: all(),
        };
        assert_eq!(town.ask(served).await.expect("those it serves").users.len(), 1);

        assert_refused!(town.ask(DeletePolicy { policy: arn.clone() }).await, Unmodifiable);
        let op = CreatePolicyVersion { policy: arn.clone(), document: ALLOW.into(), set_as_default: true };
        assert_refused!(town.ask(op).await, Unmodifiable);
        let op = SetDefaultPolicyVersion { policy: arn.clone(), version: VersionId::FIRST };
        assert_refused!(town.ask(op).await, Unmodifiable);
        let op = DeletePolicyVersion { policy: arn.clone(), version: VersionId::FIRST };
        assert_refused!(town.ask(op).await, Unmodifiable);
        let op = TagPolicy { entity: arn.clone(), tags: tags(&[("a", "b")]) };
        assert_refused!(town.ask(op).await, Unmodifiable);
        let op = UntagPolicy { entity: arn, tag_keys: vec!["a".into()] };
        assert_refused!(town.ask(op).await, Unmodifiable);
        assert_refused!(town.ask(GetPolicy { policy: built_in("NoSuchPolicy") }).await, NoSuchEntity);
        let op = AttachUserPolicy { holder: user("alice"), policy: built_in("NoSuchPolicy") };
        assert_refused!(town.ask(op).await, NoSuchEntity);
    });
}

#[test]
fn policies_are_listed_by_whose_they_are_and_what_they_are_for() {
    run(async {
        let town = Town::open().await;
        town.user("alice").await;
        let one = town.policy("one").await.arn;
        town.policy("two").await;
        let three = town.policy("three").await.arn;
        town.ask(AttachUserPolicy { holder: user("alice"), policy: one }).await.expect("attached");
        let auditor = built_in("KeysteadAuditor");
        town.ask(AttachUserPolicy { holder: user("alice"), policy: auditor }).await.expect("attached");
        town.ask(PutUserPermissionsBoundary { holder: user("alice"), boundary: three }).await.expect("set");
        let list = |scope, only_attached, used_as| ListPolicies {
            scope,
            only_attached,
            path_prefix: None,
            used_as,
            page: all(),
        };
        let names = async |op: ListPolicies| -> Vec<Box<str>> {
            town.ask(op).await.expect("a page").items.into_iter().map(|policy| policy.name).collect()
        };
        let told = |names: Vec<Box<str>>| names.join(" ");
        assert_eq!(told(names(list(PolicyScope::Own, false, None)).await), "one three two");
        assert_eq!(told(names(list(PolicyScope::All, true, None)).await), "one KeysteadAuditor");
        assert_eq!(told(names(list(PolicyScope::All, false, Some(PolicyUse::Boundary))).await), "three");
        assert_eq!(
            told(names(list(PolicyScope::All, false, Some(PolicyUse::Permissions))).await),
            "one KeysteadAuditor"
        );
        assert_eq!(names(list(PolicyScope::BuiltIn, false, None)).await.len(), 6);

        let mut found = HashSet::new();
        let mut marker = None;
        loop {
            let op = ListPolicies { page: page(3, marker), ..list(PolicyScope::All, false, None) };
            let Page { items, next } = town.ask(op).await.expect("a page");
            assert!(items.len() <= 3);
            for policy in items {
                assert!(found.insert(policy.arn.to_string()), "{} is listed twice", policy.arn);
            }
            marker = next;
            if marker.is_none() {
                break;
            }
        }
        assert_eq!(found.len(), 9);
    });
}

// Attachments.

#[test]
fn a_policy_counts_whom_it_is_attached_to_and_stays_while_it_is() {
    run(async {
        let town = Town::open().await;
        town.user("alice").await;
        town.group("g").await;
        town.role("r").await;
        let arn = town.policy("p").await.arn;
        let policy = || arn.clone();
        town.ask(AttachUserPolicy { holder: user("alice"), policy: policy() }).await.expect("attached");
        town.ask(AttachUserPolicy { holder: user("ALICE"), policy: policy() }).await.expect("it stays");
        town.ask(AttachGroupPolicy { holder: group("g"), policy: policy() }).await.expect("attached");
        town.ask(AttachRolePolicy { holder: role("r"), policy: policy() }).await.expect("attached");
        town.ask(PutRolePermissionsBoundary { holder: role("r"), boundary: policy() }).await.expect("set");
        assert_eq!(town.counts(&arn).await, (3, 1));
        let served = |kind, used_as| ListEntitiesForPolicy {
            policy: policy(),
            kind,
            path_prefix: None,
            used_as,
            page: all(),
        };
        let told = town.ask(served(None, None)).await.expect("those it serves");
        assert_eq!((told.users.len(), told.groups.len(), told.roles.len()), (1, 1, 1));
        let told = town.ask(served(None, Some(PolicyUse::Boundary))).await.expect("those it bounds");
        assert_eq!((told.users.len(), told.groups.len(), told.roles.len()), (0, 0, 1));
        let told = town.ask(served(Some(IamKind::Group), None)).await.expect("its groups");
        assert_eq!((told.users.len(), told.groups.len(), told.roles.len()), (0, 1, 0));

        let listed = ListAttachedUserPolicies { holder: user("alice"), path_prefix: None, page: all() };
        let listed = town.ask(listed).await.expect("a page").items;
        assert_eq!(listed, [AttachedPolicy { name: "p".into(), arn: policy() }]);

        assert_refused!(town.ask(DeletePolicy { policy: policy() }).await, DeleteConflict);
        assert_refused!(town.ask(DeleteUser { name: user("alice") }).await, DeleteConflict);
        assert_refused!(town.ask(DeleteGroup { name: group("g") }).await, DeleteConflict);
        town.ask(DetachUserPolicy { holder: user("alice"), policy: policy() }).await.expect("detached");
        let again = DetachUserPolicy { holder: user("alice"), policy: policy() };
        assert_refused!(town.ask(again).await, NoSuchEntity);
        town.ask(DetachGroupPolicy { holder: group("g"), policy: policy() }).await.expect("detached");
        town.ask(DetachRolePolicy { holder: role("r"), policy: policy() }).await.expect("detached");
        assert_eq!(town.counts(&arn).await, (0, 1));
        assert_refused!(town.ask(DeletePolicy { policy: policy() }).await, DeleteConflict);
        town.ask(DeleteRolePermissionsBoundary { holder: role("r") }).await.expect("taken away");
        assert_refused!(town.ask(DeleteRolePermissionsBoundary { holder: role("r") }).await, NoSuchEntity);
        town.ask(DeletePolicy { policy: policy() }).await.expect("it is deleted");
    });
}

#[test]
fn ten_policies_are_attached_at_most() {
    run(async {
        let town = Town::open().await;
        town.group("g").await;
        for place in 0..10 {
            let arn = town.policy(&format!("p{place}")).await.arn;
            town.ask(AttachGroupPolicy { holder: group("g"), policy: arn }).await.expect("attached");
        }
        let arn = town.policy("p10").await.arn;
        let op = AttachGroupPolicy { holder: group("g"), policy: arn.clone() };
        assert_refused!(town.ask(op).await, LimitExceeded);
        assert_eq!(town.counts(&arn).await, (0, 0));
    });
}

#[test]
fn a_policy_of_another_account_or_path_is_none() {
    run(async {
        let town = Town::open().await;
        let (other, _) = town.house.account(2).await;
        town.user("alice").await;
        let theirs = town.ask_as(&other, new_policy("p")).await.expect("a policy").arn;
        town.ask(CreatePolicy { path: path("/x/"), ..new_policy("q") }).await.expect("a policy");
        let wrong = PolicyArn::parse("arn:aws:iam::000000000001:policy/q").expect("an ARN");
        for policy in [theirs, wrong] {
            let op = AttachUserPolicy { holder: user("alice"), policy: policy.clone() };
            assert_refused!(town.ask(op).await, NoSuchEntity);
            let op = PutUserPermissionsBoundary { holder: user("alice"), boundary: policy.clone() };
            assert_refused!(town.ask(op).await, NoSuchEntity);
            let op = CreateRole { boundary: Some(policy.clone()), ..new_role("r") };
            assert_refused!(town.ask(op).await, NoSuchEntity);
            assert!(town.ask(GetPolicy { policy }).await.is_err());
        }
    });
}

// Inline policies.

#[test]
fn inline_policies_are_put_read_replaced_and_deleted() {
    run(async {
        let town = Town::open().await;
        town.group("g").await;
        let put = |name: &str, document: &str| PutGroupPolicy {
            holder: group("g"),
            policy: policy_name(name),
            document: document.into(),
        };
        let get = |name: &str| GetGroupPolicy { holder: group("g"), policy: policy_name(name) };
        town.ask(put("b", ALLOW)).await.expect("put");
        town.ask(put("a", ALLOW)).await.expect("put");
        town.ask(put("B", ALLOW)).await.expect("put");
        let other = ALLOW.replace("Decrypt", "Encrypt");
        town.ask(put("b", &other)).await.expect("replaced");
        assert_eq!(*town.ask(get("b")).await.expect("it is there").document, *other);
        assert_eq!(*town.ask(get("B")).await.expect("it is there").document, *ALLOW);
        let list = |page| ListGroupPolicies { holder: group("g"), page };
        let Page { items, next } = town.ask(list(page(2, None))).await.expect("a page");
        let rest = town.ask(list(page(2, next))).await.expect("a page");
        let names: HashSet<_> = items.into_iter().chain(rest.items).collect();
        assert_eq!(names.len(), 3);
        assert!(rest.next.is_none());
        assert_refused!(town.ask(DeleteGroup { name: group("g") }).await, DeleteConflict);
        let delete = |name: &str| DeleteGroupPolicy { holder: group("g"), policy: policy_name(name) };
        town.ask(delete("b")).await.expect("deleted");
        assert_refused!(town.ask(delete("b")).await, NoSuchEntity);
        assert_refused!(town.ask(get("b")).await, NoSuchEntity);
    });
}

#[test]
fn inline_policies_have_one_limit_all_together() {
    run(async {
        let town = Town::open().await;
        town.user("alice").await;
        let put = |name: &str, document: &str| PutUserPolicy {
            holder: user("alice"),
            policy: policy_name(name),
            document: document.into(),
        };
        let mut taken = 0;
        let refused = loop {
            match town.ask(put(&format!("p{taken}"), ALLOW)).await {
                Ok(()) => taken += 1,
                Err(error) => break error,
            }
        };
        assert!(matches!(refused, Error::LimitExceeded(_)), "{refused:?}");
        assert_eq!(taken, 2_048 / ALLOW.len());
        town.ask(put("p0", ALLOW)).await.expect("one that takes its own place is not counted twice");
        // White space is free for the quota, and not for the record.
        town.user("bob").await;
        let wide = format!("{ALLOW}{}", " ".repeat(50_000));
        let put = |name: &str| PutUserPolicy {
            holder: user("bob"),
            policy: policy_name(name),
            document: wide.as_str().into(),
        };
        town.ask(put("a")).await.expect("put");
        assert_refused!(town.ask(put("b")).await, LimitExceeded);
    });
}

// Tags.

#[test]
fn tags_are_added_replaced_listed_and_taken_away() {
    run(async {
        let town = Town::open().await;
        town.role("r").await;
        let arn = town.policy("p").await.arn;
        let put = tags(&[("b", "1"), ("a", "2"), ("c", "3")]);
        town.ask(TagRole { entity: role("r"), tags: put.clone() }).await.expect("tagged");
        town.ask(TagRole { entity: role("r"), tags: tags(&[("b", "9")]) }).await.expect("tagged");
        let list = |page| ListRoleTags { entity: role("r"), page };
        let Page { items, next } = town.ask(list(page(2, None))).await.expect("a page");
        let told: Vec<_> = items.iter().map(|tag| (&*tag.key, &*tag.value)).collect();
        assert_eq!(told, [("a", "2"), ("b", "9")]);
        assert_eq!(town.ask(list(page(2, next))).await.expect("a page").items.len(), 1);
        let untag = UntagRole { entity: role("r"), tag_keys: vec!["a".into(), "z".into()] };
        town.ask(untag).await.expect("taken away");
        assert_eq!(town.ask(GetRole { name: role("r") }).await.expect("it is there").tags.iter().count(), 2);

        town.ask(TagPolicy { entity: arn.clone(), tags: put }).await.expect("tagged");
        let listed = town.ask(ListPolicyTags { entity: arn, page: all() }).await.expect("a page");
        assert_eq!(listed.items.len(), 3);
        let many: Vec<(String, String)> = (0..49).map(|n| (format!("t{n}"), String::new())).collect();
        let many: Vec<_> = many.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_refused!(town.ask(TagRole { entity: role("r"), tags: tags(&many) }).await, LimitExceeded);
    });
}

// Identity providers.

fn provider(url: &str) -> CreateOpenIdConnectProvider {
    CreateOpenIdConnectProvider {
        url: url.into(),
        client_ids: vec!["sts.amazonaws.com".into()],
        thumbprints: vec!["0123456789abcdef0123456789abcdef01234567".into()],
        tags: Tags::default(),
    }
}

#[test]
fn a_provider_is_made_changed_and_deleted() {
    run(async {
        let town = Town::open().await;
        let made = town.ask(provider("https://token.example.com/a")).await.expect("a provider");
        assert_eq!(made.arn.to_string(), "arn:aws:iam::000000000001:oidc-provider/token.example.com/a");
        assert_eq!(&*made.url, "token.example.com/a");
        assert_refused!(town.ask(provider("https://token.example.com/a")).await, EntityExists);
        let arn = || made.arn.clone();
        let add = |id: &str| AddClientIdToOpenIdConnectProvider { provider: arn(), client_id: id.into() };
        town.ask(add("app")).await.expect("added");
        town.ask(add("app")).await.expect("it stays");
        let op = UpdateOpenIdConnectProviderThumbprint {
            provider: arn(),
            thumbprints: vec!["F".repeat(40).into()],
        };
        town.ask(op).await.expect("replaced");
        let told = town.ask(GetOpenIdConnectProvider { provider: arn() }).await.expect("it is there");
        assert_eq!(told.client_ids, ["sts.amazonaws.com".into(), "app".into()] as [Box<str>; 2]);
        assert_eq!(told.thumbprints.len(), 1);
        let op = RemoveClientIdFromOpenIdConnectProvider { provider: arn(), client_id: "app".into() };
        town.ask(op).await.expect("taken away");
        let op = RemoveClientIdFromOpenIdConnectProvider { provider: arn(), client_id: "other".into() };
        town.ask(op).await.expect("passed over");
        let op = TagOpenIdConnectProvider { entity: arn(), tags: tags(&[("a", "b")]) };
        town.ask(op).await.expect("tagged");
        assert_eq!(town.ask(ListOpenIdConnectProviders).await, Ok(vec![arn()]));
        town.ask(DeleteOpenIdConnectProvider { provider: arn() }).await.expect("deleted");
        town.ask(DeleteOpenIdConnectProvider { provider: arn() }).await.expect("it is deleted already");
        assert_refused!(town.ask(GetOpenIdConnectProvider { provider: arn() }).await, NoSuchEntity);
        assert_eq!(town.ask(ListOpenIdConnectProviders).await, Ok(vec![]));
    });
}

#[test]
fn a_provider_at_an_odd_url_or_with_odd_thumbprints_is_not_made() {
    run(async {
        let town = Town::open().await;
        for url in [
            "http://a.example",
            "https://",
            "https:///a",
            "https://a.example?x=1",
            "https://a.example#x",
            "https://a.example:8443",
            "https://u@a.example",
            "https://a b.example",
            "https://a..example",
        ] {
            assert_refused!(town.ask(provider(url)).await, Invalid);
        }
        for thumbprints in [vec!["a".repeat(39).into()], vec!["g".repeat(40).into()]] {
            let op = CreateOpenIdConnectProvider { thumbprints, ..provider("https://a.example") };
            assert_refused!(town.ask(op).await, Invalid);
        }
        let thumbprints: Vec<Box<str>> = (0..6).map(|n| n.to_string().repeat(40).into()).collect();
        let op = CreateOpenIdConnectProvider { thumbprints, ..provider("https://a.example") };
        assert_refused!(town.ask(op).await, LimitExceeded);
        let client_ids: Vec<Box<str>> = (0..101).map(|n| n.to_string().into()).collect();
        let op = CreateOpenIdConnectProvider { client_ids, ..provider("https://a.example") };
        assert_refused!(town.ask(op).await, LimitExceeded);
    });
}

#[test]
fn a_quota_may_be_reached_and_leaves_room_again_for_what_is_deleted() {
    run(async {
        let disk = Arc::new(MemoryDisk::new());
        let town = Town::over(Arc::clone(&disk)).await;
        let at = |place: usize| provider(&format!("https://p{place}.example"));
        let arn = |place: usize| {
            let text = format!("arn:aws:iam::000000000001:oidc-provider/p{place}.example");
            ProviderArn::parse(&text).expect("an ARN")
        };
        for place in 0..100 {
            town.ask(at(place)).await.expect("a provider");
        }
        assert_refused!(town.ask(at(100)).await, LimitExceeded);
        town.ask(DeleteOpenIdConnectProvider { provider: arn(7) }).await.expect("deleted");
        town.ask(at(100)).await.expect("there is room again");
        assert_refused!(town.ask(at(101)).await, LimitExceeded);
        let root = Arc::clone(&town.root);
        town.house.close();
        let town = Town { house: House::open(disk, 2).expect("it opens"), root };
        assert_refused!(town.ask(at(101)).await, LimitExceeded);
        assert_eq!(town.ask(ListOpenIdConnectProviders).await.map(|all| all.len()), Ok(100));
    });
}

// MFA devices.

fn device(name: &str) -> CreateVirtualMfaDevice {
    CreateVirtualMfaDevice {
        name: MfaName::parse(name).expect("a device's name"),
        path: IamPath::default(),
        tags: Tags::default(),
    }
}

/// What a device shows, some steps of 30 seconds away from now.
fn code(house: &House, seed_base32: &SecretBytes, steps: i64) -> MfaCode {
    let seed = keystead_crypto::TotpSeed::new(unbase32(seed_base32.expose()));
    let step = keystead_crypto::totp_step(house.clock.time()).checked_add_signed(steps).expect("a step");
    MfaCode::parse(&format!("{:06}", seed.code(step))).expect("six digits")
}

fn unbase32(text: &[u8]) -> SecretBytes {
    let (mut bits, mut held, mut out) = (0u32, 0, Vec::new());
    for character in text {
        let value = match character {
            b'A'..=b'Z' => character - b'A',
            _ => character - b'2' + 26,
        };
        bits = bits << 5 | u32::from(value);
        held += 5;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held & 0xff) as u8);
        }
    }
    SecretBytes::new(out)
}

#[test]
fn a_device_is_enabled_with_two_codes_in_a_row_and_each_counts_once() {
    run(async {
        let town = Town::open().await;
        town.user("alice").await;
        town.user("bob").await;
        let made = town.ask(device("phone")).await.expect("a device");
        assert_eq!(made.serial.to_string(), "arn:aws:iam::000000000001:mfa/phone");
        assert_eq!(made.seed_base32.len(), 64);
        assert_refused!(town.ask(device("PHONE")).await, EntityExists);
        let show = |steps| code(&town.house, &made.seed_base32, steps);
        let enable = |name: &str, first, second| EnableMfaDevice {
            user: user(name),
            serial: made.serial.clone(),
            first,
            second,
        };
        for (first, second) in
            [(show(0), show(0)), (show(1), show(0)), (show(0), show(2)), (show(-90), show(-89))]
        {
            let refused = town.ask(enable("alice", first, second)).await;
            assert_eq!(refused, Err(Error::InvalidMfaCode));
        }
        town.ask(enable("alice", show(-1), show(0))).await.expect("it is enabled");
        assert_refused!(town.ask(enable("bob", show(1), show(2))).await, EntityExists);
        let told = town.ask(GetMfaDevice { user: None, serial: made.serial.clone() }).await;
        assert_eq!(told.expect("it is there").owner.map(|(user, _)| user.name).as_deref(), Some("alice"));

        let resync = |first, second| ResyncMfaDevice {
            user: user("alice"),
            serial: made.serial.clone(),
            first,
            second,
        };
        assert_eq!(town.ask(resync(show(-1), show(0))).await, Err(Error::InvalidMfaCode), "they were used");
        assert_eq!(town.ask(resync(show(3_000), show(3_001))).await, Err(Error::InvalidMfaCode));
        town.ask(resync(show(100), show(101))).await.expect("it is followed");

        assert_refused!(town.ask(DeleteUser { name: user("alice") }).await, DeleteConflict);
        let delete = || DeleteVirtualMfaDevice { serial: made.serial.clone() };
        assert_refused!(town.ask(delete()).await, DeleteConflict);
        let off = |name: &str| DeactivateMfaDevice { user: Some(user(name)), serial: made.serial.clone() };
        assert_refused!(town.ask(off("bob")).await, NoSuchEntity);
        town.ask(off("alice")).await.expect("it is nobody's");
        assert_refused!(town.ask(off("alice")).await, NoSuchEntity);
        assert_eq!(
            town.ask(enable("bob", show(100), show(101))).await,
            Err(Error::InvalidMfaCode),
            "too early"
        );
        town.ask(delete()).await.expect("it is deleted");
        assert_refused!(town.ask(delete()).await, NoSuchEntity);
        town.ask(DeleteUser { name: user("alice") }).await.expect("she is deleted");
    });
}

#[test]
fn devices_are_listed_by_whether_they_are_somebodys() {
    run(async {
        let town = Town::open().await;
        town.user("alice").await;
        let made = town.ask(device("b")).await.expect("a device");
        town.ask(device("a")).await.expect("a device");
        let op = EnableMfaDevice {
            user: user("alice"),
            serial: made.serial.clone(),
            first: code(&town.house, &made.seed_base32, 0),
            second: code(&town.house, &made.seed_base32, 1),
        };
        town.ask(op).await.expect("it is enabled");
        let list = |status| ListVirtualMfaDevices { status, page: all() };
        for (status, serials) in [
            (AssignmentStatus::Any, "mfa/a mfa/b"),
            (AssignmentStatus::Assigned, "mfa/b"),
            (AssignmentStatus::Unassigned, "mfa/a"),
        ] {
            let items = town.ask(list(status)).await.expect("a page").items;
            let told: Vec<_> = items
                .iter()
                .map(|device| device.serial.to_string().replace("arn:aws:iam::000000000001:", ""))
                .collect();
            assert_eq!(told.join(" "), serials);
        }
        let of = ListMfaDevices { user: Some(user("alice")), page: all() };
        assert_eq!(town.ask(of).await.expect("a page").items.len(), 1);
    });
}

// The account as a whole.

#[test]
fn an_account_has_one_alias() {
    run(async {
        let town = Town::open().await;
        let create = |alias: &str| CreateAccountAlias { alias: alias.into() };
        let list = || ListAccountAliases { page: all() };
        for odd in ["ab", "-ab", "ab-", "a--b", "Abc", "a_b", &"a".repeat(64)] {
            assert_refused!(town.ask(create(odd)).await, Invalid);
        }
        town.ask(create("first")).await.expect("it is named");
        town.ask(create("sec-ond")).await.expect("it is named");
        assert_eq!(town.ask(list()).await.expect("a page").items, ["sec-ond".into()] as [Box<str>; 1]);
        let delete = |alias: &str| DeleteAccountAlias { alias: alias.into() };
        assert_refused!(town.ask(delete("first")).await, NoSuchEntity);
        town.ask(delete("sec-ond")).await.expect("it is taken away");
        assert!(town.ask(list()).await.expect("a page").items.is_empty());
    });
}

#[test]
fn the_summary_counts() {
    run(async {
        let town = Town::open().await;
        town.user("alice").await;
        town.group("g").await;
        town.role("r").await;
        let arn = town.policy("p").await.arn;
        let op = CreatePolicyVersion { policy: arn, document: ALLOW.into(), set_as_default: false };
        town.ask(op).await.expect("a version");
        town.ask(device("d")).await.expect("a device");
        town.ask(provider("https://a.example")).await.expect("a provider");
        let summary = town.ask(GetAccountSummary).await.expect("a summary");
        let of = |name: &str| summary.iter().find(|(key, _)| *key == name).map(|(_, count)| *count);
        for (name, count) in [
            ("Users", 1),
            ("Groups", 1),
            ("Roles", 1),
            ("Policies", 1),
            ("PolicyVersionsInUse", 2),
            ("MFADevices", 1),
            ("MFADevicesInUse", 0),
            ("Providers", 1),
            ("AccountAccessKeysPresent", 1),
            ("UsersQuota", 5_000),
            ("GroupsPerUserQuota", 10),
            ("AttachedPoliciesPerRoleQuota", 10),
        ] {
            assert_eq!(of(name), Some(count), "{name}");
        }
        let names: HashSet<_> = summary.iter().map(|(name, _)| name).collect();
        assert_eq!(names.len(), summary.len());
    });
}

#[test]
fn all_details_come_in_pages_each_thing_once() {
    run(async {
        let town = Town::open().await;
        town.user("alice").await;
        town.user("bob").await;
        town.group("g").await;
        town.role("r").await;
        let arn = town.policy("p").await.arn;
        town.join("alice", "g").await.expect("she is in");
        town.ask(AttachGroupPolicy { holder: group("g"), policy: arn.clone() }).await.expect("attached");
        let auditor = built_in("KeysteadAuditor");
        town.ask(AttachUserPolicy { holder: user("bob"), policy: auditor }).await.expect("attached");
        let op = PutUserPolicy { holder: user("bob"), policy: policy_name("i"), document: ALLOW.into() };
        town.ask(op).await.expect("put");
        for limit in [1, 2, 3, 100] {
            let (mut found, mut marker, mut pages) = (Vec::new(), None, 0);
            loop {
                let op = GetAccountAuthorizationDetails { kinds: Vec::new(), page: page(limit, marker) };
                let details = town.ask(op).await.expect("a page");
                found.extend(details.users.iter().map(|of| of.user.arn.to_string()));
                found.extend(details.groups.iter().map(|of| of.group.arn.to_string()));
                found.extend(details.roles.iter().map(|of| of.role.arn.to_string()));
                found.extend(details.policies.iter().map(|of| of.policy.arn.to_string()));
                let bob = details.users.iter().find(|of| *of.user.name == *"bob");
                if let Some(bob) = bob {
                    assert_eq!((bob.inline.len(), bob.attached.len()), (1, 1));
                }
                marker = details.next;
                pages += 1;
                if marker.is_none() {
                    break;
                }
                assert!(pages < 20, "the pages end");
            }
            found.sort();
            let own = "arn:aws:iam::000000000001";
            assert_eq!(
                found,
                [
                    format!("{own}:group/g"),
                    format!("{own}:policy/p"),
                    format!("{own}:role/r"),
                    format!("{own}:user/alice"),
                    format!("{own}:user/bob"),
                    "arn:aws:iam::aws:policy/KeysteadAuditor".to_owned(),
                ],
                "{limit} a page"
            );
        }
        let op = GetAccountAuthorizationDetails { kinds: vec![DetailKind::Role], page: all() };
        let details = town.ask(op).await.expect("a page");
        assert_eq!((details.roles.len(), details.users.len(), details.policies.len()), (1, 0, 0));
    });
}

#[test]
fn a_credential_report_is_made_and_grows_old() {
    run(async {
        let town = Town::open().await;
        assert_eq!(town.ask(GetCredentialReport).await, Err(Error::NoCredentialReport));
        town.user("alice").await;
        town.user("b,ob").await;
        let key = town.ask(CreateAccessKey { user: Some(user("alice")) }).await.expect("a key");
        let op = UpdateAccessKey { user: Some(user("alice")), key: key.key.id, active: false };
        town.ask(op).await.expect("it is off");
        town.ask(GenerateCredentialReport).await.expect("it is made");
        let report = town.ask(GetCredentialReport).await.expect("it is there");
        let text = String::from_utf8(report.content.to_vec()).expect("text");
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), 4, "{text}");
        assert!(lines[0].starts_with("user,arn,user_creation_time,"), "{text}");
        assert!(lines[1].starts_with("<root_account>,arn:aws:iam::000000000001:root,"), "{text}");
        assert!(lines[2].starts_with("alice,arn:aws:iam::000000000001:user/alice,"), "{text}");
        assert!(lines[3].starts_with("\"b,ob\",\"arn:aws:iam::000000000001:user/b,ob\","), "{text}");
        let (other, _) = town.house.account(2).await;
        assert_eq!(town.ask_as(&other, GetCredentialReport).await, Err(Error::NoCredentialReport));
        town.house.clock.move_days(1);
        assert_eq!(town.ask(GetCredentialReport).await, Err(Error::OldCredentialReport));
    });
}

#[test]
fn what_is_not_kept_is_told_so() {
    run(async {
        let town = Town::open().await;
        town.user("alice").await;
        town.role("r").await;
        let alice = || Some(user("alice"));
        assert_refused!(town.ask(GetLoginProfile { user: alice() }).await, NoSuchEntity);
        assert_refused!(town.ask(GetAccountPasswordPolicy).await, NoSuchEntity);
        assert_eq!(town.ask(ListSigningCertificates { user: alice() }).await, Ok(()));
        assert_eq!(town.ask(ListSshPublicKeys { user: alice() }).await, Ok(()));
        assert_eq!(town.ask(ListServiceSpecificCredentials { user: alice() }).await, Ok(()));
        assert_eq!(town.ask(ListInstanceProfilesForRole { role: role("r") }).await, Ok(()));
        assert_refused!(town.ask(ListInstanceProfilesForRole { role: role("s") }).await, NoSuchEntity);
        let nobody = Some(user("nobody"));
        assert_refused!(town.ask(ListSigningCertificates { user: nobody }).await, NoSuchEntity);
    });
}

#[test]
fn padding_makes_neither_a_transaction_nor_an_answer_too_large() {
    run(async {
        let town = Town::open().await;
        town.group("g").await;
        // White space is in no quota of AWS's, and fills records all the same: 8 MiB take 130 of them.
        let wide = format!("{ALLOW}{}", " ".repeat(65_000));
        for place in 0..130 {
            let name = format!("u{place:03}");
            town.user(&name).await;
            let op = PutUserPolicy {
                holder: user(&name),
                policy: policy_name("i"),
                document: wide.as_str().into(),
            };
            town.ask(op).await.expect("put");
            town.join(&name, "g").await.expect("in");
        }
        let rename = |name: Option<&str>, path: Option<IamPath>| UpdateGroup {
            name: group("g"),
            new_name: name.map(group),
            new_path: path,
        };
        assert_refused!(town.ask(rename(Some("h"), None)).await, LimitExceeded);
        town.ask(rename(None, Some(path("/x/")))).await.expect("a path is the group's alone");
        let (mut found, mut marker, mut pages) = (0, None, 0);
        loop {
            let op =
                GetAccountAuthorizationDetails { kinds: vec![DetailKind::User], page: page(1_000, marker) };
            let details = town.ask(op).await.expect("a page");
            let bytes =
                details.users.iter().flat_map(|user| &user.inline).map(|policy| policy.document.len());
            assert!(bytes.sum::<usize>() < 9 << 20);
            found += details.users.len();
            pages += 1;
            marker = details.next;
            if marker.is_none() {
                break;
            }
        }
        assert_eq!((found, pages), (130, 2));
    });
}

// Permissions.

/// A caller that is a user with this inline policy.
async fn with_policy(town: &Town, name: &str, document: &str) -> Arc<Caller> {
    let made = town.user(name).await;
    let op = PutUserPolicy { holder: user(name), policy: policy_name("own"), document: document.into() };
    town.ask(op).await.expect("put");
    let account = AccountId::from_number(1).expect("twelve digits");
    let principal = Principal::User { account, name: (*made.name).into(), id: (*made.id).into() };
    Arc::new(Caller::new(principal, None))
}

#[test]
fn whoever_may_attach_one_policy_attaches_no_other() {
    run(async {
        let town = Town::open().await;
        let one = town.policy("one").await.arn;
        let two = town.policy("two").await.arn;
        let document = format!(
            r#"{{"Statement":[{{"Effect":"Allow","Action":["iam:AttachUserPolicy","iam:DetachUserPolicy"],"Resource":"arn:aws:iam::000000000001:user/*","Condition":{{"ArnEquals":{{"iam:PolicyARN":"{one}"}}}}}}]}}"#
        );
        let alice = with_policy(&town, "alice", &document).await;
        let attach = |policy: &PolicyArn| AttachUserPolicy { holder: user("alice"), policy: policy.clone() };
        town.ask_as(&alice, attach(&one)).await.expect("attached");
        assert_refused!(town.ask_as(&alice, attach(&two)).await, Denied);
        let admin = built_in("AdministratorAccess");
        assert_refused!(town.ask_as(&alice, attach(&admin)).await, Denied);
        let put = PutUserPolicy { holder: user("alice"), policy: policy_name("x"), document: ALLOW.into() };
        assert_refused!(town.ask_as(&alice, put).await, Denied);
        let op = AttachRolePolicy { holder: role("alice"), policy: one.clone() };
        assert_refused!(town.ask_as(&alice, op).await, Denied);
        assert_eq!(town.counts(&two).await, (0, 0));
        let detach = DetachUserPolicy { holder: user("alice"), policy: one };
        town.ask_as(&alice, detach).await.expect("detached");
        let records = town.house.records();
        let denied =
            records.iter().filter(|entry| matches!(entry.decision, keystead_audit::Decision::Denied(_)));
        assert_eq!(denied.count(), 4);
    });
}

#[test]
fn whoever_has_to_set_a_boundary_makes_nobody_without_it() {
    run(async {
        let town = Town::open().await;
        let limit = town.policy("limit").await.arn;
        let other = town.policy("other").await.arn;
        let document = format!(
            r#"{{"Statement":[{{"Effect":"Allow","Action":["iam:CreateRole","iam:CreateUser","iam:PutRolePermissionsBoundary"],"Resource":"*","Condition":{{"StringEquals":{{"iam:PermissionsBoundary":"{limit}"}}}}}}]}}"#
        );
        let alice = with_policy(&town, "alice", &document).await;
        let make = |boundary: Option<&PolicyArn>| CreateRole { boundary: boundary.cloned(), ..new_role("r") };
        assert_refused!(town.ask_as(&alice, make(None)).await, Denied);
        assert_refused!(town.ask_as(&alice, make(Some(&other))).await, Denied);
        town.ask_as(&alice, make(Some(&limit))).await.expect("it is made");
        let put = |boundary: &PolicyArn| PutRolePermissionsBoundary {
            holder: role("r"),
            boundary: boundary.clone(),
        };
        assert_refused!(town.ask_as(&alice, put(&other)).await, Denied);
        town.ask_as(&alice, put(&limit)).await.expect("it stays");
        let op = DeleteRolePermissionsBoundary { holder: role("r") };
        assert_refused!(town.ask_as(&alice, op).await, Denied);
        assert_eq!(town.counts(&limit).await, (0, 1));
    });
}

#[test]
fn labels_of_the_request_and_of_what_it_is_about_can_be_asked_for() {
    run(async {
        let town = Town::open().await;
        let document = r#"{"Statement":[
            {"Effect":"Allow","Action":["iam:CreateRole","iam:TagRole"],"Resource":"*","Condition":{"StringEquals":{"aws:RequestTag/team":"a"}}},
            {"Effect":"Allow","Action":"iam:DeleteRole","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/team":"a"}}}]}"#;
        let alice = with_policy(&town, "alice", document).await;
        let make = |team: &str| CreateRole { tags: tags(&[("team", team)]), ..new_role("r") };
        assert_refused!(town.ask_as(&alice, make("b")).await, Denied);
        assert_refused!(town.ask_as(&alice, new_role("r")).await, Denied);
        town.ask_as(&alice, make("a")).await.expect("it is made");
        town.ask(TagRole { entity: role("r"), tags: tags(&[("team", "b")]) }).await.expect("tagged");
        assert_refused!(town.ask_as(&alice, DeleteRole { name: role("r") }).await, Denied);
        let op = TagRole { entity: role("r"), tags: tags(&[("team", "a")]) };
        town.ask_as(&alice, op).await.expect("tagged");
        town.ask_as(&alice, DeleteRole { name: role("r") }).await.expect("it is deleted");
    });
}

#[test]
fn no_account_reaches_into_anothers_directory() {
    run(async {
        let town = Town::open().await;
        let (other, _) = town.house.account(2).await;
        let arn = town.policy("p").await.arn;
        let made = town.ask(device("d")).await.expect("a device");
        let provider = town.ask(provider("https://a.example")).await.expect("a provider").arn;
        town.role("r").await;
        assert!(town.ask_as(&other, GetPolicy { policy: arn.clone() }).await.is_err());
        assert!(town.ask_as(&other, DeletePolicy { policy: arn.clone() }).await.is_err());
        let op = CreatePolicyVersion { policy: arn.clone(), document: ALLOW.into(), set_as_default: true };
        assert!(town.ask_as(&other, op).await.is_err());
        assert!(town.ask_as(&other, DeleteVirtualMfaDevice { serial: made.serial }).await.is_err());
        let op = DeleteOpenIdConnectProvider { provider: provider.clone() };
        assert!(town.ask_as(&other, op).await.is_err());
        assert_refused!(town.ask_as(&other, DeleteRole { name: role("r") }).await, NoSuchEntity);
        let served = GetAccountAuthorizationDetails { kinds: Vec::new(), page: all() };
        assert_eq!(town.ask_as(&other, served).await, Ok(AccountDetails::default()));
        assert_eq!(town.ask(ListOpenIdConnectProviders).await, Ok(vec![provider]));
        assert_eq!(
            town.ask(GetPolicy { policy: arn }).await.map(|policy| policy.default_version),
            Ok(VersionId::FIRST)
        );
        // A name is one account's.
        town.ask(CreateAccountAlias { alias: "name".into() }).await.expect("it is named");
        let op = CreateAccountAlias { alias: "name".into() };
        assert_refused!(town.ask_as(&other, op).await, EntityExists);
        town.ask(DeleteAccountAlias { alias: "name".into() }).await.expect("it is taken away");
        let op = CreateAccountAlias { alias: "name".into() };
        town.ask_as(&other, op).await.expect("it is named");
    });
}

#[test]
fn a_policy_is_in_force_and_out_of_force_with_the_next_request() {
    run(async {
        let town = Town::open().await;
        let alice = with_policy(&town, "alice", ALLOW).await;
        town.group("g").await;
        let arn = town.policy("p").await.arn;
        let may = async || town.ask_as(&alice, GetAccountSummary).await.is_ok();
        let read = ALLOW.replace("kms:Decrypt", "iam:GetAccountSummary");
        assert!(!may().await);
        let version = |document: &str| CreatePolicyVersion {
            policy: arn.clone(),
            document: document.into(),
            set_as_default: true,
        };
        town.ask(AttachGroupPolicy { holder: group("g"), policy: arn.clone() }).await.expect("attached");
        town.ask(version(&read)).await.expect("a version");
        assert!(!may().await);
        town.join("alice", "g").await.expect("she is in");
        assert!(may().await);
        let choose = |version| SetDefaultPolicyVersion { policy: arn.clone(), version };
        town.ask(choose(VersionId::FIRST)).await.expect("it is chosen");
        assert!(!may().await);
        town.ask(version(&read)).await.expect("a version");
        assert!(may().await);
        let boundary = town.policy("limit").await.arn;
        town.ask(PutUserPermissionsBoundary { holder: user("alice"), boundary }).await.expect("set");
        assert!(!may().await);
        town.ask(DeleteUserPermissionsBoundary { holder: user("alice") }).await.expect("taken away");
        assert!(may().await);
        let rename = UpdateGroup { name: group("g"), new_name: Some(group("h")), new_path: None };
        town.ask(rename).await.expect("it is renamed");
        assert!(may().await);
        town.ask(RemoveUserFromGroup { group: group("h"), user: user("alice") }).await.expect("she is out");
        assert!(!may().await);
        let op = PutUserPolicy { holder: user("alice"), policy: policy_name("own"), document: read.into() };
        town.ask(op).await.expect("put");
        assert!(may().await);
        let op = DeleteUserPolicy { holder: user("alice"), policy: policy_name("own") };
        town.ask(op).await.expect("deleted");
        assert!(!may().await);
    });
}

#[test]
fn a_restart_keeps_all() {
    run(async {
        let disk = Arc::new(MemoryDisk::new());
        let town = Town::over(Arc::clone(&disk)).await;
        town.user("alice").await;
        town.group("g").await;
        town.role("r").await;
        let arn = town.policy("p").await.arn;
        town.join("alice", "g").await.expect("she is in");
        town.ask(AttachGroupPolicy { holder: group("g"), policy: arn }).await.expect("attached");
        town.ask(provider("https://a.example")).await.expect("a provider");
        town.ask(device("d")).await.expect("a device");
        town.ask(CreateAccountAlias { alias: "name".into() }).await.expect("it is named");
        let details = || GetAccountAuthorizationDetails { kinds: Vec::new(), page: all() };
        let before = town.ask(details()).await.expect("a page");
        let root = Arc::clone(&town.root);
        town.house.close();
        let town = Town { house: House::open(disk, 2).expect("it opens"), root };
        assert_eq!(town.ask(details()).await, Ok(before));
        assert_eq!(town.ask(ListOpenIdConnectProviders).await.map(|all| all.len()), Ok(1));
        assert_eq!(town.ask(ListAccountAliases { page: all() }).await.map(|page| page.items.len()), Ok(1));
    });
}
