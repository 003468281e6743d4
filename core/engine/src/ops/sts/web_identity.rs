//! Roles are taken on with tokens of identity providers, by callers who sign nothing.

use std::sync::Arc;

use keystead_federation::Claims;
use keystead_model::{
    Action, Error, IdentityTokenFault, PolicyArn, Principal, ProviderArn, RoleArn, Session, SessionName, Tag,
    Tags,
};
use keystead_policy::{ConditionKey, Value, Visit, claim_values, request_tag_values};

use super::Credentials;
use crate::SecretBytes;
use crate::authority::{Found, Subject};
use crate::entry::AuditEntry;
use crate::ops::Operation;
use crate::sessions::{Bench, Labels, Span, packed_percent, role_seconds_max, session_policies};

/// Take on a role with a token of an OpenID Connect provider; answers [`WebIdentitySession`].
///
/// The role's trust policy decides, on what the token says. The provider must be one of the role's account.
pub struct AssumeRoleWithWebIdentity {
    /// Which.
    pub role: RoleArn,
    /// What the session is called.
    pub session_name: SessionName,
    /// The token: 4 to 20,000 characters.
    pub token: SecretBytes,
    /// A policy that narrows the session down: 1 to 2,048 characters.
    pub policy: Option<Box<str>>,
    /// Managed policies that narrow it down: 10 at most, of the role's account.
    pub policy_arns: Vec<PolicyArn>,
    /// How long it lasts, in seconds: 900 to what the role lets; 3,600 if absent.
    pub seconds: Option<u32>,
}

/// The session of a role that was taken on with a token.
pub struct WebIdentitySession {
    /// Its credentials.
    pub credentials: Credentials,
    /// Who speaks in it: `arn:aws:sts::<account>:assumed-role/<role>/<session>`.
    pub arn: Box<str>,
    /// The role's id, a colon, the session's name.
    pub id: Box<str>,
    /// How much of the room for policies and tags it takes, in percent; `None` if it has neither.
    pub packed_percent: Option<u8>,
    /// Who stands behind it, if the token says so.
    pub source_identity: Option<Box<str>>,
    /// The provider's ARN.
    pub provider: Box<str>,
    /// Whom the token is about: its `sub`.
    pub subject: Box<str>,
    /// For whom it was issued.
    pub audience: Box<str>,
}

/// The same request, its token verified.
pub(crate) struct Vouched {
    asked: AssumeRoleWithWebIdentity,
    provider: ProviderArn,
    claims: Claims,
    /// What conditions can ask of the token, by name.
    told: Vec<(Box<str>, Box<str>)>,
    tags: Tags,
    source_identity: Option<SessionName>,
}

impl Vouched {
    /// # Errors
    /// [`Error::IdentityToken`] if tags or a source identity in the token break a rule.
    pub(crate) fn new(
        asked: AssumeRoleWithWebIdentity,
        provider: ProviderArn,
        claims: Claims,
    ) -> Result<Self, Error> {
        let refused = |why: String| Error::IdentityToken(IdentityTokenFault::Rejected, why.into());
        let tag = |(key, value): &(Box<str>, Box<str>)| Tag { key: key.clone(), value: value.clone() };
        let tags = Tags::new(claims.tags.pairs.iter().map(tag).collect())
            .map_err(|error| refused(format!("the session tags in the token break a rule: {error}")))?;
        let source_identity = match claims.source_identity.as_deref() {
            None => None,
            Some(text) => Some(SessionName::parse(text).ok_or_else(|| {
                refused(
                    "the source identity in the token is not 2 to 64 letters, digits or _ + = , . @ -".into(),
                )
            })?),
        };
        Ok(Self { told: told(&claims), asked, provider, tags, source_identity, claims })
    }

    /// Who asks, as far as the role's trust policy knows.
    pub(crate) fn principal(&self) -> Principal {
        Principal::Federated { provider: self.provider.to_string().into() }
    }

    pub(crate) fn run(
        &self,
        bench: Bench<'_>,
        found: &Found,
        entry: &mut AuditEntry,
    ) -> Result<WebIdentitySession, Error> {
        let Self { asked, provider, claims, tags, source_identity, .. } = self;
        let role = found.role();
        let Bench { sessions, directory, world } = bench;
        let now = world.clock.now();
        let max = role_seconds_max(role.session_seconds_max, false);
        let Labels { tags, transitive } = Labels::of(tags, &claims.tags.transitive, None)?;
        let provider: Arc<str> = provider.to_string().into();
        let session = Session {
            issued: now,
            expires: Span::end_of_role(asked.seconds, now, max)?,
            opened_by: None,
            policies: session_policies(directory, role.account, asked.policy.as_deref(), &asked.policy_arns)?,
            tags,
            transitive,
            source_identity: source_identity.as_ref().map(|name| name.as_str().into()),
            provider: Some(Arc::clone(&provider)),
            mfa: None,
        };
        let (principal, arn, id) = role.principal(&asked.session_name);
        let packed_percent = packed_percent(&session);
        let credentials = sessions.open(&*world.entropy, principal, session)?;
        entry.resource = Some(format!("{} {arn} {}", asked.role, credentials.access_key).into());
        Ok(WebIdentitySession {
            credentials,
            arn,
            id,
            packed_percent,
            source_identity: source_identity.as_ref().map(|name| name.as_str().into()),
            provider: (&*provider).into(),
            subject: claims.subject.clone(),
            audience: claims.audience.clone(),
        })
    }
}

impl Operation for Vouched {
    const ACTION: Action = Action::AssumeRoleWithWebIdentity;

    fn subject(&self) -> Subject<'_> {
        let has_tags = !self.tags.is_empty();
        Subject::Role { role: &self.asked.role, has_tags, has_identity: self.source_identity.is_some() }
    }

    fn facts(&self, _: Action, name: &ConditionKey, visit: &mut Visit<'_>) {
        request_tag_values(&self.tags, name, visit);
        let claims = self.told.iter().map(|(name, value)| (&**name, &**value));
        claim_values(self.claims.issuer.provider(), claims, name, visit);
        match name {
            ConditionKey::StsRoleSessionName => visit(Value::Text(self.asked.session_name.as_str())),
            ConditionKey::StsSourceIdentity => {
                self.source_identity.iter().for_each(|identity| visit(Value::Text(identity.as_str())));
            }
            ConditionKey::StsTransitiveTagKeys => {
                self.claims.tags.transitive.iter().for_each(|key| visit(Value::Text(key)));
            }
            _ => {}
        }
    }
}

/// Claims with a meaning of their own.
const KNOWN: [&str; 6] = ["iss", "sub", "aud", "oaud", "azp", "amr"];

/// What conditions can ask of a token. They read names without regard to case, so that a claim of the issuer's users'
/// making must not pass for another one by its spelling: those that could are left out.
fn told(claims: &Claims) -> Vec<(Box<str>, Box<str>)> {
    let lower: Vec<String> = claims.others.keys().map(|name| name.to_lowercase()).collect();
    let is_alone = |name: &str| {
        let name = name.to_lowercase();
        !KNOWN.contains(&&*name) && lower.iter().filter(|other| **other == name).count() == 1
    };
    let others = claims.others.keys().map(|name| &**name).filter(|name| is_alone(name));
    let pairs = |name| claims.values(name).into_iter().map(move |value| (Box::from(name), Box::from(value)));
    KNOWN.into_iter().chain(others).flat_map(pairs).collect()
}
