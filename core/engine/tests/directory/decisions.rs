//! All documents of a caller are asked, each in its place.

use std::sync::atomic::{AtomicU64, Ordering};

use keystead_store::{Changes, Record, RecordId, Revision, StoreError, Transaction};

use super::house::run;
use super::*;

#[test]
fn a_policy_of_ones_own_opens_a_key_that_leaves_that_to_the_account() {
    run(async {
        let town = Town::new().await;
        let alice = town.user("alice").await;
        assert_eq!(town.is_shut_for(&alice).await, Why::NoIdentityStatement);
        town.let_user("alice", "own", ALLOW).await;
        town.opens_for(&alice, "an inline policy").await;
        assert!(
            town.decided().contains("identity policy own of user/alice statement 0 (All)"),
            "{}",
            town.decided()
        );

        let bob = town.user("bob").await;
        let policy = town.policy("uses", ALLOW).await;
        let attach = AttachUserPolicy { holder: user("bob"), policy: policy.clone() };
        town.ask(attach).await.expect("it is attached");
        town.opens_for(&bob, "a managed policy").await;
        let told = format!("identity policy {policy} statement 0 (All)");
        assert!(town.decided().contains(&told), "{}", town.decided());

        let carol = town.user("carol").await;
        town.group("users", &["carol"]).await;
        town.ask(AttachGroupPolicy { holder: group("users"), policy }).await.expect("it is attached");
        town.opens_for(&carol, "a policy of a group").await;

        let dave = town.user("dave").await;
        let built_in = PolicyArn::parse("arn:aws:iam::aws:policy/KeysteadKeyUser").expect("an ARN");
        town.ask(AttachUserPolicy { holder: user("dave"), policy: built_in }).await.expect("it is attached");
        town.opens_for(&dave, "a policy that comes with Keystead").await;

        let app = town.in_role("app").await;
        assert_eq!(town.is_shut_for(&app).await, Why::NoIdentityStatement);
        town.let_role("app", ALLOW).await;
        town.opens_for(&app, "a role's policy").await;
    });
}

#[test]
fn a_denial_wins_wherever_it_stands() {
    run(async {
        let town = Town::new().await;
        let alice = town.user("alice").await;
        town.let_user("alice", "own", ALLOW).await;
        town.group("watched", &["alice"]).await;
        let op = PutGroupPolicy {
            holder: group("watched"),
            policy: policy_name("never"),
            document: document(DENY),
        };
        town.ask(op).await.expect("it is put");
        assert_eq!(town.is_shut_for(&alice).await, Why::IdentityDeny);
        assert!(town.decided().contains("identity policy never of group/watched statement 0 (Never)"));
    });
}

#[test]
fn a_boundary_narrows_what_ones_own_policies_give() {
    run(async {
        let town = Town::new().await;
        let alice = town.user("alice").await;
        town.let_user("alice", "own", ALLOW).await;
        let describes = r#"{"Effect": "Allow", "Action": "kms:DescribeKey", "Resource": "*"}"#;
        let boundary = town.policy("boundary", describes).await;
        let op = PutUserPermissionsBoundary { holder: user("alice"), boundary: boundary.clone() };
        town.ask(op).await.expect("a boundary");
        assert_eq!(town.is_shut_for(&alice).await, Why::NoBoundaryStatement);
        // Another version of it counts at once.
        let wider = CreatePolicyVersion { policy: boundary, document: document(ALLOW), set_as_default: true };
        town.ask(wider).await.expect("a version");
        town.opens_for(&alice, "within the boundary").await;
    });
}

#[test]
fn tags_of_the_caller_and_of_what_is_asked_about_are_facts() {
    run(async {
        let town = Town::new().await;
        let alice = town.user("alice").await;
        let same = r#"{"Effect": "Allow", "Action": "iam:GetUser", "Resource": "*",
            "Condition": {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}}"#;
        town.let_user("alice", "own", same).await;
        town.user("bob").await;
        let read = || GetUser { name: Some(user("bob")) };
        assert!(is_denied(&town.ask_as(&alice, read()).await));
        let tag = |name: &str, team: &str| TagUser { entity: user(name), tags: tags(&[("team", team)]) };
        town.ask(tag("bob", "a")).await.expect("it is tagged");
        assert!(is_denied(&town.ask_as(&alice, read()).await));
        town.ask(tag("alice", "a")).await.expect("it is tagged");
        town.ask_as(&alice, read()).await.expect("of the same team");
        town.ask(tag("bob", "b")).await.expect("it is tagged");
        assert!(is_denied(&town.ask_as(&alice, read()).await));
    });
}

/// How administration is delegated: who makes principals must bind them, and may touch only those that are bound.
#[test]
fn a_delegate_touches_only_principals_with_the_boundary_it_was_told() {
    run(async {
        let town = Town::new().await;
        let admin = town.user("admin").await;
        let boundary = town.policy("boundary", ALLOW).await;
        let delegated = format!(
            r#"{{"Effect": "Allow", "Action": ["iam:CreateUser", "iam:PutUserPolicy", "iam:PutUserPermissionsBoundary"], "Resource": "*",
                "Condition": {{"StringEquals": {{"iam:PermissionsBoundary": "{boundary}"}}}}}}"#
        );
        town.let_user("admin", "delegated", &delegated).await;
        let create = |bound: Option<&PolicyArn>| CreateUser {
            boundary: bound.cloned(),
            ..house::new_user(user("made"))
        };
        assert!(is_denied(&town.ask_as(&admin, create(None)).await));
        town.ask_as(&admin, create(Some(&boundary))).await.expect("with the boundary");
        let put = |name: &str| PutUserPolicy {
            holder: user(name),
            policy: policy_name("own"),
            document: document(ALLOW),
        };
        town.ask_as(&admin, put("made")).await.expect("it has the boundary");
        town.user("free").await;
        assert!(is_denied(&town.ask_as(&admin, put("free")).await));
        let other = town.policy("other", ALLOW).await;
        let swap = PutUserPermissionsBoundary { holder: user("made"), boundary: other };
        assert!(is_denied(&town.ask_as(&admin, swap).await), "what it gets counts, not what it has");
    });
}

#[test]
fn both_accounts_must_allow_what_reaches_across() {
    run(async {
        let policy = r#"{"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},
            {"Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "kms:Decrypt", "Resource": "*"}]}"#;
        let town = Town::with_policy(policy).await;
        let (other, _) = town.house.account(444_455_556_666).await;
        let eve = town.house.user(444_455_556_666, "eve").await;
        assert_eq!(town.decrypt_foreign(&eve).await, Err(Why::NoIdentityStatement));
        let op = PutUserPolicy { holder: user("eve"), policy: policy_name("own"), document: document(ALLOW) };
        town.ask_as(&other, op).await.expect("it is put");
        assert_eq!(town.decrypt_foreign(&eve).await, Ok(()));
    });
}

impl Town {
    /// Opens, naming the key by its ARN, as strangers do.
    async fn decrypt_foreign(&self, caller: &Arc<Caller>) -> Result<(), Why> {
        let op = Decrypt {
            key: Some(KeyRef::Arn(self.key.clone())),
            ciphertext: self.sealed.clone().into(),
            context: house::context(),
            algorithm: EncryptionAlgorithm::SymmetricDefault,
            grant_tokens: Vec::new(),
            recipient: None,
            dry_run: false,
            ignore_ciphertext: false,
        };
        let engine = &self.house.engine;
        let done = match engine.authorise(&self.house.call(), caller, op).await {
            Ok(permit) => engine.decrypt(permit).await.map(drop),
            Err(error) => Err(error),
        };
        match done {
            Ok(()) => Ok(()),
            Err(Error::Denied(denial)) => Err(denial.why),
            Err(other) => panic!("{other:?}"),
        }
    }
}

/// A store that counts what is read from it.
struct Counting {
    inner: MemoryStore,
    reads: AtomicU64,
}

impl Store for Counting {
    fn get(&self, id: &RecordId) -> Result<Option<Record>, StoreError> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        self.inner.get(id)
    }

    fn scan(
        &self,
        prefix: &[u8],
        after: Option<&RecordId>,
        limit: usize,
    ) -> Result<Vec<(RecordId, Record)>, StoreError> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        self.inner.scan(prefix, after, limit)
    }

    fn commit(&self, transaction: Transaction) -> Result<Revision, StoreError> {
        self.inner.commit(transaction)
    }

    fn changes(&self, after: Revision, limit: usize) -> Result<Changes, StoreError> {
        self.inner.changes(after, limit)
    }

    fn revision(&self) -> Result<Revision, StoreError> {
        self.inner.revision()
    }
}

#[test]
fn a_known_caller_is_decided_about_without_reading_anything_until_its_directory_changes() {
    run(async {
        let store = Arc::new(Counting { inner: MemoryStore::new(), reads: AtomicU64::new(0) });
        let town = Town::over(store.clone()).await;
        let (other, _) = town.house.account(444_455_556_666).await;
        let alice = town.user("alice").await;
        town.let_user("alice", "own", ALLOW).await;
        let reads = async || {
            // The writer reads while it tidies up; what is counted is a whole request on this thread.
            let before = store.reads.load(Ordering::SeqCst);
            town.opens_for(&alice, "she may").await;
            store.reads.load(Ordering::SeqCst) - before
        };
        reads().await;
        let settled = async || {
            for _ in 0..200 {
                if reads().await == 0 && reads().await == 0 {
                    return true;
                }
                tokio::task::yield_now().await;
            }
            false
        };
        assert!(settled().await, "a known caller");
        town.ask_as(&other, house::new_user(user("eve"))).await.expect("a user of another account");
        assert!(settled().await, "another account's directory");
        town.let_user("alice", "more", ALLOW).await;
        assert!(reads().await > 0, "her own directory changed");
        assert!(settled().await, "a known caller again");
    });
}
