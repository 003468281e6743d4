//! Roles, as those who take them on need them.

use std::sync::Arc;

use keystead_model::{AccountId, Error, Principal, RoleArn, SessionName, Tags};
use keystead_policy::{Kind, Policy};

use crate::directory::Directory;
use crate::records::{DirectoryRecord, RoleRecord};

/// A role that may be taken on.
pub struct TakenOn {
    /// Whose it is.
    pub account: AccountId,
    /// Its name, with its path if it has one, without a leading slash.
    pub name: Arc<str>,
    /// Its unique id.
    pub id: Arc<str>,
    /// How long its sessions may last, in seconds.
    pub session_seconds_max: u32,
    /// Who may take it on.
    pub trust: Policy,
    /// Its labels.
    pub tags: Tags,
}

impl TakenOn {
    /// The role of this very ARN, path included; `None` if there is none.
    ///
    /// # Errors
    /// The store cannot be read. A trust policy that does not read is [`Error::Internal`]: nobody gets in by it.
    pub fn find(directory: &Directory, arn: &RoleArn) -> Result<Option<Self>, Error> {
        let Some(account) = arn.arn().account else { return Ok(None) };
        let found = directory.rows(account).find::<RoleRecord>(arn.arn().short_name())?;
        let Some(record) = found.map(|stored| stored.record) else { return Ok(None) };
        if record.arn(account) != *arn.arn() {
            return Ok(None);
        }
        let trust = Policy::parse(&record.trust, Kind::Trust).map_err(|error| {
            tracing::error!(%error, role = %arn, "a stored trust policy does not read");
            Error::Internal
        })?;
        Ok(Some(Self {
            account,
            name: (&*arn.arn().name).into(),
            id: (&*record.head.id).into(),
            session_seconds_max: record.session_seconds_max,
            trust,
            tags: record.tags,
        }))
    }

    /// Who speaks in a session of it, that one's ARN, and its id.
    pub fn principal(&self, session: &SessionName) -> (Principal, Box<str>, Box<str>) {
        let principal = Principal::AssumedRole {
            account: self.account,
            role: Arc::clone(&self.name),
            role_id: Arc::clone(&self.id),
            session: session.as_str().into(),
        };
        let (arn, id) = (principal.to_string().into(), format!("{}:{session}", self.id).into());
        (principal, arn, id)
    }
}
