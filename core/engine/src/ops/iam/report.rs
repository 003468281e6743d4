//! The report of an account's credentials: a table of all users, in the columns that AWS has.

use std::ops::ControlFlow;
use std::sync::Arc;

use keystead_model::{AccessKeyId, Action, Error, Principal, Timestamp};

use super::listing::answered;
use super::users::root_created;
use super::{IamOperation, Target};
use crate::directory::credentials_csv::{KeyColumns, Row, Table};
use crate::directory::{Desk, Planned};
use crate::records::{AccessKeyRecord, DirectoryRecord, UserRecord};

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

impl GenerateCredentialReport {
    fn table(desk: &Desk<'_>) -> Result<Vec<u8>, Error> {
        let mut table = Table::new();
        let account = desk.account();
        table.add(&Row {
            user: None,
            arn: &Principal::Root { account }.to_string(),
            created: root_created(desk, account)?,
            mfa: false,
            keys: &columns(desk, desk.root_keys()?)?,
        });
        desk.rows.visit(None, |user: UserRecord| {
            let mut keys = Vec::with_capacity(user.access_keys.len());
            for id in &user.access_keys {
                // One that is being deleted is passed over.
                keys.extend(desk.access_key(id)?.map(|(_, record)| (id.clone(), record)));
            }
            table.add(&Row {
                user: Some(user.name()),
                arn: &user.arn(account).to_string(),
                created: user.created(),
                mfa: !user.mfa.is_empty(),
                keys: &columns(desk, keys)?,
            });
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(table.finish())
    }
}

fn columns(desk: &Desk<'_>, keys: Vec<(AccessKeyId, AccessKeyRecord)>) -> Result<Vec<KeyColumns>, Error> {
    let column = |(id, record): (AccessKeyId, AccessKeyRecord)| {
        let last = desk.last_uses().of_access_key(desk.rows.vault(), &id)?;
        Ok(KeyColumns {
            active: record.active,
            rotated: record.created,
            last_used: last.map(|last| (last.at, last.location.as_str().into(), last.service)),
        })
    };
    keys.into_iter().map(column).collect()
}

impl IamOperation for GenerateCredentialReport {
    const ACTION: Action = Action::GenerateCredentialReport;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Account
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<()>, Error> {
        let report = CredentialReport { content: Self::table(desk)?.into(), generated: desk.now() };
        desk.directory.reports().keep(desk.account(), report);
        Ok(answered(()))
    }
}

impl IamOperation for GetCredentialReport {
    const ACTION: Action = Action::GetCredentialReport;
    type Answer = CredentialReport;

    fn target(&self) -> Target<'_> {
        Target::Account
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<CredentialReport>, Error> {
        desk.directory.reports().of(desk.account(), desk.now()).map(answered)
    }
}
