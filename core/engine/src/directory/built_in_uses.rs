//! How often the policies that come with Keystead serve somebody in an account. They have no row that could count it, so
//! everybody is looked at: once for each state of the directory.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use keystead_model::{AccountId, Error, PolicyArn};

use super::Directory;
use crate::records::{GroupRecord, Held, RoleRecord, UserRecord};

/// Accounts whose uses are held in memory at most.
pub const ACCOUNTS_MAX: usize = 1_024;

/// For each policy that serves somebody: how often it is attached, and how often it is a boundary.
pub type Uses = HashMap<PolicyArn, (u32, u32)>;

/// The uses in an account, and the generation of the directory they were counted in.
pub struct Counted {
    generation: u64,
    uses: Arc<Uses>,
}

impl Directory {
    /// The uses in an account, as its directory is now.
    pub fn built_in_uses(&self, account: AccountId) -> Result<Arc<Uses>, Error> {
        // Read before the rows are: a change in between makes what was counted old.
        let generation = self.generations.of(account).load(Ordering::Acquire);
        if let Some(counted) = self.uses.get(&account)
            && counted.generation == generation
        {
            return Ok(Arc::clone(&counted.uses));
        }
        let uses = Arc::new(self.count(account)?);
        self.uses.insert(account, Arc::new(Counted { generation, uses: Arc::clone(&uses) }));
        Ok(uses)
    }

    fn count(&self, account: AccountId) -> Result<Uses, Error> {
        let mut uses = Uses::new();
        let mut count = |held: &Held, boundary: Option<&PolicyArn>| {
            for arn in held.attached.iter().filter(|arn| arn.arn().account.is_none()) {
                uses.entry(arn.clone()).or_default().0 += 1;
            }
            if let Some(arn) = boundary.filter(|arn| arn.arn().account.is_none()) {
                uses.entry(arn.clone()).or_default().1 += 1;
            }
            Ok(ControlFlow::Continue(()))
        };
        let rows = self.rows(account);
        rows.visit(None, |user: UserRecord| count(&user.held, user.boundary.as_ref()))?;
        rows.visit(None, |group: GroupRecord| count(&group.held, None))?;
        rows.visit(None, |role: RoleRecord| count(&role.held, role.boundary.as_ref()))?;
        Ok(uses)
    }
}
