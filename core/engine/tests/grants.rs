//! Grants, through the door: whom they let in, on which terms, and that they end when they are ended.

mod house;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use house::{House, ROOT, context, run};
use keystead_engine::ops::*;
use keystead_engine::{ContextConstraint, GrantConstraints, GrantPrincipal, SecretBytes};
use keystead_model::*;
use keystead_store::disk::MemoryDisk;
use keystead_store::{
    Changes, Expect, MemoryStore, Record, RecordId, Revision, Store, StoreError, Transaction, Write,
};

macro_rules! ask {
    ($house:expr, $caller:expr, $method:ident, $op:expr) => {
        match $house.engine.authorise(&$house.call(), $caller, $op).await {
            Ok(permit) => $house.engine.$method(permit).await,
            Err(error) => Err(error),
        }
    };
}

const OWNER: u64 = 111_122_223_333;
const OTHER: u64 = 444_455_556_666;

fn account(number: u64) -> AccountId {
    AccountId::from_number(number).expect("twelve digits")
}

fn root(number: u64) -> Arc<Caller> {
    Arc::new(Caller::new(Principal::Root { account: account(number) }, None))
}

fn service(name: &str) -> Arc<Caller> {
    Arc::new(Caller::new(Principal::Service { name: name.into() }, None))
}

fn named(text: &str) -> GrantPrincipal {
    GrantPrincipal::parse(text).expect("a principal")
}

fn operations(list: &[GrantOperation]) -> GrantOperations {
    list.iter().copied().collect()
}

use GrantOperation as G;

/// A house with a key of the owner's, and something sealed under it.
struct Scene {
    house: House,
    owner: Arc<Caller>,
    key: KeyArn,
    sealed: Vec<u8>,
}

impl Scene {
    async fn new() -> Self {
        Self::with_policy(None).await
    }

    async fn with_policy(policy: Option<&str>) -> Self {
        let (store, disk) = (Arc::new(MemoryStore::new()), Arc::new(MemoryDisk::new()));
        Self::over(store, disk, policy).await
    }

    async fn over(store: Arc<dyn Store>, disk: Arc<MemoryDisk>, policy: Option<&str>) -> Self {
        let house = House::over(store, disk, &ROOT, 1).expect("it opens");
        house.account(OWNER).await;
        house.account(OTHER).await;
        let owner = root(OWNER);
        let key = house.key_with(&house.call(), &owner, policy).await.expect("a key").arn;
        let sealed = house.encrypt(&house.call(), &owner, KeyRef::Id(key.key), b"data").await;
        let sealed = sealed.expect("it seals").ciphertext;
        Self { house, owner, key, sealed }
    }

    async fn user(&self, number: u64, name: &str) -> Arc<Caller> {
        self.house.user(number, name).await
    }

    async fn session(&self, number: u64, role: &str, session: &str) -> Arc<Caller> {
        self.house.in_role(number, role, session).await
    }

    fn wanted(&self, grantee: &str, list: &[GrantOperation]) -> CreateGrant {
        CreateGrant {
            key: KeyRef::Arn(self.key.clone()),
            grantee: named(grantee),
            retiring: None,
            operations: operations(list),
            constraints: GrantConstraints::default(),
            name: None,
            grant_tokens: Vec::new(),
            dry_run: false,
        }
    }

    async fn grant(&self, grantee: &str, list: &[GrantOperation]) -> Granted {
        self.make(&self.owner, self.wanted(grantee, list)).await.expect("the grant is made")
    }

    async fn make(&self, caller: &Arc<Caller>, wanted: CreateGrant) -> Result<Granted, Error> {
        ask!(self.house, caller, create_grant, wanted)
    }

    async fn decrypt(&self, caller: &Arc<Caller>) -> Result<(), Error> {
        self.decrypt_with(caller, &[]).await
    }

    async fn decrypt_with(&self, caller: &Arc<Caller>, tokens: &[&str]) -> Result<(), Error> {
        let op = Decrypt {
            key: None,
            ciphertext: self.sealed.clone().into(),
            context: context(),
            algorithm: EncryptionAlgorithm::SymmetricDefault,
            grant_tokens: tokens.iter().map(|token| (*token).into()).collect(),
            recipient: None,
            dry_run: false,
            ignore_ciphertext: false,
        };
        ask!(self.house, caller, decrypt, op).map(|_| ())
    }

    async fn encrypt(&self, caller: &Arc<Caller>, pairs: &[(&str, &str)]) -> Result<(), Error> {
        let op = Encrypt {
            key: KeyRef::Arn(self.key.clone()),
            plaintext: SecretBytes::copy_from(b"x"),
            context: pairs_of(pairs),
            algorithm: EncryptionAlgorithm::SymmetricDefault,
            grant_tokens: Vec::new(),
            dry_run: false,
        };
        ask!(self.house, caller, encrypt, op).map(|_| ())
    }

    async fn describe(&self, caller: &Arc<Caller>) -> Result<(), Error> {
        let op = DescribeKey { key: KeyRef::Arn(self.key.clone()), grant_tokens: Vec::new() };
        ask!(self.house, caller, describe_key, op).map(|_| ())
    }

    async fn revoke(&self, id: GrantId) -> Result<(), Error> {
        let (key, grant) = (KeyRef::Arn(self.key.clone()), id.to_string().into());
        ask!(self.house, &self.owner, revoke_grant, RevokeGrant { key, grant, dry_run: false })
    }

    async fn retire(&self, caller: &Arc<Caller>, id: GrantId) -> Result<(), Error> {
        let grant = GrantName::Id { key: KeyRef::Arn(self.key.clone()), grant: id.to_string().into() };
        ask!(self.house, caller, retire_grant, RetireGrant { grant, dry_run: false })
    }

    async fn list(&self, grantee: Option<&str>, limit: u16, marker: Option<Box<str>>) -> Page<GrantEntry> {
        let op = ListGrants {
            key: KeyRef::Arn(self.key.clone()),
            grant: None,
            grantee: grantee.map(named),
            page: PageRequest { limit: Some(limit), marker },
        };
        ask!(self.house, &self.owner, list_grants, op).expect("a list")
    }
}

fn pairs_of(pairs: &[(&str, &str)]) -> EncryptionContext {
    EncryptionContext::new(pairs.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect()).expect("valid")
}

fn is_denied<T>(result: Result<T, Error>) -> bool {
    matches!(result, Err(Error::Denied(_)))
}

const OTHER_ROOT: &str = "arn:aws:iam::444455556666:root";
const ADA: &str = "arn:aws:iam::111122223333:user/ada";

#[test]
fn a_grant_lets_its_grantee_in_until_it_is_revoked_and_the_record_names_it() {
    run(async {
        let scene = Scene::new().await;
        let other = root(OTHER);
        assert!(is_denied(scene.decrypt(&other).await));
        let granted = scene.grant(OTHER_ROOT, &[G::Decrypt]).await;
        scene.decrypt(&other).await.expect("the grant lets it in");
        assert!(is_denied(scene.encrypt(&other, &[]).await), "not for what it does not name");
        assert!(is_denied(scene.decrypt(&root(777)).await), "not for others");
        scene.revoke(granted.id).await.expect("it is revoked");
        assert!(is_denied(scene.decrypt(&other).await), "at once");
        assert_eq!(scene.revoke(granted.id).await, Err(Error::GrantNotFound));

        let records = scene.house.records();
        let by: Vec<_> = records.iter().filter(|entry| &*entry.action == "kms:Decrypt").collect();
        let expected = format!("grant {}", granted.id);
        assert!(
            by.iter().any(|entry| format!("{:?}", entry.decision).contains(&expected)),
            "no record says {expected}"
        );
        let made = records.iter().find(|entry| &*entry.action == "kms:CreateGrant").expect("a record");
        assert_eq!(made.resource.as_deref(), Some(&*format!("grant/{}", granted.id)));
    });
}

#[test]
fn users_roles_sessions_and_services_are_let_in_by_their_own_names() {
    run(async {
        let scene = Scene::new().await;
        for (grantee, inside, outside) in [
            (ADA, scene.user(OWNER, "ada").await, scene.user(OWNER, "bob").await),
            (
                "arn:aws:iam::444455556666:role/app",
                scene.session(OTHER, "app", "a").await,
                scene.session(OWNER, "app", "a").await,
            ),
            (
                "arn:aws:sts::444455556666:assumed-role/web/one",
                scene.session(OTHER, "web", "one").await,
                scene.session(OTHER, "web", "two").await,
            ),
            ("s3.amazonaws.com", service("s3.amazonaws.com"), service("ec2.amazonaws.com")),
        ] {
            assert!(is_denied(scene.decrypt(&inside).await), "{grantee} before");
            scene.grant(grantee, &[G::Decrypt, G::DescribeKey]).await;
            scene.decrypt(&inside).await.unwrap_or_else(|error| panic!("{grantee}: {error}"));
            scene.describe(&inside).await.unwrap_or_else(|error| panic!("{grantee}: {error}"));
            assert!(is_denied(scene.decrypt(&outside).await), "{grantee}");
        }
        // An account's people need a policy of the account besides; only its root does not.
        scene.grant(OTHER_ROOT, &[G::Decrypt]).await;
        scene.decrypt(&root(OTHER)).await.expect("the root");
        assert!(is_denied(scene.decrypt(&scene.user(OTHER, "eve").await).await));
    });
}

#[test]
fn a_denial_wins_over_every_grant() {
    run(async {
        let policy = r#"{"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},
            {"Effect": "Deny", "Principal": {"AWS": ["arn:aws:iam::444455556666:root",
                "arn:aws:iam::444455556666:user/eve", "arn:aws:iam::111122223333:user/ada"]},
             "Action": "kms:Decrypt", "Resource": "*"}]}"#;
        let scene = Scene::with_policy(Some(policy)).await;
        for (name, caller) in [
            (OTHER_ROOT, root(OTHER)),
            ("arn:aws:iam::444455556666:user/eve", scene.user(OTHER, "eve").await),
            (ADA, scene.user(OWNER, "ada").await),
        ] {
            scene.grant(name, &[G::Decrypt, G::DescribeKey]).await;
            assert!(is_denied(scene.decrypt(&caller).await), "{name}");
            scene.describe(&caller).await.expect("what is not denied");
        }
    });
}

#[test]
fn constraints_bind_a_grant_to_a_context() {
    run(async {
        let scene = Scene::new().await;
        let other = root(OTHER);
        let terms = |context| GrantConstraints { context: Some(context), source_arn: None };
        let mut wanted = scene.wanted(OTHER_ROOT, &[G::Encrypt, G::DescribeKey]);
        wanted.constraints = terms(ContextConstraint::Subset(pairs_of(&[("tenant", "7")])));
        scene.make(&scene.owner, wanted).await.expect("made");
        scene.encrypt(&other, &[("tenant", "7"), ("stage", "x")]).await.expect("it has the pair");
        assert!(is_denied(scene.encrypt(&other, &[("tenant", "8")]).await));
        assert!(is_denied(scene.encrypt(&other, &[]).await));
        scene.describe(&other).await.expect("this has no context");

        let mut wanted = scene.wanted(OTHER_ROOT, &[G::Encrypt]);
        wanted.constraints = terms(ContextConstraint::Equals(pairs_of(&[("a", "b")])));
        scene.make(&scene.owner, wanted).await.expect("made");
        scene.encrypt(&other, &[("a", "b")]).await.expect("it is the same");
        assert!(is_denied(scene.encrypt(&other, &[("a", "b"), ("c", "d")]).await));
    });
}

#[test]
fn each_key_of_a_re_encryption_is_asked_with_its_own_context() {
    run(async {
        let scene = Scene::new().await;
        let other = root(OTHER);
        let mut wanted = scene.wanted(OTHER_ROOT, &[G::ReEncryptFrom]);
        wanted.constraints.context = Some(ContextConstraint::Equals(context()));
        scene.make(&scene.owner, wanted).await.expect("made");
        let mut wanted = scene.wanted(OTHER_ROOT, &[G::ReEncryptTo]);
        wanted.constraints.context = Some(ContextConstraint::Equals(pairs_of(&[("new", "one")])));
        scene.make(&scene.owner, wanted).await.expect("made");
        let op = |destination_context| ReEncrypt {
            ciphertext: scene.sealed.clone().into(),
            source_key: None,
            source_context: context(),
            source_algorithm: EncryptionAlgorithm::SymmetricDefault,
            destination_key: KeyRef::Arn(scene.key.clone()),
            destination_context,
            destination_algorithm: EncryptionAlgorithm::SymmetricDefault,
            grant_tokens: Vec::new(),
            dry_run: false,
            ignore_ciphertext: false,
        };
        let house = &scene.house;
        assert!(ask!(house, &other, re_encrypt, op(pairs_of(&[("new", "one")]))).is_ok());
        assert!(is_denied(ask!(house, &other, re_encrypt, op(context()))));
    });
}

#[test]
fn tokens_are_taken_from_whoever_was_given_one_and_from_nobody_else() {
    run(async {
        let scene = Scene::new().await;
        let other = root(OTHER);
        let granted = scene.grant(OTHER_ROOT, &[G::Decrypt]).await;
        scene.decrypt_with(&other, &[&granted.token]).await.expect("a token");
        scene.decrypt_with(&scene.owner, &[&granted.token]).await.expect("no harm where none is needed");
        // A token is a hint, not a key: it helps nobody whom the grant does not name.
        assert!(is_denied(scene.decrypt_with(&root(777), &[&granted.token]).await));
        let forged = format!("{}A", &granted.token[..granted.token.len() - 1]);
        for odd in ["", "made up", &forged, &"A".repeat(8192)] {
            let refused = scene.decrypt_with(&scene.owner, &[odd]).await;
            assert_eq!(refused, Err(Error::InvalidGrantToken), "{odd}");
        }
        let op = RetireGrant { grant: GrantName::Token(granted.token.clone()), dry_run: false };
        assert!(is_denied(ask!(scene.house, &root(777), retire_grant, op)));
        let op = RetireGrant { grant: GrantName::Token(granted.token.clone()), dry_run: false };
        ask!(scene.house, &scene.owner, retire_grant, op).expect("it is retired");
        let refused = scene.decrypt_with(&scene.owner, &[&granted.token]).await;
        assert_eq!(refused, Err(Error::InvalidGrantToken), "its grant has ended");
    });
}

#[test]
fn a_request_that_is_repeated_with_its_name_makes_no_second_grant() {
    run(async {
        let scene = Scene::new().await;
        let wanted = |name: Option<&str>, list: &[GrantOperation]| CreateGrant {
            name: name.map(Into::into),
            ..scene.wanted(OTHER_ROOT, list)
        };
        let first = scene.make(&scene.owner, wanted(Some("n"), &[G::Decrypt])).await.expect("made");
        let again = scene.make(&scene.owner, wanted(Some("n"), &[G::Decrypt])).await.expect("found");
        assert_eq!(first.id, again.id);
        assert_ne!(first.token, again.token);
        let wider = scene.make(&scene.owner, wanted(Some("n"), &[G::Encrypt])).await.expect("made");
        assert_ne!(first.id, wider.id);
        let unnamed = scene.make(&scene.owner, wanted(None, &[G::Decrypt])).await.expect("made");
        let another = scene.make(&scene.owner, wanted(None, &[G::Decrypt])).await.expect("made");
        assert_ne!(unnamed.id, another.id);
        assert_eq!(scene.list(None, 100, None).await.items.len(), 4);
        scene.revoke(first.id).await.expect("it ends");
        let anew = scene.make(&scene.owner, wanted(Some("n"), &[G::Decrypt])).await.expect("made");
        assert_ne!(first.id, anew.id, "an id is not used again");
    });
}

#[test]
fn what_a_key_cannot_do_or_no_grant_can_say_is_refused() {
    run(async {
        let scene = Scene::new().await;
        let refused = async |wanted: CreateGrant| match scene.make(&scene.owner, wanted).await {
            Err(Error::Invalid(why)) => why,
            other => panic!("{other:?}"),
        };
        assert!(refused(scene.wanted(ADA, &[])).await.contains("empty"));
        assert_eq!(
            &*refused(scene.wanted(ADA, &[G::CreateGrant])).await,
            "Grants must not contain only the CreateGrant operation."
        );
        assert!(refused(scene.wanted(ADA, &[G::Decrypt, G::Sign])).await.contains("Sign"));
        let many: Vec<_> = (0..9).map(|n| (format!("k{n}").into(), "v".into())).collect();
        let many = EncryptionContext::new(many).expect("valid");
        let long = pairs_of(&[("k", &"v".repeat(385))]);
        for (context, says) in [(many, "8"), (long, "384")] {
            let mut wanted = scene.wanted(ADA, &[G::Decrypt]);
            wanted.constraints.context = Some(ContextConstraint::Subset(context));
            assert!(refused(wanted).await.contains(says));
        }
        let mut wanted = scene.wanted(ADA, &[G::Decrypt]);
        wanted.dry_run = true;
        assert_eq!(scene.make(&scene.owner, wanted).await.err(), Some(Error::DryRun));
        assert!(scene.list(None, 10, None).await.items.is_empty());
    });
}

#[test]
fn a_grantee_passes_on_no_more_than_it_has() {
    run(async {
        let scene = Scene::new().await;
        let other = root(OTHER);
        scene.grant(OTHER_ROOT, &[G::Decrypt, G::Encrypt, G::CreateGrant]).await;
        let eve = "arn:aws:iam::444455556666:user/eve";
        let passed = scene.make(&other, scene.wanted(eve, &[G::Decrypt])).await.expect("it is within");
        scene.decrypt(&scene.user(OTHER, "eve").await).await.expect("it counts");
        assert!(is_denied(scene.make(&other, scene.wanted(eve, &[G::Decrypt, G::DescribeKey])).await));
        assert!(is_denied(scene.make(&root(777), scene.wanted(eve, &[G::Decrypt])).await));
        // The account it was made under may end it.
        let entry = scene.list(Some(eve), 10, None).await.items.pop().expect("it is listed");
        assert_eq!(entry.issuer.as_deref(), Some(OTHER_ROOT));
        assert!(is_denied(scene.retire(&root(777), passed.id).await));
        scene.retire(&other, passed.id).await.expect("it is the issuer");
        assert!(is_denied(scene.decrypt(&scene.user(OTHER, "eve").await).await));
    });
}

#[test]
fn whoever_is_named_for_it_retires_a_grant() {
    run(async {
        let scene = Scene::new().await;
        let make = async |retiring: Option<&str>, list: &[GrantOperation]| {
            let wanted = CreateGrant { retiring: retiring.map(named), ..scene.wanted(OTHER_ROOT, list) };
            scene.make(&scene.owner, wanted).await.expect("made").id
        };
        let other = root(OTHER);
        let plain = make(None, &[G::Decrypt]).await;
        assert!(is_denied(scene.retire(&other, plain).await), "the grantee needs the operation");
        scene.retire(&scene.owner, plain).await.expect("the key's account");
        let own = make(None, &[G::Decrypt, G::RetireGrant]).await;
        scene.retire(&other, own).await.expect("the grantee that has the operation");
        let by_role = make(Some("arn:aws:iam::111122223333:role/ops"), &[G::Decrypt]).await;
        assert!(is_denied(scene.retire(&scene.user(OWNER, "ada").await, by_role).await));
        let dry = RetireGrant {
            grant: GrantName::Id { key: KeyRef::Arn(scene.key.clone()), grant: by_role.to_string().into() },
            dry_run: true,
        };
        assert_eq!(
            ask!(scene.house, &scene.session(OWNER, "ops", "x").await, retire_grant, dry),
            Err(Error::DryRun)
        );
        scene.retire(&scene.session(OWNER, "ops", "x").await, by_role).await.expect("whom the grant names");
        // What is not there looks to strangers like what they may not touch.
        assert_eq!(scene.retire(&scene.owner, by_role).await, Err(Error::GrantNotFound));
        assert!(is_denied(scene.retire(&other, by_role).await));
        let grant = GrantName::Id { key: KeyRef::Arn(scene.key.clone()), grant: "x".into() };
        let odd = RetireGrant { grant, dry_run: false };
        assert_eq!(ask!(scene.house, &scene.owner, retire_grant, odd), Err(Error::InvalidGrantId));
    });
}

#[test]
fn grants_are_listed_by_key_by_grantee_and_by_who_may_retire_them() {
    run(async {
        let scene = Scene::new().await;
        let mut ids = Vec::new();
        for number in 0..25 {
            let grantee = format!("arn:aws:iam::111122223333:user/u{}", number % 5);
            let wanted =
                CreateGrant { retiring: Some(named(OTHER_ROOT)), ..scene.wanted(&grantee, &[G::Decrypt]) };
            ids.push(scene.make(&scene.owner, wanted).await.expect("made").id);
        }
        ids.sort_unstable();
        let all = async |grantee: Option<&str>| {
            let (mut found, mut marker) = (Vec::new(), None);
            loop {
                let page = scene.list(grantee, 7, marker).await;
                assert!(page.items.len() <= 7);
                found.extend(page.items.into_iter().map(|entry| entry.id));
                marker = page.next;
                if marker.is_none() {
                    found.sort_unstable();
                    return found;
                }
            }
        };
        assert_eq!(all(None).await, ids);
        assert_eq!(all(Some("arn:aws:iam::111122223333:user/u3")).await.len(), 5);
        assert!(all(Some(ADA)).await.is_empty());

        let retirable = async |caller: &Arc<Caller>, retiring: &str, marker: Option<Box<str>>| {
            let page = PageRequest { limit: Some(10), marker };
            let op = ListRetirableGrants { retiring: named(retiring), page };
            ask!(scene.house, caller, list_retirable_grants, op)
        };
        let (mut found, mut marker) = (Vec::new(), None);
        loop {
            let page = retirable(&root(OTHER), OTHER_ROOT, marker).await.expect("a list");
            found.extend(page.items.into_iter().map(|entry| entry.id));
            marker = page.next;
            if marker.is_none() {
                break;
            }
        }
        found.sort_unstable();
        assert_eq!(found, ids);
        assert!(is_denied(retirable(&scene.owner, OTHER_ROOT, None).await), "another account's");
        assert!(is_denied(retirable(&scene.owner, "s3.amazonaws.com", None).await), "a service's");
        for odd in ["made up", "00", &"ab".repeat(200)] {
            let refused = retirable(&root(OTHER), OTHER_ROOT, Some(odd.into())).await.err();
            assert_eq!(refused, Some(Error::InvalidMarker), "{odd}");
        }
        let one = ListGrants {
            key: KeyRef::Arn(scene.key.clone()),
            grant: Some(ids[3].to_string().into()),
            grantee: None,
            page: PageRequest::default(),
        };
        let page = ask!(scene.house, &scene.owner, list_grants, one).expect("a list");
        assert_eq!(page.items.iter().map(|entry| entry.id).collect::<Vec<_>>(), [ids[3]]);
    });
}

// --- The limit, and the end of a key ---------------------------------------------------------------------------

#[test]
fn a_key_has_fifty_thousand_grants_and_not_one_more() {
    run(async {
        let scene = Scene::new().await;
        // A third of them to one grantee, each on terms of its own.
        let wanted = |number: usize| {
            let mut wanted = match number % 3 {
                0 => scene.wanted(OTHER_ROOT, &[G::Decrypt]),
                _ => scene.wanted(&format!("arn:aws:iam::444455556666:user/u{number}"), &[G::Decrypt]),
            };
            wanted.constraints.context =
                Some(ContextConstraint::Subset(pairs_of(&[("number", &number.to_string())])));
            wanted
        };
        for number in 0..49_999 {
            scene.make(&scene.owner, wanted(number)).await.unwrap_or_else(|e| panic!("{number}: {e}"));
        }
        let extra = |number| scene.make(&scene.owner, wanted(number));
        let (a, b, c, d) = tokio::join!(extra(50_000), extra(50_001), extra(50_002), extra(50_003));
        let made: Vec<_> = [a, b, c, d].into_iter().collect();
        assert_eq!(made.iter().filter(|made| made.is_ok()).count(), 1, "{made:?}");
        assert_eq!(made.iter().filter(|made| matches!(made, Err(Error::LimitExceeded(_)))).count(), 3);

        let other = root(OTHER);
        assert!(is_denied(scene.decrypt(&other).await), "none of the terms is met");
        let granted = made.into_iter().find_map(Result::ok).expect("one was made");
        scene.revoke(granted.id).await.expect("it makes room");
        scene.grant(OTHER_ROOT, &[G::Decrypt]).await;
        scene.decrypt(&other).await.expect("the last one lets it in");
        assert!(matches!(extra(50_004).await, Err(Error::LimitExceeded(_))));
    });
}

/// A store that stops taking commits after some.
struct Stopping {
    inner: Arc<MemoryStore>,
    left: AtomicI64,
}

impl Store for Stopping {
    fn get(&self, id: &RecordId) -> Result<Option<Record>, StoreError> {
        self.inner.get(id)
    }

    fn scan(
        &self,
        prefix: &[u8],
        after: Option<&RecordId>,
        limit: usize,
    ) -> Result<Vec<(RecordId, Record)>, StoreError> {
        self.inner.scan(prefix, after, limit)
    }

    fn commit(&self, transaction: Transaction) -> Result<Revision, StoreError> {
        match self.left.fetch_sub(1, Ordering::SeqCst) > 0 {
            true => self.inner.commit(transaction),
            false => Err(StoreError::Full),
        }
    }

    fn changes(&self, after: Revision, limit: usize) -> Result<Changes, StoreError> {
        self.inner.changes(after, limit)
    }

    fn revision(&self) -> Result<Revision, StoreError> {
        self.inner.revision()
    }
}

#[test]
fn the_grants_of_a_destroyed_key_go_also_if_the_server_stops_half_way() {
    run(async {
        let (inner, disk) = (Arc::new(MemoryStore::new()), Arc::new(MemoryDisk::new()));
        let store = Arc::new(Stopping { inner: inner.clone(), left: AtomicI64::new(i64::MAX) });
        let scene = Scene::over(store.clone(), disk.clone(), None).await;
        for number in 0..600 {
            let wanted = CreateGrant {
                name: Some(format!("n{number}").into()),
                retiring: Some(named(OTHER_ROOT)),
                ..scene.wanted(&format!("arn:aws:iam::444455556666:user/u{}", number % 300), &[G::Decrypt])
            };
            scene.make(&scene.owner, wanted).await.expect("made");
        }
        let op = ScheduleKeyDeletion { key: KeyRef::Id(scene.key.key), window_days: Some(7) };
        ask!(scene.house, &scene.owner, schedule_key_deletion, op).expect("scheduled");
        // What waits in the outbox is flushed first, so that commits can be counted.
        std::thread::sleep(std::time::Duration::from_millis(1200));
        scene.house.clock.move_days(8);
        // The key itself, and the first of its grants.
        store.left.store(2, Ordering::SeqCst);
        let done = scene.house.engine.tick().await.expect("it runs");
        assert_eq!((done.destroyed, done.failed), (1, 0));
        let done = scene.house.engine.tick().await.expect("it runs");
        assert_eq!(done.failed, 1, "the store is full");
        let left = inner.scan(b"gg", None, 1000).expect("it reads").len();
        assert!((1..600).contains(&left), "{left}");
        scene.house.close();

        let house = House::over(inner.clone(), disk, &ROOT, 2).expect("it opens");
        house.clock.move_days(8);
        let op = ListRetirableGrants { retiring: named(OTHER_ROOT), page: PageRequest::default() };
        let page = ask!(house, &root(OTHER), list_retirable_grants, op).expect("a list");
        assert!(page.items.is_empty(), "what is on its way out is not listed");
        house.engine.tick().await.expect("it runs");
        assert!(inner.scan(b"g", None, 10).expect("it reads").is_empty(), "rows were left behind");
        assert!(inner.scan(b"d", None, 10).expect("it reads").is_empty(), "the key is still due");
        house.engine.verify().expect("nothing is amiss");
        house.close();
    });
}

// --- Whoever can write the file ----------------------------------------------------------------------------------

#[test]
fn a_grant_that_is_put_back_or_taken_away_in_the_file_lets_nobody_in() {
    run(async {
        let (store, disk) = (Arc::new(MemoryStore::new()), Arc::new(MemoryDisk::new()));
        let scene = Scene::over(store.clone(), disk.clone(), None).await;
        let write = |id: &RecordId, bytes: Option<&[u8]>| {
            let write =
                Write { id: id.clone(), expect: Expect::Any, put: bytes.map(Into::into), erasable: false };
            store.commit(Transaction(vec![write])).expect("the store writes");
        };
        let rows = || store.scan(b"g", None, 100).expect("the store reads");
        let before = rows();
        let revoked = scene.grant(OTHER_ROOT, &[G::Decrypt]).await;
        let with_it = rows();
        scene.revoke(revoked.id).await.expect("it is revoked");
        assert_eq!(rows().len(), before.len());
        let other = root(OTHER);
        assert!(is_denied(scene.decrypt(&other).await));

        // Every row of the revoked grant is put back, as it was.
        with_it.iter().for_each(|(id, record)| write(id, Some(&record.bytes)));
        let Scene { house, owner, key, sealed } = scene;
        house.close();
        let house = House::over(store.clone(), disk.clone(), &ROOT, 2).expect("it opens");
        let scene = Scene { house, owner, key, sealed };
        assert_eq!(scene.decrypt(&other).await, Err(Error::Internal));
        with_it.iter().for_each(|(id, _)| write(id, None));

        // Without the summaries, which the table knows to be gone, the other rows alone do not do it either.
        let summaries = |id: &RecordId| matches!(id.as_bytes()[1], b's' | b'c');
        for (id, record) in with_it.iter().filter(|(id, _)| !summaries(id)) {
            write(id, Some(&record.bytes));
        }
        assert_eq!(scene.decrypt(&other).await, Err(Error::Internal));
        with_it.iter().for_each(|(id, _)| write(id, None));
        assert!(is_denied(scene.decrypt(&other).await), "and so it was before");

        // A grant that counts is taken away: nobody is let in by what is left.
        scene.grant(OTHER_ROOT, &[G::Decrypt]).await;
        scene.grant(OTHER_ROOT, &[G::Encrypt]).await;
        let (id, _) = store.scan(b"gg", None, 1).expect("it reads").remove(0);
        write(&id, None);
        assert_eq!(scene.decrypt(&other).await, Err(Error::Internal));
        assert_eq!(scene.encrypt(&other, &[]).await, Err(Error::Internal));
        scene.decrypt(&scene.owner).await.expect("others are not harmed");
    });
}
