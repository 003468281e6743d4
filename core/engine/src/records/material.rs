//! The bytes of one version of a key, wrapped by the key provider, in a row of their own: written once, never edited,
//! and erased with the version. The key's row only says that they are there.

use std::fmt;

use zeroize::Zeroizing;

use super::{Reader, RecordError};

/// Where the bytes of a version are.
#[derive(Clone, PartialEq, Eq)]
pub enum Wrapped {
    /// In the version's own row.
    Kept,
    /// Here: not written yet, or read from a key's row of before version 3.
    New(Zeroizing<Box<[u8]>>),
}

impl Wrapped {
    const VERSION: u8 = 1;

    /// The version's own row.
    pub fn write(bytes: &[u8]) -> Vec<u8> {
        // Of the right size from the start, so that nothing stays where a vector grew out of.
        let mut out = Vec::with_capacity(1 + bytes.len());
        out.push(Self::VERSION);
        out.extend_from_slice(bytes);
        out
    }

    /// The bytes in a version's own row.
    pub fn read(row: &[u8]) -> Result<&[u8], RecordError> {
        let mut reader = Reader::new(row, Self::VERSION)?;
        reader.rest()
    }
}

impl From<Box<[u8]>> for Wrapped {
    fn from(bytes: Box<[u8]>) -> Self {
        Self::New(bytes.into())
    }
}

impl fmt::Debug for Wrapped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Kept => "kept",
            Self::New(_) => "new",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_material_row_reads_back() {
        assert_eq!(Wrapped::read(&Wrapped::write(b"wrapped")), Ok(b"wrapped".as_slice()));
        assert!(Wrapped::read(b"").is_err());
        assert!(Wrapped::read(b"\x02wrapped").is_err());
        assert!(Wrapped::read(b"\x01").is_err(), "no provider wraps anything into nothing");
    }
}
