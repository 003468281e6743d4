//! Roles, as those who take them on need them.

use std::sync::Arc;

use keystead_model::{AccountId, Error, IamKind, RoleArn, Tags};
use keystead_policy::{Kind, Policy};

use crate::keys::{internal, unreadable};
use crate::records::{DirectoryRecord, RoleRecord, Row};
use crate::vault::Vault;

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
    pub fn find(vault: &Vault, arn: &RoleArn) -> Result<Option<Self>, Error> {
        let Some(account) = arn.arn().account else { return Ok(None) };
        let row = Row::Directory(account, IamKind::Role, arn.arn().short_name()).id();
        let Some(plain) = vault.get(&row).map_err(internal)? else { return Ok(None) };
        let record = RoleRecord::read(plain.bytes.expose()).map_err(unreadable)?;
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
}
