//! Some actions need more than one person: what a rule names waits, counts who has signed, and is carried out once.

mod house;

use std::sync::Arc;

use house::{House, ROOT, run};
use keystead_crypto::{ApprovalStatement, approval_signature};
use keystead_engine::NewAccessKey;
use keystead_engine::ops::iam::*;
use keystead_engine::ops::*;
use keystead_model::*;
use keystead_store::disk::{MemoryDisk, TornDisk};
use keystead_store::{Expect, MemoryStore, Record, RecordId, Store, Transaction, Write};

/// Somebody with an access key.
struct Person {
    caller: Arc<Caller>,
    key: NewAccessKey,
}

/// A house with an account, four people in it, and a key.
struct Hall {
    house: House,
    root: Person,
    ada: Person,
    bob: Person,
    cyd: Person,
    /// No approver.
    dan: Person,
    key: KeyArn,
}

const DAY: u32 = 86_400;

/// Two of ada, bob and cyd.
fn rule() -> ApprovalRule {
    let arn = |name: &str| format!("arn:aws:iam::000000000001:user/{name}").into();
    ApprovalRule {
        name: "deletion".into(),
        actions: vec![
            Action::ScheduleKeyDeletion,
            Action::PutKeyPolicy,
            Action::DisableKey,
            Action::CreateGrant,
            Action::DeleteAlias,
            Action::AttachUserPolicy,
            Action::PutAccountSettings,
        ],
        approvers: vec![arn("ada"), arn("bob"), arn("cyd")],
        needed: 2,
        delay_seconds: 0,
        wait_seconds: DAY,
    }
}

impl Hall {
    async fn open() -> Self {
        Self::with(rule()).await
    }

    async fn with(rule: ApprovalRule) -> Self {
        let house = House::open(Arc::new(MemoryDisk::new()), 1).expect("it opens");
        let hall = Self::furnish(house).await.expect("nobody cuts the power");
        hall.lay_down(&hall.root, vec![rule]).await.expect("the rule is taken");
        hall
    }

    /// The account and its people, without a rule.
    async fn furnish(house: House) -> Result<Self, Error> {
        let (caller, key) = house.account(1).await;
        let root = Person { caller, key };
        let made = house.key(&root.caller).await?;
        let person = async |name: &str| person(&house, &root, name).await;
        let (ada, bob, cyd, dan) =
            (person("ada").await?, person("bob").await?, person("cyd").await?, person("dan").await?);
        Ok(Self { house, root, ada, bob, cyd, dan, key: made.arn })
    }

    async fn lay_down(&self, who: &Person, approvals: Vec<ApprovalRule>) -> Result<(), Error> {
        let settings = AccountSettings { approvals, ..AccountSettings::default() };
        self.iam(who, PutAccountSettings { settings }).await
    }

    async fn iam<Op: IamOperation>(&self, who: &Person, op: Op) -> Result<Op::Answer, Error> {
        iam(&self.house, &who.caller, op).await
    }

    async fn schedule(&self, who: &Arc<Caller>, days: u16) -> Result<ScheduledDeletion, Error> {
        let op = ScheduleKeyDeletion { key: KeyRef::Id(self.key.key), window_days: Some(days) };
        let permit = self.house.engine.authorise(&self.house.call(), who, op).await?;
        self.house.engine.schedule_key_deletion(permit).await
    }

    async fn disable(&self, who: &Person) -> Result<(), Error> {
        let op = DisableKey { key: KeyRef::Id(self.key.key) };
        let permit = self.house.engine.authorise(&self.house.call(), &who.caller, op).await?;
        self.house.engine.disable_key(permit).await
    }

    async fn state(&self) -> KeyState {
        let op = DescribeKey { key: KeyRef::Id(self.key.key), grant_tokens: Vec::new() };
        let permit = self.house.engine.authorise(&self.house.call(), &self.root.caller, op).await;
        self.house.engine.describe_key(permit.expect("allowed")).await.expect("it is there").state
    }

    async fn waiting(&self) -> Vec<Approval> {
        let op = ListApprovals { page: PageRequest::default() };
        let permit = self.house.engine.authorise(&self.house.call(), &self.root.caller, op).await;
        self.house.engine.list_approvals(permit.expect("allowed")).await.expect("they are listed").items
    }

    /// The only request that waits.
    async fn only(&self) -> Approval {
        let waiting = self.waiting().await;
        assert_eq!(waiting.len(), 1, "{waiting:?}");
        waiting.into_iter().next().expect("one")
    }

    async fn read(&self, who: &Person, id: ApprovalId) -> Result<ApprovalDetail, Error> {
        let permit = self.house.engine.authorise(&self.house.call(), &who.caller, GetApproval { id }).await?;
        self.house.engine.get_approval(permit).await
    }

    async fn approve(&self, who: &Person, id: ApprovalId) -> Result<Approval, Error> {
        let detail = self.read(who, id).await?;
        self.sign(who, id, &who.key, &detail.statement).await
    }

    async fn sign(
        &self,
        who: &Person,
        id: ApprovalId,
        key: &NewAccessKey,
        statement: &[u8],
    ) -> Result<Approval, Error> {
        let signature = approval_signature(&key.secret, statement);
        let op = Approve { id, access_key: key.id.clone(), signature };
        let permit = self.house.engine.authorise(&self.house.call(), &who.caller, op).await?;
        self.house.engine.approve(permit).await
    }

    async fn veto(&self, who: &Person, id: ApprovalId) -> Result<(), Error> {
        let permit = self.house.engine.authorise(&self.house.call(), &who.caller, Veto { id }).await?;
        self.house.engine.veto(permit).await
    }

    async fn withdraw(&self, who: &Person, id: ApprovalId) -> Result<(), Error> {
        let permit =
            self.house.engine.authorise(&self.house.call(), &who.caller, WithdrawApproval { id }).await?;
        self.house.engine.withdraw_approval(permit).await
    }

    async fn switch(&self, who: &Person, active: bool) {
        let user = Some(UserName::parse(name_of(who)).expect("a name"));
        let op = UpdateAccessKey { user, key: who.key.id.clone(), active };
        self.iam(&self.root, op).await.expect("the access key is switched");
    }
}

fn name_of(who: &Person) -> &str {
    who.caller.arn.rsplit('/').next().expect("a name")
}

async fn iam<Op: IamOperation>(house: &House, who: &Arc<Caller>, op: Op) -> Result<Op::Answer, Error> {
    let permit = house.engine.authorise(&house.call(), who, op).await?;
    house.engine.iam(permit).await
}

/// A user who may do everything that policy has a say in.
async fn person(house: &House, root: &Person, name: &str) -> Result<Person, Error> {
    let user = UserName::parse(name).expect("a name");
    let op =
        CreateUser { name: user.clone(), path: IamPath::default(), boundary: None, tags: Tags::default() };
    let made = iam(house, &root.caller, op).await?;
    let policy = PolicyArn::parse("arn:aws:iam::aws:policy/AdministratorAccess").expect("an ARN");
    iam(house, &root.caller, AttachUserPolicy { holder: user.clone(), policy }).await?;
    let key = iam(house, &root.caller, CreateAccessKey { user: Some(user) }).await?.key;
    let account = root.caller.principal.account().expect("an account");
    let principal = Principal::User { account, name: name.into(), id: (*made.id).into() };
    Ok(Person { caller: Arc::new(Caller::new(principal, Some(key.id.clone()))), key })
}

fn waits<T: std::fmt::Debug>(result: Result<T, Error>) -> Box<str> {
    match result {
        Err(Error::ApprovalRequired(told)) => told,
        other => panic!("it does not wait: {other:?}"),
    }
}

#[test]
fn an_action_waits_until_enough_have_approved_and_is_carried_out_once() {
    run(async {
        let hall = Hall::open().await;
        let told = waits(hall.schedule(&hall.dan.caller, 7).await);
        let asked = hall.only().await;
        assert!(told.contains("needs the approval of 2 of 3 approvers"), "{told}");
        assert!(told.contains(&format!("keystead approvals approve {}", asked.id)), "{told}");
        assert!(told.contains("until 2027-01-16T08:00:00Z"), "{told}");
        assert_eq!((asked.action, &*asked.requester), (Action::ScheduleKeyDeletion, &*hall.dan.caller.arn));
        assert_eq!(asked.resource.as_ref(), hall.key.to_string());

        assert_eq!(hall.approve(&hall.ada, asked.id).await.expect("it counts").approved.len(), 1);
        let again = hall.approve(&hall.ada, asked.id).await.expect("it counts once");
        assert_eq!(again.approved.len(), 1, "one approver is one, however often");
        waits(hall.schedule(&hall.dan.caller, 7).await);
        assert_eq!(hall.state().await, KeyState::Enabled);

        let enough = hall.approve(&hall.bob, asked.id).await.expect("it counts");
        assert_eq!(enough.ready, Some(hall.house.clock.time()));
        assert_eq!(hall.state().await, KeyState::Enabled, "nothing is carried out by approving");
        // What was approved is one principal's request, not another's.
        waits(hall.schedule(&hall.cyd.caller, 7).await);
        let done = hall.schedule(&hall.dan.caller, 7).await.expect("it is carried out");
        assert_eq!((done.state, done.window_days), (KeyState::PendingDeletion, 7));

        let op = CancelKeyDeletion { key: KeyRef::Id(hall.key.key) };
        let permit = hall.house.engine.authorise(&hall.house.call(), &hall.root.caller, op).await;
        hall.house.engine.cancel_key_deletion(permit.expect("allowed")).await.expect("it is taken back");
        waits(hall.schedule(&hall.dan.caller, 7).await);
        assert!(hall.read(&hall.ada, asked.id).await.is_err(), "the approval was used up");
    });
}

#[test]
fn asking_approving_and_carrying_out_are_on_record() {
    run(async {
        let hall = Hall::open().await;
        waits(hall.schedule(&hall.dan.caller, 7).await);
        let id = hall.only().await.id;
        hall.approve(&hall.ada, id).await.expect("it counts");
        hall.approve(&hall.bob, id).await.expect("it counts");
        hall.schedule(&hall.dan.caller, 7).await.expect("it is carried out");
        let named = format!("approval/{id}");
        let records = hall.house.records();
        let found: Vec<_> = records
            .iter()
            .filter(|record| record.resource.as_deref() == Some(&*named))
            .filter_map(|record| Some((record.known_action()?, record.principal.clone()?)))
            .collect();
        let arn = |who: &Person| who.caller.arn.to_string();
        for (action, who) in [
            (Action::RequestApproval, &hall.dan),
            (Action::Approve, &hall.ada),
            (Action::Approve, &hall.bob),
            (Action::ScheduleKeyDeletion, &hall.dan),
        ] {
            let is_there = found.iter().any(|(found, by)| *found == action && by.to_string() == arn(who));
            assert!(is_there, "{action} by {}: {found:?}", who.caller.arn);
        }
        let refused =
            records.iter().filter(|record| format!("{:?}", record.outcome).contains("ApprovalRequired"));
        assert_eq!(refused.count(), 1);
    });
}

#[test]
fn the_same_request_has_one_id_and_any_other_its_own() {
    run(async {
        let hall = Hall::open().await;
        let first = waits(hall.schedule(&hall.dan.caller, 7).await);
        assert_eq!(waits(hall.schedule(&hall.dan.caller, 7).await), first);
        assert_eq!(hall.waiting().await.len(), 1);
        assert_ne!(waits(hall.schedule(&hall.dan.caller, 8).await), first);
        assert_ne!(waits(hall.schedule(&hall.ada.caller, 7).await), first);
        waits(hall.disable(&hall.dan).await);
        assert_eq!(hall.waiting().await.len(), 4);
    });
}

#[test]
fn a_changed_request_needs_approvals_of_its_own() {
    run(async {
        let hall = Hall::open().await;
        waits(hall.schedule(&hall.dan.caller, 30).await);
        let id = hall.only().await.id;
        hall.approve(&hall.ada, id).await.expect("it counts");
        hall.approve(&hall.bob, id).await.expect("it counts");
        waits(hall.schedule(&hall.dan.caller, 7).await);
        waits(hall.disable(&hall.dan).await);
        let other = hall.house.key(&hall.root.caller).await.expect("a key").arn;
        let op = ScheduleKeyDeletion { key: KeyRef::Id(other.key), window_days: Some(30) };
        let permit = hall.house.engine.authorise(&hall.house.call(), &hall.dan.caller, op).await;
        waits(permit.map(|_| ()));
        // The default is the same as saying it.
        let op = ScheduleKeyDeletion { key: KeyRef::Arn(hall.key.clone()), window_days: None };
        let permit = hall.house.engine.authorise(&hall.house.call(), &hall.dan.caller, op).await;
        hall.house.engine.schedule_key_deletion(permit.expect("approved")).await.expect("it is carried out");
    });
}

#[test]
fn a_signature_fits_one_request_only() {
    run(async {
        let hall = Hall::open().await;
        waits(hall.schedule(&hall.dan.caller, 30).await);
        let long = hall.only().await.id;
        waits(hall.schedule(&hall.dan.caller, 7).await);
        let short =
            hall.waiting().await.into_iter().map(|asked| asked.id).find(|id| *id != long).expect("two");
        let statement = hall.read(&hall.ada, long).await.expect("it is there").statement;
        assert!(hall.sign(&hall.ada, short, &hall.ada.key, &statement).await.is_err());
        assert!(hall.sign(&hall.ada, long, &hall.bob.key, &statement).await.is_err(), "another's key");
        let named = Approve { id: long, access_key: hall.bob.key.id.clone(), signature: [0; 32] };
        let permit = hall.house.engine.authorise(&hall.house.call(), &hall.ada.caller, named).await;
        assert!(hall.house.engine.approve(permit.expect("allowed")).await.is_err());
        let read = ApprovalStatement::read(&statement).expect("it reads");
        assert_eq!((read.id, &*read.requester), (long, &*hall.dan.caller.arn));
        let parameters: Vec<_> = read.parameters.iter().collect();
        assert_eq!(parameters, [("PendingWindowInDays", "30")]);
    });
}

#[test]
fn whoever_asks_never_counts_whatever_key_signs() {
    run(async {
        let hall = Hall::open().await;
        waits(hall.schedule(&hall.ada.caller, 7).await);
        let id = hall.only().await.id;
        assert!(hall.approve(&hall.ada, id).await.is_err());
        let user = UserName::parse("ada").expect("a name");
        let second =
            hall.iam(&hall.root, CreateAccessKey { user: Some(user) }).await.expect("a second key").key;
        let statement = hall.read(&hall.ada, id).await.expect("it is there").statement;
        assert!(hall.sign(&hall.ada, id, &second, &statement).await.is_err());
        assert!(hall.approve(&hall.dan, id).await.is_err(), "no approver");
        hall.approve(&hall.bob, id).await.expect("it counts");
        waits(hall.schedule(&hall.ada.caller, 7).await);
        hall.approve(&hall.cyd, id).await.expect("it counts");
        hall.schedule(&hall.ada.caller, 7).await.expect("it is carried out");
    });
}

#[test]
fn an_approver_does_not_count_for_a_role_session_that_says_it_is_theirs() {
    run(async {
        let hall = Hall::open().await;
        let trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000001:root"},"Action":"sts:AssumeRole"}]}"#;
        let name = RoleName::parse("ops").expect("a name");
        let op = CreateRole {
            name: name.clone(),
            path: IamPath::default(),
            trust: trust.into(),
            description: None,
            session_seconds_max: None,
            boundary: None,
            tags: Tags::default(),
        };
        let role = hall.iam(&hall.root, op).await.expect("a role");
        let policy = PolicyArn::parse("arn:aws:iam::aws:policy/AdministratorAccess").expect("an ARN");
        hall.iam(&hall.root, AttachRolePolicy { holder: name, policy }).await.expect("attached");
        let session = Session {
            issued: hall.house.clock.time(),
            expires: hall.house.clock.time().plus_days(1),
            opened_by: None,
            policies: Box::default(),
            tags: Tags::default(),
            transitive: Box::default(),
            source_identity: Some("bob".into()),
            provider: None,
            mfa: None,
        };
        let principal = Principal::AssumedRole {
            account: AccountId::from_number(1).expect("twelve digits"),
            role: "ops".into(),
            role_id: (*role.id).into(),
            session: "work".into(),
        };
        let key = AccessKeyId::parse("ASIAABCDEFGHIJKLMNOP").expect("an id");
        let caller = Arc::new(Caller::in_session(principal, key, Arc::new(session)));
        waits(hall.schedule(&caller, 7).await);
        let id = hall.only().await.id;
        hall.approve(&hall.ada, id).await.expect("it counts");
        hall.approve(&hall.bob, id).await.expect("it is taken");
        waits(hall.schedule(&caller, 7).await);
        hall.approve(&hall.cyd, id).await.expect("it counts");
        hall.schedule(&caller, 7).await.expect("it is carried out");
    });
}

#[test]
fn a_request_that_waited_too_long_is_gone_with_its_approvals() {
    run(async {
        let hall = Hall::open().await;
        waits(hall.schedule(&hall.dan.caller, 7).await);
        let first = hall.only().await.id;
        hall.approve(&hall.ada, first).await.expect("it counts");
        hall.approve(&hall.bob, first).await.expect("it counts");
        hall.house.clock.move_days(1);
        assert!(hall.waiting().await.is_empty());
        assert!(hall.approve(&hall.cyd, first).await.is_err());
        // Asked anew before the schedule has taken the old one away.
        waits(hall.schedule(&hall.dan.caller, 7).await);
        let second = hall.only().await;
        assert_ne!(second.id, first);
        assert!(second.approved.is_empty());
        hall.house.engine.tick().await.expect("it ticks");
        assert_eq!(hall.only().await.id, second.id);
        hall.house.clock.move_days(1);
        hall.house.engine.tick().await.expect("it ticks");
        let gone = |record: &&keystead_audit::Entry| record.known_action() == Some(Action::ExpireApproval);
        let records = hall.house.records();
        let last = records.iter().rfind(gone).expect("its end is on record");
        assert_eq!(last.resource.as_deref(), Some(&*format!("approval/{}", second.id)));
        assert_eq!(last.account, AccountId::from_number(1));
        hall.house.engine.tick().await.expect("it ticks");
        let after = hall.house.records();
        assert_eq!(after.iter().filter(gone).count(), records.iter().filter(gone).count());
    });
}

#[test]
fn a_cooling_off_delay_begins_when_enough_have_approved() {
    run(async {
        let hall =
            Hall::with(ApprovalRule { delay_seconds: 2 * DAY, wait_seconds: 10 * DAY, ..rule() }).await;
        waits(hall.schedule(&hall.dan.caller, 7).await);
        let id = hall.only().await.id;
        hall.approve(&hall.ada, id).await.expect("it counts");
        hall.house.clock.move_days(3);
        let ready = hall.approve(&hall.bob, id).await.expect("it counts").ready;
        assert_eq!(ready, Some(hall.house.clock.time().plus_days(2)));
        let told = waits(hall.schedule(&hall.dan.caller, 7).await);
        assert!(told.contains("cooling-off"), "{told}");
        hall.house.clock.move_days(1);
        // A third approval does not begin it again.
        hall.approve(&hall.cyd, id).await.expect("it counts");
        waits(hall.schedule(&hall.dan.caller, 7).await);
        hall.house.clock.move_days(1);
        hall.schedule(&hall.dan.caller, 7).await.expect("it is carried out");
    });
}

#[test]
fn a_veto_ends_a_request_even_an_approved_one() {
    run(async {
        let hall = Hall::with(ApprovalRule { delay_seconds: 3_600, ..rule() }).await;
        waits(hall.schedule(&hall.dan.caller, 7).await);
        let id = hall.only().await.id;
        hall.approve(&hall.ada, id).await.expect("it counts");
        hall.approve(&hall.bob, id).await.expect("it counts");
        assert!(hall.veto(&hall.dan, id).await.is_err(), "no approver");
        assert!(hall.veto(&hall.root, id).await.is_err(), "the root is none either");
        hall.veto(&hall.cyd, id).await.expect("it ends");
        assert!(hall.waiting().await.is_empty());
        waits(hall.schedule(&hall.dan.caller, 7).await);
        assert!(hall.only().await.approved.is_empty());
    });
}

#[test]
fn only_whoever_asked_withdraws() {
    run(async {
        let hall = Hall::open().await;
        waits(hall.schedule(&hall.dan.caller, 7).await);
        let id = hall.only().await.id;
        assert!(hall.withdraw(&hall.ada, id).await.is_err());
        assert!(hall.withdraw(&hall.root, id).await.is_err());
        hall.withdraw(&hall.dan, id).await.expect("it ends");
        assert!(hall.waiting().await.is_empty());
        assert_eq!(hall.withdraw(&hall.dan, id).await, Err(Error::ApprovalNotFound(id.to_string().into())));
    });
}

#[test]
fn an_approver_who_was_dismissed_does_not_count() {
    run(async {
        let hall = Hall::open().await;
        waits(hall.schedule(&hall.dan.caller, 7).await);
        let id = hall.only().await.id;
        hall.approve(&hall.ada, id).await.expect("it counts");
        hall.approve(&hall.bob, id).await.expect("it counts");
        // The rules themselves wait, too.
        let arn = |name: &str| format!("arn:aws:iam::000000000001:user/{name}").into();
        let without_bob = ApprovalRule { approvers: vec![arn("ada"), arn("dan"), arn("cyd")], ..rule() };
        waits(hall.lay_down(&hall.root, vec![without_bob.clone()]).await);
        let change = hall.waiting().await.into_iter().map(|asked| asked.id).find(|other| *other != id);
        let change = change.expect("the change waits");
        hall.approve(&hall.ada, change).await.expect("it counts");
        hall.approve(&hall.cyd, change).await.expect("it counts");
        hall.lay_down(&hall.root, vec![without_bob]).await.expect("it is carried out");

        waits(hall.schedule(&hall.dan.caller, 7).await);
        assert_eq!(hall.only().await.approved.len(), 1);
        assert!(hall.approve(&hall.bob, id).await.is_err());
        assert!(hall.approve(&hall.dan, id).await.is_err(), "an approver now, and the one who asked");
        hall.approve(&hall.cyd, id).await.expect("it counts");
        hall.schedule(&hall.dan.caller, 7).await.expect("it is carried out");
    });
}

#[test]
fn somebody_else_of_the_same_name_is_no_approver() {
    run(async {
        let hall = Hall::open().await;
        waits(hall.schedule(&hall.dan.caller, 7).await);
        let id = hall.only().await.id;
        hall.approve(&hall.ada, id).await.expect("it counts");
        let user = UserName::parse("bob").expect("a name");
        let policy = PolicyArn::parse("arn:aws:iam::aws:policy/AdministratorAccess").expect("an ARN");
        let op = DeleteAccessKey { user: Some(user.clone()), key: hall.bob.key.id.clone() };
        hall.iam(&hall.root, op).await.expect("deleted");
        hall.iam(&hall.root, DetachUserPolicy { holder: user.clone(), policy }).await.expect("detached");
        hall.iam(&hall.root, DeleteUser { name: user.clone() }).await.expect("deleted");
        // To make the new one an administrator would have to wait; the account's root lets it approve otherwise.
        let op = CreateUser {
            name: user.clone(),
            path: IamPath::default(),
            boundary: None,
            tags: Tags::default(),
        };
        let made = hall.iam(&hall.root, op).await.expect("a user");
        let document = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"keystead:*","Resource":"*"}]}"#;
        let name = PolicyName::parse("all").expect("a name");
        let op = PutUserPolicy { holder: user.clone(), policy: name, document: document.into() };
        hall.iam(&hall.root, op).await.expect("put");
        let key = hall.iam(&hall.root, CreateAccessKey { user: Some(user) }).await.expect("a key").key;
        let account = AccountId::from_number(1).expect("twelve digits");
        let principal = Principal::User { account, name: "bob".into(), id: (*made.id).into() };
        let impostor = Person { caller: Arc::new(Caller::new(principal, Some(key.id.clone()))), key };
        assert!(hall.approve(&impostor, id).await.is_err());
        assert!(hall.veto(&impostor, id).await.is_err());
        waits(hall.schedule(&hall.dan.caller, 7).await);
    });
}

#[test]
fn an_approval_counts_while_its_access_key_is_switched_on() {
    run(async {
        let hall = Hall::open().await;
        waits(hall.schedule(&hall.dan.caller, 7).await);
        let id = hall.only().await.id;
        hall.approve(&hall.ada, id).await.expect("it counts");
        hall.approve(&hall.bob, id).await.expect("it counts");
        hall.switch(&hall.bob, false).await;
        waits(hall.schedule(&hall.dan.caller, 7).await);
        assert_eq!(hall.only().await.approved.len(), 1);
        hall.switch(&hall.bob, true).await;
        hall.schedule(&hall.dan.caller, 7).await.expect("it is carried out");
    });
}

#[test]
fn what_policy_denies_never_waits_and_approvals_do_not_outweigh_policy() {
    run(async {
        let hall = Hall::open().await;
        waits(hall.schedule(&hall.dan.caller, 7).await);
        let id = hall.only().await.id;
        hall.approve(&hall.ada, id).await.expect("it counts");
        hall.approve(&hall.bob, id).await.expect("it counts");
        let user = UserName::parse("dan").expect("a name");
        let policy = PolicyArn::parse("arn:aws:iam::aws:policy/AdministratorAccess").expect("an ARN");
        hall.iam(&hall.root, DetachUserPolicy { holder: user, policy }).await.expect("detached");
        assert!(matches!(hall.schedule(&hall.dan.caller, 7).await, Err(Error::Denied(_))));
        assert!(matches!(hall.schedule(&hall.dan.caller, 8).await, Err(Error::Denied(_))));
        assert_eq!(hall.waiting().await.len(), 1);
    });
}

#[test]
fn an_approval_is_used_up_where_nothing_was_left_to_do_and_stays_where_the_request_failed() {
    run(async {
        let hall = Hall::open().await;
        waits(hall.disable(&hall.dan).await);
        let id = hall.only().await.id;
        hall.approve(&hall.ada, id).await.expect("it counts");
        hall.approve(&hall.bob, id).await.expect("it counts");
        hall.disable(&hall.dan).await.expect("it is carried out");
        waits(hall.disable(&hall.dan).await);
        let id = hall.only().await.id;
        hall.approve(&hall.ada, id).await.expect("it counts");
        hall.approve(&hall.bob, id).await.expect("it counts");
        hall.disable(&hall.dan).await.expect("it is disabled already");
        assert!(hall.waiting().await.is_empty());

        // A window of three days is refused, whoever approves; the request stays as it was.
        waits(hall.schedule(&hall.dan.caller, 3).await);
        let id = hall.only().await.id;
        hall.approve(&hall.ada, id).await.expect("it counts");
        hall.approve(&hall.bob, id).await.expect("it counts");
        assert!(matches!(hall.schedule(&hall.dan.caller, 3).await, Err(Error::Invalid(_))));
        assert_eq!(hall.only().await.approved.len(), 2);
    });
}

#[test]
fn of_two_that_come_at_once_one_is_carried_out() {
    run(async {
        let hall = Hall::open().await;
        waits(hall.schedule(&hall.dan.caller, 7).await);
        let id = hall.only().await.id;
        hall.approve(&hall.ada, id).await.expect("it counts");
        hall.approve(&hall.bob, id).await.expect("it counts");
        let op = || ScheduleKeyDeletion { key: KeyRef::Id(hall.key.key), window_days: Some(7) };
        let engine = &hall.house.engine;
        let (first, second) = (
            engine.authorise(&hall.house.call(), &hall.dan.caller, op()).await.expect("approved"),
            engine.authorise(&hall.house.call(), &hall.dan.caller, op()).await.expect("approved"),
        );
        let (one, other) =
            tokio::join!(engine.schedule_key_deletion(first), engine.schedule_key_deletion(second));
        assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    });
}

#[test]
fn a_veto_that_comes_between_decision_and_change_wins() {
    run(async {
        let hall = Hall::open().await;
        waits(hall.schedule(&hall.dan.caller, 7).await);
        let id = hall.only().await.id;
        hall.approve(&hall.ada, id).await.expect("it counts");
        hall.approve(&hall.bob, id).await.expect("it counts");
        let op = || ScheduleKeyDeletion { key: KeyRef::Id(hall.key.key), window_days: Some(7) };
        let engine = &hall.house.engine;
        let permit = engine.authorise(&hall.house.call(), &hall.dan.caller, op()).await.expect("approved");
        hall.veto(&hall.cyd, id).await.expect("it ends");
        assert!(engine.schedule_key_deletion(permit).await.is_err());
        assert_eq!(hall.state().await, KeyState::Enabled);
        // Another signature in between changes the row, and nothing else.
        waits(hall.schedule(&hall.dan.caller, 7).await);
        let id = hall.only().await.id;
        hall.approve(&hall.ada, id).await.expect("it counts");
        hall.approve(&hall.bob, id).await.expect("it counts");
        let permit = engine.authorise(&hall.house.call(), &hall.dan.caller, op()).await.expect("approved");
        hall.approve(&hall.cyd, id).await.expect("it counts");
        engine.schedule_key_deletion(permit).await.expect("it is carried out");
    });
}

#[test]
fn the_key_owners_rules_bind_strangers_too() {
    run(async {
        let hall = Hall::open().await;
        let (stranger, _) = hall.house.account(2).await;
        let policy = r#"{"Version":"2012-10-17","Statement":[
            {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000001:root"},"Action":"kms:*","Resource":"*"},
            {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000002:root"},"Action":"kms:CreateGrant","Resource":"*"}]}"#;
        let call = hall.house.call();
        let key = hall.house.key_with(&call, &hall.root.caller, Some(policy)).await.expect("a key").arn;
        let grant = |dry_run| CreateGrant {
            key: KeyRef::Arn(key.clone()),
            grantee: keystead_engine::GrantPrincipal::parse("arn:aws:iam::000000000002:root")
                .expect("an ARN"),
            retiring: None,
            operations: [GrantOperation::Decrypt].into_iter().collect(),
            constraints: keystead_engine::GrantConstraints::default(),
            name: None,
            grant_tokens: Vec::new(),
            dry_run,
        };
        let engine = &hall.house.engine;
        // A dry run asks whether policy allows it, and leaves nothing behind.
        let permit = engine.authorise(&hall.house.call(), &stranger, grant(true)).await.expect("allowed");
        assert_eq!(engine.create_grant(permit).await, Err(Error::DryRun));
        assert!(hall.waiting().await.is_empty());
        waits(engine.authorise(&hall.house.call(), &stranger, grant(false)).await.map(|_| ()));
        let asked = hall.only().await;
        assert_eq!(&*asked.requester, "arn:aws:iam::000000000002:root");
        hall.approve(&hall.ada, asked.id).await.expect("it counts");
        hall.approve(&hall.bob, asked.id).await.expect("it counts");
        let permit = engine.authorise(&hall.house.call(), &stranger, grant(false)).await.expect("approved");
        engine.create_grant(permit).await.expect("it is carried out");
    });
}

#[test]
fn an_alias_that_points_elsewhere_is_another_request() {
    run(async {
        let hall = Hall::open().await;
        let engine = &hall.house.engine;
        let target = KeyRef::Id(hall.key.key);
        let op = CreateAlias { name: "alias/a".into(), target };
        let permit = engine.authorise(&hall.house.call(), &hall.root.caller, op).await.expect("allowed");
        engine.create_alias(permit).await.expect("an alias");
        let delete = || DeleteAlias { name: "alias/a".into() };
        waits(engine.authorise(&hall.house.call(), &hall.dan.caller, delete()).await.map(|_| ()));
        let id = hall.only().await.id;
        hall.approve(&hall.ada, id).await.expect("it counts");
        hall.approve(&hall.bob, id).await.expect("it counts");
        let other = hall.house.key(&hall.root.caller).await.expect("a key").arn;
        let op = UpdateAlias { name: "alias/a".into(), target: KeyRef::Id(other.key) };
        let permit = engine.authorise(&hall.house.call(), &hall.root.caller, op).await.expect("allowed");
        engine.update_alias(permit).await.expect("it points elsewhere");
        waits(engine.authorise(&hall.house.call(), &hall.dan.caller, delete()).await.map(|_| ()));
    });
}

#[test]
fn a_requester_has_so_many_requests_and_no_more() {
    run(async {
        let hall = Hall::open().await;
        for days in 100..150 {
            waits(hall.schedule(&hall.dan.caller, days).await);
        }
        assert!(matches!(hall.schedule(&hall.dan.caller, 7).await, Err(Error::LimitExceeded(_))));
        waits(hall.schedule(&hall.dan.caller, 100).await);
        waits(hall.schedule(&hall.ada.caller, 7).await);
        let op = ListApprovals { page: PageRequest { limit: Some(20), marker: None } };
        let permit = hall.house.engine.authorise(&hall.house.call(), &hall.root.caller, op).await;
        let page = hall.house.engine.list_approvals(permit.expect("allowed")).await.expect("a page");
        assert_eq!(page.items.len(), 20);
        let op = ListApprovals { page: PageRequest { limit: Some(100), marker: page.next } };
        let permit = hall.house.engine.authorise(&hall.house.call(), &hall.root.caller, op).await;
        let rest = hall.house.engine.list_approvals(permit.expect("allowed")).await.expect("a page");
        assert_eq!((rest.items.len(), rest.next), (31, None));
    });
}

#[test]
fn rules_that_could_not_be_met_or_bind_nobody_are_refused() {
    run(async {
        let house = House::open(Arc::new(MemoryDisk::new()), 1).expect("it opens");
        let hall = Hall::furnish(house).await.expect("nobody cuts the power");
        let arn = |name: &str| -> Box<str> { format!("arn:aws:iam::000000000001:user/{name}").into() };
        let bad = [
            ApprovalRule { name: "a b".into(), ..rule() },
            ApprovalRule { actions: Vec::new(), ..rule() },
            ApprovalRule { actions: vec![Action::PutAccountSettings, Action::Encrypt], ..rule() },
            ApprovalRule { actions: vec![Action::PutAccountSettings, Action::PutAccountSettings], ..rule() },
            ApprovalRule { actions: vec![Action::ScheduleKeyDeletion], ..rule() },
            ApprovalRule { needed: 0, ..rule() },
            ApprovalRule { needed: 3, ..rule() },
            ApprovalRule { approvers: vec![arn("ada"), arn("bob")], ..rule() },
            ApprovalRule { approvers: vec![arn("ada"), arn("bob"), arn("bob")], ..rule() },
            ApprovalRule { approvers: vec![arn("ada"), arn("bob"), arn("eve")], ..rule() },
            ApprovalRule { approvers: vec![arn("ada"), arn("bob"), arn("team/cyd")], ..rule() },
            ApprovalRule {
                approvers: vec![arn("ada"), arn("bob"), "arn:aws:iam::000000000002:root".into()],
                ..rule()
            },
            ApprovalRule {
                approvers: vec![arn("ada"), arn("bob"), "arn:aws:iam::000000000001:role/x".into()],
                ..rule()
            },
            ApprovalRule { delay_seconds: DAY, ..rule() },
            ApprovalRule { wait_seconds: 299, ..rule() },
            ApprovalRule { wait_seconds: 61 * DAY, ..rule() },
        ];
        for rule in bad {
            let told = format!("{rule:?}");
            let refused = hall.lay_down(&hall.root, vec![rule]).await;
            assert!(matches!(refused, Err(Error::Invalid(_))), "{told}: {refused:?}");
        }
        let twice = vec![rule(), ApprovalRule { name: "other".into(), ..rule() }];
        assert!(matches!(hall.lay_down(&hall.root, twice).await, Err(Error::Invalid(_))));
        let root = "arn:aws:iam::000000000001:root".into();
        let good = ApprovalRule { approvers: vec![arn("ada"), arn("bob"), root], ..rule() };
        hall.lay_down(&hall.root, vec![good.clone()]).await.expect("it is taken");
        let told = hall.iam(&hall.root, GetAccountSettings).await.expect("they are told");
        assert_eq!(told.approvals, [good]);
    });
}

#[test]
fn a_restart_changes_nothing() {
    run(async {
        let disk = Arc::new(MemoryDisk::new());
        let hall = Hall::furnish(House::open(disk.clone(), 1).expect("it opens")).await.expect("furnished");
        hall.lay_down(&hall.root, vec![rule()]).await.expect("the rule is taken");
        waits(hall.schedule(&hall.dan.caller, 7).await);
        let id = hall.only().await.id;
        hall.approve(&hall.ada, id).await.expect("it counts");
        let hall = hall.reopened(|| House::open(disk.clone(), 2).expect("it opens"));
        assert_eq!(hall.only().await.id, id);
        hall.approve(&hall.bob, id).await.expect("it counts");
        let hall = hall.reopened(|| House::open(disk.clone(), 3).expect("it opens"));
        hall.schedule(&hall.dan.caller, 7).await.expect("it is carried out");
        let hall = hall.reopened(|| House::open(disk.clone(), 4).expect("it opens"));
        assert!(hall.waiting().await.is_empty());
        assert_eq!(hall.state().await, KeyState::PendingDeletion);
    });
}

impl Hall {
    fn reopened(self, open: impl FnOnce() -> House) -> Self {
        let Self { house, root, ada, bob, cyd, dan, key } = self;
        house.close();
        Self { house: open(), root, ada, bob, cyd, dan, key }
    }
}

#[test]
fn a_cut_leaves_the_change_or_the_approval_and_never_both() {
    run(async {
        let mut disk = TornDisk::new(1);
        let house = House::open(Arc::new(disk.clone()), 1).expect("it opens");
        let mut hall = Hall::furnish(house).await.expect("furnished");
        hall.lay_down(&hall.root, vec![rule()]).await.expect("the rule is taken");
        hall.have_approved().await;
        let (mut done, mut kept) = (0, 0);
        for cut in 0..80 {
            hall.house.engine.close();
            hall.house.log.close();
            disk = disk.restart(cut);
            disk.cut_after(cut);
            let mut answered = false;
            if let Ok(house) = House::open(Arc::new(disk.clone()), 10 + cut) {
                hall.house = house;
                answered = hall.schedule(&hall.dan.caller, 7).await.is_ok();
            }
            disk = disk.restart(cut + 1);
            hall.house = House::open(Arc::new(disk.clone()), 1_000 + cut).expect("it opens again");
            let is_done = hall.state().await == KeyState::PendingDeletion;
            let waits = !hall.waiting().await.is_empty();
            assert!(is_done != waits, "cut {cut}: done {is_done}, waiting {waits}");
            assert!(is_done || !answered, "cut {cut}: an answer is lost");
            done += u32::from(is_done);
            kept += u32::from(waits);
            if is_done {
                hall.take_back().await;
                hall.have_approved().await;
            }
        }
        assert!(done > 0 && kept > 0, "the cuts were all before or all after: {done} and {kept}");
    });
}

impl Hall {
    /// Dan's request to delete the key in 7 days, approved by two.
    async fn have_approved(&self) {
        waits(self.schedule(&self.dan.caller, 7).await);
        let id = self.only().await.id;
        self.approve(&self.ada, id).await.expect("it counts");
        self.approve(&self.bob, id).await.expect("it counts");
    }

    async fn take_back(&self) {
        let op = CancelKeyDeletion { key: KeyRef::Id(self.key.key) };
        let permit = self.house.engine.authorise(&self.house.call(), &self.root.caller, op).await;
        self.house.engine.cancel_key_deletion(permit.expect("allowed")).await.expect("it is taken back");
    }
}

/// The row of the only request that waits.
fn waiting_row(store: &MemoryStore) -> (RecordId, Record) {
    let is_approval = |id: &RecordId| id.as_bytes().get(9) == Some(&b'a');
    let rows = store.scan(b"i", None, 100).expect("the store reads");
    rows.into_iter().find(|(id, _)| is_approval(id)).expect("one waits")
}

fn put(store: &MemoryStore, id: &RecordId, record: &Record) {
    let put = Some(record.bytes.clone());
    let write = Write { id: id.clone(), expect: Expect::Any, put, erasable: false };
    store.commit(Transaction(vec![write])).expect("the store writes");
}

#[test]
fn a_row_that_was_put_back_approves_nothing() {
    run(async {
        let (store, disk) = (Arc::new(MemoryStore::new()), Arc::new(MemoryDisk::new()));
        let house = House::over(store.clone(), disk, &ROOT, 1).expect("it opens");
        let hall = Hall::furnish(house).await.expect("furnished");
        hall.lay_down(&hall.root, vec![rule()]).await.expect("the rule is taken");
        waits(hall.schedule(&hall.dan.caller, 7).await);
        let id = hall.only().await.id;
        hall.approve(&hall.ada, id).await.expect("it counts");
        hall.approve(&hall.bob, id).await.expect("it counts");
        let (row, approved) = waiting_row(&store);
        // Another request is no place for it.
        waits(hall.schedule(&hall.dan.caller, 8).await);
        let others = store.scan(b"i", None, 100).expect("the store reads");
        let is_other = |(id, _): &&(RecordId, Record)| id.as_bytes().get(9) == Some(&b'a') && *id != row;
        let (other, before) = others.iter().find(is_other).expect("another one waits");
        put(&store, other, &approved);
        assert_eq!(hall.schedule(&hall.dan.caller, 8).await, Err(Error::Internal));
        put(&store, other, before);

        hall.schedule(&hall.dan.caller, 7).await.expect("it is carried out");
        let op = CancelKeyDeletion { key: KeyRef::Id(hall.key.key) };
        let permit = hall.house.engine.authorise(&hall.house.call(), &hall.root.caller, op).await;
        hall.house.engine.cancel_key_deletion(permit.expect("allowed")).await.expect("it is taken back");
        put(&store, &row, &approved);
        assert_eq!(hall.schedule(&hall.dan.caller, 7).await, Err(Error::Internal));
        assert!(hall.house.engine.verify().is_err());
        assert_eq!(hall.state().await, KeyState::Disabled);
    });
}

/// A change of a directory that has to wait for another one is decided about once more. The second decision once forgot
/// the approval, which then was not used up and good for any number of times; a second decision keeps it.
#[test]
fn an_approval_is_used_up_also_by_a_request_that_had_to_wait_for_its_turn() {
    run(async {
        let hall = Hall::open().await;
        let (engine, root) = (&hall.house.engine, &hall.root.caller);
        let (dan, policy) = (
            UserName::parse("dan").expect("a name"),
            PolicyArn::parse("arn:aws:iam::aws:policy/KeysteadAuditor").expect("an ARN"),
        );
        let attach = || AttachUserPolicy { holder: dan.clone(), policy: policy.clone() };
        waits(hall.iam(&hall.root, attach()).await);
        let id = hall.only().await.id;
        hall.approve(&hall.ada, id).await.expect("it counts");
        hall.approve(&hall.bob, id).await.expect("it counts");

        let other = CreateGroup { name: GroupName::parse("ops").expect("a name"), path: IamPath::default() };
        let other = engine.authorise(&hall.house.call(), root, other).await.expect("allowed");
        let approved = engine.authorise(&hall.house.call(), root, attach()).await.expect("approved");
        // The first one has its turn until the disk has answered.
        let (other, approved) = tokio::join!(engine.iam(other), engine.iam(approved));
        other.expect("it is made");
        approved.expect("it is carried out");
        assert!(hall.waiting().await.is_empty(), "it is used up");

        let detach = DetachUserPolicy { holder: dan.clone(), policy: policy.clone() };
        hall.iam(&hall.root, detach).await.expect("no rule names it");
        waits(hall.iam(&hall.root, attach()).await);
    });
}
