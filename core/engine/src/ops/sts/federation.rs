//! Users open sessions for others, who are no users.

use keystead_model::{Action, Caller, Error, PolicyArn, Principal, Session, SessionName, Tags};
use keystead_policy::{ConditionKey, Visit, request_tag_values};

use super::Credentials;
use crate::authority::Subject;
use crate::entry::AuditEntry;
use crate::ops::Operation;
use crate::sessions::{Bench, FEDERATION_SECONDS, Labels, packed_percent, session_policies};

/// Open a session for somebody who is no user; answers [`FederatedSession`]. It can do what both its own policies and those
/// of the caller allow; without policies of its own only what a resource's policy gives it by name.
pub struct GetFederationToken {
    /// What whoever it is for is called: 2 to 32 bytes.
    pub name: SessionName,
    /// A policy of the session's: 1 to 2,048 characters.
    pub policy: Option<Box<str>>,
    /// Managed policies of the session's: 10 at most, of the caller's account.
    pub policy_arns: Vec<PolicyArn>,
    /// How long it lasts, in seconds: 900 to 129,600; 43,200 if absent. What an account's root opens lasts 3,600 at most.
    pub seconds: Option<u32>,
    /// Its tags: 50 at most.
    pub tags: Tags,
}

/// The session of somebody who is no user.
pub struct FederatedSession {
    /// Its credentials.
    pub credentials: Credentials,
    /// Who speaks in it: `arn:aws:sts::<account>:federated-user/<name>`.
    pub arn: Box<str>,
    /// The account, a colon, the name.
    pub id: Box<str>,
    /// How much of the room for policies and tags it takes, in percent; `None` if it has neither.
    pub packed_percent: Option<u8>,
}

impl GetFederationToken {
    pub(crate) fn run(
        &self,
        bench: Bench<'_>,
        caller: &Caller,
        entry: &mut AuditEntry,
    ) -> Result<FederatedSession, Error> {
        let account = crate::accounts::of(caller)?;
        let Bench { sessions, directory, world } = bench;
        let now = world.clock.now();
        let is_root = matches!(caller.principal, Principal::Root { .. });
        let Labels { tags, transitive } = Labels::of(&self.tags, &[], None)?;
        let session = Session {
            issued: now,
            expires: FEDERATION_SECONDS.end(self.seconds, now, is_root)?,
            opened_by: Some(caller.principal.clone()),
            policies: session_policies(directory, account, self.policy.as_deref(), &self.policy_arns)?,
            tags,
            transitive,
            source_identity: None,
            provider: None,
            mfa: None,
        };
        let packed_percent = packed_percent(&session);
        let principal = Principal::FederatedUser { account, name: self.name.as_str().into() };
        let (arn, id) = (principal.to_string(), format!("{account}:{}", self.name));
        let credentials = sessions.open(&*world.entropy, principal, session)?;
        entry.resource = Some(format!("{arn} {}", credentials.access_key).into());
        Ok(FederatedSession { credentials, arn: arn.into(), id: id.into(), packed_percent })
    }
}

impl Operation for GetFederationToken {
    const ACTION: Action = Action::GetFederationToken;

    fn subject(&self) -> Subject<'_> {
        Subject::FederatedUser { name: &self.name, tagged: !self.tags.is_empty() }
    }

    fn facts(&self, _: Action, name: &ConditionKey, visit: &mut Visit<'_>) {
        request_tag_values(&self.tags, name, visit);
    }
}
