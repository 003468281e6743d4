//! What an operation on a directory is worked out with: the rows of the caller's own account, and who asks.

use keystead_model::world::World;
use keystead_model::{
    AccessKeyId, AccountId, Call, Caller, Error, IamKind, PolicyArn, Principal, Timestamp, UserName,
};
use keystead_policy::Kind;

use super::builtin::BuiltIn;
use super::duties::are_apart;
use super::ids::unique_id;
use super::rows::{Rows, Stored, missing};
use super::{Directory, LastUses};
use crate::keys::{internal, unreadable};
use crate::records::{AccessKeyRecord, AccountSettingsRecord, PolicyRecord, Row, UserRecord};
use crate::vault::Change;

/// Which rows a request writes, and what it is answered.
pub type Planned<T> = (Vec<Change>, T);

/// What an operation on a directory is worked out with. Nothing of it reaches another account.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    /// The directories.
    pub directory: &'a Directory,
    /// The rows of the caller's account.
    pub rows: Rows<'a>,
    /// Who asks.
    pub caller: &'a Caller,
    /// How it was asked.
    pub call: &'a Call,
    /// Clock and entropy.
    pub world: &'a World,
}

/// Rows of one read.
const READ_ROWS: usize = 256;

impl Desk<'_> {
    /// The account whose directory it is.
    pub fn account(&self) -> AccountId {
        self.rows.account()
    }

    /// What time it is.
    pub fn now(&self) -> Timestamp {
        self.world.clock.now()
    }

    /// When access keys and roles were last used.
    pub fn last_uses(&self) -> &LastUses {
        self.directory.last_uses()
    }

    /// A new unique id.
    pub fn new_id(&self, kind: IamKind) -> Box<str> {
        unique_id(kind, &*self.world.entropy)
    }

    /// The user of this name; without one, whoever asks.
    ///
    /// # Errors
    /// [`Error::NoSuchEntity`]; [`Error::Invalid`] without a name if it is no user who asks.
    pub fn user_or_caller(&self, name: Option<&UserName>) -> Result<Stored<UserRecord>, Error> {
        match (name, &self.caller.principal) {
            (Some(name), _) => self.rows.named(name.as_str()),
            (None, Principal::User { name, id, .. }) => {
                let name = name.rsplit('/').next().unwrap_or(name);
                let found = self.rows.named::<UserRecord>(name)?;
                // Somebody else may have the name by now.
                match *found.record.head.id == **id {
                    true => Ok(found),
                    false => Err(missing(IamKind::User, name)),
                }
            }
            (None, Principal::Root { .. }) => Err(Error::Unsupported(
                "the MFA devices of an account's root are not kept in its directory; name a user".into(),
            )),
            (None, _) => Err(Error::Invalid("whoever is no user has to name the user".into())),
        }
    }

    /// An access key of this account, with the version of its row.
    pub fn access_key(&self, id: &AccessKeyId) -> Result<Option<(u64, AccessKeyRecord)>, Error> {
        let found = self.directory.access_key(id)?;
        Ok(found.filter(|(_, record)| record.principal.account() == Some(self.account())))
    }

    /// The access keys of the account's root, oldest first. Nothing lists them, so all access keys there are are looked at:
    /// for what is asked rarely.
    pub fn root_keys(&self) -> Result<Vec<(AccessKeyId, AccessKeyRecord)>, Error> {
        let mut found = Vec::new();
        let mut after = None;
        loop {
            let rows =
                self.rows.vault().scan(Row::ACCESS_KEYS, after.as_ref(), READ_ROWS).map_err(internal)?;
            let is_last = rows.len() < READ_ROWS;
            for (row, plain) in rows {
                let record = AccessKeyRecord::read(plain.bytes.expose()).map_err(unreadable)?;
                let is_own = record.principal == Principal::Root { account: self.account() };
                found.extend(Row::read_access_key(&row).filter(|_| is_own).map(|id| (id, record)));
                after = Some(row);
            }
            if is_last {
                found.sort_by_key(|(_, record)| record.created);
                return Ok(found);
            }
        }
    }

    /// What the account has laid down, with the version of its row if it has one.
    pub fn settings(&self) -> Result<(Option<u64>, AccountSettingsRecord), Error> {
        self.directory.settings(self.account())
    }

    /// The change that writes what the account lays down. `version`: that of the row it has.
    pub fn put_settings(&self, version: Option<u64>, settings: &AccountSettingsRecord) -> Change {
        let id = Row::AccountSettings(self.account()).id();
        match version {
            None => Change::make(id, settings.write()),
            Some(version) => Change::replace(id, version, settings.write()),
        }
    }

    /// Refuses a document that gives whoever holds it both duties, if the account keeps them apart.
    ///
    /// # Errors
    /// [`Error::MalformedPolicy`]
    pub fn keeps_duties_apart(&self, document: &str) -> Result<(), Error> {
        match self.settings()?.1.refuse_joint_duties {
            true => are_apart(&*self.directory.compiled(document, Kind::Identity)?),
            false => Ok(()),
        }
    }

    /// The same for the version in force of a managed policy, which may be older than the account's rule or come with
    /// Keystead.
    pub fn attaches_duties_apart(&self, policy: &PolicyArn) -> Result<(), Error> {
        match self.settings()?.1.refuse_joint_duties {
            true => {
                self.directory.managed(self.rows, policy)?.map_or(Ok(()), |named| are_apart(&named.policy))
            }
            false => Ok(()),
        }
    }

    /// Lets `edit` count a use of a managed policy, or the end of one; nothing is counted of those that come with
    /// Keystead.
    ///
    /// # Errors
    /// [`Error::NoSuchEntity`] if there is no such policy.
    pub fn recount(
        &self,
        policy: &PolicyArn,
        edit: impl FnOnce(&mut PolicyRecord),
    ) -> Result<Option<Change>, Error> {
        let arn = policy.arn();
        if BuiltIn::find(arn).is_some() {
            return Ok(None);
        }
        let mut found = self.rows.of_arn::<PolicyRecord>(arn)?;
        edit(&mut found.record);
        Ok(Some(self.rows.replace(&found)))
    }
}

impl Directory {
    /// An access key, with the version of its row.
    pub fn access_key(&self, id: &AccessKeyId) -> Result<Option<(u64, AccessKeyRecord)>, Error> {
        let Some(plain) = self.vault.get(&Row::AccessKey(id).id()).map_err(internal)? else {
            return Ok(None);
        };
        Ok(Some((plain.version, AccessKeyRecord::read(plain.bytes.expose()).map_err(unreadable)?)))
    }

    /// What an account has laid down, with the version of its row if it has one.
    pub fn settings(&self, account: AccountId) -> Result<(Option<u64>, AccountSettingsRecord), Error> {
        match self.vault.get(&Row::AccountSettings(account).id()).map_err(internal)? {
            None => Ok((None, AccountSettingsRecord::default())),
            Some(plain) => {
                let record = AccountSettingsRecord::read(plain.bytes.expose()).map_err(unreadable)?;
                Ok((Some(plain.version), record))
            }
        }
    }
}
