//! Second names of keys.

use keystead_model::{KeyId, Timestamp};

use super::{Reader, RecordError, Writer};

/// Where an alias points.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AliasRecord {
    /// The key, in the alias' own account and location.
    pub target: KeyId,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last pointed somewhere.
    pub updated: Timestamp,
}

impl AliasRecord {
    const VERSION: u8 = 1;

    pub fn write(&self) -> Vec<u8> {
        let mut out = Writer::new(Self::VERSION);
        out.u8(u8::from(self.target.is_multi_region())).fixed(self.target.bytes());
        out.u64(self.created.0).u64(self.updated.0).finish()
    }

    pub fn read(bytes: &[u8]) -> Result<Self, RecordError> {
        let mut reader = Reader::new(bytes, Self::VERSION)?;
        let multi_region = reader.u8()? == 1;
        let target = KeyId::from_parts(reader.fixed()?, multi_region);
        let (created, updated) = (Timestamp(reader.u64()?), Timestamp(reader.u64()?));
        reader.end()?;
        Ok(Self { target, created, updated })
    }
}
