//! An account's directory: its rows, and what its principals bring to a decision.

pub mod built_in_uses;
pub mod builtin;
mod compiled;
pub mod credentials_csv;
pub mod desk;
pub mod duties;
pub mod ids;
pub mod last_uses;
pub mod quotas;
pub mod reports;
pub mod room;
pub mod rows;
pub mod view;

use std::sync::Arc;

use keystead_model::{
    AccessKeyId, AccountId, Call, Caller, Error, IamArn, IamKind, PolicyArn, Principal, Tags,
};
use quick_cache::sync::Cache;

use crate::records::{
    DirectoryRecord, GroupRecord, MfaRecord, PolicyRecord, ProviderRecord, RoleRecord, UserRecord,
};
use crate::vault::Vault;
use built_in_uses::{ACCOUNTS_MAX, Counted};
use compiled::Compiled;
use last_uses::LastUses;
use reports::Reports;
use room::Room;
use rows::Rows;
use view::{SESSIONS_MAX, SessionView, VIEWS_MAX, View, Whose};

pub use desk::{Desk, Planned};
pub use view::{Generations, Standing};

/// What conditions may ask of something in a directory.
pub struct Entity {
    /// Its ARN.
    pub arn: IamArn,
    /// Its labels.
    pub tags: Tags,
    /// Its permissions boundary.
    pub boundary: Option<PolicyArn>,
}

/// Accounts whose directories are changed at the same time.
const TURNS: usize = 64;

/// The directories of all accounts.
pub struct Directory {
    vault: Arc<Vault>,
    compiled: Compiled,
    generations: Arc<Generations>,
    views: Cache<Whose, Arc<View>>,
    sessions: Cache<AccessKeyId, Arc<SessionView>>,
    last_uses: LastUses,
    reports: Reports,
    room: Room,
    uses: Cache<AccountId, Arc<Counted>>,
    /// One account's directory is changed by one request after the other, so that nobody has to plan again and again
    /// because of the others. Fairness, not safety: that is the rows' expected versions.
    turns: [tokio::sync::Mutex<()>; TURNS],
}

impl Directory {
    pub fn new(vault: Arc<Vault>, generations: Arc<Generations>) -> Self {
        Self {
            vault,
            compiled: Compiled::default(),
            generations,
            views: Cache::new(VIEWS_MAX),
            sessions: Cache::new(SESSIONS_MAX),
            last_uses: LastUses::default(),
            reports: Reports::default(),
            room: Room::default(),
            uses: Cache::new(ACCOUNTS_MAX),
            turns: std::array::from_fn(|_| tokio::sync::Mutex::default()),
        }
    }

    /// Waits for one's turn to change an account's directory.
    pub async fn turn(&self, account: AccountId) -> tokio::sync::MutexGuard<'_, ()> {
        self.turns[(account.number() % TURNS as u64) as usize].lock().await
    }

    /// One's turn to change an account's directory, if nobody else has it.
    pub fn turn_now(&self, account: AccountId) -> Option<tokio::sync::MutexGuard<'_, ()>> {
        self.turns[(account.number() % TURNS as u64) as usize].try_lock().ok()
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

    /// How much room the quotas of accounts leave.
    pub fn room(&self) -> &Room {
        &self.room
    }

    /// The reports of credentials that were made last.
    pub fn reports(&self) -> &Reports {
        &self.reports
    }

    /// Notes that a session of a role asks for something.
    pub fn note_use(&self, caller: &Caller, standing: &Standing, call: &Call) {
        if let (Principal::AssumedRole { role_id, .. }, Some(stamp)) =
            (&caller.principal, standing.last_use())
        {
            self.last_uses.note_role(role_id, stamp, call);
        }
    }

    /// What conditions may ask of what goes by a name, if anything does.
    pub fn entity(&self, account: AccountId, kind: IamKind, name: &str) -> Result<Option<Entity>, Error> {
        fn told<R: DirectoryRecord>(rows: Rows<'_>, name: &str) -> Result<Option<Entity>, Error> {
            let found = rows.find::<R>(name)?.map(|found| found.record);
            Ok(found.map(|record| Entity {
                arn: record.arn(rows.account()),
                tags: record.tags().clone(),
                boundary: record.boundary().cloned(),
            }))
        }
        let rows = self.rows(account);
        match kind {
            IamKind::User => told::<UserRecord>(rows, name),
            IamKind::Group => told::<GroupRecord>(rows, name),
            IamKind::Role => told::<RoleRecord>(rows, name),
            IamKind::Policy => told::<PolicyRecord>(rows, name),
            IamKind::OidcProvider => told::<ProviderRecord>(rows, name),
            IamKind::Mfa => told::<MfaRecord>(rows, name),
        }
    }
}
