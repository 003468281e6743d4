//! Accounts, and the access keys of their roots.

use std::sync::Arc;

use keystead_audit::Log;
use keystead_crypto::SecretBytes;
use keystead_model::world::World;
use keystead_model::{AccessKeyId, AccountId, Action, Call, Caller, Error};

use crate::authority::Found;
use crate::entry::{AuditEntry, Who};
use crate::identity::{new_access_key_id, new_secret, root_of};
use crate::keys::{internal, unreadable};
use crate::permit::Permit;
use crate::records::{AccessKeyRecord, AccountRecord, Row};
use crate::vault::{Change, Vault};

/// An access key that was just made. The secret is shown once and kept only sealed.
pub struct NewAccessKey {
    /// Its id: 20 characters that begin with `AKIA`.
    pub id: AccessKeyId,
    /// Its secret: 40 letters and digits.
    pub secret: SecretBytes,
}

/// The account of a caller.
pub fn of(caller: &Caller) -> Result<AccountId, Error> {
    caller
        .principal
        .account()
        .ok_or_else(|| Error::Invalid("a principal without an account has no keys to list".into()))
}

/// Whether an account is there.
pub fn is_there(vault: &Vault, account: AccountId) -> Result<bool, Error> {
    let row = vault.get(&Row::Account(account).id()).map_err(internal)?;
    row.map(|row| AccountRecord::read(row.bytes.expose()).map_err(unreadable))
        .transpose()
        .map(|found| found.is_some())
}

/// Makes an account and the access key of its root.
pub async fn create(
    vault: &Vault,
    log: &Arc<Log>,
    world: &World,
    call: &Call,
    account: AccountId,
) -> Result<NewAccessKey, Error> {
    permit(log, call, account)
        .change(vault, |_, _, _| {
            if is_there(vault, account)? {
                return Err(Error::Conflict(format!("the account {account} is there already").into()));
            }
            let record = AccountRecord { created: world.clock.now() };
            let (key, change) = new_key(world, account);
            Ok((vec![Change::make(Row::Account(account).id(), record.write()), change], key))
        })
        .await
}

/// Makes an account whose root has no access key.
pub async fn create_without_key(
    vault: &Vault,
    log: &Arc<Log>,
    world: &World,
    call: &Call,
    account: AccountId,
) -> Result<(), Error> {
    permit(log, call, account)
        .change(vault, |_, _, _| {
            if is_there(vault, account)? {
                return Err(Error::Conflict(format!("the account {account} is there already").into()));
            }
            let record = AccountRecord { created: world.clock.now() };
            Ok((vec![Change::make(Row::Account(account).id(), record.write())], ()))
        })
        .await
}

/// Makes one more access key for the root of an account.
pub async fn create_root_access_key(
    vault: &Vault,
    log: &Arc<Log>,
    world: &World,
    call: &Call,
    account: AccountId,
) -> Result<NewAccessKey, Error> {
    permit(log, call, account)
        .change(vault, |_, _, _| {
            if !is_there(vault, account)? {
                return Err(Error::Invalid(format!("there is no account {account}").into()));
            }
            let (key, change) = new_key(world, account);
            Ok((vec![change], key))
        })
        .await
}

/// Accounts are made by whoever runs the program, not over a protocol, so no policy is asked.
fn permit(log: &Arc<Log>, call: &Call, account: AccountId) -> Permit<()> {
    let operator = Arc::new(Caller::new(keystead_model::Principal::Keystead, None));
    let mut entry = AuditEntry::open(log, call, Who::Known(operator), Action::CreateAccount);
    entry.resource = Some(root_of(account).to_string().into());
    Permit { op: (), found: Found::default(), entry }
}

fn new_key(world: &World, account: AccountId) -> (NewAccessKey, Change) {
    let (id, secret) = (new_access_key_id(&*world.entropy), new_secret(&*world.entropy));
    let record = AccessKeyRecord {
        principal: root_of(account),
        secret: SecretBytes::copy_from(secret.expose()),
        created: world.clock.now(),
        active: true,
    };
    let change = Change::make(Row::AccessKey(&id).id(), record.write());
    (NewAccessKey { id, secret }, change)
}
