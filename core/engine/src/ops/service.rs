//! Questions about the server itself.

use keystead_model::Action;

use super::Operation;
use crate::authority::Subject;

/// Ask who one is. Policy is not asked: whoever proves to be someone may know who they are.
pub struct GetCallerIdentity;

/// Read the audit log of the caller's account.
pub struct ReadAudit;

/// Read the server's own state.
pub struct ReadStatus;

/// Move the clock of a server for development.
pub struct MoveClock {
    /// How, for the record.
    pub how: Box<str>,
}

impl Operation for MoveClock {
    const ACTION: Action = Action::MoveClock;

    fn subject(&self) -> Subject<'_> {
        Subject::Account
    }
}

impl Operation for GetCallerIdentity {
    const ACTION: Action = Action::GetCallerIdentity;

    fn subject(&self) -> Subject<'_> {
        Subject::Nothing
    }
}

impl Operation for ReadAudit {
    const ACTION: Action = Action::ReadAudit;

    fn subject(&self) -> Subject<'_> {
        Subject::Account
    }
}

impl Operation for ReadStatus {
    const ACTION: Action = Action::ReadStatus;

    fn subject(&self) -> Subject<'_> {
        Subject::Account
    }
}
