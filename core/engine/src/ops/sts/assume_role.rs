//! Roles are taken on.

use keystead_model::{Action, Caller, Error, PolicyArn, Principal, RoleArn, Session, SessionName, Tags};
use keystead_policy::{ConditionKey, Value, Visit, request_tag_values};

use super::{Credentials, SecondFactor};
use crate::authority::{Found, Subject};
use crate::entry::AuditEntry;
use crate::ops::Operation;
use crate::sessions::{Bench, Labels, Span, packed_percent, role_seconds_max, session_policies};

/// Take on a role; answers [`RoleSession`].
///
/// The role's trust policy decides, together with the caller's own policies where it names an account. Tags and a source
/// identity take permissions of their own (`sts:TagSession`, `sts:SetSourceIdentity`), also those that the caller's
/// session hands on.
pub struct AssumeRole {
    /// Which.
    pub role: RoleArn,
    /// What the session is called.
    pub session_name: SessionName,
    /// A policy that narrows the session down: 1 to 2,048 characters.
    pub policy: Option<Box<str>>,
    /// Managed policies that narrow it down: 10 at most, of the role's account. One must allow what the session may do.
    pub policy_arns: Vec<PolicyArn>,
    /// How long it lasts, in seconds: 900 to what the role lets, and 3,600 if the caller has taken on a role itself; 3,600 if
    /// absent.
    pub seconds: Option<u32>,
    /// Its tags: 50 at most, those that it is handed included.
    pub tags: Tags,
    /// The keys of those that it hands on.
    pub transitive: Vec<Box<str>>,
    /// What the trust policy may ask for, so that a third party is not made to act for another.
    pub external_id: Option<Box<str>>,
    /// A second factor of the caller's, if the trust policy asks for one.
    pub mfa: Option<SecondFactor>,
    /// Who stands behind the session. Every session that is opened from it keeps it.
    pub source_identity: Option<SessionName>,
}

/// The session of a role.
pub struct RoleSession {
    /// Its credentials.
    pub credentials: Credentials,
    /// Who speaks in it: `arn:aws:sts::<account>:assumed-role/<role>/<session>`.
    pub arn: Box<str>,
    /// The role's id, a colon, the session's name.
    pub id: Box<str>,
    /// How much of the room for policies and tags it takes, in percent; `None` if it has neither.
    pub packed_percent: Option<u8>,
    /// Who stands behind it.
    pub source_identity: Option<Box<str>>,
}

impl AssumeRole {
    pub(crate) fn run(
        &self,
        bench: Bench<'_>,
        caller: &Caller,
        found: &Found,
        entry: &mut AuditEntry,
    ) -> Result<RoleSession, Error> {
        let role = found.role();
        let from = caller.session.as_deref();
        let is_chained = matches!(caller.principal, Principal::AssumedRole { .. });
        let Bench { sessions, directory, world } = bench;
        let now = world.clock.now();
        let expires =
            Span::end_of_role(self.seconds, now, role_seconds_max(role.session_seconds_max, is_chained))?;
        let Labels { tags, transitive } = Labels::of(&self.tags, &self.transitive, from)?;
        let session = Session {
            issued: now,
            expires,
            opened_by: None,
            policies: session_policies(directory, role.account, self.policy.as_deref(), &self.policy_arns)?,
            tags,
            transitive,
            source_identity: self.identity_behind(from)?,
            provider: None,
            mfa: None,
        };
        let (principal, arn, id) = role.principal(&self.session_name);
        let packed_percent = packed_percent(&session);
        let source_identity = session.source_identity.as_deref().map(Box::from);
        let credentials = sessions.open(&*world.entropy, principal, session)?;
        entry.resource = Some(format!("{} {arn} {}", self.role, credentials.access_key).into());
        Ok(RoleSession { credentials, arn, id, packed_percent, source_identity })
    }

    /// Once set, it stays through the whole chain.
    fn identity_behind(&self, from: Option<&Session>) -> Result<Option<std::sync::Arc<str>>, Error> {
        let kept = from.and_then(|session| session.source_identity.clone());
        match (kept, &self.source_identity) {
            (Some(kept), Some(asked)) if *kept != *asked.as_str() => Err(Error::InvalidParameter(
                "The source identity of the calling session cannot be changed; leave it out.".into(),
            )),
            (Some(kept), _) => Ok(Some(kept)),
            (None, asked) => Ok(asked.as_ref().map(|name| name.as_str().into())),
        }
    }
}

impl Operation for AssumeRole {
    const ACTION: Action = Action::AssumeRole;

    fn second_factor(&self) -> Option<&SecondFactor> {
        self.mfa.as_ref()
    }

    fn subject(&self) -> Subject<'_> {
        let (has_tags, has_identity) = (!self.tags.is_empty(), self.source_identity.is_some());
        Subject::Role { role: &self.role, has_tags, has_identity }
    }

    fn facts(&self, _: Action, name: &ConditionKey, visit: &mut Visit<'_>) {
        request_tag_values(&self.tags, name, visit);
        let mut tell = |text: Option<&str>| text.into_iter().for_each(|text| visit(Value::Text(text)));
        match name {
            ConditionKey::StsExternalId => tell(self.external_id.as_deref()),
            ConditionKey::StsRoleSessionName => tell(Some(self.session_name.as_str())),
            ConditionKey::StsSourceIdentity => tell(self.source_identity.as_ref().map(SessionName::as_str)),
            ConditionKey::StsTransitiveTagKeys => self.transitive.iter().for_each(|key| tell(Some(key))),
            // Shown just now, and good: else the request would not have come this far.
            ConditionKey::AwsMultiFactorAuthPresent if self.mfa.is_some() => visit(Value::Flag(true)),
            ConditionKey::AwsMultiFactorAuthAge if self.mfa.is_some() => visit(Value::Number(0)),
            _ => {}
        }
    }
}
