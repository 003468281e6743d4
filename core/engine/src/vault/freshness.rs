//! Which version of each row is the newest: what tells an old row, put back, from the row it replaced.
//!
//! A row's sealed value is bound to its id and version, so a value cannot be moved to another row or given another
//! version. What is left to whoever can write the file is to put back a whole old row, version and all, or to
//! bring back a deleted one. So every row that was ever replaced or deleted has its newest version kept here: in
//! 1,024 sealed chunks by the keyed hash of its id, whose own versions are kept in one sealed root row that every
//! commit writes. A row that is not listed must be at version 1. Making rows costs nothing; the table grows with
//! rows that change.

use std::collections::HashMap;

use crate::records::{Reader, RecordError, Writer};

/// Chunks the table is split into.
pub const CHUNKS: usize = 1024;

/// What the table says of a row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Newest {
    /// Never replaced or deleted: version 1, or not there.
    FirstIfAny,
    /// Not kept track of: whatever version is there.
    AnyIfAny,
    /// Replaced; this is the newest version.
    Live(u64),
    /// Deleted; this was the version of the deletion.
    Deleted(u64),
}

/// The sealed head of the table.
#[derive(Clone)]
pub struct Root {
    /// Number of commits; also the root row's own version.
    pub generation: u64,
    /// The last number given to an outbox row.
    pub outbox: u64,
    /// Every outbox row up to `outbox` that is not in the store any more is in the log before this position.
    pub log_position: u64,
    /// The version of each chunk; 0 for one never written.
    pub chunks: Box<[u64]>,
}

impl Root {
    const VERSION: u8 = 1;

    pub fn empty() -> Self {
        Self { generation: 0, outbox: 0, log_position: 0, chunks: vec![0; CHUNKS].into() }
    }

    pub fn write(&self) -> Vec<u8> {
        let mut out = Writer::new(Self::VERSION);
        out.u64(self.generation).u64(self.outbox).u64(self.log_position);
        for version in &self.chunks {
            out.u64(*version);
        }
        out.finish()
    }

    pub fn read(bytes: &[u8]) -> Result<Self, RecordError> {
        let mut reader = Reader::new(bytes, Self::VERSION)?;
        let (generation, outbox, log_position) = (reader.u64()?, reader.u64()?, reader.u64()?);
        let chunks = (0..CHUNKS).map(|_| reader.u64()).collect::<Result<_, _>>()?;
        reader.end()?;
        Ok(Self { generation, outbox, log_position, chunks })
    }
}

/// A row's place in the table: 16 bytes of a keyed hash of its id.
pub type Place = [u8; 16];

/// Which chunk a place is in.
pub fn chunk_of(place: &Place) -> usize {
    usize::from(u16::from_be_bytes([place[0], place[1]])) % CHUNKS
}

/// One chunk: newest versions by place, with the lowest bit set for deleted rows.
#[derive(Clone, Default)]
pub struct Chunk(HashMap<Place, u64>);

impl Chunk {
    const VERSION: u8 = 1;

    pub fn newest(&self, place: &Place) -> Newest {
        match self.0.get(place) {
            None => Newest::FirstIfAny,
            Some(entry) if entry & 1 == 1 => Newest::Deleted(entry >> 1),
            Some(entry) => Newest::Live(entry >> 1),
        }
    }

    pub fn set(&mut self, place: Place, newest: Newest) {
        match newest {
            Newest::FirstIfAny | Newest::AnyIfAny => drop(self.0.remove(&place)),
            Newest::Live(version) => drop(self.0.insert(place, version << 1)),
            Newest::Deleted(version) => drop(self.0.insert(place, version << 1 | 1)),
        }
    }

    pub fn write(&self) -> Vec<u8> {
        let mut out = Writer::new(Self::VERSION);
        out.u64(self.0.len() as u64);
        for (place, entry) in &self.0 {
            out.fixed(place).u64(*entry);
        }
        out.finish()
    }

    pub fn read(bytes: &[u8]) -> Result<Self, RecordError> {
        let mut reader = Reader::new(bytes, Self::VERSION)?;
        let count = reader.u64()?;
        let entries = (0..count).map(|_| Ok((reader.fixed()?, reader.u64()?))).collect::<Result<_, _>>()?;
        reader.end()?;
        Ok(Self(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_reads_back() {
        let mut root = Root::empty();
        root.generation = 7;
        root.chunks[3] = 9;
        let read = Root::read(&root.write()).expect("it reads");
        assert_eq!((read.generation, read.chunks[3], read.chunks[4]), (7, 9, 0));
        let mut chunk = Chunk::default();
        chunk.set([1; 16], Newest::Live(5));
        chunk.set([2; 16], Newest::Deleted(6));
        let read = Chunk::read(&chunk.write()).expect("it reads");
        assert_eq!(read.newest(&[1; 16]), Newest::Live(5));
        assert_eq!(read.newest(&[2; 16]), Newest::Deleted(6));
        assert_eq!(read.newest(&[3; 16]), Newest::FirstIfAny);
    }
}
