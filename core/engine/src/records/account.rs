//! Accounts and the secrets their principals prove themselves with.

use keystead_crypto::SecretBytes;
use keystead_model::{AccountId, Principal, Timestamp};

use super::{Reader, RecordError, Writer};

/// A tenant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AccountRecord {
    /// When it was made.
    pub created: Timestamp,
}

impl AccountRecord {
    const VERSION: u8 = 1;

    pub fn write(&self) -> Vec<u8> {
        Writer::new(Self::VERSION).u64(self.created.0).finish()
    }

    pub fn read(bytes: &[u8]) -> Result<Self, RecordError> {
        let mut reader = Reader::new(bytes, Self::VERSION)?;
        let created = Timestamp(reader.u64()?);
        reader.end()?;
        Ok(Self { created })
    }
}

/// An access key: whom it proves, and its secret.
pub struct AccessKeyRecord {
    /// Whom it proves.
    pub principal: Principal,
    /// The secret, as its holder has it: 40 characters.
    pub secret: SecretBytes,
    /// When it was made.
    pub created: Timestamp,
    /// Whether it is taken.
    pub active: bool,
}

impl AccessKeyRecord {
    const VERSION: u8 = 1;
    const ROOT: u8 = 1;
    const USER: u8 = 2;

    pub fn write(&self) -> Vec<u8> {
        let mut out = Writer::new(Self::VERSION);
        match &self.principal {
            Principal::User { account, name, id } => {
                out.u8(Self::USER).u64(account.number()).text(name).text(id);
            }
            other => {
                let account = other.account().expect("access keys belong to principals of an account");
                out.u8(Self::ROOT).u64(account.number());
            }
        }
        out.bytes(self.secret.expose()).u64(self.created.0).u8(u8::from(self.active)).finish()
    }

    pub fn read(bytes: &[u8]) -> Result<Self, RecordError> {
        let mut reader = Reader::new(bytes, Self::VERSION)?;
        let kind = reader.u8()?;
        let account =
            AccountId::from_number(reader.u64()?).ok_or(RecordError("an account is out of range"))?;
        let principal = match kind {
            Self::ROOT => Principal::Root { account },
            Self::USER => Principal::User { account, name: reader.text()?.into(), id: reader.text()?.into() },
            _ => return Err(RecordError("a principal is of an unknown kind")),
        };
        let secret = SecretBytes::copy_from(reader.bytes()?);
        let (created, active) = (Timestamp(reader.u64()?), reader.u8()? == 1);
        reader.end()?;
        Ok(Self { principal, secret, created, active })
    }
}
