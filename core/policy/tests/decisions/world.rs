//! One question with all its documents, as text: what cases and properties are made of.

use std::net::IpAddr;
use std::sync::Arc;

use keystead_model::{
    AccountId, Action, AliasArn, AliasName, Call, GrantId, IamArn, KeyArn, Principal, Protocol, RequestId,
    Resource, Session, Tag, Tags, Timestamp,
};
use keystead_policy::{
    ConditionKey, Facts, Kind, Named, Naming, Policy, Request, Sources, Terms, Value, Visit, decide, own_side,
};

pub const HOME: &str = "111122223333";
pub const KEY: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";
/// 2026-01-01T00:00:00Z.
pub const NOW_SECONDS: u64 = 1_767_225_600;

/// Where a document stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    Key,
    Trust,
    Identity,
    Boundary,
    Session,
    Guardrail,
}

impl Place {
    pub fn kind(self) -> Kind {
        match self {
            Self::Key => Kind::Key,
            Self::Trust => Kind::Trust,
            Self::Identity | Self::Boundary => Kind::Identity,
            Self::Session => Kind::Session,
            Self::Guardrail => Kind::Guardrail,
        }
    }
}

#[derive(Clone, Debug)]
pub struct Document {
    pub place: Place,
    pub name: String,
    pub text: String,
}

/// A value of a fact that owns its text.
#[derive(Clone, PartialEq, Debug)]
pub enum Given {
    Text(String),
    Number(u64),
    Flag(bool),
    Instant(u64),
    Address(IpAddr),
    Unreadable,
}

#[derive(Clone, Debug)]
pub struct World {
    pub documents: Vec<Document>,
    pub terms: Terms,
    pub principal: Principal,
    pub session: Option<Session>,
    pub tags: Tags,
    pub action: Action,
    pub resource: Resource,
    pub call: Call,
    pub facts: Vec<(String, Given)>,
    /// How a grant that allows the request names the caller, if there is one.
    pub grant: Option<Naming>,
}

/// What came out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome {
    pub allowed: bool,
    /// Whether some statement denies, rather than none allowing.
    pub explicit: bool,
    /// As cases write it.
    pub text: String,
}

impl World {
    /// The user alice of the home account asks to decrypt with a key of it. There is no document.
    pub fn new() -> Self {
        Self {
            documents: Vec::new(),
            terms: Terms::default(),
            principal: principal("arn:aws:iam::111122223333:user/alice"),
            session: None,
            tags: Tags::default(),
            action: Action::Decrypt,
            resource: key_of(HOME),
            call: Call {
                request: RequestId([0; 16]),
                at: Timestamp::from_seconds(NOW_SECONDS),
                source: IpAddr::from([203, 0, 113, 9]),
                protocol: Protocol::AwsKms,
                location: "eu-central-1".parse().expect("a location"),
                user_agent: "aws-cli/2".into(),
                secure: true,
            },
            facts: Vec::new(),
            grant: None,
        }
    }

    /// Hands on the compiled question.
    pub fn ask<T>(&self, then: impl FnOnce(&Sources<'_>, &Request<'_>) -> T) -> T {
        let of = |places: &[Place]| -> Vec<Named> {
            self.documents.iter().filter(|document| places.contains(&document.place)).map(compile).collect()
        };
        let resource = of(&[Place::Key, Place::Trust]);
        let (identity, boundary) = (of(&[Place::Identity]), of(&[Place::Boundary]));
        let (session, guardrails) = (of(&[Place::Session]), of(&[Place::Guardrail]));
        let sources = Sources {
            resource: resource.first().map(|named| &*named.policy),
            identity: &identity,
            boundary: boundary.first(),
            session: (!session.is_empty()).then_some(&session),
            guardrails: &guardrails,
            terms: self.terms,
        };
        let request = Request {
            principal: &self.principal,
            session: self.session.as_ref(),
            principal_tags: &self.tags,
            action: self.action,
            resource: &self.resource,
            call: &self.call,
            facts: &Told(&self.facts),
        };
        then(&sources, &request)
    }

    /// Decides as the engine does: by the policies, and where they leave it open by a grant.
    pub fn decide(&self) -> Outcome {
        self.ask(|sources, request| {
            let mut verdict = decide(sources, request);
            if let (true, Some(naming)) = (verdict.is_open(), self.grant) {
                verdict = own_side(sources, request).with_grant(GRANT, naming).unwrap_or(verdict);
            }
            let by = verdict.told(sources).to_string().replace(&GRANT.to_string(), "G");
            let (word, explicit) = match verdict {
                keystead_policy::Verdict::Allowed(_) => ("allowed".to_owned(), false),
                keystead_policy::Verdict::Denied(why, grounds) => {
                    (format!("denied {why:?}"), grounds != keystead_policy::Grounds::default())
                }
            };
            Outcome { allowed: verdict.is_allowed(), explicit, text: format!("{word} by {by}") }
        })
    }
}

const GRANT: GrantId = GrantId([7; 32]);

/// Facts out of a list. Names are compared as whole texts, without regard to case.
struct Told<'a>(&'a [(String, Given)]);

impl Facts for Told<'_> {
    fn values(&self, key: &ConditionKey, visit: &mut Visit<'_>) {
        for (name, value) in self.0 {
            if is_same(key, name) {
                visit(match value {
                    Given::Text(text) => Value::Text(text),
                    Given::Number(number) => Value::Number(*number),
                    Given::Flag(flag) => Value::Flag(*flag),
                    Given::Instant(seconds) => Value::Instant(Timestamp::from_seconds(*seconds)),
                    Given::Address(address) => Value::Address(*address),
                    Given::Unreadable => Value::Unreadable,
                });
            }
        }
    }
}

/// Whether a key is called so, without putting its name together.
fn is_same(key: &ConditionKey, name: &str) -> bool {
    struct Rest<'a>(&'a str);
    impl std::fmt::Write for Rest<'_> {
        fn write_str(&mut self, part: &str) -> std::fmt::Result {
            let (start, rest) = self.0.split_at_checked(part.len()).ok_or(std::fmt::Error)?;
            self.0 = rest;
            if start.eq_ignore_ascii_case(part) { Ok(()) } else { Err(std::fmt::Error) }
        }
    }
    let mut rest = Rest(name);
    std::fmt::Write::write_fmt(&mut rest, format_args!("{key}")).is_ok() && rest.0.is_empty()
}

fn compile(document: &Document) -> Named {
    let policy = Policy::parse(&document.text, document.place.kind());
    let policy = policy.unwrap_or_else(|e| panic!("{e}\n{}", document.text));
    Named { name: document.name.as_str().into(), policy: Arc::new(policy) }
}

pub fn key_of(account: &str) -> Resource {
    Resource::Key(KeyArn {
        location: "eu-central-1".parse().expect("a location"),
        account: number(account),
        key: KEY.parse().expect("a key id"),
    })
}

/// `key`, `key of ACCOUNT`, `account`, `alias/NAME`, `alias/NAME of ACCOUNT`, or an ARN of a directory.
pub fn resource(text: &str) -> Resource {
    let (what, account) = text.split_once(" of ").unwrap_or((text, HOME));
    match what {
        "key" => key_of(account),
        "account" => Resource::Account,
        name if name.starts_with("alias/") => Resource::Alias(AliasArn {
            location: "eu-central-1".parse().expect("a location"),
            account: number(account),
            name: AliasName::parse(name).expect("an alias"),
        }),
        arn => Resource::Iam(IamArn::parse(arn).unwrap_or_else(|| panic!("{arn} is no resource"))),
    }
}

/// An ARN of a root, a user, a role (in the session `s`), a role's session, a federated user or an identity provider; or a
/// service's name.
pub fn principal(text: &str) -> Principal {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let [_, _, _, _, account, what] = parts[..] else { return Principal::Service { name: text.into() } };
    let account = number(account);
    let (kind, name) = what.split_once('/').unwrap_or((what, ""));
    match kind {
        "root" => Principal::Root { account },
        "user" => Principal::User { account, name: name.into(), id: "AIDAEXAMPLE".into() },
        "role" => role_session(account, name, "s"),
        "assumed-role" => {
            let (role, session) = name.split_once('/').expect("a role and a session");
            role_session(account, role, session)
        }
        "federated-user" => Principal::FederatedUser { account, name: name.into() },
        "oidc-provider" => Principal::Federated { provider: text.into() },
        _ => panic!("{text} is no principal"),
    }
}

fn role_session(account: AccountId, role: &str, session: &str) -> Principal {
    Principal::AssumedRole {
        account,
        role: role.into(),
        role_id: "AROAEXAMPLE".into(),
        session: session.into(),
    }
}

pub fn number(account: &str) -> AccountId {
    account.parse().unwrap_or_else(|_| panic!("{account} is no account"))
}

/// A session that began ten minutes ago, with nothing special about it.
pub fn plain_session() -> Session {
    Session {
        issued: Timestamp::from_seconds(NOW_SECONDS - 600),
        expires: Timestamp::from_seconds(NOW_SECONDS + 3_000),
        opened_by: None,
        policies: Box::default(),
        tags: Tags::default(),
        transitive: Box::default(),
        source_identity: None,
        provider: None,
        mfa: None,
    }
}

pub fn tags(pairs: &[(&str, &str)]) -> Tags {
    let tag = |(key, value): &(&str, &str)| Tag { key: (*key).into(), value: (*value).into() };
    Tags::new(pairs.iter().map(tag).collect()).expect("tags")
}
