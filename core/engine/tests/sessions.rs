//! Sessions, as whoever opens them and whoever speaks in them meets them: signed requests through the door, and what is
//! on record afterwards.

mod house;

use std::sync::Arc;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use house::{Hand, House, run, sign};
use keystead_crypto::TotpSeed;
use keystead_engine::SecretBytes;
use keystead_engine::ops::GetCallerIdentity;
use keystead_engine::ops::iam::*;
use keystead_engine::ops::sts::*;
use keystead_federation::{IdentityProviders, Issuer, KeySet, Pending, ProviderError, Thumbprint};
use keystead_model::world::Clock;
use keystead_model::*;
use keystead_store::disk::MemoryDisk;

const ALLOW_ALL: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
const TRUST_THE_ACCOUNT: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000001:root"},"Action":["sts:AssumeRole","sts:TagSession","sts:SetSourceIdentity"]}]}"#;

/// A house with one account, its root, and a user who may do everything.
struct Town {
    house: House,
    root: Arc<Caller>,
    alice: Arc<Caller>,
}

impl Town {
    async fn open() -> Self {
        Self::over(Arc::new(MemoryDisk::new())).await
    }

    async fn over(disk: Arc<MemoryDisk>) -> Self {
        let house = House::open(disk, 1).expect("it opens");
        let (root, _) = house.account(1).await;
        let alice = user(&house, &root, "alice").await;
        Self { house, root, alice }
    }

    async fn role(&self, name: &str, trust: &str) -> Role {
        let role = self.iam(CreateRole { trust: trust.into(), ..new_role(name) }).await.expect("a role");
        let op = PutRolePolicy {
            holder: RoleName::parse(name).expect("a name"),
            policy: PolicyName::parse("all").expect("a name"),
            document: ALLOW_ALL.into(),
        };
        self.iam(op).await.expect("a policy");
        role
    }

    async fn iam<Op: IamOperation>(&self, op: Op) -> Result<Op::Answer, Error> {
        self.iam_as(&self.root, op).await
    }

    async fn iam_as<Op: IamOperation>(&self, caller: &Arc<Caller>, op: Op) -> Result<Op::Answer, Error> {
        self.house.engine.iam(self.house.engine.authorise(&self.house.call(), caller, op).await?).await
    }

    async fn assume(&self, caller: &Arc<Caller>, op: AssumeRole) -> Result<RoleSession, Error> {
        let permit = self.house.engine.authorise(&self.house.call(), caller, op).await?;
        self.house.engine.assume_role(permit).await
    }

    async fn session_token(&self, caller: &Arc<Caller>, op: GetSessionToken) -> Result<Credentials, Error> {
        let permit = self.house.engine.authorise(&self.house.call(), caller, op).await?;
        self.house.engine.get_session_token(permit).await
    }

    async fn federate(
        &self,
        caller: &Arc<Caller>,
        op: GetFederationToken,
    ) -> Result<FederatedSession, Error> {
        let permit = self.house.engine.authorise(&self.house.call(), caller, op).await?;
        self.house.engine.get_federation_token(permit).await
    }

    /// Whoever signs with these credentials.
    async fn who(&self, credentials: &Credentials) -> Result<Arc<Caller>, Error> {
        self.who_with(credentials, &credentials.token).await
    }

    async fn who_with(&self, credentials: &Credentials, token: &str) -> Result<Arc<Caller>, Error> {
        let secret = credentials.secret.expose();
        proved(&self.house, credentials.access_key.as_str(), secret, Some(token)).await
    }

    /// What a role's session may do with a key whose policy leaves it to the account.
    async fn can_make_keys(&self, credentials: &Credentials) -> bool {
        let caller = self.who(credentials).await.expect("it is proved");
        self.house.key(&caller).await.is_ok()
    }
}

async fn proved(
    house: &House,
    access_key: &str,
    secret: &[u8],
    session_token: Option<&str>,
) -> Result<Arc<Caller>, Error> {
    let (day, region, service) = (b"20270115", "eu-central-1", "kms");
    let signature = sign(secret, day, region, service, b"text");
    let proof = SigV4Proof {
        access_key,
        session_token,
        day,
        region,
        service,
        string_to_sign: b"text",
        signature: &signature,
    };
    house.engine.identify(&house.call(), Action::Encrypt, &Proof::SigV4(proof)).await
}

/// A user who may do everything, proved by its own access key.
async fn user(house: &House, root: &Arc<Caller>, name: &str) -> Arc<Caller> {
    let name = UserName::parse(name).expect("a name");
    let path = IamPath::default();
    let ask = async |op| house.engine.iam(house.engine.authorise(&house.call(), root, op).await?).await;
    ask(CreateUser { name: name.clone(), path, boundary: None, tags: Tags::default() })
        .await
        .expect("a user");
    let op = PutUserPolicy {
        holder: name.clone(),
        policy: PolicyName::parse("all").expect("a name"),
        document: ALLOW_ALL.into(),
    };
    let permit = house.engine.authorise(&house.call(), root, op).await.expect("allowed");
    house.engine.iam(permit).await.expect("a policy");
    let op = CreateAccessKey { user: Some(name) };
    let permit = house.engine.authorise(&house.call(), root, op).await.expect("allowed");
    let key = house.engine.iam(permit).await.expect("an access key").key;
    proved(house, key.id.as_str(), key.secret.expose(), None).await.expect("it is proved")
}

fn new_role(name: &str) -> CreateRole {
    CreateRole {
        name: RoleName::parse(name).expect("a name"),
        path: IamPath::default(),
        trust: TRUST_THE_ACCOUNT.into(),
        description: None,
        session_seconds_max: None,
        boundary: None,
        tags: Tags::default(),
    }
}

fn take_on(role: &Role) -> AssumeRole {
    AssumeRole {
        role: RoleArn::of(role.arn.clone()).expect("a role"),
        session_name: SessionName::parse("work").expect("a name"),
        policy: None,
        policy_arns: Vec::new(),
        seconds: None,
        tags: Tags::default(),
        transitive: Vec::new(),
        external_id: None,
        mfa: None,
        source_identity: None,
    }
}

fn own() -> GetSessionToken {
    GetSessionToken { seconds: None, mfa: None }
}

fn federation(policy: Option<&str>) -> GetFederationToken {
    GetFederationToken {
        name: SessionName::parse("bob").expect("a name"),
        policy: policy.map(Into::into),
        policy_arns: Vec::new(),
        seconds: None,
        tags: Tags::default(),
    }
}

fn tags(pairs: &[(&str, &str)]) -> Tags {
    let tag = |(key, value): &(&str, &str)| Tag { key: (*key).into(), value: (*value).into() };
    Tags::new(pairs.iter().map(tag).collect()).expect("tags")
}

fn denied<T>(result: Result<T, Error>) -> Option<(Action, Why)> {
    match result {
        Err(Error::Denied(denial)) => Some((denial.action, denial.why)),
        _ => None,
    }
}

fn forward(house: &House, seconds: u64) {
    house.clock.move_seconds(seconds);
}

#[test]
fn a_role_is_taken_on_and_its_session_speaks_for_it_until_it_ends() {
    run(async {
        let town = Town::open().await;
        let role = town.role("reader", TRUST_THE_ACCOUNT).await;
        let session = town.assume(&town.alice, take_on(&role)).await.expect("it is taken on");
        assert_eq!(&*session.arn, "arn:aws:sts::000000000001:assumed-role/reader/work");
        assert_eq!(&*session.id, format!("{}:work", role.id));
        let caller = town.who(&session.credentials).await.expect("it is proved");
        assert_eq!(&*caller.arn, &*session.arn);
        assert!(town.can_make_keys(&session.credentials).await);
        assert_eq!(session.credentials.expires.0, town.house.clock.time().0 + 3_600_000);
        forward(&town.house, 3_599);
        assert!(town.who(&session.credentials).await.is_ok());
        forward(&town.house, 1);
        assert_eq!(town.who(&session.credentials).await, Err(Error::ExpiredSession));
        let records = town.house.records();
        let taken = records.iter().find(|entry| *entry.action == *Action::AssumeRole.as_str());
        let resource = taken.and_then(|entry| entry.resource.clone()).expect("it is on record");
        let key = session.credentials.access_key.as_str();
        assert!(resource.starts_with(&role.arn.to_string()) && resource.ends_with(key), "{resource}");
    });
}

#[test]
fn nothing_but_the_token_the_key_and_the_secret_together_proves_a_session() {
    run(async {
        let town = Town::open().await;
        let role = town.role("reader", TRUST_THE_ACCOUNT).await;
        let one = town.assume(&town.alice, take_on(&role)).await.expect("a session").credentials;
        let two = town.assume(&town.alice, take_on(&role)).await.expect("a session").credentials;
        assert!(town.who(&one).await.is_ok());
        assert_eq!(town.who_with(&one, &two.token).await, Err(Error::BadSessionToken));
        assert_eq!(town.who_with(&one, "AQ").await, Err(Error::BadSessionToken));
        let key = one.access_key.as_str();
        let house = &town.house;
        assert_eq!(proved(house, key, two.secret.expose(), Some(&one.token)).await, Err(Error::BadSignature));
        assert_eq!(proved(house, key, one.secret.expose(), None).await, Err(Error::UnknownAccessKey));
        // One whose secret is not known learns nothing about when a session ends.
        forward(house, 100_000);
        assert_eq!(proved(house, key, two.secret.expose(), Some(&one.token)).await, Err(Error::BadSignature));
    });
}

#[test]
fn sessions_outlive_a_restart_and_are_open_to_no_other_root_key() {
    run(async {
        let disk = Arc::new(MemoryDisk::new());
        let town = Town::over(Arc::clone(&disk)).await;
        let role = town.role("reader", TRUST_THE_ACCOUNT).await;
        let session = town.assume(&town.alice, take_on(&role)).await.expect("a session").credentials;
        let Town { house, root, alice } = town;
        house.close();
        let town = Town { house: House::open(disk, 2).expect("it opens"), root, alice };
        assert!(town.who(&session).await.is_ok());
        let other = Town::over(Arc::new(MemoryDisk::new())).await;
        // The same root key in another store: the token opens, and the role is not there.
        assert_eq!(other.who(&session).await, Err(Error::BadSessionToken));
    });
}

#[test]
fn a_role_that_is_deleted_ends_its_sessions_at_once_and_one_made_anew_does_not_revive_them() {
    run(async {
        let town = Town::open().await;
        let role = town.role("reader", TRUST_THE_ACCOUNT).await;
        let session = town.assume(&town.alice, take_on(&role)).await.expect("a session").credentials;
        let name = RoleName::parse("reader").expect("a name");
        let policy = PolicyName::parse("all").expect("a name");
        town.iam(DeleteRolePolicy { holder: name.clone(), policy }).await.expect("deleted");
        let caller = town.who(&session).await.expect("the role is there");
        assert!(denied(town.house.key(&caller).await).is_some());
        town.iam(DeleteRole { name }).await.expect("deleted");
        assert_eq!(town.who(&session).await, Err(Error::BadSessionToken));
        // A request that was on its way when the role went.
        assert_eq!(town.house.key(&caller).await.err(), Some(Error::BadSessionToken));
        town.role("reader", TRUST_THE_ACCOUNT).await;
        assert_eq!(town.who(&session).await, Err(Error::BadSessionToken));
    });
}

#[test]
fn who_may_take_on_a_role_is_up_to_its_trust_policy() {
    run(async {
        let town = Town::open().await;
        let bob = user(&town.house, &town.root, "bob").await;
        let only_alice = TRUST_THE_ACCOUNT.replace(":root", ":user/alice");
        let role = town.role("reader", &only_alice).await;
        assert!(town.assume(&town.alice, take_on(&role)).await.is_ok());
        let refused = denied(town.assume(&bob, take_on(&role)).await);
        assert_eq!(refused, Some((Action::AssumeRole, Why::NoResourceStatement)));
        // A role that is not there looks the same to whoever asks.
        let none = AssumeRole {
            role: RoleArn::parse("arn:aws:iam::000000000001:role/none").expect("an ARN"),
            ..take_on(&role)
        };
        assert!(denied(town.assume(&town.alice, none).await).is_some());
        // The path belongs to the name.
        let elsewhere = AssumeRole {
            role: RoleArn::parse("arn:aws:iam::000000000001:role/team/reader").expect("an ARN"),
            ..take_on(&role)
        };
        assert!(denied(town.assume(&town.alice, elsewhere).await).is_some());
        let root = town.assume(&town.root, take_on(&role)).await.err();
        assert!(matches!(root, Some(Error::WrongCredentials(_))), "{root:?}");
    });
}

#[test]
fn across_accounts_both_sides_must_let_a_role_be_taken_on() {
    run(async {
        let town = Town::open().await;
        let (other_root, _) = town.house.account(2).await;
        let stranger = user(&town.house, &other_root, "eve").await;
        let role = town.role("shared", &TRUST_THE_ACCOUNT.replace("000000000001", "000000000002")).await;
        let session = town.assume(&stranger, take_on(&role)).await.expect("both allow");
        assert_eq!(
            town.who(&session.credentials).await.expect("proved").principal.account(),
            town.root.principal.account()
        );
        let private = town.role("private", TRUST_THE_ACCOUNT).await;
        assert_eq!(
            denied(town.assume(&stranger, take_on(&private)).await),
            Some((Action::AssumeRole, Why::Foreign))
        );
    });
}

#[test]
fn an_external_id_keeps_third_parties_apart() {
    run(async {
        let town = Town::open().await;
        let trust = TRUST_THE_ACCOUNT
            .replace(r#"}]}"#, r#","Condition":{"StringEquals":{"sts:ExternalId":"customer-7"}}}]}"#);
        let role = town.role("partner", &trust).await;
        let with = |id: Option<&str>| AssumeRole { external_id: id.map(Into::into), ..take_on(&role) };
        assert!(town.assume(&town.alice, with(Some("customer-7"))).await.is_ok());
        for wrong in [None, Some("customer-8"), Some("Customer-7")] {
            assert!(denied(town.assume(&town.alice, with(wrong)).await).is_some(), "{wrong:?}");
        }
    });
}

#[test]
fn a_session_policy_narrows_a_session_down_and_never_widens_it() {
    run(async {
        let town = Town::open().await;
        let role = town.role("reader", TRUST_THE_ACCOUNT).await;
        let describe = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kms:DescribeKey","Resource":"*"}]}"#;
        let narrow = AssumeRole { policy: Some(describe.into()), ..take_on(&role) };
        let session = town.assume(&town.alice, narrow).await.expect("a session");
        assert!(session.packed_percent.is_some_and(|percent| (1..10).contains(&percent)));
        let caller = town.who(&session.credentials).await.expect("proved");
        assert_eq!(denied(town.house.key(&caller).await), Some((Action::CreateKey, Why::NoSessionStatement)));
        let auditor = PolicyArn::parse("arn:aws:iam::aws:policy/KeysteadAuditor").expect("an ARN");
        let managed = AssumeRole { policy_arns: vec![auditor], ..take_on(&role) };
        let session = town.assume(&town.alice, managed).await.expect("a session");
        assert!(!town.can_make_keys(&session.credentials).await);
        // A role that may do nothing is not helped by a session policy that allows.
        let poor = town.iam(new_role("poor")).await.expect("a role");
        let wide = AssumeRole { policy: Some(ALLOW_ALL.into()), ..take_on(&poor) };
        let session = town.assume(&town.alice, wide).await.expect("a session");
        assert!(!town.can_make_keys(&session.credentials).await);
        let broken = AssumeRole { policy: Some("{}".into()), ..take_on(&role) };
        assert!(matches!(town.assume(&town.alice, broken).await, Err(Error::MalformedPolicy(_))));
        let nobody = PolicyArn::parse("arn:aws:iam::000000000001:policy/none").expect("an ARN");
        let missing = AssumeRole { policy_arns: vec![nobody], ..take_on(&role) };
        assert!(matches!(town.assume(&town.alice, missing).await, Err(Error::MalformedPolicy(_))));
    });
}

#[test]
fn tags_and_a_source_identity_go_with_a_chain_of_roles_and_take_permissions_of_their_own() {
    run(async {
        let town = Town::open().await;
        let first = town.role("first", TRUST_THE_ACCOUNT).await;
        let by_tag = TRUST_THE_ACCOUNT.replace(
            r#"}]}"#,
            r#","Condition":{"StringEquals":{"aws:PrincipalTag/team":"blue","aws:SourceIdentity":"alice"}}}]}"#,
        );
        let second = town.role("second", &by_tag).await;
        let bare = TRUST_THE_ACCOUNT.replace(r#","sts:TagSession","sts:SetSourceIdentity""#, "");
        let third = town.role("third", &bare).await;
        let op = AssumeRole {
            tags: tags(&[("team", "blue"), ("cost", "7")]),
            transitive: vec!["team".into()],
            source_identity: SessionName::parse("alice"),
            ..take_on(&first)
        };
        let one = town.assume(&town.alice, op).await.expect("a session");
        assert_eq!(one.source_identity.as_deref(), Some("alice"));
        let caller = town.who(&one.credentials).await.expect("proved");
        let two = town.assume(&caller, take_on(&second)).await.expect("the tag lets it through");
        assert_eq!(two.source_identity.as_deref(), Some("alice"));
        let chained = town.who(&two.credentials).await.expect("proved");
        let session = chained.session.as_ref().expect("it is a session");
        assert_eq!((session.tags.value("team"), session.tags.value("cost")), (Some("blue"), None));
        // Without the tag nobody gets in.
        assert!(denied(town.assume(&town.alice, take_on(&second)).await).is_some());
        // What is handed on takes the permission to bring it along.
        assert_eq!(
            denied(town.assume(&chained, take_on(&third)).await).map(|(action, _)| action),
            Some(Action::TagSession)
        );
        assert!(town.assume(&town.alice, take_on(&third)).await.is_ok());
        let other = AssumeRole { source_identity: SessionName::parse("mallory"), ..take_on(&second) };
        assert!(matches!(town.assume(&caller, other).await, Err(Error::InvalidParameter(_))));
        let changed = AssumeRole { tags: tags(&[("TEAM", "red")]), ..take_on(&second) };
        assert!(matches!(town.assume(&caller, changed).await, Err(Error::InvalidParameter(_))));
        let long = AssumeRole { seconds: Some(3_601), ..take_on(&second) };
        assert!(matches!(town.assume(&caller, long).await, Err(Error::Invalid(_))));
    });
}

#[test]
fn a_denial_by_the_age_of_sessions_revokes_those_that_are_open() {
    run(async {
        let town = Town::open().await;
        let role = town.role("reader", TRUST_THE_ACCOUNT).await;
        let old = town.assume(&town.alice, take_on(&role)).await.expect("a session").credentials;
        forward(&town.house, 60);
        // What the console of AWS writes to revoke sessions.
        let seconds = town.house.clock.time().seconds();
        let document = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Deny","Action":"*","Resource":"*","Condition":{{"DateLessThan":{{"aws:TokenIssueTime":"{seconds}"}}}}}}]}}"#
        );
        let op = PutRolePolicy {
            holder: RoleName::parse("reader").expect("a name"),
            policy: PolicyName::parse("AWSRevokeOlderSessions").expect("a name"),
            document: document.into(),
        };
        town.iam(op).await.expect("a policy");
        assert!(!town.can_make_keys(&old).await);
        let new = town.assume(&town.alice, take_on(&role)).await.expect("a session").credentials;
        assert!(town.can_make_keys(&new).await);
    });
}

#[test]
fn users_open_sessions_for_themselves_which_look_after_no_directory() {
    run(async {
        let town = Town::open().await;
        let session = town.session_token(&town.alice, own()).await.expect("a session");
        assert_eq!(session.expires.0, town.house.clock.time().0 + 43_200_000);
        let caller = town.who(&session).await.expect("proved");
        assert_eq!((&caller.arn, &caller.principal), (&town.alice.arn, &town.alice.principal));
        assert!(town.can_make_keys(&session).await);
        let users = ListUsers { path_prefix: None, page: Default::default() };
        assert!(matches!(town.iam_as(&caller, users).await, Err(Error::WrongCredentials(_))));
        assert!(matches!(town.session_token(&caller, own()).await, Err(Error::WrongCredentials(_))));
        assert!(matches!(town.federate(&caller, federation(None)).await, Err(Error::WrongCredentials(_))));
        let role = town.role("reader", TRUST_THE_ACCOUNT).await;
        assert!(town.assume(&caller, take_on(&role)).await.is_ok());
        let root = town.session_token(&town.root, own()).await.expect("a session");
        assert_eq!(root.expires.0, town.house.clock.time().0 + 3_600_000);
        // Whoever is deleted speaks in no session any more.
        let name = UserName::parse("alice").expect("a name");
        let policy = PolicyName::parse("all").expect("a name");
        town.iam(DeleteUserPolicy { holder: name.clone(), policy }).await.expect("deleted");
        let key = town.alice.access_key.clone().expect("it has one");
        town.iam(DeleteAccessKey { user: Some(name.clone()), key }).await.expect("deleted");
        town.iam(DeleteUser { name }).await.expect("deleted");
        assert_eq!(town.who(&session).await, Err(Error::BadSessionToken));
    });
}

#[test]
fn a_federated_user_has_what_both_its_policies_and_its_users_allow() {
    run(async {
        let town = Town::open().await;
        let describe = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kms:ListKeys","Resource":"*"}]}"#;
        let wide = town.federate(&town.alice, federation(Some(ALLOW_ALL))).await.expect("a session");
        assert_eq!(&*wide.arn, "arn:aws:sts::000000000001:federated-user/bob");
        assert_eq!(&*wide.id, "000000000001:bob");
        assert!(town.can_make_keys(&wide.credentials).await);
        let narrow = town.federate(&town.alice, federation(Some(describe))).await.expect("a session");
        assert!(!town.can_make_keys(&narrow.credentials).await);
        let none = town.federate(&town.alice, federation(None)).await.expect("a session");
        assert!(!town.can_make_keys(&none.credentials).await);
        let caller = town.who(&wide.credentials).await.expect("proved");
        let role = town.role("reader", TRUST_THE_ACCOUNT).await;
        assert!(matches!(town.assume(&caller, take_on(&role)).await, Err(Error::WrongCredentials(_))));
        let identity = town.house.engine.authorise(&town.house.call(), &caller, GetCallerIdentity).await;
        assert!(town.house.engine.get_caller_identity(identity.expect("anybody may")).await.is_ok());
        // What the user loses, the session loses.
        let op = DeleteUserPolicy {
            holder: UserName::parse("alice").expect("a name"),
            policy: PolicyName::parse("all").expect("a name"),
        };
        town.iam(op).await.expect("deleted");
        assert!(!town.can_make_keys(&wide.credentials).await);
        assert_eq!(
            denied(town.federate(&town.alice, federation(None)).await),
            Some((Action::GetFederationToken, Why::NoIdentityStatement))
        );
    });
}

#[test]
fn a_second_factor_counts_once_and_is_not_guessed() {
    run(async {
        let town = Town::open().await;
        let device = Device::of(&town, "alice").await;
        let trust = TRUST_THE_ACCOUNT
            .replace(r#"}]}"#, r#","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}]}"#);
        let role = town.role("careful", &trust).await;
        let with = |mfa| AssumeRole { mfa, ..take_on(&role) };
        assert!(denied(town.assume(&town.alice, with(None)).await).is_some());
        forward(&town.house, 90);
        let code = device.code(&town.house.clock);
        let show = || Some(device.show(code));
        assert!(town.assume(&town.alice, with(show())).await.is_ok());
        // The same code again, for the same and for another request.
        assert!(matches!(town.assume(&town.alice, with(show())).await, Err(Error::SecondFactor(_))));
        let again = GetSessionToken { seconds: None, mfa: show() };
        assert!(matches!(town.session_token(&town.alice, again).await, Err(Error::SecondFactor(_))));
        forward(&town.house, 90);
        let code = device.code(&town.house.clock);
        let op = GetSessionToken { seconds: None, mfa: Some(device.show(code)) };
        let session = town.session_token(&town.alice, op).await.expect("a session");
        let caller = town.who(&session).await.expect("proved");
        let users = ListUsers { path_prefix: None, page: Default::default() };
        assert!(town.iam_as(&caller, users).await.is_ok());
        assert!(town.assume(&caller, with(None)).await.is_ok());
        // Nobody else's device does.
        let bob = user(&town.house, &town.root, "bob").await;
        forward(&town.house, 90);
        let code = device.code(&town.house.clock);
        let foreign = town.assume(&bob, with(Some(device.show(code)))).await;
        assert!(matches!(foreign, Err(Error::SecondFactor(_))));
        // After five wrong codes the right one does not help for a while.
        for _ in 0..5 {
            let wrong = town.assume(&town.alice, with(Some(device.show((code + 1) % 1_000_000)))).await;
            assert!(matches!(wrong, Err(Error::SecondFactor(_))));
        }
        let right = town.assume(&town.alice, with(Some(device.show(code)))).await;
        assert!(matches!(right, Err(Error::SecondFactor(_))));
        forward(&town.house, 900);
        let code = device.code(&town.house.clock);
        assert!(town.assume(&town.alice, with(Some(device.show(code)))).await.is_ok());
    });
}

#[test]
fn of_two_requests_with_one_code_one_wins() {
    run(async {
        let town = Town::open().await;
        let device = Device::of(&town, "alice").await;
        forward(&town.house, 90);
        let code = device.code(&town.house.clock);
        let op = || GetSessionToken { seconds: None, mfa: Some(device.show(code)) };
        let call = town.house.call();
        let one = town.house.engine.authorise(&call, &town.alice, op()).await.expect("it is good");
        let two = town.house.engine.authorise(&call, &town.alice, op()).await.expect("it is good still");
        assert!(town.house.engine.get_session_token(one).await.is_ok());
        let late = town.house.engine.get_session_token(two).await;
        assert!(matches!(late, Err(Error::SecondFactor(_))));
    });
}

#[test]
fn whose_an_access_key_is_can_be_asked() {
    run(async {
        let town = Town::open().await;
        let ask = async |caller: &Arc<Caller>, id: &AccessKeyId| {
            let op = GetAccessKeyInfo { access_key: id.clone() };
            let permit = town.house.engine.authorise(&town.house.call(), caller, op).await?;
            town.house.engine.get_access_key_info(permit).await
        };
        let key = town.alice.access_key.clone().expect("it has one");
        assert_eq!(ask(&town.alice, &key).await.ok(), town.root.principal.account());
        let unknown = AccessKeyId::parse("AKIAUNKNOWN234567ABC").expect("an id");
        assert!(matches!(ask(&town.alice, &unknown).await, Err(Error::Invalid(_))));
        let role = town.role("reader", TRUST_THE_ACCOUNT).await;
        let session = town.assume(&town.alice, take_on(&role)).await.expect("a session").credentials;
        let caller = town.who(&session).await.expect("proved");
        assert_eq!(ask(&caller, &session.access_key).await.ok(), town.root.principal.account());
        assert!(matches!(ask(&town.alice, &session.access_key).await, Err(Error::Invalid(_))));
    });
}

/// An identity provider with one key, which it may change, and may not be there.
struct Vouching {
    key: parking_lot::Mutex<Option<Ed25519KeyPair>>,
}

impl Vouching {
    fn new() -> Arc<Self> {
        let key = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).expect("a key");
        Arc::new(Self { key: Some(key).into() })
    }

    fn token(&self, claims: &str) -> SecretBytes {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let signed = format!("{}.{}", part(r#"{"alg":"EdDSA","kid":"k"}"#), part(claims));
        let key = self.key.lock();
        let signature = key.as_ref().expect("it has a key").sign(signed.as_bytes());
        let token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref()));
        SecretBytes::copy_from(token.as_bytes())
    }
}

impl IdentityProviders for Vouching {
    fn allows(&self, _: &Issuer) -> bool {
        true
    }

    fn keys(&self, _: &Issuer, _: &[Thumbprint], _: Option<&str>) -> Pending<Arc<KeySet>> {
        let set = self.key.lock().as_ref().map(|key| {
            let x = URL_SAFE_NO_PAD.encode(key.public_key().as_ref());
            let set = format!(r#"{{"keys":[{{"kty":"OKP","crv":"Ed25519","kid":"k","x":"{x}"}}]}}"#);
            Arc::new(KeySet::parse(set.as_bytes()).expect("a set of keys"))
        });
        Box::pin(std::future::ready(set.ok_or(ProviderError::Unreachable)))
    }
}

const PROVIDER: &str = "arn:aws:iam::000000000001:oidc-provider/token.example.com/ci";

fn trust_the_provider(conditions: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"Federated":"{PROVIDER}"}},"Action":["sts:AssumeRoleWithWebIdentity","sts:TagSession"],"Condition":{{{conditions}}}}}]}}"#
    )
}

/// A town whose account knows the provider of `vouching`, and has a role for one repository of its.
async fn federated_town(vouching: &Arc<Vouching>) -> (Town, Role) {
    let disk = Arc::new(MemoryDisk::new());
    let house =
        House::vouched_for(disk, 1, Arc::clone(vouching) as Arc<dyn IdentityProviders>).expect("it opens");
    let (root, _) = house.account(1).await;
    let alice = user(&house, &root, "alice").await;
    let town = Town { house, root, alice };
    let provider = CreateOpenIdConnectProvider {
        url: "https://token.example.com/ci".into(),
        client_ids: vec!["keystead".into()],
        thumbprints: Vec::new(),
        tags: Tags::default(),
    };
    town.iam(provider).await.expect("a provider");
    let only =
        r#""StringEquals":{"token.example.com/ci:sub":"repo:a/b","token.example.com/ci:aud":"keystead"}"#;
    let role = town.role("deploy", &trust_the_provider(only)).await;
    (town, role)
}

fn with_token(role: &Role, token: SecretBytes) -> AssumeRoleWithWebIdentity {
    AssumeRoleWithWebIdentity {
        role: RoleArn::of(role.arn.clone()).expect("a role"),
        session_name: SessionName::parse("run-7").expect("a name"),
        token,
        policy: None,
        policy_arns: Vec::new(),
        seconds: None,
    }
}

fn claims(town: &Town, subject: &str, more: &str) -> String {
    let now = town.house.clock.time().seconds();
    let until = now + 300;
    format!(
        r#"{{"iss":"https://token.example.com/ci","sub":"{subject}","aud":"keystead","iat":{now},"exp":{until}{more}}}"#
    )
}

#[test]
fn a_token_of_a_provider_takes_on_a_role_that_trusts_it_and_leaves_a_record() {
    run(async {
        let vouching = Vouching::new();
        let (town, role) = federated_town(&vouching).await;
        let ask = async |claims: &str| {
            let request = with_token(&role, vouching.token(claims));
            town.house.engine.assume_role_with_web_identity(&town.house.call(), request).await
        };
        let session = ask(&claims(&town, "repo:a/b", "")).await.expect("it is taken on");
        assert_eq!(&*session.arn, "arn:aws:sts::000000000001:assumed-role/deploy/run-7");
        assert_eq!((&*session.subject, &*session.audience), ("repo:a/b", "keystead"));
        assert_eq!(&*session.provider, PROVIDER);
        assert!(town.can_make_keys(&session.credentials).await);
        let caller = town.who(&session.credentials).await.expect("proved");
        let provider = caller.session.as_ref().and_then(|session| session.provider.as_deref());
        assert_eq!(provider, Some(PROVIDER));
        let refused = ask(&claims(&town, "repo:a/c", "")).await;
        assert_eq!(denied(refused), Some((Action::AssumeRoleWithWebIdentity, Why::NoResourceStatement)));
        // A claim of the same name in other letters does not pass for the subject.
        for more in [r#","SUB":"repo:a/b""#, r#","Sub":"repo:a/b""#] {
            assert!(denied(ask(&claims(&town, "repo:a/c", more)).await).is_some(), "{more}");
        }
        let records = town.house.records();
        let taken: Vec<_> = records
            .iter()
            .filter(|entry| *entry.action == *Action::AssumeRoleWithWebIdentity.as_str())
            .collect();
        assert_eq!(taken.len(), 4);
        for entry in taken {
            assert_eq!(entry.principal.as_deref(), Some(PROVIDER));
            assert_eq!(entry.account, town.root.principal.account());
        }
    });
}

#[test]
fn a_token_that_is_not_good_is_refused_for_what_is_wrong_with_it() {
    run(async {
        let vouching = Vouching::new();
        let (town, role) = federated_town(&vouching).await;
        let fault = async |token: SecretBytes| {
            let request = with_token(&role, token);
            match town.house.engine.assume_role_with_web_identity(&town.house.call(), request).await {
                Err(Error::IdentityToken(fault, _)) => Some(fault),
                _ => None,
            }
        };
        use IdentityTokenFault::*;
        let good = claims(&town, "repo:a/b", "");
        let token = vouching.token(&good);
        assert_eq!(fault(vouching.token(&good.replace("/ci", "/cd"))).await, Some(Invalid));
        let wrong = good.replace(r#""aud":"keystead""#, r#""aud":"other""#);
        assert_eq!(fault(vouching.token(&wrong)).await, Some(Invalid));
        let named = claims(&town, "repo:a/b", r#","https://aws.amazon.com/source_identity":"a b""#);
        assert_eq!(fault(vouching.token(&named)).await, Some(Rejected));
        assert_eq!(fault(SecretBytes::copy_from(b"a.b.c")).await, Some(Invalid));
        let kept = vouching.key.lock().replace(Ed25519KeyPair::from_seed_unchecked(&[8; 32]).expect("a key"));
        let stale = SecretBytes::copy_from(token.expose());
        assert_eq!(fault(stale).await, Some(Invalid));
        *vouching.key.lock() = None;
        assert_eq!(fault(SecretBytes::copy_from(token.expose())).await, Some(Unreachable));
        *vouching.key.lock() = kept;
        forward(&town.house, 300 + 300);
        assert_eq!(fault(token).await, Some(Expired));
        // Each of them is on record in the role's account, with nobody as its caller.
        let records = town.house.records();
        let refused =
            records.iter().filter(|entry| *entry.action == *Action::AssumeRoleWithWebIdentity.as_str());
        assert_eq!(refused.clone().count(), 7);
        for entry in refused {
            assert_eq!((entry.principal.as_deref(), entry.account), (None, town.root.principal.account()));
        }
    });
}

#[test]
fn tags_in_a_token_become_those_of_the_session() {
    run(async {
        let vouching = Vouching::new();
        let (town, role) = federated_town(&vouching).await;
        let more = r#","https://aws.amazon.com/tags":{"principal_tags":{"team":["blue"]},"transitive_tag_keys":["team"]}"#;
        let request = with_token(&role, vouching.token(&claims(&town, "repo:a/b", more)));
        let session = town.house.engine.assume_role_with_web_identity(&town.house.call(), request).await;
        let session = session.expect("it is taken on");
        let caller = town.who(&session.credentials).await.expect("proved");
        let inner = caller.session.as_ref().expect("a session");
        assert_eq!((inner.tags.value("team"), inner.transitive.len()), (Some("blue"), 1));
        let bare = town.role("bare", &trust_the_provider("").replace(r#","sts:TagSession""#, "")).await;
        let request = with_token(&bare, vouching.token(&claims(&town, "repo:a/b", more)));
        let refused = town.house.engine.assume_role_with_web_identity(&town.house.call(), request).await;
        assert_eq!(denied(refused).map(|(action, _)| action), Some(Action::TagSession));
    });
}

/// A virtual MFA device in the hand of its user.
struct Device {
    serial: MfaSerial,
    seed: SecretBytes,
}

impl Device {
    async fn of(town: &Town, user: &str) -> Self {
        let made = town
            .iam(CreateVirtualMfaDevice {
                name: MfaName::parse(user).expect("a name"),
                path: IamPath::default(),
                tags: Tags::default(),
            })
            .await
            .expect("a device");
        let device = Self { serial: made.serial.clone(), seed: from_base32(made.seed_base32.expose()) };
        let step = town.house.clock.time().seconds() / 30;
        town.iam(EnableMfaDevice {
            user: UserName::parse(user).expect("a name"),
            serial: made.serial,
            first: code(device.code_at(step - 1)),
            second: code(device.code_at(step)),
        })
        .await
        .expect("it is enabled");
        device
    }

    fn code(&self, clock: &Hand) -> u32 {
        self.code_at(clock.now().seconds() / 30)
    }

    fn show(&self, digits: u32) -> SecondFactor {
        SecondFactor { serial: self.serial.to_string().into(), code: code(digits) }
    }

    fn code_at(&self, step: u64) -> u32 {
        TotpSeed::new(SecretBytes::copy_from(self.seed.expose())).code(step)
    }
}

fn code(digits: u32) -> MfaCode {
    MfaCode::parse(&format!("{digits:06}")).expect("six digits")
}

fn from_base32(text: &[u8]) -> SecretBytes {
    let (mut bits, mut held, mut out) = (0u32, 0u32, Vec::new());
    for byte in text {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'2'..=b'7' => byte - b'2' + 26,
            other => panic!("{other} is not of base 32"),
        };
        (bits, held) = (bits << 5 | u32::from(value), held + 5);
        if held >= 8 {
            held -= 8;
            out.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    SecretBytes::copy_from(&out)
}
