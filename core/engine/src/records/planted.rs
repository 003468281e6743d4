//! What was planted in a server for development.

use super::{Reader, RecordError, Writer};

/// A key that was planted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PlantedRecord {
    /// SHA-256 of its description.
    pub digest: [u8; 32],
}

impl PlantedRecord {
    const VERSION: u8 = 1;

    pub fn write(&self) -> Vec<u8> {
        Writer::new(Self::VERSION).fixed(&self.digest).finish()
    }

    pub fn read(bytes: &[u8]) -> Result<Self, RecordError> {
        let mut reader = Reader::new(bytes, Self::VERSION)?;
        let digest = reader.fixed()?;
        reader.end()?;
        Ok(Self { digest })
    }
}
