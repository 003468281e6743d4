//! The report of an account's credentials: a table of all users, in the columns that AWS has.

use std::sync::Arc;

use keystead_model::{Action, Timestamp};

use super::{IamOperation, Target};

/// Have a report made; it is there when this is answered.
pub struct GenerateCredentialReport;

/// Read the report that was made last; answers the [`CredentialReport`]. One that is older than four hours, or was made
/// before the server was started, has to be made again.
pub struct GetCredentialReport;

/// A report.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CredentialReport {
    /// The table, as comma-separated values (`text/csv`).
    pub content: Arc<[u8]>,
    /// When it was made.
    pub generated: Timestamp,
}

impl IamOperation for GenerateCredentialReport {
    const ACTION: Action = Action::GenerateCredentialReport;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Account
    }
}

impl IamOperation for GetCredentialReport {
    const ACTION: Action = Action::GetCredentialReport;
    type Answer = CredentialReport;

    fn target(&self) -> Target<'_> {
        Target::Account
    }
}
