//! When a key was last used, and how far the log has been looked at for that.

use keystead_model::{RequestId, Timestamp};

use super::{Reader, RecordError, Writer};
use crate::usage::{Use, tracked};

/// The last use of a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct UsageRecord(pub Use);

impl UsageRecord {
    const VERSION: u8 = 1;

    pub fn write(&self) -> Vec<u8> {
        let Use { action, at, request } = self.0;
        let mut out = Writer::new(Self::VERSION);
        out.text(action.as_str()).u64(at.0).fixed(&request.0);
        out.finish()
    }

    pub fn read(bytes: &[u8]) -> Result<Self, RecordError> {
        let mut reader = Reader::new(bytes, Self::VERSION)?;
        let action = tracked(reader.text()?).ok_or(RecordError("its operation is no use of a key"))?;
        let (at, request) = (Timestamp(reader.u64()?), RequestId(reader.fixed()?));
        reader.end()?;
        Ok(Self(Use { action, at, request }))
    }
}

/// How far the rows of uses are complete.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct UsagePosition {
    /// Since when uses have been kept track of.
    pub since: Timestamp,
    /// Uses recorded before this position of the log are in their rows.
    pub position: u64,
}

impl UsagePosition {
    const VERSION: u8 = 1;

    pub fn write(&self) -> Vec<u8> {
        let Self { since, position } = self;
        Writer::new(Self::VERSION).u64(since.0).u64(*position).finish()
    }

    pub fn read(bytes: &[u8]) -> Result<Self, RecordError> {
        let mut reader = Reader::new(bytes, Self::VERSION)?;
        let row = Self { since: Timestamp(reader.u64()?), position: reader.u64()? };
        reader.end()?;
        Ok(row)
    }
}

#[cfg(test)]
mod tests {
    use keystead_model::Action;

    use super::*;

    #[test]
    fn uses_read_back() {
        let last = Use { action: Action::Encrypt, at: Timestamp(7), request: RequestId([1; 16]) };
        let bytes = UsageRecord(last).write();
        assert_eq!(UsageRecord::read(&bytes), Ok(UsageRecord(last)));
        assert!(UsageRecord::read(&bytes[1..]).is_err());
        let other = UsageRecord(Use { action: Action::DescribeKey, ..last }).write();
        assert!(UsageRecord::read(&other).is_err(), "reading about a key is no use of it");
        let row = UsagePosition { since: Timestamp(5), position: 9 };
        assert_eq!(UsagePosition::read(&row.write()), Ok(row));
    }
}
