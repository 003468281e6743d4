//! An account's directory: its rows, and what its principals bring to a decision.

pub mod builtin;
pub mod credentials_csv;
pub mod desk;
pub mod ids;
pub mod last_uses;
pub mod quotas;
pub mod rows;

use std::sync::Arc;

use keystead_model::{AccountId, Error, IamArn, IamKind, Tags};

use crate::records::{
    DirectoryRecord, GroupRecord, MfaRecord, PolicyRecord, ProviderRecord, RoleRecord, UserRecord,
};
use crate::vault::Vault;
use last_uses::LastUses;
use rows::Rows;

pub use desk::{Desk, Planned};

/// Accounts whose directories are changed at the same time.
const TURNS: usize = 64;

/// The directories of all accounts.
pub struct Directory {
    vault: Arc<Vault>,
    last_uses: LastUses,
    /// One account's directory is changed by one request after the other, so that nobody has to plan again and again
    /// because of the others. Fairness, not safety: that is the rows' expected versions.
    turns: [tokio::sync::Mutex<()>; TURNS],
}

impl Directory {
    pub fn new(vault: Arc<Vault>) -> Self {
        let turns = std::array::from_fn(|_| tokio::sync::Mutex::default());
        Self { vault, last_uses: LastUses::default(), turns }
    }

    /// Waits for one's turn to change an account's directory.
    pub async fn turn(&self, account: AccountId) -> tokio::sync::MutexGuard<'_, ()> {
        self.turns[(account.number() % TURNS as u64) as usize].lock().await
    }

    /// The rows of one account.
    pub fn rows(&self, account: AccountId) -> Rows<'_> {
        Rows::new(&self.vault, account)
    }

    /// The sealed store.
    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    /// When access keys and roles were last used.
    pub fn last_uses(&self) -> &LastUses {
        &self.last_uses
    }

    /// The ARN and the labels of what goes by a name, if anything does.
    pub fn labels(
        &self,
        account: AccountId,
        kind: IamKind,
        name: &str,
    ) -> Result<Option<(IamArn, Tags)>, Error> {
        fn told<R: DirectoryRecord>(
            rows: Rows<'_>,
            account: AccountId,
            name: &str,
        ) -> Result<Option<(IamArn, Tags)>, Error> {
            let found = rows.find::<R>(name)?;
            Ok(found.map(|found| (found.record.arn(account), found.record.tags().clone())))
        }
        let rows = self.rows(account);
        match kind {
            IamKind::User => told::<UserRecord>(rows, account, name),
            IamKind::Group => told::<GroupRecord>(rows, account, name),
            IamKind::Role => told::<RoleRecord>(rows, account, name),
            IamKind::Policy => told::<PolicyRecord>(rows, account, name),
            IamKind::OidcProvider => told::<ProviderRecord>(rows, account, name),
            IamKind::Mfa => told::<MfaRecord>(rows, account, name),
        }
    }
}
