//! When an access key or a role was last used.

use keystead_model::{Location, Timestamp};

use super::{Reader, RecordError, Writer};

/// A last use.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LastUseRecord {
    /// When, to the minute or so.
    pub at: Timestamp,
    /// With which service, such as `kms`.
    pub service: Box<str>,
    /// In which location.
    pub location: Location,
}

impl LastUseRecord {
    const VERSION: u8 = 1;

    pub fn write(&self) -> Vec<u8> {
        let Self { at, service, location } = self;
        Writer::new(Self::VERSION).u64(at.0).text(service).text(location.as_str()).finish()
    }

    pub fn read(bytes: &[u8]) -> Result<Self, RecordError> {
        let mut reader = Reader::new(bytes, Self::VERSION)?;
        let (at, service) = (Timestamp(reader.u64()?), reader.text()?.into());
        let location = reader.text()?.parse().map_err(|_| RecordError("a location breaks a rule"))?;
        reader.end()?;
        Ok(Self { at, service, location })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_last_use_reads_back() {
        let location = "eu-central-1".parse().expect("a name");
        let last = LastUseRecord { at: Timestamp(7), service: "kms".into(), location };
        let bytes = last.write();
        assert_eq!(LastUseRecord::read(&bytes), Ok(last));
        assert!(LastUseRecord::read(&bytes[..bytes.len() - 1]).is_err());
    }
}
