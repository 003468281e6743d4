//! Users open sessions for themselves.

use keystead_model::{Action, Caller, Error, Principal, Session, Tags};

use super::{Credentials, SecondFactor};
use crate::authority::Subject;
use crate::entry::AuditEntry;
use crate::ops::Operation;
use crate::sessions::{Bench, SESSION_SECONDS};

/// Open a session for oneself; answers [`Credentials`]. Policy is not asked, as with AWS: the session can do what its user
/// can, and less. One that was opened with a second factor says so to conditions.
pub struct GetSessionToken {
    /// How long it lasts, in seconds: 900 to 129,600; 43,200 if absent. That of an account's root lasts 3,600 at most.
    pub seconds: Option<u32>,
    /// A second factor of the caller's.
    pub mfa: Option<SecondFactor>,
}

impl GetSessionToken {
    pub(crate) fn run(
        &self,
        bench: Bench<'_>,
        caller: &Caller,
        entry: &mut AuditEntry,
    ) -> Result<Credentials, Error> {
        let Bench { sessions, directory: _, world } = bench;
        let now = world.clock.now();
        let is_root = matches!(caller.principal, Principal::Root { .. });
        let session = Session {
            issued: now,
            expires: SESSION_SECONDS.end(self.seconds, now, is_root)?,
            opened_by: None,
            policies: Box::default(),
            tags: Tags::default(),
            transitive: Box::default(),
            source_identity: None,
            provider: None,
            mfa: self.mfa.as_ref().map(|_| now),
        };
        let credentials = sessions.open(&*world.entropy, caller.principal.clone(), session)?;
        entry.resource = Some(format!("access key {}", credentials.access_key).into());
        Ok(credentials)
    }
}

impl Operation for GetSessionToken {
    const ACTION: Action = Action::GetSessionToken;

    fn second_factor(&self) -> Option<&SecondFactor> {
        self.mfa.as_ref()
    }

    fn subject(&self) -> Subject<'_> {
        Subject::Nothing
    }
}
