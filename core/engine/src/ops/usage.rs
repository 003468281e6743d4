//! When a key was last used.

use keystead_model::{Action, Error, KeyArn, KeyRef, Timestamp};

use super::Operation;
use crate::authority::{Found, Subject};
use crate::keys::Keys;
use crate::usage::{Usages, Use};

/// Read when a key was last used; answers [`KeyUsed`].
pub struct GetKeyLastUsage {
    /// Which key: id or key ARN.
    pub key: KeyRef,
}

/// What [`GetKeyLastUsage`] answers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyUsed {
    /// Which key.
    pub key: KeyArn,
    /// When it was made.
    pub created: Timestamp,
    /// Since when its uses have been kept track of.
    pub tracked_since: Timestamp,
    /// Its last use that succeeded; absent if there was none since then.
    pub last: Option<Use>,
}

impl GetKeyLastUsage {
    pub(crate) fn run(&self, keys: &Keys, usages: &Usages, found: &Found) -> Result<KeyUsed, Error> {
        let key = found.key().arn.clone();
        let (_, record) = keys.record(&key)?.ok_or_else(|| Error::KeyNotFound(key.to_string().into()))?;
        Ok(KeyUsed {
            last: usages.last(keys.vault(), &key)?,
            tracked_since: usages.since().max(record.created),
            created: record.created,
            key,
        })
    }
}

impl Operation for GetKeyLastUsage {
    const ACTION: Action = Action::GetKeyLastUsage;

    fn subject(&self) -> Subject<'_> {
        Subject::KeyByIdOnly(&self.key)
    }
}
