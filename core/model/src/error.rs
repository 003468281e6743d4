//! Why a request was refused. Fronts turn each into their protocol's own error; there is no catch-all.

use std::sync::Arc;
use std::time::Duration;

use crate::{
    AccountId, Action, AliasArn, IamArn, KeyArn, KeySpec, KeyState, KeyStoreFault, KeyUsage, Location,
    SessionName,
};

/// What a request was about, for messages and records.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Resource {
    /// A key.
    Key(KeyArn),
    /// An alias.
    Alias(AliasArn),
    /// Something in an account's directory.
    Iam(IamArn),
    /// Somebody who is no user, and for whom a session is asked: `arn:aws:sts::<account>:federated-user/<name>`.
    FederatedUser(AccountId, SessionName),
    /// The account as a whole; policies see it as `*`.
    Account,
}

impl std::fmt::Display for Resource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Key(arn) => arn.fmt(f),
            Self::Alias(arn) => arn.fmt(f),
            Self::Iam(arn) => arn.fmt(f),
            Self::FederatedUser(account, name) => write!(f, "arn:aws:sts::{account}:federated-user/{name}"),
            Self::Account => f.write_str("*"),
        }
    }
}

/// A decision against the caller.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Denial {
    /// Who asked.
    pub principal: Arc<str>,
    /// For what.
    pub action: Action,
    /// On what.
    pub resource: Resource,
    /// On whose word.
    pub why: Why,
}

/// What stood against it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Why {
    /// No statement of the key's policy allows it.
    NoResourceStatement,
    /// A statement of the key's policy denies it.
    ResourceDeny,
    /// No statement of an identity policy allows it.
    NoIdentityStatement,
    /// A statement of an identity policy denies it.
    IdentityDeny,
    /// No statement of the caller's permissions boundary allows it.
    NoBoundaryStatement,
    /// A statement of the caller's permissions boundary denies it.
    BoundaryDeny,
    /// No statement of the session's policies allows it.
    NoSessionStatement,
    /// A statement of the session's policies denies it.
    SessionDeny,
    /// No statement of one of the account's guardrails allows it.
    NoGuardrailStatement,
    /// A statement of one of the account's guardrails denies it.
    GuardrailDeny,
    /// The account has laid down that its root uses no keys.
    RootBarred,
    /// The key belongs to someone else, who may or may not have such a key.
    Foreign,
}

/// What is wrong with the token of an identity provider.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum IdentityTokenFault {
    /// It does not read, its signature is not the provider's, or no such provider is known.
    Invalid,
    /// Its time is over.
    Expired,
    /// The provider vouches for somebody, but not for this.
    Rejected,
    /// The provider's keys cannot be had at the moment. Trying again helps.
    Unreachable,
}

impl IdentityTokenFault {
    /// A stable word for records.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invalid => "InvalidIdentityToken",
            Self::Expired => "ExpiredIdentityToken",
            Self::Rejected => "RejectedIdentityToken",
            Self::Unreachable => "IdentityProviderUnreachable",
        }
    }
}

/// Why a request was refused or failed.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Error {
    /// No such key in this account and location. Holds the key's ARN, or the word the caller wrote.
    #[error("the key {0} does not exist")]
    KeyNotFound(Box<str>),
    /// No such alias in this account and location.
    #[error("the alias {0} does not exist")]
    AliasNotFound(AliasArn),
    /// The text names no key, and begins like one that does. Holds the reason.
    #[error("{0}")]
    InvalidArn(Box<str>),
    /// The ARN names another location than the request was made in.
    #[error("the ARN names {0}, and the request was made elsewhere")]
    OtherLocation(Location),
    /// Policy said no.
    #[error("{} may not {} on {}", .0.principal, .0.action, .0.resource)]
    Denied(Box<Denial>),
    /// The key is disabled.
    #[error("{0} is disabled")]
    Disabled(KeyArn),
    /// The key's state forbids it; trying again will not help.
    #[error("{key} is {state}")]
    WrongState {
        /// The key.
        key: KeyArn,
        /// Its state.
        state: KeyState,
    },
    /// The key serves another purpose.
    #[error("{key} is a key for {usage}")]
    WrongUsage {
        /// The key.
        key: KeyArn,
        /// What it is for.
        usage: KeyUsage,
    },
    /// The algorithm asked for does not fit the key.
    #[error("keys of spec {spec} do not work with {algorithm}")]
    WrongAlgorithm {
        /// The key's spec.
        spec: KeySpec,
        /// What was asked for.
        algorithm: &'static str,
    },
    /// The ciphertext did not authenticate. No detail, on purpose.
    #[error("the ciphertext is not valid")]
    BadCiphertext,
    /// The ciphertext names another key than the caller did.
    #[error("the ciphertext was made under another key")]
    IncorrectKey,
    /// The signature is not that key's over that message. No detail, on purpose.
    #[error("the signature is not valid")]
    InvalidSignature,
    /// The message authentication code is not that key's over that message. No detail, on purpose.
    #[error("the message authentication code is not valid")]
    InvalidMac,
    /// The attestation document of a recipient is not one, is too old, or is not vouched for. Holds what to do.
    #[error("{0}")]
    BadAttestation(Box<str>),
    /// A grant token that was not given out here, or whose grant has ended.
    #[error("the grant token is not valid")]
    InvalidGrantToken,
    /// A text that is no grant's id.
    #[error("the grant id is not valid")]
    InvalidGrantId,
    /// No grant of this id on this key.
    #[error("there is no such grant")]
    GrantNotFound,
    /// An import token that was not given out for this key.
    #[error("the import token is not valid")]
    InvalidImportToken,
    /// An import token whose 24 hours are over.
    #[error("the import token has expired")]
    ExpiredImportToken,
    /// Material that is not the material this key has had. Holds what to do.
    #[error("{0}")]
    IncorrectKeyMaterial(Box<str>),
    /// There is such a key already. Holds its ARN.
    #[error("the key {0} already exists")]
    KeyExists(KeyArn),
    /// The key cannot be used at the moment, through no fault of the caller.
    #[error("the key {0} is not available")]
    KeyUnavailable(KeyArn),
    /// More requests than the account may send. Trying again later helps.
    #[error("the rate of requests is over the account's limit")]
    Throttled,
    /// The alias is there already.
    #[error("the alias {0} already exists")]
    AliasExists(AliasArn),
    /// An alias name that only services may make, point elsewhere or delete.
    #[error("the alias name {0} is reserved")]
    ReservedAlias(Box<str>),
    /// An alias name with a byte that names may not have. Holds the reason.
    #[error("{0}")]
    InvalidAliasName(Box<str>),
    /// The service owns this key or alias; customers may not change it.
    #[error("{0} is managed by a service")]
    ServiceManaged(Resource),
    /// Too many of something. Holds what and how many.
    #[error("{0}")]
    LimitExceeded(Box<str>),
    /// Nothing of that name in the account's directory. Holds what was looked for.
    #[error("{0}")]
    NoSuchEntity(Box<str>),
    /// Something of that name is in the account's directory already. Holds what.
    #[error("{0}")]
    EntityExists(Box<str>),
    /// Something else still needs it. Holds what has to go first.
    #[error("{0}")]
    DeleteConflict(Box<str>),
    /// It comes with Keystead and is the same for everybody. Holds what, and what to do.
    #[error("{0}")]
    Unmodifiable(Box<str>),
    /// A parameter has a value that does not fit the others. Holds the reason.
    #[error("{0}")]
    InvalidParameter(Box<str>),
    /// The policies and tags of a session do not fit it. Holds how much too large they are.
    #[error("{0}")]
    SessionTooLarge(Box<str>),
    /// Credentials of this kind do not do this, whatever policies say. Holds why, and what to do.
    #[error("{0}")]
    WrongCredentials(Box<str>),
    /// A second factor is missing, wrong or shown before. Holds what to do.
    #[error("{0}")]
    SecondFactor(Box<str>),
    /// The token of an identity provider does not open a session. Holds the reason.
    #[error("{1}")]
    IdentityToken(IdentityTokenFault, Box<str>),
    /// The codes are not those that the MFA device shows now, one after the other.
    #[error("the two codes are not the ones that the MFA device shows now")]
    InvalidMfaCode,
    /// Nobody had a report of the account's credentials made, or not lately.
    #[error("there is no report of the account's credentials; have one made first")]
    NoCredentialReport,
    /// The report of the account's credentials is too old.
    #[error("the report of the account's credentials is too old; have a new one made")]
    OldCredentialReport,
    /// Tags that break a rule. Holds the reason.
    #[error("{0}")]
    Tag(Box<str>),
    /// The policy does not parse, or would lock its owner out. Holds line, column and reason.
    #[error("{0}")]
    MalformedPolicy(Box<str>),
    /// A page marker that was not given out for this listing.
    #[error("the marker is not valid")]
    InvalidMarker,
    /// The request contradicts itself or the key. Holds the reason.
    #[error("{0}")]
    Invalid(Box<str>),
    /// Asked for something this key or this server does not offer. Holds what.
    #[error("{0}")]
    Unsupported(Box<str>),
    /// Something is wrong with a custom key store or a key in one. Holds what, and what to do.
    #[error("{1}")]
    KeyStore(KeyStoreFault, Box<str>),
    /// Another request changed the same thing first.
    #[error("{0}")]
    Conflict(Box<str>),
    /// Policy allows it, and the account wants others to approve it first. Holds the request's id and what to do.
    #[error("{0}")]
    ApprovalRequired(Box<str>),
    /// No such request waits for approval in this account.
    #[error(
        "no request {0} waits for approval in this account; it may have been carried out, ended or run out"
    )]
    ApprovalNotFound(Box<str>),
    /// The dry run would have succeeded.
    #[error("the request would have succeeded, but it was a dry run")]
    DryRun,
    /// No such access key.
    #[error("the access key does not exist")]
    UnknownAccessKey,
    /// The signature does not match the request.
    #[error("the signature does not match")]
    BadSignature,
    /// The session token was not given out here, or not with this access key; or whoever it is for is not there any
    /// more.
    #[error("the session token is not valid")]
    BadSessionToken,
    /// The session has ended.
    #[error("the session has ended; open a new one")]
    ExpiredSession,
    /// Something the server stands on is not answering, or the server is full; trying again after `wait` may help.
    #[error("the server cannot answer now; try again in {} ms", .wait.as_millis())]
    Unavailable {
        /// How long to wait.
        wait: Duration,
    },
    /// Something is wrong that no request can mend. The log has the detail; a stranger learns nothing.
    #[error("the server failed; its log says why")]
    Internal,
}

impl Error {
    /// A stable word for records and metrics; never changes for a variant.
    pub fn code(&self) -> &'static str {
        match self {
            Self::KeyNotFound(_) => "KeyNotFound",
            Self::AliasNotFound(_) => "AliasNotFound",
            Self::InvalidArn(_) => "InvalidArn",
            Self::OtherLocation(_) => "OtherLocation",
            Self::Denied(_) => "Denied",
            Self::Disabled(_) => "Disabled",
            Self::WrongState { .. } => "WrongState",
            Self::WrongUsage { .. } => "WrongUsage",
            Self::WrongAlgorithm { .. } => "WrongAlgorithm",
            Self::BadCiphertext => "BadCiphertext",
            Self::IncorrectKey => "IncorrectKey",
            Self::InvalidSignature => "InvalidSignature",
            Self::InvalidMac => "InvalidMac",
            Self::BadAttestation(_) => "BadAttestation",
            Self::InvalidGrantToken => "InvalidGrantToken",
            Self::InvalidGrantId => "InvalidGrantId",
            Self::GrantNotFound => "GrantNotFound",
            Self::InvalidImportToken => "InvalidImportToken",
            Self::ExpiredImportToken => "ExpiredImportToken",
            Self::IncorrectKeyMaterial(_) => "IncorrectKeyMaterial",
            Self::KeyExists(_) => "KeyExists",
            Self::KeyUnavailable(_) => "KeyUnavailable",
            Self::Throttled => "Throttled",
            Self::AliasExists(_) => "AliasExists",
            Self::ReservedAlias(_) => "ReservedAlias",
            Self::InvalidAliasName(_) => "InvalidAliasName",
            Self::ServiceManaged(_) => "ServiceManaged",
            Self::LimitExceeded(_) => "LimitExceeded",
            Self::NoSuchEntity(_) => "NoSuchEntity",
            Self::EntityExists(_) => "EntityExists",
            Self::DeleteConflict(_) => "DeleteConflict",
            Self::Unmodifiable(_) => "Unmodifiable",
            Self::InvalidParameter(_) => "InvalidParameter",
            Self::SessionTooLarge(_) => "SessionTooLarge",
            Self::WrongCredentials(_) => "WrongCredentials",
            Self::SecondFactor(_) => "SecondFactor",
            Self::IdentityToken(fault, _) => fault.as_str(),
            Self::InvalidMfaCode => "InvalidMfaCode",
            Self::NoCredentialReport => "NoCredentialReport",
            Self::OldCredentialReport => "OldCredentialReport",
            Self::Tag(_) => "Tag",
            Self::MalformedPolicy(_) => "MalformedPolicy",
            Self::InvalidMarker => "InvalidMarker",
            Self::Invalid(_) => "Invalid",
            Self::Unsupported(_) => "Unsupported",
            Self::KeyStore(fault, _) => fault.as_str(),
            Self::Conflict(_) => "Conflict",
            Self::ApprovalRequired(_) => "ApprovalRequired",
            Self::ApprovalNotFound(_) => "ApprovalNotFound",
            Self::DryRun => "DryRun",
            Self::UnknownAccessKey => "UnknownAccessKey",
            Self::BadSignature => "BadSignature",
            Self::BadSessionToken => "BadSessionToken",
            Self::ExpiredSession => "ExpiredSession",
            Self::Unavailable { .. } => "Unavailable",
            Self::Internal => "Internal",
        }
    }
}
