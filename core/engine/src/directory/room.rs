//! How many things of a kind an account has, for its quotas, without counting them each time.

use std::collections::HashMap;

use keystead_model::{AccountId, Error, IamKind};
use parking_lot::Mutex;

use super::quotas::{per_account_max, within};
use super::rows::Rows;
use crate::records::DirectoryRecord;

/// What each account has at most, as far as it is known: counted once, and one more with everything that was to be made
/// since. What is deleted is not counted off, so that the number is never too small; when it reaches the quota, it
/// is counted anew. One entry for each account and kind that somebody has made; they stay.
#[derive(Default)]
pub struct Room(Mutex<HashMap<(AccountId, IamKind), usize>>);

impl Room {
    /// Takes room for one more.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`]. `quota`: what AWS calls it.
    pub fn take<R: DirectoryRecord>(&self, rows: Rows<'_>, quota: &str) -> Result<(), Error> {
        let (of, max) = ((rows.account(), R::KIND), per_account_max(R::KIND));
        if let Some(known) = self.0.lock().get_mut(&of)
            && *known < max
        {
            *known += 1;
            return Ok(());
        }
        // Not under the lock: others need not wait while rows are read.
        let count = rows.count::<R>()? + 1;
        within(quota, count, max)?;
        self.0.lock().insert(of, count);
        Ok(())
    }
}
