//! Who asks, and how the question came in.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use crate::key::spelled;
use crate::{AccessKeyId, AccountId, Location, Tags, Timestamp};

/// Who someone is, as policies name them.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Principal {
    /// The owner of an account: `arn:aws:iam::<account>:root`.
    Root {
        /// The account.
        account: AccountId,
    },
    /// A lasting identity: `arn:aws:iam::<account>:user/<path and name>`.
    User {
        /// The account.
        account: AccountId,
        /// Path and name, without a leading slash.
        name: Arc<str>,
        /// The unique id, such as `AIDA…`.
        id: Arc<str>,
    },
    /// A role someone has taken on: `arn:aws:sts::<account>:assumed-role/<role>/<session>`.
    AssumedRole {
        /// The account.
        account: AccountId,
        /// The role's name, with its path if it has one, without a leading slash.
        role: Arc<str>,
        /// The role's unique id, such as `AROA…`.
        role_id: Arc<str>,
        /// The session's name.
        session: Arc<str>,
    },
    /// Somebody without a user of its own, in a session that a user has opened:
    /// `arn:aws:sts::<account>:federated-user/<name>`.
    FederatedUser {
        /// The account.
        account: AccountId,
        /// The name that the user gave it.
        name: Arc<str>,
    },
    /// Whoever shows a token of an identity provider, before it has taken on a role.
    Federated {
        /// The provider's ARN.
        provider: Arc<str>,
    },
    /// A service that acts for itself, such as `s3.amazonaws.com`.
    Service {
        /// Its name.
        name: Arc<str>,
    },
    /// Keystead itself, doing what was scheduled.
    Keystead,
}

impl Principal {
    /// The account it belongs to; identity providers, services and Keystead itself have none.
    pub fn account(&self) -> Option<AccountId> {
        match self {
            Self::Root { account }
            | Self::User { account, .. }
            | Self::AssumedRole { account, .. }
            | Self::FederatedUser { account, .. } => Some(*account),
            Self::Federated { .. } | Self::Service { .. } | Self::Keystead => None,
        }
    }
}

impl fmt::Display for Principal {
    /// The ARN, or for a service its name, for an identity provider its ARN.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root { account } => write!(f, "arn:aws:iam::{account}:root"),
            Self::User { account, name, .. } => write!(f, "arn:aws:iam::{account}:user/{name}"),
            Self::AssumedRole { account, role, session, .. } => {
                let name = role.rsplit('/').next().unwrap_or(role);
                write!(f, "arn:aws:sts::{account}:assumed-role/{name}/{session}")
            }
            Self::FederatedUser { account, name } => {
                write!(f, "arn:aws:sts::{account}:federated-user/{name}")
            }
            Self::Federated { provider } => f.write_str(provider),
            Self::Service { name } => f.write_str(name),
            Self::Keystead => f.write_str("keystead"),
        }
    }
}

/// A principal that has proved itself.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Caller {
    /// Who.
    pub principal: Principal,
    /// The principal's text form, made once.
    pub arn: Arc<str>,
    /// The access key that proved it, if one did.
    pub access_key: Option<AccessKeyId>,
    /// The session it speaks in; `None` for lasting credentials.
    pub session: Option<Arc<Session>>,
}

/// What temporary credentials carry: narrower permissions, and facts that policies can ask for.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Session {
    /// When its credentials were given out.
    pub issued: Timestamp,
    /// When they end.
    pub expires: Timestamp,
    /// The user who opened it, for the session of a federated user: what the user may not do, it may not.
    pub opened_by: Option<Principal>,
    /// Its session policies. With any, what none of them allows is not allowed.
    pub policies: Box<[SessionPolicy]>,
    /// The tags it was opened with; they outweigh those of the role.
    pub tags: Tags,
    /// The keys of those of its tags that a session opened from it keeps.
    pub transitive: Box<[Box<str>]>,
    /// The source identity that was set when its chain of sessions began.
    pub source_identity: Option<Arc<str>>,
    /// The ARN of the identity provider whose token opened it.
    pub provider: Option<Arc<str>>,
    /// When a second factor was shown to open it, if one was.
    pub mfa: Option<Timestamp>,
}

/// One policy of a session.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum SessionPolicy {
    /// Its text, 2,048 characters at most.
    Inline(Arc<str>),
    /// The ARN of a managed policy, in force as it stands when a request is decided.
    Managed(Arc<str>),
}

impl Caller {
    /// A caller of this principal.
    pub fn new(principal: Principal, access_key: Option<AccessKeyId>) -> Self {
        let arn = principal.to_string().into();
        Self { principal, arn, access_key, session: None }
    }

    /// A caller of this principal, in a session.
    pub fn in_session(principal: Principal, access_key: AccessKeyId, session: Arc<Session>) -> Self {
        Self { session: Some(session), ..Self::new(principal, Some(access_key)) }
    }
}

spelled! {
    /// The language a request came in.
    Protocol {
        /// AWS KMS, JSON 1.1.
        AwsKms = 1 "aws-kms",
        /// AWS STS, query and XML.
        AwsSts = 2 "aws-sts",
        /// Keystead's own.
        Native = 3 "native",
        /// Nobody asked: it was scheduled.
        Internal = 4 "internal",
        /// AWS IAM, query and XML.
        AwsIam = 5 "aws-iam",
    }
}

/// Names one request: 16 random bytes, spelled as a UUID.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct RequestId(pub [u8; 16]);

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        crate::KeyId::from_parts(self.0, false).fmt(f)
    }
}

/// One arrival at the door: everything about a request but who asks and what for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Call {
    /// Names the request.
    pub request: RequestId,
    /// When it was read whole.
    pub at: Timestamp,
    /// Where it came from.
    pub source: IpAddr,
    /// The language it was asked in.
    pub protocol: Protocol,
    /// The location it was addressed to.
    pub location: Location,
    /// What the client calls itself, cut to [`Call::USER_AGENT_BYTES_MAX`] bytes.
    pub user_agent: Arc<str>,
    /// Whether it came over TLS.
    pub secure: bool,
}

impl Call {
    /// Longest user agent kept, in bytes; the rest is cut off.
    pub const USER_AGENT_BYTES_MAX: usize = 256;
}
