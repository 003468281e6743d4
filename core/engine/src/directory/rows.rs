//! The rows of one account's directory, as records.

use std::ops::ControlFlow;

use keystead_model::{AccountId, Error, IamArn, IamKind, is_iam_name};
use keystead_store::RecordId;

use crate::keys::{internal, unreadable};
use crate::records::{DirectoryRecord, Row};
use crate::vault::{Change, Vault};

/// Rows of one read.
const READ_ROWS: usize = 256;

/// The rows of one account's directory.
#[derive(Clone, Copy)]
pub struct Rows<'a> {
    vault: &'a Vault,
    account: AccountId,
}

/// A record, and the version of its row.
pub struct Stored<R> {
    pub version: u64,
    pub record: R,
}

impl<'a> Rows<'a> {
    pub fn new(vault: &'a Vault, account: AccountId) -> Self {
        Self { vault, account }
    }

    pub fn vault(&self) -> &'a Vault {
        self.vault
    }

    pub fn account(&self) -> AccountId {
        self.account
    }

    /// What has this name, in whatever case.
    pub fn find<R: DirectoryRecord>(&self, name: &str) -> Result<Option<Stored<R>>, Error> {
        let plain = self.vault.get(&self.id::<R>(name)).map_err(internal)?;
        let read = |plain: crate::vault::Plain| {
            Ok(Stored { version: plain.version, record: read(plain.bytes.expose())? })
        };
        plain.map(read).transpose()
    }

    /// What has this name.
    ///
    /// # Errors
    /// [`Error::NoSuchEntity`]
    pub fn named<R: DirectoryRecord>(&self, name: &str) -> Result<Stored<R>, Error> {
        self.find(name)?.ok_or_else(|| missing(R::KIND, name))
    }

    /// What an ARN names: of this account, path and case of the letters included.
    ///
    /// # Errors
    /// [`Error::NoSuchEntity`]
    pub fn of_arn<R: DirectoryRecord>(&self, arn: &IamArn) -> Result<Stored<R>, Error> {
        let is_own = arn.account == Some(self.account) && arn.kind == R::KIND;
        let found = if is_own { self.find::<R>(arn.short_name())? } else { None };
        found
            .filter(|stored| stored.record.arn(self.account) == *arn)
            .ok_or_else(|| Error::NoSuchEntity(format!("{arn} does not exist").into()))
    }

    /// Refuses a name that is taken.
    ///
    /// # Errors
    /// [`Error::EntityExists`]
    pub fn is_free<R: DirectoryRecord>(&self, name: &str) -> Result<(), Error> {
        match self.find::<R>(name)? {
            None => Ok(()),
            Some(_) => Err(taken(R::KIND, name)),
        }
    }

    /// Everything of one kind that comes after a name, ascending by the names in lower case, until `visit` has enough.
    pub fn visit<R: DirectoryRecord>(
        &self,
        after: Option<&str>,
        mut visit: impl FnMut(R) -> Result<ControlFlow<()>, Error>,
    ) -> Result<(), Error> {
        let prefix = Row::directory_of(self.account, R::KIND);
        let mut after = after.map(|name| self.id::<R>(name));
        loop {
            let rows = self.vault.scan(&prefix, after.as_ref(), READ_ROWS).map_err(internal)?;
            let is_last = rows.len() < READ_ROWS;
            for (id, plain) in rows {
                if visit(read(plain.bytes.expose())?)?.is_break() {
                    return Ok(());
                }
                after = Some(id);
            }
            if is_last {
                return Ok(());
            }
        }
    }

    /// How many there are of one kind.
    pub fn count<R: DirectoryRecord>(&self) -> Result<usize, Error> {
        let mut count = 0;
        self.visit(None, |_: R| {
            count += 1;
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(count)
    }

    /// The change that makes it.
    pub fn make<R: DirectoryRecord>(&self, record: &R) -> Change {
        Change::make(self.id::<R>(record.name()), record.write())
    }

    /// The change that puts it in the place of what it was.
    pub fn replace<R: DirectoryRecord>(&self, stored: &Stored<R>) -> Change {
        Change::replace(self.id::<R>(stored.record.name()), stored.version, stored.record.write())
    }

    /// The change that deletes it.
    pub fn delete<R: DirectoryRecord>(&self, stored: &Stored<R>) -> Change {
        Change::delete(self.id::<R>(stored.record.name()), stored.version)
    }

    /// The changes that put it in the place of what had this name; one if the name is the same but for the case of its
    /// letters.
    pub fn moved<R: DirectoryRecord>(&self, name: &str, stored: &Stored<R>) -> Vec<Change> {
        let (before, after) = (self.id::<R>(name), self.id::<R>(stored.record.name()));
        match before == after {
            true => vec![self.replace(stored)],
            false => vec![Change::delete(before, stored.version), Change::make(after, stored.record.write())],
        }
    }

    fn id<R: DirectoryRecord>(&self, name: &str) -> RecordId {
        Row::Directory(self.account, R::KIND, name).id()
    }
}

/// Whether two names are of the same thing.
pub fn is_same_name(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// Refuses a page marker that is no name of this kind.
pub fn marker(kind: IamKind, marker: Option<&str>) -> Result<Option<&str>, Error> {
    match marker {
        Some(name) if !is_iam_name(kind, name) => Err(Error::InvalidMarker),
        marker => Ok(marker),
    }
}

/// Nothing has this name.
pub fn missing(kind: IamKind, name: &str) -> Error {
    Error::NoSuchEntity(format!("the {} {name} does not exist", noun(kind)).into())
}

/// Something has this name already.
fn taken(kind: IamKind, name: &str) -> Error {
    let what = noun(kind);
    Error::EntityExists(
        format!("a {what} of the name {name} exists already; names count without regard to case").into(),
    )
}

fn noun(kind: IamKind) -> &'static str {
    match kind {
        IamKind::User => "user",
        IamKind::Group => "group",
        IamKind::Role => "role",
        IamKind::Policy => "managed policy",
        IamKind::OidcProvider => "OpenID Connect provider",
        IamKind::Mfa => "MFA device",
    }
}

fn read<R: DirectoryRecord>(bytes: &[u8]) -> Result<R, Error> {
    R::read(bytes).map_err(unreadable)
}
